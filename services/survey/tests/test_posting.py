"""Batches are stored whole or not at all, once, and only while their wave is open."""

import asyncio
import hashlib
import json
from operator import itemgetter
from uuid import UUID

import pytest

TOKEN = "respondent-known-to-all"


async def stored(service, survey):
    """Return how many responses, batches and journal entries there are of a survey."""
    (counts,) = await service.sql(
        "SELECT (SELECT count(*) FROM response WHERE cycle_id = $1) AS responses,"
        " (SELECT count(*) FROM batch WHERE cycle_id = $1) AS batches,"
        " (SELECT count(*) FROM journal_entry WHERE chain = $1::uuid::text) AS entries",
        survey.cycle_id,
    )
    return tuple(counts.values())


async def test_a_batch_is_stored_and_answered_with_a_receipt(service, opened, row):
    answer = await opened.post(
        [row("satisfied"), row("dont_know"), row(None, outcome="no_contact")], batch_no="W1-001"
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["batch_no"], told["stored"]) == ("W1-001", 3)
    async with service.caller("survey_centre", unit="SC") as client:
        known = await client.get(f"/api/v1/journals/survey/receipts/{told['receipt']['hash']}")
    assert known.json() == told["receipt"]


async def test_units_may_be_named_by_codes_that_mean_them_today(service, opened, row):
    """Planted bugs: take a mapping that has ended, or not begun; take a code for one of ours."""
    before = await stored(service, opened)
    bad = [row(unit=unit) for unit in ("9001", "9002", "9003", "XQ01")]
    answer = await opened.post(bad, query="?id_scheme=hr")
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "batch-rejected")
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [
        (f"/rows/{n}/unit", "unknown-unit-code") for n in (1, 2, 3)
    ]
    unknown = await opened.post([row()], query="?id_scheme=nowhere")
    assert (unknown.status_code, unknown.json()["type"]) == (422, "id-scheme-unknown")
    assert await stored(service, opened) == before
    for query, unit in (("hr", "9001"), ("other", "XQ01"), ("code", "XQ01")):
        answer = await opened.post([row(unit=unit)], query=f"?id_scheme={query}")
        assert answer.status_code == 201, answer.text
    units = await service.sql(
        "SELECT DISTINCT unit FROM response WHERE cycle_id = $1", opened.cycle_id
    )
    assert [each["unit"] for each in units] == ["XQ01"]


