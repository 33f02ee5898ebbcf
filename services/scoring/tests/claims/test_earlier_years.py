"""What earlier years have to do with a claim: awards revoked since, events that counted then."""

import asyncio
from copy import deepcopy
from decimal import Decimal
from uuid import uuid4

import pytest

from scoring.rules.claims.checks import AGAINST
from scoring.rules.ledger.writing import plain_event

from .test_carried_claims import SEALS, sealed, two_years
from .test_confirming_claims import award, decided, listed, next_year, own, refused

__all__ = ["award", "two_years"]

NATIONAL = {"level": "national", "authority": "国务院"}
EVENT = "hashtext('event'), hashtext($1)"
HERE = {"document_date": "2026-06-18", "work_year": 2026}


def revoking(cycle, claim, **more):
    return {
        "claim_no": f"X{cycle.number}",
        "unit": "XQ01",
        "kind": "deduction",
        "document_no": f"省撤〔2026〕{cycle.number}号",
        "document_date": "2026-05-06",
        "event_key": "撤销表彰",
        "revokes": claim,
    } | more


async def post(cycle, *claims, by=None):
    return await cycle.post(by or cycle.office, "claims", {"claims": [*claims]})


async def fed_back(cycle):
    edition = await cycle.score()
    answer = await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
    assert answer.status_code in (200, 201), answer.text
    return await decided(cycle)


async def counted_year(cycle, *claims):
    """Claims that were confirmed in the year before, which is sealed, scored and fed back."""
    ids = await cycle.claim(*claims)
    for claim in ids:
        assert (await cycle.confirm(claim)).status_code == 200
    await sealed(cycle)
    return ids, await fed_back(cycle)


async def test_an_award_that_is_revoked_is_taken_back_in_the_year_in_which_that_is_found(
    two_years, award, others
):
    """It costs what it brought, share and caps included, and neither the highest of an event nor a
    cap stands against that. Planted bugs: take back what the rule gives; let the deductions' cap
    cut it, or a criticism on the same event supersede it."""
    cycle, later = two_years
    [prize], points = await counted_year(cycle, award(**NATIONAL))
    assert points["B1"] == ("accepted", 2)
    scheme = deepcopy(others.schemes[later.cycle_id])
    scheme["adjustments"]["deductions"]["cap_total"] = "1"
    others.schemes[later.cycle_id] = scheme
    blame = {"rule": "DED02", "revokes": None, "claim_no": "X0", "document_no": "省通〔2026〕1号"}
    ids = await later.claim(revoking(later, prize), revoking(later, prize, **blame))
    for claim in ids:
        assert (await later.confirm(claim)).status_code == 200
    told = await decided(later)
    assert told[f"X{later.number}"] == ("accepted", -2)
    assert told["X0"] == ("accepted", -1)
    shown = (await listed(later))[f"X{later.number}"]
    assert (shown["revokes"], shown["proposal"]["reason"]["code"]) == (prize, "revoked")
    assert (await decided(cycle)) == points


async def test_one_award_is_revoked_once_whichever_document_says_so(two_years, award):
    """Also where sixteen confirm at once. Planted bug: tell revocations apart by their documents,
    or let one be another award of its document."""
    cycle, later = two_years
    [prize], _ = await counted_year(cycle, award())
    again = {"claim_no": "X-2", "document_no": "国撤〔2026〕9号", "document_date": "2026-07-08"}
    first, second = await later.claim(revoking(later, prize), revoking(later, prize, **again))
    before = await later.rows()
    another = {"kind": "another_award", "item": "另一奖项"}
    for kind in ({"kind": "listed"}, another):
        await refused(later, await later.confirm(first, award=kind), before, "revoked-once")
    ways = [(claim, {"kind": "same", "counts": claim}) for claim in (first, second)] * 8
    await asyncio.gather(*(later.confirm(claim, award=way, reason="x") for claim, way in ways))
    # Whichever was the last of them has it; the other one gives way, and nothing holds the first.
    told = {one["claim_id"]: one["confirmation"] for one in (await listed(later)).values()}
    [having] = [claim for claim, said in told.items() if said and said["share"]]
    [other] = {first, second} - {having}
    kind = {"kind": "same", "counts": having}
    assert (await later.confirm(other, award=kind, reason="x")).status_code == 200
    assert sorted(worth for _, worth in (await decided(later)).values()) == [-1, 0]


