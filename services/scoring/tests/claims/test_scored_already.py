"""A bonus for what an indicator scores already: told to who examines it, refused where ruled so."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.rules.claims.checks import ClaimContext, propose

from .test_claims import AWARD
from .test_confirming_claims import award, decided, own

__all__ = ["award"]

SCORED = "rejected_scored_already"
DEDUCTION = {"kind": "deduction", "rule": "DED01"}


@pytest.mark.parametrize(
    ("why", "claim", "requires", "decision", "against"),
    [
        ("no entry names it", {}, {"not_scored"}, "accepted", []),
        ("the scheme does not mind", {"scored_in": "C03"}, set(), "accepted", ["scored_already"]),
        ("it minds", {"scored_in": "C03"}, {"not_scored"}, SCORED, ["scored_already"]),
        ("the first of two reasons decides", {"scored_in": "C03", "linked_indicator": None},
         {"not_scored", "indicator_link"}, "rejected_not_linked_to_indicator",
         ["not_linked_to_indicator", "scored_already"]),
    ],
)  # fmt: skip
def test_what_an_indicator_scores_is_weighed_or_refused(
    scheme, names, why, claim, requires, decision, against
):
    """Planted bugs: refuse it whatever the scheme says; hide it where the scheme does not mind."""
    rules = scheme.adjustments
    bonus = replace(rules.bonus, requires=frozenset(requires))
    changed = replace(scheme, adjustments=replace(rules, bonus=bonus))
    found = propose(replace(AWARD, **claim), ClaimContext(changed, names))
    assert (found.decision, [each.code for each in found.against]) == (decision, against), why
    assert found.points == (Decimal(0) if "rejected" in decision else found.points)


@pytest.fixture
def minding(cycle, others, document):
    """The scheme refuses what an indicator scores already."""
    rules = document["adjustments"]
    bonus = rules["bonus"] | {"requires": ["not_scored"]}
    changed = document | {"adjustments": rules | {"bonus": bonus}}
    others.schemes[cycle.cycle_id] = changed


async def scored(cycle, text, unit="XQ01", **more):
    """An entry about a unit that names a document counts."""
    entry = {"unit": unit, "indicator": "C03", "kind": "event", "key": "overdue"}
    entry |= {"period": "2025-03", "value": "1", "note": f"依据{text}"} | more
    [entry_id] = await cycle.enter(entry, unit="ZH01")
    return entry_id


async def verified(cycle, entry_id):
    done = await cycle.post(cycle.office, "ledger-entries/verification", {"entry_ids": [entry_id]})
    assert done.status_code == 200, done.text


async def said(cycle, by=None):
    """What the rules propose of each claim, and hold against it."""
    items = (await (by or cycle.office).get(f"{cycle.path}/claims")).json()["items"]
    told = [(each["claim_no"], each["proposal"]) for each in items]
    return {
        number: (each["decision"], [why["params"].get("indicator") for why in each["against"]])
        for number, each in told
    }


async def test_an_entry_that_counts_and_names_the_document_is_shown_and_refuses_the_bonus(
    cycle, award, minding
):
    """Planted bugs: what only waits counts; an entry about another unit; the number as written."""
    claim = award()
    number = claim["document_no"].replace("〔", "[").replace("〕", "]")
    await cycle.claim(claim, by=own(cycle))
    entry = await scored(cycle, number)
    await verified(cycle, await scored(cycle, number, "XQ02"))
    assert await said(cycle) == {"B1": ("accepted", [])}
    await verified(cycle, entry)
    assert await said(cycle) == {"B1": (SCORED, ["C03"])}
    assert await said(cycle, own(cycle)) == {"B1": (SCORED, ["C03"])}


async def test_a_matter_is_known_by_the_number_of_the_event(cycle, award, minding):
    """Planted bug: compare documents alone."""
    named, other = f"DB-2025-{cycle.number:04}", f"DB-2024-{cycle.number:04}"
    await cycle.claim(award(event_key=named), award(event_key=other), by=own(cycle))
    await verified(cycle, await scored(cycle, f"督办件{named}"))
    assert {number: told[0] for number, told in (await said(cycle)).items()} == {
        "B1": SCORED,
        "B2": "accepted",
    }


async def test_an_entry_that_is_verified_after_the_confirmation_takes_the_bonus_back(
    cycle, award, minding
):
    """Planted bug: what stood when the claim was confirmed is all that is looked at."""
    claim = award()
    [claim_id] = await cycle.claim(claim, by=own(cycle))
    assert (await cycle.confirm(claim_id)).status_code == 200
    assert await decided(cycle) == {"B1": ("accepted", 1)}
    await verified(cycle, await scored(cycle, claim["document_no"]))
    assert await decided(cycle) == {"B1": (SCORED, 0)}


async def test_who_examines_it_may_let_it_count_all_the_same(cycle, award, minding):
    """Planted bug: refuse what is decided against the rules."""
    claim = award()
    [claim_id] = await cycle.claim(claim, by=own(cycle))
    await verified(cycle, await scored(cycle, claim["document_no"]))
    more = {"against": {"points": "0.5"}, "reason": "所计内容不同"}
    assert (await cycle.confirm(claim_id, **more)).status_code == 200
    assert await decided(cycle) == {"B1": ("accepted_against_proposal", Decimal("0.5"))}
