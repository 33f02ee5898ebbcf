"""What a correction by an upheld objection may do to the score of its unit, and what it costs the
unit whose entry it overturns."""

from decimal import Decimal

import pytest
from services.scoring.tests.corrections.working import (
    DOCUMENT,
    compared,
    decide,
    propose,
    sealed_year,
    sheet,
    told,
)

COSTS = {"indicator": "SCORED", "event": "overturned"}


def scored_too(document, scorers=("ZH02", "ZH03"), **corrections):
    """The scheme of four units, with objections, and the units that score as a category of their
    own."""
    scheme = compared(document)
    of = {"code": "SCORED", "name": "评分质量", "method": "deduct_events", "children": []}
    of |= {"points": "20", "data_source_unit": "ZH40", "allow_exceed": False}
    of |= {"frequency": "yearly", "params": {"per_event": {"overturned": "1.5"}}}
    block = {"code": "function", "name": "板块", "points": "20", "indicators": [of]}
    dept = {"code": "DEPT", "name": "部门", "units": [*scorers], "blocks": [block]}
    dept |= {"organiser": "ZH40"}
    policies = {"objections": {}, "corrections": corrections}
    return scheme | policies | {"categories": [*scheme["categories"], dept]}


@pytest.fixture
def year(new_cycle, others, document):
    """A factory of sealed years whose XQ04 objected, and was right."""

    async def make(objected="BEST", **more):
        cycle = new_cycle()
        others.schemes[cycle.cycle_id] = scored_too(document, **more)
        await sealed_year(cycle)
        said = {"about": "mark", "indicator": objected, "asks": "20", "text": "漏计一项。"}
        own = cycle.caller("assessed_unit", unit="XQ04", subject="own", person="own")
        filed = await cycle.post(own, "objections", said)
        assert filed.status_code == 201, filed.text
        cycle.objection = filed.json()["objection_id"]
        upheld = {"step": 1, "move": "uphold", "text": "属实。", "stands": "60"}
        decider = cycle.caller("performance_office", subject="decider")
        answer = await cycle.post(decider, f"objections/{cycle.objection}/decisions", upheld)
        assert answer.status_code == 201, answer.text
        return cycle

    return make


