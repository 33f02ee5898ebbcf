-- When an entry was handed in, once from the start and once after each time it was returned; with
-- what it took the place of, as far as that is about the same. None where it is a draft or was taken
-- back, or where nobody owes it. What is entered for the indicators in signed_for was handed in once
-- it was signed off as well, unless it was verified without: before that there is nothing to return,
-- and where another takes the place of what had been, the time until that is signed is a term of its
-- own. Each is looked up by its key, whatever was planned while there were few.
CREATE FUNCTION entry_terms(the_cycle uuid, the_entry uuid, signed_for text[])
RETURNS TABLE (returned timestamptz, handed_in timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    DECLARE
      one ledger_entry;
      former ledger_entry;
      line uuid[];
      wanted boolean;
    BEGIN
      SELECT * INTO one FROM ledger_entry e
      WHERE e.cycle_id::text = the_cycle::text AND e.entry_id = the_entry;
      wanted := one.indicator = ANY (signed_for) AND one.author_unit <> '-';
      IF one.panel IS NOT NULL OR one.kind IN ('reversal', 'progress_report')
          OR one.state IN ('draft', 'returned', 'withdrawn') THEN
        RETURN;
      END IF;
      IF wanted AND NOT EXISTS (SELECT FROM entry_signature g
            WHERE g.cycle_id = the_cycle AND g.entry_id = the_entry)
          AND NOT EXISTS (SELECT FROM ledger_entry_state l WHERE l.cycle_id = the_cycle
            AND l.entry_id = the_entry AND l.state = 'verified') THEN
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
        WITH steps AS MATERIALIZED (
          SELECT s.state, s.entered_at AS at, g.signed_at,
            lag(s.state) OVER each_entry AS before,
            NOT wanted OR bool_or(s.state = 'verified') OVER (PARTITION BY each) AS is_free
          FROM unnest(line) each CROSS JOIN LATERAL (
            SELECT * FROM ledger_entry_state l
            WHERE l.cycle_id = the_cycle AND l.entry_id = each OFFSET 0) s
          LEFT JOIN LATERAL (SELECT * FROM entry_signature o
            WHERE wanted AND o.cycle_id = the_cycle AND o.entry_id = each OFFSET 0) g ON true
          WINDOW each_entry AS (PARTITION BY each ORDER BY s.step)),
        came AS MATERIALIZED (
          SELECT greatest(m.at, m.signed_at) AS at FROM steps m
          WHERE m.state = 'submitted' AND (m.is_free OR m.signed_at IS NOT NULL)),
        went AS MATERIALIZED (
          SELECT m.at FROM steps m
          WHERE (m.is_free OR m.signed_at <= m.at) AND (m.state = 'returned'
            OR wanted AND m.state = 'replaced' AND m.before IN ('submitted', 'checked')))
        SELECT begun.at, (SELECT min(m.at) FROM came m WHERE begun.at IS NULL OR m.at > begun.at)
        FROM (SELECT NULL::timestamptz AS at UNION ALL SELECT m.at FROM went m) begun
        ORDER BY begun.at NULLS FIRST;
    END $$;
