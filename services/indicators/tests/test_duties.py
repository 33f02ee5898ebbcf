"""What a scheme says of duties agrees with its indicators; one that says nothing is as it was."""

import pytest

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.duties import (
    duty_faults,
    item_faults,
    rate_faults,
    self_evaluation_faults,
)
from indicators.rules.policies import DutyPolicy
from indicators.rules.scheme import Scheme, places
from indicators.rules.without_effect import without_effect


@pytest.fixture
def events(stored):
    """An indicator of the small scheme that is scored by events, with two of these."""
    found = next(p.indicator for p in places(stored()) if p.indicator.method == "deduct_events")
    return found.code, [*found.params["per_event"]]


def written(scheme):
    return adapter_of(Scheme).dump_python(scheme, mode="json")


def test_a_scheme_that_says_nothing_of_duties_has_no_such_field_and_the_digest_from_before(stored):
    """Planted bug: a null where there was nothing, so that each published scheme has another
    digest."""
    plain = written(stored())
    assert "duties" not in plain
    assert "items" not in plain
    told = written(stored({"/duties": {"monthly_within": 5}}))
    assert told.pop("duties")["red_after"] == 2
    assert journal.sha256(told) == journal.sha256(plain)
    assert adapter_of(Scheme).validate_python(plain).duties is None
    assert written(complete(adapter_of(Scheme).validate_python(plain))) == plain


def test_what_is_left_out_is_what_is_usual(stored):
    assert stored({"/duties": {}}).duties == DutyPolicy()


@pytest.mark.parametrize(
    "wrong",
    [
        {"monthly_within": 0},
        {"monthly_within": 41},
        {"half_yearly_by": 32},
        {"red_after": 0},
        {"warned_before": -1},
        {"returned_within": "two"},
        {"yearly_by": "20260110"},
    ],
)
def test_a_number_that_is_none_is_refused(stored, wrong):
    with pytest.raises((SchemeFaulty, ValueError)):
        stored({"/duties": wrong})


def faults(scheme):
    return {(each.pointer, each.code) for each in duty_faults(scheme)}


def test_cards_are_events_of_an_indicator_that_counts_them(stored, events):
    """Planted bugs: an indicator that counts no events; a zero report as a card."""
    code, (first, *_) = events
    right = {"indicator": code, "yellow": first, "red": first}
    assert faults(stored({"/duties": {"cards": right}})) == set()
    for change, expected in (
        ({"indicator": "NONE"}, ("/duties/cards/indicator", "unknown-indicator")),
        ({"indicator": "C01"}, ("/duties/cards/indicator", "counts-no-events")),
        ({"red": "zero_report"}, ("/duties/cards/red", "unknown-event")),
        ({"yellow": "another"}, ("/duties/cards/yellow", "unknown-event")),
    ):
        assert faults(stored({"/duties": {"cards": right | change}})) == {expected}


def test_items_are_events_of_an_indicator_that_counts_them(stored, events):
    """Planted bugs: an event that is left out taken for one that there is not; nothing that costs
    let pass in silence."""
    code, (first, *_) = events
    right = {"indicator": code, "overdue": first}
    assert [*item_faults(stored({"/items": right}))] == []
    assert [*item_faults(stored())] == []
    for change, expected in (
        ({"indicator": "NONE"}, ("/items/indicator", "unknown-indicator")),
        ({"indicator": "C01"}, ("/items/indicator", "counts-no-events")),
        ({"redone": "zero_report"}, ("/items/redone", "unknown-event")),
        ({"returned": "another"}, ("/items/returned", "unknown-event")),
        ({"overdue": None}, ("/items", "costs-nothing")),
    ):
        found = [*item_faults(stored({"/items": right | change}))]
        assert {(each.pointer, each.code) for each in found} == {expected}


def test_complaints_are_events_of_an_indicator_that_counts_them(stored, events):
    """Planted bug: what complaints cost is looked at nowhere."""
    code, (first, *_) = events
    right = {"indicator": code, "redone": first}

    def found(**change):
        complaints = {"body": "ZH31", "events": right | change}
        return {(e.pointer, e.code) for e in item_faults(stored({"/complaints": complaints}))}

    at = "/complaints/events"
    assert found() == set()
    assert found(indicator="NONE") == {(f"{at}/indicator", "unknown-indicator")}
    assert found(overdue="another") == {(f"{at}/overdue", "unknown-event")}
    assert found(upheld="another") == {(f"{at}/upheld", "unknown-event")}
    assert found(redone=None) == {(at, "costs-nothing")}


