"""Monthly ratings of complaints: by the rules, and who reads what of them."""

import datetime as dt
from fractions import Fraction

import pytest
from services.scoring.tests.complaints.handling import LEAD, SUPPORT

from scoring.rules.complaints.ratings import (
    Whole,
    answers_of,
    lists_of,
    rates_of,
    shown_rate,
    tallies,
)
from scoring.rules.complaints.standing import Done, Part

DAY, PLACE = dt.date, "complaint-ratings"
DUE, LATER = DAY(2025, 3, 14), DAY(2025, 4, 14)
A = [Part("A", "lead"), Part("B", "support")]
BEGUN = [("raise", DAY(2025, 3, 3), None, None), ("accept", DAY(2025, 3, 3), DUE, None)]
ASSIGN = ("assign", DAY(2025, 3, 4), DUE, None)
STATES = {
    "raise": "raised",
    "accept": "accepted",
    "answer": "answered",
    "revisit": "revisited",
    "rate": "revisited",
    "refuse": "refused",
    "return": "accepted",
}


def whole(*moves, begun=BEGUN):
    """A complaint of A and B with moves: move, day, due, word."""
    done = [
        Done(n, move, STATES.get(move, "assigned"), "hotline", due, word, "x", "B", day)
        for n, (move, day, due, word) in enumerate([*begun, *moves], 1)
    ]
    return Whole(None, done, {n.step: A for n in done if n.move == "assign"})


def on(month, day):
    return DAY(2025, month, day)


ANSWERED = ("answer", on(3, 10), DUE, None)


@pytest.mark.parametrize(
    ("moves", "march", "april"),
    [
        ([ASSIGN], {"given": 1, "overdue": 1}, {}),
        ([ASSIGN, ANSWERED], {"given": 1, "timely": 1}, {}),
        # Missed in March and answered in April: of March, and once.
        ([ASSIGN, ("answer", on(4, 2), DUE, None)], {"given": 1, "overdue": 1}, {}),
        (
            [ASSIGN, ANSWERED, ("revisit", on(4, 1), DUE, "satisfied")],
            {"given": 1, "timely": 1},
            {"satisfied": 1},
        ),
        # Who raised it goes before who asked him, whatever the order.
        (
            [
                *(ASSIGN, ANSWERED),
                ("rate", on(3, 11), DUE, "dissatisfied"),
                ("revisit", on(3, 12), DUE, "satisfied"),
            ],
            {"given": 1, "timely": 1, "dissatisfied": 1},
            {},
        ),
        (
            [
                *(ASSIGN, ANSWERED),
                ("revisit", on(3, 12), DUE, "dissatisfied"),
                ("redo", on(3, 13), LATER, None),
                ("answer", on(4, 1), LATER, None),
                ("revisit", on(4, 2), LATER, "satisfied"),
            ],
            {"given": 1, "timely": 1, "dissatisfied": 1, "redone": 1},
            {"timely": 1, "satisfied": 1},
        ),
        (
            [ASSIGN, ANSWERED, ("revisit", on(3, 12), DUE, "not_reached")],
            {"given": 1, "timely": 1, "not_reached": 1},
            {},
        ),
    ],
)
def test_each_term_and_each_word_counts_once_and_for_the_unit_that_leads(moves, march, april):
    """Planted bugs: the last word whoever said it; what was missed counts again when it is
    answered; all words of a complaint are of its first answer."""
    found = [tallies([whole(*moves)], month, on(3, 31)) for month in ("2025-03", "2025-04")]
    assert [dict(each.get("A", {})) for each in found] == [march, april]
    assert dict(found[0].get("B", {})) == {"given": 1}


def test_a_return_is_of_the_unit_that_returned_it():
    """Planted bug: returns are told of the lead."""
    found = tallies([whole(ASSIGN, ("return", on(3, 5), DUE, None))], "2025-03", on(3, 31))
    assert {unit: dict(each) for unit, each in found.items()} == {
        "A": {"given": 1},
        "B": {"given": 1, "returned": 1},
    }


def test_a_rate_of_too_few_is_none_and_how_many_there_are_moves_none():
    """Planted bugs: a rate of one; volume in the mean."""
    few = {"given": 4, "timely": 4, "satisfied": 4}
    assert rates_of(few, 5).mean is None
    many = {"given": 9, "timely": 6, "overdue": 3, "satisfied": 8, "dissatisfied": 1, "redone": 0}
    rates = rates_of(many, 5)
    assert (rates.satisfaction, rates.timely) == (Fraction(8, 9), Fraction(2, 3))
    assert shown_rate(rates.satisfaction) == shown_rate(Fraction(8889, 10000))
    more = {what: 100 * number for what, number in many.items()}
    assert rates_of(more, 5) == rates
    assert rates.mean == (Fraction(8, 9) + Fraction(2, 3) + 1 + 1) / 4


