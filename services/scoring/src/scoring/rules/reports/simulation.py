"""Simulation (模拟): stored entries with some values replaced, added or left out."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from chassis.refusals import Fault, Invalid, pointer
from scoring.rules.ledger.batch import BatchRejected, check_batch
from scoring.rules.ledger.entries import (
    EXTERNAL_RESULT,
    LAST_YEAR,
    NOT_APPLICABLE,
    SUPERIOR_RANK,
    Entry,
    SuperiorList,
    span_of,
    year_of,
)
from scoring.rules.ledger.seats import Author
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.reports.so_far import told_after_release
from scoring.rules.scheme.document import OWN_UNIT, Category, Scheme
from scoring.rules.scheme.plan import plan_of


class ChangesRejected(Invalid):
    """Some of the changed values cannot be inputs of this scheme."""

    zh = "部分修改值不能作为本方案的输入。"
    remedy = (
        "Mend the values that `errors` names, and send them again.",
        "请改正 `errors` 所指的修改值后重新提交。",
    )


@dataclass(frozen=True, slots=True)
class SimulatedValue:
    """A value that takes the place of what is stored; without value and word it is left out.

    Only a declaration that an indicator is not applicable has neither, and cannot be taken away. Of
    a place in the superior's list it may say of how many (`listed`); else that is as it is stored.
    """

    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    listed: int | None = None

    @property
    def slot(self) -> tuple[str | None, ...]:
        """The fields by which the entries are found that it replaces."""
        return _slot(self)

    @property
    def removes(self) -> bool:
        """Whether the value would not have been entered at all."""
        return self.value is None and self.word is None and self.kind != NOT_APPLICABLE


def check_changes(
    changes: Sequence[SimulatedValue], scheme: Scheme, entries: Iterable[Entry]
) -> None:
    """Refuse changes with any fault, naming all of them by their position among the `values`.

    A value has to be one that its data source could enter; one that is taken away has to be there.
    """
    present = {_slot(entry): entry for entry in entries}
    faults = [*_repeated(changes), *_absent(changes, present)]
    forms = EntryForms(scheme)
    drafts = [_draft(each, present.get(each.slot), forms) for each in changes]
    for author, rows in _by_author(changes, scheme).items():
        faults += _entered(drafts, rows, scheme, author)
    if faults:
        ordered = sorted(faults, key=lambda fault: int(fault.pointer.split("/")[2]))
        raise ChangesRejected(
            f"{len(faults)} fault(s) in the changed values.",
            f"修改值有{len(faults)}处错误。",
            faults=ordered,
        )


def check_own(changes: Sequence[SimulatedValue], scheme: Scheme, category: Category) -> None:
    """Refuse values of a unit for indicators in which others have a part: what these come to is
    told once it is released."""
    hidden = told_after_release(scheme, plan_of(scheme, category))
    withheld = {
        each.code
        for block in category.blocks
        for indicator in block.indicators
        if indicator.code in hidden
        for each in indicator.walk()
    }
    faults = [
        Fault(
            pointer("values", row, "indicator"),
            "others-have-a-part",
            f"What {change.indicator} comes to depends on others, and is told after its release.",
            f"{change.indicator} 的得分与他人有关，公布之后方可告知。",
        )
        for row, change in enumerate(changes)
        if change.indicator in withheld
    ]
    if faults:
        count = len(faults)
        raise ChangesRejected(
            f"{count} fault(s) in the changed values.", f"修改值有{count}处错误。", faults=faults
        )


def with_changes(
    entries: Iterable[Entry], changes: Sequence[SimulatedValue], scheme: Scheme
) -> list[Entry]:
    """Return the entries as they would be; a changed one bears the number of its change as id.

    What replaces an entry keeps its author's unit, since own marks may not count.
    """
    slots = {change.slot for change in changes}
    kept, replaced = list[Entry](), dict[tuple[str | None, ...], Entry]()
    for entry in entries:
        if _slot(entry) in slots:
            replaced[_slot(entry)] = entry
        else:
            kept.append(entry)
    forms = EntryForms(scheme)
    changed = [
        _entry(number, change, replaced.get(change.slot), forms.panel_of(change))
        for number, change in enumerate(changes, 1)
        if not change.removes
    ]
    return [*kept, *changed]


def _entry(number: int, change: SimulatedValue, replaced: Entry | None, panel: str | None) -> Entry:
    return Entry(
        UUID(int=number),
        change.unit,
        change.indicator,
        change.kind,
        change.key,
        change.item,
        change.period,
        change.value,
        change.word,
        replaced.author_unit if replaced else None,
        replaced.occurred_on if replaced else None,
        panel,
        superior_list=_list_of(change, replaced),
        result_document=replaced.result_document if replaced else None,
        fraud=replaced.fraud if replaced else None,
    )


def _list_of(change: SimulatedValue, replaced: Entry | None) -> SuperiorList | None:
    """Return the superior's list in which a value is a place: the stored one, of as many as the
    value says."""
    stored = replaced.superior_list if replaced else None
    if change.kind != SUPERIOR_RANK or change.listed is None:
        return stored
    if stored is None:
        return SuperiorList(change.listed, None, _UNTOLD, span_of(change.period)[1])
    return stored._replace(listed=change.listed)


_UNTOLD = "-"
"""The document of a list that there is not."""


def _slot(one: Entry | SimulatedValue) -> tuple[str | None, ...]:
    return (one.unit, one.indicator, one.kind, one.key, one.item, one.period)


def _repeated(changes: Sequence[SimulatedValue]) -> Iterator[Fault]:
    first: dict[tuple[str | None, ...], int] = {}
    for row, change in enumerate(changes):
        if first.setdefault(change.slot, row) != row:
            yield Fault(
                pointer("values", row),
                "duplicate-value",
                f"Value {first[change.slot]} is about the same.",
                f"与第{first[change.slot]}项（从0起）重复。",
            )


def _absent(
    changes: Sequence[SimulatedValue], present: Collection[tuple[str | None, ...]]
) -> Iterator[Fault]:
    for row, change in enumerate(changes):
        if change.removes and change.listed is not None:
            yield Fault(
                pointer("values", row, "listed"),
                "not-wanted",
                "What is taken away has no place in a list.",
                "被去除的值不带名次。",
            )
        if change.removes and change.slot not in present:
            yield Fault(
                pointer("values", row),
                "nothing-to-take-away",
                "No counted entry is about this; give a value or a word.",
                "没有与此对应的有效记录；请给出数值或词语。",
            )


def _by_author(changes: Sequence[SimulatedValue], scheme: Scheme) -> dict[Author, list[int]]:
    """Return the positions of the values by who would enter them: a unit, or a seat's account."""
    rows, forms = dict[Author, list[int]](), EntryForms(scheme)
    indicators = {category.code: category.indicators() for category in scheme.categories}
    categories = scheme.category_of()
    for row, change in enumerate(changes):
        category = categories.get(change.unit)
        known = indicators[category.code].get(change.indicator) if category else None
        source = known.data_source_unit if known else OWN_UNIT
        author = Author(change.unit if source == OWN_UNIT else source)
        panel = forms.panel_of(change)
        if panel and (seat := forms.seat_of(panel, change.item)):
            author = Author(seat.unit, seat.account)
        if not change.removes:
            rows.setdefault(author, []).append(row)
    return rows