def test_rounds_of_self_evaluation_lie_in_the_year_and_cost_what_is_counted(stored, events):
    """Planted bugs: a round of an indicator below another; events without an indicator, and a
    tolerance of gaps that cost nothing, let pass in silence."""
    code, (first, *_) = events
    year = stored().assessment_year
    at = "/self_evaluations"
    one = {"code": "HALF", "name": "自评", "until": f"{year}-07-15", "indicators": ["C01"]}
    right = {"rounds": [one], "indicator": code, "gap": first, "tolerance": "0.1"}
    assert [*self_evaluation_faults(stored({at: right}))] == []
    assert [*self_evaluation_faults(stored({at: {"rounds": [one]}}))] == []
    assert [*self_evaluation_faults(stored())] == []
    for change, expected in (
        ({"rounds": []}, (f"{at}/rounds", "missing")),
        ({"rounds": [one, one]}, (f"{at}/rounds/1/code", "named-twice")),
        (
            {"rounds": [one | {"until": f"{year - 1}-12-31"}]},
            (f"{at}/rounds/0/until", "day-outside"),
        ),
        (
            {"rounds": [one | {"until": f"{year + 1}-07-01"}]},
            (f"{at}/rounds/0/until", "day-outside"),
        ),
        (
            {"rounds": [one | {"indicators": ["C01", "NONE"]}]},
            (f"{at}/rounds/0/indicators/1", "not-scored-by-itself"),
        ),
        ({"indicator": "NONE"}, (f"{at}/indicator", "unknown-indicator")),
        ({"indicator": "C01"}, (f"{at}/indicator", "counts-no-events")),
        ({"late": "another"}, (f"{at}/late", "unknown-event")),
        ({"indicator": None}, (f"{at}/gap", "counted-nowhere")),
        ({"gap": None, "late": first}, (f"{at}/tolerance", "tolerance-unused")),
        ({"gap": None, "tolerance": "0"}, (f"{at}/indicator", "costs-nothing")),
    ):
        found = [*self_evaluation_faults(stored({at: right | change}))]
        assert {(each.pointer, each.code) for each in found} == {expected}, change


def test_what_is_exempt_is_an_indicator_once_and_the_year_is_due_in_the_next(stored):
    exempt = {"exempt": ["C01", "NONE", "C01"]}
    assert faults(stored({"/duties": exempt})) == {
        ("/duties/exempt/1", "unknown-indicator"),
        ("/duties/exempt/2", "named-twice"),
    }
    year = stored().assessment_year
    for day, found in (
        (f"{year}-12-31", {("/duties/yearly_by", "day-outside")}),
        (f"{year + 1}-01-01", set()),
        (f"{year + 1}-06-30", set()),
        (f"{year + 1}-07-01", {("/duties/yearly_by", "day-outside")}),
    ):
        assert faults(stored({"/duties": {"yearly_by": day}})) == found


def test_the_first_day_on_which_anything_is_due_lies_within_the_year_or_soon_after(stored):
    year = stored().assessment_year
    for day, found in (
        (f"{year}-01-31", {("/duties/first_due", "day-outside")}),
        (f"{year}-02-01", set()),
        (f"{year + 1}-06-30", set()),
        (f"{year + 1}-07-01", {("/duties/first_due", "day-outside")}),
    ):
        assert faults(stored({"/duties": {"first_due": day}})) == found


def test_an_indicator_that_owes_nothing_needs_no_exemption(stored):
    parent = next(p.indicator.code for p in places(stored()) if p.indicator.children)
    found = without_effect(stored({"/duties": {"exempt": ["C01", parent]}}))
    told = {(e.pointer, e.code) for e in found if e.pointer.startswith("/duties")}
    assert told == {("/duties/exempt/1", "nothing-owed")}


def test_rates_of_complaints_are_values_of_indicators_that_take_a_percentage(stored, events):
    """Planted bugs: an indicator of events, one below others or one of several values is taken; two
    rates for one value."""
    code, _ = events

    def found(**rates):
        complaints = {"body": "ZH31", "rates": rates}
        return {(e.pointer, e.code) for e in rate_faults(stored({"/complaints": complaints}))}

    at = "/complaints/rates"
    assert [*rate_faults(stored({"/complaints": {"body": "ZH31"}}))] == []
    assert found() == {(at, "missing")}
    assert found(satisfaction="C01") == set()
    assert found(satisfaction="NONE") == {(f"{at}/satisfaction", "unknown-indicator")}
    assert found(timely=code) == {(f"{at}/timely", "takes-no-rate")}
    assert found(satisfaction="C01", redone="C01") == {(f"{at}/redone", "named-twice")}
