"""Signing in at an outside provider: the real `oidc-provider` of npm, which wants PKCE.

Without node, or without `make tools`, there is nothing to sign in at and these tests are skipped;
where CI is set, what is missing is installed.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gateway import sessions
from gateway.openid import Begun, Provider
from gateway.sealed import Sealer

ROOT = Path(__file__).parents[2]
TOOLING = ROOT / "clients" / "tooling"
HERE = "http://127.0.0.1:8000"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "X-CSRF-Protection": "1"}
BEGIN, CALLBACK = "/api/v1/session/openid", "/api/v1/session/openid/callback"
SESSION, KEPT = "kaoping", "kaoping-openid"
SECRET = "a secret: with / and +"
ME, UNITS = "/api/v1/me", "/api/v1/units"


@pytest.fixture(scope="module")
def issuer():
    """The provider at work, once for all."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here")
    if not (TOOLING / "node_modules/oidc-provider").is_dir():
        if not os.environ.get("CI"):
            pytest.skip("`make tools` installs the provider")
        if subprocess.run(["make", "tools"], cwd=ROOT, check=False).returncode:
            pytest.skip("`make tools` could not install it: is the registry reachable?")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [node, "openid-provider.mjs", str(port), HERE + CALLBACK]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=TOOLING, text=True, **pipes) as process:
        try:
            assert process.stdout.readline() == "listening\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
async def door(issuer, run_gateway):
    yield await run_gateway(
        identity="openid",
        token_issuer=issuer,
        jwks_url=f"{issuer}/jwks",
        public_origin=HERE,
        openid_client_id="kaoping",
        openid_client_secret=SECRET,
        account_seconds=0.000001,
    )
    for browser in Browser.opened:
        await browser.theirs.aclose()


