"""What the way from totals to consequences comes to, in plain Python."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.system.objected_otherwise import Standing, standings
from tests.system.recomputing import Cell

from kaoping.city.approved import CONSEQUENCES
from kaoping.city.generated import leaves
from kaoping.plan import Document, Plan

Cells = Mapping[Cell, Decimal | None]


def category_of(plan: Plan, code: str) -> Document:
    """Return a category of the scheme."""
    [category] = [each for each in plan.scheme["categories"] if each["code"] == code]
    return category


def worth(plan: Plan, category: str, indicator: str, said: Mapping[str, Any]) -> Decimal:
    """Return the points of an entry, by what the scheme says of a tier or of a grade."""
    [leaf] = [e for e in leaves(category_of(plan, category)) if e["code"] == indicator]
    if "word" in said:
        return Decimal(leaf["points"]) * Decimal(leaf["params"]["grades"][said["word"]])
    reached = [
        Decimal(tier["points"])
        for tier in leaf["params"]["tiers"]
        if Decimal(said["value"]) >= Decimal(tier["min"])
    ]
    return max(reached, default=Decimal(leaf["params"]["else_points"]))


def corrected_cells(
    plan: Plan, cells: Cells, category: str, unit: str, indicator: str, said: Mapping[str, Any]
) -> dict[Cell, Decimal | None]:
    """Return cells of a category once an indicator of a unit is worth something else."""
    now = worth(plan, category, indicator, said)
    before, total = cells[unit, "indicator", indicator], cells[unit, "total", ""]
    assert before is not None
    assert total is not None
    moved = {(unit, "indicator", indicator): now, (unit, "total", ""): total + now - before}
    return {**cells, **moved}


def graded(plan: Plan, code: str, cells: Cells) -> dict[str, Standing]:
    """Return where the units of a category stand; who is vetoed gets no more than qualified."""
    return standings(plan.scheme, code, cells, {unit for unit, *_ in plan.vetoes})


def led_to(found: Mapping[str, Standing], banned: Collection[str]) -> set[tuple[str, str, str]]:
    """Return what grades lead to: unit, kind, amount; who is banned is commended for nothing."""
    return {
        (unit, rule["kind"], str(rule.get("amount")))
        for unit, standing in found.items()
        for rule in CONSEQUENCES["by_grade"]
        if rule["grade"] == standing.grade
        if not (rule["kind"] == "commendation" and unit in banned)
    }


def shared_out(asked: Document, found: Mapping[str, Standing]) -> tuple[list[str], list[list[int]]]:
    """Return the bonus of each claimant in cents over the budget, and the places of each part."""
    of = defaultdict[str, dict[str, Fraction]](dict)
    for rule in CONSEQUENCES["by_grade"]:
        if "amount" in rule:
            of[rule["kind"]][rule["grade"]] = Fraction(rule["amount"])
    exact = [
        Fraction(each["base"])
        * of["bonus_coefficient"][found[each["unit"]].grade or ""]
        * each.get("months", 12)
        / 12
        for each in asked["bonus"]["claimants"]
    ]
    budget, every = Fraction(asked["bonus"]["budget"]), sum(exact)
    cents = (
        _whole(int(min(budget, every) * 100), exact)
        if every > budget
        else [int(each * 100) for each in exact]
    )
    places = []
    for each in asked["places"]:
        rate = of["headcount_quota"][found[each["unit"]].grade or ""]
        heads = sum(part["heads"] for part in each["parts"])
        won = [Fraction(part["won"]) - Fraction(part["lost"]) for part in each["parts"]]
        places.append(_whole(int(rate * heads), won))
    return [f"{each // 100}.{each % 100:02}" for each in cents], places


def _whole(number: int, weights: list[Fraction]) -> list[int]:
    """Return a whole number shared out by largest remainders, of equal ones the heavier first."""
    exact = [number * each / sum(weights) for each in weights]
    parts = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], -weights[n], n))
    for n in order[: number - sum(parts)]:
        parts[n] += 1
    return parts
