"""Whom an account is of, for whoever names another person's."""

import pytest

from .conftest import new_account

NAMES = "/api/v1/account-names"


@pytest.fixture(scope="module")
async def door(run_gateway):
    return await run_gateway({}, account_seconds=0.001)


@pytest.fixture(scope="module")
async def admin(door):
    async with door.client(await door.sign_in()) as client:
        made = [
            new_account("deputy", "organiser", name="王代"),
            new_account("leaver", "organiser"),
            new_account("system", "data_source_unit", kind="client"),
            new_account("member", "committee"),
        ]
        answer = await client.post("/api/v1/accounts", json={"accounts": made})
        assert answer.status_code == 201, answer.text
        yield client


async def test_only_a_persons_account_in_effect_is_there(door, admin):
    """Planted bugs: a disabled account is told; another system's is."""
    gone = {"enabled": False, "reason": "离岗"}
    assert (await admin.post("/api/v1/accounts/leaver/changes", json=gone)).status_code == 201
    async with door.client(await door.sign_in("member")) as member:
        found = {
            subject: await member.get(NAMES, params={"subject": subject})
            for subject in ("deputy", "leaver", "system", "Deputy", "a/b", "nobody")
        }
    assert found["deputy"].json() == {"subject": "deputy", "name": "王代"}
    others = {subject: each.status_code for subject, each in found.items() if subject != "deputy"}
    assert others == dict.fromkeys(("leaver", "system", "Deputy", "a/b", "nobody"), 404)


async def test_who_names_nobody_in_the_own_place_looks_nobody_up(door, admin):
    async with door.client(await door.sign_in("deputy")) as client:
        assert (await client.get(NAMES, params={"subject": "member"})).status_code == 403
