"""Whole years drawn from a seed: every method and policy, overrides, gaps, ties and mistakes.

Few different values make ties and values on a bound; now and then one is long, negative or zero.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.samples import Satisfaction, ShortSample, ShortWave
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

YEAR = "2025"
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
SURVEYS = ("phone", "paper")
FEW = ["0", "1", "2", "2.5", "3", "7", "10", "33.335", "64", "100"]
LONG = ["123456789012345678901.5", "0.00005", "-1", "-99999999999999999999", "98765.4321"]
GRADES = {"A": "1", "B": "0.9", "C": "0.75"}
STATUS = {"on_time": "1", "late": "0.5", "not_done": "0"}
TIERS = [
    {"min": "3", "points": "4"},
    {"min": "0", "max": "2.5", "points": "2.5"},
    {"max": "-1", "points": "0.5"},
]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DrawnYear:
    """A scheme with what was entered, agreed and found in its year."""

    scheme: Scheme
    entries: list[Entry]
    targets: list[Target]
    satisfaction: dict[tuple[str, str], Satisfaction]

    @property
    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `compute`."""
        return {
            "entries": self.entries,
            "targets": self.targets,
            "satisfaction": self.satisfaction,
            "claims": [],
            "names": [],
        }


class _Draw:
    def __init__(self, seed: int) -> None:
        self.random = Random(f"year {seed}")  # noqa: S311 - nothing here is a secret
        self.units = tuple(f"U{n}" for n in range(self.random.choice([1, 2, 4, 7])))
        self.codes: list[str] = []
        self.indicators: list[Indicator] = []

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def some(self, chance: float) -> bool:
        return self.random.random() < chance

    def number(self) -> str:
        if self.some(0.04):
            return self.one(*LONG)
        if self.some(0.3):
            return f"{self.random.randint(0, 12000)}e-2"
        return self.one(*FEW)

    # Parameters.

    def params(self, method: str, *, inner: bool = False) -> Document:
        found: Document = _PARAMS[method](self)
        if not inner and method in _ONE_VALUE and self.some(0.25) and self.codes:
            found["composite"] = self.formula_group()
        return found

    def formula_group(self) -> Document:
        formula = self.one("a + b * c", "a / (b - c)", "if(a > b, a, b / c)", "sqrt(a) + min(b, c)",
                           "round(a / 3, 2) - b", "max(a, b) ** 2 / (c + 1)")  # fmt: skip
        return {"formula": formula, "inputs": {name: self.source() for name in "abc"}}

    def source(self) -> Document:
        entered = [each for each in self.indicators if each.method in _VALUED]
        where = self.one("measured", "constant", "score", "rank", "target", "elsewhere", "measured")
        blank = {"key": None, "indicator": None, "value": None}
        if where == "constant":
            return blank | {"from": "constant", "value": self.number().replace("e-2", "")}
        if where in ("score", "rank") and self.codes:
            return blank | {"from": where, "indicator": self.one(*self.codes)}
        if where == "elsewhere" and entered:
            other = self.one(*entered)
            key = other.params.get("input", "value")
            return blank | {"from": "measured", "indicator": other.code, "key": key}
        if where == "target":
            return blank | {"from": self.one("target", "baseline", "pledge")}
        return blank | {"from": "measured", "key": self.one("a", "b")}

    # Indicators.

    def leaf(self, code: str) -> Indicator:
        method = self.one(*_PARAMS)
        params = self.params(method)
        given: Document = {
            "points": Decimal(self.one("10", "5", "3", "2.5")),
            "allow_exceed": self.some(0.3),
            "missing": self.one("refuse", "refuse", "zero", "skip", "category_mean", "carry_over"),
            "may_be_not_applicable": True,
            "precision": self.one(None, None, None, 0, 2, 6),
            "must_differentiate": self.some(0.06),
            "frequency": self.one("yearly", "yearly", "quarterly", "per_event"),
            "clause": self.one(None, "按规定计分。"),
            "redistribute_to": self.one(None, None, *self.codes) if self.codes else None,
        }
        if self.some(0.2):
            own = self.params(method)
            names = [n for n in own if n in _OVERRIDABLE and n in params]
            if method.startswith(("efficacy", "min_max")):
                names = [name for name in names if name != "low"]  # what is compared is fixed
            units = [unit for unit in self.units if self.some(0.5)]
            given["per_unit_params"] = {
                unit: {name: own[name] for name in names if self.some(0.7)} for unit in units
            }
        if "composite" in params and self.some(0.4):
            composite = params["composite"]
            constants = {
                name: each | {"value": self.one("2", "0.5")}
                for name, each in composite["inputs"].items()
                if each["from"] == "constant"
            }
            inputs = composite["inputs"] | constants
            given["per_unit_params"] = {
                unit: {"composite": composite | {"inputs": inputs}}
                for unit in self.units
                if self.some(0.5)
            }
        if method in ("rank_points", "periodic_weighted") and self.some(0.3):
            given["period_params"] = _period_params(self, method, params)
        indicator = Indicator(
            code=code,
            name=f"指标{code}",
            method=method,
            params=params,
            data_source_unit="own_unit",
            children=(),
            **given,
        )
        self.codes.append(code)
        self.indicators.append(indicator)
        return indicator

    def parent(self, code: str) -> Indicator:
        children = tuple(
            self.parent(f"{code}{n}") if self.some(0.08) else self.leaf(f"{code}{n}")
            for n in range(self.one(1, 2, 3))
        )
        method = self.one("sum_children", "sum_children", "mean_children")
        params: Document = {"extra_cap": self.one(None, None, "1", "0")}
        if method == "mean_children":
            weights = {child.code: self.one("1", "2", "3") for child in children}
            kind = self.one("arithmetic", "geometric", "harmonic")
            params = {"kind": kind, "weights": self.one(None, weights)}
        indicator = Indicator(
            code=code,
            name=f"指标{code}",
            points=sum((child.points for child in children), Decimal(0)),
            method=method,
            params=params,
            data_source_unit="own_unit",
            allow_exceed=self.some(0.5),
            children=children,
            precision=self.one(None, None, 1),
            must_differentiate=self.some(0.05),
            missing=self.one("refuse", "refuse", "zero", "skip", "category_mean"),
        )
        self.codes.append(code)
        return indicator

    def scheme(self) -> Scheme:
        blocks = []
        for b in range(self.one(1, 2)):
            tops = tuple(
                self.parent(f"B{b}I{n}") if self.some(0.3) else self.leaf(f"B{b}I{n}")
                for n in range(self.one(2, 4, 6))
            )
            points = sum((each.points for each in tops), Decimal(0))
            blocks.append(Block(f"B{b}", f"B{b}", points, tops))
        parts = tuple(block.code for block in blocks)
        return Scheme(
            int(YEAR),
            Rounding(self.one(4, 4, 2, 0), "half_up"),
            LedgerPolicy(zero_report_required=self.some(0.6)),
            (Category("CAT", "CAT", self.units, tuple(blocks)),),
            Composition(parts, bonus=True, deductions=self.some(0.7),
                        max_total=self.one(None, Decimal(20))),
            Adjustments(
                Window(date(2025, 1, 1), date(2025, 12, 31)),
                "none",
                BonusPolicy((), "highest", None, frozenset()),
                DeductionPolicy((), "sum", None),
            ),
        )  # fmt: skip


