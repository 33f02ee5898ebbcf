"""What units are told over HTTP before a release: nothing that depends on anybody else."""

import json
from uuid import uuid4

import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "60",
}
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}


@pytest.fixture(scope="session")
async def year(new_year):
    """The reference year: the second of three editions is fed back, the fourth is of others."""
    cycle = await new_year()
    for _ in range(3):
        await cycle.score()
    await cycle.score("PARK")
    for edition in (2, 4):
        answer = await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
        assert answer.status_code == 201
    return cycle


async def read(client, cycle, what: str, edition: int | str, unit: str = "XQ03"):
    return await client.get(f"{cycle.path}/score-sheets/{edition}/units/{unit}/{what}")


@pytest.mark.parametrize("what", ["explanation", "outlook"])
async def test_the_latest_edition_of_a_unit_is_the_latest_that_was_fed_back_to_it(year, what):
    """Planted bugs: `latest` of all editions, so that it is refused when another is computed; or
    of those fed back, so that there is none when another category's is."""
    own = year.caller("assessed_unit", unit="XQ03")
    answer = await read(own, year, what, "latest")
    assert (answer.status_code, answer.json()["edition"]) == (200, 2)
    assert answer.content == (await read(own, year, what, 2)).content
    assert (await read(year.office, year, what, 3)).json()["edition"] == 3


async def test_a_unit_lists_the_editions_that_were_fed_back_to_it_and_no_others(year):
    """Planted bugs: those that were only computed are listed, or those that score others alone."""
    listed = (
        await year.caller("assessed_unit", unit="XQ03").get(f"{year.path}/score-sheets")
    ).json()
    assert [each["edition"] for each in listed["items"]] == [2]
    [told] = listed["items"]
    digests = {name for name, each in told["inputs"].items() if each is not None}
    assert (told["digest"], told["missing"]) == (None, None)
    assert digests == {"scheme_digest", "names_digest"}
    refused = await year.caller("data_source_unit", unit="XQ03").get(f"{year.path}/score-sheets")
    assert refused.status_code == 403


@pytest.mark.parametrize("what", ["explanation", "outlook"])
async def test_what_was_not_fed_back_is_as_though_it_did_not_exist(year, what):
    """Planted bug: 403 for an edition that is there, so that they can be counted."""
    own = year.caller("assessed_unit", unit="XQ03")

    def plain(answer, edition):
        told = answer.json()
        instance = told["instance"].replace(f"/score-sheets/{edition}/", "/score-sheets/N/")
        detail = told["detail"].replace(f"edition {edition}", "edition N")
        return answer.status_code, told["type"], instance, detail

    [found] = {plain(await read(own, year, what, each), each) for each in (1, 3, 4, 9)}
    assert found[:2] == (404, "no-such-score-sheet")
    nobody = year.caller("assessed_unit", unit="BM01")
    answer = await read(nobody, year, what, "latest", unit="BM01")
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")


@pytest.mark.parametrize("what", ["explanation", "outlook"])
async def test_another_unit_is_refused_in_the_same_words_whatever_there_is(year, what):
    own = year.caller("assessed_unit", unit="XQ03")
    refused = set()
    for unit, edition in [("XQ01", 2), ("XQ01", 1), ("XQ01", 9), ("XX99", "latest")]:
        answer = await read(own, year, what, edition, unit)
        told = answer.json()
        refused.add((answer.status_code, told["type"], told["detail"]))
    assert len(refused) == 1
    assert next(iter(refused))[:2] == (403, "not-allowed")


async def test_the_office_reads_whole_what_the_unit_reads_in_part(year):
    """Planted bugs: the digest of the whole, or the whole, told to the unit as well."""
    own = year.caller("assessed_unit", unit="XQ03")
    for reader in (year.office, year.caller("committee"), year.caller("auditor")):
        whole = (await read(reader, year, "explanation", 2)).json()
        assert len(whole["digest"]) == 64
        assert "units compared" in json.dumps(whole)
    part = (await read(own, year, "explanation", 2)).json()
    assert part["digest"] is None
    assert "units compared" not in json.dumps(part)
    assert part["tree"]["score"] == whole["tree"]["score"]


