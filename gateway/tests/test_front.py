"""The door, in this process: what it lets through, and what it refuses."""

import asyncio

import httpx
import pytest

from chassis import authorisation
from gateway.rules.limits import Allowance
from gateway.usage import Usage
from service_testing import AUTHORISATION

from .conftest import ADMIN, SECRET

UNITS = "/api/v1/units"
MATRIX = authorisation.load(AUTHORISATION)
POSTS = [route for route in MATRIX.routes if route.startswith("POST") and not MATRIX.is_open(route)]
SOME = {
    "cycle_id": "7", "version": "1", "unit": "ZH01", "entry_id": "7", "edition": "1",
    "survey_id": "7", "wave": "1", "subject": "zhang", "host_id": "7", "session_id": "7",
    "webhook_id": "7", "grant_id": "7", "jurisdiction": "530100",
    "position": "1", "decision_no": "1", "voiding_no": "1", "batch_no": "1",
    "count_no": "M-1", "seat": "S-1", "stage_no": "1",
    "item_id": "7", "period": "2025-03", "claim_id": "7", "evidence_id": "7",
    "complaint_id": "7", "reference": "AAAA-AAAA-AAAA",
    "number": "1", "release": "1", "category": "C", "indicator": "C01",
    "id_scheme": "hr", "year": "2027", "key_id": "k", "name": "cati",
    "objection_id": "7", "check": "RECHECK", "list_name": "units-C", "finding_id": "7",
    "round_code": "HALF", "correction_id": "7", "notice": "1", "list_code": "L",
    "result_id": "7",
}  # fmt: skip


async def test_a_request_reaches_its_service_as_it_came(door):
    async with door.client(door.token("performance_office")) as client:
        answer = await client.post(f"{UNITS}?x=%2F+%20&x=2", content=b"{}" * 10)
    heard = answer.json()
    assert (heard["method"], heard["path"], heard["query"]) == ("POST", UNITS, "x=%2F+%20&x=2")
    assert heard["body"] == 20
    assert dict(heard["headers"])["idempotency-key"]
    assert answer.headers["etag"] == '"e"'


async def test_a_condition_names_the_document_in_whichever_form_it_was_read(door):
    """Planted bug: pass the tag of the compressed form on, which no service knows."""
    async with door.client(door.token("performance_office")) as client:
        given = {"If-Match": '"a-gzip", "b"', "Accept-Encoding": "identity"}
        heard = (await client.post(UNITS, content=b"{}", headers=given)).json()
    assert dict(heard["headers"])["if-match"] == '"a", "b"'


async def test_a_percent_encoded_slash_stays_one(door):
    async with door.client(door.token("organiser")) as client:
        answer = await client.get(f"{UNITS}/%E4%B8%AD%20x")
        hidden = await client.get("/api/v1/units/%2e%2e/accounts")
    assert answer.json()["path"] == f"{UNITS}/%E4%B8%AD%20x"
    assert hidden.status_code == 404


@pytest.mark.parametrize(
    "name",
    ["X-User", "X-User-Id", "X-Unit", "X-Role", "X-Roles", "X-Forwarded-User", "X-Forwarded-For",
     "Forwarded", "X-Real-IP", "Proxy-Authorization", "TE"],
)  # fmt: skip
async def test_a_service_never_hears_who_a_header_says_is_asking(door, name):
    """Fails when the door passes a header on that it should end."""
    async with door.client(door.token("organiser"), **{name: "admin"}) as client:
        heard = (await client.get(UNITS)).json()
    assert name.lower() not in dict(heard["headers"])


@pytest.mark.parametrize(
    ("given", "same"), [("job-7.a_b", True), ("a b", False), ("x" * 65, False), ("", False)]
)
async def test_a_request_id_goes_with_the_request_and_comes_back_once(door, given, same):
    async with door.client(door.token("organiser"), **{"X-Request-ID": given}) as client:
        answer = await client.get(UNITS)
        refused = await client.get("/api/v1/nowhere")
        own = await client.get("/api/v1/me")
    [back] = answer.headers.get_list("x-request-id")
    assert dict(answer.json()["headers"])["x-request-id"] == back
    assert (back == given) is same
    assert len(refused.headers.get_list("x-request-id")) == 1
    assert len(own.headers.get_list("x-request-id")) == 1
    assert refused.json()["request_id"] == refused.headers["x-request-id"]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "No service answers to this path."), ("zh-CN,en;q=0.5", "没有服务对应这个地址。")],
)
async def test_an_unknown_path_is_a_problem_in_the_callers_language(door, language, title):
    async with door.client(**{"Accept-Language": language}) as client:
        answer = await client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    body = answer.json()
    assert (body["type"], body["title"]) == ("no-such-path", title)
    assert body["instance"] == "/api/v1/nowhere"


