"""The states of a wave: the table is total, and nothing leads back."""

import pytest

from survey.rules.states import STEPS, WaveNotOpen, WaveNotPlanned, WaveState, WaveStep, after

PLANNED, OPEN, CLOSED = WaveState
OPENING, CLOSING = WaveStep


@pytest.mark.parametrize(
    ("step", "state", "outcome"),
    [
        (OPENING, PLANNED, OPEN),
        (OPENING, OPEN, WaveNotPlanned),
        (OPENING, CLOSED, WaveNotPlanned),
        (CLOSING, PLANNED, WaveNotOpen),
        (CLOSING, OPEN, CLOSED),
        (CLOSING, CLOSED, WaveNotOpen),
    ],
)
def test_a_step_leads_on_or_is_refused(step, state, outcome):
    if isinstance(outcome, WaveState):
        assert after(step, state, wave=1) is outcome
        return
    with pytest.raises(outcome) as caught:
        after(step, state, wave=1)
    assert caught.value.facts == {"wave": 1, "state": state}


def test_every_step_is_in_the_table_and_leads_forward():
    assert set(STEPS) == set(WaveStep)
    order = list(WaveState)
    assert all(order.index(end) == order.index(start) + 1 for start, end in STEPS.values())


@pytest.mark.parametrize("state", WaveState)
def test_every_state_has_a_chinese_name(state):
    assert state.zh
