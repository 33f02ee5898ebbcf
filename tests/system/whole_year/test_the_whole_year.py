"""A city's full year, day by day, through the API: everything that it shows is computed otherwise.

In the long form (`PROVE=1`) all eight categories, 60,000 entries and 2,000 files.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import islice

import pytest
from tests.system.computed_otherwise import (
    CITY,
    Alike,
    Expected,
    Owed,
    alike,
    completeness,
    days_of,
    likely,
    so_far,
    so_far_of,
    uses_of,
)
from tests.system.recomputing import cells_of, different
from tests.system.whole_year.conftest import STAGES, assessed, china, read, sent, some

from kaoping.city.drawn_files import content_of, has_place
from kaoping.city.generated import NOT_APPLICABLE
from kaoping.plan import OFFICE, Does
from service_testing import trials

MOMENTS = [
    "2025-03-10T00:00:00", "2025-04-08T23:59:59", "2025-04-09T12:00:00", "2025-07-16T00:00:01",
    "2025-10-15T09:00:00", "2025-11-28T18:00:00", "2026-01-26T09:00:00", "2026-02-03T08:00:00",
    "2026-02-05T00:00:00", "2026-03-26T00:00:00",
]  # fmt: skip
"""When it is looked, in the city: on the days around which something is due, and between."""


def taken_out(plan, name):
    """Return the year without one of its files."""
    acts = [
        act._replace(
            entries=tuple(
                {k: v for k, v in e.items() if k != "evidence_ids" or v != [name]}
                for e in act.entries
            )
        )
        for act in plan.acts
    ]
    return replace(plan, acts=acts)


def duties(year, moment, **about):
    """Return how each duty stood at a moment, as the API tells it."""
    found = {}
    for each in read(year, "duties", at=sent(moment), **about):
        owed = Owed(each["unit"], each["indicator"], each["period"])
        assert (each["provisional"], each["unannounced"]) == (False, [])
        found[owed] = {
            name: each[name]
            for name in (
                "due", "warned_from", "red_after", "light", "expected", "missing", "handed_in_on",
                "late_by", "returned_on", "due_again",
            )
        } | {"missing_units": sorted(each["missing_units"])}  # fmt: skip
    return found


def without(rows, name):
    return {key: {n: v for n, v in row.items() if n != name} for key, row in rows.items()}


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_duty_stands_at_each_moment_as_computed(year, expected, moment):
    """Light, day and lateness of every unit, indicator and period, and each unit that is missing.
    Planted bugs: a restatement counts from its own day; the day in UTC; what was returned counts;
    a day later in one entry of the plan, across its deadline."""
    wrong = different(duties(year, moment), without(expected.duties(china(moment)), "on_time"))
    assert not wrong, some(wrong)


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS[3::4])
def test_every_light_of_every_unit_is_as_computed(year, plan, expected, moment):
    """Unit by unit what is owed about it alone: a light for each of its indicators and periods."""
    shown = 0
    for unit in assessed(plan):
        told = duties(year, moment, about=unit)
        wrong = different(told, without(expected.duties(china(moment), unit), "on_time"))
        assert not wrong, f"{unit} {some(wrong)}"
        shown += len(told)
    played = {*assessed(plan)}
    assert shown == sum(len(played & {*units}) for units in expected.owed.values())


@pytest.mark.prove
@pytest.mark.parametrize("by", ["unit", "indicator", "period", "day", "light"])
def test_what_is_in_is_counted_as_computed(year, expected, by):
    for moment in MOMENTS[1::4]:
        told = read(year, "duties/completeness", at=sent(moment), by=by)
        names = ("duties", "done", "lights", "expected", "handed_in", "on_time")
        found = {each["key"]: {name: each[name] for name in names} for each in told}
        wrong = different(found, completeness(expected.duties(china(moment)), by))
        assert not wrong, some(wrong)


@pytest.mark.prove
def test_every_card_is_written_once_with_its_first_day(year, expected):
    """Planted bugs: a card on the day that is due; one that was written is written again."""
    told = read(year, "duty-cards")
    names = ("unit", "indicator", "period", "light", "due", "shown_on")
    found = [tuple(each[name] for name in names) for each in told]
    assert len(found) == len(set(found)) == sum(year.record.cards.values())
    assert set(found) == expected.cards(china("2026-11-01T00:00:00"))
    again = year.people[OFFICE].post(f"{year.path}/duty-cards")
    assert set(again["written"].values()) == {0}


@pytest.mark.prove
def test_the_year_has_what_it_is_to_try(plan, expected):
    """Every light on some day, entries that come on the last day and on the one after, those that
    are sent back, restated, reversed and entered anew."""
    shown = {each["light"] for m in MOMENTS for each in expected.duties(china(m)).values()}
    assert shown == {"none", "warning", "yellow_card", "red_card"}
    assert {act.does for act in plan.acts} == {*Does}
    at = china(MOMENTS[-1])
    late = {
        each["late_by"] for unit in assessed(plan) for each in expected.duties(at, unit).values()
    }
    assert late >= trials({0, 4}, {0, 1, 2, 3, 4, 5})


@pytest.mark.prove
def test_a_day_across_the_deadline_is_seen(year, plan):
    """A test of the test: with what one unit has of a duty a day late, that duty alone differs."""
    moment, changed = china(MOMENTS[-1]), Expected(plan)
    stands = changed.duties(moment)
    in_time = [o for o in stands if (stands[o]["handed_in_on"] or "9") <= stands[o]["due"]]
    owed = max(in_time, key=lambda each: stands[each]["handed_in_on"])
    late = dt.datetime.combine(days_of(owed.period).due, dt.time(9), CITY) + dt.timedelta(days=1)
    for line in changed.lines_about(owed, changed.owed[owed][-1]):
        line.states = [(max(at, late), state) for at, state in line.states]
    wrong = different(duties(year, moment.isoformat()), without(changed.duties(moment), "on_time"))
    assert [*wrong] == [owed]


@pytest.mark.prove
def test_every_pair_of_files_that_are_alike_is_told_with_both_places(year, plan):
    """And no other. Planted bugs: pictures are compared by their bytes; the pair of one unit is
    left out; one duplicate is taken out of the plan."""
    told = year.people[OFFICE].get(f"{year.path}/evidence-duplicates")
    assert told["pairs_more"] == 0
    found = [
        Alike(p["likeness"], p["earlier"]["name"], p["later"]["name"], p["is_of_two_units"])
        for p in told["pairs"]
    ]
    expected = alike(plan)
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert set(found) - alike(taken_out(plan, found[0].later))
    assert {each.likeness for each in expected} == {"same_file", "same_picture"}
    assert {each.is_of_two_units for each in expected} == {True, False}
    uses, ids = uses_of(plan), year.record.entry_ids
    for pair in told["pairs"]:
        for place in (pair["earlier"], pair["later"]):
            _, numbers = uses[place["name"]]
            assert {use["entry_id"] for use in place["used_by"]} == {ids[n] for n in numbers}


@pytest.mark.prove
def test_what_looks_like_an_entry_before_is_listed_for_the_office(year, expected):
    """Planted bugs: one that was taken out is listed; the first instead of the latest; a node that
    is the third of two indicators names one document."""
    ids = {each: number for number, each in enumerate(year.record.entry_ids)}
    found = {
        (each["by"], each["document"] and each["like"]["note"], ids[each["entry"]["entry_id"]],
         ids[each["like"]["entry_id"]])
        for each in read(year, "ledger-entries/likely-duplicates")
    }  # fmt: skip
    wanted = likely(expected.lines)
    assert found == wanted, (len(found - wanted), len(wanted - found), *islice(found ^ wanted, 9))
    assert wanted


@pytest.mark.prove
def test_who_does_not_examine_is_given_pictures_that_say_no_place(year, plan):
    """Planted bug: the original is served to the unit that an entry is about."""
    uses, shown = uses_of(plan), 0
    numbered = [entry for act in plan.acts for entry in act.entries]
    for name, (poster, _) in uses.items():
        if not has_place(plan.evidence[name]) or shown == 5:
            continue
        about = next(e["unit"] for e in numbered if name in e.get("evidence_ids", ()))
        if about == poster or about not in year.people:
            continue
        original = content_of(plan.evidence[name])
        served = {who: content(year, who, name) for who in (OFFICE, poster, about)}
        assert served[OFFICE] == served[poster] == original
        assert PLACE in original
        assert PLACE not in served[about]
        shown += 1
    assert shown


PLACE = b"Fictional"
"""The maker of the device, beside which the place stands."""


def content(year, who, name):
    """Return the bytes of a file as somebody is given them."""
    path = f"{year.path}/evidence/{year.evidence.ids[name]}/content"
    return b"".join(year.people[who].stream(path))


@pytest.mark.prove
def test_sql_agrees_on_every_cell_of_the_sheet(recomputed, sheet):
    """Planted bug: the sum of shorter periods is their mean."""
    wrong = different(cells_of(sheet), recomputed[None])
    assert not wrong, some(wrong)
    assert all(unit["total"] is not None for unit in sheet["units"])
    totals = {Decimal(unit["total"]) for unit in sheet["units"]}
    assert len(totals) > len(sheet["units"]) // 2


@pytest.mark.prove
@pytest.mark.parametrize("at", STAGES)
def test_results_so_far_are_what_is_earned_open_and_lost(stages, recomputed, known, plan, at):
    """What is earned is what SQL makes of the record of the moment; what is open follows from the
    day, part by part. Planted bugs: an entry verified after the cut-off counts; nothing is earned
    by quarters while one lacks; an indicator that takes events
    of any period has a nineteenth of its points open; points that moved are left out."""
    units = {each["unit"]: each for each in stages[at]["units"]}
    expected = so_far(plan.scheme, recomputed[at], known[at], china(at).date())
    wrong = different(so_far_of(units[unit] for unit in assessed(plan)), expected)
    assert not wrong, some(wrong)
    by_category = [units[u] for u in assessed(plan)]
    for each in by_category:
        better = sum(
            Decimal(other["earned"]) > Decimal(each["earned"])
            for other in by_category
            if other["category"] == each["category"]
        )
        assert each["rank"] == better + 1


@pytest.mark.prove
def test_each_unit_reads_its_own_results_so_far_and_what_counts_nowhere(year, stages, plan):
    """As the office reads them, but for what others have a part in. Planted bug: the unit has to be
    let read what was said of all units."""
    at, seen = STAGES[1], 0
    units = {each["unit"]: each for each in stages[at]["units"]}
    for unit in sorted(
        {*assessed(plan)} & {c["unit"] for c in plan.claims if c["kind"] == "bonus"}
    ):
        own = year.people[unit].get(f"{year.path}/stage-results/current", at=sent(at))
        [told] = own["units"]
        assert (told["unit"], told["rank"]) == (unit, None)
        whole = {each["indicator"]: each for each in units[unit]["indicators"]}
        for each in told["indicators"]:
            if not each["withheld"] and unit not in MOVED:
                assert each == whole[each["indicator"]]
        year.people[unit].get(f"{year.path}/unscored")
        seen += 1
    assert seen


MOVED = {unit for units in NOT_APPLICABLE.values() for unit in units}


@pytest.mark.prove
def test_a_stage_is_what_was_read_at_its_cut_off(year, stages, sheet):
    """Frozen after the seal, as of a moment before it. Planted bug: the present record."""
    office, path, at = year.people[OFFICE], f"{year.path}/stage-results", STAGES[0]
    body = {"label": "上半年", "cut_off": sent(at)}
    one, again = office.post(path, body), office.post(path, body)
    assert one["digest"] == again["digest"]
    told = office.get(f"{path}/{one['stage_no']}")
    assert told["units"] == stages[at]["units"]
