"""Alembic migrations of one service: lock and statement timeouts, and the tables of the journal.

Migrations run as the owner of the database; the service itself runs as another role that is
named like the owner without its `_owner`. Only this module grants that role anything.
"""

import asyncio
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from alembic import context, op
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.idempotency import CLAIM
from chassis.recording import ALTERED, FUNCTIONS, NAMING, SETS, RecordedTable, of_single_records

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
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if set(context.get_context().get_current_heads()) != newest:  # as only a test wants it
            write_out(connection)
        connection.commit()

    async def connect() -> None:
        engine = create_async_engine(url, poolclass=pool.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
        await engine.dispose()

    asyncio.run(connect())


def write_out(connection: Connection) -> None:
    """Write the functions that commands ask, for the tables and columns that there are now.

    It happens with the newest revision: a change of these functions needs a revision to go with.
    """
    connection.exec_driver_sql(CLAIM)
    known = connection.scalar(sa.text("SELECT to_regclass('journal_table')"))
    if known is None:  # a revision from before the journal vouched for rows
        return
    rows = connection.execute(sa.text(_REGISTERED)).mappings()
    tables = [RecordedTable(**{**row, "key": tuple(row["key"])}) for row in rows]
    for statement in of_single_records(tables):
        connection.exec_driver_sql(statement)


_REGISTERED = """
    SELECT j.relation AS name, journal_columns(j.relation) AS columns, j.chained_by, j.chain,
      j.changing, j.derived, array_agg(a.attname::text
        ORDER BY array_position(i.indkey::int[], a.attnum::int)) AS key
    FROM journal_table j
    JOIN pg_index i ON i.indrelid = format('public.%I', j.relation)::regclass AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    GROUP BY j.relation, j.chained_by, j.chain, j.changing, j.derived
    """


def ours(name: str | None, kind: str, _: object) -> bool:
    """Say whether a thing of the database is described by a service's own tables."""
    return kind != "table" or name not in FOUNDATIONS


def number_chains() -> None:
    """Give each chain of the journal a number for good, by which readers say how far they are."""
    op.execute("ALTER TABLE journal_head ADD number bigint GENERATED ALWAYS AS IDENTITY UNIQUE")


def begin_chain(chain: str) -> None:
    """Begin a chain of the journal, so that what a migration adds to it is taken on record."""
    op.get_bind().execute(
        sa.text(
            "INSERT INTO journal_head (chain, seq, hash, recorded_at)"
            " VALUES (:chain, 0, decode(repeat('00', 32), 'hex'), '-infinity')"
        ),
        {"chain": chain},
    )


def service_role() -> str:
    """Return the role the service runs as."""
    owner: str = op.get_bind().scalar(sa.text("SELECT current_user"))
    return owner.removesuffix("_owner")


def append_only(*tables: str) -> None:
    """Let the service read `tables` and add to them; let nobody change or remove a row."""
    for table in tables:
        op.execute(f'GRANT SELECT, INSERT ON "{table}" TO "{service_role()}"')
        _deny(table)


def writable(table: str, columns: Sequence[str]) -> None:
    """Let the service read `table`, add to it, and update the named columns; never delete."""
    names = ", ".join(f'"{column}"' for column in columns)
    op.execute(f'GRANT SELECT, INSERT, UPDATE ({names}) ON "{table}" TO "{service_role()}"')


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


def vouch_for_rows() -> None:
    """Have the journal vouch for rows from now on; `recorded` says for which."""
    for statement in FUNCTIONS:
        op.execute(statement)
    role = service_role()
    op.execute(f'GRANT SELECT ON journal_table, journal_head TO "{role}"')
    op.execute(f'GRANT USAGE ON SEQUENCE journal_record_number TO "{role}"')


def compare_at_once() -> None:
    """Let the database say in one question whether any row is not as the journal recorded it."""
    op.execute(SETS)
    op.execute(ALTERED)


def find_entries_by_table() -> None:
    """Have tables compared with the entries that tell of them, and the rest of a chain not read."""
    for statement in NAMING:
        op.execute(statement)
    op.execute(ALTERED)


def recorded(*tables: Recorded) -> None:
    """Have the journal vouch for the rows of these tables.

    Those that are there already are taken as they are found, by an entry of the journal that says
    so: before it nothing vouched for them.
    """
    for table in tables:
        # A constant default is no rewrite of the table: 0 is the number of all that was there.
        op.execute(f'ALTER TABLE "{table.name}" ADD COLUMN record bigint NOT NULL DEFAULT 0')
        op.execute(f'ALTER TABLE "{table.name}" ALTER COLUMN record SET DEFAULT journal_record()')
        op.execute(f'CREATE INDEX "ix_{table.name}_record" ON "{table.name}" (record)')
        if table.changing:
            op.execute(
                f'CREATE TRIGGER journal_change BEFORE UPDATE ON "{table.name}"'
                " FOR EACH ROW EXECUTE FUNCTION journal_change()"
            )
        op.get_bind().execute(
            sa.text(
                "INSERT INTO journal_table"
                " (relation, chained_by, chain, changing, without, derived, en, zh)"
                " VALUES (:name, :by, :chain, :changing, :without, :derived, :en, :zh)"
            ),
            {**asdict(table), "without": list(table.without)},
        )
    names = sa.bindparam("names", [table.name for table in tables], sa.ARRAY(sa.Text()))
    op.get_bind().execute(sa.text("SELECT journal_adopt(:names)").bindparams(names))


def forward_only(table: str, condition: str) -> None:
    """Refuse every change of a row of `table` but those that meet a condition on OLD and NEW."""
    op.execute(
        f'CREATE TRIGGER forward_only BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN (({condition}) IS NOT TRUE) EXECUTE FUNCTION refuse_step()"
    )
    _deny(table, "DELETE")


def _deny(table: str, what: str = "UPDATE OR DELETE") -> None:
    for name, when in {"row": what, "all": "TRUNCATE"}.items():
        each = "ROW" if name == "row" else "STATEMENT"
        op.execute(
            f'CREATE TRIGGER "append_only_{name}" BEFORE {when} ON "{table}" '
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )


def foundations() -> None:
    """Lay what every service stands on: the journal, its functions, and the idempotency keys."""
    for statement in _STATEMENTS:
        op.execute(statement)
    role = service_role()
    op.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    op.execute(f'GRANT SELECT ON journal_entry TO "{role}"')
    op.execute(
        f'GRANT EXECUTE ON FUNCTION journal_append(text, text, text, text, text) TO "{role}"'
    )
    op.execute(f'GRANT SELECT ON alembic_version TO "{role}"')
    _deny("journal_entry")
    append_only("idempotency_key")


_STATEMENTS = [
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE TABLE journal_head (
      chain text PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL,
      recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE journal_entry (
      chain text NOT NULL, seq bigint NOT NULL, recorded_at timestamptz NOT NULL,
      subject text NOT NULL, unit text NOT NULL, event text NOT NULL, body text NOT NULL,
      previous bytea NOT NULL, hash bytea NOT NULL,
      PRIMARY KEY (chain, seq)
    )
    """,
    "CREATE INDEX ix_journal_entry_hash ON journal_entry (hash)",
    """
    CREATE FUNCTION journal_field(value bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE AS $$ SELECT int8send(length(value)) || value $$
    """,
    """
    CREATE FUNCTION journal_digest(
      previous bytea, chain text, seq bigint, recorded_at timestamptz, subject text, unit text,
      event text, body text
    ) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
      SELECT sha256(
        journal_field(previous) || journal_field(convert_to(chain, 'UTF8'))
        || journal_field(convert_to(seq::text, 'UTF8'))
        || journal_field(
             convert_to((extract(epoch FROM recorded_at) * 1000000)::bigint::text, 'UTF8'))
        || journal_field(convert_to(subject, 'UTF8')) || journal_field(convert_to(unit, 'UTF8'))
        || journal_field(convert_to(event, 'UTF8')) || journal_field(convert_to(body, 'UTF8'))
      )
    $$
    """,
    # The only way into the journal. It runs with the rights of the owner, takes the head of the
    # chain for the rest of the transaction, and refuses a clock that has been set back.
    """
    CREATE FUNCTION journal_append(
      the_chain text, the_subject text, the_unit text, the_event text, the_body text,
      OUT seq bigint, OUT hash bytea, OUT recorded_at timestamptz
    ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
      head journal_head%ROWTYPE;
    BEGIN
      INSERT INTO journal_head VALUES (the_chain, 0, decode(repeat('00', 32), 'hex'), '-infinity')
      ON CONFLICT DO NOTHING;
      SELECT * INTO STRICT head FROM journal_head h WHERE h.chain = the_chain FOR UPDATE;
      recorded_at := clock_timestamp();
      IF recorded_at < head.recorded_at THEN
        RAISE EXCEPTION 'the clock was set back' USING ERRCODE = '22008';
      END IF;
      seq := head.seq + 1;
      hash := journal_digest(
        head.hash, the_chain, seq, recorded_at, the_subject, the_unit, the_event, the_body);
      INSERT INTO journal_entry VALUES (
        the_chain, seq, recorded_at, the_subject, the_unit, the_event, the_body, head.hash, hash);
      UPDATE journal_head h SET seq = journal_append.seq, hash = journal_append.hash,
        recorded_at = journal_append.recorded_at WHERE h.chain = the_chain;
    END $$
    """,
    "REVOKE ALL ON FUNCTION journal_append(text, text, text, text, text) FROM PUBLIC",
    """
    CREATE TABLE idempotency_key (
      caller text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, status int NOT NULL,
      media_type text NOT NULL, body bytea NOT NULL,
      answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (caller, key)
    )
    """,
]
