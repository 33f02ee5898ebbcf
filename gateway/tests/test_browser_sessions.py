"""Sessions of browsers: a cookie that counts only beside what no page elsewhere can have sent."""

import re
from contextlib import asynccontextmanager

import pytest

ADMIN, SECRET = "admin", "correct-horse-battery"
HERE = "https://kaoping.example.gov.cn"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "X-CSRF-Protection": "1"}
COOKIE = "__Host-kaoping"
SESSION, END, ME, UNITS = "/api/v1/session", "/api/v1/session/end", "/api/v1/me", "/api/v1/units"
WHO = {"username": ADMIN, "password": SECRET}


@pytest.fixture(scope="module")
async def browsing(run_gateway):
    """A gateway that browsers find at an address; what a cookie opens is looked up each time."""
    return await run_gateway(public_origin=HERE, account_seconds=0.000001)


async def signed_in(door, who=WHO, **headers):
    """Sign in as a page of ours does and return the cookie's secret."""
    async with door.client(**{**OURS, **headers}) as client:
        answer = await client.post(SESSION, json=who)
    assert answer.status_code == 201, answer.text
    return re.match(rf"{COOKIE}=([^;]+);", answer.headers["set-cookie"])[1]


@asynccontextmanager
async def browser(door, secret, **headers):
    async with door.client(**{**OURS, "Cookie": f"{COOKIE}={secret}", **headers}) as client:
        yield client


async def status(door, secret, method="GET", path=ME, **headers):
    async with browser(door, secret, **headers) as client:
        answer = await client.request(method, path)
    return answer.status_code, answer.json().get("type")


async def ends(door, secret):
    return await status(door, secret) == (401, "not-signed-in")


async def test_a_cookie_signs_in_and_is_for_no_script_and_no_other_site(browsing):
    """Planted bugs: leave out HttpOnly; SameSite=Lax; a Domain, which other hosts could set."""
    async with browsing.client(**OURS) as client:
        answer = await client.post(SESSION, json=WHO)
    set_, told = answer.headers["set-cookie"], answer.json()
    assert re.fullmatch(
        rf"{COOKIE}=[\w-]{{43}}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict; Secure", set_
    )
    assert answer.headers["cache-control"] == "no-store"
    secret = set_.partition("=")[2].partition(";")[0]
    assert secret not in answer.text
    async with browser(browsing, secret) as client:
        me, read = (await client.get(ME)).json(), (await client.get(SESSION)).json()
    assert (me["subject"], read["session_id"], read["subject"]) == (
        ADMIN,
        told["session_id"],
        ADMIN,
    )
    assert read["idle_until"] < read["expires_at"]


async def test_the_database_holds_nothing_that_signs_in(browsing, sql):
    """Planted bug: keep the secret itself."""
    secret = await signed_in(browsing)
    rows = await sql(browsing, "SELECT row_to_json(s)::text AS kept FROM session s")
    entries = await sql(browsing, "SELECT body AS kept FROM journal_entry")
    assert rows
    assert not [1 for row in [*rows, *entries] if secret in row["kept"]]


