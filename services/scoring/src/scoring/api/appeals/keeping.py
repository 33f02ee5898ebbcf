"""What an objection is about in the record, who brought it about, and how its moves are kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.deadlines import local_day
from chassis.identity import Caller
from scoring.api.appeals.documents import MovedObjection, NewObjectionFile, ObjectionSubject
from scoring.api.appeals.involved import NOBODY, codes_of, involved_in
from scoring.api.sheet.editions import scores_of
from scoring.peers import Peers
from scoring.queries import hold
from scoring.queries.appeals import (
    StoredObjection,
    card_of,
    claim_of,
    counted_entry,
    has_changed_since,
    indicator_of,
    is_corrected_by,
    require_true_objections,
)
from scoring.queries.ledger import now
from scoring.rules.appeals.refusals import ObjectionsNotForeseen
from scoring.rules.appeals.standing import Beside, Involved
from scoring.rules.appeals.states import CARD, CLAIM, DECISIONS, ENTRY, MARK, STEPS, WAVE
from scoring.rules.duties.owed import years_of
from scoring.rules.ledger.entries import BY_OFFICE
from scoring.rules.scheme.document import ObjectionPolicy, Scheme
from scoring.tables.appeals import ObjectionEvidenceRow, ObjectionMoveRow, ObjectionRow
from scoring.tables.ledger import LedgerEntryRow
from scoring.tables.sheet import ScoreSheetRow

HELD = "objections"
"""The word by which commands about objections wait for one another."""

PENDING_MOVES = ("file", "appeal")


@dataclass(frozen=True, slots=True)
class Heard:
    """Objections that no other command moves until the commit, and what moves are judged by."""

    scheme: Scheme
    policy: ObjectionPolicy
    moment: dt.datetime
    beside: Beside


async def hold_objections(db: AsyncSession, cycle_id: UUID, ask: Peers) -> Heard:
    """Keep other commands from the objections of a cycle until the commit."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    policy = policy_of(scheme)
    moment = await now(db)
    years = {*years_of(scheme.assessment_year), moment.year, moment.year + 1}
    calendar = await ask.working_days(years, moment)
    await hold(db, HELD, cycle_id)
    await require_true_objections(db, cycle_id)
    moment = await now(db)
    day = local_day(moment, scheme.time_zone)
    beside = Beside(policy, scheme.assessment_year, day, calendar)
    return Heard(scheme, policy, moment, beside)


def policy_of(scheme: Scheme) -> ObjectionPolicy:
    """Return what the scheme says of objections; refuse one that says nothing."""
    if scheme.objections is None:
        raise ObjectionsNotForeseen("It says nothing of them.", "方案没有写 `objections`。")
    return scheme.objections


async def is_known(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, unit: str, new: ObjectionSubject
) -> bool:
    """Say whether there is such a thing of the unit: what an objection would be about."""
    category = scheme.category_of()[unit]
    if new.about == MARK:
        return new.indicator in category.indicators()
    if new.about == CLAIM:
        return bool(new.claim_id and await claim_of(db, cycle_id, unit, new.claim_id))
    if new.about == ENTRY:
        return bool(new.entry_id and await counted_entry(db, cycle_id, unit, new.entry_id))
    if new.about == CARD:
        if new.indicator is None or new.period is None or new.card_light is None:
            return False
        card = new.indicator, new.period, new.card_light
        return await card_of(db, cycle_id, unit, card) is not None
    return new.survey in _surveys_of(scheme, category.code)


def _surveys_of(scheme: Scheme, category: str) -> set[str]:
    compiled = scheme.compiled_of.get(category, {})
    return {survey for each in compiled.values() for survey in each.reads.surveys}


async def score_in(
    db: AsyncSession, row: ScoreSheetRow, unit: str, new: ObjectionSubject
) -> str | None:
    """Return what an edition gave a unit for the mark or the claim that an objection is about."""
    if new.about not in (MARK, CLAIM) or row.basis is None:
        return None
    part = orjson.loads((await scores_of(db, row, [unit]))[unit])
    if new.about == CLAIM:
        points = {each["claim_id"]: each["points"] for each in part["claims"]}
        return points.get(str(new.claim_id))
    return _scores(part["sheet"]["indicator_scores"]).get(new.indicator or "")


