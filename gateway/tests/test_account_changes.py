"""Accounts have a life: other roles, another unit, an end; power takes two, taking it away one."""

import asyncio
import datetime as dt
import json
from contextlib import asynccontextmanager

import pytest

ACCOUNTS = "/api/v1/accounts"
SECRET = "correct-horse-battery"


def account(subject, *roles, **more):
    usual = {"subject": subject, "kind": "person", "name": "某人", "secret": SECRET}
    return {**usual, "roles": list(roles), **more}


@asynccontextmanager
async def signed_in(door, *subjects):
    """Give a client for each of these accounts."""
    clients = [door.client(await door.sign_in(subject)) for subject in subjects]
    try:
        yield clients
    finally:
        for client in clients:
            await client.aclose()


async def create(client, *accounts):
    answer = await client.post(ACCOUNTS, json={"accounts": list(accounts)})
    assert answer.status_code == 201, answer.text


async def change(client, subject, **new):
    body = {"reason": "调整"} | {k: v for k, v in new.items() if k != "headers"}
    headers = new.get("headers")
    return await client.post(f"{ACCOUNTS}/{subject}/changes", json=body, headers=headers)


async def confirm(client, subject, version):
    return await client.post(f"{ACCOUNTS}/{subject}/changes/{version}/confirmation")


async def sign_in(door, subject):
    form = {"grant_type": "password", "username": subject, "password": SECRET}
    async with door.client() as client:
        return (await client.post("/oauth/token", data=form)).status_code


ANEW = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      DELETE FROM account_change;
      DELETE FROM account_change_confirmation;
      DELETE FROM account_secret;
      DELETE FROM account_secret_revocation;
      DELETE FROM account WHERE subject NOT IN ('admin', 'second', 'office', 'clerk');
    END $$
    """


@pytest.fixture(scope="module")
async def doors(run_gateway):
    """Give a gateway with two administrators (`second` is E2), a clerk of ZH01, and an office."""
    door = await run_gateway(account_seconds=0.001)
    async with signed_in(door, "admin") as [admin]:
        await create(admin, account("office", "performance_office", person="E9"))
        await create(admin, account("second", "system_administrator", person="E2"))
        await create(admin, account("clerk", "data_source_unit", unit="ZH01", person="E4"))
    return door


@pytest.fixture
async def two(doors, sql):
    """Give that gateway, with its accounts as they were made."""
    await sql(doors, ANEW)
    return doors


async def shown(client, subject):
    answer = await client.get(f"{ACCOUNTS}/{subject}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_change_without_power_is_in_effect_at_once_and_ends_the_tokens(two):
    """Planted bugs: the first row is still read; the token's own roles are believed."""
    async with signed_in(two, "admin", "clerk") as [admin, clerk]:
        assert (await clerk.get("/api/v1/me")).status_code == 200
        answer = await change(admin, "clerk", unit="ZH02", roles=["assessed_unit"], name="新名")
        assert answer.status_code == 201, answer.text
        told = answer.json()
        now = await shown(admin, "clerk")
        assert told["account"] == now
        assert {n: now[n] for n in ("unit", "roles", "name", "version", "state")} == {
            "unit": "ZH02", "roles": ["assessed_unit"], "name": "新名", "version": 2,
            "state": "effective",
        }  # fmt: skip
        assert (await clerk.get("/api/v1/me")).status_code == 401
    async with signed_in(two, "clerk") as [again]:
        me = (await again.get("/api/v1/me")).json()
        assert (me["unit"], me["name"], [r["code"] for r in me["roles"]]) == (
            "ZH02",
            "新名",
            ["assessed_unit"],
        )


async def test_a_disabled_account_signs_nobody_in_until_it_is_enabled(two):
    """Planted bug: tokens of a disabled account live on until they expire."""
    async with signed_in(two, "admin", "clerk") as [admin, clerk]:
        assert (await change(admin, "clerk", enabled=False)).status_code == 201
        assert (await clerk.get("/api/v1/me")).status_code == 401
        assert (await shown(admin, "clerk"))["state"] == "disabled"
        listed = (await admin.get(ACCOUNTS, params={"state": "disabled"})).json()["items"]
        assert [each["subject"] for each in listed] == ["clerk"]
        assert await sign_in(two, "clerk") == 400
        assert (await change(admin, "clerk", enabled=True)).status_code == 201
    assert await sign_in(two, "clerk") == 200


