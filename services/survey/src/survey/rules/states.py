"""The states of a wave, and the steps between them."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.refusals import Conflict


class WaveState(StrEnum):
    """Where a wave stands: planned, open for responses, stopped while it is examined, closed with
    its results, or voided without any.
    """

    PLANNED = "planned"
    OPEN = "open"
    STOPPED = "stopped"
    CLOSED = "closed"
    VOIDED = "voided"

    @property
    def zh(self) -> str:
        """The state in Chinese."""
        return _STATES_ZH[self]


class WaveStep(StrEnum):
    """What can be done to a wave as a whole."""

    OPENING = "opening"
    STOPPING = "stopping"
    REOPENING = "reopening"
    CLOSING = "closing"
    VOIDING = "voiding"


class WaveNotPlanned(Conflict):
    """The wave has been opened before."""

    zh = "本轮调查已经开放过。"
    remedy = (
        "Nothing needs to be done while the wave is open; a stopped one is reopened, a closed or "
        "voided one is not.",
        "本轮已开放的，无需再作处理；已停止的可以重新开放，已关闭或作废的不能再次开放。",
    )


class WaveNotOpen(Conflict):
    """The wave is not open for responses."""

    zh = "本轮调查不在开放状态。"
    remedy = (
        "Open the wave first, or reopen it where it was stopped; to a closed or voided wave "
        "nothing is added.",
        "请先开放本轮，已停止的可以重新开放；已关闭或作废的轮次不再接收。",
    )


class WaveNotClosed(Conflict):
    """What a wave says is told once it has closed."""

    zh = "本轮调查关闭后方可查看其结果。"
    remedy = (
        "Wait until the wave has closed.",
        "请待本轮调查关闭后再查看。",
    )


class WaveNotStopped(Conflict):
    """The wave has not been stopped, or is over."""

    zh = "本轮调查不在停止状态。"
    remedy = (
        "Stop the open wave first, so that nothing more comes in while it is examined; a closed or "
        "voided wave stays as it is.",
        "请先停止接收应答再行审查；已关闭或作废的轮次不再变动。",
    )


class WaveNotRunning(Conflict):
    """The wave is neither open nor stopped, and so it cannot be voided."""

    zh = "本轮调查既未开放也未停止，不能作废。"
    remedy = (
        "Void a wave after its opening and before its closing, while nobody has seen its scores.",
        "请在开放之后、关闭之前作废，此时尚无人看到得分。",
    )


class WaveNotVoided(Conflict):
    """The wave has not been voided: there is nothing to repeat."""

    zh = "本轮调查没有作废，无须重做。"
    remedy = (
        "Repeat a wave after its voiding has been confirmed.",
        "请在作废经确认后再行重做。",
    )


_PLANNED, _OPEN, _STOPPED, _CLOSED, _VOIDED = WaveState

STEPS: Mapping[WaveStep, tuple[tuple[WaveState, ...], WaveState]] = {
    WaveStep.OPENING: ((_PLANNED,), _OPEN),
    WaveStep.STOPPING: ((_OPEN,), _STOPPED),
    WaveStep.REOPENING: ((_STOPPED,), _OPEN),
    WaveStep.CLOSING: ((_STOPPED,), _CLOSED),
    WaveStep.VOIDING: ((_OPEN, _STOPPED), _VOIDED),
}
"""From which states each step leads to which; nothing leads out of `closed` and `voided`."""

_STATES_ZH = {
    _PLANNED: "未开放",
    _OPEN: "开放",
    _STOPPED: "已停止",
    _CLOSED: "已关闭",
    _VOIDED: "已作废",
}
_REFUSALS: Mapping[tuple[WaveState, ...], type[Conflict]] = {
    (_PLANNED,): WaveNotPlanned,
    (_OPEN,): WaveNotOpen,
    (_STOPPED,): WaveNotStopped,
    (_STOPPED, _CLOSED): WaveNotStopped,
    (_OPEN, _STOPPED): WaveNotRunning,
    (_VOIDED,): WaveNotVoided,
    (_CLOSED,): WaveNotClosed,
}


def after(step: WaveStep, state: WaveState, wave: int) -> WaveState:
    """Return the state that `step` leads to, or refuse when it does not start from `state`."""
    starts, end = STEPS[step]
    require(starts, state, wave)
    return end


def require(wanted: tuple[WaveState, ...], state: WaveState, wave: int) -> None:
    """Refuse when the wave is in none of the wanted states."""
    if state not in wanted:
        raise _REFUSALS[wanted](
            f"Wave {wave} is {state}.", f"第{wave}轮处于“{state.zh}”状态。", wave=wave, state=state
        )
