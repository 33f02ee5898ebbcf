"""Limits of the ranking at their last value and past it, where no other file tries them.

Planted bugs, seen to fail: `<` for `<=` in each of the terms.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from ranking.api import delegations as giving
from ranking.package import verify
from ranking.rules import consequences, delegations, embargo, fields, notices
from ranking.rules.embargo import InstantNotPossible
from ranking.rules.fields import TooManyRanks
from ranking.settings import Settings

DAY = dt.date(2025, 3, 1)
NOW = dt.datetime(2025, 3, 1, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize("over", [0, 1])
def test_a_consequence_has_effect_for_two_years_at_most(over):
    last = DAY + dt.timedelta(consequences.LONGEST + over)
    found = consequences._term_faults("rectification_report", DAY, last)
    assert [fault.code for fault in found] == ["too-long"] * over


@pytest.mark.parametrize("over", [0, 1])
def test_consequences_of_two_releases_are_one_up_to_so_many_months(over):
    """Planted bug: the last month is left out."""
    months = consequences._MOST_MONTHS + over
    until = consequences._until(DAY, months)
    said = SimpleNamespace(unit="A", kind="k", name=None, amount=None, from_on=DAY, until_on=until)
    assert consequences.key_of(said)[-1] == (None if over else months)


def test_an_embargo_lies_so_far_ahead_and_no_further():
    lead = dt.timedelta(seconds=60)
    for instant in (NOW + lead, NOW + embargo.LONGEST):
        embargo.refuse_instant(instant, NOW, lead)
    second = dt.timedelta(seconds=1)
    for instant in (NOW + lead - second, NOW + embargo.LONGEST + second):
        with pytest.raises(InstantNotPossible):
            embargo.refuse_instant(instant, NOW, lead)


def test_so_many_ranks_are_computed_for_one_answer():
    fields.refuse_too_many(2, fields.MOST_RANKS // 2)
    with pytest.raises(TooManyRanks):
        fields.refuse_too_many(2, fields.MOST_RANKS // 2 + 1)
    for units in (1, 2_000, 5_000):
        fields.refuse_too_many(units, fields.published_draw(units).replications)


def test_a_contact_is_kept_for_a_year_at_most():
    most = notices.KEPT_AT_MOST
    answered = NOW + most - notices.KEPT_AFTER
    second = dt.timedelta(seconds=1)
    assert notices.kept_until(NOW, answered - second, None) == NOW + most - second
    assert notices.kept_until(NOW, answered + second, None) == NOW + most
    assert notices.kept_until(NOW, None, None) == NOW + most


@pytest.mark.parametrize("number", [verify.MOST_NAMED, verify.MOST_NAMED + 1])
def test_of_units_beside_each_other_so_many_are_named_and_all_counted(number):
    """Of the verifier that goes with a release, as of the service. Planted bug: one is missing."""
    units = [f"A{n}" for n in range(number + 1)]
    places = [SimpleNamespace(unit=each, rank=1, by_key=[], told=[], order=0) for each in units]
    of = SimpleNamespace(at_line_only=False)
    verify_class()._tell(of, places)
    for each in places:
        [(code, params)] = each.told
        assert code == "shared_rank"
        assert params["units"] == [u for u in units if u != each.unit][: verify.MOST_NAMED]
        assert params["count"] == str(number)


def verify_class():
    """Return the class of the verifier that tells of places."""
    return next(
        each for each in vars(verify).values() if isinstance(each, type) and hasattr(each, "_tell")
    )


@pytest.mark.parametrize("over", [0, 1])
def test_somebody_signs_in_anothers_place_for_two_years_at_most(over):
    until = DAY + dt.timedelta(delegations.LONGEST + over)
    assert [each.code for each in giving._day_faults(until, DAY)] == ["too-long"] * over


@pytest.mark.parametrize(
    ("seconds", "holds"), [(1, True), (3600, True), (0.9, False), (3601, False)]
)
def test_a_lead_is_a_second_to_an_hour(seconds, holds):
    field = Settings.model_fields["embargo_lead_seconds"]
    adapter = TypeAdapter(Annotated[float, *field.metadata])
    if holds:
        assert adapter.validate_python(seconds) == seconds
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(seconds)
