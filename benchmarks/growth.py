"""How cost grows: more units for the same indicators, more indicators for the same units."""

from benchmarks.category import by_columns, one_by_one
from benchmarks.composite_index import by_floats, exactly, values
from benchmarks.made_up import made_up
from benchmarks.measuring import taking_turns

LEDGER_SIZES = ((10, 24), (100, 24), (1_000, 24), (100, 5), (100, 50), (100, 500))
TABLE_SIZES = (
    *((units, 49) for units in (10, 100, 1_000, 10_000, 100_000)),
    *((1_000, indicators) for indicators in (5, 50, 500)),
)
FEW = 20_000
"""Cells above which one run is enough."""


def measure() -> None:
    """Print the cost of a cell (a unit's indicator) at each size."""
    print("\nfrom the ledger:   units indicators   unit by unit        by columns")
    for units, indicators in LEDGER_SIZES:
        given = made_up(units, indicators)
        entries, targets = given.entries(), given.targets()
        times = 3 if units * indicators < FEW else 1
        one, many = taking_turns(
            [
                lambda g=given, e=entries, t=targets: one_by_one(g, e, t),
                lambda g=given, e=entries, t=targets: by_columns(g, e, t),
            ],
            times,
        )
        _row(units, indicators, one, many)
    print("\nfrom a table:      units indicators     by columns     by bare floats")
    for units, indicators in TABLE_SIZES:
        raw, aims = values(units, indicators)
        exact, bare = taking_turns(
            [lambda r=raw, a=aims: exactly(r, a), lambda r=raw, a=aims: by_floats(r, a)], 3
        )
        _row(units, indicators, exact, bare)


def _row(units: int, indicators: int, one: float, other: float) -> None:
    cells = units * indicators
    shown = (f"{s * 1000:8.1f} ms {s / cells * 1e6:7.2f} µs/cell" for s in (one, other))
    print(f"{units:>24,} {indicators:>10}   {'  '.join(shown)}   ×{one / other:.1f}")