async def test_a_service_hears_a_token_and_never_the_cookie(browsing):
    """Planted bug: pass the cookie on, which every service would then be able to use."""
    await browsing.create("performance_office", subject="office", secret=SECRET, person="P1")
    async with browsing.client(browsing.token("system_administrator", subject="a2")) as second:
        await second.post("/api/v1/accounts/office/confirmation")
    secret = await signed_in(browsing, {"username": "office", "password": SECRET})
    async with browser(browsing, secret) as client:
        heard = dict((await client.get(UNITS)).json()["headers"])
        posted = (await client.post(UNITS, content=b"{}")).json()
        again = dict((await client.get(UNITS)).json()["headers"])
    assert "cookie" not in heard
    assert "cookie" not in dict(posted["headers"])
    assert heard["authorization"].startswith("Bearer ey")
    assert again["authorization"] == heard["authorization"]  # signed anew only when it is time
    async with browsing.client(heard["authorization"].partition(" ")[2]) as client:
        assert (await client.get(ME)).json()["subject"] == "office"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"Origin": None}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Origin": "https://evil.example"}, "Origin"),
        ({"Origin": f"{HERE}.evil.example"}, "Origin"),
        ({"Origin": "https://other.example.gov.cn"}, "Origin"),
        ({"Origin": "http://kaoping.example.gov.cn"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "Sec-Fetch-Site"),
        ({"Sec-Fetch-Site": "same-site"}, "Sec-Fetch-Site"),
        ({"Sec-Fetch-Site": "none"}, "Sec-Fetch-Site"),
        ({"X-CSRF-Protection": None}, "X-CSRF-Protection"),
        ({"X-CSRF-Protection": "0"}, "X-CSRF-Protection"),
    ],
)
async def test_what_a_page_elsewhere_can_have_sent_changes_nothing(browsing, wrong, named):
    """Signing in and out and commands alike (a page elsewhere could sign its victim in as somebody
    else). Planted bugs: look at one proof only; compare the end of the origin; let `same-site` in,
    where any host of the same domain could ask."""
    secret = await signed_in(browsing)
    given = {name: value for name, value in {**OURS, **wrong}.items() if value is not None}
    cookie = {"Cookie": f"{COOKIE}={secret}"}
    async with browsing.client(**given) as client:
        sign_in = await client.post(SESSION, json=WHO)
        out = await client.post(END, headers=cookie)
        command = await client.post("/api/v1/me/password", json={}, headers=cookie)
    for answer in (sign_in, out, command):
        assert (answer.status_code, answer.json()["type"]) == (403, "not-from-own-page"), (
            answer.text
        )
        assert named in answer.json()["detail"]
        assert "set-cookie" not in answer.headers
    assert await status(browsing, secret) == (200, None)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "made-up"])
async def test_a_page_elsewhere_reads_nothing_by_the_cookie(browsing, site):
    """Planted bug: ask for proofs of commands alone. An address that was typed in has `none`."""
    secret = await signed_in(browsing)
    refused = await status(browsing, secret, **{"Sec-Fetch-Site": site})
    assert refused == (403, "not-from-own-page")
    assert await status(browsing, secret, **{"Sec-Fetch-Site": "none"}) == (200, None)


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
async def test_what_a_form_can_send_signs_nobody_in(browsing, media_type):
    """Planted bug: read JSON whatever it calls itself."""
    body = b'{"username": "admin", "password": "correct-horse-battery"}'
    async with browsing.client(**OURS) as client:
        answer = await client.post(SESSION, content=body, headers={"Content-Type": media_type})
    assert answer.status_code == 415
    assert "set-cookie" not in answer.headers


async def test_a_cookie_and_a_token_together_are_refused_by_name(browsing):
    """Also where both are of one person, or the token is none: nobody would know which counts."""
    secret = await signed_in(browsing)
    for other in (f"Bearer {await browsing.sign_in()}", "Bearer x", "Basic eDp5"):
        refused = await status(browsing, secret, Authorization=other)
        assert refused == (400, "two-identities")


async def test_a_cookie_that_stands_there_twice_is_refused(browsing):
    """A host beside ours may have put one there. Planted bug: take the first, or the last."""
    mine, theirs = await signed_in(browsing), await signed_in(browsing)
    for given in (
        f"{mine}; {COOKIE}={theirs}",
        f"{mine}; other=1; {COOKIE}=",
        f"{mine};{COOKIE}=x",
    ):
        assert await status(browsing, given) == (400, "two-identities")
    for other in ("kaoping=x", "__host-kaoping=x", "x__Host-kaoping=x", "__Host-kaoping2=x"):
        assert await status(browsing, f"{mine}; {other}") == (200, None)


@pytest.mark.parametrize("made_up", ["", "x" * 43, "é" * 43, "a" * 5000, '"quoted"', "\x7f"])
async def test_a_cookie_that_was_made_up_opens_nothing(browsing, made_up):
    sent = f"{COOKIE}=".encode() + made_up.encode()
    assert await status(browsing, "", Cookie=sent) == (401, "not-signed-in")


