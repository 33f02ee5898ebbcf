CREATE TABLE jurisdiction_closing (
  jurisdiction text CONSTRAINT pk_jurisdiction_closing PRIMARY KEY,
  reason text NOT NULL,
  proposed_by text NOT NULL,
  proposed_by_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE jurisdiction_closing_confirmation (
  jurisdiction text CONSTRAINT pk_jurisdiction_closing_confirmation PRIMARY KEY
    CONSTRAINT fk_jurisdiction_closing_confirmation_jurisdiction
    REFERENCES jurisdiction_closing (jurisdiction),
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Whoever is of a closed jurisdiction reads.
CREATE OR REPLACE VIEW account_present AS
SELECT a.subject, a.kind, a.person,
  coalesce(c.version, 1) AS version, coalesce(c.name, a.name) AS name,
  CASE WHEN c.subject IS NULL THEN a.unit ELSE c.unit END AS unit,
  coalesce(c.roles, a.roles) AS roles,
  coalesce(c.enabled, true) AND a.disabled_at IS NULL AND NOT (f.waited AND f.is_over) AS enabled,
  c.expires_on,
  f.waited AND NOT f.is_over AS is_pending,
  (SELECT max(w.version) FROM account_change w
    WHERE w.subject = a.subject AND w.awaits_confirmation
      AND w.version > coalesce(c.version, 1)
      AND w.version = (SELECT max(version) FROM account_change WHERE subject = a.subject)
      AND w.changed_at > clock_timestamp() - interval '7 days'
      AND NOT EXISTS (SELECT 1 FROM account_proposal_end e
        WHERE e.subject = w.subject AND e.version = w.version)
  ) AS pending_version,
  CASE WHEN c.subject IS NULL THEN a.scope ELSE c.scope END AS scope,
  a.jurisdiction,
  a.jurisdiction IS NOT NULL
    AND NOT starts_with(coalesce(a.created_by, ''), a.jurisdiction || '.') AS is_first,
  EXISTS (SELECT 1 FROM jurisdiction_closing_confirmation z
    WHERE z.jurisdiction = a.jurisdiction) AS is_closed
FROM account a LEFT JOIN LATERAL (
  SELECT w.* FROM account_change w
  WHERE w.subject = a.subject AND (NOT w.awaits_confirmation OR EXISTS (
    SELECT 1 FROM account_change_confirmation f
    WHERE f.subject = w.subject AND f.version = w.version))
  ORDER BY w.version DESC LIMIT 1) c ON true
CROSS JOIN LATERAL (
  SELECT c.subject IS NULL AND a.awaits_confirmation AND NOT EXISTS (
      SELECT 1 FROM account_confirmation k WHERE k.subject = a.subject) AS waited,
    a.created_at <= clock_timestamp() - interval '7 days' OR EXISTS (
      SELECT 1 FROM account_proposal_end e
      WHERE e.subject = a.subject AND e.version = 1) AS is_over) f;
