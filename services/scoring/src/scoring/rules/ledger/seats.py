"""Seats of a panel (评委席位): who may give which marks, and which marks nobody gives twice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chassis import persons
from chassis.refusals import Fault
from scoring.rules.columns.exact import show
from scoring.rules.ledger.entries import PANEL_MARK
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import Cell, StoredEntry
from scoring.rules.scheme.document import Scheme, Seat

NAMED_SOURCE = "named_source"
"""The relation of the unit that the scheme names as the data source of what is entered."""

SEAT = "seat"
"""The relation of an account to a seat of a panel that the scheme says it holds."""

AUTHORS = (NAMED_SOURCE, SEAT)
"""The relations by which something is entered."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who enters: the unit, and for marks from a seat the account and the person behind it."""

    unit: str | None
    account: str | None = None
    person: str | None = None

    def holds(self, seat: Seat | None) -> bool:
        """Say whether the account holds the seat, and still belongs to the seat's unit."""
        return seat is not None and (seat.account, seat.unit) == (self.account, self.unit)


class Sitting(NamedTuple):
    """A person who has given marks from a seat of a panel."""

    panel: str
    seat: str
    person: str


def seats_by_person(sittings: Iterable[Sitting]) -> Mapping[str, set[tuple[str, str]]]:
    """Return from which seats of which panels each person has given marks."""
    found: dict[str, set[tuple[str, str]]] = {}
    for each in sittings:
        found.setdefault(persons.folded(each.person), set()).add((each.panel, each.seat))
    return found


def seat_faults(
    draft: Draft,
    forms: EntryForms,
    author: Author,
    sat: Mapping[str, set[tuple[str, str]]],
    at: str,
) -> Iterator[Fault]:
    """Yield that a mark from a seat is not the author's to give: the seat is another account's, or
    the person behind the account has given marks from another seat.

    The scheme knows accounts only; two of them may be one person's. `sat` is who has given marks
    from which seats.
    """
    if draft.panel is None:
        return
    if not author.holds(forms.seat_of(draft.panel, draft.item)):
        yield Fault(
            at,
            "not-the-seat",
            f"Seat {draft.item} of {draft.panel} is another account's, or of another unit than "
            "the account.",
            f"{draft.panel} 的席位 {draft.item} 不属于该账户，或与该账户所属单位不符。",
        )
    if sits_elsewhere(sat, draft.panel, draft.item, author.person):
        yield Fault(
            at,
            "second-seat",
            f"The same person has given marks from another seat of {draft.panel}.",
            f"同一人已在 {draft.panel} 的另一席位评分。",
        )


def sits_elsewhere(
    sat: Mapping[str, set[tuple[str, str]]], panel: str, seat: str | None, person: str | None
) -> bool:
    """Say whether a person has given marks from another seat of a panel than this one."""
    seats = sat.get(persons.folded(person or ""), ())
    return any(other == panel and held != seat for other, held in seats)


def moved_fault(draft: Draft, wanted: str | None, at: str) -> Iterator[Fault]:
    """Yield that a stored mark is from another panel than the scheme names now, or from none."""
    if draft.kind == PANEL_MARK and draft.panel != wanted:
        now = wanted or "the data source unit"
        yield Fault(
            at,
            "another-panel",
            f"{draft.indicator} is now marked by {now}, and this mark is by "
            f"{draft.panel or 'the data source unit'}.",
            f"{draft.indicator} 现由{wanted or '数据采集责任单位'}评分，该评分来自"
            f"{draft.panel or '数据采集责任单位'}。",
        )


def compared(drafts: Iterable[Draft], scheme: Scheme) -> set[Cell]:
    """Return the cells in which marks lie that these may not equal: of the whole category."""
    forms, categories = EntryForms(scheme), scheme.category_of()
    judged = {
        (categories[draft.unit].code, draft.indicator)
        for draft in drafts
        if (form := forms.form_of(draft)) is not None and form.distinct
    }
    units = {each.code: each.units for each in scheme.categories}
    return {(unit, indicator) for code, indicator in judged for unit in units[code]}


@dataclass(slots=True)
class GivenMarks:
    """An index of marks by who gave them, by which two alike are found without comparing pairs.

    Who gave a mark is its seat, and the unit that entered it: nobody is held against the marks of
    others, nor told of them.
    """

    forms: EntryForms
    _units: dict[tuple[object, ...], str] = field(default_factory=dict)

    def add(self, mark: Draft | StoredEntry, author_unit: str | None) -> str | None:
        """Add a mark; return the unit to which the same one has been given, if there is any."""
        category = self.forms.scheme.category_of().get(mark.unit)
        if mark.kind != PANEL_MARK or mark.value is None or category is None:
            return None
        form = self.forms.form_for(mark.unit, mark.indicator)
        if form is None or not form.distinct:
            return None
        where = (category.code, mark.indicator, mark.item, mark.period)
        first = self._units.setdefault((*where, author_unit, mark.value), mark.unit)
        return None if first == mark.unit else first


def same_mark_fault(draft: Draft, other: str, at: str) -> Fault:
    """Return that a mark equals the one that the same scorer has given to another unit."""
    value = "" if draft.value is None else show(draft.value)
    return Fault(
        at,
        "same-mark",
        f"{other} has been given {value} for {draft.indicator} by the same scorer: no two units "
        "of the category get the same.",
        f"同一评分人已就 {draft.indicator} 给 {other} 打 {value} 分；同类别各单位不得同分。",
    )
