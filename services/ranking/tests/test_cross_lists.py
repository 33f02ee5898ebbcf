"""Lists across categories: one order by the totals, for a declared use, shown as rankings are.

Planted bugs: rankings of several score sheets taken together; a category that is not shown left
out of the check; a unit without a total placed as one of 0.
"""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from chassis.journal import sha256
from ranking.rules.cross_lists import (
    CrossCategoryList,
    ListedTotal,
    ListNotShown,
    ListOfSeveralScales,
    RankedFrom,
    UnitListedTwice,
    listed,
    refuse_several_scales,
    show_to,
)

UNITS = [f"XQ0{n}" for n in range(1, 9)]
SCALE = {
    "method": "second_mean", "by": "organiser", "of": ["C11"], "clamp": ["0.97", "1.03"],
    "smallest_group": 2, "mean": None, "deviation": None,
}  # fmt: skip
DECLARED = {
    "code": "BOTH", "name": "综合名单", "use": "分配先进名额", "categories": ["HILLS", "PLAIN"],
    "ties": "same_rank_skip", "tie_break": [],
}  # fmt: skip
GROUP = {
    "indicator": "C11", "category": "HILLS", "group": "B01", "coefficient": "0.9700", "marks": 4,
    "mean": "4.5", "kept": False,
}  # fmt: skip
LIST = "/cross-category-lists/BOTH"


@pytest.fixture
def halves(cycle, peers, scheme_document, monkeypatch):
    """Give a cycle of two categories of half the counties each, with a list of both, and a way to
    have its scheme say more."""
    blocks = scheme_document["categories"][0]["blocks"]
    named = {"HILLS": UNITS[::2], "PLAIN": UNITS[1::2]}
    categories = [{"code": c, "units": units, "blocks": blocks} for c, units in named.items()]
    monkeypatch.setattr(peers, "normalised", [GROUP, GROUP | {"category": "PLAIN"}])
    monkeypatch.setattr(peers, "sheets", {3: [*named], 7: [*named]})

    def say(**more):
        said = {
            "categories": categories,
            "normalisation": SCALE,
            "cross_category_lists": [DECLARED],
            "demotions": [],
        }
        monkeypatch.setitem(peers.by_cycle, str(cycle.cycle_id), said | more)

    say()
    cycle.say = say
    return cycle


async def rank_both(halves, **editions):
    """Rank both categories, each from an edition of the score sheet; return their numbers."""
    found = []
    for category in DECLARED["categories"]:
        body = {"category": category, "score_sheet_edition": editions.get(category)}
        answer = await halves.post("/rankings", body, role="performance_office")
        assert answer.status_code == 201, answer.text
        found.append(answer.json()["ranking"]["edition"])
    return found


async def release(halves, edition):
    await halves.take(edition, "merge", "review", "decision", "publication")


async def test_the_units_of_two_categories_stand_in_one_order(halves, sheet_units, peers):
    """Places are counted a second way: how many have more."""
    editions = await rank_both(halves)
    answer = await halves.get(LIST, "performance_office")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    points = {e["unit"]: sum(map(Decimal, e["blocks"].values())) for e in sheet_units}
    totals = {e["unit"]: points[e["unit"]] + Decimal(e["adjustment"]) for e in sheet_units}
    totals = {unit: totals[unit] for unit in UNITS}
    assert {each["unit"]: Decimal(each["final_total"]) for each in told["units"]} == totals
    for each in told["units"]:
        better = sum(other > totals[each["unit"]] for other in totals.values())
        assert each["place"] == better + 1
        assert each["category"] == ("HILLS" if each["unit"] in UNITS[::2] else "PLAIN")
    assert Counter(each["rank_in_category"] for each in told["units"])[1] == 2
    assert (told["use"], told["ranking_of_record"]) == ("分配先进名额", False)
    assert told["scale"] == SCALE
    assert told["groups"] == [GROUP, GROUP | {"category": "PLAIN"}]
    assert [each["edition"] for each in told["rankings"]] == editions
    assert told["digest"] == sha256({k: v for k, v in told.items() if k != "digest"})


async def test_rankings_of_several_sheets_need_one_scale(halves, peers, monkeypatch):
    """The same groups of marks are the same scale where they tell all of it."""
    await rank_both(halves, HILLS=3, PLAIN=7)
    assert (await halves.get(LIST, "auditor")).status_code == 200
    halves.say(normalisation=SCALE | {"method": "rank_percentile"})
    refused = await halves.get(LIST, "auditor")
    assert refused.status_code == 409, refused.text
    assert refused.json()["score_sheet_editions"] == {"HILLS": 3, "PLAIN": 7}
    halves.say()
    monkeypatch.setattr(peers, "normalised", [GROUP | {"coefficient": "0.9800"}])
    await rank_both(halves, HILLS=3)
    assert (await halves.get(LIST, "auditor")).status_code == 200
    halves_own = {"category": "PLAIN", "score_sheet_edition": 7}
    monkeypatch.setattr(peers, "normalised", [GROUP | {"coefficient": "0.9900"}])
    await halves.post("/rankings", halves_own, role="performance_office")
    assert (await halves.get(LIST, "auditor")).status_code == 409


