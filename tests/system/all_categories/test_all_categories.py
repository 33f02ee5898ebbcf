"""Eight categories, 126 units, a generated year: SQL over what is stored agrees on every cell."""

import asyncio
import datetime as dt
from collections import Counter
from itertools import islice

import pytest
from tests.system.computed_otherwise import CITY, so_far, so_far_of
from tests.system.generated_year import GAPS, SILENT
from tests.system.recomputing import copied, different, recompute, recompute_parts

from kaoping.city.generated import MAKERS, NOT_APPLICABLE, leaves
from service_testing import trials

pytestmark = pytest.mark.prove

PLANTED = {
    "a measured value": (
        """UPDATE stored.ledger_entry SET value = value * 0.9 WHERE entry_id = (
            SELECT entry_id FROM stored.ledger_entry
            JOIN stored.target USING (unit, indicator)
            WHERE indicator = 'D08A' AND value BETWEEN target * 0.9 AND target
            ORDER BY unit LIMIT 1
        )""",
        1,
    ),
    "the best value of a group": (
        """UPDATE stored.ledger_entry SET value = value + 7 WHERE entry_id = (
            SELECT entry_id FROM stored.ledger_entry
            WHERE indicator = 'P01' AND value < 9000 ORDER BY value DESC LIMIT 1
        )""",
        "YQ",
    ),
    "a target": (
        """UPDATE stored.target SET target = target * 1.1
        WHERE state = 'issued' AND (unit, indicator) = (
            SELECT unit, indicator FROM stored.target
            JOIN stored.ledger_entry USING (unit, indicator)
            WHERE indicator = 'D08A' AND value BETWEEN target * 0.9 AND target
            ORDER BY unit LIMIT 1
        )""",
        1,
    ),
    "the state of a target": (
        """UPDATE stored.target SET state = 'withdrawn'
        WHERE unit = 'ZS09' AND indicator = 'V06' AND state = 'issued'""",
        {"ZS09"},
    ),
    "an answer": (
        """UPDATE stored.response SET answer = 'very_dissatisfied' WHERE respondent_token = (
            SELECT respondent_token FROM stored.response
            WHERE unit = 'QS03' AND answer = 'very_satisfied' ORDER BY 1 LIMIT 1
        )""",
        {"QS03"},
    ),
    "the state of an entry": (
        """UPDATE stored.ledger_entry_state SET state = 'voided'
        WHERE state = 'locked' AND entry_id = (
            SELECT entry_id FROM stored.ledger_entry
            WHERE unit = 'XQ06' AND indicator = 'C14' AND kind = 'grade'
        )""",
        {"XQ06"},
    ),
    "a claim": (
        """UPDATE stored.claim_state SET counted_earlier = true
        WHERE state = 'confirmed' AND claim_id = (
            SELECT claim_id FROM stored.claim JOIN stored.claim_state USING (cycle_id, claim_id)
            WHERE kind = 'deduction' AND state = 'confirmed' AND NOT counted_earlier
              AND work_year = 2025
              AND document_date BETWEEN '2025-01-01' AND '2025-12-31'
              AND unit NOT IN (
                SELECT unit FROM stored.claim WHERE kind = 'deduction'
                GROUP BY unit HAVING count(*) > 1
              )
            ORDER BY unit LIMIT 1
        )""",
        1,
    ),
}
"""One stored input changed, and the units whose cells move: these, of that prefix, so many."""


TRIED = list(PLANTED)[: trials(3, len(PLANTED))]


@pytest.fixture(scope="module")
def recomputed(installation, databases, path, sheet):
    """What SQL says of the inputs as they are stored, and with one of them changed."""

    async def all_of_them():
        async with copied(installation, databases, path.rsplit("/", 1)[1]) as copy:
            unchanged, parts = await recompute(copy), await recompute_parts(copy)
            changed = {name: await recompute(copy, PLANTED[name][:1]) for name in TRIED}
            return unchanged, changed, parts

    return asyncio.run(all_of_them())


def test_sql_agrees_on_every_cell(published, recomputed):
    found = different(published, recomputed[0])
    assert not found, f"{len(found)}: {dict(islice(sorted(found.items()), 40))}"


