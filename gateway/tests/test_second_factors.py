"""Signing in with a code besides: it works once, guessing it is slow, and who needs one enrols."""

import asyncio
import json

import httpx
import pyotp
import pytest

from gateway.rules.attempts import CODES
from gateway.second_factors import SecondFactors

from .conftest import SECRET
from .test_sessions import asks, renewed

OWN = "/api/v1/me/second-factor"
NEEDING = "committee"


class Clock:
    """A clock that stands still until it is put forward by half minutes."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now

    def go_on(self, steps=1):
        self.now += 30 * steps


@pytest.fixture(scope="module")
async def door(run_gateway):
    door = await run_gateway(
        account_seconds=0.001, second_factor_roles=[NEEDING], trusted_proxies=["127.0.0.0/8"]
    )
    door.app.state.clock = Clock()
    return door


@pytest.fixture
def clock(door):
    door.app.state.clock.go_on(10)
    return door.app.state.clock


async def sign_in(door, name, otp=None, *, secret=SECRET, address="192.0.2.1"):
    form = {"grant_type": "password", "username": name, "password": secret}
    form |= {} if otp is None else {"otp": otp}
    async with door.client(**{"X-Forwarded-For": address}) as client:
        return await client.post("/oauth/token", data=form)


async def person(door, role="organiser", **more):
    return (await door.create(role, secret=SECRET, **more))["subject"]


async def asked(door, token, current=SECRET, **more):
    async with door.client(token, **more.pop("headers", {})) as client:
        return await client.post(OWN, json={"current": current, **more})


async def enrolled(door, clock, role="organiser"):
    """Make a person with a second factor; return the name, the device, and what was answered."""
    name = await person(door, role)
    token = (await sign_in(door, name)).json()["access_token"]
    given = (await asked(door, token)).json()
    device = pyotp.TOTP(given["key"])
    async with door.client(token) as client:
        answer = await client.post(f"{OWN}/confirmation", json={"code": device.at(clock())})
    assert answer.status_code == 201, answer.text
    clock.go_on()
    return name, device, answer.json()


async def test_a_code_is_asked_for_once_the_second_factor_is_confirmed(door, clock):
    """Planted bug: a second factor counts before it is confirmed, and its person is locked out."""
    name = await person(door)
    tokens = (await sign_in(door, name)).json()
    answer = await asked(door, tokens["access_token"])
    given = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    device = pyotp.parse_uri(given["uri"])
    assert (device.secret, device.name, device.issuer) == (given["key"], name, "Kaoping")
    assert given["qr_code"].startswith("<svg")
    other = await sign_in(door, name)
    assert other.status_code == 200
    async with door.client(tokens["access_token"]) as client:
        wrong = await client.post(f"{OWN}/confirmation", json={"code": "000000"})
        assert [each["code"] for each in wrong.json()["errors"]] == ["wrong-code"]
        first = {"code": device.at(clock())}
        confirmed = await client.post(f"{OWN}/confirmation", json=first)
        assert confirmed.status_code == 201, confirmed.text
        assert len({*confirmed.json()["recovery_codes"]}) == 10
        told = (await client.get(OWN)).json()
        assert (told["is_needed"], told["recovery_codes_left"]) == (False, 10)
        again = await client.post(f"{OWN}/confirmation", json=first)
        assert (again.status_code, again.json()["type"]) == (409, "nothing-to-confirm")
    assert [await asks(door, each) for each in (tokens, other.json())] == [200, 401]
    needed = await sign_in(door, name)
    assert (needed.status_code, needed.json()["type"]) == (400, "second-factor-needed")
    assert needed.json()["error"] == "invalid_grant"
    clock.go_on()
    signed_in = await sign_in(door, name, f" {device.at(clock())[:3]} {device.at(clock())[3:]}")
    assert signed_in.status_code == 200
    assert await asks(door, signed_in.json()) == 200


async def test_a_code_works_once(door, clock):
    """Planted bugs: the half minute that was used is not kept; an older one is taken after it."""
    name, device, _ = await enrolled(door, clock)
    clock.go_on()
    before, now = device.at(clock(), counter_offset=-1), device.at(clock())
    answers = [(await sign_in(door, name, code)).status_code for code in (now, now, before)]
    assert answers == [200, 400, 400]
    clock.go_on()
    code, addresses = device.at(clock()), [f"198.51.100.{n}" for n in range(8)]
    many = await asyncio.gather(*(sign_in(door, name, code, address=each) for each in addresses))
    assert sorted(each.status_code for each in many) == [200, *[400] * 7]


async def test_the_first_code_does_not_sign_in_as_well(door, clock):
    """Planted bug: the confirmation does not use the code up."""
    name, device, _ = await enrolled(door, clock)
    first = device.at(clock(), counter_offset=-1)
    assert (await sign_in(door, name, first)).status_code == 400


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
async def test_codes_of_other_half_minutes_do_not_hold(door, clock, steps):
    name, device, _ = await enrolled(door, clock)
    assert (await sign_in(door, name, device.at(clock(), counter_offset=steps))).status_code == 400


@pytest.mark.parametrize("otp", ["١٢٣٤٥٦", "12345", "1234567", "x" * 200, "' OR 1=1", "\u0000"])
async def test_what_is_no_code_opens_nothing(door, clock, otp):
    name, _, _ = await enrolled(door, clock)
    answer = await sign_in(door, name, otp)
    assert (answer.status_code, answer.json()["type"]) == (400, "sign-in-failed")


async def test_a_code_where_there_is_no_second_factor_is_refused_by_name(door, clock):
    """Planted bug: it is taken and not looked at."""
    name = await person(door)
    answer = await sign_in(door, name, "123456")
    assert (answer.status_code, answer.json()["type"]) == (400, "no-second-factor")
    assert (await sign_in(door, name, "123456", secret="x" * 12)).json()["type"] == "sign-in-failed"
    form = {"grant_type": "refresh_token", "refresh_token": "x", "otp": "123456"}
    async with door.client() as client:
        wrong = await client.post("/oauth/token", data=form)
    assert (wrong.status_code, wrong.json()["type"]) == (400, "malformed-token-request")


async def test_recovery_codes_work_once_each_and_only_for_their_person(door, clock, sql):
    """Planted bug: a recovery code is looked for among those of all."""
    name, _, told = await enrolled(door, clock)
    other, _, _ = await enrolled(door, clock)
    first, second = told["recovery_codes"][:2]
    assert (await sign_in(door, other, first)).status_code == 400
    answers = await asyncio.gather(*(sign_in(door, name, first) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 400, 400, 400]
    signed_in = await sign_in(door, name, second.lower().replace("-", " "))
    async with door.client(signed_in.json()["access_token"]) as client:
        assert (await client.get(OWN)).json()["recovery_codes_left"] == 8
    rows = await sql(door, "SELECT t::text AS row FROM recovery_code t")
    for code in (first, first.replace("-", "")):
        assert not [form for form in (code, code.encode().hex()) if form in str(rows)]
    events = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%recovery%'")
    assert [json.loads(each["body"])["subject"] for each in events] == [name, name]


async def test_the_key_stands_nowhere_in_the_database_or_the_journal(door, clock, sql):
    """Planted bug: the key is kept as it is. Sealed for one account, it opens for no other."""
    name, device, _ = await enrolled(door, clock)
    rows = await sql(door, "SELECT * FROM second_factor")
    [row] = [each for each in rows if each["subject"] == name]
    bodies = await sql(door, "SELECT body FROM journal_entry")
    kept = await sql(door, "SELECT k::text AS row FROM idempotency_key k")
    assert device.secret not in str((rows, bodies, kept))
    sealer = door.app.state.second_factors._sealer
    assert sealer.open(row["sealed_key"], f"{name} 1".encode()) == device.secret.encode()
    assert sealer.open(row["sealed_key"], b"other 1") is None


async def test_who_holds_a_role_that_needs_one_can_do_nothing_else_before(door, clock):
    """Planted bugs: the door, or the gateway's own service, does not look at the purpose."""
    name = await person(door, NEEDING)
    await confirm(door, name)
    answer, asked = await sign_in(door, name), len(door.echo.asked)
    tokens = answer.json()
    assert (answer.status_code, tokens["purpose"]) == (200, "second-factor")
    assert "refresh_token" not in tokens
    async with door.client(tokens["access_token"]) as client:
        for path in ("me", "me/sessions", "me/tasks", "events", "cycles", "units/ZH01"):
            refused = await client.get(f"/api/v1/{path}")
            assert (refused.status_code, refused.json()["type"]) == (403, "not-allowed"), path
            assert OWN in refused.json()["detail"]
        posted = await client.post("/api/v1/me/password", json={"current": SECRET, "new": "x" * 12})
        assert posted.status_code == 403
        assert len(door.echo.asked) == asked
        told = (await client.get(OWN)).json()
        assert told == {"is_needed": True, "confirmed_at": None, "recovery_codes_left": 0}
        given = (await client.post(OWN, json={"current": SECRET})).json()
        device = pyotp.TOTP(given["key"])
        code = {"code": device.at(clock())}
        assert (await client.post(f"{OWN}/confirmation", json=code)).status_code == 201
    clock.go_on()
    whole = (await sign_in(door, name, device.at(clock()))).json()
    assert "purpose" not in whole
    assert await asks(door, whole) == 200
    assert (await renewed(door, whole["refresh_token"])).status_code == 200