class Browser:
    """A browser: it keeps the cookies of each of the two apart, and goes where it is led."""

    opened = []  # noqa: RUF012 - to be closed at the end

    def __init__(self, door):
        self.opened.append(self)
        self.ours = door.client()
        self.theirs = httpx.AsyncClient(follow_redirects=False)

    async def begin(self, return_to="/console/?a=1"):
        """Go to the provider's page; return its address."""
        answer = await self.ours.get(BEGIN, params={"return_to": return_to})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sign_in(self, page, who="office"):
        """Sign in at the provider, agree, and return the address that leads back to us."""
        answer = await self.theirs.get(page)
        for _ in range(12):
            if answer.status_code in (302, 303):
                to = httpx.URL(page).join(answer.headers["location"])
                if str(to).startswith(HERE):
                    return str(to)
                answer = await self.theirs.get(to)
                continue
            assert answer.status_code == 200, answer.text
            form = re.search(r'action="([^"]+)"', answer.text)[1]
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)[1]
            sent = {"prompt": prompt, "login": who, "password": "x"}
            answer = await self.theirs.post(httpx.URL(page).join(form), data=sent)
        raise AssertionError("never led back")

    async def back(self, address, **changes):
        """Go back to us, with some parameters of the address changed, or left out (None)."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        given = {k: v for k, v in {**given, **changes}.items() if v is not None}
        return await self.ours.get(CALLBACK, params=given)

    async def ask(self, method, path, **more):
        return await self.ours.request(method, path, headers=OURS, **more)

    def keep(self, name, value):
        self.ours.cookies.delete(name)
        self.ours.cookies.set(name, value)


async def signed_in(door, who="office"):
    browser = Browser(door)
    answer = await browser.back(await browser.sign_in(await browser.begin(), who))
    assert answer.status_code == 303, answer.text
    return browser


def sealer(door):
    return Sealer(door.app.state.sealing_key, "sign-in at a provider")


def begun_by(door, browser):
    [value] = [c.value for c in browser.ours.cookies.jar if c.name == KEPT]
    return Begun.found(sealer(door), [value], parse_state(door, value))


def parse_state(door, value):
    return re.search(rb'"state":"([^"]+)"', sealer(door).open(value))[1].decode()


async def refused(door, answer, kind, status=400):
    assert (answer.status_code, answer.json()["type"]) == (status, kind), answer.text
    assert f"{SESSION}=" not in str(answer.headers.get_list("set-cookie"))


async def test_a_page_is_told_that_one_signs_in_at_the_provider(door):
    """Planted bug: tell of passwords wherever there are cookies."""
    async with door.client() as client:
        answer = await client.get("/api/v1/session/ways")
    assert (answer.status_code, answer.json()) == (200, {"ways": ["openid"]})


async def test_a_browser_signs_in_at_the_provider_and_asks_by_a_cookie(door, sql):
    """Planted bugs: lead to another path than was asked for; leave the sign-in's cookie behind."""
    browser = Browser(door)
    page = await browser.begin()
    asked = parse_qs(urlsplit(page).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [HERE + CALLBACK]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = await browser.back(await browser.sign_in(page))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/console/?a=1")
    ours, gone = answer.headers.get_list("set-cookie")
    assert re.match(r"kaoping=[\w-]{43}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict", ours)
    assert gone.startswith(f"{KEPT}=; Max-Age=0")
    me = (await browser.ask("GET", ME)).json()
    assert (me["subject"], me["person"], me["name"]) == ("office", "P-office", None)
    assert [role["code"] for role in me["roles"]] == ["performance_office"]
    heard = dict((await browser.ask("POST", UNITS, content=b"{}")).json()["headers"])
    assert "cookie" not in heard
    caller = await door.app.state.verifier.caller(heard["authorization"].partition(" ")[2])
    assert (caller.subject, caller.organisation) == ("office", None)
    # Neither the browser nor the database has the provider's tokens.
    token = heard["authorization"].partition(" ")[2]
    assert token not in str(list(browser.ours.cookies.jar))
    for table in ("provided_token", "session", "journal_entry"):
        rows = await sql(door, f"SELECT row_to_json(t)::text AS kept FROM {table} t")  # noqa: S608
        assert rows
        assert not [1 for row in rows if token in row["kept"] or '"access"' in row["kept"]]


async def test_somebody_of_a_unit_is_what_the_token_says(door):
    browser = await signed_in(door, "clerk")
    me = (await browser.ask("GET", ME)).json()
    assert (me["unit"], [role["code"] for role in me["roles"]]) == ("U1", ["assessed_unit"])
    assert (await browser.ask("POST", UNITS, content=b"{}")).status_code == 403


async def test_what_is_kept_at_the_provider_is_no_operation_here(door):
    """Nobody is offered what is refused to everybody. Planted bug: list it all the same."""
    browser = await signed_in(door, "office")
    offered = {
        f"{each['method']} {each['path']}"
        for each in (await browser.ask("GET", ME)).json()["operations"]
    }
    assert {"GET /api/v1/me", "GET /api/v1/me/tasks"} <= offered
    for path in ("/api/v1/me/sessions", "/api/v1/me/second-factor", "/api/v1/me/secrets"):
        answer = await browser.ask("GET", path)
        assert answer.json()["type"].endswith("sign-in-elsewhere"), answer.text
        assert f"GET {path}" not in offered


@pytest.mark.parametrize("changed", ["verifier", "nonce"])
async def test_another_verifier_or_nonce_signs_nobody_in(door, changed):
    """A code that was stolen, or a token of another sign-in. Planted bugs: send no verifier (the
    provider refuses the right one too); compare the nonce with nothing."""
    browser = Browser(door)
    address = await browser.sign_in(await browser.begin())
    other = replace(begun_by(door, browser), **{changed: "x" * 43})
    browser.keep(KEPT, other.sealed(sealer(door)))
    kind = {"verifier": "provider-refused", "nonce": "answer-not-trusted"}[changed]
    await refused(door, await browser.back(address), kind)


async def test_a_code_of_the_provider_works_once(door):
    """Planted bug: open the session before the provider has taken the code."""
    browser = Browser(door)
    address = await browser.sign_in(await browser.begin())
    kept = begun_by(door, browser).sealed(sealer(door))
    assert (await browser.back(address)).status_code == 303
    browser.keep(KEPT, kept)
    await refused(door, await browser.back(address), "provider-refused")


@pytest.mark.parametrize("issuer_said", ["https://evil.example", "", None])
async def test_an_answer_of_another_issuer_is_refused(door, issuer_said):
    """Mixed-up providers (RFC 9207). Planted bug: compare it only where it is there."""
    browser = Browser(door)
    address = await browser.sign_in(await browser.begin())
    await refused(door, await browser.back(address, iss=issuer_said), "answer-not-trusted")


async def test_an_answer_to_what_another_browser_began_is_refused(door):
    """Login CSRF: somebody leads his victim to the end of a sign-in of his own. Planted bugs: do
    not compare the state; take an answer where nothing was begun."""
    his, theirs = Browser(door), Browser(door)
    address = await his.sign_in(await his.begin())
    await refused(door, await theirs.back(address), "sign-in-not-begun")
    await theirs.begin()
    await refused(door, await theirs.back(address), "sign-in-not-begun")
    await refused(door, await his.back(address, state=None), "sign-in-not-begun")
    await refused(door, await his.back(address, state="é"), "sign-in-not-begun")
    assert (await his.back(address)).status_code == 303


async def test_what_was_begun_is_sealed_and_ends(door):
    """Planted bugs: take any text for it; look at no clock."""
    browser = Browser(door)
    address = await browser.sign_in(await browser.begin())
    begun = begun_by(door, browser)
    other = Sealer(door.app.state.sealing_key, "tokens of a provider")
    for kept in (
        replace(begun, at=time.time() - 601).sealed(sealer(door)),
        begun.sealed(other),
        "x",
        begun.sealed(sealer(door)).swapcase(),
    ):
        browser.keep(KEPT, kept)
        await refused(door, await browser.back(address), "sign-in-not-begun")


async def test_what_the_provider_refuses_is_told_by_its_code_alone(door):
    """Planted bug: repeat whatever the address says, which anybody can write."""
    browser = Browser(door)
    address = await browser.sign_in(await browser.begin())
    answer = await browser.back(address, code=None, error="access_denied", error_description="<b>")
    await refused(door, answer, "provider-refused")
    assert "access_denied" in answer.json()["detail"]
    assert "<b>" not in answer.text
    answer = await browser.back(address, code=None, error="<script>")
    await refused(door, answer, "provider-refused")
    assert "script" not in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%5cevil", "\\/evil", "evil",
     "", "/a//evil.example", "/..//evil.example", "/%2e%2E/x", "/\tx", "/\n/evil", "/a#b",
     "javascript:alert(1)", "/@evil/../..", "/" + "a" * 1000, "/é", " /a"],
)  # fmt: skip
async def test_nobody_is_led_elsewhere_afterwards(door, elsewhere):
    """Planted bug: look whether it begins with a slash."""
    answer = await Browser(door).ours.get(BEGIN, params={"return_to": elsewhere})
    if elsewhere == "/%5cevil":  # a segment of our own, and no backslash
        assert answer.status_code == 303
        return
    await refused(door, answer, "return-not-local", 422)


