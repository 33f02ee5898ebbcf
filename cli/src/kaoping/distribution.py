"""What a database that is spread over machines by `cycle_id` asks of its tables (Citus 14).

A table is `distributed` (its rows lie on the machine of their cycle), `reference` (all of it lies
on every machine) or `local` (on the first machine alone); which, `distribution.toml` says.
`violations` reads the catalogue of a migrated database and names what would be refused, and
`in_the_way` says besides what is taken off for it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg

KINDS = Path(__file__).with_name("distribution.toml")
COLUMN = "cycle_id"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of the tables of one database.

    `by` are the columns that say where rows lie of tables that have no `cycle_id`. `taken_off` are
    violations that go when the database is spread, each with what holds without it; `obstacles` are
    those that somebody knows of, each with what is to be done. `delegated` are functions that run
    with the rights of the owner, on the machine of their first argument, each with the reason.
    """

    kinds: Mapping[str, str]
    by: Mapping[str, str] = field(default_factory=dict)
    taken_off: Mapping[str, str] = field(default_factory=dict)
    delegated: Mapping[str, str] = field(default_factory=dict)
    obstacles: Mapping[str, str] = field(default_factory=dict)

    def column(self, table: str) -> str:
        """Return the column that says where a row lies."""
        return self.by.get(table, COLUMN)

    def is_spread(self, table: str) -> bool:
        """Say whether rows of a table lie on different machines."""
        return self.kinds.get(table) == "distributed"

    def lies_elsewhere(self, table: str) -> bool:
        """Say whether other machines than the first have rows of a table."""
        return self.kinds.get(table) in ("distributed", "reference")

    def columns(self) -> dict[str, str]:
        """Return all tables that are spread, with the column that says where their rows lie."""
        return {each: self.column(each) for each in self.kinds if self.is_spread(each)}

    def with_kinds(self, **kinds: str) -> "Declared":
        """Return the same, with other tables besides."""
        return replace(self, kinds={**self.kinds, **kinds})


def declared() -> dict[str, Declared]:
    """Return what is said of each database; a table of two kinds, or of one for no reason, is an
    error."""
    found = {}
    for database, said in tomllib.loads(KINDS.read_text("utf-8")).items():
        kinds = dict.fromkeys(said.get("distributed", ()), "distributed")
        for kind in ("reference", "local"):
            for table, reason in said.get(kind, {}).items():
                if table in kinds or not reason.strip():
                    raise ValueError(f"{database}.{table} is of two kinds, or {kind} for no reason")
                kinds[table] = kind
        more = {name: said.get(name, {}) for name in ("by", "taken_off", "delegated", "obstacles")}
        found[database] = Declared(kinds, **more)
    return found


async def violations(db: asyncpg.Connection, said: Declared) -> list[str]:
    """Name everything in a database that would keep its tables from being what they are to be."""
    return sorted(await in_the_way(db, said))


async def in_the_way(db: asyncpg.Connection, said: Declared) -> dict[str, str]:
    """Return the same, each with the statement that takes it off; an empty one where none does."""
    tables = {row["name"] for row in await db.fetch(_TABLES)}
    found = dict.fromkeys((f"{each}: of no kind" for each in tables - said.kinds.keys()), "")
    found |= dict.fromkeys(
        (f"{each}: declared, and not there" for each in said.kinds.keys() - tables), ""
    )
    for asked, told in _ASKED.items():
        for row in await db.fetch(asked):
            if text := told(row, said):
                found[text] = row.get("undone", "")
    return found


_TABLES = """
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f')
    """


def _column(row: Row, said: Declared) -> str | None:
    name = row["name"]
    if not said.is_spread(name):
        return None
    column = said.column(name)
    if column not in row["columns"]:
        return f"{name}: has no {column}"
    if column not in (row["plain"] or ()):
        return f"{name}: {column} is not a plain uuid that is always there"
    return None if row["keyed"] else f"{name}: has no primary key"


def _key(row: Row, said: Declared) -> str | None:
    name, column = row["name"], said.column(row["name"])
    if not said.is_spread(name) or column in row["columns"]:
        return None
    return f"{name}: {row['index']} ({row['what']}) is without {column}"


def _foreign_key(row: Row, said: Declared) -> str | None:
    name, to = row["name"], row["referenced"]
    pair = said.kinds.get(name), said.kinds.get(to)
    if None in pair:
        return None  # it is named for that
    about = f"{name}: {row['key']} to {to}"
    if pair == ("distributed", "distributed"):
        wanted = said.column(name), said.column(to)
        is_same = wanted in zip(row["columns"], row["others"], strict=True)
        return None if is_same else f"{about} is without {wanted[0]}"
    if pair not in {("distributed", "reference"), ("reference", "reference"), ("local", "local")}:
        return f"{about} leads from a {pair[0]} table to a {pair[1]} one"
    return None if row["plain"] else f"{about} changes rows by itself"


