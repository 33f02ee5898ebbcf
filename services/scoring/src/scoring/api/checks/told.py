"""How a finding of a check is told: what was found, what the unit said, and what was decided."""

import datetime as dt
from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.journal import Receipt
from chassis.wire import Exact, OneOf, Outgoing
from scoring.api.checks.keeping import record_check
from scoring.queries.check_findings import StoredFinding
from scoring.rules.checks.findings import FINDING_STATES, REPORTED, VERDICTS, NoSuchFinding
from scoring.rules.checks.fraud import FRAUD_STATES
from scoring.rules.duties.card_events import KEPT_ALONE

FindingState = Annotated[str, OneOf(*FINDING_STATES)]
Verdict = Annotated[str, OneOf(*VERDICTS)]
KeptAlone = Annotated[str, OneOf(*KEPT_ALONE)]


FraudState = Annotated[str, OneOf(*FRAUD_STATES)]


class FindingStep(Outgoing):
    """What became of a finding, when, by whom, and with which words."""

    step: int
    state: FindingState
    text: str | None
    actor: str
    entered_at: dt.datetime


class FraudStep(Outgoing):
    """What became of what was put forward as fraud, when, by whom, and with which words."""

    step: int
    state: FraudState
    text: str
    actor: str
    entered_at: dt.datetime


class Fraud(Outgoing):
    """That a finding was put forward as fraud, and what became of it; the unit makes its statement
    until `heard_by`.

    Where the committee found fraud, `marked_as` is the entry by which it counts, `voids` says
    whether the unit scores nothing for the indicator, and `grade_cap` is the best grade that it may
    have.
    """

    state: FraudState
    heard_by: dt.date
    document_no: str | None
    marked_as: UUID | None
    voids: bool | None
    grade_cap: str | None
    steps: list[FraudStep]


class SecondMark(Outgoing):
    """What another of the team found without knowing the first mark: how far both are apart, a
    share of the greater of both values, and whether that is tolerated."""

    verdict: Verdict
    value: Exact | None
    word: str | None
    text: str
    gap: Exact
    within: bool
    marked_by: str
    marked_at: dt.datetime


class CheckFinding(Outgoing):
    """What was found about an entry, and what became of it; `restated_by` is the entry that took
    its place. The unit answers until `answer_by`.

    Where the entry overstated and the scheme has that cost points, `overstated_as` is the event
    that it was entered as, or `kept_alone` says why it is none. `fraud` is null where nobody put it
    forward as such, `second` where nobody marked it a second time.
    """

    finding_id: UUID
    check: str
    unit: str
    entry_id: UUID
    verdict: Verdict
    value: Exact | None
    word: str | None
    text: str
    evidence_ids: list[UUID]
    found_by: str
    found_at: dt.datetime
    answer_by: dt.date
    state: FindingState
    restated_by: UUID | None
    overstated_as: UUID | None
    kept_alone: KeptAlone | None
    steps: list[FindingStep]
    fraud: Fraud | None
    second: SecondMark | None


class MovedFinding(Outgoing):
    """The finding as it stands now, and the receipt of the journal."""

    finding: CheckFinding
    receipt: Receipt | None


def of_id(found: Collection[StoredFinding], finding_id: UUID) -> StoredFinding:
    """Return the finding of that id among some; refuse one that is not among them."""
    for each in found:
        if each.row.finding_id == finding_id:
            return each
    raise NoSuchFinding(f"There is no finding {finding_id}.", f"没有结论 {finding_id}。")


async def recorded(
    db: AsyncSession, permit: Permission, found: StoredFinding, event: str
) -> MovedFinding:
    """Write down in the journal what became of a finding, and return it."""
    row = found.row
    told: dict[str, object] = {"check": row.check_code, "finding_id": str(row.finding_id)}
    state = found.frauds[-1].state if found.frauds else found.state
    body = told | {"state": state, "units": {row.unit: 1}}
    receipt = await record_check(db, permit, row.cycle_id, event, body)
    return MovedFinding(finding=told_of(found), receipt=receipt)


def told_of(found: StoredFinding) -> CheckFinding:
    """Return a finding as it is told."""
    row, last = found.row, found.steps[-1] if found.steps else None
    names = ("finding_id", "unit", "entry_id", "verdict", "value", "word", "text", "answer_by")
    alike = {name: getattr(row, name) for name in (*names, "found_at")}
    return CheckFinding(
        **alike,
        check=row.check_code,
        evidence_ids=[*found.evidence],
        found_by=row.actor,
        state=found.state if last else REPORTED,
        restated_by=last and last.restated_by,
        overstated_as=last and last.overstated_as,
        kept_alone=last and last.kept_alone,
        steps=[FindingStep.model_validate(each) for each in found.steps],
        fraud=_fraud_of(found),
        second=_second_of(found),
    )


def _fraud_of(found: StoredFinding) -> Fraud | None:
    if not found.frauds:
        return None
    last = found.frauds[-1]
    names = ("state", "heard_by", "document_no", "marked_as", "voids", "grade_cap")
    steps = [FraudStep.model_validate(each) for each in found.frauds]
    return Fraud(**{name: getattr(last, name) for name in names}, steps=steps)


def _second_of(found: StoredFinding) -> SecondMark | None:
    if (row := found.second) is None:
        return None
    names = ("verdict", "value", "word", "text", "gap", "within", "marked_at")
    return SecondMark(**{name: getattr(row, name) for name in names}, marked_by=row.actor)
