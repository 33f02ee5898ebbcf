"""Every limit that is published of a field: its last value is taken, and past it the refusal names
the field.

Every operation is sent parameters and bodies made of its published schema, over HTTP, through the
door, as somebody who may send them. Lists are sent past their limits, and in the short form one in
four of them at its limit besides: that is thousands of rows.

Planted bugs, seen to fail: a list whose rows come to more bytes than its route takes; a limit that
is published and not held; a text whose length is told as a number of items.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

import httpx
import pytest
import yaml
from tests.architecture import limits
from tests.contracts.bounded import Bound, Json, replaced, shapes
from tests.contracts.publish import PARTS, ROOT, SERVICES, committed_document
from tests.system import harness

from kaoping.card import Credentials
from service_testing import trials

TABLE = yaml.safe_load((ROOT / "gateway" / "authorisation.yaml").read_text("utf-8"))
HERE = "tests/contracts/test_limits_of_fields.py::test_every_published_limit_is_held_at_its_value"
SECRET = "a-secret-that-is-long-enough"
OF_SYSTEMS = {role for role, told in TABLE["roles"].items() if told.get("held_by") == "client"}
LISTS = {"maxItems", "minItems", "maxProperties"}
AT_ONCE = 40
"""So many fields are sent past their limits at once: an answer names a hundred faults."""
NOBODY = "00000000-0000-4000-8000-000000000000"
KEY = "Idempotency-Key"
OF_A_LIMIT = {
    "maxLength": {"string-too-long", "string-pattern-mismatch", "plain-digits", "too-many-digits"},
    "minLength": {"string-too-short", "string-pattern-mismatch", "plain-digits"},
    "maximum": {"less-than-equal", "out-of-range"},
    "minimum": {"greater-than-equal", "out-of-range"},
    "maxItems": {"too-long", "too-many"},
    "minItems": {"too-short", "missing"},
    "maxProperties": {"too-long", "too-many"},
}
"""Of what kind the faults are that name a limit."""
CAPS = {"idempotency-key-missing": "8 to 200", "not-json": "has more than"}
"""What names a limit before anybody looks at fields: of the key, and of any body."""


@dataclass
class Tried:
    """Which limits of which fields were tried, and what was wrong."""

    bounds: dict[str, set[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    lists: Iterator[int] = field(default_factory=count)


@dataclass
class Operation:
    """An operation as it is published, and who asks it."""

    route: str
    told: Json
    door: httpx.Client
    cycle: str
    tried: Tried

    def ask(self, placed: dict[str, Json], body: Json = None) -> httpx.Response:
        """Ask it once; `placed` are parameters by their place and name."""
        method, _, path = self.route.partition(" ")
        query, headers = {}, {KEY: f"limits-{next(self.tried.numbers)}"}
        for each in self.told.get("parameters", ()):
            where, name = each["in"], each["name"]
            value = placed.get(f"{where}/{name}")
            if where == "path":
                value = self._usual(each) if value is None else value
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            elif value is not None:
                value = value if isinstance(value, list) else str(value)
                (query if where == "query" else headers)[name] = value
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self.door.request(method, path, params=query, content=content, headers=headers)

    def _usual(self, parameter: Json) -> str:
        if parameter["name"] == "cycle_id":
            return self.cycle
        if parameter["schema"].get("format") == "uuid":
            return NOBODY
        return str(next(shapes(parameter["schema"], {})).body)

    def try_all(self, bounds: Sequence[Bound], ask: Callable[[Sequence[Bound], int], Json]) -> None:
        """Ask with fields at their limits, and past them; lists one by one."""
        alone = [[each] for each in bounds if each.keyword in LISTS]
        for upper in (True, False):
            rest = [e for e in bounds if e.keyword not in LISTS and e.is_upper == upper]
            alone += [rest[n : n + AT_ONCE] for n in range(0, len(rest), AT_ONCE)]
        for each in alone:
            if each[0].keyword not in LISTS or next(self.tried.lists) % trials(4, 1) == 0:
                self._try_within(each, ask(each, 0))
            self._try_beyond(each, ask)

    def _try_within(self, bounds: Sequence[Bound], answer: httpx.Response) -> None:
        fails = answer.status_code in {401, 413} or answer.status_code >= 500
        for each in bounds:
            if fails or names(answer, each):
                self._note(each, "is not taken", answer)

    def _try_beyond(self, bounds: Sequence[Bound], ask: Callable[..., httpx.Response]) -> None:
        """Ask with fields past their limits: what is looked at after others, again without them."""
        answer = ask(bounds, 1)
        left = [each for each in bounds if not names(answer, each)]
        if left and len(left) < len(bounds):
            self._try_beyond(left, ask)
        else:
            for each in left:
                self._note(each, "is not refused past it", answer)
        for each in bounds:
            self.tried.bounds.setdefault(f"{self.route}#{each.name}", set()).add(each.limit)

    def _note(self, bound: Bound, why: str, answer: httpx.Response) -> None:
        what = f"{self.route}#{bound.name} {bound.keyword} {bound.limit}"
        self.tried.wrong.append(f"{what} {why}: {answer.status_code} {answer.text[:600]}")


def names(answer: httpx.Response, bound: Bound) -> bool:
    """Say whether an answer refuses a field for its limit."""
    if answer.headers.get("content-type") != "application/problem+json":
        return False
    told = answer.json()
    if CAPS.get(told["type"], "\0") in told["title"] + told.get("detail", ""):
        return True
    return any(
        each["code"] in OF_A_LIMIT[bound.keyword]
        and f"{each['pointer']}/".startswith(f"{bound.pointer}/")
        for each in told.get("errors", ())
    )


def try_parameters(operation: Operation, schemas: Json, *, key: bool) -> None:
    """Try the limits of what an operation is asked with beside its body."""
    bounds: dict[tuple[str, str, int], Bound] = {}
    for each in operation.told.get("parameters", ()):
        place = (each["in"], each["name"])
        if each["name"] == KEY and not key:
            continue
        for shape in shapes(each["schema"], schemas):
            for b in shape.bounds:
                is_another_path = each["in"] == "path" and b.keyword == "minLength"
                if not b.at and not is_another_path:
                    bounds[each["name"], b.keyword, b.limit] = b.within(place)

    def ask(some: Sequence[Bound], over: int) -> httpx.Response:
        return operation.ask({"/".join(map(str, b.at)): b.value(over) for b in some})

    operation.try_all([*bounds.values()], ask)


def try_bodies(operation: Operation, schema: Json, schemas: Json) -> None:
    """Try the limits of what stands in the body of an operation."""
    seen = set()
    for shape in shapes(schema, schemas):
        known = {(b.at, b.keyword, b.limit) for b in shape.bounds} - seen
        seen |= known
        new = [b for b in shape.bounds if (b.at, b.keyword, b.limit) in known]

        def ask(some: Sequence[Bound], over: int, body: Json = shape.body) -> httpx.Response:
            for each in some:
                body = replaced(body, each.at, each.value(over))
            return operation.ask({}, body)

        operation.try_all(new, ask)


@pytest.fixture(scope="module")
def doors(postgres, databases, tmp_path_factory):
    """A client of an account of each role, and one of nobody."""
    # What they publish is held against their code elsewhere, and takes five seconds to make.
    harness._PUBLISHED |= {part: committed_document(part) for part in SERVICES}
    with (
        harness.in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running,
        ExitStack() as stack,
    ):
        kinds = {r: "client" if r in OF_SYSTEMS else "person" for r in TABLE["roles"]}
        with running.client(running.administrator) as administrator:
            accounts = [
                {"subject": role, "name": role, "unit": "A1", "roles": [role], "secret": SECRET}
                | {"kind": kind}
                for role, kind in kinds.items()
            ]
            administrator.post("/accounts", {"accounts": accounts})
        found = {"anyone": stack.enter_context(running.raw())}
        for role, kind in kinds.items():
            answer = running.raw().post("/oauth/token", data=Credentials(role, SECRET, kind).form)
            told = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            found[role] = stack.enter_context(running.raw(**told))
        yield found


def whose(route):
    """Return the role that may send something, without a condition if there is one."""
    rows = sorted(TABLE["routes"][route], key=lambda row: ("phase" in row, "relation" in row))
    return "auditor" if rows[0]["role"] == "any" else rows[0]["role"]


@pytest.fixture(scope="module")
def tried(doors):
    """What came of all limits of all operations."""
    new = {"name": "x", "jurisdiction": "439900", "assessment_year": 2025}
    made = doors["performance_office"].post("/api/v1/cycles", json=new, headers={KEY: "the-cycle"})
    tried = Tried()
    for part in PARTS:
        document, keys = committed_document(part), 0
        schemas = document["components"]["schemas"]
        for path, of in document["paths"].items():
            for method, told in of.items():
                route = f"{method.upper()} {path}"
                if route not in TABLE["routes"]:
                    continue
                operation = Operation(
                    route, told, doors[whose(route)], made.json()["cycle_id"], tried
                )
                # One function of the chassis reads the key, after everything else.
                given = [e for e in told.get("parameters", ()) if e.get("required")]
                plain = {"requestBody"}.isdisjoint(told) and all(
                    e["in"] == "path" or e["name"] == KEY for e in given
                )
                has_key = plain and any(e["name"] == KEY for e in given)
                keys += has_key
                try_parameters(operation, schemas, key=has_key and keys == 1)
                body = told.get("requestBody", {}).get("content", {}).get("application/json")
                if body:
                    try_bodies(operation, body["schema"], schemas)
    return tried


@pytest.mark.prove
def test_every_published_limit_is_held_at_its_value(tried, figure):
    figure("limits of fields", sum(map(len, tried.bounds.values())))
    assert len(tried.bounds) > 1_500
    assert not tried.wrong, f"{len(tried.wrong)} such as\n" + "\n".join(tried.wrong[:10])


def test_every_constant_that_a_field_carries_was_tried_there(tried):
    """Planted bugs: a constant is named with a field that has another limit; a field goes."""
    carried = {at: each for at, each in limits.catalogue().items() if "field" in each}
    for limit, each in carried.items():
        assert each["test"] == HERE, limit
        assert limits.value_of(limit) in tried.bounds.get(each["field"], ()), limit