@pytest.mark.parametrize(
    ("method", "path", "roles", "status"),
    [
        ("GET", UNITS, (), 401),
        ("GET", UNITS, ("organiser",), 200),
        ("POST", UNITS, ("organiser",), 403),
        ("POST", UNITS, ("performance_office",), 200),
        ("DELETE", UNITS, ("performance_office",), 405),
        ("HEAD", UNITS, ("performance_office",), 405),
        ("HEAD", UNITS, (), 405),
        ("GET", "/api/v1/units/a/b/c", ("performance_office",), 404),
        ("GET", "/api/v1/units/a/b/c", (), 404),
        ("POST", "/api/v1/cycles/7/rankings/1/review", ("performance_office",), 403),
        ("POST", "/api/v1/cycles/7/rankings/1/review", ("committee",), 200),
        ("GET", "/api/v1/accounts", ("organiser",), 403),
        ("GET", "/api/v1/cycles/7/scheme", ("system_administrator",), 200),
    ],
)
async def test_a_role_asks_only_what_the_matrix_lets_it(door, method, path, roles, status):
    """Fails when a route without a row is let through, or rows are not asked at all."""
    before = len(door.echo.asked)
    token = door.token(*roles) if roles else None
    async with door.client(token) as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert (len(door.echo.asked) > before) is (status == 200)


async def test_a_wrong_method_is_told_the_right_ones(door):
    async with door.client(door.token("auditor")) as client:
        answer = await client.put(UNITS)
    assert (answer.status_code, answer.json()["type"]) == (405, "no-such-method")
    assert answer.headers["allow"] == "GET, POST"


async def test_a_role_that_may_not_is_told_in_words_which_may(door):
    async with door.client(door.token("organiser"), **{"Accept-Language": "zh"}) as client:
        answer = await client.post(UNITS)
    assert answer.json()["detail"] == "调用者的角色：组织单位；可以办理的角色：绩效办。"


@pytest.mark.parametrize("size", [4_000_001, 50_000_000])
async def test_a_body_that_says_it_is_too_large_is_refused_unread(door, size):
    token = door.token("performance_office")

    async def unread():
        raise AssertionError("the body was read")
        yield b""

    before = len(door.echo.asked)
    async with door.client(token) as client:
        answer = await client.post(UNITS, content=unread(), headers={"Content-Length": str(size)})
    body = answer.json()
    assert (answer.status_code, body["type"], body["limit"]) == (413, "body-too-large", 4_000_000)
    assert len(door.echo.asked) == before


@pytest.mark.parametrize("length", ["-1", "1e3", "١", "0x10"])
async def test_a_content_length_that_is_no_number_is_refused(door, length):
    header = {"Content-Length": length.encode()}
    async with door.client(door.token("performance_office")) as client:
        answer = await client.post(UNITS, headers=header)
    assert answer.status_code == 413


async def test_a_body_is_limited_by_its_route_as_at_the_service(door):
    """Planted bug: let the gateway take ten megabytes everywhere."""
    matrix = door.app.state.matrix
    most = door.transport.app.api.state.settings.body_limit
    limits = {route: min(matrix.body_limit(route), most) for route in POSTS}
    assert {1_000_000, 4_000_000, 10_000_000} <= set(limits.values())
    for route, limit in limits.items():
        path, role = route.removeprefix("POST "), matrix.routes[route][0].role
        async with door.client(door.token(role)) as client:
            header = {"Content-Length": str(limit + 1)}
            answer = await client.post(path.format_map(SOME), headers=header)
            assert (answer.status_code, answer.json()["limit"]) == (413, limit), path


