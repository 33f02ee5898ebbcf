-- Functions as they are where tables lie on several machines (Citus): they say the cycle of each row
-- that they look up. On one machine it is hidden, because of what would be guessed of it.
CREATE OR REPLACE FUNCTION entries_alike(
  subjects text[], days text[], documents text[], gone text[], most integer)
RETURNS TABLE (said text, entry ledger_entry)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    DECLARE
      -- Each of them begins with it.
      the_cycle uuid := left(coalesce(subjects[1], days[1], documents[1]), 36)::uuid;
    BEGIN
      RETURN QUERY SELECT each, latest.one FROM unnest(subjects) each CROSS JOIN LATERAL (
        SELECT e AS one FROM ledger_entry e
        WHERE e.cycle_id = the_cycle AND hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' ' || e.period || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, ''))
            = hashtext(each)
          AND e.panel IS NULL AND e.kind <> 'reversal' AND e.state <> ALL (gone)
        ORDER BY e.number DESC LIMIT most) latest;
      RETURN QUERY SELECT each, latest.one FROM unnest(days) each CROSS JOIN LATERAL (
        SELECT e AS one FROM ledger_entry e
        WHERE e.cycle_id = the_cycle AND hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' @' || (e.occurred_on - '2000-01-01'::date)::text
            || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, '')) = hashtext(each)
          AND e.occurred_on IS NOT NULL
          AND e.panel IS NULL AND e.kind <> 'reversal' AND e.state <> ALL (gone)
        ORDER BY e.number DESC LIMIT most) latest;
      RETURN QUERY SELECT each, latest.one FROM unnest(documents) each CROSS JOIN LATERAL (
        SELECT e.one FROM (SELECT * FROM entry_likeness a
          WHERE a.cycle_id = the_cycle AND a.cycle_id::text || ' ' || a.unit || ' ' || a.document = each
          ORDER BY a.number DESC LIMIT most) known
        CROSS JOIN LATERAL (SELECT l AS one FROM ledger_entry l
          WHERE l.cycle_id = the_cycle AND l.entry_id = known.entry_id
            AND l.panel IS NULL AND l.kind <> 'reversal' AND l.state <> ALL (gone) OFFSET 0) e
        ORDER BY known.number DESC) latest;
    END $$;

CREATE OR REPLACE FUNCTION entries_about(said text[], the_cycle uuid, states text[])
RETURNS SETOF ledger_entry
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(said) each CROSS JOIN LATERAL (
        SELECT e.* FROM ledger_entry e
        WHERE e.cycle_id = the_cycle
          AND hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' ' || e.period || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, ''))
            = hashtext(each)
          AND e.state = ANY (states)) found;
    END $$;

CREATE OR REPLACE FUNCTION scored_already(cycle uuid, about text, documents text[], kinds text[],
    at timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN (SELECT min(e.indicator) FROM unnest(documents) said
        CROSS JOIN LATERAL (SELECT * FROM entry_likeness a
          WHERE a.cycle_id = cycle AND a.cycle_id::text || ' ' || a.unit || ' ' || a.document
            = cycle::text || ' ' || about || ' ' || left(said, 64) OFFSET 0) known
        CROSS JOIN LATERAL (SELECT l.indicator FROM ledger_entry l
          WHERE l.cycle_id = cycle AND l.entry_id = known.entry_id
            AND l.kind = ANY (kinds) AND l.state IN ('verified', 'locked')
            AND (at IS NULL OR EXISTS (SELECT FROM ledger_entry_state s
              WHERE s.cycle_id = l.cycle_id AND s.entry_id = l.entry_id
                AND s.state = 'verified' AND s.entered_at <= at)) OFFSET 0) e
        WHERE said <> '');
    END $$;

CREATE OR REPLACE FUNCTION contradicting_counts(cycle uuid) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN QUERY SELECT coalesce(nullif(unit, '') || ' ', '') || state FROM (
        SELECT coalesce(e.unit, '') AS unit, e.state, count(*) AS number
        FROM ledger_entry e WHERE e.cycle_id = cycle
        GROUP BY GROUPING SETS ((e.state), (e.unit, e.state))
        UNION ALL
        SELECT c.unit, c.state, -c.number FROM ledger_count c WHERE c.cycle_id = cycle) both_sides
      GROUP BY unit, state HAVING sum(number) <> 0;
    END $$;

CREATE OR REPLACE FUNCTION contradicting_entries(the_chain text, the_records bigint[])
RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
    DECLARE the_cycle uuid := journal_home(the_chain);
    BEGIN
      RETURN QUERY SELECT e.entry_id::text FROM ledger_entry e
      LEFT JOIN LATERAL (
        SELECT s.step, s.state FROM ledger_entry_state s
        WHERE s.cycle_id = the_cycle AND s.entry_id = e.entry_id
        ORDER BY s.step DESC LIMIT 1) latest ON true
      WHERE e.record = ANY (the_records) AND e.cycle_id = the_cycle
        AND (e.step, e.state) IS DISTINCT FROM (latest.step, latest.state);
    END $$;

-- An entry of another cycle, which may lie on another machine.
CREATE OR REPLACE FUNCTION ledger_entry_elsewhere(the_cycle uuid, the_entry uuid)
RETURNS SETOF ledger_entry LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN QUERY SELECT e.* FROM ledger_entry e
        WHERE e.cycle_id = the_cycle AND e.entry_id = the_entry;
    END $$;

CREATE OR REPLACE FUNCTION entries_of_source(
  the_cycle uuid, source text, refs text[], taken_out text[])
RETURNS SETOF ledger_entry
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(refs) ref CROSS JOIN LATERAL (
        (SELECT * FROM ledger_entry e
          WHERE e.cycle_id = the_cycle
            AND e.cycle_id::text || ' ' || e.source_ref = the_cycle::text || ' ' || ref
            AND e.author_unit = source AND e.source_ref IS NOT NULL
          ORDER BY e.source_version DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM ledger_entry e
          WHERE e.cycle_id = the_cycle
            AND e.cycle_id::text || ' ' || e.source_ref = the_cycle::text || ' ' || ref
            AND e.author_unit = source AND e.source_ref IS NOT NULL
            AND e.state <> ALL (taken_out)
          ORDER BY e.source_version DESC LIMIT 1)) found;
    END $$;

CREATE OR REPLACE FUNCTION parked_of_source(the_cycle uuid, source text, refs text[])
RETURNS SETOF parked_row
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(refs) ref CROSS JOIN LATERAL (
        SELECT * FROM parked_row p
        WHERE p.cycle_id = the_cycle
          AND p.cycle_id::text || ' ' || p.source_ref = the_cycle::text || ' ' || ref
          AND p.author_unit = source AND p.source_ref IS NOT NULL
        ORDER BY p.source_version DESC LIMIT 1) found;
    END $$;
