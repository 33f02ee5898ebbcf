-- A veto (一票否决) of a unit, and the document that decided it.
CREATE TABLE veto (
  cycle_id uuid NOT NULL,
  number integer NOT NULL,
  unit character varying NOT NULL,
  code character varying NOT NULL,
  document_no character varying NOT NULL,
  decided_on date NOT NULL,
  note character varying,
  reported_by character varying NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('veto'),
  reported_by_person character varying,
  CONSTRAINT pk_veto PRIMARY KEY (cycle_id, number)
);

-- An event that demotes a unit (降等), and the document that decided it.
CREATE TABLE demotion (
  cycle_id uuid NOT NULL,
  number integer NOT NULL,
  unit character varying NOT NULL,
  code character varying NOT NULL,
  document_no character varying NOT NULL,
  decided_on date NOT NULL,
  note character varying,
  reported_by character varying NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('demotion'),
  reported_by_person character varying,
  rank integer,
  list_size integer,
  CONSTRAINT pk_demotion PRIMARY KEY (cycle_id, number)
);

-- What became of a report: confirmed, refused, to be lifted, lifted; the last step holds.
CREATE TABLE report_step (
  cycle_id uuid NOT NULL,
  kind character varying NOT NULL,
  number integer NOT NULL,
  step integer NOT NULL,
  state character varying NOT NULL,
  reason character varying,
  document_no character varying,
  subject character varying NOT NULL,
  person character varying NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('report_step'),
  CONSTRAINT pk_report_step PRIMARY KEY (cycle_id, kind, number, step)
);

-- One edition: a category ranked once, from the inputs that the digests name.
CREATE TABLE ranking (
  cycle_id uuid NOT NULL,
  edition integer NOT NULL,
  category character varying NOT NULL,
  score_sheet_edition integer NOT NULL,
  digests jsonb NOT NULL,
  units jsonb NOT NULL,
  digest character varying NOT NULL,
  ranked_by character varying NOT NULL,
  ranked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('ranking'),
  survey_errors jsonb,
  voided_waves jsonb,
  CONSTRAINT pk_ranking PRIMARY KEY (cycle_id, edition)
);

-- A step of an edition's approval chain, taken once and by somebody who took no other.
CREATE TABLE approval (
  cycle_id uuid NOT NULL,
  edition integer NOT NULL,
  step character varying NOT NULL,
  subject character varying NOT NULL,
  note character varying,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('approval'),
  person character varying,
  CONSTRAINT pk_approval PRIMARY KEY (cycle_id, edition, step),
  CONSTRAINT uq_approval_cycle_id_edition_person UNIQUE (cycle_id, edition, person),
  CONSTRAINT uq_approval_cycle_id_edition_subject UNIQUE (cycle_id, edition, subject),
  CONSTRAINT fk_approval_cycle_id_edition FOREIGN KEY (cycle_id, edition)
      REFERENCES ranking(cycle_id, edition)
);

-- What was published: complete in itself, so that readers need nothing unpublished.
CREATE TABLE "release" (
  cycle_id uuid NOT NULL,
  "release" integer NOT NULL,
  category character varying NOT NULL,
  edition integer NOT NULL,
  predecessor integer,
  manifest jsonb NOT NULL,
  document jsonb NOT NULL,
  digest character varying NOT NULL,
  published_at timestamptz NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('release'),
  CONSTRAINT pk_release PRIMARY KEY (cycle_id, release),
  CONSTRAINT uq_release_cycle_id_edition UNIQUE (cycle_id, edition),
  CONSTRAINT fk_release_cycle_id_edition FOREIGN KEY (cycle_id, edition)
      REFERENCES ranking(cycle_id, edition)
);
