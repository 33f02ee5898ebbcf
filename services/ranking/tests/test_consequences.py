"""Consequences over HTTP: proposed from a release or by people, decided by others, and what a ban
on awards stands against."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from services.ranking.tests.conftest import Cycle

from ranking.api import consequence_tasks

STEPS = ("merge", "review", "decision", "publication")
POLICY = {
    "by_grade": [
        {
            "grade": "excellent",
            "kind": "commendation",
            "name": None,
            "months": None,
            "amount": None,
        },
        {"grade": "excellent", "kind": "bonus_coefficient", "amount": "1.2"},
        {"grade": "good", "kind": "bonus_coefficient", "amount": "1.1"},
        {"grade": "excellent", "kind": "headcount_quota", "amount": "0.3"},
        {"grade": "unqualified", "kind": "award_ban", "months": 24},
    ],
    "flat_below": "0.1",
}
DAY = "2026-03-02"
BAN = {
    "unit": "XQ01",
    "kind": "award_ban",
    "cause": "other",
    "document_no": "云纪〔2026〕5号",
    "reason": "统计数据弄虚作假",
    "from_on": "2026-01-01",
    "until_on": "2027-12-31",
}
TITLE = {**BAN, "kind": "title", "name": "文明单位", "from_on": DAY, "until_on": None}


class Consequences(Cycle):
    """A cycle of which consequences are proposed and decided."""

    async def propose(self, body, **who):
        said = {"role": "performance_office", "subject": "proposer", **who}
        return await self.post("/consequences", body, **said)

    async def proposed(self, body, **who):
        answer = await self.propose(body, **who)
        assert answer.status_code == 201, answer.text
        return answer.json()["consequence"]["number"]

    async def decide(self, number, decision="confirm", **who):
        body = {"decision": decision, "reason": who.pop("reason", None)}
        said = {"role": "committee", "subject": "decider", **who}
        return await self.post(f"/consequences/{number}/decision", body, **said)

    async def decided(self, body):
        number = await self.proposed(body)
        answer = await self.decide(number)
        assert answer.status_code == 201, answer.text
        return number

    async def step(self, number, what, body, **who):
        said = {"role": "performance_office", "subject": "proposer", **who}
        return await self.post(f"/consequences/{number}/{what}", body, **said)

    async def listed(self, role="performance_office", unit=None, **asked):
        async with self.service.caller(role, unit=unit) as client:
            at = f"/api/v1/cycles/{self.cycle_id}/consequences"
            answer = await client.get(at, params={"limit": 200, **asked})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def release(self):
        edition = await self.rank()
        await self.take(edition, *STEPS)
        return edition

    async def of_release(self, release=1, **who):
        said = {"role": "performance_office", "subject": "proposer", **who}
        path = f"/releases/{release}/consequences"
        return await self.post(path, {"from_on": DAY}, **said)


@pytest.fixture
def led(service, peers):
    """A factory of cycles whose scheme says what grades lead to."""

    def make():
        cycle = Consequences(service, uuid4())
        peers.by_cycle[str(cycle.cycle_id)] = {"consequences": POLICY}
        return cycle

    return make


@pytest.fixture(autouse=True)
async def no_bans(service):
    """Bans hold in every cycle, so those of other tests are revoked first."""
    for each in await service.sql(
        "SELECT DISTINCT cycle_id FROM consequence WHERE kind = 'award_ban'"
    ):
        cycle = Consequences(service, each["cycle_id"])
        for ban in await cycle.listed(kind="award_ban"):
            if ban["state"] in ("decided", "carried_out"):
                await cycle.step(ban["number"], "revocation", {"reason": "x"})
            if ban["state"] in ("decided", "carried_out", "revoking"):
                assert (await cycle.decide(ban["number"])).status_code == 201


def codes(answer):
    return {each["code"] for each in answer.json().get("errors", ())}


def refused(answer):
    return answer.status_code, answer.json()["type"]


async def test_what_grades_lead_to_is_proposed_once_and_decided_by_others(led):
    """Planted bugs: proposed twice; the same person decides; a competitor decides."""
    cycle = led()
    await cycle.release()
    told = (await cycle.of_release()).json()
    released = (await cycle.get("/releases/1", "observer")).json()["document"]["units"]
    of_grade = {one["unit"]: one["grade"] for one in released}
    expected = {
        (unit, rule["kind"], rule.get("amount"))
        for unit, grade in of_grade.items()
        for rule in POLICY["by_grade"]
        if rule["grade"] == grade
    }
    made = {(each["unit"], each["kind"], each["amount"]) for each in told["proposed"]}
    assert made == expected
    assert {each["cause_ref"] for each in told["proposed"]} == {"1"}
    again = (await cycle.of_release()).json()
    assert (again["proposed"], again["unchanged"]) == ([], len(expected))

    number, unit = told["proposed"][0]["number"], told["proposed"][0]["unit"]
    same = await cycle.decide(number, subject="other", person="Proposer")
    assert refused(same) == (409, "own-consequence")
    assert refused(await cycle.decide(number, unit="XQ05")) == (403, "decider-barred")
    assert (await cycle.decide(number, role="performance_office")).status_code == 403
    assert await cycle.listed("assessed_unit", unit) == []
    no_reason = await cycle.decide(number, "refuse")
    assert refused(no_reason) == (422, "decision-needs-reason")
    assert (await cycle.decide(number)).json()["consequence"]["state"] == "decided"
    assert [each["number"] for each in await cycle.listed("assessed_unit", unit)] == [number]
    assert await cycle.listed("assessed_unit", "XQ99") == []
    assert (await cycle.get("/consequences", "assessed_unit")).status_code == 403
    assert refused(await cycle.decide(number)) == (409, "consequence-not-open")


async def test_an_award_is_refused_while_a_ban_is_in_force_in_whichever_year(led):
    """Planted bugs: bans of other years are not looked at; the last day is not counted; a ban that
    was only proposed holds."""
    earlier, later = led(), led()
    waiting = await later.proposed(TITLE)
    proposed_ban = await earlier.proposed(BAN)
    allowed = await later.propose(TITLE | {"name": "先进集体"})
    assert allowed.status_code == 201
    assert (await earlier.decide(proposed_ban)).status_code == 201
    answer = await later.propose(TITLE)
    assert (*refused(answer), answer.json()["until"]) == (409, "banned-until", "2027-12-31")
    assert refused(await later.decide(waiting)) == (409, "banned-until")
    for first, last, status in (
        ("2027-12-31", None, 409),
        ("2028-01-01", None, 201),
        ("2025-12-31", "2025-12-31", 201),
        ("2025-12-31", None, 409),  # it would hold in the days of the ban
    ):
        body = TITLE | {"from_on": first, "until_on": last}
        assert (await later.propose(body)).status_code == status, body
    dated_back = TITLE | {"kind": "commendation", "from_on": "2025-12-31"}
    assert refused(await later.propose(dated_back)) == (409, "banned-until")
    other = await later.propose(TITLE | {"unit": "XQ02"})
    assert other.status_code == 201
    assert (await later.propose(BAN | {"kind": "fault_notice"})).status_code == 201

    await later.release()
    told = (await later.of_release()).json()
    excellent = {e["unit"] for e in told["proposed"] if e["kind"] == "commendation"}
    assert "XQ01" not in excellent
    released = (await later.get("/releases/1", "observer")).json()["document"]["units"]
    if next(e for e in released if e["unit"] == "XQ01")["grade"] == "excellent":
        assert [each["unit"] for each in told["banned"]] == ["XQ01"]

    assert (await earlier.step(proposed_ban, "revocation", {"reason": "查无实据"})).is_success
    assert refused(await later.decide(waiting)) == (409, "banned-until")
    assert (await earlier.decide(proposed_ban, subject="third")).is_success
    assert (await later.decide(waiting)).status_code == 201


async def test_a_title_is_refused_while_a_veto_bars_the_unit_from_it(led, peers):
    """Planted bugs: vetoes of a title are not looked at; one bars from every title, or for every
    unit; one that expired, was lifted or waits to be confirmed bars; last year's does not."""
    last, cycle = led(), led()
    vetoes = peers.scheme["vetoes"]
    bars = {"scope": "title", "title": TITLE["name"], "years": 2}
    items = [each | (bars if each["code"] == "V02" else {}) for each in vetoes["items"]]
    of_last, of_this = peers.by_cycle[str(last.cycle_id)], peers.by_cycle[str(cycle.cycle_id)]
    of_last |= {"vetoes": vetoes | {"items": items}, "assessment_year": 2025}
    of_this |= {"vetoes": vetoes | {"items": items}, "assessment_year": 2026}
    veto = {"unit": "XQ01", "code": "V02", "decided_on": "2026-01-10"}

    waiting = await cycle.proposed(TITLE)
    body = veto | {"document_no": "1", "expires_on": "2026-06-30"}
    answer = await cycle.post("/vetoes", body, role="performance_office")
    number = answer.json()["veto"]["number"]
    again = TITLE | {"document_no": "9"}
    assert (await cycle.propose(again)).status_code == 201  # nobody has confirmed it
    assert (await cycle.confirm("/vetoes", number)).status_code == 201
    async with cycle.unchanged():
        answer = await cycle.propose(TITLE)
        assert (*refused(answer), answer.json()["veto"]) == (409, "title-barred", "V02")
        assert refused(await cycle.decide(waiting)) == (409, "title-barred")
    for change in ({"name": "先进集体"}, {"unit": "XQ02"}, {"from_on": "2026-07-01"}):
        assert (await cycle.propose(TITLE | change)).status_code == 201, change
    await cycle.post(
        f"/vetoes/{number}/lifting", {"reason": "申诉成立", "document_no": "2"},
        role="performance_office",
    )  # fmt: skip
    assert (await cycle.confirm("/vetoes", number, of="lifting")).status_code == 201
    assert (await cycle.decide(waiting)).status_code == 201

    await last.report("/vetoes", veto | {"document_no": "3", "decided_on": "2025-10-01"})
    of_this["vetoes"] = vetoes | {"items": items, "previous_cycle": str(last.cycle_id)}
    assert refused(await cycle.propose(TITLE)) == (409, "previous-ranking-missing")
    assert (await cycle.propose(BAN)).status_code == 201
    await last.release()
    assert refused(await cycle.propose(TITLE)) == (409, "title-barred")


