"""Where entries stand is kept once more, in the order of arrival, and counted by unit and state."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the two tables that follow from the entries, fill them, and have the trigger keep them.

    An index over the state on the entries themselves would be written, with all their others, by
    every move: here only these rows are.
    """
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS]
    op.create_table(
        "ledger_entry_standing",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *texts,
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.Text()),
        sa.Column("author", sa.Text()),
        sa.PrimaryKeyConstraint("cycle_id", "state", "number", name="pk_ledger_entry_standing"),
    )
    op.create_table(
        "ledger_count",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "unit", "state", "slot", name="pk_ledger_count"),
    )
    op.execute("ALTER TABLE ledger_count SET (fillfactor = 50)")
    op.execute(
        "INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator, author_unit, number,"
        " entry_id, panel, author) SELECT cycle_id, state, unit, indicator, author_unit, number,"
        " entry_id, panel, CASE WHEN panel IS NOT NULL THEN author END"
        " FROM ledger_entry WHERE step > 0"
    )
    op.execute(
        "INSERT INTO ledger_count SELECT cycle_id, coalesce(unit, ''), state, 0, count(*)"
        " FROM ledger_entry WHERE step > 0"
        " GROUP BY GROUPING SETS ((cycle_id, state), (cycle_id, unit, state))"
    )
    for column in ("unit", "indicator", "author_unit"):
        op.execute(
            f"CREATE INDEX ix_ledger_entry_standing_{column} ON ledger_entry_standing"
            f" (cycle_id, ({column} || ' ' || state), number)"
        )
    op.execute(
        "CREATE INDEX ix_ledger_entry_standing_author ON ledger_entry_standing"
        " (cycle_id, (author || ' ' || state), number) WHERE author IS NOT NULL"
    )
    op.execute(
        "CREATE INDEX ix_ledger_entry_restating ON ledger_entry ((cycle_id::text), number)"
        " WHERE restates IS NOT NULL"
    )
    op.execute(
        "CREATE INDEX ix_ledger_entry_beside_events ON ledger_entry"
        " ((cycle_id::text || ' ' || unit || ' ' || indicator), number)"
        " WHERE key IS NULL OR key = 'zero_report'"
    )
    op.execute(_KEPT)
    for table in ("ledger_entry_standing", "ledger_count"):
        op.execute(f'GRANT SELECT ON {table} TO "{migrations.service_role()}"')
        op.execute(
            f"CREATE TRIGGER kept_by_the_entries BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for statement in _CONTRADICTIONS:
        op.execute(statement)


_TEXTS = ("state", "unit", "indicator", "author_unit")

# Each entry is looked up by its key: any other join reads the ledgers of all earlier cycles.
# By EXECUTE, so that it is planned for the rows of this statement: a plan that was kept from an
# empty table could take the square of 5,000 steps.
# Who writes at the same time counts in a slot of its own: otherwise all would wait for whoever came
# first to the unit, and two who came to two units in another order for one another.
_KEPT = """
    CREATE OR REPLACE FUNCTION keep_latest_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
    DECLARE
      slot int := 0;
    BEGIN
      WHILE NOT pg_try_advisory_xact_lock(hashtext('ledger-count'), slot) LOOP
        slot := slot + 1;
      END LOOP;
      EXECUTE 'WITH moved AS MATERIALIZED ('
        '  SELECT e.cycle_id, e.entry_id, e.number, e.unit, e.indicator, e.author_unit, e.panel,'
        '    CASE WHEN e.panel IS NOT NULL THEN e.author END AS author,'
        '    e.state AS former, e.step AS before, a.state, a.step FROM ('
        '    SELECT DISTINCT ON (cycle_id, entry_id) cycle_id, entry_id, step, state'
        '    FROM added ORDER BY cycle_id, entry_id, step DESC) a'
        '  JOIN ledger_entry e ON e.cycle_id = a.cycle_id AND e.entry_id = a.entry_id'
        '  WHERE e.step < a.step),'
        ' kept AS (UPDATE ledger_entry e SET state = m.state, step = m.step FROM moved m'
        '  WHERE e.cycle_id = m.cycle_id AND e.entry_id = m.entry_id),'
        ' gone AS (DELETE FROM ledger_entry_standing s USING moved m'
        '  WHERE m.before > 0 AND m.former <> m.state AND s.cycle_id = m.cycle_id'
        '    AND s.state = m.former AND s.number = m.number),'
        ' come AS (INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator,'
        '    author_unit, number, entry_id, panel, author)'
        '  SELECT cycle_id, state, unit, indicator, author_unit, number, entry_id, panel, author'
        '  FROM moved WHERE before = 0 OR former <> state)'
        ' INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)'
        '  SELECT cycle_id, coalesce(unit, ''''), state, $1, sum(n) FROM ('
        '    SELECT cycle_id, unit, state, 1 AS n FROM moved'
        '    UNION ALL SELECT cycle_id, unit, former, -1 FROM moved WHERE before > 0) each'
        '  GROUP BY GROUPING SETS ((cycle_id, state), (cycle_id, unit, state))'
        '  HAVING sum(n) <> 0'
        ' ON CONFLICT (cycle_id, unit, state, slot)'
        '  DO UPDATE SET number = c.number + excluded.number'
      USING slot;
      RETURN NULL;
    END $$
    """

# What follows from entries agrees when every row of the one side has its like on the other:
# counting says so in one join; which differ is found out only where one does.
_CONTRADICTIONS = [
    "ALTER FUNCTION contradicting_entries(text) RENAME TO contradicting_states",
    """
    CREATE FUNCTION contradicting_standings(cycle uuid) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SET enable_nestloop = off AS $$
    DECLARE
      agreeing bigint;
    BEGIN
      SELECT count(*) INTO agreeing
      FROM (SELECT * FROM ledger_entry WHERE cycle_id = cycle) e
      JOIN (SELECT * FROM ledger_entry_standing WHERE cycle_id = cycle) s USING (number)
      WHERE (e.entry_id, e.state, e.unit, e.indicator, e.author_unit)
          = (s.entry_id, s.state, s.unit, s.indicator, s.author_unit)
        AND e.panel IS NOT DISTINCT FROM s.panel
        AND s.author IS NOT DISTINCT FROM CASE WHEN e.panel IS NOT NULL THEN e.author END;
      IF agreeing = (SELECT count(*) FROM ledger_entry WHERE cycle_id = cycle)
        AND agreeing = (SELECT count(*) FROM ledger_entry_standing WHERE cycle_id = cycle)
      THEN
        RETURN;
      END IF;
      RETURN QUERY SELECT entry_id::text FROM (
        SELECT number, entry_id, state, unit, indicator, author_unit, panel,
          CASE WHEN panel IS NOT NULL THEN author END AS author
        FROM ledger_entry WHERE cycle_id = cycle
        UNION ALL
        SELECT number, entry_id, state, unit, indicator, author_unit, panel, author
        FROM ledger_entry_standing WHERE cycle_id = cycle) both_sides
      GROUP BY number, entry_id, state, unit, indicator, author_unit, panel, author
      HAVING count(*) <> 2;
    END $$
    """,
    """
    CREATE FUNCTION contradicting_counts(cycle uuid) RETURNS SETOF text
    LANGUAGE sql STABLE AS $$
      SELECT coalesce(nullif(unit, '') || ' ', '') || state FROM (
        SELECT coalesce(unit, '') AS unit, state, count(*) AS number
        FROM ledger_entry WHERE cycle_id = cycle
        GROUP BY GROUPING SETS ((state), (unit, state))
        UNION ALL
        SELECT unit, state, -number FROM ledger_count WHERE cycle_id = cycle) both_sides
      GROUP BY unit, state HAVING sum(number) <> 0
    $$
    """,
    """
    CREATE FUNCTION contradicting_entries(the_chain text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF the_chain ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN QUERY SELECT contradicting_states(the_chain)
          UNION SELECT contradicting_standings(the_chain::uuid)
          UNION SELECT contradicting_counts(the_chain::uuid);
      END IF;
    END $$
    """,
]
