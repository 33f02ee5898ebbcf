"""The Python client as others use it: a survey centre that awaits, a front end that waits."""

import json

import httpx
import pytest

from kaoping_client import AsyncClient, Client, NoAnswer, Person, Problem, System, calls, etag_of

SECRET = "a-secret-that-is-long-enough"


@pytest.fixture
def pauses(monkeypatch):
    waited = []
    monkeypatch.setattr(calls.time, "sleep", waited.append)
    return waited


def answers(*given):
    """Give one answer after the other, and keep what was asked."""
    left, asked = list(given), []

    def handle(request):
        # As it is now: what is sent again may be the same request.
        kept = request.headers.copy(), request.content
        asked.append(httpx.Request(request.method, request.url, headers=kept[0], content=kept[1]))
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return asked, httpx.MockTransport(handle)


async def test_a_survey_centre_posts_a_batch_once_however_often_it_is_sent(place):
    """Planted bug: a new key for each attempt, or none."""
    rows = [
        {"unit": "A1", "respondent_token": f"respondent-{n:06}", "outcome": "completed"}
        | {"answer": "satisfied"}
        for n in range(30)
    ]
    batch = {"batch_no": "P-1", "control_totals": {"count": 30}, "rows": rows}
    async with AsyncClient(place.url, Person("centre", SECRET), language="en") as centre:
        assert (await centre.read_me())["unit"] == "S2"
        key = "phone-batch-0001"
        posted = await centre.post_batch(place.survey_id, 1, batch, idempotency_key=key)
        again = await centre.post_batch(place.survey_id, 1, batch, idempotency_key=key)
        assert posted["stored"] == 30
        assert again["receipt"] == posted["receipt"]
        with pytest.raises(Problem) as refused:
            await centre.post_batch(place.survey_id, 1, batch)
    assert (refused.value.status, refused.value.type) == (409, "batch-exists")
    assert refused.value.request_id


async def test_a_survey_centre_posts_rows_from_a_file_and_from_an_iterator(place, tmp_path):
    """Planted bugs: read an iterator anew for each attempt; send a file as JSON lines always."""
    names = ["unit", "respondent_token", "outcome", "answer"]
    rows = [dict(zip(names, ("A1", f"from-a-file-{n:06}", "completed", "satisfied"), strict=True))
            for n in range(20)]  # fmt: skip
    file = tmp_path / "march.CSV"
    lines = [names, *(row.values() for row in rows), ["A1", "too-short", "completed", "satisfied"]]
    file.write_text("\r\n".join(map(",".join, lines)), "utf-8")
    async with AsyncClient(place.url, Person("centre", SECRET), language="en") as centre:
        first = await centre.post_batch_from(
            place.survey_id, 1, file, batch_no="F-1", control_totals_count=21, mode="partial"
        )
        again = await centre.post_batch_from(
            place.survey_id,
            1,
            iter(rows),
            batch_no="F-2",
            control_totals_count=20,
            mode="partial",
        )
    assert (first["stored"], first["refused"]) == (20, 1)
    assert [error["code"] for error in first["rows"][20]["errors"]] == ["malformed-token"]
    assert (again["unchanged"], again["receipt"]) == (20, None)


def test_a_file_of_rows_says_by_its_name_what_it_is(tmp_path, pauses):
    asked, transport = answers(httpx.Response(503), httpx.Response(201, json={}))
    with Client("http://there", transport=transport) as client:
        client.register_units_from(iter([{"code": "A"}, {"code": "乙"}]))
        with pytest.raises(ValueError, match="xlsx"):
            client.register_units_from(tmp_path / "units.txt")
    assert {each.content for each in asked} == {b'{"code": "A"}\n{"code": "\\u4e59"}\n'}
    assert {each.headers["Content-Type"] for each in asked} == {"application/x-ndjson"}


