"""Rates of how units handle complaints, as values of indicators (投诉办理评价计分).

A rate is the value of the indicator that the scheme names for it, in percent, for each period by
which that is scored. It is what was known at the end of the period, and there is one at most: what
becomes of its complaints afterwards, whoever looks and when, changes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import NamedTuple

from scoring.rules.complaints.ratings import Whole, rates_of, tallies_of
from scoring.rules.duties.card_events import NOT_TAKEN, CardEvent
from scoring.rules.ledger.entries import MEASURED_VALUE, span_of
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import Scheme

RATES = {
    "satisfaction": "满意率",
    "timely": "按期率",
    "returned": "退回率",
    "redone": "重办率",
}
"""The rates that may be values, with how they are called."""


class RatedPeriod(NamedTuple):
    """A rate of a unit in a period that is over, and the indicator of which it is the value."""

    rate: str
    period: str
    unit: str
    indicator: str

    @property
    def what(self) -> str:
        """What is told of it among what complaints have earned."""
        return f"{self.rate}_rate"

    @property
    def key(self) -> str:
        """The name under which it is entered, once."""
        return f"complaint-rate {self.rate} {self.period} {self.unit}"


def rates_that_count(scheme: Scheme) -> Mapping[str, str]:
    """Return the indicators of which rates are values, by the rate."""
    rates = scheme.complaints.rates if scheme.complaints else None
    return rates.named() if rates else {}


def rate_values(
    complaints: Iterable[Whole], scheme: Scheme, today: dt.date
) -> list[CardEvent[RatedPeriod]]:
    """Return the values that rates are by a day, by the scheme alone: of each unit that has enough
    of what the rate is of, and of periods that are over."""
    named, whole = rates_that_count(scheme), [*complaints]
    forms = EntryForms(scheme, today)

    @cache
    def tallied(period: str) -> Mapping[str, Mapping[str, int]]:
        return tallies_of(whole, *span_of(period))

    found = list[CardEvent[RatedPeriod]]()
    for each, form in _rated(scheme, named, forms, today):
        least = scheme.complaints.least if scheme.complaints else 0
        value = getattr(rates_of(tallied(each.period).get(each.unit, {}), least), each.rate)
        if value is not None:
            draft = _draft(each, form, value)
            is_taken = not forms.faults(draft, "")
            found.append(CardEvent(each, draft if is_taken else None, _why(is_taken=is_taken)))
    return found


def _why(*, is_taken: bool) -> str | None:
    return None if is_taken else NOT_TAKEN


def _rated(
    scheme: Scheme, named: Mapping[str, str], forms: EntryForms, today: dt.date
) -> Iterator[tuple[RatedPeriod, EntryForm]]:
    """Yield each rate of each unit that an indicator takes, for each of its periods that is
    over."""
    units = [unit for category in scheme.categories for unit in category.units]
    for (rate, code), unit in product(named.items(), units):
        form = forms.form_for(unit, code)
        if form is not None and form.keys:
            for ending in form.endings_for(form.keys[0]):
                period = f"{scheme.assessment_year}{ending}"
                if span_of(period)[1] < today:
                    yield RatedPeriod(rate, period, unit, code), form


def _draft(each: RatedPeriod, form: EntryForm, value: Fraction) -> Draft:
    percent = Decimal(100 * value.numerator) / Decimal(value.denominator)
    return Draft(
        each.unit,
        each.indicator,
        MEASURED_VALUE,
        form.keys[0],
        None,
        each.period,
        percent.quantize(Decimal("0.01"), ROUND_HALF_UP),
        None,
        f"投诉办理{RATES[each.rate]}（%），按截至 {span_of(each.period)[1]} 的办理情况计算",
        source_ref=each.key,
    )
