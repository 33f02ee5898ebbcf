"""Every table can lie where it is to lie when the databases are spread over machines.

The rules are those of Citus 14 for tables that are distributed by `cycle_id` (`distribution.py`).
"""

import uuid

import asyncpg
import pytest

from chassis.recording import REGISTERED, of_single_records, registered
from kaoping.distribution import Declared, declared, violations

DECLARED = declared()


@pytest.fixture(params=DECLARED)
async def database(request, databases):
    """A migrated database, and what is said of its tables; whatever is done there is undone."""
    url = databases(request.param).owner.replace("+asyncpg", "")
    connection = await asyncpg.connect(url, ssl=False)
    doing = connection.transaction()
    await doing.start()
    try:
        yield connection, DECLARED[request.param]
    finally:
        await doing.rollback()
        await connection.close()


async def test_no_table_is_in_the_way_of_being_distributed_unless_it_is_known(database):
    """Planted bugs: a primary key without `cycle_id`; a trigger `append_only`; a table of which
    `cli/src/kaoping/distribution.toml` says nothing."""
    connection, said = database
    found = await violations(connection, said)
    known = {**said.taken_off, **said.obstacles}
    new = [each for each in found if each not in known]
    assert not new, "\n".join(["these would be refused:", *new])
    gone = sorted(known.keys() - set(found))
    assert not gone, "\n".join(["these stand in the way no longer:", *gone])
    assert all(reason.strip() for reason in known.values())


async def test_what_takes_digests_says_where_rows_lie_once_they_are_spread(database):
    """Planted bug: the cycle as a text there as well."""
    connection, said = database
    tables = registered(await connection.fetch(REGISTERED))
    spread = said.columns().keys()
    if not spread:
        pytest.skip("nothing of it is spread")
    written = of_single_records(tables, spread=spread)
    await connection.execute(";\n".join(written))
    assert not any('"cycle_id"::text' in each for each in written)
    # Every part of the two functions is gone through: all tables are asked for.
    names, chain = [table.name for table in tables], str(uuid.uuid4())
    asked = "SELECT journal_altered_in($1, $2, $3)"
    assert await connection.fetchval(asked, chain, names, [1]) is False
    noted = f" {' '.join(names)} "
    await connection.execute("SELECT set_config('journal.record', '1', true)")
    await connection.execute("SELECT set_config('journal.tables', $1, true)", noted)
    told = await connection.fetchrow("SELECT * FROM journal_append($1, 'x', '', 'x', '{}')", chain)
    assert told["seq"] == 1


