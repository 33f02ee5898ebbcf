"""What a ledger entry for an indicator looks like: which kind, keys, items, words and values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.composites import COMPOSITE
from scoring.rules.entries import (
    DONT_KNOW,
    EVENT,
    GRADE,
    MEASURED_VALUE,
    MILESTONE,
    NOT_APPLICABLE,
    PANEL_MARK,
    PERIODS,
    ZERO_REPORT,
    ending_of,
)
from scoring.rules.inputs import COUNT, VOLUME
from scoring.rules.params import Params
from scoring.rules.scheme import Indicator

UNIT_DEFINED = "unit_defined"


@dataclass(frozen=True, slots=True)
class Form:
    """The entries that an indicator takes; without `words` they carry a value, if `valued`.

    Empty `keys`, `items`, `words` mean that there must be none; `any_item` that the unit names
    its own. A zero report has no item and counts 0, whatever the others do. The word `instead`
    may stand in the place of a value. `endings` are how a period must end, empty where any period
    of the year will do. A note is wanted with `noted`, and with a value up to `comment_low` or
    from `comment_high` on.
    """

    kind: str
    keys: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    any_item: bool = False
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    instead: str | None = None
    valued: bool = True
    noted: bool = False
    comment_low: Decimal | None = None
    comment_high: Decimal | None = None

    def has_value(self, word: str | None) -> bool:
        """Say whether an entry with this word, if any, carries a number."""
        return self.valued and not self.words and (word is None or word != self.instead)

    def wants_note(self, value: Decimal | None) -> bool:
        """Say whether an entry of that value must say why."""
        if self.noted or value is None:
            return self.noted
        low, high = self.comment_low, self.comment_high
        return (low is not None and value <= low) or (high is not None and value >= high)


DECLARATION = Form(NOT_APPLICABLE, endings=("",), valued=False, noted=True)
"""What declares an indicator not applicable to a unit looks like, whatever else it takes."""


def form_of(indicator: Indicator) -> Form | None:
    """Return the form of an indicator's entries; None when it takes none at all.

    An indicator with children takes none, because they do; one that a survey scores neither, nor
    a formula all of whose inputs are entered elsewhere.
    """
    make = _FORMS.get(indicator.method)
    if make is None or indicator.children:
        return None
    composite = indicator.parameters.group(COMPOSITE)
    return make(indicator) if composite is None else _computed(indicator, composite)


def _measured(*keys: str) -> Callable[[Indicator], Form]:
    return lambda indicator: Form(MEASURED_VALUE, keys=keys)


def _named(indicator: Indicator) -> Form:
    return Form(MEASURED_VALUE, keys=(indicator.parameters.word("input", "value"),))


def _ranked(indicator: Indicator) -> Form:
    params = indicator.parameters
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    period = params.word("period", "year")
    return Form(MEASURED_VALUE, keys=("value", *volume), endings=PERIODS.get(period, ("",)))


def _blended(indicator: Indicator) -> Form:
    components = indicator.parameters.each("components")
    return Form(MEASURED_VALUE, keys=tuple(part.word("key") for part in components))


def _by_period(indicator: Indicator) -> Form:
    params = indicator.parameters
    endings = tuple(ending_of(name) for name in params.words("periods"))
    part = params.group("component")
    if part is None:
        return Form(MEASURED_VALUE, keys=("ratio",), endings=endings, low=Decimal(0))
    return Form(MEASURED_VALUE, keys=(_key_of(part),), endings=endings)


def _key_of(part: Params) -> str:
    """Return the key of the one value that a method within a method takes."""
    key = _COMPONENT_KEYS.get(part.word("method"), "value")
    return (part.group("params") or Params({})).word("input", key)


def _inherited(indicator: Indicator) -> Form:
    ordinary = indicator.parameters.group("otherwise")
    keys = () if ordinary is None else (_key_of(ordinary),)
    return Form(MEASURED_VALUE, keys=("superior_loss", *keys))


def _formula(indicator: Indicator) -> Form | None:
    keys = _measured_inputs(indicator.parameters)
    return Form(MEASURED_VALUE, keys=keys, endings=("",)) if keys else None


def _computed(indicator: Indicator, composite: Params) -> Form | None:
    """Return the form of a method whose value is a composite: it takes the composite's inputs."""
    params = indicator.parameters
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    keys = tuple(dict.fromkeys((*_measured_inputs(composite), *volume)))
    endings = PERIODS.get(params.word("period", "year"), ("",))
    return Form(MEASURED_VALUE, keys=keys, endings=endings) if keys else None


def _measured_inputs(formula: Params) -> tuple[str, ...]:
    """Return the keys of a formula's measured inputs, without those entered for others."""
    inputs = formula.named("inputs").items()
    own = {name: each for name, each in inputs if not each.word("indicator", "")}
    measured = (each.word("key", n) for n, each in own.items() if each.word("from") == "measured")
    return tuple(dict.fromkeys(measured))


def _external(indicator: Indicator) -> Form:
    params = indicator.parameters
    kind = params.word("kind")
    if kind == "grade":
        return Form(GRADE, words=tuple(params.numbers("grades")), endings=("",), noted=True)
    high = Decimal(100) if kind == "rank_pct" else params.optional("scale")
    return Form(MEASURED_VALUE, keys=(kind,), endings=("",), low=Decimal(0), high=high, noted=True)


def _itemised(indicator: Indicator) -> Form:
    number = indicator.parameters.word("items")
    if number == UNIT_DEFINED:
        return Form(MEASURED_VALUE, keys=("actual",), any_item=True)
    return Form(MEASURED_VALUE, keys=("actual",), items=_numbered(int(number)))


def _events(indicator: Indicator) -> Form:
    events = indicator.parameters.numbers("per_event")
    return Form(EVENT, keys=(*events, ZERO_REPORT), low=Decimal(0), whole=True)


def _counted(indicator: Indicator) -> Form:
    if not indicator.parameters.flag("distinct", False):
        return Form(MEASURED_VALUE, keys=(COUNT,))
    one = Decimal(1)
    return Form(MEASURED_VALUE, keys=(COUNT, ZERO_REPORT), any_item=True, low=one, high=one)


def _nodes(indicator: Indicator) -> Form:
    return Form(MILESTONE, any_item=True, words=tuple(indicator.parameters.numbers("status_ratio")))


def _graded(indicator: Indicator) -> Form:
    return Form(GRADE, words=tuple(indicator.parameters.numbers("grades")), endings=("",))


def _panel(indicator: Indicator) -> Form:
    seats = _numbered(int(indicator.parameters.number("panel_size")))
    scale = indicator.parameters.number("scale", Decimal(100))
    comment = indicator.parameters.group("comment_at_extremes") or Params({})
    return Form(
        PANEL_MARK,
        items=seats,
        endings=("",),
        low=Decimal(0),
        high=scale,
        comment_low=comment.optional("low"),
        comment_high=comment.optional("high"),
        instead=None if indicator.parameters.optional("min_marks") is None else DONT_KNOW,
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

_FORMS: Mapping[str, Callable[[Indicator], Form | None]] = {
    **{method: _measured(key) for method, key in _COMPONENT_KEYS.items()},
    "relative_to_best": _measured("value"),
    "efficacy_linear": _measured("value"),
    "efficacy_exp": _measured("value"),
    "min_max": _measured("value"),
    "z_score": _measured("value"),
    "percentile_rank": _measured("value"),
    "count_points": _counted,
    "inherit_superior": _inherited,
    "tiers": _named,
    "all_or_nothing": _named,
    "external_result": _external,
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
