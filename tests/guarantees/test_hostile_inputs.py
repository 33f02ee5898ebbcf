"""Whatever is sent, the answer is no failure of ours, and a refusal says what is wrong in words."""

import json
import random
import re
from pathlib import Path

import lending
import pytest

from service_testing import trials

LOANS = "/api/v1/loans"
BODY = '{"book": "B1", "days": "14.50", "note": "借", "copies": 1}'
VALUES = ('"B1"', '"14.50"', '"借"', "1}")
PIECES = [
    "NaN", "-Infinity", "1e999", "1E400000", "-0", "00", "0x1", "1.", "\\ud800", "\\u0000", "\x00",
    "\ufeff", "\\", '"', "{", "}", "[", "]", ":", ",", "null", "true", '{"book":1,"book":2}', "'",
    "１４", "٣", "9" * 5_000, "[" * 40, '{"a":' * 40, "%00", "../..", "${jndi:ldap://x}",
    "<script>",
    "'; DROP TABLE loan; --", "=1+1", "\u202e", "\U000e0001", "a" * 30_000, '"__proto__":{}',
    "13800138000", "0.1e-400000", "\r\n", "/*", "//", "#", "\x85", "\u2028",
]  # fmt: skip
TYPES = [
    "application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "",
    "multipart/form-data", "application/json, text/html", "a" * 200,
    "application/x-www-form-urlencoded",
]  # fmt: skip
TELLS = re.compile(
    r"Traceback|site-packages|File \"|SELECT |INSERT |asyncpg|sqlalchemy|/src/|pg_|\.py\b", re.I
)


def hostile(draw: random.Random) -> bytes:
    """Return a body that begins as a right one and has been spoilt in some places."""
    told = BODY
    if draw.random() < 0.3:
        value = draw.choice(VALUES)
        told = told.replace(value, draw.choice(PIECES) + "}" * value.endswith("}"))
    body = bytearray(told.encode("utf-8", "surrogatepass"))
    for _ in range(draw.randint(0 if told != BODY else 1, 4)):
        at = draw.randrange(len(body) + 1)
        match draw.randrange(4):
            case 0:
                body[at:at] = draw.choice(PIECES).encode("utf-8", "surrogatepass")
            case 1:
                body[at : at + 1] = bytes([draw.randrange(256)])
            case 2:
                del body[at : at + draw.randint(1, 12)]
            case _:
                body[at:] = body[draw.randrange(len(body) + 1) :]
    return bytes(body[:60_000])


def query(draw: random.Random) -> str:
    """Return a query that no list knows, or none.

    A refusal repeats its name: it has no dot, or it might be taken for that of a file.
    """
    if draw.random() < 0.7:
        return ""
    signs = "".join(chr(draw.choice([*range(33, 127), *range(0x4E00, 0x4E10)])) for _ in range(6))
    signs = signs.replace("#", "%23").replace(".", "%2C")
    return draw.choice(["?", "?mode=", "?limit=", "?after=", "?%"]) + signs


@pytest.mark.prove
async def test_no_input_makes_the_service_fail(run_service, tmp_path_factory, figure):
    """100,000 inputs in the long form.

    Planted bugs: the digits of a number are not counted; a
    refusal tells where in the program it was made."""
    service = await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        body_limit=100_000,
    )
    draw, kept, inputs = random.Random(27), 0, trials(1_500, 100_000)  # noqa: S311 - repeatable
    async with service.caller("librarian", subject="li") as librarian:
        for n in range(inputs):
            body, kind = hostile(draw), draw.choice(TYPES) if draw.random() < 0.1 else TYPES[0]
            path = draw.choice([LOANS, LOANS, f"{LOANS}/each", f"{LOANS}/bulk"]) + query(draw)
            answer = await librarian.post(path, content=body, headers={"Content-Type": kind})
            why = n, path, body[:300], answer.status_code, answer.text[:300]
            assert answer.status_code < 500, why
            if answer.is_success:
                kept += 1
                continue
            assert answer.headers["content-type"] == "application/problem+json", why
            problem = json.loads(answer.content)
            assert problem["status"] == answer.status_code, why
            assert {"type", "title"} <= problem.keys(), why
            assert not TELLS.search(answer.text), why
    assert kept < inputs // 2
    stored = await service.sql("SELECT count(*) AS n FROM journal_entry")
    assert stored[0]["n"] <= kept
    figure("hostile inputs", inputs)
