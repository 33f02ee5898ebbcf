"""Decisions about entries over HTTP: by another person, another unit, and the body that the scheme
names where the performance office is barred (回避)."""

import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}
OTHER = VALUE | {"unit": "XQ02"}
RECUSED = VALUE | {"unit": "XQ03"}


@pytest.fixture
def recusing(cycle, others, document):
    """A cycle whose scheme bars the performance office from deciding about XQ03; ZH30 does."""
    recusals = [{"unit": "XQ03", "body": "ZH30"}]
    others.schemes[cycle.cycle_id] = document | {"recusals": recusals}
    return cycle


def second_body(cycle, unit="ZH30", **who):
    return cycle.caller("second_body", unit=unit, **who)


def codes(answer):
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


DECISIONS = [("verification", {}), ("return", {"reason": "照片没有日期"})]


@pytest.mark.parametrize(("path", "more"), DECISIONS)
async def test_a_person_with_two_accounts_does_not_decide_about_what_they_wrote(cycle, path, more):
    """Caught: comparing the accounts."""
    clerk = cycle.source(subject="zhang", person="p-1")
    posted = await cycle.post(clerk, "ledger-entries", {"entries": [VALUE]})
    ids = {"entry_ids": [posted.json()["rows"][0]["entry_id"]]}
    before = await cycle.rows()

    same = cycle.caller("performance_office", subject="zhang-office", person="p-1")
    answer = await cycle.post(same, f"ledger-entries/{path}", ids | more)

    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", "own-entry")])
    assert await cycle.rows() == before
    other = cycle.caller("performance_office", subject="li", person="p-2")
    assert (await cycle.post(other, f"ledger-entries/{path}", ids | more)).status_code == 200


@pytest.mark.parametrize(("path", "more"), DECISIONS)
@pytest.mark.parametrize(("unit", "code"), [("XQ01", "own-unit"), ("ZH02", "own-source")])
async def test_nobody_decides_about_what_their_own_unit_is_in_or_made(
    cycle, path, more, unit, code
):
    ids = {"entry_ids": await cycle.enter(VALUE)}
    office = cycle.caller("performance_office", unit=unit)

    answer = await cycle.post(office, f"ledger-entries/{path}", ids | more)
    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", code)])


async def test_who_wrote_an_entry_does_not_verify_its_reversal(cycle):
    """Caught: looking only at who wrote the reversal."""
    clerk = cycle.source(subject="zhang", person="p-1")
    posted = await cycle.post(clerk, "ledger-entries", {"entries": [VALUE]})
    [entry] = [each["entry_id"] for each in posted.json()["rows"]]
    await cycle.verify(entry_ids=[entry])
    colleague = cycle.source(subject="wang", person="p-3")
    answer = await cycle.post(colleague, f"ledger-entries/{entry}/reversal", {"reason": "x"})
    ids = {"entry_ids": [answer.json()["entry_id"]]}

    same = cycle.caller("performance_office", subject="zhang-office", person="p-1")
    refused = await cycle.post(same, "ledger-entries/verification", ids)
    assert codes(refused) == [("/entry_ids/0", "own-entry")]
    await cycle.verify(**ids)


@pytest.mark.parametrize(("path", "more"), DECISIONS)
async def test_the_second_body_decides_where_the_office_is_barred(recusing, path, more):
    """Planted bug: the office decides about all, or the body too."""
    cycle = recusing
    ids = {"entry_ids": await cycle.enter(RECUSED)}
    before = await cycle.rows()

    answer = await cycle.post(cycle.office, f"ledger-entries/{path}", ids | more)
    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", "recused")])
    assert "ZH30" in answer.json()["errors"][0]["detail"]
    assert await cycle.rows() == before

    body = second_body(cycle)
    assert (await cycle.post(body, f"ledger-entries/{path}", ids | more)).status_code == 200


async def test_the_second_body_decides_about_nobody_else(recusing):
    cycle = recusing
    ids = {"entry_ids": await cycle.enter(OTHER)}

    answer = await cycle.post(second_body(cycle), "ledger-entries/verification", ids)
    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", "unknown-entry")])
    for stranger in (second_body(cycle, "ZH31"), second_body(cycle, None)):
        answer = await cycle.post(stranger, "ledger-entries/verification", ids)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_all_that_is_submitted_leaves_out_what_others_decide_and_says_so(recusing):
    cycle = recusing
    await cycle.enter(VALUE, OTHER, RECUSED)

    answer = await cycle.verify(all_submitted=True)
    assert (answer["count"], answer["left"]) == (2, {"ZH30": 1})
    answer = await cycle.post(
        second_body(cycle), "ledger-entries/verification", {"all_submitted": True}
    )
    assert (answer.json()["count"], answer.json()["left"]) == (1, {})
    assert (await cycle.ledger())["entries"]["verified"] == 3


