-- An assessment year of a jurisdiction and its phase.
CREATE TABLE cycle (
  cycle_id uuid NOT NULL,
  name text NOT NULL,
  jurisdiction text NOT NULL,
  assessment_year integer NOT NULL,
  phase text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('cycle'),
  CONSTRAINT pk_cycle PRIMARY KEY (cycle_id),
  CONSTRAINT ck_cycle_phase CHECK (phase IN ('draft', 'open'))
);

-- A scheme as it was saved, with the SHA-256 of its canonical form.
CREATE TABLE scheme_version (
  cycle_id uuid NOT NULL,
  version integer NOT NULL,
  scheme jsonb NOT NULL,
  digest text NOT NULL,
  reason text,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('scheme_version'),
  CONSTRAINT pk_scheme_version PRIMARY KEY (cycle_id, version),
  CONSTRAINT fk_scheme_version_cycle_id FOREIGN KEY (cycle_id) REFERENCES cycle(cycle_id)
);

-- The moment a version came into force; the one with the highest number is in force.
CREATE TABLE scheme_publication (
  cycle_id uuid NOT NULL,
  version integer NOT NULL,
  published_by text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('scheme_publication'),
  CONSTRAINT pk_scheme_publication PRIMARY KEY (cycle_id, version),
  CONSTRAINT fk_scheme_publication_cycle_id_version FOREIGN KEY (cycle_id, version)
      REFERENCES scheme_version(cycle_id, version)
);

-- The compiled form of a version, with the SHA-256 of its canonical form.
CREATE TABLE compiled_scheme (
  cycle_id uuid NOT NULL,
  version integer NOT NULL,
  format integer NOT NULL,
  digest text NOT NULL,
  compiled jsonb NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('compiled_scheme'),
  CONSTRAINT pk_compiled_scheme PRIMARY KEY (cycle_id, version),
  CONSTRAINT fk_compiled_scheme_cycle_id_version FOREIGN KEY (cycle_id, version)
      REFERENCES scheme_version(cycle_id, version)
);
