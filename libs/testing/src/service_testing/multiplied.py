"""Databases that hold many parts of a whole, made of one that was played: the same rows under other
ids, as many times as wanted.

What such a copy tells is nobody's: the digests of its journal are those of the first. It is there
to be in the way of a statement that asks for more than its own part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from chassis.realms import new_part

APART = 10_000_000_000_000
"""How far numbers of transactions lie before those of the copy after, which is more than a year is
played in: no two share one, nor one that is yet to come."""

_COLUMNS = """
    SELECT c.relname AS name, a.attname AS own, a.atttypid = 'uuid'::regtype AS is_id
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum
    """
_BY = ("cycle_id", "home")


@dataclass(frozen=True)
class Multiplied:
    """How the rows of one part are copied: `instead` says by SQL what stands in a column of a table
    (`table.column`) of the copy numbered `n.k`, where the same value must not stand twice.

    The same ids stand in every copy, in the way of a statement that asks for an id and does not say
    of which part; with `own_ids` each copy has others, as in life.
    """

    instead: Mapping[str, str]
    own_ids: bool = False

    async def add(self, url: str, part: UUID, others: Sequence[UUID], *, after: int = 0) -> int:
        """Add others like a part to the database of a superuser's URL; return how many rows came.
        `after` is how many there are already.

        Statistics are those of before: ANALYZE is the caller's.
        """
        connection = await asyncpg.connect(url, ssl=False)
        try:
            # Rows are as they are at the end: no trigger and no foreign key looks at them.
            await connection.execute("SET session_replication_role = replica")
            added = 0
            for written in self._statements(await connection.fetch(_COLUMNS)):
                done = await connection.execute(written, part, [*others], after)
                added += int(done.rpartition(" ")[2])
            return added
        finally:
            await connection.close()

    def _statements(self, columns: Sequence[asyncpg.Record]) -> list[str]:
        tables = defaultdict[str, dict[str, bool]](dict)
        for name, own, is_id in columns:
            tables[name][own] = is_id
        return [
            self._copying(name, by, own)
            for name, own in tables.items()
            if (by := next((each for each in _BY if own.get(each)), None))
        ]

    def _copying(self, name: str, by: str, columns: Mapping[str, bool]) -> str:
        told = {
            each: f'md5(s."{each}"::text || n.k)::uuid' if is_id and self.own_ids else f's."{each}"'
            for each, is_id in columns.items()
        } | {by: "n.part"}
        if "record" in told:
            told["record"] = f"s.record - n.k * {APART}"
        if by == "home":  # a chain of the journal, which is called by the part's id
            told["chain"] = "n.part::text"
        if name == "journal_head":
            del told["number"]  # each chain has its own, in the order in which they begin
        for column in told:
            told[column] = self.instead.get(f"{name}.{column}", told[column])
        numbered = "(SELECT each.part, each.at + $3::int AS k"
        numbered += " FROM unnest($2::uuid[]) WITH ORDINALITY each (part, at)) n"
        return _copied(name, told, numbered, f's."{by}" = $1')


def _copied(name: str, told: Mapping[str, str], others: str, of: str) -> str:
    """Return the statement that copies the rows `s` of a table for each row of `others`."""
    listed = ", ".join(f'"{column}"' for column in told)
    return (  # names of the catalogue
        f'INSERT INTO "{name}" ({listed}) OVERRIDING SYSTEM VALUE'  # noqa: S608
        f' SELECT {", ".join(told.values())} FROM "{name}" s CROSS JOIN {others} WHERE {of}'
    )


YEARS = Multiplied(
    {
        # Many cities' years, and not many of one city.
        "cycle.jurisdiction": "'43' || lpad((n.k % 90 + 1)::text, 2, '0')"
        " || lpad((n.k / 90 % 90)::text, 2, '0')",
        # What is unique over all years, or is looked for in all.
        "claim.fingerprint": "s.fingerprint || n.k",
        "claim.number_key": "s.number_key || n.k",
        "claim.authority_key": "s.authority_key || n.k",
        "claim.carried_from": "NULL",
        "counted_award.fingerprint": "s.fingerprint || n.k",
    }
)
"""Years of assessment, each of another city."""
YEARS_APART = replace(YEARS, own_ids=True)
"""The same, with ids of their own."""


_REGISTERED = """
    SELECT c.relname AS name, a.attname AS own, a.atttypid = 'uuid'::regtype AS is_id
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped AND a.attgenerated = '' AND 2 = (
        SELECT count(*) FROM pg_attribute b
        WHERE b.attrelid = c.oid AND b.attname IN ('jurisdiction', 'chain'))
    ORDER BY c.relname, a.attnum
    """


async def add_registers(url: str, realm: str, others: Sequence[str], *chains: str) -> int:
    """Add registers of other realms like that of one ('' for that of none) to the database of a
    superuser's URL: the rows of its tables, and the journal's chains of these names; return how
    many rows came."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        await connection.execute("SET session_replication_role = replica")
        tables = defaultdict[str, dict[str, str]](dict)
        for name, own, is_id in await connection.fetch(_REGISTERED):
            tables[name][own] = "gen_random_uuid()" if is_id else f's."{own}"'
        added = 0
        for name, columns in tables.items():
            told = columns | {"jurisdiction": "n.realm"}
            added += await _added(connection, name, told, "s.jurisdiction = $1", realm, others)
        for name in ("journal_entry", "journal_head"):
            columns = {own: f's."{own}"' for own in await connection.fetchval(_NAMES, name)}
            for chain in chains:
                its = f"'{chain}:' || n.realm"
                told = columns | {"chain": its, "home": f"journal_home({its})"}
                of = f"s.chain = rtrim('{chain}:' || $1, ':')"
                added += await _added(connection, name, told, of, realm, others)
        return added
    finally:
        await connection.close()


_NAMES = """
    SELECT array_agg(attname::text) FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND NOT (attname = 'number' AND attrelid = 'journal_head'::regclass)
    """


async def _added(
    connection: asyncpg.Connection,
    name: str,
    told: Mapping[str, str],
    of: str,
    realm: str,
    others: Sequence[str],
) -> int:
    told = {**told, "record": f"s.record - n.k * {APART}"} if "record" in told else told
    each = "unnest($2::text[]) WITH ORDINALITY n (realm, k)"
    done = await connection.execute(_copied(name, told, each, of), realm, others)
    return int(done.rpartition(" ")[2])


def cities(number: int) -> list[str]:
    """Return the codes of so many cities."""
    return [f"43{n % 90 + 1:02}{n // 90 % 90:02}" for n in range(number)]


def ids_of_cities(number: int, after: int = 0) -> list[UUID]:
    """Return new ids of so many years, of one city after another."""
    return [new_part(code) for code in cities(after + number)[after:]]
