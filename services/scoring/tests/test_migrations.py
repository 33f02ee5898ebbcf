"""The revision scripts and the tables say the same, and what was stored before is still there."""

import hashlib
import json
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from chassis.stored import RowDifference, differences
from postgres_supervisor import provision
from scoring.tables import Base
from service_testing import home_of, migrate, schema_differences


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


async def compared(url: str, chain: str) -> tuple[list[RowDifference], int]:
    """Compare the rows of a database with a chain, as the service would."""
    engine = create_async_engine(url)
    try:
        async with AsyncSession(engine) as db:
            return await differences(db, chain)
    finally:
        await engine.dispose()


async def test_an_entry_from_before_stands_where_its_history_says(postgres):
    """Planted bugs: leave the UPDATE out of the migration, or `journal_adopt` out of `recorded`."""
    urls = provision(postgres, ["stateless"])["stateless"]
    migrate(home_of("scoring"), urls.owner, "0004")
    cycle_id, ids = uuid4(), [uuid4() for _ in range(3)]
    superuser = await asyncpg.connect(postgres.url("stateless"), ssl=False)
    try:
        await superuser.execute("INSERT INTO ledger VALUES ($1, 'open')", cycle_id)
        await superuser.executemany(
            "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, period, author,"
            " author_unit) VALUES ($1, $2, 'XQ01', 'C01', 'event', '2025', 'me', 'ZH02')",
            [(cycle_id, entry_id) for entry_id in ids],
        )
        states = ["submitted", "returned", "submitted", "verified"]
        await superuser.executemany(
            "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
            " VALUES ($1, $2, $3, $4, 'me')",
            [
                (cycle_id, entry_id, step, state)
                for entry_id, steps in zip(ids, (1, 2, 4), strict=True)
                for step, state in enumerate(states[:steps], 1)
            ],
        )
        await superuser.execute(
            "SELECT journal_append($1, 'me', '', 'posted', '{}')", str(cycle_id)
        )
        migrate(home_of("scoring"), urls.owner)
        assert await compared(urls.app, str(cycle_id)) == ([], 1)
        rows = await superuser.fetch("SELECT state, step FROM ledger_entry ORDER BY step")
        assert [tuple(row) for row in rows] == [("submitted", 1), ("returned", 2), ("verified", 4)]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute("UPDATE ledger_entry SET state = 'locked'")
        await superuser.execute("SET session_replication_role = replica")
        await superuser.execute("UPDATE ledger_entry SET note = 'x' WHERE entry_id = $1", ids[0])
        [found], uncovered = await compared(urls.app, str(cycle_id))
        assert (found.position, found.what, uncovered) == (2, "changed", 1)
        assert str(ids[0]) in found.key
    finally:
        await superuser.close()


async def test_entries_from_before_name_their_author_as_the_person(postgres):
    """Planted bug: leave the filling out, or the trigger off that keeps entries as they are."""
    urls = provision(postgres, ["persons"])["persons"]
    migrate(home_of("scoring"), urls.owner, "0005")
    cycle_id = uuid4()
    superuser = await asyncpg.connect(postgres.url("persons"), ssl=False)
    try:
        await superuser.execute("INSERT INTO ledger VALUES ($1, 'open')", cycle_id)
        await superuser.execute(
            "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, period, author,"
            " author_unit) VALUES ($1, $2, 'XQ01', 'C01', 'measured_value', '2025', 'zhang', 'ZH')",
            cycle_id,
            uuid4(),
        )
        migrate(home_of("scoring"), urls.owner)
        assert await superuser.fetchval("SELECT author_person FROM ledger_entry") == "zhang"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await superuser.execute("UPDATE ledger_entry SET author_person = 'li'")
    finally:
        await superuser.close()


_ENTERED = (
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, item, period, author,"
    " author_unit, author_person, panel)"
    " VALUES ($1, $2, $3, 'C01', $4, '1', '2025', 'me', 'ZH02', 'me', $5)"
)


