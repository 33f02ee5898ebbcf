-- Where entries stand, once more, in the order of arrival. An index over the state on the entries
-- themselves would be written, with all their others, by every move: here only these rows are.
CREATE TABLE ledger_entry_standing (
  cycle_id uuid NOT NULL,
  state text NOT NULL,
  unit text NOT NULL,
  indicator text NOT NULL,
  author_unit text NOT NULL,
  number bigint NOT NULL,
  entry_id uuid NOT NULL,
  panel text,
  author text,
  kind text NOT NULL,
  period text NOT NULL,
  CONSTRAINT pk_ledger_entry_standing PRIMARY KEY (cycle_id, state, number)
);
CREATE INDEX ix_ledger_entry_standing_author
  ON ledger_entry_standing (cycle_id, (author || ' ' || state), number) WHERE author IS NOT NULL;
CREATE INDEX ix_ledger_entry_standing_author_unit
  ON ledger_entry_standing (cycle_id, (author_unit || ' ' || state), number);
CREATE INDEX ix_ledger_entry_standing_indicator
  ON ledger_entry_standing (cycle_id, (indicator || ' ' || state), number);
CREATE INDEX ix_ledger_entry_standing_kind
  ON ledger_entry_standing (cycle_id, (kind || ' ' || state), number);
CREATE INDEX ix_ledger_entry_standing_period
  ON ledger_entry_standing (cycle_id, (period || ' ' || state), number);
CREATE INDEX ix_ledger_entry_standing_source
  ON ledger_entry_standing (cycle_id, (author_unit || ' ' || indicator || ' ' || state), number);
CREATE INDEX ix_ledger_entry_standing_unit
  ON ledger_entry_standing (cycle_id, (unit || ' ' || state), number);

-- How many entries of a cycle, and of each of its units, are in a state: the sum of all slots. Who
-- writes at the same time counts in a slot of its own: otherwise all would wait for whoever came
-- first to the unit, and two who came to two units in another order for one another.
CREATE TABLE ledger_count (
  cycle_id uuid NOT NULL,
  unit text NOT NULL,
  state text NOT NULL,
  slot integer NOT NULL,
  number bigint NOT NULL,
  CONSTRAINT pk_ledger_count PRIMARY KEY (cycle_id, unit, state, slot)
) WITH (fillfactor = 50);

GRANT SELECT ON ledger_entry_standing, ledger_count TO :service;

CREATE TRIGGER kept_by_the_entries BEFORE INSERT OR UPDATE OR DELETE ON ledger_entry_standing
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_entry_standing
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER kept_by_the_entries BEFORE INSERT OR UPDATE OR DELETE ON ledger_count
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_count
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was entered never changes; its state only as another trigger says it.
CREATE FUNCTION refuse_all_but_state() RETURNS trigger
LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        OLD.state := NEW.state;
        OLD.step := NEW.step;
        IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
      END IF;
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$;

GRANT SELECT, INSERT ON ledger_entry TO :service;
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION refuse_all_but_state();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entered_without_state BEFORE INSERT ON ledger_entry
FOR EACH ROW WHEN (NEW.state <> 'draft' OR NEW.step <> 0) EXECUTE FUNCTION refuse_change();

-- In the place of a foreign key, whose plan could be kept from an empty ledger and then read all
-- entries of a cycle with each state: this looks them up by an index that serves nothing else.
CREATE FUNCTION require_entries(states ledger_entry_state[]) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM unnest(states) s WHERE NOT EXISTS (
          SELECT FROM ledger_entry l
          WHERE l.cycle_id::text = s.cycle_id::text AND l.entry_id = s.entry_id))
      THEN
        RAISE EXCEPTION 'a state of no entry' USING ERRCODE = '23503';
      END IF;
    END $$;