def _efficacy(draw: _Draw) -> Document:
    fixed = {"bounds": "fixed", "low": "1", "high": "9"}
    given = fixed if draw.some(0.5) else {"bounds": "group_min_max", "low": None, "high": None}
    return given | {
        "base_ratio": draw.one("0.6", "0"),
        "direction": draw.one("higher", "lower"),
        "clamp": draw.some(0.7),
    }


def _ranked(draw: _Draw) -> Document:
    table = {str(n): draw.one("5", "4", "1.5", "-1") for n in range(1, 6)}
    step = draw.some(0.6)
    return {
        "step_ratio": draw.one("0.05", "0.3") if step else None,
        "table": None if step else table,
        "rank_by": draw.one("higher", "lower"),
        "from": draw.one("top", "bottom"),
        "tie": draw.one("same_rank_skip", "dense", "average", "forbidden"),
        "floor_ratio": draw.one("0", "0", "0.1"),
        "allow_below_zero": draw.some(0.4),
        "minimum_volume": draw.one(None, None, "2"),
        "period": draw.one(None, None, "quarter", "half_year"),
        "period_combine": "mean",
    }


def _one_period(draw: _Draw) -> Document:
    return _ranked(draw) | {"minimum_volume": None, "period": None}


def _inner(draw: _Draw) -> tuple[str, Document]:
    method = draw.one(*_COMPONENTS)
    params = _one_period(draw) if method == "rank_points" else draw.params(method, inner=True)
    return method, params