async def test_entries_from_before_stand_where_they_did_and_are_counted(postgres):
    """Planted bugs: leave either filling out; count those of which nothing is known."""
    urls = provision(postgres, ["uncounted"])["uncounted"]
    migrate(home_of("scoring"), urls.owner, "0017")
    cycle_id, ids = uuid4(), [uuid4() for _ in range(4)]
    superuser = await asyncpg.connect(postgres.url("uncounted"), ssl=False)
    try:
        async with superuser.transaction():
            await superuser.execute("INSERT INTO ledger VALUES ($1, 'open')", cycle_id)
            for entry_id, unit in zip(ids, ["XQ01", "XQ01", "XQ02", "XQ02"], strict=True):
                told = ("panel_mark", "PANEL") if entry_id == ids[3] else ("event", None)
                await superuser.execute(_ENTERED, cycle_id, entry_id, unit, *told)
            for entry_id, steps in zip(
                ids, (["draft"], ["submitted", "verified"]) * 2, strict=True
            ):
                for step, state in enumerate(steps, 1):
                    await superuser.execute(
                        "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
                        " VALUES ($1, $2, $3, $4, 'me')",
                        *(cycle_id, entry_id, step, state),
                    )
            await superuser.execute(
                "SELECT journal_append($1, 'me', '', 'posted', '{}')", str(cycle_id)
            )
        migrate(home_of("scoring"), urls.owner)
        counts = await superuser.fetch("SELECT unit, state, number FROM ledger_count ORDER BY 1, 2")
        assert [tuple(row) for row in counts] == [
            ("", "draft", 2),
            ("", "verified", 2),
            ("XQ01", "draft", 1),
            ("XQ01", "verified", 1),
            ("XQ02", "draft", 1),
            ("XQ02", "verified", 1),
        ]
        rows = await superuser.fetch(
            "SELECT entry_id, state, author FROM ledger_entry_standing ORDER BY number"
        )
        assert [tuple(row) for row in rows] == [
            (ids[0], "draft", None),
            (ids[1], "verified", None),
            (ids[2], "draft", None),
            (ids[3], "verified", "me"),
        ]
        assert await compared(urls.app, str(cycle_id)) == ([], 0)
        told = "SELECT seq FROM journal_naming($1, '{ledger}')"
        assert await superuser.fetchval(told, str(cycle_id)) == 1
    finally:
        await superuser.close()


OLD_CLAIM = (
    "INSERT INTO claim (cycle_id, claim_id, claim_no, unit, kind, level, authority, holder_name,"
    " document_no, document_date, work_year, event_key, counted_before, author)"
    " VALUES ($1, $2, $3, $4, 'bonus', 'provincial', '省委', 'x', $5, '2025-06-18', 2025, $3,"
    " $6, 'me')"
)


async def test_claims_from_before_are_still_there_and_count_as_they_did(postgres):
    """Planted bugs: let two old claims take one award; confirm what a later seal has yet to see."""
    urls = provision(postgres, ["older_claims"])["older_claims"]
    migrate(home_of("scoring"), urls.owner, "0004")
    sealed, still_open, ids = uuid4(), uuid4(), [uuid4() for _ in range(5)]
    told = [
        (sealed, "B1", "XQ01", "省发〔2025〕9号", False, "accepted"),
        (sealed, "B2", "XQ02", "省发[2025]第9号", False, "accepted"),
        (sealed, "B3", "XQ03", "省发〔2026〕1号", False, "carried_to_next_year"),
        (sealed, "B4", "XQ04", "省发〔2025〕10号", True, "rejected_counted_before"),
        (still_open, "B1", "XQ01", "省发〔2025〕9号", False, None),
    ]
    decided = [
        {"claim_id": str(i), "decision": one[5]} for i, one in zip(ids, told, strict=True) if one[5]
    ]
    superuser = await asyncpg.connect(postgres.url("older_claims"), ssl=False)
    try:
        for cycle_id, phase in ((sealed, "sealed"), (still_open, "open")):
            await superuser.execute("INSERT INTO ledger VALUES ($1, $2)", cycle_id, phase)
        for claim_id, (cycle_id, no, unit, document, before, _) in zip(ids, told, strict=True):
            await superuser.execute(OLD_CLAIM, cycle_id, claim_id, no, unit, document, before)
        await superuser.execute(
            "INSERT INTO score_sheet (cycle_id, edition, digest, content, missing, ledger_phase,"
            " computed_by) VALUES ($1, 1, 'x', $2, 0, 'sealed', 'me')",
            sealed,
            json.dumps(SHEET | {"claims": decided}),
        )
        migrate(home_of("scoring"), urls.owner)
        rows = await superuser.fetch(
            "SELECT DISTINCT ON (c.number) c.claim_id, s.state, s.award, s.counted_earlier, a.share"
            " FROM claim c JOIN claim_state s USING (cycle_id, claim_id)"
            " LEFT JOIN counted_award a USING (cycle_id, claim_id) ORDER BY c.number, s.step DESC"
        )
        assert [tuple(row) for row in rows] == [
            (ids[0], "confirmed", "sole", False, 1),
            (ids[1], "confirmed", "same", False, None),
            (ids[2], "confirmed", "sole", False, None),
            (ids[3], "confirmed", "sole", True, None),
            (ids[4], "handed_in", None, False, None),
        ]
        assert len({r["fingerprint"] for r in await superuser.fetch("SELECT * FROM claim")}) == 3
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute("UPDATE claim SET author = 'x'")
    finally:
        await superuser.close()
