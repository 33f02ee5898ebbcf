-- Where tables lie on several machines (Citus), one statement changes one table: the one for many
-- changes three.
--
-- Each entry is looked up by its key: any other join reads the ledgers of all earlier cycles. By
-- EXECUTE, so that it is planned for the rows of this statement: a plan that was kept from an empty
-- table could take the square of 5,000 steps.
CREATE OR REPLACE FUNCTION keep_latest_states(the_cycle uuid, entry_ids uuid[]) RETURNS void
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

-- Where a claim on a document stands, or stood at a moment, whichever cycle it is of.
CREATE FUNCTION claim_stood(document text, the_claim uuid, at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN (SELECT s.state FROM claim c
        JOIN claim_state s ON s.cycle_id = c.cycle_id AND s.claim_id = c.claim_id
        WHERE c.fingerprint = document AND c.claim_id = the_claim
          AND (at IS NULL OR s.entered_at <= at)
        ORDER BY s.step DESC LIMIT 1);
    END $$;
