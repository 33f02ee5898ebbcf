"""After publication a unit objects, is right, and the sealed record is corrected beside it: the new
edition tells exactly whom that moved, and nothing of before is another byte."""

import asyncio
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import in_one_process

from chassis.peers import Client, PeerConnection
from kaoping.card import Credentials
from kaoping.city import plan_of, read_city
from kaoping.people import COMMITTEE, People
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.steps import Steps
from kaoping.year import Year
from scoring.peers import _DAILY, give_daily_commands

PLACES = "C16"
"""Scored by places among the county districts: three points, a twentieth less for each place."""


@pytest.fixture(scope="module")
def published(postgres, databases, tmp_path_factory):
    """The reference city's year, published, whose scheme lets units object; and a plain client."""
    plan = plan_of(read_city(ROOT / "examples" / "yunchuan-2025"))
    plan = replace(plan, scheme={**plan.scheme, "objections": {}})
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running:
        administrator = running.client(running.administrator)
        with administrator, People(administrator, running.client) as people:
            year = Year(plan, people, Steps())
            year.play()
            with running.raw() as door:
                yield year, door, running


def by_places(values):
    """What each unit gets for its place: the same for the same value, and the next are skipped."""
    return {
        unit: Decimal(3) * (1 - Decimal("0.05") * sum(other > value for other in values.values()))
        for unit, value in values.items()
    }


def ranked(totals):
    """Return the rank of each unit by its total."""
    places = {total: n for n, total in reversed([*enumerate(sorted(totals.values())[::-1], 1)])}
    return {unit: places[total] for unit, total in totals.items()}


def standings(office, year, release):
    """Return the total, the rank and the grade of each unit by a release."""
    units = office.get(f"{year.path}/releases/{release}")["document"]["units"]
    told = ((each, Decimal(each["final_total"])) for each in units)
    return {each["unit"]: (total, each["rank"], each["grade"]) for each, total in told}