def _blend(draw: _Draw) -> Document:
    parts = []
    for key, weight in (("level", "0.4"), ("growth", "0.6")):
        method, params = _inner(draw)
        parts.append({"key": key, "weight": weight, "method": method, "params": params})
    return {"components": parts}


def _periodic(draw: _Draw) -> Document:
    periods = draw.one(["Q1", "H1", "Q3", "FY"], ["H1", "H2"])
    weights = {4: ["0.15", "0.25", "0.25", "0.35"], 2: ["0.5", "0.5"]}[len(periods)]
    component = None
    if draw.some(0.6):
        method, params = _inner(draw)
        component = {"method": method, "params": params}
    return {"periods": periods, "weights": weights, "component": component}


def _inherited(draw: _Draw) -> Document:
    otherwise = None
    if draw.some(0.4):
        method, params = _inner(draw)
        otherwise = {"method": method, "params": params}
    return {
        "scale": draw.one("1", "0.1"),
        "multiplier": draw.one("1", "2"),
        "excess_to": draw.one("deductions", "dropped"),
        "share": draw.one("1", "0.5"),
        "otherwise": otherwise,
    }


def _external(draw: _Draw) -> Document:
    kind = draw.one("score", "grade", "rank_pct")
    blank: Document = {"kind": kind, "scale": None, "grades": None, "tiers": None}
    return (
        blank
        | {
            "score": {"scale": "100"},
            "grade": {"grades": GRADES},
            "rank_pct": {"tiers": [{"max": "10", "points": "4"}, {"max": "50", "points": "2"}]},
        }[kind]
    )


def _expression(draw: _Draw) -> Document:
    group = draw.formula_group()
    return group | {
        "gate": draw.one(None, None, "a >= 1", "b != c"),
        "result": draw.one("points", "ratio"),
        "low": draw.one("0", "-5", "1"),
        "cap": draw.one(None, "6"),
    }


def _period_params(draw: _Draw, method: str, params: Document) -> Document:
    if method == "rank_points":
        return {"Q2": {"floor_ratio": "0.2"}} if params["period"] == "quarter" else {}
    component = params["component"]
    if component is None:
        return {}
    changed = component | {"params": component["params"] | {"cap_ratio": "0.5"}}
    return {params["periods"][0]: {"component": changed}}


_OVERRIDABLE = {
    "cap_ratio", "floor_ratio", "step", "points_per_step", "base_ratio", "tiers", "else_points",
    "threshold", "per_item", "extra_per_item", "base", "low", "cap", "multiplier", "share",
    "bonus_coef", "trim", "status_ratio", "grades", "item_cap_ratio", "over_target", "escalate",
    "when_target_zero", "step_ratio", "centre",
}  # fmt: skip
"""What may differ by unit: neither what is entered nor who is compared with whom."""

