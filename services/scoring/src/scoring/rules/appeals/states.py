"""The states of an objection (异议), the moves between them, and who may make each.

A unit objects to what was fed back to it; somebody decides who brought about nothing of it. What
is not upheld in whole it may take to the next level (申诉), up to the last that the scheme names.
"""

from collections.abc import Mapping
from typing import NamedTuple

PENDING, UPHELD, PARTLY_UPHELD = "pending", "upheld", "partly_upheld"
REJECTED, WITHDRAWN = "rejected", "withdrawn"

STATES_ZH = {
    PENDING: "待复核",
    UPHELD: "成立",
    PARTLY_UPHELD: "部分成立",
    REJECTED: "不成立",
    WITHDRAWN: "已撤回",
}
OBJECTION_STATES = tuple(STATES_ZH)

TO_CARRY_OUT = (UPHELD, PARTLY_UPHELD)
"""The states in which the record is to be changed by what was decided."""

FILE, APPEAL, WITHDRAW = "file", "appeal", "withdraw"
UPHOLD, UPHOLD_PART, REJECT = "uphold", "uphold_part", "reject"
CARRY_OUT = "carry_out"

ANSWERS, DECISIONS = (APPEAL, WITHDRAW), (UPHOLD, UPHOLD_PART, REJECT)
SPOKEN = (FILE, *ANSWERS)
"""What is said for the unit."""

OBJECTION_MOVES = (FILE, *ANSWERS, *DECISIONS, CARRY_OUT)

MOVES_ZH = {
    FILE: "提出",
    APPEAL: "提交上一级（申诉）",
    WITHDRAW: "撤回",
    UPHOLD: "成立",
    UPHOLD_PART: "部分成立",
    REJECT: "不成立",
    CARRY_OUT: "办理落实",
}

BY_UNIT, BY_DECIDER, BY_OFFICE = "unit", "decider", "office"

MARK, CLAIM, ENTRY, CARD, WAVE = "mark", "claim", "entry", "card", "wave"
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    MARK: ("indicator",),
    CLAIM: ("claim_id",),
    ENTRY: ("entry_id",),
    CARD: ("indicator", "period", "light"),
    WAVE: ("survey", "wave"),
}
"""What an objection may be about, and the fields that name it."""


class Step(NamedTuple):
    """What a move comes to: the state that follows, who makes it, and how that is told."""

    to: str
    by: str
    how: str


_CARRIES_OUT = "the office names what of the record has changed by it"
_DECIDES = "who decides at its level, and brought about nothing of it,"

STEPS: Mapping[tuple[str, str], Step] = {
    (PENDING, UPHOLD): Step(UPHELD, BY_DECIDER, f"{_DECIDES} upholds it"),
    (PENDING, UPHOLD_PART): Step(PARTLY_UPHELD, BY_DECIDER, f"{_DECIDES} upholds part of it"),
    (PENDING, REJECT): Step(REJECTED, BY_DECIDER, f"{_DECIDES} rejects it"),
    (PENDING, APPEAL): Step(PENDING, BY_UNIT, "the unit takes what is overdue to the next level"),
    (PENDING, WITHDRAW): Step(WITHDRAWN, BY_UNIT, "the unit withdraws it"),
    (PARTLY_UPHELD, APPEAL): Step(PENDING, BY_UNIT, "the unit takes it to the next level in time"),
    (REJECTED, APPEAL): Step(PENDING, BY_UNIT, "the unit takes it to the next level in time"),
    (UPHELD, CARRY_OUT): Step(UPHELD, BY_OFFICE, _CARRIES_OUT),
    (PARTLY_UPHELD, CARRY_OUT): Step(PARTLY_UPHELD, BY_OFFICE, _CARRIES_OUT),
}
"""Every move. No other can happen."""

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (state, step.to): step.how for (state, _), step in STEPS.items()
}
"""Every transition, and what makes it."""