async def test_what_a_release_leads_to_leaves_out_a_title_that_a_veto_bars_from(led, peers):
    """Planted bug: vetoes are asked of what people propose alone."""
    cycle = led()
    said, vetoes = peers.by_cycle[str(cycle.cycle_id)], peers.scheme["vetoes"]
    bars = {"scope": "title", "title": "文明单位"}
    items = [each | (bars if each["code"] == "V02" else {}) for each in vetoes["items"]]
    titles = [{"grade": "excellent", "kind": "title", "name": "文明单位"}]
    said |= {"vetoes": vetoes | {"items": items}, "consequences": {"by_grade": titles}}
    await cycle.release()
    released = (await cycle.get("/releases/1", "observer")).json()["document"]["units"]
    first, *others = [one["unit"] for one in released if one["grade"] == "excellent"]
    veto = {"unit": first, "code": "V02", "document_no": "1", "decided_on": DAY}
    await cycle.report("/vetoes", veto)
    told = (await cycle.of_release()).json()
    assert told["banned"] == [{"unit": first, "kind": "title", "until": None}]
    assert sorted(each["unit"] for each in told["proposed"]) == sorted(others)


async def test_what_a_grade_brought_is_put_forward_to_be_revoked_when_it_is_taken_back(led):
    """Planted bug: a correcting release leaves what the former one led to."""
    cycle = led()
    await cycle.release()
    told = (await cycle.of_release()).json()["proposed"]
    commended = [each for each in told if each["kind"] == "commendation"]
    first, second = commended[0], commended[1]
    assert (await cycle.decide(first["number"])).status_code == 201
    for each in (first, second):
        veto = {"code": "V02", "document_no": f"云应急〔2026〕{each['unit']}号"}
        await cycle.report("/vetoes", {"unit": each["unit"], "decided_on": DAY, **veto})
    await cycle.release()
    assert refused(await cycle.of_release(1)) == (409, "consequence-outdated")
    assert refused(await cycle.decide(second["number"])) == (409, "consequence-outdated")
    answer = (await cycle.of_release(2)).json()
    assert first["number"] in answer["revoking"]
    assert second["number"] in answer["outdated"]
    found = {each["number"]: each["state"] for each in await cycle.listed()}
    assert found[first["number"]] == "revoking"
    assert (await cycle.decide(first["number"])).json()["consequence"]["state"] == "revoked"
    assert (await cycle.decide(second["number"], "refuse", reason="已否决")).is_success


