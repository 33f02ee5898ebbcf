"""What follows from a few new states is kept by statements that are planned once."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Have the trigger take few entries one by one, and many as before."""
    op.execute(_ONE)
    op.execute(_KEPT)


# Most commands move one entry or two. The statement for many is planned anew each time, for as many
# as there are, and that takes longer than to move one.
_ONE = """
    CREATE FUNCTION keep_state_of_one(added ledger_entry_state, slot int) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
      e ledger_entry%ROWTYPE;
    BEGIN
      SELECT * INTO STRICT e FROM ledger_entry l
      WHERE l.cycle_id = added.cycle_id AND l.entry_id = added.entry_id;
      IF e.step >= added.step THEN RETURN; END IF;
      UPDATE ledger_entry l SET state = added.state, step = added.step
      WHERE l.cycle_id = added.cycle_id AND l.entry_id = added.entry_id;
      IF e.step > 0 AND e.state = added.state THEN RETURN; END IF;
      IF e.step > 0 THEN
        DELETE FROM ledger_entry_standing s
        WHERE s.cycle_id = e.cycle_id AND s.state = e.state AND s.number = e.number;
        INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
        VALUES (e.cycle_id, '', e.state, slot, -1), (e.cycle_id, e.unit, e.state, slot, -1)
        ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number - 1;
      END IF;
      INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator, author_unit, number,
        entry_id, panel, author)
      VALUES (e.cycle_id, added.state, e.unit, e.indicator, e.author_unit, e.number, e.entry_id,
        e.panel, CASE WHEN e.panel IS NOT NULL THEN e.author END);
      INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
      VALUES (e.cycle_id, '', added.state, slot, 1), (e.cycle_id, e.unit, added.state, slot, 1)
      ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number + 1;
    END $$
    """

_KEPT = """
    CREATE OR REPLACE FUNCTION keep_latest_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
    DECLARE
      slot int := 0;
      few ledger_entry_state[];
      one ledger_entry_state;
    BEGIN
      WHILE NOT pg_try_advisory_xact_lock(hashtext('ledger-count'), slot) LOOP
        slot := slot + 1;
      END LOOP;
      SELECT array_agg(a ORDER BY a.step) INTO few FROM (SELECT * FROM added LIMIT 11) a;
      IF cardinality(few) <= 10 THEN
        FOREACH one IN ARRAY few LOOP
          PERFORM keep_state_of_one(one, slot);
        END LOOP;
        RETURN NULL;
      END IF;
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