_PARAMS: dict[str, Callable[[_Draw], Document]] = {
    "ratio_to_target": lambda d: {
        "direction": d.one("higher", "lower"),
        "cap_ratio": d.one("1", "1.2"),
        "floor_ratio": d.one("0", "0.5"),
        "over_target": d.one(
            None, None, {"per_pct_points": "3", "points": "0.7", "max_points": "1"}
        ),
        "when_target_zero": d.one("refuse", "full", "zero"),
        "no_over_target_when_lowered": d.some(0.7),
    },
    "stepped_deduction": lambda d: {
        "direction": d.one("higher", "lower"),
        "step": d.one("0.7", "2"),
        "points_per_step": "0.3",
        "step_mode": d.one("proportional", "whole_up", "whole_down"),
    },
    "baseline_growth": lambda d: {
        "base_ratio": d.one("0.8", "0.5"),
        "step_pct": "5",
        "points_per_step": d.one("0.2", "1"),
        "cap_ratio": d.one("1", "1.5"),
        "below_base": d.one("proportional", "symmetric"),
    },
    "pledge": lambda d: {
        "bonus_coef": d.one("0.005", "0.01"),
        "deduct_coef": "0.004",
        "cap_ratio": d.one(None, "1.1"),
    },
    "tiers": lambda d: {
        "input": d.one("value", "rate"),
        "tiers": TIERS,
        "else_points": d.one("0", "1"),
        "compare": d.one("raw", "rounded"),
        "places": d.one(0, 1),
        "interpolate": d.some(0.4),
    },
    "all_or_nothing": lambda d: {"input": d.one("value", "rate"), "threshold": d.one("3", "2.5")},
    "rank_points": _ranked,
    "relative_to_best": lambda _: {},
    "efficacy_linear": _efficacy,
    "efficacy_exp": _efficacy,
    "min_max": lambda d: (
        (
            {"bounds": "goalposts", "low": "1", "high": "9"}
            if d.some(0.5)
            else {"bounds": "group", "low": None, "high": None}
        )
        | {"log": d.some(0.3), "direction": d.one("higher", "lower"), "clamp": d.some(0.7)}
    ),
    "z_score": lambda d: {
        "centre": "60",
        "spread": "10",
        "scale": "100",
        "clamp": d.some(0.7),
        "direction": d.one("higher", "lower"),
        "deviation": d.one("population", "sample"),
    },
    "percentile_rank": lambda d: {
        "direction": d.one("higher", "lower"),
        "ties": d.one("low", "half", "high"),
    },
    "steps_from": lambda d: {
        "reference": d.one("mean", "median", "best", "baseline"),
        "direction": d.one("higher", "lower"),
        **d.one({"step": "0.7"}, {"step": "2"}, {"step_pct": "7"}),
        "points_per_step": "0.3",
        "step_mode": d.one("proportional", "whole_up", "whole_down"),
        "base_ratio": d.one("1", "0.8"),
        "bonus_per_step": d.one("0", "0.2"),
        "cap_ratio": d.one("1", "1.2"),
    },
    "share_of_sum": lambda d: {
        "full_share": d.one(None, "0.25"),
        "cap_ratio": d.one("1", "1.5"),
    },
    "blend": _blend,
    "periodic_weighted": _periodic,
    "expression": _expression,
    "milestone": lambda _: {"status_ratio": STATUS},
    "count_points": lambda d: {
        "full_at": 3,
        "per_item": "1.5",
        "extra_per_item": d.one("0", "0.7"),
        "extra_cap": d.one("0", "2"),
        "distinct": (distinct := d.some(0.5)),
        "when_shared": d.one("refuse", "share", "each") if distinct else "refuse",
    },
    "deduct_events": lambda d: {
        "per_event": {"late": "0.7", "lost": "2.5"},
        "floor": d.one("0", None, "-3"),
        "escalate": d.one(None, {"lost": 2}),
        "by": d.one("occurred", "discovered"),
    },
    "base_plus_minus": lambda d: {
        "base": "3",
        "per_event": {"late": "-0.7", "lost": "1"},
        "low": d.one("0", "-2"),
        "cap": d.one(None, "4"),
    },
    "qualitative_panel": lambda d: {
        "panel_size": 4,
        "scale": d.one("100", "10"),
        "trim": d.one(0, 1),
        "exclude_own_unit": d.some(0.7),
        "comment_at_extremes": None,
        "min_marks": d.one(None, 3),
    },
    "grade_map": lambda d: {
        "grades": GRADES,
        "at_most": d.one(None, {"A": "0.3", "B": "0.5"}),
        "rounding": d.one("floor", "half_up", "ceiling"),
    },
    "items_weighted": lambda d: {"items": d.one(2, "unit_defined"), "item_cap_ratio": "1"},
    "inherit_superior": _inherited,
    "survey_score": lambda d: {"survey": d.one(*SURVEYS), "scale": "100"},
    "external_result": _external,
}

