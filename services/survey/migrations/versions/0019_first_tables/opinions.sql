-- A free text about a unit, as it was sent: quarantined, whatever becomes of it.
CREATE TABLE opinion (
  cycle_id uuid NOT NULL,
  opinion_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  unit text NOT NULL,
  batch_no text NOT NULL,
  respondent_token text,
  generation integer,
  interviewer text,
  respondent_group text,
  channel text,
  "text" text NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('opinion'),
  CONSTRAINT pk_opinion PRIMARY KEY (cycle_id, opinion_id),
  CONSTRAINT fk_opinion_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);
CREATE UNIQUE INDEX ix_opinion_wave
  ON opinion (cycle_id, survey_id, wave, unit, respondent_token, generation);

-- What somebody proposes to become of an opinion; the newest one of it may be confirmed.
CREATE TABLE opinion_review (
  cycle_id uuid NOT NULL,
  opinion_id uuid NOT NULL,
  review_no integer NOT NULL,
  verdict text NOT NULL,
  wording text,
  reason text,
  merged_into uuid,
  proposed_by text NOT NULL,
  proposed_person text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('opinion_review'),
  CONSTRAINT pk_opinion_review PRIMARY KEY (cycle_id, opinion_id, review_no),
  CONSTRAINT ck_opinion_review_verdict CHECK (verdict IN ('accept', 'reject', 'merge')),
  CONSTRAINT fk_opinion_review_cycle_id_opinion_id FOREIGN KEY (cycle_id, opinion_id)
      REFERENCES opinion(cycle_id, opinion_id)
);
CREATE INDEX ix_opinion_review_merged_into ON opinion_review (cycle_id, merged_into);

-- The confirmation of a review by somebody else: one for each opinion, for good.
CREATE TABLE opinion_review_confirmation (
  cycle_id uuid NOT NULL,
  opinion_id uuid NOT NULL,
  review_no integer NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_person text NOT NULL,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('opinion_review_confirmation'),
  CONSTRAINT pk_opinion_review_confirmation PRIMARY KEY (cycle_id, opinion_id),
  CONSTRAINT fk_opinion_review_confirmation_cycle_id_opinion_id_review_no FOREIGN KEY (cycle_id,
      opinion_id, review_no) REFERENCES opinion_review(cycle_id, opinion_id, review_no)
);

-- That the accepted opinions of a wave were published.
CREATE TABLE opinion_publication (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  published integer NOT NULL,
  published_by text NOT NULL,
  published_person text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('opinion_publication'),
  CONSTRAINT pk_opinion_publication PRIMARY KEY (cycle_id, survey_id, wave),
  CONSTRAINT fk_opinion_publication_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id,
      wave) REFERENCES wave(cycle_id, survey_id, wave)
);

-- That a unit is asked to mend something by a day; the `origin` says why, by its kind and id.
CREATE TABLE rectification_item (
  cycle_id uuid NOT NULL,
  item_id uuid NOT NULL,
  origin_kind text NOT NULL,
  origin_id uuid NOT NULL,
  unit text NOT NULL,
  request text NOT NULL,
  deadline date NOT NULL,
  assigned_by text NOT NULL,
  assigned_person text NOT NULL,
  assigned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('rectification_item'),
  CONSTRAINT pk_rectification_item PRIMARY KEY (cycle_id, item_id),
  CONSTRAINT uq_rectification_item_cycle_id_origin_kind_origin_id_unit UNIQUE (cycle_id,
      origin_kind, origin_id, unit),
  CONSTRAINT ck_rectification_item_origin_kind CHECK (origin_kind = 'opinion')
);

-- A reply of the unit, or what became of it; the last one says how far the item is.
CREATE TABLE rectification_step (
  cycle_id uuid NOT NULL,
  item_id uuid NOT NULL,
  step_no integer NOT NULL,
  step text NOT NULL,
  "text" text,
  taken_by text NOT NULL,
  taken_person text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('rectification_step'),
  CONSTRAINT pk_rectification_step PRIMARY KEY (cycle_id, item_id, step_no),
  CONSTRAINT ck_rectification_step_step CHECK (step IN ('replied', 'accepted', 'returned')),
  CONSTRAINT fk_rectification_step_cycle_id_item_id FOREIGN KEY (cycle_id, item_id)
      REFERENCES rectification_item(cycle_id, item_id)
);
