-- A secret that was not confirmed in seven days opens nothing any more, and is in nobody's way.
CREATE OR REPLACE VIEW secret_present AS
SELECT s.subject, s.number, coalesce(c.secret_hash, s.secret_hash) AS secret_hash, s.made_by,
  s.made_by_person, s.made_at, s.expires_on, s.awaits_confirmation AND c.subject IS NULL AS is_pending,
  coalesce(s.expires_on <= current_date OR s.one_time_until <= clock_timestamp(), false)
    OR (s.awaits_confirmation AND c.subject IS NULL
      AND s.made_at <= clock_timestamp() - interval '7 days') AS is_expired,
  c.confirmed_by, c.confirmed_at, r.revoked_by, r.revoked_at, u.last_used_at,
  s.one_time_until
FROM (
  SELECT subject, 1 AS number, secret_hash, created_by AS made_by,
    created_by_person AS made_by_person, created_at AS made_at,
    secret_expires_on AS expires_on, false AS awaits_confirmation,
    NULL::timestamptz AS one_time_until
  FROM account
  UNION ALL
  SELECT subject, number, secret_hash, made_by, made_by_person, made_at, expires_on,
    awaits_confirmation, one_time_until
  FROM account_secret) s
LEFT JOIN account_secret_confirmation c USING (subject, number)
LEFT JOIN account_secret_revocation r USING (subject, number)
LEFT JOIN secret_use u USING (subject, number);