async def test_what_the_scheme_does_not_declare_is_refused_by_name(halves):
    answer = await halves.get("/cross-category-lists/OTHER", "auditor")
    assert answer.status_code == 404
    assert "OTHER" in answer.json()["detail"]
    refused = await halves.get(LIST, "auditor")
    assert refused.status_code == 409
    assert refused.json()["categories"] == DECLARED["categories"]


async def test_it_is_read_before_the_release_by_whoever_reads_the_rankings(halves):
    """Nobody of a unit of one of the categories, and nobody who decides nothing."""
    await rank_both(halves)
    for role, unit, status in (
        ("committee", None, 200),
        ("committee", "XQ02", 403),
        ("vice_mayor", "ZF01", 200),
        ("second_body", "ZF01", 403),
    ):
        async with halves.service.caller(role, unit=unit) as client:
            answer = await client.get(f"/api/v1/cycles/{halves.cycle_id}{LIST}")
        assert answer.status_code == status, (role, unit, answer.text)


async def test_it_is_published_once_all_its_categories_are(halves):
    first, second = await rank_both(halves)
    await release(halves, first)
    refused = await halves.get(f"{LIST}/published", "data_source_unit")
    assert refused.json()["categories"] == ["PLAIN"]
    await release(halves, second)
    told = (await halves.get(f"{LIST}/published", "data_source_unit")).json()
    whole = (await halves.get(LIST, "auditor")).json()
    assert [each["release"] for each in told["rankings"]] == [1, 2]
    assert [(e["unit"], e["place"]) for e in told["units"]] == [
        (e["unit"], e["place"]) for e in whole["units"]
    ]


@pytest.mark.parametrize(
    ("shown", "status", "with_reasons"),
    [
        ({"ranks": True, "scores": True}, 200, False),
        ({"ranks": True, "scores": True, "reasons": True}, 200, True),
        ({"ranks": True}, 403, False),
        ({"scores": True, "grades": True}, 403, False),
    ],
)
async def test_it_is_shown_by_the_policy_of_its_releases(halves, shown, status, with_reasons):
    halves.say(publication={"units": shown})
    for edition in await rank_both(halves):
        await release(halves, edition)
    answer = await halves.get(f"{LIST}/published", "assessed_unit")
    assert answer.status_code == status, answer.text
    if status == 200:
        told = answer.json()
        assert ("groups" in told) == with_reasons
        assert all(("reasons" in each) == with_reasons for each in told["units"])
    assert (await halves.get(f"{LIST}/published", "auditor")).status_code == 200


def declared(**said):
    return CrossCategoryList("L", "名单", "用途", ("A", "B"), **{"ties": "same_rank_skip"} | said)


def total(unit, points, **said):
    blocks = {"task": Decimal(said.get("task", 0))}
    final = None if points is None else Decimal(points)
    return ListedTotal(unit, unit, said.get("of", "A"), blocks, final, Decimal(0), final, 1)


EQUAL = [total("u1", "90"), total("u2", "90", of="B", task=5), total("u3", "80", of="B")]
EQUAL += [total("u4", None), total("u0", "0", of="B")]


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        ({}, {"u1": 1, "u2": 1, "u3": 3, "u0": 4, "u4": None}),
        ({"ties": "dense"}, {"u1": 1, "u2": 1, "u3": 2, "u0": 3, "u4": None}),
        ({"ties": "ordinal"}, {"u1": 1, "u2": 2, "u3": 3, "u0": 4, "u4": None}),
        ({"tie_break": ("task",)}, {"u2": 1, "u1": 2, "u3": 3, "u0": 4, "u4": None}),
    ],
)
def test_equal_totals_are_ordered_as_in_a_category(rules, places):
    """A unit without a total is none of 0, and comes after it."""
    for order in (EQUAL, EQUAL[::-1]):
        found = listed(declared(**rules), order)
        assert {e.total.unit: e.place and e.place.rank for e in found} == places
        assert [e.total.unit for e in found] == list(places)


def test_places_do_not_depend_on_categories():
    """Points alone count: no category goes first."""
    totals = [total(f"u{n}", str(n), of="AB"[n % 2]) for n in range(6)]
    found = [each.total for each in listed(declared(), totals)]
    assert all(a.final_total > b.final_total for a, b in pairwise(found))


def test_a_ranking_that_does_not_tell_its_scale_is_refused():
    """Only marks that count as given need none."""
    sources = [RankedFrom("A", 3, None), RankedFrom("B", 3, None)]
    refuse_several_scales("none", sources)
    with pytest.raises(ListOfSeveralScales):
        refuse_several_scales("second_mean", sources)
    refuse_several_scales("z_score", [RankedFrom("A", 3, "x"), RankedFrom("B", 3, "x")])


def test_every_category_has_to_be_shown():
    show_to([("A", True), ("B", True)])
    with pytest.raises(ListNotShown) as refused:
        show_to([("A", True), ("B", False)])
    assert refused.value.facts["categories"] == ["B"]


def test_a_unit_that_two_rankings_name_is_refused_and_not_dropped():
    """It moved to another category between the two. Planted bug: the last total counts alone."""
    with pytest.raises(UnitListedTwice) as refused:
        listed(declared(), [*EQUAL, total("u4", "70", of="B")])
    assert refused.value.facts == {"units": ["u4"]}
