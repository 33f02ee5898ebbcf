"""What was found is put forward as fraud (弄虚作假); the unit is heard, the committee decides."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Text
from scoring.api.checks.keeping import PEERS, committed, hold_checks
from scoring.api.checks.replacing import Told, put_in_place, replaceable
from scoring.api.checks.told import MovedFinding, of_id, recorded
from scoring.api.evidence.named import EvidenceIds, require_readable
from scoring.api.ledger.entries import DocumentNo
from scoring.api.ledger.verification import draft_of
from scoring.peers import ALWAYS, AskPeers
from scoring.queries.check_findings import StoredFinding, findings_of, part_of
from scoring.queries.checks import held_checks
from scoring.queries.ledger import hold_entries, today
from scoring.rules.checks.draw import NoSuchCheck, NotCommitted
from scoring.rules.checks.findings import (
    FindingBarred,
    FindingMoved,
    FindingRefused,
    NoSuchFinding,
)
from scoring.rules.checks.fraud import (
    ALLEGED,
    FRAUD,
    HEARD,
    check_alleged,
    check_fraud_decision,
    check_statement,
    rule_of,
)
from scoring.rules.checks.teams import TEAM, may_name
from scoring.rules.duties.owed import years_of
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.states import OPEN, LedgerSealed, NotRestatable
from scoring.rules.scheme.document import Scheme
from scoring.tables.checks import CheckFindingEvidenceRow, CheckFraudStepRow

router = Router("/cycles/{cycle_id}/checks/{check}/findings/{finding_id}/fraud", tags=["checks"])


class NewFraud(Incoming):
    """Why what was found is put forward as fraud, and the files that support it."""

    text: Text
    evidence_ids: EvidenceIds = Field(default_factory=list)


class NewFraudStatement(Incoming):
    """What the unit says to it."""

    text: Text


class NewFraudDecision(Incoming):
    """Whether it is fraud, by which document, and why."""

    decision: Literal["fraud", "not_fraud"]
    document_no: DocumentNo
    text: Text


_REFUSALS = (NoSuchFinding, FindingMoved, LedgerSealed, *PEERS)


@router.post(
    "",
    status_code=201,
    responses=documents(
        *(NoSuchCheck, NotCommitted, FindingRefused, FindingBarred, NotRestatable),
        *(EvidenceNotNamed, *_REFUSALS),
    ),
)
async def put_forward_as_fraud(
    cycle_id: UUID,
    check: Code,
    finding_id: UUID,
    new: NewFraud,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Put an upheld finding that differs forward as fraud, as one of the team or of the office.

    The unit is heard for as many working days as the scheme says; then the committee decides. Until
    then, and once fraud is found, nobody changes the entry that took the place of what was wrong.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    seen = (await held_checks(db, cycle_id)).get(check)
    teams = seen.teams() if seen else {}
    checked = {unit for unit, team in teams.items() if team.has(permit.caller)}
    committed(await hold_checks(db, cycle_id, permit, {TEAM} if checked else ()), check, scheme)
    await hold_entries(db, cycle_id)
    units = None if permit.allows((), OPEN) else checked
    found = of_id(await findings_of(db, cycle_id, check, units), finding_id)
    row = found.row
    if row.unit not in checked:
        _require_office(row.unit, scheme, permit)
    policy, before = rule_of(scheme, check), bool(found.frauds)
    rule = check_alleged(policy, row.verdict, found.state, before=before)
    await replaceable(db, cycle_id, _standing_entry(found))
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    day = calendar.after(await today(db, scheme.time_zone), rule.hearing_days)
    files = [each for each in dict.fromkeys(new.evidence_ids) if each not in found.evidence]
    db.add_all(
        CheckFindingEvidenceRow(cycle_id=cycle_id, finding_id=finding_id, evidence_id=each)
        for each in files
    )
    found = found._replace(evidence=[*found.evidence, *files])
    step = CheckFraudStepRow(state=ALLEGED, text=new.text, heard_by=day)
    return await _step(db, permit, found, step)


@router.post("/statement", status_code=201, responses=documents(*_REFUSALS))
async def state_on_fraud(
    cycle_id: UUID,
    check: Code,
    finding_id: UUID,
    new: NewFraudStatement,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Say what the own unit has to say to what is put forward as fraud: once, within its days."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_checks(db, cycle_id, permit, {"own_unit"})
    own = await findings_of(db, cycle_id, check, [permit.caller.organisation or ""])
    found = of_id([each for each in own if each.frauds], finding_id)
    check_statement(found.fraud_standing(), await today(db, scheme.time_zone))
    return await _step(db, permit, found, CheckFraudStepRow(state=HEARD, text=new.text))


@router.post(
    "/decision",
    status_code=201,
    responses=documents(FindingRefused, FindingBarred, NotRestatable, *_REFUSALS),
)
async def decide_on_fraud(
    cycle_id: UUID,
    check: Code,
    finding_id: UUID,
    new: NewFraudDecision,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Decide as one of the committee whether what was found is fraud, once the unit was heard.

    Nobody decides who had a part in the entry, in the finding or in what was put forward, nor whose
    unit competes there. Fraud is marked at once by an entry that takes the place of the one that
    was found: with it the unit scores nothing for the indicator and its grade is capped, as the
    scheme says.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_checks(db, cycle_id, permit)
    await hold_entries(db, cycle_id)
    known = await findings_of(db, cycle_id, check, None)
    found = of_id(before_committee(known, scheme, permit.caller), finding_id)
    hands = await _hands(db, found)
    day = await today(db, scheme.time_zone)
    check_fraud_decision(found.fraud_standing(hands), permit.caller.person, day)
    step = CheckFraudStepRow(state=new.decision, text=new.text, document_no=new.document_no)
    if new.decision == FRAUD:
        policy, row = rule_of(scheme, check), found.row
        rule = check_alleged(policy, row.verdict, found.state, before=False)
        step.voids, step.grade_cap = rule.indicator == "void", rule.grade_cap
        step.marked_as = await _mark(db, found, permit.caller)
    return await _step(db, permit, found, step)


def before_committee(
    found: Iterable[StoredFinding], scheme: Scheme, caller: Caller
) -> list[StoredFinding]:
    """Return what is put forward as fraud and a member of the committee may know of: nothing about
    units with which the own one competes."""
    own = caller.organisation
    return [each for each in found if each.frauds and may_name([each.row.unit], scheme, own)]


def _require_office(unit: str, scheme: Scheme, permit: Permission) -> None:
    own, body = permit.caller.organisation, scheme.second_body_of(unit)
    if not may_name([unit], scheme, own):
        raise FindingBarred(f"{own} is assessed there.", f"{own} 参评该类别。", cause="competes")
    if body is not None:
        en, zh = f"{body} decides about {unit}.", f"{unit} 的事项由{body}办理。"
        raise FindingBarred(en, zh, cause="recused")


def _standing_entry(found: StoredFinding) -> UUID:
    entry_id = found.steps[-1].restated_by
    if entry_id is None:  # a restatement that had been handed in before took it out
        raise NotRestatable("It was taken out meanwhile.", "该记录其间已被取代。")
    return entry_id


async def _hands(db: AsyncSession, found: StoredFinding) -> set[str]:
    """Return who wrote, checked, signed off or verified what was found wrong."""
    return {*await part_of(db, found.row.cycle_id, found.row.entry_id)}


async def _mark(db: AsyncSession, found: StoredFinding, caller: Caller) -> UUID:
    """Put an entry that says the same in the place of what was found: written by who put it
    forward, verified by who decides. By it the fraud counts."""
    row = await replaceable(db, found.row.cycle_id, _standing_entry(found))
    first = found.frauds[0]
    draft = replace(draft_of(row), source_ref=None)
    told = Told(draft, first.actor, first.person, first.text)
    return await put_in_place(db, row, told, caller, found.evidence)


async def _step(
    db: AsyncSession, permit: Permission, found: StoredFinding, row: CheckFraudStepRow
) -> MovedFinding:
    row.cycle_id, row.finding_id = found.row.cycle_id, found.row.finding_id
    row.step = len(found.frauds) + 1
    row.heard_by = found.frauds[0].heard_by if found.frauds else row.heard_by
    row.actor, row.person = permit.caller.subject, permit.caller.person
    db.add(row)
    moved = found._replace(frauds=[*found.frauds, row])
    return await recorded(db, permit, moved, "scoring.check-finding-moved")
