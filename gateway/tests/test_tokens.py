"""Signing in, and what a token is good for."""

import asyncio
import base64
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from gateway import queries
from gateway.keys import create

SECRET = "correct-horse-battery"


async def ask(door, **form):
    async with door.client() as client:
        return await client.post("/oauth/token", data=form)


async def test_a_person_signs_in_with_a_password(door):
    answer = await ask(door, grant_type="password", username="admin", password=SECRET)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_token_says_who_for_whom_until_when(door):
    await door.create("assessed_unit", subject="hua", unit="CT01", secret=SECRET)
    token = await door.sign_in("hua")
    async with door.client() as client:
        keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    decoded = jwt.decode(token, keys, algorithms=["Ed25519"])
    claims = decoded.claims
    assert decoded.header["kid"] in {key.kid for key in keys}
    assert {k: claims[k] for k in ("iss", "aud", "sub", "roles", "unit")} == {
        "iss": "kaoping",
        "aud": "kaoping",
        "sub": "hua",
        "roles": ["assessed_unit"],
        "unit": "CT01",
    }
    assert claims["exp"] - claims["iat"] == 900
    assert len(claims["jti"]) == 32


async def test_a_system_signs_in_by_http_basic_or_by_form(door):
    created = await door.create("survey_centre", subject="poll-system", kind="client", unit="MD01")
    secret = created["secret"]
    async with door.client() as client:
        basic = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=("poll-system", secret)
        )
    form = await ask(
        door, grant_type="client_credentials", client_id="poll-system", client_secret=secret
    )
    assert (basic.status_code, form.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "admin", "password": "no"}, 400, "invalid_grant"),
        (
            {"grant_type": "password", "username": "nobody", "password": SECRET},
            400,
            "invalid_grant",
        ),
        ({"grant_type": "password", "username": "a\0b", "password": SECRET}, 400, "invalid_grant"),
        (
            {"grant_type": "password", "username": "admin", "password": "x" * 5000},
            400,
            "invalid_grant",
        ),
        (
            {"grant_type": "client_credentials", "client_id": "admin", "client_secret": SECRET},
            401,
            "invalid_client",
        ),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
    ],
)
async def test_a_failed_sign_in_is_an_oauth_error_and_a_problem(door, form, status, error):
    answer = await ask(door, **form)
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error)
    assert {"type", "title", "status", "detail", "error_description"} <= set(body)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    "header", ["Basic", "Basic %%%", "Basic Og==", "Basic /w==", "Bearer x", "Basic é".encode()]
)
async def test_a_basic_header_that_cannot_be_read_signs_nobody_in(door, header):
    async with door.client(Authorization=header) as client:
        answer = await client.post("/oauth/token", data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("charset", ["utf-7", "raw_unicode_escape", "undefined", "zlib"])
async def test_a_form_in_a_strange_charset_signs_nobody_in(door, charset):
    """Fails when half a surrogate pair reaches the hasher as text."""
    fields = {"grant_type": "password", "username": "admin", "password": "\\ud800+2AA-"}
    parts = [
        f'--X\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{fields[k]}' for k in fields
    ]
    content_type = f"multipart/form-data; boundary=X; charset={charset}"
    async with door.client(**{"Content-Type": content_type}) as client:
        answer = await client.post("/oauth/token", content="\r\n".join([*parts, "--X--\r\n"]))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    await door.sign_in()


async def test_nothing_but_the_request_id_tells_an_unknown_subject_from_a_wrong_secret(door):
    """Fails when the two get sentences of their own."""
    bodies = []
    for name in ("admin", "nobody"):
        answer = await ask(door, grant_type="password", username=name, password="wrong-wrong")
        bodies.append({**answer.json(), "request_id": ""})
    assert bodies[0] == bodies[1]
    await door.sign_in()


async def test_five_failures_lock_an_account_for_fifteen_minutes(run_gateway, sql):
    """Fails when failures are not counted, or counted in the process and not in the database."""
    door = await run_gateway()
    for _ in range(5):
        await ask(door, grant_type="password", username="admin", password="wrong-wrong")
    right = {"grant_type": "password", "username": "admin", "password": SECRET}
    assert (await ask(door, **right)).json()["error"] == "invalid_grant"
    [row] = await sql(door, "SELECT locked_until - clock_timestamp() AS left FROM account")
    assert 14 * 60 < row["left"].total_seconds() <= 15 * 60
    [entry] = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%locked'")
    assert json.loads(entry["body"])["subject"] == "admin"

    await sql(door, "UPDATE account SET locked_until = now() - interval '1 second'")
    assert (await ask(door, **right)).status_code == 200


async def test_four_failures_and_a_success_begin_the_count_anew(run_gateway):
    door = await run_gateway()
    for _ in range(2):
        for _ in range(4):
            await ask(door, grant_type="password", username="admin", password="wrong-wrong")
        await door.sign_in()


async def test_a_lock_that_has_run_out_does_not_strike_at_the_next_failure(run_gateway, sql):
    """Fails when the count goes on from five."""
    door = await run_gateway()
    await sql(door, "UPDATE account SET failures = 5, locked_until = now() - interval '1 second'")
    await ask(door, grant_type="password", username="admin", password="wrong-wrong")
    await door.sign_in()


async def test_failures_at_the_same_moment_are_all_counted(run_gateway, sql):
    """Fails when the count is read, added to and written back."""
    door = await run_gateway()

    async def fail():
        async with door.app.state.sessions.begin() as db:
            return await queries.note_failure(db, "admin", "person")

    locked = [until for until in await asyncio.gather(*(fail() for _ in range(8))) if until]
    assert len(locked) == 1
    assert await sql(door, "SELECT failures FROM account") == [{"failures": 5}]


async def test_a_right_guess_that_was_under_way_when_the_lock_struck_is_worth_nothing(
    run_gateway, sql
):
    """Fails when success is decided by the hash alone, and not once more at the account's row."""
    door = await run_gateway()
    sessions = door.app.state.sessions
    async with sessions() as db:
        assert await queries.hash_of(db, "admin", "person") is not None
    await sql(door, "UPDATE account SET failures = 5, locked_until = now() + interval '1 minute'")
    async with sessions.begin() as db:
        assert await queries.admit(db, "admin", "person") is None


async def test_a_disabled_account_does_not_sign_in(run_gateway, sql):
    door = await run_gateway()
    await sql(door, "UPDATE account SET disabled_at = now()")
    answer = await ask(door, grant_type="password", username="admin", password=SECRET)
    assert answer.json()["error"] == "invalid_grant"


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


CLAIMS = {"iss": "kaoping", "aud": "kaoping", "sub": "admin", "exp": int(time.time()) + 900}
CLAIMS |= {"roles": ["system_administrator", "organiser"], "unit": None}
OWN = OKPKey.generate_key("Ed25519")
SHARED = OctKey.import_key("kaoping-public-key-as-shared-secret")


def signed_by_ourselves(header, key=OWN, algorithm="Ed25519", **more):
    return jwt.encode({**header, "alg": algorithm, **more}, CLAIMS, key, [algorithm])


# What somebody makes of a real token's header, claims and signature.
FORGERIES = {
    "unsigned": lambda h, c, s: f"{part({**h, 'alg': 'none'})}.{part(CLAIMS)}.",
    "unsigned, real claims": lambda h, c, s: f"{part({**h, 'alg': 'none'})}.{c}.",
    "signature cut off": lambda h, c, s: f"{part(h)}.{c}.",
    "other claims under a real signature": lambda h, c, s: f"{part(h)}.{part(CLAIMS)}.{s}",
    "another key": lambda h, c, s: signed_by_ourselves(h),
    "another key, unnamed": lambda h, c, s: signed_by_ourselves({}),
    "another key in the header": lambda h, c, s: signed_by_ourselves(
        h, jwk=OWN.as_dict(private=False)
    ),
    "a shared secret": lambda h, c, s: signed_by_ourselves(h, SHARED, "HS256"),
    "rubbish": lambda h, c, s: "a.b.c",
    "nothing": lambda h, c, s: " ",
}


@pytest.mark.parametrize("kind", FORGERIES)
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/units"])
async def test_a_forged_token_is_refused(door, kind, path):
    """Fails when the door asks only whether there is a token, or believes the token's `alg`."""
    head, claims, signature = door.token("organiser").split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    token = FORGERIES[kind](header, claims, signature)
    async with door.client(Authorization=f"Bearer {token}") as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": int(time.time()) - 1}, id="expired"),
        pytest.param({"aud": "somebody-else"}, id="for another audience"),
        pytest.param({"iss": "somebody-else"}, id="from another issuer"),
        pytest.param({"nbf": int(time.time()) + 3600}, id="not valid yet"),
        pytest.param({"sub": None}, id="about nobody"),
        pytest.param({"exp": None}, id="without end"),
    ],
)
async def test_a_token_that_was_signed_for_something_else_is_refused(door, claims):
    async with door.client(door.token("auditor", **claims)) as client:
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_no_header_is_an_identity(door):
    forged_identity = {"X-User": "admin", "X-Roles": "system_administrator", "X-User-Id": "admin"}
    async with door.client(**forged_identity) as client:
        assert (await client.get("/api/v1/me")).status_code == 401
    token = door.token("organiser", subject="ordinary")
    async with door.client(token, **forged_identity) as client:
        me = (await client.get("/api/v1/me")).json()
    assert me == {"subject": "ordinary", "roles": ["organiser"], "unit": None}


