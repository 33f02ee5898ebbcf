-- That a person has cast a ballot in a wave; its key lets nobody cast two, by whichever account.
CREATE TABLE voter (
  cycle_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  wave integer NOT NULL,
  person text NOT NULL,
  seat text NOT NULL,
  CONSTRAINT pk_voter PRIMARY KEY (cycle_id, survey_id, wave, person),
  CONSTRAINT fk_voter_cycle_id_survey_id_wave_seat_ballot FOREIGN KEY (cycle_id, survey_id, wave,
      seat) REFERENCES ballot(cycle_id, survey_id, wave, seat)
);
