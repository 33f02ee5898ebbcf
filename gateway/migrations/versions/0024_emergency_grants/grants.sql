-- That a person took a right in an emergency, until when, and why; a fact, added once.
CREATE TABLE emergency_grant (
  grant_id uuid NOT NULL,
  "right" text NOT NULL,
  role text NOT NULL,
  subject text NOT NULL,
  person text NOT NULL,
  reason text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ends_at timestamptz NOT NULL,
  CONSTRAINT pk_emergency_grant PRIMARY KEY (grant_id),
  -- The longest is rules.emergency.LONGEST.
  CONSTRAINT ck_emergency_grant_hours CHECK (
    ends_at > taken_at AND ends_at <= taken_at + interval '4 hours'),
  CONSTRAINT fk_emergency_grant_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That it was ended before its time; a fact, added once.
CREATE TABLE emergency_end (
  grant_id uuid NOT NULL,
  reason text NOT NULL,
  ended_by text NOT NULL,
  ended_by_person text NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_emergency_end PRIMARY KEY (grant_id),
  CONSTRAINT fk_emergency_end_grant_id_emergency_grant FOREIGN KEY (grant_id)
      REFERENCES emergency_grant(grant_id)
);

-- What another person found about it afterwards; a fact, added once.
CREATE TABLE emergency_review (
  grant_id uuid NOT NULL,
  finding text NOT NULL,
  remark text NOT NULL,
  reviewed_by text NOT NULL,
  reviewed_by_person text NOT NULL,
  reviewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_emergency_review PRIMARY KEY (grant_id),
  CONSTRAINT ck_emergency_review_finding CHECK (finding IN ('justified', 'unjustified')),
  CONSTRAINT fk_emergency_review_grant_id_emergency_grant FOREIGN KEY (grant_id)
      REFERENCES emergency_grant(grant_id)
);