async def test_a_report_is_carried_out_when_the_item_of_the_unit_is_closed(led, peers):
    """Planted bugs: any item will do; an open one will do."""
    cycle = led()
    report = BAN | {"kind": "rectification_report", "until_on": "2026-02-01"}
    number = await cycle.decided(report)
    item = str(uuid4())

    async def complete(**more):
        body = {"document_no": "云绩办〔2026〕9号", **more}
        return await cycle.step(number, "completion", body)

    assert codes(await complete()) == {"missing"}
    for units, state, code in (
        (["XQ02"], "closed", "another-unit"),
        (["XQ01"], "replied", "not-accepted"),
    ):
        peers.items = {item: {"state": state, "units": [{"unit": each} for each in units]}}
        assert codes(await complete(item_id=item)) == {code}
    peers.items = {item: {"state": "closed", "units": [{"unit": "XQ01"}]}}
    done = await complete(item_id=item)
    assert done.json()["consequence"]["steps"][-1]["item_id"] == item
    assert refused(await complete(item_id=item)) == (409, "consequence-not-open")
    notice = await cycle.decided(BAN | {"kind": "fault_notice", "until_on": None})
    body = {"document_no": "x", "item_id": item}
    assert codes(await cycle.step(notice, "completion", body)) == {"not-wanted"}


