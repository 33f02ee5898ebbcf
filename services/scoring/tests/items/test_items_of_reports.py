"""Items of rectification reports (整改报告): opened once each in the cycle that is open, withdrawn
once the report is revoked, and never left out without a word."""

import asyncio
import itertools

import pytest
from services.scoring.tests.items.working import Items, faults, later

OPEN, TOLD = "supervised-items/reports", "report-items"
_divisions = (f"4302{n:02}" for n in itertools.count())


@pytest.fixture
async def report(clock):
    """What makes a report as ranking publishes it, from two days ago until in thirty."""
    today = await clock.today()

    def made(number: int = 7, unit: str = "XQ01", **more) -> dict:
        said = {
            "number": number,
            "unit": unit,
            "kind": "rectification_report",
            "state": "decided",
            "cause": "veto",
            "cause_ref": "12",
            "from_on": later(today, -2),
            "until_on": later(today, 30),
            "document_no": "云考评〔2026〕3号",
            "reason": "统计数据弄虚作假，限期整改。",
            "steps": [{"state": "decided", "document_no": None}],
        }
        return said | more

    return made


@pytest.fixture
def years(new_items, others):
    """The items of a year and of the next one, of a division of their own; what ranking says of
    each goes by `others.reports`."""
    year, after = new_items(), new_items()
    division = {"jurisdiction": next(_divisions), "scheme_version": 1}
    others.cycles = [
        {"cycle_id": str(each.cycle.cycle_id), "assessment_year": 2025 + n} | division
        for n, each in enumerate((year, after))
    ]
    yield year, after
    others.cycles = []


@pytest.fixture
def say(others):
    def said(items: Items, *reports: dict) -> None:
        others.reports[items.cycle.cycle_id] = [*reports]

    return said