async def _age(door, sql, seconds):
    await sql(door, "ALTER TABLE provided_token DISABLE TRIGGER USER")
    moved = f"UPDATE provided_token SET expires_at = clock_timestamp() + interval '{seconds} s'"  # noqa: S608
    await sql(door, moved)
    await sql(door, "ALTER TABLE provided_token ENABLE TRIGGER USER")


@pytest.mark.parametrize("left", [-1, 30])
async def test_a_token_that_ends_is_renewed_once_whoever_asks(door, sql, left):
    """The provider takes a refresh token that is used twice for stolen, and ends all. Planted bugs:
    let each request renew; renew nothing."""
    browser = await signed_in(door)
    await _age(door, sql, left)
    answers = await asyncio.gather(*(browser.ask("GET", ME) for _ in range(6)))
    assert [each.status_code for each in answers] == [200] * 6
    [row] = await sql(
        door,
        "SELECT count(*) AS times FROM provided_token WHERE session_id = "
        "(SELECT session_id FROM session ORDER BY opened_at DESC LIMIT 1)",
    )
    assert row["times"] == 2
    assert (await browser.ask("GET", ME)).status_code == 200


async def test_a_session_whose_token_the_provider_renews_no_more_has_ended(door, sql):
    """Planted bug: go on with the last token."""
    browser = await signed_in(door)
    [secret] = [c.value for c in browser.ours.cookies.jar if c.name == SESSION]
    async with door.app.state.sessions() as db:
        session_id, _ = await sessions.session_of_cookie(db, secret)
    await door.app.state.provided.revoke(session_id)
    await _age(door, sql, -1)
    assert (await browser.ask("GET", ME)).status_code == 401
    [row] = await sql(door, "SELECT reason FROM session_end ORDER BY ended_at DESC LIMIT 1")
    assert row["reason"] == "provider-refused"


async def test_a_provider_that_is_silent_ends_nothing(door, sql):
    """What still holds serves on; else the caller is asked to come again, and not to sign in anew.
    Planted bug: end the session."""
    browser = await signed_in(door)
    state, provider = door.app.state, door.app.state.provided._provider
    async with httpx.AsyncClient() as http:
        silent = Provider(
            state.settings.model_copy(update={"token_issuer": "http://127.0.0.1:9"}), http
        )
        state.provided._provider = silent
        try:
            await _age(door, sql, 30)
            assert (await browser.ask("GET", ME)).status_code == 200
            await _age(door, sql, -1)
            answer = await browser.ask("GET", ME)
        finally:
            state.provided._provider = provider
    assert (answer.status_code, answer.json()["type"]) == (503, "provider-unavailable")
    assert answer.headers["retry-after"]
    assert (await browser.ask("GET", ME)).status_code == 200


async def test_signing_out_ends_the_tokens_at_the_provider_too(door, sql):
    """Planted bug: leave them: a copy of the refresh token would go on."""
    browser = await signed_in(door)
    [row] = await sql(door, "SELECT session_id FROM session ORDER BY opened_at DESC LIMIT 1")
    async with door.app.state.sessions() as db:
        _, tokens, _ = await door.app.state.provided._latest(db, row["session_id"])
    assert (await browser.ask("POST", "/api/v1/session/end")).status_code == 200
    assert (await browser.ask("GET", ME)).status_code in (401, 403)
    with pytest.raises(Exception, match="no more"):
        await door.app.state.provider.renewed(tokens.refresh)


async def test_names_and_passwords_are_the_providers_alone(door):
    browser = Browser(door)
    body = {"username": "admin", "password": "correct-horse-battery"}
    answer = await browser.ask("POST", "/api/v1/session", json=body)
    await refused(door, answer, "sign-in-elsewhere", 404)


async def test_without_a_provider_nobody_is_led_to_one(run_gateway):
    door = await run_gateway(public_origin=HERE)
    for path in (BEGIN, CALLBACK):
        await refused(door, await Browser(door).ours.get(path), "no-outside-provider", 404)
