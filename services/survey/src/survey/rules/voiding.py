"""Voiding a wave (轮次作废): proposed by one, decided by another before scores are seen.

A voided wave counts nowhere. It is repeated under a new number that stands for the planned one;
until that one has closed, or it is decided to go without, the satisfaction is not finished.
"""

from collections.abc import Iterable
from enum import StrEnum

from chassis.refusals import Conflict, Fault, Invalid


class VoidingDecision(StrEnum):
    """What becomes of a proposal to void a wave."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class VoidingUndecided(Conflict):
    """It has been proposed to void the wave, and nobody has decided on it."""

    zh = "本轮调查有待决定的作废建议。"
    remedy = (
        "Have somebody of the committee confirm or refuse the proposal first.",
        "请先由委员会成员确认或否决该建议。",
    )


class VoidingDecided(Conflict):
    """The proposal has been decided on before."""

    zh = "该作废建议已有决定。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


class VoidingRejected(Invalid):
    """A refusal of the proposal says why."""

    zh = "不同意作废的，须说明理由。"
    remedy = (
        "Send the `reason` with the refusal.",
        "请在否决时填写 `reason`。",
    )


class WaveRepeated(Conflict):
    """Another wave stands for this one already."""

    zh = "本轮调查已有重做的轮次。"
    remedy = (
        "Use the wave that there is; the list of surveys names it.",
        "请使用已有的轮次，见调查清单。",
    )


def refuse_undecided(waiting: Iterable[int]) -> None:
    """Refuse while a proposal to void the wave waits for a decision."""
    for number in waiting:
        raise VoidingUndecided(
            f"Proposal {number} waits.", f"第{number}号作废建议待决定。", voiding_no=number
        )


def check_decision(decision: VoidingDecision, reason: str | None) -> None:
    """Refuse a refusal without a reason."""
    if decision is VoidingDecision.REFUSE and reason is None:
        fault = Fault("/reason", "reason-missing", "Say why it is refused.", "请说明否决理由。")
        raise VoidingRejected("Say why it is refused.", "请说明否决理由。", faults=[fault])


def refuse_repeated(wave: int, closed: Iterable[int]) -> None:
    """Refuse to decide about a voided wave where one that repeats it has closed."""
    for number in closed:
        raise WaveRepeated(
            f"Wave {number} has closed instead of wave {wave}.",
            f"第{number}轮已代替第{wave}轮关闭。",
            wave=number,
        )


def check_repetition(wave: int, instead: Iterable[int]) -> None:
    """Refuse to repeat a wave after which there is another one instead of it; that one may be
    repeated itself."""
    for number in instead:
        if number > wave:
            raise WaveRepeated(
                f"Wave {number} stands for wave {wave}.",
                f"第{number}轮已代替第{wave}轮。",
                wave=number,
            )