_COMPONENTS = (
    "ratio_to_target", "stepped_deduction", "tiers", "all_or_nothing", "baseline_growth",
    "rank_points", "relative_to_best", "efficacy_linear", "efficacy_exp", "pledge", "min_max",
    "z_score", "percentile_rank", "steps_from", "share_of_sum",
)  # fmt: skip
_ONE_VALUE = {
    "tiers", "all_or_nothing", "rank_points", "relative_to_best", "efficacy_linear",
    "efficacy_exp", "min_max", "z_score", "percentile_rank", "steps_from", "share_of_sum",
}  # fmt: skip
_VALUED = _ONE_VALUE - {"rank_points"}
_ACTUAL = {"ratio_to_target", "stepped_deduction", "baseline_growth", "pledge"}


def _keys(params: Document, method: str) -> Iterator[str]:
    """Yield the names of values that a method may read."""
    yield "actual" if method in _ACTUAL else params.get("input", "value")
    yield from ("a", "b")
    if params.get("minimum_volume"):
        yield "volume"


def _entered(draw: _Draw, indicator: Indicator) -> Iterator[tuple[Any, ...]]:  # noqa: C901 - a table of cases
    """Yield kind, key, item, period, value and word of what may be entered for one unit."""
    method, params = indicator.method, indicator.params
    if method in ("deduct_events", "base_plus_minus"):
        for _ in range(draw.one(0, 1, 1, 3)):
            period = YEAR + draw.one("", "Q1", "Q2", "-03", "H2")
            yield "event", draw.one("late", "lost"), None, period, draw.one("1", "2"), None
        for period in draw.one([], [""], QUARTERS, ["H1", "H2"]):
            yield "event", "zero_report", None, YEAR + period, "0", None
    elif method == "milestone":
        for node in range(draw.one(0, 2, 3)):
            word = draw.one(*STATUS)
            yield "milestone", None, str(node), YEAR + draw.one("", "Q1"), None, word
    elif method == "grade_map" or params.get("kind") == "grade":
        yield "grade", None, None, YEAR, None, draw.one(*GRADES, *GRADES)
    elif method == "qualitative_panel":
        for seat in range(1, 5):
            unknown = params["min_marks"] and draw.some(0.15)
            mark = None if unknown else str(draw.random.randint(0, 10))
            yield "panel_mark", None, str(seat), YEAR, mark, "dont_know" if unknown else None
    elif method == "count_points" and params["distinct"]:
        for _ in range(draw.one(0, 1, 2, 4)):
            item = draw.one("P1", "p1", "P2", "P3", "Ｐ4", "P5", f"own {draw.one(1, 2, 3, 4, 5)}")
            yield "measured_value", "count", item, YEAR + draw.one("", "Q1"), "1", None
        if draw.some(0.5):
            yield "measured_value", "zero_report", None, YEAR, "0", None
    elif method == "items_weighted":
        for item in ("1", "2", "3"):
            yield "measured_value", "actual", item, YEAR, draw.number(), None
    else:
        yield from _numbers(draw, indicator)


