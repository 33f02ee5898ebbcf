"""What another system calls our codes, told beside them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.elsewhere import Beside, CodesElsewhere, KnownCode

SUMMER, WINTER = date(2025, 7, 1), date(2025, 12, 31)
KNOWN = [
    KnownCode("9001", "A", None, SUMMER),
    KnownCode("9002", "A", SUMMER, None),
    KnownCode("9003", "B", None, None),
    KnownCode("9004", "B", SUMMER, WINTER),
]


@pytest.mark.parametrize(
    ("ours", "day", "code"),
    [
        ("A", date(2025, 6, 30), "9001"),
        ("A", SUMMER, "9002"),
        ("B", date(2025, 6, 30), "9003"),
        ("B", SUMMER, None),
        ("B", date(2025, 12, 30), None),
        ("B", WINTER, "9003"),
        ("C", WINTER, None),
    ],
)
def test_the_one_code_of_the_day_is_told_and_none_of_several(ours, day, code):
    """Planted bugs: the first of several; the day of the end for one on which it holds."""
    assert CodesElsewhere(KNOWN).of(ours, day) == code


def test_where_another_system_has_no_codes_ours_are_told():
    assert CodesElsewhere(None).of("A", WINTER) == "A"
    assert CodesElsewhere([]).of("A", WINTER) is None


def beside(known=KNOWN, day=WINTER):
    return Beside({"shelf": ("shelf_there", CodesElsewhere(known))}, day)


def test_codes_stand_beside_fields_wherever_they_are_but_in_sentences():
    """Planted bug: fill in the parameters of a sentence, whose keys its text names."""
    told = beside().tell(
        {"shelf": "A", "loans": [{"shelf": None, "params": {"shelf": "A"}}, {"by": "A"}]}
    )
    assert told == {
        "shelf": "A",
        "shelf_there": "9002",
        "loans": [
            {"shelf": None, "shelf_there": None, "params": {"shelf": "A"}},
            {"by": "A"},
        ],
    }


@given(st.permutations(KNOWN), st.sampled_from(KNOWN))
def test_a_document_with_other_codes_has_another_key(known, changed):
    """Planted bug: a key of how many codes there are."""
    assert beside(known).key == beside().key
    ended = [each._replace(valid_to=WINTER) if each == changed else each for each in known]
    if ended != known:
        assert beside(ended).key != beside().key
    assert beside(day=SUMMER).key != beside().key
