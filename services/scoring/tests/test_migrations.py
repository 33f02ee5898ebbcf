"""The revision scripts and the tables say the same, and what was stored before is still there."""

import hashlib
import json
from uuid import uuid4

import asyncpg
import pytest

from chassis.embedded import provision
from chassis.testing import home_of, migrate, schema_differences
from scoring.tables import Base


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Caught: a column added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(schema_differences, Base.metadata) == []


SHEET = {"categories": [], "inputs": {}, "units": [], "claims": []}
TREES = {
    ("a", 1): {"kind": "total", "name": "中", "children": []},
    ("b", 1): {"kind": "total", "children": []},
    ("a", 2): {"children": [], "name": "中", "kind": "total"},
}


async def test_explanations_from_before_are_still_read_after_they_are_kept_once(postgres):
    """Planted bug: leave the loop out of the migration."""
    urls = provision(postgres, ["older"])["older"]
    migrate(home_of("scoring"), urls.owner, "0003")
    cycle_id = uuid4()
    superuser = await asyncpg.connect(postgres.url("older"), ssl=False)
    try:
        await superuser.executemany(
            "INSERT INTO score_sheet (cycle_id, edition, digest, content, missing, ledger_phase,"
            " computed_by) VALUES ($1, $2, 'x', $3, 0, 'open', 'me')",
            [(cycle_id, edition, json.dumps(SHEET)) for edition in (1, 2)],
        )
        await superuser.executemany(
            "INSERT INTO explanation (cycle_id, edition, unit, tree) VALUES ($1, $2, $3, $4)",
            [(cycle_id, edition, u, json.dumps(tree)) for (u, edition), tree in TREES.items()],
        )
        migrate(home_of("scoring"), urls.owner)
        rows = await superuser.fetch(
            "SELECT e.unit, e.edition, t.digest, t.tree FROM explanation e"
            " JOIN explanation_tree t USING (cycle_id, digest)"
        )
        assert {(r["unit"], r["edition"]): json.loads(r["tree"]) for r in rows} == TREES
        assert await superuser.fetchval("SELECT count(*) FROM explanation_tree") == 2
        for row in rows:
            tree = json.loads(row["tree"])
            text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert row["digest"] == hashlib.sha256(text.encode()).hexdigest()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute("UPDATE explanation_tree SET tree = '{}'")
    finally:
        await superuser.close()
