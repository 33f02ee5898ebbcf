-- One round of a survey; writers lock it FOR SHARE, its steps FOR UPDATE.
CREATE TABLE wave (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  state text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('wave'),
  stands_for integer,
  questionnaire_version integer,
  CONSTRAINT pk_wave PRIMARY KEY (cycle_id, survey_id, wave),
  CONSTRAINT ck_wave_state CHECK (state IN ('planned', 'open', 'stopped', 'closed', 'voided')),
  CONSTRAINT fk_wave_cycle_id_survey_id FOREIGN KEY (cycle_id, survey_id)
      REFERENCES survey(cycle_id, survey_id)
);

-- That a stopped wave was opened again, and why; what was said of that stop has lapsed.
CREATE TABLE wave_reopening (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  stop_no integer NOT NULL,
  reason text NOT NULL,
  reopened_by text NOT NULL,
  reopened_person text NOT NULL,
  reopened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('wave_reopening'),
  CONSTRAINT pk_wave_reopening PRIMARY KEY (cycle_id, survey_id, wave, stop_no),
  CONSTRAINT fk_wave_reopening_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- What a supervising body said of a wave as it was stopped with what it held then.
CREATE TABLE wave_attestation (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  stop_no integer NOT NULL,
  content_digest text NOT NULL,
  body text NOT NULL,
  verdict text NOT NULL,
  reason text NOT NULL,
  given_by text NOT NULL,
  given_person text NOT NULL,
  given_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('wave_attestation'),
  CONSTRAINT pk_wave_attestation PRIMARY KEY (cycle_id, survey_id, wave, stop_no, content_digest,
      body),
  CONSTRAINT ck_wave_attestation_verdict CHECK (verdict IN ('attested', 'objected')),
  CONSTRAINT fk_wave_attestation_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- A proposal to void a wave; what became of it is a row of its own.
CREATE TABLE wave_voiding (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  voiding_no integer NOT NULL,
  reason text NOT NULL,
  document_no text NOT NULL,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('wave_voiding'),
  CONSTRAINT pk_wave_voiding PRIMARY KEY (cycle_id, survey_id, wave, voiding_no),
  CONSTRAINT fk_wave_voiding_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- What somebody else decided on a proposal to void a wave.
CREATE TABLE wave_voiding_decision (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  voiding_no integer NOT NULL,
  decision text NOT NULL,
  reason text,
  decided_by text NOT NULL,
  decided_person text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('wave_voiding_decision'),
  CONSTRAINT pk_wave_voiding_decision PRIMARY KEY (cycle_id, survey_id, wave, voiding_no),
  CONSTRAINT ck_wave_voiding_decision_decision CHECK (decision IN ('confirm', 'refuse')),
  CONSTRAINT fk_wave_voiding_decision_cycle_id_survey_id_wave_voiding_no FOREIGN KEY (cycle_id,
      survey_id, wave, voiding_no) REFERENCES wave_voiding(cycle_id, survey_id, wave, voiding_no)
);