async def confirm(door, name):
    """Confirm an account as a second administrator where it has to be."""
    second = door.token("system_administrator", subject="second", person="E2")
    async with door.client(second) as client:
        await client.post(f"/api/v1/accounts/{name}/confirmation")


async def test_the_token_of_one_purpose_opens_nothing_at_the_services_own_check_either(door):
    """Planted bug: `admit` of the chassis does not look at the purpose."""
    matrix = door.app.state.matrix
    opens = {route for route in matrix.routes if _opens(matrix, route)}
    assert opens == {f"GET {OWN}", f"POST {OWN}", f"POST {OWN}/confirmation"}
    async with door.client(door.token("organiser", token_purpose="whatever")) as client:
        assert (await client.get("/api/v1/me")).status_code == 403
    inside = httpx.ASGITransport(door.app)
    headers = {"Authorization": f"Bearer {door.token('organiser', token_purpose='second-factor')}"}
    async with httpx.AsyncClient(transport=inside, base_url="http://x", headers=headers) as client:
        paths = ("/api/v1/me", "/api/v1/me/sessions", "/internal/events", OWN)
        answers = [await client.get(path) for path in paths]
    assert [each.status_code for each in answers] == [403, 403, 403, 404]


def _opens(matrix, route):
    try:
        matrix.check_purpose(route, "second-factor")
    except Exception:
        return False
    return True


