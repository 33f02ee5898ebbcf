"""The other side, played: what the owner of a scheme compiles from it, found here a second way.

Small schemes of the tests are not complete enough for the real compiler; a test holds both against
each other on those that are.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer
from pydantic import TypeAdapter

from scoring.rules.ledger.entries import (
    ANY_PERIOD,
    DONT_KNOW,
    EVENT,
    FREQUENCIES,
    GRADE,
    MEASURED_VALUE,
    MILESTONE,
    PANEL_MARK,
    PERIODS,
    SUPERIOR_RANK,
    YEAR,
    ZERO_REPORT,
    ending_of,
    months_of,
)
from scoring.rules.methods.cells import COUNT, VOLUME
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.of_children import MEAN_CHILDREN
from scoring.rules.methods.values import COMPOSITE
from scoring.rules.scheme.compiled import (
    SCORED,
    CompiledCategory,
    CompiledIndicator,
    CompiledScheme,
    EntryForm,
    FormStep,
    NodeForm,
    Reads,
    Tree,
)
from scoring.rules.scheme.document import Category, Indicator, Scheme
from scoring.rules.scheme.params import Params
from scoring.rules.sheet import year

UNIT_DEFINED, OCCURRED, EXPRESSION = "unit_defined", "occurred", "expression"


def compiled(scheme: Scheme) -> Scheme:
    """The scheme with its compiled form."""
    seats = {panel.code: tuple(each.seat for each in panel.seats) for panel in scheme.panels}
    categories = tuple(_category(each, seats) for each in scheme.categories)
    texts = {
        text
        for category in scheme.categories
        for each in category.indicators().values()
        for text in _texts(each)
    }
    trees = {text: tree_of(text) for text in sorted(texts)}
    return replace(scheme, compiled=CompiledScheme(1, trees, categories))


def compute(scheme: Scheme, categories: Any, **given: Any) -> year.Computation:
    """What the scheme's categories come to, the scheme compiled first."""
    return year.compute(compiled(scheme), categories, **given)


def published(document: dict) -> dict:
    """The answer with a scheme, and with what its owner compiles from it."""
    return {
        "digest": "1" * 64,
        "scheme": document,
        "compiled": json.loads(_compiled(json.dumps(document, default=str))),
    }


@cache
def _compiled(document: str) -> bytes:
    scheme = TypeAdapter(Scheme).validate_python(json.loads(document, parse_float=str))
    return TypeAdapter(CompiledScheme).dump_json(compiled(scheme).compiled)


def _category(category: Category, seats: Mapping[str, tuple[str, ...]]) -> CompiledCategory:
    indicators = category.indicators()
    receivers, lines = _receivers(indicators), _lines(indicators)
    forms = {unit: Forms(category, unit) for unit in category.units}
    common = Forms(category, None)
    found = []
    for code, each in indicators.items():
        usual = common.of(each)
        if usual is not None and usual.panel is not None:
            usual = replace(usual, items=seats[usual.panel])
            own = {}  # who marks is the same for all
        else:
            own = {unit: form for unit, of in forms.items() if (form := of.of(each)) != usual}
        found.append(
            CompiledIndicator(
                code,
                lines[code],
                receivers.get(code),
                usual,
                own,
                reads_of(each),
                each.missing if each.children else "refuse",
            )
        )
    return CompiledCategory(category.code, tuple(_order(indicators)), tuple(found))


def _lines(indicators: Mapping[str, Indicator]) -> dict[str, tuple[str, ...]]:
    lines: dict[str, tuple[str, ...]] = {}
    for code, each in indicators.items():  # parents come before their children
        line = lines.setdefault(code, (code,))
        lines |= {child.code: (child.code, *line) for child in each.children}
    return lines


def _order(indicators: Mapping[str, Indicator]) -> list[str]:
    """Each after what it reads; of a circle, which no published scheme has, in some order."""
    order: list[str] = []
    begun = set[str]()

    def visit(code: str) -> None:
        if code in begun or code not in indicators:
            return
        begun.add(code)
        reads = reads_of(indicators[code])
        below = [child.code for child in indicators[code].children]
        for before in below or sorted(reads.scores | reads.ranks):
            visit(before)
        order.append(code)

    for code in indicators:
        visit(code)
    return order


