-- One version of what a unit is to reach; the state of the highest one is the target's.
CREATE TABLE target (
  cycle_id uuid NOT NULL,
  unit text NOT NULL,
  indicator text NOT NULL,
  item text NOT NULL,
  version integer NOT NULL,
  target numeric,
  baseline numeric,
  pledge numeric,
  reason text,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL,
  lowered boolean NOT NULL,
  document_no text,
  approved_by text,
  record bigint NOT NULL DEFAULT journal_record('target'),
  set_by_person text,
  baseline_from jsonb,
  CONSTRAINT pk_target PRIMARY KEY (cycle_id, unit, indicator, item, version),
  CONSTRAINT ck_target_state CHECK (state IN ('proposed', 'returned', 'approved', 'issue_pending',
      'issued', 'revision_pending', 'revised', 'withdrawal_pending', 'withdrawn', 'refused')),
  CONSTRAINT fk_target_cycle_id FOREIGN KEY (cycle_id) REFERENCES cycle(cycle_id)
);

-- One version of what was said about targets of a matter that differ; the state of the highest one
-- is the settlement's.
CREATE TABLE target_settlement (
  cycle_id uuid NOT NULL,
  unit text NOT NULL,
  matter text NOT NULL,
  item text NOT NULL,
  version integer NOT NULL,
  targets jsonb NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  document_no text NOT NULL,
  set_by text NOT NULL,
  set_by_person text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('target_settlement'),
  CONSTRAINT pk_target_settlement PRIMARY KEY (cycle_id, unit, matter, item, version),
  CONSTRAINT ck_target_settlement_state CHECK (state IN ('settlement_pending', 'settled',
      'refused')),
  CONSTRAINT fk_target_settlement_cycle_id FOREIGN KEY (cycle_id) REFERENCES cycle(cycle_id)
);
