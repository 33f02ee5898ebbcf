"""Corrections of a sealed ledger (封存后更正): who proposes and decides them, and what counts then.

The ledger stays what it was. A correction that was approved is laid over it wherever entries are
counted: in the place of an entry, without it, or beside the others.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing
from scoring.rules.columns.exact import show
from scoring.rules.ledger.entries import BY_ID, BY_OFFICE, HAPPENED, KINDS_ZH, Entry
from scoring.rules.ledger.states import SEALED
from scoring.rules.scheme.document import Scheme

ORIGINS = COURT, AUDIT, SUPERIOR, OBJECTION = "court", "audit", "superior", "objection"
"""Whose document a correction rests on: a court's, an auditor's or the superior's, or that of a
decision by which an objection was upheld."""

WHATS = REPLACES, REMOVES, ADDS = "replaces", "removes", "adds"
PROPOSED, APPROVED, REFUSED = "proposed", "approved", "refused"
WITHDRAWN = "withdrawn"
CORRECTION_STATES = (PROPOSED, APPROVED, REFUSED, WITHDRAWN)

_DECIDES = "one of the committee who did not propose it, had no part in what is corrected, and is "
_DECIDES += "of no unit of the category"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (PROPOSED, APPROVED): f"{_DECIDES}; from then on it counts",
    (PROPOSED, REFUSED): "the same, with a reason; nothing changes",
    (PROPOSED, WITHDRAWN): "who may propose it, with a reason; nothing changes",
}
"""Every step of a correction, and who takes it."""


class NoSuchCorrection(Missing):
    """The cycle has no such correction that the caller may know of."""

    zh = "本年度没有调用者可以查阅的这项更正。"
    remedy = "Look its id up in the list of corrections.", "请在更正清单中查对标识。"


class CorrectionRefused(Invalid):
    """The sealed record cannot be corrected so."""

    zh = "不能这样更正已封存的记录。"
    remedy = (
        "Mend what `errors` tells of; `corrects` names an entry that counts, or the correction "
        "that counts in its place.",
        "请改正 `errors` 所指各处；`corrects` 应为计入得分的记录，或已替代它的更正。",
    )


class CorrectionDecided(Conflict):
    """The correction was decided, or taken back, before."""

    zh = "该项更正已经决定或撤回。"
    remedy = "Propose another one, with its document.", "如需再行更正，请凭文件另行提请。"


class CorrectionBarred(Forbidden):
    """The caller has a part or an interest in this correction."""

    zh = "调用者须回避该项更正。"
    remedy = (
        "Have another person do it, who had no part in what is corrected and whose unit is not "
        "assessed in the category.",
        "请由未经办该记录、所在单位不参评该类别的其他人办理。",
    )


class LedgerNotSealed(Conflict):
    """The ledger is open: what is wrong in it is mended there."""

    zh = "台账尚未封存，请在台账内改正。"
    remedy = "Restate or reverse the entry.", "请修订或冲销该记录。"


class Correction(NamedTuple):
    """A correction that was approved, as far as it counts: what an entry would tell, and which
    entry, claim or correction it `corrects`.

    Where that is a claim, or began with one, `claim_id` names it; it is no indicator's.
    """

    correction_id: UUID
    what: str
    corrects: UUID | None
    unit: str
    indicator: str | None
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    occurred_on: dt.date | None
    claim_id: UUID | None = None


def told_by(entry: Entry | Correction) -> str:
    """Return what an entry says: its word, its value, or its day."""
    if entry.word is not None:
        return entry.word
    if entry.value is not None:
        return show(entry.value)
    return "" if entry.occurred_on is None else entry.occurred_on.isoformat()


def laid_over(
    entries: Iterable[Entry], all_: Sequence[Correction], units: Collection[str]
) -> list[Entry]:
    """Return what counts of some units once corrections are laid over their entries, in the order
    of ids: what takes an entry's place has the correction's id and says what was there before."""
    corrections = of_entries(all_)
    over = {each.corrects: each for each in corrections if each.corrects is not None}
    wanted = frozenset(units)
    added = [_added(each) for each in corrections if each.what == ADDS and each.unit in wanted]
    found = (_as_corrected(each, over) for each in (*entries, *added))
    return sorted((each for each in found if each is not None), key=BY_ID)


def carried_before(
    correction: Correction, objection_id: UUID, stored: Collection[tuple[Correction, UUID | None]]
) -> bool:
    """Say whether an objection changed by an approved correction already what another is to change:
    what stands in its place, or the same that was added."""
    mine = {each.correction_id: each for each, rests_on in stored if rests_on == objection_id}
    if correction.what == ADDS and correction.claim_id is None:
        return _thing(correction) in {_thing(e) for e in mine.values() if e.what == ADDS}
    before, at = {each.correction_id: each.corrects for each, _ in stored}, correction.corrects
    while at in before:
        if at in mine:
            return True
        at = before[at]
    return False


def of_entries(corrections: Iterable[Correction]) -> list[Correction]:
    """Return the corrections that are about entries, and neither about claims nor targets."""
    return [e for e in corrections if e.claim_id is None and e.kind in KINDS_ZH]


def corrected_by_id(
    wanted: Iterable[UUID], corrections: Mapping[UUID, Correction], originals: Mapping[UUID, Entry]
) -> Iterator[Entry]:
    """Yield the corrections of these ids as they count, whatever was corrected after them."""
    for each in wanted:
        if each in corrections:
            yield _built(corrections[each], corrections, originals)


def roots_of(wanted: Iterable[UUID], corrections: Mapping[UUID, Correction]) -> set[UUID]:
    """Return the entries of the ledger that corrections of these ids began from."""
    found = set[UUID]()
    for each in wanted:
        at: UUID | None = each
        while at is not None and at in corrections:
            at = corrections[at].corrects
        if at is not None:
            found.add(at)
    return found


def uncorrected_ids(
    entries: Iterable[Entry], all_: Sequence[Correction], units: Collection[str]
) -> list[UUID]:
    """Return which entries of some units would count without the corrections laid over them."""
    corrections = of_entries(all_)
    if not corrections:
        return [each.entry_id for each in entries]
    wanted, made = frozenset(units), {each.correction_id for each in corrections}
    taken = {each.corrects for each in corrections if each.unit in wanted}
    kept = {each.entry_id for each in entries} | {each for each in taken if each is not None}
    return sorted(kept - made)


def _as_corrected(entry: Entry, over: Mapping[UUID, Correction]) -> Entry | None:
    found = entry
    while (correction := over.get(found.entry_id)) is not None:
        if correction.what == REMOVES:
            return None
        found = _replaced(found, correction)
    return found


def _built(
    correction: Correction,
    corrections: Mapping[UUID, Correction],
    originals: Mapping[UUID, Entry],
) -> Entry:
    if correction.corrects is None:
        return _added(correction)
    before = corrections.get(correction.corrects)
    if before is None:
        return _replaced(originals[correction.corrects], correction)
    return _replaced(_built(before, corrections, originals), correction)


def _replaced(entry: Entry, correction: Correction) -> Entry:
    return entry._replace(
        entry_id=correction.correction_id,
        value=correction.value,
        word=correction.word,
        occurred_on=correction.occurred_on,
        former=told_by(entry),
        corrected=True,
        corrects=entry.entry_id,
    )


def _added(correction: Correction) -> Entry:
    names = ("unit", "indicator", "kind", "key", "item", "period", "value", "word", "occurred_on")
    told = {name: getattr(correction, name) for name in names}
    return Entry(correction.correction_id, **told, author_unit=BY_OFFICE, corrected=True)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who proposed a correction, and who had a part in what it corrects."""

    proposer: str
    parts: Collection[str]


