-- A version of the sample plan of a wave; the newest one at its opening holds.
CREATE TABLE sample_plan (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  version integer NOT NULL,
  aim numeric,
  cells jsonb NOT NULL,
  entered_by text NOT NULL,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('sample_plan'),
  CONSTRAINT pk_sample_plan PRIMARY KEY (cycle_id, survey_id, wave, version),
  CONSTRAINT fk_sample_plan_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- What shall count for units with too few answers in a wave; in force once confirmed.
CREATE TABLE sample_decision (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  decision_no integer NOT NULL,
  units jsonb NOT NULL,
  treatment text NOT NULL,
  reason text NOT NULL,
  document_no text NOT NULL,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('sample_decision'),
  CONSTRAINT pk_sample_decision PRIMARY KEY (cycle_id, survey_id, wave, decision_no),
  CONSTRAINT ck_sample_decision_treatment CHECK (treatment IN ('counted', 'other_waves', 'pooled',
      'category_mean', 'not_rated')),
  CONSTRAINT fk_sample_decision_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- The confirmation of a decision; of several about a unit the last by position is in force.
CREATE TABLE sample_confirmation (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  decision_no integer NOT NULL,
  "position" integer NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('sample_confirmation'),
  CONSTRAINT pk_sample_confirmation PRIMARY KEY (cycle_id, survey_id, wave, decision_no),
  CONSTRAINT uq_sample_confirmation_cycle_id_survey_id_wave_position UNIQUE (cycle_id, survey_id,
      wave, "position"),
  CONSTRAINT fk_sample_confirmation_cycle_id_survey_id_wave_decision_no FOREIGN KEY (cycle_id,
      survey_id, wave, decision_no) REFERENCES sample_decision(cycle_id, survey_id, wave,
      decision_no)
);

-- The weights of the answers of a wave as they were when it closed, by its plan.
CREATE TABLE wave_weights (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  plan_version integer,
  units jsonb NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('wave_weights'),
  CONSTRAINT pk_wave_weights PRIMARY KEY (cycle_id, survey_id, wave),
  CONSTRAINT fk_wave_weights_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- What a closed wave says about one unit, with the tallies it was computed from.
CREATE TABLE wave_result (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  unit text NOT NULL,
  valid_sample integer NOT NULL,
  score numeric,
  insufficient boolean NOT NULL,
  tallies jsonb NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('wave_result'),
  CONSTRAINT pk_wave_result PRIMARY KEY (cycle_id, survey_id, wave, unit),
  CONSTRAINT fk_wave_result_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);
