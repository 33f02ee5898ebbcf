"""Examining claims over HTTP: what the rules propose, what is decided against them, and documents
whose list names many."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from .test_confirming_claims import COUNTIES, award, decided, listed, own, refused

__all__ = ["award"]


async def test_who_examines_sees_what_the_rules_propose_and_all_that_they_hold_against_it(
    cycle, award
):
    """Planted bugs: stop at the first thing that is wrong; give the points of a rejected claim."""
    await cycle.claim(
        award(),
        award(holder_name="云湖区农业局", linked_indicator=None, document_date="2024-05-01"),
    )
    good, bad = [one["proposal"] for one in (await listed(cycle)).values()]
    assert (good["decision"], Decimal(good["points"]), good["against"]) == ("accepted", 1, [])
    assert good["reason"]["code"] == "in_window"
    assert (bad["decision"], bad["points"]) == ("rejected_holder_mismatch", "0")
    assert [why["code"] for why in bad["against"]] == [
        "holder_is_not_the_unit",
        "not_linked_to_indicator",
        "out_of_window",
    ]
    assert bad["reason"] == bad["against"][0]
    assert "云湖区农业局" in bad["reason"]["zh"]


async def test_a_decision_against_the_rules_needs_a_reason_and_is_told_beside_their_proposal(
    cycle, award
):
    """Planted bugs: take points without a reason; let the sheet follow the rules all the same;
    let more be given than any rule gives."""
    [claim, lower] = await cycle.claim(
        award(holder_name="云湖区政府"), award("XQ02", document_no=f"辛〔2025〕{cycle.number}号")
    )
    before = await cycle.rows()
    said = {"reason": "名单系笔误，已核对原件"}
    for more, codes in (
        ({"against": {"points": "1"}}, ("missing",)),
        ({"against": {"points": "2.01"}} | said, ("more-than-any-rule",)),
        ({"against": {"points": "1"}, "decision": "rejected"} | said, ("unused",)),
    ):
        await refused(cycle, await cycle.confirm(claim, **more), before, *codes)
    same = await cycle.confirm(lower, against={"points": "1"}, **said)
    await refused(cycle, same, before, "as-proposed")
    assert (await cycle.confirm(claim, against={"points": "0"}, **said)).status_code == 422

    answer = await cycle.confirm(claim, against={"points": "1.5"}, **said)
    assert answer.status_code == 200, answer.text
    assert (await cycle.confirm(lower, against={"points": "0.4"}, **said)).status_code == 200
    assert await decided(cycle) == {
        "B1": ("accepted_against_proposal", Decimal("1.5")),
        "B2": ("accepted_against_proposal", Decimal("0.4")),
    }
    told = (await listed(cycle))["B1"]["confirmation"]
    assert (told["proposed"], told["proposed_points"]) == ("rejected_holder_mismatch", "0")
    assert (told["against"], told["reason"]) == ("1.5", said["reason"])
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    reason = next(c["reason"] for c in sheet["claims"] if c["claim_no"] == "B2")
    assert reason["params"] == said | {
        "points": "0.4",
        "proposed": "accepted",
        "proposed_points": "1",
    }
    assert said["reason"] in reason["zh"]


async def test_what_the_total_does_not_take_nobody_lets_count(cycle, award, others, document):
    [claim] = await cycle.claim(award())
    composition = document["composition"] | {"bonus": False}
    others.schemes[cycle.cycle_id] = document | {"composition": composition}
    more = {"against": {"points": "1"}, "reason": "x"}
    answer = await cycle.confirm(claim, **more)
    await refused(cycle, answer, await cycle.rows(), "not-in-the-total")


async def test_a_document_counts_for_each_that_its_list_names_and_once_for_each(new_cycle, award):
    """A decision of commendation (表彰决定) with eleven honourees, in one list and over cycles.

    Planted bugs: let the first who claimed keep the whole; let a unit that is listed count again in
    another cycle, or another unit under its name; take the award from the others when one of them
    is said to be the same.
    """
    cycle, later = new_cycle(), new_cycle()
    [first] = await cycle.claim(award(COUNTIES[0]))
    assert (await cycle.confirm(first)).status_code == 200
    ids = await cycle.claim(*(award(unit) for unit in COUNTIES[1:]))
    named = {"award": {"kind": "listed"}}
    plain = [{"claim_id": each, "decision": "confirmed"} for each in ids]
    before = await cycle.rows()
    answer = await cycle.post(cycle.colleague, "claims/confirmation", {"decisions": plain})
    assert {e["code"] for e in answer.json()["errors"]} == {"held", "same-document-twice"}
    assert await cycle.rows() == before
    body = {"decisions": [each | named for each in plain]}
    answer = await cycle.post(cycle.colleague, "claims/confirmation", body)
    assert answer.status_code == 200, answer.text
    assert set((await decided(cycle)).values()) == {("accepted", 1)}
    assert len(await decided(cycle)) == len(COUNTIES)

    again = award(COUNTIES[3])
    posing = award("XQ05", holder_name=again["holder_name"])
    claims = await later.claim(again, posing, award("XQ01"))
    for claim, times in zip(claims, (1, 2, 1), strict=True):
        answer = await later.confirm(claim, **named)
        await refused(later, answer, await later.rows(), *["counts-already"] * times)
    same = {"kind": "same", "counts": claims[0]}
    answer = await later.confirm(claims[0], award=same)
    await refused(later, answer, await later.rows(), "counts-already")
    same["counts"] = ids[2]
    assert (await later.confirm(claims[0], award=same)).status_code == 200
    assert len({*(await decided(cycle)).values()}) == 1


async def test_one_list_does_not_name_one_holder_twice(cycle, award):
    """Planted bug: look at each decision of a list beside the claims as they stood before it."""
    ids = await cycle.claim(award("XQ01"), award("XQ01"), award("XQ02"))
    before = await cycle.rows()
    named = {"decision": "confirmed", "award": {"kind": "listed"}}
    body = {"decisions": [{"claim_id": each} | named for each in ids]}
    answer = await cycle.post(cycle.colleague, "claims/confirmation", body)
    await refused(cycle, answer, before, "same-document-twice")


async def test_of_sixteen_who_say_at_once_that_the_list_names_a_unit_one_is_heard(new_cycle, award):
    """Planted bug: leave the named holder out of the trigger and of what is compared."""
    cycles = [new_cycle(), new_cycle()]
    claims = [
        (cycle, claim)
        for cycle in cycles
        for claim in await cycle.claim(*(award("XQ01") for _ in range(8)))
    ]
    named = {"kind": "listed"}
    answers = await asyncio.gather(*(cycle.confirm(claim, award=named) for cycle, claim in claims))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 15
    assert sum([(await cycle.rows())["counted_award"] for cycle in cycles]) == 1


async def test_of_sixteen_who_file_one_honour_at_once_over_categories_and_cycles_one_counts(
    new_cycle, award, raw
):
    """Each files for the same named holder: half of them for the holder's unit, half for one of
    another category, which would count against what the rules propose.

    Planted bug: hold the named holder of one unit only, in the rules and in the trigger.
    """
    cycles = [new_cycle(), new_cycle()]
    holder = award("XQ01")["holder_name"]
    other = next(u["code"] for u in raw.scheme["units"] if u["category"] != "COUNTY")

    async def file_and_examine(n):
        cycle, unit = cycles[n % 2], ("XQ01", other)[n // 2 % 2]
        clerk = cycle.caller("performance_office", subject=f"clerk-{n}", person=f"clerk-{n}")
        claim = award(unit, claim_no=f"C{n}", event_key="E", holder_name=holder)
        [claim_id] = await cycle.claim(claim, by=clerk)
        more = {"against": {"points": "0.5"}, "reason": "x"} if unit == other else {}
        return await cycle.confirm(claim_id, award={"kind": "listed", "item": "一等奖"}, **more)

    answers = await asyncio.gather(*(file_and_examine(n) for n in range(16)))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 15
    assert sum([(await cycle.rows())["counted_award"] for cycle in cycles]) == 1


async def test_the_database_lets_no_named_holder_count_twice(new_cycle, award):
    """Planted bug: leave the holder out of the trigger, or the listed out of it altogether."""
    cycle, later = new_cycle(), new_cycle()
    [first] = await cycle.claim(award("XQ01"))
    assert (await cycle.confirm(first, award={"kind": "listed"})).status_code == 200
    [posing, other] = await later.claim(award("XQ02", holder_name="云湖区"), award("XQ03"))
    connection = await asyncpg.connect(cycle.service.urls.app.replace("+asyncpg", ""), ssl=False)
    counts = (
        "INSERT INTO counted_award (cycle_id, claim_id, step, fingerprint, item, unit, share,"
        " holder, listed) SELECT cycle_id, claim_id, 1, fingerprint, '', unit, 1, $3, $4"
        " FROM claim WHERE cycle_id = $1 AND claim_id = $2"
    )
    try:
        for listed_too in (True, False):
            with pytest.raises(asyncpg.UniqueViolationError):
                await connection.execute(counts, later.cycle_id, posing, "云湖区", listed_too)
        async with connection.transaction():
            await connection.execute(counts, later.cycle_id, other, "永岭市", True)
            raise asyncio.CancelledError
    except asyncio.CancelledError:
        pass
    finally:
        await connection.close()


async def test_a_unit_reads_the_proposal_of_its_own_claim_alone(cycle, award):
    await cycle.claim(award("XQ02", holder_name="别处"), award("XQ01"))
    told = (await own(cycle).get(f"{cycle.path}/claims")).json()["items"]
    assert [each["proposal"]["decision"] for each in told] == ["accepted"]


async def test_a_listed_place_that_moves_to_another_claim_of_its_unit_stays_one_of_the_list(
    cycle, award
):
    """Planted bug: let the claim that takes the place of a listed one stand for the whole."""
    first, other, *again = await cycle.claim(*(award(unit) for unit in ("XQ01", "XQ02") * 2))
    for claim in (first, other):
        assert (await cycle.confirm(claim, award={"kind": "listed"})).status_code == 200
    for claim in again:
        moved = await cycle.confirm(claim, award={"kind": "same", "counts": claim})
        assert moved.status_code == 200, moved.text
    assert [points for _, points in (await decided(cycle)).values()] == [0, 1, 0, 1]


@pytest.mark.parametrize("joint", ["full", "lead_only"])
async def test_a_joint_award_is_shared_only_where_the_scheme_says_so(
    cycle, award, others, document, joint
):
    """Claimed by both in full: each in full, or the lead alone. Planted bug: share all the same."""
    bonus = document["adjustments"]["bonus"] | {"joint": joint}
    rules = document["adjustments"] | {"bonus": bonus}
    others.schemes[cycle.cycle_id] = document | {"adjustments": rules}
    lead, support = await cycle.claim(award("XQ01"), award("XQ02"))
    halves = [{"claim_id": each, "share": "0.5"} for each in (lead, support)]
    before = await cycle.rows()
    answer = await cycle.confirm(lead, award={"kind": "joint", "shares": halves})
    await refused(cycle, answer, before, "joint-not-shared")
    instead = {"full": {"kind": "listed"}, "lead_only": {"kind": "same", "counts": lead}}[joint]
    for claim in (lead, support):
        assert (await cycle.confirm(claim, award=instead)).status_code == 200
    points = [points for _, points in (await decided(cycle)).values()]
    assert points == ([1, 1] if joint == "full" else [1, 0])


async def test_a_claim_names_its_place_and_who_holds_it_as_the_scheme_takes_them(
    cycle, award, others, document
):
    """Planted bugs: take a place that no rule lists; a person's award in full; a place left out."""
    rule = {"code": "R1", "level": "provincial", "points": "2", "authorities": ["省委"]}
    bonus = document["adjustments"]["bonus"] | {
        "rules": [rule | {"by_place": {"一等奖": "2", "二等奖": "1.2"}}],
        "holders": {"person": "0.5"},
    }
    rules = document["adjustments"] | {"bonus": bonus}
    others.schemes[cycle.cycle_id] = document | {"adjustments": rules}
    numbered = (f"壬〔2025〕{cycle.number}{n}号" for n in range(10))
    second = {"place": "二等奖", "authority": "省委"}

    def one(**more):
        return award(**second | {"document_no": next(numbered)} | more)

    before = await cycle.rows()
    bad = [one(place="三等奖"), one(place=None), one(holder_kind="committee")]
    for claim, code in zip(bad, ("unknown-place", "missing", "not-in-list"), strict=True):
        answer = await cycle.post(cycle.office, "claims", {"claims": [claim]})
        assert answer.status_code == 422
        assert [e["code"] for e in answer.json()["errors"]] == [code] or code == "not-in-list"
    assert await cycle.rows() == before
    good = [
        one(),
        one(holder_kind="person", holder_name="张三"),
        one(holder_kind="subordinate", holder_name="云湖区图书馆"),
        one(place=" 一等奖"),
    ]
    ids = await cycle.claim(*good)
    assert [each["place"] for each in (await listed(cycle)).values()][-1] == "一等奖"
    for claim in ids:
        assert (await cycle.confirm(claim)).status_code == 200
    assert [*(await decided(cycle)).values()] == [
        ("accepted", Decimal("1.2")),
        ("accepted", Decimal("0.6")),
        ("rejected_holder_mismatch", 0),
        ("accepted", 2),
    ]