def _entered(
    drafts: Sequence[Draft], rows: Sequence[int], scheme: Scheme, author: Author
) -> list[Fault]:
    """Return what would be wrong with these values if their data source entered them."""
    seated = EntryForms(scheme).seated(drafts[row] for row in rows)
    try:
        check_batch(seated, scheme, author)
    except BatchRejected as rejected:
        return [_fault_of_value(fault, rows) for fault in rejected.faults]
    return []


def _draft(change: SimulatedValue, replaced: Entry | None, forms: EntryForms) -> Draft:
    draft = Draft(
        change.unit,
        change.indicator,
        change.kind,
        change.key,
        change.item,
        change.period,
        change.value,
        change.word,
        note="as it would be",
        listed=change.listed,
    )
    if change.kind == EXTERNAL_RESULT and year_of(change.period) is not None:
        return _result(draft, forms)
    if change.kind != SUPERIOR_RANK or year_of(change.period) is None:
        return draft
    day = span_of(change.period)[1] + dt.timedelta(days=1)  # lists appear once it is over
    told = _list_of(change, replaced)
    found = replace(draft, document_no=draft.note, document_date=day, occurred_on=day)
    return replace(found, listed=None if told is None else told.listed)


def _result(draft: Draft, forms: EntryForms) -> Draft:
    """Return the result of another system as though it had come in time."""
    form = forms.form_for(draft.unit, draft.indicator)
    opens, is_ranked = (None, False) if form is None else (form.opens, form.ranked)
    day = opens or span_of(draft.period)[1]
    return replace(
        draft,
        occurred_on=day,
        listed=draft.listed or (1 if is_ranked else None),
        document_no=_UNTOLD,
        document_date=day,
        authority=_UNTOLD,
        about_from=day,
        about_until=day,
        stands_in=draft.item == LAST_YEAR,
    )


def _fault_of_value(fault: Fault, rows: Sequence[int]) -> Fault:
    """Return a fault of a drafted entry with the pointer of the value it was made of."""
    _, _, row, *field = fault.pointer.split("/")
    return replace(fault, pointer=pointer("values", rows[int(row)], *field))
