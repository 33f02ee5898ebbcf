"""Parked rows (待对照行): kept as they were sent until their codes mean something."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.ledger.entries import PANEL_MARK
from scoring.rules.ledger.shapes import Draft

PARKED, ENTERED, REPLACED, DISCARDED = "parked", "entered", "replaced", "discarded"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (PARKED, ENTERED): "its codes mean something, and it is replayed or sent again",
    (
        PARKED,
        REPLACED,
    ): "the same outside record is sent with other content, and still unknown codes",
    (PARKED, DISCARDED): "its sender or the performance office discards it, with a reason",
}
"""What becomes of a parked row; a seal names those that it leaves behind."""


class ParkedRowsRefused(Conflict):
    """Some of the rows do not wait, or are not the caller's; nothing was done."""

    zh = "部分行不处于待对照状态或不属于调用者，全部未办理。"
    remedy = (
        "List the rows with `state=parked`, and name those.",
        "请以 `state=parked` 列出待对照的行，并只填写其中的行。",
    )


class Sender(NamedTuple):
    """Who sent rows: the account, its unit, and the human being behind it."""

    account: str
    unit: str
    person: str


class WaitingRow(NamedTuple):
    """A parked row as it is to be entered: by whom, by which codes of which day, in which state."""

    parked_row_id: UUID
    draft: Draft
    id_scheme: str
    sent_on: date
    wanted: str
    sender: Sender

    @property
    def together(self) -> tuple[object, ...]:
        """What rows have in common that are entered as one batch."""
        return (self.sender, self.wanted, self.id_scheme, self.sent_on)


class KnownRow(NamedTuple):
    """The latest row that a unit parked under a `source_ref`: it is the `version`th, and its id
    where it waits."""

    version: int
    waiting: UUID | None
    draft: Draft
    id_scheme: str
    wanted: str


class Parking(NamedTuple):
    """What becomes of rows with unknown codes: those to be parked, those that wait already, and
    the faults of the others."""

    new: dict[int, Draft]
    waiting: dict[int, UUID]
    faults: dict[int, list[Fault]]


def parked(
    unknown: Mapping[int, Draft],
    faults: Mapping[int, list[Fault]],
    known: Mapping[str, KnownRow],
    id_scheme: str,
    state: str,
) -> Parking:
    """Say which rows with unknown codes are parked: a row that waits is not parked twice.

    Marks are not: whose seat they are from is known by the indicator only, and they are nobody
    else's to read. Nor is what names its entry: it was read in codes that mean something.
    """
    found = Parking({}, {}, {})
    for row, draft in unknown.items():
        before = known.get(draft.source_ref or "")
        if draft.kind == PANEL_MARK or draft.entry_id is not None:
            found.faults[row] = faults[row]
        elif (
            before is not None
            and before.waiting is not None
            and (before.draft, before.id_scheme, before.wanted) == (draft, id_scheme, state)
        ):
            found.waiting[row] = before.waiting
        else:
            found.new[row] = draft
    return found


def check_named(ids: Sequence[UUID], waiting: Iterable[UUID]) -> None:
    """Refuse a command about rows of which some do not wait, or are not the caller's to see."""
    there = frozenset(waiting)
    faults = [
        Fault(
            pointer("parked_row_ids", n),
            "not-parked",
            f"There is no row {each} that waits.",
            f"没有处于待对照状态的行 {each}。",
        )
        for n, each in enumerate(ids)
        if each not in there
    ]
    if faults:
        raise ParkedRowsRefused(
            f"{len(faults)} of {len(ids)} rows.",
            f"{len(ids)}行中有{len(faults)}行。",
            faults=faults,
        )
