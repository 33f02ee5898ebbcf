"""Which rows of a database are a jurisdiction's: asked of the catalogue, so that no table can be
forgotten. One whose rows are of nobody is refused by its name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.realms import ends_of
from kaoping.backups.faults import BackupFault

INSTALLATIONS = frozenset(
    {
        # Each has its own of these.
        "alembic_version", "idempotency_key", "journal_table", "recent_use",
        # Kept for all jurisdictions, by accounts of none.
        "calendar_day", "calendar_revision", "jurisdiction", "jurisdiction_confirmation",
        "jurisdiction_succession", "jurisdiction_succession_confirmation",
        # Where it is closed it goes on elsewhere.
        "jurisdiction_closing", "jurisdiction_closing_confirmation",
    }
)  # fmt: skip
"""Tables of which nothing is a jurisdiction's."""

LEFT = frozenset(
    {
        "browser_session", "provided_token", "refresh_token", "refresh_use", "secret_use",
        "session", "session_end", "webhook", "webhook_attempt", "webhook_message",
        "webhook_progress", "webhook_redelivery", "webhook_secret", "webhook_step",
    }
)  # fmt: skip
"""Tables of what holds where it is alone: who is signed in, and what is sent to whom. People sign
in anew, and other systems have events sent to them anew; journals go on telling of before."""

_CHAINS = ("journal_entry", "journal_head")
_IDS = ("cycle_id", "survey_id")

TABLES = """
    SELECT c.relname::text AS name,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          AND a.attidentity <> 'a') AS columns,
      (SELECT array_agg(a.attname::text) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attidentity = 'd') AS numbered,
      (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum::int))
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
      (SELECT jsonb_agg(jsonb_build_array(f.relname,
          (SELECT jsonb_agg(a.attname ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY e (at, n)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = e.at),
          (SELECT jsonb_agg(a.attname ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY e (at, n)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = e.at))
          ORDER BY k.conname)
        FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid)::text AS leads
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname
"""


@dataclass(frozen=True)
class Table:
    """A table: its columns but for those that the database fills, those with numbers of its own,
    its key, and to which tables it leads by which columns."""

    name: str
    columns: tuple[str, ...]
    numbered: tuple[str, ...]
    key: tuple[str, ...]
    leads: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def owned(tables: Sequence[Table], code: str) -> dict[str, str]:
    """Return for each table of a database the condition that a row is the jurisdiction's; refuse a
    table of whose rows it cannot be said."""
    known = {table.name: table for table in tables}
    if nobodys := [
        n for n in known if n not in INSTALLATIONS | LEFT and not _whose(known, n, code)
    ]:
        told = ", ".join(nobodys)
        raise BackupFault(f"{told}: nothing says whose its rows are", f"{told}：无法确定归属")
    return {
        name: _whose(known, name, code)
        for name in known
        if name not in INSTALLATIONS and name not in LEFT
    }


def _whose(known: Mapping[str, Table], name: str, code: str) -> str:
    """Return the condition, empty where there is none."""
    table = known[name]
    if name in _CHAINS:
        return _of_chain("chain", code)
    if ids := [column for column in _IDS if column in table.key]:
        return _of_id(ids[0], code)
    if "jurisdiction" in table.columns:
        return f"jurisdiction = '{code}'"
    return _by_another(known, table, code)


def _by_another(known: Mapping[str, Table], table: Table, code: str) -> str:
    """Return the condition by the rows of another table that those of one lead to, or by the
    account that they name."""
    for other, columns, theirs in table.leads:
        if other in known and other not in INSTALLATIONS:
            of, to = (", ".join(f'"{each}"' for each in names) for names in (columns, theirs))
            return f'({of}) IN (SELECT {to} FROM "{other}" WHERE {_whose(known, other, code)})'  # noqa: S608 - names of the catalogue
    if "subject" in table.columns and "account" in known:
        return f"subject IN (SELECT subject FROM account WHERE jurisdiction = '{code}')"  # noqa: S608 - digits
    return ""


def _of_id(column: str, code: str) -> str:
    low, high = ends_of(code)
    return f"""({column} BETWEEN '{low}' AND '{high}' AND substr({column}::text, 15, 1) = '8')"""


def _of_chain(column: str, code: str) -> str:
    begins = str(ends_of(code)[0])[:11]
    of_part = f"left({column}, 11) = '{begins}' AND substr({column}, 15, 1) = '8'"
    named = f"split_part({column}, ':', 2) = '{code}'"
    return f"({named} OR length({column}) = 36 AND {of_part})"


def read(rows: Sequence[Mapping[str, Any]], leads: Sequence[Any]) -> list[Table]:
    """Return the tables that `TABLES` found; `leads` are theirs, as they were read of JSON."""
    return [
        Table(
            row["name"],
            tuple(row["columns"] or ()),
            tuple(row["numbered"] or ()),
            tuple(row["key"] or ()),
            tuple((to, tuple(of), tuple(at)) for to, of, at in told or ()),
        )
        for row, told in zip(rows, leads, strict=True)
    ]
