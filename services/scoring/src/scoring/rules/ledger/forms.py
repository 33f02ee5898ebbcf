"""What a ledger entry for an indicator looks like: which kind, keys, items, words and values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.rules.ledger.entries import (
    ANY_PERIOD,
    DONT_KNOW,
    EVENT,
    GRADE,
    MEASURED_VALUE,
    MILESTONE,
    NOT_APPLICABLE,
    PANEL_MARK,
    PERIODS,
    YEAR,
    ZERO_REPORT,
    ending_of,
)
from scoring.rules.methods.cells import COUNT, VOLUME
from scoring.rules.methods.formulas import formula
from scoring.rules.methods.values import COMPOSITE
from scoring.rules.scheme.document import Indicator
from scoring.rules.scheme.params import Params

UNIT_DEFINED = "unit_defined"

OCCURRED = "occurred"
"""Where events count by the day they occurred, and not by that of their discovery."""


@dataclass(frozen=True, slots=True)
class Form:
    """The entries that an indicator takes; without `words` they carry a value, if `valued`.

    Empty `keys`, `items`, `words` mean that there must be none; `any_item` that the unit names
    its own. A zero report has no item and counts 0, whatever the others do. The word `instead`
    may stand in the place of a value. `endings` are how the periods end that the score reads, and
    no others are taken: those of a key in `of_key` where it has some of its own. `dated` is by
    which day events count, if they do. A note is wanted with `noted`, and with a value up to
    `comment_low` or from `comment_high` on.
    """

    kind: str
    keys: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    any_item: bool = False
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = YEAR
    of_key: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated: str | None = None
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

    def endings_of(self, key: str | None) -> tuple[str, ...]:
        """Return how the periods end for which an entry with this key is read."""
        return self.of_key.get(key, self.endings) if key is not None else self.endings

    def wants_note(self, value: Decimal | None) -> bool:
        """Say whether an entry of that value must say why."""
        if self.noted or value is None:
            return self.noted
        low, high = self.comment_low, self.comment_high
        return (low is not None and value <= low) or (high is not None and value >= high)


DECLARATION = Form(NOT_APPLICABLE, valued=False, noted=True)
"""What declares an indicator not applicable to a unit looks like, whatever else it takes."""


def form_of(
    indicator: Indicator,
    unit: str | None = None,
    lent: Mapping[str, tuple[str, ...]] | None = None,
) -> Form | None:
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
    return _lending(form, lent) if lent else form


def _lending(form: Form | None, lent: Mapping[str, tuple[str, ...]]) -> Form | None:
    """Return the form of what the indicator itself reads and of what others read of it."""
    if form is None:
        return Form(MEASURED_VALUE, keys=tuple(lent), of_key=lent)
    if form.kind != MEASURED_VALUE or form.items or form.any_item:
        return form
    own = {key: form.endings_of(key) for key in form.keys}
    both = {key: tuple(dict.fromkeys((*own.get(key, ()), *ends))) for key, ends in lent.items()}
    return replace(
        form, keys=tuple(dict.fromkeys((*form.keys, *lent))), of_key={**form.of_key, **both}
    )


def _measured(*keys: str) -> Callable[[Params], Form]:
    return lambda _: Form(MEASURED_VALUE, keys=keys)


def _named(params: Params) -> Form:
    return Form(MEASURED_VALUE, keys=(params.word("input", "value"),))


def _ranked(params: Params) -> Form:
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    return Form(MEASURED_VALUE, keys=("value", *volume), endings=ranked_for(params))


def ranked_for(params: Params) -> tuple[str, ...]:
    """Return how the periods end that a ranking ranks one by one, or the year's."""
    return PERIODS.get(params.word("period", "year"), YEAR)


def _blended(params: Params) -> Form:
    parts = {part.word("key"): part.group("params") for part in params.each("components")}
    of_key = {key: ranked_for(part or Params({})) for key, part in parts.items()}
    return Form(MEASURED_VALUE, keys=tuple(parts), of_key=of_key)


