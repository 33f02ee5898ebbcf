"""Whole drawn years: what every sheet promises, whatever was entered and whatever the scheme says.

More years are tried by `make prove`.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from compiling import compiled, compute
from drawn_years import DrawnYear, drawn_year
from printed_formulas import gives

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.evaluator import contradictions, value_of
from scoring.rules.explanation.growing import KeptUnit, grow
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree as as_told
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.document import Indicator, Subcategory
from scoring.rules.scheme.params import Params
from scoring.rules.sheet.outcomes import CARRIED_OVER, SHORT_SAMPLE, Outcome
from scoring.rules.sheet.record import own_facts, shared_facts, written
from scoring.rules.sheet.totals import UnitScores
from service_testing import trials

SEEDS = range(trials(40, 400))


def each_year(test: Callable[[int], None]) -> Callable[[int], None]:
    return pytest.mark.prove(pytest.mark.parametrize("seed", SEEDS)(test))


year_of = cache(drawn_year)


def units_of(year: DrawnYear, categories=("CAT",)) -> list[UnitScores]:
    return list(compute(year.scheme, categories, **year.facts).sheet.units)


@cache
def scored(seed: int) -> list[UnitScores]:
    return units_of(year_of(seed))


def told(units: list[UnitScores]) -> dict[str, tuple]:
    """All that is said of each unit."""
    return {each.unit: (each.total, each.missing, each.decisions, explain(each)) for each in units}


@cache
def all_told(seed: int) -> dict[str, tuple]:
    return told(scored(seed))


@each_year
def test_the_order_in_which_anything_arrives_does_not_matter(seed):
    """Planted bugs: entries in the order of arrival, which shows where one thing is declared twice;
    ties and means by the order of the units."""
    year, order = declared_twice(year_of(seed)), Random(seed)  # noqa: S311 - no secret
    (category,) = year.scheme.categories
    units = order.sample(category.units, len(category.units))
    shuffled = DrawnYear(
        replace(year.scheme, categories=(replace(category, units=tuple(units)),)),
        order.sample(year.entries, len(year.entries)),
        order.sample(year.targets, len(year.targets)),
        dict(order.sample(list(year.satisfaction.items()), len(year.satisfaction))),
    )

    assert told(units_of(shuffled)) == told(units_of(year))


def declared_twice(year: DrawnYear) -> DrawnYear:
    again = [
        each._replace(entry_id=UUID(int=len(year.entries) + n))
        for n, each in enumerate((e for e in year.entries if e.kind == "not_applicable"), 1)
    ]
    return replace(year, entries=[*again, *year.entries])


def beside(year: DrawnYear, other: DrawnYear) -> DrawnYear:
    """A year in which another category has happened too: with other units, and the same codes."""
    names = {unit: f"V{unit}" for unit in other.scheme.categories[0].units}
    last = len(year.entries)
    category = replace(other.scheme.categories[0], code="OTHER", units=tuple(names.values()))
    return DrawnYear(
        replace(year.scheme, categories=(category, *year.scheme.categories)),
        [
            *(
                each._replace(unit=names[each.unit], entry_id=UUID(int=last + each.entry_id.int))
                for each in other.entries
            ),
            *year.entries,
        ],
        [*(replace(each, unit=names[each.unit]) for each in other.targets), *year.targets],
        {(survey, names[unit]): found for (survey, unit), found in other.satisfaction.items()}
        | year.satisfaction,
    )


@each_year
def test_nothing_that_happens_in_another_category_has_a_part_in_a_score(seed):
    """Planted bug: facts about a category found by the indicator's code alone."""
    both = beside(year_of(seed), year_of(seed + 1))
    units = units_of(both, ("CAT", "OTHER"))

    assert told([unit for unit in units if unit.category == "CAT"]) == all_told(seed)


def in_classes(year: DrawnYear, **more: Any) -> DrawnYear:
    """The year with its units in two sub-categories, within which every indicator compares."""
    (category,), halves = year.scheme.categories, []
    for n, code in enumerate(("PLAIN", "HILLS")):
        units = category.units[n::2]
        halves += [Subcategory(code, code, units)] if units else []
    blocks = tuple(
        replace(block, indicators=tuple(within(each, **more) for each in block.indicators))
        for block in category.blocks
    )
    split = replace(category, blocks=blocks, subcategories=tuple(halves))
    return replace(year, scheme=replace(year.scheme, categories=(split,)))


def within(indicator: Indicator, **more: Any) -> Indicator:
    children = tuple(within(child, **more) for child in indicator.children)
    return replace(indicator, children=children, **{"compare_within": "subcategory"} | more)


