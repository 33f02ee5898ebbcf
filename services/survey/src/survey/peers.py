"""What survey reads from other services: the published scheme, and of it only what it asks about.

A rule of the scheme that this service does not know (another rounding, another way to combine
waves) makes the document unusable: it is refused rather than misread.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from pydantic import Field

from chassis.elsewhere import Beside, CodesElsewhere, KnownCode
from chassis.peers import Peer, Read, View
from chassis.peers import PeerDown as PeerDown
from chassis.peers import PeerMissing as PeerMissing
from chassis.peers import PeerRefused as PeerRefused
from survey.rules.definition import (
    Abstain,
    BelowMinimum,
    Combine,
    EmptyGroup,
    Measure,
    Mode,
    Option,
    Question,
    RespondentGroup,
    Skip,
    SurveyDefinition,
)


class Rounding(View):
    """How every step is rounded."""

    places: int
    mode: Literal["half_up"]


class PlannedSkip(View):
    """A question is asked only where an earlier one was answered with one of these options."""

    question: str
    options: list[str]


class PlannedQuestion(View):
    """A question of a survey as the scheme plans it."""

    code: str
    name: str
    weight: Decimal
    options: dict[str, Decimal]
    option_names: dict[str, str]
    unscored: list[str]
    satisfied: list[str]
    asked_if: PlannedSkip | None
    screens: list[str]

    def question(self) -> Question:
        """Return what the rules need of it."""
        told = self.asked_if
        skip = None if told is None else Skip(told.question, tuple(told.options))
        options = _options(self.options, self.unscored, self.option_names)
        satisfied, screens = tuple(self.satisfied), tuple(self.screens)
        return Question(self.code, self.name, self.weight, options, satisfied, skip, screens)


def _options(
    scored: Mapping[str, Decimal], unscored: Iterable[str], names: Mapping[str, str]
) -> tuple[Option, ...]:
    scores: dict[str, Decimal | None] = {**scored, **dict.fromkeys(unscored)}
    return tuple(Option(code, names.get(code, code), score) for code, score in scores.items())


class PlannedSurvey(View):
    """A survey as the scheme plans it."""

    code: str
    name: str
    mode: Mode
    collector: str
    waves: int
    combine: Combine
    options: dict[str, Decimal]
    option_names: dict[str, str]
    unscored: list[str]
    min_valid: int | None
    groups: dict[str, Decimal]
    empty_group: EmptyGroup
    below_min: BelowMinimum
    questions: tuple[PlannedQuestion, ...] = ()
    satisfied: tuple[str, ...] = ()
    measure: Measure = "mean"
    wave_weights: tuple[Decimal, ...] = ()
    group_weights_by_category: dict[str, dict[str, Decimal]] = Field(default_factory=dict)
    attested_by: tuple[str, ...] = ()
    quorum: Decimal | None = None
    abstain: Abstain = "unscored"

    def definition(self, places: int, categories: Mapping[str, str]) -> SurveyDefinition:
        """Return what the rules need of it; `categories` are those of its units."""
        return SurveyDefinition(
            code=self.code,
            name=self.name,
            mode=self.mode,
            collector=self.collector,
            waves=self.waves,
            options=_options(self.options, self.unscored, self.option_names),
            groups=tuple(RespondentGroup(code, weight) for code, weight in self.groups.items()),
            min_valid=self.min_valid,
            places=places,
            below_min=self.below_min,
            questions=tuple(each.question() for each in self.questions),
            satisfied=self.satisfied,
            measure=self.measure,
            combine=self.combine,
            wave_weights=self.wave_weights,
            group_weights=self.group_weights_by_category,
            categories=categories,
            empty_group=self.empty_group,
            attested_by=self.attested_by,
            quorum=self.quorum,
            abstain=self.abstain,
        )


class Indicator(View):
    """An indicator of the tree, with those below it."""

    method: str
    params: dict[str, Any]
    children: list["Indicator"]

    def surveys(self) -> Iterator[str]:
        """Name the surveys that this indicator, or one below it, takes its score from."""
        if self.method == "survey_score":
            yield self.params["survey"]
        for child in self.children:
            yield from child.surveys()


class Block(View):
    """A block of a category."""

    indicators: list[Indicator]


class Category(View):
    """A category of units that are measured alike, led by the unit `organiser`."""

    code: str
    organiser: str
    units: list[str]
    blocks: list[Block]

    def rests_on(self, survey: str) -> bool:
        """Say whether an indicator of the category takes its score from the survey."""
        return any(
            survey in indicator.surveys() for block in self.blocks for indicator in block.indicators
        )


class Recusal(View):
    """A unit about which the performance office may not decide, and whose people decide instead."""

    unit: str
    body: str


class Scheme(View):
    """The scheme of a cycle; days are those of its `time_zone`."""

    time_zone: str
    rounding: Rounding
    recusals: list[Recusal]
    surveys: list[PlannedSurvey]
    categories: list[Category]

    def competing_with(self, units: Collection[str]) -> frozenset[str]:
        """Return these units, and all of the categories that any of them is assessed in."""
        categories = [one.units for one in self.categories if not set(units).isdisjoint(one.units)]
        return frozenset(units).union(*categories)

    def second_bodies(self, units: Collection[str]) -> frozenset[str]:
        """Return who takes the office's place about these units or their categories."""
        competing = self.competing_with(units)
        return frozenset(each.body for each in self.recusals if each.unit in competing)

    def acts_for(self, body: str | None, units: Collection[str]) -> bool:
        """Say whether people of a unit take the office's place about each of these units."""
        return bool(units) and all(body in self.second_bodies([unit]) for unit in units)

    def led_by(self, unit: str | None) -> frozenset[str]:
        """Return the units of the categories that a unit leads and is not assessed in itself."""
        led = (each.units for each in self.categories if each.organiser == unit)
        return frozenset[str]().union(*(units for units in led if unit not in units))

    def survey(self, code: str) -> SurveyDefinition | None:
        """Return what the scheme says of a survey, if it plans one of that code."""
        planned = next((survey for survey in self.surveys if survey.code == code), None)
        if planned is None:
            return None
        asked = [each for each in self.categories if each.rests_on(code)]
        categories = {unit: each.code for each in asked for unit in each.units}
        return planned.definition(self.rounding.places, categories)

    def surveyed_units(self, code: str) -> list[str]:
        """Return the units of all categories that rest on the survey, in order of their codes."""
        return sorted({u for c in self.categories if c.rests_on(code) for u in c.units})


