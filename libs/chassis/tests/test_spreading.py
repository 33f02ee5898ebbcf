"""Statements as they are said where tables lie on several machines."""

import pytest

from chassis.spreading import plainly

SAID = [
    (
        "SELECT 1 FROM e WHERE e.part_id::text = $1::uuid::text AND e.n = $2",
        "SELECT 1 FROM e WHERE e.part_id = $1::uuid AND e.n = $2",
    ),
    (  # of what is joined the part is said as well
        "SELECT 1 FROM a JOIN b ON b.part_id::text = a.part_id::text WHERE a.part_id = $1",
        "SELECT 1 FROM a JOIN b ON b.part_id = a.part_id AND b.part_id = $1 WHERE a.part_id = $1",
    ),
    (  # a longer text begins with it
        "SELECT 1 FROM x, y WHERE x.part_id::text || ' ' || x.n = y.part_id::text || ' ' || y.n",
        "SELECT 1 FROM x, y WHERE x.part_id = y.part_id"
        " AND x.part_id::text || ' ' || x.n = y.part_id::text || ' ' || y.n",
    ),
    (
        "WHERE CAST(t.part_id AS TEXT) = $3::VARCHAR",
        "WHERE t.part_id = $3::VARCHAR::uuid",
    ),
    (
        "WHERE CAST(t.part_id AS TEXT) = CAST(u.part_id AS TEXT)",
        "WHERE t.part_id = u.part_id",
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
]


@pytest.mark.parametrize(("statement", "plain"), SAID)
def test_an_id_is_said_as_it_is(statement, plain):
    """Planted bugs: a part of a name is taken for the name; a text that only begins with the id is
    compared with it."""
    assert plainly(statement) == plain
    assert plainly(plain) == plain


@pytest.mark.parametrize("statement", LEFT)
def test_other_statements_are_as_they_were(statement):
    assert plainly(statement) == statement
