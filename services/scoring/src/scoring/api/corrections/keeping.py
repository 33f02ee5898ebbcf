"""Which corrections of a sealed record can be proposed and approved, and how they are kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permission
from chassis.identity import Caller
from chassis.refusals import Fault
from scoring.api.appeals.keeping import codes_touched
from scoring.api.corrections.claims import (
    Rules,
    check_claim,
    shares_with,
)
from scoring.api.corrections.documents import (
    DOCUMENT,
    MovedCorrection,
    NewCorrection,
    told,
)
from scoring.api.ledger.stand_ins import may_know_of
from scoring.queries import hold
from scoring.queries.appeals import (
    StoredObjection,
    objections_of,
    require_true_objections,
    speakers_of,
)
from scoring.queries.corrections import StoredCorrection, corrections_of
from scoring.queries.counted import counted_entries
from scoring.queries.ledger import entry_rows, phase_of_ledger, today
from scoring.rules.appeals.states import DECISIONS, PARTLY_UPHELD, UPHELD
from scoring.rules.corrections.aims import aim_faults, before_of, is_of_target, slot_of
from scoring.rules.corrections.claims import reason_of_share
from scoring.rules.corrections.correcting import (
    ADDS,
    APPROVED,
    OBJECTION,
    PROPOSED,
    REMOVES,
    REPLACES,
    Correction,
    CorrectionBarred,
    NoSuchCorrection,
    carried_before,
    clash_faults,
    refused,
    require_sealed,
    target_faults,
)
from scoring.rules.corrections.overturned import (
    OverturnedEntry,
    charge_of,
    overturned,
    reason_of,
)
from scoring.rules.corrections.surveyed import (
    SATISFACTION,
    is_of_survey,
    result_before,
    result_faults,
    result_of,
)
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.states import SEALED
from scoring.rules.scheme.document import Scheme
from scoring.tables.appeals import ObjectionRow
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow


async def hold_corrections(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Collection[str] = ()
) -> list[StoredCorrection]:
    """Keep other commands from the corrections of a sealed ledger until the commit."""
    phase = await phase_of_ledger(db, cycle_id)
    require_sealed(phase)
    permit.require(relations, phase)
    await hold(db, "corrections", cycle_id)
    return await corrections_of(db, cycle_id)


def of_id(stored: Sequence[StoredCorrection], correction_id: UUID) -> StoredCorrection:
    """Return the correction of an id; refuse one that there is not."""
    for each in stored:
        if each.row.correction_id == correction_id:
            return each
    raise NoSuchCorrection("There is no such correction.", "没有这项更正。")


async def known_before(
    db: AsyncSession,
    cycle_id: UUID,
    corrects: UUID | None,
    stored: Sequence[StoredCorrection],
    scheme: Scheme,
    permit: Permission,
) -> Entry | None:
    """Return what counts under the id that is to be corrected, if anything does of which who
    proposes may know."""
    if corrects is None:
        return None
    rows = await entry_rows(db, cycle_id, [corrects])
    units = {each.unit for each in rows.values()}
    units |= {each.row.unit for each in stored if each.row.correction_id == corrects}
    units = {each for each in units if may_know_of(each, scheme, permit, SEALED)}
    counted = await counted_entries(db, cycle_id, sorted(units)) if units else []
    return next((each for each in counted if each.entry_id == corrects), None)


async def require_no_speaker(
    db: AsyncSession, cycle_id: UUID, objection_id: UUID | None, person: str
) -> None:
    """Refuse whoever spoke for the unit in the objection that a correction rests on."""
    if objection_id is None:
        return
    if persons.is_among(person, await speakers_of(db, cycle_id, objection_id)):
        raise CorrectionBarred(
            "You spoke for the unit.", "您曾代表该单位办理异议。", cause="own-part"
        )


async def require_upheld(
    db: AsyncSession,
    cycle_id: UUID,
    new: NewCorrection | CorrectionRow,
    correction: Correction,
    scheme: Scheme,
    stored: Sequence[StoredCorrection],
) -> None:
    """Refuse an objection that is not upheld, is another unit's or about something else, or changed
    the same by an earlier correction, one that is missing, and one beside another origin."""
    at, fault = "/objection_id", None
    if new.origin != OBJECTION:
        if new.objection_id is not None:
            fault = Fault(at, "not-wanted", "It says nothing here.", "此处不得填写。")
    elif new.objection_id is None:
        fault = Fault(at, "missing", "It is wanted.", "不能为空。")
    else:
        named = await _upheld(db, cycle_id, new.objection_id, correction.unit)
        fault = await _objection_fault(db, named, correction, scheme, stored)
    if fault is not None:
        raise refused([fault])


async def _upheld(
    db: AsyncSession, cycle_id: UUID, objection_id: UUID, unit: str
) -> StoredObjection | None:
    """Return the objection of a unit that was upheld, in whole or in part; None where there is no
    such."""
    await require_true_objections(db, cycle_id)
    for each in await objections_of(db, cycle_id, unit):
        if each.row.objection_id == objection_id:
            return each if each.moves[-1].state in (UPHELD, PARTLY_UPHELD) else None
    return None


async def _objection_fault(
    db: AsyncSession,
    named: StoredObjection | None,
    correction: Correction,
    scheme: Scheme,
    stored: Sequence[StoredCorrection],
) -> Fault | None:
    """Return why an objection does not carry a correction; None where it does."""
    at, unit = "/objection_id", correction.unit
    if named is None:
        en = f"{unit} has no such objection that was upheld."
        return Fault(at, "not-upheld", en, f"{unit} 没有这项成立的异议。")
    if not await _is_about(db, scheme, named.row, correction):
        what = correction.indicator or correction.key
        return Fault(at, "not-about-it", f"It is not about {what}.", f"该异议与 {what} 无关。")
    since = max(each.entered_at for each in named.moves if each.move in DECISIONS)
    found = [(e.counted, e.rests_on_since(since)) for e in stored if e.state == APPROVED]
    if carried_before(correction, named.row.objection_id, found):
        en, zh = "It was carried out by another correction.", "该异议已由另一项更正办理落实。"
        return Fault(at, "carried-out-already", en, zh)
    return None


async def _is_about(
    db: AsyncSession, scheme: Scheme, row: ObjectionRow, correction: Correction
) -> bool:
    """Say whether an objection is about what is corrected: its claim, or its indicator."""
    if correction.claim_id is not None:
        return row.claim_id == correction.claim_id
    return correction.indicator in await codes_touched(db, scheme, row)


_ABOUT = ("unit", "indicator", "kind", "key", "item", "period")
_TOLD = ("value", "word", "occurred_on")


def require_new(
    new: NewCorrection, correction: Correction, stored: Sequence[StoredCorrection]
) -> None:
    """Refuse to add by a document what it adds already, or is proposed to: it would count twice."""
    if new.what != ADDS:
        return
    names, stand = (*_ABOUT, *_TOLD), (PROPOSED, APPROVED)
    added = [each.row for each in stored if each.state in stand]
    for each in added:
        own = each.what == ADDS and each.rests_on is None and each.document_no == new.document_no
        if own and all(getattr(each, name) == getattr(correction, name) for name in names):
            en = "The same document adds the same."
            raise refused([Fault("/document_no", "added-before", en, "该文件已补录同一内容。")])


def proposed(new: NewCorrection, before: Entry | None) -> Correction:
    """Return the correction that is asked for; refuse one that says too little or too much."""
    adds = new.what == ADDS
    needed = ("unit", "indicator", "kind", "period") if adds else ("corrects",)
    faults = [*_lacking(new, needed), *_unwanted(new, _EXTRA[new.what])]
    if not (adds or faults or before):
        faults = [Fault("/corrects", "not-counted", "It does not count.", "该记录未计入得分。")]
    if faults:
        raise refused(faults)
    told = {name: getattr(new, name) for name in _TOLD}
    about = {name: getattr(new if before is None else before, name) for name in _ABOUT}
    return Correction(uuid4(), new.what, new.corrects, **about, **told)


def proposed_aim(new: NewCorrection, stored: Sequence[StoredCorrection], year: int) -> Correction:
    """Return the correction of a target that is asked for; refuse one that says too little or too
    much."""
    unwanted = ("corrects", "key", "period", "word", "occurred_on")
    faults = [*_lacking(new, ("unit", "indicator")), *_unwanted(new, unwanted)]
    if faults:
        raise refused(faults)
    about = (new.unit or "", new.indicator, new.kind or "", None, new.item, str(year))
    found = Correction(uuid4(), new.what, None, *about, new.value, None, None)
    return found._replace(corrects=before_of(found, _approved(stored)))


def proposed_result(
    new: NewCorrection, stored: Sequence[StoredCorrection], year: int
) -> Correction:
    """Return the correction of what a survey found that is asked for; refuse one that says too
    little or too much."""
    unwanted = ("corrects", "item", "period", "word", "occurred_on")
    faults = [*_lacking(new, ("unit", "indicator", "key")), *_unwanted(new, unwanted)]
    if faults:
        raise refused(faults)
    about = (new.unit or "", new.indicator, SATISFACTION, new.key, None, str(year))
    found = Correction(uuid4(), new.what, None, *about, new.value, None, None)
    return found._replace(corrects=result_before(found, _approved(stored)))


def _check_result(correction: Correction, rules: Rules, stored: Sequence[StoredCorrection]) -> None:
    """Refuse a correction of what no survey found, or that changes nothing."""
    approved = _approved(stored)
    of_surveys = [each for each in stored if is_of_survey(each.counted)]
    waiting = [result_of(each.counted) for each in of_surveys if each.state == PROPOSED]
    about = (rules.found, rules.context.scheme, approved, waiting)
    faults = [*result_faults(correction, *about)]
    if not faults and correction.corrects != result_before(correction, approved):
        en, zh = "It was corrected meanwhile.", "该结果已另行更正。"
        faults = [Fault("/key", "not-counted", en, zh)]
    if faults:
        raise refused(faults)


def _approved(stored: Sequence[StoredCorrection]) -> list[Correction]:
    return [each.counted for each in stored if each.state == APPROVED]


def _check_aim(correction: Correction, rules: Rules, stored: Sequence[StoredCorrection]) -> None:
    """Refuse a correction of a target that is none, or that changes nothing."""
    approved = _approved(stored)
    waiting = [slot_of(each.counted) for each in stored if each.state == PROPOSED]
    about = (rules.targets, rules.context.scheme, approved, waiting)
    faults = [*aim_faults(correction, *about)]
    if not faults and correction.corrects != before_of(correction, approved):
        en, zh = "It was corrected meanwhile.", "该目标已另行更正。"
        faults = [Fault("/item", "not-counted", en, zh)]
    if faults:
        raise refused(faults)


_EXTRA: Mapping[str, Sequence[str]] = {
    ADDS: ("corrects",),
    REPLACES: _ABOUT,
    REMOVES: (*_ABOUT, *_TOLD),
}
"""What is not to be said, by what becomes of the record."""


def _lacking(new: NewCorrection, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if getattr(new, name) is None:
            yield Fault(f"/{name}", "missing", "It is wanted.", "不能为空。")


def _unwanted(new: NewCorrection, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if getattr(new, name) is not None:
            yield Fault(f"/{name}", "not-wanted", "It says nothing here.", "此处不得填写。")


async def check_correction(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    rules: Rules,
    stored: Sequence[StoredCorrection],
) -> None:
    """Refuse a correction of what does not count, or that no score would read."""
    if correction.claim_id is not None:
        await check_claim(db, cycle_id, correction, rules, stored)
    elif is_of_target(correction):
        _check_aim(correction, rules, stored)
    elif is_of_survey(correction):
        _check_result(correction, rules, stored)
    else:
        await _check_entry(db, cycle_id, correction, rules, stored)


async def _check_entry(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    rules: Rules,
    stored: Sequence[StoredCorrection],
) -> None:
    """Refuse a correction of an entry that does not count, or that no score would read."""
    scheme = rules.context.scheme
    counted = await counted_entries(db, cycle_id, [correction.unit])
    faults = list[Fault]()
    before = next((each for each in counted if each.entry_id == correction.corrects), None)
    if correction.what == ADDS:
        faults += clash_faults(counted, correction)
    else:
        waiting = {each.row.corrects for each in stored if each.state == PROPOSED}
        faults += target_faults(before, correction, waiting)
    if correction.what in (ADDS, REPLACES):
        faults += EntryForms(scheme, await today(db, scheme.time_zone)).faults(
            _draft(correction, before), ""
        )
    if faults:
        raise refused(faults)


def _draft(correction: Correction, before: Entry | None) -> Draft:
    names = (*_ABOUT, *_TOLD)
    told = {name: getattr(correction, name) for name in names}
    listed = before.superior_list if before else None
    result = before.result_document if before else None
    for document in (listed, result):
        told |= document._asdict() if document else {}
    panel = before.panel if before else None
    return Draft(**told, panel=panel, note=_NOTED)


_NOTED = "-"
"""A correction says why in its reason: no form asks for another."""


async def charged_by(
    db: AsyncSession, cycle_id: UUID, origin: str, correction: Correction, scheme: Scheme
) -> CardEvent[OverturnedEntry] | None:
    """Return what a correction costs the unit that entered what it overturns, or why nothing."""
    corrects, author = correction.corrects, None
    if corrects is not None:
        rows = await entry_rows(db, cycle_id, [corrects])
        author = rows[corrects].author_unit if corrects in rows else None
    return overturned(origin, correction, author, scheme, await today(db, scheme.time_zone))


class Decided(Protocol):
    """What became of a proposed correction, and why."""

    @property
    def decision(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str | None: ...  # noqa: D102


async def add_decision(
    db: AsyncSession,
    row: CorrectionRow,
    new: Decided,
    charged: CardEvent[OverturnedEntry] | None,
    stored: Sequence[StoredCorrection],
    caller: Caller,
) -> CorrectionDecisionRow:
    """Add what was decided, and with an approval what it costs whom it overturns, or is to the
    other shares of an award."""
    approved = new.decision == APPROVED
    charged = charged if approved else None
    shares = await shares_with(db, row, stored) if approved else []
    decision = CorrectionDecisionRow(
        cycle_id=row.cycle_id,
        correction_id=row.correction_id,
        decision=new.decision,
        corrects=row.corrects,
        text=new.text,
        kept_alone=charged and charged.kept_alone,
        actor=caller.subject,
        person=caller.person,
    )
    db.add(decision)
    added = charge_of(charged, uuid4()) if charged else None
    resting = [(each, reason_of_share(each)) for each in shares]
    if charged is not None and added is not None:
        resting.append((added, reason_of(charged.card)))
    await _add_resting(db, row, decision, resting)
    return decision


async def _add_resting(
    db: AsyncSession,
    row: CorrectionRow,
    decision: CorrectionDecisionRow,
    resting: Collection[tuple[Correction, str]],
) -> None:
    """Add corrections that rest on an approved one, with their reasons, approved with it and by the
    same two persons; they say nothing of the objection, nor of whose."""
    document = {name: getattr(row, name) for name in DOCUMENT if name != "objection_id"}
    about = {"cycle_id": row.cycle_id, "rests_on": row.correction_id}
    by = {"actor": row.actor, "person": row.person}
    for each, reason in resting:
        db.add(CorrectionRow(**each._asdict(), **document, **about, **by, reason=reason))
    await db.flush()  # the decisions name them
    by = {"actor": decision.actor, "person": decision.person, "decision": APPROVED}
    for each, _ in resting:
        key = {"cycle_id": row.cycle_id, "correction_id": each.correction_id}
        db.add(CorrectionDecisionRow(**key, **by, corrects=each.corrects))


async def recorded(
    db: AsyncSession,
    permit: Permission,
    found: StoredCorrection,
    what: str,
    zone: str,
) -> MovedCorrection:
    """Write in the journal what was done with a correction, and return it as it stands."""
    await db.flush()
    row = found.row
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"scoring.correction-{what}",
        body={"correction_id": str(row.correction_id), "state": found.state},
    )
    moved = told(found, await today(db, zone), zone)
    return MovedCorrection(correction=moved, receipt=receipt)
