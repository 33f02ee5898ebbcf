"""Rectification items (整改事项): what a unit is asked to mend, by when, and what came of it.

An item is told by its `origin`, of which opinions are the first kind; nothing else here knows of
opinions.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from chassis.refusals import Conflict, Fault, Invalid
from survey.rules.batch import Finding


class ItemStep(StrEnum):
    """What is done to an item: the unit replies, the office accepts the reply or returns it."""

    REPLIED = "replied"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ItemState(StrEnum):
    """How far an item is."""

    OPEN = "open"
    REPLIED = "replied"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ReplyVerdict(StrEnum):
    """What becomes of a reply."""

    ACCEPT = "accept"
    RETURN = "return"


class ItemsRejected(Invalid):
    """The items cannot be assigned so; none was."""

    zh = "不能如此交办整改事项，全部未保存。"
    remedy = (
        "Mend what `errors` names, and send all of it again.",
        "请改正 `errors` 所指之处，然后全部重新提交。",
    )


class ItemNotOpen(Conflict):
    """The item does not wait for a reply of the unit."""

    zh = "该整改事项不在待答复状态。"
    remedy = (
        "Wait until the reply has been looked at; an accepted one is not changed.",
        "请等待答复的审查；已经通过的不再变动。",
    )


class ItemNotReplied(Conflict):
    """There is no reply to decide on."""

    zh = "该整改事项没有待审查的答复。"
    remedy = (
        "Wait until the unit has replied.",
        "请等待单位答复。",
    )


class ItemVoid(Conflict):
    """What the item is about has become void."""

    zh = "该整改事项所依据的意见已作废。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


class ReplyDecisionRejected(Invalid):
    """Who returns a reply says why."""

    zh = "退回答复须说明理由。"
    remedy = (
        "Send the `reason` with it.",
        "请一并填写 `reason`。",
    )


NOT_ACCEPTED = Finding(
    "origin-not-accepted",
    "There is no such opinion, or it has not been accepted.",
    "没有这一条意见，或该意见尚未采纳。",
)
UNKNOWN_UNIT = Finding("unknown-unit", "The scheme has no such unit.", "方案中没有这一单位。")
ASSIGNED = Finding(
    "assigned-already", "The unit has been asked this before.", "该单位已收到此项整改。"
)
DEADLINE_PAST = Finding("deadline-past", "The deadline is past.", "整改期限已过。")


def check_assignment(
    units: Sequence[str],
    known: Collection[str],
    assigned: Collection[str],
    deadline: dt.date,
    today: dt.date,
    *,
    accepted: bool,
) -> None:
    """Refuse to ask units that the scheme does not have, or that are asked already, about what has
    not been accepted, or by a day that is past."""
    faults = [] if accepted else [NOT_ACCEPTED.at("origin", "id")]
    faults += _in_units(units, known, assigned)
    if deadline < today:
        faults.append(DEADLINE_PAST.at("deadline"))
    if faults:
        raise ItemsRejected(
            f"There are {len(faults)} fault(s).", f"有 {len(faults)} 处错误。", faults=faults
        )


def _in_units(
    units: Sequence[str], known: Collection[str], assigned: Collection[str]
) -> Iterator[Fault]:
    for row, unit in enumerate(units):
        if unit not in known:
            yield UNKNOWN_UNIT.at("units", row)
        elif unit in assigned:
            yield ASSIGNED.at("units", row)


def state_of(steps: Sequence[ItemStep]) -> ItemState:
    """Return how far an item is, by the steps that were taken."""
    return ItemState(steps[-1].value) if steps else ItemState.OPEN


def waits_for_unit(state: ItemState) -> bool:
    """Say whether the unit is to reply."""
    return state in {ItemState.OPEN, ItemState.RETURNED}


def is_overdue(state: ItemState, deadline: dt.date, today: dt.date) -> bool:
    """Say whether the unit is to reply, and the day by which it was to is past."""
    return waits_for_unit(state) and today > deadline


def check_reply(state: ItemState, *, void: bool) -> None:
    """Refuse a reply to an item that does not wait for one."""
    _refuse_void(void)
    if not waits_for_unit(state):
        raise ItemNotOpen(f"It is {state}.", "当前无须答复。", state=state)


def check_reply_decision(
    state: ItemState, verdict: ReplyVerdict, reason: str | None, *, void: bool
) -> ItemStep:
    """Return the step that a decision on a reply is; refuse one where there is no reply, and to
    return a reply without saying why."""
    _refuse_void(void)
    if state is not ItemState.REPLIED:
        raise ItemNotReplied(f"It is {state}.", "当前没有待审查的答复。", state=state)
    if verdict is ReplyVerdict.ACCEPT:
        return ItemStep.ACCEPTED
    if reason is None:
        fault = Fault("/reason", "reason-missing", "Say why it is returned.", "请说明退回理由。")
        raise ReplyDecisionRejected("Say why.", "请说明退回理由。", faults=[fault])
    return ItemStep.RETURNED


def _refuse_void(void: bool) -> None:
    if void:
        raise ItemVoid("It is void.", "已作废。")