async def test_a_token_alone_enrols_nothing(door, clock):
    """Planted bugs: the password is not asked for; a present second factor is replaced without its
    code."""
    name = await person(door)
    token = (await sign_in(door, name)).json()["access_token"]
    refused = await asked(door, token, current="wrong-wrong-wrong")
    assert [each["code"] for each in refused.json()["errors"]] == ["wrong-password"]
    name, device, _ = await enrolled(door, clock)
    token = (await sign_in(door, name, device.at(clock()))).json()["access_token"]
    assert (await asked(door, token)).json()["type"] == "second-factor-needed"
    assert (await asked(door, token, otp="000000")).json()["type"] == "second-factor-rejected"
    clock.go_on()
    given = await asked(door, token, otp=device.at(clock()))
    assert (given.status_code, given.json()["number"]) == (201, 2)
    clock.go_on()
    still = await sign_in(door, name, device.at(clock()))  # the new one is not confirmed yet
    assert still.status_code == 200
    new = pyotp.TOTP(given.json()["key"])
    async with door.client(token) as client:
        code = {"code": new.at(clock())}
        assert (await client.post(f"{OWN}/confirmation", json=code)).status_code == 201
    clock.go_on()
    assert (await sign_in(door, name, device.at(clock()))).status_code == 400
    assert (await sign_in(door, name, new.at(clock()))).status_code == 200