def _sequence(row: Row, said: Declared) -> str | None:
    if not said.lies_elsewhere(row["name"]) or row["type"] == "bigint":
        return None
    return f"{row['name']}: {row['column']} is a sequence of {row['type']}"


def _is(what: str) -> Callable[[Row, Declared], str | None]:
    def told(row: Row, said: Declared) -> str | None:
        name = row["name"]
        return f"{name}: {what.format(**row)}" if said.lies_elsewhere(name) else None

    return told


_ASKED: Mapping[str, Callable[[Row, Declared], str | None]] = {
    """
    SELECT c.relname AS name, array_agg(a.attname::text) AS columns,
      array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'uuid'::regtype AND a.attnotnull
        AND a.attgenerated = '' AND a.attidentity = '') AS plain,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS keyed
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT a.attisdropped
    GROUP BY c.oid
    """: _column,
    # A unique index is looked at as well as a constraint. Of an exclusion only those columns count
    # that are compared by `=`; what an index includes besides its key never does.
    """
    SELECT c.relname AS name, x.relname AS index,
      CASE WHEN i.indisprimary THEN '' WHEN EXISTS (
          SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('u', 'x'))
        THEN format('ALTER TABLE public.%I DROP CONSTRAINT %I', c.relname, x.relname)
        ELSE format('DROP INDEX public.%I', x.relname) END AS undone,
      CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisexclusion THEN 'exclusion'
        ELSE 'unique' END AS what,
      array(SELECT a.attname::text FROM unnest(i.indkey::int[]) WITH ORDINALITY k (num, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num
        WHERE k.place <= i.indnkeyatts AND (NOT i.indisexclusion OR EXISTS (
          SELECT FROM pg_constraint e JOIN pg_operator o ON o.oid = e.conexclop[k.place]
          WHERE e.conindid = i.indexrelid AND o.oprname = '='))) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND (i.indisunique OR i.indisexclusion)
    """: _key,
    """
    SELECT c.relname AS name, f.conname AS key, r.relname AS referenced,
      format('ALTER TABLE public.%I DROP CONSTRAINT %I', c.relname, f.conname) AS undone,
      f.confupdtype IN ('a', 'r') AND f.confdeltype IN ('a', 'r') AS plain,
      array(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY k (num, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num ORDER BY k.place) AS columns,
      array(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY k (num, place)
        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num ORDER BY k.place) AS others
    FROM pg_constraint f
    JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
    WHERE c.relnamespace = 'public'::regnamespace AND f.contype = 'f'
    """: _foreign_key,
    """
    SELECT c.relname AS name, t.tgname AS trigger,
      format('DROP TRIGGER %I ON public.%I', t.tgname, c.relname) AS undone
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    """: _is("trigger {trigger}"),
    # Numbers of a sequence begin with the machine's own, and only a bigint has room for it.
    """
    SELECT c.relname AS name, a.attname AS column, a.atttypid::regtype::text AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT a.attisdropped
      AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%')
    """: _sequence,
    """
    SELECT c.relname AS name FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    """: _is("has a rule"),
    """
    SELECT DISTINCT c.relname AS name
    FROM pg_inherits h JOIN pg_class c ON c.oid IN (h.inhrelid, h.inhparent)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
    """: _is("inherits"),
    """
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
      AND (c.relkind = 'f' OR c.relpersistence <> 'p')
    """: _is("is foreign, or not kept"),
    # Checks and what is generated are computed where the rows lie, by functions that are there as
    # well; one that reads a table would read what lies on that machine.
    """
    SELECT DISTINCT c.relname AS name, p.proname AS function,
      CASE WHEN k.oid IS NULL THEN 'a generated column' ELSE 'a check' END AS within
    FROM pg_depend o JOIN pg_proc p ON o.refclassid = 'pg_proc'::regclass AND o.refobjid = p.oid
    LEFT JOIN pg_constraint k ON o.classid = 'pg_constraint'::regclass AND k.oid = o.objid
      AND k.contype = 'c'
    LEFT JOIN pg_attrdef d ON o.classid = 'pg_attrdef'::regclass AND d.oid = o.objid
    LEFT JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      AND a.attgenerated <> ''
    JOIN pg_class c ON c.oid = coalesce(k.conrelid, a.attrelid)
    WHERE c.relnamespace = 'public'::regnamespace AND p.provolatile <> 'i'
    """: _is("{within} calls {function}, which is not immutable"),
    """
    SELECT DISTINCT v.relname AS view, c.relname AS name
    FROM pg_depend o JOIN pg_rewrite r ON o.classid = 'pg_rewrite'::regclass AND r.oid = o.objid
    JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
    JOIN pg_class c ON o.refclassid = 'pg_class'::regclass AND c.oid = o.refobjid AND c.oid <> v.oid
    WHERE v.relnamespace = 'public'::regnamespace
    """: _is("the view {view} hides what is asked of it"),
}
