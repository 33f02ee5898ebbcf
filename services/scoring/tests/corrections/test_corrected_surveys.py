"""What a survey found, and what a unit pledged, are corrected after the seal by the same door."""

from decimal import Decimal
from uuid import uuid4

import pytest
from services.scoring.tests.conftest import satisfied
from services.scoring.tests.corrections.working import (
    UNITS,
    approved,
    compared,
    decide,
    propose,
    proposed,
    sealed_year,
    sheet,
    told,
    value,
)

FOUND = {"XQ01": "80", "XQ02": "70", "XQ03": "60", "XQ04": "50"}
ASKED = {"kind": "satisfaction", "unit": "XQ01", "indicator": "ASKED", "key": "phone"}
PLEDGED = {"kind": "pledge", "unit": "XQ02", "indicator": "PLEDGED"}


def with_survey(document):
    """A scheme in which two indicators score by one survey, and one by what units pledged."""
    scheme = compared(document)
    [category] = scheme["categories"]
    [block] = category["blocks"]
    of = block["indicators"][0] | {"points": "20"}
    asked = of | {"code": "ASKED", "name": "评议", "method": "survey_score"}
    asked |= {"params": {"survey": "phone", "scale": "100"}}
    again = asked | {"code": "AGAIN", "name": "再评", "points": "10"}
    pledged = of | {"code": "PLEDGED", "name": "自报", "method": "pledge"}
    pledged |= {"params": {"bonus_coef": "0.01", "deduct_coef": "0.01"}}
    block = block | {"points": "110", "indicators": [*block["indicators"], asked, again, pledged]}
    surveys = [{"code": "phone", "collector": "ZH31"}]
    return scheme | {"categories": [category | {"blocks": [block]}], "surveys": surveys}


@pytest.fixture
async def surveyed(new_cycle, others, document):
    """A sealed year with a survey, targets and pledges of 100, and its first edition fed back."""
    cycle, targets, surveys = new_cycle(), others._targets, others.surveys
    others.schemes[cycle.cycle_id] = with_survey(document)
    aim = {"indicator": "PLEDGED", "item": None, "baseline": None}
    others._targets = [{"unit": u, "target": "100", "pledge": "100"} | aim for u in UNITS]
    found = [satisfied(unit, Decimal(number)) for unit, number in FOUND.items()]
    others.surveys = [{"code": "phone", "units": found}]
    await cycle.enter(*(value(u, "PLEDGED", 90, key="actual") for u in UNITS))
    yield await sealed_year(cycle)
    others._targets, others.surveys = targets, surveys


def codes(answer):
    assert (answer.status_code, answer.json()["type"]) == (422, "correction-refused"), answer.text
    return [each["code"] for each in answer.json()["errors"]]


async def test_a_corrected_result_counts_wherever_its_survey_is_scored_by_and_says_so(surveyed):
    """Planted bugs: laid over for one indicator alone, or for other units; a correction of it below
    the first; the digest of the surveys moves; old editions do."""
    old, was = (await sheet(surveyed, 1)).content, told(await sheet(surveyed, 1))
    first = await approved(surveyed, **ASKED, value="90", origin="court")
    assert await surveyed.score() == 2
    new = await sheet(surveyed, 2)
    # By hand: 20 and 10 points for 90 instead of 80 of 100.
    assert told(new) == was | {"XQ01": was["XQ01"] + 3}
    inputs = [(await sheet(surveyed, n)).json()["inputs"] for n in (1, 2)]
    assert inputs[0]["satisfaction_digest"] == inputs[1]["satisfaction_digest"]
    assert inputs[0].get("corrections_digest") != inputs[1]["corrections_digest"]
    tree = (await sheet(surveyed, 2, "/units/XQ01/explanation")).text
    assert f"Survey phone had found 80; corrected by {first}." in tree
    assert first not in (await sheet(surveyed, 2, "/units/XQ02/explanation")).text
    moved = (await sheet(surveyed, 2, "/differences?against=1")).json()
    assert [each["unit"] for each in moved["units"]] == ["XQ01"]
    second = await approved(surveyed, "another", **ASKED, value="60")
    assert await surveyed.score() == 3
    assert told(await sheet(surveyed, 3))["XQ01"] == was["XQ01"] - 6
    listed = (await surveyed.office.get(f"{surveyed.path}/corrections")).json()["items"]
    [last] = [each for each in listed if each["correction_id"] == second]
    assert (last["corrects"], last["kind"], last["key"]) == (first, "satisfaction", "phone")
    assert (await sheet(surveyed, 1)).content == old
    before = (await sheet(surveyed, 1, "/units/XQ01/explanation")).text
    assert "corrected by" not in before
    own = surveyed.caller("assessed_unit", unit="XQ01", subject="own")
    assert (await own.get(f"{surveyed.path}/corrections")).json()["items"] == []
    chain = await surveyed.service.verification(str(surveyed.cycle_id))
    assert chain["holds"]


