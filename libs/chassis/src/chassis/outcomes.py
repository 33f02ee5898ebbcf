"""What became of each row of a batch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from fastapi import Request

from chassis.batches import MOST_OF_A_BATCH, MOST_OF_A_ROW
from chassis.journal import Receipt
from chassis.problems import fault_as_told, language_of
from chassis.refusals import Fault
from chassis.wire import Outgoing

Outcome = Literal["stored", "unchanged", "parked", "refused"]
STORED: Outcome = "stored"
UNCHANGED: Outcome = "unchanged"
PARKED: Outcome = "parked"
REFUSED: Outcome = "refused"


class RowFault(Outgoing):
    """One thing that is wrong with a row: where (RFC 6901), which kind, and in words."""

    pointer: str
    code: str
    detail: str


class RowOutcome(Outgoing):
    """What became of the row that stood at `position`, counted from 0, and why it was refused.

    Up to twenty faults are named of a row; once a thousand of a batch are, only the first one is.
    """

    position: int
    outcome: Outcome
    errors: list[RowFault]


class BatchOutcome(Outgoing):
    """How many rows of a batch were kept and how many were not, with the receipt of the journal.

    There is no receipt where nothing was kept, or the batch was only checked.
    """

    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None


def counts(rows: Iterable[RowOutcome]) -> dict[str, int]:
    """Return how many rows there are of each outcome, as the answer names them."""
    return counted(row.outcome for row in rows)


def counted(outcomes: Iterable[str]) -> dict[str, int]:
    """Return how many there are of each outcome, as the answer names them."""
    found = Counter(outcomes)
    return {name: found[name] for name in ("stored", "unchanged", "parked", "refused")}


def told(faults: Mapping[int, Sequence[Fault]], request: Request) -> dict[int, list[RowFault]]:
    """Return the first faults of each row as they are told, in the language that was asked for."""
    language = language_of(request.headers.get("accept-language", ""))
    found, named = dict[int, list[RowFault]](), 0
    for row, of_row in faults.items():
        first = of_row[: MOST_OF_A_ROW if named < MOST_OF_A_BATCH else 1]
        found[row] = [RowFault(**fault_as_told(fault, language)) for fault in first]
        named += len(first)
    return found
