"""A database of the version before is brought to this one, and nothing in it is lost."""

import asyncpg
import pytest

from postgres_supervisor import provision
from service_testing import home_of, migrate

CYCLE, SURVEY = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
BEFORE = f"""
    SET session_replication_role = replica;
    INSERT INTO journal_head (chain, seq, hash, recorded_at, home)
      VALUES ('{CYCLE}', 0, decode(repeat('00', 32), 'hex'), '-infinity', '{CYCLE}');
    INSERT INTO wave (cycle_id, survey_id, wave, state) VALUES ('{CYCLE}', '{SURVEY}', 1, 'open');
    INSERT INTO form_link
      (cycle_id, survey_id, wave, link, draw_no, units, respondent_group, drawn_by)
      SELECT '{CYCLE}', '{SURVEY}', 1, 'link-' || n, n / 3 + 1, '{{"U": "U"}}', 'g', 'x'
      FROM generate_series(0, 5) n;
    INSERT INTO form_link_end (cycle_id, survey_id, wave, link, step, form, blinding) VALUES
      ('{CYCLE}', '{SURVEY}', 1, 'link-0', 'used', '[{{"unit": "U"}}]', 'x'),
      ('{CYCLE}', '{SURVEY}', 1, 'link-1', 'used', NULL, NULL),
      ('{CYCLE}', '{SURVEY}', 1, 'link-3', 'withdrawn', NULL, NULL),
      ('{CYCLE}', '{SURVEY}', 1, 'link-4', 'withdrawn', NULL, NULL);
    INSERT INTO batch (cycle_id, survey_id, wave, batch_no, accepted, digest)
      SELECT '{CYCLE}', '{SURVEY}', 1, n, 7, 'd' FROM generate_series(1, 3) n
    """  # noqa: S608 - of the test
AFTER = {
    "SELECT link FROM form_link_use ORDER BY link": [("link-0",), ("link-1",)],
    "SELECT DISTINCT draw_no FROM form_link_withdrawal": [(2,)],
    "SELECT form IS NULL, respondent_group FROM boxed_form ORDER BY 1": [
        (False, "g"),
        (True, "g"),
    ],
    "SELECT count(DISTINCT blinding) FROM batch": [(3,)],
    "SELECT relation FROM journal_table WHERE relation = 'form_link_end'": [],
    f"SELECT journal_altered('{CYCLE}', ARRAY['form_link_use', 'boxed_form'], NULL)": [(False,)],
}


async def test_links_that_were_used_or_withdrawn_before_are_so_afterwards(postgres):
    """Planted bug: forms that wait are dropped with the table that they lay in."""
    name = "survey_of_before"
    urls = provision(postgres, [name], connections=-1)[name]
    migrate(home_of("survey"), urls.owner, "0019")
    connection = await asyncpg.connect(postgres.url(name), ssl=False)
    try:
        await connection.execute(BEFORE)
        migrate(home_of("survey"), urls.owner)
        for asked, expected in AFTER.items():
            assert [tuple(each) for each in await connection.fetch(asked)] == expected, asked
    finally:
        await connection.close()


# The journal as it was before its entries said with whose rows they lie, and what it held.
WITHOUT_HOMES = f"""
    SET session_replication_role = replica;
    ALTER TABLE journal_head DROP COLUMN home;
    ALTER TABLE journal_head ADD PRIMARY KEY (chain), ADD UNIQUE (number);
    ALTER TABLE journal_entry DROP COLUMN home;
    ALTER TABLE journal_entry ADD PRIMARY KEY (chain, seq);
    CREATE INDEX ix_journal_entry_tables ON journal_entry ((chain || tables));
    DROP FUNCTION journal_home(text);
    INSERT INTO journal_head (chain, seq, hash, recorded_at)
      VALUES ('{CYCLE}', 1, '\\x01', now()), ('others', 1, '\\x02', now());
    INSERT INTO journal_entry (chain, seq, recorded_at, subject, unit, event, body, previous, hash)
      SELECT chain, seq, recorded_at, 'somebody', '', 'told', '{{}}', '\\x', hash FROM journal_head
    """  # noqa: S608 - of the test
NIL = "00000000-0000-0000-0000-000000000000"


async def test_entries_of_before_lie_with_what_they_tell_of(postgres):
    """Planted bug: all entries lie with those of no cycle."""
    name = "survey_without_homes"
    urls = provision(postgres, [name], connections=-1)[name]
    migrate(home_of("survey"), urls.owner, "0023")
    connection = await asyncpg.connect(postgres.url(name), ssl=False)
    try:
        await connection.execute(WITHOUT_HOMES)
        migrate(home_of("survey"), urls.owner)
        for table in ("journal_head", "journal_entry"):
            lies = await connection.fetch(f"SELECT chain, home::text FROM {table}")  # noqa: S608
            assert {tuple(each) for each in lies} == {(CYCLE, CYCLE), ("others", NIL)}, table
        await connection.execute("SELECT journal_append('others', 'somebody', '', 'told', '{}')")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE journal_head SET home = $1", CYCLE)
    finally:
        await connection.close()