class UnitCode(View):
    """The unit that a code means from a day until just before another; a null one is open."""

    code: str
    unit: str
    valid_from: date | None
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Say whether the code means the unit on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class IdSchemeCodes(View):
    """What codes of another system mean; where it has none of `units`, those go by ours."""

    as_of: date
    units: bool
    unit_codes: list[UnitCode]

    def meant(self, day: date) -> dict[str, str] | None:
        """Return the units by the codes that mean them on a day; None where the codes are ours."""
        if not self.units:
            return None
        return {each.code: each.unit for each in self.unit_codes if each.holds(day)}

    @cached_property
    def _elsewhere(self) -> CodesElsewhere:
        codes = self.unit_codes
        known = (KnownCode(e.code, e.unit, e.valid_from, e.valid_to) for e in codes)
        return CodesElsewhere(known if self.units else None)

    @property
    def beside(self) -> Beside:
        """What stands beside the units of a document, by the codes of the year's last day."""
        return Beside({"unit": ("unit_in_scheme", self._elsewhere)}, self.as_of)


class PublishedScheme(View):
    """The scheme in force, with its version and digest."""

    version: int
    digest: str
    scheme: Scheme


class Indicators(Peer):
    """The indicators service, as far as survey needs it."""

    published_scheme = Read(
        "/api/v1/cycles/{cycle_id}/scheme",
        PublishedScheme,
        ("The cycle has no published scheme.", "本评估年度尚未公布方案。"),
    )
    id_scheme = Read("/api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}", IdSchemeCodes)


async def _indicators(request: Request) -> Indicators:
    return Indicators(request.app.state.peer_connection)


AskIndicators = Annotated[Indicators, Depends(_indicators)]
"""The indicators service, asked with the caller's own token."""