def test_an_upheld_objection_moves_exactly_whom_it_moves_and_nothing_of_before(published):
    """Planted bugs: compute the new edition without the correction; list every unit of the
    category; lay the correction over editions of before; rank from the former sheet; take
    nothing but an entry of the ledger for what carried an objection out."""
    year, door, _ = published
    office, colleague = year.people[OFFICE], year.people[COLLEAGUE]
    sheet, ranking, release = year.sheet, year.rankings["COUNTY"], year.releases["COUNTY"]
    entries = {
        each["unit"]: each
        for each in office.get(f"{year.path}/ledger-entries", indicator=PLACES)["items"]
    }
    values = {unit: Decimal(each["value"]) for unit, each in entries.items()}
    before = standings(office, year, release)
    assert {unit: rank for unit, (_, rank, _) in before.items()} == ranked(
        {unit: total for unit, (total, *_) in before.items()}
    )
    last = min(values, key=values.__getitem__)
    stands = sorted(values.values())[len(values) // 2] + Decimal("0.5")  # those above stay
    moves = {u: new - by_places(values)[u] for u, new in by_places(values | {last: stands}).items()}
    assert len({*moves.values()}) > 2

    kept = [
        f"{year.path}/score-sheets/{sheet}",
        f"{year.path}/score-sheets/{sheet}/units/{last}/explanation",
        f"{year.path}/rankings/{ranking}",
        f"{year.path}/releases/{release}",
        f"{year.path}/ledger-entries?indicator={PLACES}",
    ]

    token = door.post("/oauth/token", data=office.credentials.form).json()["access_token"]

    def bytes_of(path):
        answer = door.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        return answer.content

    was = {path: bytes_of(path) for path in kept}

    said = {"about": "mark", "indicator": PLACES, "asks": "3", "text": "漏报一项。"}
    objection = year.people[last].post(f"{year.path}/objections", said)
    here = f"{year.path}/objections/{objection['objection_id']}/decisions"
    upheld = {"step": objection["step"], "move": "uphold", "text": "属实。", "stands": str(stands)}
    office.post(here, upheld)
    correction = office.post(
        f"{year.path}/corrections",
        {
            "origin": "objection",
            "objection_id": objection["objection_id"],
            "issuer": "云川市综合绩效评估委员会",
            "document_no": "云考评〔2026〕3号",
            "document_date": "2026-01-20",
            "reason": "异议成立。",
            "what": "replaces",
            "corrects": entries[last]["entry_id"],
            "value": str(stands),
        },
    )
    correction_id = correction["correction"]["correction_id"]
    path = f"{year.path}/corrections/{correction_id}/decision"
    year.people[COMMITTEE].post(path, {"decision": "approved"})
    done = {"step": 2, "move": "carry_out", "carried_out_by": correction_id, "text": "已更正。"}
    office.post(here, done)

    edition = office.post(f"{year.path}/score-sheets", {"categories": ["COUNTY"]})["edition"]
    office.post(f"{year.path}/score-sheets/{edition}/feedback")
    year.sheet = edition
    year.rank(lambda _: None)
    year.approve(lambda _: None)
    after = standings(office, year, year.releases["COUNTY"])
    totals = {unit: total + moves[unit] for unit, (total, *_) in before.items()}
    assert {unit: total for unit, (total, *_) in after.items()} == totals
    assert {unit: rank for unit, (_, rank, _) in after.items()} == ranked(totals)

    moved = {unit for unit in before if before[unit] != after[unit]}
    assert moved != set(before)
    for newer, older, place in (
        (year.rankings["COUNTY"], ranking, "rankings"),
        (year.releases["COUNTY"], release, "releases"),
    ):
        told = colleague.get(f"{year.path}/{place}/{newer}/differences", against=older)
        assert {each["unit"] for each in told["units"]} == moved
        assert told["same"] == len(before) - len(moved)
    assert {path: bytes_of(path) for path in kept} == was


EVERY_DAY = "every-day-of-the-year-it-looks"


@pytest.fixture(scope="module")
def daily_round(published):
    """The daily round, which signs in as a system and has a role of its own."""
    _, _, running = published
    made = {"subject": "daily", "kind": "client", "name": "每日", "roles": ["daily_round"]}
    with running.client(running.administrator) as administrator:
        administrator.post("/accounts", {"accounts": [made | {"secret": EVERY_DAY}]})
    bridge = running.transport

    def give():
        async def once():
            async with Client("http://gateway", bridge.door) as client:
                return await give_daily_commands(PeerConnection(client), "daily", EVERY_DAY)

        asyncio.run_coroutine_threadsafe(once(), bridge.loop).result(60)

    return give


def test_a_report_that_is_decided_after_the_seal_is_asked_for_accepted_and_carried_out(
    published, daily_round
):
    """The daily round alone opens its item in the next year, and carries the report out once that
    is closed; that of a revoked one is withdrawn. Planted bugs: scoring asks about this year's
    reports alone; the round leaves out one of the two commands; ranking follows items of its own
    cycle alone."""
    year, _, _ = published
    office, colleague, committee = (year.people[e] for e in (OFFICE, COLLEAGUE, COMMITTEE))
    day = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    begun = office.get(f"{year.path}/next-scheme")["scheme"]
    cycle = year.plan.cycle | {"name": "下一年", "assessment_year": begun["assessment_year"]}
    after = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    office.post(f"{after}/scheme-versions", {"scheme": begun})
    office.post(f"{after}/scheme-versions/1/publication")
    units = sorted(each["unit"] for each in _released(office, year))
    unit = next(each for each in units if each in year.people)
    other = next(each for each in units if each != unit)

    def decided(unit):
        told = {
            "unit": unit,
            "kind": "rectification_report",
            "cause": "other",
            "document_no": f"云考评〔2026〕{unit}号",
            "reason": "限期整改。",
            "from_on": str(day),
            "until_on": str(day + dt.timedelta(30)),
        }
        number = office.post(f"{year.path}/consequences", told)["consequence"]["number"]
        committee.post(f"{year.path}/consequences/{number}/decision", {"decision": "confirm"})
        return number

    def consequence(who, number):
        items = who.get(f"{year.path}/consequences")["items"]
        return next(each for each in items if each["number"] == number)

    number, gone = decided(unit), decided(other)
    daily_round()
    items = {
        each["report"]["number"]: each for each in office.get(f"{after}/supervised-items")["items"]
    }
    assert {n: items[n]["units"][0]["unit"] for n in items} == {number: unit, gone: other}
    item = f"{after}/supervised-items/{items[number]['item_id']}"
    last = consequence(year.people[unit], number)["steps"][-1]
    assert (last["state"], last["item_state"]) == ("decided", "dispatched")
    assert f"/cycles/{last['item_cycle_id']}/supervised-items/{last['item_id']}" == item

    year.people[unit].post(f"{item}/answers", {"step": 2, "move": "sign"})
    year.people[unit].post(f"{item}/answers", {"step": 3, "move": "reply", "text": "已整改。"})
    colleague.post(f"{item}/directions", {"step": 4, "move": "close"})
    office.post(f"{year.path}/consequences/{gone}/revocation", {"reason": "查无实据。"})
    committee.post(f"{year.path}/consequences/{gone}/decision", {"decision": "confirm"})
    daily_round()
    assert consequence(year.people[unit], number)["state"] == "carried_out"
    withdrawn = office.get(f"{after}/supervised-items/{items[gone]['item_id']}")
    assert withdrawn["state"] == "withdrawn"
    assert consequence(office, gone)["steps"][-1]["state"] == "revoked"


def test_the_daily_round_is_refused_none_of_its_commands_and_all_else(published, daily_round):
    """Planted bugs: a command has no row for its role; it reads consequences that open no item."""
    year, _, running = published
    form = Credentials("daily", EVERY_DAY, "client").form
    token = running.raw().post("/oauth/token", data=form).json()["access_token"]
    with running.raw(Authorization=f"Bearer {token}") as daily:
        for what in ("duty-cards", "claims/arrivals", *_DAILY):
            told = {"Idempotency-Key": what.replace("/", "-")}
            answer = daily.post(f"/api/v1{year.path}/{what}", headers=told)
            assert answer.status_code in (201, 409), (what, answer.text)
        found = daily.get(f"/api/v1{year.path}/consequences").json()["items"]
        assert {each["kind"] for each in found} == {"rectification_report"}
        for path in (
            "rankings",
            "score-sheets",
            "ledger-entries",
            "complaints",
            "supervised-items",
        ):
            answer = daily.get(f"/api/v1{year.path}/{path}")
            assert answer.status_code == 403, (path, answer.text[:200])


def _released(office, year):
    release = office.get(f"{year.path}/releases/{year.releases['COUNTY']}")
    return release["document"]["units"]
