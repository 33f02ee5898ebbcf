-- A batch as the collector numbered it, with the SHA-256 of its rows in canonical form.
CREATE TABLE batch (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  batch_no text NOT NULL,
  accepted integer NOT NULL,
  digest text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('batch'),
  CONSTRAINT pk_batch PRIMARY KEY (cycle_id, survey_id, wave, batch_no),
  CONSTRAINT fk_batch_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- One contact with one respondent about one unit; the key is what stops a second ballot.
CREATE TABLE response (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  unit text NOT NULL,
  respondent_token text NOT NULL,
  batch_no text NOT NULL,
  outcome text NOT NULL,
  answer text,
  respondent_group text,
  record bigint NOT NULL DEFAULT journal_record('response'),
  occasion integer NOT NULL,
  generation integer NOT NULL,
  attempt integer NOT NULL,
  stratum text,
  cluster text,
  interviewer text,
  started_at timestamptz,
  ended_at timestamptz,
  CONSTRAINT pk_response PRIMARY KEY (cycle_id, survey_id, wave, unit, respondent_token, occasion,
      generation)
);

-- That a batch was wrong: its responses stay, and count nowhere.
CREATE TABLE batch_withdrawal (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  batch_no text NOT NULL,
  reason text NOT NULL,
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('batch_withdrawal'),
  CONSTRAINT pk_batch_withdrawal PRIMARY KEY (cycle_id, survey_id, wave, batch_no),
  CONSTRAINT fk_batch_withdrawal_cycle_id_survey_id_wave_batch_no FOREIGN KEY (cycle_id,
      survey_id, wave, batch_no) REFERENCES batch(cycle_id, survey_id, wave, batch_no)
);

-- That a batch came as a file: the SHA-256 of it, and by which mapping it was read; without one
-- its columns are called as ours.
CREATE TABLE batch_file (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  batch_no text NOT NULL,
  digest text NOT NULL,
  mapping text,
  mapping_version integer,
  record bigint NOT NULL DEFAULT journal_record('batch_file'),
  CONSTRAINT pk_batch_file PRIMARY KEY (cycle_id, survey_id, wave, batch_no),
  CONSTRAINT fk_batch_file_cycle_id_survey_id_wave_batch_no_batch FOREIGN KEY (cycle_id,
      survey_id, wave, batch_no) REFERENCES batch(cycle_id, survey_id, wave, batch_no)
);

-- How many rows of a batch were not stored, by what they say; an empty text where that is no unit
-- of the survey or no outcome.
CREATE TABLE batch_left_out (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  batch_no text NOT NULL,
  unit text NOT NULL,
  outcome text NOT NULL,
  unchanged integer NOT NULL,
  refused integer NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('batch_left_out'),
  CONSTRAINT pk_batch_left_out PRIMARY KEY (cycle_id, survey_id, wave, batch_no, unit, outcome),
  CONSTRAINT fk_batch_left_out_cycle_id_survey_id_wave_batch_no_batch FOREIGN KEY (cycle_id,
      survey_id, wave, batch_no) REFERENCES batch(cycle_id, survey_id, wave, batch_no)
);

-- What is wrong with a row of a file that was not stored, by its columns; not what it says.
CREATE TABLE refused_row (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  batch_no text NOT NULL,
  "position" integer NOT NULL,
  faults jsonb NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('refused_row'),
  CONSTRAINT pk_refused_row PRIMARY KEY (cycle_id, survey_id, wave, batch_no, "position"),
  CONSTRAINT fk_refused_row_cycle_id_survey_id_wave_batch_no_batch FOREIGN KEY (cycle_id,
      survey_id, wave, batch_no) REFERENCES batch(cycle_id, survey_id, wave,
      batch_no) DEFERRABLE INITIALLY DEFERRED
);

-- What findings of a stopped wave lead to; in force once confirmed.
CREATE TABLE screen_decision (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  decision_no integer NOT NULL,
  verdict text NOT NULL,
  findings jsonb NOT NULL,
  interviewer text,
  units jsonb NOT NULL,
  reason text NOT NULL,
  document_no text NOT NULL,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('screen_decision'),
  CONSTRAINT pk_screen_decision PRIMARY KEY (cycle_id, survey_id, wave, decision_no),
  CONSTRAINT ck_screen_decision_interviewer
      CHECK ((verdict = 'void_interviewer') = (interviewer IS NOT NULL)),
  CONSTRAINT ck_screen_decision_verdict CHECK (verdict IN ('keep', 'void_interviewer')),
  CONSTRAINT fk_screen_decision_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- The confirmation of a decision on findings by somebody else.
CREATE TABLE screen_confirmation (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  decision_no integer NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('screen_confirmation'),
  CONSTRAINT pk_screen_confirmation PRIMARY KEY (cycle_id, survey_id, wave, decision_no),
  CONSTRAINT fk_screen_confirmation_cycle_id_survey_id_wave_decision_no FOREIGN KEY (cycle_id,
      survey_id, wave, decision_no) REFERENCES screen_decision(cycle_id, survey_id, wave,
      decision_no)
);

-- That the answers which an interviewer brought in count nowhere: about one unit, or all.
CREATE TABLE answer_void (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  interviewer text NOT NULL,
  unit text NOT NULL,
  decision_no integer NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('answer_void'),
  CONSTRAINT pk_answer_void PRIMARY KEY (cycle_id, survey_id, wave, interviewer, unit),
  CONSTRAINT fk_answer_void_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);
