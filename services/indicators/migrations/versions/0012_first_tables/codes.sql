-- Codes by which another system names units, indicators, or both (代码体系).
CREATE TABLE id_scheme (
  id_scheme text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  system text NOT NULL,
  units boolean NOT NULL,
  indicators boolean NOT NULL,
  registered_by text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('id_scheme'),
  CONSTRAINT pk_id_scheme PRIMARY KEY (id_scheme),
  CONSTRAINT ck_id_scheme_codes CHECK (units OR indicators)
);

-- Of one text: the extension that compares texts in such an index is not everywhere.
CREATE TYPE code_range AS RANGE (subtype = text, collation = "C");

-- Which unit a code of another system means (单位代码对照).
CREATE TABLE unit_mapping (
  mapping_id uuid NOT NULL,
  id_scheme text NOT NULL,
  code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  state text NOT NULL,
  reason text,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by text,
  decided_person text,
  decided_reason text,
  decided_at timestamptz,
  ended_by text,
  ended_person text,
  ended_reason text,
  ended_at timestamptz,
  unit text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('unit_mapping'),
  CONSTRAINT pk_unit_mapping PRIMARY KEY (mapping_id),
  CONSTRAINT ck_unit_mapping_state CHECK (state IN ('proposed', 'confirmed', 'refused', 'ended')),
  CONSTRAINT ck_unit_mapping_two_people
      CHECK (state IN ('proposed', 'refused') OR decided_person <> proposed_person),
  CONSTRAINT ck_unit_mapping_valid CHECK (valid_from <= valid_to),
  CONSTRAINT ex_unit_mapping_one_meaning
      EXCLUDE USING gist (
        code_range(id_scheme || ' ' || code, id_scheme || ' ' || code, '[]') WITH =,
        daterange(valid_from, valid_to) WITH &&) WHERE (state <> 'refused'),
  CONSTRAINT fk_unit_mapping_id_scheme FOREIGN KEY (id_scheme) REFERENCES id_scheme(id_scheme),
  CONSTRAINT fk_unit_mapping_unit FOREIGN KEY (unit) REFERENCES unit(code)
);
CREATE INDEX ix_unit_mapping_id_scheme_code ON unit_mapping (id_scheme, code);

-- Which indicator of a cycle a code of another system means (指标代码对照).
CREATE TABLE indicator_mapping (
  mapping_id uuid NOT NULL,
  id_scheme text NOT NULL,
  code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  state text NOT NULL,
  reason text,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by text,
  decided_person text,
  decided_reason text,
  decided_at timestamptz,
  ended_by text,
  ended_person text,
  ended_reason text,
  ended_at timestamptz,
  indicator text NOT NULL,
  cycle_id uuid NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('indicator_mapping'),
  CONSTRAINT pk_indicator_mapping PRIMARY KEY (cycle_id, mapping_id),
  CONSTRAINT ck_indicator_mapping_state CHECK (state IN ('proposed', 'confirmed', 'refused',
      'ended')),
  CONSTRAINT ck_indicator_mapping_two_people
      CHECK (state IN ('proposed', 'refused') OR decided_person <> proposed_person),
  CONSTRAINT ck_indicator_mapping_valid CHECK (valid_from <= valid_to),
  CONSTRAINT ex_indicator_mapping_one_meaning
      EXCLUDE USING gist (
        code_range(cycle_id::text || ' ' || id_scheme || ' ' || code,
          cycle_id::text || ' ' || id_scheme || ' ' || code, '[]') WITH =,
        daterange(valid_from, valid_to) WITH &&) WHERE (state <> 'refused'),
  CONSTRAINT fk_indicator_mapping_cycle_id FOREIGN KEY (cycle_id) REFERENCES cycle(cycle_id),
  CONSTRAINT fk_indicator_mapping_id_scheme FOREIGN KEY (id_scheme)
      REFERENCES id_scheme(id_scheme)
);
CREATE INDEX ix_indicator_mapping_cycle_id_id_scheme_code
  ON indicator_mapping (cycle_id, id_scheme, code);
