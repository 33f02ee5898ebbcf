"""Which moves a target can make, who may decide on it, and until when it may be changed.

Planted bugs: leave a row out of `MOVES`, or add one; compare `>=` with the deadline; compare the
changed target with the last one alone; take the day of the machine for that of the city.
"""

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from indicators.rules.deciders import DeciderBarred, check_deciders, relations_of
from indicators.rules.target_deadline import RevisionTooLate, check_deadline, passed_deadline
from indicators.rules.target_moves import (
    CONFIRMED,
    DROPPED,
    MOVES,
    NEW,
    REQUESTED,
    Decision,
    State,
    TargetsRefused,
    Version,
    check_decisions,
    check_issuers,
    check_moves,
    needing_reason,
    on_issue,
    standings_of,
)
from indicators.rules.targets import Target, is_lowered

KEY = ("X1", "C01", None)
STATES = get_args(State)


def target(value="100", indicator="C01", item=None):
    return Target("X1", indicator, item, value and Decimal(value), None, None)


def version(state, number=1, value="100", person="unit@X1"):
    return Version(number, state, target(value), f"account of {person}", person)


def standing(state, number=1, person="unit@X1", value="100"):
    if state == NEW:
        return {}
    return standings_of([version(state, number, value, person)])


POSSIBLE = {
    NEW: "proposed issued issue_pending",
    "proposed": "proposed returned approved",
    "returned": "proposed issued issue_pending",
    "approved": "issued issue_pending",
    "issue_pending": "issued refused",
    "issued": "revision_requested revision_pending withdrawal_pending",
    "revision_requested": "revision_supported revision_pending refused request_withdrawn",
    "revision_supported": "revision_pending refused request_withdrawn",
    "revision_pending": "revised refused",
    "revised": "revision_requested revision_pending withdrawal_pending",
    "withdrawal_pending": "withdrawn refused",
    "withdrawn": "proposed issue_pending",
}
SETTLED = [s for s in [NEW, *STATES] if s not in {*CONFIRMED, *REQUESTED, *DROPPED}]


@pytest.mark.parametrize("before", POSSIBLE)
@pytest.mark.parametrize("after", STATES)
def test_a_target_makes_only_the_moves_of_the_table(before, after):
    """An open request of the unit moves by what answers it alone, and nothing else is an answer."""
    for answers in (False, True):
        way = {"family": "targets", "answers": answers}
        if after in POSSIBLE[before].split() and answers == (before in REQUESTED):
            check_moves([(KEY, after)], standing(before), **way)
            continue
        with pytest.raises(TargetsRefused) as refused:
            check_moves([(KEY, after)], standing(before), **way)
        assert [(f.pointer, f.code) for f in refused.value.faults] == [
            ("/targets/0", "wrong-state")
        ]


def test_every_state_can_be_come_to_and_left():
    assert {after for _, after in MOVES} == set(STATES)
    assert {before for before, _ in MOVES} == {NEW, *STATES} - {*DROPPED}


@pytest.mark.parametrize("before", SETTLED)
@pytest.mark.parametrize("asked", CONFIRMED)
def test_a_refused_request_leaves_a_target_as_it_was(before, asked):
    """Planted bug: take the values that were refused for those that hold."""
    settled = [] if before == NEW else [version(before)]
    after = [version(asked, 2, "1"), version("refused", 3, "1")]
    was, now = standings_of(settled).get(KEY), standings_of([*settled, *after])[KEY]
    assert now.number == 3
    assert (now.state, now.at) == (before, was and was.at)
    assert now.former == (was.former if was else ())


def test_what_was_in_force_is_remembered_over_a_withdrawal():
    told = ["issued", "revision_pending", "revised", "withdrawal_pending", "withdrawn", "proposed"]
    versions = [version(state, n, str(n)) for n, state in enumerate(told, 1)]
    assert standings_of(versions)[KEY].former == (target("1"), target("3"))


def test_a_target_is_moved_once_at_a_time():
    with pytest.raises(TargetsRefused) as refused:
        check_moves([(KEY, "issued"), (KEY, "issued")], {}, "targets")
    assert [f.code for f in refused.value.faults] == ["named-twice"]


LATE = dt.date(2025, 10, 31)


@pytest.mark.parametrize(
    ("state", "passed", "becomes"),
    [
        (NEW, None, "issued"),
        ("approved", None, "issued"),
        ("returned", None, "issued"),
        (NEW, LATE, "issue_pending"),
        ("approved", LATE, "issue_pending"),
        ("issued", None, "revision_pending"),
        ("revised", None, "revision_pending"),
    ],
)
def test_setting_a_target_awaits_another_person_where_results_may_be_known(
    stored, state, passed, becomes
):
    assert on_issue(KEY, standing(state), stored(), passed) == becomes


