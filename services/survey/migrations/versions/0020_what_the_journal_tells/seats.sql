-- That another account holds a seat; the newest of a seat holds.
CREATE TABLE seat_replacement (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  seat text NOT NULL,
  replacement_no integer NOT NULL,
  account text NOT NULL,
  reason text NOT NULL,
  replaced_by text NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_seat_replacement PRIMARY KEY (cycle_id, survey_id, wave, seat, replacement_no),
  CONSTRAINT fk_seat_replacement_cycle_id_survey_id_wave_seat_seat FOREIGN KEY (cycle_id,
      survey_id, wave, seat) REFERENCES seat(cycle_id, survey_id, wave, seat)
);
