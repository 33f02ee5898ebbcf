"""Questions about which entries are like others: by what they are about, or by a document."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.entries import ONE_EACH, Question, ShownEntry, shown_by
from scoring.queries.planning import AS_ALWAYS, IN_ORDER
from scoring.rules.ledger.entries import REVERSAL
from scoring.rules.ledger.likeness import ON_A_DAY, Mark, Marks, subjects_of
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.source_refs import TAKEN_OUT

MOST_LOOKED_AT = 10
"""Of how many entries that one mark has the latest are looked at."""

STORED = ", ".join(f"e.{each.name}" for each in fields(StoredEntry))
"""The columns of an entry that others are held against."""

_GONE = ", ".join(f"'{state}'" for state in TAKEN_OUT)
_STANDS = f"e.panel IS NULL AND e.kind <> '{REVERSAL}' AND e.state NOT IN ({_GONE})"

_TOLD = ", ".join(f"(entry).{each.name}" for each in fields(StoredEntry))
ALIKE = f"""
    SELECT said, {_TOLD}
    FROM entries_alike({{subjects}}, {{days}}, {{documents}}, ARRAY[{_GONE}], {MOST_LOOKED_AT})
    """  # noqa: S608 - names of our own


class Sought(NamedTuple):
    """What marks say in the indexes: of what entries are about in a period, or on a day, and of
    their documents."""

    subjects: dict[str, Mark]
    days: dict[str, Mark]
    documents: dict[str, Mark]

    def found(self, rows: Iterable[Sequence[Any]]) -> dict[Mark, list[StoredEntry]]:
        """Return entries by their marks; each row begins with what its mark says."""
        found = dict[Mark, list[StoredEntry]]()
        for said, *told in rows:
            entry = StoredEntry(*told)
            mark = self.documents.get(said)
            about = self.subjects.get(said) or self.days.get(said)
            if about is not None and about.subject in subjects_of(entry):
                found.setdefault(about, []).append(entry)
            if mark is not None:
                found.setdefault(mark, []).append(entry)
        return found


def sought(cycle_id: UUID, marks: Marks) -> Sought:
    """Return what is looked up for the marks of rows."""
    subjects, days, documents = dict[str, Mark](), dict[str, Mark](), dict[str, Mark]()
    for mark in (each for row in marks.values() for each in row):
        if mark.subject is None:
            documents[f"{cycle_id} {mark.unit} {mark.document}"] = mark
        else:
            unit, indicator, kind, key, item, when = mark.subject
            said = (cycle_id, unit, indicator, kind, when, key or "", item or "")
            known = days if str(when).startswith(ON_A_DAY) else subjects
            known[" ".join(map(str, said))] = mark
    return Sought(subjects, days, documents)


async def day_and_alike(
    db: AsyncSession, cycle_id: UUID, time_zone: str, marks: Marks
) -> tuple[dt.date, dict[Mark, list[StoredEntry]]]:
    """Return the day in a time zone by the clock of the database, and the stored entries that have
    these marks."""
    said = sought(cycle_id, marks)
    about = time_zone, [*said.subjects], [*said.days], [*said.documents]
    day, *rows = await (await driver_of(db)).fetch(_DAY_AND_ALIKE, *about)
    return day[0], said.found(tuple(row)[1:] for row in rows)


_DAY_AND_ALIKE = f"""
    SELECT day, said, {STORED} FROM (
      SELECT timezone($1, clock_timestamp())::date AS day, NULL::text AS said) today
    LEFT JOIN ledger_entry e ON false
    UNION ALL
    SELECT NULL, alike.*
    FROM ({ALIKE.format(subjects="$2", days="$3", documents="$4")}) alike
    """  # noqa: S608 - names of our own


class Pair(NamedTuple):
    """An entry, and the latest one before it that it is like, by a document or "" by what both are
    about."""

    number: int
    entry_id: UUID
    like_id: UUID
    document: str
    record: int

    @property
    def key(self) -> str:
        """What names it in the list."""
        return f"{self.entry_id}_{self.document}"


async def pairs_on_page(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, unit: str | None, indicator: str | None
) -> list[Pair]:
    """Return the pairs of a page of which both entries stand, in order of arrival of the later one,
    and one more where others follow; refuse them if they are not what the journal recorded."""
    driver, begin = await driver_of(db), 0
    await driver.execute(IN_ORDER)
    if page.after is not None:
        entry_id, _, document = page.after.partition("_")
        place = cycle_id, entry_id, document
        begin = await driver.fetchval(_PLACE, *place)
        if begin is None:
            raise page.no_such_place()
    of = "cycle_id::text" if unit is None else "cycle_id::text || ' ' || a.unit"
    said = str(cycle_id) if unit is None else f"{cycle_id} {unit}"
    asked = said, begin, page.limit + 1, indicator, cycle_id
    rows = await driver.fetch(_PAIRS.format(f"a.{of}"), *asked)
    await driver.execute(AS_ALWAYS)
    found = [Pair(*row) for row in map(tuple, rows)]
    if found:
        records = {each.record for each in found}
        await require_intact(db, str(cycle_id), "entry_likeness", records=records)
    return found


_PLACE = """
    SELECT number FROM entry_likeness
    WHERE cycle_id = $1 AND entry_id::text = $2 AND document = $3 AND like_id IS NOT NULL
    """

_ENTRY = f"""
    CROSS JOIN LATERAL (SELECT * FROM ledger_entry e
      WHERE e.cycle_id::text = $5::uuid::text AND e.entry_id = a.{{0}} AND {_STANDS}
      OFFSET 0) {{0}}_found"""  # noqa: S608 - names of our own

_PAIRS = f"""
    SELECT a.number, a.entry_id, a.like_id, a.document, a.record
    FROM (SELECT * FROM entry_likeness a
      WHERE a.cycle_id::text = $5::uuid::text AND {{}} = $1
        AND a.like_id IS NOT NULL AND a.number > $2 ORDER BY a.number OFFSET 0) a
    {_ENTRY.format("entry_id")} {_ENTRY.format("like_id")}
    WHERE $4::text IS NULL OR entry_id_found.indicator = $4
    ORDER BY a.number LIMIT $3
    """  # noqa: S608 - names of our own


async def shown_entries(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, ShownEntry]:
    """Return these entries; refuse them if they are not what the journal recorded."""
    asked = Question([cycle_id, [*ids]])
    found = await shown_by(db, cycle_id, ONE_EACH, asked) if ids else ()
    return {each.entry_id: each for each in found}
