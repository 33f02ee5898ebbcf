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
