"""Commands about many rows, of which each is kept or refused by itself.

A rule judges the rows of a batch together and names the faults of all of them, each with its row
(`chassis.refusals`). With `mode=all` that refuses the whole. With `partial` and `check` the rows
with faults are left out and the rule judges the others anew, until it finds nothing: what rests on
a row that is left out is left out as well. Of rows that are wrong only beside one another
(`Fault.beside`) the first that is right in itself stays. What becomes of a batch follows from the
batch and from what is stored; the order in which rules are asked has no part in it.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

from chassis.batches import IncomingBatch, taken_batch
from chassis.db import work_of
from chassis.modes import ALL, CHECK
from chassis.outcomes import REFUSED, STORED, UNCHANGED, RowOutcome, counted, told
from chassis.refusals import Fault, Refusal, pointer
from chassis.wire import Columns

B = TypeVar("B", bound=IncomingBatch)
T = TypeVar("T")

_MOST_RETURNS = 10
"""How often rows are judged again that were wrong beside one that is left out since: who sends
thousands of rows about the same thing would have them all judged a thousand times."""

_Faults = dict[int, list[Fault]]


class StoredMeanwhile(Exception):
    """Rows, by their places in a batch, that somebody else has stored just so since it was read,
    with what an answer says of them: what a command raises that finds them where rows are taken one
    by one."""

    def __init__(self, rows: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = rows


class _Tried(NamedTuple, Generic[T]):
    """What came of a command for the rows that it did not refuse; nothing where it refused all.

    `aside` are those that are wrong only beside others. Where a row is left out after that, these
    may be right after all, and so may what rests on them: it was `late`, and all are judged anew.
    """

    done: T | None
    savepoint: AsyncSessionTransaction | None
    aside: _Faults
    late: bool


class RowByRow:
    """What becomes of the rows of a request, while it is found out.

    The batches that are handed in and out have the rows that are left, at `positions` of what was
    sent.
    """

    def __init__(self, request: Request) -> None:
        taken = taken_batch(request)
        self.mode: str = request.query_params.get("mode", ALL)
        self.positions: Sequence[int] = taken.positions
        self._request, self._taken = request, taken
        self._faults, self._unchanged = dict(taken.malformed), set[int]()
        self._stored: Sequence[int] = ()
        self._more = dict[int, Mapping[str, Any]]()

    @property
    def one_by_one(self) -> bool:
        """Say whether a row may be left out."""
        return self.mode != ALL

    @property
    def sent(self) -> int:
        """How many rows were sent."""
        return len(self._taken.positions) + len(self._taken.malformed)

    def sift(self, batch: B, check: Callable[[B], object]) -> B:
        """Return the batch without the rows that a rule refuses."""
        while True:
            try:
                check(batch)
            except Refusal as refusal:
                own, beside = self._judged(refusal, batch)
                batch = self._refused(batch, own or beside)
                if self.positions:
                    continue
            return batch

    def refuse(self, batch: B, faults: Mapping[int, list[Fault]]) -> B:
        """Return the batch without the rows, by their places in it, that have faults."""
        found = {
            self.positions[place]: [*_as_sent(of_row, batch.ROWS, self.positions)]
            for place, of_row in faults.items()
        }
        return self._refused(batch, found)

    def _refused(self, batch: B, faults: _Faults) -> B:
        self._faults |= faults
        return self._without(batch, faults) if faults else batch

    def besides(self, batch: B, known: Collection[int]) -> B:
        """Return the batch without the rows, by their places in it, that are stored already just as
        they were sent; where no row may be left out, a rule is to refuse these."""
        if not (known and self.one_by_one):
            return batch
        there = {self.positions[place] for place in known}
        self._unchanged |= there
        return self._without(batch, there)

    async def keep(self, batch: B, command: Callable[[B], Awaitable[T]]) -> T | None:
        """Carry a command out for those rows that it does not refuse, if there are any."""
        if not self.one_by_one:
            self._stored = self.positions
            return await command(batch)
        work, sent = work_of(self._request), (batch, self.positions)
        assert work.command is not None  # noqa: S101 - this is a command
        for left in reversed(range(_MOST_RETURNS + 1)):
            tried = await self._tried(work.command, batch, command, returns=left > 0)
            if not tried.late:
                break
            whole, self.positions = sent
            batch = self._without(whole, self._faults)
        if tried.savepoint is not None and self.mode != CHECK:
            await tried.savepoint.commit()
        self._stored, work.keeps_nothing = self.positions, not self.positions
        self._set_aside(tried.aside)
        return tried.done

    async def _tried(
        self, db: AsyncSession, batch: B, command: Callable[[B], Awaitable[T]], *, returns: bool
    ) -> _Tried[T]:
        aside = _Faults()
        while self.positions:
            savepoint = await db.begin_nested()
            try:
                return _Tried(await command(batch), savepoint, aside, late=False)
            except Refusal as refusal:
                await _undo(db, savepoint)
                own, beside = self._judged(refusal, batch)
                self._faults |= own
                if own and aside and returns:
                    return _Tried(None, None, aside, late=True)
                aside |= {} if own else beside
                batch = self._without(batch, own or beside)
            except StoredMeanwhile as found:
                await _undo(db, savepoint)
                for place, more in found.rows.items():
                    self._say(self.positions[place], more)
                batch = self.besides(batch, found.rows.keys())
        return _Tried(None, None, aside, late=False)

    def _judged(self, refusal: Refusal, batch: IncomingBatch) -> tuple[_Faults, _Faults]:
        """Return the faults of rows that are wrong in themselves, and of those that are wrong only
        beside others; raise what refuses the whole."""
        refusal.faults = tuple(_as_sent(refusal.faults, batch.ROWS, self.positions))
        by_row = _by_row(refusal.faults, batch.ROWS)
        if not (by_row and self.one_by_one):
            raise refusal
        own, beside = _Faults(), _Faults()
        for row, faults in by_row.items():
            (beside if all(each.beside for each in faults) else own)[row] = faults
        return own, beside

    def _without(self, batch: B, gone: Collection[int]) -> B:
        """Return a batch without the rows at some positions; the others are left."""
        places = [n for n, row in enumerate(self.positions) if row not in gone]
        assert len(places) < len(self.positions), "a fault of no row that is left"  # noqa: S101 - it would be judged for ever
        rows = getattr(batch, batch.ROWS)
        self.positions = [self.positions[n] for n in places]
        if isinstance(rows, Columns):
            columns = {name: [each[n] for n in places] for name, each in rows.columns.items()}
            left: Sequence[Any] = Columns(rows.kind, columns)
        else:
            left = [rows[n] for n in places]
        return batch.model_copy(update={batch.ROWS: left})

    def _set_aside(self, aside: _Faults) -> None:
        """Refuse rows that are wrong beside one that stays; one that says just the same as a row
        that is kept changes nothing."""
        if not aside:
            return
        sent = getattr(self._taken.body, self._taken.body.ROWS)
        said = {row: repr(sent[n]) for n, row in enumerate(self._taken.positions)}
        kept = {said[row] for row in (*self._stored, *self._unchanged)}
        self._unchanged |= {row for row in aside if said[row] in kept}
        self._faults |= {row: each for row, each in aside.items() if said[row] not in kept}

    def tell(self, more: Iterable[Mapping[str, Any]]) -> None:
        """Say more in the answer of the rows that are left now, in their order: of all of them
        before a command, or afterwards of those that were stored."""
        for row, fields in zip(self.positions, more, strict=True):
            self._say(row, fields)

    def _say(self, row: int, more: Mapping[str, Any]) -> None:
        self._more[row] = {**self._more.get(row, {}), **more}

    def told(self, kind: type[RowOutcome]) -> dict[str, Any]:
        """Return what an answer says of the rows: the mode, how many there are of each outcome, and
        each row with what else was said of it."""
        errors, kept = told(self._faults, self._request), {*self._stored}
        own = kind.model_fields.keys() - RowOutcome.model_fields.keys()
        blank: dict[str, Any] = dict.fromkeys(own)
        rows = list[dict[str, Any]]()
        for row in sorted([*self._taken.positions, *self._taken.malformed]):
            outcome = STORED if row in kept else REFUSED if row in errors else UNCHANGED
            about = {"position": row, "outcome": outcome, "errors": errors.get(row, ())}
            more = self._more.get(row)
            rows.append(blank | about if more is None else {**blank, **more, **about})
        return {"mode": self.mode, "rows": rows, **counted(row["outcome"] for row in rows)}


def _as_sent(faults: Iterable[Fault], rows: str, positions: Sequence[int]) -> Iterator[Fault]:
    """Yield faults of rows that are left, each with the pointer into what was sent."""
    for fault in faults:
        place, rest = _place_in(fault.pointer, rows)
        at = fault.pointer if place is None else pointer(rows, positions[place]) + rest
        yield replace(fault, pointer=at)


def _by_row(faults: Iterable[Fault], rows: str) -> _Faults | None:
    """Return faults by their rows; None where one is of no row."""
    found = _Faults()
    for fault in faults:
        row, _ = _place_in(fault.pointer, rows)
        if row is None:
            return None
        found.setdefault(row, []).append(fault)
    return found


def _place_in(at: str, rows: str) -> tuple[int | None, str]:
    """Return the row that a pointer leads into, and where in it."""
    before, _, inside = at.partition(f"/{rows}/")
    place, slash, rest = inside.partition("/")
    return (int(place), slash + rest) if not before and place.isdecimal() else (None, "")


async def _undo(db: AsyncSession, savepoint: AsyncSessionTransaction) -> None:
    await savepoint.rollback()
    db.info.pop("blank", None)  # what was to be in the journal


async def _row_by_row(request: Request) -> RowByRow:
    return RowByRow(request)


Rows = Annotated[RowByRow, Depends(_row_by_row)]
"""The rows of a batch, for an endpoint that takes one; its route declares the `mode`."""
