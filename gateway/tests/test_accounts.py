"""Accounts: created together or not at all, never shown with their secrets."""

import asyncio
import json
import subprocess
import sys

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from gateway.bootstrap import bootstrap, main
from gateway.hashing import Hasher
from service_testing import Signer

from .conftest import answer_with, serving, without_lifespan

ACCOUNTS = "/api/v1/accounts"


def account(subject, *roles, **more):
    return {"subject": subject, "kind": "person", "name": "某人", "roles": list(roles), **more}


@pytest.fixture(scope="module")
async def admin(door):
    token = door.token("system_administrator", subject="admin")
    async with door.client(token) as client:
        yield client


async def test_a_generated_secret_is_shown_once_and_opens_the_account(door, admin):
    body = {"accounts": [account("zhao", "organiser", unit="ZH01")]}
    answer = await admin.post(ACCOUNTS, json=body)
    created = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert created["receipt"]["journal"] == "gateway"
    token = await door.sign_in("zhao", created["accounts"][0]["secret"])
    async with door.client(token) as client:
        me = (await client.get("/api/v1/me")).json()
    assert (me["subject"], me["person"], me["unit"]) == ("zhao", "zhao", "ZH01")
    assert [role["code"] for role in me["roles"]] == ["organiser"]


async def test_a_chosen_secret_is_not_repeated_to_anybody(door, admin):
    body = {"accounts": [account("qian", "organiser", secret="a-chosen-secret-9")]}
    [created] = (await admin.post(ACCOUNTS, json=body)).json()["accounts"]
    del created["unit_registered"]
    assert created == {"subject": "qian", "state": "effective", "secret": None}
    await door.sign_in("qian", "a-chosen-secret-9")


async def test_a_repeated_request_creates_nothing_and_shows_no_secret(door, admin, sql):
    """Fails when answers are kept with the secrets in them."""
    body = {"accounts": [account("sun", "organiser")]}
    key = {"Idempotency-Key": "create-sun-1"}
    first = (await admin.post(ACCOUNTS, json=body, headers=key)).json()
    second = await admin.post(ACCOUNTS, json=body, headers=key)
    assert (second.status_code, second.headers["idempotent-replay"]) == (201, "true")
    assert second.json() == {**first, "accounts": [{**first["accounts"][0], "secret": None}]}
    other = {"accounts": [account("sun2", "organiser")]}
    assert (await admin.post(ACCOUNTS, json=other, headers=key)).status_code == 422


async def test_no_secret_is_found_anywhere_in_the_database(door, admin, sql):
    """Fails when a secret, or a fast hash of it, is kept in the journal or with the answer."""
    chosen = "find-me-if-you-can-7"
    body = {"accounts": [account("li3", "organiser", secret=chosen), account("wu", "organiser")]}
    created = (await admin.post(ACCOUNTS, json=body)).json()["accounts"]
    tables = ("account", "journal_entry", "idempotency_key")
    rows = [await sql(door, f"TABLE {table}") for table in tables]
    everything = repr(rows)
    assert "li3" in everything
    for secret in (chosen, created[1]["secret"]):
        assert secret not in everything
        assert secret.encode().hex() not in everything


async def test_the_fingerprint_of_a_request_does_not_depend_on_the_secret(admin, door, sql):
    """Fails when the whole body is hashed: a fast way to guess what Argon2id makes slow."""
    key = {"Idempotency-Key": "create-zheng-1"}
    answers = []
    for secret in ("first-secret-1", "other-secret-2"):
        body = {"accounts": [account("zheng", "organiser", secret=secret)]}
        answers.append(await admin.post(ACCOUNTS, json=body, headers=key))
    assert [answer.status_code for answer in answers] == [201, 201]
    await door.sign_in("zheng", "first-secret-1")


