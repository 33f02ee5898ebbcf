"""Tags: what a unit's indicators of each come to, and who is shown what of them."""

import re
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from small_years import indicator, scheme_of

from scoring.rules.reports.tags import scored_in, tag_totals
from scoring.rules.scheme.document import Tag
from scoring.rules.scheme.tags import Tags, UnknownTag, tags_of

PAGE = Path(__file__).parents[4] / "docs/schemes.md"
SECTION = re.search(r"^## Tags .*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S)
EXAMPLE = yaml.load(SECTION[1], yaml.BaseLoader)  # noqa: S506 - texts only
KNOWN = {code: Tag(code, code) for code in ("core", "key")}


def scored(code, points, score, *children):
    return {"indicator": code, "points": points, "score": score, "children": [*children]}


def borne(rows, above=()):
    for row in rows:
        own = (*row.get("tags", ()), *above)
        yield row["code"], own
        yield from borne(row.get("children", ()), own)


def as_scored(row):
    return scored(
        row["code"], row["points"], row["score"], *map(as_scored, row.get("children", ()))
    )


def test_the_example_of_the_page_comes_to_what_it_says():
    """Planted bug: count C02B beside its parent."""
    known = {each["code"]: Tag(**each) for each in EXAMPLE["tags"]}
    tags = Tags(known, {"CAT": dict(borne(EXAMPLE["indicators"]))})
    found = tag_totals(map(as_scored, EXAMPLE["indicators"]), tags, "CAT")
    assert [
        {
            "tag": one.tag,
            **{
                name: f"{getattr(one, name).normalize():f}" for name in ("points", "score", "share")
            },
            "indicators": [*one.indicators],
        }
        for one in found
    ] == EXAMPLE["tag_totals"]


@pytest.mark.parametrize(
    ("rows", "of", "told"),
    [
        # a tag of nothing here is left out; those that are there come in the scheme's order
        (
            [scored("A", "5", "4")],
            {"A": ("key", "core")},
            [("core", "5", "4", "0.8000", ()), ("key", "5", "4", "0.8000", ())],
        ),
        ([scored("A", "5", "4")], {"B": ("key",)}, []),
        # nobody guesses what is missing
        (
            [scored("A", "5", None), scored("B", "5", "5")],
            {"A": ("key",), "B": ("key",)},
            [("key", "10", None, None, ("A",))],
        ),
        # what does not apply counts for nothing
        ([scored("A", "0", "0")], {"A": ("key",)}, [("key", "0", "0", None, ())]),
        # a child alone; and a grandchild below a parent that has the tag
        (
            [scored("A", "9", "9", scored("B", "4", "3"))],
            {"B": ("key",)},
            [("key", "4", "3", "0.7500", ())],
        ),
        (
            [scored("A", "9", "6", scored("B", "4", "3", scored("C", "4", "3")))],
            {"A": ("key",), "B": ("key",), "C": ("key", "core")},
            [("core", "4", "3", "0.7500", ()), ("key", "9", "6", "0.6667", ())],
        ),
    ],
)
def test_a_total_counts_each_indicator_once(rows, of, told):
    found = tag_totals(rows, Tags(KNOWN, {"CAT": of}), "CAT")
    assert [
        (
            one.tag,
            str(one.points),
            None if one.score is None else str(one.score),
            None if one.share is None else str(one.share),
            one.without_score,
        )
        for one in found
    ] == told


def test_a_tag_holds_for_everything_below():
    """Planted bug: forget the tags from above two steps down."""
    inner = indicator("tiers", code="C", points=2, tags=("core",))
    middle = indicator("sum_children", code="B", points=2, children=(inner,))
    top = indicator("sum_children", code="A", points=2, children=(middle,), tags=("key",))
    tags = tags_of(scheme_of((top, indicator("tiers", code="Z"))))
    assert tags.of == {"CAT": {"A": ("key",), "B": ("key",), "C": ("core", "key")}}


def test_an_unknown_tag_is_refused_by_name():
    with pytest.raises(UnknownTag) as refused:
        Tags(KNOWN, {}).indicators("other")
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/tag", "unknown-tag")
    ]


def test_an_explanation_has_the_totals_of_its_sheet():
    tree = {
        "kind": "total",
        "children": [
            {
                "kind": "block",
                "children": [
                    {
                        "kind": "indicator",
                        "code": "A",
                        "points": "5",
                        "score": "4",
                        "children": [{"kind": "component", "code": "A", "children": []}],
                    }
                ],
            },
            {"kind": "adjustment", "children": [{"kind": "claim", "children": []}]},
        ],
    }
    assert [*scored_in(tree)] == [scored("A", "5", "4")]


