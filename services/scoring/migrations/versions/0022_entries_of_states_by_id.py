"""The entry of a new state is found by its id, whatever was planned while the ledger was empty."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Have the trigger look entries up by an index that serves nothing else, and do so alone.

    A connection keeps the plans that it made when there were no entries yet. By cycle and id it
    may have taken any index that begins with the cycle, and would read all entries of the cycle
    with each state: so may the check of a foreign key, which cannot be put in other words.
    """
    op.drop_constraint("fk_ledger_entry_state_cycle_id_entry_id", "ledger_entry_state")
    op.execute(_REQUIRED)
    op.execute(_ONE)
    op.execute(_KEPT)


# Of a state that is the first nothing has to be known that was before.
_ONE = """
    CREATE OR REPLACE FUNCTION keep_state_of_one(added ledger_entry_state, slot int) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
      e ledger_entry%ROWTYPE;
      former text;
    BEGIN
      IF added.step > 1 THEN
        SELECT l.state INTO former FROM ledger_entry l
        WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id
          AND l.step > 0;
      END IF;
      UPDATE ledger_entry l SET state = added.state, step = added.step
      WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id
        AND l.step < added.step
      RETURNING l.* INTO e;
      IF NOT FOUND THEN
        PERFORM require_entries(ARRAY[added]);
        RETURN;
      END IF;
      IF former = added.state THEN RETURN; END IF;
      IF former IS NOT NULL THEN
        DELETE FROM ledger_entry_standing s
        WHERE s.cycle_id = e.cycle_id AND s.state = former AND s.number = e.number;
        INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
        VALUES (e.cycle_id, '', former, slot, -1), (e.cycle_id, e.unit, former, slot, -1)
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

_REQUIRED = """
    CREATE FUNCTION require_entries(states ledger_entry_state[]) RETURNS void
    LANGUAGE plpgsql SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM unnest(states) s WHERE NOT EXISTS (
          SELECT FROM ledger_entry l
          WHERE l.cycle_id::text = s.cycle_id::text AND l.entry_id = s.entry_id))
      THEN
        RAISE EXCEPTION 'a state of no entry' USING ERRCODE = '23503';
      END IF;
    END $$
    """

_KEPT = """
    CREATE OR REPLACE FUNCTION keep_latest_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
    DECLARE
      slot int := 0;
      few ledger_entry_state[]; -- or, where there are more, all
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
      SELECT array_agg(a) INTO few FROM added a;
      PERFORM require_entries(few);
      EXECUTE 'WITH moved AS MATERIALIZED ('
        '  SELECT e.cycle_id, e.entry_id, e.number, e.unit, e.indicator, e.author_unit, e.panel,'
        '    CASE WHEN e.panel IS NOT NULL THEN e.author END AS author,'
        '    e.state AS former, e.step AS before, a.state, a.step FROM ('
        '    SELECT DISTINCT ON (cycle_id, entry_id) cycle_id, entry_id, step, state'
        '    FROM added ORDER BY cycle_id, entry_id, step DESC) a'
        '  JOIN ledger_entry e ON e.cycle_id::text = a.cycle_id::text AND e.entry_id = a.entry_id'
        '  WHERE e.step < a.step),'
        ' kept AS (UPDATE ledger_entry e SET state = m.state, step = m.step FROM moved m'
        '  WHERE e.cycle_id::text = m.cycle_id::text AND e.entry_id = m.entry_id),'
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
