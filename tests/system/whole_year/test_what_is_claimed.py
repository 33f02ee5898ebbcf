"""What the units of a city's year claim, and what becomes of it, computed otherwise.

In the long form (`PROVE=1`) of all eight categories.
"""

import json
import re
from decimal import Decimal

import pytest
from tests.system.claims_otherwise import Awarded
from tests.system.recomputing import different
from tests.system.whole_year.conftest import some

from kaoping.plan import COLLEAGUE, OFFICE


@pytest.fixture(scope="module")
def awarded(plan):
    return Awarded(plan)


@pytest.mark.prove
def test_every_claim_is_held_beside_those_on_its_document_and_proposed_as_computed(year, awarded):
    """Before anybody examines them. Planted bugs: documents are compared as they are written; a
    holder against the name of today; the window on the year of the work."""
    beside, proposed = awarded.on_one_document(), {}
    for claim in awarded.claims:
        number = claim["claim_no"]
        proposed[number] = (number in awarded.held(), beside[number], *awarded.proposal(claim))
    told = {
        claim["claim_no"]: (
            any(one["cycle_id"] == year.cycle_id for one in claim["same_document"])
            and claim["held"],
            {
                one["claim_no"]
                for one in claim["same_document"]
                if one["cycle_id"] == year.cycle_id and one["likeness"] == "same_document"
            },
            claim["proposal"]["decision"],
            Decimal(claim["proposal"]["points"]),
        )
        for claim in year.as_claimed
    }
    wrong = different(told, proposed)
    assert not wrong, some(wrong)


@pytest.mark.prove
def test_every_claim_counts_as_computed(sheet, awarded):
    """What each is worth in the sheet, and in which words. Planted bugs: a share of a joint award
    in full; caps cut the weightiest first; an event's key as it is written; of equal units as many
    gain by a special target as may; one claim above a limit; an event of an earlier year again."""
    told = {
        each["claim_no"]: (each["decision"], Decimal(each["points"])) for each in sheet["claims"]
    }
    expected = awarded.decisions()
    wrong = different(told, expected)
    assert not wrong, some(wrong)
    assert {word for word, _ in expected.values()} >= {
        "accepted", "accepted_carried_over", "accepted_capped", "accepted_against_proposal",
        "carried_to_next_year", "superseded_same_event", "withdrawn", "rejected_by_confirmer",
        "rejected_no_document", "rejected_holder_mismatch", "rejected_authority",
        "rejected_not_linked_to_indicator", "rejected_out_of_window", "rejected_counted_before",
        "rejected_same_award", "rejected_over_limit", "rejected_conditions_not_met",
        "accepted_in_part",
    }  # fmt: skip


@pytest.mark.prove
def test_nobody_examines_what_they_handed_in(year, plan):
    """A second person decides: what the office reports itself it does not confirm."""
    decided = {each["claim_no"]: each for each in read_claims(year)}
    names = year.people.subjects
    for claim in plan.claims:
        told = decided[claim["claim_no"]]
        by = told["confirmation"]["decided_by"]
        assert by == (told["author"] if told["state"] == "withdrawn" else names[COLLEAGUE])
        assert (told["author"] == names[OFFICE]) == (claim["kind"] == "deduction")


@pytest.mark.prove
def test_what_came_late_arrives_in_the_next_year_and_once(year, sheet, plan, awarded):
    """Planted bugs: what was rejected arrives too; what arrived arrives again."""
    office = year.people[OFFICE]
    cycle_id = office.post("/cycles", a_year_on(plan.cycle))["cycle_id"]
    path = f"/cycles/{cycle_id}"
    body = {"scheme": a_year_on(plan.scheme)}
    version = office.post(f"{path}/scheme-versions", body)["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    told = office.post(f"{path}/claims/arrivals")
    carried = {n for n, (word, _) in awarded.decisions().items() if word == "carried_to_next_year"}
    ids = {number: year.claiming.ids[number] for number in carried}
    assert {each["from_claim_id"] for each in told["arrived"]} == {*ids.values()}
    assert told["waiting"] == []
    assert office.post(f"{path}/claims/arrivals")["arrived"] == []
    there = {each["carried_from"]["claim_id"]: each for each in office.pages(f"{path}/claims")}
    assert len(there) == len(carried)
    for claim in plan.claims:
        if claim["claim_no"] in carried:
            arrived = there[ids[claim["claim_no"]]]
            assert {name: arrived[name] for name in ("unit", "document_no", "work_year")} == {
                name: claim[name] for name in ("unit", "document_no", "work_year")
            }
            assert arrived["state"] == "handed_in"


def a_year_on(document):
    """Return a scheme or cycle with everything in it a year later."""
    later = {str(year): str(year + 1) for year in (2024, 2025, 2026)}
    text = json.dumps(document, default=str, ensure_ascii=False)
    return json.loads(re.sub("|".join(later), lambda found: later[found[0]], text))


def read_claims(year):
    return year.people[OFFICE].pages(f"{year.path}/claims")