@pytest.fixture
def renamed(others):
    """XQ01 was renamed in June; what it is called in the end is as before."""
    [unit] = [each for each in others.units if each["code"] == "XQ01"]
    [legal] = before = unit["names"]
    old = legal | {"name": "云湖县", "valid_to": "2025-06-01"}
    unit["names"] = [old, legal | {"valid_from": "2025-06-01"}]
    yield
    unit["names"] = before


async def test_what_is_claimed_wrongly_ends_as_the_scheme_says(cycle, award, renamed):
    """An invented number, a number that another spells otherwise, a name that the unit had no more,
    and a joint award that both claim in full. Planted bugs: compare numbers as they are written;
    look at the names of the year's end; let each have the whole."""
    n = cycle.number
    invented, theirs, again, old, new, gone, lead, support = await cycle.claim(
        award(document_no=f"臆〔2025〕{n}号"),
        award("XQ02", document_no=f"省甲发〔2025〕{n}号"),
        award("XQ03", document_no=f"省甲发[2025]第{n:03}號 "),
        award(document_no=f"癸〔2025〕{n}1号", document_date="2025-05-31", holder_name="云湖县"),
        award(document_no=f"癸〔2025〕{n}2号", document_date="2025-06-01"),
        award(document_no=f"癸〔2025〕{n}3号", document_date="2025-06-01", holder_name="云湖县"),
        award("XQ04", document_no=f"子〔2025〕{n}号"),
        award("XQ05", document_no=f"子〔2025〕{n}号"),
    )
    held = {no: each["held"] for no, each in (await listed(cycle)).items()}
    assert [*held.values()] == [False, True, True, False, False, False, True, True]
    assert (
        await cycle.confirm(invented, decision="rejected", reason="查无此文")
    ).status_code == 200
    for claim in (old, new, gone):
        assert (await cycle.confirm(claim)).status_code == 200
    before = await cycle.rows()
    for claim in (again, support):
        await refused(cycle, await cycle.confirm(claim), before, "held")
    same = {"kind": "same", "counts": theirs}
    for claim in (theirs, again):
        assert (await cycle.confirm(claim, award=same)).status_code == 200
    shares = [{"claim_id": lead, "share": "0.6"}, {"claim_id": support, "share": "0.4"}]
    for claim in (lead, support):
        answer = await cycle.confirm(claim, award={"kind": "joint", "shares": shares})
        assert answer.status_code == 200, answer.text
    assert [*(await decided(cycle)).values()] == [
        ("rejected_by_confirmer", 0),
        ("accepted", 1),
        ("accepted", 1),
        ("rejected_holder_mismatch", 0),
        ("accepted", 1),
        ("rejected_same_award", 0),
        ("accepted", Decimal("0.6")),
        ("accepted", Decimal("0.4")),
    ]
