"""Editions that were computed before explanations were grown: read, verified, and fed back still.

What an older version stored is played: the ledger of a year and two editions of it, each with its
whole document and all its explanations, in a database of its own.
"""

import json

import asyncpg
import pytest
from services.scoring.tests.conftest import Cycle

from chassis import journal

LEDGER = (
    "ledger", "ledger_entry", "ledger_entry_state", "claim", "claim_state", "counted_award",
    "ledger_entry_standing", "ledger_count",
)  # fmt: skip
BESIDE = ("edition", "phase", "ledger_phase", "digest", "explanations")


class Before:
    """A year as it is today, and what an older version would have stored of its edition."""

    def __init__(self, year, rows, sheet, trees):
        self.year, self.rows, self.trees = year, rows, trees
        digests = {unit: journal.sha256(tree) for unit, tree in trees.items()}
        self.content = {n: each for n, each in sheet.items() if n not in BESIDE}
        self.content |= {"explanations": digests}
        self.digest = journal.sha256(self.content)

    async def store(self, url: str) -> None:
        """Store it as the version did that had no scores of single units."""
        connection = await asyncpg.connect(url, ssl=False)
        try:
            async with connection.transaction():
                # Histories are copied as they are: no trigger goes through them again.
                await connection.execute("SET LOCAL session_replication_role = replica")
                for table, rows in self.rows.items():
                    await self._add(connection, table, rows)
                await self._recorded(connection, "scoring.entries-entered", {})
                for edition in (1, 2):
                    await self._edition(connection, edition)
                told = {"cycle_id": self.year.cycle_id, "edition": 1, "fed_back_by": "zhang"}
                await self._add(connection, "feedback", [told])
                body = {"edition": 1, "digest": self.digest}
                await self._recorded(connection, "scoring.score-sheet-fed-back", body)
                assert await connection.fetchval("SELECT count(*) FROM journal_entry") == 4
        finally:
            await connection.close()

    async def _edition(self, connection, edition):
        cycle_id, digests = self.year.cycle_id, self.content["explanations"]
        sheet = {"cycle_id": cycle_id, "edition": edition, "digest": self.digest, "missing": 0}
        sheet |= {"ledger_phase": "open", "computed_by": "zhang"}
        await self._add(connection, "score_sheet", [sheet | {"content": json.dumps(self.content)}])
        if edition == 1:
            trees = {digests[unit]: tree for unit, tree in self.trees.items()}
            kept = [
                {"cycle_id": cycle_id, "digest": digest, "tree": json.dumps(tree)}
                for digest, tree in trees.items()
            ]
            await self._add(connection, "explanation_tree", kept)
        told = [
            {"cycle_id": cycle_id, "edition": edition, "unit": unit, "digest": digest}
            for unit, digest in digests.items()
        ]
        await self._add(connection, "explanation", told)
        body = {"edition": edition, "digest": self.digest}
        await self._recorded(connection, "scoring.score-sheet-computed", body)

    async def _add(self, connection, table, rows):
        for row in rows:
            names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
            await connection.execute(
                f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})",  # noqa: S608
                *row.values(),
            )

    async def _recorded(self, connection, event, body):
        await connection.execute(
            "SELECT journal_append($1, 'zhang', '', $2, $3)",
            str(self.year.cycle_id),
            event,
            journal.canonical(body).decode(),
        )


async def as_before(year) -> Before:
    """Read what there is of a year that was scored once."""
    rows = {}
    for table in LEDGER:
        found = await year.service.sql(
            f"SELECT * FROM {table} WHERE cycle_id = $1",  # noqa: S608 - the names above
            year.cycle_id,
        )
        rows[table] = [{n: each for n, each in row.items() if n != "record"} for row in found]
    office, trees = year.office, {}
    sheet = (await office.get(f"{year.path}/score-sheets/1")).json()
    for unit in (each["unit"] for each in sheet["units"]):
        answer = await office.get(f"{year.path}/score-sheets/1/units/{unit}/explanation")
        trees[unit] = answer.json()["tree"]
    return Before(year, rows, sheet, trees)


