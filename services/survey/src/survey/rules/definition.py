"""What the scheme fixes about a survey before the first question is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Mode = Literal["phone_survey", "questionnaire"]

BelowMinimum = Literal["decision", "other_waves", "pooled", "not_rated"]

DECISION: Final = "decision"
"""Nothing counts in place of a wave in which too few answered before it has been decided on."""


@dataclass(frozen=True, slots=True)
class Option:
    """A word that may answer the question, worth `score` of 100.

    A score of None marks a valid word without one (不了解): it is counted, and leaves the
    denominator. A refusal is no option; it is an outcome of the call.
    """

    code: str
    name: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class RespondentGroup:
    """A group of respondents (评议主体) and its share of the wave score; the shares sum to 1."""

    code: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class SurveyDefinition:
    """A survey as the published scheme defines it; a copy that later versions do not touch.

    `below_min` says what counts where a wave has fewer than `min_valid` answers: what is decided
    about it, or one of the treatments of `rules.minimum`.
    """

    code: str
    name: str
    mode: Mode
    collector: str
    waves: int
    options: tuple[Option, ...]
    groups: tuple[RespondentGroup, ...]
    min_valid: int | None
    places: int
    below_min: BelowMinimum = DECISION

    @property
    def required(self) -> int:
        """The smallest valid sample of a unit in a wave; one where the scheme sets none."""
        return self.min_valid or 1

    @property
    def scores(self) -> Mapping[str, Decimal]:
        """The score of each option that has one, in points of 100."""
        return {option.code: option.score for option in self.options if option.score is not None}

    @property
    def shares(self) -> Mapping[str | None, Decimal]:
        """The share of each respondent group; all of it to None where there are no groups."""
        return {group.code: group.weight for group in self.groups} or {None: Decimal(1)}

    def relations_of(self, unit: str | None) -> frozenset[str]:
        """Return the relations, in the words of the authorisation matrix, of a caller's unit."""
        return frozenset({"collector"} if unit == self.collector else ())
