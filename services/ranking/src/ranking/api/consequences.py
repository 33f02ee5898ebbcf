"""What results lead to (结果运用): proposed from a release or by people, decided by people."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from ranking.api.consequences_stored import (
    SchemeAndLineage,
    StoredConsequence,
    add_step,
    bans_of,
    find,
    grades_in,
    hold_awards,
    is_told,
    no_such,
    record,
    scheme_and_lineage,
    stored,
)
from ranking.api.office import require_office
from ranking.api.readers import sight_of
from ranking.api.releases import find_release
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import (
    LARGEST,
    NoSuchRelease,
    Number,
    PreviousRankingMissing,
    after_number,
    free_number,
    hold_cycle,
    newest_release,
    state_of_report,
    steps_of_reports,
    today,
)
from ranking.rules.consequences import (
    HEARD_FIRST,
    BannedUntil,
    Cause,
    ConsequenceCauseGone,
    ConsequenceFaulty,
    ConsequenceKind,
    ConsequenceNotOpen,
    ConsequenceOutdated,
    ConsequencePolicy,
    ConsequenceState,
    DecisionNeedsReason,
    NoConsequencesHere,
    NoSuchConsequence,
    OwnConsequence,
    Proposed,
    ProposedBefore,
    TitleBarred,
    UnitNotHeard,
    ban_on,
    decided,
    first_day_faults,
    follows,
    heard,
    key_of,
    moved,
    paid_faults,
    proposal_faults,
    recovery_faults,
    refuse_banned,
    refuse_faulty,
    refuse_overtaken,
    refuse_unheard,
    taken_back,
)
from ranking.rules.documents import is_one_number
from ranking.rules.interest import (
    OFFICE,
    DeciderBarred,
    category_units,
    check_interest,
    relations_of,
    second_bodies,
)
from ranking.rules.publication import ASSESSORS
from ranking.rules.reports import COUNTING
from ranking.rules.scheme import Scheme
from ranking.tables import ConsequenceRow, ConsequenceStepRow, ReleaseRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}", tags=["consequences"])

_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)
_BARRED = (BannedUntil, TitleBarred, PreviousRankingMissing)
_MOVING = (ConsequenceNotOpen, NoSuchConsequence, DeciderBarred, *_PEERS)


class NewConsequence(Incoming):
    """A consequence of a unit that somebody proposes, also in the middle of the year.

    `cause_ref` is the number of the veto, which has to count, the code of the indicator, or the id
    of the objection or the supervised item, which has to be the unit's. It holds from a day on,
    until another with it, for two years at most. A title has a `name`, a coefficient and a quota an
    `amount`.
    """

    unit: Code
    kind: ConsequenceKind
    cause: Literal["veto", "indicator", "objection", "item", "other"]
    cause_ref: Code | None = None
    document_no: Text
    reason: Text
    from_on: dt.date
    until_on: dt.date | None = None
    name: Text | None = None
    amount: Annotated[Exact, Field(ge=0, le=1_000_000)] | None = None


class NewConsequences(Incoming):
    """From which day on what the grades of a release lead to is to hold."""

    from_on: dt.date


class NewConsequenceDecision(Incoming):
    """A decision on a consequence, or on its revocation; refusing needs a reason."""

    decision: Literal["confirm", "refuse"]
    reason: Text | None = None
    document_no: Text | None = None


class NewHearing(Incoming):
    """What a unit says about what is proposed; the office names the document by which it asked the
    unit, and says what that answered."""

    text: Text
    document_no: Text | None = None


class NewCompletion(Incoming):
    """By which document a consequence was carried out; of a rectification report, the supervised
    item by which it was asked for and accepted, which may be of another cycle; of a bonus what was
    `paid`, if anything was yet."""

    document_no: Text
    item_id: UUID | None = None
    item_cycle_id: UUID | None = None
    paid: Annotated[Exact, Field(gt=0, le=1_000_000_000)] | None = None


class NewRecovery(Incoming):
    """Money that came back, of a bonus that had been paid before it was revoked, and where that is
    recorded."""

    amount: Annotated[Exact, Field(gt=0, le=1_000_000_000)]
    document_no: Text


class NewConsequenceRevocation(Incoming):
    """Why a consequence shall hold no longer."""

    reason: Text


class ConsequenceStep(Outgoing):
    """A step of a consequence: the state that it led to, why, by which document, and when; where it
    tells of money, how much was paid by it or came back; and where it follows the supervised item
    of a report, how that stood, and of which cycle it is."""

    state: ConsequenceState
    reason: str | None
    document_no: str | None
    item_id: UUID | None
    item_cycle_id: Annotated[UUID | None, Field(exclude_if=lambda value: value is None)] = None
    item_state: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None
    money: Annotated[Exact | None, Field(exclude_if=lambda value: value is None)] = None
    taken_at: dt.datetime


class ConsequenceRecovery(Outgoing):
    """Of a bonus that was paid and then revoked: what was paid, what came back, and what is still
    open."""

    paid: Exact
    recovered: Exact
    open: Exact


class Consequence(Outgoing):
    """What a result leads to for a unit, by a `number` that counts nothing.

    It holds while it is decided, carried out, or waits to be revoked; `steps` led to its state.
    """

    number: int
    unit: str
    kind: ConsequenceKind
    cause: Cause
    cause_ref: str | None
    document_no: str | None
    reason: str | None
    from_on: dt.date
    until_on: dt.date | None
    name: str | None
    amount: Exact | None
    proposed_at: dt.datetime
    state: ConsequenceState
    steps: list[ConsequenceStep]
    recovery: Annotated[
        ConsequenceRecovery | None, Field(exclude_if=lambda value: value is None)
    ] = None


class ConsequenceMade(Outgoing):
    """The consequence as it stands now."""

    consequence: Consequence
    receipt: Receipt | None


class BannedAward(Outgoing):
    """An award that a grade would lead to, and until when the unit gets none; null where a veto
    that does not expire bars it from the title."""

    unit: str
    kind: ConsequenceKind
    until: dt.date | None


class ConsequencesProposed(Outgoing):
    """What was proposed from a release: how many were there already, the awards that a ban stands
    against, and the numbers of those of former releases that are to be revoked, or were not yet
    decided and follow no longer."""

    proposed: list[Consequence]
    unchanged: int
    banned: list[BannedAward]
    revoking: list[int]
    outdated: list[int]
    receipt: Receipt | None


@router.post(
    "/releases/{release}/consequences",
    status_code=201,
    responses=documents(
        *(ConsequenceFaulty, ConsequenceOutdated, NoConsequencesHere, NoSuchRelease),
        PreviousRankingMissing,
        *_MOVING,
    ),
)
async def propose_consequences(
    cycle_id: UUID,
    release: Number,
    new: NewConsequences,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequencesProposed:
    """Propose what the grades of the newest release of a category lead to by the scheme; what was
    proposed of an earlier release and still follows stays as it is.

    What follows from it no longer is put forward to be revoked: a grade that was taken back costs
    what it brought.
    """
    by = await scheme_and_lineage(ask, cycle_id)
    scheme = by.scheme
    policy = _policy(scheme)
    await hold_cycle(db, cycle_id)
    await hold_awards(db)
    row = await find_release(db, cycle_id, release)
    newest = await newest_release(db, cycle_id, row.category)
    refuse_overtaken(follows_still=newest is not None and newest.release == release)
    require_office(scheme, [*grades_in(row)], permit)
    refuse_faulty(first_day_faults(new.from_on, scheme.assessment_year))
    now = follows(policy, grades_in(row), new.from_on)
    there = await _of_category(db, cycle_id, row)
    made, banned = await _add_new(db, by, row, now, there, permit)
    revoking, outdated = await _take_back(db, row, now, there, permit)
    receipt = await record(db, cycle_id, "consequences-proposed", permit, [*made, *revoking])
    return ConsequencesProposed(
        proposed=[told(each) for each in made],
        unchanged=len(now) - len(made) - len(banned),
        banned=banned,
        revoking=[each.row.number for each in revoking],
        outdated=outdated,
        receipt=receipt,
    )


async def _add_new(
    db: AsyncSession,
    by: SchemeAndLineage,
    release: ReleaseRow,
    now: Sequence[Proposed],
    there: Sequence[StoredConsequence],
    permit: Permission,
) -> tuple[list[StoredConsequence], list[BannedAward]]:
    """Add what follows and is not there, but for awards that a ban or a veto stands against."""
    kept = {key_of(each.said) for each in there if each.state not in ("refused", "revoked")}
    day = await today(db, by.scheme.time_zone)
    bans = await bans_of(db, by, release.cycle_id, now, day)
    made, banned = list[StoredConsequence](), list[BannedAward]()
    for each in now:
        if key_of(each) in kept:
            continue
        if ban := ban_on(each, bans, day):
            banned.append(BannedAward(unit=each.unit, kind=each.kind, until=ban.until_on))
        else:
            ref = str(release.release)
            cycle_id = release.cycle_id
            made.append(await _add(db, cycle_id, each, permit, cause="release", cause_ref=ref))
    return made, banned


async def _take_back(
    db: AsyncSession,
    release: ReleaseRow,
    now: Sequence[Proposed],
    there: Sequence[StoredConsequence],
    permit: Permission,
) -> tuple[list[StoredConsequence], list[int]]:
    """Put forward to be revoked what was decided and follows no longer, and name what was not."""
    back = set(taken_back({each.row.number: each.said for each in there}, now))
    gone = [each for each in there if each.row.number in back]
    reason = f"依据第{release.release}号公布稿，不再适用"
    revoking = [
        await add_step(db, each, "revoking", permit, reason=reason)
        for each in gone
        if each.state in ("decided", "carried_out")
    ]
    return revoking, [each.row.number for each in gone if each.state == "proposed"]


async def _of_category(
    db: AsyncSession, cycle_id: UUID, release: ReleaseRow
) -> list[StoredConsequence]:
    of = ConsequenceRow
    return await stored(
        db, of.cycle_id == cycle_id, of.cause == "release", of.unit.in_([*grades_in(release)])
    )


def _policy(scheme: Scheme) -> ConsequencePolicy:
    if scheme.consequences is None:
        raise NoConsequencesHere("It names none.", "方案未写 `consequences`。")
    return scheme.consequences


@router.post(
    "/consequences",
    status_code=201,
    responses=documents(*_BARRED, ConsequenceFaulty, DeciderBarred, ProposedBefore, *_PEERS),
)
async def propose_consequence(
    cycle_id: UUID, new: NewConsequence, db: Transaction, permit: Permit, ask: AskPeers
) -> ConsequenceMade:
    """Propose a consequence of a unit by a document; an award is refused while a ban on awards of
    the unit is in force, in whichever year it was decided, and a title that a veto bars it from."""
    by = await scheme_and_lineage(ask, cycle_id)
    scheme = by.scheme
    units = _units(scheme, new.unit)
    require_office(scheme, units, permit)
    linked = await _linked(ask, cycle_id, new, scheme)
    said = Proposed(new.unit, new.kind, new.from_on, new.until_on, new.name, new.amount)
    await hold_cycle(db, cycle_id)
    await hold_awards(db)
    faults = await _cause_faults(db, cycle_id, new, scheme, linked)
    more_faults = proposal_faults(said, scheme.assessment_year)
    refuse_faulty([*_unit_faults(scheme, new.unit), *faults, *more_faults])
    day = await today(db, scheme.time_zone)
    refuse_banned(said, await bans_of(db, by, cycle_id, [said], day), day)
    await _refuse_again(db, cycle_id, said, new.document_no)
    more = new.model_dump(include={"cause", "cause_ref", "document_no", "reason"})
    made = await _add(db, cycle_id, said, permit, **more)
    receipt = await record(db, cycle_id, "consequences-proposed", permit, [made])
    return ConsequenceMade(consequence=told(made), receipt=receipt)


async def _refuse_again(db: AsyncSession, cycle_id: UUID, said: Proposed, document_no: str) -> None:
    """Refuse what the same document says of the unit already, in whichever writing of its number:
    proposed twice, it would stay in force when one of the two is revoked."""
    of = ConsequenceRow
    wanted = of.cycle_id == cycle_id, of.unit == said.unit, of.kind == said.kind
    for each in await stored(db, *wanted):
        again = each.said == said and is_one_number(each.row.document_no or "", document_no)
        if again and each.state not in ("refused", "revoked"):
            number = each.row.number
            en, zh = f"It is consequence {number}.", f"即第{number}号事项。"
            raise ProposedBefore(en, zh, number=number)


def _units(scheme: Scheme, unit: str) -> tuple[str, ...]:
    return category_units(scheme, unit) or (unit,)


def _unit_faults(scheme: Scheme, unit: str) -> list[Fault]:
    if scheme.category_of(unit) is not None:
        return []
    en, zh = f"{unit} is assessed in no category.", f"单位{unit}不在任何类别参评。"
    return [Fault("/unit", "unknown-unit", en, zh)]


async def _linked(
    ask: Peers, cycle_id: UUID, new: NewConsequence | ConsequenceRow, scheme: Scheme
) -> bool:
    """Say whether the objection or item that is named as the cause is the unit's; an objection
    once it was decided, and none where the scheme has no objections."""
    if new.cause == "objection":
        if scheme.objections is None:
            return False
        filed = await ask.scoring.objections(cycle_id=cycle_id)
        return any(str(e.objection_id) == new.cause_ref and e.is_of(new.unit) for e in filed)
    return new.cause == "item" and new.unit in await _units_of_item(ask, cycle_id, new.cause_ref)


async def _units_of_item(ask: Peers, cycle_id: UUID, item_id: str | None) -> Collection[str]:
    """Return the units that handle an item; none where there is no such item."""
    if item_id is None or not _UUID.fullmatch(item_id):
        return ()
    try:
        found = await ask.scoring.supervised_item(cycle_id=cycle_id, item_id=item_id)
    except PeerMissing:
        return ()
    return {each.unit for each in found.units}


_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def _cause_faults(
    db: AsyncSession,
    cycle_id: UUID,
    new: NewConsequence | ConsequenceRow,
    scheme: Scheme,
    linked: bool,
) -> list[Fault]:
    """Return what is wrong with what a consequence is said to follow from."""
    at, ref = "/cause_ref", new.cause_ref
    if new.cause == "other":
        wrong = ref is not None
        return [Fault(at, "not-wanted", "Its document says it.", "由文件说明。")] * wrong
    if new.cause == "veto":
        right = await _counts(db, cycle_id, new.unit, ref)
    elif new.cause in ("objection", "item"):
        right = linked
    else:
        right = ref in scheme.indicators_of(new.unit)
    en, zh = f"The unit has no such {new.cause}.", "该单位没有所指的事项。"
    return [] if right else [Fault(at, "unknown-cause", en, zh)]


async def _counts(db: AsyncSession, cycle_id: UUID, unit: str, ref: str | None) -> bool:
    """Say whether a unit has a veto of this number that counts: one that was refused or lifted
    leads to nothing, nor does one that nobody has confirmed."""
    number = int(ref) if ref is not None and ref.isdigit() else 0
    row = await db.get(VetoRow, (cycle_id, number)) if number <= LARGEST else None
    if row is None or row.unit != unit:
        return False
    steps = await steps_of_reports(db, "veto", cycle_id, [number])
    return state_of_report(steps.get(number, ())) in COUNTING


async def _add(
    db: AsyncSession,
    cycle_id: UUID,
    said: Proposed,
    permit: Permission,
    *,
    cause: Cause,
    cause_ref: str | None,
    document_no: str | None = None,
    reason: str | None = None,
) -> StoredConsequence:
    row = ConsequenceRow(
        cycle_id=cycle_id,
        number=await free_number(db, ConsequenceRow, cycle_id),
        unit=said.unit,
        kind=said.kind,
        cause=cause,
        cause_ref=cause_ref,
        document_no=document_no,
        reason=reason,
        from_on=said.from_on,
        until_on=said.until_on,
        name=said.name,
        amount=said.amount,
        subject=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(row)
    await db.flush()
    return StoredConsequence(row, [])


@router.get("/consequences", responses=documents(*_PEERS))
async def list_consequences(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    kind: Annotated[ConsequenceKind | None, Query(description="Of this kind.")] = None,
) -> Page[Consequence]:
    """List what results lead to, by numbers, which are drawn; a unit gets its own, once it was
    decided, and the daily round rectification reports, whose items it opens."""
    of, works = ConsequenceRow, permit.caller.roles & ASSESSORS
    sight = await sight_of(ask, permit, cycle_id) if works else None
    wanted: list[ColumnElement[bool]] = [of.cycle_id == cycle_id, of.number > after_number(page)]
    if unit is not None:
        wanted.append(of.unit == unit)
    if kind is not None:
        wanted.append(of.kind == kind)
    if "daily_round" in permit.caller.roles:
        permit.require(())
        wanted += [of.kind == "rectification_report", is_told()]
    elif sight is None:
        permit.require({"own_unit"} if permit.caller.organisation else ())
        wanted.append(of.unit == permit.caller.organisation)
        wanted.append(is_told())
    else:
        permit.require(())
        wanted.append(of.unit.not_in(sight.units))
    found = await stored(db, *wanted, limit=page.limit + 1)
    return Page.of([told(each) for each in found], page.limit, lambda one: str(one.number))


@router.post(
    "/consequences/{number}/decision",
    status_code=201,
    responses=documents(
        *(*_BARRED, ConsequenceCauseGone, ConsequenceOutdated, DecisionNeedsReason),
        *(OwnConsequence, UnitNotHeard),
        *_MOVING,
    ),
)
async def decide_consequence(
    cycle_id: UUID,
    number: Number,
    new: NewConsequenceDecision,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequenceMade:
    """Decide on a consequence, or on its revocation, as somebody of the committee who did not ask
    for it and whose unit is not assessed in the unit's category."""
    by = await scheme_and_lineage(ask, cycle_id)
    scheme = by.scheme
    proposed = (await find(reading, cycle_id, number)).row
    await reading.close()  # no connection waits for other services
    check_interest(_units(scheme, proposed.unit), permit.caller.organisation)
    # Of confidential items the committee is told nothing: what it cannot see is not gone.
    unseen = new.decision == "refuse" or proposed.cause == "item"
    linked = unseen or await _linked(ask, cycle_id, proposed, scheme)
    await hold_cycle(db, cycle_id)
    await hold_awards(db)
    found = await find(db, cycle_id, number)
    said, person = (new.decision, new.reason), permit.caller.person
    to = decided(found.state, *said, found.asked_by, person, found.before)
    if found.state in ("proposed", "heard") and to == "decided":
        refuse_unheard(found.row.kind, found.state)
        await _require_true(db, found, by, linked)
    return await _step(db, found, to, permit, reason=new.reason, document_no=new.document_no)


