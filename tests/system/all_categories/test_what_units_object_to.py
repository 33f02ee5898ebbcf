"""What becomes of the remarks on a generated year and of the objections to it, computed otherwise:
who decides, what of the sealed record is corrected by it, and whom the new editions move.

There are 7 remarks and 25 objections, of which 7 are upheld in whole or in part; 2 are filed after
their category is published.
"""

import asyncio
import datetime as dt
import hashlib
import uuid
from collections import Counter
from itertools import islice

import pytest
from tests.system.all_categories.editions import Editions
from tests.system.objected_otherwise import Objected, rewritten, standings
from tests.system.recomputing import cells_of, copied, different, exact, recompute

from kaoping.city.objected import ENDED_ON, FED_BACK_ON, PUBLISHED, PUBLISHED_ON
from kaoping.plan import OFFICE

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def objected(told):
    return Objected(told.plan)


@pytest.fixture(scope="module")
def corrected(told, objected):
    """The categories in which something is corrected, and that which is published."""
    units = {unit for unit, _ in objected.corrections()}
    categories = told.scheme["categories"]
    codes = [each["code"] for each in categories if units & {*each["units"]}]
    return [*codes, *([] if PUBLISHED in codes else [PUBLISHED])]


@pytest.fixture(scope="module")
def played(path, sheet, people, clock, objecting, objected, corrected):
    """The objections, once they are played, and the editions before and after them."""
    editions = Editions(path, people)
    clock.begin(FED_BACK_ON)
    editions.compute(sheet["edition"], corrected)
    objecting.play(FED_BACK_ON, PUBLISHED_ON)
    editions.publish()
    editions.kept = editions.read()
    objecting.play(PUBLISHED_ON, dt.date.max)
    clock.begin(ENDED_ON)
    objecting.listed = list(people[OFFICE].pages(f"{path}/objections"))
    answer = people[OFFICE].post(f"{path}/score-sheets", {"categories": None})
    editions.compute(answer["edition"], corrected)
    editions.publish()
    for (unit, _), course in objected.courses.items():
        if course.about["about"] == "mark" and not course.is_remark:
            editions.object_again(unit, course.about)
    clock.back()
    return objecting, editions


@pytest.fixture(scope="module")
def anew(played, people):
    """The second score sheet, as the API gives it."""
    _, editions = played
    return people[OFFICE].get(f"{editions.path}/score-sheets/{editions.sheets[1]}")


@pytest.fixture(scope="module")
def recomputed(installation, databases, path, objected, played):
    """What SQL says of the sealed record with the corrections written into it."""
    assert played
    changes = [one for each in objected.corrections() for one in rewritten(*each)]

    async def with_corrections():
        async with copied(installation, databases, path.rsplit("/", 1)[1]) as copy:
            return await recompute(copy, changes)

    return asyncio.run(with_corrections())


@pytest.fixture(scope="module")
def stood(told, corrected, published, recomputed):
    """By category where each unit stands, before and after."""
    sides = published, recomputed
    return {each: [standings(told.scheme, each, of) for of in sides] for each in corrected}


def test_every_move_of_an_objection_and_of_a_correction_is_made_or_refused_as_computed(
    played, objected
):
    """Out of turn, too early, too late, by whom it is not. Planted bugs: who verified what a mark
    rests on decides about it; a correction waits for no other of the same entry."""
    objecting, _ = played
    wrong = different(objecting.outcomes, objected.outcomes)
    assert not wrong, {n: (objecting.plan.moves[n], both) for n, both in islice(wrong.items(), 9)}
    refused = frozenset().union(*objected.outcomes.values())
    assert refused == {
        "objected-before", "filed-too-late", "own-act", "not-the-callers", "last-level",
        "wrong-state", "not-overdue", "appealed-too-late", "not-upheld", "not-changed-since",
        "being-corrected", "not-counted", "same-person",
    }  # fmt: skip


