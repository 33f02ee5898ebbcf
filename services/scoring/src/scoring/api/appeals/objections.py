"""Objections (异议) to what was fed back: filed by a unit, taken further, decided, and listed."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Text
from scoring.api.appeals.documents import (
    PEERS,
    PUT_TO,
    MovedObjection,
    Objection,
    ObjectionAbout,
    ObjectionFiles,
    ObjectionForm,
    ObjectionState,
    ObjectionSubject,
    readable,
    shown,
)
from scoring.api.appeals.keeping import (
    Heard,
    beside_of,
    has_changed,
    hold_objections,
    is_known,
    policy_of,
    put_to,
    record,
    score_in,
    store_move,
)
from scoring.api.evidence.named import require_readable
from scoring.peers import AskPeers
from scoring.queries.appeals import (
    EVERY_OBJECTION,
    ObjectionsAsked,
    Readable,
    StoredObjection,
    feedback_of,
    find_objection,
    next_objection_no,
    objections_of,
    objections_on_page,
    require_true_objections,
)
from scoring.queries.ledger import now, phase_of_ledger
from scoring.queries.sheet import NoSuchScoreSheet, find_sheet
from scoring.rules.appeals.moving import filing_faults, first_level, moving_faults
from scoring.rules.appeals.refusals import (
    NoSuchObjection,
    ObjectionMoved,
    ObjectionRefused,
    ObjectionsNotForeseen,
    refuse_if,
)
from scoring.rules.appeals.standing import Filing, ObjectionActor, Saying
from scoring.rules.appeals.states import FILE, OBJECTION_STATES, PENDING, STATES_ZH, WITHDRAWN
from scoring.rules.duties.owed import years_of
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.states import SECOND_BODY, LedgerSealed, require_open
from scoring.rules.scheme.document import ObjectionPolicy
from scoring.tables.appeals import ObjectionRow

router = Router("/cycles/{cycle_id}/objections", tags=["objections"])

Step = Annotated[int, Field(ge=1, le=1_000)]


class NewObjection(ObjectionSubject):
    """An objection of the caller's unit to what was fed back to it the last time: what it is about,
    what should stand instead (`asks`), and why. A `remark` is on the record while that is open.

    Files count where they existed in the year: each is named with a day on which it did.
    """

    form: ObjectionForm = "objection"
    asks: Text
    text: Text
    evidence: ObjectionFiles = Field(default_factory=list)


class NewObjectionAnswer(Incoming):
    """What the unit does about its objection, as it stood after the move `step`: it takes it to the
    next level (`appeal`), or takes it back (`withdraw`)."""

    step: Step
    move: Literal["appeal", "withdraw"]
    text: Text
    evidence: ObjectionFiles = Field(default_factory=list)


class NewObjectionDecision(Incoming):
    """What is decided about an objection, as it stood after the move `step`, and why. What is
    upheld, in whole or in part, says what should stand (`stands`).

    With `carry_out` the office says that the record has changed by it: by which entry or claim,
    verified, voided or moved since it was upheld, or by which correction that rests on it. Of a
    wave there is none to name.
    """

    step: Step
    move: Literal["uphold", "uphold_part", "reject", "carry_out"]
    text: Text
    stands: Text | None = None
    carried_out_by: UUID | None = None


_REFUSALS = (ObjectionRefused, ObjectionsNotForeseen, StoredDataAltered, *PEERS)


@router.post(
    "",
    status_code=201,
    responses=documents(EvidenceNotNamed, LedgerSealed, NoSuchScoreSheet, *_REFUSALS),
)
async def file_objection(
    cycle_id: UUID, new: NewObjection, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedObjection:
    """Object to a mark, a claim, an entry, a card or a wave of the edition that was fed back to the
    caller's unit the last time, within the scheme's working days since then.

    To the same thing a unit objects once, unless its score has changed since. With `form` a
    `remark` it needs no feedback, but an open ledger, and is put first to the unit that entered
    what it is about; to the same thing one waits at a time.
    """
    heard = await hold_objections(db, cycle_id, ask)
    unit, caller = permit.caller.organisation or "", permit.caller
    permit.require({"own_unit"} if unit in heard.scheme.category_of() else ())
    await require_readable(
        db, cycle_id, permit, ask, [each.evidence_id for each in new.evidence], ""
    )
    is_remark, edition, score, fed_back_on = new.form == "remark", None, None, None
    if is_remark:
        await _require_remarks(db, cycle_id, heard.policy)
    else:
        sheet = await find_sheet(db, cycle_id, "latest", fed_back_to=unit)
        edition, score = sheet.edition, await score_in(db, sheet, unit, new)
        told = await feedback_of(db, cycle_id, edition)
        fed_back_on = local_day(told.fed_back_at, heard.scheme.time_zone)
    earlier = await objections_of(db, cycle_id, unit)
    filing = Filing(
        new.about,
        _fields(new),
        [each.existed_on for each in new.evidence],
        known=await is_known(db, cycle_id, heard.scheme, unit, new),
        objected=any(_is_same(each, new, score) for each in earlier),
        filed_before=sum((e.row.edition is None) == is_remark for e in earlier),
        fed_back_on=fed_back_on,
    )
    refuse_if([*filing_faults(filing, heard.beside)])
    asked = await put_to(db, cycle_id, heard.scheme, unit, new) if is_remark else None
    row = ObjectionRow(
        cycle_id=cycle_id,
        objection_id=uuid4(),
        unit=unit,
        objection_no=await next_objection_no(db, cycle_id, unit),
        edition=edition,
        put_to=asked,
        **new.model_dump(exclude={"form", "card_light", "text", "evidence"}),
        light=new.card_light,
        score=score,
        author=caller.subject,
        author_person=caller.person,
        filed_at=heard.moment,
    )
    policy = heard.policy.for_form(is_remark=is_remark)
    first = first_level(policy, asked)
    db.add(row)
    await db.flush()
    moved = await store_move(db, heard, row, first, FILE, new.text, caller, files=new.evidence)
    return await record(db, permit, row, moved, "scoring.objection-filed")


async def _require_remarks(db: Transaction, cycle_id: UUID, policy: ObjectionPolicy) -> None:
    if policy.remarks is None:
        raise ObjectionsNotForeseen("It has no `remarks`.", "方案没有写 `remarks`。")
    require_open(await phase_of_ledger(db, cycle_id))


def _fields(new: ObjectionSubject) -> dict[str, object]:
    found = new.model_dump(include={*ObjectionSubject.model_fields} - {"about"})
    return found | {"light": found.pop("card_light")}


def _is_same(earlier: StoredObjection, new: NewObjection, score: str | None) -> bool:
    """Say whether an earlier objection is about the same, and nothing has changed of it since."""
    row = earlier.row
    same = all(getattr(row, name) == value for name, value in _fields(new).items())
    if (row.edition is None) != (new.form == "remark"):
        return False
    if row.edition is None:
        return row.about == new.about and same and earlier.moves[-1].state == PENDING
    stands = earlier.moves[-1].state != WITHDRAWN and row.score == score
    return row.about == new.about and same and stands


@router.post(
    "/{objection_id}/answers",
    status_code=201,
    responses=documents(EvidenceNotNamed, NoSuchObjection, ObjectionMoved, *_REFUSALS),
)
async def answer_objection(
    cycle_id: UUID,
    objection_id: UUID,
    new: NewObjectionAnswer,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedObjection:
    """Take an objection of the caller's unit to the next level, or take it back.

    What was not upheld in whole goes further within the scheme's working days, what is overdue at
    once.
    """
    heard = await hold_objections(db, cycle_id, ask)
    unit = permit.caller.organisation or ""
    permit.require({"own_unit"} if unit in heard.scheme.category_of() else ())
    found = await find_objection(db, cycle_id, objection_id, Readable({unit}))
    files = [each.evidence_id for each in new.evidence]
    await require_readable(db, cycle_id, permit, ask, files, "")
    _require_step(found, new.step)
    said = Saying(new.move, None, [each.existed_on for each in new.evidence])
    return await _move(db, heard, permit, found, said, new)


@router.post(
    "/{objection_id}/decisions",
    status_code=201,
    responses=documents(NoSuchObjection, ObjectionMoved, *_REFUSALS),
)
async def decide_objection(
    cycle_id: UUID,
    objection_id: UUID,
    new: NewObjectionDecision,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedObjection:
    """Decide about an objection at the level at which it is: it is upheld, in whole or in part, or
    rejected, with the reason. Or say what it was carried out by, once it is upheld.

    Never by who entered, checked, signed or verified what it is about, or took part in the
    objection before, nor by anybody of a unit of the category.
    """
    heard = await hold_objections(db, cycle_id, ask)
    bodies = {each.body for each in heard.scheme.recusals}
    stands_in = permit.caller.organisation in bodies
    related = {SECOND_BODY} if stands_in else set[str]()
    permit.require(related | {PUT_TO})
    known = EVERY_OBJECTION if permit.allows(related) else Readable((), permit.caller.organisation)
    found = await find_objection(db, cycle_id, objection_id, known)
    _require_step(found, new.step)
    named = new.carried_out_by
    changed = named is not None and await has_changed(db, heard.scheme, found, named)
    said = Saying(new.move, new.stands, (), named, changed)
    return await _move(db, heard, permit, found, said, new)


def _require_step(found: StoredObjection, step: int) -> None:
    last = found.moves[-1]
    if step != last.step:
        raise ObjectionMoved(
            f"Its latest move is {last.step}, and it is {last.state}.",
            f"其最近一步为第{last.step}步，处于“{STATES_ZH[last.state]}”状态。",
            step=last.step,
            state=last.state,
        )


async def _move(
    db: Transaction,
    heard: Heard,
    permit: Permit,
    found: StoredObjection,
    said: Saying,
    new: NewObjectionAnswer | NewObjectionDecision,
) -> MovedObjection:
    caller = permit.caller
    actor = ObjectionActor(caller.person, caller.organisation, caller.roles)
    beside = await beside_of(db, heard.scheme, heard.beside, found)
    refuse_if([*moving_faults(found.now(heard.scheme.time_zone), said, actor, beside)])
    files = new.evidence if isinstance(new, NewObjectionAnswer) else ()
    moved = await store_move(
        db,
        heard,
        found.row,
        found.moves[-1],
        said.move,
        new.text,
        caller,
        stands=said.stands,
        carried_out_by=said.carried_out_by,
        files=files,
    )
    return await record(db, permit, found.row, moved, "scoring.objection-moved")


@router.get("", responses=documents(ObjectionsNotForeseen, StoredDataAltered, *PEERS))
async def list_objections(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    about: Annotated[ObjectionAbout | None, Query(description="About such a thing.")] = None,
    state: Annotated[
        list[ObjectionState] | None,
        Query(max_length=len(OBJECTION_STATES), description="In one of these states."),
    ] = None,
    objection_id: Annotated[UUID | None, Query(description="This one alone.")] = None,
) -> Page[Objection]:
    """List objections with all their moves, in the order in which they were filed.

    A unit gets its own, and the remarks that are put to it. Whoever decides gets those of the
    categories in which their own unit is not assessed.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    known, policy = readable(permit, scheme), policy_of(scheme)
    moment = await now(db)
    day = local_day(moment, scheme.time_zone)
    years = {*years_of(scheme.assessment_year), day.year, day.year + 1}
    calendar = await ask.working_days(years, moment)
    await require_true_objections(db, cycle_id)
    asked = ObjectionsAsked(unit, state or (), about, objection_id)
    found = await objections_on_page(db, cycle_id, page, known, asked)
    told = [shown(each, scheme, policy, day, calendar) for each in found]
    return Page[Objection].of(told, page.limit, lambda each: str(each.objection_id))
