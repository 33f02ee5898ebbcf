"""Two indicators that measure the same matter: their targets for a unit agree, or it is settled."""

from decimal import Decimal
from uuid import UUID

import pytest

from indicators.queries import target_settlements, target_standings
from indicators.rules.matters import (
    Settlement,
    TargetsInConflict,
    check_conflicts,
    check_publication,
    conflicts,
    matters_of,
)
from indicators.rules.publication import SchemeUnsound, check_coherent
from indicators.rules.target_moves import Standing, Version
from indicators.rules.targets import Target
from indicators.rules.without_effect import without_effect

FUNCTION = "/categories/0/blocks/0/indicators"
FIRST, SECOND = f"{FUNCTION}/0", f"{FUNCTION}/2/children/0"  # C01 and C03A
SAME = {f"{FIRST}/matter": "pm", f"{SECOND}/matter": "pm", f"{SECOND}/measure": "%"}
UNITS = {"B01": "body", "B02": "body"} | dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed")


def aim(code, target=None, unit="X1", baseline=None, item=None, pledge=None):
    numbers = (None if n is None else Decimal(n) for n in (target, baseline, pledge))
    return Target(unit, code, item, *numbers)


def standing(target, state, *former):
    return Standing(2, Version(2, state, target, "a", "a"), former)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (SAME, []),
        (
            {f"{FUNCTION}/2/matter": "pm", f"{FIRST}/matter": "pm"},
            [(f"{FUNCTION}/2/matter", "matter-of-a-parent")],
        ),
        (SAME | {f"{SECOND}/measure": "µg"}, [(f"{SECOND}/matter", "matter-measured-otherwise")]),
    ],
)
def test_a_matter_is_named_where_the_targets_are_and_in_one_measure(stored, changes, faults):
    found = []
    try:
        check_coherent(stored(changes), UNITS)
    except SchemeUnsound as refused:
        found = [(fault.pointer, fault.code) for fault in refused.faults]
    assert found == faults


def test_a_matter_that_nothing_else_measures_is_without_effect(stored):
    alone = {(e.pointer, e.code) for e in without_effect(stored({f"{FIRST}/matter": "pm"}))}
    assert (f"{FIRST}/matter", "matter-of-one") in alone
    both = {each.code for each in without_effect(stored(SAME))}
    assert "matter-of-one" not in both


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([aim("C01", "10"), aim("C03A", "12")], [("X1", ["C01", "C03A"])]),
        ([aim("C03A", "12"), aim("C01", "10")], [("X1", ["C01", "C03A"])]),
        ([aim("C01", "10"), aim("C03A", "10")], []),
        ([aim("C01", "10"), aim("C03A", None, baseline="3")], []),  # nothing is said twice
        (
            [aim("C01", "10", baseline="3"), aim("C03A", "10", baseline="4")],
            [("X1", ["C01", "C03A"])],
        ),
        ([aim("C01", "10"), aim("C03A", "12", unit="X2")], []),  # another unit
        ([aim("C01", "10"), aim("C03A", "12", item="1")], []),  # another item
        ([aim("C01", "10"), aim("C02", "12")], []),  # another matter
    ],
)
def test_targets_conflict_where_they_say_two_things_of_one_matter(stored, targets, found):
    """Planted bug: compare units with one another, or what only one of them says."""
    matters = matters_of(stored(SAME))
    assert [
        (c.unit, [t.indicator for t in c.targets]) for c in conflicts(targets, matters)
    ] == found


IN_FORCE = {("X1", "C01", None): standing(aim("C01", "10"), "issued", aim("C01", "10"))}
PENDING = {
    ("X1", "C01", None): standing(aim("C01", "12"), "revision_pending", aim("C01", "10")),
}
WITHDRAWN = {("X1", "C01", None): standing(aim("C01", "10"), "withdrawn", aim("C01", "10"))}

TWELVE = [(aim("C03A", "12"), "issued")]


