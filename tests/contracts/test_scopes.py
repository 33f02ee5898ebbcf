"""Every route says to which group of a scope it belongs, and how its cycle is known."""

from tests.contracts.publish import ROOT

from chassis.authorisation import load

MATRIX = load(ROOT / "gateway" / "authorisation.yaml")
ROUTES = [route for route in MATRIX.routes if not MATRIX.is_open(route)]
OF_ALL = {"GET /api/v1/messages", "GET /api/v1/messages/{message_id}"}
OF_ALL |= {"GET /api/v1/inferior-cycles", "GET /api/v1/superior-cycles"}
"""What can be read of all cycles at once alone."""


def test_each_route_stands_in_one_group_and_says_how_its_cycle_is_known():
    """Planted bug: a new route without a group, which no limited token would ever reach."""
    known = MATRIX.scopes
    assert {*known.of_route} == {*ROUTES}
    assert not known.without_part & known.asking
    for route in known.without_part | known.asking:
        assert "{cycle_id}" not in route, route
    left = {r for r in ROUTES if "{cycle_id}" not in r} - known.without_part - known.asking
    assert {route for route in left if not route.startswith("POST ")} <= OF_ALL
    assert not any(name for name in known.groups if ":" in name or " " in name)
