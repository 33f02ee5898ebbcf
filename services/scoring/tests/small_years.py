"""Small years for tests: a few units, what was entered for them, and what it comes to.

The rules are asked as the product asks them: whole categories are scored, and single cells read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from compiling import compiled

from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.document import (
    Adjustments,
    Block,
    BonusPolicy,
    Category,
    Composition,
    DeductionPolicy,
    Indicator,
    LedgerPolicy,
    Rounding,
    Scheme,
    Target,
    Window,
)
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.outcomes import Outcome

UNITS = ("A", "B", "C", "D")
YEAR = "2025"
SURVEY = "phone"


def indicator(
    method: str, params: Mapping | None = None, code: str = "X", **more: Any
) -> Indicator:
    """An indicator of 10 points whose score may exceed them, unless said otherwise."""
    given = {"points": 10, "allow_exceed": True, "children": ()} | more
    given["points"] = Decimal(str(given["points"]))
    return Indicator(
        code=code,
        name=code,
        method=method,
        params=dict(params or {}),
        data_source_unit="own_unit",
        **given,
    )


def scheme_of(
    *blocks: tuple[Indicator, ...],
    units: Sequence[str] = UNITS,
    places: int = 4,
    zero_report_required: bool = True,
) -> Scheme:
    """A scheme of one category, CAT, with blocks B1, B2, … that all count."""
    made = tuple(
        Block(f"B{n}", f"B{n}", sum((i.points for i in block), Decimal(0)), block)
        for n, block in enumerate(blocks, 1)
    )
    return Scheme(
        int(YEAR),
        Rounding(places, "half_up"),
        LedgerPolicy(zero_report_required=zero_report_required),
        (Category("CAT", "CAT", tuple(units), made),),
        Composition(tuple(block.code for block in made), True, True, None),
        Adjustments(
            Window(date(2025, 1, 1), date(2025, 12, 31)),
            "none",
            BonusPolicy((), "highest", None, frozenset()),
            DeductionPolicy((), "sum", None),
        ),
    )


class Year:
    """What was entered, line by line; ids count up from 1."""

    def __init__(self, units: Sequence[str] = UNITS, *, zero_report_required: bool = True) -> None:
        self.units, self.zero_report_required = tuple(units), zero_report_required
        self.ids = count(1)
        self.entries: list[Entry] = []
        self.targets: list[Target] = []
        self.satisfaction: dict[tuple[str, str], Satisfaction] = {}

    def enter(
        self,
        unit,
        kind,
        key=None,
        value=None,
        *,
        code="X",
        item=None,
        period=YEAR,
        word=None,
        **more,
    ):
        number = None if value is None else Decimal(str(value))
        entry_id = UUID(int=next(self.ids))
        self.entries.append(
            Entry(entry_id, unit, code, kind, key, item, period, number, word, **more)
        )
        return self

    def values(self, key="value", code="X", period=YEAR, **by_unit):
        """Enter a measured value of each unit named; None is none."""
        for unit, value in by_unit.items():
            if value is not None:
                self.enter(unit, "measured_value", key, value, code=code, period=period)
        return self

    def out(self, unit, code="X"):
        """Declare an indicator not applicable to a unit."""
        return self.enter(unit, "not_applicable", code=code)

    def aim(self, unit="A", item=None, code="X", *, lowered=False, **numbers):
        """Set target, baseline or pledge of a unit."""
        given = {name: Decimal(str(number)) for name, number in numbers.items()}
        blank = {"target": None, "baseline": None, "pledge": None}
        self.targets.append(Target(unit, code, item, **(blank | given), lowered=lowered))
        return self

    def category(
        self, *indicators: Indicator, units: Sequence[str] = (), places: int = 4
    ) -> CategoryScores:
        """Score a category of these indicators."""
        units = tuple(units) or self.units
        scheme = scheme_of(
            indicators, units=units, places=places, zero_report_required=self.zero_report_required
        )
        sources = Sources(
            scheme,
            units,
            group=units,
            entries=sorted(self.entries, key=lambda each: each.entry_id.int),
            targets=self.targets,
            satisfaction=self.satisfaction,
        )
        plan = plan_of(compiled(scheme), scheme.categories[0])
        return score_category(plan, scheme.rounding, sources)

    def outcomes(
        self, *indicators: Indicator, units: Sequence[str] = (), places: int = 4
    ) -> dict[str, dict[str, Outcome]]:
        """What every indicator comes to, by code and unit."""
        found = self.category(*indicators, units=units, places=places)
        return {
            code: {unit: column.at(row) for row, unit in enumerate(found.sources.units)}
            for code, column in found.outcomes.items()
        }


# One method, by the names of its inputs.

ME = "me"


def scored(
    method: str, points: object, params: Mapping[str, Any], *, places: int = 4, **inputs: Any
) -> Outcome:
    """What one unit comes to by a method, given its inputs by name.

    Inputs that are the unit's own are entered for it, or set as its target; those that other units
    have a part in (`rank`, `worse`, `values` and `spread` of everybody, or `besides` of the others)
    make as many other units as they need. `low` and `high` are the fixed bounds of the scheme.
    """
    year, params = Year((ME,)), dict(params)
    for name, value in inputs.items():
        _ENTERED[name](year, method, params, value)
    _complete(method, params, inputs)
    found = indicator(method, params, points=points)
    return year.outcomes(found, places=places)["X"][ME]


def _complete(method: str, params: dict[str, Any], inputs: Mapping[str, Any]) -> None:
    """Say in the parameters what the scheme says of the inputs themselves."""
    if method == "items_weighted":
        params["items"] = len(inputs["actuals"])
    elif method == "qualitative_panel":
        params["panel_size"] = len(inputs["scores"])
    elif method == "survey_score":
        params["survey"] = SURVEY
    elif method == "periodic_weighted":
        params.setdefault("periods", ["H1", "FY"])
    if "low" in inputs:
        params |= {"bounds": "goalposts" if method == "min_max" else "fixed"}
        params |= {"low": inputs["low"], "high": inputs["high"]}


def _value(year: Year, method: str, params: Mapping[str, Any], number: object) -> None:
    year.values(params.get("input", "value"), me=number)


def _others(year: Year, numbers: Iterable[object]) -> None:
    """Enter the values of other units: one each."""
    for number in numbers:
        unit = f"other {len(year.units)}"
        year.units += (unit,)
        year.enter(unit, "measured_value", "value", number)


def _all_values(year: Year, method: str, params: Mapping[str, Any], numbers: list) -> None:
    """Enter the values of the others; the unit's own may be among the numbers, and then is once."""
    (own,) = (each.value for each in year.entries if each.unit == ME)
    rest = [Decimal(str(number)) for number in numbers]
    if own in rest:
        rest.remove(own)
    _others(year, rest)


