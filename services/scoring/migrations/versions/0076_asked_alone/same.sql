-- The entries in some states that are about the same as these say, or whose number in the index
-- happens to be theirs. Each is looked up by its index, whatever was planned while there were few.
CREATE FUNCTION entries_about(said text[], the_cycle uuid, states text[])
RETURNS SETOF ledger_entry
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(said) each CROSS JOIN LATERAL (
        SELECT e.* FROM ledger_entry e
        WHERE hashtext(e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator || ' ' || e.kind
            || ' ' || e.period || ' ' || coalesce(e.key, '') || ' ' || coalesce(e.item, ''))
            = hashtext(each)
          AND e.cycle_id::text = the_cycle::text AND e.state = ANY (states)) found;
    END $$;