-- Most commands move one entry or two. The statement for many is planned anew each time, for as
-- many as there are, and that takes longer than to move one. Of a state that is the first nothing
-- has to be known that was before.
CREATE FUNCTION keep_state_of_one(added ledger_entry_state, slot integer) RETURNS void
LANGUAGE plpgsql AS $$
    DECLARE
      e ledger_entry%ROWTYPE;
      former text;
    BEGIN
      IF added.step > 1 THEN
        SELECT l.state INTO former FROM ledger_entry l
        WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id
          AND l.step > 0;
      END IF;
      UPDATE ledger_entry l SET state = added.state, step = added.step
      WHERE l.cycle_id::text = added.cycle_id::text AND l.entry_id = added.entry_id
        AND l.step < added.step
      RETURNING l.* INTO e;
      IF NOT FOUND THEN
        PERFORM require_entries(ARRAY[added]);
        RETURN;
      END IF;
      IF former = added.state THEN RETURN; END IF;
      IF former IS NOT NULL THEN
        DELETE FROM ledger_entry_standing s
        WHERE s.cycle_id = e.cycle_id AND s.state = former AND s.number = e.number;
        INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
        VALUES (e.cycle_id, '', former, slot, -1), (e.cycle_id, e.unit, former, slot, -1)
        ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number - 1;
      END IF;
      INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator, author_unit, kind, period, number,
        entry_id, panel, author)
      VALUES (e.cycle_id, added.state, e.unit, e.indicator, e.author_unit, e.kind, e.period, e.number, e.entry_id,
        e.panel, CASE WHEN e.panel IS NOT NULL THEN e.author END);
      INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)
      VALUES (e.cycle_id, '', added.state, slot, 1), (e.cycle_id, e.unit, added.state, slot, 1)
      ON CONFLICT ON CONSTRAINT pk_ledger_count DO UPDATE SET number = c.number + 1;
    END $$;

-- Each entry is looked up by its key: any other join reads the ledgers of all earlier cycles. By
-- EXECUTE, so that it is planned for the rows of this statement: a plan that was kept from an empty
-- table could take the square of 5,000 steps.
CREATE FUNCTION keep_latest_state() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, 'pg_temp' SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_seqscan = off AS $$
    DECLARE
      slot int := 0;
      few ledger_entry_state[]; -- or, where there are more, all
      one ledger_entry_state;
    BEGIN
      WHILE NOT pg_try_advisory_xact_lock(hashtext('ledger-count'), slot) LOOP
        slot := slot + 1;
      END LOOP;
      SELECT array_agg(a ORDER BY a.step) INTO few FROM (SELECT * FROM added LIMIT 11) a;
      IF cardinality(few) <= 10 THEN
        FOREACH one IN ARRAY few LOOP
          PERFORM keep_state_of_one(one, slot);
        END LOOP;
        RETURN NULL;
      END IF;
      SELECT array_agg(a) INTO few FROM added a;
      PERFORM require_entries(few);
      EXECUTE 'WITH moved AS MATERIALIZED ('
        '  SELECT e.cycle_id, e.entry_id, e.number, e.unit, e.indicator, e.author_unit, e.kind, e.period, e.panel,'
        '    CASE WHEN e.panel IS NOT NULL THEN e.author END AS author,'
        '    e.state AS former, e.step AS before, a.state, a.step FROM ('
        '    SELECT DISTINCT ON (cycle_id, entry_id) cycle_id, entry_id, step, state'
        '    FROM added ORDER BY cycle_id, entry_id, step DESC) a'
        '  JOIN ledger_entry e ON e.cycle_id::text = a.cycle_id::text AND e.entry_id = a.entry_id'
        '  WHERE e.step < a.step),'
        ' kept AS (UPDATE ledger_entry e SET state = m.state, step = m.step FROM moved m'
        '  WHERE e.cycle_id::text = m.cycle_id::text AND e.entry_id = m.entry_id),'
        ' gone AS (DELETE FROM ledger_entry_standing s USING moved m'
        '  WHERE m.before > 0 AND m.former <> m.state AND s.cycle_id = m.cycle_id'
        '    AND s.state = m.former AND s.number = m.number),'
        ' come AS (INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator,'
        '    author_unit, kind, period, number, entry_id, panel, author)'
        '  SELECT cycle_id, state, unit, indicator, author_unit, kind, period, number, entry_id, panel, author'
        '  FROM moved WHERE before = 0 OR former <> state)'
        ' INSERT INTO ledger_count AS c (cycle_id, unit, state, slot, number)'
        '  SELECT cycle_id, coalesce(unit, ''''), state, $1, sum(n) FROM ('
        '    SELECT cycle_id, unit, state, 1 AS n FROM moved'
        '    UNION ALL SELECT cycle_id, unit, former, -1 FROM moved WHERE before > 0) each'
        '  GROUP BY GROUPING SETS ((cycle_id, state), (cycle_id, unit, state))'
        '  HAVING sum(n) <> 0'
        ' ON CONFLICT (cycle_id, unit, state, slot)'
        '  DO UPDATE SET number = c.number + excluded.number'
      USING slot;
      RETURN NULL;
    END $$;

REVOKE ALL ON FUNCTION keep_latest_state() FROM PUBLIC;
CREATE TRIGGER latest_state AFTER INSERT ON ledger_entry_state
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_latest_state();
