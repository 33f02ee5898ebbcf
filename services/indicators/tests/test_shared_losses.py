"""What several units answer for is charged once: their shares of one loss come to 1 at most."""

from copy import deepcopy
from decimal import Decimal

import pytest

from indicators.rules.publication import SchemeUnsound, check_sound
from indicators.rules.shared_losses import share_faults

LOSS = "/categories/0/blocks/2/indicators/4"
OTHER = "/categories/1/blocks/0/indicators/3"
OWN, USUAL = f"{LOSS}/per_unit_params", f"{LOSS}/params/share"
TOO_MUCH = "shares-over-one"

CASES = [
    ({}, []),
    ({OWN: {"X1": {"share": "0.6"}, "X2": {"share": "0.4"}}}, []),
    # one that is given no share answers for a loss of its own
    ({OWN: {"X1": {"share": "0.6"}, "X2": {"scale": "0.2"}}}, []),
    (
        {OWN: {"X1": {"share": "0.6"}, "X2": {"share": "0.41"}}},
        [f"{OWN}/X1/share", f"{OWN}/X2/share"],
    ),
    # who leads has all of it, and another answers besides
    (
        {OWN: {"X1": {"share": "1"}, "X2": {"share": "0.01"}}},
        [f"{OWN}/X1/share", f"{OWN}/X2/share"],
    ),
    # a share for all is one for each of the three
    ({USUAL: "0.33"}, []),
    ({USUAL: "0.34"}, [USUAL]),
    ({USUAL: "0.25", OWN: {"X1": {"share": "0.5"}}}, []),
    ({USUAL: "0.25", OWN: {"X1": {"share": "0.51"}}}, [USUAL, f"{OWN}/X1/share"]),
]


@pytest.mark.parametrize(("changes", "at"), CASES)
def test_shares_of_one_loss_are_named_where_they_come_to_more_than_the_whole(stored, changes, at):
    """Planted bugs: leave out shares of 1; count the share for all units once."""
    assert [fault.pointer for fault in share_faults(stored(changes))] == at


def of_departments(document, **changes):
    """The indicator that charges the loss, as one of the departments charges it."""
    charged = deepcopy(document()["categories"][0]["blocks"][2]["indicators"][4])
    return charged | {"points": 10} | changes


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [({}, {}), ({"matter": "water"}, {"matter": "water", "code": "D04", "name": "水"})],
)
@pytest.mark.parametrize(("share", "faults"), [("0.3", 0), ("0.31", 2)])
def test_shares_of_one_loss_are_summed_over_categories(
    stored, document, mine, theirs, share, faults
):
    """Planted bug: look at each category by itself."""
    changes = {f"{LOSS}/{name}": value for name, value in mine.items()}
    changes[OWN] = {"X1": {"share": "0.7"}}
    changes[OTHER] = of_departments(document, per_unit_params={"D1": {"share": share}}, **theirs)
    found = list(share_faults(stored(changes)))
    places = [f"{OWN}/X1/share", f"{OTHER}/per_unit_params/D1/share"]
    assert [fault.pointer for fault in found] == places[:faults]
    assert all(f"{Decimal('0.7') + Decimal(share)}" in fault.zh for fault in found)


def test_a_scheme_that_charges_more_than_a_loss_is_not_published(stored):
    """Planted bug: leave the check out of what a scheme is held against."""
    own = {"X1": {"share": "0.7"}, "X3": {"share": "0.7"}}
    units = dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed") | {"B01": "body"}
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored({OWN: own}), units | {"B02": "body"}, earlier=())
    assert {fault.code for fault in refused.value.faults} == {TOO_MUCH}