async def test_what_brought_nothing_in_a_sealed_year_before_is_not_revoked(two_years, award):
    """Nor by the unit itself, nor for another. Planted bugs: revoke a claim of this year, or of an
    open one; ask for no score sheet; let a unit say so."""
    cycle, later = two_years
    good, poor = await cycle.claim(award(), award("XQ02", document_no="省办〔2025〕第九号甲1"))
    assert (await cycle.confirm(good)).status_code == 200
    [here] = await later.claim(award(claim_no="B9", document_no=f"丁〔2026〕{later.number}号"))
    before = await later.rows()

    async def not_revocable(claim, by=None, **more):
        answer = await post(later, revoking(later, claim, **more), by=by)
        assert answer.status_code in (403, 422), answer.text
        assert [e["code"] for e in answer.json().get("errors", ())] in (["not-revocable"], [])
        assert await later.rows() == before

    await decided(cycle)
    await not_revocable(good)  # its ledger is open
    await sealed(cycle, SEALS)
    await not_revocable(good)  # nobody knows what it brought in the end
    await decided(cycle)
    await not_revocable(good)  # the unit does not know
    await fed_back(cycle)
    await not_revocable(poor, unit="XQ02")  # it brought nothing
    await not_revocable(good, unit="XQ02")
    await not_revocable(here)
    await not_revocable(str(uuid4()))
    await not_revocable(good, by=own(later))
    both = revoking(later, good, unit="XQ02"), revoking(later, good, claim_no="X-9")
    for claims in (both, both[::-1]):
        answer = await post(later, *claims)
        assert [e["code"] for e in answer.json()["errors"]] == ["not-revocable"]
    [kept] = await later.claim(revoking(later, good))
    assert (await later.confirm(kept)).status_code == 200


async def test_what_revokes_an_award_says_that_alone(two_years, award):
    cycle, later = two_years
    [prize], _ = await counted_year(cycle, award())
    wrong = [
        ({"rule": "DED02", "work_year": 2025, "place": "1"}, {"unused", "unknown-place"}),
        ({"document_no": None, "document_date": None}, {"missing"}),
    ]
    answers = [(await post(later, revoking(later, prize, **more)), codes) for more, codes in wrong]
    bonus = award(revokes=prize, claim_no="B7")
    answers.append((await post(later, bonus), {"not-a-deduction", "unused"}))
    for answer, codes in answers:
        assert answer.status_code == 422
        assert {e["code"] for e in answer.json()["errors"]} == codes


def year_after(document):
    """The scheme of the year after that of 2026."""
    scheme = deepcopy(document) | {"assessment_year": 2027}
    scheme["adjustments"]["window"] = {"opens": "2027-01-01", "closes": "2027-12-31"}
    return scheme


def looking_back(others, cycle, document, across_years):
    scheme = deepcopy(next_year(document))
    scheme["adjustments"]["bonus"]["across_years"] = across_years
    others.schemes[cycle.cycle_id] = scheme


@pytest.mark.parametrize(
    ("across_years", "outcomes"),
    [
        ("each_year", [("accepted", 2, None), ("accepted", 1, None), ("accepted", 1, None)]),
        ("once", [("superseded_same_event", 0, 1), ("superseded_same_event", 0, 2),
                  ("accepted", 1, 0)]),
        ("excess", [("accepted", 1, 1), ("superseded_same_event", 0, 2), ("accepted", 1, 0)]),
    ],
)  # fmt: skip
async def test_an_event_that_counted_in_an_earlier_year_counts_as_the_scheme_says(
    two_years, award, others, document, across_years, outcomes
):
    """The highest of one event over levels and years, whichever way its key is typed; an event of
    which an earlier claim was rejected is a new one. Planted bugs: look at an earlier year under
    its own rules; count what a claim asked for there, not what it brought."""
    cycle, later = two_years

    def one(at, n, **more):
        return award(document_no=f"戊{n}〔2025〕{at.number}号", claim_no=f"N{n}", **more)

    poor = {"event_key": "丙", "authority": "某学会"}
    before = [one(cycle, 1, event_key="第１次"), one(cycle, 2, event_key="乙", **NATIONAL)]
    await counted_year(cycle, *before, one(cycle, 3, **poor))
    looking_back(others, later, document, across_years)
    keys = (("第1次", NATIONAL), ("乙", {}), ("丙", {}))
    here = [one(later, n, event_key=key, **HERE, **more) for n, (key, more) in enumerate(keys, 4)]
    for claim in await later.claim(*here):
        assert (await later.confirm(claim)).status_code == 200
    told, sheet = await listed(later), await decided(later)
    earlier = [told[no]["confirmation"]["earlier_points"] for no in sheet]
    found = [(*sheet[no], each and Decimal(each)) for no, each in zip(sheet, earlier, strict=True)]
    assert found == outcomes