async def for_objection(cycle, **more):
    body = {"origin": "objection", "objection_id": cycle.objection} | more
    answer = await propose(cycle, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()["correction"]["correction_id"]


def codes(answer):
    assert answer.status_code == 422, answer.text
    return [each["code"] for each in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("objected", "lower"),
    [
        ("BEST", lambda cycle: {"corrects": cycle.best[3], "value": "40"}),
        ("PLACE", lambda cycle: {"corrects": cycle.place[3], "what": "removes"}),
        ("LOST", lambda cycle: {"corrects": cycle.late[0], "value": "2"}),
    ],
)
async def test_an_upheld_objection_lowers_no_score_of_its_unit(year, objected, lower):
    """Planted bugs: the correction is not weighed; a score that is gone is no fall; an auditor's is
    held too."""
    cycle = await year(objected)
    correction = await for_objection(cycle, **lower(cycle))
    before = await cycle.rows()
    assert set(codes(await decide(cycle, correction))) == {"would-fall"}
    assert await cycle.rows() == before
    refused = await decide(cycle, correction, decision="refused", text="得分将降低")
    assert refused.status_code == 201, refused.text
    by_audit = await propose(cycle, **lower(cycle))
    correction = by_audit.json()["correction"]["correction_id"]
    assert (await decide(cycle, correction)).status_code == 201


async def test_it_may_lower_others_and_where_the_scheme_says_so_the_unit_itself(year):
    """Planted bugs: whoever falls bars it; `may_fall` read by nobody."""
    cycle = await year()
    raised = await for_objection(cycle, corrects=cycle.best[3], value="160")
    assert (await decide(cycle, raised)).status_code == 201
    await cycle.score()
    was, now = told(await sheet(cycle, 1)), told(await sheet(cycle, 2))
    assert now["XQ04"] > was["XQ04"]
    assert now["XQ01"] < was["XQ01"]
    other = await year(may_fall=True)
    lowered = await for_objection(other, corrects=other.best[3], value="40")
    assert (await decide(other, lowered)).status_code == 201


async def listed(cycle, by=None):
    answer = await (by or cycle.office).get(f"{cycle.path}/corrections")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_what_was_overturned_costs_once_whoever_entered_it(year):
    """Planted bugs: charged again by a correction of the correction; charged for an auditor's; what
    it carried out it carries out again, also past an auditor's; the objection named in what the
    scorer reads; told before the sheet is."""
    cycle = await year(overturned=COSTS)
    first = await for_objection(cycle, corrects=cycle.best[3], value="60")
    assert [each["rests_on"] for each in await listed(cycle)] == [None]
    assert (await decide(cycle, first)).status_code == 201
    [charge] = [each for each in await listed(cycle) if each["rests_on"]]
    said = {name: charge[name] for name in ("what", "unit", "indicator", "key", "kind", "value")}
    assert said == {"what": "adds", "unit": "ZH02", "indicator": "SCORED", "key": "overturned",
                    "kind": "event", "value": "1"}  # fmt: skip
    assert (charge["rests_on"], charge["state"], charge["objection_id"]) == (
        first,
        "approved",
        None,
    )
    assert charge["document_no"] == DOCUMENT["document_no"]

    scorer = cycle.caller("assessed_unit", unit="ZH02", subject="scorer")
    assert await listed(cycle, scorer) == []
    edition = await cycle.score("COUNTY", "DEPT")
    totals = told(await sheet(cycle, edition))
    assert (totals["ZH02"], totals["ZH03"]) == (Decimal("18.5"), Decimal(20))
    assert await listed(cycle, scorer) == []
    fed_back = await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
    assert fed_back.status_code == 201
    [read] = await listed(cycle, scorer)
    assert read["correction_id"] == charge["correction_id"]
    assert "XQ04" not in str(read)
    assert cycle.objection not in str(read)

    about = {"origin": "objection", "objection_id": cycle.objection}
    assert codes(await propose(cycle, **about, corrects=first, value="70")) == [
        "carried-out-already"
    ]
    by_audit = await propose(cycle, corrects=first, value="70")
    second = by_audit.json()["correction"]["correction_id"]
    another = cycle.caller("committee", subject="another")
    assert (await decide(cycle, second, another)).status_code == 201
    assert codes(await propose(cycle, **about, corrects=second, value="80")) == [
        "carried-out-already"
    ]
    by_audit = await propose(cycle, corrects=cycle.place[3], value="60")
    assert (await decide(cycle, by_audit.json()["correction"]["correction_id"])).status_code == 201
    assert len([each for each in await listed(cycle) if each["rests_on"]]) == 1
    chain = await cycle.service.verification(str(cycle.cycle_id))
    assert chain["holds"]


async def test_who_competes_with_the_scorer_proposes_and_decides_nothing(year):
    """Planted bug: the category of the unit that objected alone is looked at."""
    cycle = await year(overturned=COSTS)
    rival = cycle.caller("performance_office", unit="ZH03", subject="rival-office")
    about = {"origin": "objection", "objection_id": cycle.objection, "corrects": cycle.best[3]}
    answer = await propose(cycle, rival, **about, value="60")
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    correction = await for_objection(cycle, corrects=cycle.best[3], value="60")
    member = cycle.caller("committee", unit="ZH03", subject="rival")
    answer = await decide(cycle, correction, member)
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    tasks = (await member.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
    assert [each["kind"] for each in tasks] == []
    assert (await decide(cycle, correction, decision="refused", text="证据不足")).status_code == 201
    assert [each["rests_on"] for each in await listed(cycle)] == [None]


async def test_why_nobody_is_charged_is_told_to_who_works_with_it(year):
    """Planted bugs: nothing said; said to the unit that objected."""
    cycle = await year(scorers=("ZH03",), overturned=COSTS)
    correction = await for_objection(cycle, corrects=cycle.best[3], value="60")
    answer = await decide(cycle, correction)
    assert answer.json()["correction"]["decision"]["kept_alone"] == "not-assessed"
    edition = await cycle.score()
    await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
    own = cycle.caller("assessed_unit", unit="XQ04", subject="own", person="own")
    [read] = await listed(cycle, own)
    assert read["decision"]["kept_alone"] is None


async def test_who_spoke_for_the_unit_neither_proposes_nor_decides(year):
    """Planted bugs: only the hands of what is corrected are known; the unit that entered it
    decides."""
    cycle = await year()
    himself = cycle.caller("performance_office", subject="of-the-office", person="own")
    wanted = {"origin": "objection", "objection_id": cycle.objection}
    wanted |= {"corrects": cycle.best[3], "value": "60"}
    said = [await propose(cycle, himself, **wanted)]
    correction = await for_objection(cycle, **wanted)
    member = cycle.caller("committee", subject="member", person="own")
    said.append(await decide(cycle, correction, member))
    assert [(each.status_code, each.json()["cause"]) for each in said] == [(403, "own-part")] * 2
    scorer = cycle.caller("committee", subject="scorer", unit="ZH02")
    barred = await decide(cycle, correction, scorer)
    assert (barred.status_code, barred.json()["cause"]) == (403, "scorers-unit")


async def test_an_objection_carries_what_it_is_about_and_a_document_adds_a_thing_once(year):
    """Planted bugs: whatever is the unit's; the same is added as often as it is asked for."""
    cycle = await year()
    wanted = {"origin": "objection", "objection_id": cycle.objection}
    other = await propose(cycle, **wanted, corrects=cycle.place[3], value="90")
    assert codes(other) == ["not-about-it"]
    event = {"unit": "XQ04", "indicator": "LOST", "kind": "event", "key": "late"}
    event |= {"period": "2025-05", "value": "1", "what": "adds"}
    first = await propose(cycle, **event)
    assert first.status_code == 201, first.text
    assert codes(await propose(cycle, **event)) == ["added-before"]
    added = first.json()["correction"]["correction_id"]
    assert (await decide(cycle, added)).status_code == 201
    assert codes(await propose(cycle, **event)) == ["added-before"]
    assert (await propose(cycle, **event | {"value": "2"})).status_code == 201


async def test_one_objection_adds_one_thing_once_whatever_it_is_worth(year):
    """Planted bug: only what replaces or takes out is looked at."""
    cycle = await year("LOST", may_fall=True)
    event = {"unit": "XQ04", "indicator": "LOST", "kind": "event", "key": "late"}
    event |= {"period": "2025-05", "what": "adds"}
    first = await for_objection(cycle, **event, value="1")
    second = await for_objection(cycle, **event, value="2")
    assert (await decide(cycle, first)).status_code == 201
    assert codes(await decide(cycle, second)) == ["carried-out-already"]
    rests = {"origin": "objection", "objection_id": cycle.objection}
    again = await propose(cycle, **rests, **event, value="3")
    assert codes(again) == ["carried-out-already"]
    assert (await propose(cycle, **event, value="3")).status_code == 201
    other = {**event, "period": "2025-06"}
    assert (await propose(cycle, **rests, **other, value="1")).status_code == 201
