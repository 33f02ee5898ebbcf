-- That a link was used. What the journal has of the row says nothing without its blinding.
CREATE TABLE form_link_use (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  link text NOT NULL,
  blinding uuid NOT NULL DEFAULT gen_random_uuid(),
  CONSTRAINT pk_form_link_use PRIMARY KEY (cycle_id, survey_id, wave, link),
  CONSTRAINT fk_form_link_use_cycle_id_survey_id_wave_link_form_link FOREIGN KEY (cycle_id,
      survey_id, wave, link) REFERENCES form_link(cycle_id, survey_id, wave, link)
);

-- That the links of a draw can be used no more; of how many that is true is nowhere.
CREATE TABLE form_link_withdrawal (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  draw_no integer NOT NULL,
  reason text NOT NULL,
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_form_link_withdrawal PRIMARY KEY (cycle_id, survey_id, wave, draw_no),
  CONSTRAINT fk_form_link_withdrawal_cycle_id_survey_id_wave_wave FOREIGN KEY (cycle_id,
      survey_id, wave) REFERENCES wave(cycle_id, survey_id, wave)
);

-- A form that waits until its wave stops, under a key that is drawn.
CREATE TABLE boxed_form (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  form_id uuid NOT NULL DEFAULT gen_random_uuid(),
  respondent_group text,
  stratum text,
  form jsonb,
  blinding uuid NOT NULL DEFAULT gen_random_uuid(),
  CONSTRAINT pk_boxed_form PRIMARY KEY (cycle_id, survey_id, wave, form_id),
  CONSTRAINT fk_boxed_form_cycle_id_survey_id_wave_wave FOREIGN KEY (cycle_id, survey_id, wave)
      REFERENCES wave(cycle_id, survey_id, wave)
);

INSERT INTO form_link_use (cycle_id, survey_id, wave, link)
  SELECT cycle_id, survey_id, wave, link FROM form_link_end WHERE step = 'used'
  ORDER BY gen_random_uuid();
INSERT INTO boxed_form (cycle_id, survey_id, wave, respondent_group, stratum, form)
  SELECT e.cycle_id, e.survey_id, e.wave, l.respondent_group, l.stratum, e.form
  FROM form_link_end e JOIN form_link l USING (link) WHERE e.step = 'used'
  ORDER BY gen_random_uuid();
INSERT INTO form_link_withdrawal (cycle_id, survey_id, wave, draw_no, reason, withdrawn_by)
  SELECT DISTINCT l.cycle_id, l.survey_id, l.wave, l.draw_no, '', ''
  FROM form_link_end e JOIN form_link l USING (link) WHERE e.step = 'withdrawn';
