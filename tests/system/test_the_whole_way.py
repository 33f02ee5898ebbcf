"""A year's results from hand-in to consequences: what `kaoping demo` plays, with its days.

Signed, merged, reviewed, sent back once, shown to everybody, objected to by three, computed anew
for the one who was right, decided, held back to an instant, released, corrected after that, and
what followed from it decided, shared out and taken back. What each step has to show is computed
anew here.
"""

from collections import Counter
from decimal import Decimal

import pytest
from tests.system.approved_otherwise import (
    category_of,
    corrected_cells,
    graded,
    led_to,
    shared_out,
)
from tests.system.conftest import EXAMPLE
from tests.system.harness import in_one_process
from tests.system.passing_days import clock_of, whose_days_pass
from tests.system.recomputing import cells_of

from kaoping.approving import EVERYBODY
from kaoping.city import of_categories, read_city, whole_plan
from kaoping.city.approved import DECISION, MERGE, REVIEW, SIGNATURE, with_way
from kaoping.client import Refused
from kaoping.exact import read_yaml
from kaoping.people import COMMITTEE, COMMITTEE_CLERK, VICE_MAYOR, VICE_MAYOR_DEPUTY, People
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.steps import Steps
from kaoping.year import Year
from service_testing import trials

CATEGORIES = trials(["COUNTY", "INST"], [])


class Watched:
    """A clock by which somebody looks, before and after a day begins, how many releases there are
    for a unit."""

    def __init__(self, clock, look):
        self.clock, self.look = clock, look
        self.seen = list[tuple[int, int]]()

    def now(self):
        return self.clock.now()

    def begin(self, day):
        before = self.look()
        self.clock.begin(day)
        self.seen.append((before, self.look()))


@pytest.fixture(scope="module")
def plan():
    whole = whole_plan(read_city(EXAMPLE))
    return with_way(of_categories(whole, CATEGORIES or whole.categories), noticed=True)


@pytest.fixture(scope="module")
def year(plan, postgres, databases, tmp_path_factory):
    """The year, played to its end."""
    passing = whose_days_pass(postgres, databases, "ranking")
    with in_one_process(postgres, passing, tmp_path_factory.mktemp("keys")) as running:
        administrator = running.client(running.administrator)
        with (
            administrator,
            People(administrator, running.client) as people,
            clock_of(running.databases["ranking"]) as clock,
        ):
            year = Year(plan, people, Steps())
            unit = category_of(plan, plan.categories[0])["units"][0]
            year.days = Watched(clock, lambda: len([*people[unit].pages(f"{year.path}/releases")]))
            year.play()
            yield year


@pytest.fixture(scope="module")
def way(year):
    return year.approving


@pytest.fixture(scope="module")
def editions(year, plan, way):
    """By category and edition the cells of the score sheet, as they are to be: those of the first
    sheet, with what was corrected."""
    first = cells_of(year.people[OFFICE].get(f"{year.path}/score-sheets/1"))
    found = {}
    for code in plan.categories:
        cells = first
        changes = iter(way.corrections if code == way.marked.category else [])
        for n, edition in enumerate(way.editions[code]):
            if n:
                change = next(changes)
                told = change.unit, change.indicator, change.said
                cells = corrected_cells(plan, cells, code, *told)
            found[edition] = graded(plan, code, cells)
    return found


def test_organisers_hand_in_every_category_in_which_they_do_not_compete(year, plan, way):
    """Planted bug: nobody hands in."""
    own = [c for c in plan.categories if plan_organiser(plan, c) in category_of(plan, c)["units"]]
    assert way.not_handed_in == own
    for code in plan.categories:
        told = year.people[OFFICE].get(f"{year.path}/categories/{code}/completeness")["hand_in"]
        if code in own:
            assert told is None
        else:
            assert (told["state"], told["unit"]) == ("handed_in", plan_organiser(plan, code))


def plan_organiser(plan, code):
    return category_of(plan, code)["organiser"]


WAY = [SIGNATURE, MERGE, REVIEW, REVIEW, DECISION, DECISION, "publication"]
WORDS = ["approved", "approved", "entered", "approved", "entered", "approved", "approved"]


