"""Statements as they are said where tables lie on several machines."""

import random
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from chassis import journal
from chassis.spreading import plainly, unseen

SAID = [
    (
        "SELECT 1 FROM e WHERE e.part_id::text = $1::uuid::text AND e.n = $2",
        "SELECT 1 FROM e WHERE e.part_id = $1::uuid AND e.n = $2",
    ),
    (
        "SELECT 1 FROM j WHERE j.home::text = $1::uuid::text AND j.chain || '' = $1::uuid::text",
        "SELECT 1 FROM j WHERE j.home = $1::uuid AND j.chain || '' = $1::uuid::text",
    ),
    (  # a longer text begins with it, and it is said besides
        "SELECT 1 FROM x WHERE x.part_id::text = $1::uuid::text"
        " AND x.part_id::text || ' ' || x.n = $1::uuid::text || ' ' || $2",
        "SELECT 1 FROM x WHERE x.part_id = $1::uuid"
        " AND x.part_id::text || ' ' || x.n = $1::uuid::text || ' ' || $2",
    ),
    (
        "UPDATE wave SET state = $1, record = journal_record('wave')",
        "UPDATE wave SET state = $1, record = journal_changed('wave')",
    ),
]
LEFT = [
    "SELECT 1 FROM e WHERE e.part_id = $1",
    "SELECT e.part_id::text AS told FROM e",
    "SELECT 1 FROM x WHERE x.part_id::text || ' ' || x.n = ANY ($1::text[])",
    "INSERT INTO wave (part_id, record) VALUES ($1, journal_record('wave'))",
    # Of a longer text an id is but a part.
    "SELECT 1 FROM x, y WHERE x.part_id::text = y.part_id::text\n || ' '",
    "SELECT 1 FROM x, y WHERE x.n || x.part_id::text = y.part_id::text",
    # As texts these differ where as numbers they are the same.
    "SELECT 1 FROM x, y WHERE x.worth::text = y.worth::text",
    "SELECT 1 FROM j JOIN x ON j.chain = x.part_id::text",
]
BOUND = [
    (
        "SELECT 1 FROM a JOIN b ON b.part_id::text = a.part_id::text WHERE a.part_id = $1",
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id AND b.part_id = $1 WHERE a.part_id = $1",
    ),
    (  # on, from one to the next
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id LEFT JOIN c ON c.part_id = b.part_id"
        " AND c.n = b.n WHERE a.part_id = $1::UUID GROUP BY a.n",
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id AND b.part_id = $1::UUID"
        " LEFT JOIN c ON c.part_id = b.part_id AND c.part_id = $1::UUID AND c.n = b.n"
        " WHERE a.part_id = $1::UUID GROUP BY a.n",
    ),
    (  # whatever is joined first
        "SELECT 1 FROM a LEFT OUTER JOIN c ON c.part_id = a.part_id JOIN b ON b.part_id = a.part_id"
        " WHERE b.part_id = $1",
        "SELECT 1 FROM a LEFT OUTER JOIN c ON c.part_id = a.part_id AND c.part_id = $1"
        " JOIN b ON b.part_id = a.part_id AND a.part_id = $1 WHERE b.part_id = $1",
    ),
    (  # in a query within it
        "SELECT (SELECT max(s.n) FROM s WHERE s.part_id = a.part_id) FROM a WHERE a.part_id = $1",
        "SELECT (SELECT max(s.n) FROM s WHERE s.part_id = a.part_id AND s.part_id = $1) FROM a"
        " WHERE a.part_id = $1",
    ),
    (
        "UPDATE a SET n = b.n FROM b WHERE a.part_id = b.part_id AND b.part_id = $1",
        "UPDATE a SET n = b.n FROM b WHERE a.part_id = b.part_id AND a.part_id = $1"
        " AND b.part_id = $1",
    ),
    (
        'SELECT 1 FROM "release" r JOIN journal j ON j.home = r.part_id WHERE r.part_id = $1',
        'SELECT 1 FROM "release" r JOIN journal j ON j.home = r.part_id AND j.home = $1'
        " WHERE r.part_id = $1",
    ),
    (  # what a query of its own calls by the same name is another thing
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE a.part_id = $1 AND EXISTS"
        " (SELECT 1 FROM d a JOIN c ON c.part_id = a.part_id WHERE a.n IS DISTINCT FROM b.n)",
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id AND b.part_id = $1 WHERE a.part_id = $1"
        " AND EXISTS (SELECT 1 FROM d a JOIN c ON c.part_id = a.part_id"
        " WHERE a.n IS DISTINCT FROM b.n)",
    ),
]
UNBOUND = [
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE a.n = $2 OR a.m = 1 AND a.part_id = $1",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE a.n = $2 AND a.part_id = $1 OR a.m = 1",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE (a.n = 1 OR a.m = 2 AND a.part_id = $1)",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE NOT (a.n = 1 AND a.part_id = $1)",
    "SELECT count(*) FILTER (WHERE a.part_id = $1) FROM a JOIN b ON b.part_id = a.part_id",
    "SELECT CASE WHEN a.n = 1 AND a.part_id = $1 THEN 1 END FROM a JOIN b ON b.part_id = a.part_id",
    # Of the join of another table, and of one that is kept without it.
    "SELECT 1 FROM a LEFT JOIN x ON x.n = a.n AND a.part_id = $1 JOIN b ON b.part_id = a.part_id",
    "SELECT 1 FROM b LEFT JOIN a ON a.part_id = b.part_id AND a.part_id = $1"
    " JOIN c ON c.part_id = b.part_id",
    "SELECT 1 FROM x RIGHT JOIN a ON x.n = a.n AND a.part_id = $1 JOIN b ON b.part_id = a.part_id",
    # Of a query of its own.
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id"
    " WHERE EXISTS (SELECT 1 FROM x a WHERE a.part_id = $1)",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id"
    " UNION ALL SELECT 1 FROM a WHERE a.part_id = $1",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE EXISTS (SELECT 1 FROM x"
    " WHERE a.part_id = $1)",
    # In a text, and in what is not read.
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id WHERE a.name = 'x AND a.part_id = $1'",
    "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id -- WHERE a.part_id = $1",
    # What another table is not bound to, or not by this.
    "SELECT 1 FROM a, b WHERE a.part_id = $1 AND b.part_id <> a.part_id",
    "SELECT 1 FROM a, b WHERE a.part_id = $1 AND b.name = a.part_id::text",
    "SELECT 1 FROM a, b WHERE a.part_id = $1 AND (b.part_id = a.part_id) IS NOT TRUE",
]


@pytest.mark.parametrize(("statement", "plain"), [*SAID, *BOUND])
def test_an_id_is_said_as_it_is(statement, plain):
    """Planted bugs: a part of a name is taken for the name; a text that only begins with the id is
    compared with it; it is said of the first table that is bound and not of the next."""
    assert plainly(statement) == plain
    assert plainly(plain) == plain


@pytest.mark.parametrize("statement", [*LEFT, *UNBOUND])
def test_other_statements_are_as_they_were(statement):
    """Planted bugs: an OR is not seen; a condition binds within the query around its own; texts are
    read; whatever a join says holds of all tables."""
    assert plainly(statement) == statement


@pytest.mark.parametrize("spread", [False, True])
def test_what_is_compiled_is_said_for_one_machine_or_for_several(spread):
    """Planted bugs: hide the id on several machines; show it on one."""
    of = sa.table("loan", sa.column("part_id", sa.Uuid), sa.column("record", sa.BigInteger))
    is_mine = unseen(of.c.part_id, UUID(int=1))
    asked = sa.select(journal.recorded_at(of.c.record, "loans")).where(is_mine)
    for_one_of = dialect()
    for_one_of.is_spread = spread
    told = " ".join(str(asked.compile(dialect=for_one_of)).split())
    if spread:
        assert "journal_recorded_at(loan.record, $1::VARCHAR)" in told
        assert "loan.part_id = $2::UUID" in told
        assert "journal_entry" not in told
    else:
        assert "SELECT max(journal_entry.recorded_at)" in told
        assert "FROM journal_entry WHERE journal_entry.record = loan.record" in told
        assert "CAST(loan.part_id AS TEXT) = CAST($2::UUID AS TEXT)" in told
    assert told.count("FROM loan") == 1


TABLES = {"a", "b", "c", "d", "s", "x", "y", "journal", "release"}
OTHERWISE = '"{0}" (part_id uuid, home uuid, n integer, m integer, name text)'
PARTS = [UUID(int=1), UUID(int=2), None]


@pytest.fixture(scope="module")
async def several(postgres):
    """A connection to tables of which rows name parts, others, and none."""
    connection, draw = await asyncpg.connect(postgres.url(), ssl=False), random.Random(20)  # noqa: S311 - rows of a test
    for name in sorted(TABLES):
        await connection.execute(f"CREATE TEMPORARY TABLE {OTHERWISE.format(name)}")
        rows = [
            (part, draw.choice(PARTS), draw.choice([0, 1, 2, None]), draw.choice([1, 2]), "x")
            for part in PARTS * 4
        ]
        await connection.copy_records_to_table(name, records=rows)
    yield connection
    await connection.close()


@pytest.mark.parametrize("statement", [*(said for said, _ in BOUND), *UNBOUND])
async def test_what_is_said_besides_changes_no_answer(several, statement):
    """Planted bugs: a condition of a LEFT JOIN holds of the table that is kept; one that stands
    beside an OR holds."""
    if statement.startswith("UPDATE"):
        statement += " RETURNING a.n"
    answers = []
    for said in (statement, plainly(statement)):
        async with several.transaction():
            prepared = await several.prepare(said)
            given = [PARTS[0] if each.name == "uuid" else 1 for each in prepared.get_parameters()]
            answers.append(sorted(map(repr, await prepared.fetch(*given))))
    assert answers[0] == answers[1]
