"""Signing in, and what a token is good for."""

import base64
import json
import time
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey
from sqlalchemy.ext.asyncio import async_sessionmaker

from chassis.service import engine_for
from gateway.keys import PUBLISHED_SECONDS, KeyRing, create
from gateway.standing import AccountStandings, reader

from .conftest import new_account

SECRET = "correct-horse-battery"
CHANGED = "UPDATE account SET {} WHERE subject = '{}'"


def files(door):
    return sorted(door.app.state.settings.keys_dir.glob("*.jwk"))


def make_key(door, algorithm="Ed25519", seconds_ago=0):
    """Make a key that has been there for a while."""
    kid = create(door.app.state.settings.keys_dir, algorithm)
    made = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    others = files(door)[:-1]
    for i, file in enumerate(others):  # older than the new one, whatever its age
        older = made - timedelta(seconds=PUBLISHED_SECONDS + len(others) - i)
        file.rename(file.with_name(f"{older:%Y%m%dT%H%M%S%f}.jwk"))
    files(door)[-1].rename(files(door)[-1].with_name(f"{made:%Y%m%dT%H%M%S%f}.jwk"))
    return kid


def signed_by(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]


async def status_of(door, token):
    async with door.client(token) as client:
        return (await client.get("/api/v1/me")).status_code


async def ask(door, **form):
    async with door.client() as client:
        return await client.post("/oauth/token", data=form)


async def test_a_person_signs_in_with_a_password(door):
    answer = await ask(door, grant_type="password", username="admin", password=SECRET)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_token_says_who_for_whom_until_when(door):
    await door.create("assessed_unit", subject="hua", person="E-0815", unit="CT01", secret=SECRET)
    token = await door.sign_in("hua")
    async with door.client() as client:
        keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    decoded = jwt.decode(token, keys, algorithms=["Ed25519"])
    claims = decoded.claims
    assert decoded.header["kid"] in {key.kid for key in keys}
    assert {k: claims[k] for k in ("iss", "aud", "sub", "person", "roles", "unit")} == {
        "iss": "kaoping",
        "aud": "kaoping",
        "sub": "hua",
        "person": "E-0815",
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
    assert (me["subject"], me["person"], me["unit"]) == ("ordinary", "ordinary", None)
    assert [role["code"] for role in me["roles"]] == ["organiser"]


async def test_after_a_rotation_the_new_key_signs_and_old_tokens_hold(run_gateway):
    """Planted bug: publish only the newest key."""
    door = await run_gateway(keys_refresh_seconds=0)
    old = await door.sign_in()
    kid = make_key(door, "ES256", seconds_ago=PUBLISHED_SECONDS)
    new = await door.sign_in()
    async with door.client() as client:
        published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert kid in [key["kid"] for key in published]
    assert signed_by(new) == kid != signed_by(old)
    assert len(published) == 2
    assert not any("d" in key for key in published)
    assert [await status_of(door, token) for token in (new, old)] == [200, 200]


async def test_a_new_key_is_published_before_it_signs(run_gateway):
    """Planted bug: sign with the newest key at once, which no service has read yet."""
    door = await run_gateway()
    before = signed_by(await door.sign_in())
    kid = make_key(door, seconds_ago=PUBLISHED_SECONDS - 10)
    assert signed_by(await door.sign_in()) == before
    for file in files(door)[:1]:
        file.unlink()
    assert signed_by(await door.sign_in()) == kid


async def test_a_deleted_key_lets_nobody_in_any_more(run_gateway):
    """Planted bug: read the keys again only when a token fails, and remember what held."""
    door = await run_gateway(keys_refresh_seconds=0)
    [old] = files(door)
    token, stolen = await door.sign_in(), KeyRing(old.parent, "Ed25519")
    claims = {"iss": "kaoping", "aud": "kaoping", "sub": "admin", "roles": ["system_administrator"]}
    forged = stolen.sign({**claims, "iat": int(time.time()), "exp": 4070908800})
    mine = stolen.sign({**claims, "iat": int(time.time()), "exp": int(time.time()) + 900})
    assert [await status_of(door, t) for t in (token, mine, forged)] == [200, 200, 401]
    make_key(door)
    files(door)[0].unlink()
    assert [await status_of(door, t) for t in (token, mine, forged)] == [401] * 3
    assert await status_of(door, await door.sign_in()) == 200


async def test_a_key_that_is_deleted_between_listing_and_reading_is_no_key(run_gateway):
    """Planted bug: read what was listed, and fail where it is gone."""
    door = await run_gateway(keys_refresh_seconds=0)
    for of_none in (1, 2):
        (files(door)[0].parent / f"gone-{of_none}.jwk").symlink_to("nowhere")
        async with door.client() as client:
            answer = await client.get("/.well-known/jwks.json")
        assert (answer.status_code, len(answer.json()["keys"])) == (200, 1)
        assert await status_of(door, await door.sign_in()) == 200


async def test_without_any_key_nobody_is_signed_in_and_nothing_crashes(run_gateway):
    """Planted bug: take the last of no keys."""
    door = await run_gateway(keys_refresh_seconds=0)
    for file in files(door):
        file.unlink()
    form = {"grant_type": "password", "username": "admin", "password": SECRET}
    async with door.client() as client:
        answer = await client.post("/oauth/token", data=form)
    assert (answer.status_code, answer.json()["type"]) == (503, "keys-unavailable")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("disabled_at = now()", id="disabled"),
        pytest.param("""roles = '["auditor"]'""", id="other roles"),
        pytest.param("unit = 'CT01'", id="another unit"),
        pytest.param("person = 'E-9'", id="another person"),
        pytest.param("subject = subject || '-other'", id="unknown"),
        pytest.param("awaits_confirmation = true", id="not confirmed"),
    ],
)
async def test_a_token_holds_only_while_its_account_is_what_it_says(doors, sql, change):
    """Planted bug: believe a token until it expires."""
    door, admin = doors
    own = new_account(f"p-{uuid.uuid4().hex[:8]}", "organiser")
    made = await admin.post("/api/v1/accounts", json={"accounts": [own]})
    assert made.status_code == 201, made.text
    token = await door.sign_in(own["subject"])
    assert await status_of(door, token) == 200
    door.echo.asked.clear()
    await sql(door, CHANGED.format(change, own["subject"]))
    async with door.client(token) as client:
        answers = [await client.get("/api/v1/me"), await client.get("/api/v1/units")]
    assert [(a.status_code, a.json()["type"]) for a in answers] == [(401, "not-signed-in")] * 2
    assert door.echo.asked == []