async def test_a_corrected_pledge_counts_from_the_next_edition_on(surveyed):
    """By hand: 90 of a pledge of 80 is 12.5 percent more than was pledged, each a hundredth of 20.
    Planted bug: the pledge in force is read."""
    was = told(await sheet(surveyed, 1))
    await approved(surveyed, **PLEDGED, value="80")
    assert await surveyed.score() == 2
    assert told(await sheet(surveyed, 2)) == was | {"XQ02": was["XQ02"] - Decimal("2.5")}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (ASKED | {"value": "80"}, ["nothing-changes"]),
        (ASKED | {"value": "-1"}, ["out-of-range"]),
        (ASKED | {"value": "100.5"}, ["out-of-range"]),
        (ASKED, ["missing"]),
        (ASKED | {"value": "90", "key": "post"}, ["not-counted"]),
        (ASKED | {"value": "90", "indicator": "BEST"}, ["not-counted"]),
        (ASKED | {"value": "90", "indicator": "NONE"}, ["unknown-indicator"]),
        (ASKED | {"value": "90", "unit": "XQ99"}, ["unknown-unit"]),
        (ASKED | {"value": "90", "what": "removes"}, ["not-correctable"]),
        (ASKED | {"value": "90", "what": "adds"}, ["not-correctable"]),
        (ASKED | {"value": "90", "corrects": str(uuid4())}, ["not-wanted"]),
        (ASKED | {"value": "90", "item": "1"}, ["not-wanted"]),
        ({"kind": "satisfaction", "value": "90", "unit": "XQ01"}, ["missing", "missing"]),
        (PLEDGED | {"value": "100"}, ["nothing-changes"]),
        (PLEDGED | {"value": "0"}, ["too-small"]),
    ],
)
async def test_what_is_no_result_is_refused_by_name(surveyed, more, expected):
    """Planted bug: any survey is taken for any indicator, which then counts nowhere."""
    before = await surveyed.rows()
    assert codes(await propose(surveyed, **more)) == expected
    assert await surveyed.rows() == before


async def test_what_no_survey_has_found_yet_is_mended_there(surveyed, others):
    """Planted bug: it is laid over what is not finished."""
    others.surveys = []
    assert codes(await propose(surveyed, **ASKED, value="90")) == ["not-counted"]


async def test_who_collects_or_competes_does_not_decide_and_one_proposal_waits(surveyed):
    """Planted bugs: the collector is not asked about; a second proposal for one result."""
    correction = await proposed(surveyed, **ASKED, value="90")
    again = ASKED | {"indicator": "AGAIN"}
    assert codes(await propose(surveyed, **again, value="85")) == ["being-corrected"]
    collector = surveyed.caller("committee", subject="collects", unit="ZH31")
    himself = surveyed.caller("committee", subject="x", person="colleague")
    for who, cause in ((collector, "scorers-unit"), (himself, "own-proposal")):
        answer = await decide(surveyed, correction, who)
        assert (answer.status_code, answer.json()["cause"]) == (403, cause), answer.text
    rival = surveyed.caller("performance_office", unit="XQ04", subject="of-XQ04")
    answer = await propose(surveyed, rival, **ASKED | {"unit": "XQ02"}, value="90")
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    assert (await decide(surveyed, correction)).status_code == 201


async def test_a_unit_reads_of_it_once_a_sheet_was_fed_back(surveyed):
    """By its list and by its results so far. Planted bug: what is approved is told at once."""
    own = surveyed.caller("assessed_unit", unit="XQ01", subject="own")
    path = f"{surveyed.path}/stage-results/current"
    before = (await own.get(path)).json()["units"]
    correction = await approved(surveyed, **ASKED, value="90")
    assert (await own.get(path)).json()["units"] == before
    assert (await own.get(f"{surveyed.path}/corrections")).json()["items"] == []
    assert await surveyed.score() == 2
    fed_back = await surveyed.post(surveyed.office, "score-sheets/2/feedback")
    assert fed_back.status_code == 201, fed_back.text
    listed = (await own.get(f"{surveyed.path}/corrections")).json()["items"]
    assert [each["correction_id"] for each in listed] == [correction]