async def test_a_unit_is_told_what_it_lost_and_not_where_it_stands(year):
    """Planted bug: the standing, from which the exact total of the next above follows."""
    own = year.caller("assessed_unit", unit="XQ03")
    office = (await read(year.office, year, "outlook", 2)).json()
    unit = (await read(own, year, "outlook", 2)).json()
    assert office["standing"]["place"] >= 1
    assert unit["standing"] is None
    same = ("total", "points", "lost", "to_win", "to_lose", "chances", "deadlines")
    assert {name: unit[name] for name in same} == {name: office[name] for name in same}
    [was] = [one for one in office["losses"] if one["code"] == "C16"]
    [told] = [one for one in unit["losses"] if one["code"] == "C16"]
    assert was["formula"] is not None
    assert (told["formula"], told["lost"]) == (None, was["lost"])
    assert was["formula"] not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        ("performance_office", True),
        ("auditor", True),
        ("assessed_unit", False),
        ("data_source_unit", False),
        ("organiser", False),
        ("survey_centre", False),
        ("responsible_body", False),
        ("committee", False),
        ("standing_committee", False),
        ("system_administrator", False),
    ],
)
async def test_how_many_entries_there_are_is_for_those_who_may_read_all(cycle, role, counts):
    """Planted bug: counts for everybody who is signed in."""
    await cycle.enter(VALUE)
    told = (await cycle.caller(role, unit="XQ01").get(f"{cycle.path}/ledger")).json()
    assert told["phase"] == "open"
    assert (told["entries"] is not None) == counts
    assert not counts or told["entries"]["submitted"] == 1


async def test_pages_of_entries_go_by_the_entries_themselves(cycle):
    """Planted bug: the number of the row, which counts those of all units and cycles."""
    ids = await cycle.enter(*(VALUE | {"unit": unit} for unit in ("XQ01", "XQ02")))
    [last] = await cycle.enter(EVENT, unit="ZH01")
    own = cycle.caller("assessed_unit", unit="XQ01")
    path = f"{cycle.path}/ledger-entries?limit=1"

    async def after(entry: str) -> list[str]:
        page = (await own.get(f"{path}&after={entry}")).json()
        return [item["entry_id"] for item in page["items"]]

    async def refused(entry: object) -> dict[str, object]:
        answer = await own.get(f"{path}&after={entry}")
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place")
        return {**answer.json(), "request_id": ""}

    first = (await own.get(path)).json()
    assert first["next"] == ids[0]
    assert await after(first["next"]) == [last]
    assert await after(last) == []
    # An entry of another unit is no place, just like one that is not: what comes after it would
    # say where it lies.
    assert await refused(ids[1]) == await refused(uuid4()) == await refused("1")


async def test_pages_of_claims_go_by_the_claims_themselves(cycle):
    """Planted bug: the number of the row."""
    claims = [
        {
            "claim_no": f"{unit}-{n}",
            "unit": unit,
            "kind": "deduction",
            "rule": "DED01",
            "document_date": "2025-06-30",
            "event_key": f"{unit}-{n}",
        }
        for n in (1, 2)
        for unit in ("XQ01", "XQ02")
    ]
    posted = (await cycle.post(cycle.office, "claims", {"claims": claims})).json()["rows"]
    ids = [claim["claim_id"] for claim in posted]
    own = cycle.caller("assessed_unit", unit="XQ01")
    path = f"{cycle.path}/claims?limit=1"

    first = (await own.get(path)).json()
    assert first["next"] == ids[0] == first["items"][0]["claim_id"]
    page = (await own.get(f"{path}&after={ids[0]}")).json()
    assert [claim["claim_id"] for claim in page["items"]] == [ids[2]]
    for none in (ids[1], uuid4(), "1"):
        answer = await own.get(f"{path}&after={none}")
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place")
