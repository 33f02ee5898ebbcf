-- Somebody, or some system, that can sign in.
CREATE TABLE account (
  subject text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  unit text,
  roles jsonb NOT NULL,
  secret_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  disabled_at timestamptz,
  person text NOT NULL,
  awaits_confirmation boolean NOT NULL DEFAULT false,
  created_by text,
  created_by_person text,
  secret_expires_on date,
  scope text,
  CONSTRAINT pk_account PRIMARY KEY (subject),
  CONSTRAINT ck_account_kind CHECK (kind IN ('person', 'client'))
);

-- That a second person agreed to an account with a powerful role; a fact, added once.
CREATE TABLE account_confirmation (
  subject text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_account_confirmation PRIMARY KEY (subject),
  CONSTRAINT fk_account_confirmation_subject_account FOREIGN KEY (subject)
      REFERENCES account(subject)
);

-- What an account is from a change on, as a whole; the account as it was made is version 1.
CREATE TABLE account_change (
  subject text NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  unit text,
  roles jsonb NOT NULL,
  enabled boolean NOT NULL,
  expires_on date,
  reason text NOT NULL,
  awaits_confirmation boolean NOT NULL,
  changed_by text NOT NULL,
  changed_by_person text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  scope text,
  CONSTRAINT pk_account_change PRIMARY KEY (subject, version),
  CONSTRAINT ck_account_change_version CHECK (version > 1),
  CONSTRAINT fk_account_change_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That a second person agreed to a change of an account; a fact, added once.
CREATE TABLE account_change_confirmation (
  subject text NOT NULL,
  version integer NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_account_change_confirmation PRIMARY KEY (subject, version),
  CONSTRAINT fk_account_change_confirmation_subject_account_change FOREIGN KEY (subject, version)
      REFERENCES account_change(subject, version)
);

-- A secret after the account's own, which is number 1: of a person the one that took the place of
-- the one before, of a client one beside another.
CREATE TABLE account_secret (
  subject text NOT NULL,
  number integer NOT NULL,
  secret_hash text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_on date,
  made_by text,
  made_by_person text,
  awaits_confirmation boolean NOT NULL DEFAULT false,
  one_time_until timestamptz,
  CONSTRAINT pk_account_secret PRIMARY KEY (subject, number),
  CONSTRAINT ck_account_secret_number CHECK (number > 1),
  CONSTRAINT fk_account_secret_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That a second person agreed to a secret of a powerful account; a fact, added once.
CREATE TABLE account_secret_confirmation (
  subject text NOT NULL,
  number integer NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  secret_hash text,
  CONSTRAINT pk_account_secret_confirmation PRIMARY KEY (subject, number),
  CONSTRAINT fk_account_secret_confirmation_subject_account FOREIGN KEY (subject)
      REFERENCES account(subject)
);

-- That a secret opens nothing any more, and why; a fact, added once.
CREATE TABLE account_secret_revocation (
  subject text NOT NULL,
  number integer NOT NULL,
  reason text NOT NULL,
  revoked_by text NOT NULL,
  revoked_by_person text NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_account_secret_revocation PRIMARY KEY (subject, number),
  CONSTRAINT fk_account_secret_revocation_subject_account FOREIGN KEY (subject)
      REFERENCES account(subject)
);

-- When a secret last opened its account, to the minute.
CREATE TABLE secret_use (
  subject text NOT NULL,
  number integer NOT NULL,
  last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_secret_use PRIMARY KEY (subject, number)
);

-- That somebody's password or second factor shall be taken back, proposed by an administrator; a
-- fact, added once.
CREATE TABLE account_reset (
  subject text NOT NULL,
  number integer NOT NULL,
  password boolean NOT NULL,
  second_factor boolean NOT NULL,
  reason text NOT NULL,
  proposed_by text NOT NULL,
  proposed_by_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_account_reset PRIMARY KEY (subject, number),
  CONSTRAINT ck_account_reset_something CHECK (password OR second_factor),
  CONSTRAINT fk_account_reset_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That a reset is in effect, confirmed by a second person where there was one; a fact, added once.
CREATE TABLE account_reset_effect (
  subject text NOT NULL,
  number integer NOT NULL,
  secret_number integer,
  confirmed_by text,
  confirmed_by_person text,
  effected_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_account_reset_effect PRIMARY KEY (subject, number),
  CONSTRAINT fk_account_reset_effect_subject_number_account_reset FOREIGN KEY (subject, number)
      REFERENCES account_reset(subject, number)
);

-- The latest change that is in effect, or the account as it was made; whether it may act now.
CREATE VIEW account_present AS
SELECT a.subject, a.kind, a.person,
  coalesce(c.version, 1) AS version, coalesce(c.name, a.name) AS name,
  CASE WHEN c.subject IS NULL THEN a.unit ELSE c.unit END AS unit,
  coalesce(c.roles, a.roles) AS roles,
  coalesce(c.enabled, true) AND a.disabled_at IS NULL AS enabled, c.expires_on,
  c.subject IS NULL AND a.awaits_confirmation AND NOT EXISTS (
    SELECT 1 FROM account_confirmation f WHERE f.subject = a.subject) AS is_pending,
  (SELECT max(w.version) FROM account_change w
    WHERE w.subject = a.subject AND w.awaits_confirmation
      AND w.version > coalesce(c.version, 1)
      AND w.version = (SELECT max(version) FROM account_change WHERE subject = a.subject)
  ) AS pending_version,
  CASE WHEN c.subject IS NULL THEN a.scope ELSE c.scope END AS scope
FROM account a LEFT JOIN LATERAL (
  SELECT w.* FROM account_change w
  WHERE w.subject = a.subject AND (NOT w.awaits_confirmation OR EXISTS (
    SELECT 1 FROM account_change_confirmation f
    WHERE f.subject = w.subject AND f.version = w.version))
  ORDER BY w.version DESC LIMIT 1) c ON true;

-- Every secret of an account, and whether it opens anything now.
CREATE VIEW secret_present AS
SELECT s.subject, s.number, coalesce(c.secret_hash, s.secret_hash) AS secret_hash, s.made_by,
  s.made_by_person, s.made_at, s.expires_on, s.awaits_confirmation AND c.subject IS NULL AS is_pending,
  coalesce(s.expires_on <= current_date OR s.one_time_until <= clock_timestamp(), false)
    AS is_expired,
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

GRANT SELECT, INSERT ON account TO :service;
GRANT SELECT ON account_present, secret_present TO :service;