def test_each_step_is_taken_in_its_turn_and_after_the_return_every_one_again(year, plan, way):
    """Planted bugs: the return goes back to the merge; a deputy signs in the own name."""
    for n, code in enumerate(plan.categories):
        *former, newest = way.editions[code]
        said = steps_of(year, newest)
        back = [(SIGNATURE, "approved"), (MERGE, "approved"), (REVIEW, "entered")]
        expected = [*back, (REVIEW, "sent_back")] if n == 0 else []
        assert words(said) == [*expected, *zip(WAY, WORDS, strict=True)]
        for each in said:
            behind = each["step"] == SIGNATURE and n % 2
            assert each.get("behind") == (year.people.subjects[VICE_MAYOR] if behind else None)
            signer = VICE_MAYOR_DEPUTY if n % 2 else VICE_MAYOR
            if each["step"] == SIGNATURE:
                assert each["subject"] == year.people.subjects[signer]
        for edition in former[:-1] if len(former) > 1 else former[:1]:
            assert words(steps_of(year, edition)) == [*zip(WAY[:4], WORDS[:4], strict=True)]
    first = plan.categories[0]
    returned = steps_of(year, way.editions[first][0])[3]
    assert (returned["sent_back_to"], bool(returned["reason"])) == (SIGNATURE, True)
    assert (f"{first} {MERGE}", {"step-out-of-order"}) in way.refused


def steps_of(year, edition):
    return year.people[OFFICE].get(f"{year.path}/rankings/{edition}/steps")["said"]


def words(said):
    return [(each["step"], each.get("word", "approved")) for each in said]


def test_whose_unit_competes_is_recused_and_the_others_decide(year, plan, way):
    """Planted bug: a member of the category is there."""
    members = {
        each["code"]: {m["code"]: m["unit"] for m in each.get("members", ())}
        for each in plan.scheme["approval"]["steps"]
    }
    recused = Counter()
    for code in plan.categories:
        units = category_of(plan, code)["units"]
        for each in steps_of(year, way.editions[code][-1]):
            if not members.get(each["step"]):
                continue
            seats, basis = members[each["step"]], each["basis"]
            out = {seat for seat, unit in seats.items() if unit in units}
            assert {one["member"] for one in basis["recused"]} == out
            there = len(basis["present"])
            assert not out & {*basis["present"]}
            assert 3 * there >= 2 * (len(seats) - len(out))
            assert 2 * basis["votes_for"] > there
            recused[each["step"]] += len(out)
    assert recused[REVIEW]
    assert recused[DECISION]


def test_a_notice_shows_grades_and_no_score_of_each_edition(year, plan, way, editions):
    """Planted bug: a notice lists its units by their ranks."""
    with year.people[OFFICE]._http.__class__(
        base_url=year.people[OFFICE].url, transport=year.people[OFFICE].transport
    ) as anybody:
        for code in plan.categories:
            order = category_of(plan, code)["units"]
            for edition in way.editions[code]:
                number = way.notices[edition]["notice"]
                path = f"/api/v1/public{year.path}/notices/{number}"
                told = anybody.get(path).json()
                found = editions[edition]
                shown = [
                    (line["grade"], [each["unit"] for each in line["units"]])
                    for line in told["lists"]
                ]
                names = plan.scheme["grades"]["order"]
                assert shown == [
                    (grade, [unit for unit in order if found[unit].grade == grade])
                    for grade in names
                    if any(each.grade == grade for each in found.values())
                ]
                assert {*told["lists"][0]["units"][0]} == {"unit", "name"}
                latest = edition == way.editions[code][-1]
                assert told["state"] == ("ended" if latest else "replaced")


def test_of_three_objections_one_is_right_and_each_is_answered(year, way, editions):
    """The decision waits for the end of the notice, and is not taken once one was upheld. Planted
    bug: what was upheld is decided as it was shown."""
    assert [each.filed_by == EVERYBODY for each in way.objected] == [False, False, True]
    category = way.marked.category
    waits = [codes for what, codes in way.refused if what == f"{category} {DECISION}"]
    assert waits == [{"notice-open"}, {"objections-unanswered"}, {"objection-upheld"}]
    first = way.notices[way.editions[category][0]]["notice"]
    for each in way.objected[:2]:
        listed = year.people[each.filed_by].get(f"{year.path}/notices/{first}/objections")["items"]
        assert [one["reference"] for one in listed] == [each.reference]
        [answer] = [one["answer"] for one in listed]
        upheld = each is way.objected[0]
        assert answer["outcome"] == ("upheld" if upheld else "rejected")
        assert answer["corrections"] == [way.corrections[0].correction_id] * upheld
    right = way.objected[0].about
    before, after = (editions[each][right] for each in way.editions[category][:2])
    assert after.total > before.total


def test_releases_have_totals_ranks_and_grades_of_the_corrected_record(year, plan, way, editions):
    """Planted bug: publish the edition that was shown first."""
    for code in plan.categories:
        release = year.people[OFFICE].get(f"{year.path}/releases/{year.releases[code]}")
        assert release["manifest"]["edition"] == way.editions[code][-1]
        found = {
            each["unit"]: (Decimal(each["final_total"]), each["rank"], each["grade"])
            for each in release["document"]["units"]
        }
        assert found == {u: tuple(each) for u, each in editions[way.editions[code][-1]].items()}
    expected = read_yaml(EXAMPLE / "county-year.yaml")["expected"]
    if "COUNTY" in plan.categories:
        told = editions[way.editions["COUNTY"][-1]]
        assert {u: each.grade for u, each in told.items()} == {
            each["unit"]: each["grade"] for each in expected
        }