async def test_what_is_stored_is_what_came_in(service, forms, row):
    """All columns of all rows, read back by SQL. Planted bug: leave one column out of the lines, or
    change two of them round."""
    ends = [("completed", "satisfied"), ("completed", "dont_know"), ("refused", None)]
    rows = [
        row(
            answer,
            unit=("YQ01", "DQ01")[n % 2],
            outcome=outcome,
            group=("deputies", "recipients")[n % 3 // 2],
        )
        for n in range(600)
        for outcome, answer in [ends[n % 3]]
    ]
    answer = await forms.post(rows, batch_no="W1.001")
    assert answer.status_code == 201
    stored = await service.sql("SELECT * FROM response WHERE survey_id = $1", UUID(forms.survey_id))
    (record,) = {each.pop("record") for each in stored}
    key = {"cycle_id": forms.cycle_id, "survey_id": UUID(forms.survey_id), "wave": 1}
    beside = dict.fromkeys(["stratum", "cluster", "interviewer", "started_at", "ended_at"])
    beside |= {"batch_no": "W1.001", "generation": 0, "attempt": 1}
    expected = [
        {
            **each,
            **key,
            **beside,
            "respondent_group": each["group"],
            "occasion": 0 if each["outcome"] == "completed" else 1,
        }
        for each in rows
    ]
    for each in expected:
        del each["group"]
    by_token = itemgetter("respondent_token")
    assert sorted(stored, key=by_token) == sorted(expected, key=by_token)
    (entry,) = await service.sql(
        "SELECT count(*) AS n FROM journal_entry WHERE record = $1", record
    )
    assert entry == {"n": 1}


@pytest.mark.parametrize(
    ("replaced", "pointer", "code"),
    [
        ({"unit": 1}, "/rows/300/unit", "string-type"),
        ({"respondent_token": None}, "/rows/300/respondent_token", "string-type"),
        ({"answer": ["fair"]}, "/rows/300/answer", "string-type"),
        ({"more": None}, "/rows/300/more", "unexpected-keyword-argument"),
        ({"respondent_token": "tel-13800138000"}, "/rows/300/respondent_token", "phone-number"),
        ({"unit": "联系人一三八〇〇一三八〇〇〇"}, "/rows/300/unit", "phone-number"),
        ({"group": "11010519491231002X"}, "/rows/300/group", "identity-number"),
    ],
)
async def test_a_fault_of_one_row_among_many_is_named_as_in_a_batch_of_one(
    service, opened, row, problem, replaced, pointer, code
):
    """Planted bugs: take columns without looking at their types, or at what else a row has."""
    rows = [row() for _ in range(600)]
    rows[300] |= replaced
    answer = await opened.post(rows)
    assert problem(answer) == (422, "malformed-request", [(pointer, code)])
    assert (await stored(service, opened))[0] == 0
    alone = await opened.post([rows[300]])
    (one,), (among,) = alone.json()["errors"], answer.json()["errors"]
    assert one["detail"] == among["detail"]
    assert one["pointer"] == among["pointer"].replace("300", "0")


async def test_the_same_batch_twice_under_one_key_is_stored_once_and_answered_alike(
    service, opened, row
):
    rows, headers = [row(), row("fair")], {"Idempotency-Key": "batch-1-of-wave-1"}
    first = await opened.post(rows, batch_no="B-1", headers=headers)
    before = await stored(service, opened)
    again = await opened.post(rows, batch_no="B-1", headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert await stored(service, opened) == before


async def test_a_batch_number_is_used_once_in_a_wave(service, opened, row, problem):
    await opened.open(2)
    await opened.post([row()], batch_no="B-1")
    before = await stored(service, opened)
    answer = await opened.post([row()], batch_no="B-1")
    assert problem(answer) == (409, "batch-exists", [])
    assert await stored(service, opened) == before
    assert (await opened.post([row()], wave=2, batch_no="B-1")).status_code == 201


async def test_one_bad_row_stores_nothing_and_every_fault_is_named(service, opened, row, problem):
    before = await stored(service, opened)
    answer = await opened.post(
        [row(), row("delighted"), row(unit="YQ01"), row(group="deputies", token="too-short")],
        control_totals={"count": 5},
    )
    assert problem(answer) == (
        422,
        "batch-rejected",
        [
            ("/control_totals/count", "count-mismatch"),
            ("/rows/1/answer", "unknown-answer"),
            ("/rows/2/unit", "unknown-unit"),
            ("/rows/3/respondent_token", "malformed-token"),
            ("/rows/3/group", "unexpected-group"),
        ],
    )
    assert await stored(service, opened) == before


@pytest.mark.parametrize(
    ("replaced", "fault"),
    [
        ({"rows": []}, ("/rows", "too-short")),
        ({"control_totals": {}}, ("/control_totals/count", "missing")),
        (
            {"rows": [{"unit": "XQ01", "phone": "1"}]},
            ("/rows/0/phone", "unexpected-keyword-argument"),
        ),
        ({"batch_no": "第一批"}, ("/batch_no", "string-pattern-mismatch")),
    ],
)
async def test_a_batch_of_another_shape_is_refused(opened, row, problem, replaced, fault):
    status, kind, faults = problem(await opened.post([row()], **replaced))
    assert (status, kind) == (422, "malformed-request")
    assert fault in faults


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_phone_number_is_refused_and_never_repeated(opened, row, language):
    number = "13800138000"
    rows = [row(token=f"resp-{number}"), row(number), row(unit=number), row(group=number)]
    answer = await opened.post(rows, batch_no=number, headers={"Accept-Language": language})
    assert answer.status_code == 422
    assert number not in answer.text


async def test_a_respondent_who_spoke_before_is_named_and_the_batch_refused(
    service, opened, row, problem
):
    await opened.post([row(token=TOKEN), row(token=TOKEN, unit="XQ02")])
    before = await stored(service, opened)
    answer = await opened.post(
        [row(), row(token=TOKEN, answer="fair"), row(), row(token=TOKEN, unit="XQ02")]
    )
    assert problem(answer) == (
        422,
        "batch-rejected",
        [
            ("/rows/1/respondent_token", "duplicate-respondent"),
            ("/rows/3/respondent_token", "duplicate-respondent"),
        ],
    )
    assert await stored(service, opened) == before


async def test_a_respondent_may_speak_again_in_the_next_wave(opened, row):
    await opened.open(2)
    for wave in (1, 2):
        assert (await opened.post([row(token=TOKEN)], wave=wave)).status_code == 201


async def test_of_batches_with_the_same_respondents_only_one_is_stored(service, opened, row):
    """Planted bug: leave `sorted` out of the posting, and they deadlock if they meet."""
    rows = [row() for _ in range(2000)]
    answers = await asyncio.gather(*(opened.post(rows[::step]) for step in (1, -1, 1, -1)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    refused = max(answers, key=lambda answer: answer.status_code)
    told = refused.json()
    assert len(told["errors"]) + told["more"] == 2000
    assert (await stored(service, opened))[0] == 2000


async def test_before_opening_and_after_closing_nothing_is_taken(planned, row, problem):
    assert problem(await planned.post([row()])) == (409, "wave-not-open", [])
    await planned.open()
    assert (await planned.post([row()])).status_code == 201
    await planned.close()
    assert problem(await planned.post([row()])) == (409, "wave-not-open", [])


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("survey_centre", "SB"),
        ("survey_centre", None),
        ("performance_office", "SC"),
        ("data_source_unit", "SC"),
    ],
)
async def test_only_the_collector_of_the_survey_posts(service, opened, row, problem, role, unit):
    async with service.caller(role, unit=unit) as client:
        opened.collector = client
        assert problem(await opened.post([row()])) == (403, "not-allowed", [])
    assert (await stored(service, opened))[0] == 0


async def test_a_survey_with_groups_takes_the_group_of_each_respondent(forms, row, problem):
    assert (await forms.post([row(unit="YQ01", group="deputies")])).status_code == 201
    answer = await forms.post([row(unit="YQ01"), row(unit="YQ01", group="neighbours")])
    assert problem(answer)[2] == [
        ("/rows/0/group", "group-missing"),
        ("/rows/1/group", "unknown-group"),
    ]


async def test_the_journal_holds_counts_and_a_digest_and_no_row(service, opened, row):
    rows = [row(token=TOKEN), row(None, outcome="refused")]
    await opened.post(rows, batch_no="B-7")
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{opened.cycle_id}")
        holds = await auditor.get(f"/api/v1/journals/survey/chains/{opened.cycle_id}/verification")
    assert TOKEN not in chain.text
    assert holds.json()["holds"]
    entry = chain.json()["items"][-1]
    told = json.dumps(
        [{name: value for name, value in one.items() if value} for one in rows],
        sort_keys=True,
        separators=(",", ":"),
    )
    # Neither how many they are, nor by what a short row could be found by trying, stands in it.
    of_table = {each["table"]: each for each in json.loads(entry["rows"])["tables"]}
    assert of_table["response"].keys() == {"table", "columns", "digest"}
    assert "blinding" in of_table["batch"]["columns"]
    assert entry["event"] == "survey.batch-posted"
    assert json.loads(entry["body"]) == {
        "survey_id": opened.survey_id,
        "wave": 1,
        "batch_no": "B-7",
        "rows_digest": hashlib.sha256(told.encode()).hexdigest(),
    }


async def counted(service, survey):
    """Return how many responses are stored, and how many the results of closed waves rest on."""
    (counts,) = await service.sql(
        "SELECT (SELECT count(*) FROM response WHERE cycle_id = $1) AS stored,"
        " (SELECT coalesce(sum((tally ->> 'contacts')::int), 0) FROM wave_result,"
        "  jsonb_array_elements(tallies) AS tally WHERE cycle_id = $1) AS counted",
        survey.cycle_id,
    )
    return counts["stored"], counts["counted"]


async def test_closing_waits_for_a_batch_that_found_the_wave_open(held, service, opened, row):
    """Planted bug: read the state with a plain SELECT, and the wave closes without this batch."""
    async with held("batch") as start:
        writer = await start(opened.post([row(), row()]))
        closer = await start(opened.close())
        assert not writer.done()
    assert [(await task).status_code for task in (writer, closer)] == [201, 201]
    assert await counted(service, opened) == (2, 2)


@pytest.mark.parametrize("delay", [0, 0.005, 0.01, 0.02, 0.04, 0.08])
async def test_in_a_race_with_the_closing_a_batch_is_counted_or_refused(
    service, opened, row, delay
):
    """Planted bug: read the state with a plain SELECT, and accepted rows are left uncounted."""

    async def close():
        await asyncio.sleep(delay)
        return await opened.close()

    batches = [[row() for _ in range(20)] for _ in range(6)]
    closing, *answers = await asyncio.gather(close(), *map(opened.post, batches))
    assert closing.status_code == 201
    accepted = [answer.status_code for answer in answers].count(201)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await counted(service, opened) == (20 * accepted, 20 * accepted)
