"""A centre's own export is taken as it is, as one batch, whatever its size, whole or not at all."""

import asyncio
import csv
import gzip
import hashlib
import io
import resource
import tempfile
from uuid import UUID

import pytest

from service_testing import trials, without_ids

MAPPING = {
    "respondent_token": {"column": "样本编号"},
    "unit": {"column": "县区", "words": {"云川区": "XQ01", "石桥县": "XQ02"}},
    "outcome": {"column": "结果代码", "words": {"成功": "completed"}},
    "aapor": True,
    "interviewer": {"column": "访员"},
    "attempt": {"column": "拨打次数"},
    "started_at": {"column": "开始"},
    "ended_at": {"column": "结束"},
    "questions": {
        "answer": {
            "column": "Q1",
            "words": {"非常满意": "very_satisfied", "一般": "fair", "不清楚": "dont_know"},
        }
    },
    "ignored": ["录音编号"],
    "blank": ["-"],
    "time_zone": "Asia/Shanghai",
}
HEADER = ["样本编号", "县区", "结果代码", "访员", "拨打次数", "开始", "结束", "Q1", "录音编号"]
KINDS = [
    ("1.1", "非常满意"),
    ("成功", "一般"),
    ("1.1", "不清楚"),
    ("2.11", "-"),
    ("3.1", ""),
    ("4.7", ""),
]


def line(n, code="1.1", answer="非常满意", unit="云川区", **more):
    cells = dict(zip(HEADER, [f"R2026-yunchuan-{n:08}", unit, code, f"I-{n % 9}", "1",
                              f"2026-06-01 09:{n % 60:02}:00", f"2026-06-01 09:{n % 60:02}:59",
                              answer, f"录音{n}"], strict=True))  # fmt: skip
    return [*(cells | more).values()]


def lines(number):
    return [line(n, *KINDS[n % 6], ("云川区", "石桥县")[n % 2]) for n in range(number)]


def written(rows, header=HEADER, ends="\r\n"):
    file = io.StringIO()
    csv.writer(file, lineterminator=ends).writerows([header, *rows])
    return file.getvalue()


@pytest.fixture
async def mapped(opened, centre):
    """Give a phone survey that is open and has a mapping of its centre's export."""
    answer = await centre.post(f"/api/v1/surveys/{opened.survey_id}/mappings/cati", json=MAPPING)
    assert answer.status_code == 201, answer.text
    return opened


async def send(survey, content, query="", wave=1, batch="F-1", **headers):
    content = content.encode() if isinstance(content, str) else content
    told = {"content-type": "text/csv"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return await survey.collector.post(
        f"{survey.path(wave, 'files')}?batch_no={batch}&mapping=cati{query}",
        content=content,
        headers=told,
    )


async def stored(service, survey):
    return await service.sql(
        "SELECT * FROM response WHERE survey_id = $1 ORDER BY respondent_token, unit",
        UUID(survey.survey_id),
    )


async def test_an_export_is_stored_as_its_mapping_says(service, mapped):
    """All columns read back by SQL. Planted bugs: the zone of a stamp left out; a word for
    another; a column changed round."""
    answer = await send(mapped, written(lines(12)))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["sent"], told["stored"], told["mapping_version"]) == (12, 12, 1)
    rows = await stored(service, mapped)
    assert [each["outcome"] for each in rows] == [
        "completed", "completed", "completed", "refused", "unknown_household", "ineligible"
    ] * 2  # fmt: skip
    assert [each["answer"] for each in rows[:4]] == ["very_satisfied", "fair", "dont_know", None]
    assert [each["unit"] for each in rows[:2]] == ["XQ01", "XQ02"]
    assert rows[5]["started_at"].isoformat() == "2026-06-01T01:05:00+00:00"
    assert (rows[5]["ended_at"] - rows[5]["started_at"]).seconds == 59
    assert {each["interviewer"] for each in rows} == {f"I-{n}" for n in range(9)}
    async with service.caller("auditor") as auditor:
        at = f"/api/v1/journals/survey/chains/{mapped.cycle_id}/verification"
        assert (await auditor.get(at)).json()["holds"]