@pytest.mark.parametrize("then", ["withdrawn", "proposed", "returned", "approved"])
def test_what_was_ever_in_force_is_not_issued_anew_by_one_person(stored, then):
    """Planted bug: look at the latest state only, so that a withdrawal makes a target new."""
    told = ["issued", "withdrawn", *([then] if then != "withdrawn" else [])]
    versions = [version(state, n) for n, state in enumerate(told, 1)]
    assert on_issue(KEY, standings_of(versions), stored(), None) == "issue_pending"


@pytest.mark.parametrize(
    ("state", "value", "passed", "needed"),
    [
        (NEW, "100", None, False),
        ("approved", "100", None, False),
        (NEW, "100", LATE, True),
        ("approved", "100", LATE, True),
        ("approved", "99", None, True),
        ("returned", "100", None, True),
        ("issued", "100", None, True),
        ("revised", "90", None, True),
        ("withdrawn", "100", None, True),
    ],
)
def test_only_what_is_new_or_as_approved_and_in_time_needs_no_reason(state, value, passed, needed):
    assert (needing_reason([target(value)], standing(state), passed) == {0}) is needed


def test_nobody_issues_what_the_same_person_proposed():
    """Planted bug: compare accounts, of which a person may have two."""
    told = [version("proposed", 1, person="Li"), version("approved", 2, person="Wang")]
    check_issuers([target()], standings_of(told), "Wang")
    with pytest.raises(TargetsRefused):
        check_issuers([target()], standings_of(told), "Li")


def decision(version=2, to="approved", reason=None):
    return Decision(KEY, version, to, reason)


OTHER_VERSION = [("/decisions/0/version", "other-version")]
WRONG_STATE = [("/decisions/0", "wrong-state")]
NO_REASON = [("/decisions/0/reason", "reason-missing")]


@pytest.mark.parametrize(
    ("decided", "before", "person", "faults"),
    [
        (decision(), "proposed", "office", []),
        (decision(to="returned", reason="偏低"), "proposed", "office", []),
        (decision(to="returned"), "proposed", "office", NO_REASON),
        (decision(version=1), "proposed", "office", OTHER_VERSION),
        (decision(), "proposed", "unit@X1", [("/decisions/0", "own-proposal")]),
        (decision(), NEW, "office", WRONG_STATE),
        (decision(), "approved", "office", WRONG_STATE),
        (decision(), "issued", "office", WRONG_STATE),
        (decision(to="revised"), "revision_pending", "office", []),
        (decision(to="withdrawn"), "withdrawal_pending", "office", []),
        (decision(to="issued"), "issue_pending", "office", []),
        (decision(to="refused", reason="依据不足"), "revision_pending", "office", []),
        (decision(to="refused"), "revision_pending", "office", NO_REASON),
        (decision(to="revised"), "revision_pending", "unit@X1", [("/decisions/0", "own-request")]),
        (decision(to="revised", version=1), "revision_pending", "office", OTHER_VERSION),
        (decision(to="revised"), "issued", "office", WRONG_STATE),
    ],
)
def test_a_decision_is_on_what_another_person_asked_for_last(decided, before, person, faults):
    standings = standing(before, number=2)
    if not faults:
        check_decisions([decided], standings, person)
        return
    with pytest.raises(TargetsRefused) as refused:
        check_decisions([decided], standings, person)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == faults


STEP = {"step": "target_revision_deadline", "name": "目标调整截止"}
EARLY = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
LAST = dt.datetime(2025, 10, 31, 15, 59, 59, tzinfo=dt.UTC)
"""The last second of 31 October in Shanghai."""
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("step", "now", "late"),
    [
        (STEP | {"date": "2025-10-31"}, LAST, False),
        (STEP | {"date": "2025-10-31"}, LAST + SECOND, True),
        (STEP | {"due": "2025-10-31"}, LAST + SECOND, True),
        (STEP | {"opens": "2025-10-01", "closes": "2025-10-31"}, LAST, False),
        (STEP | {"opens": "2025-10-01", "closes": "2025-10-31"}, LAST + SECOND, True),
        (STEP | {"working_days": 5}, LAST + SECOND, False),
        ({"step": "other", "name": "其他", "date": "2025-10-31"}, LAST + SECOND, False),
        (STEP | {"working_days": 5}, dt.datetime(2025, 12, 31, 15, 59, tzinfo=dt.UTC), False),
        (STEP | {"working_days": 5}, dt.datetime(2025, 12, 31, 16, tzinfo=dt.UTC), True),
    ],
)
def test_the_deadline_is_a_day_of_the_city_and_at_the_latest_the_end_of_the_year(
    stored, step, now, late
):
    """Planted bugs: take the day in UTC; let a scheme without the step have no deadline."""
    scheme = stored({"/calendar/3": step})
    assert (passed_deadline([(scheme, EARLY)], now) is not None) is late


