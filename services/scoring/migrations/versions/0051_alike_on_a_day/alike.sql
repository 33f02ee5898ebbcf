-- The latest entries that stand: about what each subject says in a period or on a day, and naming
-- what each document says, which has the cycle and the unit in front. Each is looked up by its
-- index, the latest first, whatever was planned while there were few.
CREATE FUNCTION entries_alike(
  subjects text[], days text[], documents text[], gone text[], most integer)
RETURNS TABLE (said text, entry ledger_entry)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT each, latest.one FROM unnest(subjects) each CROSS JOIN LATERAL (
        SELECT e AS one FROM ledger_entry e
        WHERE hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' ' || e.period || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, ''))
            = hashtext(each)
          AND e.panel IS NULL AND e.kind <> 'reversal' AND e.state <> ALL (gone)
        ORDER BY e.number DESC LIMIT most) latest;
      RETURN QUERY SELECT each, latest.one FROM unnest(days) each CROSS JOIN LATERAL (
        SELECT e AS one FROM ledger_entry e
        WHERE hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' @' || (e.occurred_on - '2000-01-01'::date)::text
            || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, '')) = hashtext(each)
          AND e.occurred_on IS NOT NULL
          AND e.panel IS NULL AND e.kind <> 'reversal' AND e.state <> ALL (gone)
        ORDER BY e.number DESC LIMIT most) latest;
      RETURN QUERY SELECT each, latest.one FROM unnest(documents) each CROSS JOIN LATERAL (
        SELECT e.one FROM (SELECT * FROM entry_likeness a
          WHERE a.cycle_id::text || ' ' || a.unit || ' ' || a.document = each
          ORDER BY a.number DESC LIMIT most) known
        CROSS JOIN LATERAL (SELECT l AS one FROM ledger_entry l
          WHERE l.cycle_id::text = known.cycle_id::text AND l.entry_id = known.entry_id
            AND l.panel IS NULL AND l.kind <> 'reversal' AND l.state <> ALL (gone) OFFSET 0) e
        ORDER BY known.number DESC) latest;
    END $$;