async def test_a_repeated_request_shows_nothing_again_and_a_check_keeps_nothing(door, clock, sql):
    name = await person(door)
    token = (await sign_in(door, name)).json()["access_token"]
    headers = {"Idempotency-Key": f'"{name}"'}
    given, again = [await asked(door, token, headers=headers) for _ in range(2)]
    assert (given.json()["key"] is None, again.json()["key"]) == (False, None)
    assert again.headers["idempotent-replay"] == "true"
    async with door.client(token) as client:
        checked = await client.post(f"{OWN}?mode=check", json={"current": SECRET})
        assert (checked.status_code, checked.json()["key"]) == (200, None)
        code = {"code": pyotp.TOTP(given.json()["key"]).at(clock())}
        checked = await client.post(f"{OWN}/confirmation?mode=check", json=code)
        assert (checked.status_code, checked.json()["recovery_codes"]) == (200, None)
        headers = {"Idempotency-Key": f'"{name}-2"'}
        told = [await client.post(f"{OWN}/confirmation", json=code, headers=headers) for _ in "12"]
        assert [each.status_code for each in told] == [201, 201]
        assert [bool(each.json()["recovery_codes"]) for each in told] == [True, False]
    rows = await sql(door, "SELECT subject FROM second_factor")
    assert [each["subject"] for each in rows].count(name) == 1


async def test_one_that_was_asked_for_long_ago_is_not_confirmed(door, clock, sql):
    """Planted bug: a second factor waits for ever for somebody who finds its picture."""
    token = (await sign_in(door, await person(door))).json()["access_token"]
    given = (await asked(door, token)).json()
    await sql(door, "ALTER TABLE second_factor DISABLE TRIGGER USER")
    await sql(door, "UPDATE second_factor SET made_at = made_at - interval '15 minutes'")
    async with door.client(token) as client:
        code = {"code": pyotp.TOTP(given["key"]).at(clock())}
        late = await client.post(f"{OWN}/confirmation", json=code)
    assert (late.status_code, late.json()["type"]) == (409, "nothing-to-confirm")


async def test_with_another_key_file_recovery_codes_are_left(door, clock):
    """Planted bug: signing in crashes for everybody who has a second factor."""
    name, device, told = await enrolled(door, clock)
    usual = door.app.state.second_factors
    door.app.state.second_factors = SecondFactors(b"another key file's thirty-two by")
    try:
        assert (await sign_in(door, name, device.at(clock()))).status_code == 400
        assert (await sign_in(door, name, told["recovery_codes"][0])).status_code == 200
    finally:
        door.app.state.second_factors = usual
    assert (await sign_in(door, name, device.at(clock()))).status_code == 200


async def test_a_client_has_no_second_factor(door):
    made = await door.create("data_source_unit", kind="client", unit="ZH02")
    form = {"client_id": made["subject"], "client_secret": made["secret"]}
    async with door.client() as client:
        answer = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **form}
        )
    refused = await asked(door, answer.json()["access_token"], current=made["secret"])
    assert (refused.status_code, refused.json()["type"]) == (409, "for-persons")


async def test_codes_are_not_to_be_guessed_from_many_addresses(door, clock, sql):
    """Planted bug: each address begins with an allowance of its own."""
    name, device, _ = await enrolled(door, clock)
    await sign_in(door, name, device.at(clock()), address="192.0.2.200")
    guesses = [await sign_in(door, name, "000000", address=f"198.51.100.{n}") for n in range(14)]
    statuses = [each.status_code for each in guesses]
    assert statuses == [400] * CODES.burst + [429] * (14 - CODES.burst)
    assert int(guesses[-1].headers["retry-after"]) > 200
    clock.go_on()
    code = device.at(clock())
    assert (await sign_in(door, name, code, address="198.51.100.99")).status_code == 429
    # Whoever signed in from an address before is let in from there all the same.
    assert (await sign_in(door, name, code, address="192.0.2.200")).status_code == 200
    notes = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%slowed'")
    assert {"subject": name} in [json.loads(note["body"]) for note in notes]


async def test_a_session_from_before_is_not_renewed_where_the_role_needs_a_second_factor(door):
    """Planted bug: only signing in asks for it."""
    name = await person(door)
    tokens = (await sign_in(door, name)).json()
    settings = door.app.state.settings
    door.app.state.settings = settings.model_copy(update={"second_factor_roles": ("organiser",)})
    try:
        assert (await renewed(door, tokens["refresh_token"])).status_code == 400
    finally:
        door.app.state.settings = settings


async def test_a_role_that_is_unknown_stops_the_start(run_gateway):
    with pytest.raises(ValueError, match="SECOND_FACTOR_ROLES names unknown roles"):
        await run_gateway(second_factor_roles=["nobody"])