# over HTTP


@pytest.fixture(scope="session")
async def tagged(new_cycle, others, document):
    """A cycle whose parks have two indicators of a tag, one of them with a value; fed back."""
    cycle, own = new_cycle(), deepcopy(document)
    own["tags"] = [{"code": "core", "name": "核心指标", "name_en": None}]
    (park,) = [each for each in own["categories"] if each["code"] == "PARK"]
    for block in park["blocks"]:
        for each in block["indicators"]:
            if each["code"] in ("P03", "P04"):
                each["tags"] = ["core"]
    others.schemes[cycle.cycle_id] = own
    source = {e["code"]: e["data_source_unit"] for b in park["blocks"] for e in b["indicators"]}
    one = {"unit": "YQ01", "indicator": "P03", "kind": "measured_value", "key": "actual"}
    await cycle.enter(one | {"value": "90"}, unit=source["P03"])
    other = one | {"indicator": "P01", "key": "value", "value": "5"}
    await cycle.enter(other, unit=source["P01"])
    await cycle.score("PARK")
    answer = await cycle.post(cycle.office, "score-sheets/1/feedback")
    assert answer.status_code == 201, answer.text
    return cycle


async def test_a_sheet_gives_the_totals_of_each_unit_and_its_digest_does_not_rest_on_them(tagged):
    sheet = (await tagged.office.get(f"{tagged.path}/score-sheets/1")).json()
    totals = sheet["tag_totals"]
    assert [*totals] == [each["unit"] for each in sheet["units"]]
    (core,) = totals["YQ01"]
    assert (core["tag"], core["indicators"], core["score"]) == ("core", ["P03", "P04"], None)
    scores = {e["indicator"]: e for e in sheet["units"][0]["indicator_scores"]}
    points = [Decimal(scores[code]["points"]) for code in core["indicators"]]
    assert Decimal(core["points"]) == sum(points)


async def test_a_unit_reads_its_own_totals_once_it_was_fed_back(tagged):
    """Planted bug: give the totals of all units beside the unit's tree."""
    own = tagged.caller("assessed_unit", unit="YQ01")
    path = f"{tagged.path}/score-sheets/1/units/YQ01/explanation"
    answer = await own.get(path)
    sheet = (await tagged.office.get(f"{tagged.path}/score-sheets/1")).json()
    assert answer.json()["tag_totals"] == sheet["tag_totals"]["YQ01"]
    assert "YQ02" not in answer.text


async def test_listings_by_indicator_are_narrowed_to_a_tag(tagged):
    """Planted bug: take the tag for the code of an indicator."""
    office, sheets = tagged.office, f"{tagged.path}/score-sheets/1"
    outlook = (await office.get(f"{sheets}/units/YQ01/outlook?tag=core")).json()
    assert {each["indicator"] for each in outlook["chances"]} <= {"P03", "P04"}
    assert outlook["chances"] or outlook["losses"]
    diagnosed = (await office.get(f"{sheets}/diagnostics?tag=core")).json()
    assert [
        [each["indicator"] for each in category["indicators"]]
        for category in diagnosed["categories"]
    ] == [["P03", "P04"]]
    entries = (await office.get(f"{tagged.path}/ledger-entries?tag=core")).json()["items"]
    assert [each["indicator"] for each in entries] == ["P03"]
    compared = await office.get(f"{sheets}/differences?against=1&tag=core")
    assert compared.json()["units"] == []


@pytest.mark.parametrize(
    "path",
    [
        "ledger-entries?tag=x",
        "ledger-entries/restatements?tag=x",
        "score-sheets/1/diagnostics?tag=x",
        "score-sheets/1/differences?against=1&tag=x",
        "score-sheets/1/units/YQ01/outlook?tag=x",
    ],
)
async def test_a_tag_that_the_scheme_lacks_is_refused(tagged, path):
    answer = await tagged.office.get(f"{tagged.path}/{path}")
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-tag")


async def test_whoever_reads_some_categories_narrows_those_to_a_tag(tagged):
    """Planted bug: look for the tag in the trees of all units; those of the hidden are not read."""
    path = f"{tagged.path}/score-sheets/1/diagnostics?tag=core"
    answer = await tagged.caller("committee", unit="YQ02").get(path)
    assert (answer.status_code, answer.json()["categories"]) == (200, [])
