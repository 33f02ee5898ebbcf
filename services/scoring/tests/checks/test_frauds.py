"""What is put forward as fraud: the unit is heard, the committee decides, and it costs as said."""

import datetime as dt
from decimal import Decimal

import pytest

from chassis.refusals import Refusal
from scoring.rules.checks.fraud import (
    ALLEGED,
    FRAUD,
    HEARD,
    NOT_FRAUD,
    FraudStanding,
    check_alleged,
    check_fraud_decision,
    check_statement,
    may_decide_fraud,
)
from scoring.rules.scheme.document import FraudRule

from .test_draws import AHEAD, draw, fix, listed
from .test_findings import found, own, say, verifier
from .test_overstatements import costing, events, value
from .test_teams import name, reviewer

TODAY = dt.date(2026, 1, 16)
RULE = FraudRule("good")


def refusal(rule, *given, **more):
    try:
        rule(*given, **more)
    except Refusal as refused:
        return type(refused).__name__
    return None


@pytest.mark.parametrize(
    ("rule", "verdict", "state", "before", "code"),
    [
        (RULE, "differs", "upheld", False, None),
        (None, "differs", "upheld", False, "FindingRefused"),
        (RULE, "right", "upheld", False, "FindingRefused"),
        (RULE, "differs", "signed", False, "FindingMoved"),
        (RULE, "differs", "dismissed", False, "FindingMoved"),
        (RULE, "differs", "upheld", True, "FindingMoved"),
    ],
)
def test_what_was_upheld_as_wrong_is_put_forward_once(rule, verdict, state, before, code):
    """Planted bugs: before anybody upheld it; a second time; where the scheme has no fraud."""
    assert refusal(check_alleged, rule, verdict, state, before=before) == code


@pytest.mark.parametrize(
    ("state", "days", "person", "statement", "decision"),
    [
        (ALLEGED, 0, "丁", None, "FindingMoved"),
        (ALLEGED, -1, "丁", "FindingMoved", None),
        (HEARD, 3, "丁", "FindingMoved", None),
        (HEARD, 3, "甲", "FindingMoved", "FindingBarred"),
        (FRAUD, 3, "丁", "FindingMoved", "FindingMoved"),
        (NOT_FRAUD, -9, "丁", "FindingMoved", "FindingMoved"),
    ],
)
def test_nobody_decides_before_the_unit_was_heard(state, days, person, statement, decision):
    """Planted bugs: decided on the last day of the unit; by who had a part; twice; heard twice."""
    standing = FraudStanding(state, TODAY + dt.timedelta(days=days), {"甲"})
    assert refusal(check_statement, standing, TODAY) == statement
    assert refusal(check_fraud_decision, standing, person, TODAY) == decision
    assert may_decide_fraud(standing, person, TODAY) == (decision is None)


# Over HTTP

CAP = {"grade_cap": "good", "indicator": "void", "hearing_days": 3}


@pytest.fixture
async def checked(new_cycle, others, document):
    """A cycle whose spot check has fraud cost; 甲 checks a drawn unit, whose entry says 100."""
    return await begun(new_cycle(), others, document, CAP)


async def begun(cycle, others, document, fraud):
    costing(others, cycle, document, zone="Etc/GMT+12")
    units = document["categories"][0]["units"]
    await cycle.enter(*(value(unit, "100") for unit in units))
    await cycle.verify(verifier(cycle), all_submitted=True)
    assert (await fix(cycle)).status_code == 201
    costing(others, cycle, document, zone=AHEAD)
    others.schemes[cycle.cycle_id]["checks"][1] |= {"fraud": fraud}
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    assert (await name(cycle, unit, {"person": "甲"})).status_code == 201
    sheet = await reviewer(cycle, "甲").get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    return cycle, unit, [each["entry_id"] for each in sheet.json()["items"]]


async def upheld(checked):
    cycle, _, (entry,) = checked
    finding = await found(checked, entry, verdict="differs", value="80")
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    answer = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert answer.status_code == 201, answer.text
    return finding, answer.json()["finding"]["restated_by"]