def scores_by_unit(units: list[UnitScores]) -> dict[str, tuple[Any, ...]]:
    """What each unit scored, with the formulas; not what the whole is called that was compared."""
    return {
        each.unit: (
            {name: shown for name, shown in written(each).items() if name in _SCORED},
            [(one.indicator, one.what, one.effect) for one in each.decisions],
            [(node.code, node.formula, node.score) for node in explain(each).walk()],
        )
        for each in units
    }


_SCORED = {"indicator_scores", "blocks", "total", "missing"}


@each_year
def test_within_a_subcategory_units_are_scored_as_though_it_were_their_category(seed):
    """Planted bugs: facts of a category found once for all its sub-categories; pieces or grades of
    all its units; the mean of all for what is missing."""
    year = in_classes(year_of(seed))
    (category,) = year.scheme.categories
    apart = tuple(
        replace(category, code=each.code, units=each.units, subcategories=())
        for each in category.subcategories
    )
    alone = replace(year, scheme=replace(year.scheme, categories=apart))
    found = units_of(year)

    codes = [each.code for each in apart]
    assert scores_by_unit(found) == scores_by_unit(units_of(alone, codes))
    names = dict.fromkeys(f"{each.code} {each.name}" for each in category.subcategories)
    for unit in found:
        tree = explain(unit)
        assert list(contradictions(tree)) == []
        told_of = [used for node in tree.walk() for used in node.inputs]
        assert {u.value for u in told_of if u.name == "compared within"} <= names.keys()


@each_year
def test_who_compares_within_the_category_does_so_whatever_subcategories_it_has(seed):
    assert told(units_of(in_classes(year_of(seed), compare_within="category"))) == all_told(seed)


@each_year
def test_totals_are_the_sums_of_what_is_shown(seed):
    """Planted bugs: a block of scores before they were rounded, or of those before points moved."""
    composition = year_of(seed).scheme.composition
    for unit in scored(seed):
        shown: dict[str, list[Decimal | None]] = {code: [] for code in unit.blocks}
        for each in written(unit)["indicator_scores"]:
            shown[each["block"]].append(number_of(each["score"]))
            assert [code for code, says, is_ in sums_below(unit, each) if says != is_] == []
        for code, scores in shown.items():
            assert unit.blocks[code] == summed(scores, unit.places)
        base = summed([unit.blocks[code] for code in composition.parts], unit.places)
        assert unit.base_total == base
        total = None if base is None else base + unit.adjustment
        if total is not None and composition.max_total is not None:
            total = min(total, composition.max_total)
        assert unit.total == total
        assert (unit.total is None) == bool(unit.missing)


def summed(scores: list[Decimal | None], places: int) -> Decimal | None:
    if None in scores:
        return None
    return half_up(sum(map(Fraction, scores), Fraction(0)), places)


def number_of(written_number: str | None) -> Decimal | None:
    return None if written_number is None else Decimal(written_number)


def sums_below(
    unit: UnitScores, shown: dict[str, Any]
) -> Iterator[tuple[str, Decimal, Decimal | None]]:
    """Yield what plain sums say, and what their children add up to, where no points moved."""
    indicator, children = unit.of.plan.indicators[shown["indicator"]], shown["children"]
    for child in children:
        yield from sums_below(unit, child)
    plain = indicator.method == "sum_children" and indicator.params["extra_cap"] is None
    plain &= unit.outcomes[indicator.code].decision != "category_mean"
    apart = Decimal(shown["points"]) - sum(Decimal(child["points"]) for child in children)
    if plain and children and shown["score"] is not None and abs(apart) < Decimal("0.001"):
        places = unit.outcomes[indicator.code].column.scores.places
        scores = [number_of(child["score"]) for child in children]
        yield indicator.code, Decimal(shown["score"]), summed(scores, places)


@each_year
def test_every_printed_formula_is_worth_exactly_what_it_explains(seed):
    """Planted bugs: a number of another unit put in, one that was rounded on the way, an evaluator
    that reads another precedence."""
    for unit in scored(seed):
        tree = explain(unit)
        assert list(contradictions(tree)) == []
        for node in tree.walk():
            if node.formula is not None and node.score is not None:
                exact = node.rounding.value if node.rounding else Fraction(node.score)
                assert gives(node.formula, exact), node.formula
                assert gives(node.formula, value_of(node.formula)), node.formula


