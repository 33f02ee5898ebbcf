"""What points still depend on: who acts on what, until when; and of a sealed ledger nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from chassis.deadlines import Calendar
from scoring.rules.claims.checks import Claim
from scoring.rules.claims.states import ClaimStanding
from scoring.rules.duties.in_charge import InCharge
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.periods import Closing, Leave, Periods
from scoring.rules.reports.matters import (
    Found,
    ItemInHand,
    OpenReply,
    WaitingEntry,
    known_to,
    matters,
)
from scoring.rules.scheme.document import DutyPolicy, ItemPolicy, Recusal

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
    entry = waits("C03", "event", key, state, "ZH01", backed=backed)
    given = found(waiting=[entry, entry])
    told = [
        each
        for each in matters(wanting, county, "XQ01", given)
        if each.what in ("verification", "evidence", "correction")
    ]
    # Who decides is the office, by no day: its author has done what was due.
    unit, due = (None, None) if what == "verification" else ("ZH01", date(2026, 2, 2))
    expected = [(what, "C03", unit, due, 2)]
    assert [(e.what, e.indicator, e.unit, e.due, e.count) for e in told] == expected


def waits(indicator, kind, key, state, author, *, backed=False, signed=False, returned_on=None):
    about = "XQ01", indicator, "2025", kind, key, None, state, author
    return WaitingEntry(*about, backed, signed, returned_on)


def told_of(scheme, indicator, given) -> list:
    every = matters(scheme, scheme.categories[0], "XQ01", given)
    return [(e.what, e.unit, e.due) for e in every if e.indicator == indicator]


VALUE = ("C01", "measured_value", "actual")
LATE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("entry", "came", "told"),
    [
        (waits(*VALUE, "returned", "ZH02", returned_on=NOVEMBER), (), ("correction", None)),
        (waits(*VALUE, "returned", "ZH02", returned_on=LATE), (), ("correction", date(2026, 3, 4))),
        (waits(*VALUE, "submitted", "ZH02"), [NOVEMBER], ("verification", None)),
    ],
)
def test_an_entry_that_waits_is_told_once_with_its_own_day(scheme, entry, came, told):
    """Planted bugs: what was sent back is owed besides; by the day of its period."""
    came = [HandedIn("XQ01", "C01", "2025", day, slot=("actual", None)) for day in came]
    what, due = told
    if what == "correction":
        came = [HandedIn("XQ01", "C01", "2025", NOVEMBER, entry.returned_on, ("actual", None))]
        due = due or date(2026, 2, 2)
    unit = None if what == "verification" else "ZH02"
    given = found(waiting=[entry], came=came)
    assert told_of(scheme, "C01", given) == [(what, unit, due)]


def test_what_waits_for_a_signature_is_told_as_that_and_not_as_owed(scheme):
    """Planted bugs: it waits for the office; it was never entered; what was sent back before
    anybody had signed it has a new term."""
    signed = replace(scheme, duties=DutyPolicy(signed_off_for=("C01",)))
    due = date(2026, 2, 2)
    for entry, what in (
        (waits(*VALUE, "submitted", "ZH02"), "signature"),
        (waits(*VALUE, "returned", "ZH02", returned_on=LATE), "correction"),
    ):
        assert told_of(signed, "C01", found(waiting=[entry])) == [(what, "ZH02", due)]
    entry = waits(*VALUE, "submitted", "ZH02", signed=True)
    came = [HandedIn("XQ01", "C01", "2025", NOVEMBER, slot=("actual", None))]
    given = found(waiting=[entry], came=came)
    assert told_of(signed, "C01", given) == [("verification", None, None)]


def test_what_others_have_not_handed_in_is_owed_to_the_unit(scheme):
    """What its author still works at is nobody else's to read. Planted bug: all that waits."""
    signed = replace(scheme, duties=DutyPolicy(signed_off_for=("C01",)))
    theirs, own = (waits(*VALUE, "submitted", author) for author in ("ZH02", "XQ01"))
    assert [*known_to(signed, "XQ01", [theirs, own])] == [own]
    assert [*known_to(scheme, "XQ01", [theirs, own])] == [theirs, own]
    known = found(waiting=[*known_to(signed, "XQ01", [theirs])])
    assert told_of(signed, "C01", known) == [("input", "ZH02", date(2026, 2, 2))]


def test_who_reviews_first_or_in_the_offices_place_acts(scheme):
    """Planted bugs: the office is told; who has passed it is told again."""
    led = _changed(scheme, "C01", reviewed_by="ZH42")
    recused = replace(scheme, recusals=(Recusal("XQ01", "ZF09"),))
    came = [HandedIn("XQ01", "C01", "2025", NOVEMBER, slot=("actual", None))]
    for given, state, unit in (
        (led, "submitted", "ZH42"),
        (led, "checked", None),
        (recused, "checked", "ZF09"),
    ):
        entry = waits(*VALUE, state, "ZH02")
        told = told_of(given, "C01", found(waiting=[entry], came=came))
        assert told == [("verification", unit, None)]


