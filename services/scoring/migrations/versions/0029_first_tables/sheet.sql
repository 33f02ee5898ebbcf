-- One edition of the score sheet: what it was computed from, and whose scores it holds.
CREATE TABLE score_sheet (
  cycle_id uuid NOT NULL,
  edition bigint NOT NULL,
  digest text NOT NULL,
  content jsonb,
  missing integer NOT NULL,
  computed_by text NOT NULL,
  computed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  timetable jsonb,
  ledger_phase text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('score_sheet'),
  basis jsonb,
  units jsonb,
  CONSTRAINT pk_score_sheet PRIMARY KEY (cycle_id, edition),
  CONSTRAINT ck_score_sheet_kept CHECK ((content IS NULL) = (basis IS NOT NULL))
);

-- A document that editions were computed from, kept once: compressed JSON by its SHA-256.
CREATE TABLE input_document (
  cycle_id uuid NOT NULL,
  digest text NOT NULL,
  packed bytea NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('input_document'),
  CONSTRAINT pk_input_document PRIMARY KEY (cycle_id, digest)
);

-- What one unit scored in one edition, and what that was computed from (rules/sheet/record).
CREATE TABLE unit_score (
  cycle_id uuid NOT NULL,
  edition bigint NOT NULL,
  unit text NOT NULL,
  packed bytea NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('unit_score'),
  CONSTRAINT pk_unit_score PRIMARY KEY (cycle_id, edition, unit),
  CONSTRAINT fk_unit_score_cycle_id_edition FOREIGN KEY (cycle_id, edition)
      REFERENCES score_sheet(cycle_id, edition)
);

-- How a total came about, down to the ledger entries; kept once for all editions that say so.
CREATE TABLE explanation_tree (
  cycle_id uuid NOT NULL,
  digest text NOT NULL,
  tree jsonb,
  record bigint NOT NULL DEFAULT journal_record('explanation_tree'),
  packed bytea,
  CONSTRAINT pk_explanation_tree PRIMARY KEY (cycle_id, digest),
  CONSTRAINT ck_explanation_tree_kept CHECK ((tree IS NULL) = (packed IS NOT NULL))
);

-- Which tree explains one unit's total in one edition that was fed back.
CREATE TABLE explanation (
  cycle_id uuid NOT NULL,
  edition bigint NOT NULL,
  unit text NOT NULL,
  digest text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('explanation'),
  CONSTRAINT pk_explanation PRIMARY KEY (cycle_id, edition, unit),
  CONSTRAINT fk_explanation_cycle_id_digest_explanation_tree FOREIGN KEY (cycle_id, digest)
      REFERENCES explanation_tree(cycle_id, digest),
  CONSTRAINT fk_explanation_cycle_id_edition_score_sheet FOREIGN KEY (cycle_id, edition)
      REFERENCES score_sheet(cycle_id, edition)
);

-- That an edition was fed back: from then on each unit may read its own explanation.
CREATE TABLE feedback (
  cycle_id uuid NOT NULL,
  edition bigint NOT NULL,
  fed_back_by text NOT NULL,
  fed_back_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('feedback'),
  CONSTRAINT pk_feedback PRIMARY KEY (cycle_id, edition),
  CONSTRAINT fk_feedback_cycle_id_edition FOREIGN KEY (cycle_id, edition)
      REFERENCES score_sheet(cycle_id, edition)
);

-- That an organiser declared its category complete (汇总上报): the latest `number` counts.
CREATE TABLE hand_in (
  cycle_id uuid NOT NULL,
  category text NOT NULL,
  number bigint NOT NULL,
  unit text NOT NULL,
  actor text NOT NULL,
  person text NOT NULL,
  reason text,
  missing bigint NOT NULL,
  waiting bigint NOT NULL,
  digest text NOT NULL,
  handed_in_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('hand_in'),
  CONSTRAINT pk_hand_in PRIMARY KEY (cycle_id, category, number),
  CONSTRAINT fk_hand_in_cycle_id FOREIGN KEY (cycle_id) REFERENCES ledger(cycle_id)
);

-- Compressed already: the database would only try in vain.
ALTER TABLE input_document ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE unit_score ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE explanation_tree ALTER COLUMN packed SET STORAGE EXTERNAL;
