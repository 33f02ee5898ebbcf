"""What points still depend on: who acts on what, until when; and of a sealed ledger nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from chassis.deadlines import Calendar
from scoring.rules.claims.checks import Claim
from scoring.rules.claims.states import ClaimStanding
from scoring.rules.duties.in_charge import InCharge
from scoring.rules.duties.terms import HandedIn
from scoring.rules.reports.matters import Found, OpenReply, WaitingEntry, matters

NOVEMBER = date(2025, 11, 3)
PEOPLE = InCharge("张三", "李四")


def found(**more) -> Found:
    nothing = Found((), (), (), (), {}, Calendar(), NOVEMBER)
    return replace(nothing, **more)


def claim(level: str, state: str, kind: str = "bonus") -> Claim:
    told = dict.fromkeys(("authority", "holder_name", "document_no", "document_date"))
    told |= {"work_year": None, "linked_indicator": None, "rule": None}
    return Claim(
        UUID(int=1), "1", "XQ01", kind, level, event_key="e", standing=ClaimStanding(state), **told
    )


def of(scheme, what: str, given: Found) -> list:
    category = next(each for each in scheme.categories if each.code == "COUNTY")
    return [each for each in matters(scheme, category, "XQ01", given) if each.what == what]


def test_what_is_owed_about_the_unit_has_its_day_and_who_is_in_charge(scheme):
    """Planted bugs: working days of the duty's own lateness; what has come is owed."""
    owed = {each.indicator: each for each in of(scheme, "input", found())}
    one = owed["C01"]
    assert (one.unit, one.period, one.due) == ("ZH02", "2025", date(2026, 2, 2))
    assert one.working_days == Calendar().between(NOVEMBER, one.due) > 60
    came = [HandedIn("XQ01", "C01", "2025", NOVEMBER)]
    left = {each.indicator for each in of(scheme, "input", found(came=came))}
    assert left == {*owed} - {"C01"}
    others = [HandedIn("XQ02", "C01", "2025", NOVEMBER)]
    assert "C01" in {each.indicator for each in of(scheme, "input", found(came=others))}
    named = of(scheme, "input", found(persons={("ZH02", "C01"): PEOPLE}))
    assert {each.indicator for each in named if each.people} == {"C01"}
    late = of(scheme, "input", found(today=date(2026, 2, 4)))
    assert {each.working_days for each in late if each.indicator == "C01"} == {-2}


@pytest.mark.parametrize(
    ("key", "state", "backed", "what"),
    [
        ("actual", "submitted", False, "verification"),
        ("actual", "checked", False, "verification"),
        ("actual", "returned", False, "correction"),
        ("overdue", "submitted", False, "evidence"),
        ("overdue", "submitted", True, "verification"),
        ("overdue", "returned", True, "correction"),
    ],
)
def test_an_entry_waits_lacks_evidence_or_was_sent_back(scheme, key, state, backed, what):
    county = scheme.categories[0]
    wanting = _wants(scheme)
    entry = WaitingEntry("XQ01", "C03", "2025", "event", key, state, "ZH01", backed)
    given = found(waiting=[entry, entry])
    told = [
        each
        for each in matters(wanting, county, "XQ01", given)
        if each.what in ("verification", "evidence", "correction")
    ]
    assert [(e.what, e.indicator, e.unit, e.count) for e in told] == [(what, "C03", "ZH01", 2)]


def test_a_units_own_words_wait_for_nobody(scheme):
    """They are never verified. Planted bug: they are late for ever."""
    words = WaitingEntry("XQ01", "C01", "2025", "progress_report", None, "submitted", "XQ01", True)
    told = matters(scheme, scheme.categories[0], "XQ01", found(waiting=[words]))
    assert told == matters(scheme, scheme.categories[0], "XQ01", found())


def _wants(scheme):
    """The scheme in which overdue work counts with evidence alone."""

    def indicator(each):
        return replace(each, evidence_for=("overdue",)) if each.code == "C03" else each

    first, *rest = scheme.categories
    blocks = tuple(
        replace(block, indicators=tuple(map(indicator, block.indicators))) for block in first.blocks
    )
    return replace(scheme, categories=(replace(first, blocks=blocks), *rest))


def test_replies_are_counted_by_their_day(scheme):
    days = [date(2025, 11, 7), date(2025, 11, 7), date(2025, 10, 31)]
    told = of(scheme, "reply", found(replies=[*map(OpenReply, days)]))
    assert [(e.due, e.count, e.working_days) for e in told] == [
        (date(2025, 10, 31), 1, -1),
        (date(2025, 11, 7), 2, 4),
    ]


def test_awards_of_levels_that_nobody_has_claimed_are_open_until_the_window_closes(scheme):
    """Planted bugs: a claim that was rejected counts as one; a deduction counts as a claim."""
    every = of(scheme, "award", found())
    closes = scheme.categories[0].adjustments or scheme.adjustments
    assert {each.due for each in every} == {closes.window.closes}
    assert all(each.points > Decimal(0) for each in every)
    levels = {rule.code: rule.level for rule in closes.bonus.rules}
    assert {each.rule for each in every} == {*levels}
    one = next(iter(levels.values()))
    left = {code for code, level in levels.items() if level != one}
    for state in ("handed_in", "confirmed"):
        told = of(scheme, "award", found(claims=[claim(one, state)]))
        assert {each.rule for each in told} == left
    for given in (
        claim(one, "rejected"),
        claim(one, "withdrawn"),
        claim(one, "confirmed", "deduction"),
    ):
        assert len(of(scheme, "award", found(claims=[given]))) == len(every)
    assert of(scheme, "award", found(today=date(2027, 1, 1))) == []


def test_what_is_due_first_comes_first(scheme):
    told = matters(
        scheme, scheme.categories[0], "XQ01", found(replies=[OpenReply(date(2025, 1, 2))])
    )
    assert told[0].what == "reply"
    assert [each.due for each in told] == sorted(each.due for each in told)