@pytest.fixture(scope="module")
async def before(new_year) -> Before:
    year = await new_year()
    await year.score()
    return await as_before(year)


@pytest.fixture(scope="module")
async def cycle(before, postgres, databases, run_service, others) -> Cycle:
    """The same cycle in a database with both editions in it."""
    from scoring.app import create_app
    from scoring.settings import Settings

    urls = databases("scoring")
    await before.store(postgres.url(urls.app.rsplit("/", 1)[1].partition("?")[0]))
    service = await run_service("scoring", create_app, peers=others, settings=Settings, urls=urls)
    return Cycle(service, before.year.cycle_id, before.year.path, 1)


async def read(cycle, path, *, by=None, status=200):
    answer = await (by or cycle.office).get(f"{cycle.path}/score-sheets{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def verified(cycle):
    found = await cycle.service.verification(str(cycle.cycle_id))
    return found["holds"], found["rows"], found["uncovered"]


async def test_editions_from_before_are_read_compared_fed_back_and_verified(before, cycle):
    """Planted bugs: the scheme or the scores of an edition looked for where it has none, what was
    told in it grown anew."""
    office, unit = cycle.office, "XQ01"
    own = cycle.caller("assessed_unit", unit=unit)
    assert await verified(cycle) == (True, [], 0)

    listed = (await read(cycle, ""))["items"]
    assert [(one["edition"], one["phase"]) for one in listed] == [(1, "fed_back"), (2, "computed")]
    for edition in (1, 2):
        sheet = await read(cycle, f"/{edition}")
        assert sheet["digest"] == before.digest
        without = {n: each for n, each in sheet.items() if n in before.content}
        assert journal.sha256(without) == before.digest
        for one, tree in before.trees.items():
            told = await read(cycle, f"/{edition}/units/{one}/explanation")
            assert (told["tree"], told["digest"]) == (tree, journal.sha256(tree))
    assert (await read(cycle, f"/latest/units/{unit}/explanation", by=own))["edition"] == 1
    await read(cycle, f"/2/units/{unit}/explanation", by=own, status=404)
    for path in (f"/1/units/{unit}/outlook", "/1/diagnostics", "/2/differences?against=1"):
        await read(cycle, path)

    assert await cycle.score() == 3
    compared = await read(cycle, "/3/differences?against=2")
    assert (compared["units"], compared["same"]) == ([], len(before.trees))
    assert {one["document"] for one in compared["documents"]} == set()
    today = await read(cycle, "/3")
    assert today["units"] == before.content["units"]
    assert today.keys() == (await read(cycle, "/2")).keys()

    for edition in (2, 3):
        answer = await cycle.post(office, f"score-sheets/{edition}/feedback")
        assert answer.status_code == 201, answer.text
        told = await read(cycle, f"/latest/units/{unit}/explanation", by=own)
        assert told["edition"] == edition
        again = await cycle.post(office, f"score-sheets/{edition}/feedback")
        assert again.status_code == 409
    assert (await read(cycle, "/3/differences?against=1"))["units"] == []
    assert (await read(cycle, "/3"))["explanations"] == before.content["explanations"]
    assert await verified(cycle) == (True, [], 0)


@pytest.mark.parametrize(
    ("table", "change", "path"),
    [
        ("score_sheet", "content = jsonb_set(content, '{units,0,total}', '\"99.0000\"')", "/2"),
        ("explanation_tree", "tree = jsonb_set(tree, '{score}', '\"99\"')", "/2/diagnostics"),
        ("explanation", "digest = 'x'", "/1/diagnostics"),
        ("feedback", "fed_back_by = 'x'", "/1"),
    ],
)
async def test_what_was_stored_before_is_vouched_for_as_before(cycle, table, change, path):
    """Planted bug: columns that editions have today make every older row look altered, or none."""
    where = "edition = 2" if table == "score_sheet" else "edition = 1"
    async with cycle.service.altered(table, change, "true" if "tree" in table else where):
        told = await read(cycle, path, status=500)
        assert told["type"] == "stored-data-altered"
        assert (await verified(cycle))[0] is False
    assert (await verified(cycle))[0] is True