@pytest.mark.parametrize("roles", [(), ("auditor",)])
async def test_not_a_byte_is_read_for_whoever_may_not_use_a_route(door, roles):
    async def unread():
        raise AssertionError("the body was read")
        yield b""

    before = len(door.echo.asked)
    async with door.client(door.token(*roles) if roles else None) as client:
        for path in (UNITS, "/api/v1/accounts"):
            answer = await client.post(path, content=unread())
            assert answer.status_code == (403 if roles else 401), path
    assert len(door.echo.asked) == before


async def test_whoever_has_not_signed_in_may_send_a_small_form_only(door):
    """Fails when the token endpoint takes the ten megabytes of everybody else."""
    async with door.client() as client:
        answer = await client.post("/oauth/token", data={"password": "x" * 100_000})
    assert (answer.status_code, answer.json()["limit"]) == (413, 65_536)


async def test_whoever_holds_a_link_reaches_its_form_by_a_header_that_no_log_keeps(
    run_gateway, capsys
):
    """Planted bugs: ask for a token; keep the header back; log the headers of a request; no
    allowance for who asks without a token."""
    door = await run_gateway()
    door.transport.app._usage = Usage(Allowance(0.001, 3))
    secret, form = "a-link-that-is-nobody-elses", "/api/v1/open-form"
    async with door.client(**{"Form-Link": secret}) as client:
        heard = (await client.get(form, params={"language": "zh"})).json()
        sent = [await client.post(form, json={"judgements": []}) for _ in range(7)]
    assert (heard["method"], heard["path"]) == ("GET", form)
    assert dict(heard["headers"])["form-link"] == secret
    assert "authorization" not in dict(heard["headers"])
    assert [each.status_code for each in sent].count(429) == 4
    written = capsys.readouterr()
    assert form in written.out
    assert secret not in written.out + written.err


@pytest.mark.parametrize("what", ["complaints", "notices/1/objections"])
async def test_an_address_raises_few_complaints_and_asks_everything_else_as_before(
    run_gateway, what
):
    """Planted bug: complaints come off the usual allowance."""
    door = await run_gateway()
    raised = f"/api/v1/public/cycles/00000000-0000-4000-8000-000000000001/{what}"
    async with door.client() as client:
        sent = [await client.post(raised, json={}) for _ in range(40)]
        heard = await client.get(f"{raised}/AAAA-AAAA-AAAA")
    refused = [each for each in sent if each.status_code == 429]
    assert len(refused) == 30
    assert int(refused[0].headers["retry-after"]) > 100
    assert heard.status_code == 200