@pytest.mark.parametrize("carried_out", [False, True])
async def test_what_is_not_revoked_is_what_it_was_before(led, carried_out):
    """Planted bugs: what was carried out is to be carried out again; it is carried out while it
    waits to be revoked."""
    cycle = led()
    number = await cycle.decided(BAN | {"kind": "fault_notice", "until_on": None})
    done = {"document_no": "云绩办〔2026〕9号"}
    if carried_out:
        assert (await cycle.step(number, "completion", done)).status_code == 201
    assert (await cycle.step(number, "revocation", {"reason": "x"})).status_code == 201
    early = await cycle.step(number, "completion", done)
    assert refused(early) == (409, "consequence-not-open")
    kept = (await cycle.decide(number, "refuse", reason="理由不足")).json()["consequence"]
    assert kept["state"] == ("carried_out" if carried_out else "decided")
    again = await cycle.step(number, "completion", done)
    assert again.status_code == (409 if carried_out else 201)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until_on": "2025-12-31"}, "before-it-begins"),
        ({"until_on": "2028-01-03"}, "too-long"),
        ({"until_on": None}, "missing"),
        ({"amount": "1.2"}, "not-wanted"),
        ({"kind": "bonus_coefficient"}, "missing"),
        ({"kind": "title"}, "missing"),
        ({"unit": "ZZ99"}, "unknown-unit"),
        ({"cause": "veto", "cause_ref": "7"}, "unknown-cause"),
        ({"cause": "indicator", "cause_ref": "NONE"}, "unknown-cause"),
        ({"cause": "other", "cause_ref": "7"}, "not-wanted"),
    ],
)
async def test_what_cannot_be_proposed_is_named(led, change, code):
    cycle = led()
    answer = await cycle.propose(BAN | change)
    assert (answer.status_code, codes(answer)) == (422, {code})
    assert await cycle.listed() == []


async def test_nobody_proposes_for_competitors_and_a_recused_office_does_not(led, peers):
    cycle = led()
    assert refused(await cycle.propose(BAN, unit="XQ05")) == (403, "decider-barred")
    for role in ("committee", "auditor", "assessed_unit"):
        assert (await cycle.propose(BAN, role=role)).status_code == 403
    peers.by_cycle[str(cycle.cycle_id)] |= {"recusals": [{"unit": "XQ04", "body": "ZF01"}]}
    assert refused(await cycle.propose(BAN)) == (403, "decider-barred")
    body = {"role": "second_body", "unit": "ZF01"}
    assert (await cycle.propose(BAN, **body)).status_code == 201