async def test_creating_is_journalled(door, admin):
    body = {"accounts": [account("journalled", "organiser", unit="ZH02")]}
    receipt = (await admin.post(ACCOUNTS, json=body)).json()["receipt"]
    async with door.client(door.token("auditor")) as client:
        path = "/api/v1/journals/gateway/chains/accounts"
        entry = (await client.get(path, params={"after": receipt["seq"] - 1})).json()["items"][0]
        holds = (await client.get(f"{path}/verification")).json()["holds"]
    assert (entry["hash"], entry["subject"], holds) == (receipt["hash"], "admin", True)
    assert json.loads(entry["body"]) == {
        "person": "admin",
        "subjects": ["journalled"],
        "accounts": [
            {
                "subject": "journalled",
                "person": "journalled",
                "grant": "ordinary",
                "kind": "person",
                "name": "某人",
                "unit": "ZH02",
                "roles": ["organiser"],
                "scope": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("accounts", "faults"),
    [
        (
            [account("x1", "king"), account("x2", "system_administrator", "auditor")],
            [
                ("/accounts/0/roles/0", "unknown-role"),
                ("/accounts/1/roles", "roles-exclude-each-other"),
            ],
        ),
        ([account("x1", "organiser", secret="short")], [("/accounts/0/secret", "weak-secret")]),
        ([account("admin", "organiser")], [("/accounts/0/subject", "subject-taken")]),
        (
            [account("x1", "organiser"), account("x1", "organiser")],
            [("/accounts/1/subject", "subject-repeated")],
        ),
    ],
)
async def test_all_accounts_are_created_or_none(door, admin, sql, accounts, faults):
    """Fails when sound accounts of a faulty request are kept."""
    body = {"accounts": [account("sound", "organiser"), *accounts]}
    shifted = [(p.replace("/1/", "/2/").replace("/0/", "/1/"), code) for p, code in faults]
    answer = await admin.post(ACCOUNTS, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "accounts-rejected")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == shifted
    assert await sql(door, "SELECT 1 FROM account WHERE subject IN ('sound', 'x1', 'x2')") == []


@pytest.mark.parametrize(
    "change",
    [
        {"secret_hash": "x"},
        {"disabled_at": None},
        {"awaits_confirmation": False},
        {"created_by": "admin"},
        {"person": ""},
        {"person": "a b"},
        {"subject": "a b"},
        {"subject": ""},
        {"kind": "robot"},
        {"roles": None},
        {"roles": "auditor"},
        {"name": ""},
    ],
)
async def test_a_field_that_is_not_to_be_set_or_not_well_formed_is_refused(admin, change):
    body = {"accounts": [account("mass-assigned", "organiser") | change]}
    answer = await admin.post(ACCOUNTS, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")


async def test_two_requests_for_one_subject_make_one_account(door, admin):
    """Fails when a subject is looked for first and inserted afterwards."""
    body = {"accounts": [account("raced", "organiser")]}
    answers = await asyncio.gather(*(admin.post(ACCOUNTS, json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7


async def test_accounts_are_listed_in_pages_without_any_secret(door, admin):
    body = {"accounts": [account(f"page-{n}", "organiser") for n in range(5)]}
    await admin.post(ACCOUNTS, json=body)
    found, after = [], "page-"
    while after and after.startswith("page-"):
        page = (await admin.get(ACCOUNTS, params={"limit": 2, "after": after})).json()
        found += page["items"]
        after = page["next"]
    assert [a["subject"] for a in found[:5]] == [f"page-{n}" for n in range(5)]
    assert set(found[0]) == {
        "subject", "person", "state", "kind", "name", "unit", "roles", "created_by", "created_at",
        "confirmed_by", "confirmed_at", "version", "pending_version", "expires_on", "scope",
        "jurisdiction",
    }  # fmt: skip


async def test_the_role_of_the_gateway_cannot_rewrite_an_account(door):
    """Fails when the migration leaves or grants any right to change one."""
    connection = await asyncpg.connect(door.urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        for statement in (
            "UPDATE account SET roles = '[]'",
            "UPDATE account SET secret_hash = ''",
            "UPDATE account SET disabled_at = NULL",
            "UPDATE account SET awaits_confirmation = false",
            "UPDATE account SET person = 'somebody'",
            "UPDATE account_confirmation SET confirmed_by_person = 'somebody'",
            "DELETE FROM account_confirmation",
            "DELETE FROM account",
            "TRUNCATE account",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_with_an_outside_provider_its_tokens_hold_and_accounts_are_kept_there(run_gateway):
    signer, heard = Signer.new(), []

    async def provider(scope, receive, send):
        heard.append(dict(scope["headers"]))
        await answer_with(httpx.Response(200, json=signer.jwks), send)

    async with serving(without_lifespan(provider)) as url:
        door = await run_gateway(
            identity="openid",
            jwks_url=f"{url}/keys",
            token_issuer=url,
            token_audience="evaluation",
            roles_claim="groups",
            unit_claim="department",
            person_claim="employee",
        )
        claims = {"iss": url, "aud": ["evaluation"], "department": "ZH01", "employee": "staff-7"}
        token = signer.token(subject="u1", **claims, groups=["system_administrator"])
        async with door.client(token) as client:
            me = await client.get("/api/v1/me")
            made = await client.post(ACCOUNTS, json={"accounts": [account("a", "organiser")]})
            listed = await client.get(ACCOUNTS)
            webhook = await client.post("/api/v1/webhooks", json={"url": "https://a.example.com"})
        async with door.client(Signer.new().token(**claims, groups=["auditor"])) as client:
            forged = await client.get("/api/v1/me")
    told = me.json()
    assert [told[name] for name in ("subject", "person", "name", "unit")] == [
        "u1", "staff-7", None, "ZH01",
    ]  # fmt: skip
    assert [role["code"] for role in told["roles"]] == ["system_administrator"]
    answers = [each.json()["type"] for each in (made, listed, webhook)]
    assert answers == ["sign-in-elsewhere"] * 3
    assert forged.status_code == 401
    assert not any(b"authorization" in headers for headers in heard)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"found-1", "found-2", "found-3"}),
        ({"role": "auditor"}, {"found-3"}),
        ({"unit": "FU01"}, {"found-1", "found-3"}),
        ({"role": "organiser", "unit": "FU01"}, {"found-1"}),
        ({"state": "pending"}, set()),
        ({"state": "effective", "q": "FOUND-2"}, {"found-2"}),
        ({"q": "张三"}, {"found-1"}),
        ({"q": "%"}, set()),
    ],
)
async def test_accounts_are_found_by_role_unit_state_and_part_of_a_name(admin, query, found):
    """Planted bugs: a filter that is taken and ignored; a text that is read as a pattern."""
    accounts = [
        account("found-1", "organiser", unit="FU01", name="张三"),
        account("found-2", "organiser", unit="FU02"),
        account("found-3", "auditor", unit="FU01"),
    ]
    await admin.post(ACCOUNTS, json={"accounts": accounts})
    page = await admin.get(ACCOUNTS, params={"after": "found", "limit": 200} | query)
    assert page.status_code == 200, page.text
    ours = {each["subject"] for each in page.json()["items"]} & {f"found-{n}" for n in range(1, 4)}
    assert ours == found


async def test_the_first_administrator_is_created_once(settings_for):
    """Fails when the search and the insert are not one step."""
    settings, _ = settings_for()
    made = await asyncio.gather(*(bootstrap(settings, f"admin{n}", None) for n in range(4)))
    assert len([secret for secret in made if secret]) == 1
    assert await bootstrap(settings, "another", None) is None


async def test_a_start_with_an_administrator_hashes_nothing(settings_for):
    """Planted bug: the secret is hashed first, and each start waits a second for what it drops."""
    settings, _ = settings_for()
    assert await bootstrap(settings, "admin", None)
    impossible = settings.model_copy(update={"argon2_memory": 1})
    assert await bootstrap(impossible, "admin", "a-long-enough-secret") is None


async def test_the_command_prints_a_generated_secret_once_and_a_given_one_never(
    settings_for, tmp_path, monkeypatch, capsys
):
    settings, urls = settings_for()
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": urls.app,
        "AUTHORISATION_FILE": str(settings.authorisation_file),
        "ARGON2_MEMORY": "64",
    }
    file = tmp_path / "secret"
    file.write_text("a-secret-in-a-file-1\n")

    async def run():
        """Run it in this process, of which most would be imports."""
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        await asyncio.to_thread(main)  # which begins an event loop of its own
        return capsys.readouterr().out

    given = {"BOOTSTRAP_SECRET_FILE": str(file), "BOOTSTRAP_SUBJECT": "root"}
    command = [sys.executable, "-m", "gateway.bootstrap"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment | given, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert await run() == ""

    _, urls = settings_for()
    environment["DATABASE_URL"] = urls.app
    subject, secret = (await run()).split()
    assert (subject, len(secret)) == ("admin", 43)
    assert await run() == ""


async def test_every_failure_costs_the_same_work(settings_for, monkeypatch):
    """Counted and not timed. Planted bugs: an unknown subject is answered without hashing; what
    stands in for nobody's hash is none, and refused before anything is computed."""
    hasher = Hasher(settings_for()[0])
    kept = {
        "nobody's": [],
        "generated": [await hasher.hash("another secret", is_generated=True)] * 2,
        "chosen": [await hasher.hash("another secret", is_generated=False)],
    }
    work = []

    def counted(each, secret):
        with pytest.raises(VerifyMismatchError):
            PasswordHasher().verify(each, secret)
        work.append(each.split("$")[3])
        return False

    monkeypatch.setattr("gateway.hashing._holds", counted)
    done = {}
    for kind, value in kept.items():
        assert await hasher.matching("guess", value) is None
        done[kind], work = sorted(work), []
    assert done["nobody's"] == done["generated"] == done["chosen"]
    assert done["chosen"] == ["m=1024,t=1,p=1"] * 2 + ["m=64,t=1,p=1"]


async def test_a_hash_says_argon2id_with_the_parameters_of_the_settings(settings_for):
    settings, _ = settings_for(argon2_memory=65_536, argon2_passes=3, argon2_lanes=4)
    hasher = Hasher(settings)
    chosen = await hasher.hash("a chosen secret", is_generated=False)
    made = await hasher.hash("a generated secret", is_generated=True)
    assert chosen.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert made.startswith("$argon2id$v=19$m=1024,t=1,p=1$")
    assert await hasher.matching("a chosen secret", [made, chosen]) == 1
    assert await hasher.matching("a generated secret", [made, chosen]) == 0


@pytest.mark.parametrize("keeper", ["system_administrator", "auditor"])
async def test_who_keeps_accounts_or_audits_takes_no_part_in_the_year(door, keeper):
    """Fails when a role is missing from the lines of `exclusive` in the matrix."""
    matrix = door.app.state.matrix
    for role in set(matrix.roles) - {keeper}:
        together = {keeper, role}
        assert any(len(together & line) == 2 for line in matrix.exclusive), role