def test_a_units_own_words_wait_for_nobody(scheme):
    """They are never verified. Planted bug: they are late for ever."""
    words = waits("C01", "progress_report", None, "submitted", "XQ01", backed=True)
    told = matters(scheme, scheme.categories[0], "XQ01", found(waiting=[words]))
    assert told == matters(scheme, scheme.categories[0], "XQ01", found())


def _wants(scheme):
    """The scheme in which overdue work counts with evidence alone."""
    return _changed(scheme, "C03", evidence_for=("overdue",))


def _changed(scheme, code, **more):
    first, *rest = scheme.categories
    blocks = tuple(
        replace(
            block,
            indicators=tuple(
                replace(each, **more) if each.code == code else each for each in block.indicators
            ),
        )
        for block in first.blocks
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


CLOSED = (Closing("2025-10", datetime(2025, 11, 8, tzinfo=UTC)),)


def leave(indicator=None, unit="ZH01", until=8):
    return Leave(1, "2025-10", unit, indicator, datetime(2025, 11, until, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("leaves", "due"),
    [
        ((), None),
        ((leave(unit="ZH02"),), None),
        ((leave(indicator="C01"),), None),
        ((leave(),), date(2025, 11, 8)),
        ((leave(indicator="C03"), leave(until=6)), date(2025, 11, 8)),
    ],
)
def test_a_closed_month_is_open_by_a_permission_alone_until_its_last_day(scheme, leaves, due):
    """Planted bugs: any unit's permission; the day on which it was due before; the day after; a
    signature is open though nobody may give it; what was handed in is not backed any more."""
    told = of(scheme, "input", found(periods=Periods(CLOSED, leaves)))
    months = {each.period: each for each in told if each.indicator == "C03"}
    assert {"2025-09", "2025-11"} < months.keys()
    assert (months["2025-10"].due if "2025-10" in months else None) == due
    if due is not None:
        assert months["2025-10"].working_days == Calendar().between(NOVEMBER, due)
    back = replace(waits("C03", "event", "overdue", "returned", "ZH01"), period="2025-10")
    mended = of(scheme, "correction", found(waiting=[back], periods=Periods(CLOSED, leaves)))
    assert [each.due for each in mended] == ([] if due is None else [due])
    # Nobody signs off what is about a closed period; what was handed in before is still backed.
    signing = replace(_wants(scheme), duties=DutyPolicy(signed_off_for=("C03",)))
    for signed in (False, True):
        one = replace(waits("C03", "event", "overdue", "submitted", "ZH01"), period="2025-10")
        given = found(waiting=[replace(one, signed=signed)], periods=Periods(CLOSED, leaves))
        told = [*of(signing, "signature", given), *of(signing, "evidence", given)]
        expected = ["evidence"] if signed else ["signature", "evidence"] if due else []
        assert [each.what for each in told] == expected
        assert signed or {each.due for each in told} <= {due}


def test_claims_wait_for_the_units_that_have_not_answered_and_then_to_be_decided(scheme):
    """Planted bugs: the award is open for nobody once somebody has claimed it; a claim that waits
    for an answer waits for the office too."""
    rule = scheme.adjustments.bonus.rules[0]
    one = replace(claim(rule.level, "handed_in"), authority=rule.authorities[0])
    decided = [claim(rule.level, state) for state in ("confirmed", "rejected", "withdrawn")]
    given = found(claims=[one, *decided])
    (waits,) = of(scheme, "confirmation", given)
    assert (waits.unit, waits.count, waits.rule) == (None, 1, rule.code)
    assert (waits.points, waits.due) == (rule.points, None)
    assert of(scheme, "answer", given) == []
    given = replace(given, unanswered={one.claim_id: ["XQ01", "XQ02"]})
    assert [(e.unit, e.rule) for e in of(scheme, "answer", given)] == [
        ("XQ01", rule.code),
        ("XQ02", rule.code),
    ]
    assert of(scheme, "confirmation", given) == []


def test_items_in_hand_are_told_where_they_cost_points(scheme):
    """Planted bugs: where they cost nothing; the lead acts while the clock stands still."""
    runs, still = ItemInHand("XQ02", date(2025, 11, 7), None), ItemInHand("XQ02", None, 5)
    given = found(items=[runs, runs, still])
    assert of(scheme, "item", given) == []
    counted = replace(scheme, items=ItemPolicy("C15", "overdue"))
    assert [(e.unit, e.count, e.due, e.working_days) for e in of(counted, "item", given)] == [
        ("XQ02", 2, date(2025, 11, 7), 4),
        (None, 1, None, 5),
    ]
    elsewhere = replace(scheme, items=ItemPolicy("P01", "overdue"))
    assert of(elsewhere, "item", given) == []


def test_what_is_due_first_comes_first(scheme):
    told = matters(
        scheme, scheme.categories[0], "XQ01", found(replies=[OpenReply(date(2025, 1, 2))])
    )
    assert told[0].what == "reply"
    assert [each.due for each in told] == sorted(each.due for each in told)