async def test_signing_in_draws_another_secret_and_ends_the_former_session(browsing):
    """Session fixation. Planted bugs: keep a secret that the browser brought along; leave the
    session that it had."""
    planted = "A" * 43
    drawn = await signed_in(browsing, Cookie=f"{COOKIE}={planted}")
    assert drawn != planted
    assert await ends(browsing, planted)
    again = await signed_in(browsing, Cookie=f"{COOKIE}={drawn}")
    assert again != drawn
    assert await ends(browsing, drawn)
    assert await status(browsing, again) == (200, None)


async def test_signing_out_ends_the_session_and_takes_the_cookie_away(browsing):
    """Planted bugs: take the cookie away and leave the session; a copy of it would go on. Leave in
    the browser what it has kept of answers."""
    secret, other = await signed_in(browsing), await signed_in(browsing)
    async with browser(browsing, secret) as client:
        token = dict(await _headers_at_service(browsing, client))["authorization"].partition(" ")[2]
        answer = await client.post(END)
    assert (answer.status_code, answer.json()) == (200, {"signed_out": True})
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert await ends(browsing, secret)
    assert await status(browsing, other) == (200, None)
    async with browsing.client(token) as client:  # also what stood for the cookie
        assert (await client.get(ME)).status_code == 401


async def _headers_at_service(door, client):
    return (await client.get("/api/v1/cycles/7/scheme")).json()["headers"]


async def test_a_session_is_listed_and_ended_elsewhere_like_any_other(browsing):
    mine, lost = await signed_in(browsing), await signed_in(browsing, **{"User-Agent": "Lost"})
    async with browser(browsing, mine) as client:
        listed = (await client.get("/api/v1/me/sessions")).json()["sessions"]
        assert [each["kind"] for each in listed if each["is_this_one"]] == ["browser"]
        [other] = [each for each in listed if each["device"] == "Lost"]
        path = f"/api/v1/me/sessions/{other['session_id']}/end"
        assert (await client.post(path)).status_code == 201
    assert await ends(browsing, lost)
    assert await status(browsing, mine) == (200, None)


