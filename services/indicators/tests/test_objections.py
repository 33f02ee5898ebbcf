"""What a scheme says of objections can be done."""

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.objections import objection_faults, overturned_faults
from indicators.rules.scheme import Scheme, places
from indicators.rules.without_effect import without_effect


def written(scheme):
    return adapter_of(Scheme).dump_python(scheme, mode="json")


def test_a_scheme_without_objections_has_the_digest_from_before(stored):
    """Planted bug: null where there was nothing."""
    plain = written(stored())
    assert "objections" not in plain
    told = written(stored({"/objections": {}}))
    levels = ["performance_office", "committee", "standing_committee"]
    assert told.pop("objections") == {"file_within": 5, "decide_within": 10, "levels": levels}
    assert journal.sha256(told) == journal.sha256(plain)


def test_somebody_decides_at_each_level_once(stored):
    """Planted bug: a level that stands twice."""

    def faults(levels):
        scheme = stored({"/objections": {"levels": levels}})
        return {(each.pointer, each.code) for each in objection_faults(scheme)}

    assert faults(["committee", "standing_committee"]) == set()
    assert faults([]) == {("/objections/levels", "missing")}
    scheme = stored({"/objections": {"remarks": {"levels": []}}})
    [found] = objection_faults(scheme)
    assert found.pointer == "/objections/remarks/levels"
    twice = {("/objections/levels/1", "named-twice")}
    assert faults(["committee", "committee"]) == twice


def test_a_scheme_that_says_nothing_of_corrections_has_the_digest_from_before(stored):
    """Planted bug: null where there was nothing."""
    assert "corrections" not in written(stored())
    assert written(stored({"/corrections": {}}))["corrections"] == {"may_fall": False}


def test_what_is_overturned_costs_by_what_is_counted(stored):
    """Planted bugs: an indicator that counts no events; an event that it does not have."""
    events = next(p.indicator for p in places(stored()) if p.indicator.method == "deduct_events")
    right = {"indicator": events.code, "event": next(iter(events.params["per_event"]))}
    at = "/corrections/overturned"
    for more, expected in (
        ({}, None),
        ({"indicator": "NONE"}, (f"{at}/indicator", "unknown-indicator")),
        ({"indicator": "C01"}, (f"{at}/indicator", "counts-no-events")),
        ({"event": "another"}, (f"{at}/event", "unknown-event")),
    ):
        told = stored({"/corrections": {"overturned": right | more}})
        found = {(each.pointer, each.code) for each in overturned_faults(told)}
        assert found == ({expected} if expected else set()), more


def test_what_an_upheld_objection_costs_has_an_effect_where_somebody_pays(stored):
    """Planted bugs: nothing said without objections; every scheme told that nobody pays."""
    events = next(p for p in places(stored()) if p.indicator.method == "deduct_events")
    code, unit = events.indicator.code, events.category.units[0]
    costs = {"indicator": code, "event": next(iter(events.indicator.params["per_event"]))}

    def found(changes):
        told = {(each.pointer, each.code) for each in without_effect(stored(changes))}
        return {each for each in told if each[0].startswith("/corrections")}

    plain = {"/corrections": {"overturned": costs}}
    assert found(plain) == {("/corrections", "no-objections")}
    objections = plain | {"/objections": {}}
    assert found(objections) == {("/corrections/overturned", "nobody-charged")}
    assert found(objections | {f"{events.at}/data_source_unit": unit}) == set()