async def test_money_and_places_are_shared_out_by_what_was_decided(led):
    """Planted bugs: what was only proposed counts; the budget is exceeded; months are not looked
    at."""
    cycle = led()
    one = BAN | {"kind": "bonus_coefficient", "until_on": None, "amount": "1.2"}
    waiting = await cycle.proposed(one)
    await cycle.decided(one | {"unit": "XQ02", "amount": "1.0"})
    ask = {
        "bonus": {
            "budget": "100000.00",
            "claimants": [
                {"unit": "XQ01", "base": "60000", "months": 6},
                {"unit": "XQ02", "base": "60000", "months": 6},
                {"unit": "XQ02", "base": "50000"},
            ],
        }
    }

    async def compute(body):
        return await cycle.post("/distributions", body, role="performance_office")

    assert codes(await compute(ask)) == {"no-coefficient"}
    assert (await cycle.decide(waiting)).is_success
    async with cycle.unchanged():
        told = (await compute(ask)).json()["bonus"]
    # 36,000, 30,000 and 50,000 by 100/116; the two cents left go to the greatest remainders.
    amounts = [Decimal(each["amount"]) for each in told["amounts"]]
    assert amounts == [Decimal("31034.48"), Decimal("25862.07"), Decimal("43103.45")]
    assert (Decimal(told["unscaled"]), Decimal(told["total"])) == (116_000, 100_000)
    assert (told["scaled"], told["flat"], Decimal(told["spread"])) == (
        True, False, Decimal("0.1667"),
    )  # fmt: skip

    quota = BAN | {"kind": "headcount_quota", "until_on": None, "amount": "0.3"}
    await cycle.decided(quota)
    parts = [
        {"name": "办公室", "heads": 4, "won": "3.5", "lost": "0.5"},
        {"name": "业务科", "heads": 8, "won": "9"},
        {"name": "窗口", "heads": 2, "won": "0", "lost": "1"},
    ]
    places = (await compute({"places": [{"unit": "XQ01", "parts": parts}]})).json()["places"][0]
    assert places["places"] == 4  # 14 people by 0.3
    assert [each["places"] for each in places["parts"]] == [1, 3, 0]
    assert codes(await compute({"places": [{"unit": "XQ02", "parts": parts}]})) == {"no-quota"}
    twice = {"places": [{"unit": "XQ01", "parts": [parts[0], parts[0]]}]}
    assert codes(await compute(twice)) == {"named-twice"}
    apart = {"places": [{"unit": "XQ01", "parts": [each]} for each in parts[:2]]}
    assert codes(await compute(apart)) == {"named-twice"}
    for nothing in ({}, {"places": []}):
        assert codes(await compute(nothing)) == {"nothing-asked"}


async def test_without_a_word_of_the_scheme_nothing_follows_from_grades(service):
    cycle = Consequences(service, uuid4())
    await cycle.release()
    assert refused(await cycle.of_release()) == (409, "no-consequences-here")
    assert (await cycle.propose(BAN)).status_code == 201


async def test_an_altered_ban_is_told_to_nobody_and_stands_against_no_award(led):
    """Planted bug: leave `require_intact` out."""
    cycle = led()
    number = await cycle.decided(BAN)
    where = f"cycle_id = '{cycle.cycle_id}' AND number = {number}"
    async with cycle.service.altered("consequence", "until_on = '2026-01-02'", where):
        assert refused(await cycle.propose(TITLE)) == (500, "stored-data-altered")
    assert dt.date.fromisoformat((await cycle.listed())[0]["until_on"]) == dt.date(2027, 12, 31)


