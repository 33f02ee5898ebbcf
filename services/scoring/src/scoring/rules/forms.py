"""What a ledger entry for an indicator looks like: which kind, keys, items, words and values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.entries import (
    EVENT,
    GRADE,
    MEASURED_VALUE,
    MILESTONE,
    PANEL_MARK,
    PERIODS,
    ZERO_REPORT,
)
from scoring.rules.scheme import Indicator

UNIT_DEFINED = "unit_defined"


@dataclass(frozen=True, slots=True)
class Form:
    """The entries that an indicator takes.

    Empty `keys`, `items`, `words` mean that there must be none; `any_item` that the unit names
    its own. `endings` are how a period must end, empty where any period of the year will do.
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

    @property
    def has_value(self) -> bool:
        """Say whether an entry carries a number; otherwise it carries a word."""
        return not self.words


def form_of(indicator: Indicator) -> Form | None:
    """Return the form of an indicator's entries; None when it takes none at all.

    An indicator with children takes none, because they do; one that a survey scores neither.
    """
    make = _FORMS.get(indicator.method)
    return None if make is None or indicator.children else make(indicator)


def _measured(*keys: str) -> Callable[[Indicator], Form]:
    return lambda indicator: Form(MEASURED_VALUE, keys=keys)


def _named(indicator: Indicator) -> Form:
    return Form(MEASURED_VALUE, keys=(indicator.parameters.word("input", "value"),))


def _ranked(indicator: Indicator) -> Form:
    period = indicator.parameters.word("period", "year")
    return Form(MEASURED_VALUE, keys=("value",), endings=PERIODS.get(period, ("",)))


def _blended(indicator: Indicator) -> Form:
    components = indicator.parameters.each("components")
    return Form(MEASURED_VALUE, keys=tuple(part.word("key") for part in components))


def _itemised(indicator: Indicator) -> Form:
    number = indicator.parameters.word("items")
    if number == UNIT_DEFINED:
        return Form(MEASURED_VALUE, keys=("actual",), any_item=True)
    return Form(MEASURED_VALUE, keys=("actual",), items=_numbered(int(number)))


def _events(indicator: Indicator) -> Form:
    events = indicator.parameters.numbers("per_event")
    return Form(EVENT, keys=(*events, ZERO_REPORT), low=Decimal(0), whole=True)


def _nodes(indicator: Indicator) -> Form:
    return Form(MILESTONE, any_item=True, words=tuple(indicator.parameters.numbers("status_ratio")))


def _graded(indicator: Indicator) -> Form:
    return Form(GRADE, words=tuple(indicator.parameters.numbers("grades")), endings=("",))


def _panel(indicator: Indicator) -> Form:
    seats = _numbered(int(indicator.parameters.number("panel_size")))
    scale = indicator.parameters.number("scale")
    return Form(PANEL_MARK, items=seats, endings=("",), low=Decimal(0), high=scale)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


_FORMS: Mapping[str, Callable[[Indicator], Form]] = {
    "ratio_to_target": _measured("actual"),
    "stepped_deduction": _measured("actual"),
    "baseline_growth": _measured("actual"),
    "relative_to_best": _measured("value"),
    "efficacy_linear": _measured("value"),
    "efficacy_exp": _measured("value"),
    "count_points": _measured("count"),
    "inherit_superior": _measured("superior_loss"),
    "tiers": _named,
    "all_or_nothing": _named,
    "rank_points": _ranked,
    "blend": _blended,
    "items_weighted": _itemised,
    "deduct_events": _events,
    "milestone": _nodes,
    "grade_map": _graded,
    "qualitative_panel": _panel,
}