def test_every_objection_stands_as_computed(played, objected, published):
    """State, level, day, light, to whom it is put, what the edition had given, and each move.
    Planted bugs: days of the calendar are counted as working days; what is upheld is carried out by
    itself."""
    objecting, _ = played
    refs = {each: ref for ref, each in objecting.ids.items()}
    found, scores = {}, {}
    for each in objecting.listed:
        about = each["unit"], refs[each["objection_id"]]
        moves = [(one["move"], one["state"], one["level"], one["due"]) for one in each["moves"]]
        found[about] = {**each, "moves": moves}
        if (each["form"], each["about"]) == ("objection", "mark"):
            cell = each["unit"], "indicator", each["indicator"]
            scores[about] = exact(each["score"]), published[cell]
    expected = {about: course.stands() for about, course in objected.courses.items()}
    shown = {a: {name: of[name] for name in expected.get(a, ())} for a, of in found.items()}
    wrong = different(shown, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(sorted(wrong.items()), 5))}"
    assert not [about for about, (told, computed) in scores.items() if told != computed]
    states = Counter((each["form"], each["state"]) for each in expected.values())
    for form, counts in (("objection", (5, 2, 8, 4, 6)), ("remark", (2, 1, 2, 1, 1))):
        names = "upheld", "partly_upheld", "rejected", "withdrawn", "pending"
        assert tuple(states[form, each] for each in names) == counts
    assert {each["light"] for each in expected.values()} == {"none", "yellow", "red"}


def test_some_are_filed_after_the_publication(told, objected):
    [units] = [each["units"] for each in told.scheme["categories"] if each["code"] == PUBLISHED]
    late = [of for (unit, _), of in objected.courses.items() if unit in units]
    assert [of.points[0].day >= PUBLISHED_ON for of in late] == [True] * 2
    assert all(of.is_corrected for of in late)


def test_corrections_are_listed_as_computed(played, people, objected, anew):
    """Of each objection, what was proposed and what became of it; the sheet names those that count.
    Planted bug: what the committee refused counts."""
    objecting, editions = played
    listed = {
        each["correction_id"]: each
        for each in people[OFFICE].get(f"{editions.path}/corrections", limit=100)["items"]
    }
    found, counted = {}, list[bytes]()
    for ref, proposed in objecting.corrections.items():
        found[ref] = [listed.pop(each) for each in proposed]
        approved = (each for each in found[ref] if each["state"] == "approved")
        counted += [uuid.UUID(each["correction_id"]).bytes for each in approved]
    assert not listed
    names = ("what", "value", "word")
    told = {
        ref: [(each["state"], *(each[name] for name in names)) for each in of]
        for ref, of in found.items()
    }
    expected = {
        ref: [(state, *(of.corrected.get(name) for name in names)) for state in of.corrections]
        for (_, ref), of in objected.courses.items()
        if of.corrections
    }
    assert told == expected
    digest = hashlib.sha256(b"".join(sorted(counted))).hexdigest()
    assert anew["inputs"]["corrections_digest"] == digest
    assert len(counted) == 7


def test_a_unit_reads_its_own_objections_and_corrections_and_nothing_of_others(
    played, people, objected
):
    """Once the second sheet is fed back: of corrections those that count, of remarks also those
    that are put to it. Planted bugs: units read all objections; a unit reads what was refused."""
    objecting, editions = played
    units = {unit for unit, _ in objected.courses}
    units |= {of.put_to for of in objected.courses.values() if of.put_to}
    for unit in sorted(units):
        own = {
            objecting.ids[ref]
            for (whose, ref), of in objected.courses.items()
            if unit in (whose, of.put_to)
        }
        listed = {
            each["objection_id"] for each in people[unit].pages(f"{editions.path}/objections")
        }
        assert listed & {*objecting.ids.values()} == own, unit
        counted = set[str]()
        for (whose, ref), of in objected.courses.items():
            proposed = objecting.corrections.get(ref, ()) if whose == unit else ()
            told = zip(proposed, of.corrections, strict=bool(proposed))
            counted |= {each for each, state in told if state == "approved"}
        listed = people[unit].get(f"{editions.path}/corrections")["items"]
        assert {each["correction_id"] for each in listed} == counted, unit