async def test_an_account_ends_on_its_day(two, sql):
    """Planted bug: the day itself still counts."""
    today = (await sql(two, "SELECT current_date AS day"))[0]["day"]
    async with signed_in(two, "admin") as [admin]:
        for day, status, state in (
            (today + dt.timedelta(days=1), 200, "effective"),
            (today, 400, "expired"),
        ):
            answer = await change(admin, "clerk", expires_on=day.isoformat())
            assert answer.status_code == 201, answer.text
            assert await sign_in(two, "clerk") == status
            assert (await shown(admin, "clerk"))["state"] == state
        expired = (await admin.get(ACCOUNTS, params={"state": "expired"})).json()["items"]
        assert [each["subject"] for each in expired] == ["clerk"]
        assert (await change(admin, "clerk", expires_on=None)).status_code == 201
    assert await sign_in(two, "clerk") == 200


@pytest.mark.parametrize(
    "new",
    [
        {"roles": ["performance_office"], "unit": None},
        {"roles": ["auditor"], "unit": None},
        {"roles": ["system_administrator"], "unit": None},
    ],
)
async def test_what_gives_power_waits_for_a_second_administrator(two, new):
    """Planted bugs: a powerful role is only looked for when an account is made; the one who asked
    confirms."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        told = (await change(admin, "clerk", **new)).json()
        assert told["change"]["awaits_confirmation"] is True
        now = await shown(admin, "clerk")
        assert (now["roles"], now["version"], now["pending_version"]) == (
            ["data_source_unit"],
            1,
            2,
        )
        own = await confirm(admin, "clerk", 2)
        assert (own.status_code, own.json()["type"]) == (403, "confirmed-by-another")
        assert (await confirm(second, "clerk", 3)).status_code == 404
        done = await confirm(second, "clerk", 2)
        assert done.status_code == 201, done.text
        assert done.json()["account"]["roles"] == new["roles"]
        assert done.json()["change"]["confirmed_by"] == "second"
        again = await confirm(second, "clerk", 2)
        assert (again.status_code, again.json()["type"]) == (409, "change-overtaken")


async def token_of(door, subject, secret=SECRET, **form):
    form |= {"client_id": subject, "client_secret": secret}
    async with door.client() as client:
        answer = await client.post("/oauth/token", data={"grant_type": "client_credentials"} | form)
    return answer.json().get("access_token")


async def test_no_password_of_before_opens_an_account_that_gets_power(two, sql):
    """Who proposes power may have made the account. Planted bugs: its first password goes on; a
    session that was opened by it does; a repeated request shows the new one."""
    form = {"grant_type": "password", "username": "clerk", "password": SECRET}
    async with two.client() as client:
        before = (await client.post("/oauth/token", data=form)).json()
        async with signed_in(two, "admin", "second") as [admin, second]:
            await change(admin, "clerk", roles=["auditor"], unit=None)
            assert await sign_in(two, "clerk") == 200  # as what it is, until then
            at = f"{ACCOUNTS}/clerk/changes/2/confirmation"
            tried = (await second.post(f"{at}?mode=check")).json()
            assert (tried["secret"], await sign_in(two, "clerk")) == (None, 200)
            key = {"Idempotency-Key": "power-to-clerk"}
            told, again, other = [
                (await each.post(at, headers=key)).json() for each in (second, second, admin)
            ]
        assert again == told | {"secret": None}
        assert "secret" not in other
        assert await sign_in(two, "clerk") == 400
        renewal = {"grant_type": "refresh_token", "refresh_token": before["refresh_token"]}
        assert (await client.post("/oauth/token", data=renewal)).status_code == 400
    async with two.client(before["access_token"]) as old:
        assert (await old.get("/api/v1/me")).status_code == 401
    await two.choose("clerk", told["secret"], "another-horse-and-cart")
    async with two.client(await two.sign_in("clerk", "another-horse-and-cart")) as clerk:
        assert (await clerk.get("/api/v1/me")).json()["roles"][0]["code"] == "auditor"
    rows = await sql(two, "SELECT body FROM journal_entry ORDER BY seq DESC LIMIT 20")
    assert not any(told["secret"] in row["body"] for row in rows)
    entries = [each for row in rows if "secret_number" in (each := json.loads(row["body"]))]
    assert (entries[0]["subject"], entries[0]["secret_number"]) == ("clerk", 2)


async def test_no_secret_of_before_opens_a_client_that_gets_power(two):
    """Planted bugs: one secret alone is taken back; one that was made since it was proposed is not;
    a token of before goes on."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, account("system", "data_source_unit", unit="ZH01", kind="client"))
        await change(admin, "system", roles=["auditor"], unit=None)
        at = f"{ACCOUNTS}/system/secrets"
        made = (await admin.post(at, json={"reason": "轮换"})).json()["secret"]
        tokens = [await token_of(two, "system", each) for each in (SECRET, made)]
        done = (await confirm(second, "system", 2)).json()
        assert [await token_of(two, "system", each) for each in (SECRET, made)] == [None, None]
        for token in tokens:
            async with two.client(token) as old:
                assert (await old.get("/api/v1/me")).status_code == 401
        async with two.client(await token_of(two, "system", done["secret"])) as client:
            assert (await client.get("/api/v1/me")).json()["roles"][0]["code"] == "auditor"
        listed = (await admin.get(at)).json()["secrets"]
    assert [each["state"] for each in listed] == ["revoked", "revoked", "effective"]