async def alleged(checked):
    finding, entry = await upheld(checked)
    answer = await say(checked, finding, "fraud", reviewer(checked[0], "甲"), text="数据系编造")
    assert answer.status_code == 201, answer.text
    return finding, entry


def member(cycle, **more):
    return cycle.caller("committee", **{"subject": "member"} | more)


DECIDED = {"decision": "fraud", "document_no": "委〔2026〕3号", "text": "查实"}


async def kinds(client, cycle):
    answer = await client.get(f"{cycle.path}/tasks/scoring")
    return sorted(
        {each["kind"] for each in answer.json()["tasks"]} & {"state-on-fraud", "decide-on-fraud"}
    )


async def marks(cycle):
    """Return the latest sheet's units by code, each with the score of C01."""
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    return edition, {each["unit"]: each for each in sheet["units"]}


def score_of(part, code):
    found, ahead = None, [*part["indicator_scores"]]
    while ahead:
        each = ahead.pop()
        ahead += each["children"]
        found = Decimal(each["score"]) if each["indicator"] == code else found
    return found


async def test_fraud_takes_the_points_and_caps_the_grade_once_the_unit_was_heard(checked):
    """Planted bugs: no points taken; the cap left out; other units' points; the sheet of before
    told by the later decision; decided before the unit was heard."""
    cycle, unit, _ = checked
    finding, entry = await alleged(checked)
    assert await kinds(own(checked), cycle) == ["state-on-fraud"]
    assert await kinds(member(cycle), cycle) == []
    early = await say(checked, finding, "fraud/decision", member(cycle), **DECIDED)
    assert [early.status_code, early.json()["type"]] == [409, "finding-moved"]
    before, units = await marks(cycle)
    score = score_of(units[unit], "C01")
    assert score > 0
    said = await say(checked, finding, "fraud/statement", own(checked), text="系笔误")
    assert said.status_code == 201, said.text
    assert await kinds(member(cycle), cycle) == ["decide-on-fraud"]
    done = await say(checked, finding, "fraud/decision", member(cycle), **DECIDED)
    assert done.status_code == 201, done.text
    told = done.json()["finding"]["fraud"]
    assert [each["state"] for each in told["steps"]] == ["alleged", "heard", "fraud"]
    assert [told["voids"], told["grade_cap"], told["document_no"]] == [
        True,
        "good",
        "委〔2026〕3号",
    ]
    path = f"{cycle.path}/ledger-entries"
    marked = (await cycle.office.get(f"{path}/{told['marked_as']}")).json()
    assert [marked["value"], marked["state"], marked["restates"]] == ["80", "verified", entry]
    after, units = await marks(cycle)
    part = units[unit]
    assert score_of(part, "C01") == 0
    assert part["grade_caps"] == [{"grade": "good", "indicator": "C01", "check": "SPOT"}]
    assert [(each["indicator"], each["what"]) for each in part["decisions"]] == [("C01", "voided")]
    others = {code: each for code, each in units.items() if code != unit}
    assert others
    assert all("grade_caps" not in each and not each["decisions"] for each in others.values())
    assert all(score_of(each, "C01") > 0 for each in others.values())
    for edition, void in ((before, False), (after, True)):
        where = f"{cycle.path}/score-sheets/{edition}/units/{unit}/explanation"
        answer = await cycle.office.get(where)
        assert answer.status_code == 200, answer.text
        assert ("fraud in it" in answer.text) == void


async def test_what_is_put_forward_or_found_as_fraud_stays_as_it_is(checked):
    """Planted bugs: reversed by the office meanwhile; found about again once it is fraud."""
    cycle, _, _ = checked
    finding, entry = await alleged(checked)
    reverse = f"ledger-entries/{entry}/reversal"
    refused = await cycle.post(cycle.office, reverse, {"reason": "x"})
    kept = (await cycle.office.get(f"{cycle.path}/ledger-entries/{entry}")).json()
    assert [refused.status_code, kept["state"]] != [201, "verified"]
    assert (await name(cycle, checked[1], {"person": "丙"})).status_code == 201
    again = await found_again(checked, entry)
    assert [again.status_code, again.json()["type"]] == [409, "part-of-fraud"]
    assert (await say(checked, finding, "fraud", cycle.office, text="x")).status_code == 409
    await say(checked, finding, "fraud/statement", own(checked), text="x")
    done = await say(checked, finding, "fraud/decision", member(cycle), **DECIDED)
    marked = done.json()["finding"]["fraud"]["marked_as"]
    assert (await found_again(checked, marked)).json()["type"] == "part-of-fraud"


