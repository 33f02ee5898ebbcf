"""Marks from seats of a panel: whose they are, what marks there are, and that no two are alike."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from compiling import compiled
from small_years import indicator, scheme_of

from scoring.rules.ledger.batch import (
    BatchRejected,
    NotTheSeat,
    check_batch,
    faults_by_row,
    misfits,
)
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.seats import Author, Sitting, compared
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.source_refs import Known, Standing, recognised
from scoring.rules.ledger.sources import Sources
from scoring.rules.reports.own_marks import GivenMark, own_marks, seats_of
from scoring.rules.reports.simulation import ChangesRejected, SimulatedValue, check_changes
from scoring.rules.scheme.document import Panel, Seat
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import score_category

SEATS = (Seat("1", "zhang", "P"), Seat("2", "li", "P"), Seat("3", "wang", "A"))
STEPS = [
    {"low": "0", "high": "59", "text": "未开展"},
    {"low": "60", "high": None, "text": "刚开展"},
    {"low": "80", "high": "100", "text": "有成效"},
]
COMMENT = {"low": 59, "high": 95}
INDICATORS = (
    indicator("qualitative_panel", {"panel": "P1"}, "SEATS", may_be_not_applicable=True),
    indicator("qualitative_panel", {"panel": "P1", "exclude_own_unit": False}, "ALL"),
    indicator(
        "qualitative_panel",
        {"panel": "P1", "rubric": STEPS, "only_steps": True, "comment_at_extremes": COMMENT},
        "STEPS",
    ),
    indicator("qualitative_panel", {"panel": "P1", "distinct_marks": True}, "APART"),
    replace(
        indicator("qualitative_panel", {"panel_size": 2, "distinct_marks": True}, "ONE"),
        data_source_unit="Z",
    ),
    replace(indicator("qualitative_panel", {"panel_size": 3}, "PLAIN"), data_source_unit="P"),
)


@pytest.fixture(scope="module")
def scheme():
    found = scheme_of(INDICATORS, units=("A", "B", "C"))
    return compiled(replace(found, panels=(Panel("P1", SEATS),)))


ZHANG = Author("P", "zhang", "p-1")
LI = Author("P", "li", "p-2")
WANG = Author("A", "wang", "p-3")
SOURCE = Author("Z", "clerk", "p-4")


def mark(value="70", unit="B", code="SEATS", seat="1", **more):
    about = (unit, code, "panel_mark", None, seat, "2025")
    return Draft(*about, Decimal(value), None, **more)


def post(scheme, *drafts, by=ZHANG, **given):
    check_batch(EntryForms(scheme).seated(drafts), scheme, by, **given)


def refused(scheme, *drafts, **given):
    with pytest.raises((BatchRejected, NotTheSeat)) as refusal:
        post(scheme, *drafts, **given)
    assert all(fault.zh for fault in refusal.value.faults)
    return refusal.type, [(fault.pointer, fault.code) for fault in refusal.value.faults]


def test_the_account_that_holds_the_seat_marks_from_it(scheme):
    post(scheme, mark(), mark(unit="C"))
    post(scheme, mark(seat="2"), by=LI)


@pytest.mark.parametrize(
    ("by", "seat"),
    [
        (ZHANG, "2"),
        (LI, "1"),
        (SOURCE, "1"),
        # who moved to another unit may hide an interest there
        (replace(ZHANG, unit="B"), "1"),
        (replace(ZHANG, unit=None), "1"),
        (replace(ZHANG, account="Zhang"), "1"),
        (Author("P"), "1"),
    ],
)
def test_nobody_else_does(scheme, by, seat):
    """Planted bug: compare the units alone."""
    assert refused(scheme, mark(seat=seat), by=by) == (
        NotTheSeat,
        [("/entries/0/item", "not-the-seat")],
    )


def test_there_is_no_other_seat(scheme):
    kind, faults = refused(scheme, mark(seat="4"))
    assert kind is BatchRejected
    assert {code for _, code in faults} == {"not-one-of", "not-the-seat"}


def test_what_could_not_be_replaced_keeps_its_place(scheme):
    """Planted bug: forget an entry whose correction is left out."""
    former, other = mark(code="ONE", source_ref="R"), mark("80", "C", "ONE")
    there = [stored(former, 1, author_unit="Z"), stored(other, 2, author_unit="Z")]
    known = {"R": Known(1, Standing(there[0].entry_id, "submitted", None, former))}
    rows = {0: replace(former, value=Decimal(80)), 1: mark("75", code="ONE")}
    found = recognised(rows, known, {}, "submitted")
    faults, _ = faults_by_row(found, rows, scheme, SOURCE, stored=there)
    assert {row: [fault.code for fault in of] for row, of in faults.items()} == {
        0: ["same-mark"],
        1: ["duplicate-entry"],
    }


def test_who_holds_no_seat_is_not_told_what_is_entered_there(scheme):
    there = stored(mark(), author_unit="P")
    assert refused(scheme, mark(), by=LI, stored=[there])[1] == [
        ("/entries/0/item", "not-the-seat")
    ]
    assert refused(scheme, mark(), stored=[there])[1] == [("/entries/0", "duplicate-entry")]


def test_the_data_source_still_declares_that_the_indicator_does_not_apply(scheme):
    check = Draft("B", "SEATS", "not_applicable", None, None, "2025", None, None, note="无此业务")
    post(scheme, check, by=Author("B", "b", "p-9"))
    with pytest.raises(Exception, match="another unit's"):
        post(scheme, check)


def test_a_seat_does_not_mark_its_own_unit(scheme):
    assert refused(scheme, mark(unit="A", seat="3"), by=WANG)[1] == [
        ("/entries/0/unit", "own-unit")
    ]
    post(scheme, mark(unit="B", seat="3"), by=WANG)
    post(scheme, mark(unit="A", seat="3", code="ALL"), by=WANG)


@pytest.mark.parametrize("person", ["p-1", "P-1", "ｐ-1"])
def test_one_person_gives_no_marks_from_two_seats(scheme, person):
    """Planted bug: compare the accounts."""
    sat = [Sitting("P1", "1", "p-1")]
    by = replace(LI, person=person)
    assert refused(scheme, mark(seat="2"), by=by, sittings=sat) == (
        NotTheSeat,
        [("/entries/0/item", "second-seat")],
    )
    post(scheme, mark(seat="2"), by=LI, sittings=sat)
    post(scheme, mark(), sittings=sat)
    post(scheme, mark(seat="2"), by=by, sittings=[Sitting("P2", "1", "p-1")])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("59", None),
        ("59.5", "not-a-step"),
        ("60", None),
        ("60.0", None),
        ("60.1", "not-a-step"),
        ("80", None),
        ("100", None),
        ("100.1", "out-of-range"),
        ("-0.1", "out-of-range"),
    ],
)
def test_only_marks_of_the_rubric_are_taken(scheme, value, code):
    draft = mark(value, code="STEPS", note="理由")
    if code is None:
        post(scheme, draft)
    else:
        assert refused(scheme, draft)[1] == [("/entries/0/value", code)]


def test_a_seat_explains_the_extremes_too(scheme):
    assert refused(scheme, mark("95", code="STEPS"))[1] == [("/entries/0/note", "note-missing")]


def stored(draft, n=1, author_unit="P", state="submitted", **more):
    about = (draft.unit, draft.indicator, draft.kind, draft.key, draft.item, draft.period)
    given = {"value": draft.value, "author_unit": author_unit} | more
    return StoredEntry(UUID(int=n), *about, state, **given)


SAME = [("/entries/0", "same-mark")]


@pytest.mark.parametrize(
    ("there", "comes", "by", "faults"),
    [
        (mark("70", "B", "APART"), mark("70.0", "C", "APART"), ZHANG, SAME),
        (mark("70", "B", "APART"), mark("70.1", "C", "APART"), ZHANG, []),
        # another seat's marks are another scorer's
        (mark("70", "B", "APART", "2"), mark("70", "C", "APART"), ZHANG, []),
        (mark("70", "B"), mark("70", "C"), ZHANG, []),
        # one data source unit enters for several seats
        (mark("70", "B", "ONE"), mark("70", "C", "ONE"), SOURCE, SAME),
        (mark("70", "B", "ONE"), mark("70", "C", "ONE", "2"), SOURCE, []),
    ],
)
def test_a_scorer_gives_no_two_units_the_same(scheme, there, comes, by, faults):
    """Planted bugs: compare marks as they are written; compare those of other seats."""
    lies = [stored(there, author_unit=by.unit)]
    if not faults:
        post(scheme, comes, by=by, stored=lies)
        post(scheme, comes, by=by)
        return
    assert refused(scheme, comes, by=by, stored=lies)[1] == faults
    kind, within = refused(scheme, replace(there, panel=None), comes, by=by)
    assert (kind, within) == (BatchRejected, [("/entries/1", "same-mark")])


def test_the_refusal_names_the_other_unit(scheme):
    with pytest.raises(BatchRejected) as refusal:
        post(scheme, mark("70", "C", "APART"), stored=[stored(mark("70", "B", "APART"))])
    (fault,) = refusal.value.faults
    assert fault.en.startswith("B has been given 70 for APART by the same scorer")
    assert fault.zh == "同一评分人已就 APART 给 B 打 70 分；同类别各单位不得同分。"


def test_marks_of_another_unit_that_once_sat_there_are_not_told(scheme):
    """Planted bug: compare by the seat alone, and name what a predecessor has marked."""
    post(
        scheme, mark("70", "C", "APART"), stored=[stored(mark("70", "B", "APART"), author_unit="Q")]
    )


def test_a_mark_that_was_reversed_is_free_again(scheme):
    there = stored(mark("70", "B", "APART"))
    reversal = replace(there, entry_id=UUID(int=2), kind="reversal", reverses=there.entry_id)
    post(scheme, mark("70", "C", "APART"), stored=[there, reversal])


def test_what_may_be_alike_is_looked_up_in_the_whole_category(scheme):
    assert compared([mark(code="APART")], scheme) == {(u, "APART") for u in ("A", "B", "C")}
    assert compared([mark(), mark(code="PLAIN")], scheme) == set()


def outcome(scheme, code, *marks):
    """What A comes to by marks of these seats, each with the panel that it is from."""
    category = scheme.categories[0]
    entries = [
        Entry(UUID(int=n), "A", code, "panel_mark", None, seat, "2025", Decimal(v), None, panel=p)
        for n, (seat, v, p) in enumerate(marks, 1)
    ]
    given = {"entries": entries, "targets": (), "satisfaction": {}}
    sources = Sources(scheme, category.units, group=category.units, **given)
    found = score_category(plan_of(scheme, category), scheme.rounding, sources)
    return found.outcomes[code].at(0)


def test_a_mark_counts_for_the_panel_that_it_is_from(scheme):
    """Planted bug: read a mark by the name of its seat alone."""
    assert outcome(scheme, "SEATS", ("1", "80", "P1"), ("2", "90", "P1")).score == Decimal("8.5")
    for stranger in (None, "P0"):
        found = outcome(scheme, "SEATS", ("1", "80", "P1"), ("2", "90", stranger))
        assert [each.en for each in found.missing] == ["mark 2 is missing."]
    entered = [(seat, "80", None) for seat in ("1", "2", "3")]
    assert outcome(scheme, "PLAIN", *entered).score == 8
    assert outcome(scheme, "PLAIN", *entered[1:], ("1", "80", "P1")).score is None


def test_a_unit_is_marked_from_all_seats_but_its_own(scheme):
    marks = (("1", "80", "P1"), ("2", "90", "P1"), ("3", "0", "P1"))
    assert outcome(scheme, "SEATS", *marks).score == Decimal("8.5")
    assert outcome(scheme, "ALL", *marks).score == Decimal("5.6667")
    assert outcome(scheme, "SEATS", marks[0]).score is None


def handed_in(scheme, draft, by, **given):
    return [fault.code for fault in misfits({0: draft}, scheme, (), {0: by}, **given)]


@pytest.mark.parametrize(
    ("draft", "by", "codes"),
    [
        (mark(panel="P1"), ZHANG, []),
        # the seat has changed hands since, or the account its unit
        (mark(panel="P1"), LI, ["not-the-seat"]),
        (mark(panel="P1"), replace(ZHANG, unit="B"), ["not-the-seat"]),
        # a panel marks now what the data source entered, or the other way round
        (mark(), ZHANG, ["another-panel"]),
        (mark(panel="P0"), ZHANG, ["another-panel", "not-the-seat"]),
        (mark(code="PLAIN", panel="P1"), ZHANG, ["another-panel"]),
        (mark(unit="A", seat="3", panel="P1"), WANG, ["own-unit"]),
    ],
)
def test_a_mark_is_held_against_the_scheme_again_before_it_counts(scheme, draft, by, codes):
    assert handed_in(scheme, draft, by) == codes


def test_a_draft_from_a_second_seat_is_not_handed_in(scheme):
    sat = [Sitting("P1", "2", "p-1")]
    assert handed_in(scheme, mark(panel="P1"), ZHANG, sittings=sat) == ["second-seat"]


def test_a_simulated_mark_is_one_that_its_seat_could_give(scheme):
    def simulate(unit, seat, value="70"):
        about = (unit, "SEATS", "panel_mark", None, seat, "2025")
        check_changes([SimulatedValue(*about, Decimal(value), None)], scheme, ())

    simulate("B", "1")
    simulate("B", "3")
    for unit, seat, value in [("A", "3", "70"), ("B", "4", "70"), ("B", "1", "101")]:
        with pytest.raises(ChangesRejected):
            simulate(unit, seat, value)


def given(value, unit, code="STEPS", seat="1"):
    return GivenMark(unit, code, "P1", seat, None if value is None else Decimal(value))


def distribution(scheme, code, account, unit, *marks):
    found = own_marks(scheme, seats_of(scheme, account, unit), marks)
    return next(each for each in found if each.indicator == code)


def test_a_distribution_is_that_of_the_own_marks(scheme):
    """Two marks, 40 and 95: mean 67.5, standard deviation 27.5."""
    found = distribution(scheme, "STEPS", "zhang", "P", given("40", "A"), given("95", "B"))
    assert (found.marks, found.unknown, found.open) == (2, 0, ("C",))
    assert (found.mean, found.spread) == (Decimal("67.5"), Decimal("27.5"))
    assert (found.lowest, found.highest) == (40, 95)
    assert [(step.text, step.marks) for step in found.steps] == [
        ("未开展", 1),
        ("刚开展", 0),
        ("有成效", 1),
    ]
    assert (found.beside, found.lowest_marks, found.highest_marks) == (0, 1, 1)


def test_nothing_given_is_no_distribution(scheme):
    found = distribution(scheme, "SEATS", "wang", "A")
    assert (found.marks, found.open) == (0, ("B", "C"))  # its own unit does not wait for it
    assert found.mean is found.spread is found.lowest is found.highest_marks is None
    assert distribution(scheme, "ALL", "wang", "A").open == ("A", "B", "C")


def test_without_a_rubric_the_scale_is_in_tenths(scheme):
    marks = [given(n, u, "SEATS") for n, u in (("0", "A"), ("10", "B"), ("100", "C"))]
    found = distribution(scheme, "SEATS", "zhang", "P", *marks)
    assert [step.marks for step in found.steps] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (found.steps[1].low, found.steps[1].high) == (10, 20)


def test_who_does_not_know_has_marked_and_given_nothing(scheme):
    found = distribution(scheme, "SEATS", "zhang", "P", given(None, "A", "SEATS"))
    assert (found.marks, found.unknown, found.open) == (0, 1, ("B", "C"))


@pytest.mark.parametrize(("account", "unit"), [("zhang", "B"), ("zhang", None), ("nobody", "P")])
def test_an_account_without_a_seat_has_none(scheme, account, unit):
    assert seats_of(scheme, account, unit) == {}
