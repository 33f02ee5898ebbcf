"""What stands for the parts of a scheme that it leaves out: nothing that it does not use is wanted.

A part that is left out is written into the scheme when it is saved, so that whoever reads a scheme
finds it whole.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicators.rules.adjustments import Adjustments, BonusPolicy, DeductionPolicy, Window
from indicators.rules.policies import (
    Composition,
    GradePolicy,
    LedgerPolicy,
    RankingPolicy,
    VetoPolicy,
)

if TYPE_CHECKING:
    from indicators.rules.scheme import Category, Scheme

UNGRADED = "ungraded"
"""The one grade of a scheme that has none of its own."""


def no_zero_reports() -> LedgerPolicy:
    """Return that silence is no missing data."""
    return LedgerPolicy(zero_report_required=False)


def every_block() -> Composition:
    """Return the total of all blocks that a category has, and of all claims that there are rules
    for; `complete` writes down which these are."""
    return Composition(parts=(), bonus=False, deductions=False)


def no_adjustments() -> Adjustments:
    """Return that nothing is claimed; `complete` has the window be the assessment year."""
    return Adjustments(
        Window(dt.date.min, dt.date.max),
        "none",
        BonusPolicy((), "highest"),
        DeductionPolicy((), "highest"),
    )


def no_vetoes() -> VetoPolicy:
    """Return that there are no vetoes; `complete` has the lowest grade be the cap."""
    return VetoPolicy("", ())


def no_grades() -> GradePolicy:
    """Return the one grade of everybody where there are none."""
    return GradePolicy((UNGRADED,), (), Decimal(0), "backfill", {UNGRADED: "不分等次"})


def by_total() -> RankingPolicy:
    """Return the order by totals alone, equal ones sharing a rank."""
    return RankingPolicy((), "same_rank_skip")


def filled(scheme: "Scheme") -> "Scheme":
    """Return the scheme with all that it leaves out."""
    if scheme.composition == every_block():
        scheme = _composed(scheme)
    if scheme.adjustments == no_adjustments() and 1 <= scheme.assessment_year <= 9999:
        year = scheme.assessment_year
        window = Window(dt.date(year, 1, 1), dt.date(year, 12, 31))
        scheme = replace(scheme, adjustments=replace(scheme.adjustments, window=window))
    if scheme.vetoes == no_vetoes() and scheme.grades.order:
        scheme = replace(scheme, vetoes=VetoPolicy(scheme.grades.order[-1], ()))
    return scheme


_POLICIES = {
    "composition": every_block,
    "adjustments": no_adjustments,
    "grades": no_grades,
    "ranking": by_total,
}


def left_out(scheme: "Scheme", name: str) -> bool:
    """Say whether a policy of a scheme that is filled is what stands for one that is left out."""
    blank: dict[str, Any] = {name: _POLICIES[name]()}
    without = filled(replace(scheme, **blank))
    return bool(getattr(without, name) == getattr(scheme, name))


def _composed(scheme: "Scheme") -> "Scheme":
    """Have the total of each category be that of all its blocks: those of the first one, and where
    another has others, by a composition of its own."""
    if not scheme.categories:
        return scheme
    usual = _of_blocks(scheme, scheme.categories[0])
    categories = tuple(
        each
        if each.composition is not None or _alike(_of_blocks(scheme, each), usual)
        else replace(each, composition=_of_blocks(scheme, each))
        for each in scheme.categories
    )
    return replace(scheme, composition=usual, categories=categories)


def _alike(one: Composition, other: Composition) -> bool:
    """Say whether two compositions make the same totals: the order of their blocks is nothing."""
    return set(one.parts) == set(other.parts) and one == replace(other, parts=one.parts)


def _of_blocks(scheme: "Scheme", category: "Category") -> Composition:
    rules = scheme.adjustments_of(category)
    parts = tuple(block.code for block in category.blocks)
    return Composition(parts, bool(rules.bonus.rules), bool(rules.deductions.rules))