async def test_whoever_may_decide_is_told_what_waits(led, monkeypatch):
    """Planted bugs: who proposed is told; a competitor is told; what was decided is told still."""
    cycle = led()
    number = await cycle.proposed(BAN | {"kind": "fault_notice"}, person="Wang")

    async def told(role, **who):
        async with cycle.service.caller(role, subject="t", **who) as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        assert answer.status_code == 200, answer.text
        return [(each["kind"], each["about"]["number"]) for each in answer.json()["tasks"]]

    expected = [("decide-consequence", str(number))]
    assert await told("committee") == expected
    for most in (1, 0):
        with monkeypatch.context() as patched:
            patched.setattr(consequence_tasks, "_MOST", most)
            assert await told("committee") == expected[:most]
    assert await told("committee", person="wang") == []
    assert await told("committee", unit="XQ05") == []
    assert await told("performance_office") == []
    await cycle.decide(number)
    assert await told("committee") == []
    await cycle.step(number, "revocation", {"reason": "x"}, person="Wang")
    assert await told("committee") == expected


@pytest.mark.parametrize("day", ["9999-12-31", "2029-01-01", "2024-12-31", "0001-01-01"])
async def test_nothing_begins_out_of_the_reach_of_its_year(led, peers, day):
    """Planted bug: a term of months goes past the end of the calendar, and nobody is answered."""
    cycle = led()
    rules = [{"grade": g, "kind": "award_ban", "months": 24} for g in ("excellent", "good")]
    peers.by_cycle[str(cycle.cycle_id)] = {"consequences": {"by_grade": rules}}
    await cycle.release()
    office = {"role": "performance_office", "subject": "p"}
    answer = await cycle.post("/releases/1/consequences", {"from_on": day}, **office)
    assert codes(answer) == {"out-of-reach"}
    assert codes(await cycle.propose(BAN | {"from_on": day, "until_on": day})) == codes(answer)


async def test_an_item_carries_out_one_report(led, peers):
    """Planted bug: one accepted report is worth any number of them."""
    cycle = led()
    report = BAN | {"kind": "rectification_report", "until_on": "2026-12-31"}
    first = await cycle.decided(report)
    second = await cycle.decided(report | {"document_no": "2", "reason": "另一事"})
    item = str(uuid4())
    peers.items[item] = {"state": "closed", "units": [{"unit": "XQ01"}]}
    body = {"document_no": "1", "item_id": item}
    assert (await cycle.step(first, "completion", body)).status_code == 201
    assert codes(await cycle.step(second, "completion", body)) == {"names-another"}


async def test_a_coefficient_pays_on_its_own_days(led):
    """Planted bug: only the state is asked, so one that is over pays, or lowers another."""
    cycle = led()
    paying = BAN | {"kind": "bonus_coefficient", "amount": "5"}
    await cycle.decided(paying | {"from_on": "2026-01-01", "until_on": "2026-12-31"})
    await cycle.decided(paying | {"amount": "2", "from_on": "2027-01-01", "until_on": "2028-12-31"})

    async def paid(day):
        claimants = [{"unit": "XQ01", "base": "100"}]
        body = {"on": day, "bonus": {"budget": "1000", "claimants": claimants}}
        answer = await cycle.post("/distributions", body, role="performance_office")
        return answer.json()["bonus"]["total"] if answer.is_success else codes(answer)

    days = ("2026-12-31", "2027-01-01", "2029-01-01")
    assert [await paid(day) for day in days] == ["500.00", "200.00", {"no-coefficient"}]


@pytest.mark.parametrize("name", ["“文明单位”", "文明单位(省级)", "文 明单位", "文明单位"])
@pytest.mark.parametrize("kind", ["title", "commendation"])
async def test_a_barred_title_is_given_by_no_other_spelling_and_as_no_commendation(
    led, peers, name, kind
):
    """Planted bug: names are compared letter by letter, and those of titles alone."""
    cycle = led()
    vetoes = peers.scheme["vetoes"]
    bars = {"scope": "title", "title": "文明单位", "years": 2}
    items = [each | (bars if each["code"] == "V02" else {}) for each in vetoes["items"]]
    peers.by_cycle[str(cycle.cycle_id)] |= {"vetoes": vetoes | {"items": items}}
    veto = {"unit": "XQ01", "code": "V02", "decided_on": "2026-01-10", "document_no": "1"}
    await cycle.report("/vetoes", veto)
    answer = await cycle.propose(TITLE | {"kind": kind, "name": name})
    assert refused(answer) == (409, "title-barred")


