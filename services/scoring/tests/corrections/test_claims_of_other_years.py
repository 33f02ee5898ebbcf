"""Corrections of claims beside objections, and beside what later years made of these claims."""

from decimal import Decimal

from services.scoring.tests.claims.test_carried_claims import sealed, two_years
from services.scoring.tests.claims.test_confirming_claims import award, decided
from services.scoring.tests.claims.test_earlier_years import (
    HERE,
    counted_year,
    fed_back,
    looking_back,
    revoking,
)
from services.scoring.tests.corrections.test_corrected_claims import approved, codes
from services.scoring.tests.corrections.working import decide, propose

__all__ = ["award", "two_years"]


async def test_what_a_later_year_revoked_or_rests_on_is_mended_there_first(
    two_years, award, others
):
    """Planted bugs: later years are not asked; one that was taken back bars for ever."""
    cycle, later = two_years
    [prize], _ = await counted_year(cycle, award(event_key="创建", claim_no="P"))
    wanted = {"what": "removes", "claim_id": prize}
    [gone] = await later.claim(revoking(later, prize, claim_no="X", event_key="撤销"))
    assert (await later.confirm(gone)).status_code == 200
    assert codes(await propose(cycle, **wanted)) == ["counts-in-a-later-year"]
    body = {"claim_ids": [gone], "reason": "误报", "document_no": "省办〔2026〕9号"}
    assert (await later.post(later.office, "claims/withdrawal", body)).status_code == 200

    looking_back(others, later, others.schemes[later.cycle_id], "once")
    number = {"document_no": f"癸〔2026〕{later.number}号", "claim_no": "N", "event_key": "创建"}
    [claim] = await later.claim(award(**HERE | number))
    kept = await later.confirm(claim, against={"points": "0.5"}, reason="确属实绩")
    assert kept.status_code == 200, kept.text
    assert codes(await propose(cycle, **wanted)) == ["counts-in-a-later-year"]
    rejected = await later.confirm(claim, decision="rejected", reason="待上年度更正")
    assert rejected.status_code == 200, rejected.text
    await approved(cycle, **wanted)
    await fed_back(cycle)
    assert (await later.confirm(claim, reason="重新认定")).status_code == 200
    assert (await decided(later))["N"] == ("accepted", 1)


async def test_what_a_revocation_takes_back_is_what_its_correction_says(two_years, award, others):
    """Planted bug: an award stays revoked although the claim that revokes it was taken out."""
    cycle, later = two_years
    [prize], _ = await counted_year(cycle, award(event_key="创建", claim_no="P"))
    [gone] = await later.claim(revoking(later, prize, claim_no="X", event_key="撤销"))
    assert (await later.confirm(gone)).status_code == 200
    await sealed(later)
    assert (await fed_back(later))["X"] == ("accepted", -1)
    await approved(later, claim_id=gone, value="0.4")
    assert (await decided(later))["X"] == ("accepted_by_correction", Decimal("-0.4"))
    await approved(later, "another", what="removes", claim_id=gone)
    assert (await decided(later))["X"] == ("rejected_by_correction", 0)
    barred = await propose(cycle, what="removes", claim_id=prize)
    assert codes(barred) == ["counts-in-a-later-year"]


async def test_an_upheld_objection_carries_its_claim_and_does_not_lower_the_total(
    new_cycle, award, others, document
):
    """Planted bugs: any claim of the unit; a deduction that grows is no fall."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"objections": {}}
    number = {"document_no": f"戊〔2025〕{cycle.number}号"}
    one, other = await cycle.claim(award(), award(**number, claim_no="B9"))
    for claim in (one, other):
        assert (await cycle.confirm(claim)).status_code == 200
    await sealed(cycle)
    await fed_back(cycle)
    own = cycle.caller("assessed_unit", unit="XQ01", subject="own", person="own")
    said = {"about": "claim", "claim_id": one, "asks": "1.5", "text": "级别有误。"}
    filed = await cycle.post(own, "objections", said)
    assert filed.status_code == 201, filed.text
    objection = filed.json()["objection_id"]
    upheld = {"step": 1, "move": "uphold", "text": "属实。", "stands": "1.5"}
    decider = cycle.caller("performance_office", subject="decider")
    answer = await cycle.post(decider, f"objections/{objection}/decisions", upheld)
    assert answer.status_code == 201, answer.text
    rests = {"origin": "objection", "objection_id": objection}
    assert codes(await propose(cycle, **rests, claim_id=other, value="1.5")) == ["not-about-it"]
    lower = await propose(cycle, **rests, claim_id=one, value="0.5")
    assert lower.status_code == 201, lower.text
    waiting = lower.json()["correction"]["correction_id"]
    assert codes(await decide(cycle, waiting)) == ["would-fall"]
    assert (await decide(cycle, waiting, decision="refused", text="得分将降低")).status_code == 201
    correction = await approved(cycle, **rests, claim_id=one, value="1.5")
    carried = {"step": 2, "move": "carry_out", "text": "已更正。", "carried_out_by": correction}
    done = await cycle.post(cycle.office, f"objections/{objection}/decisions", carried)
    assert done.status_code == 201, done.text
    points = await decided(cycle)
    assert sorted(points.values())[-1] == ("accepted_by_correction", Decimal("1.5"))
