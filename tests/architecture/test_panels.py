"""The example of docs/schemes.md with a panel comes to what the page says."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.architecture.scheme_examples import Example, examples

from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.batch import BatchRejected, NotTheSeat, check_batch
from scoring.rules.ledger.seats import Author
from scoring.rules.reports.own_marks import GivenMark, own_marks, seats_of

(GIVEN,) = examples("Panels")


@pytest.fixture(scope="module")
def example():
    found = Example(GIVEN)
    found.publish()
    return found


def test_marks_from_seats_come_to_what_the_page_says(example):
    """Planted bugs: miss the seat of the unit itself; trim by all seats; count a mark for another
    panel."""
    sheet = example.compute().sheet
    assert {unit.unit: unit.total for unit in sheet.units} == GIVEN["scores"]


def test_explanations_say_whose_seat_was_left_out_and_compute_again(example):
    trees = {unit.unit: explain(unit) for unit in example.compute().sheet.units}
    assert [fault for tree in trees.values() for fault in contradictions(tree)] == []
    told = {unit: [(i.name, i.value) for i in _inputs(tree)] for unit, tree in trees.items()}
    assert told["D1"] == [
        ("seat C, own unit", "left out"),
        ("mark A", "80"),
        ("mark B", "82"),
        ("mark D", "85"),
    ]
    assert [name for name, _ in told["D2"]] == ["mark A", "mark B", "mark C", "mark D"]


def _inputs(tree):
    return [each for step in tree.walk() if step.kind == "indicator" for each in step.inputs]


def test_a_member_reads_the_distribution_that_the_page_says(example):
    scheme, marks = example.scored_scheme(), example.marks()
    for account, said in GIVEN["own"].items():
        seats = seats_of(scheme, account, _unit_of(scheme, account))
        given = [GivenMark(d.unit, d.indicator, d.panel, d.item, d.value) for d in marks[account]]
        (found,) = own_marks(scheme, seats, given)
        assert [step.marks for step in found.steps] == said["steps"]
        for name in ("marks", "mean", "spread", "lowest_marks", "highest_marks"):
            assert getattr(found, name) == said[name]
        assert list(found.open) == said["open"]


def test_what_the_page_refuses_is_refused(example):
    scheme, marks = example.scored_scheme(), example.marks()
    experts = {a: Author(_unit_of(scheme, a), a, a) for a in marks}
    with pytest.raises(NotTheSeat):
        check_batch(marks["expert-a"], scheme, experts["expert-b"])
    alike = [*marks["expert-a"], *_with(marks["expert-a"][:1], unit="D3", value=Decimal(90))]
    with pytest.raises(BatchRejected) as refused:
        check_batch(alike[1:], scheme, experts["expert-a"])
    assert {fault.code for fault in refused.value.faults} == {"duplicate-entry", "same-mark"}
    with pytest.raises(BatchRejected) as refused:
        check_batch(_with(marks["expert-c"][:1], unit="D1"), scheme, experts["expert-c"])
    assert [fault.code for fault in refused.value.faults] == ["own-unit"]


def _with(drafts, **changes):
    return [replace(draft, **changes) for draft in drafts]


def _unit_of(scheme, account):
    return next(s.unit for panel in scheme.panels for s in panel.seats if s.account == account)
