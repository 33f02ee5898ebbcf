-- A unit: one that is assessed, or a body that only measures others or is asked.
CREATE TABLE unit (
  code text NOT NULL,
  kind text NOT NULL,
  uscc text,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('unit'),
  CONSTRAINT pk_unit PRIMARY KEY (code),
  CONSTRAINT uq_unit_uscc UNIQUE (uscc),
  CONSTRAINT ck_unit_kind CHECK (kind IN ('assessed', 'body'))
);

-- A name of a unit from a day until just before another; only an open end may be filled.
CREATE TABLE unit_name (
  unit text NOT NULL,
  name text NOT NULL,
  valid_from date NOT NULL,
  kind text NOT NULL,
  valid_to date,
  record bigint NOT NULL DEFAULT journal_record('unit_name'),
  CONSTRAINT pk_unit_name PRIMARY KEY (unit, name, valid_from),
  CONSTRAINT ck_unit_name_kind CHECK (kind IN ('legal', 'alias')),
  CONSTRAINT ck_unit_name_valid CHECK (valid_from < valid_to),
  CONSTRAINT fk_unit_name_unit FOREIGN KEY (unit) REFERENCES unit(code)
);

-- That a unit goes on from another from a day on: merged from several, or split off one.
CREATE TABLE unit_succession (
  unit text NOT NULL,
  predecessor text NOT NULL,
  effective_on date NOT NULL,
  document_no text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('unit_succession'),
  CONSTRAINT pk_unit_succession PRIMARY KEY (unit, predecessor),
  CONSTRAINT ck_unit_succession_another CHECK (unit <> predecessor),
  CONSTRAINT fk_unit_succession_predecessor FOREIGN KEY (predecessor) REFERENCES unit(code),
  CONSTRAINT fk_unit_succession_unit FOREIGN KEY (unit) REFERENCES unit(code)
);
