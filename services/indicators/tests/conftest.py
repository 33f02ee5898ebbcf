"""A small scheme that uses most methods, and ways to spoil it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from indicators.app import create_app
from indicators.rules.draft import complete
from indicators.rules.scheme import Scheme

HERE = Path(__file__).parent
SMALL = json.loads((HERE / "small-scheme.json").read_text("utf-8"), parse_float=Decimal)
SCHEMES = TypeAdapter(Scheme)

Document = dict[str, Any]


def changed(changes: dict[str, object]) -> Document:
    """Return the small scheme's document with the value at each JSON pointer replaced.

    `...` takes the value away.
    """
    document = deepcopy(SMALL)
    for pointer, value in changes.items():
        *path, last = [int(s) if s.isdigit() else s for s in pointer.split("/")[1:]]
        holder: Any = document
        for step in path:
            holder = holder[step]
        if value is ...:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return document


@pytest.fixture(scope="session")
def schemes() -> TypeAdapter[Scheme]:
    """Give what turns JSON into a scheme and back."""
    return SCHEMES


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    """Give the small scheme as JSON, with changes by JSON pointer."""
    return lambda changes=None: changed(changes or {})


@pytest.fixture(scope="session")
def scheme() -> Callable[..., Scheme]:
    """Give the small scheme as it was sent, with changes by JSON pointer."""
    return lambda changes=None: SCHEMES.validate_python(changed(changes or {}))


@pytest.fixture(scope="session")
def stored(scheme: Callable[..., Scheme]) -> Callable[..., Scheme]:
    """Give the small scheme as it is stored, with changes by JSON pointer."""
    return lambda changes=None: complete(scheme(changes))


@pytest.fixture(scope="session")
async def service(run_service: Any) -> Any:
    """Give the indicators service at work, with the small scheme's units registered."""
    running = await run_service("indicators", create_app)
    async with running.caller("performance_office", unit="B01") as office:
        units = [
            {"code": code, "name": f"单位{code}", "kind": kind, "valid_from": "2010-01-01"}
            for kind, codes in {"body": "B01 B02", "assessed": "X1 X2 X3 X4 D1 D2"}.items()
            for code in codes.split()
        ]
        answer = await office.post("/api/v1/units", json={"units": units})
        assert answer.status_code == 201, answer.text
    return running


@pytest.fixture(scope="session")
async def office(service: Any) -> Any:
    """Give a client of the performance office."""
    async with service.caller("performance_office", unit="B01") as client:
        yield client


@pytest.fixture(scope="session")
async def colleague(service: Any) -> Any:
    """Give a client of another person of the performance office."""
    async with service.caller("performance_office", unit="B01", subject="colleague") as client:
        yield client


@pytest.fixture(scope="session")
async def confirm(colleague: Any) -> Callable[..., Any]:
    """Give what has another person confirm, or refuse, all that awaits it in a cycle."""

    async def send(cycle: str, decision: str = "confirm", by: Any = None, **more: object) -> Any:
        history = (await colleague.get(f"{cycle}/targets/history")).json()["versions"]
        latest = {(each["unit"], each["indicator"], each["item"]): each for each in history}
        decisions = [
            {name: each[name] for name in ("unit", "indicator", "item", "version")}
            | {"decision": decision}
            | more
            for each in latest.values()
            if each["state"].endswith("_pending")
        ]
        path = f"{cycle}/target-confirmations"
        return await (by or colleague).post(path, json={"decisions": decisions})

    return send


@pytest.fixture
async def cycle(office: Any) -> str:
    """Give the path of a cycle of its own, in draft."""
    new = {"name": "2025年度", "jurisdiction": "431000", "assessment_year": 2025}
    answer = await office.post("/api/v1/cycles", json=new)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/cycles/{answer.json()['cycle_id']}"


@pytest.fixture
async def opened(office: Any, cycle: str) -> str:
    """Give the path of a cycle of its own whose small scheme is published."""
    for path, body in (("", {"scheme": SMALL}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    return cycle


@pytest.fixture(scope="session")
def problem() -> Callable[[Any], tuple[int, str, list[tuple[str, str]]]]:
    """Give a reader of refusals: status, type, and the (pointer, code) pairs of the faults."""

    def read(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
        body = answer.json()
        faults = [(error["pointer"], error["code"]) for error in body.get("errors", ())]
        return answer.status_code, body["type"], faults

    return read


TABLES = (
    "jurisdiction",
    "jurisdiction_confirmation",
    "jurisdiction_succession",
    "jurisdiction_succession_confirmation",
    "unit",
    "unit_name",
    "unit_succession",
    "cycle",
    "scheme_version",
    "compiled_scheme",
    "scheme_publication",
    "target",
    "target_settlement",
    "responsibility_letter",
    "letter_signature",
    "target_cause",
    "work_plan",
    "project",
    "consultation",
    "scheme_comment",
    "comment_answer",
    "inspection",
    "decomposition",
    "handing_up",
    "superior_standing",
    "id_scheme",
    "unit_mapping",
    "indicator_mapping",
    "journal_entry",
    "idempotency_key",
)


@pytest.fixture
def untouched_after(service: Any) -> Any:
    """Give a context that compares every table before and after it, row by row."""

    digest = "AS name, md5(string_agg(t::text, '' ORDER BY t::text)) FROM"
    each = (f"(SELECT '{table}' {digest} \"{table}\" t)" for table in TABLES)
    # In order: the database may read the tables at once, and tell them as they come.
    every_row = " UNION ALL ".join(each) + " ORDER BY name"

    @asynccontextmanager
    async def compared() -> AsyncIterator[None]:
        before = await service.sql(every_row)
        yield
        assert await service.sql(every_row) == before

    return compared


@pytest.fixture
async def untouched(untouched_after: Any) -> Any:
    """Compare every table before and after the test, row by row."""
    async with untouched_after():
        yield


@pytest.fixture(scope="session")
def every_page() -> Callable[..., Any]:
    """Give a reader of all items of a collection, page by page."""

    async def read(client: Any, path: str, limit: int) -> list[Document]:
        items: list[Document] = []
        query: dict[str, Any] = {"limit": limit}
        while True:
            page = (await client.get(path, params=query)).json()
            assert len(page["items"]) <= limit
            items += page["items"]
            if page["next"] is None:
                return items
            query["after"] = page["next"]

    return read
