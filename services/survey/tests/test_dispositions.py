"""AAPOR's dispositions and rates, against published ones."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from survey.rules.batch import Outcome
from survey.rules.dispositions import (
    DISPOSITIONS,
    PRECEDENCE,
    Disposition,
    eligible_share,
    final,
    rates,
)

# Three sets of 18 rates each and one with nothing but an unknown case, published with the package
# outcomerate (CC0): its README to three places, its tests as fractions, its introduction to eight.
README = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
TESTS = {"I": 5, "P": 3, "R": 2, "NC": 1, "O": 2, "UH": 1, "UO": 1, "NE": 1}
INTRODUCTION = {"I": 760, "P": 339, "R": 59, "NC": 288, "O": 1, "UO": 173, "NE": 71}
UNKNOWN = {"UO": 1}
SETS = {
    "readme": (README, None),
    "tests": (TESTS, "1/2"),
    "introduction": (INTRODUCTION, None),
    "unknown": (UNKNOWN, "3/10"),
}
PUBLISHED = """
RR1   0.364 1/3   0.4691358  0
RR2   0.545 8/15  0.67839506 0
RR3   0.370 5/14  0.4714908  0
RR4   0.556 4/7   0.68180052 0
RR5   0.444 5/13  0.5252246  -
RR6   0.667 8/13  0.75950242 -
COOP1 0.500 5/12  0.6557377  -
COOP2 0.750 2/3   0.94823123 -
COOP3 0.571 1/2   0.65630397 -
COOP4 0.857 4/5   0.94905009 -
REF1  0.091 2/15  0.03641975 0
REF2  0.093 1/7   0.03660258 0
REF3  0.111 2/13  0.04077402 -
CON1  0.727 4/5   0.7154321  0
CON2  0.741 6/7   0.71902347 0
CON3  0.889 12/13 0.80096752 -
LOC1  0.818 13/15 0.89320988 0
LOC2  0.833 39/42 0.89769367 0
"""
ROWS = [
    (name, rate, value)
    for rate, *values in map(str.split, PUBLISHED.split("\n")[1:-1])
    for name, value in zip(SETS, values, strict=True)
]


def counted(counts):
    return {Disposition(code): Fraction(count) for code, count in counts.items()}


def weighed(dispositions, weights):
    counts = {}
    for code, weight in zip(dispositions.split(), weights.split(), strict=True):
        counts[Disposition(code)] = counts.get(Disposition(code), 0) + Fraction(weight)
    return counts


def test_there_are_72_published_values():
    assert len(ROWS) == len(set(ROWS)) == 72


@pytest.mark.parametrize(("name", "rate", "value"), ROWS)
def test_a_rate_is_the_published_one(name, rate, value):
    """Planted bug: `other` left out of those that were contacted."""
    counts, e = SETS[name]
    found = rates(counted(counts), e and Fraction(e))[rate]
    if value == "-":
        assert found is None
    elif "/" in value or value == "0":
        assert found == Fraction(value)
    else:
        places = len(value.split(".")[1])
        assert abs(found - Fraction(value)) <= Fraction(Decimal(5).scaleb(-places - 1))


def test_the_share_of_eligible_ones_is_estimated_from_those_of_whom_it_is_known():
    assert eligible_share(counted(README)) == Fraction(9, 10)
    assert round(float(eligible_share(counted(INTRODUCTION))), 10) == 0.9532279315


def test_what_is_known_of_nobody_is_not_assumed():
    """Without an interview, a refusal or an ineligible case e is not known, nor what rests on it;
    where everybody's eligibility is known nothing rests on it."""
    found = rates(counted(UNKNOWN))
    assert found["RR3"] is found["REF2"] is found["CON2"] is found["LOC2"] is None
    assert found["RR1"] == 0
    known = rates(counted({"I": 3, "R": 1}))
    assert known["RR1"] == known["RR3"] == known["RR5"] == Fraction(3, 4)
    assert set(rates({}).values()) == {None}


def test_weighted_rates_are_the_published_ones():
    cases = weighed("I P I UO R I NC I O P UH", "1.3 1.3 1.3 1.3 1.3 1.3 2.5 2.5 2.5 2.5 2.5")
    found = rates(cases)
    assert round(float(found["RR2"]), 10) == 0.5024630542
    assert round(float(found["CON1"]), 10) == 0.6896551724
    plain = rates(weighed("I P I UO R I NC I O P UH", "1 " * 11))
    assert (round(float(plain["RR2"]), 2), round(float(plain["CON1"]), 2)) == (0.55, 0.73)
    cases = weighed(
        "I P I NC UH I R UO I O P I R O P NE",
        "3.2 0.4 4.9 3.8 1.6 3.3 1.3 2.2 3.5 3.6 0.1 1.6 1.1 4.3 2.3 0.6",
    )
    assert rates(cases)["RR2"] == Fraction(193, 372)


def test_a_health_survey_has_the_rates_that_were_computed_for_it():
    found = rates(counted({"I": 650, "P": 50, "R": 150, "NC": 100, "O": 30, "UH": 20}))
    assert (found["RR1"], found["REF1"]) == (Fraction("0.65"), Fraction("0.15"))
    assert found["RR2"] == Fraction("0.7")
    assert round(float(found["COOP3"]), 3) == 0.765
    assert round(float(found["RR5"]), 8) == 0.66326531
    assert round(float(found["RR6"]), 8) == 0.71428571


FINALS = [
    ("refused no_contact no_contact", "refused"),
    ("no_contact refused unknown_household", "refused"),
    ("no_contact no_contact completed", "completed"),
    ("refused completed", "completed"),
    ("partial refused", "partial"),
    ("refused ineligible", "ineligible"),
    ("other no_contact", "other"),
    ("unknown_household no_contact", "no_contact"),
    ("unknown_household unknown_eligibility", "unknown_eligibility"),
    ("no_contact", "no_contact"),
]


@pytest.mark.parametrize(("attempts", "outcome"), FINALS)
def test_an_earlier_attempt_is_not_undone_by_silence(attempts, outcome):
    """Planted bug: the last attempt stands."""
    ended = [DISPOSITIONS[Outcome(attempt)] for attempt in attempts.split()]
    assert {final(order) for order in permutations(ended)} == {DISPOSITIONS[Outcome(outcome)]}


def test_every_disposition_has_an_outcome_and_a_rank():
    assert set(DISPOSITIONS) == set(Outcome)
    assert set(DISPOSITIONS.values()) == set(PRECEDENCE) == set(Disposition)
