"""Batches row by row: each row of units, mappings and targets has the outcome that it was drawn
for, in every form, and what was kept is unchanged when it is sent again."""

import csv
import io
import json
from collections import Counter
from itertools import count
from random import Random

import pytest

from service_testing import trials

ROWS = trials(200, 1_000)
ONE_FAULT_IN = 5
WHY = {"reason": "省定目标调整", "document_no": "省绩办〔2025〕7号"}
PHONE, IDENTITY = "138" + "00138000", "110105" + "19491231002X"
RUNS = count()


async def send(caller, path, name, rows, mode="partial", form="json", **beside):
    """Send rows in one of the forms; return the answer."""
    if form == "json":
        return await caller.post(f"{path}?mode={mode}", json={name: rows, **beside})
    if form == "csv":
        names = list(dict.fromkeys(field for row in rows for field in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, names)
        writer.writeheader()
        writer.writerows(rows)
        body, kind = text.getvalue(), "text/csv"
    else:
        body, kind = "\n".join(map(json.dumps, rows)), "application/x-ndjson"
    return await caller.post(
        path,
        params={"mode": mode, **beside},
        content=body.encode(),
        headers={"Content-Type": kind},
    )


def became(answer):
    assert answer.status_code in (200, 201), answer.text
    told = answer.json()
    for name in ("stored", "unchanged", "parked", "refused"):
        assert told[name] == sum(row["outcome"] == name for row in told["rows"])
    return [(row["outcome"], *(error["code"] for error in row["errors"])) for row in told["rows"]]


def drawn(sound, faults, random):
    """Yield rows, each with the outcome that it is to have and the code of its fault: one in five
    is made faulty in one way after the other."""
    kinds = list(faults)
    for n, row in enumerate(sound):
        if n == 0 or n % ONE_FAULT_IN:
            yield row, "stored", None
            continue
        change, outcome, code = kinds[n // ONE_FAULT_IN % len(kinds)]
        before = sound[random.randrange(n // ONE_FAULT_IN) * ONE_FAULT_IN + 1]
        changed = change(row, before) if callable(change) else row | change
        yield changed, outcome, code


def check(answer, rows, *, again=False):
    told = answer.json()["rows"]
    assert len(told) == len(rows)
    for found, (row, outcome, code) in zip(told, rows, strict=True):
        wanted = "unchanged" if again and outcome == "stored" else outcome
        assert found["outcome"] == wanted, (row, found)
        # What stood in the batch twice is there already when it comes again.
        if not (again and code == "named-twice"):
            assert code in [None, *(error["code"] for error in found["errors"])], (row, found)
        at = f"/{found['position']}"
        assert all(at in each["pointer"] for each in found["errors"]), found


UNIT_FAULTS = (
    ({"code": "own_unit"}, "refused", "reserved-code"),
    ({"uscc": "91110000600037341N"}, "refused", "not-a-social-credit-code"),
    (lambda _, before: before | {"name": "另名"}, "refused", "named-twice"),
    (lambda _, before: before, "unchanged", None),
    (lambda *_: {"code": "X1", "name": "别名", "kind": "assessed", "valid_from": "2010-01-01"},
     "refused", "registered-already"),
    ({"name": f"张三 {PHONE}"}, "refused", "phone-number"),
    ({"name": f"李四 {IDENTITY}"}, "refused", "identity-number"),
    ({"name": "坏\u0001"}, "refused", "value-error"),
    ({"code": "无效"}, "refused", "string-pattern-mismatch"),
    ({"kind": "other"}, "refused", "literal-error"),
    ({"valid_from": "2025-02-30"}, "refused", "date-from-datetime-parsing"),
    ({"colour": "red"}, "refused", "extra-forbidden"),
)  # fmt: skip


@pytest.mark.prove
@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
async def test_every_unit_has_the_outcome_that_it_was_drawn_for(service, office, form):
    """Planted bugs: compare the code alone with what is registered; refuse the second of two rows
    together with the first."""
    mark = f"{form}{next(RUNS)}-"
    sound = [
        {"code": f"{mark}{n}", "name": f"单位{n}", "kind": "assessed", "valid_from": "2020-01-01"}
        for n in range(ROWS)
    ]
    faults = UNIT_FAULTS[:-1] if form == "csv" else UNIT_FAULTS
    rows = list(drawn(sound, faults, Random(7)))  # noqa: S311 - not for secrets
    for again in (False, True):
        answer = await send(office, "/api/v1/units", "units", [row for row, *_ in rows], form=form)
        assert answer.status_code == (200 if again else 201)
        check(answer, rows, again=again)
    stored = Counter(outcome for _, outcome, _ in rows)["stored"]
    [found] = await service.sql("SELECT count(*) AS n FROM unit WHERE code LIKE $1", f"{mark}%")
    assert found["n"] == stored
    assert (await office.get(f"/api/v1/units/{mark}1")).json()["name"] == "单位1"


@pytest.fixture
async def wide(office, cycle, document):
    """Give the path of a cycle of many units, whose scheme is published."""
    units = [f"W{n}" for n in range(ROWS)]
    new = [
        {"code": unit, "name": unit, "kind": "assessed", "valid_from": "2020-01-01"}
        for unit in units
    ]
    await send(office, "/api/v1/units", "units", new)
    scheme = document({"/categories/0/units": [*units, "X1"]})
    for path, body in (("", {"scheme": scheme}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    return cycle


TARGET_FAULTS = (
    ({"unit": "nobody"}, "refused", "unknown-unit"),
    ({"indicator": "C03"}, "refused", "unknown-indicator"),
    ({"indicator": "D01"}, "refused", "other-category"),
    ({"item": "9"}, "refused", "item-unused"),
    (lambda _, before: before | {"target": "7"}, "refused", "named-twice"),
    (lambda _, before: before, "unchanged", None),
    ({"unit": "B01"}, "refused", "own-unit"),
    (lambda row, _: {name: row[name] for name in ("unit", "indicator")}, "refused", "no-value"),
    ({"target": "1e3"}, "refused", "plain-digits"),
    ({"item": f"x{PHONE}"}, "refused", "phone-number"),
    ({"item": IDENTITY}, "refused", "identity-number"),
    ({"unit": "A B"}, "refused", "string-pattern-mismatch"),
)


@pytest.mark.prove
@pytest.mark.parametrize("form", ["json", "csv"])
async def test_every_target_has_the_outcome_that_it_was_drawn_for(service, office, wide, form):
    """Planted bugs: take a target that is set again for a revision; judge rows against those that
    are left out."""
    sound = [{"unit": f"W{n}", "indicator": "C01", "target": f"{n + 10}.50"} for n in range(ROWS)]
    rows = list(drawn(sound, TARGET_FAULTS, Random(7)))  # noqa: S311 - not for secrets
    sent = [row for row, *_ in rows]
    checked = await send(office, f"{wide}/targets", "targets", sent, "check", form)
    check(checked, rows)
    for again in (False, True):
        answer = await send(office, f"{wide}/targets", "targets", sent, form=form)
        assert answer.status_code == (200 if again else 201)
        check(answer, rows, again=again)
    found = (await office.get(f"{wide}/targets")).json()["targets"]
    stored = {row["unit"]: row["target"] for row, outcome, _ in rows if outcome == "stored"}
    assert {each["unit"]: f"{each['target']}0" for each in found} == stored
    assert (await service.verification(wide.rsplit("/", 1)[1]))["holds"]


SAME = {
    "/categories/0/blocks/0/indicators/0/matter": "pm",
    "/categories/0/blocks/0/indicators/2/children/0/matter": "pm",
    "/categories/0/blocks/0/indicators/2/children/0/measure": "%",
}


@pytest.fixture
async def shared(office, cycle, document):
    """Give the path of a cycle in which C01 and C03A measure one matter."""
    for path, body in (("", {"scheme": document(SAME)}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    return cycle


async def test_targets_of_one_matter_that_would_differ_are_all_refused(office, shared):
    """Which of them is meant nobody knows. Planted bug: keep the first."""
    rows = [
        {"unit": unit, "indicator": code, "target": target}
        for unit, code, target in (
            ("X1", "C01", "10"),
            ("X1", "C03A", "12"),
            ("X2", "C01", "10"),
            ("X2", "C03A", "10"),
            ("X3", "C03A", "12"),
        )
    ]
    conflict, kept = [("refused", "target-conflict")] * 2, [("stored",)] * 3
    for order, expected in ((rows, conflict + kept), (rows[::-1], kept + conflict)):
        answer = await send(office, f"{shared}/targets", "targets", order, "check")
        assert became(answer) == expected


async def test_a_unit_proposes_row_by_row_and_the_office_decides_row_by_row(
    service, office, opened
):
    """Planted bugs: refuse the whole for the row of another unit; let the row of another pass."""
    target = {"unit": "X1", "indicator": "C01", "target": "80"}
    rows = [target, target | {"unit": "X2"}, target | {"indicator": "C03"}, target | {"target": 7}]
    async with service.caller("assessed_unit", unit="X1") as unit:
        first = await send(unit, f"{opened}/target-proposals", "targets", rows)
        again = await send(unit, f"{opened}/target-proposals", "targets", rows[:2])
        other = await send(unit, f"{opened}/target-proposals", "targets", [rows[1]])
        shapeless = await send(unit, f"{opened}/target-proposals", "targets", [{}])
    assert became(first) == [
        ("stored",),
        ("refused", "not-the-own-unit"),
        ("refused", "unknown-indicator"),
        ("refused", "named-twice"),
    ]
    assert [row["state"] for row in first.json()["rows"]] == ["proposed", None, None, None]
    assert became(again) == [("unchanged",), ("refused", "not-the-own-unit")]
    assert (other.status_code, other.json()["type"]) == (403, "not-allowed")
    assert [outcome for outcome, *_ in became(shapeless)] == ["refused"]

    named = {"unit": "X1", "indicator": "C01"}
    words = [
        named | {"version": "1", "decision": "approve"},
        named | {"version": "2", "decision": "approve"},
        {**named, "unit": "X2", "version": "1", "decision": "return", "reason": "过低"},
    ]
    decided = await send(office, f"{opened}/target-decisions", "decisions", words, form="csv")
    assert became(decided) == [
        ("stored",),
        ("refused", "named-twice"),
        ("refused", "wrong-state"),
    ]
    assert [row["version"] for row in decided.json()["rows"]] == [2, None, None]


async def test_what_was_asked_for_in_the_same_words_is_unchanged(
    office, colleague, opened, confirm
):
    """Planted bug: compare the values alone."""
    path, named = f"{opened}/target", {"unit": "X1", "indicator": "C01"}
    target = named | {"target": "100"}
    assert became(await send(office, f"{path}s", "targets", [target])) == [("stored",)]
    assert became(await send(office, f"{path}s", "targets", [target])) == [("unchanged",)]
    told = WHY | {"approved_by": "分管市领导"}
    revised = [target | {"target": "90"}, {**target, "indicator": "C03A"}]
    for outcome in ("stored", "unchanged"):
        answer = await send(office, f"{path}-revisions", "targets", revised, form="csv", **told)
        assert became(answer) == [(outcome,), ("refused", "wrong-state")]
    other = await send(
        office, f"{path}-revisions", "targets", revised[:1], **told | {"reason": "另"}
    )
    assert became(other) == [("refused", "wrong-state")]
    assert (await confirm(opened)).status_code == 201
    again = await send(office, f"{path}-revisions", "targets", revised[:1], **told)
    assert became(again) == [("unchanged",)]
    assert became(await send(office, f"{path}s", "targets", revised[:1])) == [("unchanged",)]
    for outcome in ("stored", "unchanged"):
        gone = [named, named | {"indicator": "C08"}, named | {"indicator": "nothing"}]
        answer = await send(office, f"{path}-withdrawals", "targets", gone, form="ndjson", **WHY)
        assert became(answer) == [(outcome,), *[("refused", "wrong-state")] * 2]
    [latest] = (await colleague.get(f"{path}s")).json()["targets"]
    assert latest["target"] == "90"


async def test_mappings_are_proposed_row_by_row(office, opened):
    """Planted bugs: forget the mappings of the batch; give ids of what is only checked."""
    scheme = f"rows{next(RUNS)}"
    made = {"name_zh": "系统", "name_en": "System", "system": "s.example", "indicators": True}
    assert (await office.post("/api/v1/id-schemes", json=made | {"id_scheme": scheme})).is_success
    day = {"valid_from": "2025-01-01"}
    for path, field, own, other in (
        (f"/api/v1/id-schemes/{scheme}/unit-mappings", "unit", "X1", "X2"),
        (f"{opened}/id-schemes/{scheme}/indicator-mappings", "indicator", "C01", "C02"),
    ):
        rows = [
            {"code": "a", field: own, **day},
            {"code": "a", field: other, "valid_from": "2026-01-01"},
            {"code": "b", field: "nothing", **day},
            {"code": "b", field: other, **day},
            {"code": "b", field: other, **day},
            {"code": "c", field: own, **day, "valid_to": "2025-01-01"},
            {"code": "d d", field: own, **day},
            {"code": "e", field: own, **day, "valid_to": PHONE},
        ]
        expected = [
            ("stored",),
            ("refused", "means-something-already"),
            ("refused", f"unknown-{field}"),
            ("stored",),
            ("unchanged",),
            ("refused", "ends-before-it-begins"),
            ("refused", "string-pattern-mismatch"),
        ]
        checked = await send(office, path, "mappings", rows, "check", reason="年度对照")
        assert became(checked)[:7] == expected
        assert {row["mapping_id"] for row in checked.json()["rows"]} == {None}
        answer = await send(office, path, "mappings", rows, form="csv", reason="年度对照")
        assert became(answer)[:7] == expected
        ids = [row["mapping_id"] for row in answer.json()["rows"]]
        assert [bool(each) for each in ids[:5]] == [True, False, False, True, False]
        again = await send(office, path, "mappings", rows, form="ndjson", reason="年度对照")
        assert [outcome for outcome, *_ in became(again)[:5]] == [
            "unchanged", "refused", "refused", "unchanged", "unchanged",
        ]  # fmt: skip
        same = [row["mapping_id"] for row in again.json()["rows"]]
        assert same[:5] == [ids[0], None, None, ids[3], ids[3]]


async def test_settlements_are_asked_for_and_decided_row_by_row(office, colleague, shared):
    """Planted bug: ask for what waits already once more."""
    first = {"unit": "X1", "indicator": "C01", "target": "10"}
    assert became(await send(office, f"{shared}/targets", "targets", [first])) == [("stored",)]
    targets = [{"indicator": "C01", "target": "10"}, {"indicator": "C03A", "target": "12"}]
    one = {"unit": "X1", "matter": "pm", "targets": targets}
    rows = [one, one | {"matter": "other"}, one, one | {"targets": targets[:1]}]
    for outcome in ("stored", "unchanged"):
        path = f"{shared}/target-settlements"
        answer = await send(office, path, "settlements", rows, form="ndjson", **WHY)
        assert [each[:2] for each in became(answer)] == [
            (outcome,),
            ("refused", "unknown-matter"),
            ("unchanged",),
            ("refused", "nothing-to-settle"),
        ]
    word = {"unit": "X1", "matter": "pm", "decision": "confirm"}
    words = [word | {"version": 7}, word | {"version": 1}]
    path = f"{shared}/target-settlement-confirmations"
    decided = await send(colleague, path, "decisions", words)
    assert became(decided) == [("refused", "other-version"), ("stored",)]
    assert [row["version"] for row in decided.json()["rows"]] == [None, 2]


async def test_what_clashes_only_with_a_row_that_is_left_out_is_kept(office):
    """Planted bug: hold each row against all before it, also those that are not kept."""
    mark, scheme = f"chain{next(RUNS)}", f"chain{next(RUNS)}"
    day = {"valid_from": "2020-01-01", "kind": "assessed"}
    usccs = ("91152201078382010M", "911522010783917502")
    units = [
        {"code": f"{mark}-{code}", "name": code, **day, "uscc": uscc}
        for code, uscc in zip("AAB", (usccs[0], usccs[1], usccs[1]), strict=True)
    ]
    checked = await send(office, "/api/v1/units", "units", units, "check")
    assert became(checked) == [("stored",), ("refused", "named-twice"), ("stored",)]

    made = {"name_zh": "系统", "name_en": "System", "system": "s.example", "indicators": False}
    assert (await office.post("/api/v1/id-schemes", json=made | {"id_scheme": scheme})).is_success
    days = [("2025-01-01", "2025-03-01"), ("2025-02-01", "2025-04-01"), ("2025-03-15", None)]
    mappings = [{"code": "a", "unit": "X1", "valid_from": f, "valid_to": t} for f, t in days]
    path = f"/api/v1/id-schemes/{scheme}/unit-mappings"
    told = became(await send(office, path, "mappings", mappings))
    assert told == [("stored",), ("refused", "means-something-already"), ("stored",)]
