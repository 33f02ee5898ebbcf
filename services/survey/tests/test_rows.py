"""A batch of responses row by row, in every form: each row has the outcome that it was drawn for,
and what is there already is unchanged when it is sent again."""

import asyncio
import csv
import io
import json
from collections import Counter

import pytest

from service_testing import trials

ROWS = trials(400, 20_000)
NAMES = ["unit", "respondent_token", "outcome", "answer"]
PHONE, IDENTITY = "138" + "00138000", "110105" + "19491231002X"
FAULTS = (
    ({"unit": "YQ01"}, "refused", "unknown-unit"),
    ({"outcome": "asleep"}, "refused", "unknown-outcome"),
    ({"answer": None}, "refused", "answer-missing"),
    ({"answer": "delighted"}, "refused", "unknown-answer"),
    ({"outcome": "refused"}, "refused", "unexpected-answer"),
    ({"respondent_token": "too-short"}, "refused", "malformed-token"),
    ({"respondent_token": "1234567890123456789"}, "refused", "phone-number"),
    ({"respondent_token": f"respondent-{PHONE}"}, "refused", "phone-number"),
    ({"respondent_token": f"id-{IDENTITY}-x"}, "refused", "identity-number"),
    ({"unit": f"李四 {PHONE}"}, "refused", "phone-number"),
    ("again", "unchanged", None),
    ("otherwise", "refused", "duplicate-respondent"),
    ({"group": "deputies"}, "refused", "unexpected-group"),
    ({"unit": None}, "refused", ("string-type", "missing")),
    ({"mood": "fine"}, "refused", "unexpected-keyword-argument"),
    ({"answer": ["fair"]}, "refused", "string-type"),
)
IN_CSV = FAULTS[:-2]


def drawn(row, faults):
    """Yield rows, each with the outcome that it is to have and the code of its fault."""
    first = row()
    yield first, "stored", None
    for n in range(1, ROWS):
        if n % 5:
            yield row(unit=("XQ01", "XQ02")[n % 2]), "stored", None
            continue
        change, outcome, code = faults[n // 5 % len(faults)]
        if change == "again":
            yield first, outcome, code
        elif change == "otherwise":
            yield first | {"answer": "fair"}, outcome, code
        else:
            yield row() | change, outcome, code


async def send(survey, rows, batch_no, form="json", mode="partial", count=None):
    count = len(rows) if count is None else count
    path = survey.path(1, "batches")
    if form == "json":
        body = {"batch_no": batch_no, "control_totals": {"count": count}, "rows": rows}
        return await survey.collector.post(f"{path}?mode={mode}", json=body)
    if form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, [*NAMES, "group"])
        writer.writeheader()
        writer.writerows(rows)
        body, kind = text.getvalue(), "text/csv"
    else:
        body, kind = "\n".join(map(json.dumps, rows)), "application/x-ndjson"
    return await survey.collector.post(
        path,
        params={"mode": mode, "batch_no": batch_no, "control_totals.count": str(count)},
        content=body.encode(),
        headers={"Content-Type": kind},
    )


def check(answer, rows, *, again=False):
    told = answer.json()
    assert [row["position"] for row in told["rows"]] == [*range(len(rows))]
    for found, (row, outcome, code) in zip(told["rows"], rows, strict=True):
        wanted = "unchanged" if again and outcome == "stored" else outcome
        assert found["outcome"] == wanted, (row, found)
        codes = [error["code"] for error in found["errors"]]
        assert code is None or {*codes} & {*([code] if isinstance(code, str) else code)}, found
        assert all(f"/rows/{found['position']}" in each["pointer"] for each in found["errors"])
    assert PHONE not in answer.text
    counted = Counter(row["outcome"] for row in told["rows"])
    assert {name: told[name] for name in counted} == counted