def _by_period(params: Params) -> Form:
    endings = tuple(ending_of(name) for name in params.words("periods"))
    part = params.group("component")
    if part is None:
        return Form(MEASURED_VALUE, keys=("ratio",), endings=endings, low=Decimal(0))
    return Form(MEASURED_VALUE, keys=(_key_of(part),), endings=endings)


def _key_of(part: Params) -> str:
    """Return the key of the one value that a method within a method takes."""
    key = _COMPONENT_KEYS.get(part.word("method"), "value")
    return (part.group("params") or Params({})).word("input", key)


def _inherited(params: Params) -> Form:
    ordinary = params.group("otherwise")
    keys = () if ordinary is None else (_key_of(ordinary),)
    return Form(MEASURED_VALUE, keys=("superior_loss", *keys))


def _formula(params: Params) -> Form | None:
    keys = _measured_inputs(params)
    return Form(MEASURED_VALUE, keys=keys) if keys else None


def _computed(params: Params, composite: Params) -> Form | None:
    """Return the form of a method whose value is a composite: it takes the composite's inputs."""
    volume = () if params.optional("minimum_volume") is None else (VOLUME,)
    keys = tuple(dict.fromkeys((*_measured_inputs(composite), *volume)))
    return Form(MEASURED_VALUE, keys=keys, endings=ranked_for(params)) if keys else None


def _measured_inputs(params: Params) -> tuple[str, ...]:
    """Return the keys of a formula's measured inputs, without those entered for others."""
    return tuple(dict.fromkeys(key for code, key in measured_by(params) if not code))


def measured_by(params: Params) -> list[tuple[str, str]]:
    """Return the measured inputs that a formula or its gate names: whose they are, and their key.

    The indicator is empty where the values are entered for that of the formula itself.
    """
    texts = [params.word("formula"), params.word("gate", "")]
    named = frozenset[str]().union(*(formula(text).names for text in texts if text))
    return [
        (each.word("indicator", ""), each.word("key", name))
        for name, each in params.named("inputs").items()
        if name in named and each.word("from") == "measured"
    ]


def _external(params: Params) -> Form:
    kind = params.word("kind")
    if kind == "grade":
        return Form(GRADE, words=tuple(params.numbers("grades")), noted=True)
    high = Decimal(100) if kind == "rank_pct" else params.optional("scale")
    return Form(MEASURED_VALUE, keys=(kind,), low=Decimal(0), high=high, noted=True)


def _itemised(params: Params) -> Form:
    number = params.word("items")
    if number == UNIT_DEFINED:
        return Form(MEASURED_VALUE, keys=("actual",), any_item=True)
    return Form(MEASURED_VALUE, keys=("actual",), items=_numbered(int(number)))


def _events(params: Params) -> Form:
    keys = (*params.numbers("per_event"), ZERO_REPORT)
    dated = params.word("by", OCCURRED)
    return Form(EVENT, keys=keys, endings=ANY_PERIOD, dated=dated, low=Decimal(0), whole=True)


def _counted(params: Params) -> Form:
    if not params.flag("distinct", False):
        return Form(MEASURED_VALUE, keys=(COUNT,))
    keys, one = (COUNT, ZERO_REPORT), Decimal(1)
    return Form(MEASURED_VALUE, keys=keys, any_item=True, endings=ANY_PERIOD, low=one, high=one)


def _nodes(params: Params) -> Form:
    words = tuple(params.numbers("status_ratio"))
    return Form(MILESTONE, any_item=True, words=words, endings=ANY_PERIOD)


def _graded(params: Params) -> Form:
    return Form(GRADE, words=tuple(params.numbers("grades")))


def _panel(params: Params) -> Form:
    seats = _numbered(int(params.number("panel_size")))
    scale = params.number("scale", Decimal(100))
    comment = params.group("comment_at_extremes") or Params({})
    return Form(
        PANEL_MARK,
        items=seats,
        low=Decimal(0),
        high=scale,
        comment_low=comment.optional("low"),
        comment_high=comment.optional("high"),
        instead=None if params.optional("min_marks") is None else DONT_KNOW,
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

_FORMS: Mapping[str, Callable[[Params], Form | None]] = {
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