async def test_the_same_is_proposed_once(led):
    """Planted bug: what stands in one document is decided twice."""
    cycle = led()
    number = await cycle.proposed(BAN)
    again = await cycle.propose(BAN)
    assert (*refused(again), again.json()["number"]) == (409, "proposed-before", number)
    assert (await cycle.propose(BAN | {"document_no": "2"})).status_code == 201


async def test_a_term_that_the_scheme_has_changed_is_proposed_anew(led, peers):
    """Planted bug: a ban of another length is the same one."""
    cycle = led()
    said = peers.by_cycle[str(cycle.cycle_id)]

    async def with_months(months):
        rules = [{"grade": "good", "kind": "award_ban", "months": months}]
        said["consequences"] = {"by_grade": rules}
        return (await cycle.of_release()).json()

    await cycle.release()
    first = (await with_months(24))["proposed"]
    assert (await with_months(24))["proposed"] == []
    assert (await cycle.decide(first[0]["number"])).status_code == 201
    changed = await with_months(6)
    assert len(changed["proposed"]) == len(first)
    assert changed["revoking"] == [first[0]["number"]]


async def test_a_ban_is_carried_on_by_the_unit_that_goes_on_from_the_banned_one(
    led, peers, monkeypatch
):
    """Decided about another code, in another year, and named with it; revoked it is gone.

    Planted bugs: bans are looked up by code; successions of a day to come count already."""
    earlier, later = led(), led()
    ban = await earlier.decided(BAN | {"unit": "XQ03"})
    assert (await later.propose(TITLE)).status_code == 201
    for day, expected in (("2026-01-01", 409), ("2999-01-01", 201)):
        went = [{"predecessor": "XQ03", "effective_on": day}]
        monkeypatch.setitem(peers.succeeds, "XQ01", went)
        answer = await later.propose(TITLE | {"document_no": day})
        assert answer.status_code == expected, answer.text
        if expected == 409:
            assert (answer.json()["type"], answer.json()["of_unit"]) == ("banned-until", "XQ03")
            assert "XQ03" in answer.json()["detail"]
    await earlier.step(ban, "revocation", {"reason": "查无实据"})
    assert (await earlier.decide(ban, subject="third")).is_success
    monkeypatch.setitem(peers.succeeds, "XQ01", [{**went[0], "effective_on": "2026-01-01"}])
    assert (await later.propose(TITLE | {"document_no": "x"})).status_code == 201


async def test_one_document_in_two_writings_makes_no_second_consequence(led):
    """Proposed twice, a ban would stay in force when it is revoked. Planted bug: the numbers are
    compared as typed."""
    cycle = led()
    ban = await cycle.decided(BAN)
    for written in ("云纪[2026]5号", "云纪〔2026〕第05号", "云纪（２０２６）５号"):
        async with cycle.unchanged():
            again = await cycle.propose(BAN | {"document_no": written})
        assert (*refused(again), again.json()["number"]) == (409, "proposed-before", ban)
    other = await cycle.propose(BAN | {"document_no": "云纪〔2026〕6号"})
    assert other.status_code == 201, other.text


async def test_a_veto_that_does_not_count_is_no_cause(led):
    """Planted bug: whatever became of the veto it is one."""
    cycle = led()
    veto = {"unit": "XQ01", "code": "V01", "document_no": "1", "decided_on": "2026-01-10"}
    office = {"role": "performance_office"}
    made = (await cycle.post("/vetoes", veto, **office)).json()["veto"]["number"]
    caused = BAN | {"cause": "veto", "cause_ref": str(made)}

    async def codes_now():
        answer = await cycle.post("/consequences?mode=check", caused, **office)
        assert answer.status_code in (200, 201, 422), answer.text
        return codes(answer)

    assert await codes_now() == {"unknown-cause"}
    assert (await cycle.confirm("/vetoes", made)).status_code == 201
    assert await codes_now() == set()
    asked = {"reason": "申诉成立", "document_no": "2"}
    await cycle.post(f"/vetoes/{made}/lifting", asked, **office)
    assert await codes_now() == set()
    assert (await cycle.confirm("/vetoes", made, of="lifting")).status_code == 201
    async with cycle.unchanged():
        assert await codes_now() == {"unknown-cause"}
