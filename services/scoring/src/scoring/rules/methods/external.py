"""Methods that take what a superior or another system has found (系统考评结果)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import prod

from scoring.rules.columns.column import Column
from scoring.rules.columns.exact import precise
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import PERIODS, SuperiorList
from scoring.rules.methods.by_record import by_grade, graded
from scoring.rules.methods.cells import Cells, CompleteCells, Method, missing
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded, parts_of
from scoring.rules.methods.tiers import NONE, in_tiers
from scoring.rules.methods.within_group import IN_TABLE, by_step, least_of, mean_of_periods
from scoring.rules.scheme.params import Params

HUNDRED, FULL = Decimal(100), Decimal(1)

Inner = Callable[[str, Cells], Unrounded]
"""Scores cells by a method within a method, by its name."""


def external_result(cells: Cells) -> Unrounded:
    """Convert what another system found: a score, a grade, or a rank in percent.

    A score counts as its share of `scale`, a grade by the table of `grades`, a rank (the 5th of
    100 is 5) by the `tiers` it lies in. Where its `system` is named last year's result may stand in
    for one that is late.
    """
    kind, system = cells.params.word("kind"), cells.params.group("system")
    late = None if system is None else system.word("late")
    if kind == "grade":
        given, words = graded(cells) if late is None else _graded_elsewhere(cells, late)
        return by_grade(given, words)
    found = cells.measured(kind) if late is None else cells.found_elsewhere(kind, late)[0]
    given = cells.given(found)
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


def _graded_elsewhere(cells: Cells, late: str) -> tuple[CompleteCells, list[str]]:
    column, found = cells.found_elsewhere("grade", late)
    return cells.given(column), [found[at].word or "" for at in sorted(found)]


def superior_rank(cells: Cells) -> Unrounded:
    """Give points by the place that the superior's list gives each unit (上级排名计分): of the
    year, as the mean of every period's, or as the last period's list says."""
    period = cells.params.word("period", "year")
    if period == "year":
        return _placed(cells)
    names = PERIODS[period]
    if cells.params.word("period_combine", "mean") == "last":
        last = cells.during(names[-1], names[:-1])
        scored = _placed(last)
        column = Column(scored.values, scored.gaps)
        return replace(scored, parts=parts_of(cells.points, [last.period], [column], [ONE]))
    return mean_of_periods(names, cells, _placed)


def _placed(cells: Cells) -> Unrounded:
    column, lists = cells.places_given()
    if cells.params.each("tiers"):
        return in_tiers(cells.given(_in_percent(column, lists)))
    given = cells.given(column)
    (place,) = given.inputs
    params, points = cells.params, cells.points
    least = least_of(params, points)
    if params.group("table") is None:
        values, tell = by_step(params, points, place, least)
    else:
        at = range(len(cells)) if given.rows is None else given.rows.tolist()
        values, tell = _in_table(params, place.each(), [lists.get(row) for row in at], least)
    return given.scored(values if least is None else values.most(least), tell)


def _in_percent(column: Column, lists: Mapping[int, SuperiorList]) -> Column:
    """Return places in percent from the best; where nobody says of how many there is a gap."""
    percents, gaps = list[Fraction](), dict(column.gaps)
    for at, place in enumerate(column.values.each()):
        listed = lists[at].listed if at in lists else None
        percents.append(NOTHING if listed is None else place * 100 / listed)
        if listed is None:
            gaps.setdefault(at, (missing("listed"),))
    return Column(Quotients.of(percents), gaps, column.notes)


def _in_table(
    params: Params,
    places: Sequence[Fraction],
    lists: Sequence[SuperiorList | None],
    least: Fraction | None,
) -> tuple[Quotients, Callable[[int], AppliedRule]]:
    """Look places up in the table: counted from the first, else from the last one of the list."""
    table = params.numbers("table")

    def looked_up(place: Fraction, of: SuperiorList | None) -> Decimal:
        last = None if of is None else table.get(str(place - of.listed - 1))
        return table.get(str(place), NONE if last is None else last)

    worth = [looked_up(*each) for each in zip(places, lists, strict=True)]

    def tell(row: int) -> AppliedRule:
        shown = f"{precise(worth[row])} (place {precise(places[row])})"
        return AppliedRule(IN_TABLE, shown if least is None else f"max({shown}, {precise(least)})")

    return Quotients.of(worth), tell


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
    "superior_rank": superior_rank,
}
"""The methods of this file by their names in a scheme."""