@each_year
def test_an_explanation_grown_from_what_is_kept_of_a_unit_is_the_one_of_the_computation(seed):
    """Planted bug: something that other units have a part in, and that is not among the facts."""
    year = year_of(seed) if seed % 2 else in_classes(year_of(seed))
    computation = compute(year.scheme, ("CAT",), **year.facts)
    (category,), units = computation.categories, computation.sheet.units
    own = own_facts(category.facts, range(len(units)))
    kept = {
        each.unit: KeptUnit(
            written(each),
            own[row],
            (),
            [entry for entry in year.entries if entry.unit == each.unit],
            [target for target in year.targets if target.unit == each.unit],
            {s: found for (s, unit), found in year.satisfaction.items() if unit == each.unit},
        )
        for row, each in enumerate(units)
    }
    shared = {"CAT": shared_facts(category.facts)}
    for each in units:
        grown = grow(compiled(year.scheme), shared, {each.unit: kept[each.unit]})[each.unit]
        assert grown.holds
        assert grown.tree == explain(each)


@each_year
def test_what_others_did_is_not_in_what_a_unit_reads_of_its_own_scores_before_the_release(seed):
    """Planted bugs: inputs of the source `group`, or formulas of what rests on others, told to the
    unit; what a policy says of others told without a source."""
    year, order = year_of(seed), Random(seed)  # noqa: S311 - no secret
    units = year.scheme.categories[0].units
    unit = order.choice(units)
    other = replace(year, entries=list(map(partial(otherwise, order, unit), year.entries)))
    before, after = (
        next(each for each in units_of(one) if each.unit == unit) for one in (year, other)
    )
    if written(before)["indicator_scores"] == written(after)["indicator_scores"]:
        first, second = (own_reading(as_told(explain(each))) for each in (before, after))
        assert first == second


def otherwise(order: Random, unit: str, entry: Entry) -> Entry:
    """An entry of another unit, which may have another value now."""
    if entry.unit == unit or entry.value is None or order.random() > 0.1:
        return entry
    return entry._replace(value=entry.value + Decimal(order.choice(["1", "-1", "0.01", "50"])))


# What methods promise of their scores.

Bounds = tuple[Fraction | None, Fraction | None]
NONE, ONE = Fraction(0), Fraction(1)


@each_year
def test_every_score_lies_where_its_method_promises(seed):
    """Planted bugs: a floor or a cap left out, or one of all units in the place of a unit's own."""
    for unit in scored(seed):
        for outcome in unit.outcomes.values():
            if outcome.decision in (None, CARRIED_OVER, SHORT_SAMPLE) and outcome.score is not None:
                low, high = promised(outcome, unit.unit)
                assert low is None or low <= outcome.score
                assert high is None or outcome.score <= high


def promised(outcome: Outcome, unit: str) -> Bounds:
    """The least and the most that a score may be, rounded as it is."""
    column = outcome.column
    indicator, places = column.indicator, column.scores.places
    if indicator.children:
        return None, None
    params = indicator.parameters_of(unit)
    low, high = bounds(indicator, indicator.method, params, places)
    if not indicator.allow_exceed:
        points = Fraction(indicator.points)
        high = points if high is None else min(high, points)
    return rounded(low, places), rounded(high, places)


def rounded(number: Fraction | None, places: int) -> Fraction | None:
    return None if number is None else Fraction(half_up(number, places))


def bounds(indicator: Indicator, method: str, params: Params, places: int) -> Bounds:
    if method in INNER:
        return INNER[method](indicator, params, places)
    low, high = _BOUNDS[method](params, Fraction(indicator.points))
    return low, high


def number(params: Params, name: str, default: object = None) -> Fraction | None:
    found = params.optional(name)
    return default if found is None else Fraction(found)


def in_all(_: Params, points: Fraction) -> Bounds:
    return NONE, points


def ratio(params: Params, points: Fraction) -> Bounds:
    over = params.group("over_target")
    extra = NONE if over is None else number(over, "max_points")
    return NONE, number(params, "cap_ratio", ONE) * points + extra


def growth(params: Params, points: Fraction) -> Bounds:
    return NONE, points * max(number(params, "cap_ratio", ONE), number(params, "base_ratio"))


def pledged(params: Params, points: Fraction) -> Bounds:
    cap = number(params, "cap_ratio")
    return NONE, None if cap is None else cap * points


def tiers(params: Params, points: Fraction) -> Bounds:
    worth = [number(tier, "points") for tier in params.each("tiers")]
    worth.append(number(params, "else_points", NONE))
    return min(worth), max(worth)


def ranked(params: Params, points: Fraction) -> Bounds:
    floor, table = number(params, "floor_ratio", NONE), params.numbers("table")
    unbounded = floor == 0 and params.flag("allow_below_zero", False)
    low = None if unbounded else floor * points
    high = max([NONE, *map(Fraction, table.values())]) if table else points
    return low, high if low is None else max(low, high)


def between(params: Params, points: Fraction) -> Bounds:
    if params.word("bounds") == "fixed" and not params.flag("clamp", True):
        return None, None
    return number(params, "base_ratio") * points, points


