"""Methods that take what a superior or another system has found (系统考评结果)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import prod

from scoring.rules.columns.exact import precise
from scoring.rules.methods.by_record import by_grade, graded
from scoring.rules.methods.cells import Cells, Method
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded
from scoring.rules.methods.tiers import in_tiers
from scoring.rules.scheme.params import Params

HUNDRED, FULL = Decimal(100), Decimal(1)

Inner = Callable[[str, Cells], Unrounded]
"""Scores cells by a method within a method, by its name."""


def external_result(cells: Cells) -> Unrounded:
    """Convert what another system found: a score, a grade, or a rank in percent.

    A score counts as its share of `scale`, a grade by the table of `grades`, a rank (the 5th of
    100 is 5) by the `tiers` it lies in.
    """
    kind = cells.params.word("kind")
    if kind == "grade":
        given, words = graded(cells)
        return by_grade(given, words)
    given = cells.given(cells.measured(kind))
    if kind == "rank_pct":
        return in_tiers(given)
    points, scale = cells.points, cells.params.number("scale", HUNDRED)
    within = given.inputs[0].most(NOTHING).least(Fraction(scale))
    return given.scored(
        within * (points / Fraction(scale)),
        lambda row: AppliedRule(
            "points × result / scale, from 0 to points",
            f"{precise(points)} × {precise(within.at(row))} / {precise(scale)}",
        ),
    )


def inherit_superior(cells: Cells, inner: Inner) -> Unrounded:
    """Charge the unit its share of what the superior took off, converted and multiplied
    (加倍扣分).

    A loss beyond the indicator's points goes to the deductions, or is dropped, as `excess_to`
    says. Where the superior has taken nothing off, the indicator is scored `otherwise`.
    """
    ordinary = cells.params.group("otherwise")
    if ordinary is None:
        return _charged(cells)
    method = ordinary.word("method")

    def by_superior(some: Cells) -> Unrounded:
        word = f"{method}, not applied, the superior has judged"
        some.note("otherwise", lambda _: word, "scheme")
        return _charged(some)

    def as_usual(some: Cells) -> Unrounded:
        word = f"{method}, applied, no superior_loss"
        some.note("otherwise", lambda _: word, "scheme")
        return inner(method, some.by(ordinary.group("params") or Params({})))

    return cells.apart(cells.entered("superior_loss"), by_superior, as_usual)


def _charged(cells: Cells) -> Unrounded:
    params, points = cells.params, cells.points
    given = cells.given(cells.measured("superior_loss"))
    share, rule = params.optional("share"), "superior_loss × scale × multiplier"
    factors = [params.number("scale"), params.number("multiplier", FULL)]
    if share is not None and share != 1:
        factors, rule = [*factors, share], f"{rule} × share"
    (taken,) = given.inputs
    loss = (taken * prod(map(Fraction, factors), start=ONE)).most(NOTHING)
    spills = params.word("excess_to", "dropped") == "deductions"

    def tell(row: int) -> AppliedRule:
        lost = taken.at(row)
        charged = "0" if lost < 0 else " × ".join([precise(lost), *map(precise, factors)])
        return AppliedRule(f"max(0, points - {rule})", f"max(0, {precise(points)} - {charged})")

    return given.scored(
        (-loss + points).most(NOTHING), tell, (loss - points).most(NOTHING) if spills else None
    )


METHODS: Mapping[str, Method] = {
    "external_result": external_result,
}
"""The methods of this file by their names in a scheme."""
