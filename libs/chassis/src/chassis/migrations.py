"""Alembic migrations of one service: lock and statement timeouts, and the tables of the journal.

Migrations run as the owner of the database; the service itself runs as another role that is
named like the owner without its `_owner`. Only this module grants that role anything.
"""

import asyncio
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only

from chassis.idempotency import CLAIM
from chassis.placing import IS_PASSED_ON, NUMBERS, placed, spread
from chassis.recording import (
    ALTERED,
    FUNCTIONS,
    HOME,
    LISTING,
    NAMING,
    REGISTERED,
    SALT,
    of_single_records,
    registered,
)
from chassis.tls import Tls

FOUNDATIONS = {
    "journal_entry",
    "journal_head",
    "journal_table",
    "idempotency_key",
    "alembic_version",
}


def run(metadata: MetaData) -> None:
    """Upgrade the database named by DATABASE_URL to what the revision scripts say.

    Each revision is its own transaction and gives up after 5 s of waiting for a lock or 60 s of
    one statement, rather than hold up the service; two runs at once queue behind one another.
    """
    url = context.config.get_main_option("sqlalchemy.url") or os.environ["DATABASE_URL"]
    newest = set(context.script.get_heads())
    known = {each.revision for each in context.script.walk_revisions()}

    def applied(
        ctx: MigrationContext, step: object, heads: Collection[str], run_args: object
    ) -> None:
        # In the transaction of the newest revision: who is killed afterwards has all or nothing.
        if set(heads) == newest and ctx.connection is not None:
            write_out(ctx.connection)

    def migrate(connection: Connection) -> None:
        connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('alembic'))"))
        connection.execute(sa.text("SET lock_timeout = '5s'"))
        connection.execute(sa.text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(
            connection,
            target_metadata=metadata,
            compare_type=True,
            include_name=ours,
            transaction_per_migration=True,
            on_version_apply=applied,
        )
        refuse_unknown(context.get_context().get_current_heads(), known)
        with placed(connection), context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if set(context.get_context().get_current_heads()) != newest:  # as only a test wants it
            write_out(connection)
        connection.commit()

    async def connect() -> None:
        secure = Tls.of_environment().of_database()
        told = {} if secure is None else {"ssl": secure}
        engine = create_async_engine(url, poolclass=pool.NullPool, connect_args=told)
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
        await engine.dispose()

    asyncio.run(connect())


class UnknownRevision(Exception):
    """A database is at a revision that this version does not have, and is left as it is."""


def refuse_unknown(revisions: Iterable[str], known: Collection[str]) -> None:
    """Refuse a database that was migrated by a version before the first that is known, or later."""
    for revision in revisions:
        if revision not in known:
            raise UnknownRevision(
                f"the database is at revision {revision}, and this version knows only"
                f" {min(known)} to {max(known)}; it was left as it is"
            )


def write_out(connection: Connection) -> None:
    """Write the functions that commands ask, for the tables and columns that there are now.

    It happens with the newest revision: a change of these functions needs a revision to go with.
    """
    tables = registered(connection.execute(sa.text(REGISTERED)).mappings().all())
    names = spread(connection)
    more = (NUMBERS,) if names else ()
    _send(connection, CLAIM, *of_single_records(tables, spread=names), *more)


def ours(name: str | None, kind: str, _: object) -> bool:
    """Say whether a thing of the database is described by a service's own tables."""
    return kind != "table" or name not in FOUNDATIONS


def _send(connection: Connection, *statements: str) -> None:
    """Send statements, if any, to the database in one message; where it passes them on to other
    machines, which takes each by itself, in as many."""
    if not statements:
        return
    connection.exec_driver_sql("SELECT")  # with the first of these the transaction begins
    driver: Any = connection.connection.driver_connection
    messages = statements if IS_PASSED_ON in connection.info else (";\n".join(statements),)
    for each in messages:
        await_only(driver.execute(each))


def create(revision_file: str, *names: str) -> None:
    """Have the SQL carried out that lies in the folder of a revision; `:service` is its role."""
    folder = Path(revision_file).with_suffix("")
    role = f'"{service_role()}"'
    for name in names:
        text = (folder / f"{name}.sql").read_text(encoding="utf-8")
        _send(op.get_bind(), text.replace(":service", role))


def begin_chain(chain: str) -> None:
    """Begin a chain of the journal, so that what a migration adds to it is taken on record."""
    names, values = "chain, seq, hash, recorded_at", _BEGUN
    if _has_homes():
        names, values = f"{names}, home", f"{values}, journal_home(:chain)"
    begun = sa.text(f"INSERT INTO journal_head ({names}) VALUES ({values})")  # noqa: S608 - names of our own
    op.get_bind().execute(begun, {"chain": chain})


_BEGUN = ":chain, 0, decode(repeat('00', 32), 'hex'), '-infinity'"


def _has_homes() -> bool:
    inspector = sa.inspect(op.get_bind())
    return any(column["name"] == "home" for column in inspector.get_columns("journal_head"))


def service_role() -> str:
    """Return the role the service runs as."""
    owner: str = op.get_bind().scalar(sa.text("SELECT current_user"))
    return owner.removesuffix("_owner")


def append_only(*tables: str) -> None:
    """Let the service read `tables` and add to them; let nobody change or remove a row.

    From the revision on that says `by_rights`, the owner has no right to do so either; until then
    it is refused by triggers.
    """
    names = ", ".join(f'"{table}"' for table in tables)
    denying = _denying if _by_triggers("journal_entry") else _denied
    _send(
        op.get_bind(),
        f'GRANT SELECT, INSERT ON {names} TO "{service_role()}"',
        *(statement for table in tables for statement in denying(table)),
    )


def by_rights(*, but: Collection[str] = ()) -> None:
    """Have rights keep all facts as they are, and triggers none, of which a table that is spread
    over machines can have none.

    The owner keeps the right to change the first column of the key: whoever refers to a row has it
    locked by the owner of its table, which takes a right to change something there.
    """
    for table in sorted(_by_triggers() - set(but)):
        _send(op.get_bind(), *_undone(table), *_denied(table))


def keep_columns(table: str, columns: Collection[str]) -> None:
    """Let the service add rows to a table without saying anything of these columns, and the owner,
    who keeps them by a function, change nothing else and remove nothing."""
    inspector = sa.inspect(op.get_bind())
    given = [each["name"] for each in inspector.get_columns(table) if each["name"] not in columns]
    owner: str = op.get_bind().scalar(sa.text("SELECT current_user"))
    _send(
        op.get_bind(),
        f'REVOKE INSERT ON "{table}" FROM "{service_role()}"',
        f'GRANT INSERT ({", ".join(map(_named, given))}) ON "{table}" TO "{service_role()}"',
        f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{owner}"',
        f'GRANT UPDATE ({", ".join(map(_named, columns))}) ON "{table}" TO "{owner}"',
    )


def keep_rows(*tables: str) -> None:
    """Let nobody empty tables that the owner keeps by a function."""
    owner: str = op.get_bind().scalar(sa.text("SELECT current_user"))
    _send(op.get_bind(), f'REVOKE TRUNCATE ON {", ".join(map(_named, tables))} FROM "{owner}"')


def _named(name: str) -> str:
    return f'"{name}"'


def _by_triggers(*only: str) -> set[str]:
    """Return the tables, or those of some, whose rows are kept by triggers that refuse a change."""
    rows = op.get_bind().execute(sa.text(_REFUSING)).all()
    return {name for name, _ in rows if not only or name in only}


_REFUSING = """
    SELECT c.relname, t.tgtype FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = 'append_only_row' AND t.tgfoid = 'refuse_change'::regproc
      AND c.relnamespace = 'public'::regnamespace
    """


def _undone(table: str) -> Iterator[str]:
    yield from (f'DROP TRIGGER "append_only_{name}" ON "{table}"' for name in ("row", "all"))


def _denied(table: str) -> Iterator[str]:
    """Yield what takes the right from the owner to change or remove rows of a table."""
    owner: str = op.get_bind().scalar(sa.text("SELECT current_user"))
    # What may go forward is still said by the trigger of that name, for the owner as well.
    moves = op.get_bind().scalar(sa.text(_MOVES), {"name": table})
    yield f'REVOKE {"" if moves else "UPDATE, "}DELETE, TRUNCATE ON "{table}" FROM "{owner}"'
    if not moves:
        first = op.get_bind().scalar(sa.text(_FIRST), {"name": table})
        yield f'GRANT UPDATE ("{first}") ON "{table}" TO "{owner}"'


_MOVES = """
    SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = cast(:name AS regclass)
      AND tgname = 'forward_only')
    """
_FIRST = """
    SELECT a.attname FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = cast(:name AS regclass) AND i.indisprimary
    """


def writable(table: str, columns: Sequence[str]) -> None:
    """Let the service read `table`, add to it, and update the named columns; never delete."""
    names = ", ".join(f'"{column}"' for column in columns)
    _send(
        op.get_bind(), f'GRANT SELECT, INSERT, UPDATE ({names}) ON "{table}" TO "{service_role()}"'
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A table whose rows the journal vouches for, and its name for people in two languages.

    `by` is the column that names the chain of a row; where there is none, all rows belong to
    `chain`. Rows of a `changing` table are vouched for one by one. Columns `without` follow from
    other rows, and `derived` names the function (chain → keys) that finds where they do not.
    """

    name: str
    en: str
    zh: str
    by: str | None = None
    chain: str | None = None
    changing: bool = False
    without: tuple[str, ...] = ()
    derived: str | None = None


def recorded(*tables: Recorded) -> None:
    """Have the journal vouch for the rows of these tables.

    Those that are there already are taken as they are found, by an entry of the journal that says
    so: before it nothing vouched for them.
    """
    numbered = op.get_bind().scalars(sa.text(_NUMBERED)).all()
    changing = [table.name for table in tables if table.changing]
    _send(
        op.get_bind(),
        *(
            each
            for table in tables
            for each in _recording(table, is_numbered=table.name in numbered)
        ),
    )
    names = ", ".join(_quoted(table.name) for table in tables)
    if _by_triggers("journal_entry"):
        _send(op.get_bind(), *(_NUMBERING.format(name) for name in changing))
    else:
        numbered_by_statements(*changing)
    _send(op.get_bind(), f"SELECT journal_adopt(ARRAY[{names}])")


def numbered_by_statements(*tables: str) -> None:
    """Have whatever statement changes a row of these tables give it its number, and no trigger.

    The tables of a service say so of their column `record` (`chassis.db.recorded_in`); what is
    written by hand says `record = journal_record('…')`.
    """
    for table in tables:
        _send(
            op.get_bind(),
            f'DROP TRIGGER IF EXISTS journal_change ON "{table}"',
            f'GRANT UPDATE (record) ON "{table}" TO "{service_role()}"',
        )


_NUMBERING = """
    CREATE TRIGGER journal_change BEFORE UPDATE ON "{}"
    FOR EACH ROW EXECUTE FUNCTION journal_change()
    """


_NUMBERED = """
    SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname = 'record' AND c.relnamespace = 'public'::regnamespace
    """


def _recording(table: Recorded, *, is_numbered: bool) -> Iterator[str]:
    """Yield what has a table recorded, which may have been made with the column that it takes."""
    if not is_numbered:
        # A constant default is no rewrite of the table: 0 is the number of all that was there.
        yield f'ALTER TABLE "{table.name}" ADD COLUMN record bigint NOT NULL DEFAULT 0'
        yield f'ALTER TABLE "{table.name}" ALTER COLUMN record SET DEFAULT journal_record()'
    yield f'CREATE INDEX IF NOT EXISTS "ix_{table.name}_record" ON "{table.name}" (record)'
    without = ", ".join(_quoted(name) for name in table.without)
    texts = (_quoted(each) for each in (table.name, table.by, table.chain))
    more = (_quoted(each) for each in (table.derived, table.en, table.zh))
    yield (
        "INSERT INTO journal_table"  # noqa: S608 - quoted below
        " (relation, chained_by, chain, changing, without, derived, en, zh)"
        f" VALUES ({', '.join(texts)}, {table.changing}, ARRAY[{without}]::text[],"
        f" {', '.join(more)})"
    )


def _quoted(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def seal(*tables: str) -> None:
    """Have the journal tell of what is added to these tables a digest of all rows of a change, and
    neither their number nor marks of single rows: a short row is found from its mark by trying.

    What differs later is told by the entry that it belongs to, and not by the row.
    """
    names = ", ".join(_quoted(table) for table in tables)
    _send(
        op.get_bind(),
        "ALTER TABLE journal_table ADD COLUMN IF NOT EXISTS sealed boolean NOT NULL DEFAULT false",
        f"UPDATE journal_table SET sealed = true WHERE relation IN ({names})",  # noqa: S608 - quoted
        ALTERED,
    )


def blind(*tables: str) -> None:
    """Give rows of these tables a random column, so that nobody finds from their digests what they
    say."""
    column = "blinding uuid NOT NULL DEFAULT gen_random_uuid()"
    _send(op.get_bind(), *(f'ALTER TABLE "{each}" ADD COLUMN {column}' for each in tables))


def forward_only(table: str, condition: str) -> None:
    """Refuse every change of a row of `table` but those that meet a condition on OLD and NEW."""
    _send(
        op.get_bind(),
        f'CREATE TRIGGER forward_only BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN (({condition}) IS NOT TRUE) EXECUTE FUNCTION refuse_step()",
    )
    by_triggers = bool(_by_triggers("journal_entry"))
    _send(op.get_bind(), *(_denying(table, "DELETE") if by_triggers else _denied(table)))


def _denying(table: str, what: str = "UPDATE OR DELETE") -> Iterator[str]:
    for name, when in {"row": what, "all": "TRUNCATE"}.items():
        each = "ROW" if name == "row" else "STATEMENT"
        yield (
            f'CREATE TRIGGER "append_only_{name}" BEFORE {when} ON "{table}" '
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )


def foundations() -> None:
    """Lay what every service stands on: the journal, its functions, and the idempotency keys."""
    role = service_role()
    _send(
        op.get_bind(),
        *_STATEMENTS,
        *FUNCTIONS,
        *NAMING,
        ALTERED,
        *of_single_records([]),  # as yet; written out with the newest revision
        f"REVOKE ALL ON FUNCTION {_APPEND} FROM PUBLIC",
        f'GRANT EXECUTE ON FUNCTION {_APPEND} TO "{role}"',
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT ON journal_entry, journal_head, journal_table, alembic_version TO "{role}"',
        f'GRANT USAGE ON SEQUENCE journal_record_number TO "{role}"',
        f'GRANT SELECT ON SEQUENCE journal_record_salt TO "{role}"',
        *_denying("journal_entry"),
    )
    append_only("idempotency_key")


def listing() -> None:
    """Have the database know entries of the journal that are listed under other tables than theirs,
    and have all that it vouches with as this version writes it.

    Each entry is read once for it, which may take minutes where there are millions.
    """
    at_home()
    _send(op.get_bind(), _PATIENT, *_functions_anew(), *LISTING)


def untold() -> None:
    """Have the numbers of records tell nothing of how many others there are."""
    role = service_role()
    _send(op.get_bind(), SALT, f'GRANT SELECT ON SEQUENCE journal_record_salt TO "{role}"')


def at_home() -> None:
    """Have each entry of the journal say with whose rows it lies (`journal_home`), if it does not.

    The table is written once more for it, which may take minutes where there are millions.
    """
    if _has_homes():
        return
    _send(
        op.get_bind(),
        _PATIENT,
        HOME,
        *(each for table in ("journal_head", "journal_entry") for each in _moving_home(table)),
        "ALTER TABLE journal_head DROP CONSTRAINT journal_head_number_key",
        "ALTER TABLE journal_head ADD UNIQUE (home, number)",
        "DROP INDEX ix_journal_entry_tables",
        *(each for each in NAMING if "CREATE INDEX" in each),
        *_functions_anew(),
    )


def _functions_anew() -> Iterator[str]:
    for each in (*FUNCTIONS, *NAMING):
        if "FUNCTION" in each and "REVOKE" not in each:
            yield each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    yield ALTERED


def _moving_home(table: str) -> Iterator[str]:
    # Computed for all rows at once, and then a column as any other: what is computed could not say
    # where a row lies.
    home = "uuid GENERATED ALWAYS AS (journal_home(chain)) STORED"
    yield f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"'
    yield f'ALTER TABLE "{table}" ADD COLUMN home {home}'
    yield f'ALTER TABLE "{table}" ALTER COLUMN home DROP EXPRESSION'
    yield f'ALTER TABLE "{table}" ADD CHECK (home = journal_home(chain))'
    key = "home, chain" if table == "journal_head" else "home, chain, seq"
    yield f'ALTER TABLE "{table}" ADD PRIMARY KEY ({key})'


_PATIENT = "SET LOCAL statement_timeout = '30min'"
_APPEND = "journal_append(text, text, text, text, text)"
_ENTRY_INDEXES = (
    "CREATE INDEX ix_journal_entry_hash ON journal_entry (hash)",
    "CREATE INDEX ix_journal_entry_record ON journal_entry (record)",
)
_STATEMENTS = [
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    HOME,
    """
    CREATE TABLE journal_head (
      chain text NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL,
      recorded_at timestamptz NOT NULL,
      -- For good: by it readers of events say how far they are.
      number bigint GENERATED ALWAYS AS IDENTITY,
      home uuid NOT NULL CHECK (home = journal_home(chain)),
      PRIMARY KEY (home, chain), UNIQUE (home, number)
    )
    """,
    # `record` and `tables` only help to find an entry; what they say stands in `rows`.
    """
    CREATE TABLE journal_entry (
      chain text NOT NULL, seq bigint NOT NULL, recorded_at timestamptz NOT NULL,
      subject text NOT NULL, unit text NOT NULL, event text NOT NULL, body text NOT NULL,
      previous bytea NOT NULL, hash bytea NOT NULL, record bigint, tables text[], rows text,
      home uuid NOT NULL CHECK (home = journal_home(chain)),
      PRIMARY KEY (home, chain, seq)
    )
    """,
    *_ENTRY_INDEXES,
    """
    CREATE TABLE idempotency_key (
      caller text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, status int NOT NULL,
      media_type text NOT NULL, body bytea NOT NULL,
      answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (caller, key)
    )
    """,
]
