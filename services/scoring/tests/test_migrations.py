"""The revision scripts and the tables say the same, and what was stored before is still there."""

import hashlib
import json
import os
import subprocess
import sys
from uuid import uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chassis.embedded import provision
from chassis.migrations import FOUNDATIONS
from chassis.testing import home_of
from scoring.tables import Base


def differences(connection) -> list:
    def ours(name, kind, _):
        return kind != "table" or name not in FOUNDATIONS

    options = {"include_name": ours, "compare_type": True}
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, Base.metadata)


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Caught: a column added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []


SHEET = {"categories": [], "inputs": {}, "units": [], "claims": []}
TREES = {
    ("a", 1): {"kind": "total", "name": "中", "children": []},
    ("b", 1): {"kind": "total", "children": []},
    ("a", 2): {"children": [], "name": "中", "kind": "total"},
}


async def test_explanations_from_before_are_still_read_after_they_are_kept_once(postgres):
    """Planted bug: leave the loop out of the migration."""
    urls = provision(postgres, ["older"])["older"]
    _upgrade(urls.owner, "0003")
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
        _upgrade(urls.owner, "head")
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


def _upgrade(owner_url: str, revision: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "alembic.ini", "upgrade", revision],
        cwd=home_of("scoring"),
        env={**os.environ, "DATABASE_URL": owner_url},
        check=True,
        capture_output=True,
    )
