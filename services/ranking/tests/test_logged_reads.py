"""Who reads ranks that are not public yet is on record, or reads nothing."""

import json

import pytest

from chassis.scopes import READS
from service_testing.reading import both_ways, logged


@pytest.mark.parametrize(
    "path", ["rankings/{edition}", "rankings/{edition}/committee-paper?format=xlsx"]
)
async def test_ranks_before_their_release_are_read_on_record_or_not_at_all(service, cycle, path):
    """Planted bugs: the entry is written once the answer has left; its failure is swallowed."""
    edition = await cycle.rank()
    url = f"/api/v1/cycles/{cycle.cycle_id}/{path.format(edition=edition)}"
    async with service.caller("committee", subject="wei", person="卫") as client:
        answer, [entry], unlogged = await both_ways(service, client, url)
    assert answer.status_code == 200, answer.text
    assert (unlogged.status_code, unlogged.json()["type"]) == (503, "database-unavailable")
    assert len(unlogged.content) < 2_000
    assert entry == {
        "subject": "wei",
        "person": "卫",
        "event": "ranking.read",
        "route": f"GET /api/v1/cycles/{{cycle_id}}/{path.partition('?')[0]}",
        "path": {"cycle_id": str(cycle.cycle_id), "edition": str(edition)},
        "query": [["format", "xlsx"]] if "format" in path else [],
    }


@pytest.mark.parametrize("path", ["simulations", "rankings?mode=check"])
async def test_what_is_computed_and_not_kept_is_on_record_as_the_ranking_that_it_tells(
    service, cycle, path
):
    """Planted bug: what comes by POST is nobody's reading."""
    url = f"/api/v1/cycles/{cycle.cycle_id}/{path}"
    before = len(await logged(service))
    async with service.caller("performance_office", subject="wei", person="卫") as client:
        told = await client.post(url, json={"category": "COUNTY"})
        assert told.status_code == 200, told.text
        assert '"rank":1' in told.text
        async with service.full("journal_entry", f"NEW.chain = '{READS}'"):
            unlogged = await client.post(url, json={"category": "COUNTY"})
    assert (unlogged.status_code, unlogged.json()["type"]) == (503, "database-unavailable")
    [entry] = (await logged(service))[before:]
    assert (entry["person"], entry["event"]) == ("卫", "ranking.read")
    assert entry["route"] == f"POST /api/v1/cycles/{{cycle_id}}/{path.partition('?')[0]}"
    assert entry["path"] == {"cycle_id": str(cycle.cycle_id)}


async def test_who_is_refused_or_has_the_document_already_has_read_nothing(service, cycle):
    """Planted bug: whatever is asked is an entry, so that one is found among many."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}"
    tag = (await cycle.get(path, "auditor")).headers["etag"]
    before = await logged(service)
    assert (await cycle.get(path, "assessed_unit")).status_code == 403
    assert (await cycle.get("/rankings/99", "auditor")).status_code == 404
    assert (await cycle.get(path, "auditor", **{"If-None-Match": tag})).status_code == 304
    assert (await cycle.get("/releases", "auditor")).status_code == 200
    assert await logged(service) == before


async def test_the_log_is_a_journal_that_an_auditor_reads_and_verifies(service, cycle):
    """Planted bug: the log is rows that nothing vouches for."""
    edition = await cycle.rank()
    assert (await cycle.get(f"/rankings/{edition}", "committee")).status_code == 200
    own = "/api/v1/journals/ranking/chains/reads"
    number = len(await logged(service))
    async with service.caller("auditor") as auditor:
        page = await auditor.get(f"{own}?limit=1&after={number - 1}")
        held = (await auditor.get(f"{own}/verification")).json()
    [entry] = page.json()["items"]
    assert json.loads(entry["body"])["path"]["edition"] == str(edition)
    assert (held["holds"], held["length"]) == (True, number)
    async with service.caller("performance_office") as office:
        assert (await office.get(own)).status_code == 403
