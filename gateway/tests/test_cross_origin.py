"""Pages of other origins: which may ask and read, and what a browser is told beforehand."""

import pytest

from gateway.app import create_app
from gateway.front import Front

PORTAL = "https://portal.example.gov.cn"
UNITS = "/api/v1/units"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def words(value):
    return {word.strip().lower() for word in value.split(",")}


def permitted(answer):
    return [name for name in answer.headers if name.startswith("access-control-")]


@pytest.fixture(scope="module")
async def open_door(run_gateway):
    """A gateway whose callers have two requests each: what is asked beforehand costs none."""
    return await run_gateway(
        allowed_origins=f"{PORTAL},http://localhost:5173", requests_per_second=1, burst=2
    )


async def test_without_the_setting_no_answer_knows_of_origins(door):
    """Planted bugs: tell everybody `Vary: Origin`; answer what is asked beforehand anyway."""
    async with door.client() as client:
        asked = await client.options(UNITS, headers={"Origin": PORTAL, **ASKED})
        plain = await client.get("/api/v1/nowhere", headers={"Origin": PORTAL})
    assert (asked.status_code, plain.status_code) == (405, 404)
    for answer in (asked, plain):
        assert not permitted(answer)
        assert "vary" not in answer.headers


async def test_what_a_browser_asks_beforehand_is_answered_before_sign_in_and_limits(open_door):
    """Planted bug: ask for the token first; a browser sends none beforehand."""
    async with open_door.client() as client:
        answers = [
            await client.options(path, headers={"Origin": PORTAL, **ASKED})
            for path in (UNITS, "/oauth/token", "/api/v1/me", "/api/v1/nowhere", UNITS)
        ]
    for answer in answers:
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == PORTAL
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert {"authorization", "idempotency-key"} <= words(
            answer.headers["access-control-allow-headers"]
        )
        assert answer.headers["access-control-max-age"] == "600"
        assert "origin" in words(answer.headers["vary"])
        assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "*", "", "http://portal.example.gov.cn", f"{PORTAL}.evil.cn",
     f"https://x.{PORTAL[8:]}", f"{PORTAL}:8443", PORTAL.upper(), f"{PORTAL}/", f"{PORTAL}, null"],
)  # fmt: skip
async def test_a_page_of_another_origin_is_refused_by_name_and_reads_nothing(open_door, origin):
    """Planted bugs: give back whatever origin is sent; compare by beginning or end."""
    async with open_door.client() as client:
        asked = await client.options(UNITS, headers={"Origin": origin, **ASKED})
        plain = await client.get("/.well-known/jwks.json", headers={"Origin": origin})
    assert (asked.status_code, asked.json()["type"]) == (403, "origin-not-allowed")
    assert origin in asked.json()["detail"]
    for answer in (asked, plain):
        assert not permitted(answer)
        assert "Origin" in answer.headers.get_list("vary")


async def test_an_allowed_page_reads_every_answer_and_never_with_credentials(open_door):
    """Refusals of the door as well as answers of services. Planted bug: allow credentials."""
    given = {"Origin": PORTAL, "Accept-Encoding": "gzip"}
    async with open_door.client(open_door.token("organiser"), **given) as client:
        good, own = await client.get(UNITS), await client.get("/api/v1/me")
        late = own
        while late.status_code == 200:
            late = await client.get(UNITS)
    async with open_door.client(**given) as client:
        unsigned, nowhere = await client.get(UNITS), await client.get("/api/v1/nowhere")
        sign_in = await client.post("/oauth/token", data={"grant_type": "password"})
    answers = [good, own, late, unsigned, nowhere, sign_in]
    assert [each.status_code for each in answers] == [200, 200, 429, 401, 404, 400]
    for answer in answers:
        assert answer.headers.get_list("access-control-allow-origin") == [PORTAL]
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in words(answer.headers["vary"])
    assert words(good.headers["access-control-expose-headers"]) >= {"etag", "retry-after"}


async def test_whoever_keeps_answers_is_told_that_they_differ_by_origin(open_door):
    """Planted bug: say so only to pages of allowed origins, which then read what others got."""
    async with open_door.client() as client:
        answer = await client.get("/.well-known/jwks.json")
    assert not permitted(answer)
    assert "Origin" in answer.headers.get_list("vary")


def test_a_door_without_the_setting_is_the_plain_one(settings_for):
    """Planted bug: build the other one always; each answer would cost one more step."""
    settings, _ = settings_for()
    assert type(create_app(settings, {})) is Front
