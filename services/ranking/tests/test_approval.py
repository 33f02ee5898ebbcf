"""The approval chain as a table: every step in every state, by every role."""

from itertools import product

import pytest
import yaml

from ranking.rules.approval import (
    CHAIN,
    RoleNotOfStep,
    SamePersonTwice,
    StepOutOfOrder,
    advance,
    role_of,
)
from ranking.rules.chain import TakenStep, state_after
from service_testing import AUTHORISATION

ROLE = {
    "merge": "performance_office",
    "review": "committee",
    "decision": "standing_committee",
    "publication": "performance_office",
}
STEPS = tuple(CHAIN)
STATES = ("ranked", "merged", "reviewed", "approved", "published")


def taken(count: int) -> list[TakenStep]:
    """Give the first steps of a chain, each taken by somebody else."""
    return [TakenStep(step, f"person {number}") for number, step in enumerate(STEPS[:count], 1)]


def test_the_chain_leads_through_every_state_once() -> None:
    states = [state_after(taken(count)) for count in range(5)]
    assert tuple(states) == STATES


@pytest.mark.parametrize(("count", "step"), [*product(range(5), STEPS)])
def test_a_step_is_taken_from_its_own_state_only(count: int, step: str) -> None:
    """Planted bug: compare nothing but the step before, or let a step be repeated."""
    if STEPS.index(step) == count:
        assert advance(taken(count), step, "another", frozenset({ROLE[step]})) == STATES[count + 1]
    else:
        with pytest.raises(StepOutOfOrder):
            advance(taken(count), step, "another", frozenset({ROLE[step]}))


@pytest.mark.parametrize(
    ("count", "role"),
    [*product(range(4), ["performance_office", "committee", "standing_committee", "auditor"])],
)
def test_a_step_is_taken_by_its_own_role_only(count: int, role: str) -> None:
    step = STEPS[count]
    if role == ROLE[step]:
        advance(taken(count), step, "another", frozenset({role}))
    else:
        with pytest.raises(RoleNotOfStep):
            advance(taken(count), step, "another", frozenset({role}))


@pytest.mark.parametrize(("count", "before"), [(c, b) for c in range(4) for b in range(c)])
def test_nobody_takes_two_steps_of_one_ranking(count: int, before: int) -> None:
    """Planted bug: look at the last step only."""
    step = STEPS[count]
    with pytest.raises(SamePersonTwice) as refused:
        advance(taken(count), step, f"person {before + 1}", frozenset({ROLE[step]}))
    assert refused.value.facts["taken"] == STEPS[before]


@pytest.mark.parametrize("step", STEPS)
def test_where_the_office_is_barred_the_second_body_takes_its_steps(step: str) -> None:
    taken_before = taken(STEPS.index(step))
    needed = "second_body" if ROLE[step] == "performance_office" else ROLE[step]
    advance(taken_before, step, "another", frozenset({needed}), recused=True)
    for role in {"performance_office", "second_body", *ROLE.values()} - {needed}:
        with pytest.raises(RoleNotOfStep):
            advance(taken_before, step, "another", frozenset({role}), recused=True)


@pytest.mark.parametrize("step", STEPS)
def test_the_authorisation_matrix_says_the_same_as_the_chain(step: str) -> None:
    matrix = yaml.safe_load(AUTHORISATION.read_text(encoding="utf-8"))
    route = f"POST /api/v1/cycles/{{cycle_id}}/rankings/{{edition}}/{step}"
    rows = [{"role": CHAIN[step].role, "phase": [CHAIN[step].before]}]
    if role_of(step, recused=True) != CHAIN[step].role:
        instead = {"role": role_of(step, recused=True), "relation": "second_body"}
        rows.append(instead | {"phase": [CHAIN[step].before]})
    assert matrix["routes"][route] == rows
