"""A city's full year, day by day, through the API: everything that it shows is computed otherwise.

The year's own days are drawn, and the recorded moments have to be theirs. A recorded moment is the
database's, so the superuser lets the ledger's clock stand where the plan has it: nothing else of
the year is touched, and what vouches for rows holds.

In the long form (`PROVE=1`) all eight categories, 60,000 entries and 2,000 files.
"""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import islice

import asyncpg
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
    moments_of,
    open_points,
    tops_of,
    uses_of,
)
from tests.system.conftest import EXAMPLE
from tests.system.harness import Installation, in_one_process
from tests.system.recomputing import cells_of, copied, different, recompute

from kaoping.city import daily_plan, read_city
from kaoping.city.drawn_files import content_of, has_place
from kaoping.city.generated import NOT_APPLICABLE
from kaoping.people import OFFICE, People
from kaoping.plan import Does
from kaoping.steps import Steps
from kaoping.year import Year
from service_testing import trials

CATEGORIES = trials(["PARK"], [])
PER_FILE = trials(18, 31)

MOMENTS = [
    "2025-03-10T00:00:00", "2025-04-08T23:59:59", "2025-04-09T12:00:00", "2025-07-16T00:00:01",
    "2025-10-15T09:00:00", "2025-11-28T18:00:00", "2026-01-26T09:00:00", "2026-02-03T08:00:00",
    "2026-02-05T00:00:00", "2026-03-26T00:00:00",
]  # fmt: skip
"""When it is looked, in the city: on the days around which something is due, and between."""

CLOCK = """
    CREATE TABLE played (moment timestamptz);
    INSERT INTO played VALUES (now());
    CREATE FUNCTION played_moment() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
        AS 'SELECT moment FROM public.played';
    ALTER TABLE ledger_entry_state ALTER entered_at SET DEFAULT played_moment();
    ALTER TABLE ledger_entry ALTER entered_at SET DEFAULT played_moment();
"""
CLOCK_OF_LIFE = """
    ALTER TABLE ledger_entry_state ALTER entered_at SET DEFAULT clock_timestamp();
    ALTER TABLE ledger_entry ALTER entered_at SET DEFAULT clock_timestamp();
"""


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def plan():
    return daily_plan(read_city(EXAMPLE), CATEGORIES, PER_FILE)


@pytest.fixture(scope="module")
def expected(plan):
    return Expected(plan)


@contextmanager
def clock_of(installation, acts):
    """Give what lets the ledger's clock go on to the moment of the next act."""
    moments, loop = iter(moments_of(acts)), asyncio.new_event_loop()
    url = installation.databases["scoring"]
    connection = loop.run_until_complete(asyncpg.connect(url, ssl=False))

    def run(sql, *values):
        loop.run_until_complete(connection.execute(sql, *values))

    run(CLOCK)
    try:
        yield lambda _act: run("UPDATE played SET moment = $1", next(moments))
        run(CLOCK_OF_LIFE)
    finally:
        loop.run_until_complete(connection.close())
        loop.close()


@pytest.fixture(scope="module")
def year(installation, plan):
    """The year, kept to its end, with cards written; its ledger is open."""
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
    ):
        year = Year(plan, people, Steps())
        for step in (year.invite, year.register_units, year.publish_scheme, year.agree_targets):
            step(_nobody_looks)
        record = year.record
        record.add_evidence(_nobody_looks)
        with clock_of(installation, plan.acts) as clock:
            record.before = clock
            record.play(_nobody_looks)
        for step in (
            record.write_cards, year.ask, year.hand_in_claims, year.confirm_claims,
            year.report_vetoes,
        ):  # fmt: skip
            step(_nobody_looks)
        yield year


def _nobody_looks(_pieces):
    pass


def read(year, path, **query):
    """Return all of a list of the cycle, page by page, as the office reads it."""
    found, asked = [], {"limit": 200, **query}
    while True:
        page = year.people[OFFICE].get(f"{year.path}/{path}", **asked)
        found += page["items"]
        if page["next"] is None:
            return found
        asked["after"] = page["next"]


def china(moment):
    return dt.datetime.fromisoformat(moment).replace(tzinfo=CITY)


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


def sent(moment):
    return china(moment).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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


def some(found):
    return f"{len(found)}: {dict(islice(sorted(found.items()), 10))}"


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
    assert shown == sum(
        each["expected"]
        for owed, each in expected.duties(china(moment)).items()
        if {*expected.owed[owed]} & {*assessed(plan)}
    )


def assessed(plan):
    """Return the units of the categories that are played."""
    return [
        u for c in plan.scheme["categories"] if c["code"] in plan.categories for u in c["units"]
    ]


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
    path = f"{year.path}/evidence/{year.record.evidence_ids[name]}/content"
    return b"".join(year.people[who].stream(path))


STAGES = ["2025-07-01T00:00:00", "2025-11-28T18:00:00", "2026-03-26T00:00:00"]
"""Cut-offs: the half-year is over, the outlook of November, and everything is in."""


@pytest.fixture(scope="module")
def stages(year):
    """Results so far, as of the cut-offs; the ledger is still open."""
    path = f"{year.path}/stage-results"
    return {at: year.people[OFFICE].get(f"{path}/current", at=sent(at)) for at in STAGES}


@pytest.fixture(scope="module")
def sheet(stages, year):
    year.score(_nobody_looks)
    return year.people[OFFICE].get(f"{year.path}/score-sheets/{year.sheet}")


@pytest.fixture(scope="module")
def recomputed(installation, databases, year, sheet, plan):
    """What SQL says of the inputs as they are stored: of all, and of what was recorded until each
    cut-off."""

    async def all_of_them():
        async with copied(installation, databases, year.cycle_id) as copy:
            return {at: await recompute(copy, until=at and china(at)) for at in (None, *STAGES)}

    units = {*assessed(plan)}
    return {
        at: {cell: value for cell, value in cells.items() if cell[0] in units}
        for at, cells in asyncio.run(all_of_them()).items()
    }


@pytest.mark.prove
def test_sql_agrees_on_every_cell_of_the_sheet(recomputed, sheet):
    wrong = different(cells_of(sheet), recomputed[None])
    assert not wrong, some(wrong)
    assert all(unit["total"] is not None for unit in sheet["units"])
    totals = {Decimal(unit["total"]) for unit in sheet["units"]}
    assert len(totals) > len(sheet["units"]) // 2


@pytest.mark.prove
@pytest.mark.parametrize("at", STAGES)
def test_results_so_far_are_what_is_earned_open_and_lost(stages, recomputed, plan, at):
    """What is earned is what SQL makes of the record of the moment; what is open follows from the
    day. Planted bugs: an entry verified after the cut-off counts; an indicator that takes events
    of any period has a nineteenth of its points open; points that moved are left out."""
    told, units = recomputed[at], {each["unit"]: each for each in stages[at]["units"]}
    tops, wrong = tops_of(plan.scheme), {}
    for unit in assessed(plan):
        for each in units[unit]["indicators"]:
            code = each["indicator"]
            points, score = (told[unit, what, code] for what in ("points", "indicator"))
            earned = score or Decimal(0)
            left = open_points(tops[unit, code], told, unit, china(at).date())
            expected = points, earned, left, max(points - earned - left, Decimal(0))
            names = ("points", "earned", "open", "unreachable")
            found = tuple(Decimal(each[name]) for name in names)
            if found != expected:
                wrong[unit, code] = (found, expected)
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
