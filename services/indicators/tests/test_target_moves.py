"""Which moves a target can make, who may decide on it, and until when it may be changed.

Planted bugs: leave a row out of `MOVES`, or add one; compare `>=` with the deadline; compare the
revised target with the last one instead of the first.
"""

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from indicators.rules.target_moves import (
    IN_FORCE,
    MOVES,
    NEW,
    Decision,
    RevisionTooLate,
    Standing,
    State,
    TargetsRefused,
    check_deadline,
    check_decisions,
    check_moves,
    needing_reason,
    on_issue,
)
from indicators.rules.targets import Target, is_lowered

KEY = ("X1", "C01", None)
STATES = get_args(State)


def target(value="100", indicator="C01", item=None):
    return Target("X1", indicator, item, value and Decimal(value), None, None)


def standing(state, version=1, set_by="unit@X1", value="100"):
    return {} if state == NEW else {KEY: Standing(version, state, target(value), set_by)}


POSSIBLE = {
    NEW: "proposed issued",
    "proposed": "proposed returned approved",
    "returned": "proposed issued",
    "approved": "issued",
    "issued": "revised withdrawn",
    "revised": "revised withdrawn",
    "withdrawn": "proposed issued",
}


@pytest.mark.parametrize("before", [NEW, *STATES])
@pytest.mark.parametrize("after", STATES)
def test_a_target_makes_only_the_moves_of_the_table(before, after):
    if after in POSSIBLE[before].split():
        check_moves([(KEY, after)], standing(before), "targets")
        return
    with pytest.raises(TargetsRefused) as refused:
        check_moves([(KEY, after)], standing(before), "targets")
    assert [(f.pointer, f.code) for f in refused.value.faults] == [("/targets/0", "wrong-state")]


def test_every_state_can_be_come_to_and_left():
    assert {after for _, after in MOVES} == set(STATES)
    assert {before for before, _ in MOVES} == {NEW, *STATES}


def test_a_target_is_moved_once_at_a_time():
    with pytest.raises(TargetsRefused) as refused:
        check_moves([(KEY, "issued"), (KEY, "issued")], {}, "targets")
    assert [f.code for f in refused.value.faults] == ["named-twice"]


@pytest.mark.parametrize("state", [NEW, *STATES])
def test_what_is_in_force_is_revised_and_all_else_is_issued(state):
    assert on_issue(KEY, standing(state)) == ("revised" if state in IN_FORCE else "issued")


@pytest.mark.parametrize(
    ("state", "value", "needed"),
    [
        (NEW, "100", False),
        ("approved", "100", False),
        ("approved", "99", True),
        ("returned", "100", True),
        ("issued", "100", True),
        ("revised", "90", True),
        ("withdrawn", "100", True),
    ],
)
def test_only_what_is_new_or_as_approved_needs_no_reason(state, value, needed):
    assert (needing_reason([target(value)], standing(state)) == {0}) is needed


def decision(version=2, to="approved", reason=None):
    return Decision(KEY, version, to, reason)


@pytest.mark.parametrize(
    ("decided", "before", "actor", "faults"),
    [
        (decision(), "proposed", "office", []),
        (decision(to="returned", reason="偏低"), "proposed", "office", []),
        (
            decision(to="returned"),
            "proposed",
            "office",
            [("/decisions/0/reason", "reason-missing")],
        ),
        (decision(version=1), "proposed", "office", [("/decisions/0/version", "other-version")]),
        (decision(), "proposed", "unit@X1", [("/decisions/0", "own-proposal")]),
        (decision(), NEW, "office", [("/decisions/0", "wrong-state")]),
        (decision(), "approved", "office", [("/decisions/0", "wrong-state")]),
        (decision(), "issued", "office", [("/decisions/0", "wrong-state")]),
    ],
)
def test_a_decision_is_on_the_latest_proposal_of_somebody_else(decided, before, actor, faults):
    standings = standing(before, version=2)
    if not faults:
        check_decisions([decided], standings, actor)
        return
    with pytest.raises(TargetsRefused) as refused:
        check_decisions([decided], standings, actor)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == faults


DAY = dt.date(2025, 10, 31)
STEP = {"step": "target_revision_deadline", "name": "目标调整截止"}


@pytest.mark.parametrize(
    ("step", "today", "late"),
    [
        (STEP | {"date": "2025-10-31"}, DAY, False),
        (STEP | {"date": "2025-10-31"}, DAY + dt.timedelta(1), True),
        (STEP | {"due": "2025-10-31"}, DAY + dt.timedelta(1), True),
        (STEP | {"opens": "2025-10-01", "closes": "2025-10-31"}, DAY, False),
        (STEP | {"opens": "2025-10-01", "closes": "2025-10-31"}, DAY + dt.timedelta(1), True),
        (STEP | {"working_days": 5}, DAY, False),
        ({"step": "other", "name": "其他", "date": "2025-10-31"}, DAY + dt.timedelta(1), False),
    ],
)
def test_targets_change_until_the_day_of_the_deadline(stored, step, today, late):
    scheme = stored({"/calendar/3": step})
    if not late:
        check_deadline(scheme, today)
        return
    with pytest.raises(RevisionTooLate) as refused:
        check_deadline(scheme, today)
    assert refused.value.detail_en == "It was 2025-10-31; today is 2025-11-01."


LESS = {"/categories/0/blocks/0/indicators/0/params/direction": "lower"}


@pytest.mark.parametrize(
    ("changes", "before", "after", "lowered"),
    [
        ({}, target("100"), target("90"), True),
        ({}, target("100"), target("100"), False),
        ({}, target("100"), target("110"), False),
        ({}, target(None), target("90"), False),
        ({}, target("100"), target(None), False),
        (LESS, target("100"), target("110"), True),
        (LESS, target("100"), target("90"), False),
        ({}, target("33", "C03A"), target("35", "C03A"), True),
        ({}, target("5", "C02", "growth"), target("4", "C02", "growth"), True),
        ({}, target("5", "C06", "1"), target("4", "C06", "1"), True),
    ],
)
def test_a_target_is_lowered_when_less_is_asked_of_the_unit(
    stored, changes, before, after, lowered
):
    """Planted bug: compare numbers alone, and not which direction is better."""
    assert is_lowered(before, after, stored(changes)) is lowered
