"""What an overstatement costs (虚报): the event that it becomes of the indicator that the scheme
names, once for each finding that was upheld."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from scoring.rules.duties.card_events import CardEvent, by_the_scheme
from scoring.rules.ledger.entries import EVENT, MEASURED_VALUE
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.document import Overstatement, Scheme


@dataclass(frozen=True, slots=True)
class Overstated:
    """A value that the record said and what was found instead, by the finding about it."""

    finding_id: UUID
    check: str
    unit: str
    indicator: str
    recorded: Decimal
    found: Decimal

    @property
    def key(self) -> str:
        """What stands for it as the source of its event."""
        return f"check/{self.check}/{self.finding_id}/overstated"


def is_overstated(recorded: Decimal, found: Decimal, tolerance: Decimal, *, lower: bool) -> bool:
    """Say whether what was recorded is better for the unit than what was found, by more than the
    tolerance, a share of that; where that is zero, by anything."""
    better = found - recorded if lower else recorded - found
    return better > tolerance * abs(found)


def overstated(
    finding_id: UUID, check: str, recorded: Draft, found: Draft, scheme: Scheme
) -> Overstated | None:
    """Return what a finding tells as overstated by the scheme of its check: a measured value alone
    is, since of events and words nobody says by how much."""
    policy = policy_of(scheme, check)
    if policy is None or recorded.kind != MEASURED_VALUE:
        return None
    if recorded.value is None or found.value is None:
        return None
    unit, code = recorded.unit, recorded.indicator
    indicator = scheme.category_of()[unit].indicators()[code]
    direction = indicator.parameters_of(unit).word("direction", "higher")
    lower = direction == "lower" or code in policy.lower_is_better
    if not is_overstated(recorded.value, found.value, policy.tolerance, lower=lower):
        return None
    return Overstated(finding_id, check, unit, code, recorded.value, found.value)


def cost(each: Overstated, scheme: Scheme, today: dt.date) -> list[CardEvent[Overstated]]:
    """Return the event that an overstatement becomes, or why none; it belongs to the month of the
    day on which it is decided, or to the year's last."""
    policy = policy_of(scheme, each.check)
    if policy is None:
        return []
    year, forms = scheme.assessment_year, EntryForms(scheme, today)
    within = today.year == year
    draft = Draft(
        each.unit,
        policy.indicator,
        EVENT,
        policy.event,
        None,
        f"{year}-{today.month if within else 12:02}",
        Decimal(1),
        None,
        _note(each),
        today if within else None,
        source_ref=each.key,
    )
    return [by_the_scheme(each, draft, forms)]


def policy_of(scheme: Scheme, check: str) -> Overstatement | None:
    """Return what an overstatement costs by the scheme, if that check has it cost anything."""
    return next((each.overstatement for each in scheme.checks if each.code == check), None)


def _note(each: Overstated) -> str:
    said = f"指标 {each.indicator} 记录为 {each.recorded:f}，核查为 {each.found:f}"
    return f"检查 {each.check} 认定虚报：{said}，超过容许偏差"
