"""Accounts whose units are not registered: made all the same, and told of."""

import httpx
import pytest

from .conftest import ADMIN, new_account

UNITS = [f"U{n:03}" for n in range(450)]


def indicators(request):
    """Answer as the service that keeps the units: by code, and page by page."""
    at = request.url.path
    if at == "/api/v1/units":
        after = request.url.params.get("after", "")
        size = int(request.url.params["limit"])
        items = [each for each in UNITS if each > after]
        shown = [{"code": each} for each in items[:size]]
        more = items[size - 1] if len(items) > size else None
        return httpx.Response(200, json={"items": shown, "next": more})
    code = at.rsplit("/", 1)[-1]
    if code == "BUSY":
        return httpx.Response(500)
    found = code in UNITS
    return httpx.Response(200 if found else 404, json={"code": code, "name": code})


@pytest.fixture(scope="module")
async def door(run_gateway):
    return await run_gateway({"indicators": httpx.MockTransport(indicators)})


@pytest.fixture(scope="module")
async def admin(door):
    async with door.client(door.token("system_administrator", subject=ADMIN)) as client:
        yield client


async def test_an_account_of_a_unit_that_is_not_registered_is_told_of(admin):
    """When it is made, when that is only checked, when its unit is changed, and in a list that goes
    by all pages of units.

    Planted bugs: only the first page of units is read; what was not heard is told as unknown; who
    has no unit is listed with them.
    """
    units = {"known": "U449", "wrong": "U999", "none": None, "busy": "BUSY"}
    accounts = [
        new_account(f"of-{name}", "assessed_unit" if unit else "performance_office", unit=unit)
        for name, unit in units.items()
    ]
    told = {"of-known": True, "of-wrong": False, "of-none": None, "of-busy": None}
    for mode in ("?mode=check", ""):
        answer = await admin.post(f"/api/v1/accounts{mode}", json={"accounts": accounts})
        assert answer.is_success, answer.text
        rows = answer.json()["accounts"]
        assert {each["subject"]: each["unit_registered"] for each in rows} == told

    async def listed(query):
        found = (await admin.get(f"/api/v1/accounts?{query}")).json()["items"]
        return {each["subject"] for each in found}

    assert await listed("unit_registered=false") == {"of-wrong", "of-busy"}
    assert await listed("unit_registered=true") == {"of-known"}
    assert await listed("unit_registered=false&unit=U999") == {"of-wrong"}
    for unit, is_there in (("U998", False), ("U000", True)):
        body = {"unit": unit, "reason": "x"}
        answer = await admin.post("/api/v1/accounts/of-wrong/changes", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["unit_registered"] == is_there
    assert await listed("unit_registered=false") == {"of-busy"}


async def test_where_units_are_not_told_no_list_of_accounts_goes_by_them(run_gateway):
    """Planted bug: all accounts are listed as of units that are not registered."""
    down = httpx.MockTransport(lambda request: httpx.Response(500))
    door = await run_gateway({"indicators": down})
    async with door.client(door.token("system_administrator", subject=ADMIN)) as client:
        accounts = [new_account("of-somebody", "assessed_unit", unit="U001")]
        answer = await client.post("/api/v1/accounts", json={"accounts": accounts})
        assert answer.json()["accounts"][0]["unit_registered"] is None, answer.text
        answer = await client.get("/api/v1/accounts?unit_registered=false")
    assert (answer.status_code, answer.json()["type"]) == (503, "service-down")
