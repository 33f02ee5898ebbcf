"""What came of what was sent, and control totals that have to be met."""

import hashlib
import json

GOOD = {"met": "yes", "attitude": "good", "effect": "good"}


def digest(rows):
    """Return what a collector computes: without what is null, names in order, no blanks."""
    told = [{name: each for name, each in row.items() if each is not None} for row in rows]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def counts_of(told):
    return {
        (each["unit"], each["outcome"]): tuple(
            each[name] for name in ("sent", "stored", "unchanged", "refused", "withdrawn")
        )
        for each in told
    }


async def reconciled(client, survey, query=""):
    answer = await client.get(survey.path(1, "reconciliation") + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_sent_is_reconciled_by_batch_and_by_unit_and_outcome(opened, row):
    """Planted bugs: rows that were refused counted as stored; of the second batch only what it
    stored."""
    known = row()
    assert (await opened.post([known, row(None, outcome="refused")], batch_no="A")).is_success
    rows = [
        known,
        row("fair", unit="XQ02"),
        row(unit="YQ01"),
        row(unit="9001", token="too-short"),
        row(outcome="perhaps"),
        {"unit": "XQ01"},
    ]
    answer = await opened.post(rows, batch_no="B", query="?mode=partial")
    assert (answer.json()["stored"], answer.json()["refused"]) == (1, 4)
    told = await reconciled(opened.collector, opened)
    assert counts_of(told["counts"]) == {
        (None, None): (1, 0, 0, 1, 0),
        (None, "completed"): (2, 0, 0, 2, 0),
        ("XQ01", None): (1, 0, 0, 1, 0),
        ("XQ01", "completed"): (2, 1, 1, 0, 0),
        ("XQ01", "refused"): (1, 1, 0, 0, 0),
        ("XQ02", "completed"): (1, 1, 0, 0, 0),
    }
    batches = {each["batch_no"]: (each["sent"], each["stored"]) for each in told["batches"]}
    assert batches == {"A": (2, 2), "B": (6, 1)}
    assert (told["sent"], told["stored"], told["unchanged"], told["refused"]) == (8, 3, 1, 4)
    assert not told["completed_only"]
    alone = await reconciled(opened.collector, opened, "?batch_no=A")
    assert (alone["sent"], [each["batch_no"] for each in alone["batches"]]) == (2, ["A"])


async def test_units_of_other_codes_are_reconciled_by_ours(opened, row):
    await opened.post([row(unit="9001"), row(unit="9002")], query="?id_scheme=hr&mode=partial")
    told = await reconciled(opened.collector, opened)
    assert counts_of(told["counts"]) == {
        (None, "completed"): (1, 0, 0, 1, 0),
        ("XQ01", "completed"): (1, 1, 0, 0, 0),
    }


async def test_of_an_open_wave_others_are_told_of_completed_contacts_alone(service, opened, row):
    """Also by the list of batches, the journal and what is heard of it, which opinions that came
    alone go by too. Planted bugs: the office is told everything; how many were `accepted` stands in
    the list, or in the journal; a body that attests is taken for the collector."""
    rows = [row(), row(None, outcome="refused"), row(None, outcome="partial")]
    await opened.post(rows, batch_no="A")
    alone = {"batch_no": "W", "rows": [{"unit": "XQ01", "text": "窗口太少。"}] * 4}
    assert (await opened.collector.post(opened.path(1, "opinions"), json=alone)).is_success
    sent = "unit,respondent_token,outcome,answer\n"
    sent += "".join(f"XQ01,respondent-{n:08d}-file,no_contact,\n" for n in range(5))
    filed = await opened.collector.post(
        opened.path(1, "files") + "?batch_no=F",
        content=sent.encode(),
        headers={"content-type": "text/csv"},
    )
    assert filed.status_code == 201, filed.text
    gone = opened.path(1, "batches", "F", "withdrawal")
    assert (await opened.collector.post(gone, json={"reason": "重复"})).json()["accepted"] == 5
    batches, held = opened.path(1, "batches"), {"A": 3, "F": 5, "W": 4}
    journal = f"/api/v1/journals/survey/chains/{opened.cycle_id}"
    async with service.caller("auditor") as auditor:
        for client in (opened.office, auditor):
            told = await reconciled(client, opened)
            assert (told["completed_only"], told["sent"]) == (True, 1)
            assert list(counts_of(told["counts"])) == [("XQ01", "completed")]
            listed = (await client.get(batches)).json()["items"]
            assert {each["batch_no"]: each["accepted"] for each in listed} == dict.fromkeys(held)
        bodies = [each["body"] for each in (await auditor.get(journal)).json()["items"]]
        assert sum("rows_digest" in each for each in bodies) == 3
        assert not any("accepted" in each for each in bodies)
        heard = (await auditor.get(f"/internal/events?chain={opened.cycle_id}")).json()["events"]
        told = [each["data"] for each in heard if each["type"] == "survey.batch-posted"]
        assert {each["batch_no"] for each in told} == {"A", "F"}
        assert not any("accepted" in each["data"] for each in heard)
    assert (await reconciled(opened.collector, opened))["sent"] == 8
    listed = (await opened.collector.get(batches)).json()["items"]
    assert {each["batch_no"]: each["accepted"] for each in listed} == held
    assert (await opened.stop()).status_code == 201
    listed = (await opened.office.get(batches)).json()["items"]
    assert {each["batch_no"]: each["accepted"] for each in listed} == held
    for role, unit in (("survey_centre", "SB"), ("committee", "XQ02")):
        async with service.caller(role, unit=unit) as client:
            answer = await client.get(opened.path(1, "reconciliation"))
            assert answer.status_code == 403


async def test_control_totals_are_held_against_what_came(asked, row, problem):
    """Planted bugs: a sum of the order of the options; the digest of what is stored."""

    def said(**more):
        return row(None, unit="DQ01", group="deputies", answers=GOOD | more)

    rows = [said(), said(attitude="dont_know"), said(effect="fair", attitude="poor")]
    right = {
        "count": 3,
        "sums": {"met": "300", "attitude": 100, "effect": "260", "advice": "0"},
        "digest": digest(rows),
    }
    for wrong, expected in (
        ({"count": 2}, [("/control_totals/count", "count-mismatch")]),
        ({"sums": {"effect": "260.5"}}, [("/control_totals/sums/effect", "sum-mismatch")]),
        ({"sums": {"other": "1"}}, [("/control_totals/sums/other", "unknown-question")]),
        ({"digest": digest(rows[::-1])}, [("/control_totals/digest", "digest-mismatch")]),
    ):
        for query in ("", "?mode=partial", "?mode=check"):
            answer = await asked.post(rows, control_totals=right | wrong, query=query)
            assert problem(answer) == (422, "batch-rejected", expected)
    answer = await asked.post(rows, control_totals=right)
    assert answer.status_code == 201, answer.text
