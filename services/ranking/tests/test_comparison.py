"""A release beside those of earlier years: what can be compared is, and nothing else."""

import datetime as dt
from decimal import Decimal

import pytest

from ranking.rules.comparison import ReleasedYear, over_the_years
from ranking.rules.lineage import Succession

STEPS = ("merge", "review", "decision", "publication")


def year(number, units, others=(), **points):
    said = {
        code: {"name": code, "rank": rank, "grade": "A", "grade_name": "优秀", "blocks": blocks}
        for code, (rank, blocks) in units.items()
    }
    category_of = dict.fromkeys(units, "C") | dict.fromkeys(others, "D")
    worth = {k: Decimal(v) for k, v in points.items()}
    return ReleasedYear(number, "C", said, category_of, worth)


def went(unit, predecessor, day="2025-03-01"):
    return Succession(unit, predecessor, dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("now", "then", "others", "successions", "comparable", "of_units"),
    [
        # It was there itself.
        ("N", "NP", (), (), "same", "N"),
        # It has another code since, and nothing else became of what it was.
        ("N", "PQ", (), (went("N", "P"),), "goes_on", "P"),
        ("N", "PQ", (), (went("M", "P"), went("N", "M")), "goes_on", "P"),
        # Two became one: whether under a new code, or under one of theirs.
        ("N", "PQ", (), (went("N", "P"), went("N", "Q")), "merged", "PQ"),
        ("N", "NP", (), (went("N", "P"),), "merged", "NP"),
        # A part of one: what is left of it is there too, or a second heir.
        ("NP", "P", (), (went("N", "P"),), "split", "P"),
        ("NM", "P", (), (went("N", "P"), went("M", "P")), "split", "P"),
        # It was ranked elsewhere, or nowhere.
        ("N", "P", "N", (), "other_category", "N"),
        ("N", "P", (), (), "not_there", "N"),
        ("N", "Q", (), (went("N", "P"),), "not_there", "P"),
        # What took effect in another time counts for nothing.
        ("N", "NP", (), (went("N", "P", "2023-03-01"),), "same", "N"),
        ("N", "NP", (), (went("N", "P", "2026-03-01"),), "same", "N"),
        # On the last day of the earlier year it had happened; on the first of the later not yet.
        ("N", "NP", (), (went("N", "P", "2024-12-31"),), "same", "N"),
        ("N", "PQ", (), (went("N", "P", "2025-01-01"),), "goes_on", "P"),
    ],
)
def test_who_a_unit_was_in_an_earlier_year(now, then, others, successions, comparable, of_units):
    """Planted bugs: take the first of several that were merged; take a part for the whole; leave
    the days of a succession away; a unit of another category as one that was not there."""
    present = year(2025, {code: (1, {}) for code in now})
    earlier = year(2024, {code: (5, {}) for code in then}, others)
    found = over_the_years(present, [earlier], successions)
    [place] = next(each.earlier for each in found if each.unit == "N")
    assert (place.comparable, "".join(place.of_units)) == (comparable, of_units)
    known = comparable in {"same", "goes_on"}
    assert (place.rank, place.rank_change) == ((5, 4) if known else (None, None))
    assert (place.grade, place.grade_name) == (("A", "优秀") if known else (None, None))


def test_what_was_split_is_told_so_of_what_is_left_too():
    """Planted bug: compare what is left of a unit with the whole that it was."""
    present = year(2025, {"P": (1, {}), "N": (2, {})})
    found = over_the_years(present, [year(2024, {"P": (1, {})})], [went("N", "P")])
    assert [each.earlier[0].comparable for each in found] == ["split", "split"]


def test_blocks_are_compared_by_their_share_of_what_they_are_worth():
    """Planted bugs: compare points of blocks that are worth another number now; count a block that
    was not there as 0."""
    present = year(2025, {"N": (1, {"a": "30", "b": "10", "new": "5"})}, a="60", b="40", new="5")
    earlier = year(2024, {"N": (1, {"a": "25", "b": "20", "old": "1"})}, a="75", b="40")
    [unit] = over_the_years(present, [earlier], [])
    assert [(b.block, b.share, b.earlier_share, b.change) for b in unit.earlier[0].blocks] == [
        ("a", Decimal("0.5000"), Decimal("0.3333"), Decimal("0.1667")),
        ("b", Decimal("0.2500"), Decimal("0.5000"), Decimal("-0.2500")),
        ("new", Decimal("1.0000"), None, None),
    ]


def test_who_was_not_ranked_has_no_change():
    present = year(2025, {"N": (None, {}), "M": (1, {})})
    earlier = year(2024, {"N": (1, {}), "M": (None, {})})
    for unit in over_the_years(present, [earlier], []):
        assert unit.earlier[0].rank_change is None
        assert unit.earlier[0].ranked == 1


@pytest.fixture
def years(peers):
    """Let a test say which years its cycles assess, and which units go on from which."""
    yield peers
    peers.years, peers.succeeds = {}, {}


