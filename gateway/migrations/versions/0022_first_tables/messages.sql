-- A public key that an account signs its messages with; `key_id` is its thumbprint (RFC 7638).
CREATE TABLE message_key (
  subject text NOT NULL,
  key_id text NOT NULL,
  jwk jsonb NOT NULL,
  reason text NOT NULL,
  awaits_confirmation boolean NOT NULL,
  added_by text NOT NULL,
  added_by_person text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_message_key PRIMARY KEY (subject, key_id),
  CONSTRAINT fk_message_key_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That a second person agreed to a key; a fact, added once.
CREATE TABLE message_key_confirmation (
  subject text NOT NULL,
  key_id text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_message_key_confirmation PRIMARY KEY (subject, key_id),
  CONSTRAINT fk_message_key_confirmation_subject_message_key FOREIGN KEY (subject, key_id)
      REFERENCES message_key(subject, key_id)
);

-- That a key signs nothing any more; a fact, added once. What it signed before stays signed.
CREATE TABLE message_key_withdrawal (
  subject text NOT NULL,
  key_id text NOT NULL,
  reason text NOT NULL,
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_message_key_withdrawal PRIMARY KEY (subject, key_id),
  CONSTRAINT fk_message_key_withdrawal_subject_message_key FOREIGN KEY (subject, key_id)
      REFERENCES message_key(subject, key_id)
);

-- A signed message as it came, before anything was done about it.
CREATE TABLE received_message (
  message_id uuid NOT NULL,
  subject text NOT NULL,
  key_id text NOT NULL,
  method text NOT NULL,
  target text NOT NULL,
  headers jsonb NOT NULL,
  body bytea,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_received_message PRIMARY KEY (message_id)
);
CREATE INDEX ix_received_message_subject_message_id ON received_message (subject, message_id);

-- The answer to a signed message, as it was signed and sent; `receipt` is the hash of the
-- journal's entry, where the answer has one.
CREATE TABLE answered_message (
  message_id uuid NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL,
  body bytea,
  receipt text,
  answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_answered_message PRIMARY KEY (message_id),
  CONSTRAINT fk_answered_message_message_id_received_message FOREIGN KEY (message_id)
      REFERENCES received_message(message_id)
);
