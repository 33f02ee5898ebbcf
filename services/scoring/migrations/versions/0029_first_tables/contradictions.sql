-- Every entry tells a step that it has, with that state, and has none beyond it: counting says so
-- in one join; which entries differ is found out only where one does. Without a nested loop: what
-- the planner guesses of two sides of a new cycle can make it the square of both.
CREATE FUNCTION contradicting_states(the_chain text) RETURNS SETOF text
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
    END $$;

-- What follows from entries agrees when every row of the one side has its like on the other.
CREATE FUNCTION contradicting_standings(cycle uuid) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET enable_nestloop = off AS $$
    DECLARE
      agreeing bigint;
    BEGIN
      SELECT count(*) INTO agreeing
      FROM (SELECT * FROM ledger_entry WHERE cycle_id = cycle) e
      JOIN (SELECT * FROM ledger_entry_standing WHERE cycle_id = cycle) s USING (number)
      WHERE (e.entry_id, e.state, e.unit, e.indicator, e.author_unit, e.kind, e.period)
          = (s.entry_id, s.state, s.unit, s.indicator, s.author_unit, s.kind, s.period)
        AND e.panel IS NOT DISTINCT FROM s.panel
        AND s.author IS NOT DISTINCT FROM CASE WHEN e.panel IS NOT NULL THEN e.author END;
      IF agreeing = (SELECT count(*) FROM ledger_entry WHERE cycle_id = cycle)
        AND agreeing = (SELECT count(*) FROM ledger_entry_standing WHERE cycle_id = cycle)
      THEN
        RETURN;
      END IF;
      RETURN QUERY SELECT entry_id::text FROM (
        SELECT number, entry_id, state, unit, indicator, author_unit, kind, period, panel,
          CASE WHEN panel IS NOT NULL THEN author END AS author
        FROM ledger_entry WHERE cycle_id = cycle
        UNION ALL
        SELECT number, entry_id, state, unit, indicator, author_unit, kind, period, panel, author
        FROM ledger_entry_standing WHERE cycle_id = cycle) both_sides
      GROUP BY number, entry_id, state, unit, indicator, author_unit, kind, period, panel, author
      HAVING count(*) <> 2;
    END $$;

CREATE FUNCTION contradicting_counts(cycle uuid) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
      SELECT coalesce(nullif(unit, '') || ' ', '') || state FROM (
        SELECT coalesce(unit, '') AS unit, state, count(*) AS number
        FROM ledger_entry WHERE cycle_id = cycle
        GROUP BY GROUPING SETS ((state), (unit, state))
        UNION ALL
        SELECT unit, state, -number FROM ledger_count WHERE cycle_id = cycle) both_sides
      GROUP BY unit, state HAVING sum(number) <> 0
    $$;

CREATE FUNCTION contradicting_entries(the_chain text) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF the_chain ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN QUERY SELECT contradicting_states(the_chain)
          UNION SELECT contradicting_standings(the_chain::uuid)
          UNION SELECT contradicting_counts(the_chain::uuid);
      END IF;
    END $$;

-- Of each entry its own steps, by their key, however many entries the cycle has.
CREATE FUNCTION contradicting_entries(the_chain text, the_records bigint[]) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
      SELECT e.entry_id::text FROM ledger_entry e
      LEFT JOIN LATERAL (
        SELECT s.step, s.state FROM ledger_entry_state s
        WHERE s.cycle_id = e.cycle_id AND s.entry_id = e.entry_id
        ORDER BY s.step DESC LIMIT 1) latest ON true
      WHERE e.record = ANY (the_records) AND e.cycle_id::text = the_chain
        AND (e.step, e.state) IS DISTINCT FROM (latest.step, latest.state)
    $$;
