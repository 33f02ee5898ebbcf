"""What looks wrong in a city's year, and how far units are by its days, computed otherwise.

In the long form (`PROVE=1`) of all eight categories.
"""

import datetime as dt
from collections import Counter

import pytest
from tests.system.computed_otherwise import CITY, alike
from tests.system.recomputing import different, exact
from tests.system.warned_otherwise import Light, Warned, lights
from tests.system.whole_year.conftest import assessed, china, read, sent, some

from service_testing import trials

ABOUT = ("kind", "unit", "indicator", "scorer", "key", "item", "period")
KINDS = {
    "bulk_at_year_end", "last_digits", "repeated_deductions", "behind_plan", "evidence_duplicates",
    "jump_from_last_period",
}  # fmt: skip
"""What the year is to show; a jump needs a quarterly value, a scorer who is apart chance."""

DAYS = ["2025-03-31T12:00:00", "2025-07-01T00:00:00", "2025-10-15T09:00:00", "2026-01-20T09:00:00"]
"""When it is looked: before the first quarter is over, on the day on which a step of a plan is, and
while values are restated."""


@pytest.fixture(scope="module")
def warned(plan):
    return Warned(plan)


@pytest.mark.prove
def test_every_warning_is_told_as_computed_and_no_other(year, plan, warned, sheet):
    """What was measured, where the line is, of how many. Planted bug: what was reversed counts."""
    told = {
        tuple(each[name] for name in ABOUT): (
            exact(each["measured"]), exact(each["threshold"]), each["sample"],
        )
        for each in read(year, "warnings")
    }  # fmt: skip
    now = dt.datetime.now(CITY)
    pairs, nobody = len(alike(plan)), (None,) * 6
    expected = {
        **dict(warned.bulk()), **dict(warned.digits()), **dict(warned.jumps()),
        **dict(warned.repeated()), **dict(warned.behind(now)), **dict(warned.scorers(sheet)),
        ("evidence_duplicates", *nobody): (exact(pairs), exact(1), len(year.evidence.ids)),
    }  # fmt: skip
    wrong = different(told, expected)
    assert not wrong, some({str(about): each for about, each in wrong.items()})
    assert {about[0] for about in expected} >= KINDS


@pytest.mark.prove
@pytest.mark.parametrize("moment", DAYS)
def test_every_light_of_progress_is_as_computed(year, plan, moment):
    """By the last step of the plan that is over, the target in force, and the value that stood.
    Planted bugs: a step counts on its last day; what waits counts before what was verified."""
    told = {
        (each["unit"], each["indicator"]): Light(
            each["period"], exact(each["planned"]), exact(each["value"]), each["light"],
            each["unlit"],
        )
        for each in read(year, "progress-lights", at=sent(moment))
    }  # fmt: skip
    expected = lights(plan, china(moment))
    wrong = different(told, expected)
    assert not wrong, some(wrong)
    played = {*assessed(plan)}
    colours = Counter(light.colour for (unit, _), light in expected.items() if unit in played)
    if moment in DAYS[1:]:
        assert colours.keys() >= trials({"green", "red"}, {"green", "yellow", "red"}), colours
