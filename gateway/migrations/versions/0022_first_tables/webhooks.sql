-- That webhooks may be sent to a host and port; a fact, which its withdrawal ends.
CREATE TABLE webhook_host (
  host_id uuid NOT NULL,
  host text NOT NULL,
  port integer NOT NULL,
  reason text NOT NULL,
  awaits_confirmation boolean NOT NULL,
  approved_by text NOT NULL,
  approved_by_person text NOT NULL,
  approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_host PRIMARY KEY (host_id)
);

-- That a second person agreed to a host; a fact, added once.
CREATE TABLE webhook_host_confirmation (
  host_id uuid NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_host_confirmation PRIMARY KEY (host_id),
  CONSTRAINT fk_webhook_host_confirmation_host_id_webhook_host FOREIGN KEY (host_id)
      REFERENCES webhook_host(host_id)
);

-- That nothing is sent to a host any more; a fact, added once.
CREATE TABLE webhook_host_withdrawal (
  host_id uuid NOT NULL,
  reason text NOT NULL,
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_host_withdrawal PRIMARY KEY (host_id),
  CONSTRAINT fk_webhook_host_withdrawal_host_id_webhook_host FOREIGN KEY (host_id)
      REFERENCES webhook_host(host_id)
);

-- What an account wants to be sent: where to, which events, and from which on.
CREATE TABLE webhook (
  webhook_id uuid NOT NULL,
  subject text NOT NULL,
  url text NOT NULL,
  types jsonb,
  cycle_id uuid,
  "start" text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook PRIMARY KEY (webhook_id),
  CONSTRAINT fk_webhook_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);
CREATE INDEX ix_webhook_subject ON webhook (subject);

-- A secret that messages are signed with, sealed; those before it end at `others_end_at`.
CREATE TABLE webhook_secret (
  webhook_id uuid NOT NULL,
  number integer NOT NULL,
  sealed text NOT NULL,
  others_end_at timestamptz NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_secret PRIMARY KEY (webhook_id, number),
  CONSTRAINT fk_webhook_secret_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);

-- That a webhook was begun, paused, resumed, disabled or ended; its latest step holds.
CREATE TABLE webhook_step (
  webhook_id uuid NOT NULL,
  number integer NOT NULL,
  state text NOT NULL,
  reason text,
  "by" text NOT NULL,
  "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_step PRIMARY KEY (webhook_id, number),
  CONSTRAINT fk_webhook_step_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);

-- An event as it is sent, frozen with the cursor of whoever has read up to it.
CREATE TABLE webhook_message (
  webhook_id uuid NOT NULL,
  "position" bigint NOT NULL,
  generation integer NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  standing text NOT NULL,
  cursor text NOT NULL,
  payload text,
  frozen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_message PRIMARY KEY (webhook_id, "position", generation),
  CONSTRAINT fk_webhook_message_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);
CREATE INDEX ix_webhook_message_kept ON webhook_message (frozen_at) WHERE payload IS NOT NULL;
CREATE INDEX ix_webhook_message_webhook_id_event_id ON webhook_message (webhook_id, event_id);

-- That a message was sent and what came of it; a fact, added once. Tests have position 0.
CREATE TABLE webhook_attempt (
  webhook_id uuid NOT NULL,
  "position" bigint NOT NULL,
  generation integer NOT NULL,
  number integer NOT NULL,
  redelivery integer NOT NULL,
  outcome text NOT NULL,
  status integer,
  reason text,
  milliseconds integer NOT NULL,
  "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_attempt PRIMARY KEY (webhook_id, "position", generation, number),
  CONSTRAINT fk_webhook_attempt_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);
CREATE INDEX ix_webhook_attempt_given_up
  ON webhook_attempt (webhook_id, "position") WHERE outcome = 'given-up';

-- That deliveries of a range are to be sent again; a fact, added once.
CREATE TABLE webhook_redelivery (
  webhook_id uuid NOT NULL,
  number integer NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_webhook_redelivery PRIMARY KEY (webhook_id, number),
  CONSTRAINT fk_webhook_redelivery_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);

-- How far a webhook is, and which process works at it until when.
CREATE TABLE webhook_progress (
  webhook_id uuid NOT NULL,
  standing text,
  generation integer NOT NULL DEFAULT 0,
  redelivery integer NOT NULL DEFAULT 0,
  frozen bigint NOT NULL DEFAULT '0',
  settled bigint NOT NULL DEFAULT '0',
  redelivered bigint NOT NULL DEFAULT '0',
  failing_since timestamptz,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  is_idle boolean NOT NULL DEFAULT false,
  holder uuid,
  held_until timestamptz,
  CONSTRAINT pk_webhook_progress PRIMARY KEY (webhook_id),
  CONSTRAINT fk_webhook_progress_webhook_id_webhook FOREIGN KEY (webhook_id)
      REFERENCES webhook(webhook_id)
);

-- A webhook, and the state that its latest step left it in.
CREATE VIEW webhook_present AS
SELECT w.*, s.number AS step, s.state, s.reason AS state_reason, s.at AS state_since
FROM webhook w CROSS JOIN LATERAL (
  SELECT * FROM webhook_step s WHERE s.webhook_id = w.webhook_id ORDER BY s.number DESC LIMIT 1
) s;

GRANT SELECT ON webhook_present TO :service;
