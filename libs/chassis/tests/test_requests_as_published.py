"""What a service publishes about its requests, and that nothing else is taken in."""

import re
from pathlib import Path

import lending
import pytest

LOANS = "/api/v1/loans"


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


@pytest.fixture(scope="module")
def document(service):
    return service.app.openapi()


@pytest.mark.parametrize("query", ["?dry_run=true", "?limit=2&unknown", "?LIMIT=2", "?%00=1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_query_parameter_that_nobody_reads_is_refused(service, librarian, method, query):
    """Planted bug: unknown parameters are ignored, and `dry_run=true` stores what it tries."""
    before = await service.sql("SELECT count(*) AS n FROM loan")
    answer = await librarian.request(
        method, LOANS + query, **({"json": {"book": "B9", "days": 1}} if method == "POST" else {})
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "query-not-understood")
    assert answer.json()["errors"][0]["code"] == "unknown-parameter"
    assert await service.sql("SELECT count(*) AS n FROM loan") == before


async def test_a_query_parameter_that_stands_there_twice_is_refused(librarian):
    """Planted bug: the last of two equal ones counts, in silence."""
    answer = await librarian.get(LOANS + "?limit=1&limit=200")
    assert answer.json()["errors"] == [
        {"pointer": "/query/limit", "code": "given-twice", "detail": "Give it once."}
    ]


async def test_thousands_of_unknown_parameters_make_a_short_answer(librarian):
    answer = await librarian.get(LOANS + "?" + "&".join(f"x{i}=" for i in range(5000)))
    assert answer.status_code == 422
    assert len(answer.content) < 5000
    assert "5000 fault(s)" in answer.json()["detail"]


async def test_a_body_where_none_is_expected_is_refused(librarian):
    answer = await librarian.request("GET", LOANS, json={"limit": 3})
    assert (answer.status_code, answer.json()["type"]) == (422, "body-not-expected")


def test_every_command_declares_its_idempotency_key(document):
    """Planted bug: it is read from the request and declared nowhere, so that no client sends it."""
    declared = {
        path: [p for p in item["post"].get("parameters", ()) if p["name"] == "Idempotency-Key"]
        for path, item in document["paths"].items()
        if "post" in item
    }
    [of_loans] = declared[LOANS]
    assert of_loans["required"]
    assert of_loans["schema"] == {
        "type": "string", "pattern": "^[!-~]+$", "minLength": 8, "maxLength": 200,
    }  # fmt: skip
    assert declared["/api/v1/loans/snapshot"] == []  # it stores nothing


def test_every_refusal_is_published_as_a_problem_document(document):
    """Planted bug: FastAPI's own validation error stands there, a shape nobody ever answers."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            assert {"401", "403", "422", "503"} <= set(answers), path
            assert method == "get" or {"400", "409", "413", "415"} <= set(answers), path
            for status, answer in answers.items():
                if status[0] in "45":
                    assert list(answer["content"]) == ["application/problem+json"]
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
    assert "already-lent" in document["paths"][LOANS]["post"]["responses"]["409"]["description"]


def test_every_pattern_is_one_that_other_languages_read_alike(document):
    """Planted bug: a pattern ends in \\z, which JavaScript takes for the letter z."""
    patterns = set[str]()

    def look(node):
        if isinstance(node, dict):
            patterns.update(v for k, v in node.items() if k == "pattern" and isinstance(v, str))
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(document)
    assert patterns
    assert not [p for p in patterns if re.search(r"\\[zZAG]|\(\?[^:=!]", p)]


@pytest.mark.parametrize("book", ["B1\n", "B1\r", "\nB1", "B1\u2028"])
async def test_a_code_ends_where_its_pattern_ends(librarian, book):
    """Planted bug: `$` lets one line break pass, as it does in some languages."""
    answer = await librarian.post(LOANS, json={"book": book, "days": 1})
    assert answer.status_code == 422


async def test_a_preview_keeps_nothing_and_needs_no_key(service):
    """Planted bug: the transaction of a check is committed like any other."""
    counted = "SELECT (SELECT count(*) FROM loan) + (SELECT count(*) FROM idempotency_key) AS n"
    before = await service.sql(counted)
    token = service.caller("librarian").headers["Authorization"]
    async with service.client({"Authorization": token}) as client:
        client.event_hooks = {"request": []}  # no key is added
        url = f"{LOANS}/tried?mode=check"
        looked = await client.post(url, json={"book": "T1", "days": 1})
        assert (looked.status_code, looked.json()) == (200, "it can be lent")
        # The endpoint that writes all the same is stopped by the database.
        careless = await client.post(url, json={"book": "T1", "days": 1, "copies": 2})
        assert careless.status_code == 500
        other = await client.post(f"{LOANS}/tried?mode=perhaps", json={"book": "T1", "days": 1})
        assert other.status_code == 422
    assert await service.sql(counted) == before


async def test_a_command_that_can_be_checked_is_carried_out_once_under_its_key(service, librarian):
    key = {"Idempotency-Key": "tried-and-lent"}
    answers = [
        await librarian.post(f"{LOANS}/tried", json={"book": "T2", "days": 1}, headers=key)
        for _ in range(2)
    ]
    assert [(a.status_code, a.json()) for a in answers] == [(200, "lent")] * 2
    assert len(await service.sql("SELECT 1 FROM loan WHERE book = 'T2'")) == 1