async def test_a_release_is_held_against_the_newest_of_each_earlier_year(
    cycle, another_cycle, years
):
    """Planted bugs: take the first release of a year; take years of other divisions; take the
    later years too; count what waits for its instant; count a year's cycle that was given up as a
    year."""
    given_up, last, before, elsewhere, later, empty = (another_cycle() for _ in range(6))
    said = [
        (cycle, {}),
        (given_up, {"assessment_year": 2024}),
        (last, {"assessment_year": 2024}),
        (before, {"assessment_year": 2022}),
        (elsewhere, {"assessment_year": 2024, "jurisdiction": "110000"}),
        (later, {"assessment_year": 2026}),
        (empty, {"assessment_year": 2023}),
    ]
    years.years = {str(each.cycle_id): told for each, told in said}
    for each in (cycle, last, last, before, elsewhere, later):
        await each.take(await each.rank("PAIR"), *STEPS)
    await cycle.take(await cycle.rank(), *STEPS)
    answer = await cycle.get("/releases/1/comparison?years=2", "assessed_unit")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [(each["assessment_year"], each["release"]) for each in told["years"]] == [
        (2024, 2),
        (2023, None),
    ]
    release = (await cycle.get("/releases/1", "auditor")).json()["document"]
    assert [(u["unit"], u["rank"]) for u in told["units"]] == [
        (u["unit"], u["rank"]) for u in release["units"]
    ]
    for unit in told["units"]:
        [place] = unit["earlier"]
        assert place["comparable"] == "same"
        assert place["rank"] == unit["rank"]
        assert place["rank_change"] == 0
    whole = (await cycle.get("/releases/1/comparison", "auditor")).json()
    assert [each["assessment_year"] for each in whole["years"]] == [2024, 2023, 2022]
    missing = await cycle.get("/releases/9/comparison", "auditor")
    assert missing.status_code == 404


async def test_a_year_without_the_category_is_told_and_compared_with_nothing(
    cycle, another_cycle, years
):
    """Planted bug: take the release of whichever category there is."""
    last = another_cycle()
    years.years = {str(cycle.cycle_id): {}, str(last.cycle_id): {"assessment_year": 2024}}
    await cycle.take(await cycle.rank("PAIR"), *STEPS)
    await last.take(await last.rank("COUNTY"), *STEPS)
    answer = await cycle.get("/releases/1/comparison", "auditor")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [each["release"] for each in told["years"]] == [None]
    assert [each["earlier"] for each in told["units"]] == [[], []]


async def test_who_is_shown_grades_alone_compares_grades_alone(cycle, another_cycle, years):
    """Planted bugs: take the stored document of this year, or of the earlier one, for what its
    reader is shown."""
    last = another_cycle()
    years.years = {str(cycle.cycle_id): {}, str(last.cycle_id): {"assessment_year": 2024}}
    before, nothing = years.scheme, dict.fromkeys(("ranks", "scores", "blocks", "reasons"), False)
    shown = nothing | {"grades": True, "first_places": 1, "highlights": False}
    years.scheme = before | {
        "publication": dict.fromkeys(("public", "organisers")) | {"units": shown}
    }
    try:
        for each in (cycle, last):
            await each.take(await each.rank(), *STEPS)
    finally:
        years.scheme = before
    told = (await cycle.get("/releases/1/comparison", "assessed_unit")).json()
    first, *others = told["units"]
    assert (first["rank"], first["earlier"][0]["rank"], first["earlier"][0]["rank_change"]) == (
        1,
        1,
        0,
    )
    assert [each["unit"] for each in others] == sorted(each["unit"] for each in others)
    for each in others:
        [place] = each["earlier"]
        assert (each["rank"], place["rank"], place["rank_change"], place["blocks"]) == (
            *(None, None, None),
            [],
        )
        assert place["grade"]
    assert {each["earlier"][0]["ranked"] for each in told["units"]} == {None}
    whole = (await cycle.get("/releases/1/comparison", "auditor")).json()
    assert all(each["earlier"][0]["ranked"] for each in whole["units"])


async def test_who_was_shown_the_first_place_alone_is_told_that_the_others_were_there(
    cycle, another_cycle, years
):
    """Planted bug: take whom the reader is shown for all whom the earlier release has."""
    last = another_cycle()
    years.years = {str(cycle.cycle_id): {}, str(last.cycle_id): {"assessment_year": 2024}}
    shown = dict.fromkeys(("grades", "ranks", "scores", "blocks", "reasons", "highlights"), False)
    policy = dict.fromkeys(("public", "organisers")) | {"units": shown | {"first_places": 1}}
    years.by_cycle[str(last.cycle_id)] = {"publication": policy}
    for each in (last, cycle):
        await each.take(await each.rank(), *STEPS)
    told = (await cycle.get("/releases/1/comparison", "assessed_unit")).json()
    first, *others = [(each["rank"], each["earlier"][0]) for each in told["units"]]
    assert (first[0], first[1]["comparable"], first[1]["rank"]) == (1, "same", 1)
    for _, place in others:
        assert place["comparable"] == "same"
        assert {place[name] for name in ("rank", "ranked", "grade", "rank_change")} == {None}
        assert {each["earlier_share"] for each in place["blocks"]} == {None}