ALONE = frozenset(
    {
        "ratio_to_target",
        "stepped_deduction",
        "tiers",
        "all_or_nothing",
        "baseline_growth",
        "blend",
        "milestone",
        "count_points",
        "deduct_events",
        "base_plus_minus",
        "pledge",
        "periodic_weighted",
        "qualitative_panel",
        "grade_map",
        "external_result",
        "superior_rank",
        "items_weighted",
        "inherit_superior",
        "survey_score",
        "expression",
    }
)
"""The methods that look at one unit only; any other compares it with all of its category."""


def reads_of(indicator: Indicator) -> Reads:
    """What an indicator reads, by its method, parameters and components."""
    if indicator.children:
        nothing = frozenset[str]()
        return Reads(False, nothing, nothing, nothing, nothing)
    groups = list(_groups(indicator.params))
    for overrides in (*indicator.per_unit_params.values(), *indicator.period_params.values()):
        groups += _groups(overrides)
    methods = {str(group["method"]) for group in groups if "method" in group}
    sources = [
        (group["from"], str(group["indicator"]))
        for group in groups
        if "from" in group and group.get("indicator") is not None
    ]
    return Reads(
        compares=bool((methods | {indicator.method}) - ALONE) or _looks_around(indicator),
        surveys=frozenset(str(group["survey"]) for group in groups if "survey" in group),
        entries=frozenset(code for source, code in sources if source not in SCORED),
        scores=frozenset(code for source, code in sources if source == "score"),
        ranks=frozenset(code for source, code in sources if source == "rank"),
    )


def _looks_around(indicator: Indicator) -> bool:
    """Say whether pieces that others claim, or grades that others have, decide a score."""
    params = indicator.parameters
    return params.flag("distinct", False) or params.group("at_most") is not None


