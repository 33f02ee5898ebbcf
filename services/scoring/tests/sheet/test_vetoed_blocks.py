"""A unit's total where vetoes have blocks count for nothing: on the sheet, explained, in SQL."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from uuid import uuid4

import pytest
from compiling import compute
from printed_formulas import again

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.in_chinese import in_chinese
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.vetoed import BlockNotVetoable, explain_vetoed
from scoring.rules.scheme.document import (
    AdjustmentPlace,
    Block,
    Composition,
    PartOfTotal,
    VetoItem,
    VetoPolicy,
)
from scoring.rules.sheet.composing import vetoed_totals
from scoring.rules.sheet.record import written

D = Decimal
PARTS = ("function", "public_review", "comprehensive")
PLAIN = Composition(PARTS, bonus=True, deductions=True, max_total=None)
WEIGHED = (
    PartOfTotal("function", D(61), D(100), D("0.5")),
    PartOfTotal("public_review", D(14), D(100), D("0.2")),
    PartOfTotal("comprehensive", D(25), D(100), D("0.3"), D(98)),
)
COMPOSITIONS = {
    "plain": PLAIN,
    "capped": replace(PLAIN, max_total=D(60)),
    "weighed": replace(PLAIN, by_part=WEIGHED),
    "each part": replace(PLAIN, by_part=WEIGHED, rounding="each_part"),
    "inside": replace(PLAIN, by_part=WEIGHED, adjustment=AdjustmentPlace("comprehensive")),
}
EVERY = VetoPolicy(tuple(VetoItem(each) for each in PARTS))


@pytest.mark.parametrize(
    ("sentence", "composition", "blocks", "adjustment", "out", "base", "total"),
    [
        ("it counts for nothing", PLAIN, ("50", "10", "20"), "2", PARTS[:1], "30", "32"),
        ("of three nothing is left", PLAIN, ("50", "10", "20"), "2", PARTS, "0", "2"),
        ("one below nothing stays", PLAIN, ("-5", "10", "20"), "2", PARTS[:1], "25", "27"),
        ("the cap comes after", COMPOSITIONS["capped"],
         ("50", "10", "20"), "2", PARTS[2:], "60", "60"),
        ("weights are not shared out anew", COMPOSITIONS["weighed"],
         ("61", "14", "25"), "0", PARTS[:1], "49.4", "49.4"),
        ("what stands inside of it stays", COMPOSITIONS["inside"],
         ("61", "14", "25"), "2", PARTS[2:], "70", "70.6"),
        ("and takes off as ever", COMPOSITIONS["inside"],
         ("61", "14", "25"), "-2", PARTS[2:], "70", "69.4"),
    ],
)  # fmt: skip
def test_a_vetoed_block_counts_for_nothing(
    sentence, composition, blocks, adjustment, out, base, total
):
    """Planted bugs: a part that is left out, so that weights are scaled up; a gain by a veto; the
    adjustment gone with its part."""
    scores = dict(zip(PARTS, map(D, blocks), strict=True))
    found = vetoed_totals(scores, D(adjustment), composition, 4, PARTS)
    told = {each.blocks: (each.base_total, each.total) for each in found}
    assert len(told) == 7
    assert told[tuple(out)] == (D(base), D(total)), sentence


def test_a_unit_without_a_total_has_none_of_these_either():
    scores = {"function": D(50), "public_review": None, "comprehensive": D(20)}
    assert [*vetoed_totals(scores, D(0), PLAIN, 4, PARTS)] == []


@pytest.mark.parametrize(
    ("items", "last_year", "found"),
    [
        ((None,), False, ()),
        (("function", "function", None), False, ("function",)),
        (("shown", "gone"), False, ()),
        ((), True, PARTS),  # whichever block last year's are of
        (("comprehensive", "function"), False, ("function", "comprehensive")),
    ],
)
def test_blocks_that_may_be_vetoed_are_those_that_the_scheme_names(scheme, items, last_year, found):
    """Planted bugs: every block of every scheme; one that is only shown."""
    policy = VetoPolicy(tuple(map(VetoItem, items)), uuid4() if last_year else None)
    category = scheme.categories[0]
    category = replace(category, blocks=(*category.blocks, replace(_block(category), code="shown")))
    assert replace(scheme, vetoes=policy).vetoable(category) == found
    many = tuple(replace(_block(category), code=f"b{n}") for n in range(9))
    wide = replace(category, blocks=many, composition=replace(PLAIN, parts=[b.code for b in many]))
    assert replace(scheme, vetoes=policy).vetoable(wide) == ()


def _block(category) -> Block:
    return category.blocks[0]


@pytest.fixture(scope="session")
def sheet_of(scheme, county, satisfaction, claims, names):
    """Score the counties' year by a composition, where every block may be vetoed."""

    def score(composition):
        return compute(
            replace(scheme, composition=composition, vetoes=EVERY),
            {"COUNTY"},
            entries=county.entries,
            targets=county.targets,
            satisfaction=satisfaction,
            claims=claims,
            names=names,
        ).sheet

    return score


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_every_total_without_blocks_is_explained_by_formulas_that_give_it_again(sheet_of, name):
    """From the total to the block that counts nothing, and below it as it was scored. Planted bugs:
    the formula has the block's score; the block itself is gone from the tree."""
    for unit in sheet_of(COMPOSITIONS[name]).units:
        for each in unit.vetoed_totals:
            tree = explain_vetoed(unit, frozenset(each.blocks))
            assert tree.score == each.total
            assert [*contradictions(tree)] == []
            assert half_up(Fraction(again(tree.formula)), 4) == each.total
            out = [node for node in tree.walk() if node.kind == "vetoed_block"]
            assert [node.code for node in out] == [*each.blocks]
            for node in out:
                [block] = node.children
                assert (block.kind, block.score) == ("block", unit.blocks[node.code])
                assert (node.score, node.formula) == (D(0), f"min({_short(block.score)}, 0)")
                assert node.reason.zh == "该板块被一票否决，不计入总分；所依据的事项见排名。"
        told = written_tree(tree)
        assert own_reading(told)["children"]
        assert "该板块被一票否决，不计入总分" in in_chinese(told).values()


