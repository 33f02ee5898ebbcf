"""What may be entered into the ledger (台账), and by whom: every fault of a batch at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from chassis.refusals import Fault, Forbidden, Invalid, pointer
from scoring.rules.ledger.entries import INSPECTION_FINDING, PROGRESS_REPORT
from scoring.rules.ledger.seats import (
    Author,
    GivenMarks,
    Sitting,
    moved_fault,
    same_mark_fault,
    seat_faults,
    seats_by_person,
)
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import EnteredSlots, StoredEntry, counting
from scoring.rules.ledger.source_refs import Recognised, repeated
from scoring.rules.ledger.states import STATES_ZH, NotRestatable
from scoring.rules.scheme.document import OWN_UNIT, Indicator, Scheme


class BatchRejected(Invalid):
    """Some rows of the batch cannot be taken; nothing was kept."""

    zh = "该批中有不能接收的行，全部未保存。"
    remedy = (
        "Mend or leave out the rows that `errors` names, and send the batch again.",
        "请改正或去掉 `errors` 所指各行，然后重新提交该批。",
    )


class NotTheSeat(Forbidden):
    """Some marks are given from seats that are not the caller's; nothing was kept."""

    zh = "部分评分不属于本账户的席位，全部未保存。"
    remedy = (
        "Give marks only from the seats that the scheme names for this account.",
        "请只从方案为本账户规定的席位评分。",
    )


class NotTheDataSource(Forbidden):
    """The scheme names another unit as the data source of some entries; nothing was kept."""

    zh = "方案规定部分条目由其他单位报送，全部未保存。"
    remedy = (
        "Leave out what `errors` names: the unit that the scheme names enters it.",
        "请去掉 `errors` 所指各条，由方案规定的数据采集责任单位录入。",
    )


def check_batch(
    drafts: Sequence[Draft] | Mapping[int, Draft],
    scheme: Scheme,
    author: Author,
    *,
    stored: Iterable[StoredEntry] = (),
    leaving: Collection[UUID] = (),
    sittings: Collection[Sitting] = (),
    today: date | None = None,
    others: Iterable[Fault] = (),
) -> None:
    """Refuse a batch, or some rows of one by their positions, with any fault, naming all of them.

    `stored` are the entries that are in the ledger already and count, or wait to, without those
    that are `leaving` because these restate them; `sittings` who has given marks from which seats.
    Entries that are right in themselves but somebody else's to make are forbidden, not invalid.
    `others` are faults of the batch that were found before.
    """
    rows = drafts if isinstance(drafts, Mapping) else dict(enumerate(drafts))
    forms = EntryForms(scheme, today)
    faults, seats, foreign = _own_faults(rows, forms, author, sittings)
    foreign += seats
    faults += others
    # Whoever may not enter something learns nothing of what is entered there.
    beside = () if foreign else counting(stored, leaving)
    faults += _clashes(rows, forms, beside, "entries", dict.fromkeys(rows, author.unit))
    if faults:
        count = len({fault.pointer.split("/")[2] for fault in (*faults, *foreign)})
        raise BatchRejected(
            f"{count} entries are refused.", f"{count}条记录被拒绝。", faults=(*faults, *foreign)
        )
    if seats:
        raise NotTheSeat(
            f"{len(seats)} marks are given from seats that are not the caller's.",
            f"{len(seats)}条评分不属于本账户的席位。",
            faults=foreign,
        )
    if foreign:
        raise NotTheDataSource(
            f"{len(foreign)} entries are another unit's to make.",
            f"{len(foreign)}条记录应由其他单位报送。",
            faults=foreign,
        )


class RowByRow(NamedTuple):
    """The faults of rows that are left out, and which rows say `again` what an earlier one says."""

    faults: dict[int, list[Fault]]
    again: dict[int, int]