def _groups(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the groups of parameters, within one another and in lists."""
    if isinstance(value, Mapping):
        yield value
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _groups(each)


def _receivers(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    shares = {
        child.code
        for parent in indicators.values()
        if parent.method == MEAN_CHILDREN
        for child in parent.children
    }
    return {
        code: to
        for code, each in indicators.items()
        if (to := each.redistribute_to) in indicators and to is not None and not {code, to} & shares
    }


@dataclass
class Forms:
    """What the entries of a category's indicators look like, for a unit or for all."""

    category: Category
    unit: str | None

    def of(self, indicator: Indicator) -> EntryForm | None:
        if not hasattr(self, "_lent"):
            self._lent = lent_by(self.category, self.unit)
        return form_of(indicator, self.unit, self._lent.get(indicator.code))


def form_of(
    indicator: Indicator,
    unit: str | None = None,
    lent: Mapping[str, tuple[str, ...]] | None = None,
) -> EntryForm | None:
    """Return the form of an indicator's entries for a unit; None when it takes none at all.

    It is what the method reads, whatever the indicator's frequency. An indicator with children
    takes none, because they do; one that a survey scores neither, nor a formula all of whose
    inputs are entered elsewhere. Values that formulas of other indicators read are taken for their
    periods too: `lent` says how those end, by key.
    """
    make = _FORMS.get(indicator.method)
    if make is None or indicator.children:
        return None
    params = indicator.parameters if unit is None else indicator.parameters_of(unit)
    composite = params.group(COMPOSITE)
    form = make(params) if composite is None else _computed(params, composite)
    form = _lending(form, lent) if lent else form
    return _in_parts(form, indicator) if indicator.combine and form else form


def _in_parts(form: EntryForm, indicator: Indicator) -> EntryForm:
    """Return the form of values that come as often as the indicator's frequency says, month by
    month, where longer periods are scored; pieces one by one are no values."""
    if form.kind != MEASURED_VALUE or ZERO_REPORT in form.keys:
        return form

    def finer(endings: tuple[str, ...]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for ending in endings:
            inside = [
                each
                for each in FREQUENCIES.get(indicator.frequency, ())
                if set(months_of(f"2025{each}")) < set(months_of(f"2025{ending}"))
            ]
            found |= dict.fromkeys(inside or [ending])
        return tuple(found)

    of_key = {key: finer(ends) for key, ends in form.endings_of_key.items()}
    return replace(form, endings=finer(form.endings), endings_of_key=of_key)


def _lending(form: EntryForm | None, lent: Mapping[str, tuple[str, ...]]) -> EntryForm | None:
    """Return the form of what the indicator itself reads and of what others read of it."""
    if form is None:
        return _form(MEASURED_VALUE, keys=tuple(lent), endings_of_key=lent)
    if form.kind != MEASURED_VALUE or form.items or form.any_item:
        return form
    own = {key: form.endings_for(key) for key in form.keys}
    both = {key: tuple(dict.fromkeys((*own.get(key, ()), *ends))) for key, ends in lent.items()}
    return replace(
        form,
        keys=tuple(dict.fromkeys((*form.keys, *lent))),
        endings_of_key={**form.endings_of_key, **both},
    )


def _measured(*keys: str) -> Callable[[Params], EntryForm]:
    return lambda _: _form(MEASURED_VALUE, keys=keys)


def _named(params: Params) -> EntryForm:
    return _form(MEASURED_VALUE, keys=(params.word("input", "value"),))


def _ranked(params: Params) -> EntryForm:
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    return _form(MEASURED_VALUE, keys=("value", *volume), endings=ranked_for(params))


def ranked_for(params: Params) -> tuple[str, ...]:
    """Return how the periods end that a ranking ranks one by one, or the year's."""
    return PERIODS.get(params.word("period", "year"), YEAR)


def _blended(params: Params) -> EntryForm:
    parts = {part.word("key"): part.group("params") for part in params.each("components")}
    of_key = {key: ranked_for(part or Params({})) for key, part in parts.items()}
    return _form(MEASURED_VALUE, keys=tuple(parts), endings_of_key=of_key)


def _by_period(params: Params) -> EntryForm:
    endings = tuple(ending_of(name) for name in params.words("periods"))
    part = params.group("component")
    if part is None:
        return _form(MEASURED_VALUE, keys=("ratio",), endings=endings, low=Decimal(0))
    return _form(MEASURED_VALUE, keys=(_key_of(part),), endings=endings)


def _key_of(part: Params) -> str:
    """Return the key of the one value that a method within a method takes."""
    key = _COMPONENT_KEYS.get(part.word("method"), "value")
    return (part.group("params") or Params({})).word("input", key)


def _inherited(params: Params) -> EntryForm:
    ordinary = params.group("otherwise")
    keys = () if ordinary is None else (_key_of(ordinary),)
    return _form(MEASURED_VALUE, keys=("superior_loss", *keys))


def _formula(params: Params) -> EntryForm | None:
    keys = _measured_inputs(params)
    return _form(MEASURED_VALUE, keys=keys) if keys else None


def _computed(params: Params, composite: Params) -> EntryForm | None:
    """Return the form of a method whose value is a composite: it takes the composite's inputs."""
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    keys = tuple(dict.fromkeys((*_measured_inputs(composite), *volume)))
    return _form(MEASURED_VALUE, keys=keys, endings=ranked_for(params)) if keys else None


def _measured_inputs(params: Params) -> tuple[str, ...]:
    """Return the keys of a formula's measured inputs, without those entered for others."""
    return tuple(dict.fromkeys(key for code, key in measured_by(params) if not code))


def measured_by(params: Params) -> list[tuple[str, str]]:
    """Return the measured inputs that a formula or its gate names: whose they are, and their key.

    The indicator is empty where the values are entered for that of the formula itself.
    """
    texts = [params.word("formula"), params.word("gate", "")]
    named = frozenset[str]().union(*(names_in(tree_of(text)) for text in texts if text))
    return [
        (each.word("indicator", ""), each.word("key", name))
        for name, each in params.named("inputs").items()
        if name in named and each.word("from") == "measured"
    ]


def _external(params: Params) -> EntryForm:
    kind = params.word("kind")
    if kind == "grade":
        form = _form(GRADE, words=tuple(params.numbers("grades")), noted=True)
    else:
        high = Decimal(100) if kind == "rank_pct" else params.optional("scale")
        form = _form(MEASURED_VALUE, keys=(kind,), low=Decimal(0), high=high, noted=True)
    system = params.group("system")
    if system is None:
        return form
    days = {name: system.given.get(name) for name in ("opens", "closes")}
    days = {name: day and date.fromisoformat(str(day)) for name, day in days.items()}
    told = {"kind": "external_result", "noted": False, "dated": "received", **days}
    return replace(form, late=system.word("late"), ranked=kind == "rank_pct", **told)


def _placed(params: Params) -> EntryForm:
    one = {"dated": "published", "low": Decimal(1), "whole": True}
    return _form(SUPERIOR_RANK, endings=ranked_for(params), **one)


def _itemised(params: Params) -> EntryForm:
    number = params.word("items")
    if number == UNIT_DEFINED:
        return _form(MEASURED_VALUE, keys=("actual",), any_item=True)
    return _form(MEASURED_VALUE, keys=("actual",), items=_numbered(int(number)))


def _events(params: Params) -> EntryForm:
    keys = (*params.numbers("per_event"), ZERO_REPORT)
    dated = params.word("by", OCCURRED)
    return _form(EVENT, keys=keys, endings=ANY_PERIOD, dated=dated, low=Decimal(0), whole=True)


def _counted(params: Params) -> EntryForm:
    if not params.flag("distinct", False):
        return _form(MEASURED_VALUE, keys=(COUNT,))
    keys, one = (COUNT, ZERO_REPORT), Decimal(1)
    return _form(MEASURED_VALUE, keys=keys, any_item=True, endings=ANY_PERIOD, low=one, high=one)


def _nodes(params: Params) -> EntryForm:
    words, listed = tuple(params.numbers("status_ratio")), params.each("nodes")
    if not listed:
        return _form(MILESTONE, any_item=True, words=words, endings=ANY_PERIOD)
    by_day = params.group("by_day")
    computed = () if by_day is None else tuple(by_day.given.values())
    return _form(
        MILESTONE,
        items=tuple(each.word("item") for each in listed),
        words=tuple(sorted(word for word in words if word not in computed)),
        endings=ANY_PERIOD,
        valued=False,
        nodes=tuple(_node(each) for each in listed),
        by_day=by_day is not None,
    )


def _node(node: Params) -> NodeForm:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    season = node.group("season") or Params({})
    return NodeForm(
        node.word("item"),
        node.word("name"),
        day(node.word("due", "")),
        day(season.word("opens", "")),
        day(season.word("closes", "")),
        node.flag("evidence", False),
    )


def _graded(params: Params) -> EntryForm:
    return _form(GRADE, words=tuple(params.numbers("grades")))


def _panel(params: Params) -> EntryForm:
    panel = params.word("panel", "") or None
    seats = () if panel else _numbered(int(params.number("panel_size")))
    steps = [(s.number("low"), s.optional("high"), s.word("text")) for s in params.each("rubric")]
    scale = params.number("scale", Decimal(100))
    comment = params.group("comment_at_extremes") or Params({})
    return _form(
        PANEL_MARK,
        items=seats,
        low=Decimal(0),
        high=scale,
        comment_low=comment.optional("low"),
        comment_high=comment.optional("high"),
        instead=None if params.optional("min_marks") is None else DONT_KNOW,
        panel=panel,
        excludes_own_unit=bool(panel) and params.flag("exclude_own_unit", True),
        rubric=tuple(FormStep(low, low if up is None else up, text) for low, up, text in steps),
        only_steps=params.flag("only_steps", False),
        distinct=params.flag("distinct_marks", False),
    )


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


_COMPONENT_KEYS = {
    "ratio_to_target": "actual",
    "stepped_deduction": "actual",
    "baseline_growth": "actual",
    "pledge": "actual",
}
"""The names of the values that methods hold against a target; all others call theirs a value."""

_FORMS: Mapping[str, Callable[[Params], EntryForm | None]] = {
    **{method: _measured(key) for method, key in _COMPONENT_KEYS.items()},
    "relative_to_best": _measured("value"),
    "efficacy_linear": _measured("value"),
    "efficacy_exp": _measured("value"),
    "min_max": _measured("value"),
    "z_score": _measured("value"),
    "percentile_rank": _measured("value"),
    "steps_from": _measured("value"),
    "share_of_sum": _measured("value"),
    "count_points": _counted,
    "inherit_superior": _inherited,
    "tiers": _named,
    "all_or_nothing": _named,
    "external_result": _external,
    "superior_rank": _placed,
    "rank_points": _ranked,
    "blend": _blended,
    "periodic_weighted": _by_period,
    "expression": _formula,
    "items_weighted": _itemised,
    "deduct_events": _events,
    "base_plus_minus": _events,
    "milestone": _nodes,
    "grade_map": _graded,
    "qualitative_panel": _panel,
}


def _form(kind: str, **given: Any) -> EntryForm:
    blank: dict[str, Any] = {
        **dict.fromkeys(("keys", "items", "words", "nodes"), ()),
        **dict.fromkeys(("any_item", "whole", "noted", "by_day"), False),
        **dict.fromkeys(("dated", "low", "high", "instead", "comment_low", "comment_high")),
        "endings": YEAR,
        "endings_of_key": {},
        "valued": True,
    }
    return EntryForm(kind, **(blank | given))


def lent_by(category: Category, unit: str | None) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return which values formulas of other indicators read of a unit, by indicator."""
    lent: dict[str, dict[str, tuple[str, ...]]] = {}
    for reader in category.indicators().values():
        for params, endings in _formulas(reader, unit):
            for code, key in measured_by(params):
                if code:
                    known = lent.setdefault(code, {})
                    known[key] = tuple(dict.fromkeys((*known.get(key, ()), *endings)))
    return lent


def _formulas(reader: Indicator, unit: str | None) -> Iterator[tuple[Params, tuple[str, ...]]]:
    params = reader.parameters if unit is None else reader.parameters_of(unit)
    if reader.children:
        return
    if reader.method == EXPRESSION:
        yield params, YEAR
    if (composite := params.group(COMPOSITE)) is not None:
        yield composite, ranked_for(params)


def formula(text: str) -> Formula:
    """A formula, read."""
    return Formula(text, tree_of(text))


def _texts(indicator: Indicator) -> Iterator[str]:
    """The formulas of an indicator, those for single units among them."""
    for params in (indicator.params, *indicator.per_unit_params.values()):
        composite = params.get(COMPOSITE) or {}
        for text in (params.get("formula"), params.get("gate"), composite.get("formula")):
            if text is not None:
                yield str(text)


def names_in(tree: Tree) -> frozenset[str]:
    own = {tree["name"]} if "name" in tree else set[str]()
    return frozenset(own).union(*(names_in(each) for each in tree.get("to", ())))


GRAMMAR = r"""
?start: comparison
?comparison: sum | sum COMPARE sum -> dyadic
?sum: product | sum (PLUS | MINUS) product -> dyadic
?product: signed | product (TIMES | OVER) signed -> dyadic
?signed: power | MINUS signed -> negative
?power: atom | atom POWER signed -> dyadic
?atom: NUMBER -> number
     | NAME -> name
     | NAME "(" comparison ("," comparison)* ")" -> call
     | "(" comparison ")"

COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
POWER: "**"
NUMBER: /[0-9]+(\.[0-9]+)?/
NAME: /[^\W\d]\w*/
%ignore /[ \t\n]+/
"""


class _Trees(Transformer[Token, Tree]):
    def number(self, found: list[Token]) -> Tree:
        return {"number": str(found[0])}

    def name(self, found: list[Token]) -> Tree:
        return {"name": str(found[0])}

    def negative(self, found: list[Tree]) -> Tree:
        return {"apply": "negative", "to": [found[-1]]}

    def dyadic(self, found: list[Any]) -> Tree:
        left, sign, right = found
        return {"apply": str(sign), "to": [left, right]}

    def call(self, found: list[Any]) -> Tree:
        return {"apply": str(found[0]), "to": found[1:]}


_READER = Lark(GRAMMAR, parser="lalr", transformer=_Trees(), maybe_placeholders=False)


@lru_cache(maxsize=4096)
def tree_of(text: str) -> Tree:
    """The tree of a formula."""
    return cast(Tree, _READER.parse(text))
