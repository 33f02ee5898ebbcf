"""Claims that gave way to another one, in which their award then does not count: they are confirmed
again, and nothing is lost in silence."""

from copy import deepcopy

import pytest

from .test_carried_claims import arrive, sealed, two_years
from .test_confirming_claims import award, decided, listed, next_year, own

__all__ = ["award", "two_years"]

WITHDRAWAL = {"reason": "表彰撤销", "document_no": "省办〔2025〕9号"}


async def withdraw(cycle, *claims, by=None, **more):
    body = {"claim_ids": [*claims]} | WITHDRAWAL | more
    answer = await cycle.post(by or cycle.office, "claims/withdrawal", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def same(cycle, claim, counts, **more):
    more |= {"award": {"kind": "same", "counts": counts}, "reason": "同一奖项"}
    answer = await cycle.confirm(claim, **more)
    assert answer.status_code == 200, answer.text


async def reasons(cycle):
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    return {one["claim_no"]: one["reason"]["code"] for one in sheet["claims"]}


async def to_confirm(cycle):
    """How many claims are told to the office as a task."""
    told = (await cycle.colleague.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
    return sum(task["count"] for task in told if task["kind"] == "confirm-claims")


async def fell(cycle, claim, way):
    """Take back or reject a claim, so that nothing counts in it."""
    if way == "withdrawn":
        return await withdraw(cycle, claim)
    answer = await cycle.confirm(claim, decision="rejected", reason="名单有误")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("way", ["withdrawn", "rejected"])
@pytest.mark.parametrize("first", ["counted", "waited"])
async def test_what_was_the_same_as_a_claim_that_falls_is_to_be_confirmed_again(
    cycle, award, way, first
):
    """Planted bugs: leave it; do so only where the other one counted; tell the answer of it."""
    counts, gave_way = await cycle.claim(award("XQ01"), award("XQ02"))
    if first == "counted":
        await same(cycle, counts, counts)
    await same(cycle, gave_way, counts)
    if first == "waited":
        assert await decided(cycle) == {"B1": ("unconfirmed", 0), "B2": ("unconfirmed", 0)}
        assert (await reasons(cycle))["B2"] == "same_award_unconfirmed"
    else:
        assert (await decided(cycle))["B2"] == ("rejected_same_award", 0)
    told = await fell(cycle, counts, way)
    assert [each["claim_id"] for each in told["claims"]] == [counts]
    assert (await listed(cycle))["B2"]["state"] == "handed_in"
    assert await to_confirm(cycle) == 1
    assert (await decided(cycle))["B2"] == ("unconfirmed", 0)
    assert (await reasons(cycle))["B2"] == "same_award_counts_nowhere"
    answer = await cycle.confirm(gave_way)
    assert answer.status_code == 200, answer.text
    assert (await decided(cycle))["B2"] == ("accepted", 1)


async def test_also_what_gave_way_to_one_that_gave_way_itself(cycle, award):
    """Planted bug: look at the next claim alone."""
    last, middle, first = await cycle.claim(*(award(f"XQ0{n}") for n in (1, 2, 3)))
    await same(cycle, middle, middle)
    await same(cycle, first, middle)
    await same(cycle, last, last)
    assert [word for word, _ in (await decided(cycle)).values()] == [
        "accepted", "rejected_same_award", "rejected_same_award",
    ]  # fmt: skip
    await withdraw(cycle, last)
    assert [each["state"] for each in (await listed(cycle)).values()] == [
        "withdrawn", "handed_in", "handed_in",
    ]  # fmt: skip
    await same(cycle, first, first)
    await same(cycle, middle, first)
    assert (await decided(cycle))["B3"] == ("accepted", 1)


async def test_what_the_rules_reject_keeps_no_award_from_another_claim(
    cycle, award, others, document
):
    """By the rules of when it was confirmed, or of a scheme since. Planted bug: let the claim in
    which nothing counts pass for one that counts."""
    poor, good = await cycle.claim(award("XQ01", work_year=2022), award("XQ02"))
    await same(cycle, good, poor)
    assert (await cycle.confirm(poor)).status_code == 200
    assert (await listed(cycle))["B2"]["state"] == "handed_in"
    assert (await cycle.confirm(good)).status_code == 200
    assert (await decided(cycle))["B2"] == ("accepted", 1)

    other, ours = (
        award("XQ03", document_no=f"子〔2025〕{cycle.number}号", authority="省政府"),
        award("XQ04", document_no=f"子〔2025〕{cycle.number}号"),
    )
    counts, gave_way = await cycle.claim(other, ours)
    await same(cycle, counts, counts)
    await same(cycle, gave_way, counts)
    scheme = deepcopy(document)
    for rule in scheme["adjustments"]["bonus"]["rules"]:
        rule["authorities"] = [each for each in rule["authorities"] if each != "省政府"]
        rule["authorities"] += ["省委省政府"] if rule["level"] == "provincial" else []
    others.schemes[cycle.cycle_id] = scheme
    told = await decided(cycle)
    assert told["B3"][0] == "rejected_authority"
    assert told["B4"] == ("unconfirmed", 0)
    await same(cycle, gave_way, gave_way)
    assert (await decided(cycle))["B4"] == ("accepted", 1)


async def test_what_counts_next_year_is_not_given_to_another_claim(two_years, award):
    """Planted bug: take what is carried over for lost, and let both arrive."""
    cycle, later = two_years
    late = {"document_date": "2026-01-15"}
    first, second = await cycle.claim(award("XQ01", **late), award("XQ02", **late))
    await same(cycle, second, first)
    assert (await cycle.confirm(first)).status_code == 200
    assert (await listed(cycle))["B2"]["state"] == "confirmed"
    await sealed(cycle)
    [came] = (await arrive(later)).json()["arrived"]
    assert came["from_claim_id"] == first


async def test_where_what_is_carried_over_falls_the_other_is_carried(two_years, award):
    """Planted bug: let the claim that gave way stay behind."""
    cycle, later = two_years
    late = {"document_date": "2026-01-15"}
    first, second = await cycle.claim(award("XQ01", **late), award("XQ02", **late))
    await same(cycle, second, first)
    assert (await cycle.confirm(first)).status_code == 200
    await withdraw(cycle, first)
    assert (await cycle.confirm(second)).status_code == 200
    await sealed(cycle)
    [came] = (await arrive(later)).json()["arrived"]
    assert came["from_claim_id"] == second


async def test_it_goes_over_years_and_leaves_a_sealed_one_as_it_is(
    two_years, award, others, document
):
    """Its own year's journal says so. Planted bugs: look in the year of the withdrawal alone; move
    what lies in a sealed ledger."""
    cycle, later = two_years
    scheme = deepcopy(next_year(document))
    scheme["adjustments"]["window"]["opens"] = "2025-01-01"
    others.schemes[later.cycle_id] = scheme
    [counts] = await cycle.claim(award("XQ01"))
    assert (await cycle.confirm(counts)).status_code == 200
    [gave_way] = await later.claim(award("XQ02", work_year=2025))
    await same(later, gave_way, counts)
    assert (await decided(later))["B2"] == ("rejected_counted_before", 0)
    before = await later.rows()
    await withdraw(cycle, counts)
    assert (await listed(later))["B2"]["state"] == "handed_in"
    after = await later.rows()
    assert after["journal"] == before["journal"] + 1

    [again] = await cycle.claim(award("XQ03"))
    award_of = {"kind": "same", "counts": gave_way}
    assert (await cycle.confirm(again, award=award_of, reason="x")).status_code == 200
    assert (await decided(cycle))["B3"] == ("unconfirmed", 0)
    accepted = {"unscored": {"unconfirmed": {"count": 1, "reason": "由下年度办理"}}}
    await sealed(cycle, accepted)
    answer = await later.confirm(gave_way, decision="rejected", reason="x")
    assert answer.status_code == 200, answer.text
    assert (await listed(cycle))["B3"]["state"] == "confirmed"


async def test_a_unit_that_takes_its_claim_back_hears_of_no_other(cycle, award):
    """Planted bugs: name the other claim in the answer, or the unit in the journal."""
    mine = own(cycle, subject="of-1")
    [counts] = await cycle.claim(award("XQ01"), by=mine)
    [gave_way] = await cycle.claim(award("XQ02"))
    await same(cycle, gave_way, counts)
    told = await withdraw(cycle, counts, by=mine)
    assert [each["claim_id"] for each in told["claims"]] == [counts]
    assert (await listed(cycle))["B2"]["state"] == "handed_in"
    rows = await cycle.service.sql(
        "SELECT subject, unit FROM journal_entry WHERE chain = $1"
        " AND event = 'scoring.claims-to-confirm-again'",
        str(cycle.cycle_id),
    )
    assert rows == [{"subject": "claims", "unit": ""}]