def test_sql_agrees_on_every_cell_of_the_corrected_record(anew, published, recomputed):
    """Planted bug: what removes an entry leaves it."""
    found = different(cells_of(anew), recomputed)
    assert not found, f"{len(found)}: {dict(islice(sorted(found.items()), 40))}"
    assert different(published, recomputed)


def test_to_the_same_mark_a_unit_objects_again_where_its_score_has_moved(
    played, published, recomputed
):
    """And nowhere else, once the second sheet is fed back. Planted bug: it never does."""
    _, editions = played
    expected = {}
    for unit, code in editions.again:
        cell = unit, "indicator", code
        moved = published[cell] != recomputed[cell]
        expected[unit, code] = frozenset() if moved else frozenset({"objected-before"})
    assert editions.again == expected
    assert len({*expected.values()}) == 2


def test_the_differences_of_the_sheets_are_what_sql_says_has_moved(played, published, recomputed):
    """Who moved, from which total to which, and by which indicators; nobody else. Planted bug:
    whoever is only compared with a corrected unit is left out."""
    _, editions = played
    told = editions.people[OFFICE].get(
        f"{editions.path}/score-sheets/{editions.sheets[1]}/differences", against=editions.sheets[0]
    )
    assert [each["document"] for each in told["documents"]] == ["corrections"]
    moved = different(published, recomputed)
    found = {}
    for unit in told["units"]:
        sides = exact(unit["before"]), exact(unit["after"])
        if sides[0] != sides[1]:
            found[unit["unit"], "total", ""] = sides
        for part in unit["parts"]:
            sides = exact(part["before"]), exact(part["after"])
            if part["kind"] == "indicator" and sides[0] != sides[1]:
                found[unit["unit"], "indicator", part["code"]] = sides
    expected = {cell: of for cell, of in moved.items() if cell[1] == "total"}
    expected |= {cell: of for cell, of in moved.items() if cell in found}
    assert found == expected
    assert {unit for unit, *_ in moved} == {unit for unit, *_ in found}
    for unit in told["units"]:
        if unit["change"] is not None:
            parts = [exact(part["change"]) for part in unit["parts"]]
            assert sum(parts) == exact(unit["change"]), unit


@pytest.mark.parametrize("place", ["rankings", "releases"])
def test_the_differences_of_rankings_and_releases_are_what_is_counted_down(place, played, stood):
    """Total, rank and grade of exactly those of whom any of them moved, in each category in which
    something was corrected. Planted bugs: compare no grades, or no
    ranks."""
    _, editions = played
    compared = {PUBLISHED: editions.releases}
    if place == "rankings":
        first, second = editions.rankings
        compared = {each: [first[each], second[each]] for each in stood}
    for category, numbers in compared.items():
        before, after = stood[category]
        moved = {unit for unit in before if before[unit] != after[unit]}
        found = editions.moved(place, numbers)
        assert found.pop("") == len(before) - len(moved)
        sides = [
            {unit: _stands(each[side]) for unit, each in found.items()}
            for side in ("before", "after")
        ]
        assert sides == [{unit: side[unit] for unit in moved} for side in (before, after)]
        assert moved


def _stands(told):
    return exact(told["final_total"]), told["rank"], told["grade"]


def test_what_was_told_before_stays_as_it_was(played):
    """The first sheet, its rankings, and what was published of it; the new release says in whose
    place it is. Planted bug: the new release names none."""
    _, editions = played
    assert editions.read() == editions.kept
    second = editions.people[OFFICE].get(f"{editions.path}/releases/{editions.releases[1]}")
    assert second["manifest"]["predecessor"] == editions.releases[0]
