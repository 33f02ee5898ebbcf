"""How a file of responses is taken: piece by piece, in one transaction, all of it or none."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import personal
from chassis.db import RowsExist, copy_lines, copy_rows
from chassis.modes import ALL, CHECK, PARTIAL
from chassis.outcomes import REFUSED, UNCHANGED
from chassis.problems import MOST_FAULTS
from chassis.refusals import Fault
from chassis.uploads import Piece, Upload, pieces
from chassis.wire import Columns
from survey.api.batches import BatchExists, keep_opinions
from survey.api.response_lines import COLUMNS, copied_lines, opinions_in
from survey.queries.responses import (
    RESPONSE,
    add_left_out,
    find_batch,
    known_contacts,
    responses_of,
    withdrawals_in,
)
from survey.rules.batch import (
    DUPLICATE_RESPONDENT,
    PHONE_NUMBER,
    BatchRejected,
    Finding,
    Response,
    faults_of_rows,
    rejection,
    stored_columns,
)
from survey.rules.export_rows import in_columns
from survey.rules.files import (
    NO_ROWS,
    FileReading,
    FileUnderWay,
    InColumns,
    beside_one_another,
    contacts_of,
    without,
)
from survey.rules.reconciliation import UnitAndOutcome, said
from survey.rules.totals import Announced, AnswersGiven, faults_of_totals
from survey.tables.responses import BatchFileRow, BatchRow, RefusedRowRow, ResponseRow
from survey.tables.waves import WaveRow

MOST_TOLD = 1_000
"""How many rows an answer names that were refused; the others are in a file."""

_RESPONSES, _REFUSED = (cast(Table, each.__table__) for each in (ResponseRow, RefusedRowRow))
_TRIES = 3
"""How often a piece is looked at because somebody else stored rows of it at that moment."""


@dataclass(frozen=True, slots=True)
class _Left:
    """The rows of a piece that are left: their positions in the file, and their columns."""

    positions: Sequence[int]
    columns: Mapping[str, Sequence[Any]]


class FileIntake:
    """A file as it is taken: how many rows became what, and what is wrong, within bounds."""

    def __init__(
        self, db: AsyncSession, wave: WaveRow, reading: FileReading, batch_no: str, mode: str
    ) -> None:
        self._db, self._wave, self._reading = db, wave, reading
        self._batch_no, self._mode = batch_no, mode
        self._key = wave.key
        self._generation = 0
        self._given = AnswersGiven(reading.definition)
        self._faults, self._number = list[Fault](), 0
        self._fates = defaultdict[UnitAndOutcome, Counter[str]](Counter)
        self._to_keep = list[tuple[int, str]]()
        self.refused = dict[int, list[Fault]]()
        self.sent = self.stored = self.answers_left_out = 0

    def fate(self, name: str) -> int:
        """Return how many rows were unchanged, or refused."""
        return sum(each[name] for each in self._fates.values())

    async def take(self, upload: Upload, announced: Announced) -> None:
        """Take the file; refuse it where what was announced is not so or, unless rows are taken one
        by one, where a row has a fault. Where no row was stored nothing is kept."""
        self._check_head(announced, upload)
        await self._begin()
        savepoint = await self._db.begin_nested()
        mapping = self._reading.mapping
        known = {*mapping.columns, *mapping.ignored}
        reading = pieces(upload, mapping.charset, known, mapping.needed)
        while (left := await asyncio.to_thread(self._next, reading)) is not None:
            await self._store(left)
        self._check_whole(announced)
        if not self.stored:
            await savepoint.rollback()
        elif self._mode != CHECK:  # where all is rolled back in any case
            await savepoint.commit()

    async def keep(self, digest: str, mapping: str | None, version: int | None) -> None:
        """Keep what is known of the file as a whole."""
        number = {"batch_no": self._batch_no}
        batch = insert(BatchRow).values(**self._key, **number, accepted=self.stored, digest=digest)
        if (await self._db.execute(batch.on_conflict_do_nothing())).rowcount == 0:  # type: ignore[attr-defined]
            raise self._exists()
        by = {"digest": digest, "mapping": mapping, "mapping_version": version}
        await self._db.execute(insert(BatchFileRow).values(**self._key, **number, **by))
        if self._fates:
            await add_left_out(self._db, self._wave, self._batch_no, self._fates)

    def _check_head(self, announced: Announced, upload: Upload) -> None:
        found = [PHONE_NUMBER.at("batch_no")] if personal.find_any(self._batch_no) else []
        told = Announced(digest=announced.digest)
        found += faults_of_totals(told, 0, {}, upload.content)
        if found:
            raise rejection(found)

    def _check_whole(self, announced: Announced) -> None:
        told = Announced(announced.count, announced.sums)
        found = faults_of_totals(told, self.sent, self._given.sums(), None)
        found += [] if self.sent else [NO_ROWS.at("rows")]
        number = len(found) + self._number
        if number:
            named = [*found, *self._faults][:MOST_FAULTS]
            raise BatchRejected(
                f"The file has {number} fault(s); nothing was stored.",
                f"文件有 {number} 处错误，未存入任何一行。",
                faults=named,
                more=number - len(named),
            )

    async def _begin(self) -> None:
        wave = self._wave
        key = func.hashtext("survey file"), func.hashtext(f"{wave.survey_id} {wave.wave}")
        if not await self._db.scalar(select(func.pg_try_advisory_xact_lock(*key))):
            raise FileUnderWay("Another one is at work.", "另一文件尚未接收完毕。")
        if await find_batch(self._db, wave, self._batch_no):
            raise self._exists()
        self._generation = await self._db.scalar(select(withdrawals_in(wave))) or 0

    def _exists(self) -> BatchExists:
        number = self._batch_no
        return BatchExists(f"Batch {number} was posted before.", f"批次 {number} 已经提交过。")

    def _next(self, reading: Iterator[Piece]) -> _Left | None:
        """Read the next piece and leave out what is wrong in it; in a thread, so that others are
        answered meanwhile."""
        piece = next(reading, None)
        if piece is None:
            return None
        by, read = self._reading, self._reading.rows(piece.columns)
        self._given.add(read.columns)
        self.answers_left_out += read.left_out
        self.sent += len(piece.positions) + len(piece.broken)
        for position, broken in piece.broken.items():
            fault = broken[0]
            said_of = {"": Finding(fault.code, fault.en, fault.zh)}
            self._refuse(position, ("", ""), said_of)
        left = _Left(piece.positions, read.columns)
        sent = Columns(Response, read.columns)
        in_rows = faults_of_rows(by.definition, by.units, sent, by.strata)
        faults = in_columns(by.mapping, in_rows, read.faults)
        if self._mode == ALL:
            return self._leave_out(left, faults)
        own = {n: each for n, each in faults.items() if {*each.values()} != {DUPLICATE_RESPONDENT}}
        left = self._leave_out(left, own)
        token = by.mapping.fields["respondent_token"].column
        clashing, same = beside_one_another(left.columns)
        return self._leave_out(left, {n: {token: DUPLICATE_RESPONDENT} for n in clashing}, same)

    def _leave_out(
        self, left: _Left, faults: Mapping[int, InColumns], unchanged: Sequence[int] = ()
    ) -> _Left:
        """Return what is left without rows, by their places, that are refused or unchanged."""
        if not (faults or unchanged):
            return left
        units, outcomes = left.columns["unit"], left.columns["outcome"]
        says = {n: said(units[n], outcomes[n], self._reading.units) for n in {*faults, *unchanged}}
        for place, each in sorted(faults.items()):
            self._refuse(left.positions[place], says[place], each)
        for place in unchanged:
            self._fates[says[place]][UNCHANGED] += 1
        kept = [each for n, each in enumerate(left.positions) if n not in says]
        return _Left(kept, without(left.columns, says))

    def _refuse(self, position: int, says: UnitAndOutcome, faults: InColumns) -> None:
        self._fates[says][REFUSED] += 1
        named = [each.at("rows", position, *filter(None, [at])) for at, each in faults.items()]
        if self._mode == ALL:
            self._number += len(named)
            self._faults += named[: max(0, MOST_FAULTS - len(self._faults))]
            return
        if len(self.refused) < MOST_TOLD:
            self.refused[position] = named
        if self._mode == PARTIAL:
            codes = [[at, each.code] for at, each in faults.items()]
            self._to_keep.append((position, orjson.dumps(codes).decode()))

    async def _store(self, left: _Left) -> None:
        """Store the rows of a piece; after the first fault of a file none is, where all have to
        be sound."""
        looks = self._mode != ALL or self._generation > 0
        for _ in range(_TRIES):
            if looks and left.positions:
                left = await self._without_known(left)
            if not left.positions or self._number:
                break
            lines = await asyncio.to_thread(copied_lines, self._reading.definition, left.columns)
            same = {**self._key, "generation": self._generation, "batch_no": self._batch_no}
            try:
                await copy_lines(self._db, _RESPONSES, same, COLUMNS, lines)
            except RowsExist:
                looks = True
                continue
            await keep_opinions(self._db, same, opinions_in(left.columns))
            self.stored += len(lines)
            break
        else:
            raise FileUnderWay("Others store the same contacts.", "他人正在保存相同的访问。")
        if self._to_keep:
            await self._keep_refused()

    async def _keep_refused(self) -> None:
        names = [*self._key, "batch_no", "position", "faults"]
        always = (*self._key.values(), self._batch_no)
        rows = ((*always, *each) for each in self._to_keep)
        await copy_rows(self._db, _REFUSED, names, rows)
        self._to_keep = []

    async def _without_known(self, left: _Left) -> _Left:
        """Return a piece without rows whose contact the wave has already; where rows are taken one
        by one, those that are there just so are unchanged."""
        tokens, contacts = left.columns["respondent_token"], contacts_of(left.columns)
        unchanged = list[int]()
        if self._mode == ALL:
            known = await known_contacts(self._db, self._wave, tokens, outside="")
        else:
            kept = await responses_of(self._db, self._wave, tokens)
            known = {(unit, token, occasion) for unit, token, occasion, *_ in kept}
            columns = stored_columns(self._reading.definition, left.columns)
            rows = zip(*(columns[name] for name in (*RESPONSE, "opinion")), strict=True)
            unchanged = [n for n, each in enumerate(rows) if each in kept]
        token = self._reading.mapping.fields["respondent_token"].column
        same = {*unchanged}
        clashing = [n for n, each in enumerate(contacts) if each in known and n not in same]
        clashes = {n: {token: DUPLICATE_RESPONDENT} for n in clashing}
        return self._leave_out(left, clashes, unchanged)
