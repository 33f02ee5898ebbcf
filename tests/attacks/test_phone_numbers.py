"""Phone numbers that are sent to the survey or the gateway, wherever and however they are written,
are found in no byte of a database's files, of its write-ahead log, of a log, or of an answer.

Mobile numbers are sent everywhere, landline numbers to the survey, whose respondents have them at
home. More than 1,000 of them are written in twelve ways (`make prove`, in processes of their own,
of which everything is looked at that they leave), a hundred otherwise.

Planted bugs, seen to fail: the number of a batch is not looked at, a request id is repeated as it
came, what a refusal says besides its text is not masked.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from tests.attacks.test_silence import (
    ACCOUNTS,
    COLLECTOR,
    NOBODY,
    SECRET,
    SOURCE,
    UNITS,
    Bodies,
    begun,
    examples,
    put,
    scheme,
)
from tests.contracts.publish import live_document
from tests.system.harness import Installation, in_five_processes, in_one_process

from kaoping.card import Credentials
from kaoping.client import Client
from service_testing import trials

THOROUGH = bool(os.environ.get("PROVE"))


# --- numbers --------------------------------------------------------------------------------------


def grouped(groups: list[str], between: str) -> str:
    return between.join(groups)


def in_digits(zero: str) -> Callable[[list[str]], str]:
    return lambda groups: "".join(chr(ord(zero) + int(each)) for each in "".join(groups))


def mixed(groups: list[str]) -> str:
    first, *rest = groups
    return f"{first[0]}{'〇一二三四五六七八九'[int(first[1])]}{first[2:]} {in_digits('０')(rest)}"


SPELLINGS: dict[str, Callable[[list[str]], str]] = {
    "plain": "".join,
    "spaces": " ".join,
    "dashes": "-".join,
    "+86": lambda groups: "+86 " + " ".join([groups[0].lstrip("0"), *groups[1:]]),
    "0086": lambda groups: "0086-" + "-".join([groups[0].lstrip("0"), *groups[1:]]),
    "full width": in_digits("０"),
    "Chinese numerals": lambda groups: "".join(
        "〇一二三四五六七八九"[int(each)] for each in "".join(groups)
    ),
    "dots": ".".join,
    "brackets": lambda groups: f"（{groups[0]}）{''.join(groups[1:])}",
    "nothing between": "\u200b".join,
    "Arabic-Indic": in_digits("٠"),
    "mixed": mixed,
}


@dataclass(frozen=True)
class Number:
    """A number that nobody has, in one spelling."""

    digits: str
    written: str
    is_mobile: bool


def numbers(seed: int) -> Iterator[Number]:
    """Draw mobile and landline numbers in all spellings, without end."""
    dice = random.Random(seed)  # noqa: S311 - the same every time
    while True:
        for is_mobile in (True, False):
            for spell in SPELLINGS.values():
                tail = f"{dice.randrange(10**8):08}"
                groups = [dice.choice(["139", "158", "176", "191"]), tail[:4], tail[4:]]
                if not is_mobile:
                    area = dice.choice(["010", "021", "0571", "0773", "0891"])
                    groups = [area, f"{dice.randint(2, 8)}{tail[1:4]}", tail[4:]]
                yield Number("".join(groups), spell(groups), is_mobile)


NUMBERS = numbers(25)


# --- the system that they are sent to -------------------------------------------------------------


@dataclass
class Target:
    """A system with an open wave, and who speaks to it."""

    installation: Installation
    remains: Callable[[], list[Path]]
    """Where it leaves what it stores and says."""
    ids: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx.Client] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)

    def send(self, who: str, request: tuple[str, str, dict[str, str | bytes], bytes | None]) -> int:
        method, url, headers, body = request
        given = [(name, value) for name, value in headers.items()]
        if method == "POST" and "Idempotency-Key" not in headers:
            given.append(("Idempotency-Key", uuid.uuid4().hex))
        answer = self.clients[who].request(method, url, headers=given, content=body)
        self.answers += [answer.content, repr(answer.headers.raw).encode()]
        return answer.status_code


@contextmanager
def at_hand(postgres, databases, keys) -> Iterator[tuple[Installation, Callable[[], list[Path]]]]:
    """The parts in this process, on the server of all tests."""
    with in_one_process(postgres, databases, keys) as running:

        def remains() -> list[Path]:
            return [postgres.data / "pg_wal", postgres.log, *_directories(postgres.data, running)]

        yield running, remains


@contextmanager
def by_themselves() -> Iterator[tuple[Installation, Callable[[], list[Path]]]]:
    """What `kaoping up` runs, with everything that is in its directory."""
    with in_five_processes() as running:
        assert running.system
        directory = running.system.directory
        yield running, lambda: [directory, running.system.postgres.data]


def _directories(data: Path, running: Installation) -> list[Path]:
    async def ask() -> list[Path]:
        found = []
        for url in running.databases.values():
            connection = await asyncpg.connect(url, ssl=False)
            oid = await connection.fetchval(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            )
            await connection.execute("CHECKPOINT")
            await connection.close()
            found.append(data / "base" / str(oid))
        return found

    return asyncio.run(ask())


@contextmanager
def opened(running: Installation, remains: Callable[[], list[Path]]) -> Iterator[Target]:
    """Begin a year with a survey, open its first wave, and sign in who may do the most."""
    target = Target(running, remains)
    with ExitStack() as doors, running.client(running.administrator) as administrator:
        known = {who: ACCOUNTS[who] for who in ("office", "everything", "centre")}
        accounts = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": roles}
            | {"secret": SECRET}
            for who, (unit, roles) in known.items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
        with running.client(Credentials("office", SECRET)) as office:
            codes = [(u, "assessed") for u in UNITS] + [(SOURCE, "body"), (COLLECTOR, "body")]
            units = [
                {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
                for code, kind in codes
            ]
            office.post("/units", {"units": units})
            path = begun(office, scheme())
            survey = office.post(f"{path}/surveys", {"code": "phone"})["survey_id"]
            office.post(f"/surveys/{survey}/waves/1/opening")
        target.ids = {"cycle_id": path.rpartition("/")[2], "survey_id": survey, "wave": "1"}
        for who in ("everything", "centre"):
            with running.client(Credentials(who, SECRET)) as client:
                target.clients[who] = doors.enter_context(signed_in(running, client))
        target.clients["administrator"] = doors.enter_context(signed_in(running, administrator))
        yield target


def signed_in(running: Installation, client: Client) -> httpx.Client:
    client.get("/me")
    return running.raw(Authorization=f"Bearer {client._token}")


# --- where they are sent --------------------------------------------------------------------------

Request = tuple[str, str, dict[str, str | bytes], bytes | None]
Way = Callable[[str], Request]
"""Puts a text into a request."""

HEADERS = (
    "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language", "Accept", "User-Agent",
    "X-Request-ID", "Referer", "Cookie", "Content-Type", "X-Forwarded-For", "Traceparent", "Origin",
)  # fmt: skip
JSON = {"Content-Type": "application/json"}


def encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def ways_of_bodies(url: str, body: object, schema: dict, bodies: Bodies) -> Iterator[Way]:
    """Each text of a body, keys, bodies that cannot be read, and one that is too large."""
    for at, kind in bodies.places(schema, body):
        if kind == "object":

            def beside(text: str, at: tuple = at) -> Request:
                place = body
                for step in at:
                    place = place[step]
                return "POST", url, JSON, encoded(put(body, at, {**place, text: "x"}))

            yield beside
        else:
            for around in ("{}", "abcdef_{}", "张三 {}，家住城南"):
                yield lambda t, at=at, a=around: (
                    "POST",
                    url,
                    JSON,
                    encoded(put(body, at, a.format(t))),
                )
    broken = (
        lambda t: encoded(body)[:-1] + b',"x":"' + t.encode(),
        lambda t: encoded({"x": t})[:-1] + b',"y":NaN}',
        lambda t: b'{"x":"' + t.encode() + b'\\ud800"}',
        lambda t: b'{"x":"' + t.encode() + b'\\u0000"}',
        lambda t: b"[" * 5000 + encoded(t),
        lambda t: t.encode("utf-16"),
        lambda t: encoded([t, {t: t}]),
    )
    for make in broken:
        yield lambda t, make=make: ("POST", url, JSON, make(t))


def ways_of_paths(method: str, template: str, operation: dict, filled: str) -> Iterator[Way]:
    for name in re.findall(r"\{(\w+)\}", template):

        def inside(text: str, name: str = name) -> Request:
            before, _, after = template.partition("{" + name + "}")
            url = (
                re.sub(r"\{\w+\}", NOBODY, before) + quote(text) + re.sub(r"\{\w+\}", NOBODY, after)
            )
            return method, url, {}, None

        yield inside
    asked = [p["name"] for p in operation.get("parameters", ()) if p.get("in") == "query"]
    for name in (*asked, "unknown"):
        yield lambda t, name=name: (method, f"{filled}?{name}={quote(t)}", {}, None)
    yield lambda t: (method, f"{filled}?{quote(t)}=1", {}, None)
    yield lambda t: (method, f"{filled}/{quote(t)}.csv", {}, None)
    for header in HEADERS:
        yield lambda t, header=header: (method, filled, {header: t.encode()}, None)


ROW = {"unit": "U1", "outcome": "completed", "answer": "good"}


def ways_of_batches(url: str) -> Iterator[Way]:
    """A batch that is sound but for the number, in each form and mode, and one too large."""

    def batch(count: int = 1, **more: object) -> dict:
        token = uuid.uuid4().hex
        rows = [ROW | {"respondent_token": f"{token}{n}"} for n in range(count)]
        return {"batch_no": token, "control_totals": {"count": count}, "rows": rows, **more}

    for mode in ("all", "partial", "check"):
        for name in (*ROW, "respondent_token", "group", "opinion", "unknown"):

            def row(text: str, name: str = name, mode: str = mode) -> Request:
                body = batch(2)
                body["rows"][1][name] = text if name != "respondent_token" else f"token_{text}"
                return "POST", f"{url}?mode={mode}", JSON, encoded(body)

            yield row
        for kind in ("application/x-ndjson", "text/csv"):

            def lines(text: str, kind: str = kind, mode: str = mode) -> Request:
                given = ROW | {"respondent_token": f"token_{text}", "unit": "U1"}
                body = encoded(given)
                if kind == "text/csv":
                    body = f"{','.join(given)}\n{','.join(given.values())}\n".encode()
                asked = f"mode={mode}&batch_no={uuid.uuid4().hex}&control_totals.count=1"
                return "POST", f"{url}?{asked}", {"Content-Type": kind}, body

            yield lines
    yield lambda t: ("POST", url, JSON, encoded(batch(batch_no=t)))
    yield lambda t: ("POST", url, JSON, encoded(batch(batch_no=f"第一批 {t}")))
    yield lambda t: ("POST", f"{url}?id_scheme={quote(t)}", JSON, encoded(batch()))
    yield lambda t: ("POST", url, JSON | {"Content-Encoding": "gzip"}, t.encode())
    yield lambda t: ("POST", url, {"Content-Type": "text/csv"}, f"{t},unit\n{t},U1\n".encode())
    yield lambda t: ("POST", url, JSON, encoded({"x": f"{t} " * 600_000}))
    yield lambda t: ("POST", url, JSON | {"X-Request-ID": t.encode()}, encoded(batch()))
    yield lambda t: ("POST", url, JSON | {"Idempotency-Key": f"{t}-0".encode()}, encoded(batch()))


_IN_FILES = ("respondent_token", "unit", "answer", "outcome", "interviewer", "stratum")


def ways_of_opinions(url: str) -> Iterator[Way]:
    """An opinion that came alone, sound but for the number, in each form and mode."""
    sound = {"unit": "U1", "text": "窗口排队太久"}
    for mode in ("all", "partial", "check"):
        for name in ("unit", "text", "group", "channel", "unknown"):

            def row(text: str, name: str = name, mode: str = mode) -> Request:
                said = f"请回电 {text}，谢谢" if name == "text" else text
                rows = [sound, sound | {name: said}]
                body = {"batch_no": uuid.uuid4().hex, "rows": rows}
                return "POST", f"{url}?mode={mode}", JSON, encoded(body)

            yield row

        def lines(text: str, mode: str = mode) -> Request:
            body = f"unit,text\nU1,好的\nU1,{text}\n".encode()
            asked = f"mode={mode}&batch_no={uuid.uuid4().hex}"
            return "POST", f"{url}?{asked}", {"Content-Type": "text/csv"}, body

        yield lines
    yield lambda t: ("POST", url, JSON, encoded({"batch_no": f"信访 {t}", "rows": [sound]}))
    yield lambda t: ("POST", url, JSON, encoded({"batch_no": "x", "rows": [{"text": t * 90_000}]}))


def ways_of_files(url: str) -> Iterator[Way]:
    """A file of any size, its columns called as the fields of a batch."""
    for mode in ("all", "partial", "check"):
        for name in (*_IN_FILES, "opinion"):
            for kind in ("application/x-ndjson", "text/csv"):

                def file(
                    text: str, name: str = name, mode: str = mode, kind: str = kind
                ) -> Request:
                    token = uuid.uuid4().hex
                    rows = [{**ROW, "respondent_token": f"{token}{n}", name: text} for n in (1, 2)]
                    rows[0] |= {name: ROW.get(name, f"{token}3")}
                    if name == "respondent_token":
                        rows[1][name] = f"token_{text}"
                    body = b"".join(encoded(row) + b"\n" for row in rows)
                    if kind == "text/csv":
                        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
                        body = ("\n".join(lines) + "\n").encode()
                    return (
                        "POST",
                        f"{url}?mode={mode}&batch_no={token}",
                        {"Content-Type": kind},
                        body,
                    )

                yield file
    csv = {"Content-Type": "text/csv"}
    sound = f"unit,respondent_token,outcome,answer\nU1,{'x' * 20},completed,good\n".encode()
    yield lambda t: ("POST", f"{url}?batch_no={quote(t)}", csv, sound)
    yield lambda t: ("POST", f"{url}?batch_no=F1&mapping={quote(t)}", csv, sound)
    yield lambda t: ("POST", f"{url}?batch_no=F1", csv, f"{t}\n{t}\n".encode())
    yield lambda t: ("POST", f"{url}?batch_no=F1&x={quote(t)}.csv", csv, t.encode("gb18030"))


def ways(target: Target, part: str) -> Iterator[Way]:
    document = live_document(part)
    for template, methods in document["paths"].items():
        filled = re.sub(r"\{(\w+)\}", lambda m: target.ids.get(m[1], NOBODY), template)
        for method, operation in methods.items():
            yield from ways_of_paths(method.upper(), template, operation, filled)
    for path, schema, body, bodies in examples(document):
        url = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: target.ids.get(m[1], NOBODY), path)
        yield from ways_of_bodies(url, body, schema, bodies)
    yield lambda t: ("GET", f"/{quote(t)}", {}, None)


def ways_of_signing_in() -> Iterator[Way]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for name in ("client_id", "username", "grant_type", "scope"):
        yield lambda t, name=name: ("POST", "/oauth/token", form, f"{name}={quote(t)}".encode())


# --- and where they are looked for ----------------------------------------------------------------


def traces(sent: list[Number], where: list[Path], patterns: Path) -> list[str]:
    """Return which of the numbers stand in which files, as they were written or in plain digits."""
    needles = set()
    for number in sent:
        written = {number.written, number.digits, quote(number.written)}
        needles |= written | {json.dumps(each)[1:-1] for each in written}
    patterns.write_text("".join(f"{each}\n" for each in sorted(needles)), "utf-8")
    known = [str(path) for path in where if path.exists()]
    assert known
    found = subprocess.run(
        ["grep", "-aorFf", str(patterns), *known], capture_output=True, env={"LC_ALL": "C"}
    )
    assert found.returncode in (0, 1), found.stderr
    return found.stdout.decode("utf-8", "replace").splitlines()


@pytest.mark.prove
def test_no_phone_number_that_is_sent_is_stored_logged_or_told(
    request, capfdbinary, tmp_path, figure
):
    system = (
        by_themselves()
        if THOROUGH
        else at_hand(*map(request.getfixturevalue, ("postgres", "databases")), tmp_path)
    )
    with system as (running, remains), opened(running, remains) as target:
        sent = [*push(target, "survey", "everything"), *push(target, "gateway", "administrator")]
        said = tmp_path / "said"
        out = capfdbinary.readouterr()
        said.write_bytes(b"\n".join([*target.answers, out.out, out.err]))
        patterns = tmp_path / "numbers"
        assert traces(sent, [said, *remains()], patterns) == []
        # A test of the test: what is stored is found, and what is said.
        stored = Number("wave-open", "rpc-nothing", is_mobile=False)
        assert len(traces([stored], remains(), patterns)) > 0
        told = Number("application/problem+json", "nothing", is_mobile=False)
        assert len(traces([told], [said], patterns)) > 0
    figure("phone numbers", len(sent))


def push(target: Target, part: str, who: str) -> list[Number]:
    """Send numbers of both kinds in every way, and mobile numbers alone to the gateway."""
    kinds = [True, False] if part == "survey" else [True]
    wave = f"/api/v1/surveys/{target.ids['survey_id']}/waves/1"
    collected = f"{wave}/batches", f"{wave}/files", f"{wave}/opinions"
    batches = [*ways_of_batches(collected[0]), *ways_of_files(collected[1])]
    batches += ways_of_opinions(collected[2])
    first = batches if part == "survey" else ways_of_signing_in()
    others = list(ways(target, part))
    random.Random(1).shuffle(others)  # noqa: S311 - the same every time
    every = [*first, *others[: trials(25, len(others))]]
    sent = []
    for kind in kinds * trials(1, 2):
        drawn = (each for each in NUMBERS if each.is_mobile is kind)
        for way, number in zip(every, drawn, strict=False):
            method, at, *more = way(number.written)
            target.send("centre" if at.startswith(collected) else who, (method, at, *more))
            sent.append(number)
    return sent