async def test_a_well_signed_token_of_somebody_unknown_is_refused(door):
    claims = {"iss": "kaoping", "aud": "kaoping", "sub": "ghost", "roles": ["performance_office"]}
    now = int(time.time())
    token = door.app.state.keys.sign({**claims, "iat": now, "exp": now + 900})
    assert await status_of(door, token) == 401


async def test_the_account_behind_a_token_is_not_read_at_every_request(run_gateway, sql):
    door = await run_gateway(account_seconds=3600)
    token = await door.sign_in()
    assert await status_of(door, token) == 200
    await sql(door, "UPDATE account SET disabled_at = now()")
    assert await status_of(door, token) == 200


async def test_while_accounts_cannot_be_read_nobody_is_let_in(run_gateway):
    """Planted bug: let a token pass when its account cannot be looked up."""
    door = await run_gateway()
    token = await door.sign_in()
    nowhere = {"database_url": "postgresql+asyncpg://a:b@127.0.0.1:9/c"}
    engine = engine_for(door.app.state.settings.model_copy(update=nowhere))
    door.app.state.standings = AccountStandings(reader(async_sessionmaker(engine)), 5)
    async with door.client(token) as client:
        answer = await client.get("/api/v1/units")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert door.echo.asked == []


async def test_keys_are_readable_by_their_owner_only(door):
    """Planted bug: a folder of keys, that of checkpoints, which its group reads."""
    folder = door.app.state.settings.keys_dir
    inside = {path.name: path for path in folder.iterdir()}
    inside.pop("checkpoints")  # what is signed is read by every part
    keys = [own := inside.pop("checkpoint-keys"), *own.iterdir()]
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (folder, *keys)}
    modes |= {name: oct(path.stat().st_mode & 0o777) for name, path in inside.items()}
    assert {mode for name, mode in modes.items() if name.endswith(".jwk")} == {"0o400"}
    assert modes["sealing.key"] == "0o600"
    assert {modes[folder.name], modes["checkpoint-keys"]} == {"0o700"}


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
    kept = {path.name for path in door.app.state.settings.keys_dir.iterdir()}
    # And no key that signs tokens.
    assert kept == {"sealing.key", "checkpoints", "checkpoint-keys"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ([("scope", "events.read"), ("scope", "")], "invalid_request"),
        ([("scope", "")], "invalid_scope"),
        ([("client_id", "nobody")], "invalid_request"),
        ([("grant_type", "client_credentials")], "invalid_request"),
    ],
)
async def test_what_is_said_twice_is_refused_and_not_chosen_from(door, form, error):
    """Planted bug: the last one counts, and an empty scope lifts the limit."""
    made = await door.create("data_source_unit", kind="client", unit="ZH02")
    usual = [("grant_type", "client_credentials"), ("client_id", made["subject"])]
    usual += [("client_secret", made["secret"])]
    async with door.client() as client:
        content = urlencode([*usual, *form])
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await client.post("/oauth/token", content=content, headers=kind)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        both = {"Authorization": "Basic " + b64encode(b"a:b").decode(), **kind}
        answer = await client.post("/oauth/token", content=urlencode(usual), headers=both)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
