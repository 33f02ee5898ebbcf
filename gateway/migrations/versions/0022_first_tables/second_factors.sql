-- A second factor that a person was given: a key for one-time codes, sealed so that the database
-- cannot read it.
CREATE TABLE second_factor (
  subject text NOT NULL,
  number integer NOT NULL,
  sealed_key text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_second_factor PRIMARY KEY (subject, number),
  CONSTRAINT ck_second_factor_number CHECK (number > 0),
  CONSTRAINT fk_second_factor_subject_account FOREIGN KEY (subject) REFERENCES account(subject)
);

-- That a person has shown to have a second factor at hand; a fact, added once.
CREATE TABLE second_factor_confirmation (
  subject text NOT NULL,
  number integer NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_second_factor_confirmation PRIMARY KEY (subject, number),
  CONSTRAINT fk_second_factor_confirmation_subject_number_second_factor FOREIGN KEY (subject,
      number) REFERENCES second_factor(subject, number)
);

-- That the code of a half minute was used; once, says the key.
CREATE TABLE second_factor_use (
  subject text NOT NULL,
  number integer NOT NULL,
  counter bigint NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_second_factor_use PRIMARY KEY (subject, number, counter),
  CONSTRAINT fk_second_factor_use_subject_number_second_factor FOREIGN KEY (subject, number)
      REFERENCES second_factor(subject, number)
);

-- A code that signs in once in place of a second factor, by its digest.
CREATE TABLE recovery_code (
  subject text NOT NULL,
  number integer NOT NULL,
  digest bytea NOT NULL,
  CONSTRAINT pk_recovery_code PRIMARY KEY (subject, number, digest),
  CONSTRAINT fk_recovery_code_subject_number_second_factor FOREIGN KEY (subject, number)
      REFERENCES second_factor(subject, number)
);

-- That a recovery code was used; once, says the key.
CREATE TABLE recovery_use (
  subject text NOT NULL,
  number integer NOT NULL,
  digest bytea NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_recovery_use PRIMARY KEY (subject, number, digest),
  CONSTRAINT fk_recovery_use_subject_number_digest_recovery_code FOREIGN KEY (subject, number,
      digest) REFERENCES recovery_code(subject, number, digest)
);
