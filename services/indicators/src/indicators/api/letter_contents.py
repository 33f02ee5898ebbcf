"""What responsibility letters say: the targets in force, as they would be drawn up now."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pydantic import MISSING
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.wire import Exact, Outgoing
from indicators.api.work_plans import PlannedMeasure, PlannedShare, key_of, read
from indicators.queries import (
    SchemeInForce,
    latest_letters,
    letter_signatures,
    scheme_in_force,
    settled_targets,
    target_of,
    work_plans,
)
from indicators.rules.letters import Difference, Letter, Side, agreed_indicators, differences
from indicators.rules.scheme import Indicator, Scheme
from indicators.rules.target_deadline import deadline_of
from indicators.rules.target_moves import IN_FORCE
from indicators.rules.targets import Counting, Key, Target
from indicators.rules.work_plans import Combine, agrees
from indicators.tables import (
    LetterSignatureRow,
    ResponsibilityLetterRow,
    WorkPlanRow,
)


class AgreedTarget(Outgoing):
    """A target as a letter has it, with the name, the points and the measure of its indicator."""

    indicator: str
    name: str
    points: Exact
    measure: str | None
    item: str | None
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int


class AgreedPlan(Outgoing):
    """How a target is divided by the plan that stood when the letter was drawn up, and which
    version of it that was."""

    indicator: str
    item: str | None
    version: int
    combine: Combine
    months: list[PlannedShare]
    persons: list[PlannedShare]
    measures: list[PlannedMeasure]


if TYPE_CHECKING:
    AgreedPlans = list[AgreedPlan]
else:
    AgreedPlans = list[AgreedPlan] | MISSING
"""The plans of a letter; letters from before they were a part of it have none."""

_FROM_BEFORE: Any = MISSING


class LetterContent(Outgoing):
    """What a letter says, which its digest is of: whose targets of which year, by which scheme,
    until when they may be revised, and how they are divided by the `plans` that came to them.

    Letters that were drawn up before plans were a part of them have no `plans`.
    """

    cycle_id: UUID
    unit: str
    name: str
    version: int
    assessment_year: int
    scheme_version: int
    scheme_digest: str
    deadline: dt.date
    targets: list[AgreedTarget]
    plans: AgreedPlans = _FROM_BEFORE


class Agreed(NamedTuple):
    """What letters are drawn up from: the scheme in force, its leaf indicators by unit, and by unit
    the targets in force that count, by the number of their version, with the latest plans."""

    version: SchemeInForce
    indicators: Mapping[str, Mapping[str, Indicator]]
    targets: Mapping[str, Sequence[tuple[int, Target]]]
    plans: Mapping[Key, WorkPlanRow]

    @property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return self.version.scheme

    def content(self, unit: str, name: str, version: int) -> LetterContent:
        """Return what the letter of a unit says now."""
        indicators = self.indicators.get(unit, {})
        order = {code: n for n, code in enumerate(indicators)}
        found = sorted(
            self.targets.get(unit, ()), key=lambda one: (order[one[1].indicator], one[1].item or "")
        )
        return LetterContent(
            cycle_id=self.version.cycle_id,
            unit=unit,
            name=name,
            version=version,
            assessment_year=self.scheme.assessment_year,
            scheme_version=self.version.version,
            scheme_digest=self.version.digest,
            deadline=deadline_of(self.scheme),
            targets=[
                AgreedTarget(
                    indicator=each.indicator,
                    name=indicators[each.indicator].name,
                    points=indicators[each.indicator].points,
                    measure=indicators[each.indicator].measure,
                    item=each.item,
                    target=each.target,
                    baseline=each.baseline,
                    pledge=each.pledge,
                    version=number,
                )
                for number, each in found
            ],
            plans=[*self._plans(each for _, each in found)],
        )

    def _plans(self, targets: Iterable[Target]) -> Iterator[AgreedPlan]:
        """Yield the plans that come to their targets."""
        for target in targets:
            row = self.plans.get(target.key)
            plan = read(row) if row else None
            if row is None or plan is None or not agrees(plan, target):
                continue
            yield AgreedPlan(
                indicator=target.indicator,
                item=target.item,
                version=row.version,
                combine=plan.combine,
                months=[PlannedShare.model_validate(asdict(each)) for each in plan.months],
                persons=[PlannedShare.model_validate(asdict(each)) for each in plan.persons],
                measures=[PlannedMeasure.model_validate(asdict(each)) for each in plan.measures],
            )

    def having(self) -> dict[str, None]:
        """Return the units that have targets in force that count, in the order of the scheme."""
        return {unit: None for unit in self.indicators if self.targets.get(unit)}

    def outdated_by(
        self, letter: ResponsibilityLetterRow, signatures: Collection[LetterSignatureRow]
    ) -> list[Difference]:
        """Return in what a letter, with its signatures, differs from what it would say now."""
        now = self.content(letter.unit, "", 0).model_dump(mode="json")
        return [*differences(letter.content, now, is_signed=bool(signatures))]


async def agreed(db: AsyncSession, cycle_id: UUID, units: Collection[str] | None = None) -> Agreed:
    """Read what letters are drawn up from, of some units or of all."""
    version = await scheme_in_force(db, cycle_id)
    counting = Counting(version.scheme)
    targets: dict[str, list[tuple[int, Target]]] = {}
    for row in await settled_targets(db, cycle_id, units=units):
        target = counting.of(target_of(row)) if row.state in IN_FORCE else None
        if target is not None:
            targets.setdefault(row.unit, []).append((row.version, target))
    plans = {key_of(row): row for row in await work_plans(db, cycle_id, units)}
    return Agreed(version, agreed_indicators(version.scheme), targets, plans)


def letter_of(
    row: ResponsibilityLetterRow, found: Agreed, signatures: Collection[LetterSignatureRow]
) -> Letter:
    """Return the latest version of a letter as the rules know it."""
    signed: dict[Side, str] = {
        "office" if each.side == "office" else "unit": each.signed_person for each in signatures
    }
    is_outdated = bool(found.outdated_by(row, signatures))
    return Letter(row.version, row.digest, is_outdated, row.drawn_person, signed)


async def standing_letters(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, Letter]:
    """Return the latest letters of some units as the rules know them, by unit."""
    latest = await latest_letters(db, cycle_id, units)
    if not latest:
        return {}
    found = await agreed(db, cycle_id, latest)
    signed = by_version(await letter_signatures(db, cycle_id, latest))
    return {
        unit: letter_of(row, found, signed.get((unit, row.version), ()))
        for unit, row in latest.items()
    }


def by_version(
    rows: Iterable[LetterSignatureRow],
) -> Mapping[tuple[str, int], Sequence[LetterSignatureRow]]:
    """Return signatures by the unit and the version that they are under."""
    found: dict[tuple[str, int], list[LetterSignatureRow]] = {}
    for row in rows:
        found.setdefault((row.unit, row.version), []).append(row)
    return found
