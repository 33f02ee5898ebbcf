"""What the scheme fixes about a survey before the first question is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

Mode = Literal[
    "phone_survey",
    "questionnaire",
    "online_form",
    "meeting_count",
    "leader_evaluation",
    "peer_review",
]

Measure = Literal["mean", "satisfaction_rate"]

Combine = Literal["mean", "weighted", "pooled"]

EmptyGroup = Literal["rescale", "zero", "void"]

BelowMinimum = Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]

Abstain = Literal["unscored", "void"]

DECISION: Final = "decision"
"""Nothing counts in place of a wave in which too few answered before it has been decided on."""

ANSWER: Final = "answer"
"""The code of the one question of a survey that names none."""

BETWEEN_ANSWERS: Final = ","
"""What parts the answers of one respondent where they are stored; no code has it."""

_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Option:
    """A word that may answer a question, worth `score` of 100.

    A score of None marks a valid word without one (不了解): it is counted, and leaves the
    denominator. A refusal is no option; it is an outcome of the call.
    """

    code: str
    name: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Skip:
    """A question is asked only where an earlier one was answered with one of these options."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and its share of the score of a respondent group; with 0 it is only reported.

    `satisfied` are the options that the satisfaction rate counts. Who answers a screening question
    with one of `screens` is not to be asked the rest.
    """

    code: str
    name: str
    weight: Decimal
    options: tuple[Option, ...]
    satisfied: tuple[str, ...] = ()
    asked_if: Skip | None = None
    screens: tuple[str, ...] = ()

    def values(self, measure: Measure) -> Mapping[str, Decimal]:
        """Return what each scored option counts for, of 100: its score, or whether it is one of
        the satisfied ones."""
        scored = {each.code: each.score for each in self.options if each.score is not None}
        if measure == "mean":
            return scored
        return {code: _FULL if code in self.satisfied else Decimal(0) for code in scored}


@dataclass(frozen=True, slots=True)
class RespondentGroup:
    """A group of respondents (评议主体) and its share of the wave score; the shares sum to 1."""

    code: str
    weight: Decimal


@dataclass(frozen=True)
class SurveyDefinition:
    """A survey as the published scheme defines it; a copy that later versions do not touch.

    `options` answer the one question of a survey without `questions`. `below_min` says what counts
    where a wave has fewer than `min_valid` answers: what is decided about it, or one of the
    treatments of `rules.minimum`. `categories` are those of the units, of which some have
    `group_weights` of their own.
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
    questions: tuple[Question, ...] = ()
    satisfied: tuple[str, ...] = ()
    measure: Measure = "mean"
    combine: Combine = "mean"
    wave_weights: tuple[Decimal, ...] = ()
    group_weights: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    empty_group: EmptyGroup = "rescale"
    attested_by: tuple[str, ...] = ()
    quorum: Decimal | None = None
    abstain: Abstain = "unscored"

    @property
    def required(self) -> int:
        """The smallest valid sample of a unit in a wave; one where the scheme sets none."""
        return self.min_valid or 1

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions in their order, one at least."""
        one = Question(ANSWER, self.name, Decimal(1), self.options, self.satisfied)
        return self.questions or (one,)

    @cached_property
    def scored(self) -> tuple[Question, ...]:
        """The questions that have a share of the score."""
        return tuple(each for each in self.asked if each.weight)

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, Decimal]]:
        """What each scored option counts for, of 100, by question."""
        return {each.code: each.values(self.measure) for each in self.asked}

    def takes_group(self, code: str | None) -> bool:
        """Say whether a respondent may be of this group: one of the survey's, or none where it has
        none."""
        groups = {each.code for each in self.groups}
        return code in groups if groups else code is None

    def shares_of(self, unit: str) -> Mapping[str | None, Decimal]:
        """Return the share of each respondent group in what counts for a unit, by its category;
        all of it to None where there are no groups."""
        own = self.group_weights.get(self.categories.get(unit, ""), {})
        shares = dict[str | None, Decimal]()
        for group in self.groups:
            shares[group.code] = own.get(group.code, group.weight)
        return shares or {None: Decimal(1)}

    def weight_of(self, wave: int) -> Decimal:
        """Return how much a wave, by its number in the scheme, weighs beside the others."""
        return self.wave_weights[wave - 1] if self.combine == "weighted" else Decimal(1)

    def relations_of(self, unit: str | None) -> frozenset[str]:
        """Return the relations, in the words of the authorisation matrix, of a caller's unit."""
        collects = {"collector"} if unit == self.collector else set[str]()
        attests = {"attesting_body"} if unit in self.attested_by else set[str]()
        return frozenset(collects | attests)
