"""What every service promises, shown on a service about library loans."""

import asyncio
from pathlib import Path
from typing import Annotated

import asyncpg
import httpx
import lending
import pytest
import sqlalchemy as sa
from fastapi import Depends, Request, Response
from opentelemetry import trace
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from chassis import peers
from chassis.authorisation import Permit
from chassis.db import Driver, Snapshot, once, unavailable
from chassis.health import Readiness
from chassis.idempotency import Blank, Key
from chassis.journal import MOST_VERIFIED
from chassis.routes import _ALONE, Router
from chassis.settings import Settings

LOANS = "/api/v1/loans"


@pytest.fixture(scope="module")
async def service(run_service, tmp_path_factory):
    def shelf(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.headers.get("if-none-match") == '"v1"':
            return httpx.Response(304)
        return httpx.Response(200, json={"label": "A-3", "more": 1}, headers={"etag": '"v1"'})

    asked: list[httpx.Request] = []
    running = await run_service(
        "lending",
        lending.create_app,
        peers=shelf,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        body_limit=100_000,
        idle_seconds=0,
    )
    running.app.state.asked = asked
    return running


@pytest.fixture
async def librarian(service):
    async with service.caller("librarian", subject="li") as client:
        yield client


async def lent(service) -> int:
    return (await service.sql("SELECT count(*) AS n FROM loan"))[0]["n"]


async def test_a_command_is_kept_and_answered_with_a_receipt(service, librarian):
    answer = await librarian.post(LOANS, json={"book": "B1", "days": "14.50"})
    assert answer.status_code == 201
    assert answer.json()["loan"] == {"book": "B1", "days": "14.50"}
    receipt = answer.json()["receipt"]
    async with service.caller("reader") as reader:
        known = await reader.get(f"/api/v1/journals/lending/receipts/{receipt['hash']}")
    assert known.json() == receipt


@pytest.mark.parametrize("path", ["/broken", "/snapshot"])
async def test_a_failure_at_the_very_end_is_a_problem_and_not_a_success(librarian, path):
    """Planted bug: have the route give the answer first and finish its work afterwards."""
    answer = await librarian.post(LOANS + path)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_same_command_twice_is_done_once_and_answered_alike(service, librarian):
    """Planted bug: commit without `key.keep(answer)`, and the second is a 409."""
    headers = {"Idempotency-Key": "a-key-of-mine"}
    first = await librarian.post(LOANS, json={"book": "B2", "days": 3}, headers=headers)
    before = await lent(service)
    again = await librarian.post(LOANS, json={"book": "B2", "days": 3}, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replay"] == "true"
    assert await lent(service) == before
    other = await librarian.post(LOANS, json={"book": "B3", "days": 3}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reused")


async def test_a_commit_that_failed_leaves_the_connection_as_it_should_be(service, librarian):
    """Planted bug: leave out what `Driver.execute` does after a failure; SQLAlchemy lends the
    connection to the next command in the transaction that failed."""
    for n in range(2 * Settings.model_fields["pool_size"].default):
        key = {"Idempotency-Key": f"failed-{n:02}"}
        assert (await librarian.post(f"{LOANS}/broken", headers=key)).status_code == 500
        answer = await librarian.post(LOANS, json={"book": f"C{n}", "days": 3}, headers=key)
        assert answer.status_code == 201, answer.text
        again = await librarian.post(LOANS, json={"book": f"C{n}", "days": 3}, headers=key)
        assert again.headers["idempotent-replay"] == "true"
    idle = (
        "SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'lending' AND state <> 'idle'"
    )
    assert await service.sql(idle) == [{"n": 0}]


@pytest.mark.parametrize("key", ["it's '; DROP", "back\\slash\\'\\", "$$ E'\\n' --", "'" * 9])
async def test_a_key_is_a_text_and_nothing_else(service, key):
    """Planted bug: write the key between quotes into the statement."""
    body = {"book": f"K{abs(hash(key))}", "days": 3}
    headers = {"Idempotency-Key": key.replace(" ", "_")}
    async with service.caller("librarian", subject="李'\\") as li:
        first = await li.post(LOANS, json=body, headers=headers)
        again = await li.post(LOANS, json=body, headers=headers)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["idempotent-replay"] == "true"


async def test_a_key_is_found_without_reading_the_others(service):
    """Planted bug: compare with texts in the collation that bytes come with."""
    await service.sql(
        "INSERT INTO idempotency_key (caller, key, fingerprint, status, media_type, body)"
        " SELECT 'zhao', 'key-' || n, '', 200, '', '' FROM generate_series(1, 300) n"
    )
    read = (
        "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables"
        " WHERE relname = 'idempotency_key'"
    )
    async with service.app.state.sessions() as db:
        before = await db.scalar(sa.text(read))  # what the connection has not told of yet
    for n in range(8):  # the plan that is kept after the first five, too
        async with once(service.app.state.sessions, Key("zhao", f"new-{n}", b"")) as db:
            now = await db.scalar(sa.text(read))
        assert now <= before
        before = now


async def test_nobody_waits_for_a_chain_while_an_answer_is_written(service, librarian):
    """Planted bug: take the head of the chain by a statement of its own, before the commit."""
    with service.messages() as said:
        answer = await librarian.post(LOANS, json={"book": "B11", "days": 3})
    assert answer.status_code == 201
    [writing] = [each for each in said if "journal_append" in each]
    assert writing.endswith("COMMIT;")


async def test_an_answer_that_could_not_be_read_back_is_told_to_who_asks_again(
    service, librarian, monkeypatch
):
    """Planted bug: read the answer back before the commit; nothing was done, and a 503 says so."""
    headers, body = {"Idempotency-Key": "lost-afterwards"}, {"book": "B12", "days": 3}

    async def lost(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(Driver, "fetchval", lost)
        first = await librarian.post(LOANS, json=body, headers=headers)
    assert (first.status_code, first.headers["retry-after"]) == (503, "2")
    again = await librarian.post(LOANS, json=body, headers=headers)
    assert (again.status_code, again.headers["idempotent-replay"]) == (201, "true")
    assert again.json()["receipt"]["seq"] > 0


def test_what_is_known_only_at_the_commit_is_told_once():
    """Planted bug: fill in the first blank of two, and answer with the other as it is."""
    blank = Blank(b"<?>", "nothing", "'x'")
    assert blank.filled(b"a<?>b").count("'x'") == 1
    assert blank.filled(b"ab") == "'\\x6162'::bytea"
    with pytest.raises(RuntimeError):
        blank.filled(b"a<?>b<?>")


async def test_a_command_costs_few_statements(service, librarian):
    """Planted bug: claim the key by a statement of its own, or read it once more."""
    with service.statements() as asked:
        answer = await librarian.post(LOANS, json={"book": "B10", "days": 3})
    assert answer.status_code == 201
    # BEGIN, the claim, what the endpoint asks and adds, the journal with the answer, COMMIT, and
    # the answer as it was kept
    assert len(asked) == 7, asked


async def test_a_key_belongs_to_its_caller(service, librarian):
    headers = {"Idempotency-Key": "an-equal-key"}
    await librarian.post(LOANS, json={"book": "B4", "days": 3}, headers=headers)
    async with service.caller("librarian", subject="wang") as wang:
        answer = await wang.post(LOANS, json={"book": "B5", "days": 3}, headers=headers)
    assert answer.status_code == 201
    assert "idempotent-replay" not in answer.headers


async def test_a_refused_command_keeps_no_key(librarian):
    headers = {"Idempotency-Key": "refused-first"}
    await librarian.post(LOANS, json={"book": "B6", "days": 3})
    refused = await librarian.post(LOANS, json={"book": "B6", "days": 3}, headers=headers)
    assert refused.json()["type"] == "already-lent"
    answer = await librarian.post(LOANS, json={"book": "B7", "days": 3}, headers=headers)
    assert answer.status_code == 201


async def test_twenty_at_once_under_one_key_are_done_once(service, librarian):
    """The one that is at work goes on until the others have their answers, however long they take.

    Planted bug: drop the advisory lock and the primary key of `idempotency_key`.
    """
    before = await lent(service)
    headers = {"Idempotency-Key": "twenty-at-once"}
    body = {"book": "B8", "days": 3}
    answers = []

    async def send():
        answers.append(await librarian.post(f"{LOANS}/slow", json=body, headers=headers))
        if len(answers) == 19:
            lending.GATE.set()

    lending.GATE.clear()
    await asyncio.gather(*(send() for _ in range(20)))
    assert {a.status_code for a in answers} == {201, 409}
    assert [a.status_code for a in answers].count(201) == 1
    assert all(a.headers["retry-after"] for a in answers if a.status_code == 409)
    assert await lent(service) == before + 1


async def test_a_command_without_a_key_is_refused(service):
    token = service.signer.token("librarian")
    client = service.client({"Authorization": f"Bearer {token}"})
    client.event_hooks = {"request": []}
    async with client:
        answer = await client.post(LOANS, json={"book": "B9", "days": 3})
    assert (answer.status_code, answer.json()["type"]) == (400, "idempotency-key-missing")


async def test_forgetting_to_ask_about_a_relation_commits_nothing(service):
    """Planted bug: drop `permit.settle()` from the transaction."""
    before = await lent(service)
    async with service.caller("reader") as reader:
        answer = await reader.post(f"{LOANS}/forgetful", json={"book": "B10", "days": 3})
    assert answer.status_code == 500
    assert await lent(service) == before


async def test_relation_and_phase_must_both_hold(service, librarian):
    async with service.caller("reader") as reader:
        answer = await reader.get(LOANS)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    assert (await librarian.get(LOANS)).status_code == 200


async def test_every_fault_of_an_input_is_named_at_once_in_both_languages(service, librarian):
    body = {
        "loans": [{"book": "a b", "days": "1e2"}, {"book": "ok", "days": "１"}, {"days": 1, "x": 1}]
    }
    answer = await librarian.post(f"{LOANS}/bulk", json=body)
    assert answer.status_code == 422
    pointers = {e["pointer"] for e in answer.json()["errors"]}
    assert pointers == {
        "/loans/0/book", "/loans/0/days", "/loans/1/days", "/loans/2/book", "/loans/2/x",
    }  # fmt: skip
    chinese = await librarian.post(
        f"{LOANS}/bulk", json=body, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
    )
    assert chinese.json()["title"] == "请求不符合公布的格式。"
    assert chinese.headers["content-language"] == "zh"


async def test_a_rule_names_every_fault_with_its_pointer(service, librarian):
    before = await lent(service)
    loans = [{"book": f"C{i}", "days": days} for i, days in enumerate([1, 91, 5, 200])]
    answer = await librarian.post(f"{LOANS}/bulk", json={"loans": loans})
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/loans/1/days", "/loans/3/days"]
    assert await lent(service) == before


async def test_copied_rows_belong_to_the_transaction(service, librarian):
    """Planted bug: leave out the savepoint, and nobody can ask which rows were there."""
    loans = [{"book": f"D{i}", "days": "0.1"} for i in range(1000)]
    answer = await librarian.post(f"{LOANS}/bulk", json={"loans": loans})
    assert (answer.status_code, answer.json()) == (201, 1000)
    again = await librarian.post(
        f"{LOANS}/bulk", json={"loans": [*loans, {"book": "E", "days": 1}]}
    )
    assert (again.status_code, again.json()["detail"]) == (409, "1000 are out.")
    assert await service.sql("SELECT count(*) AS n FROM loan WHERE book = 'E'") == [{"n": 0}]
    assert (await service.sql("SELECT days FROM loan WHERE book = 'D7'"))[0]["days"].as_tuple() == (
        0, (1,), -1,
    )  # fmt: skip


HOSTILE = {
    "a NaN": b'{"book": "H", "days": NaN}',
    "an infinity": b'{"book": "H", "days": -Infinity}',
    "a key twice": b'{"book": "H", "days": 1, "days": 2}',
    "half a surrogate pair": b'{"book": "H", "days": 1, "note": "\\ud800"}',
    "a NUL": b'{"book": "H", "days": 1, "note": "a\\u0000b"}',
    "great depth": b'{"book": "H", "days": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "five thousand digits": b'{"book": "H", "days": ' + b"9" * 5000 + b"}",
    "UTF-16": '{"book": "H", "days": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + b'{"book": "H", "days": 1}',
    "bad UTF-8": b'{"book": "H", "days": 1, "note": "\xff\xfe"}',
    "half a document": b'{"book": "H", "da',
    "nothing but brackets": b"[" * 50_000,
    "a gigabyte of zeros": b'{"book": "H", "days": 1e999999999}',
    "a vanishing number": b'{"book": "H", "days": 1e-999999999}',
    "a whole number that takes hours to write": b'{"book": "H", "days": 1, "copies": 1e999999999}',
    "an exponent that no number has": b'{"book": "H", "days": 1e99999999999999999999}',
    "a bare number": b"1.5",
    "a bare text": b'"book"',
    "a vanishing exponent": b'{"book": "H", "days": 1e-99999999999999999999}',
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_body_is_a_clear_problem_and_changes_nothing(service, librarian, name):
    """Planted bug: use APIRoute instead of StrictRoute, and NaN and surrogates are 500s."""
    before = await lent(service)
    answer = await librarian.post(
        LOANS, content=HOSTILE[name], headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert await lent(service) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/json;version=1; Charset=GBK"},
    ],
)
async def test_only_plain_json_is_taken_in(librarian, headers):
    """Planted bug: look at the charset of batches only."""
    answer = await librarian.post(LOANS, content=b'{"book": "H", "days": 1}', headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "wrong-media-type")


async def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(librarian):
    declared = await librarian.post(LOANS, content=b" " * 100_001)

    async def trickle():
        for _ in range(11):
            yield b" " * 10_000

    streamed = await librarian.post(LOANS, content=trickle())
    for answer in (declared, streamed):
        assert (answer.status_code, answer.json()["type"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    "state", ["cut", "08006", "25001", "40P01", "53100", "53300", "55P03", "57P03"]
)
async def test_a_database_that_cannot_now_says_when_to_come_back(service, librarian, state):
    """Planted bug: leave `unavailable` out of RequestContext, and a full disk is a 500."""
    before = await lent(service)
    answer = await librarian.post(f"{LOANS}/failing/{state}")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (503, "database-unavailable")
    assert answer.headers["retry-after"] == "2"
    assert "secret" not in answer.text
    assert await lent(service) == before
    assert (await librarian.get(LOANS)).status_code == 200


async def test_a_mistake_of_our_own_is_not_the_databases(librarian):
    assert (await librarian.post(f"{LOANS}/failing/42703")).status_code == 500


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (sa.exc.TimeoutError(), True),
        (FileNotFoundError(), False),
        (ValueError(), False),
    ],
)
def test_a_connection_that_is_not_to_be_had_passes(error, passes):
    """Planted bug: take every OSError for the database's."""
    assert (unavailable(error) is not None) is passes


async def test_a_crash_tells_nothing_of_what_it_was_about(librarian, capsys):
    answer = await librarian.post(
        "/api/v1/crash", json={"book": "B", "days": 1, "note": "nobody may know"}
    )
    assert answer.status_code == 500
    assert "nobody may know" not in answer.text


HIDDEN = "138-0013-8000-aaaa"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"loans": [{"book": HIDDEN, "days": 1}]}, "/loans/0/book"),
        ({"loans": [{"book": "B", "days": 1, "note": f"call {HIDDEN}"}]}, "/loans/0/note"),
        ({"loans": [{"book": "B", "days": 1, HIDDEN: 1}]}, "/loans/0/***-aaaa"),
        ({"loans": [{"book": "B", "days": 1, "note": "张三 13800138000"}]}, "/loans/0/note"),
    ],
)
async def test_a_number_that_leads_to_a_person_is_refused_in_any_field_and_never_repeated(
    librarian, service, language, body, pointer, capsys
):
    """Planted bug: take the validator out of `Incoming`, or the mask out of the problem."""
    before = await service.sql("SELECT count(*) AS n FROM loan")
    answer = await librarian.post(
        "/api/v1/loans/bulk", json=body, headers={"Accept-Language": language, "X-Request-ID": "r"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert "1380" not in answer.text + capsys.readouterr().out
    assert await service.sql("SELECT count(*) AS n FROM loan") == before


class Listener(trace.TracerProvider):
    """What the environment may name to hear of every request."""

    heard = 0

    def get_tracer(self, *args, **more):
        """Count who wants to tell something."""
        self.heard += 1
        return trace.NoOpTracer()


async def test_nobody_hears_of_requests_whatever_the_environment_names(service, librarian):
    """Planted bug: leave `telemetry` out where the app is made."""
    listener = Listener()
    trace.set_tracer_provider(listener)  # for good: there is no way back, and nobody asks it
    assert (await librarian.get(LOANS)).status_code in (200, 404, 405)
    assert (await librarian.post(LOANS, json={"book": 1})).status_code == 422
    assert listener.heard == 0


async def test_a_number_in_a_path_is_not_repeated(librarian):
    answer = await librarian.get("/api/v1/nowhere/138-0013-8000", headers={"X-Request-ID": "r"})
    assert "1380" not in answer.text


async def test_a_number_as_idempotency_key_is_refused_because_keys_are_stored(librarian):
    answer = await librarian.post(
        LOANS,
        json={"book": "B", "days": 1},
        headers={"Idempotency-Key": "tel-13800138000", "X-Request-ID": "r"},
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "idempotency-key-missing")
    assert "1380" not in answer.text


async def test_a_number_of_pages_may_be_as_long_as_a_mobile_number(librarian):
    """Numbers are not texts: an amount of 13.8 thousand millions is taken."""
    answer = await librarian.post(LOANS, json={"book": "amount", "days": "13800138000"})
    assert answer.status_code == 201


async def test_pages_follow_one_another_without_gap_or_overlap(librarian, service):
    seen, after = [], None
    while True:
        page = (
            await librarian.get(LOANS, params={"limit": 200} | ({"after": after} if after else {}))
        ).json()
        seen += [one["book"] for one in page["items"]]
        if (after := page["next"]) is None:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == await lent(service)


async def test_a_peers_document_is_asked_for_again_by_its_etag(service, librarian):
    first = await librarian.get("/api/v1/shelf")
    second = await librarian.get("/api/v1/shelf")
    assert first.json() == second.json() == {"label": "A-3"}
    asked = service.app.state.asked
    assert asked[-1].headers["if-none-match"] == '"v1"'
    assert asked[-1].headers["authorization"] == librarian.headers["authorization"]
    etag = first.headers["etag"]
    unchanged = await librarian.get("/api/v1/shelf", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_only_a_read_that_asks_nobody_is_answered_from_memory():
    """Planted bugs: take every read for one that asks nobody; or a command."""
    routes = Router(tags=["x"])

    async def others(request: Request) -> str:
        return request.url.path

    async def more(unit: str = "") -> str:
        return unit

    async def alone(request: Request, permit: Permit, unit: str = "") -> Response: ...

    async def asking(permit: Permit, other: Annotated[str, Depends(others)]) -> Response: ...

    async def filtered(permit: Permit, other: Annotated[str, Depends(more)]) -> Response: ...

    async def reading(permit: Permit, db: Snapshot) -> Response: ...

    for each in (alone, asking, filtered, reading):
        routes.get(f"/{each.__name__}")(each)
    routes.post("/command")(alone)
    told = [each.path for each in routes.declared if each.route.endpoint in _ALONE]
    assert told == ["/api/v1/alone"]


async def test_the_request_id_goes_in_and_comes_out(librarian):
    answer = await librarian.get("/api/v1/shelf", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    forged = await librarian.get("/api/v1/shelf", headers={"X-Request-ID": "a b\tc"})
    assert forged.headers["x-request-id"] != "a b\tc"


async def test_health_says_whether_the_database_answers(service):
    async with service.client({}) as client:
        assert (await client.get("/health/live")).status_code == 204
        assert (await client.get("/health/ready")).status_code == 204


async def test_however_many_ask_whether_it_is_ready_the_database_is_asked_once(service):
    """Planted bug: a query for each, before which no allowance stands."""

    def count(*_):
        queries.append(1)

    queries, engine = [], service.app.state.sessions.kw["bind"].sync_engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        async with service.client({}) as client:
            answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(50)))
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    assert {answer.status_code for answer in answers} == {204}
    assert len(queries) <= 1


async def test_readiness_is_not_remembered_for_long(service):
    now = [0.0]
    broken = async_sessionmaker(create_async_engine("postgresql+asyncpg://127.0.0.1:1/none"))
    readiness = Readiness(service.app.state.sessions, lambda: now[0])
    assert await readiness.holds()
    readiness._sessions = broken
    assert await readiness.holds()
    now[0] += 0.6
    assert not await readiness.holds()


@pytest.mark.parametrize("after", ["\x00", "a\n", "x" * 201])
async def test_a_page_key_that_cannot_be_one_is_refused(librarian, after):
    answer = await librarian.get(LOANS, params={"after": after})
    assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")


@pytest.mark.parametrize("after", ["²", "-1", "9" * 30, "１", "x", "", "01", " 1", "1e3"])
async def test_a_page_key_that_is_no_number_is_refused_by_name(service, librarian, after):
    """Planted bug: begin at the first, which a reader takes for the following page."""
    await librarian.post(LOANS, json={"book": "first-page", "days": "14.50"})
    async with service.caller("auditor") as auditor:
        path = "/api/v1/journals/lending/chains/loans"
        answer = await auditor.get(path, params={"after": after, "limit": 1})
    refused = answer.json()
    assert (answer.status_code, refused["type"]) == (422, "no-such-place")
    assert [fault["pointer"] for fault in refused["errors"]] == ["/query/after"]


async def test_a_token_goes_to_our_own_door_and_nowhere_else():
    """Planted bug: add the Authorization header to every request of the client."""
    seen = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.netloc.decode()] = request.headers.get("authorization")
        return httpx.Response(200)

    bound = peers.authorization.set("Bearer secret")
    async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
        await client.get("/.well-known/jwks.json")
        await client.get("https://provider.example/keys")
        await client.get("http://gateway:8001/other")
    peers.authorization.reset(bound)
    assert seen == {
        "gateway:8000": "Bearer secret",
        "provider.example": None,
        "gateway:8001": None,
    }


async def test_a_connection_that_was_cut_while_it_lay_idle_is_not_used(service, librarian):
    """Planted bug: leave `_ping_the_idle` out of `engine_for`, and the first read is a 503."""
    assert (await librarian.get(LOANS)).status_code == 200
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lending'"
    assert await service.sql(cut)
    assert (await librarian.get(LOANS)).status_code == 200


async def test_a_connection_that_lay_idle_is_used_again(service, librarian):
    """Planted bug: try it by what the driver takes for an error, so that each is opened anew."""
    assert (await librarian.get(LOANS)).status_code == 200
    opened = "SELECT max(backend_start) AS last FROM pg_stat_activity WHERE usename = 'lending'"
    before = await service.sql(opened)
    for _ in range(3):
        assert (await librarian.get(LOANS)).status_code == 200
    assert await service.sql(opened) == before


async def test_no_more_chains_are_verified_at_once_than_may_be(service, librarian):
    """Planted bug: have each take a connection for as long as its chain is."""
    await librarian.post(LOANS, json={"book": "verified", "days": "14.50"})
    path = "/api/v1/journals/lending/chains/loans/verification"
    async with service.caller("auditor") as auditor:
        async with service.superuser.acquire() as holder, holder.transaction():
            await holder.execute("LOCK TABLE journal_head IN ACCESS EXCLUSIVE MODE")
            waiting = [asyncio.create_task(auditor.get(path)) for _ in range(MOST_VERIFIED)]
            await asyncio.sleep(0.3)  # until each has its place
            refused = await auditor.get(path)
        answers = await asyncio.gather(*waiting)
        again = await auditor.get(path)
    assert (refused.status_code, refused.json()["type"]) == (503, "verifying-busy")
    assert refused.headers["retry-after"] == "10"
    assert [answer.json()["faults"] for answer in (*answers, again)] == [[]] * (MOST_VERIFIED + 1)


async def test_the_document_is_written_beside_the_loop(service, librarian):
    """Planted bug: write it where requests are answered."""
    service.app.openapi_schema = None
    writing = asyncio.create_task(librarian.get("/openapi.json"))
    passed = 0
    while not writing.done():
        await asyncio.sleep(0)
        passed += 1
    assert "paths" in writing.result().json()
    assert passed > 5
