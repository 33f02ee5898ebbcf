"""Values that are entered for one indicator and read by the formulas of others (多处使用)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scoring.rules.ledger.entries import YEAR
from scoring.rules.ledger.forms import Form, form_of, measured_by, ranked_for
from scoring.rules.methods.values import COMPOSITE
from scoring.rules.scheme.document import Category, Indicator
from scoring.rules.scheme.params import Params

EXPRESSION = "expression"

Endings = Mapping[str, tuple[str, ...]]
"""How the periods end for which a value is read, by its key."""


def lent_by(category: Category, unit: str) -> Mapping[str, Endings]:
    """Return which values formulas of other indicators read of a unit, by indicator."""
    lent: dict[str, dict[str, tuple[str, ...]]] = {}
    for reader in category.indicators().values():
        for params, endings in _formulas(reader, unit):
            for code, key in measured_by(params):
                if code:
                    known = lent.setdefault(code, {})
                    known[key] = tuple(dict.fromkeys((*known.get(key, ()), *endings)))
    return lent


def _formulas(reader: Indicator, unit: str) -> Iterator[tuple[Params, tuple[str, ...]]]:
    params = reader.parameters_of(unit)
    if reader.children:
        return
    if reader.method == EXPRESSION:
        yield params, YEAR
    if (composite := params.group(COMPOSITE)) is not None:
        yield composite, ranked_for(params)


@dataclass(slots=True)
class Forms:
    """What the entries of a category's indicators look like, each found once for a unit."""

    category: Category
    _lent: dict[str, Mapping[str, Endings]] = field(default_factory=dict)
    _forms: dict[tuple[str, str], Form | None] = field(default_factory=dict)

    def of(self, indicator: Indicator, unit: str) -> Form | None:
        """Return the form of the entries for an indicator and a unit; None if there are none."""
        place = (indicator.code, unit)
        if place not in self._forms:
            if unit not in self._lent:
                self._lent[unit] = lent_by(self.category, unit)
            self._forms[place] = form_of(indicator, unit, self._lent[unit].get(indicator.code))
        return self._forms[place]
