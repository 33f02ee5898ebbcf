"""Targets and baselines that were found wrong after the seal are corrected by the same door."""

from decimal import Decimal
from uuid import uuid4

import pytest
from services.scoring.tests.corrections.working import (
    UNITS,
    compared,
    decide,
    propose,
    proposed,
    sealed_year,
    sheet,
    told,
    value,
)

ACTUAL = {"XQ01": 90, "XQ02": 80, "XQ03": 70, "XQ04": 60}


def with_targets(document):
    """A scheme that holds values against targets and baselines too."""
    scheme = compared(document)
    [category] = scheme["categories"]
    [block] = category["blocks"]
    of = block["indicators"][0] | {"points": "20"}
    aimed = of | {"code": "AIMED", "name": "目标", "method": "ratio_to_target"}
    grown = of | {"code": "GROWN", "name": "基数", "method": "baseline_growth"}
    aimed |= {"params": {"direction": "higher"}}
    grown |= {"params": {"base_ratio": "0.8", "step_pct": "5", "points_per_step": "1"}}
    block = block | {"points": "100", "indicators": [*block["indicators"], aimed, grown]}
    return scheme | {"categories": [category | {"blocks": [block]}]}


@pytest.fixture
async def aimed(new_cycle, others, document):
    """A sealed year with targets of 100 and baselines of 50, its first edition fed back."""
    cycle, kept = new_cycle(), others._targets
    others.schemes[cycle.cycle_id] = with_targets(document)
    none = {"item": None, "target": None, "baseline": None}
    others._targets = [
        *({"unit": u, "indicator": "AIMED"} | none | {"target": "100"} for u in UNITS),
        *({"unit": u, "indicator": "GROWN"} | none | {"baseline": "50"} for u in UNITS),
    ]
    actual = {"key": "actual"}
    await cycle.enter(*(value(u, "AIMED", n, **actual) for u, n in ACTUAL.items()))
    await cycle.enter(*(value(u, "GROWN", 50, **actual) for u in UNITS))
    yield await sealed_year(cycle)
    others._targets = kept


def codes(answer):
    assert (answer.status_code, answer.json()["type"]) == (422, "correction-refused"), answer.text
    return [each["code"] for each in answer.json()["errors"]]


AIMED = {"kind": "target", "unit": "XQ01", "indicator": "AIMED"}
GROWN = {"kind": "baseline", "unit": "XQ02", "indicator": "GROWN"}


async def approved(cycle, who="member", **more):
    correction = await proposed(cycle, **more)
    answer = await decide(cycle, correction, cycle.caller("committee", subject=who))
    assert answer.status_code == 201, answer.text
    return correction


async def test_a_corrected_target_counts_from_the_next_edition_on_and_says_so(aimed):
    """Planted bugs: the target in force is read; it is corrected for others; a correction of it is
    laid below the first; the digest of the targets moves; old editions do."""
    old, was = (await sheet(aimed, 1)).content, told(await sheet(aimed, 1))
    first = await approved(aimed, **AIMED, value="90")
    start = await approved(aimed, **GROWN, value="40")
    assert await aimed.score() == 2
    new = await sheet(aimed, 2)
    # By hand: 20 for 90 of 90 instead of 18; 16 and five steps of 5 percent, at most 20.
    assert told(new) == was | {"XQ01": was["XQ01"] + 2, "XQ02": was["XQ02"] + 4}
    assert (
        new.json()["inputs"]["targets_digest"]
        == (await sheet(aimed, 1)).json()["inputs"]["targets_digest"]
    )
    tree = (await sheet(aimed, 2, "/units/XQ01/explanation")).text
    assert first in tree
    assert "corrected" in tree
    assert start in (await sheet(aimed, 2, "/units/XQ02/explanation")).text
    moved = (await sheet(aimed, 2, "/differences?against=1")).json()
    assert {each["unit"] for each in moved["units"]} == {"XQ01", "XQ02"}
    second = await approved(aimed, "another", **AIMED, value="120")
    assert await aimed.score() == 3
    assert told(await sheet(aimed, 3))["XQ01"] == was["XQ01"] - 3
    listed = (await aimed.office.get(f"{aimed.path}/corrections")).json()["items"]
    [last] = [each for each in listed if each["correction_id"] == second]
    assert (last["corrects"], last["kind"], last["value"]) == (first, "target", "120")
    assert (await sheet(aimed, 1)).content == old
    own = aimed.caller("assessed_unit", unit="XQ01", subject="own")
    assert (await own.get(f"{aimed.path}/corrections")).json()["items"] == []
    chain = await aimed.service.verification(str(aimed.cycle_id))
    assert chain["holds"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (AIMED | {"value": "100"}, ["nothing-changes"]),
        (AIMED | {"value": "0"}, ["too-small"]),
        (AIMED, ["missing"]),
        (AIMED | {"value": "90", "item": "1"}, ["not-counted"]),
        (AIMED | {"kind": "baseline", "value": "90"}, ["not-counted"]),
        (AIMED | {"value": "90", "what": "removes"}, ["not-correctable"]),
        (AIMED | {"value": "90", "what": "adds"}, ["not-correctable"]),
        (AIMED | {"value": "90", "indicator": "NONE"}, ["unknown-indicator"]),
        (AIMED | {"value": "90", "unit": "XQ99"}, ["unknown-unit"]),
        (AIMED | {"value": "90", "period": "2025"}, ["not-wanted"]),
        (AIMED | {"value": "90", "corrects": str(uuid4())}, ["not-wanted"]),
        ({"kind": "target", "value": "90", "unit": "XQ01"}, ["missing"]),
    ],
)
async def test_what_is_no_target_in_force_is_refused_by_name(aimed, more, expected):
    """Planted bugs: any target is taken; it may be taken out, and then there is no score."""
    before = await aimed.rows()
    assert codes(await propose(aimed, **more)) == expected
    assert await aimed.rows() == before


async def test_another_without_interest_decides_and_one_proposal_waits(aimed):
    """Planted bugs: a second proposal for the target; a rival, or the unit that enters it."""
    correction = await proposed(aimed, **AIMED, value="90")
    assert codes(await propose(aimed, **AIMED, value="80")) == ["being-corrected"]
    assert (await propose(aimed, **AIMED | {"unit": "XQ02"}, value="80")).status_code == 201
    himself = aimed.caller("committee", subject="x", person="colleague")
    scorer = aimed.caller("committee", subject="scorer", unit="ZH02")
    for who, cause in ((himself, "own-proposal"), (scorer, "scorers-unit")):
        answer = await decide(aimed, correction, who)
        assert (answer.status_code, answer.json()["cause"]) == (403, cause), answer.text
    competing = aimed.caller("performance_office", unit="XQ04", subject="of-XQ04")
    answer = await propose(aimed, competing, **GROWN, value="40")
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    assert (await decide(aimed, correction)).status_code == 201
    results = await aimed.office.get(f"{aimed.path}/stage-results/current")
    assert results.status_code == 200, results.text
    so_far = {each["unit"]: Decimal(each["earned"]) for each in results.json()["units"]}
    assert (so_far["XQ01"], so_far["XQ02"]) == (Decimal(96), Decimal("87.5"))