PLANTED = {
    "key": (
        "CREATE TABLE planted (cycle_id uuid NOT NULL, n bigint PRIMARY KEY)",
        "planted: planted_pkey (primary) is without cycle_id",
    ),
    "no column": (
        "CREATE TABLE planted (n bigint PRIMARY KEY)",
        "planted: has no cycle_id",
    ),
    "no key": (
        "CREATE TABLE planted (cycle_id uuid NOT NULL)",
        "planted: has no primary key",
    ),
    "column of another type": (
        "CREATE TABLE planted (cycle_id text PRIMARY KEY)",
        "planted: cycle_id is not a plain uuid that is always there",
    ),
    "generated": (
        "CREATE TABLE planted (t text, cycle_id uuid GENERATED ALWAYS AS (md5(t)::uuid) STORED"
        " PRIMARY KEY)",
        "planted: cycle_id is not a plain uuid that is always there",
    ),
    "unique index": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n int);"
        " CREATE UNIQUE INDEX uq_planted ON planted ((cycle_id::text || n), n)",
        "planted: uq_planted (unique) is without cycle_id",
    ),
    "unique index that only includes it": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n int);"
        " CREATE UNIQUE INDEX uq_planted ON planted (n) INCLUDE (cycle_id)",
        "planted: uq_planted (unique) is without cycle_id",
    ),
    "exclusion": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY, during tstzrange,"
        " CONSTRAINT ex_planted EXCLUDE USING gist (during WITH &&))",
        "planted: ex_planted (exclusion) is without cycle_id",
    ),
    "trigger": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY);"
        " CREATE TRIGGER sown BEFORE UPDATE ON planted FOR EACH ROW"
        " EXECUTE FUNCTION refuse_change()",
        "planted: trigger sown",
    ),
    "trigger of a statement": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY);"
        " CREATE TRIGGER sown BEFORE TRUNCATE ON planted FOR EACH STATEMENT"
        " EXECUTE FUNCTION refuse_change()",
        "planted: trigger sown",
    ),
    "foreign key without the cycle": (
        "CREATE TABLE other (cycle_id uuid, n int UNIQUE, PRIMARY KEY (cycle_id, n));"
        " CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n int,"
        " CONSTRAINT fk_planted FOREIGN KEY (n) REFERENCES other (n))",
        "planted: fk_planted to other is without cycle_id",
    ),
    "foreign key to another cycle": (
        "CREATE TABLE other (cycle_id uuid, n int, PRIMARY KEY (cycle_id, n));"
        " CREATE TABLE planted (cycle_id uuid PRIMARY KEY, from_cycle uuid, n int,"
        " CONSTRAINT fk_planted FOREIGN KEY (from_cycle, n) REFERENCES other (cycle_id, n))",
        "planted: fk_planted to other is without cycle_id",
    ),
    "foreign key to a local table": (
        "CREATE TABLE kept (n int PRIMARY KEY);"
        " CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n int,"
        " CONSTRAINT fk_planted FOREIGN KEY (n) REFERENCES kept (n))",
        "planted: fk_planted to kept leads from a distributed table to a local one",
    ),
    "small sequence": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n serial)",
        "planted: n is a sequence of integer",
    ),
    "small identity": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY)",
        "planted: n is a sequence of integer",
    ),
    "rule": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY);"
        " CREATE RULE kept AS ON DELETE TO planted DO INSTEAD NOTHING",
        "planted: has a rule",
    ),
    "inheritance": (
        "CREATE TABLE other (cycle_id uuid PRIMARY KEY);"
        " CREATE TABLE planted (PRIMARY KEY (cycle_id)) INHERITS (other)",
        "planted: inherits",
    ),
    "check by what may change": (
        "CREATE FUNCTION sown(uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';"
        " CREATE TABLE planted (cycle_id uuid PRIMARY KEY CHECK (sown(cycle_id)))",
        "planted: a check calls sown, which is not immutable",
    ),
    "view": (
        "CREATE TABLE planted (cycle_id uuid PRIMARY KEY); CREATE VIEW seen AS TABLE planted",
        "planted: the view seen hides what is asked of it",
    ),
    "not kept": (
        "CREATE UNLOGGED TABLE planted (cycle_id uuid PRIMARY KEY)",
        "planted: is foreign, or not kept",
    ),
}


@pytest.fixture(scope="module")
def planting(databases):
    return databases("ranking").owner.replace("+asyncpg", "")


@pytest.fixture
async def field(planting):
    """A database in which something is planted, and gone afterwards."""
    connection = await asyncpg.connect(planting, ssl=False)
    doing = connection.transaction()
    await doing.start()
    try:
        yield connection
    finally:
        await doing.rollback()
        await connection.close()


@pytest.mark.parametrize(("statement", "said"), PLANTED.values(), ids=PLANTED)
async def test_what_would_be_refused_is_named(field, statement, said):
    """Planted bug: leave out any of the questions of `distribution.py`."""
    ours = DECLARED["ranking"]
    await field.execute(statement)
    # Of a table of no kind nothing else is known.
    assert [each for each in await violations(field, ours) if "planted" in each] == [
        "planted: of no kind"
    ]
    ours = ours.with_kinds(planted="distributed")
    ours = ours.with_kinds(other="distributed") if "TABLE other" in statement else ours
    ours = ours.with_kinds(kept="local") if "TABLE kept" in statement else ours
    assert said in await violations(field, ours)


async def test_a_planted_table_as_it_should_be_is_not_named(field):
    await field.execute(
        "CREATE TABLE planted (cycle_id uuid, n bigint GENERATED ALWAYS AS IDENTITY,"
        " PRIMARY KEY (cycle_id, n), CHECK (n > 0))"
    )
    found = await violations(field, DECLARED["ranking"].with_kinds(planted="distributed"))
    assert not [each for each in found if "planted" in each]


def test_what_is_declared_says_why():
    assert {"indicators", "scoring", "survey", "ranking", "gateway"} == DECLARED.keys()
    for said in DECLARED.values():
        assert isinstance(said, Declared)
        assert said.by.keys() <= said.columns().keys()
