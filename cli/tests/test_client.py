"""The client: one identity, safe retries, refusals in plain words."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from kaoping.app import EXAMPLE
from kaoping.card import Credentials
from kaoping.city import plan_of, read_city
from kaoping.client import ATTEMPTS, Client, NoAnswer, Refused
from kaoping.year import loaded_before

Answer = Callable[[httpx.Request], httpx.Response]


class Api:
    """A transport that signs everybody in and gives the prepared answers in turn."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.requests: list[httpx.Request] = []
        self.tokens = 0
        self.pauses: list[float] = []
        self._answers: Iterator[httpx.Response | Exception] = iter(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"t{self.tokens}", "expires_in": 900})
        self.requests.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, clock: Callable[[], float] = lambda: 0.0) -> Client:
        credentials = Credentials("zh01", "secret-of-zh01")
        transport = httpx.MockTransport(self)
        return Client("http://api", credentials, transport, clock=clock, sleep=self.pauses.append)


def problem(status: int, **facts: object) -> httpx.Response:
    return httpx.Response(status, json={"title": "It is so.", **facts})


@pytest.mark.parametrize(("year", "is_found"), [(2025, True), (2024, False)])
def test_a_year_that_is_there_already_is_found(year: int, is_found: bool) -> None:
    """Planted bug: the cycles are looked for by nothing, and a year is played a second time."""
    plan = plan_of(read_city(EXAMPLE))
    known = {"cycle_id": "c1", **plan.cycle, "assessment_year": year}
    others = {"cycle_id": "c0", **plan.cycle, "jurisdiction": "430000"}
    api = Api(httpx.Response(200, json={"items": [others, known], "next": None}))
    assert loaded_before(api.client(), plan) == (known if is_found else None)


def test_a_post_carries_the_token_a_key_and_exact_numbers() -> None:
    api = Api(httpx.Response(201, json={"entry": "1.50"}))
    assert api.client().post("/things", {"a": 1}) == {"entry": "1.50"}
    sent = api.requests[0]
    assert sent.url.path == "/api/v1/things"
    assert sent.headers["authorization"] == "Bearer t1"
    assert len(sent.headers["idempotency-key"]) >= 8
    assert sent.content == b'{"a": 1}'


@pytest.mark.parametrize(
    "passing",
    [
        problem(503),
        problem(500),
        problem(429),
        httpx.Response(409, headers={"retry-after": "1"}, json={}),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut off"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_what_passes_is_asked_again_as_the_same_post(passing: httpx.Response | Exception) -> None:
    api = Api(passing, httpx.Response(201, json={"done": True}))
    assert api.client().post("/things", {}) == {"done": True}
    first, second = api.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert len(api.pauses) == 1


def test_the_wait_that_the_api_asks_for_is_kept() -> None:
    busy = httpx.Response(429, headers={"retry-after": "3"}, json={})
    api = Api(busy, httpx.Response(200, json={}))
    api.client().get("/things")
    assert api.pauses == [3.0]


def test_two_posts_have_two_keys() -> None:
    api = Api(httpx.Response(201, json={}), httpx.Response(201, json={}))
    client = api.client()
    client.post("/things", {})
    client.post("/things", {})
    first, second = api.requests
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_a_refusal_is_told_with_every_fault_and_not_asked_again() -> None:
    fault = {"pointer": "/rows/3/unit", "code": "unknown-unit", "detail": "No such unit."}
    api = Api(problem(422, detail="1 row is refused.", errors=[fault]))
    with pytest.raises(Refused) as refused:
        api.client().post("/things", {})
    assert str(refused.value).splitlines() == [
        "It is so. (422 for POST /things)",
        "  1 row is refused.",
        "  /rows/3/unit: No such unit.",
    ]
    assert api.pauses == []


def test_what_is_missing_is_told_with_why() -> None:
    gap = {"unit": "XQ01", "indicator": "C01", "reason": "target is missing."}
    api = Api(problem(409, detail="1 marks are missing.", missing=[gap, {"unit": "XQ02"}]))
    with pytest.raises(Refused, match="XQ01 C01: target is missing"):
        api.client().post("/things", {})


def test_a_refusal_that_counts_what_is_missing_is_told_like_any() -> None:
    """Planted bug: whatever is `missing` is gone through as a list."""
    api = Api(problem(409, detail="1 scores lack something.", missing=1))
    with pytest.raises(Refused, match="1 scores lack something"):
        api.client().post("/things", {})


def test_a_silent_api_is_given_up_with_its_address() -> None:
    api = Api(*[httpx.ConnectError("refused")] * ATTEMPTS)
    with pytest.raises(NoAnswer, match="http://api does not answer"):
        api.client().get("/things")
    assert sum(api.pauses) > 15


def test_a_token_is_used_until_shortly_before_it_expires() -> None:
    now = [0.0]
    api = Api(*[httpx.Response(200, json={})] * 3)
    client = api.client(clock=lambda: now[0])
    for now[0] in (0.0, 869.0, 871.0):
        client.get("/things")
    assert [r.headers["authorization"] for r in api.requests] == [
        "Bearer t1",
        "Bearer t1",
        "Bearer t2",
    ]


def test_a_token_that_no_longer_holds_is_replaced_once() -> None:
    api = Api(problem(401), httpx.Response(200, json={}))
    api.client().get("/things")
    assert api.tokens == 2


def test_all_pages_are_read() -> None:
    api = Api(
        httpx.Response(200, json={"items": [1, 2], "next": "b"}),
        httpx.Response(200, json={"items": [3], "next": None}),
    )
    assert list(api.client().pages("/things")) == [1, 2, 3]
    assert api.requests[1].url.params["after"] == "b"