async def test_the_second_body_reads_what_it_decides_about_and_no_more(recusing):
    cycle = recusing
    await cycle.enter(VALUE, OTHER, RECUSED)

    answer = await second_body(cycle).get(f"{cycle.path}/ledger-entries")
    assert [item["unit"] for item in answer.json()["items"]] == ["XQ03"]
    answer = await second_body(cycle, "ZH31").get(f"{cycle.path}/ledger-entries")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_the_author_reads_why_an_entry_came_back_and_a_stranger_does_not(cycle):
    [entry] = await cycle.enter(VALUE)
    office = cycle.caller("performance_office", subject="li")
    body = {"entry_ids": [entry], "reason": "照片没有日期"}
    await cycle.post(office, "ledger-entries/return", body)

    told = {}
    for who, client in [
        ("source", cycle.source()),
        ("unit", cycle.caller("assessed_unit", unit="XQ01")),
        ("office", cycle.office),
    ]:
        [item] = (await client.get(f"{cycle.path}/ledger-entries")).json()["items"]
        told[who] = (item["state"], item["state_reason"], item["state_by"])
    assert told == {
        "source": ("returned", "照片没有日期", "li"),
        "unit": ("returned", None, None),
        "office": ("returned", "照片没有日期", "li"),
    }


# Two values for the same


async def test_a_second_value_is_refused_while_the_first_counts_or_waits(cycle):
    """Planted bug: looking for the same in the batch only."""
    [first] = await cycle.enter(VALUE)
    before = await cycle.rows()
    for state in ("submitted", "verified"):
        answer = await cycle.post(cycle.source(), "ledger-entries", {"entries": [VALUE]})
        assert (answer.status_code, codes(answer)) == (422, [("/entries/0", "duplicate-entry")])
        assert first in answer.json()["errors"][0]["detail"]
        assert await cycle.rows() == before
        if state == "submitted":
            await cycle.verify(entry_ids=[first])
            before = await cycle.rows()

    draft = {"entry_ids": await cycle.enter(VALUE, state="draft")}
    answer = await cycle.post(cycle.source(), "ledger-entries/submission", draft)
    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", "duplicate-entry")])


async def test_a_value_is_corrected_by_a_reversal_first_or_together_with_it(cycle):
    [first] = await cycle.enter(VALUE)
    await cycle.verify(entry_ids=[first])
    answer = await cycle.post(cycle.source(), f"ledger-entries/{first}/reversal", {"reason": "x"})
    reversal = answer.json()["entry_id"]
    [second] = await cycle.enter(VALUE | {"value": "99"})

    alone = await cycle.post(cycle.office, "ledger-entries/verification", {"entry_ids": [second]})
    assert (alone.status_code, codes(alone)) == (409, [("/entry_ids/0", "duplicate-entry")])
    await cycle.verify(entry_ids=[second, reversal])
    assert (await cycle.ledger())["entries"] | {"voided": 1, "verified": 2} == (
        await cycle.ledger()
    )["entries"]


async def test_two_that_were_submitted_at_once_are_not_both_verified(cycle):
    """Two requests that did not see one another; whoever verifies does."""
    body = {"entries": [VALUE], "state": "draft"}
    ids = []
    for _ in range(2):
        answer = await cycle.post(cycle.source(), "ledger-entries", body)
        ids.append(answer.json()["rows"][0]["entry_id"])
    both = await cycle.post(cycle.source(), "ledger-entries/submission", {"entry_ids": ids})
    assert codes(both) == [("/entry_ids/1", "duplicate-entry")]

    await cycle.service.on_record(
        str(cycle.cycle_id),
        "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
        " SELECT cycle_id, entry_id, 2, 'submitted', 'zhang' FROM ledger_entry WHERE cycle_id = $1",
        cycle.cycle_id,
        then="SELECT keep_latest_states($1, array_agg(entry_id)) FROM ledger_entry"
        " WHERE cycle_id = $1",
    )
    for wanted in ({"entry_ids": ids}, {"all_submitted": True}):
        answer = await cycle.post(cycle.office, "ledger-entries/verification", wanted)
        assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/1", "duplicate-entry")])
    await cycle.verify(entry_ids=ids[:1])
    answer = await cycle.post(cycle.office, "ledger-entries/verification", {"entry_ids": ids[1:]})
    assert codes(answer) == [("/entry_ids/0", "duplicate-entry")]


async def test_what_the_scheme_no_longer_reads_is_not_verified(cycle, others, document):
    """Caught: entries that were right under a scheme that has been replaced since."""
    [entry] = await cycle.enter(VALUE)
    changed = {
        **document,
        "categories": [c for c in document["categories"] if c["code"] != "COUNTY"],
    }
    others.schemes[cycle.cycle_id] = changed
    answer = await cycle.post(cycle.office, "ledger-entries/verification", {"entry_ids": [entry]})
    assert (answer.status_code, codes(answer)) == (409, [("/entry_ids/0", "unknown-unit")])


@pytest.mark.parametrize(
    ("entry", "unit", "where", "code"),
    [
        (VALUE | {"period": "2025-03"}, "ZH02", "period", "not-one-of"),
        (
            {
                "unit": "XQ01",
                "indicator": "C03",
                "kind": "event",
                "key": "overdue",
                "occurred_on": "2031-01-01",
            },
            "ZH01",
            "occurred_on",
            "in-the-future",
        ),
    ],
)
async def test_what_no_score_would_read_is_refused_when_it_is_entered(
    cycle, entry, unit, where, code
):
    """Planted bug: a month of a value for the year, and an event of 2031, both kept in silence."""
    before = await cycle.rows()
    answer = await cycle.post(cycle.source(unit), "ledger-entries", {"entries": [entry]})

    assert (answer.status_code, codes(answer)) == (422, [(f"/entries/0/{where}", code)])
    assert await cycle.rows() == before