@pytest.mark.prove
@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
async def test_every_response_has_the_outcome_that_it_was_drawn_for(service, opened, row, form):
    """Planted bugs: compare the token alone with what is stored; count the rows that are left;
    store under the number of a batch that there is."""
    rows = list(drawn(row, IN_CSV if form == "csv" else FAULTS))
    sent = [each for each, *_ in rows]
    checked = await send(opened, sent, "W1-1", form, "check")
    assert checked.status_code == 200
    check(checked, rows)
    for batch_no, again in (("W1-1", False), ("W1-1", True), ("W1-2", True)):
        answer = await send(opened, sent, batch_no, form)
        assert answer.status_code == (200 if again else 201), answer.text[:500]
        check(answer, rows, again=again)
    found = await service.sql(
        "SELECT (SELECT count(*) FROM response WHERE cycle_id = $1) AS responses,"
        " (SELECT array_agg(batch_no || accepted) FROM batch WHERE cycle_id = $1) AS batches",
        opened.cycle_id,
    )
    stored = Counter(outcome for _, outcome, _ in rows)["stored"]
    assert found == [{"responses": stored, "batches": [f"W1-1{stored}"]}]
    assert (await service.verification(str(opened.cycle_id)))["holds"]


async def test_a_number_takes_no_other_rows_later(opened, row, problem):
    """Planted bug: add them to the batch that there is."""
    first, second = row(), row()
    assert (await send(opened, [first], "N-1")).status_code == 201
    answer = await send(opened, [first, second], "N-1")
    assert problem(answer) == (409, "batch-exists", [])
    assert (await send(opened, [first, second], "N-2")).json()["stored"] == 1


async def test_control_totals_count_all_rows_that_are_sent(opened, row, problem):
    """Planted bugs: count those that are left; take a wrong total in part."""
    rows = [row(), row(), {"unit": "XQ01"}]
    for count in (2, 1):
        answer = await send(opened, rows, "T-1", count=count)
        assert problem(answer)[2] == [("/control_totals/count", "count-mismatch")]
    told = (await send(opened, rows, "T-1", count=3)).json()
    assert (told["stored"], told["refused"]) == (2, 1)
    missing = await opened.collector.post(
        opened.path(1, "batches"),
        params={"batch_no": "T-2"},
        content=json.dumps(row()).encode(),
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert problem(missing)[2] == [("/query/control_totals.count", "missing")]


async def test_rows_with_codes_that_mean_nothing_are_refused_by_themselves(opened, row):
    """Planted bug: number the faults of later rules among the rows whose codes are known."""
    units = ("9002", "9001", "nothing", "9001")
    rows = [row(unit=unit) for unit in units]
    rows[3] |= {"answer": "delighted"}
    told = (await opened.post(rows, query="?id_scheme=hr&mode=partial")).json()
    assert [(each["outcome"], *(e["code"] for e in each["errors"])) for each in told["rows"]] == [
        ("refused", "unknown-unit-code"),
        ("stored",),
        ("refused", "unknown-unit-code"),
        ("refused", "unknown-answer"),
    ]


async def test_kept_whole_or_not_at_all_what_is_there_is_refused_as_ever(opened, row, problem):
    """Planted bug: leave known responses out in every mode."""
    rows = [row(), row()]
    assert (await send(opened, rows, "A-1", mode="all")).status_code == 201
    assert problem(await send(opened, rows, "A-1", mode="all"))[:2] == (409, "batch-exists")
    again = await send(opened, rows, "A-2", mode="all")
    assert problem(again)[:2] == (422, "batch-rejected")


@pytest.mark.parametrize("numbers", [["R-1"] * 4, ["R-1", "R-2", "R-3", "R-4"]])
async def test_what_is_sent_by_several_at_once_is_stored_once_and_unchanged_else(
    service, opened, row, numbers
):
    """Planted bug: refuse what another batch has stored since the wave was read."""
    rows = [row() for _ in range(1_000)]
    rows += [row() | {"answer": "delighted"}]
    answers = await asyncio.gather(
        *(
            send(opened, rows[::step], number)
            for step, number in zip((1, -1) * 2, numbers, strict=True)
        )
    )
    told = sorted(
        (answer.status_code, each["stored"], each["unchanged"], each["refused"])
        for answer in answers
        for each in [answer.json()]
    )
    assert told == [(200, 0, 1_000, 1)] * 3 + [(201, 1_000, 0, 1)]
