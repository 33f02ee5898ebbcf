"""What a formula takes for a unit, and what it is worth: for the unit, and for all of its category
where the method compares them (综合指标)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from scoring.rules.exact import Exact, ended, half_up, show
from scoring.rules.expressions import Formula, formula
from scoring.rules.gaps import Gap, Reason, Undefined
from scoring.rules.inputs import Carried, Inputs, Used, all_of
from scoring.rules.methods.scored import Rounding, Scored
from scoring.rules.params import Params

COMPOSITE = "composite"
"""The parameter group under which a method has its value computed, and the name of what is told
of it."""

_SHOWN_PLACES = 12
_TOO_LARGE = 10**18


@dataclass(frozen=True, slots=True)
class Valued:
    """The value that a method scores, with how it was computed where it was not measured."""

    number: Exact
    told: Scored | None = None

    def explain(self, scored: Scored) -> Scored:
        """Return a score that rests on the value, with what is told of the value as a part."""
        if self.told is None:
            return scored
        return replace(scored, parts=(*scored.parts, (COMPOSITE, self.told)))


@dataclass(frozen=True, slots=True)
class _Tried:
    """What one unit's composite came to: a value, or the reasons why there is none."""

    valued: Valued | None
    reasons: tuple[Reason, ...]
    used: tuple[Used, ...]
    carried: tuple[Carried, ...]


def valued(inputs: Inputs, name: str = "value") -> Valued:
    """Return the unit's value: the measured one of that name, or what the composite gives."""
    composite = _composite(inputs)
    return Valued(inputs.measured(name)) if composite is None else _computed(inputs, composite)


def compared(inputs: Inputs) -> tuple[Valued, Mapping[str, Exact]]:
    """Return the unit's value, and those of all units of the category that have one.

    Composites are computed once for a column. A unit without one is compared with nobody; why it
    has none is its own gap and leaves the others as they are.
    """
    if _composite(inputs) is None:
        return Valued(inputs.measured("value")), inputs.others("value")
    tried = inputs.shared(
        "composites", lambda: {unit: _tried(inputs, unit) for unit in inputs.group}
    )
    own = tried[inputs.unit]
    inputs.used.extend(own.used)
    inputs.carried.extend(own.carried)
    if own.valued is None:
        raise Gap(own.reasons)
    return own.valued, inputs.shared("values", partial(_present, inputs, tried))


def given_to(inputs: Inputs, declared: Mapping[str, Params], *texts: str) -> dict[str, Decimal]:
    """Return the declared inputs that any of the formulas names; a gap names all that lack."""
    wanted = frozenset[str]().union(*(formula(text).names for text in texts))
    names = [name for name in declared if name in wanted]
    numbers = all_of(partial(_named_input, inputs, name, declared[name]) for name in names)
    return dict(zip(names, numbers, strict=True))


def _composite(inputs: Inputs) -> Params | None:
    composite = inputs.params.group(COMPOSITE)
    if composite is not None and inputs.key is not None:
        raise Undefined("A component has no composite.", "分项计分不能设置综合指标。")
    return composite


def _tried(inputs: Inputs, unit: str) -> _Tried:
    own = inputs.of(unit)
    found, reasons = None, tuple[Reason, ...]()
    try:
        found = _computed(own, own.params.group(COMPOSITE) or Params({}))
    except Gap as gap:
        reasons = gap.reasons
    return _Tried(found, reasons, tuple(own.used), tuple(own.carried))


def _present(inputs: Inputs, tried: Mapping[str, _Tried]) -> dict[str, Exact]:
    """Return the values that are compared, as `Facts.of_group` does for measured ones."""
    found = {unit: tried[unit].valued for unit in inputs.compared_with()}
    return {unit: value.number for unit, value in found.items() if value is not None}


def _computed(inputs: Inputs, composite: Params) -> Valued:
    text = composite.word("formula")
    read = formula(text)
    given = given_to(inputs, composite.named("inputs"), text)
    value = ended(read.value(given))
    if abs(Fraction(value)) >= _TOO_LARGE:
        raise Undefined("A number grows beyond all use.", "数值过大，无法计算。")
    return Valued(value, _told(read, given, value))


def _told(read: Formula, given: Mapping[str, Decimal], value: Exact) -> Scored:
    """Return how a composite came about; only what is shown of an endless value is rounded."""
    shown = value if isinstance(value, Decimal) else half_up(value, _SHOWN_PLACES)
    places = -int(shown.as_tuple().exponent)
    return Scored(
        shown,
        f"{read.text}; compared before any rounding",
        Rounding(Fraction(value), places, shown),
        written=lambda: read.filled(given),
    )


def _named_input(inputs: Inputs, name: str, declared: Params) -> Decimal:
    source, code = declared.word("from"), declared.word("indicator", "")

    def entered() -> Inputs:
        return inputs.elsewhere(code, name) if code else inputs

    asks: Mapping[str, Callable[[], Decimal]] = {
        "measured": lambda: entered().measured(declared.word("key", name)),
        "target": lambda: entered().target(_item(declared)),
        "baseline": lambda: entered().baseline(_item(declared)),
        "pledge": lambda: entered().pledge(_item(declared)),
        "constant": lambda: declared.number("value"),
        "score": lambda: inputs.score_of(code),
        "rank": lambda: inputs.rank_of(code),
    }
    if source not in asks:
        raise Undefined(f"Nothing comes from {source}.", f"没有“{source}”这种输入来源。")
    number = asks[source]()
    if source == "constant":
        inputs.note(name, show(number), "scheme")
    return number


def _item(declared: Params) -> str | None:
    return declared.word("key") if declared.given.get("key") is not None else None