def test_a_front_end_posts_an_entry_sees_its_problem_and_corrects_it(place):
    entry = {"unit": "A1", "indicator": "SOLO", "kind": "measured_value", "key": "v"}
    wrong = {"state": "draft", "entries": [{**entry, "value": "ninety"}]}
    right = {"state": "draft", "entries": [{**entry, "value": "95"}]}
    with Client(place.url, Person("source", SECRET), language="en") as source:
        assert "post_entries" in {each["operation_id"] for each in source.read_me()["operations"]}
        with pytest.raises(Problem) as refused:
            source.post_entries(place.cycle_id, wrong)
        assert refused.value.status == 422
        assert [fault["pointer"] for fault in refused.value.errors] == ["/entries/0/value"]
        checked = source.post_entries(place.cycle_id, right, mode="check")
        posted = source.post_entries(place.cycle_id, right)
        assert (checked["receipt"], posted["stored"]) == (None, 1)
        listed = {each["entry_id"] for each in source.iter_entries(place.cycle_id, limit=1)}
        mine = posted["rows"][0]["entry_id"]
        assert mine in listed
        read = etag_of(source.read_entry(place.cycle_id, mine))
        source.correct_entry(
            place.cycle_id, mine, {"entry": {**entry, "value": "96"}}, if_match=read
        )
        with pytest.raises(Problem) as late:
            source.correct_entry(
                place.cycle_id, mine, {"entry": {**entry, "value": "97"}}, if_match=read
            )
    assert (late.value.status, late.value.type) == (412, "precondition-failed")
    assert late.value.etag not in (None, read)


def test_what_may_be_repeated_is_repeated_with_the_same_key(pauses):
    """Planted bugs: a new key for each attempt; the header Retry-After left unread."""
    busy = httpx.Response(503, headers={"Retry-After": "7"})
    lost = httpx.ReadTimeout("nothing came")
    asked, transport = answers(busy, lost, httpx.Response(201, json={"receipt": None}))
    with Client("http://there", transport=transport) as client:
        client.post_entries("c", {"state": "draft", "entries": []})
    assert len({each.headers["Idempotency-Key"] for each in asked}) == 1
    assert len({each.content for each in asked}) == 1
    assert pauses[0] == 7
    assert len(pauses) == 2


def test_what_would_be_refused_again_is_not_repeated(pauses):
    """Planted bug: repeat whatever is no success."""
    told = {"type": "entries-refused", "title": "No", "errors": [{"pointer": "/entries/0"}]}
    asked, transport = answers(httpx.Response(422, json=told | {"request_id": "r-1"}))
    with Client("http://there", transport=transport) as client, pytest.raises(Problem) as refused:
        client.post_entries("c", {"state": "draft", "entries": []})
    problem = refused.value
    assert (problem.type, problem.errors, problem.request_id) == (
        "entries-refused", [{"pointer": "/entries/0"}], "r-1",
    )  # fmt: skip
    assert (len(asked), pauses) == (1, [])


def test_who_never_answers_is_given_up_in_the_end(pauses):
    asked, transport = answers(*[httpx.ConnectError("nobody")] * calls.ATTEMPTS)
    with Client("http://there", transport=transport) as client, pytest.raises(NoAnswer):
        client.read_me()
    assert len(asked) == calls.ATTEMPTS
    assert len(pauses) == calls.ATTEMPTS - 1


def test_a_token_is_renewed_before_it_ends_and_when_it_is_refused():
    """Planted bug: give up at the first 401."""
    token = {"access_token": "t", "token_type": "Bearer", "expires_in": 300}
    asked, transport = answers(
        httpx.Response(200, json=token),
        httpx.Response(200, json={}),
        httpx.Response(401, json={"type": "not-signed-in"}),
        httpx.Response(200, json=token | {"access_token": "u"}),
        httpx.Response(200, json={"of": "u"}),
    )
    with Client("http://there", System("hr", "s"), transport=transport) as client:
        client.read_me()
        assert client.read_me() == {"of": "u"}
    assert [each.headers.get("Authorization") for each in asked] == [
        None, "Bearer t", "Bearer t", None, "Bearer u",
    ]  # fmt: skip
    assert b"client_credentials" in asked[0].content