def test_nobody_sees_a_release_before_its_instant(year, plan):
    """Of the first ones, and of the one that corrects. Planted bug: publish at once."""
    count = len(plan.categories)
    looks = [(0, 0), (0, 0), (0, count), (count, count), (count, count + 1)]
    assert year.days.seen == looks


def test_the_correcting_release_tells_whom_it_moves_and_why(year, way, editions):
    """Planted bug: compare with the edition that was never published."""
    category = way.marked.category
    older, newer = way.releases[category]
    released = year.people[OFFICE].get(f"{year.path}/releases/{newer}")
    assert released["manifest"]["predecessor"] == older
    assert released["manifest"]["correction"]["zh"]
    told = year.people[OFFICE].get(f"{year.path}/releases/{newer}/differences", against=older)
    before, after = (editions[each] for each in way.editions[category][1:])
    moved = {unit for unit in before if before[unit] != after[unit]}
    assert {each["unit"] for each in told["units"]} == moved
    assert told["same"] == len(before) - len(moved)
    sides = {
        each["unit"]: [
            (Decimal(each[side]["final_total"]), each[side]["rank"], each[side]["grade"])
            for side in ("before", "after")
        ]
        for each in told["units"]
    }
    assert sides == {unit: [tuple(before[unit]), tuple(after[unit])] for unit in moved}
    fallen = way.corrections[1].unit
    assert (before[fallen].grade, after[fallen].grade) == ("good", "qualified")


def test_what_grades_lead_to_is_proposed_but_for_what_is_banned(year, plan, way, editions):
    """Planted bugs: propose a commendation of who is banned; propose nothing of one grade."""
    follows, led = year.following, way.marked.category
    assert follows.refused == [{"banned-until"}]
    for code in plan.categories:
        edition = way.editions[code][1 if code == led else 0]
        release = way.releases[code][0]
        told = follows.proposed[release]
        made = {(e["unit"], e["kind"], str(e["amount"])) for e in told["proposed"]}
        assert made == led_to(editions[edition], {follows.banned})
        banned = {each["unit"] for each in told["banned"]}
        assert banned == ({follows.banned} if code == led else set())
    assert follows.titled["state"] == "carried_out"


def test_a_grade_that_is_taken_back_takes_along_what_it_brought(year, way, editions):
    """Planted bug: what the former release led to stays."""
    follows, led = year.following, way.marked.category
    before, after = (editions[each] for each in way.editions[led][1:])
    older, newer = (follows.proposed[each] for each in way.releases[led])
    lost = {unit for unit in before if before[unit].grade != after[unit].grade}
    gone = {each["unit"] for each in older["proposed"] if each["number"] in follows.revoked}
    assert gone == lost
    made = {(e["unit"], e["kind"], str(e["amount"])) for e in newer["proposed"]}
    wanted = led_to(after, {follows.banned}) - led_to(before, {follows.banned})
    assert made == wanted
    listed = {e["number"]: e for e in year.people[OFFICE].pages(f"{year.path}/consequences")}
    assert {n for n, e in listed.items() if e["state"] == "revoked"} == {*follows.revoked}
    fallen = way.corrections[1].unit
    own = [*year.people[fallen].pages(f"{year.path}/consequences")]
    assert {each["unit"] for each in own} == {fallen}
    assert {e["number"] for e in own if e["state"] == "revoked"} == {*follows.revoked} & {
        n for n, e in listed.items() if e["unit"] == fallen
    }


def test_money_and_places_are_shared_out_to_the_cent_before_and_after(year, way, editions):
    """Planted bugs: round each amount by itself; count a mover for the whole year."""
    follows, led = year.following, way.marked.category
    assert len(follows.distributions) == 2
    for (asked, told), edition in zip(follows.distributions, way.editions[led][1:], strict=True):
        amounts, places = shared_out(asked, editions[edition])
        assert [f"{Decimal(e['amount']):.2f}" for e in told["bonus"]["amounts"]] == amounts
        assert told["bonus"]["scaled"]
        assert Decimal(told["bonus"]["total"]) == Decimal(asked["bonus"]["budget"])
        assert [[part["places"] for part in each["parts"]] for each in told["places"]] == places
    first, second = (told["bonus"]["amounts"] for _, told in follows.distributions)
    assert first != second


def test_who_decided_could_not_have_decided_alone(year, way):
    """Planted bug: nobody looks who asked for it."""
    newest = way.editions[way.marked.category][-1]
    for who in (OFFICE, COLLEAGUE, COMMITTEE, COMMITTEE_CLERK):
        with pytest.raises(Refused):
            year.people[who].post(f"{year.path}/rankings/{newest}/steps", {"step": DECISION})
