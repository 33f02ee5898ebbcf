"""A loss that the superior took off is charged once (加倍扣分), in full, and to whom it is shared.

Drawn losses against the sentence of the regulation in exact fractions: loss × scale × multiplier ×
share, off the indicator first, the rest off the total or dropped, and never also by the ordinary
method.
"""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from small_years import Year, indicator

from scoring.rules.columns.exact import half_up
from service_testing import trials

PLACES = 8
ORDINARY = {"method": "all_or_nothing", "params": {"threshold": 50}}


def drawn(rng):
    """A loss of some unit: what the superior took off, and how the scheme charges it."""
    tenths = Decimal(rng.randrange(1, 2000)) / 10
    params = {
        "scale": rng.choice(["0.1", "1", "0.05"]),
        "multiplier": rng.choice([1, 2]),
        "excess_to": rng.choice(["deductions", "dropped"]),
        "otherwise": ORDINARY,
    }
    return Decimal(rng.randrange(1, 21)), tenths, params


def charged(points, params, **entered):
    """The score and the excess of the unit, of whom these values were entered."""
    year = Year(("A",))
    for key, value in entered.items():
        year.values(key, A=value)
    found = year.outcomes(indicator("inherit_superior", params, points=points), places=PLACES)
    outcome = found["X"]["A"]
    return outcome.score, outcome.excess


@pytest.mark.parametrize("seed", range(trials(8, 80)))
def test_what_the_superior_took_off_is_charged_once_and_by_one_method(seed):
    """Planted bugs: score by the ordinary method as well and take the lesser; charge the excess
    without the share; add what is left of the loss to the deductions although it is dropped."""
    rng = random.Random(seed)  # noqa: S311 - drawn losses
    for _ in range(12):
        points, loss, params = drawn(rng)
        lead = Decimal(rng.randrange(1, 10)) / 10
        together = Fraction(0)
        for share in (lead, 1 - lead):
            shared = params | {"share": str(share)}
            due = Fraction(loss) * Fraction(params["scale"]) * params["multiplier"]
            due *= Fraction(share)
            good = charged(points, shared, superior_loss=loss, value=60)
            assert good == charged(points, shared, superior_loss=loss, value=40)
            score, excess = good
            beyond = max(due - Fraction(points), Fraction(0))
            spills = params["excess_to"] == "deductions"
            assert score == half_up(max(Fraction(points) - due, Fraction(0)), PLACES)
            assert excess == (half_up(beyond, PLACES) if spills else 0)
            together += Fraction(points) - Fraction(score) + Fraction(excess)
            together += Fraction(0) if spills else beyond
        whole = Fraction(loss) * Fraction(params["scale"]) * params["multiplier"]
        assert abs(together - whole) <= Fraction(2, 10**PLACES)
        for value, kept in ((60, points), (40, 0)):
            assert charged(points, params, value=value) == (kept, 0)
