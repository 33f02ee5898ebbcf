"""What becomes of the supervised items of a generated year, computed otherwise.

In the long form (`PROVE=1`) 400 of them.
"""

import datetime as dt
from collections import Counter
from decimal import Decimal
from itertools import islice
from operator import itemgetter

import pytest
from tests.system.all_categories.conftest import COUNTED_ON
from tests.system.computed_otherwise import CITY
from tests.system.generated_year import ITEMS
from tests.system.recomputing import different
from tests.system.supervised_otherwise import Earning, Supervised

from kaoping.city.generated import leaves
from kaoping.city.particulars import SUPERVISED
from kaoping.plan import OFFICE

pytestmark = pytest.mark.prove

MOMENTS = [dt.date(2025, 5, 16), dt.date(2025, 8, 29), COUNTED_ON]


@pytest.fixture(scope="module")
def supervised(told):
    return Supervised(told.plan)


def test_every_move_of_a_supervised_item_is_made_or_refused_as_computed(supervising, supervised):
    """Returned too late, asked for too late, out of turn, one's own act. Planted bug: a unit may
    not return an item after the third working day."""
    told = {number: supervising.outcomes[number] for number in supervised.outcomes}
    wrong = different(told, supervised.outcomes)
    assert not wrong, {n: (supervising.plan.moves[n], both) for n, both in islice(wrong.items(), 9)}
    assert len(supervised.courses) == ITEMS
    refused = frozenset().union(*supervised.outcomes.values())
    assert refused >= {"wrong-state", "not-the-lead", "own-act", "returned-before", "in-part"}


@pytest.mark.parametrize("day", MOMENTS)
def test_every_supervised_item_stands_as_computed(path, people, supervising, supervised, day):
    """State, day, light, days left and whose it is, on days of the year. Planted bug: the clock
    goes on while an item is suspended."""
    at = dt.datetime.combine(day, dt.time(23, 59), CITY).astimezone(dt.UTC)
    found = {}
    asked = {"limit": 200, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    while True:
        page = people[OFFICE].get(f"{path}/supervised-items", **asked)
        for each in page["items"]:
            each["units"] = sorted(each["units"], key=itemgetter("unit"))
            found[each["source_ref"]] = each
        if page["next"] is None:
            break
        asked["after"] = page["next"]
    expected = {ref: course.stood(day) for ref, course in supervised.courses.items()}
    expected = {ref: told for ref, told in expected.items() if told is not None}
    shown = {ref: {name: told[name] for name in STANDS} for ref, told in found.items()}
    wrong = different(shown, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(sorted(wrong.items()), 5))}"


STANDS = ("state", "step", "due", "days_left", "done_on", "light", "completion", "units")


def test_what_supervised_items_have_earned_is_as_computed_and_counts_once(
    path, people, told, supervising, supervised, sheet
):
    """Reminders, what was overdue, done again and returned without ground, each with its share, its
    day and what became of it; and what it costs of the points. Planted bug: the clock goes on
    while an item is suspended."""
    refs = {each: ref for ref, each in supervising.ids.items()}
    rows = list(people[OFFICE].pages(f"{path}/supervised-item-events"))
    found = Counter(_earning(row, refs) for row in rows)
    expected = Counter(supervised.earned(COUNTED_ON))
    assert found == expected, (found - expected, expected - found)
    assert {each.what for each in expected} == {"due_soon", "overdue", "redone", "returned"}
    costs = supervised.costs(COUNTED_ON)
    became = {_earning(r, refs): r["kept_alone"] for r in rows if r["what"] != "due_soon"}
    assert not different(became, costs), dict(islice(different(became, costs).items(), 9))
    counted = [each for each, why in costs.items() if why is None]
    assert supervising.counted["entered"] == len(counted) > 5
    assert supervising.counted["kept_alone"] == Counter(filter(None, costs.values()))
    scores = {
        unit["unit"]: each["score"]
        for unit in sheet["units"]
        for each in _all(unit["indicator_scores"])
        if each["indicator"] == SUPERVISED
    }
    wrong = different({u: Decimal(s) for u, s in scores.items() if s}, _left(told, counted))
    assert not wrong, dict(islice(wrong.items(), 9))


def _earning(row, refs):
    due, since = (row[n] and dt.date.fromisoformat(row[n]) for n in ("due", "shown_on"))
    return Earning(refs[row["item_id"]], row["what"], row["unit"], row["share"], due, since)


def _all(scores):
    for each in scores:
        yield each
        yield from _all(each["children"])


def _left(told, counted):
    """Return what is left of the points of supervision: what the source entered costs, and what
    items have earned by the percents of their shares."""
    policy, left, rates = told.scheme["items"], {}, {}
    for category in told.scheme["categories"]:
        for leaf in leaves(category):
            if leaf["code"] == SUPERVISED:
                rates |= dict.fromkeys(category["units"], leaf["params"]["per_event"])
                left |= dict.fromkeys(category["units"], leaf["points"])
    entered = [e for of in told.plan.entries.values() for e in of if e["indicator"] == SUPERVISED]
    for each in entered:
        if each["kind"] == "event" and each["key"] != "zero_report":
            left[each["unit"]] -= rates[each["unit"]][each["key"]] * Decimal(each["value"])
    for each in counted:
        left[each.unit] -= rates[each.unit][policy[each.what]] * each.share
    return {unit: max(points, Decimal(0)) for unit, points in left.items()}
