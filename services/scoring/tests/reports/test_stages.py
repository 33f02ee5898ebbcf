"""Stages: frozen at a cut-off for good, read by whom they concern, and ranks released by two."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import asyncpg
import pytest
from leading import VALUE

from scoring.rules.reports.stages import CutOffRefused, check_cut_off, ranked_for

SECOND = VALUE | {"unit": "XQ02", "value": "70"}
CLAIM = {
    "claim_no": "S-1",
    "unit": "XQ01",
    "kind": "deduction",
    "rule": "DED02",
    "document_date": "2025-06-01",
    "event_key": "S",
}
OF_UNITS = {"XQ01": "A", "XQ02": "A", "YQ01": "B"}


@pytest.mark.parametrize(
    ("cut_off", "code"),
    [
        ("2025-11-28T00:00:00+00:00", None),
        ("2025-11-28T00:00:01+00:00", "moment-ahead"),
        ("9999-12-31T23:00:00+00:00", "moment-ahead"),
        ("2024-12-31T16:00:00+00:00", None),
        ("2024-12-31T15:59:59+00:00", "before-the-year"),
        ("0001-01-01T00:00:00+00:00", "before-the-year"),
    ],
)
def test_a_cut_off_has_passed_and_is_of_the_year(cut_off, code):
    """Planted bug: the year of the moment in UTC."""
    at, now = datetime.fromisoformat(cut_off), datetime(2025, 11, 28, tzinfo=UTC)
    if code is None:
        check_cut_off(at, now, 2025, "Asia/Shanghai")
        return
    with pytest.raises(CutOffRefused) as caught:
        check_cut_off(at, now, 2025, "Asia/Shanghai")
    assert [each.code for each in caught.value.faults] == [code]


@pytest.mark.parametrize(
    ("readers", "own", "units"),
    [
        (None, "XQ01", []),
        ("own_unit", "XQ01", ["XQ01"]),
        ("category", "XQ01", ["XQ01", "XQ02"]),
        ("everybody", "XQ01", ["XQ01", "XQ02", "YQ01"]),
        ("everybody", None, ["XQ01", "XQ02", "YQ01"]),
        ("own_unit", None, []),
        ("category", "ZZ99", []),
    ],
)
def test_ranks_are_read_by_whom_the_release_names(readers, own, units):
    assert [*ranked_for(readers, own, OF_UNITS)] == units


# over HTTP


async def read(client, path, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle with a stage, after which the record has moved on in every way."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"categories": document["categories"][:3]}
    [first, _] = await cycle.enter(VALUE | {"value": "50"}, SECOND)
    await cycle.verify(all_submitted=True)
    [claim] = await cycle.claim(CLAIM | {"document_no": f"省办〔2025〕7{cycle.number}号"})
    await cycle.enter(VALUE | {"unit": "XQ03", "value": "60"})  # waits
    stage = await cycle.freeze()
    before = await read(cycle.office, f"{cycle.path}/stage-results/1")
    now = await read(cycle.office, f"{cycle.path}/stage-results/current")
    unit = cycle.caller("assessed_unit", unit="XQ01")
    own = await read(unit, f"{cycle.path}/stage-results/current")
    await cycle.verify(all_submitted=True)
    answer = await cycle.confirm(claim)
    assert answer.status_code == 200, answer.text
    await cycle.correct(first, VALUE | {"value": "99"}, "ZH02")
    return SimpleNamespace(cycle=cycle, stage=stage, before=before, now=now, own=own, unit=unit)


async def test_a_stage_is_what_the_results_so_far_were_at_its_cut_off(year):
    """Planted bugs: the entries that count today; the claims as they stand today."""
    assert year.before["units"] == year.now["units"]
    assert year.before["ranks"] == [
        {"unit": each["unit"], "category": each["category"], "rank": each["rank"]}
        for each in year.before["units"]
    ]
    path = f"{year.cycle.path}/stage-results"
    later = await read(year.cycle.office, f"{path}/current")
    assert later["units"] != year.now["units"]
    assert await read(year.cycle.office, f"{path}/1") == year.before
    then = await read(year.cycle.office, f"{path}/current", at=year.stage["cut_off"])
    assert then == year.now
    own = await read(year.unit, f"{path}/current", at=year.stage["cut_off"])
    assert own == year.own


async def test_frozen_later_at_an_earlier_moment_it_has_the_same_digest(year):
    """Planted bugs: the digest is of the label, too; a state that was entered later."""
    again = await year.cycle.freeze(year.stage["cut_off"], "再次")
    for name in ("digest", "inputs", "cut_off", "as_of", "ledger_phase"):
        assert again[name] == year.stage[name], name
    moved_on = await year.cycle.freeze()
    assert moved_on["digest"] != year.stage["digest"]
    assert moved_on["inputs"]["ledger_digest"] != year.stage["inputs"]["ledger_digest"]
    assert moved_on["inputs"]["claims_digest"] != year.stage["inputs"]["claims_digest"]


async def test_each_unit_reads_of_a_stage_what_it_read_of_itself_then(year):
    """Planted bug: what others have a part in is in the own part of a stage."""
    path = f"{year.cycle.path}/stage-results"
    units = [each["unit"] for each in year.before["units"]]
    assert len(units) > 20
    for unit in units[::9]:
        client = year.cycle.caller("assessed_unit", unit=unit)
        own = await read(client, f"{path}/current", at=year.stage["cut_off"])
        told = await read(client, f"{path}/1")
        assert told["units"] == own["units"], unit
        assert (told["digest"], told["inputs"], told["ranks"]) == (None, None, [])
        assert (told["phase"], told["release"]) == ("frozen", None)
    other = await read(year.unit, f"{path}/1", unit="XQ02")
    assert other["units"] == []


async def test_a_stage_waits_for_who_is_writing_and_holds_nobody_up(year):
    """Planted bugs: no waiting, so that what is committed later is missing; the ledger is held
    until the stage is kept."""
    cycle = year.cycle
    holder = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT 1 FROM ledger WHERE cycle_id = $1 FOR SHARE", cycle.cycle_id
            )
            freezing = asyncio.ensure_future(cycle.freeze(year.stage["cut_off"]))
            await cycle.wait(1)
            assert not freezing.done()
        assert (await freezing)["digest"] == year.stage["digest"]
    finally:
        await holder.close()


async def test_ranks_are_released_by_two_and_to_whom_the_release_names(year):
    """Planted bugs: whoever proposed confirms; a proposal releases; scores are released, too."""
    cycle, path = year.cycle, f"{year.cycle.path}/stage-results"
    stage = (await cycle.freeze(year.stage["cut_off"]))["stage_no"]
    at, told = f"stage-results/{stage}/release", {"readers": "own_unit", "document_no": "文1"}
    early = await cycle.post(cycle.colleague, f"{at}/confirmation", {"decision": "confirm"})
    assert (early.status_code, early.json()["type"]) == (409, "stage-not-there")
    assert (await cycle.post(cycle.office, at, told)).status_code == 201
    again = await cycle.post(cycle.office, at, told)
    assert (again.status_code, again.json()["type"]) == (409, "stage-not-there")
    of_a_unit = cycle.caller("performance_office", unit="XQ02", subject="third")
    for client in (cycle.office, of_a_unit):
        assert "confirm-stage-release" not in await kinds(cycle, client)
    assert "confirm-stage-release" in await kinds(cycle, cycle.colleague)
    for by, word, status, problem in (
        (cycle.office, {"decision": "confirm"}, 409, "same-person-releases"),
        (cycle.colleague, {"decision": "refuse"}, 422, "refusal-unexplained"),
        (year.unit, {"decision": "confirm"}, 403, "not-allowed"),
        (of_a_unit, {"decision": "confirm"}, 403, "release-barred"),
    ):
        answer = await cycle.post(by, f"{at}/confirmation", word)
        assert (answer.status_code, answer.json()["type"]) == (status, problem)
    before = await read(year.unit, f"{path}/{stage}")
    assert (before["phase"], before["release"], before["ranks"]) == ("frozen", None, [])
    refused = {"decision": "refuse", "reason": "口径有误"}
    answer = await cycle.post(cycle.colleague, f"{at}/confirmation", refused)
    assert (answer.status_code, answer.json()["phase"]) == (201, "frozen")
    assert await read(year.unit, f"{path}/{stage}") == before
    await cycle.release(stage, "own_unit")
    after = await read(year.unit, f"{path}/{stage}")
    ranks = {each["unit"]: each["rank"] for each in year.before["units"]}
    assert after["ranks"] == [{"unit": "XQ01", "category": "COUNTY", "rank": ranks["XQ01"]}]
    assert (after["phase"], after["release"]["by"]) == ("released", None)
    [mine], [was] = after["units"], before["units"]
    assert mine == was | {"rank": ranks["XQ01"]}
    answer = await cycle.caller("committee").get(f"{path}/{stage}")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def kinds(cycle, client):
    tasks = await read(client, f"{cycle.path}/tasks/scoring")
    return [each["kind"] for each in tasks["tasks"]]


async def test_a_release_names_a_category_or_everybody(year):
    """Planted bug: ranks of all categories for the units of one."""
    cycle, path = year.cycle, f"{year.cycle.path}/stage-results"
    county = {e["unit"] for e in year.before["units"] if e["category"] == "COUNTY"}
    everybody = {each["unit"] for each in year.before["units"]}
    for readers, of_unit, of_others in (
        ("category", county, None),
        ("everybody", everybody, everybody),
    ):
        stage = (await cycle.freeze(year.stage["cut_off"]))["stage_no"]
        await cycle.release(stage, readers)
        found = await read(year.unit, f"{path}/{stage}")
        assert {each["unit"] for each in found["ranks"]} == of_unit
        assert [each["unit"] for each in found["units"]] == ["XQ01"]
        answer = await cycle.caller("committee").get(f"{path}/{stage}")
        assert (answer.status_code == 200) == (of_others is not None)
        if of_others:
            told = answer.json()
            assert ({each["unit"] for each in told["ranks"]}, told["units"]) == (of_others, [])
            part = await read(cycle.caller("committee"), f"{path}/{stage}", category="COUNTY")
            assert {each["unit"] for each in part["ranks"]} == county


async def test_stages_are_listed_and_who_froze_them_is_the_offices(year):
    path = f"{year.cycle.path}/stage-results"
    office = await read(year.cycle.office, path)
    assert [each["stage_no"] for each in office["items"]][:2] == [1, 2]
    assert office["items"][0]["digest"] == year.stage["digest"]
    told = await read(year.unit, path)
    for each in told["items"]:
        assert (each["digest"], each["frozen_by"]) == (None, None)
    first = await read(year.unit, path, limit="1")
    assert (len(first["items"]), first["next"]) == (1, "1")
    assert (await read(year.unit, path, limit="1", after="1"))["items"][0]["stage_no"] == 2


async def test_only_the_office_freezes_and_nothing_of_the_future(year):
    cycle, new = year.cycle, {"label": "上半年", "cut_off": year.stage["cut_off"]}
    before = await cycle.rows()
    for body, problem in (
        (new | {"cut_off": "2099-01-01T00:00:00Z"}, "cut-off-refused"),
        (new | {"cut_off": "2024-06-01T00:00:00Z"}, "cut-off-refused"),
        (new | {"label": "长" * 101}, "malformed-request"),
        (new | {"cut_off": "2025-06-30"}, "malformed-request"),
    ):
        answer = await cycle.post(cycle.office, "stage-results", body)
        assert (answer.status_code, answer.json()["type"]) == (422, problem)
    for client in (year.unit, cycle.caller("auditor"), cycle.caller("committee")):
        answer = await cycle.post(client, "stage-results", new)
        assert answer.status_code == 403
    ahead = await year.unit.get(f"{cycle.path}/stage-results/current?at=2099-01-01T00:00:00Z")
    assert (ahead.status_code, ahead.json()["type"]) == (422, "moment-ahead")
    missing = await year.unit.get(f"{cycle.path}/stage-results/99")
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-stage")
    assert await cycle.rows() == before


async def test_before_the_seal_the_ledger_was_open(new_cycle, others, document):
    """Planted bugs: the ledger's phase of today; what was locked later was not verified."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"categories": document["categories"][:1]}
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    stage = await cycle.freeze()
    seen = (await cycle.office.post(f"{cycle.path}/ledger/seal?mode=check")).json()
    accepted = {"accept_unscored": {"reason": "x"}} if seen["unscored"] else {}
    body = {"leaves": seen["leaves"], "seen": seen["seen"], **accepted}
    assert (await cycle.post(cycle.office, "ledger/seal", body)).status_code == 200
    again, now = await cycle.freeze(stage["cut_off"]), await cycle.freeze()
    assert (again["digest"], again["ledger_phase"]) == (stage["digest"], "open")
    assert (now["ledger_phase"], now["inputs"]) == ("sealed", stage["inputs"])


async def test_a_freeze_costs_as_many_statements_for_many_units_as_for_few(
    new_cycle, others, document
):
    """Planted bug: keep the units one by one."""
    [county] = [each for each in document["categories"] if each["code"] == "COUNTY"]

    async def costs(units: list[str]) -> list[str]:
        cycle = new_cycle()
        others.schemes[cycle.cycle_id] = document | {"categories": [county | {"units": units}]}
        await cycle.enter(*(VALUE | {"unit": each} for each in units))
        await cycle.verify(all_submitted=True)
        await cycle.freeze("2025-07-08T16:00:00Z")  # the driver asks for types once
        with cycle.service.statements() as asked:
            await cycle.freeze("2025-07-08T16:00:00Z")
        return asked

    few, many = await costs(county["units"][:2]), await costs(county["units"])
    assert len(county["units"]) > 8
    assert len(few) == len(many)