def _scores(listed: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    found = dict[str, str | None]()
    for each in listed:
        found[each["indicator"]] = each["score"]
        found |= _scores(each["children"])
    return found


async def put_to(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, unit: str, new: ObjectionSubject
) -> str | None:
    """Return the unit that entered what a remark is about, which answers it first: never one that
    competes with the unit, and none of what the office or a survey brought about."""
    category = scheme.category_of()[unit]
    found = None
    if new.about == MARK:
        found = category.indicators()[new.indicator or ""].data_source_unit
    elif new.entry_id is not None:
        entry = await db.get_one(LedgerEntryRow, (cycle_id, new.entry_id))
        found = entry.author_unit
    return None if found is None or found in (BY_OFFICE, *category.units) else found


async def beside_of(
    db: AsyncSession, scheme: Scheme, beside: Beside, found: StoredObjection
) -> Beside:
    """Return what a move of an objection is judged by, with who may not decide about it."""
    involved = await involved_in(db, scheme, [found.row])
    return beside_row(scheme, beside, found.row, involved[found.row.objection_id])


def beside_row(
    scheme: Scheme, beside: Beside, row: ObjectionRow, involved: Involved = NOBODY
) -> Beside:
    """Return what a move of an objection is judged by, with who brought about what it is about."""
    category = scheme.category_of().get(row.unit)
    return replace(
        beside,
        policy=beside.policy.for_form(is_remark=row.edition is None),
        # Of a unit that a later version leaves out nobody knows any more with whom it competed.
        competing=frozenset(category.units if category else scheme.category_of()),
        second_body=scheme.second_body_of(row.unit),
        involved=involved,
    )


async def has_changed(
    db: AsyncSession, scheme: Scheme, found: StoredObjection, named: UUID
) -> bool:
    """Say whether an entry or a claim that an objection touches has changed since its decision, or
    a correction that rests on it was approved."""
    row = found.row
    decided = [each.entered_at for each in found.moves if each.move in DECISIONS]
    if not decided or row.about == WAVE:
        return False
    if await is_corrected_by(db, row, named):
        return True
    codes = await codes_touched(db, scheme, row)
    return await has_changed_since(db, row.cycle_id, row.unit, codes, named, decided[-1])


async def codes_touched(db: AsyncSession, scheme: Scheme, row: ObjectionRow) -> set[str]:
    """Return the indicators that an objection touches; none where it is about a claim."""
    if row.about in (MARK, WAVE):
        return codes_of(scheme, row)
    if row.about == CARD:
        return {row.indicator or ""}
    if row.entry_id is not None:
        return {await indicator_of(db, row.cycle_id, row.entry_id)}
    return set()


async def store_move(
    db: AsyncSession,
    heard: Heard,
    row: ObjectionRow,
    last: ObjectionMoveRow | int,
    move: str,
    text: str,
    caller: Caller,
    *,
    stands: str | None = None,
    carried_out_by: UUID | None = None,
    files: Sequence[NewObjectionFile] = (),
) -> MovedObjection:
    """Add a move of an objection after the last one, or the first at a level, how it stands after
    it, and the files that it names."""
    waits = move in PENDING_MOVES
    level = last if isinstance(last, int) else last.level + waits
    within = heard.policy.for_form(is_remark=row.edition is None).decide_within
    due = heard.beside.calendar.after(heard.beside.day, within)
    key = {"cycle_id": row.cycle_id, "objection_id": row.objection_id}
    made = ObjectionMoveRow(
        **key,
        step=1 if isinstance(last, int) else last.step + 1,
        move=move,
        state="pending" if isinstance(last, int) else STEPS[last.state, move].to,
        level=level,
        due=due if waits else None,
        text=text,
        stands=stands,
        carried_out_by=carried_out_by,
        actor=caller.subject,
        person=caller.person,
        unit=caller.organisation,
        entered_at=heard.moment,
    )
    db.add(made)
    await db.flush()
    named = {each.evidence_id: each.existed_on for each in files}
    db.add_all(
        ObjectionEvidenceRow(**key, step=made.step, evidence_id=file, existed_on=day)
        for file, day in named.items()
    )
    await db.flush()
    return MovedObjection(
        objection_id=row.objection_id,
        objection_no=row.objection_no,
        step=made.step,
        state=made.state,
        level=made.level,
        due=made.due,
        receipt=None,
    )


async def record(
    db: AsyncSession, permit: Permission, row: ObjectionRow, moved: MovedObjection, event: str
) -> MovedObjection:
    """Put a move on record in the journal."""
    body = {"objection_id": str(row.objection_id), "state": moved.state, "units": {row.unit: 1}}
    receipt = await journal.record(
        db, chain=str(row.cycle_id), caller=permit.caller, event=event, body=body
    )
    return moved.model_copy(update={"receipt": receipt})
