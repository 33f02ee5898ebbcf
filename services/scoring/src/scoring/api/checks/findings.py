"""What a team finds about what it checks (检查结论), the unit's word, and the decision."""

from collections.abc import Collection, Sequence
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Text
from scoring.api.checks.blind import markers_before, told_to_team, waits
from scoring.api.checks.frauds import before_committee
from scoring.api.checks.keeping import (
    PEERS,
    committed,
    hold_checks,
    require_drawn,
    scorers_of,
)
from scoring.api.checks.overstatements import NO_COST, Cost, enter_cost, hold_for_cost
from scoring.api.checks.replacing import (
    Told,
    as_found,
    put_in_place,
    refused,
    replaceable,
    require_no_fraud,
)
from scoring.api.checks.sheets import entries_checked
from scoring.api.checks.told import (
    CheckFinding,
    FindingState,
    MovedFinding,
    of_id,
    recorded,
    told_of,
)
from scoring.api.evidence.named import EvidenceIds, require_readable
from scoring.api.explanation.readers import UNINVOLVED
from scoring.api.ledger.entries import Word
from scoring.api.ledger.stand_ins import may_know_of, require_office_of
from scoring.api.ledger.verification import draft_of
from scoring.peers import ALWAYS, AskPeers, Peers
from scoring.queries.check_findings import StoredFinding, findings_of, part_of
from scoring.queries.checks import HeldCheck, held_checks
from scoring.queries.ledger import (
    entry_rows,
    hold_entries,
    require_true_entries,
    standing_of,
    today,
)
from scoring.rules.checks.draw import NoSuchCheck, NotCommitted
from scoring.rules.checks.findings import (
    ANSWER_WITHIN,
    DIFFERS,
    DISMISSED,
    FINDING_STATES,
    UPHELD,
    FindingBarred,
    FindingMoved,
    FindingRefused,
    NoSuchFinding,
    check_answer,
    check_decision,
    entry_faults,
)
from scoring.rules.checks.fraud import PartOfFraud
from scoring.rules.checks.second import MarksDiffer, NotYetMarkedTwice
from scoring.rules.checks.teams import TEAM, NotDrawn, may_name
from scoring.rules.columns.exact import show
from scoring.rules.duties.owed import years_of
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.states import (
    COUNTED,
    OPEN,
    SECOND_BODY,
    LedgerSealed,
    NotRestatable,
)
from scoring.rules.scheme.document import Scheme
from scoring.tables.checks import (
    CheckFindingEvidenceRow,
    CheckFindingRow,
    CheckFindingStepRow,
)
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/checks/{check}/findings", tags=["checks"])


class NewFinding(Incoming):
    """What a member of the team found about an entry of the sheet: that it is `right`, or `differs`
    from the value or word that was found."""

    unit: Code
    entry_id: UUID
    verdict: Literal["right", "differs"]
    value: Exact | None = None
    word: Word | None = None
    text: Text
    evidence_ids: EvidenceIds = Field(default_factory=list)


class NewFindingAnswer(Incoming):
    """That the unit signs what was found about it, or objects, and then why."""

    answer: Literal["signed", "objected"]
    text: Text | None = None


class NewFindingDecision(Incoming):
    """That a finding is upheld, or dismissed, and then why."""

    decision: Literal["upheld", "dismissed"]
    text: Text | None = None


_REFUSALS = (NoSuchCheck, NotCommitted, FindingRefused, LedgerSealed, *PEERS)


