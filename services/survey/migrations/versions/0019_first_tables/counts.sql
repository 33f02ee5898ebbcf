-- The forms of one meeting as they were counted; it counts once another person has confirmed it by
-- counting the same.
CREATE TABLE meeting_count (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  count_no text NOT NULL,
  respondent_group text,
  forms jsonb NOT NULL,
  votes jsonb NOT NULL,
  void jsonb NOT NULL,
  counted_by text NOT NULL,
  counted_person text NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('meeting_count'),
  CONSTRAINT pk_meeting_count PRIMARY KEY (cycle_id, survey_id, wave, count_no),
  CONSTRAINT fk_meeting_count_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- That a count was confirmed, or withdrawn.
CREATE TABLE meeting_count_step (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  count_no text NOT NULL,
  step text NOT NULL,
  reason text,
  taken_by text NOT NULL,
  taken_person text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('meeting_count_step'),
  CONSTRAINT pk_meeting_count_step PRIMARY KEY (cycle_id, survey_id, wave, count_no, step),
  CONSTRAINT ck_meeting_count_step_step CHECK (step IN ('confirmed', 'withdrawn')),
  CONSTRAINT fk_meeting_count_step_cycle_id_survey_id_wave_count_no FOREIGN KEY (cycle_id,
      survey_id, wave, count_no) REFERENCES meeting_count(cycle_id, survey_id, wave, count_no)
);

-- A seat from which one ballot is cast in a wave, and the account that holds it.
CREATE TABLE seat (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  seat text NOT NULL,
  account text NOT NULL,
  unit text,
  respondent_group text,
  record bigint NOT NULL DEFAULT journal_record('seat'),
  CONSTRAINT pk_seat PRIMARY KEY (cycle_id, survey_id, wave, seat),
  CONSTRAINT uq_seat_cycle_id_survey_id_wave_account UNIQUE (cycle_id, survey_id, wave, account),
  CONSTRAINT fk_seat_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- The urn of a wave: the public part of the key for which its ballots are sealed.
CREATE TABLE urn (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  public_key bytea NOT NULL,
  set_up_by text NOT NULL,
  set_up_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('urn'),
  CONSTRAINT pk_urn PRIMARY KEY (cycle_id, survey_id, wave),
  CONSTRAINT fk_urn_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- The ballot from a seat, sealed for the urn: nobody who reads this table can open it.
CREATE TABLE ballot (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  seat text NOT NULL,
  sealed bytea NOT NULL,
  record bigint NOT NULL DEFAULT journal_record('ballot'),
  CONSTRAINT pk_ballot PRIMARY KEY (cycle_id, survey_id, wave, seat),
  CONSTRAINT fk_ballot_cycle_id_survey_id_wave_seat FOREIGN KEY (cycle_id, survey_id, wave, seat)
      REFERENCES seat(cycle_id, survey_id, wave, seat)
);

-- What all ballots of a wave come to, counted when its urn was opened; of no single one.
CREATE TABLE urn_opening (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  ballots integer NOT NULL,
  tallies jsonb NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('urn_opening'),
  CONSTRAINT pk_urn_opening PRIMARY KEY (cycle_id, survey_id, wave),
  CONSTRAINT fk_urn_opening_cycle_id_survey_id_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES urn(cycle_id, survey_id, wave)
);

-- A link by which one respondent answers once, about these units under the names that are put to
-- him; of the secret there is the SHA-256.
CREATE TABLE form_link (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  link text NOT NULL,
  draw_no integer NOT NULL,
  units jsonb NOT NULL,
  respondent_group text,
  stratum text,
  drawn_by text NOT NULL,
  drawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  record bigint NOT NULL DEFAULT journal_record('form_link'),
  CONSTRAINT pk_form_link PRIMARY KEY (cycle_id, survey_id, wave, link),
  CONSTRAINT uq_form_link_link UNIQUE (link),
  CONSTRAINT fk_form_link_cycle_id_survey_id_wave_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

-- That a link was used, or withdrawn.
CREATE TABLE form_link_end (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  link text NOT NULL,
  step text NOT NULL,
  form jsonb,
  blinding text,
  record bigint NOT NULL DEFAULT journal_record('form_link_end'),
  CONSTRAINT pk_form_link_end PRIMARY KEY (cycle_id, survey_id, wave, link),
  CONSTRAINT ck_form_link_end_form CHECK (((form IS NULL) = (blinding IS NULL)) AND
      ((form IS NULL) OR (step = 'used'))),
  CONSTRAINT ck_form_link_end_step CHECK (step IN ('used', 'withdrawn')),
  CONSTRAINT fk_form_link_end_cycle_id_survey_id_wave_link_form_link FOREIGN KEY (cycle_id,
      survey_id, wave, link) REFERENCES form_link(cycle_id, survey_id, wave, link)
);
