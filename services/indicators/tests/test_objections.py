"""What a scheme says of objections can be done."""

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.objections import objection_faults
from indicators.rules.scheme import Scheme


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
