"""Every formula of an explanation, computed again from its text, gives the same digits."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from compiling import compute, formula
from printed_formulas import again
from small_years import Year, indicator

from scoring.rules.columns.exact import half_up
from scoring.rules.columns.quotients import Quotients
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.in_chinese import in_chinese
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.of_children import Child, sum_children


@pytest.fixture(scope="session")
def facts(county, satisfaction, claims, names):
    return {
        "entries": county.entries,
        "targets": county.targets,
        "satisfaction": satisfaction,
        "claims": claims,
        "names": names,
    }


def test_every_printed_formula_of_the_reference_year_gives_the_same_digits(scheme, facts):
    """Planted bug: a formula that prints the value rounded to one place."""
    sheet = compute(scheme, {"COUNTY"}, **facts).sheet
    lines = [node for unit in sheet.units for node in explain(unit).walk() if node.formula]

    assert len(lines) > 11 * 25
    assert [line for unit in sheet.units for line in contradictions(explain(unit))] == []


ENGLISH = re.compile(r"(?<![\w`])(?!(?:min|max|ln|if|round)\b)[A-Za-z_]{2,}(?![\w`])")


def test_what_the_reference_year_explains_is_said_in_chinese_too(scheme, facts):
    """Planted bug: a parameter of a method without its word in Chinese."""
    sheet = compute(scheme, {"COUNTY"}, **facts).sheet
    trees = [explain(unit) for unit in sheet.units]
    said = {at: zh for tree in trees for at, zh in in_chinese(written_tree(tree)).items()}
    for node in [node for tree in trees for node in tree.walk()]:
        if node.rule:
            assert re.search(r"[\u4e00-\u9fff]", said[node.rule]), node.rule
            assert not ENGLISH.search(said[node.rule]), said[node.rule]
        for given in node.inputs:
            assert not ENGLISH.search(said.get(given.name, given.name)), given.name


def test_every_score_says_how_it_came_about(scheme, facts):
    """Caught: a score that nothing explains."""
    sheet = compute(scheme, {"COUNTY"}, **facts).sheet
    for unit in sheet.units:
        for node in explain(unit).walk():
            if node.kind in {"indicator", "component"}:
                assert node.rule
                assert node.formula
                assert node.rounding
            if node.kind == "indicator" and not node.children:
                assert node.inputs
                assert all(u.entries or u.source != "ledger" for u in node.inputs)


def test_shares_of_pieces_are_printed_exactly():
    """Planted bug: a seventh printed to twelve places, times a thousand points."""
    params = {"full_at": 2, "per_item": "1000", "extra_per_item": "7000", "extra_cap": 9000}
    pieces = indicator(
        "count_points", params | {"distinct": True, "when_shared": "share"}, points=9000
    )
    for others, own in ((6, 0), (6, 2), (0, 3)):  # a seventh, two and a seventh, three
        year = Year([f"U{n}" for n in range(others + 1)])
        for unit in year.units:
            year.enter(unit, "measured_value", "count", 1, item="shared")
        for n in range(own):
            year.enter("U0", "measured_value", "count", 1, item=f"own {n}")
        found = year.outcomes(pieces, places=12)["X"]["U0"]
        assert half_up(again(found.narration.formula), 12) == found.score


def test_a_sum_with_capped_extras_is_printed_so_that_it_holds():
    children = [
        Child("A", Quotients.of([Decimal("13.25")]), Fraction(10)),
        Child("B", Quotients.of([Decimal(9)]), Fraction(10)),
        Child("C", Quotients.of([Decimal("4.5")]), Quotients.of([Fraction(10, 3)])),
    ]
    for most in ("0", "1.5", "9"):
        found = sum_children(children, extra_cap=Decimal(most)).rounded(12)
        assert half_up(again(found.narrated(0).formula), 12) == found.score(0)


def test_a_formula_still_holds_where_points_were_moved(scheme, facts):
    out = [
        Entry(UUID(int=10**9 + n), unit, code, "not_applicable", None, None, "2025", None, None)
        for n, (unit, code) in enumerate(
            (unit, code)
            for unit, codes in [("XQ01", ["C01"]), ("XQ02", ["C10A", "C18B"]), ("XQ03", ["C06"])]
            for code in codes
        )
    ]
    entries = [*facts["entries"], *out]
    sheet = compute(scheme, {"COUNTY"}, **(facts | {"entries": entries})).sheet

    assert [len(unit.decisions) for unit in sheet.units[:4]] == [1, 2, 1, 0]
    assert [line for unit in sheet.units for line in contradictions(explain(unit))] == []


def with_composites(scheme):
    """The reference scheme, in which three indicators compare what a formula computes."""
    (county,) = (category for category in scheme.categories if category.code == "COUNTY")
    source = {"key": None, "indicator": None, "value": None}
    lent = source | {"key": "actual", "indicator": "C09", "from": "measured"}
    inputs = {"v": source | {"from": "measured", "key": "value"}, "w": lent}
    methods = {
        "C08": ("rank_points", {"step_ratio": "0.05", "period": "quarter"}, "v / w"),
        "C16": ("relative_to_best", {}, "max(v - 30, 0) / (w + 7) * -(0 - 3)"),
        "C19": ("all_or_nothing", {"threshold": "1"}, "w / 7"),
    }

    def changed(each):
        if each.code not in methods:
            return each
        method, params, formula = methods[each.code]
        params = params | {"composite": {"inputs": inputs, "formula": formula}}
        return replace(each, method=method, params=params)

    blocks = tuple(
        replace(block, indicators=tuple(map(changed, block.indicators))) for block in county.blocks
    )
    return replace(scheme, categories=(replace(county, blocks=blocks),))


def test_a_composite_is_explained_so_that_it_can_be_computed_again(scheme, facts):
    """Planted bug: the formula of another unit's composite, or numbers rounded in it."""
    lent = [entry for entry in facts["entries"] if entry.indicator == "C09"]
    entries = facts["entries"] + [
        entry._replace(entry_id=UUID(int=10**9 + n * 4 + quarter), period=f"2025Q{quarter + 1}")
        for n, entry in enumerate(lent)
        for quarter in range(4)
    ]
    sheet = compute(with_composites(scheme), {"COUNTY"}, **(facts | {"entries": entries})).sheet
    told = [
        node
        for unit in sheet.units
        for node in explain(unit).walk()
        if (node.kind, node.code) == ("component", "composite")
    ]

    assert len(told) == len(sheet.units) * (4 + 1 + 1)
    assert any("…" in node.rounding.exact for node in told)
    assert [line for unit in sheet.units for line in contradictions(explain(unit))] == []
    assert all(formula(node.formula).value({}) == node.rounding.value for node in told)


def test_a_target_shows_its_version_and_who_set_it(scheme, county, facts):
    targets = [
        replace(t, version=3, state="revised", set_by="office-1")
        if (t.unit, t.indicator) == ("XQ01", "C07")
        else t
        for t in county.targets
    ]
    unit = compute(scheme, {"COUNTY"}, **(facts | {"targets": targets})).sheet.units[0]
    found = {
        node.code: used
        for node in explain(unit).walk()
        for used in node.inputs
        if used.source == "target"
    }

    aim = found["C07"]
    assert (aim.name, aim.version, aim.state, aim.set_by) == ("target", 3, "revised", "office-1")
    assert (found["C10A"].version, found["C10A"].state) == (1, "issued")
