"""What a scheme says that grades lead to: it counts, or is refused by name."""

import pytest

from indicators.rules.results_used import consequence_faults

AT = "/consequences/by_grade"


def led(kind, **more):
    return {"grade": "excellent", "kind": kind, **more}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([led("award_ban", months=12)], None),
        ([led("title", name="文明单位", months=24)], None),
        ([led("bonus_coefficient", amount="1.2", months=12)], None),
        ([led("award_ban")], (f"{AT}/0/months", "missing")),
        ([led("title")], (f"{AT}/0/name", "missing")),
        ([led("headcount_quota", amount="1.1")], (f"{AT}/0/amount", "quota-above-one")),
        ([led("fault_notice", amount="1")], (f"{AT}/0/amount", "not-wanted")),
        ([led("fault_notice", name="x")], (f"{AT}/0/name", "not-wanted")),
        ([led("commendation", months=3)], (f"{AT}/0/months", "not-wanted")),
        ([led("public_criticism", months=3)], (f"{AT}/0/months", "not-wanted")),
        ([led("admonition_talk", months=3)], (f"{AT}/0/months", "not-wanted")),
        ([{**led("fault_notice"), "grade": "X"}], (f"{AT}/0/grade", "unknown-grade")),
        (
            [led("bonus_coefficient", amount="1.2"), led("bonus_coefficient", amount="1.5")],
            (f"{AT}/1", "named-twice"),
        ),
        ([led("award_ban", months=3), led("award_ban", months=12)], (f"{AT}/1", "named-twice")),
        ([], (AT, "missing")),
    ],
)
def test_what_grades_lead_to_counts_or_is_named(stored, rules, expected):
    """Planted bugs: the months of what is over at once are taken; of two coefficients of a grade
    both are, and the least counts."""
    found = consequence_faults(stored({"/consequences": {"by_grade": rules}}))
    told = [(each.pointer, each.code) for each in found]
    assert told == ([] if expected is None else [expected])
