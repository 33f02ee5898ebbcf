"""Request bodies, over HTTP: who may send them, how large, and what is said of their faults."""

import asyncio
import datetime as dt
import json
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import lending
import pytest
from pydantic import BaseModel, Field, ValidationError

from chassis.faults import errors_in, faults_of
from chassis.problems import MOST_FAULTS
from chassis.wire import _USUAL, Incoming

LOANS = "/api/v1/loans"
BULK = f"{LOANS}/bulk"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
async def service(run_service, tmp_path_factory):
    return await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    )


@pytest.fixture
async def librarian(service):
    async with service.caller("librarian") as client:
        yield client


@pytest.mark.parametrize(("roles", "status"), [((), 401), (("reader",), 403)])
async def test_not_a_byte_is_read_for_whoever_may_not_use_the_route(service, roles, status):
    """Planted bug: leave `admit` out of CommandRoute, and the body is read and decoded first."""

    async def unread():
        raise AssertionError("the body was read")
        yield b""

    client = service.caller(*roles) if roles else service.client({})
    async with client:
        for path in (LOANS, BULK):
            answer = await client.post(path, content=unread(), headers=JSON)
            assert answer.status_code == status


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_is_limited_by_its_route(librarian, declared):
    """Planted bug: hold one limit for all routes."""

    async def body(size):
        for _ in range(size // 100_000):
            yield b" " * 100_000

    for path, limit in ((LOANS, 1_000_000), (BULK, 8_000_000)):
        headers = {"Content-Length": str(limit + 100_000)} if declared else {}
        over = await librarian.post(path, content=body(limit + 100_000), headers=JSON | headers)
        assert (over.status_code, over.json()["limit"]) == (413, limit)
        assert f"{limit:,}" in over.json()["detail"]
        within = await librarian.post(path, content=body(limit), headers=JSON)
        assert within.status_code == 400


@pytest.mark.parametrize("loans", [1, 400])
async def test_of_many_faults_the_first_are_named_and_the_others_counted(librarian, loans):
    """Planted bug: name them all: nine megabytes of unknown keys were answered with seventy."""
    keys = {f"unknown{i}": 0 for i in range(180)}
    body = {"loans": [{"book": "B", "days": 1, **keys}] * loans}
    answer = await librarian.post(BULK, json=body)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "malformed-request")
    assert len(problem["errors"]) == MOST_FAULTS
    assert problem["more"] == 180 * loans - MOST_FAULTS
    assert f"{problem['more']} more" in problem["detail"]
    chinese = await librarian.post(BULK, json=body, headers={"Accept-Language": "zh"})
    assert f"另有 {problem['more']} 处错误" in chinese.json()["detail"]
    assert len(chinese.content) < 50_000


async def test_a_rules_own_list_of_faults_is_bounded_alike(librarian):
    body = {"loans": [{"book": f"B{i}", "days": 91} for i in range(5000)]}
    problem = (await librarian.post(BULK, json=body)).json()
    assert (problem["type"], problem["more"]) == ("too-long", 5000 - MOST_FAULTS)
    assert len(problem["errors"]) == MOST_FAULTS


class Bounded(BaseModel):
    """Every sentence that names a bound or the values that there are."""

    mode: Literal["all", "partial"] = "all"
    text: Annotated[str, Field(min_length=2, max_length=5)] = "abc"
    days: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    least: Annotated[Decimal, Field(ge=Decimal("0.5"))] = Decimal(1)
    between: Annotated[int, Field(gt=-3, lt=40)] = 1
    until: Annotated[dt.date, Field(le=dt.date(2026, 6, 30))] = dt.date(2026, 1, 1)
    some: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("sent", "zh"),
    [
        ({"mode": "some"}, "不在允许的取值之内：`all`、`partial`。"),
        ({"text": "a"}, "内容过短，至少 2 个字符。"),
        ({"text": "abcdef"}, "内容过长，至多 5 个字符。"),
        ({"days": []}, "项数过少，至少 1 项。"),
        ({"days": [1, 2, 3, 4]}, "项数过多，至多 2 项。"),
        ({"least": "0.49"}, "数值过小，不得小于 0.5。"),
        ({"between": -3}, "数值过小，应大于 -3。"),
        ({"between": 40}, "数值过大，应小于 40。"),
        ({"until": "2026-07-01"}, "数值过大，不得大于 2026-06-30。"),
        ({"some": "text"}, "应为数组。"),
    ],
)
def test_what_would_be_right_is_named_in_chinese_too(sent, zh):
    """Planted bugs: the number of items that were sent, instead of the bound; a tuple, of which
    whoever writes JSON knows nothing."""
    with pytest.raises(ValidationError) as refused:
        Bounded.model_validate(sent)
    [found] = faults_of(errors_in(refused.value), sent)
    assert found.zh == zh
    assert "tuple" not in found.code + found.en


@pytest.mark.parametrize("size", [50_000, 900_000])
async def test_a_pointer_does_not_repeat_a_key_without_end(librarian, size):
    body = {"book": "B", "days": 1, "k" * size: 1}
    answer = await librarian.post(LOANS, json=body)
    assert answer.status_code == 422
    assert len(answer.content) < 2000


async def test_faults_of_a_large_body_are_those_of_a_small_one(librarian):
    """Planted bug: let the thread validate with another model, or lose where a fault stands."""
    small = {"loans": [{"book": "a b", "days": "x"}, {"days": 1}]}
    padded = json.dumps(small).encode() + b" " * 100_000
    one = (await librarian.post(BULK, json=small)).json()
    other = (await librarian.post(BULK, content=padded, headers=JSON)).json()
    assert one["errors"] == other["errors"]
    assert len(one["errors"]) == 3


