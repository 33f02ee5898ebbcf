-- When an entry was handed in, once from the start and once after each time it was returned; with
-- what it took the place of, as far as that is about the same. None where it is a draft or was taken
-- back, or where nobody owes it. Each is looked up by its key, whatever was planned while there
-- were few.
CREATE FUNCTION entry_terms(the_cycle uuid, the_entry uuid)
RETURNS TABLE (returned timestamptz, handed_in timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    DECLARE
      one ledger_entry;
      former ledger_entry;
      line uuid[];
    BEGIN
      SELECT * INTO one FROM ledger_entry e
      WHERE e.cycle_id::text = the_cycle::text AND e.entry_id = the_entry;
      IF one.panel IS NOT NULL OR one.kind IN ('reversal', 'progress_report')
          OR one.state IN ('draft', 'returned', 'withdrawn') THEN
        RETURN;
      END IF;
      LOOP
        line := line || one.entry_id;
        EXIT WHEN coalesce(one.restates, one.replaces) IS NULL;
        SELECT * INTO former FROM ledger_entry e WHERE e.cycle_id::text = the_cycle::text
          AND e.entry_id = coalesce(one.restates, one.replaces);
        EXIT WHEN (former.unit, former.indicator, former.period)
          IS DISTINCT FROM (one.unit, one.indicator, one.period);
        one := former;
      END LOOP;
      RETURN QUERY
        WITH moves AS MATERIALIZED (
          SELECT s.state, s.entered_at FROM unnest(line) each CROSS JOIN LATERAL (
            SELECT * FROM ledger_entry_state l
            WHERE l.cycle_id = the_cycle AND l.entry_id = each OFFSET 0) s
          WHERE s.state IN ('submitted', 'returned'))
        SELECT begun.at, (SELECT min(m.entered_at) FROM moves m WHERE m.state = 'submitted'
            AND (begun.at IS NULL OR m.entered_at > begun.at))
        FROM (SELECT NULL::timestamptz AS at
          UNION ALL SELECT m.entered_at FROM moves m WHERE m.state = 'returned') begun
        ORDER BY begun.at NULLS FIRST;
    END $$;