@router.post(
    "",
    status_code=201,
    responses=documents(NotDrawn, NotRestatable, PartOfFraud, EvidenceNotNamed, *_REFUSALS),
)
async def record_check_finding(
    cycle_id: UUID, check: Code, new: NewFinding, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedFinding:
    """Record, as one of its team, what was found about an entry of a drawn unit.

    Nobody records anything about an entry that he wrote, reviewed, signed off or verified. The unit
    may answer within five working days; then another person decides.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    seen = (await held_checks(db, cycle_id)).get(check)
    team = seen.teams().get(new.unit) if seen else None
    relations = {TEAM} if team and team.has(permit.caller) else ()
    held = committed(await hold_checks(db, cycle_id, permit, relations), check, scheme)
    require_drawn(held, new.unit)
    if not held.teams()[new.unit].has(permit.caller):  # another team was named meanwhile
        permit.require((), OPEN)
    row = await _checked(db, cycle_id, new, permit, await entries_checked(db, held, new.unit))
    if new.verdict == DIFFERS:
        as_found(row, new.value, new.word, scheme)
    elif (new.value, new.word) != (None, None):
        raise refused(Fault("/value", "nothing-differs", "It is right.", "结论为无误。"))
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    day = await today(db, scheme.time_zone)
    finding = CheckFindingRow(
        **new.model_dump(exclude={"evidence_ids"}),
        cycle_id=cycle_id,
        finding_id=uuid4(),
        check_code=check,
        answer_by=calendar.after(day, ANSWER_WITHIN),
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(finding)
    await db.flush()
    files = [*dict.fromkeys(new.evidence_ids)]
    db.add_all(
        CheckFindingEvidenceRow(cycle_id=cycle_id, finding_id=finding.finding_id, evidence_id=each)
        for each in files
    )
    stored = StoredFinding(finding, [], files)
    return await recorded(db, permit, stored, "scoring.check-finding-recorded")


@router.get("", responses=documents(NoSuchCheck, *PEERS))
async def list_check_findings(
    cycle_id: UUID,
    check: Code,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    state: Annotated[
        list[FindingState] | None,
        Query(max_length=len(FINDING_STATES), description="In one of these states."),
    ] = None,
) -> Page[CheckFinding]:
    """List what a check found, in the order of ids: the office and the auditor all of it, a team
    what is about its units, a unit what is about itself, and the committee what is put forward as
    fraud, of units with which the own one does not compete."""
    found = await _read(db, cycle_id, check, permit, ask)
    wanted = [
        each
        for each in page.later_of(found, lambda each: each.row.finding_id)
        if unit in (None, each.row.unit) and each.state in (state or FINDING_STATES)
    ]
    shown = [told_of(each) for each in wanted[: page.limit + 1]]
    return Page[CheckFinding].of(shown, page.limit, lambda each: str(each.finding_id))


@router.post(
    "/{finding_id}/answer",
    status_code=201,
    responses=documents(NoSuchFinding, FindingMoved, FindingBarred, *_REFUSALS),
)
async def answer_check_finding(
    cycle_id: UUID,
    check: Code,
    finding_id: UUID,
    new: NewFindingAnswer,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Sign what was found about the caller's own unit, or object: once, within five working days,
    and never as who found it."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_checks(db, cycle_id, permit, {"own_unit"})
    own = [permit.caller.organisation or ""]
    found = of_id(await findings_of(db, cycle_id, check, own), finding_id)
    day, person = await today(db, scheme.time_zone), permit.caller.person
    check_answer(found.standing, new.answer, new.text, person, day)
    return await _step(db, permit, found, new.answer, new.text)


@router.post(
    "/{finding_id}/decision",
    status_code=201,
    responses=documents(
        *(NoSuchFinding, FindingMoved, FindingBarred, NotRestatable, NotYetMarkedTwice),
        *(MarksDiffer, *_REFUSALS),
    ),
)
async def decide_check_finding(
    cycle_id: UUID,
    check: Code,
    finding_id: UUID,
    new: NewFindingDecision,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Uphold or dismiss a finding, as another person than who found it, answered it or had a part
    in the entry, once the unit was heard.

    What was found to differ takes the place of the entry at once, as a restatement that both
    persons answer for; the former one stays to be read. Where the entry was taken out meanwhile
    nothing is restated. Where the scheme of the check has an
    overstatement cost points, it is entered with the decision, once, as an event that counts when
    another person has verified it.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    bodies = {each.body for each in scheme.recusals}
    own = permit.caller.organisation
    held = await hold_for_cost(db, cycle_id, scheme, check, new.decision)
    await hold_checks(db, cycle_id, permit, {SECOND_BODY} if own in bodies else ())
    await hold_entries(db, cycle_id)
    known = await findings_of(db, cycle_id, check, None)
    found = of_id(_to_decide(known, scheme, permit), finding_id)
    _require_decider(found.row.unit, scheme, permit)
    day, person = await today(db, scheme.time_zone), permit.caller.person
    parts = await part_of(db, cycle_id, found.row.entry_id)
    await _require_no_scorer(db, found, scheme, own)
    check_decision(found.standing, parts, new.decision, new.text, person, day)
    await _require_marked_twice(db, found, known, new.decision, scheme)
    restated, cost = None, NO_COST
    if new.decision == UPHELD and found.row.verdict == DIFFERS:
        restated, drafts = await _restate(db, found, scheme, permit.caller)
        about, caller = (finding_id, check), permit.caller
        if held is not None:
            cost = await enter_cost(db, about, drafts, scheme, held, caller, cycle_id)
    return await _step(db, permit, found, new.decision, new.text, restated, cost)


async def _read(
    db: AsyncSession, cycle_id: UUID, check: str, permit: Permission, ask: Peers
) -> list[StoredFinding]:
    """Return what the caller may read of a check's findings."""
    if permit.allows():
        return await findings_of(db, cycle_id, check, None)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    units = await _units_read(db, cycle_id, check, permit)
    found = await findings_of(db, cycle_id, check, None)
    held = (await held_checks(db, cycle_id)).get(check)
    told = _told([each for each in found if each.row.unit in units], held, scheme, permit)
    if not permit.allows({UNINVOLVED}):
        return told
    before = before_committee(found, scheme, permit.caller)
    return [each for each in found if each in told or each in before]


def _told(
    found: Sequence[StoredFinding], held: HeldCheck | None, scheme: Scheme, permit: Permission
) -> list[StoredFinding]:
    """Return what a unit reads of findings about it, and a team of those about its units: not what
    waits for a second mark."""
    if held is None:
        return [*found]
    caller = permit.caller
    shown = told_to_team(found, held, scheme, caller.person)
    return [each for each in found if each in shown or each.row.unit == caller.organisation]


async def _units_read(
    db: AsyncSession, cycle_id: UUID, check: str, permit: Permission
) -> Collection[str]:
    """Return the units about which the caller reads findings as one of their team, or as one of
    them; refuse a caller who reads none at all."""
    held, caller = (await held_checks(db, cycle_id)).get(check), permit.caller
    teams = held.teams() if held else {}
    checked = [unit for unit, team in teams.items() if team.has(caller)]
    own = {"own_unit"} if caller.organisation else set[str]()
    permit.require(own | {UNINVOLVED} | ({TEAM} if checked else set()))
    units = set(checked) if permit.allows({TEAM}) else set[str]()
    return units | {caller.organisation or ""} if permit.allows(own) else units


async def _checked(
    db: AsyncSession,
    cycle_id: UUID,
    new: NewFinding,
    permit: Permission,
    listed: Collection[UUID],
) -> LedgerEntryRow:
    """Return the entry that somebody may record a finding about; refuse any other."""
    rows = await entry_rows(db, cycle_id, [new.entry_id])
    await require_true_entries(db, cycle_id, rows.values())
    standing = (await standing_of(db, cycle_id, rows.values())).get(new.entry_id)
    before = await findings_of(db, cycle_id, None, [new.unit])
    found = any(each.row.entry_id == new.entry_id and each.state != DISMISSED for each in before)
    parts = await part_of(db, cycle_id, new.entry_id)
    person = permit.caller.person
    hands = [*parts, *markers_before(before, new.entry_id)]
    faults = [*entry_faults(standing, listed, hands, person, found=found)]
    if faults:
        raise FindingRefused(faults[0].en, faults[0].zh, faults=faults)
    await require_no_fraud(db, cycle_id, new.entry_id)
    return rows[new.entry_id]


async def _restate(
    db: AsyncSession, found: StoredFinding, scheme: Scheme, caller: Caller
) -> tuple[UUID | None, tuple[Draft, Draft]]:
    """Put what was found in the place of the entry: written by who found it, verified by the
    caller. Return the new entry, and what the former one said and what was found.

    What was taken out meanwhile has no place any more: it is told as it was found all the same, or
    whoever changes an entry in time would pay nothing for it.
    """
    finding = found.row
    row = (await entry_rows(db, finding.cycle_id, [finding.entry_id]))[finding.entry_id]
    await require_true_entries(db, finding.cycle_id, [row])
    draft = as_found(row, finding.value, finding.word, scheme)
    if row.state not in COUNTED:
        return None, (draft_of(row), draft)
    row = await replaceable(db, finding.cycle_id, finding.entry_id)
    told = Told(draft, finding.actor, finding.person, finding.text)
    return await put_in_place(db, row, told, caller, found.evidence), (draft_of(row), draft)


async def _require_marked_twice(
    db: AsyncSession,
    found: StoredFinding,
    known: Collection[StoredFinding],
    decision: str,
    scheme: Scheme,
) -> None:
    """Refuse to decide before a second mark that is wanted, and to uphold what two persons say too
    differently."""
    held = (await held_checks(db, found.row.cycle_id))[found.row.check_code]
    if waits(found, known, held, scheme):
        raise NotYetMarkedTwice("It waits for a second mark.", "尚待复评。")
    if decision == UPHELD and found.second is not None and not found.second.within:
        en, zh = f"Both are {show(found.second.gap)} apart.", f"两次相差{show(found.second.gap)}。"
        raise MarksDiffer(en, zh, gap=show(found.second.gap))


def _to_decide(
    known: Collection[StoredFinding], scheme: Scheme, permit: Permission
) -> list[StoredFinding]:
    """Return the findings that the caller may know of as one who decides."""
    return [each for each in known if may_know_of(each.row.unit, scheme, permit, OPEN)]


def _require_decider(unit: str, scheme: Scheme, permit: Permission) -> None:
    own = permit.caller.organisation
    if not may_name([unit], scheme, own):
        raise FindingBarred(f"{own} is assessed there.", f"{own} 参评该类别。", cause="competes")
    require_office_of(unit, scheme, permit, OPEN, FindingBarred)


async def _require_no_scorer(
    db: AsyncSession, found: StoredFinding, scheme: Scheme, own: str | None
) -> None:
    """Refuse a caller of the unit that entered, reviewed or collects what was found about."""
    rows = await entry_rows(db, found.row.cycle_id, [found.row.entry_id])
    if own in scorers_of(rows[found.row.entry_id], scheme):
        en, zh = f"{own} entered it, or scores by it.", f"所涉记录由 {own} 录入、初审或采集。"
        raise FindingBarred(en, zh, cause="scorers-unit")


async def _step(
    db: AsyncSession,
    permit: Permission,
    found: StoredFinding,
    state: str,
    text: str | None,
    restated_by: UUID | None = None,
    cost: Cost = NO_COST,
) -> MovedFinding:
    row = CheckFindingStepRow(
        cycle_id=found.row.cycle_id,
        finding_id=found.row.finding_id,
        step=len(found.steps) + 1,
        state=state,
        text=text,
        restated_by=restated_by,
        overstated_as=cost.entry_id,
        kept_alone=cost.kept_alone,
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(row)
    moved = found._replace(steps=[*found.steps, row])
    return await recorded(db, permit, moved, "scoring.check-finding-moved")