def test_results_so_far_of_all_categories_are_what_is_earned_open_and_lost(told, stage, recomputed):
    """Once the year is over, part by part. Planted bugs: a quarter of which nothing came is closed;
    what inspections found costs nothing."""
    today = dt.datetime.now(CITY).date()
    expected = so_far(told.scheme, recomputed[0], recomputed[2], today)
    found = different(so_far_of(stage["units"]), expected)
    assert not found, f"{len(found)}: {dict(islice(sorted(found.items()), 40))}"
    assert {unit for unit, _ in expected} == {u["unit"] for u in stage["units"]}


def test_as_many_cells_are_compared_as_there_are(published):
    """Score, points and excess of every indicator of every unit, blocks, totals: counted by hand.

    11 × 25 + 10 × 11 + 15 × 16 + 30 × 18 + 10 × 12 + 18 × 13 + 22 × 13 + 10 × 17 indicators.
    """
    counts = Counter(what for _, what, _ in published)
    totals = dict.fromkeys(("base_total", "adjustment", "total"), 126)
    indicators = dict.fromkeys(("indicator", "points", "excess"), 1975)
    assert counts == {**indicators, "block": 3 * 126 - 10, **totals}
    assert len(published) == 6671


def test_no_score_is_missing_but_for_the_gaps(sheet):
    """Nothing is silently without a score, and nothing with a gap has a total."""
    missing = {(u["unit"], gap["indicator"]) for u in sheet["units"] for gap in u["missing"]}
    silent, indicator, _ = SILENT
    assert missing == {*GAPS, (silent, indicator)}
    assert {u["unit"] for u in sheet["units"] if u["total"] is None} == {u for u, _ in missing}


def test_the_year_has_what_it_is_to_try(told, sheet, published):
    """Every method, every kind of decision, losses beyond the points, points that moved."""
    methods = {leaf["method"] for c in told.scheme["categories"] for leaf in leaves(c)}
    assert methods == set(MAKERS)
    assert all([told.drafts, told.returned, told.mistakes, told.proposals])
    assert {claim["decision"] for claim in sheet["claims"]} >= {
        "accepted", "accepted_capped", "accepted_carried_over", "carried_to_next_year",
        "rejected_authority", "rejected_counted_before", "rejected_holder_mismatch",
        "rejected_not_linked_to_indicator", "rejected_out_of_window", "superseded_same_event",
    }  # fmt: skip
    assert sum(what == "excess" and value > 0 for (_, what, _), value in published.items()) > 5
    assert published["BM19", "points", "D03"] == 33
    moved = {(unit, code) for code, units in NOT_APPLICABLE.items() for unit in units}
    assert {
        (unit, code)
        for (unit, what, code), value in published.items()
        if what == "points" and not value
    } == moved


@pytest.mark.parametrize("name", TRIED)
def test_a_change_of_one_input_is_seen(name, published, recomputed):
    """A test of the test: with other inputs SQL disagrees, and only where they matter."""
    units = {unit for unit, _, _ in different(published, recomputed[1][name])}
    match PLANTED[name][1]:
        case str(prefix):
            assert len(units) > 1
            assert all(unit.startswith(prefix) for unit in units)
        case int(number):
            assert len(units) == number
        case expected:
            assert units == expected


def test_organisers_see_what_their_categories_lack_and_nothing_of_others(path, people, told, sheet):
    """By the organiser's own token, of all services. Planted bug: targets of other units."""
    led = {each["code"]: each for each in told.scheme["categories"]}
    lacking = {
        unit["unit"]: [each["indicator"] for each in unit["missing"]] for unit in sheet["units"]
    }
    seen = 0
    for organiser in sorted({each["organiser"] for each in led.values()}):
        own = [
            code
            for code, each in led.items()
            if each["organiser"] == organiser and organiser not in each["units"]
        ]
        if not own:
            continue
        told_units = people[organiser].get(f"{path}/score-sheets/latest")["units"]
        assert {each["category"] for each in told_units} == {*own}
        for code in own:
            found = people[organiser].get(f"{path}/categories/{code}/completeness")
            # Besides, what counts without periods that nobody entered; no score lacks that.
            lacks = [e for e in found["missing"] if not e["reason"].startswith("Nobody entered")]
            missing = [(each["unit"], each["indicator"]) for each in lacks]
            wanted = [(unit, one) for unit in led[code]["units"] for one in lacking[unit]]
            assert found["missing_more"] == 0
            assert sorted(missing) == sorted(wanted)
            seen += 1
    assert seen