@pytest.mark.parametrize("form", ["gzip", "gb18030", "bom", "cr", "quoted", "json"])
async def test_the_same_rows_come_in_every_form(service, mapped, centre, form):
    """Planted bug: a byte order mark in the name of the first column."""
    text, headers, query = written(lines(6)), {}, ""
    content = text.encode()
    if form == "gzip":
        content, headers = gzip.compress(content), {"content_encoding": "gzip"}
    elif form == "gb18030":
        path = f"/api/v1/surveys/{mapped.survey_id}/mappings/cati"
        await centre.post(path, json=MAPPING | {"charset": "gb18030"})
        content = text.encode("gb18030")
    elif form == "bom":
        content = b"\xef\xbb\xbf" + content + b"\r\n\r\n"
    elif form == "cr":
        content = written(lines(6), ends="\r").encode()
    elif form == "quoted":
        content = text.replace("录音3", '"录\r\n""音"",3"').encode()
    else:
        import orjson

        rows = [dict(zip(HEADER, each, strict=True)) for each in lines(6)]
        rows[1]["拨打次数"] = 1
        content = b"\n".join(map(orjson.dumps, rows))
        headers = {"content_type": "application/x-ndjson"}
    answer = await send(mapped, content, query, **headers)
    assert answer.status_code == 201, answer.text
    assert [each["unit"] for each in await stored(service, mapped)] == ["XQ01", "XQ02"] * 3


