-- Where entries stand is kept by the statement that adds their states, which says so, and not by a
-- trigger: a table that lies on several machines has none. Only what the history says is kept, so
-- whoever may call it can say nothing else.
DROP TRIGGER latest_state ON ledger_entry_state;
DROP TRIGGER append_only_row ON ledger_entry;
DROP TRIGGER append_only_all ON ledger_entry;
DROP TRIGGER entered_without_state ON ledger_entry;
DROP TRIGGER kept_by_the_entries ON ledger_entry_standing;
DROP TRIGGER never_emptied ON ledger_entry_standing;
DROP TRIGGER kept_by_the_entries ON ledger_count;
DROP TRIGGER never_emptied ON ledger_count;
DROP FUNCTION keep_latest_state(), refuse_all_but_state(), require_entries(ledger_entry_state[]);

-- Most commands move one entry or two. The statement for many is planned anew each time, for as
-- many as there are, and that takes longer than to move one. Of a state that is the first nothing
-- has to be known that was before.
CREATE OR REPLACE FUNCTION keep_state_of_one(added ledger_entry_state, slot integer) RETURNS void
LANGUAGE plpgsql AS $$
    DECLARE
      e ledger_entry%ROWTYPE;
      former text;
    BEGIN
      SELECT l.* INTO e FROM ledger_entry l
      WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'a state of no entry' USING ERRCODE = '23503';
      END IF;
      IF e.step >= added.step THEN RETURN; END IF;
      IF e.step > 0 THEN former := e.state; END IF;
      UPDATE ledger_entry l SET state = added.state, step = added.step
      WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id;
      IF former = added.state THEN RETURN; END IF;
      IF former IS NOT NULL THEN
        DELETE FROM ledger_entry_standing s
        WHERE s.cycle_id = e.cycle_id AND s.state = former AND s.number = e.number;
        INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
        VALUES (e.cycle_id, '', former, slot, -1), (e.cycle_id, e.unit, former, slot, -1)
        ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number - 1;
      END IF;
      INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator, author_unit, kind,
        period, number, entry_id, panel, author)
      VALUES (e.cycle_id, added.state, e.unit, e.indicator, e.author_unit, e.kind, e.period,
        e.number, e.entry_id, e.panel, CASE WHEN e.panel IS NOT NULL THEN e.author END);
      INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
      VALUES (e.cycle_id, '', added.state, slot, 1), (e.cycle_id, e.unit, added.state, slot, 1)
      ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number + 1;
    END $$;

-- Each entry is looked up by its key: any other join reads the ledgers of all earlier cycles. By
-- EXECUTE, so that it is planned for the rows of this statement: a plan that was kept from an empty
-- table could take the square of 5,000 steps.
CREATE FUNCTION keep_latest_states(the_cycle uuid, entry_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, 'pg_temp' SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    DECLARE
      slot int := 0;
      latest ledger_entry_state[];
      one ledger_entry_state;
      known bigint;
    BEGIN
      WHILE NOT pg_try_advisory_xact_lock(hashtext('ledger-count'), slot) LOOP
        slot := slot + 1;
      END LOOP;
      SELECT array_agg(s) INTO latest FROM (SELECT DISTINCT unnest(entry_ids) AS id) each
      CROSS JOIN LATERAL (SELECT * FROM ledger_entry_state h
        WHERE h.cycle_id = the_cycle AND h.entry_id = each.id ORDER BY h.step DESC LIMIT 1) s;
      IF latest IS NULL THEN RETURN; END IF;
      -- Where tables lie on several machines (Citus), one statement changes one table.
      IF cardinality(latest) <= 10 OR to_regclass('pg_dist_partition') IS NOT NULL THEN
        FOREACH one IN ARRAY latest LOOP
          PERFORM keep_state_of_one(one, slot);
        END LOOP;
        RETURN;
      END IF;
      EXECUTE 'WITH found AS MATERIALIZED ('
        '  SELECT e.cycle_id, e.entry_id, e.number, e.unit, e.indicator, e.author_unit, e.kind,'
        '    e.period, e.panel, CASE WHEN e.panel IS NOT NULL THEN e.author END AS author,'
        '    e.state AS former, e.step AS before, a.state, a.step FROM unnest($2) a'
        '  JOIN ledger_entry e ON e.cycle_id::text = a.cycle_id::text AND e.entry_id = a.entry_id),'
        ' moved AS MATERIALIZED (SELECT * FROM found WHERE before < step),'
        ' kept AS (UPDATE ledger_entry e SET state = m.state, step = m.step FROM moved m'
        '  WHERE e.cycle_id::text = m.cycle_id::text AND e.entry_id = m.entry_id),'
        ' gone AS (DELETE FROM ledger_entry_standing s USING moved m'
        '  WHERE m.before > 0 AND m.former <> m.state AND s.cycle_id = m.cycle_id'
        '    AND s.state = m.former AND s.number = m.number),'
        ' come AS (INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator,'
        '    author_unit, kind, period, number, entry_id, panel, author)'
        '  SELECT cycle_id, state, unit, indicator, author_unit, kind, period, number, entry_id,'
        '    panel, author'
        '  FROM moved WHERE before = 0 OR former <> state),'
        ' counted AS (INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)'
        '  SELECT cycle_id, coalesce(unit, ''''), state, $1, sum(n) FROM ('
        '    SELECT cycle_id, unit, state, 1 AS n FROM moved'
        '    UNION ALL SELECT cycle_id, unit, former, -1 FROM moved WHERE before > 0) each'
        '  GROUP BY GROUPING SETS ((cycle_id, state), (cycle_id, unit, state))'
        '  HAVING sum(n) <> 0'
        ' ON CONFLICT (cycle_id, unit, state, slot)'
        '  DO UPDATE SET number = c.number + excluded.number)'
        ' SELECT count(*) FROM found'
      INTO known USING slot, latest;
      IF known < cardinality(latest) THEN
        RAISE EXCEPTION 'a state of no entry' USING ERRCODE = '23503';
      END IF;
    END $$;

REVOKE ALL ON FUNCTION keep_latest_states(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_latest_states(uuid, uuid[]) TO :service;

-- An entry comes without a state, and nothing else of it ever changes.
REVOKE INSERT ON ledger_entry FROM :service;
