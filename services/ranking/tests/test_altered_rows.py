"""A row changed in the database is named, and neither approved, released nor told."""

import datetime as dt

import pytest
from services.ranking.tests.test_linked import PERSON, POLICY, LinkedCycle
from services.ranking.tests.test_notice_contacts import erase, filed_openly, read, taken_back
from services.ranking.tests.test_steps import CHAIN

from ranking.tables import Base

STEPS = ("merge", "review", "decision", "publication")
REPORT = {"unit": "XQ03", "document_no": "云纪〔2025〕3号", "decided_on": "2025-06-01"}


@pytest.fixture
async def reported(cycle):
    """Give a cycle with a veto, a demotion and a ranking."""
    for path, code, unit in (("/vetoes", "V02", "ZH11"), ("/demotions", "DM02", "ZF04")):
        role = {"role": "responsible_body", "unit": unit}
        await cycle.report(path, REPORT | {"code": code}, **role)
    return cycle, await cycle.rank()


async def answered(cycle):
    """Show another category, object to it, and answer."""
    edition = await cycle.rank("PAIR")
    await cycle.take(edition, "merge", "review")
    office = {"role": "performance_office", "subject": "answerer"}
    answer = await cycle.post(f"/rankings/{edition}/notice", **office)
    assert answer.status_code == 201, answer.text
    path = f"/notices/{answer.json()['notice']['notice']}"
    said = {"text": "等次不符。", "about": "XQ01"}
    filed = await cycle.post(f"{path}/objections", said, role="assessed_unit", unit="XQ01")
    ban = {"unit": "XQ01", "kind": "fault_notice", "cause": "other", "document_no": "x"}
    ban |= {"reason": "x", "from_on": "2026-01-01"}
    made = await cycle.post("/consequences", ban, **office)
    number = made.json()["consequence"]["number"]
    said = {"decision": "confirm"}
    await cycle.post(f"/consequences/{number}/decision", said, role="committee", subject="c")
    told = {"references": [filed.json()["objection"]["reference"]], "outcome": "rejected"}
    answer = await cycle.post(f"{path}/answers", told | {"text": "经核实无误。"}, **office)
    assert answer.status_code == 201, answer.text
    notice = path.rpartition("/")[2]
    filed = await filed_openly(cycle, notice, contact="0731-00000000")
    assert (await read(cycle, notice, filed["reference"])).status_code == 201
    assert (await taken_back(cycle, notice, filed)).status_code == 201
    assert await erase(cycle) == 1


async def linked(cycle, peers):
    """Enter the result of a person, type it again, read it, and erase it."""
    policy = peers.by_cycle[str(cycle.cycle_id)]
    policy["linked"] = POLICY
    linked = LinkedCycle(cycle.service, cycle.cycle_id)
    await linked.holds(PERSON)
    await linked.shown()
    policy["linked"] = POLICY | {"kept_months": -2}
    async with cycle.service.caller("performance_office") as client:
        erased = await client.post(f"/api/v1/cycles/{cycle.cycle_id}/linked-erasures")
    assert erased.json()["erased"] == 1


async def test_a_change_of_any_stored_field_is_found_and_named(service, reported, peers):
    """Planted bugs: leave a column out of the digest, or a table out of the register."""
    cycle, edition = reported
    await cycle.take(edition, *STEPS[:3])
    later = {"publish_at": (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()}
    office = {"role": "performance_office", "subject": "publication"}
    published = await cycle.post(f"/rankings/{edition}/publication", later, **office)
    assert published.status_code == 201, published.text
    soon = (dt.datetime.now(dt.UTC).date() + dt.timedelta(365)).isoformat()
    peers.by_cycle[str(cycle.cycle_id)] = {"approval": {"steps": CHAIN}}
    given = {"delegate": "x", "role": "vice_mayor", "steps": ["signature"], "until": soon}
    who = {"role": "vice_mayor", "subject": "giver"}
    answer = await cycle.post("/delegations", given | {"document_no": "x"}, **who)
    assert answer.status_code == 201, answer.text
    peers.by_cycle[str(cycle.cycle_id)] = {"notice": {}}
    await answered(cycle)
    await linked(cycle, peers)
    chain = str(cycle.cycle_id)
    found = await service.verification(chain)
    assert (found["holds"], found["rows"]) == (True, [])
    assert await service.unnoticed(chain, f"cycle_id = '{chain}'") == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("ranking", "units = '[]'"),
        ("ranking", "digest = 'x'"),
        ("veto", "unit = 'XQ01'"),
        ("demotion", "decided_on = '2025-01-01'"),
        ("approval", "subject = 'x'"),
    ],
)
async def test_no_step_is_taken_on_what_was_altered(service, reported, table, change):
    """Planted bug: leave `require_intact` out of the questions."""
    cycle, edition = reported
    await cycle.take(edition, "merge")
    async with service.altered(table, change, f"cycle_id = '{cycle.cycle_id}'"):
        answer = await cycle.post(f"/rankings/{edition}/review", role="committee", subject="review")
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        assert answer.json()["rows"][0]["table"] == table
    await cycle.take(edition, "review")


async def test_an_altered_release_is_told_to_nobody(service, reported):
    """Planted bug: serve the row as it is stored."""
    cycle, edition = reported
    await cycle.take(edition, *STEPS)
    where = f"cycle_id = '{cycle.cycle_id}'"
    for path in ("/releases", "/releases/1"):
        assert (await cycle.get(path, "observer")).status_code == 200
    async with service.altered("release", 'document = document || \'{"category": "x"}\'', where):
        for path in ("/releases", "/releases/1"):
            answer = await cycle.get(path, "observer")
            assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_a_journal_that_was_cut_stops_the_chain(service, reported):
    """Planted bug: take steps without verifying the journal."""
    cycle, edition = reported
    await service.tamper(
        f"DELETE FROM journal_entry WHERE chain = '{cycle.cycle_id}' AND seq = 3"  # noqa: S608 - an id of our own
    )
    answer = await cycle.post(f"/rankings/{edition}/merge", role="performance_office", subject="a")
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


async def test_the_journal_vouches_for_every_table(service):
    """Planted bug: a migration that adds a table and does not say that it is recorded."""
    known = await service.sql("SELECT relation FROM journal_table")
    assert {each["relation"] for each in known} == set(Base.metadata.tables)
