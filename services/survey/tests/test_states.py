"""The states of a wave: the table is total, nothing leads out of `closed` and `voided`."""

from itertools import product

import pytest

from chassis.refusals import Conflict
from survey.rules.states import (
    STEPS,
    WaveNotOpen,
    WaveNotPlanned,
    WaveNotRunning,
    WaveNotStopped,
    WaveNotVoided,
    WaveState,
    WaveStep,
    after,
    require,
)

PLANNED, OPEN, STOPPED, CLOSED, VOIDED = WaveState
OPENING, STOPPING, REOPENING, CLOSING, VOIDING = WaveStep

LEADS = {
    (OPENING, PLANNED): OPEN,
    (STOPPING, OPEN): STOPPED,
    (REOPENING, STOPPED): OPEN,
    (CLOSING, STOPPED): CLOSED,
    (VOIDING, OPEN): VOIDED,
    (VOIDING, STOPPED): VOIDED,
}
REFUSED = {
    OPENING: WaveNotPlanned,
    STOPPING: WaveNotOpen,
    REOPENING: WaveNotStopped,
    CLOSING: WaveNotStopped,
    VOIDING: WaveNotRunning,
}


@pytest.mark.parametrize(("step", "state"), [*product(WaveStep, WaveState)])
def test_a_step_leads_on_or_is_refused(step, state):
    """Planted bug: close an open wave, which nobody has examined."""
    if (step, state) in LEADS:
        assert after(step, state, wave=1) is LEADS[step, state]
        return
    with pytest.raises(Conflict) as caught:
        after(step, state, wave=1)
    assert type(caught.value) is REFUSED[step]
    assert caught.value.facts == {"wave": 1, "state": state}


def test_every_step_is_in_the_table_and_nothing_leads_out_of_the_ends():
    assert set(STEPS) == set(WaveStep)
    assert not {CLOSED, VOIDED} & {start for starts, _ in STEPS.values() for start in starts}


def test_only_a_voided_wave_is_repeated():
    require((VOIDED,), VOIDED, 1)
    with pytest.raises(WaveNotVoided):
        require((VOIDED,), CLOSED, 1)


@pytest.mark.parametrize("state", WaveState)
def test_every_state_has_a_chinese_name(state):
    assert state.zh != state.value