async def found_again(checked, entry):
    cycle, unit, _ = checked
    told = {"unit": unit, "entry_id": entry, "verdict": "differs", "value": "70", "text": "x"}
    return await cycle.post(reviewer(cycle, "丙"), "checks/SPOT/findings", told)


async def test_who_may_put_forward_state_and_decide(checked, document):
    """Planted bugs: a competing member decides, or reads it; the finder decides; the office that
    competes puts forward; another unit states; the committee reads what was not put forward."""
    cycle, unit, _ = checked
    rival = next(each for each in document["categories"][0]["units"] if each != unit)
    finding, _ = await upheld(checked)
    path = f"{cycle.path}/checks/SPOT/findings"
    assert (await member(cycle).get(path)).json()["items"] == []
    competing = cycle.caller("performance_office", unit=rival, subject="rival")
    barred = await say(checked, finding, "fraud", competing, text="x")
    assert [barred.status_code, barred.json()["cause"]] == [403, "competes"]
    assert (
        await say(checked, finding, "fraud", reviewer(cycle, "乙"), text="x")
    ).status_code == 403
    put = await say(checked, finding, "fraud", cycle.office, text="数据系编造")
    assert put.status_code == 201, put.text
    assert put.json()["finding"]["fraud"]["state"] == "alleged"
    other = cycle.caller("assessed_unit", unit=rival, subject="rival-unit")
    assert (await say(checked, finding, "fraud/statement", other, text="x")).status_code == 404
    assert (
        await say(checked, finding, "fraud/statement", own(checked), text="x")
    ).status_code == 201
    assert [e["finding_id"] for e in (await member(cycle).get(path)).json()["items"]] == [finding]
    near = member(cycle, unit=rival, subject="near")
    assert (await near.get(path)).json()["items"] == []
    assert (await say(checked, finding, "fraud/decision", near, **DECIDED)).status_code == 404
    himself = member(cycle, subject="also-finder", person="甲")
    barred = await say(checked, finding, "fraud/decision", himself, **DECIDED)
    assert [barred.status_code, barred.json()["cause"]] == [403, "own-part"]


async def test_what_is_no_fraud_costs_nothing_and_the_seal_names_what_is_undecided(checked):
    """Planted bugs: marked whatever was decided; the seal says nothing of what is not decided."""
    cycle, unit, _ = checked
    finding, _ = await alleged(checked)
    preview = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    named = preview["undecided_findings"]
    assert [(each["finding_id"], each["state"]) for each in named] == [(finding, "alleged")]
    await say(checked, finding, "fraud/statement", own(checked), text="x")
    no = DECIDED | {"decision": "not_fraud"}
    done = await say(checked, finding, "fraud/decision", member(cycle), **no)
    told = done.json()["finding"]["fraud"]
    assert [told["state"], told["marked_as"], told["grade_cap"]] == ["not_fraud", None, None]
    _, units = await marks(cycle)
    assert score_of(units[unit], "C01") > 0
    assert "grade_caps" not in units[unit]
    preview = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()
    assert preview["undecided_findings"] == []
    assert len(await events(cycle)) == 1


async def test_where_the_scheme_keeps_the_points_fraud_caps_the_grade_alone(
    new_cycle, others, document
):
    """Planted bug: the points taken whatever the scheme says."""
    checked = await begun(new_cycle(), others, document, CAP | {"indicator": "kept"})
    cycle, unit, _ = checked
    finding, _ = await alleged(checked)
    await say(checked, finding, "fraud/statement", own(checked), text="x")
    done = await say(checked, finding, "fraud/decision", member(cycle), **DECIDED)
    assert done.status_code == 201, done.text
    _, units = await marks(cycle)
    assert score_of(units[unit], "C01") > 0
    assert [each["grade"] for each in units[unit]["grade_caps"]] == ["good"]