def test_the_time_zone_is_the_schemes(stored):
    step = STEP | {"date": "2025-10-31"}
    urumqi = stored({"/calendar/3": step, "/time_zone": "Asia/Urumqi"})  # two hours behind
    assert passed_deadline([(urumqi, EARLY)], LAST + SECOND) is None


def test_a_deadline_that_has_passed_is_not_reopened_by_a_later_scheme(stored):
    """Planted bug: ask the scheme in force alone."""
    first, later = (
        stored({"/calendar/3": STEP | {"date": day}}) for day in ("2025-10-31", "2026-06-30")
    )
    published = [(first, EARLY), (later, LAST + SECOND)]
    assert passed_deadline(published, LAST + 2 * SECOND) == dt.date(2025, 10, 31)
    in_time = [(first, EARLY), (later, LAST)]
    assert passed_deadline(in_time, LAST + 2 * SECOND) is None


PAST = [
    ["issued"],
    ["issued", "withdrawn"],
    ["issued", "withdrawn", "proposed"],
    ["issued", "withdrawn", "proposed", "approved"],
    ["issued", "revision_pending", "revised"],
]


@pytest.mark.parametrize("told", PAST)
def test_after_the_deadline_nothing_moves_that_ever_was_in_force(stored, told):
    standings = standings_of([version(state, n) for n, state in enumerate(told, 1)])
    check_deadline([("/targets/0", KEY)], standings, stored(), None, LATE)
    with pytest.raises(RevisionTooLate) as refused:
        check_deadline([("/targets/0", KEY)], standings, stored(), LATE, LATE + dt.timedelta(1))
    assert refused.value.detail_en == "It was 2025-10-31; today is 2025-11-01."


def test_after_the_deadline_a_first_target_may_still_be_set(stored):
    check_deadline(
        [("/targets/0", KEY)], standing("approved"), stored(), LATE, LATE + dt.timedelta(1)
    )
    check_deadline([("/targets/0", KEY)], {}, stored(), LATE, LATE + dt.timedelta(1))


RECUSED = {"/recusals": [{"unit": "X1", "body": "B02"}]}
OFFICE, SECOND_BODY = {"performance_office"}, {"second_body"}


@pytest.mark.parametrize(
    ("changes", "unit", "roles", "codes"),
    [
        ({}, "B01", OFFICE, []),
        ({}, None, OFFICE, []),
        ({}, "X1", OFFICE, ["own-unit"]),
        ({}, "X1", OFFICE | {"assessed_unit"}, ["own-unit"]),
        (RECUSED, "B01", OFFICE, ["recused"]),
        (RECUSED, None, OFFICE, ["recused"]),
        (RECUSED, "X1", OFFICE, ["own-unit"]),
        (RECUSED, "B02", OFFICE, ["recused"]),
        (RECUSED, "B02", SECOND_BODY, []),
        (RECUSED, "B01", SECOND_BODY, ["recused"]),
    ],
)
def test_nobody_decides_about_the_own_unit_or_in_the_place_of_a_second_body(
    stored, changes, unit, roles, codes
):
    scheme = stored(changes)
    if not codes:
        check_deciders(["X1", "X2"][: 1 if changes else 2], scheme, unit, roles, "targets")
        return
    with pytest.raises(DeciderBarred) as barred:
        check_deciders(["X2", "X1"], scheme, unit, roles, "targets")
    assert [(f.pointer, f.code) for f in barred.value.faults] == [("/targets/1/unit", codes[0])]


def test_a_second_body_decides_about_the_units_it_is_named_for_and_no_others(stored):
    scheme = stored(RECUSED)
    assert relations_of(["X1"], scheme, "B02") == {"second_body"}
    assert relations_of(["X1", "X2"], scheme, "B02") == frozenset()
    assert relations_of(["X1"], scheme, "B01") == frozenset()
    assert relations_of(["X1"], scheme, None) == frozenset()


LESS = {"/categories/0/blocks/0/indicators/0/params/direction": "lower"}


@pytest.mark.parametrize(
    ("changes", "before", "after", "lowered"),
    [
        ({}, target("100"), target("90"), True),
        ({}, target("100"), target("100"), False),
        ({}, target("100"), target("110"), False),
        ({}, target(None), target("90"), False),
        ({}, target("100"), target(None), True),
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
    assert is_lowered([before], after, stored(changes)) is lowered


def test_what_is_lowered_twice_is_still_lowered(stored):
    """Planted bug: compare with the last one in force, which was lowered itself."""
    former = [target("100"), target("1")]
    assert is_lowered(former, target("1.01"), stored())
    assert not is_lowered(former, target("100"), stored())


@pytest.mark.parametrize("name", ["baseline", "pledge"])
def test_a_lower_baseline_or_pledge_asks_less_as_well(stored, name):
    def told(value):
        values = {"target": None, "baseline": None, "pledge": None, name: Decimal(value)}
        return Target(*KEY, **values)

    assert is_lowered([told(100)], told(90), stored())
    assert not is_lowered([told(100)], told(110), stored())
