-- That somebody signed in; a fact, added once.
CREATE TABLE session (
  session_id uuid NOT NULL,
  subject text NOT NULL,
  kind text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  secret_digest bytea,
  CONSTRAINT pk_session PRIMARY KEY (session_id),
  CONSTRAINT uq_session_secret_digest UNIQUE (secret_digest),
  CONSTRAINT ck_session_kind CHECK (kind IN ('bearer', 'browser'))
);
CREATE INDEX ix_session_subject_opened_at ON session (subject, opened_at);

-- That a session ended before its time, why and by whom; a fact, added once.
CREATE TABLE session_end (
  session_id uuid NOT NULL,
  reason text NOT NULL,
  ended_by text NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_session_end PRIMARY KEY (session_id),
  CONSTRAINT fk_session_end_session_id_session FOREIGN KEY (session_id)
      REFERENCES session(session_id)
);

-- A refresh token of a session, by its digest; the first is number 1.
CREATE TABLE refresh_token (
  digest bytea NOT NULL,
  session_id uuid NOT NULL,
  number integer NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_refresh_token PRIMARY KEY (digest),
  CONSTRAINT uq_refresh_token_session_id_number UNIQUE (session_id, number),
  CONSTRAINT fk_refresh_token_session_id_session FOREIGN KEY (session_id)
      REFERENCES session(session_id)
);

-- That a refresh token was used; once, says the key.
CREATE TABLE refresh_use (
  digest bytea NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_refresh_use PRIMARY KEY (digest),
  CONSTRAINT fk_refresh_use_digest_refresh_token FOREIGN KEY (digest)
      REFERENCES refresh_token(digest)
);

-- Until when a browser's session stays open if nobody uses it any more; put off by its use.
CREATE TABLE browser_session (
  session_id uuid NOT NULL,
  idle_until timestamptz NOT NULL,
  CONSTRAINT pk_browser_session PRIMARY KEY (session_id),
  CONSTRAINT fk_browser_session_session_id_session FOREIGN KEY (session_id)
      REFERENCES session(session_id)
);

-- What an outside provider gave for a session, sealed; the first is number 1.
CREATE TABLE provided_token (
  session_id uuid NOT NULL,
  number integer NOT NULL,
  sealed text NOT NULL,
  expires_at timestamptz NOT NULL,
  given_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_provided_token PRIMARY KEY (session_id, number),
  CONSTRAINT fk_provided_token_session_id_session FOREIGN KEY (session_id)
      REFERENCES session(session_id)
);

-- What one process of the gateway counted in the last half minute, for the others to read.
-- A crash empties it, as it does the memory of the processes; nothing waits for the disk.
CREATE UNLOGGED TABLE recent_use (
  process uuid NOT NULL,
  "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  told jsonb NOT NULL,
  CONSTRAINT pk_recent_use PRIMARY KEY (process)
);