async def test_a_session_ends_when_it_is_left_alone_and_when_it_is_old(browsing, sql):
    """Planted bugs: put off what has passed; let use put off the end of all."""
    alone, old, used = [await signed_in(browsing) for _ in range(3)]
    of = "(SELECT session_id FROM session WHERE secret_digest = sha256('{}'::bytea))"
    for table, column, by, secret in (
        ("browser_session", "idle_until", "- interval '1 second'", alone),
        ("session", "expires_at", "- interval '1 second'", old),
        ("browser_session", "idle_until", "+ interval '9 minutes'", used),
    ):
        statement = f"UPDATE {table} SET {column} = clock_timestamp() {by} WHERE session_id = "  # noqa: S608 - of the test
        await sql(browsing, f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await sql(browsing, statement + of.format(secret))
        await sql(browsing, f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert await ends(browsing, alone)
    assert await ends(browsing, old)
    assert await status(browsing, used) == (200, None)
    left = "SELECT idle_until > clock_timestamp() + interval '29 minutes' AS put_off"
    [row] = await sql(browsing, f"{left} FROM browser_session WHERE session_id = {of.format(used)}")
    assert row["put_off"]


async def test_a_disabled_account_is_out_and_a_role_that_was_taken_away_is_gone(browsing):
    """Planted bug: keep the first token as long as it holds."""
    await browsing.create("organiser", "assessed_unit", subject="clerk", secret=SECRET, unit="U1")
    secret = await signed_in(browsing, {"username": "clerk", "password": SECRET})
    async with (
        browser(browsing, secret) as client,
        browsing.client(await browsing.sign_in()) as admin,
    ):
        changes = "/api/v1/accounts/clerk/changes"
        assert len((await client.get(ME)).json()["roles"]) == 2
        taken = {"roles": ["organiser"], "reason": "不再参评"}
        assert (await admin.post(changes, json=taken)).status_code == 201
        roles = (await client.get(ME)).json()["roles"]
        assert [role["code"] for role in roles] == ["organiser"]
        await admin.post(changes, json={"enabled": False, "reason": "调离"})
    assert await ends(browsing, secret)


async def test_answers_by_a_cookie_are_for_that_browser_alone(browsing):
    """Whatever keeps answers on the way decides by `Authorization`, which there is not.
    Planted bugs: say nothing of the cookie on a 304, on a refusal, or on what has no ETag."""
    secret = await signed_in(browsing)
    async with browser(browsing, secret, **{"Accept-Encoding": "gzip"}) as client:
        me = await client.get(ME)
        same = await client.get(ME, headers={"If-None-Match": me.headers["etag"]})
        service = await client.get("/api/v1/cycles/7/scheme")
        refused = await client.post(UNITS, content=b"{}")
    assert [each.status_code for each in (me, same, service, refused)] == [200, 304, 200, 403]
    for answer in (me, same, service, refused):
        varies = {w.strip() for line in answer.headers.get_list("vary") for w in line.split(",")}
        assert "Cookie" in varies
        assert answer.headers["cache-control"].startswith("private")
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
        assert "Accept-Encoding" in varies or answer is not me


async def test_wrong_passwords_are_slowed_down_as_at_the_token(run_gateway):
    """Planted bug: count tries at one of the two doors alone."""
    door = await run_gateway(public_origin=HERE)
    async with door.client(**OURS) as client:
        wrong = {**WHO, "password": "wrong-wrong-wrong"}
        answers = [await client.post(SESSION, json=wrong) for _ in range(6)]
        form = {"grant_type": "password", "username": ADMIN, "password": SECRET}
        other = await client.post("/oauth/token", data=form)
    assert [each.status_code for each in answers] == [400] * 5 + [429]
    assert answers[0].json()["type"] == "sign-in-failed"
    assert other.status_code == 429


async def test_who_has_to_have_a_second_factor_signs_in_with_a_code_or_not_at_all(run_gateway):
    """Planted bug: open the session all the same."""
    door = await run_gateway(public_origin=HERE, second_factor_roles=["system_administrator"])
    async with door.client(**OURS) as client:
        answer = await client.post(SESSION, json=WHO)
        coded = await client.post(SESSION, json={**WHO, "otp": "123456"})
    told = answer.json()
    assert (answer.status_code, told["type"], told["purpose"]) == (
        *(409, "sign-in-unfinished", "second-factor"),
    )
    assert (coded.status_code, coded.json()["type"]) == (400, "no-second-factor")
    assert "set-cookie" not in answer.headers


async def test_without_an_address_for_browsers_a_cookie_is_nothing(door):
    """Planted bug: look at cookies anyway."""
    async with door.client(door.token("organiser"), Cookie=f"{COOKIE}=x") as client:
        assert (await client.get(ME)).status_code == 200
        told = await client.post(SESSION, json=WHO, headers=OURS)
        asked = await client.get(SESSION)
    assert (told.status_code, told.json()["type"]) == (404, "no-browser-sessions")
    assert (asked.status_code, asked.json()["type"]) == (404, "no-browser-sessions")


async def test_whoever_has_no_account_is_told_how_browsers_sign_in(browsing, door):
    """Planted bug: say that a password opens where no cookie is given."""
    for gateway, ways in ((browsing, ["password"]), (door, [])):
        async with gateway.client() as client:
            answer = await client.get(f"{SESSION}/ways")
        assert (answer.status_code, answer.json()) == (200, {"ways": ways})


async def test_a_bearer_has_no_browsers_session(browsing):
    async with browsing.client(await browsing.sign_in()) as client:
        for answer in (await client.get(SESSION), await client.post(END)):
            assert (answer.status_code, answer.json()["type"]) == (404, "no-browser-session")


async def test_on_one_machine_alone_a_cookie_goes_without_tls(run_gateway):
    here = "http://127.0.0.1:8000"
    door = await run_gateway(public_origin=here)
    async with door.client(**{**OURS, "Origin": here}) as client:
        answer = await client.post(SESSION, json=WHO)
    assert re.fullmatch(
        r"kaoping=[\w-]{43}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict",
        answer.headers["set-cookie"],
    )