def settlement(state, first, second):
    values = {"C01": (Decimal(first), None, None), "C03A": (Decimal(second), None, None)}
    return {("X1", "pm", None): [Settlement(("X1", "pm", None), 1, state, values, "a")]}


@pytest.mark.parametrize(
    ("standings", "moves", "settlements", "refused"),
    [
        (IN_FORCE, [(aim("C03A", "12"), "issued")], {}, ["/targets/0"]),
        (IN_FORCE, [(aim("C03A", "12"), "issue_pending")], {}, ["/targets/0"]),
        (IN_FORCE, [(aim("C03A", "10"), "issued")], {}, []),
        (IN_FORCE, [(aim("C03A", "12", unit="X2"), "issued")], {}, []),
        # both in one batch
        (
            {},
            [(aim("C01", "1"), "issued"), (aim("C03A", "2"), "issued")],
            {},
            ["/targets/0", "/targets/1"],
        ),
        (IN_FORCE, [(aim("C01", "12"), "revision_pending"), (aim("C03A", "12"), "issued")], {}, []),
        # what is only asked for does not count yet; what is taken back counts no longer
        (PENDING, [(aim("C03A", "12"), "issued")], {}, ["/targets/0"]),
        (PENDING, [(aim("C03A", "10"), "issued")], {}, []),
        (WITHDRAWN, [(aim("C03A", "12"), "issued")], {}, []),
        (IN_FORCE, [(aim("C03A", "12"), "issued"), (aim("C01", "10"), "withdrawn")], {}, []),
        # who refuses, proposes or approves moves nothing into force
        (IN_FORCE, [(aim("C03A", "12"), "proposed")], {}, []),
        (IN_FORCE, [(aim("C03A", "12"), "refused")], {}, []),
        # settled, for these very values
        (IN_FORCE, TWELVE, settlement("settled", "10", "12"), []),
        (IN_FORCE, TWELVE, settlement("settled", "10", "13"), ["/targets/0"]),
        (IN_FORCE, TWELVE, settlement("settlement_pending", "10", "12"), ["/targets/0"]),
        (IN_FORCE, TWELVE, settlement("refused", "10", "12"), ["/targets/0"]),
    ],
)
def test_a_move_may_not_make_targets_of_a_matter_differ(
    stored, standings, moves, settlements, refused
):
    """Planted bugs: look at what is asked for as though it counted; settle a matter for ever."""
    found = []
    try:
        check_conflicts(moves, standings, stored(SAME), settlements)
    except TargetsInConflict as refusal:
        found = [fault.pointer for fault in refusal.faults]
    assert found == refused


def test_a_conflict_is_told_with_both_values_in_two_languages(stored):
    with pytest.raises(TargetsInConflict) as refused:
        check_conflicts([(aim("C03A", "12"), "issued")], IN_FORCE, stored(SAME), {})
    (fault,) = refused.value.faults
    assert fault.en == "Of X1 these measure pm, and differ: C01: 10/-/-; C03A: 12/-/-."
    assert fault.zh == "X1 的下列指标同属事项 pm，目标不一致：C01: 10/-/-；C03A: 12/-/-。"


def test_a_scheme_that_would_put_two_targets_on_one_matter_is_not_published(stored):
    targets = [aim("C01", "10"), aim("C03A", "12")]
    check_publication(stored(), targets, {})
    check_publication(stored(SAME), targets, settlement("settled", "10", "12"))
    with pytest.raises(TargetsInConflict) as refused:
        check_publication(stored(SAME), targets, {})
    assert [fault.pointer for fault in refused.value.faults] == [f"{SECOND}/matter"]


# over HTTP