@router.post(
    "/consequences/{number}/hearing",
    status_code=201,
    responses=documents(ConsequenceFaulty, *_MOVING),
)
async def hear_unit(
    cycle_id: UUID,
    number: Number,
    new: NewHearing,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequenceMade:
    """Say as the unit what it has to say about a negative case, before that is decided; or say as
    the office by which document the unit was asked, and what it answered."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_cycle(db, cycle_id)
    found = await find(db, cycle_id, number)
    if _is_office(scheme, found.row.unit, permit):
        require_office(scheme, _units(scheme, found.row.unit), permit)
        en, zh = "The office names its document.", "绩效办须填写征求意见的文号。"
        missing = [Fault("/document_no", "missing", en, zh)]
        refuse_faulty(missing if new.document_no is None else [])
    else:
        permit.require({"own_unit"} if permit.caller.organisation else ())
        own = found.row.unit == permit.caller.organisation
        if not own or found.row.kind not in HEARD_FIRST:
            raise no_such(number)
    to = heard(found.row.kind, found.state)
    return await _step(db, found, to, permit, reason=new.text, document_no=new.document_no)


def _is_office(scheme: Scheme, unit: str, permit: Permission) -> bool:
    caller = permit.caller
    bodies = second_bodies(scheme, _units(scheme, unit))
    return OFFICE in caller.roles or "second_body" in relations_of(bodies, caller.organisation)


async def _require_true(
    db: AsyncSession, found: StoredConsequence, by: SchemeAndLineage, linked: bool
) -> None:
    """Refuse an award that is banned by now, and what follows from no newest release any more, or
    from something that is gone."""
    row, scheme = found.row, by.scheme
    day = await today(db, scheme.time_zone)
    refuse_banned(found.said, await bans_of(db, by, row.cycle_id, [found.said], day), day)
    if row.cause != "release":
        for fault in await _cause_faults(db, row.cycle_id, row, scheme, linked):
            raise ConsequenceCauseGone(fault.en, fault.zh)
        return
    category = scheme.category_of(row.unit)
    newest = category and await newest_release(db, row.cycle_id, category.code)
    grades: Mapping[str, str | None] = grades_in(newest) if newest else {}
    keys: Collection[object] = (
        {key_of(each) for each in follows(scheme.consequences, grades, row.from_on)}
        if scheme.consequences
        else ()
    )
    refuse_overtaken(follows_still=key_of(found.said) in keys)


@router.post(
    "/consequences/{number}/completion",
    status_code=201,
    responses=documents(ConsequenceFaulty, *_MOVING),
)
async def complete_consequence(
    cycle_id: UUID,
    number: Number,
    new: NewCompletion,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequenceMade:
    """Say that a decided consequence was carried out, with its document; a rectification report is
    once the supervised item of the unit, by which it was asked for, is closed. What was paid of a
    bonus has to come back if it is revoked."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    item = await _item(ask, new.item_cycle_id or cycle_id, new.item_id)
    await hold_cycle(db, cycle_id)
    found = await find(db, cycle_id, number)
    require_office(scheme, _units(scheme, found.row.unit), permit)
    to = moved(found.state, "carried_out")
    faults = _item_faults(found, item, new)
    if new.item_id is not None and not faults:
        faults = await _taken_faults(db, found.row, new.item_id)
    refuse_faulty([*faults, *paid_faults(found.row.kind, new.paid)])
    item_id = None if new.item_id is None else str(new.item_id)
    seen = item[0] if item is not None and found.item is not None else None
    of_item = {"item_id": item_id, "item_cycle_id": new.item_cycle_id, "item_state": seen}
    more = {"document_no": new.document_no, "money": new.paid, **of_item}
    return await _step(db, found, to, permit, **more)


async def _taken_faults(db: AsyncSession, row: ConsequenceRow, item_id: UUID) -> list[Fault]:
    """Return the fault of an item that is another report's, of whichever cycle."""
    step = ConsequenceStepRow
    own = (step.cycle_id == row.cycle_id) & (step.number == row.number)
    wanted = step.item_id == str(item_id), ~own
    if (number := await db.scalar(select(step.number).where(*wanted).limit(1))) is None:
        return []
    en, zh = f"Consequence {number} was carried out by it.", f"第{number}号事项已据此执行。"
    return [Fault("/item_id", "names-another", en, zh)]


async def _item(
    ask: Peers, cycle_id: UUID, item_id: UUID | None
) -> tuple[str, Collection[str]] | None:
    if item_id is None:
        return None
    found = await ask.scoring.supervised_item(cycle_id=cycle_id, item_id=item_id)
    return found.state, {each.unit for each in found.units}


def _item_faults(
    found: StoredConsequence, item: tuple[str, Collection[str]] | None, new: NewCompletion
) -> list[Fault]:
    at, reported = "/item_id", found.row.kind == "rectification_report"
    if item is None:
        if new.item_cycle_id is not None:
            en, zh = "It names no item.", "未填写督办事项。"
            return [Fault("/item_cycle_id", "not-wanted", en, zh)]
        en, zh = "It needs the item of the report.", "须填写整改报告的督办事项。"
        return [Fault(at, "missing", en, zh)] if reported else []
    state, units = item
    if not reported:
        return [Fault(at, "not-wanted", "It has no item.", "该事项不对应督办事项。")]
    if found.item is not None and found.item.item_id != str(new.item_id):
        en, zh = f"It was opened as {found.item.item_id}.", "已为该整改报告交办其他督办事项。"
        return [Fault(at, "has-its-own", en, zh)]
    if found.row.unit not in units:
        return [Fault(at, "another-unit", "It is of others.", "该督办事项不属于该单位。")]
    if state != "closed":
        return [Fault(at, "not-accepted", f"It is {state}.", "该督办事项尚未销号。")]
    return []


@router.post(
    "/consequences/{number}/revocation",
    status_code=201,
    responses=documents(*_MOVING),
)
async def revoke_consequence(
    cycle_id: UUID,
    number: Number,
    new: NewConsequenceRevocation,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequenceMade:
    """Ask to revoke a consequence; it holds until another person of the committee decides so."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_cycle(db, cycle_id)
    found = await find(db, cycle_id, number)
    require_office(scheme, _units(scheme, found.row.unit), permit)
    to = moved(found.state, "revoking")
    return await _step(db, found, to, permit, reason=new.reason)


@router.post(
    "/consequences/{number}/recovery",
    status_code=201,
    responses=documents(ConsequenceFaulty, *_MOVING),
)
async def record_recovery(
    cycle_id: UUID,
    number: Number,
    new: NewRecovery,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ConsequenceMade:
    """Say that money came back that was paid for a bonus which was revoked: all of it at once or in
    parts, and never more than was paid."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_cycle(db, cycle_id)
    found = await find(db, cycle_id, number)
    require_office(scheme, _units(scheme, found.row.unit), permit)
    to = moved(found.state, "revoked")
    refuse_faulty(recovery_faults(found.recovery, new.amount))
    more = {"document_no": new.document_no, "money": new.amount}
    return await _step(db, found, to, permit, **more)


async def _step(
    db: AsyncSession,
    found: StoredConsequence,
    to: ConsequenceState,
    permit: Permission,
    **said: Any,  # noqa: ANN401 - columns
) -> ConsequenceMade:
    """Add a step to a consequence, put it on record, and return the consequence as it stands."""
    made = await add_step(db, found, to, permit, **said)
    receipt = await record(db, found.row.cycle_id, "consequence-moved", permit, [made])
    return ConsequenceMade(consequence=told(made), receipt=receipt)


def told(found: StoredConsequence) -> Consequence:
    """Return the document of a consequence."""
    stored_names = Consequence.model_fields.keys() - {"state", "steps", "recovery"}
    recovery = found.recovery
    return Consequence(
        **{name: getattr(found.row, name) for name in stored_names},
        state=found.state,
        steps=[ConsequenceStep.model_validate(each) for each in found.steps],
        recovery=None if recovery is None else ConsequenceRecovery.model_validate(recovery),
    )
