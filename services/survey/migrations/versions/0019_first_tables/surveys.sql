-- A survey of one cycle, with what the published scheme said of it when it was created.
CREATE TABLE survey (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  code text NOT NULL,
  scheme_version integer NOT NULL,
  scheme_digest text NOT NULL,
  definition jsonb NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('survey'),
  CONSTRAINT pk_survey PRIMARY KEY (cycle_id, survey_id),
  CONSTRAINT uq_survey_cycle_id_code UNIQUE (cycle_id, code)
);
CREATE INDEX ix_survey_survey_id ON survey (survey_id);

-- A unit that the survey asks about.
CREATE TABLE survey_unit (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  unit text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('survey_unit'),
  CONSTRAINT pk_survey_unit PRIMARY KEY (cycle_id, survey_id, unit),
  CONSTRAINT fk_survey_unit_cycle_id_survey_id FOREIGN KEY (cycle_id, survey_id)
      REFERENCES survey(cycle_id, survey_id)
);

-- A version of what the people of a survey are asked, word for word, by language.
CREATE TABLE questionnaire (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  languages jsonb NOT NULL,
  entered_by text NOT NULL,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('questionnaire'),
  CONSTRAINT pk_questionnaire PRIMARY KEY (cycle_id, survey_id, version),
  CONSTRAINT fk_questionnaire_cycle_id_survey_id FOREIGN KEY (cycle_id, survey_id)
      REFERENCES survey(cycle_id, survey_id)
);

-- One version of what the columns of a collector's own files are; later ones replace it.
CREATE TABLE export_mapping (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  name text NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('export_mapping'),
  CONSTRAINT pk_export_mapping PRIMARY KEY (cycle_id, survey_id, name, version),
  CONSTRAINT fk_export_mapping_cycle_id_survey_id_survey FOREIGN KEY (cycle_id, survey_id)
      REFERENCES survey(cycle_id, survey_id)
);