async def test_after_a_rotation_the_new_key_signs_and_old_tokens_hold(run_gateway):
    """Fails when only the newest key is published."""
    door = await run_gateway()
    old = await door.sign_in()
    async with door.client(old) as client:
        assert (await client.get("/api/v1/me")).status_code == 200
    kid = create(door.app.state.settings.keys_dir, "ES256")
    # The verifier reads the keys again at most once in ten seconds; this is the eleventh.
    door.app.state.verifier._fetched -= 11
    new = await door.sign_in()
    async with door.client() as client:
        published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert [key["kid"] for key in published][-1] == kid
    assert len(published) == 2
    assert not any("d" in key for key in published)
    for token in (new, old):
        async with door.client(token) as client:
            assert (await client.get("/api/v1/me")).status_code == 200


async def test_keys_are_readable_by_their_owner_only(door):
    folder = door.app.state.settings.keys_dir
    modes = [oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())]
    assert modes == ["0o700", "0o600"]


async def test_with_an_outside_provider_there_is_nothing_to_sign_in_to(run_gateway):
    door = await run_gateway(
        identity="openid", jwks_url="http://idp.example/jwks", token_issuer="http://idp.example"
    )
    async with door.client() as client:
        token = await client.post("/oauth/token", data={"grant_type": "password"})
        keys = await client.get("/.well-known/jwks.json")
    for answer in (token, keys):
        body = answer.json()
        assert (answer.status_code, body["type"]) == (404, "sign-in-elsewhere")
        assert body["issuer"] == "http://idp.example"
    assert not door.app.state.settings.keys_dir.exists()