def _short(value):
    return f"{value.normalize():f}"


def test_a_block_that_is_no_part_is_refused(sheet_of):
    unit = sheet_of(PLAIN).units[0]
    with pytest.raises(BlockNotVetoable) as refused:
        explain_vetoed(unit, frozenset({"function", "elsewhere", "other"}))
    assert [each.code for each in refused.value.faults] == ["not-a-part"] * 2


def test_a_sheet_without_such_vetoes_is_what_it_was(scheme, county, satisfaction, claims, names):
    """Planted bug: an empty list is told."""
    told = {"satisfaction": satisfaction, "claims": claims, "names": names}
    sheet = compute(scheme, {"COUNTY"}, entries=county.entries, targets=county.targets, **told)
    assert all("vetoed_totals" not in written(unit) for unit in sheet.sheet.units)


RECOMPUTED = """
WITH unit AS (SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS u (
        unit text, blocks jsonb, adjustment numeric, vetoed_totals jsonb)),
told AS (
    SELECT u.unit, u.adjustment, u.blocks, c.value -> 'blocks' AS without,
           (c.value ->> 'base_total')::numeric AS base, (c.value ->> 'total')::numeric AS total
    FROM unit u CROSS JOIN LATERAL jsonb_array_elements(u.vetoed_totals) AS c),
made AS (
    SELECT t.unit, t.without, t.base, t.total, t.adjustment, sum(CASE
        WHEN t.without ? b.key THEN least(b.value::numeric, 0) ELSE b.value::numeric END) AS again
    FROM told t CROSS JOIN LATERAL jsonb_each_text(t.blocks) AS b
    GROUP BY t.unit, t.without, t.base, t.total, t.adjustment)
SELECT count(*) AS cells,
       count(*) FILTER (WHERE base = again AND total = again + adjustment) AS agree FROM made
"""


@pytest.fixture(scope="module")
async def year(new_year, others, document):
    """The reference year of a scheme in which two blocks may be vetoed."""

    async def may_be_vetoed(cycle):
        items = [{"block": "function"}, {"block": "comprehensive"}, {"block": None}]
        others.schemes[cycle.cycle_id] = document | {"vetoes": {"items": items}}

    cycle = await new_year(may_be_vetoed)
    assert await cycle.score() == 1
    return cycle


async def test_a_sheet_tells_each_total_and_sql_finds_the_same(year):
    """Planted bugs: a choice left out; the total without the adjustment."""
    sheet = (await year.office.get(f"{year.path}/score-sheets/1")).json()
    may_be = ["function", "comprehensive"]
    choices = [[*some] for size in (1, 2) for some in combinations(may_be, size)]
    for unit in sheet["units"]:
        assert [each["blocks"] for each in unit["vetoed_totals"]] == choices
    [found] = await year.service.sql(RECOMPUTED, json.dumps(sheet["units"]))
    assert found["cells"] == found["agree"] == 3 * len(sheet["units"])


async def test_the_total_without_a_block_is_explained_before_and_after_the_feedback(year):
    """Planted bugs: tell the kept explanation; tell others' to a unit."""
    sheet = (await year.office.get(f"{year.path}/score-sheets/1")).json()
    unit = next(each for each in sheet["units"] if each["unit"] == "XQ05")
    path = f"{year.path}/score-sheets/1/units/XQ05/explanation"
    usual = (await year.office.get(path)).json()["tree"]
    told = (await year.office.get(f"{path}?vetoed=function")).json()
    tree = told["tree"]
    assert tree["score"] == unit["vetoed_totals"][0]["total"]
    vetoed, *rest = tree["children"]
    assert (vetoed["kind"], vetoed["score"], rest) == (
        *("vetoed_block", "0"),
        usual["children"][1:],
    )
    assert vetoed["children"] == usual["children"][:1]
    for blocks in ("vetoed=elsewhere", "vetoed=function&vetoed=elsewhere"):
        answer = await year.office.get(f"{path}?{blocks}")
        assert (answer.status_code, answer.json()["type"]) == (422, "block-not-vetoable")
    assert (await year.office.get(path + "?vetoed=a&vetoed=b&vetoed=c&vetoed=d")).status_code == 422

    answer = await year.post(year.office, "score-sheets/1/feedback")
    assert answer.status_code == 201, answer.text
    assert (await year.office.get(f"{path}?vetoed=function")).json()["tree"] == tree
    own = year.caller("assessed_unit", unit="XQ05")
    read = (await own.get(f"{path}?vetoed=function")).json()
    assert (read["tree"]["score"], read["digest"]) == (tree["score"], None)
    other = path.replace("XQ05", "XQ06")
    assert (await own.get(f"{other}?vetoed=function")).status_code == 403
