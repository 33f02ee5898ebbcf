"""Every formula of an explanation, computed again from its text, gives the same digits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from scoring.rules.computation import Change, compute, rescore
from scoring.rules.methods.composed import sum_children
from scoring.rules.methods.counted import count_points

from scoring.rules.columns.exact import half_up, logarithm, power
from scoring.rules.explanation.tree import Node, explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.formulas import formula
from scoring.rules.scheme.params import Params

LABEL = re.compile(r" \((?=[^()]*[^\W\d_]|[^()]*[≤≥<>])[^()]*\)| \[.*\]")
"""What stands in brackets behind a number says what it is; it is not computed."""

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class Exactly(Fraction):
    """A fraction whose powers are as exact as they can be."""

    def __pow__(self, exponent):
        return Exactly(power(self, Fraction(exponent)))

    def _as(name):  # noqa: N805 - makes methods
        return lambda self, other: Exactly(getattr(Fraction, name)(self, other))

    __add__, __radd__, __sub__ = _as("__add__"), _as("__radd__"), _as("__sub__")
    __mul__, __truediv__ = _as("__mul__"), _as("__truediv__")


def again(printed: str) -> Fraction:
    """The value of a printed formula; `…` marks where an endless fraction was cut to 12 places."""
    text = LABEL.sub("", LABEL.sub("", printed)).replace("…", "")
    text = text.replace("×", "*").replace("^", "**")
    text = NUMBER.sub(lambda found: f"X('{found[0]}')", text)
    known = {"X": Exactly, "min": min, "max": max, "ln": lambda x: Exactly(logarithm(x))}
    return Fraction(eval(text, {"__builtins__": {}}, known))  # noqa: S307 - our own numbers


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def wrong_lines(root: Node) -> list[tuple[str, str | None, Decimal | None]]:
    """The nodes whose formula is worth something else than their score."""
    wrong = []
    for node in walk(root):
        if node.formula is None or node.score is None:
            continue
        value = again(node.formula)
        if node.rounding is not None:
            assert node.rounding.rounded == node.score
            value = Fraction(half_up(value, node.rounding.places))
        if value != node.score:
            wrong.append((node.code, node.formula, node.score))
    return wrong


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
    """Planted bug: a formula that prints the number of steps rounded to one place."""
    sheet = compute(scheme, {"COUNTY"}, **facts).sheet
    lines = [node for unit in sheet.units for node in walk(explain(unit)) if node.formula]

    assert len(lines) > 11 * 25
    assert [line for unit in sheet.units for line in wrong_lines(explain(unit))] == []


def test_every_score_says_how_it_came_about(scheme, facts):
    """Caught: a score that nothing explains."""
    sheet = compute(scheme, {"COUNTY"}, **facts).sheet
    for unit in sheet.units:
        for node in walk(explain(unit)):
            if node.kind in {"indicator", "component"}:
                assert node.rule
                assert node.formula
                assert node.rounding
            if node.kind == "indicator" and not node.children:
                assert node.inputs
                assert all(u.entries or u.source != "ledger" for u in node.inputs)


def test_shares_of_pieces_are_printed_without_being_cut():
    """Planted bug: a seventh printed to twelve places, times a thousand points."""
    params = Params({"full_at": 2, "per_item": "1000", "extra_per_item": "7000", "extra_cap": 9000})
    for count in (Fraction(1, 7), Fraction(16, 7), Fraction(3)):
        found = count_points(Decimal(9000), params, 12, count=count)
        assert half_up(again(found.formula), 12) == found.score


def test_a_sum_with_capped_extras_is_printed_so_that_it_holds():
    children = {"A": Decimal("13.25"), "B": Decimal(9), "C": Decimal("4.5")}
    worth = {"A": Fraction(10), "B": Fraction(10), "C": Fraction(10, 3)}
    for most in ("0", "1.5", "9"):
        found = sum_children(12, children, worth=worth, extra_cap=Decimal(most))
        assert half_up(again(found.formula), 12) == found.score


def test_a_formula_still_holds_where_points_were_moved(scheme, county, facts):
    computation = compute(scheme, {"COUNTY"}, **facts)
    out = [
        Entry(UUID(int=10**9 + n), unit, code, "not_applicable", None, None, "2025", None, None)
        for n, (unit, code) in enumerate(
            (unit, code)
            for unit, codes in [("XQ01", ["C01"]), ("XQ02", ["C10A", "C18B"]), ("XQ03", ["C06"])]
            for code in codes
        )
    ]
    sheet = rescore(computation, Change(entries=out)).sheet

    assert [len(unit.decisions) for unit in sheet.units[:4]] == [1, 2, 1, 0]
    assert [line for unit in sheet.units for line in wrong_lines(explain(unit))] == []


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
        replace(entry, entry_id=UUID(int=10**9 + n * 4 + quarter), period=f"2025Q{quarter + 1}")
        for n, entry in enumerate(lent)
        for quarter in range(4)
    ]
    sheet = compute(with_composites(scheme), {"COUNTY"}, **(facts | {"entries": entries})).sheet
    told = [
        node
        for unit in sheet.units
        for node in walk(explain(unit))
        if (node.kind, node.code) == ("component", "composite")
    ]

    assert len(told) == len(sheet.units) * (4 + 1 + 1)
    assert any("…" in node.rounding.exact for node in told)
    assert [line for unit in sheet.units for line in wrong_lines(explain(unit))] == []
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
        for node in walk(explain(unit))
        for used in node.inputs
        if used.source == "target"
    }

    aim = found["C07"]
    assert (aim.name, aim.version, aim.state, aim.set_by) == ("target", 3, "revised", "office-1")
    assert (found["C10A"].version, found["C10A"].state) == (1, "issued")
