"""What a scheme leaves out is written into it when it is saved; what it says stays."""

import datetime as dt
from dataclasses import replace

from indicators.rules.adjustments import Adjustments
from indicators.rules.compiled import compile_scheme
from indicators.rules.defaults import UNGRADED
from indicators.rules.draft import complete
from indicators.rules.policies import Composition, Rounding
from indicators.rules.publication import check_sound
from indicators.rules.references import named_units
from indicators.rules.scheme import Block, Category, Indicator, Scheme
from indicators.rules.without_effect import without_effect


def indicator(code: str, points: int) -> Indicator:
    params = {"threshold": 50}
    return Indicator(code, code, points, "all_or_nothing", params, "B01", "yearly")


def category(code: str, *blocks: str, **other) -> Category:
    made = tuple(Block(b, b, 10, (indicator(f"{code}{b}", 10),)) for b in blocks)
    return Category(code, code, "B01", 10 * len(blocks), (f"U{code}",), made, **other)


def short(*categories: Category, **other) -> Scheme:
    return Scheme("短方案", "SHORT", 2025, Rounding(4), categories, **other)


def test_a_scheme_of_what_it_uses_alone_can_be_published():
    exact = complete(short(category("A", "x", "y")))
    check_sound(exact, named_units(exact))
    compile_scheme(exact)
    assert exact.composition == Composition(("x", "y"), bonus=False, deductions=False)
    year = exact.adjustments.window
    assert (year.opens, year.closes) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert (exact.vetoes.grade_cap, exact.grades.order) == (UNGRADED, (UNGRADED,))
    assert exact.ranking.ties == "same_rank_skip"
    assert not exact.ledger.zero_report_required


def test_all_blocks_of_each_category_make_its_total():
    """Planted bug: the blocks of the first category for all of them."""
    own = Composition(("z",), bonus=False, deductions=False, shown=("x",))
    exact = complete(
        short(
            category("A", "x", "y"),
            category("B", "y", "x"),
            category("C", "x"),
            replace(category("D", "x", "z"), total=10, composition=own),
        )
    )
    check_sound(exact, named_units(exact))
    assert [each.composition and each.composition.parts for each in exact.categories] == [
        None,
        None,
        ("x",),
        ("z",),
    ]


def test_a_category_with_the_same_blocks_and_rules_for_claims_of_its_own_counts_them(scheme):
    """Planted bug: compare only the blocks of two categories."""
    adjustments: Adjustments = scheme().adjustments
    exact = complete(short(category("A", "x"), category("B", "x", adjustments=adjustments)))
    counting = Composition(("x",), bonus=True, deductions=True)
    assert [each.composition for each in exact.categories] == [None, counting]


def test_what_no_category_goes_by_is_not_named_where_it_was_left_out(scheme):
    """Planted bug: tell of a policy that nobody wrote."""
    own = {
        "adjustments": scheme().adjustments,
        "grades": scheme().grades,
        "ranking": scheme().ranking,
        "composition": Composition(("x",), bonus=True, deductions=True, max_total=9),
    }
    said = {each.pointer for each in without_effect(complete(short(category("A", "x", **own))))}
    assert said == set()
    written = short(category("A", "x", **own), ranking=replace(own["ranking"], ties="dense"))
    assert {each.pointer for each in without_effect(complete(written))} == {"/ranking"}


def test_claims_that_have_rules_count_where_nothing_is_said_of_the_total(scheme):
    adjustments: Adjustments = scheme().adjustments
    exact = complete(short(category("A", "x"), adjustments=adjustments))
    assert exact.composition.bonus == bool(adjustments.bonus.rules)
    assert exact.composition.deductions == bool(adjustments.deductions.rules)
    assert exact.composition.bonus


def test_what_a_scheme_says_stays(scheme):
    """Planted bug: a window that the scheme sets is replaced by the year."""
    exact = complete(scheme())
    assert complete(exact) == exact
    assert exact.composition == scheme().composition
    assert exact.adjustments.window == scheme().adjustments.window
