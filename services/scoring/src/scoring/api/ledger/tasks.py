"""What the ledger and the claims of a cycle expect of a caller now (待办)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.deadlines import Calendar
from chassis.pages import PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.tasks import Kind, Task, Tasks
from scoring.api.appeals.tasks import objection_tasks
from scoring.api.checks.tasks import check_tasks
from scoring.api.claims.records import StoredClaim, on_documents, read_claims
from scoring.api.claims.transitions import actor_of
from scoring.api.complaints.documents import setting_of
from scoring.api.complaints.tasks import complaint_tasks, erasure_tasks
from scoring.api.corrections.tasks import correction_tasks
from scoring.api.items.tasks import item_tasks
from scoring.api.ledger import task_kinds as kinds
from scoring.api.ledger.verification import decider_of
from scoring.api.self_evaluations.tasks import self_evaluation_tasks
from scoring.peers import ALWAYS, AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.adoptions import Adopted, adoptions_on_page
from scoring.queries.claims import asked_for
from scoring.queries.clashes import marks_given, sittings_of
from scoring.queries.duty_persons import assignments
from scoring.queries.hand_ins import hand_ins
from scoring.queries.highlights import waiting_highlights
from scoring.queries.ledger import today
from scoring.queries.parked import waiting_by_scheme
from scoring.queries.registered_awards import waiting_awards
from scoring.queries.restoration import proposals
from scoring.queries.signatures import to_sign
from scoring.queries.stages import proposed_stages
from scoring.queries.tasks import (
    Waiting,
    arrived_for,
    drafted_by,
    own_entries,
    results_of_source,
    waiting_about,
    waiting_for,
    waiting_in,
    waiting_of,
)
from scoring.rules.claims.filings import answer_faults
from scoring.rules.claims.highlights import ACCEPTED, Examination, examination_faults
from scoring.rules.claims.registering import CONFIRMED as AWARD_CONFIRMED
from scoring.rules.claims.registering import confirming_faults
from scoring.rules.claims.sharing import rivals
from scoring.rules.claims.states import CONFIRMED, HANDED_IN, check_confirming
from scoring.rules.duties.in_charge import InCharge, in_charge_on
from scoring.rules.duties.owed import deadline_of, years_of
from scoring.rules.explanation.abstention import ORGANISER, led_by
from scoring.rules.ledger import completeness
from scoring.rules.ledger.progress import COUNTED, Sought, cells_of, wanting
from scoring.rules.ledger.results import late_results
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT, seats_by_person, sits_elsewhere
from scoring.rules.ledger.signing import SIGNABLE, Signing
from scoring.rules.ledger.states import (
    CHECKED,
    DRAFT,
    OPEN,
    RETURNED,
    SECOND_BODY,
    SUBMITTED,
    UNDECIDED,
    VERIFIED,
    WAITING,
    Decider,
    may_decide,
)
from scoring.rules.ledger.support import Support
from scoring.rules.reports.own_marks import own_marks, seats_of
from scoring.rules.reports.stages import PROPOSED
from scoring.rules.scheme.document import OWN_UNIT, Scheme
from scoring.tables.claims import ClaimRow
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/tasks/scoring", tags=["tasks"])


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose tasks are looked for, where, and on which day of the scheme's time zone."""

    db: AsyncSession
    cycle_id: UUID
    scheme: Scheme
    permit: Permission
    day: dt.date
    calendar: Calendar

    @property
    def unit(self) -> str:
        """The caller's unit; none has no code."""
        return self.permit.caller.organisation or ""

    @property
    def place(self) -> dict[str, str]:
        """What all paths name."""
        return {"cycle_id": str(self.cycle_id), "own_unit": self.unit}

    def may(self, kind: Kind, relations: Collection[str] = ()) -> bool:
        """Say whether the caller may give the command of a task, in an open ledger."""
        return kind.allowed(self.permit, relations, OPEN)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_scoring_tasks(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> Tasks:
    """List what the caller is expected to enter, hand in, mark, check, verify or confirm in the
    ledger and the claims of a cycle, and could now.

    Once the ledger is sealed nothing is, but to confirm the release of a stage, to decide about
    objections and corrections, and to move the supervised items and the complaints that are not
    closed.
    """
    stages = await _stages(db, cycle_id, permit)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    ledger = await db.get(LedgerRow, cycle_id)
    day = await today(db, scheme.time_zone)
    stages += await objection_tasks(db, cycle_id, scheme, permit, day, calendar)
    phase = OPEN if ledger is None else ledger.phase
    items = await item_tasks(db, cycle_id, scheme, permit, day, calendar, phase)
    if scheme.complaints is not None:
        setting = setting_of(scheme, day, calendar)
        items += await complaint_tasks(db, cycle_id, scheme, permit, setting)
        items += await erasure_tasks(db, cycle_id, scheme.time_zone, permit)
    if phase != OPEN:
        corrections = await correction_tasks(db, cycle_id, scheme, permit)
        return Tasks(tasks=[*items, *corrections, *stages])
    desk = Desk(db, cycle_id, scheme, permit, day, calendar)
    return Tasks(
        tasks=[
            *await _to_enter(desk),
            *await _to_stand_in(desk, ask),
            *await _to_mark(desk),
            *await _to_hand_in(desk),
            *await _to_sign(desk),
            *await _to_back(desk),
            *await _to_decide(desk),
            *await _outdated(desk),
            *await _claims(desk),
            *await _filed_by_others(desk),
            *await _highlights(desk),
            *await _awards(desk),
            *items,
            *await check_tasks(db, cycle_id, scheme, permit, desk.day),
            *await self_evaluation_tasks(db, cycle_id, scheme, permit, desk.day),
            *await _parked(desk),
            *await _categories(desk),
            *([] if ledger else await _restorations(desk)),
            *stages,
        ]
    )


async def _to_enter(desk: Desk) -> list[Task]:
    """Return what is expected of the caller's unit and has not come, period by period."""
    if not desk.unit or not desk.may(kinds.ENTER, {NAMED_SOURCE}):
        return []
    own = {
        code
        for category in desk.scheme.categories
        for code, each in category.indicators().items()
        if each.data_source_unit in (desk.unit, OWN_UNIT)
    }
    came = [
        *await arrived_for(desk.db, desk.cycle_id, own, COUNTED),
        *await drafted_by(desk.db, desk.cycle_id, desk.unit, desk.permit.caller.subject),
    ]
    cells = cells_of(desk.scheme, sought=Sought(data_source_unit=desk.unit))
    found = wanting((each for each in cells if not each.is_marked), came, desk.day)
    named = await assignments(desk.db, desk.cycle_id, ALWAYS)
    people = in_charge_on(named, desk.day).get((desk.unit, None))
    return [_owed(desk, period, count, people) for period, count in found.items()]


def _owed(desk: Desk, period: str, count: int, people: InCharge | None) -> Task:
    """Return what is to be entered for a period: when it is due, its light, who is in charge."""
    days = deadline_of(desk.scheme.duties, period, desk.calendar)
    light = days.light(desk.day)
    zh, en = kinds.LIGHTS[light]
    place = desk.place | {"light_zh": zh, "light_en": en}
    about = {"period": period, "light": str(light)} | (people._asdict() if people else {})
    return kinds.ENTER.task(place, about, count, days.due)


async def _to_stand_in(desk: Desk, ask: Peers) -> list[Task]:
    """Return for which indicators results of the year before may stand in for such as are late: of
    the caller's unit's own making, and that count there."""
    late = late_results(desk.scheme, desk.unit, desk.day)
    if not late or not desk.may(kinds.STAND_IN, {NAMED_SOURCE}):
        return []
    codes = {code for _, code in late}
    came = await arrived_for(desk.db, desk.cycle_id, codes, (*COUNTED, DRAFT))
    wanted = late.keys() - {(each.unit, each.indicator) for each in came}
    found = list[Task]()
    for previous in await _years_before(desk, ask):
        there = await results_of_source(desk.db, previous, codes, desk.unit)
        number = Counter((code, late[unit, code]) for unit, code in wanted & there)
        found += [_standing_in(desk, previous, *told) for told in sorted(number.items())]
    return found


async def _years_before(desk: Desk, ask: Peers) -> list[UUID]:
    """Return the cycle of the year before, if there is one that the caller's token reaches."""
    cycles, reached = await ask.indicators.cycles(), desk.permit.reached()
    own = next((each for each in cycles if each.cycle_id == desk.cycle_id), None)
    before = [each.cycle_id for each in cycles if own is not None and own.follows(each)]
    return [each for each in before if reached(each)]


def _standing_in(desk: Desk, previous: UUID, of: tuple[str, str], count: int) -> Task:
    code, name = of
    place = {"indicator": code, "indicator_name": name, "previous": str(previous)}
    return kinds.STAND_IN.task(desk.place | place, {"indicator": code}, count)


async def _to_sign(desk: Desk) -> list[Task]:
    """Return what others of the caller's unit have entered and the caller could sign off."""
    indicators = Signing(desk.scheme).indicators
    if not (indicators and desk.unit and desk.may(kinds.SIGN, {NAMED_SOURCE})):
        return []
    found = await to_sign(desk.db, desk.cycle_id, desk.unit, SIGNABLE, indicators)
    person = desk.permit.caller.person
    count = sum(number for hands, number in found.items() if not persons.is_among(person, hands))
    return [kinds.SIGN.task(desk.place, count=count)] if count else []


async def _to_back(desk: Desk) -> list[Task]:
    """Return what the caller's unit has handed in without the evidence that it wants."""
    support = Support(desk.scheme)
    if not (support.is_wanted and desk.unit and desk.may(kinds.EVIDENCE)):
        return []
    found = await waiting_of(desk.db, desk.cycle_id, desk.unit, WAITING)
    count = sum(each.number for each in found if support.wants(each) and not each.backed)
    return [kinds.EVIDENCE.task(desk.place, count=count)] if count else []


async def _to_mark(desk: Desk) -> list[Task]:
    """Return the marks that are still open of the caller's seats, indicator by indicator."""
    caller = desk.permit.caller
    seats = seats_of(desk.scheme, caller.subject, caller.organisation)
    if not seats or not desk.may(kinds.MARK, {SEAT}):
        return []
    given, _ = await marks_given(desk.db, desk.cycle_id, seats, caller.subject)
    sat = seats_by_person(await sittings_of(desk.db, desk.cycle_id, seats))
    drafted = await drafted_by(desk.db, desk.cycle_id, desk.unit, desk.permit.caller.subject)
    known = {(each.unit, each.indicator) for each in drafted}
    found = list[Task]()
    for each in own_marks(desk.scheme, seats, given):
        left = [unit for unit in each.open if (unit, each.indicator) not in known]
        if left and not sits_elsewhere(sat, each.panel, each.seat, caller.person):
            about = {
                "category": each.category,
                "indicator": each.indicator,
                "indicator_name": each.name,
                "panel": each.panel,
                "seat": each.seat,
            }
            found.append(kinds.MARK.task(desk.place, about, len(left)))
    return found


async def _to_hand_in(desk: Desk) -> list[Task]:
    """Return the caller's drafts, and what was sent back to the caller."""
    may = {
        False: desk.may(kinds.SUBMIT, {NAMED_SOURCE}),
        True: desk.may(kinds.SUBMIT, {SEAT}),
    }
    if not desk.unit or not any(may.values()):
        return []
    account, counts = desk.permit.caller.subject, Counter[str]()
    for state, is_mark, number in await own_entries(desk.db, desk.cycle_id, desk.unit, account):
        if may[is_mark]:
            counts[state] += number
    return [
        kind.task(desk.place, count=counts[state])
        for state, kind in kinds.OF_OWN_STATE.items()
        if counts[state]
    ]


async def _to_decide(desk: Desk) -> list[Task]:
    """Return what waits for the caller to be reviewed first, or to be accepted."""
    reviewer = decider_of(desk.permit.of(kinds.CHECK.route), desk.scheme)
    decider = decider_of(desk.permit.of(kinds.VERIFY.route), desk.scheme)
    tasks = list[Task]()
    if reviewer.reviews:
        cells = reviewer.reviewers.cells_of(reviewer.unit)
        codes = {code for _, named in cells for code in named}
        waiting = await waiting_for(desk.db, desk.cycle_id, codes, [SUBMITTED])
        count = sum(_counted(waiting, CHECKED, reviewer).values())
        tasks += [kinds.CHECK.task(desk.place, count=count)] if count else []
    waiting = [*filter(_whole(desk.scheme), await _before(desk, decider))]
    counts = _counted(waiting, VERIFIED, decider)
    tasks += [
        kind.task(desk.place, count=counts[what])
        for what, kind in kinds.OF_WAITING.items()
        if counts[what]
    ]
    return tasks


def _whole(scheme: Scheme) -> Callable[[Waiting], bool]:
    """Return which entries have the evidence and the signature that they want: without these
    nobody can verify them."""
    support, signing = Support(scheme), Signing(scheme)
    return lambda each: (
        (each.backed or not support.wants(each)) and (each.signed or not signing.wants(each))
    )


async def _before(desk: Desk, decider: Decider) -> list[Waiting]:
    """Return what waits for a word of the performance office, or of the caller in its place."""
    if decider.office:
        return await waiting_in(desk.db, desk.cycle_id, WAITING)
    if not decider.stands_in:
        return []
    units = [unit for unit, body in decider.recusals.items() if body == decider.unit]
    return await waiting_about(desk.db, desk.cycle_id, units, WAITING)


def _counted(waiting: list[Waiting], to: str, decider: Decider) -> Counter[str]:
    counts = Counter[str]()
    for each in waiting:
        if may_decide(each.standing, to, decider):
            counts[each.what] += each.number
    return counts


async def _outdated(desk: Desk) -> list[Task]:
    """Return what was taken over from entries of other cycles that stand there no longer: who
    entered it takes it back or reverses it, the office sends it back or reverses it."""
    decider = decider_of(desk.permit.of(kinds.RETURN_OUTDATED.route), desk.scheme)
    may = {True: desk.may(kinds.REVERSE_OUTDATED, {NAMED_SOURCE}), False: decider.office}
    if not any(may.values()):
        return []
    page = PageRequest(_MOST_OUTDATED, None)
    found = await adoptions_on_page(
        desk.db, desk.cycle_id, page, None, outdated=True, states=(*UNDECIDED, VERIFIED)
    )
    waiting, tasks = 0, list[Task]()
    for each in found[:_MOST_OUTDATED]:
        kind = outdated_kind(each, own=each.author_unit == desk.unit, decider=decider)
        if kind == kinds.RETURN_OUTDATED:
            waiting += 1
        elif kind is not None and (may[True] or kind == kinds.REVERSE_OUTDATED):
            about = {"entry_id": str(each.entry_id)}
            about |= {"unit": each.unit, "indicator": each.indicator}
            tasks.append(kind.task(desk.place, about))
    return tasks + ([kinds.RETURN_OUTDATED.task(desk.place, count=waiting)] if waiting else [])


_MOST_OUTDATED = 200
"""Of how many outdated entries tasks are told at once."""


def outdated_kind(entry: Adopted, *, own: bool, decider: Decider) -> Kind | None:
    """Return what somebody can do about an entry whose source stands no longer."""
    if entry.state in (DRAFT, RETURNED):
        return kinds.WITHDRAW_OUTDATED if own else None
    if entry.state in WAITING:
        return kinds.RETURN_OUTDATED if decider.decides(entry.unit) else None
    reverses = (own or decider.office) and not entry.is_leaving
    return kinds.REVERSE_OUTDATED if reverses else None


async def _claims(desk: Desk) -> list[Task]:
    """Return the claims that somebody else has handed in and the caller decides about."""
    caller, scheme = desk.permit.caller, desk.scheme
    sees_all = desk.may(kinds.CLAIMS)
    if not sees_all and not desk.may(kinds.CLAIMS, {SECOND_BODY}):
        return []
    handed_in = and_(ClaimRow.cycle_id == desk.cycle_id, *asked_for(None, None, [HANDED_IN]))
    listed = [
        one
        for one in await read_claims(desk.db, handed_in)
        if sees_all or scheme.second_body_of(one.row.unit) == caller.organisation
    ]
    if not listed:
        return []
    on = dict[str, list[StoredClaim]]()
    for one in await read_claims(desk.db, on_documents(listed)):
        on.setdefault(one.row.fingerprint, []).append(one)
    count = sum(_confirms(desk, one, on[one.row.fingerprint]) for one in listed)
    return [kinds.CLAIMS.task(desk.place, count=count)] if count else []


async def _filed_by_others(desk: Desk) -> list[Task]:
    """Return the claims that other units have filed for the caller's own too, which it has not said
    anything of."""
    if not desk.unit or not desk.may(kinds.ANSWER_CLAIMS, {"own_unit"}):
        return []
    waiting = asked_for(desk.unit, None, [HANDED_IN])
    filed = and_(ClaimRow.cycle_id == desk.cycle_id, ClaimRow.filed_with.is_not(None), *waiting)
    count = sum(
        one.agreed is None
        and not any(answer_faults("", one.parties, one.filed, actor_of(desk.permit.caller)))
        for one in await read_claims(desk.db, filed)
    )
    return [kinds.ANSWER_CLAIMS.task(desk.place, count=count)] if count else []


def _confirms(desk: Desk, claim: StoredClaim, same_document: list[StoredClaim]) -> bool:
    """Say whether the caller may decide on a claim, by the rules of the command."""
    others = [one.other for one in same_document if one.row.claim_id != claim.row.claim_id]
    actor, body = actor_of(desk.permit.caller), desk.scheme.second_body_of(claim.row.unit)
    faults = check_confirming("", claim.parties, CONFIRMED, actor, rivals(others), body)
    return next(faults, None) is None


async def _highlights(desk: Desk) -> list[Task]:
    """Return the highlights that somebody else has reported and the caller may examine."""
    if not desk.may(kinds.HIGHLIGHTS) and not desk.may(kinds.HIGHLIGHTS, {SECOND_BODY}):
        return []
    actor, said = actor_of(desk.permit.caller), Examination(ACCEPTED, publish=False, reason=None)
    count = sum(
        not any(examination_faults(each, said, actor, desk.scheme.second_body_of(each.unit)))
        for each in await waiting_highlights(desk.db, desk.cycle_id)
    )
    return [kinds.HIGHLIGHTS.task(desk.place, count=count)] if count else []


async def _awards(desk: Desk) -> list[Task]:
    """Return the awards that somebody else has registered and the caller may confirm."""
    if not desk.may(kinds.AWARDS) and not desk.may(kinds.AWARDS, {SECOND_BODY}):
        return []
    actor = actor_of(desk.permit.caller)
    count = sum(
        not any(confirming_faults(each, AWARD_CONFIRMED, None, actor, desk.scheme))
        for each in await waiting_awards(desk.db, desk.cycle_id)
    )
    return [kinds.AWARDS.task(desk.place, count=count)] if count else []


async def _parked(desk: Desk) -> list[Task]:
    """Return the rows that wait for a code to mean something, by the id scheme of their codes."""
    sees_all = desk.may(kinds.PARKED)
    if not sees_all and not (desk.unit and desk.may(kinds.PARKED, {NAMED_SOURCE})):
        return []
    found = await waiting_by_scheme(desk.db, desk.cycle_id, None if sees_all else desk.unit)
    return [
        kinds.PARKED.task(desk.place, {"id_scheme": id_scheme}, count)
        for id_scheme, count in found.items()
    ]


async def _categories(desk: Desk) -> list[Task]:
    """Return the categories that the caller's unit leads and has not handed in, once the year is
    over."""
    led = led_by(desk.scheme, desk.permit.caller.organisation)
    over = desk.day > dt.date(desk.scheme.assessment_year, 12, 31)
    if not led or not over or not desk.may(kinds.CATEGORY, {ORGANISER}):
        return []
    categories = [each for each in desk.scheme.categories if each.code in led]
    handed = await hand_ins(desk.db, desk.cycle_id, categories)
    return [
        kinds.CATEGORY.task(desk.place, {"category": each.code, "category_name": each.name})
        for each in categories
        if each.code not in handed or handed[each.code].state != completeness.HANDED_IN
    ]


async def _restorations(desk: Desk) -> list[Task]:
    """Return the archives that somebody else proposed to restore, where nothing is recorded."""
    if not desk.may(kinds.RESTORATION) or desk.unit in desk.scheme.category_of():
        return []
    return [
        kinds.RESTORATION.task(desk.place, {"digest": each.digest})
        for each in await proposals(desk.db, desk.cycle_id)
        if not persons.is_same(each.proposed_person, desk.permit.caller.person)
    ]


async def _stages(db: AsyncSession, cycle_id: UUID, permit: Permission) -> list[Task]:
    """Return the stages whose release somebody else has proposed."""
    if not kinds.STAGE.allowed(permit, phase=PROPOSED):
        return []
    place = {"cycle_id": str(cycle_id)}
    return [
        kinds.STAGE.task(place, {"stage_no": str(each.row.stage_no), "label": each.row.label})
        for each in await proposed_stages(db, cycle_id)
        if each.latest
        and not persons.is_same(each.latest.person, permit.caller.person)
        and permit.caller.organisation not in each.units
    ]
