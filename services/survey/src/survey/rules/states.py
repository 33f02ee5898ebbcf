"""The states of a wave, and the steps between them."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.refusals import Conflict


class WaveState(StrEnum):
    """Where a wave stands: planned, open for responses, or closed with its results."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def zh(self) -> str:
        """The state in Chinese."""
        return _STATES_ZH[self]


class WaveStep(StrEnum):
    """What can be done to a wave as a whole."""

    OPENING = "opening"
    CLOSING = "closing"


class WaveNotPlanned(Conflict):
    """The wave has been opened before."""

    zh = "本轮调查已经开放过。"
    remedy = (
        "Nothing needs to be done while the wave is open; a closed wave is not opened again.",
        "本轮已开放的，无需再作处理；已关闭的不能再次开放。",
    )


class WaveNotOpen(Conflict):
    """The wave is not open for responses."""

    zh = "本轮调查不在开放状态。"
    remedy = (
        "Open the wave first; to a closed wave nothing is added.",
        "请先开放本轮；已关闭的轮次不再接收。",
    )


class WaveNotClosed(Conflict):
    """What a wave says is told once it has closed."""

    zh = "本轮调查关闭后方可查看其结果。"
    remedy = (
        "Wait until the wave has closed.",
        "请待本轮调查关闭后再查看。",
    )


STEPS: Mapping[WaveStep, tuple[WaveState, WaveState]] = {
    WaveStep.OPENING: (WaveState.PLANNED, WaveState.OPEN),
    WaveStep.CLOSING: (WaveState.OPEN, WaveState.CLOSED),
}
"""From which state each step leads to which; nothing leads back."""

_STATES_ZH = {WaveState.PLANNED: "未开放", WaveState.OPEN: "开放", WaveState.CLOSED: "已关闭"}
_REFUSALS = {WaveState.PLANNED: WaveNotPlanned, WaveState.OPEN: WaveNotOpen}


def after(step: WaveStep, state: WaveState, wave: int) -> WaveState:
    """Return the state that `step` leads to, or refuse when it does not start from `state`."""
    start, end = STEPS[step]
    require(start, state, wave)
    return end


def require(wanted: WaveState, state: WaveState, wave: int) -> None:
    """Refuse when the wave is not in the wanted state."""
    if state is not wanted:
        raise _REFUSALS[wanted](
            f"Wave {wave} is {state}.", f"第{wave}轮处于“{state.zh}”状态。", wave=wave, state=state
        )
