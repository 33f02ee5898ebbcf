"""What the database does so that the journal vouches for rows and not only for itself.

Every row of a recorded table carries in `record` the number of the transaction that added it.
When the journal is written, the database takes the digest of all rows of that number, over every
column, and the entry of the journal holds it (`rows`). Who changes, adds or removes a row later
contradicts an entry; who changes the entry too breaks the chain.

A row that may change, such as one with a phase, takes the number of each change, and the entry
holds the digest of each such row under its key; the last one counts.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# The digest of a set of rows is that of their digests in ascending order; the marks are the
# beginnings of these, by which a row that was changed can be told from its neighbours.
# The digests of a record are gathered first and sorted alone: sorting them by record as well would
# compare record numbers, which are nearly all the same, before it compares digests.
SETS = """
    CREATE OR REPLACE FUNCTION journal_sets(
      the_table text, columns text[], the_chain text, records bigint[], marked boolean
    ) RETURNS TABLE (record bigint, number bigint, digest text, marks text)
    LANGUAGE plpgsql STABLE
    SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET bytea_output = 'hex' AS $$
    BEGIN
      RETURN QUERY EXECUTE format('SELECT gathered.record, gathered.number, sorted.* FROM ('
        ' SELECT record, count(*) AS number, array_agg(digest) AS digests FROM (%s) each'
        ' GROUP BY record) gathered CROSS JOIN LATERAL ('
        ' SELECT encode(sha256(string_agg(one, ''''::bytea ORDER BY one)), ''hex''), %s'
        ' FROM unnest(digests) one) sorted',
        journal_question(the_table, columns, the_chain, records),
        CASE WHEN marked
          THEN 'string_agg(left(encode(one, ''hex''), 8), '''' ORDER BY one)'
          ELSE 'NULL::text' END);
    END $$
    """

HOME = """
    CREATE OR REPLACE FUNCTION journal_home(the_chain text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN the_chain ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN the_chain::uuid ELSE '00000000-0000-0000-0000-000000000000'::uuid END
    $$
    """
"""With whose rows the entries of a chain lie, where a database is spread over machines: a chain
that is called by an id lies with the rows of that id, all others lie together."""

# Takes the head of the chain for the rest of the transaction, and refuses a clock that has been set
# back. Only `journal_append`, `journal_adopt` and a migration may call it.
_WRITE = """
    CREATE OR REPLACE FUNCTION journal_write(
      the_chain text, the_subject text, the_unit text, the_event text, the_body text,
      the_record bigint, the_rows text,
      OUT seq bigint, OUT hash bytea, OUT recorded_at timestamptz
    ) LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
      head journal_head%ROWTYPE;
      the_home uuid := journal_home(the_chain);{declared}
    BEGIN
      SELECT * INTO head FROM journal_head h
      WHERE h.home = the_home AND h.chain = the_chain FOR UPDATE;
      IF NOT FOUND THEN
        INSERT INTO journal_head (chain, seq, hash, recorded_at, home)
        VALUES (the_chain, 0, decode(repeat('00', 32), 'hex'), '-infinity', the_home)
        ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM journal_head h
        WHERE h.home = the_home AND h.chain = the_chain FOR UPDATE;
      END IF;
      recorded_at := clock_timestamp();
      IF recorded_at < head.recorded_at THEN
        RAISE EXCEPTION 'the clock was set back' USING ERRCODE = '22008';
      END IF;
      seq := head.seq + 1;
      hash := journal_digest(head.hash, the_chain, seq, recorded_at, the_subject, the_unit,
        the_event, the_body, the_rows);
      INSERT INTO journal_entry VALUES (the_chain, seq, recorded_at, the_subject, the_unit,
        the_event, the_body, head.hash, hash, the_record,
        {named},
        the_rows, the_home);
      UPDATE journal_head h SET seq = journal_write.seq, hash = journal_write.hash,
        recorded_at = journal_write.recorded_at WHERE h.home = the_home AND h.chain = the_chain;
    END $$
    """
_NAMED = "ARRAY(SELECT one ->> 'table' FROM jsonb_array_elements(the_rows::jsonb -> 'tables') one)"
WRITE = _WRITE.format(declared="", named=_NAMED)
# A cluster takes no question among the values of an INSERT.
_WRITE_SPREAD = _WRITE.format(declared=f"\n      listed text[] := {_NAMED};", named="listed")

SALT = """
    DO $$ BEGIN
      IF to_regclass('public.journal_record_salt') IS NULL THEN
        CREATE SEQUENCE public.journal_record_salt;
        PERFORM setval('public.journal_record_salt',
          1 + ('x' || left(md5(gen_random_uuid()::text), 15))::bit(60)::bigint);
      END IF;
    END $$
    """
"""What keeps the numbers of records from telling how many others there are: drawn once."""

FUNCTIONS = [
    HOME,
    """
    CREATE FUNCTION journal_field(value bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE AS $$ SELECT int8send(length(value)) || value $$
    """,
    "CREATE SEQUENCE journal_record_number",
    SALT,
    # `chained_by` is the column that names the chain of a row; all rows of a table without one
    # belong to the one `chain`. `without` are columns that follow from other rows: `derived` names
    # the function that gives the keys of those where they do not.
    """
    CREATE TABLE journal_table (
      relation text PRIMARY KEY, chained_by text, chain text, changing boolean NOT NULL,
      without text[] NOT NULL, derived text, en text NOT NULL, zh text NOT NULL,
      CHECK ((chained_by IS NULL) <> (chain IS NULL))
    )
    """,
    # A number of the database and not the one that the entry will have: taking that one would keep
    # every other writer of the chain waiting from the first row on.
    """
    CREATE FUNCTION journal_record() RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE known text := current_setting('journal.record', true);
    BEGIN
      IF known IS NULL OR known = '' THEN
        known := nextval('public.journal_record_number')::text;
        PERFORM set_config('journal.record', known, true);
      END IF;
      RETURN known::bigint;
    END $$
    """,
    """
    CREATE FUNCTION journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.record := journal_record();
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% only goes forward', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE FUNCTION journal_columns(the_table text) RETURNS text[] LANGUAGE sql STABLE AS $$
      SELECT array_agg(a.attname::text ORDER BY a.attname)
      FROM pg_attribute a, journal_table j
      WHERE j.relation = the_table AND a.attrelid = format('public.%I', the_table)::regclass
        AND a.attnum > 0 AND NOT a.attisdropped
        AND (j.changing OR a.attname <> 'record') AND NOT a.attname = ANY (j.without)
    $$
    """,
    """
    CREATE FUNCTION journal_is_uuid(the_table text, name text) RETURNS boolean
    LANGUAGE sql STABLE AS $$
      SELECT a.atttypid = 'uuid'::regtype FROM pg_attribute a
      WHERE a.attrelid = format('public.%I', the_table)::regclass AND a.attname = name
    $$
    """,
    # The text of the question for rows of one table: those of a chain, of some records, or both.
    # Texts of moments and dates depend on settings, which the callers fix.
    """
    CREATE FUNCTION journal_question(
      the_table text, columns text[], the_chain text, records bigint[]
    ) RETURNS text LANGUAGE plpgsql STABLE AS $$
    DECLARE
      j journal_table%ROWTYPE;
      key text;
      question text;
    BEGIN
      SELECT * INTO STRICT j FROM journal_table WHERE relation = the_table;
      SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY array_position(i.indkey, a.attnum))
      INTO key FROM pg_index i JOIN pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = format('public.%I', the_table)::regclass AND i.indisprimary;
      SELECT format(
        'SELECT t.record, jsonb_build_array(%s)::text AS key,'
        ' sha256(convert_to(ROW(%s)::text, ''UTF8'')) AS digest FROM public.%I t WHERE true',
        key, string_agg(format('t.%I', c), ', ' ORDER BY n), the_table)
      INTO question FROM unnest(columns) WITH ORDINALITY AS each (c, n);
      IF the_chain IS NULL THEN
        NULL;
      ELSIF j.chained_by IS NULL THEN
        question := question || format(' AND %L', the_chain = j.chain);
      ELSIF journal_is_uuid(the_table, j.chained_by)
        AND the_chain !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      THEN
        question := question || ' AND false';
      ELSE
        question := question || format(' AND t.%I = %L', j.chained_by, the_chain);
      END IF;
      IF records IS NOT NULL THEN
        question := question || format(' AND t.record = ANY (%L::bigint[])', records);
      END IF;
      RETURN question;
    END $$
    """,
    """
    CREATE FUNCTION journal_rows(the_table text, columns text[], the_chain text, records bigint[])
    RETURNS TABLE (record bigint, key text, digest text) LANGUAGE plpgsql STABLE
    SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET bytea_output = 'hex' AS $$
    BEGIN
      RETURN QUERY EXECUTE format('SELECT record, key, encode(digest, ''hex'') FROM (%s) q',
        journal_question(the_table, columns, the_chain, records));
    END $$
    """,
    SETS,
    """
    CREATE FUNCTION journal_vouched(the_record bigint, the_chain text, tables text[])
    RETURNS text LANGUAGE plpgsql STABLE AS $$
    DECLARE
      j journal_table%ROWTYPE;
      columns text[];
      found jsonb;
      told jsonb := '[]';
    BEGIN
      FOR j IN SELECT * FROM journal_table
        WHERE the_record IS NOT NULL AND (tables IS NULL OR relation = ANY (tables))
        ORDER BY relation
      LOOP
        columns := journal_columns(j.relation);
        IF j.changing THEN
          SELECT jsonb_build_object('rows', jsonb_object_agg(r.key, r.digest)) INTO found
          FROM journal_rows(j.relation, columns, the_chain, ARRAY[the_record]) r
          HAVING count(*) > 0;
        ELSE
          SELECT jsonb_build_object('number', s.number, 'digest', s.digest, 'marks', s.marks)
          INTO found
          FROM journal_sets(j.relation, columns, the_chain, ARRAY[the_record], true) s;
        END IF;
        IF found IS NOT NULL THEN
          told := told || (found || jsonb_build_object('table', j.relation, 'columns', columns));
        END IF;
      END LOOP;
      RETURN jsonb_build_object('record', the_record, 'tables', told)::text;
    END $$
    """,
    # Not in SQL: up to version 17 such a function is planned anew with each call, which takes a
    # tenth of all that the database does for a small command.
    """
    CREATE FUNCTION journal_digest(
      previous bytea, chain text, seq bigint, recorded_at timestamptz, subject text, unit text,
      event text, body text, rows text
    ) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
      RETURN sha256(
        journal_field(previous) || journal_field(convert_to(chain, 'UTF8'))
        || journal_field(convert_to(seq::text, 'UTF8'))
        || journal_field(
             convert_to((extract(epoch FROM recorded_at) * 1000000)::bigint::text, 'UTF8'))
        || journal_field(convert_to(subject, 'UTF8')) || journal_field(convert_to(unit, 'UTF8'))
        || journal_field(convert_to(event, 'UTF8')) || journal_field(convert_to(body, 'UTF8'))
        || journal_field(convert_to(rows, 'UTF8')));
    END $$
    """,
    WRITE,
    """
    CREATE FUNCTION journal_adopt(tables text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
      head journal_head%ROWTYPE;
      found text;
    BEGIN
      FOR head IN SELECT * FROM journal_head ORDER BY chain LOOP
        found := journal_vouched(0, head.chain, tables);
        IF found::jsonb -> 'tables' <> '[]' THEN
          PERFORM journal_write(head.chain, current_user, '', 'journal.rows-found', '{}', 0, found);
        END IF;
      END LOOP;
    END $$
    """,
    "REVOKE ALL ON FUNCTION journal_write(text, text, text, text, text, bigint, text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION journal_adopt(text[]) FROM PUBLIC",
]

# Entries that tell of certain tables are found without reading the rest of their chain, which may
# hold a million that tell of others. Commands of a kind tell of the same tables, so a chain has
# some dozens of different sets of tables; the index goes from each to the next. Only this index
# serves these conditions, and its order is that of the question: no guess can choose otherwise. And
# no other question has its own condition, which always holds: else it might be taken for the key
# where one entry is looked up.
NAMING = [
    "CREATE INDEX ix_journal_entry_tables ON journal_entry (home, (chain || tables))"
    " WHERE cardinality(tables) >= 0",
    """
    CREATE FUNCTION journal_naming(the_chain text, names text[])
    RETURNS TABLE (seq bigint, record bigint, rows text) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
    DECLARE
      about text[] := ARRAY[the_chain];
      the_home uuid := journal_home(the_chain);
    BEGIN
      LOOP
        SELECT e.chain || e.tables INTO about FROM journal_entry e
        WHERE e.home = the_home AND cardinality(e.tables) >= 0 AND e.chain || e.tables > about
        ORDER BY e.chain || e.tables LIMIT 1;
        EXIT WHEN about[1] IS DISTINCT FROM the_chain;
        IF about[2:] && names THEN
          RETURN QUERY SELECT e.seq, e.record, e.rows FROM journal_entry e
            WHERE e.home = the_home AND cardinality(e.tables) >= 0
              AND e.chain || e.tables = about;
        END IF;
      END LOOP;
    END $$
    """,
]

# `tables` and `record` serve to find an entry, and no hash covers them: whoever changes what an
# entry is listed under hides it from everybody who looks for it there. The index holds just such
# entries, none in a database that nobody touched, so that asking for them costs nothing.
LISTING = [
    """
    CREATE FUNCTION journal_is_listed(tables text[], record bigint, rows text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE told jsonb := rows::jsonb;
    BEGIN
      RETURN rows IS NULL OR record IS NOT DISTINCT FROM (told ->> 'record')::bigint
        AND tables IS NOT DISTINCT FROM
          ARRAY(SELECT one ->> 'table' FROM jsonb_array_elements(told -> 'tables') one);
    END $$
    """,
    """
    CREATE INDEX ix_journal_entry_misplaced ON journal_entry (chain)
    WHERE NOT journal_is_listed(tables, record, rows)
    """,
]

# One question instead of two for each table, for whoever only has to know that nothing differs. It
# says yes as well where rows were recorded over other columns than there are today: then the tables
# are compared one by one, which knows of these.
ALTERED = """
    CREATE OR REPLACE FUNCTION journal_altered(the_chain text, names text[], the_records bigint[])
    RETURNS boolean LANGUAGE plpgsql STABLE
    SET work_mem = '64MB' -- the digests of a city's year are sorted without a file
    -- Whoever asks computes meanwhile: helpers of the server would take the processors for that.
    SET max_parallel_workers_per_gather = 0
    AS $$
    DECLARE
      j journal_table%ROWTYPE;
      columns text[];
      found boolean;
    BEGIN
      FOR j IN SELECT * FROM journal_table WHERE relation = ANY (names) LOOP
        columns := journal_columns(j.relation);
        IF j.changing THEN
          SELECT EXISTS (
            SELECT 1 FROM (
              SELECT DISTINCT ON (r.key) r.key, r.value AS digest
              FROM journal_naming(the_chain, ARRAY[j.relation]) e,
                jsonb_array_elements(e.rows::jsonb -> 'tables') t, jsonb_each_text(t -> 'rows') r
              WHERE t ->> 'table' = j.relation
                AND (the_records IS NULL OR e.record = ANY (the_records))
              ORDER BY r.key, e.seq DESC) said
            FULL JOIN journal_rows(j.relation, columns, the_chain, the_records) stored
              USING (key)
            WHERE said.digest IS DISTINCT FROM stored.digest) INTO found;
        ELSE
          SELECT EXISTS (
            SELECT 1 FROM (
              SELECT DISTINCT ON (record) (told.rows ->> 'record')::bigint AS record,
                t ->> 'digest' AS digest
              FROM journal_naming(the_chain, ARRAY[j.relation]) e,
                LATERAL (SELECT e.rows::jsonb AS rows OFFSET 0) told, -- megabytes, read once
                jsonb_array_elements(told.rows -> 'tables') t
              WHERE t ->> 'table' = j.relation AND t ? 'digest'
                AND (the_records IS NULL OR e.record = ANY (the_records))
              ORDER BY 1, e.seq DESC) said
            FULL JOIN journal_sets(j.relation, columns, the_chain, the_records, false) stored
              USING (record)
            WHERE said.digest IS DISTINCT FROM stored.digest -- of all rows: it has their number
          ) INTO found;
        END IF;
        IF NOT found AND j.derived IS NOT NULL THEN
          EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I($1))', j.derived)
            INTO found USING the_chain;
        END IF;
        IF found THEN RETURN true; END IF;
      END LOOP;
      RETURN false;
    END $$
    """


MARK = 8
"""How many digits of the digest of a row stand in an entry, by which it is told from others."""


@dataclass(frozen=True, slots=True)
class RecordedTable:
    """A table that the journal vouches for, as the functions for single records are written for it.

    `chained_by` is the column that names the chain of a row; without one all rows belong to
    `chain`. `derived` is the function that finds rows that contradict their own history. Of a
    `sealed` table the journal tells neither how many rows there are nor marks of single ones.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    chained_by: str | None
    chain: str | None
    changing: bool
    derived: str | None
    is_noted: bool
    """Whether each of its rows notes already that its transaction adds to the table."""
    by_id: bool = True
    """Whether `chained_by` holds ids, by which a chain is called, and not texts."""
    sealed: bool = False

    @property
    def digest(self) -> str:
        """SQL of the digest of one row, as `journal_question` has it."""
        row = ", ".join(f't."{name}"' for name in self.columns)
        return f"sha256(convert_to(ROW({row})::text, 'UTF8'))"

    def of_chain(self, *, spread: bool) -> str:
        """SQL of the condition that a row belongs to `the_chain`.

        On one machine the chain must serve no index, whatever the planner guesses. Where tables are
        `spread`, it says on which machine the rows are, and that plans anew for them.
        """
        if self.chained_by is None:
            return f"the_chain = '{self.chain}'"
        if spread:
            return f't."{self.chained_by}" = ' + ("the_home" if self.by_id else "the_chain")
        return f't."{self.chained_by}"::text = the_chain'

    @property
    def key_text(self) -> str:
        """SQL of the key of one row, as the journal names it."""
        key = ", ".join(f't."{name}"' for name in self.key)
        return f"jsonb_build_array({key})::text"


def of_single_records(
    tables: Iterable[RecordedTable], *, spread: Collection[str] = ()
) -> list[str]:
    """Return the functions that take digests of the rows of single records, written out for tables.

    Most commands record a row or two. A question that the database puts together for each table
    anew takes longer to plan than to answer; written out, it is planned once for each connection.
    They are written anew with the newest revision, and otherwise where tables are `spread` over
    machines: these are named (`SPREAD`).
    """
    known = sorted(tables, key=lambda table: table.name)
    return [
        *(_RECORD_SPREAD if spread else [_RECORD]),
        *(
            f'ALTER TABLE public."{table.name}" ALTER COLUMN record'
            f" SET DEFAULT journal_record('{table.name}')"
            for table in known
            if not table.is_noted
        ),
        _CHANGE,
        *(_appending_spread(known, spread) if spread else _appending(known)),
        _ALTERED_IN.format("".join(_altered_in(table, spread=bool(spread)) for table in known)),
    ]


def _appending(tables: Iterable[RecordedTable]) -> list[str]:
    return [WRITE, _APPEND.format("".join(_told(table, spread=False) for table in tables))]


def _appending_spread(tables: Sequence[RecordedTable], spread: Collection[str]) -> list[str]:
    """Return what writes to the journal on the machine of its chain, where the rows are as well.

    Nobody sees there what another role has written in the transaction, by a connection of its own.
    So whoever commands asks for the digests of rows that lie on the first machine, and for the rest
    once, of a function that works with the rights of the owner where the chain is: `APPEND_AT`.
    """
    there = "".join(_told(each, spread=True) for each in tables if each.name in spread)
    here = "".join(_told(each, spread=True) for each in tables if each.name not in spread)
    appending = [_WRITE_SPREAD, _APPEND_AT.format(there), _APPEND_SPREAD.format(here)]
    return [*appending, _RECORDED_AT, _MISPLACED]


IS_CLUSTER = "SELECT to_regclass('pg_dist_partition') IS NOT NULL"
"""Whether the tables of a database may be spread over machines: then they are listed (Citus)."""
SPREAD = """
    SELECT c.relname FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
    WHERE c.relnamespace = 'public'::regnamespace AND d.partmethod = 'h'
    """
"""The tables that are, in a database where there is such a list."""


REGISTERED = """
    SELECT j.relation AS name, journal_columns(j.relation) AS columns, j.chained_by, j.chain,
      j.changing, j.derived,
      coalesce(journal_is_uuid(j.relation, j.chained_by), false) AS by_id,
      EXISTS (
        SELECT FROM pg_attrdef d JOIN pg_attribute r
          ON r.attrelid = d.adrelid AND r.attnum = d.adnum AND r.attname = 'record'
        WHERE d.adrelid = format('public.%I', j.relation)::regclass
          AND pg_get_expr(d.adbin, d.adrelid) = format('journal_record(%L::text)', j.relation)
      ) AS is_noted,
      bool_or(coalesce((to_jsonb(j) ->> 'sealed')::boolean, false)) AS sealed,
      array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum::int)) AS key
    FROM journal_table j
    JOIN pg_index i ON i.indrelid = format('public.%I', j.relation)::regclass AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    GROUP BY j.relation, j.chained_by, j.chain, j.changing, j.derived
    """


def registered(rows: Iterable[Mapping[Any, Any]]) -> list[RecordedTable]:
    """Return the tables that `REGISTERED` found."""
    return [RecordedTable(**{**dict(row), "key": tuple(row["key"])}) for row in rows]


def as_written(
    tables: Iterable[RecordedTable], *, spread: Collection[str] = ()
) -> dict[str, set[str]]:
    """Return the bodies of the functions by which a database vouches for rows, by their names, as
    this version writes them: whoever has others in their place could have them say anything."""
    written: dict[tuple[str, str], str] = {}
    for each in (*FUNCTIONS, *NAMING, ALTERED, *LISTING, *of_single_records(tables, spread=spread)):
        if found := _FUNCTION.search(each):
            name, arguments, body = found.groups()
            written[name, " ".join(arguments.split())] = body
    bodies: dict[str, set[str]] = {}
    for (name, _), body in written.items():
        bodies.setdefault(name, set()).add(body)
    return bodies


_FUNCTION = re.compile(r"FUNCTION (journal_\w+)\((.*?)\)\s.*?\$\$(.*)\$\$", re.DOTALL)

# The number of a transaction, noting that it adds rows to a table: those are looked for when the
# journal is written, and nowhere else. STABLE, because a statement is told the same however often
# it asks, and a statement that changes rows on other machines may ask nothing else.
# It is the microsecond, and in the last eleven bits what tells transactions of the same one apart:
# a plain count, which whoever reads a journal sees, would say how much others record.
_RECORD = """
    CREATE OR REPLACE FUNCTION journal_record(the_table text) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
    DECLARE
      known text := current_setting('journal.record', true);
      noted text := current_setting('journal.tables', true);
      moment bigint;
    BEGIN
      IF known IS NULL OR known = '' THEN
        moment := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
        known := (moment * 2048 + ((nextval('public.journal_record_number') # hashint8extended(
          moment, (SELECT last_value FROM public.journal_record_salt))) & 2047))::text;
        noted := NULL;
        PERFORM set_config('journal.record', known, true);
      END IF;
      IF noted IS NULL OR position(' ' || the_table || ' ' IN noted) = 0 THEN
        PERFORM set_config('journal.tables', coalesce(noted, ' ') || the_table || ' ', true);
      END IF;
      RETURN known::bigint;
    END $$
    """

# What adds rows may ask other machines for them, and takes the number on the first all the same if
# it may be another each time; what changes rows may ask nothing such.
_RECORD_SPREAD = [
    _RECORD.replace("STABLE", "VOLATILE"),
    _RECORD.replace("journal_record(the_table", "journal_changed(the_table"),
]

_CHANGE = """
    CREATE OR REPLACE FUNCTION journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.record := journal_record(TG_TABLE_NAME);
      RETURN NEW;
    END $$
    """

# Without sequential scans: a plan is kept from when a table was empty, and serves when it is large.
_SETTINGS = """
    SET enable_seqscan = off
    SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET bytea_output = 'hex'"""


def _told(table: RecordedTable, *, spread: bool) -> str:
    of_chain = table.of_chain(spread=spread)
    of_record = f'FROM public."{table.name}" t WHERE t.record = the_record AND {of_chain}'
    names = "', '".join(table.columns)
    head = f"'table', '{table.name}', 'columns', ARRAY['{names}']"
    if table.changing:
        found = f"""
        SELECT jsonb_object_agg({table.key_text}, encode({table.digest}, 'hex')) INTO of_rows
        {of_record};
        IF of_rows IS NOT NULL THEN
          told := told || jsonb_build_object({head}, 'rows', of_rows);
        END IF;"""
    else:
        beside = f"""'number', cardinality(digests),
            'marks', string_agg(left(encode(one, 'hex'), {MARK}), '' ORDER BY one), """
        found = f"""
        SELECT array_agg({table.digest}) INTO digests {of_record};
        IF digests IS NOT NULL THEN
          told := told || (SELECT jsonb_build_object({head}, {"" if table.sealed else beside}
            'digest', encode(sha256(string_agg(one, ''::bytea ORDER BY one)), 'hex'))
            FROM unnest(digests) one);
        END IF;"""
    return f"""
      IF position(' {table.name} ' IN noted) > 0 THEN {found}
      END IF;"""


_ALTERED_IN = (
    """
    CREATE OR REPLACE FUNCTION journal_altered_in(
      the_chain text, names text[], the_records bigint[]
    ) RETURNS boolean LANGUAGE plpgsql STABLE"""
    + _SETTINGS
    + """ AS $$
    DECLARE the_home uuid := journal_home(the_chain);
    BEGIN {}
      RETURN false;
    END $$
    """
)


def _altered_in(table: RecordedTable, *, spread: bool) -> str:
    stored = f"""FROM public."{table.name}" t
            WHERE t.record = ANY (the_records) AND {table.of_chain(spread=spread)}"""
    entries = """FROM public.journal_entry e,
              LATERAL (SELECT e.rows::jsonb AS rows OFFSET 0) told, -- megabytes, read once
              jsonb_array_elements(told.rows -> 'tables') t"""
    # The chain serves no index: there may be a million entries in it, and however few are guessed
    # only those of these records are read.
    lies = "e.home = the_home" if spread else "true"
    of_table = f"""WHERE e.record = ANY (the_records) AND {lies} AND e.chain || '' = the_chain
              AND t ->> 'table' = '{table.name}'"""
    if table.changing:
        differs = f"""
          SELECT 1 FROM (
            SELECT DISTINCT ON (r.key) r.key, r.value AS digest
            {entries}, jsonb_each_text(t -> 'rows') r
            {of_table}
            ORDER BY r.key, e.seq DESC) said
          FULL JOIN (
            SELECT {table.key_text} AS key, encode({table.digest}, 'hex') AS digest {stored}
          ) stored USING (key)
          WHERE said.digest IS DISTINCT FROM stored.digest"""
    else:
        differs = f"""
          SELECT 1 FROM (
            SELECT DISTINCT ON (record) (told.rows ->> 'record')::bigint AS record,
              t ->> 'digest' AS digest
            {entries}
            {of_table} AND t ? 'digest'
            ORDER BY 1, e.seq DESC) said
          FULL JOIN (
            SELECT each.record,
              encode(sha256(string_agg(each.digest, ''::bytea ORDER BY each.digest)), 'hex')
                AS digest
            FROM (SELECT t.record, {table.digest} AS digest {stored}) each GROUP BY each.record
          ) stored USING (record)
          WHERE said.digest IS DISTINCT FROM stored.digest"""
    found = f"EXISTS ({differs})"
    if table.derived is not None:
        found += (
            f"\n        OR EXISTS (SELECT 1 FROM public.{table.derived}(the_chain, the_records))"
        )
    # One condition within the other: both in one would have all that the inner one reads opened for
    # each table that is not asked for, which takes longer than what is asked for.
    return f"""
      IF '{table.name}' = ANY (names) THEN
        IF {found} THEN
          RETURN true;
        END IF;
      END IF;"""


# The only way into the journal, with the rights of the owner. What can be done before the head of
# the chain is held is done before: all who write to the chain wait for one another there.
_APPEND_HEAD = """
    CREATE OR REPLACE FUNCTION journal_append(
      the_chain text, the_subject text, the_unit text, the_event text, the_body text,
      OUT seq bigint, OUT hash bytea, OUT recorded_at timestamptz
    ) LANGUAGE plpgsql"""
_DEFINER = " SECURITY DEFINER SET search_path = public, pg_temp"
_TOLD_OF = """
      the_record bigint := nullif(current_setting('journal.record', true), '');
      noted text := coalesce(current_setting('journal.tables', true), '');
      told jsonb := '[]';"""
_DIGESTED = """
      digests bytea[];
      of_rows jsonb;
      written record;"""
_AT_HOME = """
      the_home uuid := journal_home(the_chain);"""
_TOLD_ONCE = """
      -- What this transaction adds from here on is not in this entry.
      PERFORM set_config('journal.record', '', true), set_config('journal.tables', '', true);"""
_WRITTEN = """
      SELECT * INTO written FROM journal_write(the_chain, the_subject, the_unit, the_event,
        the_body, the_record, jsonb_build_object('record', the_record, 'tables', told)::text);
      seq := written.seq;
      hash := written.hash;
      recorded_at := written.recorded_at;
    END $$
    """
_APPEND = (
    _APPEND_HEAD
    + _DEFINER
    + _SETTINGS
    + f""" AS $$
    DECLARE{_TOLD_OF}{_DIGESTED}{_AT_HOME}
    BEGIN {{}}{_TOLD_ONCE}{_WRITTEN}"""
)

APPEND_AT = "journal_append_at(uuid, text, text, text, text, text, bigint, text, jsonb)"
"""What writes to the journal on the machine on which its first argument lies."""

_APPEND_AT = (
    """
    CREATE OR REPLACE FUNCTION journal_append_at(
      the_home uuid, the_chain text, the_subject text, the_unit text, the_event text,
      the_body text, the_record bigint, noted text, told jsonb,
      OUT seq bigint, OUT hash bytea, OUT recorded_at timestamptz
    ) LANGUAGE plpgsql"""
    + _DEFINER
    + _SETTINGS
    + f""" AS $$
    DECLARE{_DIGESTED}
    BEGIN
      IF the_home <> journal_home(the_chain) THEN
        RAISE EXCEPTION 'a chain lies elsewhere' USING ERRCODE = '22023';
      END IF;
      {{}}{_WRITTEN}"""
)

# Where it is asked beside other rows, which may lie elsewhere (`chassis.spreading`).
_RECORDED_AT = """
    CREATE OR REPLACE FUNCTION journal_recorded_at(the_record bigint, the_chain text)
    RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
    DECLARE the_home uuid := journal_home(the_chain);
    BEGIN
      RETURN (SELECT max(e.recorded_at) FROM public.journal_entry e
        WHERE e.home = the_home AND e.record = the_record AND e.chain = the_chain);
    END $$
    """

# A statement of functions alone is answered by the first machine, which has all tables.
_MISPLACED = """
    CREATE OR REPLACE FUNCTION journal_misplaced(the_chain text, each_one boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
    DECLARE the_home uuid := journal_home(the_chain);
    BEGIN
      IF each_one THEN
        RETURN EXISTS (SELECT 1 FROM public.journal_entry e WHERE e.home = the_home
          AND e.chain = the_chain AND NOT journal_is_listed(e.tables, e.record, e.rows || ''));
      END IF;
      RETURN EXISTS (SELECT 1 FROM public.journal_entry e WHERE e.home = the_home
        AND e.chain = the_chain AND NOT journal_is_listed(e.tables, e.record, e.rows));
    END $$
    """

# Said whole: a machine is chosen by what stands there, and not by what is still to be put in.
_APPEND_SPREAD = (
    _APPEND_HEAD
    + " SECURITY INVOKER SET search_path = public, pg_temp"
    + _SETTINGS
    + f""" AS $$
    DECLARE{_TOLD_OF}{_DIGESTED}{_AT_HOME}
    BEGIN {{}}{_TOLD_ONCE}
      EXECUTE format('SELECT * FROM public.journal_append_at(%L::uuid, %L::text, %L::text,'
        ' %L::text, %L::text, %L::text, %L::bigint, %L::text, %L::jsonb)', the_home, the_chain,
        the_subject, the_unit, the_event, the_body, the_record, noted, told)
      INTO seq, hash, recorded_at;
    END $$
    """
)