@pytest.mark.parametrize(
    ("across_years", "outcomes"),
    [
        ("once", [("superseded_same_event", 0), (AGAINST, Decimal("0.5"))]),
        ("excess", [(AGAINST, Decimal("0.5")), (AGAINST, Decimal("0.5"))]),
    ],
)
async def test_what_is_decided_against_the_rules_counts_no_event_again(
    two_years, award, others, document, across_years, outcomes
):
    """Beside what its event brought before it counts as what the rules give would, and that is put
    down for it too, be it nothing. Planted bug: let such decisions look at no earlier year."""
    cycle, later = two_years
    await counted_year(cycle, award(event_key="创建", claim_no="P"))
    looking_back(others, later, document, across_years)
    poor = {"authority": "某学会"} | HERE
    here = [
        award(claim_no=f"N{n}", document_no=f"己{n}〔2026〕{later.number}号", event_key=key, **poor)
        for n, key in enumerate(("创建", "另一事件"))
    ]
    for claim, points in zip(await later.claim(*here), ("1.5", "0.5"), strict=True):
        kept = await later.confirm(claim, against={"points": points}, reason="确属实绩")
        assert kept.status_code == 200, kept.text
    told, sheet = await listed(later), await decided(later)
    assert [Decimal(told[no]["confirmation"]["earlier_points"]) for no in ("N0", "N1")] == [1, 0]
    assert [sheet[no] for no in ("N0", "N1")] == outcomes


@pytest.mark.parametrize("across_years", ["once", "excess"])
async def test_an_award_that_is_revoked_leaves_its_event_to_another(
    two_years, award, others, document, across_years
):
    """Also where what revokes it is decided on before, after, or is taken back again: what an event
    brought is put down anew. Planted bugs: let a revoked award stand in the way; decide beside a
    revocation that waits; leave what was put down as it is once that is confirmed or taken back."""
    cycle, later = two_years
    [prize], _ = await counted_year(cycle, award(event_key="创建", claim_no="P"))
    looking_back(others, later, document, across_years)
    number = {"document_no": f"癸〔2026〕{later.number}号", "claim_no": "N", "event_key": "创建"}
    [claim] = await later.claim(award(**HERE | number))
    assert (await later.confirm(claim)).status_code == 200
    assert (await decided(later))["N"] == ("superseded_same_event", 0)
    [gone] = await later.claim(revoking(later, prize, claim_no="X", event_key="创建"))
    before = await later.rows()
    again = await later.confirm(claim, reason="重新认定")
    await refused(later, again, before, "revocation-open")
    assert (await later.confirm(gone)).status_code == 200
    assert (await listed(later))["N"]["state"] == "handed_in"
    assert (await decided(later))["N"] == ("unconfirmed", 0)
    assert (await later.confirm(claim)).status_code == 200
    assert await decided(later) == {"N": ("accepted", 1), "X": ("accepted", -1)}
    body = {"claim_ids": [gone], "reason": "误报", "document_no": "省办〔2026〕9号"}
    assert (await later.post(later.office, "claims/withdrawal", body)).status_code == 200
    assert (await decided(later))["N"] == ("unconfirmed", 0)
    assert (await later.confirm(claim)).status_code == 200
    assert (await decided(later))["N"] == ("superseded_same_event", 0)