@pytest.fixture
async def shared(office, cycle, document):
    """Give the path of a cycle in which C01 and C03A measure one matter, and C01 has a target."""
    for path, body in (("", {"scheme": document(SAME)}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    assert (await issue(office, cycle, "C01", "10")).status_code == 201
    return cycle


async def issue(caller, cycle, code, target):
    targets = [{"unit": "X1", "indicator": code, "target": target}]
    return await caller.post(f"{cycle}/targets", json={"targets": targets})


def settling(second="12", unit="X1", **more):
    targets = [{"indicator": "C01", "target": "10"}, {"indicator": "C03A", "target": second}]
    one = {"unit": unit, "matter": "pm", "targets": targets} | more
    why = {"reason": "两局口径不同", "document_no": "绩办〔2025〕9号"}
    return {"settlements": [one], **why}


async def decide(caller, cycle, version=1, decision="confirm", **more):
    one = {"unit": "X1", "matter": "pm", "version": version, "decision": decision} | more
    path = f"{cycle}/target-settlement-confirmations"
    return await caller.post(path, json={"decisions": [one]})


async def listed(caller, cycle, **query):
    return (await caller.get(f"{cycle}/target-conflicts", params=query)).json()["conflicts"]


async def test_the_second_target_waits_until_two_people_have_settled_it(
    service, office, colleague, shared, problem, untouched_after
):
    """Planted bugs: let the request settle it; take a second account for a second person."""
    async with untouched_after():
        answer = await issue(office, shared, "C03A", "12")
        assert problem(answer) == (
            409, "targets-in-conflict", [("/targets/0", "target-conflict")],
        )  # fmt: skip
    asked = await office.post(f"{shared}/target-settlements", json=settling())
    assert asked.status_code == 201, asked.text
    assert (await issue(office, shared, "C03A", "12")).status_code == 409
    same = {"subject": "second-account", "person": "performance_office@B01"}
    async with service.caller("performance_office", **same) as again:
        answer = await decide(again, shared)
        assert problem(answer)[2] == [("/decisions/0", "own-request")]
    assert (await decide(colleague, shared)).status_code == 201
    assert (await issue(office, shared, "C03A", "13")).status_code == 409
    assert (await issue(office, shared, "C03A", "12")).status_code == 201

    ((one),) = await listed(office, shared)
    assert (one["matter"], one["settled"]) == ("pm", True)
    assert [(t["indicator"], t["target"], t["in_force"]) for t in one["targets"]] == [
        ("C01", "10", True),
        ("C03A", "12", True),
    ]
    assert [(s["version"], s["state"], s["set_by"]) for s in one["settlements"]] == [
        (1, "settlement_pending", "performance_office@B01"),
        (2, "settled", "colleague"),
    ]
    assert one["settlements"][1]["reason"] == "两局口径不同"


async def test_what_is_proposed_is_pointed_out_before_it_counts_and_a_unit_sees_its_own(
    service, office, shared
):
    """Planted bug: list what is in force alone."""
    async with service.caller("assessed_unit", unit="X1") as own:
        targets = [{"unit": "X1", "indicator": "C03A", "target": "12"}]
        answer = await own.post(f"{shared}/target-proposals", json={"targets": targets})
        assert answer.status_code == 201, answer.text
        ((one),) = await listed(own, shared)
        assert [(t["state"], t["in_force"]) for t in one["targets"]] == [
            ("issued", True),
            ("proposed", False),
        ]
        assert one["settled"] is False
    async with service.caller("assessed_unit", unit="X2") as other:
        assert await listed(other, shared) == []
        assert (await other.get(f"{shared}/target-conflicts?unit=X1")).status_code == 403


async def test_a_revision_is_held_against_what_else_measures_the_matter(
    office, colleague, confirm, shared, problem
):
    """Planted bug: look at conflicts when something is issued, and not when it is confirmed."""
    assert (await issue(office, shared, "C03A", "10")).status_code == 201
    why = {"reason": "省定目标调整", "document_no": "7号", "approved_by": "分管市领导"}
    both = [{"unit": "X1", "indicator": code, "target": "11"} for code in ("C01", "C03A")]
    one = {"targets": both[:1], **why}
    answer = await office.post(f"{shared}/target-revisions", json=one)
    assert problem(answer)[:2] == (409, "targets-in-conflict")
    answer = await office.post(f"{shared}/target-revisions", json={"targets": both, **why})
    assert answer.status_code == 201, answer.text
    half = [{"unit": "X1", "indicator": "C01", "version": 2, "decision": "confirm"}]
    answer = await colleague.post(f"{shared}/target-confirmations", json={"decisions": half})
    assert problem(answer) == (
        409, "targets-in-conflict", [("/decisions/0", "target-conflict")],
    )  # fmt: skip
    assert (await confirm(shared)).status_code == 201


async def test_a_scheme_that_joins_what_differs_is_not_published(office, opened, document, problem):
    for code, target in (("C01", "10"), ("C03A", "12")):
        assert (await issue(office, opened, code, target)).status_code == 201
    body = {"scheme": document(SAME), "reason": "合并口径"}
    assert (await office.post(f"{opened}/scheme-versions", json=body)).status_code == 201
    answer = await office.post(f"{opened}/scheme-versions/2/publication")
    assert problem(answer) == (
        409, "targets-in-conflict", [(f"{SECOND}/matter", "target-conflict")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "faults"),
    [
        (settling(unit="D1"), 422, [("/settlements/0/matter", "unknown-matter")]),
        (settling(matter="other"), 422, [("/settlements/0/matter", "unknown-matter")]),
        (settling(second="10"), 422, [("/settlements/0/targets", "nothing-to-settle")]),
        (
            settling(targets=[{"indicator": f"C0{n}", "target": f"{n}"} for n in (1, 2)]),
            422,
            [("/settlements/0/targets/1/indicator", "other-matter")],
        ),
        (
            settling(targets=[{"indicator": "C01", "target": t} for t in ("1", "2")]),
            422,
            [("/settlements/0/targets/1/indicator", "named-twice")],
        ),
        (
            {**settling(), "settlements": settling()["settlements"] * 2},
            409,
            [("/settlements/1", "named-twice")],
        ),
    ],
)
async def test_a_settlement_is_of_targets_that_differ(
    office, shared, problem, untouched_after, body, status, faults
):
    async with untouched_after():
        answer = await office.post(f"{shared}/target-settlements", json=body)
    assert (problem(answer)[0], problem(answer)[2]) == (status, faults)


async def test_one_settlement_of_a_matter_is_open_at_a_time_and_a_refusal_says_why(
    office, colleague, shared, problem
):
    assert (await office.post(f"{shared}/target-settlements", json=settling())).status_code == 201
    again = await office.post(f"{shared}/target-settlements", json=settling())
    assert problem(again) == (409, "settlements-refused", [("/settlements/0", "wrong-state")])
    answer = await decide(colleague, shared, decision="refuse")
    assert problem(answer)[2] == [("/decisions/0/reason", "reason-missing")]
    answer = await decide(colleague, shared, version=3)
    assert problem(answer)[2] == [("/decisions/0/version", "other-version")]
    answer = await decide(colleague, shared, decision="refuse", reason="须统一口径")
    assert answer.status_code == 201
    assert (await issue(office, shared, "C03A", "12")).status_code == 409
    answer = await decide(colleague, shared, version=2)
    assert problem(answer)[2] == [("/decisions/0", "wrong-state")]


async def test_nobody_settles_for_their_own_unit(service, shared, problem):
    async with service.caller("performance_office", unit="X1", subject="insider") as insider:
        answer = await insider.post(f"{shared}/target-settlements", json=settling())
    assert problem(answer) == (403, "decider-barred", [("/settlements/0/unit", "own-unit")])


async def test_conflicts_are_looked_for_in_any_number_of_units(service):
    """Planted bug: a parameter for each unit, of which the driver takes 32,767."""
    units = [f"U{n}" for n in range(40_000)]
    async with service.app.state.sessions() as db:
        assert await target_standings(db, UUID(int=0), units) == {}
        assert list(await target_settlements(db, UUID(int=0), units)) == []
