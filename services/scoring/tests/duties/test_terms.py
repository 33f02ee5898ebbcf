"""What was handed in and sent back again is due again: terms against a walk from day to day."""

import random
from datetime import date, timedelta

import pytest
from calendars import YEARS

from chassis.deadlines import Light
from scoring.rules.duties.cards import cards_of
from scoring.rules.duties.lateness import Term as EntryTerm
from scoring.rules.duties.lateness import lateness_of
from scoring.rules.duties.owed import Duty, standings
from scoring.rules.duties.terms import HandedIn, Term, terms_of
from scoring.rules.ledger.progress import wanted_of
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import USUAL_DUTIES, DutyPolicy

MARCH = Duty("S", "I1", "2025-03")
DUE = date(2025, 4, 8)
FIRST, LAST = date(2025, 3, 20), date(2025, 5, 20)
ONE = timedelta(1)


def came(*days, unit="A", slot=None):
    """What was handed in and sent back by turns on these days."""
    found = []
    for n in range(0, len(days), 2):
        until = days[n + 1] if n + 1 < len(days) else None
        found.append(HandedIn(unit, "I1", "2025-03", days[n], until, slot))
    return found


def standing(handed_in, today, policy=USUAL_DUTIES, wants=()):
    [found] = standings({MARCH: {"A": wants}}, handed_in, YEARS, today, policy)
    return found


def known(handed_in, today):
    """What of that was known at the end of a day."""
    return [
        each._replace(until=each.until if each.until and each.until <= today else None)
        for each in handed_in
        if each.on <= today
    ]


def after(day, count):
    """So many working days later, found by walking."""
    while count:
        day += ONE
        count -= YEARS.is_worked(day)
    return day


def before(day, count):
    while count:
        day -= ONE
        count -= YEARS.is_worked(day)
    return day


def walked(days):
    """The first day of each light, by walking: without any terms."""
    due, counts, seen, returned = DUE, False, {}, FIRST
    turns = list(days)
    day = FIRST
    while day <= LAST:
        counted = counts
        while turns and turns[0] == day:
            turns.pop(0)
            counts = not counts
        if not counted and day > due:
            seen.setdefault(Light.YELLOW, day)
        if not counted and day > after(due, 2):
            seen.setdefault(Light.RED, day)
        if not counts and day in days:  # sent back, and not mended on the day
            due, returned = max(DUE, after(day, 2)), day
        if not counts and day >= max(before(due, 5), returned):
            seen.setdefault(Light.WARNING, day)
        day += ONE
    return seen


def test_cards_of_what_is_handed_in_and_sent_back_by_turns_are_those_of_a_walk():
    """Planted bugs: due by the first day alone; a card that a later return takes back; the term
    counted from the day on which it was handed in."""
    draw = random.Random(66)  # noqa: S311 - no secret
    span = (LAST - FIRST).days
    kinds = set()
    for _ in range(400):
        number = draw.randint(0, 6)
        days = sorted(FIRST + timedelta(draw.randint(0, span - 15)) for _ in range(number))
        handed_in, expected = came(*days), walked(days)
        found = standing(handed_in, LAST)
        cards = {card.light: card.shown_on for card in cards_of([found], LAST)}
        assert cards == expected, days
        kinds.add(tuple(sorted(cards)))
        # What a day has shown is not unsaid on a later one.
        for today in (FIRST + timedelta(n) for n in range(0, span, 7)):
            then = {
                card.light: card.shown_on
                for card in cards_of([standing(known(handed_in, today), today)], today)
            }
            assert then == {light: day for light, day in expected.items() if day <= today}, days
    assert len(kinds) > 3


@pytest.mark.parametrize(
    ("days", "light", "again"),
    [
        # In time, and sent back on the day before it was due, and on it: never before it was due.
        (("04-01", "04-02"), Light.WARNING, "2025-04-08"),
        (("04-01", "04-08"), Light.WARNING, "2025-04-10"),
        # In time, and reversed months later.
        (("04-01", "04-30"), Light.WARNING, "2025-05-07"),
        (("04-01", "04-30", "05-07"), Light.NONE, "2025-05-07"),
        (("04-01", "04-30", "05-08"), Light.YELLOW, "2025-05-07"),
        # Late at first: that card stays.
        (("04-09", "04-30", "05-06"), Light.YELLOW, "2025-05-07"),
    ],
)
def test_what_is_sent_back_is_due_again_some_working_days_later(days, light, again):
    """劳动节 2025: 1 to 5 May rest."""
    moments = [date.fromisoformat(f"2025-{day}") for day in days]
    today = max(moments[-1], DUE) if len(moments) % 2 else moments[-1]
    found = standing(came(*moments), today)
    assert (found.light, str(found.returned.days.due)) == (light, again)