@pytest.mark.parametrize(
    ("means", "red", "black"),
    [
        ({}, [], []),
        ({"A": 1, "B": 1}, [], []),
        ({"A": 2, "B": 1}, [["A"]], [["B"]]),
        ({"B": 2, "A": 2, "C": 1}, [["A", "B"]], [["C"]]),
        ({"A": 3, "B": 2, "C": 1}, [["A"], ["B"]], [["C"]]),
        # Equals are listed together, or not at all.
        (
            {**dict.fromkeys("ABCD", 9), **dict.fromkeys("EFG", 8), "H": 7, "I": 6, "J": 5},
            [["A", "B", "C", "D"], ["E", "F", "G"]],
            [["J"], ["I"], ["H"]],
        ),
        (
            {chr(65 + n): n for n in range(20)},
            [["T"], ["S"], ["R"], ["Q"], ["P"]],
            [["A"], ["B"], ["C"], ["D"], ["E"]],
        ),
    ],
)
def test_lists_order_no_equals_and_have_no_unit_in_both(means, red, black):
    """Planted bugs: equals in an order; a list cut in the midst of equals; all that are equal on
    the black list."""
    found = lists_of({unit: Fraction(mean) for unit, mean in means.items()})
    assert ([[*each] for each in found.red], [[*each] for each in found.black]) == (red, black)


def test_what_has_become_of_a_month_is_counted_by_the_day_on_which_it_was_raised():
    """Planted bug: what was refused counts as waiting."""
    refused = whole(("refuse", on(3, 4), None, None), begun=BEGUN[:1])
    april = whole(begun=[("raise", on(4, 1), None, None)])
    waiting = [whole(), whole()]
    found = answers_of([whole(ASSIGN, ANSWERED), *waiting, refused, april], "2025-03")
    assert found == (4, 3, 1, 1, 1)


# Over HTTP


async def ratings(complaints, by=None, month=None):
    month = month or (await complaints.now_month())
    client = by or complaints.cycle.office
    answer = await client.get(f"{complaints.cycle.path}/{PLACE}", params={"month": month})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def rated(new_complaints, clock):
    """One complaint that XQ01 answered to somebody's satisfaction, and one of XQ02."""
    complaints = new_complaints(least=1)
    today = await clock.today()

    async def month():
        return today[:7]

    complaints.now_month = month
    for lead, word in ((LEAD, "satisfied"), (SUPPORT | {"role": "lead"}, "dissatisfied")):
        complaint_id = await complaints.assigned(lead)
        client = complaints.of(lead["unit"])
        await complaints.must(await complaints.answer(complaint_id, by=client))
        await complaints.must(await complaints.direct(complaint_id, "revisit", word=word))
    return complaints


async def test_the_office_reads_all_ratings_with_their_lists(rated):
    found = await ratings(rated)
    units = {each["unit"]: each for each in found["units"]}
    assert {unit: each["satisfaction_rate"] for unit, each in units.items()} == {
        "XQ01": "1.0000",
        "XQ02": "0.0000",
    }
    assert (found["red"], found["black"], found["least"]) == ([["XQ01"]], [["XQ02"]], 1)
    assert found["raised"] == {
        **dict.fromkeys(("raised", "accepted", "given", "answered"), 2),
        "put_aside": 0,
    }
    assert (await ratings(rated, month="2024-01"))["units"] == []


async def test_a_unit_reads_its_own_rating_and_nothing_of_others(rated):
    """Planted bugs: the lists, or what was raised in all, are told to units."""
    found = await ratings(rated, rated.of("XQ02"))
    assert [each["unit"] for each in found["units"]] == ["XQ02"]
    assert (found["red"], found["black"], found["raised"]) == ([], [], None)
    assert (await ratings(rated, rated.of("XQ03")))["units"] == []
    stranger = rated.cycle.caller("assessed_unit", unit="NOBODY", subject="stranger")
    path = f"{rated.cycle.path}/{PLACE}"
    assert (await stranger.get(path, params={"month": "2025-03"})).status_code == 403


async def test_complaints_about_the_office_are_in_no_rating(rated):
    """Planted bug: they are counted with the others."""
    await rated.registered(about_office=True)
    assert (await ratings(rated))["raised"]["raised"] == 2
    answer = await rated.cycle.office.get(f"{rated.cycle.path}/{PLACE}", params={"month": "2025-3"})
    assert answer.status_code == 422