async def test_who_has_the_power_already_keeps_the_password(two):
    """Planted bug: every confirmation takes it away, of who has acted by it for years too."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        await change(admin, "office", unit="ZH09")
        assert (await confirm(second, "office", 2)).json()["secret"] is None
    assert await sign_in(two, "office") == 200


async def test_power_comes_back_only_by_two(two):
    """Planted bugs: enabling, a later end, or another unit gives a powerful role for one."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        assert (await change(admin, "office", enabled=False)).json()["change"][
            "awaits_confirmation"
        ] is False
        back = (await change(admin, "office", enabled=True)).json()
        assert back["change"]["awaits_confirmation"] is True
        assert await sign_in(two, "office") == 400
        done = (await confirm(second, "office", 3)).json()
        assert await sign_in(two, "office") == 400
        await two.choose("office", done["secret"])
        assert await sign_in(two, "office") == 200
        ends = (await change(admin, "office", expires_on="2999-01-01")).json()
        assert ends["change"]["awaits_confirmation"] is False
        for later in ({"expires_on": "2999-01-02"}, {"expires_on": None}, {"unit": "ZH09"}):
            told = (await change(admin, "office", **later)).json()
            assert told["change"]["awaits_confirmation"] is True, later
        assert (await change(admin, "office", name="只改名")).json()["change"][
            "awaits_confirmation"
        ] is False