def faults_by_row(
    found: Recognised,
    drafts: Mapping[int, Draft],
    scheme: Scheme,
    author: Author,
    *,
    stored: Iterable[StoredEntry] = (),
    sittings: Collection[Sitting] = (),
    today: date | None = None,
) -> RowByRow:
    """Return the faults of those rows that cannot be taken while the others are.

    A row is held against what is stored, and against the rows before it that are taken: of several
    that clash with one another the first without fault is. A row that is somebody else's to make is
    held against nothing, and keeps no other out. What takes the place of an entry goes first.
    """
    forms = EntryForms(scheme, today)
    faults = found.faults | _by_row(chain(*_own_faults(found.left, forms, author, sittings)))
    sound = {row: draft for row, draft in drafts.items() if row not in faults}
    again, twice = repeated(sound, found.about)
    faults |= twice
    gone = faults.keys() | again.keys()
    left = {row: draft for row, draft in found.left.items() if row not in gone}
    leaving = {row: ids for row, ids in found.leaving.items() if row in left}
    return RowByRow(faults | _by_row(_alone(left, leaving, forms, author, stored)), again)


def _alone(
    left: Mapping[int, Draft],
    leaving: Mapping[int, Collection[UUID]],
    forms: EntryForms,
    author: Author,
    stored: Iterable[StoredEntry],
) -> Iterator[Fault]:
    """Yield the rows that cannot count while the others do; those that take the place of an entry
    go first."""
    there, gone = counting(stored), {*chain.from_iterable(leaving.values())}
    beside = [each for each in there if each.entry_id not in gone]
    of_row = {row: [each for each in there if each.entry_id in ids] for row, ids in leaving.items()}
    ordered = {row: left[row] for row in leaving} | dict(left)
    authors = dict.fromkeys(ordered, author.unit)
    return _clashes(ordered, forms, beside, "entries", authors, of_row, taken_alone=True)


def _own_faults(
    drafts: Mapping[int, Draft], forms: EntryForms, author: Author, sittings: Collection[Sitting]
) -> tuple[list[Fault], list[Fault], list[Fault]]:
    """Return what is wrong with entries by themselves, with the seats they are given from, and
    which are another unit's to make."""
    faults, seats, foreign = list[Fault](), list[Fault](), list[Fault]()
    sat = seats_by_person(sittings)
    for row, draft in drafts.items():
        at = pointer("entries", row)
        faults += forms.faults(draft, at)
        if draft.panel is not None:
            seats += seat_faults(draft, forms, author, sat, f"{at}/item")
        elif (indicator := forms.indicator_of(draft)) is not None:
            competing = forms.scheme.category_of()[draft.unit].units
            foreign += _source(draft, indicator, author.unit, competing, at)
    return faults, seats, foreign


def _by_row(faults: Iterable[Fault]) -> dict[int, list[Fault]]:
    """Return faults by the row that their pointers lead to."""
    found = dict[int, list[Fault]]()
    for fault in faults:
        found.setdefault(int(fault.pointer.split("/")[2]), []).append(fault)
    return found


def of_row(faults: Iterable[Fault], row: int) -> list[Fault]:
    """Return the faults of one row as those of another that says the same."""
    rest = ((fault, fault.pointer.split("/")[3:]) for fault in faults)
    return [replace(fault, pointer=pointer("entries", row, *field)) for fault, field in rest]


def misfits(
    drafts: Mapping[int, Draft],
    scheme: Scheme,
    stored: Iterable[StoredEntry],
    authors: Mapping[int, Author],
    sittings: Collection[Sitting] = (),
    leaving: Collection[UUID] = (),
) -> list[Fault]:
    """Return which stored entries no score would read, by their positions among the `entry_ids`.

    They stand beside those that are `stored` already, without those that they restate. `authors`
    are who entered them, who may have left the seat since.
    """
    forms, faults, sat = EntryForms(scheme), list[Fault](), seats_by_person(sittings)
    for row, draft in drafts.items():
        at = pointer("entry_ids", row)
        faults += (replace(fault, pointer=at) for fault in forms.faults(draft, at))
        faults += moved_fault(draft, forms.panel_of(draft), at)
        faults += seat_faults(draft, forms, authors[row], sat, at)
    units = {row: author.unit for row, author in authors.items()}
    beside = counting(stored, leaving)
    return [*faults, *_clashes(drafts, forms, beside, "entry_ids", units)]