async def opened(items: Items, body: dict | None = None, by=None) -> dict:
    answer = await items.cycle.post(by or items.cycle.office, OPEN, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(items: Items, by=None):
    return await (by or items.cycle.office).get(f"{items.cycle.path}/{TOLD}")


async def waiting(items: Items) -> list[tuple[int, str]]:
    return [(e["report"]["number"], e["reason"]) for e in (await opened(items))["waiting"]]


async def seal(items: Items) -> None:
    answer = await items.cycle.post(items.cycle.office, "ledger/seal?mode=check", None)
    body = {"seen": answer.json()["seen"]}
    answer = await items.cycle.post(items.cycle.office, "ledger/seal", body)
    assert answer.status_code == 200, answer.text


async def test_a_decided_report_opens_one_item_that_its_unit_handles(years, say, report):
    """Planted bugs: open it for what was only proposed, again for each command, without dispatching
    it, for everybody to read, or without saying of which report it is."""
    items, _ = years
    proposed = report(8, "XQ02", state="proposed", steps=[])
    of_release = report(9, "XQ03", cause="release", cause_ref="4", reason=None, document_no=None)
    say(items, report(), proposed, of_release)
    told = await opened(items)
    assert [(e["report"]["number"], e["unit"]) for e in told["opened"]] == [
        (7, "XQ01"),
        (9, "XQ03"),
    ]
    assert told["waiting"] == told["withdrawn"] == []
    first, second = (each["item_id"] for each in told["opened"])
    item = await items.now(first, by=items.of())
    assert item["report"] == {"cycle_id": str(items.cycle.cycle_id), "number": 7}
    assert [each["move"] for each in item["moves"]] == ["register", "dispatch"]
    stands = (item["state"], item["due"], item["kind"], item["confidential"], item["document_no"])
    due = report()["until_on"]
    assert stands == ("dispatched", due, "rectification_report", True, "云考评〔2026〕3号")
    assert item["units"] == [{"unit": "XQ01", "role": "lead", "share": 100}]
    assert (await items.now(second))["text"] == "依据2025年度第4号公布稿，提交整改报告。"
    for stranger in (items.of("XQ02"), items.cycle.caller("auditor"), items.leader):
        assert (await items.read(first, by=stranger)).status_code == 404

    before = await items.cycle.rows()
    again = await opened(items)
    assert again == {"opened": [], "withdrawn": [], "waiting": [], "receipt": None}
    assert await items.cycle.rows() == before
    assert (await items.answer(first, "sign")).status_code == 201
    assert (await items.answer(first, "reply", text="已整改。")).status_code == 201
    assert (await items.direct(first, "close", by=items.cycle.office)).status_code == 201
    [one, other] = (await listed(items)).json()["items"]
    assert (one["number"], one["item_id"], one["state"]) == (7, first, "closed")
    assert (other["number"], other["state"], other["due"]) == (9, "dispatched", due)


async def test_a_report_of_a_sealed_year_opens_its_item_in_the_next_one_and_only_there(
    years, say, others, report
):
    """Results are decided once the ledger is sealed. Planted bugs: open it in the sealed ledger;
    in both; while the year is open, in the next one; never; promise a next year that is not there,
    or a draft."""
    items, after = years
    say(items, report())
    say(after)
    assert await opened(after) == {"opened": [], "withdrawn": [], "waiting": [], "receipt": None}
    await seal(items)
    assert await waiting(items) == [(7, "ledger-sealed")]
    others.cycles[1]["scheme_version"] = None
    assert await waiting(items) == [(7, "no-next-cycle")]
    others.cycles[1] |= {"scheme_version": 1, "assessment_year": 2027}
    assert await waiting(items) == [(7, "no-next-cycle")]
    others.cycles[1]["assessment_year"] = 2026
    told = await asyncio.gather(*(opened(each) for each in (after, items, after, after)))
    [made] = [each for answer in told for each in answer["opened"]]
    assert made["report"] == {"cycle_id": str(items.cycle.cycle_id), "number": 7}
    assert (await after.now(made["item_id"]))["state"] == "dispatched"
    assert await waiting(items) == await waiting(after) == []
    [stands] = (await listed(items)).json()["items"]
    assert (stands["cycle_id"], stands["item_id"]) == (str(after.cycle.cycle_id), made["item_id"])


async def test_the_item_of_a_revoked_report_is_withdrawn_and_told_so_to_its_unit(
    years, say, report
):
    """Planted bugs: leave it in hand; withdraw what was closed, or before two have decided so; let
    its clock run on."""
    items, _ = years
    say(items, report(), report(8, "XQ02"))
    ids = {e["report"]["number"]: e["item_id"] for e in (await opened(items))["opened"]}
    other = items.of("XQ02")
    assert (await items.answer(ids[8], "sign", by=other)).status_code == 201
    assert (await items.answer(ids[8], "reply", by=other, text="已整改。")).status_code == 201
    assert (await items.direct(ids[8], "close")).status_code == 201
    say(items, report(state="revoking"), report(8, "XQ02", state="revoked"))
    assert (await opened(items))["withdrawn"] == []
    say(items, report(state="revoked"), report(8, "XQ02", state="revoked"))
    told = await opened(items)
    assert [(e["item_id"], e["unit"]) for e in told["withdrawn"]] == [(ids[7], "XQ01")]
    item = await items.now(ids[7], by=items.of())
    last = item["moves"][-1]
    assert (item["state"], last["move"], last["text"]) == (
        "withdrawn",
        "withdraw",
        "整改报告已撤销。",
    )
    assert (item["due"], item["days_left"], item["light"]) == (None, None, "none")
    assert (await items.answer(ids[7], "sign")).json()["errors"][0]["code"] == "wrong-state"
    assert (await items.now(ids[8]))["state"] == "closed"
    assert (await opened(items))["withdrawn"] == []


async def test_what_opens_no_item_is_named_with_its_reason(years, say, others, report, clock):
    """Planted bugs: leave any of these out; give a merged unit's report to nobody."""
    items, _ = years
    today = await clock.today()
    say(
        items,
        report(1, from_on=later(today, 2)),
        report(2, until_on=later(today, -2)),
        report(3, "OLD"),
        report(4, "GONE"),
        report(5, "SPLIT"),
    )
    usual = others.units
    goes_on = [("XQ02", "OLD"), ("XQ03", "SPLIT"), ("XQ04", "SPLIT")]
    effective = later(today, -9)
    others.units = usual + [
        {"code": u, "names": [], "succeeds": [{"predecessor": of, "effective_on": effective}]}
        for u, of in goes_on
    ]
    try:
        told = await opened(items)
    finally:
        others.units = usual
    assert [(e["report"]["number"], e["unit"]) for e in told["opened"]] == [(3, "XQ02")]
    assert {e["report"]["number"]: e["reason"] for e in told["waiting"]} == {
        1: "not-begun",
        2: "deadline-passed",
        4: "not-assessed",
        5: "several-successors",
    }


async def test_an_item_that_somebody_registered_by_the_same_document_is_not_opened_again(
    years, say, report
):
    """Planted bugs: open a second one; compare another unit's; never open one again; take without
    a word that something is another matter which did not wait for that; take the daily round's word
    for it."""
    items, _ = years
    document_no = report()["document_no"]
    units = [{"unit": "XQ02", "role": "lead", "share": 100}]
    await items.registered(document_no=document_no, units=units)
    [mine] = await items.registered(document_no=document_no)
    say(items, report())
    [wait] = (await opened(items))["waiting"]
    assert (wait["reason"], wait["item_id"]) == ("opened-by-hand", mine)
    anew = {"anew": [wait["report"]]}
    before = await items.cycle.rows()
    unknown = {"anew": [wait["report"], wait["report"] | {"number": 9}]}
    answer = await items.cycle.post(items.cycle.office, OPEN, unknown)
    assert (answer.status_code, faults(answer)) == (422, {("/anew/1", "not-waiting")})
    daily = items.cycle.caller("daily_round")
    assert (await items.cycle.post(daily, OPEN, anew)).status_code == 403
    assert await items.cycle.rows() == before
    assert [each["unit"] for each in (await opened(items, anew))["opened"]] == ["XQ01"]
    assert await waiting(items) == []


async def test_nobody_but_the_office_opens_or_lists_items_of_reports(years, say, report):
    items, _ = years
    say(items, report())
    before = await items.cycle.rows()
    for role in ("assessed_unit", "auditor", "second_body", "committee", "data_source_unit"):
        who = items.cycle.caller(role, unit="XQ01")
        assert (await items.cycle.post(who, OPEN, None)).status_code == 403
        assert (await listed(items, who)).status_code == 403
    assert await items.cycle.rows() == before