async def test_a_caller_who_asks_too_often_waits_and_nobody_else_does(run_gateway):
    """Fails when all callers draw from one bucket, or wrong tokens from none."""
    door = await run_gateway()
    door.transport.app._usage = Usage(Allowance(0.001, 3))
    hasty, other = door.token("organiser"), door.token("organiser")
    async with door.client(hasty) as client:
        statuses = [(await client.get(UNITS)).status_code for _ in range(4)]
        refused = await client.get(UNITS)
    assert statuses == [200, 200, 200, 429]
    assert refused.headers["retry-after"] == "1000"
    assert refused.json()["type"] == "too-many-requests"
    async with door.client(other) as client:
        assert (await client.get(UNITS)).status_code == 200
    async with door.client("wrong") as client:
        wrong = [(await client.get(UNITS)).status_code for _ in range(5)]
    assert wrong == [401, 401, 401, 429, 429]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/api/v1/cycles/1/2/3", 404),
        ("DELETE", UNITS, 405),
        ("GET", "/", 307),
        ("GET", "/docs/none", 404),
        ("GET", "/health/other", 404),
    ],
)
async def test_what_is_no_route_costs_an_allowance_too(run_gateway, method, path, status):
    """Planted bug: refuse an unknown path before anything is counted."""
    door = await run_gateway()
    door.transport.app._usage = Usage(Allowance(0.001, 3))
    async with door.client() as client:
        statuses = [(await client.request(method, path)).status_code for _ in range(5)]
        others = (await client.get("/.well-known/jwks.json")).status_code
    assert statuses == [status] * 3 + [429] * 2
    assert others == 200
    async with door.client("wrong") as client:
        assert (await client.get(UNITS)).status_code == 401


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/oauth/token", {"data": {"grant_type": "password", "scope": "x"}}, 400),
        ("/oauth/token", {"data": {}}, 400),
        ("/oauth/token", {"data": {"password": "x" * 100_000}}, 413),
        ("/api/v1/session", {"json": {}}, 422),
        ("/api/v1/session", {"content": b"{", "headers": {"Content-Type": "text/plain"}}, 415),
    ],
)
async def test_a_sign_in_that_names_nobody_costs_its_address_and_keeps_nobody_out(
    run_gateway, path, sent, status
):
    """Planted bugs: it costs nothing; it costs what those who name somebody sign in by."""
    here = "https://kaoping.example.gov.cn"
    door = await run_gateway(public_origin=here)
    door.transport.app._usage = Usage(Allowance(0.001, 3))
    async with door.client(**{"Origin": here, "X-CSRF-Protection": "1"}) as client:
        answers = [await client.post(path, **sent) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [status] * 3 + [429] * 2
        assert answers[-1].json()["type"] == "too-many-requests"
        assert int(answers[-1].headers["retry-after"]) > 1
        for _ in range(5):
            form = {"grant_type": "password", "username": ADMIN, "password": SECRET}
            assert (await client.post("/oauth/token", data=form)).status_code == 200


async def test_a_supervisor_is_never_told_to_wait(run_gateway):
    """Planted bug: one allowance for all of 127.0.0.1, where supervisors ask from."""
    door = await run_gateway(requests_per_second=1, burst=1)
    async with door.client() as client:
        answers = [await client.get(f"/health/{name}") for name in ["ready", "live"] * 10]
    assert {answer.status_code for answer in answers} == {204}


async def test_a_service_that_is_down_is_a_problem_that_says_when_to_come_back(run_gateway):
    def refuse(request):
        raise httpx.ConnectError("no")

    door = await run_gateway({"indicators": httpx.MockTransport(refuse)})
    async with door.client(door.token("organiser")) as client:
        answer = await client.get(UNITS)
    assert (answer.status_code, answer.json()["type"]) == (503, "service-down")
    assert answer.headers["retry-after"] == "2"


async def test_a_failure_that_nobody_foresaw_is_a_problem_that_tells_nothing(run_gateway):
    """Fails when what the door itself trips over is left to the server's bare words."""

    def trip(request):
        raise RuntimeError("a secret")

    door = await run_gateway({"indicators": httpx.MockTransport(trip)})
    async with door.client(door.token("organiser")) as client:
        answer = await client.get(UNITS)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


async def test_a_service_that_takes_too_long_is_given_up(run_gateway):
    async def sleep(request):
        await asyncio.sleep(30)

    door = await run_gateway({"indicators": httpx.MockTransport(sleep)}, time_limit=0.2)
    async with door.client(door.token("organiser")) as client:
        answer = await client.get(UNITS)
    assert (answer.status_code, answer.json()["type"]) == (504, "took-too-long")


async def test_what_a_service_refuses_comes_back_as_it_is(run_gateway):
    problem = {"type": "unit-unknown", "status": 422}
    headers = {
        "Content-Type": "application/problem+json",
        "Retry-After": "9",
        "Connection": "x-hop",
    }

    def refuse(request):
        return httpx.Response(422, json=problem, headers={**headers, "X-Hop": "1"})

    door = await run_gateway({"indicators": httpx.MockTransport(refuse)})
    async with door.client(door.token("organiser")) as client:
        answer = await client.get(UNITS)
    assert (answer.status_code, answer.json()) == (422, problem)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "9"
    assert not {"connection", "x-hop"} & set(answer.headers)


async def test_a_redirect_is_given_back_and_not_followed(run_gateway):
    asked = []

    def redirect(request):
        asked.append(request.url.path)
        return httpx.Response(307, headers={"Location": "http://elsewhere/"})

    door = await run_gateway({"indicators": httpx.MockTransport(redirect)})
    async with door.client(door.token("organiser")) as client:
        assert (await client.get(UNITS)).status_code == 307
    assert asked == [UNITS]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_probes_ask_for_no_token(door, path):
    async with door.client() as client:
        assert (await client.get(path)).status_code == 204