@pytest.mark.parametrize("first", ["2025-04-02", "2025-04-09"])
def test_a_return_that_is_mended_on_the_same_day_keeps_the_first_day_and_its_card(first):
    """The entry as its duty. Planted bugs: it was handed in on the day of its return; a card of
    that day."""
    on, back = date.fromisoformat(first), date(2025, 4, 30)
    found = standing(came(on, back, back), date(2025, 5, 12))
    assert (found.done_on, found.returned) == (on, None)
    cards = [(card.light, card.shown_on) for card in cards_of([found], date(2025, 5, 12))]
    plain = standing(came(on), date(2025, 5, 12))
    assert cards == [(c.light, c.shown_on) for c in cards_of([plain], date(2025, 5, 12))]
    terms = [EntryTerm(None, on), EntryTerm(back, back)]
    told = lateness_of("2025-03", terms, YEARS, by_leave=False)
    assert told == lateness_of("2025-03", terms[:1], YEARS, by_leave=False)
    assert (told.handed_in_on, told.late) == (on, on > DUE)


def test_a_scheme_says_how_soon_what_was_sent_back_is_due():
    days = date(2025, 4, 1), date(2025, 4, 14)
    found = standing(came(*days), days[1], DutyPolicy(returned_within=3))
    assert str(found.returned.days.due) == "2025-04-17"


TWO = (("a", None), ("b", None))


def test_all_of_several_values_make_a_cell_complete():
    """Planted bugs: any of them; one that was sent back still counts for all."""
    a, b = (came(date(2025, 4, day), slot=slot) for day, slot in zip((1, 3), TWO, strict=True))
    assert standing(a, DUE, wants=TWO).missing == ("A",)
    assert standing(a + b, DUE, wants=TWO).done_on == date(2025, 4, 3)
    gone = [b[0]._replace(until=date(2025, 4, 10))]
    assert terms_of(a + gone, TWO) == [
        Term(None, date(2025, 4, 3)),
        Term(date(2025, 4, 10), None),
    ]
    whole = [each._replace(for_all=True) for each in came(date(2025, 1, 2))]
    assert standing(whole, DUE, wants=TWO).missing == ()


def form(kind, **parts):
    none = {"keys": (), "items": (), "any_item": False, "words": (), "endings": ("",)}
    none |= {"endings_of_key": {}, "dated": None, "low": None, "high": None, "whole": False}
    none |= {"instead": None, "valued": True, "noted": False}
    return EntryForm(kind, **none | {"comment_low": None, "comment_high": None} | parts)


def test_which_values_are_wanted_follows_from_the_form():
    """Planted bugs: keys of another period; pieces of which any number will do."""
    value = form("measured_value", keys=("a", "b"), items=("1", "2"))
    assert wanted_of(value, "") == (("a", "1"), ("a", "2"), ("b", "1"), ("b", "2"))
    lent = form("measured_value", keys=("a", "b"), endings_of_key={"b": ("Q1", "Q2")})
    assert wanted_of(lent, "Q1") == (("a", None), ("b", None))
    assert wanted_of(lent, "Q3") == ()
    pieces = form("measured_value", keys=("count", "zero_report"), any_item=True)
    assert wanted_of(pieces, "") == wanted_of(form("grade", words=("A", "B")), "") == ()
    assert wanted_of(form("milestone", items=("n1", "n2")), "") == ((None, "n1"), (None, "n2"))


def test_an_event_of_the_whole_year_answers_no_month_that_had_not_begun():
    """Planted bug: reported in January, and never again."""
    event = HandedIn("A", "I1", "2025", date(2025, 2, 10))
    for month, missing in ((1, ()), (2, ()), (3, ("A",)), (12, ("A",))):
        duty = Duty("S", "I1", f"2025-{month:02}")
        [found] = standings({duty: {"A": ()}}, [event], YEARS, LAST)
        assert found.missing == missing