def test_pages_are_turned_until_the_last(pauses):
    """Planted bug: stop after the first page."""
    pages = [{"items": [1, 2], "next": "a b"}, {"items": [3], "next": None}]
    asked, transport = answers(*(httpx.Response(200, json=page) for page in pages))
    with Client("http://there", transport=transport) as client:
        assert list(client.iter_units(kind="body")) == [1, 2, 3]
    assert [dict(each.url.params) for each in asked] == [
        {"kind": "body"}, {"kind": "body", "after": "a b"},
    ]  # fmt: skip
    assert asked[0].headers["Accept-Language"] == "zh"


def test_a_command_that_is_only_checked_carries_no_key():
    asked, transport = answers(httpx.Response(200, json={}))
    with Client("http://there", transport=transport) as client:
        client.post_entries("c/d", {"state": "draft", "entries": []}, mode="check")
    assert "Idempotency-Key" not in asked[0].headers
    assert asked[0].url.raw_path == b"/api/v1/cycles/c%2Fd/ledger-entries?mode=check"
    assert json.loads(asked[0].content)["state"] == "draft"


def test_a_file_is_downloaded_in_the_form_that_its_name_says_and_sent_back_as_it_is(
    place, tmp_path
):
    """Planted bug: the default form, whatever the name says."""
    book, lines = tmp_path / "entries.xlsx", tmp_path / "entries.ndjson"
    entry = {"unit": "A3", "indicator": "SOLO", "kind": "measured_value", "key": "v", "value": "9"}
    with Client(place.url, Person("source", SECRET), language="en") as source:
        source.post_entries(place.cycle_id, {"state": "draft", "entries": [entry]})
        source.download_entries(place.cycle_id, book)
        source.download_entries(place.cycle_id, lines)
        assert book.read_bytes()[:2] == b"PK"
        rows = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
        told = source.post_entries_from(place.cycle_id, book, mode="partial")
        assert [each["outcome"] for each in told["rows"]] == ["unchanged"] * len(rows)
    assert rows
    assert {each.name for each in tmp_path.iterdir()} == {book.name, lines.name}


class Breaking(httpx.SyncByteStream):
    """A body that breaks off in the middle."""

    def __iter__(self):
        yield b"half"
        raise httpx.RemoteProtocolError("it broke off")


def test_a_download_that_breaks_off_is_begun_anew_and_never_leaves_half_a_file(pauses, tmp_path):
    """Planted bugs: write into the file itself; go on behind the half that is there."""
    file = tmp_path / "marks.csv"
    file.write_text("before")
    broken = [httpx.Response(200, stream=Breaking()) for _ in range(calls.ATTEMPTS)]
    _, transport = answers(*broken)
    with Client("http://there", transport=transport) as client, pytest.raises(NoAnswer):
        client.download_marks("c", "latest", file)
    assert (file.read_text(), [each.name for each in tmp_path.iterdir()]) == ("before", [file.name])
    _, transport = answers(
        httpx.Response(200, stream=Breaking()), httpx.Response(200, content=b"whole")
    )
    with Client("http://there", transport=transport) as client:
        client.download_marks("c", "latest", file)
    assert file.read_text() == "whole"


def test_a_download_that_is_refused_is_a_problem_and_no_file(tmp_path):
    told = {"type": "no-such-score-sheet", "title": "No"}
    asked, transport = answers(httpx.Response(404, json=told))
    with Client("http://there", transport=transport) as client, pytest.raises(Problem) as refused:
        client.download_marks("c", "latest", tmp_path / "marks.xlsx")
    assert refused.value.type == "no-such-score-sheet"
    assert asked[0].url.params["format"] == "xlsx"
    assert list(tmp_path.iterdir()) == []
