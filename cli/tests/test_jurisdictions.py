"""Whose the rows of each table are, where a jurisdiction moves."""

import asyncpg
import pytest

from chassis.realms import chain_of, new_part
from kaoping.backups.faults import BackupFault
from kaoping.jurisdictions.leaving import tables_of
from kaoping.jurisdictions.owning import INSTALLATIONS, LEFT, owned
from kaoping.system import NAMES
from kaoping.verify_journals import is_of


@pytest.mark.parametrize("part", NAMES)
async def test_of_every_table_it_is_known_whose_its_rows_are(databases, part):
    """Planted bug: a table whose rows are nobody's stays behind, and nobody is told."""
    url = databases(part).owner.replace("+asyncpg", "")
    db = await asyncpg.connect(url, ssl=False)
    try:
        tables = await tables_of(db)
        conditions = owned(tables, "530102")
        assert {*conditions} == {table.name for table in tables} - INSTALLATIONS - LEFT
        for name, condition in conditions.items():
            found = await db.fetchval(f'SELECT count(*) FROM "{name}" WHERE {condition}')  # noqa: S608 - our own
            assert found == 0, name
        await db.execute("CREATE TABLE nobodys (name text PRIMARY KEY)")
        with pytest.raises(BackupFault, match="nobodys: nothing says whose its rows are"):
            owned(await tables_of(db), "530102")
    finally:
        await db.execute("DROP TABLE IF EXISTS nobodys")
        await db.close()


@pytest.mark.parametrize("code", ["530102", "530102001", "530102001003"])
def test_the_program_that_verifies_alone_knows_whose_a_chain_is(code):
    """Planted bug: a chain of a township is taken for its county's."""
    for whose in ("530102", "530102001", "530102001003", "530103", None):
        for chain in (chain_of("units", whose), str(new_part(whose))):
            assert is_of(chain, code) is (whose == code)
