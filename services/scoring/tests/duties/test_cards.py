"""Cards are written once each, and equal what reading the duties day by day shows."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from uuid import UUID

import httpx
import pytest
from leading import VALUE
from pydantic import SecretStr

from chassis.peers import Client, PeerConnection
from scoring.api.duties.daily import accounts, look_again
from scoring.app import looking
from scoring.peers import give_daily_commands
from service_testing.lists import read_pages


async def test_each_card_is_written_once_and_the_journal_tells_of_it(cycle):
    """Planted bugs: written anew each time; a journal entry about nothing."""
    await cycle.enter(VALUE)
    first = await cycle.draw_cards()
    listed = await read_pages(cycle.office, f"{cycle.path}/duty-cards", limit=200)
    assert Counter(card["light"] for card in listed) == Counter(first["written"])
    assert len({(c["unit"], c["indicator"], c["period"], c["light"]) for c in listed}) == len(
        listed
    )
    # The year is long over: what is not in has all of them, by the days that reading tells.
    owed = await read_pages(cycle.office, f"{cycle.path}/duties", limit=200)
    red = {(c["unit"], c["indicator"], c["period"]) for c in listed if c["light"] == "red_card"}
    assert (
        red
        == {(d["unit"], d["indicator"], d["period"]) for d in owed if d["light"] == "red_card"}
        != set()
    )
    cards = "chain = $1 AND event ~ 'card|warned'"
    sql = f"SELECT event, count(*) AS n FROM journal_entry WHERE {cards} GROUP BY 1"  # noqa: S608
    told = {r["event"]: r["n"] for r in await cycle.service.sql(sql, str(cycle.cycle_id))}
    assert {"scoring.duty-warned", "scoring.yellow-card", "scoring.red-card"} <= told.keys()
    again = await cycle.draw_cards()
    assert (again["receipt"], set(again["written"].values())) == (None, {0})
    assert told == {r["event"]: r["n"] for r in await cycle.service.sql(sql, str(cycle.cycle_id))}


async def test_several_at_once_write_each_card_once(cycle):
    """Planted bug: look for what is there before holding the ledger, and add the rest."""
    await cycle.enter(VALUE)
    office = cycle.office
    answers = await cycle.at_once(*(cycle.post(office, "duty-cards", None) for _ in range(4)))
    sums = [sum(answer.json()["written"].values()) for answer in answers]
    assert sorted(sums)[:3] == [0, 0, 0]
    rows = await cycle.service.sql(
        "SELECT count(*) AS n FROM duty_card WHERE cycle_id = $1", cycle.cycle_id
    )
    assert rows[0]["n"] == sum(sums) > 0


async def test_what_comes_before_its_day_is_over_has_no_card(cycle, others, document):
    """A year that is to come: planted bug, cards of what is not due yet."""
    others.schemes[cycle.cycle_id] = document | {"assessment_year": 2190}
    done = await cycle.draw_cards()
    assert set(done["written"].values()) == {0}


async def test_a_unit_reads_its_own_cards_and_only_the_office_writes(cycle):
    await cycle.enter(VALUE)
    await cycle.draw_cards()
    path = f"{cycle.path}/duty-cards"
    own = await read_pages(cycle.source("ZH01"), path, limit=200)
    assert {card["unit"] for card in own} == {"ZH01"}
    assert own == await read_pages(cycle.office, path, unit="ZH01", limit=200)
    assert await read_pages(cycle.source("ZH01"), path, unit="ZH02", limit=200) == []
    warned = await read_pages(cycle.office, path, light="warning", limit=200)
    assert {card["light"] for card in warned} == {"warning"}
    for who in (cycle.source("ZH01"), cycle.caller("auditor"), cycle.caller("committee")):
        assert (await cycle.post(who, "duty-cards", None)).status_code == 403
    assert (await cycle.caller("committee").get(path)).status_code == 403
    first = ",".join(own[0][name] for name in ("unit", "indicator", "period", "light"))
    assert (await cycle.source("ZH01").get(f"{path}?after={first}")).status_code == 200
    strange = ("ZH01", "", "a,b,c", f"{first},x", f"zz{first}", first.rpartition(",")[0] + ",zz")
    asked = [(cycle.office, after) for after in strange] + [(cycle.source("ZH02"), first)]
    for client, after in asked:
        answer = await client.get(f"{path}?after={after}")
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place"), after


async def test_a_sealed_ledger_has_no_more_cards(cycle):
    await cycle.post(cycle.office, "ledger/seal", {})
    answer = await cycle.post(cycle.office, "duty-cards", None)
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")


WHAT = (
    *("duty-cards", "supervised-items/reports", "consequences/reports"),
    *("supervised-item-events", "complaint-events", "complaint-erasures"),
)


async def test_the_daily_look_is_an_account_of_the_office_that_gives_the_command(capsys):
    """Planted bugs: cycles without a scheme; without the token; one refusal, or one cycle that is
    not answered, ends the look; what went wrong is not said."""
    seen = list[str]()
    cycles = [
        {"cycle_id": str(UUID(int=n)), "jurisdiction": "1", "assessment_year": 2025}
        | {"scheme_version": version}
        for n, version in ((1, 1), (2, None), (3, 2), (4, 1), (5, 1))
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            form = dict(httpx.QueryParams(request.content.decode()))
            assert (form["client_id"], form["client_secret"]) == ("daily", "s3cret")
            return httpx.Response(200, json={"access_token": "T"})
        assert request.headers["authorization"] == "Bearer T"
        if request.method == "GET":
            return httpx.Response(200, json={"items": cycles, "next": None})
        assert UUID(request.headers["idempotency-key"])
        seen.append(request.url.path)
        if len(seen) == 2:
            raise httpx.ReadTimeout("it takes long")
        return httpx.Response({1: 409, 3: 403}.get(len(seen), 201), json={})

    async with Client("http://gateway", httpx.MockTransport(answer)) as client:
        done = await give_daily_commands(PeerConnection(client), "daily", "s3cret")
    assert [*done.values()] == [409, None, 403, 201]
    given = [(what, each) for what in WHAT for each in done]
    assert seen == [f"/api/v1/cycles/{each}/{what}" for what, each in given]
    assert [*done] == [UUID(int=n) for n in (1, 3, 4, 5)]
    said = capsys.readouterr()
    assert (said.out + said.err).count("duty-cards-not-written") == 2


async def test_a_look_that_fails_is_not_the_last_one():
    """Planted bug: the loop ends with the first error."""
    looks, enough = 0, asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            enough.set()
        raise httpx.ConnectError("no gateway yet")

    looking = asyncio.create_task(look_again(look, 0))
    await enough.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


async def test_a_service_with_an_account_for_it_looks_while_it_runs():
    """Planted bug: a look that nothing starts."""
    asked, seen = asyncio.Event(), list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        asked.set()
        return httpx.Response(503)

    async with Client("http://gateway", httpx.MockTransport(answer)) as client:
        line = PeerConnection(client)
        app = SimpleNamespace(state=SimpleNamespace(peer_connection=line))
        given = {"duty_account": "daily", "duty_secret": SecretStr("s3cret"), "duty_seconds": 60}
        async with looking(app, SimpleNamespace(**given)):
            await asyncio.wait_for(asked.wait(), 10)
        asked.clear()
        async with looking(app, SimpleNamespace(**given | {"duty_account": ""})):
            await asyncio.sleep(0)
    assert seen == ["/oauth/token"]


async def test_of_several_jurisdictions_each_has_its_look():
    """Planted bugs: the first account alone; each with the first secret; who fails is the last."""
    seen, enough = set[tuple[str, str]](), asyncio.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        seen.add((form["client_id"], form["client_secret"]))
        if len(seen) == 2:
            enough.set()
        return httpx.Response(503)

    async with Client("http://gateway", httpx.MockTransport(answer)) as client:
        app = SimpleNamespace(state=SimpleNamespace(peer_connection=PeerConnection(client)))
        given = {"duty_account": "530102.daily, 530103.daily", "duty_secret": SecretStr("a,b")}
        async with looking(app, SimpleNamespace(**given, duty_seconds=60)):
            await asyncio.wait_for(enough.wait(), 10)
    assert seen == {("530102.daily", "a"), ("530103.daily", "b")}
    with pytest.raises(ValueError, match="DUTY_SECRET"):
        accounts("530102.daily,530103.daily", "a")