def require_sealed(phase: str) -> None:
    """Refuse to correct a ledger that is open."""
    if phase != SEALED:
        raise LedgerNotSealed("The ledger is open.", "台账尚未封存。", phase=phase)


def competes(unit: str, scheme: Scheme, own: str | None) -> bool:
    """Say whether a unit is assessed in the category of the one whose record is corrected."""
    category = scheme.category_of().get(unit)
    return category is not None and own in category.units


def check_interest(units: Iterable[str], scheme: Scheme, own: str | None) -> None:
    """Refuse a caller whose unit competes with one of those whose scores are concerned."""
    if any(competes(unit, scheme, own) for unit in units):
        raise CorrectionBarred(f"{own} is assessed there.", f"{own} 参评该类别。", cause="competes")


def require_proposed(state: str) -> None:
    """Refuse to decide about a correction that was decided, or taken back, before."""
    if state != PROPOSED:
        raise CorrectionDecided(f"It is {state}.", "该项更正已决定或撤回。", state=state)


def check_decision(state: str, hands: Hands, decision: str, text: str | None, person: str) -> None:
    """Refuse a second decision, one by who proposed the correction or had a part in what it
    corrects, and a refusal without its reason."""
    require_proposed(state)
    if (bar := bar_of(hands, person)) is not None:
        raise CorrectionBarred("You had a part in it.", "该事项曾由您本人办理。", cause=bar)
    if decision == REFUSED and text is None:
        fault = Fault("/text", "missing", "A reason is wanted.", "须说明理由。")
        raise refused([fault])


def bar_of(hands: Hands, person: str) -> str | None:
    """Return why a person does not decide about a correction; None where it may."""
    if persons.is_same(hands.proposer, person):
        return "own-proposal"
    return "own-part" if persons.is_among(person, hands.parts) else None


def target_faults(
    entry: Entry | None, correction: Correction, waiting: Collection[UUID | None]
) -> Iterator[Fault]:
    """Yield why something cannot be corrected so: it does not count, another correction of it
    waits, or nothing would be another than it is."""
    at = "/corrects"
    if correction.corrects in waiting:
        yield Fault(at, "being-corrected", "Another correction waits.", "另有更正待决定。")
    if entry is None:
        yield Fault(at, "not-counted", "It does not count.", "该记录未计入得分。")
    elif correction.what == REPLACES and _tells(entry) == _tells(correction):
        yield Fault("/value", "nothing-changes", "It says so already.", "与原记录相同。")


def clash_faults(counted: Iterable[Entry], correction: Correction) -> Iterator[Fault]:
    """Yield that something counts already where a correction would add: that is to be replaced."""
    if correction.kind in HAPPENED:
        return
    for each in counted:
        if _slot(each) == _slot(correction):
            en = f"{each.entry_id} says so: replace it."
            yield Fault("/what", "counts-already", en, f"已有 {each.entry_id}，请予替换。")


def _slot(entry: Entry | Correction) -> tuple[str | None, ...]:
    return entry.unit, entry.indicator, entry.kind, entry.key, entry.item, entry.period


def _thing(entry: Correction) -> tuple[object, ...]:
    return *_slot(entry), entry.occurred_on


def _tells(entry: Entry | Correction) -> tuple[object, ...]:
    return entry.value, entry.word, entry.occurred_on


def refused(faults: Sequence[Fault]) -> CorrectionRefused:
    """Return the refusal that names these faults."""
    en, zh = f"{len(faults)} fault(s).", f"共{len(faults)}处错误。"
    return CorrectionRefused(en, zh, faults=list(faults))