def by_steps(params: Params, points: Fraction) -> Bounds:
    most = "cap_ratio" if number(params, "bonus_per_step") else "base_ratio"
    return NONE, number(params, most) * points


def capped(params: Params, points: Fraction) -> Bounds:
    return NONE, number(params, "cap_ratio") * points


def clamped(params: Params, points: Fraction) -> Bounds:
    return (NONE, points) if params.flag("clamp", True) else (None, None)


def counted(params: Params, points: Fraction) -> Bounds:
    return NONE, points + number(params, "extra_cap", NONE)


def by_word(name: str) -> Callable[[Params, Fraction], Bounds]:
    def found(params: Params, points: Fraction) -> Bounds:
        worth = [Fraction(share) * points for share in params.numbers(name).values()]
        return min(worth), max(worth)

    return found


def deducted(params: Params, points: Fraction) -> Bounds:
    floor = params.optional("floor") if "floor" in params.given else NONE
    return None if floor is None else Fraction(floor), points


def from_low_to_cap(params: Params, points: Fraction) -> Bounds:
    return number(params, "low", NONE), number(params, "cap")


def item_capped(params: Params, points: Fraction) -> Bounds:
    return NONE, number(params, "item_cap_ratio", ONE) * points


def external(params: Params, points: Fraction) -> Bounds:
    kinds = {"score": in_all, "grade": by_word("grades"), "rank_pct": tiers}
    return kinds[params.word("kind")](params, points)


_BOUNDS: dict[str, Callable[[Params, Fraction], Bounds]] = {
    "ratio_to_target": ratio,
    "stepped_deduction": in_all,
    "baseline_growth": growth,
    "pledge": pledged,
    "tiers": tiers,
    "all_or_nothing": in_all,
    "rank_points": ranked,
    "relative_to_best": in_all,
    "efficacy_linear": between,
    "efficacy_exp": between,
    "min_max": clamped,
    "z_score": clamped,
    "percentile_rank": in_all,
    "steps_from": by_steps,
    "share_of_sum": capped,
    "count_points": counted,
    "milestone": by_word("status_ratio"),
    "grade_map": by_word("grades"),
    "qualitative_panel": in_all,
    "survey_score": in_all,
    "items_weighted": item_capped,
    "external_result": external,
    "deduct_events": deducted,
    "base_plus_minus": from_low_to_cap,
    "expression": from_low_to_cap,
}


def weighed(parts: list[tuple[Fraction, Bounds]], places: int) -> Bounds:
    lows = [rounded(low, places) for _, (low, _) in parts]
    highs = [rounded(high, places) for _, (_, high) in parts]
    weights = [weight for weight, _ in parts]
    low, high = (
        None if None in each else sum((w * one for w, one in zip(weights, each, strict=True)), NONE)
        for each in (lows, highs)
    )
    return low, high


def blended(indicator: Indicator, params: Params, places: int) -> Bounds:
    parts = [
        (
            number(part, "weight"),
            bounds(indicator, part.word("method"), part.group("params"), places),
        )
        for part in params.each("components")
    ]
    return weighed(parts, places)


def by_period(indicator: Indicator, params: Params, places: int) -> Bounds:
    if params.group("component") is None:
        return NONE, None
    parts = []
    for name, weight in zip(params.words("periods"), params.amounts("weights"), strict=True):
        own = params.with_(indicator.period_params.get(name, {})).group("component")
        parts.append(
            (Fraction(weight), bounds(indicator, own.word("method"), own.group("params"), places))
        )
    return weighed(parts, places)


def inherited(indicator: Indicator, params: Params, places: int) -> Bounds:
    points, ordinary = Fraction(indicator.points), params.group("otherwise")
    if ordinary is None:
        return NONE, points
    low, high = bounds(indicator, ordinary.word("method"), ordinary.group("params"), places)
    return None if low is None else min(low, NONE), None if high is None else max(high, points)


INNER = {
    "blend": blended,
    "periodic_weighted": by_period,
    "inherit_superior": inherited,
}
"""Those of methods within which there are others."""


@pytest.mark.parametrize("seed", range(12))
def test_a_sheet_is_freed_as_soon_as_nobody_holds_it(seed):
    """Planted bug: a column's narration refers to the category that holds the column, so that all
    entries stay in memory until the garbage collector looks for circles."""
    year = year_of(seed) if seed % 2 else in_classes(year_of(seed))
    gc.disable()
    try:
        gc.collect(1)  # none is young then
        units = units_of(year)
        assert young_sources() > 0
        told(units)
        del units
        assert young_sources() == 0
    finally:
        gc.enable()


def young_sources() -> int:
    """Count those that came since the last collection: to go through all that a worker holds takes
    as long as the year."""
    return sum(type(each) is Sources for each in gc.get_objects(generation=0))