async def test_a_change_that_waits_is_overtaken_by_the_next(two):
    """Planted bug: confirm a change that nobody wants any more."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        await change(admin, "clerk", roles=["auditor"], unit=None)
        await change(admin, "clerk", name="其他")
        assert (await shown(admin, "clerk"))["pending_version"] is None
        late = await confirm(second, "clerk", 2)
        assert (late.status_code, late.json()["type"]) == (409, "change-overtaken")
        assert (await shown(admin, "clerk"))["roles"] == ["data_source_unit"]


async def test_nobody_changes_an_account_of_his_own(two):
    async with signed_in(two, "admin", "second") as [admin, second]:
        await create(admin, account("mine", "system_administrator", person="admin", secret=None))
        for subject in ("admin", "mine"):
            answer = await change(admin, subject, name="我")
            assert answer.json()["type"] in {"own-account"}, answer.text
        await change(second, "clerk", roles=["auditor"], unit=None)
        assert (await confirm(second, "clerk", 2)).json()["type"] == "confirmed-by-another"


async def test_whoever_ends_the_others_part_does_not_grant_alone(two):
    """Planted bug: count only administrators that are left, so that one disables the other and is
    alone."""
    async with signed_in(two, "admin") as [admin]:
        assert (await change(admin, "second", enabled=False)).status_code == 201
        await create(admin, account("board", "committee", person="E7", secret=None))
        assert (await shown(admin, "board"))["state"] == "pending"
        told = (await change(admin, "clerk", roles=["auditor"], unit=None)).json()
        assert told["change"]["awaits_confirmation"] is True


@pytest.mark.parametrize("given", ["when it was made", "by a change"])
async def test_a_part_that_was_given_long_ago_and_taken_away_of_late_still_counts(two, sql, given):
    """Planted bugs: only what was given of late counts; an account that was made with it, and
    confirmed, does not."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        roles = ["system_administrator"]
        if given == "by a change":
            await create(admin, account("dave", "organiser", person="E8"))
            told = (await change(admin, "dave", roles=roles)).json()["change"]
            assert (await confirm(second, "dave", told["version"])).status_code == 201
        else:
            await create(admin, account("dave", *roles, person="E8", secret=None))
            assert (await second.post(f"{ACCOUNTS}/dave/confirmation")).status_code == 201
        assert (await change(admin, "second", enabled=False)).status_code == 201
        await sql(two, "ALTER TABLE account_change DISABLE TRIGGER ALL")
        await sql(two, "UPDATE account_change SET changed_at = now() - interval '31 days'")
        await sql(two, "ALTER TABLE account_change ENABLE TRIGGER ALL")
        assert (await change(admin, "dave", roles=["organiser"])).status_code == 201
        await create(admin, account("board", "committee", person="E7", secret=None))
        assert (await shown(admin, "board"))["state"] == "pending"


async def test_an_administrator_who_is_gone_for_a_month_no_longer_counts(two, sql):
    """Planted bug: powerful accounts wait for ever for somebody who has left."""
    async with signed_in(two, "admin") as [admin]:
        assert (await change(admin, "second", enabled=False)).status_code == 201
        await sql(two, "ALTER TABLE account_change DISABLE TRIGGER ALL")
        await sql(two, "UPDATE account_change SET changed_at = now() - interval '31 days'")
        await sql(two, "ALTER TABLE account_change ENABLE TRIGGER ALL")
        await create(admin, account("board", "committee", person="E7", secret=None))
        assert (await shown(admin, "board"))["state"] == "effective"


async def test_the_last_administrator_stays(two):
    async with signed_in(two, "admin", "second") as [admin, second]:
        assert (await change(admin, "second", enabled=False)).status_code == 201
        # The token of the disabled one ends; nobody is left who could take the last one's part.
        answer = await change(second, "admin", enabled=False)
        assert answer.status_code == 401
    async with two.client(two.token("system_administrator")) as other:
        for new in ({"enabled": False}, {"roles": ["auditor"]}, {"expires_on": "2999-01-01"}):
            answer = await change(other, "admin", **new)
            assert (answer.status_code, answer.json()["type"]) == (409, "last-administrator")


@pytest.mark.parametrize(
    ("new", "pointer", "code"),
    [
        ({"roles": ["emperor"]}, "/roles/0", "unknown-role"),
        ({"roles": ["performance_office", "committee"]}, "/roles", "roles-exclude-each-other"),
        ({"name": "某人"}, "", "nothing-changes"),
        ({}, "", "nothing-changes"),
        ({"enabled": True}, "", "nothing-changes"),
    ],
)
async def test_what_an_account_cannot_become_is_refused_by_name(two, new, pointer, code):
    async with signed_in(two, "admin") as [admin]:
        answer = await change(admin, "clerk", **new)
        assert (answer.status_code, answer.json()["type"]) == (422, "change-rejected")
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
        assert (await shown(admin, "clerk"))["version"] == 1