async def test_a_large_body_is_stored_as_a_small_one_is(service, librarian):
    note = {"Idempotency-Key": "a-large-body"}
    body = b'{"book": "LARGE", "days": 1.50, "note": "n"}' + b" " * 100_000
    answer = await librarian.post(LOANS, content=body, headers=JSON | note)
    assert answer.status_code == 201
    assert answer.json()["loan"] == {"book": "LARGE", "days": "1.50"}
    rows = await service.sql("SELECT days::text, note FROM loan WHERE book = 'LARGE'")
    assert rows == [{"days": "1.50", "note": "n"}]


async def test_others_are_answered_while_a_large_body_is_decoded(librarian):
    """Planted bug: `LARGE = 10**9`, and everybody waits until the large one is done."""
    rows = [{"book": f"B{i}", "days": "14.50", "note": "读者" * 20} for i in range(19_000)]
    whole = json.dumps({"loans": rows}).encode()
    is_read, answered = asyncio.Event(), 0

    async def body():
        yield whole + b","  # a fault that is found last, so that decoding is all there is to do
        is_read.set()

    large = asyncio.create_task(librarian.post(BULK, content=body(), headers=JSON))
    await is_read.wait()
    while not large.done():
        assert (await librarian.get("/health/live")).status_code == 204
        answered += 1
        await asyncio.sleep(0)  # a request within this process need not let others have their turn
    assert large.result().json()["type"] == "not-json"
    assert answered > 5


async def test_a_caller_who_goes_away_is_no_crash(service, capfdbinary):
    """Planted bug: leave ClientDisconnect to `_failed`."""
    token = service.signer.token("librarian")
    scope = {
        "type": "http", "method": "POST", "path": LOANS, "raw_path": LOANS.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("service", 80),
        "client": ("c", 1), "http_version": "1.1", "extensions": {}, "asgi": {"version": "3.0"},
        "headers": [
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
            (b"content-length", b"100"),
        ],
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    capfdbinary.readouterr()
    await service.app(scope, receive, send)
    assert sent == []
    [line] = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert (line["event"], line["level"], line["status"]) == ("request", "info", 499)


async def test_marks_piled_upon_one_letter_are_refused(librarian):
    """Putting n of them in order takes n² steps: 2,500 such texts took half a minute.

    Planted bug: leave `_is_overloaded` out of Text.
    """
    vietnamese = {"book": "V1", "days": 1, "note": "Tiê\u0301ng Viê\u0323t"}
    assert (await librarian.post(LOANS, json=vietnamese)).status_code == 201
    piled = {"book": "V2", "days": 1, "note": "a" + "\u0301\u0316" * 900}
    answer = await librarian.post(LOANS, json=piled)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/note"]


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u2067", "\u2028", "\u2029"])
async def test_what_shows_a_text_in_another_order_than_it_is_stored_is_refused(librarian, sign):
    """Planted bug: look at control characters alone."""
    turned = {"book": "V3", "days": 1, "note": f"最终总分{sign}5.89"}
    answer = await librarian.post(LOANS, json=turned)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/note"]


def test_signs_that_pass_without_a_closer_look_would_pass_one():
    """Planted bug: let U+302A, a mark upon an ideograph, or U+00AD be usual."""
    for sign in map(chr, range(0x10000)):
        if _USUAL.fullmatch(sign):
            assert sign in "\n\t" or unicodedata.category(sign) not in {
                "Cc",
                "Cf",
                "Cs",
                "Co",
                "Cn",
            }
            assert not unicodedata.combining(sign)
    assert _USUAL.fullmatch("截至12月底，完成“目标”的100.5%（含①项）。")


class Part(Incoming):
    count: int
    note: str | None = None


class Whole(Incoming):
    is_shown: bool = Field(default=False, alias="shown")
    first: Part | None = None
    parts: list[Part] | None = None
    days: list[dt.date] | None = None
    told: dict[str, int] | None = None
    kinds: set[str] | None = None
    units: list[str] | None = None
    more: list[list[str]] | None = None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"shown": 1}, [("shown", "bool_type")]),
        ({"first": {"count": "2"}}, [("first.count", "int_type")]),
        ({"parts": [{"count": 1}, {"count": True}]}, [("parts.1.count", "int_type")]),
        ({"days": ["2025-01-01", 86400]}, [("days.1", "date_type")]),
        ({"told": {"a": "1"}}, [("told.a", "int_type")]),
        ({"kinds": ["a", "a"]}, [("kinds.1", "given_twice")]),
        ({"units": ["a", "b", "a"]}, [("units.2", "given_twice")]),
        ({"first": {"count": 1, "note": "13800138000"}}, [("first.note", "phone_number")]),
        ({"parts": [{"count": 1, "note": "138-0013-8000"}]}, [("parts.0.note", "phone_number")]),
        ({"more": [["a"], ["b", "13800138000"]]}, [("more.1.1", "phone_number")]),
        ({"told": {"13800138000": 1}}, [("told", "phone_number")]),
        ({"shown": True, "first": {"count": 13800138000}, "units": ["a", "b"]}, []),
    ],
)
def test_what_is_read_otherwise_or_leads_to_a_person_is_found_at_every_depth(raw, found):
    """Planted bugs: look only at fields that are no texts, at none below a list, or under names
    that nobody sends."""
    try:
        Whole.model_validate(raw)
    except ValidationError as error:
        told = [(".".join(map(str, each["loc"])), each["type"]) for each in error.errors()]
    else:
        told = []
    assert told == found
