"""A command with `mode=check` goes its way, answers as it would, and keeps nothing."""

from pathlib import Path

import asyncpg
import lending
import pytest

LOANS = "/api/v1/loans"
KEPT = (
    "SELECT (SELECT array_agg(l::text ORDER BY book) FROM loan l) AS loans,"
    " (SELECT count(*) FROM idempotency_key) AS keys,"
    " (SELECT array_agg(j::text) FROM journal_entry j) AS told,"
    " (SELECT array_agg(h::text) FROM journal_head h) AS heads"
)


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
    """Somebody who sends no keys."""
    async with service.caller("librarian") as client:
        client.event_hooks = {"request": []}
        yield client


async def carried_out(service, path, body):
    async with service.caller("librarian") as client:
        return await client.post(f"{LOANS}{path}", json=body)


async def test_what_is_checked_answers_like_the_command_and_keeps_nothing(service, librarian):
    """Planted bugs: commit the check; record it in the journal; want a key for it."""
    before, body = await service.sql(KEPT), {"book": "C1", "days": 3}
    for headers in ({}, {"Idempotency-Key": "checked-twice"}, {"Idempotency-Key": "short"}):
        checked = await librarian.post(f"{LOANS}?mode=check", json=body, headers=headers)
        assert checked.status_code == 200, checked.text
        assert checked.json()["receipt"] is None
    assert await service.sql(KEPT) == before
    done = await carried_out(service, "?mode=all", body)
    assert done.status_code == 201
    assert done.json() | {"receipt": None} == checked.json()

    before = await service.sql(KEPT)
    refused = [
        await librarian.post(f"{LOANS}?mode=check", json=body),
        await carried_out(service, "", body),
    ]
    assert [each.status_code for each in refused] == [409, 409]
    assert [each.json()["type"] for each in refused] == ["already-lent"] * 2
    assert await service.sql(KEPT) == before


async def test_rows_that_were_copied_are_gone_after_a_check(service, librarian):
    """Planted bug: begin the transaction by COPY, which is committed at once."""
    before = await service.sql(KEPT)
    body = {"loans": [{"book": f"C2-{n}", "days": 1} for n in range(200)]}
    checked = await librarian.post(f"{LOANS}/bulk?mode=check", json=body)
    assert (checked.status_code, checked.json()) == (200, 200)
    assert await service.sql(KEPT) == before


async def test_what_the_commit_would_refuse_the_check_refuses(service, librarian):
    """Planted bug: roll back without looking at what is deferred to the commit."""
    checked = await librarian.post(f"{LOANS}/broken?mode=check")
    assert checked.status_code == (await carried_out(service, "/broken", None)).status_code == 500


async def test_whoever_may_not_give_a_command_may_not_check_it(service):
    """Planted bugs: settle what was to be asked at the commit alone; read the mode before the
    caller."""
    before, body = await service.sql(KEPT), {"book": "C3", "days": 1}
    async with service.caller("reader") as reader:
        assert (await reader.post(f"{LOANS}?mode=check", json=body)).status_code == 403
        # Its relation is never asked about.
        assert (await reader.post(f"{LOANS}/forgetful?mode=check", json=body)).status_code == 500
        large = {"book": "C3", "days": 1, "note": "x" * 1_000_000}
    async with service.caller("librarian") as librarian:
        assert (await librarian.post(f"{LOANS}?mode=check", json=large)).status_code == 413
        other = await librarian.post(f"{LOANS}?mode=perhaps", json=body)
        assert other.json()["errors"][0]["pointer"] == "/query/mode"
    async with service.client({}) as nobody:
        assert (await nobody.post(f"{LOANS}?mode=check", json=body)).status_code == 401
    assert await service.sql(KEPT) == before


async def test_a_check_waits_for_no_chain(service, librarian):
    """Planted bug: write the entry of a check as well, and take it back."""
    assert (await carried_out(service, "", {"book": "C4", "days": 1})).status_code == 201
    holder = await asyncpg.connect(service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM journal_head FOR UPDATE")
            with service.messages() as said:
                checked = await librarian.post(
                    f"{LOANS}?mode=check", json={"book": "C5", "days": 1}
                )
    finally:
        await holder.close()
    assert checked.status_code == 200
    assert "journal_append" not in "".join(said)


async def test_a_check_cannot_be_committed_by_its_endpoint(service, librarian):
    """Planted bug: leave it to each endpoint to commit nothing."""
    before = await service.sql(KEPT)
    body = {"book": "C6", "days": 1}
    answer = await librarian.post(f"{LOANS}/hasty?mode=check", json=body)
    assert answer.status_code == 500
    assert await service.sql(KEPT) == before
    assert (await carried_out(service, "/hasty", body)).status_code == 201


def test_every_command_is_published_with_its_modes_and_both_answers(service):
    document = service.app.openapi()
    lending_one = document["paths"][LOANS]["post"]
    [mode] = [each for each in lending_one["parameters"] if each["name"] == "mode"]
    assert mode["in"] == "query"
    assert (mode["schema"]["enum"], mode["schema"]["default"]) == (["all", "check"], "all")
    answers = [lending_one["responses"][status]["content"] for status in ("200", "201")]
    assert answers[0] == answers[1]
    assert "mode" not in str(document["paths"]["/api/v1/shelf"])
