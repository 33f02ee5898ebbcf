"""The ledger is held against the journal with less sorting, and against its states by one join."""

from alembic import op

from chassis import migrations

revision = "0011"
down_revision = "0010"

# Every entry tells a step that it has, with that state, and has none beyond it: counting says so
# in one join; which entries differ is found out only where one does. Without a nested loop: what
# the planner guesses of two sides of a new cycle can make it the square of both.
_CONTRADICTIONS = """
    CREATE OR REPLACE FUNCTION contradicting_entries(the_chain text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SET enable_nestloop = off AS $$
    DECLARE
      cycle uuid;
      agreeing bigint;
      beyond bigint;
    BEGIN
      IF the_chain !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN;
      END IF;
      cycle := the_chain::uuid;
      SELECT count(*) FILTER (WHERE s.step = e.step AND s.state = e.state),
        count(*) FILTER (WHERE s.step > e.step OR e.entry_id IS NULL)
      INTO agreeing, beyond
      FROM (SELECT entry_id, step, state FROM ledger_entry_state WHERE cycle_id = cycle) s
      LEFT JOIN (SELECT entry_id, step, state FROM ledger_entry WHERE cycle_id = cycle) e
        USING (entry_id);
      IF beyond = 0 AND agreeing = (SELECT count(*) FROM ledger_entry WHERE cycle_id = cycle) THEN
        RETURN;
      END IF;
      RETURN QUERY SELECT entry_id::text FROM (
        SELECT entry_id, state, step FROM ledger_entry WHERE cycle_id = cycle
        UNION ALL
        SELECT entry_id, (max(ARRAY[lpad(step::text, 20, '0'), state]))[2], max(step)
        FROM ledger_entry_state WHERE cycle_id = cycle GROUP BY entry_id
      ) both_sides
      GROUP BY entry_id, state, step HAVING count(*) <> 2;
    END $$
    """


def upgrade() -> None:
    migrations.compare_at_once()
    op.execute(_CONTRADICTIONS)