async def test_without_a_mapping_columns_are_called_as_ours(asked):
    rows = "\n".join([
        "unit,respondent_token,outcome,group,answers.met,answers.attitude,answers.effect",
        "DQ01,respondent-in-file-1,completed,deputies,yes,good,fair",
        "DQ01,respondent-in-file-2,refused,deputies,,,",
    ])  # fmt: skip
    answer = await asked.collector.post(
        asked.path(1, "files") + "?batch_no=1", content=rows, headers={"content-type": "text/csv"}
    )
    assert answer.status_code == 201, answer.text
    nested = b'{"unit": "DQ01", "respondent_token": "respondent-in-file-3", "group": "deputies",'
    nested += (
        b'"outcome": "completed", "answers": {"met": "yes", "attitude": "good", "effect": "fair"}}'
    )
    answer = await asked.collector.post(
        asked.path(1, "files") + "?batch_no=2&control_totals.sums=effect:60",
        content=nested, headers={"content-type": "application/x-ndjson"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text


WRONG = [
    ({"县区": "别处"}, ("县区", "unknown-word")),
    ({"样本编号": "short"}, ("样本编号", "malformed-token")),
    ({"结果代码": "9.9"}, ("结果代码", "unknown-word")),
    ({"Q1": "满意"}, ("Q1", "unknown-word")),
    ({"Q1": ""}, ("Q1", "answer-missing")),
    ({"结果代码": "2.11"}, ("Q1", "answer-of-unfinished-contact")),
    ({"拨打次数": "0"}, ("拨打次数", "attempt-out-of-range")),
    ({"拨打次数": "=1+1"}, ("拨打次数", "attempt-out-of-range")),
    ({"开始": "2026/6/1 9:00"}, ("开始", "not-in-format")),
    ({"结束": "2026-06-01 08:00:00"}, ("结束", "ends-before-it-starts")),
    ({"访员": "=cmd|' /C calc'!A0"}, ("访员", "malformed-code")),
    ({"录音编号": "回拨１３８-0013-8000"}, ("录音编号", "phone-number")),
    ({"样本编号": "13800138000138001"}, ("样本编号", "malformed-token")),
]


@pytest.mark.parametrize(("change", "expected"), WRONG)
async def test_a_wrong_cell_refuses_the_file_and_is_named_by_row_and_column(
    service, mapped, problem, change, expected
):
    rows = lines(3)
    rows[2] = line(2, **change)
    answer = await send(mapped, written(rows))
    status, kind, faults = problem(answer)
    assert (status, kind) == (422, "batch-rejected")
    column, code = expected
    if change != {"样本编号": "13800138000138001"}:
        assert faults == [(f"/rows/2/{column}", code)]
    assert "0013" not in without_ids(answer)
    assert await stored(service, mapped) == []


async def test_the_good_rows_are_taken_and_the_others_are_told_of(service, mapped, row):
    """Planted bugs: a row that clashes with one that was refused is refused too; refused rows
    count as stored."""
    await mapped.post([row("very_satisfied", token="R2026-yunchuan-00000001", unit="XQ02")])
    rows = [line(0), line(1, unit="石桥县", 访员=""), line(2, "1.1", "好"), line(2), line(2),
            line(2, answer="一般"), line(3)[:-1], line(4)]  # fmt: skip
    answer = await send(mapped, written(rows), "&mode=check")
    assert (answer.status_code, answer.json()["stored"]) == (200, 3)
    assert len(await stored(service, mapped)) == 1
    answer = await send(mapped, written(rows), "&mode=partial")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    counts = [told[name] for name in ("sent", "stored", "unchanged", "refused")]
    assert counts == [8, 3, 1, 4]
    assert {each["position"]: each["errors"][0]["code"] for each in told["refused_rows"]} == {
        1: "duplicate-respondent", 2: "unknown-word", 5: "duplicate-respondent", 6: "ragged-row"
    }  # fmt: skip
    file = await mapped.collector.get(mapped.path(1, "batches", "F-1", "refused-rows"))
    assert [*csv.reader(io.StringIO(file.text.lstrip("\ufeff")))] == [
        ["position", "column", "code"],
        ["1", "样本编号", "duplicate-respondent"],
        ["2", "Q1", "unknown-word"],
        ["5", "样本编号", "duplicate-respondent"],
        ["6", "", "ragged-row"],
    ]
    answer = await mapped.collector.get(mapped.path(1, "reconciliation"))
    [first, batch] = sorted(answer.json()["batches"], key=lambda each: each["stored"])
    assert [batch[name] for name in ("sent", "stored", "unchanged", "refused")] == counts
    assert first["stored"] == 1
    again = await send(mapped, written(rows[:1]), "&mode=partial")
    assert (again.status_code, again.json()["type"]) == (409, "batch-exists")


async def test_a_file_of_which_nothing_is_stored_takes_no_number(service, mapped):
    answer = await send(mapped, written([line(0, "9.9")]), "&mode=partial")
    assert (answer.status_code, answer.json()["receipt"]) == (200, None)
    assert (await send(mapped, written([line(0)]))).status_code == 201


async def test_control_totals_of_a_file_are_held_against_it(service, mapped, problem):
    """Planted bug: the digest of what came over the wire in place of that of the file."""
    content = written(lines(6)).encode()
    digest = hashlib.sha256(content).hexdigest()
    right = {"count": "6", "sums": "answer:160", "digest": digest}
    for wrong, expected in (
        ({"count": "7"}, ("/control_totals/count", "count-mismatch")),
        ({"sums": "answer:161"}, ("/control_totals/sums/answer", "sum-mismatch")),
        ({"sums": "q1:160"}, ("/control_totals/sums/q1", "unknown-question")),
        ({"digest": "0" * 64}, ("/control_totals/digest", "digest-mismatch")),
    ):
        query = "".join(f"&control_totals.{name}={each}" for name, each in (right | wrong).items())
        for mode in ("", "&mode=partial", "&mode=check"):
            answer = await send(
                mapped, gzip.compress(content), query + mode, content_encoding="gzip"
            )
            assert problem(answer) == (422, "batch-rejected", [expected])
    assert await stored(service, mapped) == []
    query = "".join(f"&control_totals.{name}={each}" for name, each in right.items())
    answer = await send(mapped, gzip.compress(content), query, content_encoding="gzip")
    assert answer.status_code == 201, answer.text
    assert answer.json()["content_digest"] == digest


async def test_the_same_file_again_is_answered_as_before(service, mapped):
    content, key = written(lines(6)), {"idempotency_key": "file-by-its-digest"}
    first = await send(mapped, content, **key)
    again = await send(mapped, content, **key)
    assert (again.status_code, again.content) == (201, first.content)
    other = await send(mapped, written(lines(7)), **key)
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reused")
    assert len(await stored(service, mapped)) == 6


DAMAGED = [
    (b"", {}, 400, "not-csv"),
    (written([]).encode(), {}, 422, "batch-rejected"),
    (written(lines(1)).encode("gb18030"), {}, 400, "not-csv"),
    (b"\x1f\x8b" + b"x" * 50, {"content_encoding": "gzip"}, 400, "file-damaged"),
    (gzip.compress(b"x" * 999)[:-9], {"content_encoding": "gzip"}, 400, "file-damaged"),
    (gzip.compress(b"x" * 999) + b"more", {"content_encoding": "gzip"}, 400, "file-damaged"),
    (written(lines(1)).encode(), {"content_digest": "sha-256=:AAAA:"}, 400, "file-damaged"),
    (written(lines(1)).encode(), {"content_digest": "md5=:AAAA:"}, 400, "file-damaged"),
    (b"PK\x03\x04", {"content_type": "application/zip"}, 415, "wrong-media-type"),
    (written(lines(1)).encode(), {"content_encoding": "br"}, 415, "wrong-media-type"),
    (
        written(lines(1)).encode(),
        {"content_type": "text/csv; charset=gbk"},
        415,
        "wrong-media-type",
    ),
    (written(lines(1), [*HEADER[:-1], "Q1"]).encode(), {}, 400, "not-csv"),
    (written(lines(1), [*HEADER[:-1], "电话13800138000"]).encode(), {}, 400, "not-csv"),
    (written([each[:-2] for each in lines(1)], HEADER[:-2]).encode(), {}, 400, "not-csv"),
    (b"\0" * 99, {}, 400, "not-csv"),
    (written(lines(1)).encode() + b"x" * 3_000_000, {}, 400, "not-csv"),
    (written(lines(1)).encode() + b'"x\n' * 1_000_000, {}, 400, "not-csv"),
    (written(lines(1)).encode() + b"\n".join([b'"x', b'","y'] * 200_000), {}, 400, "not-csv"),
]


@pytest.mark.parametrize("case", range(len(DAMAGED)))
async def test_what_is_no_such_file_is_refused_and_leaves_nothing(service, mapped, case):
    """Planted bug: read a line of any length."""
    content, headers, status, kind = DAMAGED[case]
    answer = await send(mapped, content, **headers)
    assert (answer.status_code, answer.json()["type"]) == (status, kind), answer.text
    assert "0013" not in without_ids(answer)
    assert await stored(service, mapped) == []


async def test_a_file_that_would_fill_the_disk_is_not_unpacked(mapped, monkeypatch):
    monkeypatch.setattr("chassis.uploads.MOST_UNPACKED", 1_000_000)
    bomb = gzip.compress(b"\n" * 2_000_000)
    answer = await send(mapped, bomb, content_encoding="gzip")
    assert (answer.status_code, answer.json()["type"]) == (400, "file-damaged")


async def test_of_two_files_at_once_one_is_stored(service, mapped):
    """Planted bug: leave the lock out, and both are at work on the wave."""
    content = written(lines(3000))
    answers = await asyncio.gather(*(send(mapped, content) for _ in range(2)))
    assert sorted(each.status_code for each in answers) in ([201, 409], [201, 422])
    assert len(await stored(service, mapped)) == 3000


async def test_only_the_collector_sends_files_and_reads_what_was_refused(service, mapped, problem):
    for role, unit in (("survey_centre", "SB"), ("performance_office", "ZH01"), ("auditor", None)):
        async with service.caller(role, unit=unit) as client:
            own = mapped.collector
            mapped.collector = client
            assert problem(await send(mapped, written(lines(1))))[:2] == (403, "not-allowed")
            mapped.collector = own
    await send(mapped, written([line(0), line(1, "9.9")]), "&mode=partial")
    at = mapped.path(1, "batches", "F-1", "refused-rows")
    assert (await mapped.office.get(at)).status_code == 403
    missing = await mapped.collector.get(mapped.path(1, "batches", "F-2", "refused-rows"))
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-batch")


async def test_answers_of_unfinished_contacts_are_left_out_where_the_mapping_says_so(
    service, mapped, centre
):
    path = f"/api/v1/surveys/{mapped.survey_id}/mappings/cati"
    await centre.post(path, json=MAPPING | {"answers_otherwise": "left_out"})
    answer = await send(mapped, written([line(0), line(1, "1.2")]))
    assert answer.json()["answers_left_out"] == 1
    assert [each["answer"] for each in await stored(service, mapped)] == ["very_satisfied", None]


LARGE = trials(usual=6_000, thorough=100_000)


@pytest.mark.prove
async def test_a_hundred_thousand_rows_take_no_more_memory_than_a_few(service, mapped):
    """Planted bug: hold the rows of all pieces. What grows is a piece, not the file."""
    with tempfile.TemporaryFile() as whole:
        with gzip.GzipFile("", "wb", 1, whole, mtime=0) as packer:
            text = io.TextIOWrapper(packer, "utf-8", newline="")
            writer = csv.writer(text)
            writer.writerow(HEADER)
            for n in range(LARGE):
                writer.writerow(line(n, *KINDS[n % 6], ("云川区", "石桥县")[n % 2]))
            text.flush()
        whole.seek(0)
        content = whole.read()
    await send(mapped, written([line(10**7)]), batch="F-0")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = await send(mapped, content, content_encoding="gzip")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.json()["stored"] == LARGE, answer.text
    assert grown < 80_000 + 2 * len(content) // 1024