def _clashes(
    drafts: Mapping[int, Draft],
    forms: EntryForms,
    stored: Iterable[StoredEntry],
    where: str,
    authors: Mapping[int, str | None],
    back: Mapping[int, Iterable[StoredEntry]] = MappingProxyType({}),
    *,
    taken_alone: bool = False,
) -> Iterator[Fault]:
    """Yield the entries that cannot count beside one that is there, or that comes before them.

    Where each can be `taken_alone`, one that clashes is left out, and none after it is held
    against it; what it was to take the place of is there `back` then.
    """
    slots, marks = EnteredSlots(forms.scheme), GivenMarks(forms)

    def add(entries: Iterable[StoredEntry]) -> None:
        for each in entries:
            marks.add(each, each.author_unit)
            en = f"Entry {each.entry_id} ({each.state})"
            slots.add(each, (en, f"记录 {each.entry_id}（{STATES_ZH[each.state]}）"))

    add(stored)
    for row, draft in drafts.items():
        at, faults = pointer(where, row), list[Fault]()
        if (found := slots.clash(draft)) is not None:
            clash, (en, zh) = found
            faults.append(Fault(at, clash.code, clash.en.format(en), clash.zh.format(zh)))
        # Only what is taken is remembered as given.
        if not (faults and taken_alone) and (other := marks.add(draft, authors[row])) is not None:
            faults.append(same_mark_fault(draft, other, at))
        yield from faults
        if faults and taken_alone:
            add(back.get(row, ()))
        else:
            slots.add(draft, (f"Entry {row}", f"第{row}条（从0起）"))


def is_source(indicator: Indicator, unit: str, caller_unit: str | None) -> bool:
    """Say whether the caller's unit is the one to enter values of `unit` for the indicator."""
    named = unit if indicator.data_source_unit == OWN_UNIT else indicator.data_source_unit
    return caller_unit is not None and caller_unit == named


def _source(
    draft: Draft, indicator: Indicator, poster: str | None, competing: Collection[str], at: str
) -> Iterator[Fault]:
    if draft.kind == PROGRESS_REPORT:
        if poster != draft.unit:
            yield Fault(
                f"{at}/unit",
                "not-the-own-unit",
                f"{draft.unit} reports its progress itself, and {poster} its own.",
                f"进展情况由本单位填报：{draft.unit} 的不由 {poster} 填报。",
            )
        return
    if draft.kind == INSPECTION_FINDING:
        yield from _inspector(draft, indicator, poster, competing, at)
    elif not is_source(indicator, draft.unit, poster):
        named = indicator.data_source_unit
        yield Fault(
            f"{at}/indicator",
            "not-the-data-source",
            f"{draft.indicator} is entered by {named}, not by {poster}.",
            f"{draft.indicator} 由 {named} 报送，不由 {poster} 报送。",
        )


def _inspector(
    draft: Draft, indicator: Indicator, poster: str | None, competing: Collection[str], at: str
) -> Iterator[Fault]:
    """Yield a finding of a body that the scheme does not name for it, or about the body itself or
    those that it is assessed with."""
    if poster not in indicator.findings_by:
        named, zh = ", ".join(indicator.findings_by), "、".join(indicator.findings_by)
        yield Fault(
            f"{at}/indicator",
            "not-a-supervising-body",
            f"Findings for {draft.indicator} are entered by {named or 'nobody'}, not by {poster}.",
            f"{draft.indicator} 的检查发现由 {zh} 录入，不由 {poster} 录入。"
            if zh
            else f"方案未规定任何单位可录入 {draft.indicator} 的检查发现。",
        )
    elif poster == draft.unit:
        yield Fault(
            f"{at}/unit",
            "own-unit",
            f"{poster} enters what it found of other units, and nothing about itself.",
            f"{poster} 只录入对其他单位的检查发现，不录入本单位的。",
        )
    elif poster in competing:
        yield Fault(
            f"{at}/unit",
            "own-category",
            f"{poster} is assessed in the category of {draft.unit}, and finds nothing about it.",
            f"{poster} 与 {draft.unit} 在同一类别参评，须回避，不得录入其检查发现。",
        )


def check_restated(former: Draft, restated: Draft) -> None:
    """Refuse what restates nothing of an entry, or is about something else than that entry is."""
    if restated.slot != former.slot:
        raise NotRestatable(
            "A restatement is about the same unit, indicator, key, item and period.",
            "修订须与原记录的单位、指标、录入项、分项和期间相同。",
        )
    told = (restated.value, restated.word, restated.occurred_on, restated.document_told)
    if told == (former.value, former.word, former.occurred_on, former.document_told):
        raise NotRestatable(
            "Value, status and day are what they were: nothing is restated.",
            "数值、状态和日期均与原记录相同，没有可修订的内容。",
        )
