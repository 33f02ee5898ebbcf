"""A batch of entries as JSON, JSON lines or CSV: the same rows become the same."""

import json

import pytest

ROWS = [
    {
        "unit": "XQ01",
        "indicator": "C01",
        "kind": "measured_value",
        "key": "actual",
        "value": "61.10",
    },
    {"unit": "XQ02", "indicator": "C01", "kind": "measured_value", "key": "actual", "value": "x"},
    {"unit": "XQ03", "indicator": "C01", "kind": "measured_value", "key": "actual"},
    {"unit": "XQ04", "indicator": "C01", "kind": "measured_value", "key": "actual", "value": "=1"},
    {"unit": "XQ05", "indicator": "C01", "kind": "measured_value", "key": "actual", "value": "7"},
    {"unit": "XQ05", "indicator": "NONE", "kind": "measured_value", "value": "7"},
]
NAMES = ("unit", "indicator", "kind", "key", "value")
FORMS = {
    "application/json": json.dumps({"entries": ROWS, "state": "draft"}),
    "application/x-ndjson": "\n".join(map(json.dumps, ROWS)),
    "text/csv; charset=utf-8": "\r\n".join(
        [",".join(NAMES), *(",".join(row.get(name, "") for name in NAMES) for row in ROWS)]
    ),
}


async def send(cycle, form: str, mode: str, **query):
    state = {} if form == "application/json" else {"state": "draft"}
    async with cycle.source("ZH02") as client:
        return await client.post(
            f"{cycle.path}/ledger-entries",
            content=FORMS[form].encode(),
            params={"mode": mode} | state | query,
            headers={"Content-Type": form},
        )


def became(answer) -> list[tuple]:
    return [
        (row["position"], row["outcome"], [(e["pointer"], e["code"]) for e in row["errors"]])
        for row in answer.json()["rows"]
    ]


@pytest.mark.parametrize("form", FORMS)
async def test_the_rows_without_fault_are_kept_in_every_form(cycle, form):
    """Planted bug: tell the outcome of a row under its place among those that are left."""
    checked = await send(cycle, form, "check")
    answer = await send(cycle, form, "partial")
    assert answer.status_code == 201, answer.text
    assert became(answer) == became(checked)
    refused = {row: errors for row, outcome, errors in became(answer) if outcome == "refused"}
    assert refused[1] == [("/entries/1/value", "plain-digits")]
    assert refused[3] == [("/entries/3/value", "plain-digits")]
    assert refused.keys() == {1, 2, 3, 5}
    async with cycle.source("ZH02") as client:
        kept = (await client.get(f"{cycle.path}/ledger-entries")).json()["items"]
    assert {(e["unit"], e["value"], e["state"]) for e in kept} == {
        ("XQ01", "61.10", "draft"),
        ("XQ05", "7", "draft"),
    }
    ids = [row["entry_id"] for row in answer.json()["rows"] if row["outcome"] == "stored"]
    assert ids == [e["entry_id"] for e in sorted(kept, key=lambda e: e["unit"])]


@pytest.mark.parametrize("form", FORMS)
async def test_kept_whole_or_not_at_all_the_malformed_rows_are_named(cycle, form):
    answer = await send(cycle, form, "all")
    assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/entries/1/value",
        "/entries/3/value",
    }


async def test_what_json_says_in_its_body_is_not_taken_from_the_query(cycle):
    answer = await send(cycle, "application/json", "partial", state="draft")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/query/state"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("text/plain", 415), ("text/csv; charset=gbk", 415), ("application/csv", 415)],
)
async def test_other_forms_are_refused_by_name(cycle, kind, status):
    async with cycle.source("ZH02") as client:
        answer = await client.post(
            f"{cycle.path}/ledger-entries", content=b"x", headers={"Content-Type": kind}
        )
    assert (answer.status_code, answer.json()["type"]) == (status, "wrong-media-type")


async def test_the_same_key_with_the_rows_in_another_form_is_refused(cycle):
    key = {"Idempotency-Key": "a-key-of-its-own"}
    answers = []
    for form in ("application/x-ndjson", "text/csv; charset=utf-8", "application/x-ndjson"):
        async with cycle.source("ZH02") as client:
            answers.append(
                await client.post(
                    f"{cycle.path}/ledger-entries?mode=partial",
                    content=FORMS[form].encode(),
                    headers=key | {"Content-Type": form},
                )
            )
    assert [answer.status_code for answer in answers] == [201, 422, 201]
    assert answers[0].json() == answers[2].json()