@pytest.mark.parametrize("kind", ["bonus", "deduction"])
@pytest.mark.parametrize("across_years", ["once", "excess"])
async def test_what_was_taken_back_in_an_earlier_year_is_no_deduction_of_its_event(
    three_years, award, others, across_years, kind
):
    """Nor does the award that it took back stand in the way there. Planted bug: look at the event
    of what revokes an award."""
    cycle, later, third = three_years
    others.schemes[third.cycle_id] = year_after(others.schemes[later.cycle_id])
    rules = others.schemes[third.cycle_id]["adjustments"]
    for each in ("bonus", "deductions"):
        rules[each]["across_years"] = across_years
    [prize], _ = await counted_year(cycle, award(event_key="创建"))
    await counted_year(later, revoking(later, prize, event_key="创建"))
    blame = {"rule": "DED02", "revokes": None, "claim_no": "Z", "event_key": "创建"}
    blame |= {"document_no": f"省通〔2027〕{third.number}号", "document_date": "2027-05-06"}
    there = {"document_date": "2027-06-18", "work_year": 2027, "claim_no": "Z"}
    there |= {"document_no": f"癸〔2027〕{third.number}号", "event_key": "创建"}
    new = award(**there) if kind == "bonus" else revoking(third, prize, **blame)
    [claim] = await third.claim(new)
    assert (await third.confirm(claim)).status_code == 200
    assert (await decided(third))["Z"][0] == "accepted"


async def test_what_an_award_outweighed_counts_in_its_place_once_it_is_revoked(two_years, award):
    """Also what a cap cut counts again, and what is revoked after another costs what is left then.
    Planted bugs: take back all that an award brought; forget what is revoked already; let a second
    be posted beside one that waits; let the first be taken back before the second."""
    cycle, later = two_years
    one, two = (
        award(
            claim_no=f"N{n}", event_key="创建", document_no=f"子{n}〔2025〕{cycle.number}号", **more
        )
        for n, more in enumerate((NATIONAL, {}))
    )
    (high, low), points = await counted_year(cycle, one, two)
    assert [*points.values()] == [("accepted", 2), ("superseded_same_event", 0)]

    def again(claim, n):
        number = {"claim_no": f"X{n}", "document_no": f"丑{n}〔2026〕{later.number}号"}
        return revoking(later, claim, **number)

    async def codes(*claims):
        answer = await post(later, *claims)
        assert answer.status_code == 422, answer.text
        return [e["code"] for e in answer.json()["errors"]]

    assert await codes(again(low, 1)) == ["not-revocable"]
    assert await codes(again(low, 1), again(high, 2)) == ["revocation-open"] * 2
    [first] = await later.claim(again(high, 1))
    assert await codes(again(low, 2)) == ["revocation-open"]
    assert (await later.confirm(first)).status_code == 200
    [second] = await later.claim(again(low, 2))
    before = await later.rows()
    body = {"claim_ids": [first], "reason": "误报", "document_no": "省办〔2026〕9号"}
    undone = await later.post(later.office, "claims/withdrawal", body)
    await refused(later, undone, before, "revoked-since")
    undone = await later.confirm(first, decision="rejected", reason="误报")
    await refused(later, undone, before, "revoked-since")
    assert (await later.confirm(second)).status_code == 200
    assert await decided(later) == {"X1": ("accepted", -1), "X2": ("accepted", -1)}


async def test_what_a_cap_cut_counts_once_another_award_is_revoked(
    two_years, award, others, document
):
    """Planted bug: look at the event alone."""
    cycle, later = two_years
    scheme = deepcopy(document)
    scheme["adjustments"]["bonus"]["cap_total"] = "3"
    others.schemes[cycle.cycle_id] = scheme
    numbers = (f"子{n}〔2025〕{cycle.number}号" for n in range(2))
    two = [award(document_no=number, claim_no=number, **NATIONAL) for number in numbers]
    (first, _), points = await counted_year(cycle, *two)
    assert [worth for _, worth in points.values()] == [2, 1]
    [gone] = await later.claim(revoking(later, first))
    assert (await later.confirm(gone)).status_code == 200
    assert [worth for _, worth in (await decided(later)).values()] == [-1]


@pytest.fixture
def three_years(two_years, new_cycle, others):
    """A cycle more, of the year after."""
    first, second = two_years
    third, known = new_cycle(), others.cycles[1]
    others.cycles = [
        *others.cycles,
        known | {"cycle_id": str(third.cycle_id), "assessment_year": 2027},
    ]
    return first, second, third