async def test_one_person_does_not_get_two_exclusive_roles_over_two_accounts(two):
    """Planted bug: look at the one account alone."""
    async with signed_in(two, "admin") as [admin]:
        await create(admin, account("clerk2", "panel_member", unit="ZH01", person="E4"))
        answer = await change(admin, "clerk2", roles=["system_administrator"])
        assert [each["code"] for each in answer.json()["errors"]] == [
            "person-roles-exclude-each-other"
        ]
        moved = await change(admin, "clerk2", unit="ZH02")
        assert [each["code"] for each in moved.json()["errors"]] == ["person-in-two-units"]


async def test_every_change_is_told_and_recorded(two, sql):
    async with signed_in(two, "admin", "second") as [admin, second]:
        await change(admin, "clerk", unit="ZH02", reason="调动")
        await change(admin, "clerk", roles=["auditor"], unit=None, reason="任命")
        await confirm(second, "clerk", 3)
        told = (await admin.get(f"{ACCOUNTS}/clerk/changes")).json()["changes"]
    assert [(c["version"], c["reason"], c["changed_by"], c["confirmed_by"]) for c in told] == [
        (2, "调动", "admin", None),
        (3, "任命", "admin", "second"),
    ]
    query = "SELECT event, body FROM journal_entry WHERE event LIKE '%account-change%'"
    rows = await sql(two, f"{query} ORDER BY seq DESC LIMIT 3")
    last, asked, first = [(row["event"], json.loads(row["body"])) for row in rows]
    assert last[0] == "gateway.account-change-confirmed"
    assert last[1]["confirmed_by_person"] == "E2"
    assert (asked[0], asked[1]["grant"]) == ("gateway.account-changed", "awaits-confirmation")
    assert asked[1]["to"] == {"unit": None, "roles": ["auditor"]}
    assert (first[1]["from"], first[1]["to"]) == ({"unit": "ZH01"}, {"unit": "ZH02"})


async def test_of_two_changes_by_the_same_etag_one_is_made(two):
    """Planted bug: the second overwrites the first unseen."""
    async with signed_in(two, "admin", "second") as [admin, second]:
        answer = await admin.get(f"{ACCOUNTS}/clerk")
        head = {"If-Match": answer.headers["etag"]}
        done = await asyncio.gather(
            change(admin, "clerk", unit="ZH02", headers=head),
            change(second, "clerk", unit="ZH03", headers=head),
        )
    assert sorted(each.status_code for each in done) == [201, 412]


async def test_a_preview_changes_nothing(two, sql):
    async with signed_in(two, "admin") as [admin]:
        answer = await admin.post(
            f"{ACCOUNTS}/clerk/changes?mode=check", json={"unit": "ZH02", "reason": "试"}
        )
        assert (answer.status_code, answer.json()["account"]["unit"]) == (200, "ZH02")
        assert (await shown(admin, "clerk"))["unit"] == "ZH01"
    assert await sql(two, "SELECT * FROM account_change") == []


@pytest.mark.parametrize("role", ["performance_office", "auditor", "assessed_unit"])
async def test_only_an_administrator_changes_accounts(two, role):
    async with two.client(two.token(role)) as client:
        assert (await change(client, "clerk", enabled=False)).status_code == 403
        status = 200 if role == "auditor" else 403
        assert (await client.get(f"{ACCOUNTS}/clerk")).status_code == status
        assert (await client.get(f"{ACCOUNTS}/clerk/changes")).status_code == status


async def test_a_pending_account_is_confirmed_before_it_is_changed(two):
    async with signed_in(two, "admin") as [admin]:
        await create(admin, account("board", "committee", person="E7", secret=None))
        answer = await change(admin, "board", name="甲")
        assert (answer.status_code, answer.json()["type"]) == (409, "account-pending")
        assert (await change(admin, "nobody", name="甲")).status_code == 404


async def test_the_gateway_itself_can_rewrite_no_change(two, sql):
    """The role of the service adds facts and changes none."""
    async with signed_in(two, "admin") as [admin]:
        await change(admin, "clerk", unit="ZH02")
    granted = await sql(
        two,
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_name IN ('account_change', 'account_change_confirmation')"
        " AND grantee LIKE '%gateway%' AND grantee NOT LIKE '%owner%'",
    )
    assert {row["privilege_type"] for row in granted} == {"SELECT", "INSERT"}