def _numbers(draw: _Draw, indicator: Indicator) -> Iterator[tuple[Any, ...]]:  # noqa: C901 - a table of cases
    method, params = indicator.method, indicator.params
    keys = list(_keys(params, method))
    if method == "count_points":
        keys = ["count"]
    elif method == "blend":
        keys = [part["key"] for part in params["components"]]
    elif method == "external_result":
        keys = [params["kind"]]
    elif method == "inherit_superior":
        ordinary = params["otherwise"]
        keys = ["superior_loss"] if draw.some(0.5) or not ordinary else []
        keys += [] if not ordinary else list(_keys(ordinary["params"], ordinary["method"]))
    elif method == "periodic_weighted":
        part = params["component"]
        keys = ["ratio"] if part is None else list(_keys(part["params"], part["method"]))
    for key in keys:
        for period in ("", "Q1", "Q2", "Q3", "Q4", "H1", "H2"):
            if not period or draw.some(0.85):
                yield "measured_value", key, None, YEAR + period, draw.number(), None


def _satisfaction(draw: _Draw) -> Satisfaction:
    found = Decimal(draw.one("80", "92.5", "66.67"))
    if draw.some(0.75):
        return found if draw.some(0.85) else None
    treatment = draw.one(None, "counted", "pooled", "not_rated")
    wave = ShortWave(1, 3, 10, treatment, draw.one(None, 2), "府发〔2025〕1号")
    counts = found if treatment in ("counted", "pooled") else None
    return ShortSample(counts, treatment != "not_rated", Decimal(70), (wave,))


def drawn_year(seed: int) -> DrawnYear:
    """Return the year that follows from a seed."""
    draw = _Draw(seed)
    scheme = draw.scheme()
    entries, targets = list[Entry](), list[Target]()
    complete = draw.some(0.3)
    for indicator in scheme.categories[0].indicators().values():
        for unit in draw.units:
            _of_unit(draw, indicator, unit, entries, targets, complete=complete)
    for at in range(len(entries) - 1, 0, -1):  # ids in another order than that of the draw
        other = draw.random.randint(0, at)
        entries[at], entries[other] = entries[other], entries[at]
    found = [
        Entry(UUID(int=number), *fields)
        for number, fields in enumerate(entries, 1)  # type: ignore[misc]
    ]
    satisfaction = {(s, u): _satisfaction(draw) for s in SURVEYS for u in draw.units}
    return DrawnYear(scheme, found, targets, satisfaction)


def _of_unit(  # noqa: C901 - a table of cases
    draw: _Draw,
    indicator: Indicator,
    unit: str,
    entries: list[Any],
    targets: list[Target],
    *,
    complete: bool,
) -> None:
    about = (unit, indicator.code)
    if draw.some(0.03 if complete else 0.06):
        entries.append((*about, "not_applicable", None, None, YEAR, None, None))
        if draw.some(0.7):
            return
    for kind, key, item, period, value, word in _entered(draw, indicator):
        for _ in range(1 if complete or draw.some(0.97) else 2):
            if complete or draw.some(0.9):
                author = draw.one("BODY", "BODY", "BODY", unit)
                day = draw.one(None, None, date(2025, 3, 1), date(2024, 12, 30))
                number = None if value is None else Decimal(value)
                day = day if kind == "event" else None
                entries.append((*about, kind, key, item, period, number, word, author, day))
    items: list[str | None] = [None, "Q1", "level", "growth"]
    if indicator.method == "items_weighted":
        items = ["1", "2", *draw.one([], ["3"])]
    elif indicator.method == "milestone":
        items = draw.one([], ["0", "1"])
    for item in items:
        if complete or draw.some(0.85):
            numbers = [
                Decimal(draw.number()) if complete or draw.some(0.9) else None for _ in range(3)
            ]
            targets.append(
                Target(*about, item, *numbers, version=2, set_by="office", lowered=draw.some(0.3))
            )