@pytest.mark.parametrize("across_years", ["once", "excess"])
async def test_an_event_that_counts_in_a_later_year_is_not_confirmed_in_an_earlier_one(
    two_years, award, others, document, across_years
):
    """Whichever way its key is typed, until the later claim gives way; then it counts in both years
    as if the earlier had been first. Planted bugs: look back only; refuse what takes nothing, as
    what is carried over; let a later claim that nobody confirmed stand in the way."""
    cycle, later = two_years
    looking_back(others, later, document, across_years)
    there = HERE | NATIONAL | {"document_no": f"己〔2026〕{later.number}号"}
    there = award(event_key="第１次", claim_no="L1", **there)
    [claim] = await later.claim(there)
    assert (await later.confirm(claim)).status_code == 200
    late = {"document_date": "2026-01-15", "document_no": f"辛〔2026〕{later.number}号"}
    early, carried = await cycle.claim(
        award(event_key="第1次", claim_no="N1"), award(event_key="第1次", claim_no="N2", **late)
    )
    before = await cycle.rows()
    await refused(cycle, await cycle.confirm(early), before, "counts-in-a-later-year")
    assert (await cycle.confirm(carried)).status_code == 200
    assert (await later.confirm(claim, decision="rejected", reason="先认定上年")).status_code == 200
    assert (await cycle.confirm(early)).status_code == 200
    again = await later.confirm(claim, reason="重新认定")
    await refused(later, again, await later.rows(), *["earlier-year-open"] * 2)
    await sealed(cycle)
    assert (await fed_back(cycle))["N1"] == ("accepted", 1)
    assert (await later.confirm(claim, reason="重新认定")).status_code == 200
    left = {"once": ("superseded_same_event", 0), "excess": ("accepted", 1)}[across_years]
    assert (await decided(later))["L1"] == left


async def test_of_two_years_that_confirm_an_event_at_once_one_does(
    two_years, award, others, document
):
    """Planted bugs: take no lock of the event; take it in one of the years alone."""
    cycle, later = two_years
    looking_back(others, later, document, "once")
    [early] = await cycle.claim(award(event_key="同一 事件"))
    assert (await cycle.confirm(early, decision="rejected", reason="待核")).status_code == 200
    number = f"壬〔2026〕{later.number}号"
    [late] = await later.claim(award(document_no=number, event_key="同一 事件", **HERE))
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    event = "XQ01\x1fbonus\x1f" + plain_event("同一 事件")
    async with later.service.superuser.acquire() as other:
        await other.execute(f"SELECT pg_advisory_lock({EVENT})", event)
        moves = asyncio.gather(cycle.confirm(early, reason="x"), later.confirm(late))
        for _ in range(2000):
            if moves.done() or len(await later.service.sql(waiting)) == 2:
                break
        both_wait = not moves.done()
        await other.execute(f"SELECT pg_advisory_unlock({EVENT})", event)
    answers = await moves
    assert both_wait
    assert sorted(each.status_code for each in answers) == [200, 409]
    codes = [e["code"] for each in answers for e in each.json().get("errors", ())]
    assert codes in (["counts-in-a-later-year"], ["earlier-year-open"])


async def test_nobody_confirms_what_an_open_earlier_year_may_have_brought(
    two_years, award, others, document
):
    """Planted bug: take a year that is not sealed for one in which nothing counted."""
    cycle, later = two_years
    looking_back(others, later, document, "excess")
    [early] = await cycle.claim(award(event_key="创建"))
    number = {"document_no": f"己〔2026〕{later.number}号", "event_key": "创建"}
    [claim] = await later.claim(award(**HERE | number | NATIONAL))
    before = await later.rows()
    await refused(later, await later.confirm(claim), before, "earlier-year-open")
    assert (await cycle.confirm(early)).status_code == 200
    await sealed(cycle)
    await refused(later, await later.confirm(claim), before, "earlier-year-open")
    await decided(cycle)
    await refused(later, await later.confirm(claim), before, "earlier-year-open")
    await fed_back(cycle)
    assert (await later.confirm(claim)).status_code == 200
    assert [*(await decided(later)).values()] == [("accepted", Decimal(1))]
