"""Ballots are dealt to seats so that all of them say what the tables say, and forms counted."""

from collections import Counter

import pytest

from kaoping.faults import KaopingFault
from kaoping.voting import PEERS, count_of, dealt, seats_of

LEADERS = {"code": "LEAD", "mode": "leader_evaluation"}
OF_PEERS = {"code": "PEER", "mode": PEERS}


def rows(group=None, **answers):
    return [
        {"unit": unit, "group": group, "answer": each}
        for unit, given in answers.items()
        for each in given
    ]


@pytest.mark.parametrize(
    ("survey", "told", "seats"),
    [
        (LEADERS, rows(U="aab", V="ab"), 3),
        (OF_PEERS, rows(U="ab", V="aa", W="b"), 3),
        (LEADERS, rows("x", U="ab") + rows("y", U="b", V="bb"), 4),
    ],
)
def test_all_ballots_together_say_what_the_tables_say(survey, told, seats):
    """Planted bugs: a seat that judges its own unit; two judgements of one seat about a unit."""
    named = seats_of(survey, told)
    said = dealt(named, told)
    assert len(named) == len({each.account for each in named}) == seats
    judged = Counter(
        (judgement["unit"], seat.group, judgement["answer"])
        for seat, judgements in said.items()
        for judgement in judgements
    )
    assert judged == Counter((row["unit"], row["group"], row["answer"]) for row in told)
    for seat, judgements in said.items():
        units = [each["unit"] for each in judgements]
        assert len(units) == len(set(units))
        assert seat.unit not in units


def test_more_answers_than_seats_are_named():
    told = rows(U="aab", V="a")
    with pytest.raises(KaopingFault, match="U: 3 answers, and 1 seats"):
        dealt(seats_of(OF_PEERS, told), told)


def test_forms_are_counted_with_those_that_are_blank():
    """Planted bug: leave out the forms that say nothing of a unit: the count does not add up."""
    count = count_of(rows(U="aab", V="b"))
    assert (count["returned"], count["spoiled"]) == (3, 0)
    assert [(each["unit"], dict(each["options"]), each["blank"]) for each in count["votes"]] == [
        ("U", {"a": 2, "b": 1}, 0),
        ("V", {"b": 1}, 2),
    ]