def _rank(year: Year, method: str, params: Mapping[str, Any], rank: int) -> None:
    year.values(me=0)
    _others(year, range(1, rank))


def _tied(year: Year, method: str, params: Mapping[str, Any], tied: int) -> None:
    _others(year, [0] * (tied - 1))


def _worse(year: Year, method: str, params: Mapping[str, Any], worse: int) -> None:
    year.values(me=0)
    _others(year, range(-worse, 0))


def _equal(year: Year, method: str, params: Mapping[str, Any], equal: int) -> None:
    _others(year, [0] * equal)


def _other_units(year: Year, method: str, params: Mapping[str, Any], others: int) -> None:
    _others(year, range(1, others + 2 - len(year.units)))


def _target(year: Year, **numbers: object) -> None:
    """Set one number of the unit's target beside those that are set already."""
    known = {
        name: getattr(each, name)
        for each in year.targets
        for name in ("target", "baseline", "pledge")
        if getattr(each, name) is not None
    }
    lowered = any(each.lowered for each in year.targets)
    year.targets.clear()
    year.aim(ME, **({"lowered": lowered} | known | numbers))


def _items(year: Year, method: str, params: Mapping[str, Any], numbers: list) -> None:
    for item, number in enumerate(numbers, 1):
        year.enter(ME, "measured_value", "actual", number, item=str(item))


def _aims(year: Year, method: str, params: Mapping[str, Any], numbers: list) -> None:
    for item, number in enumerate(numbers, 1):
        year.aim(ME, str(item), target=number)


def _counts(year: Year, method: str, params: Mapping[str, Any], counts: Mapping) -> None:
    for event, number in (counts or {"zero_report": 0}).items():
        year.enter(ME, "event", event, number)


def _nodes(year: Year, method: str, params: Mapping[str, Any], nodes: Iterable[str]) -> None:
    for item, word in enumerate(nodes, 1):
        year.enter(ME, "milestone", item=str(item), word=word)


def _marks(year: Year, method: str, params: Mapping[str, Any], marks: Iterable) -> None:
    for seat, mark in enumerate(marks, 1):
        year.enter(ME, "panel_mark", value=mark, item=str(seat))


def _result(year: Year, method: str, params: Mapping[str, Any], result: object) -> None:
    if params["kind"] == "grade":
        year.enter(ME, "grade", word=result)
    else:
        year.values(params["kind"], me=result)


def _ratios(year: Year, method: str, params: Mapping[str, Any], ratios: Iterable) -> None:
    for name, ratio in zip(params.get("periods", ["H1", "FY"]), ratios, strict=True):
        year.values("ratio", period=YEAR + ("" if name == "FY" else name), me=ratio)


def _named(year: Year, method: str, params: dict[str, Any], named: Mapping) -> None:
    params["inputs"] = {name: {"from": "measured", "key": name} for name in named}
    for name, number in named.items():
        year.values(name, me=number)


def _found(year: Year, method: str, params: Mapping[str, Any], satisfaction: object) -> None:
    year.satisfaction[SURVEY, ME] = Decimal(str(satisfaction))


def _measured(key: str):
    return lambda year, method, params, number: year.values(key, me=number)


_ENTERED = {
    "actual": _measured("actual"),
    "count": _measured("count"),
    "superior_loss": _measured("superior_loss"),
    "value": _value,
    "target": lambda year, method, params, number: _target(year, target=number),
    "standard": lambda year, method, params, number: _target(year, target=number),
    "baseline": lambda year, method, params, number: _target(year, baseline=number),
    "pledged": lambda year, method, params, number: _target(year, pledge=number),
    "lowered": lambda year, method, params, lowered: _target(year, lowered=lowered),
    "low": lambda *_: None,
    "high": lambda *_: None,
    "values": _all_values,
    "spread": _all_values,
    "besides": lambda year, method, params, numbers: _others(year, numbers),
    "rank": _rank,
    "tied": _tied,
    "worse": _worse,
    "equal": _equal,
    "others": _other_units,
    "actuals": _items,
    "targets": _aims,
    "counts": _counts,
    "nodes": _nodes,
    "scores": _marks,
    "result": _result,
    "grade": lambda year, method, params, word: year.enter(ME, "grade", word=word),
    "period_ratios": _ratios,
    "inputs": _named,
    "satisfaction": _found,
}
"""How each input of a method is entered."""
