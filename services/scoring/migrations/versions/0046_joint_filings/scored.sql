-- In which indicator an entry counts that is about a unit and names one of these documents or
-- matters; at a moment, where one is given, also one that counts still. Each is looked up by its
-- index, whatever was planned while there were few.
CREATE FUNCTION scored_already(cycle uuid, about text, documents text[], kinds text[],
    at timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN (SELECT min(e.indicator) FROM unnest(documents) said
        CROSS JOIN LATERAL (SELECT * FROM entry_likeness a
          WHERE a.cycle_id::text || ' ' || a.unit || ' ' || a.document
            = cycle::text || ' ' || about || ' ' || left(said, 64) OFFSET 0) known
        CROSS JOIN LATERAL (SELECT l.indicator FROM ledger_entry l
          WHERE l.cycle_id::text = known.cycle_id::text AND l.entry_id = known.entry_id
            AND l.kind = ANY (kinds) AND l.state IN ('verified', 'locked')
            AND (at IS NULL OR EXISTS (SELECT FROM ledger_entry_state s
              WHERE s.cycle_id = l.cycle_id AND s.entry_id = l.entry_id
                AND s.state = 'verified' AND s.entered_at <= at)) OFFSET 0) e
        WHERE said <> '');
    END $$;
