"""The states of a complaint (投诉), the moves between them, and who may make each.

A complaint is one about efficiency (效能投诉), a petition (信访), a message of a citizen
(网民留言), or a call to the hotline (12345). Who decides is never who brought about what is
decided on.
"""

from collections.abc import Mapping
from typing import NamedTuple

from scoring.rules.items.earned import UPHELD

RAISED, ACCEPTED, ASSIGNED = "raised", "accepted", "assigned"
EXTENSION_ASKED, ANSWERED, REVISITED = "extension_asked", "answered", "revisited"
CLOSED, REFUSED, LINKED = "closed", "refused", "linked"
SUSPECTED, MALICIOUS = "suspected", "malicious"

STATES_ZH = {
    RAISED: "待受理",
    ACCEPTED: "待交办",
    ASSIGNED: "办理中",
    EXTENSION_ASKED: "延期待审批",
    ANSWERED: "待回访",
    REVISITED: "已回访",
    CLOSED: "已办结",
    REFUSED: "不予受理",
    LINKED: "重复并案",
    SUSPECTED: "疑似恶意待认定",
    MALICIOUS: "恶意投诉",
}
COMPLAINT_STATES = tuple(STATES_ZH)

ENDED = (CLOSED, REFUSED, LINKED, MALICIOUS)
"""The states in which nothing more is done about a complaint."""

EFFICIENCY, PETITION, MESSAGE, HOTLINE = (
    "efficiency_complaint",
    "petition",
    "online_message",
    "hotline",
)
COMPLAINT_KINDS = (EFFICIENCY, PETITION, MESSAGE, HOTLINE)

LEAD, SUPPORT, ABOUT = "lead", "support", "about"
"""What a unit is of a complaint: it answers, it supports the answer, or it is complained of."""

SATISFIED, DISSATISFIED, NOT_REACHED = "satisfied", "dissatisfied", "not_reached"
UNFOUNDED = "unfounded"
FINDINGS = (UPHELD, UNFOUNDED)
"""What the office finds of the units that a complaint is about, as it closes it."""

ON_ANSWER = (SATISFIED, DISSATISFIED, NOT_REACHED)
WORDS = (*ON_ANSWER, *FINDINGS)

RAISE, ACCEPT, REFUSE, LINK = "raise", "accept", "refuse", "link"
CALL_MALICIOUS, CONFIRM_MALICE, CLEAR = "call_malicious", "confirm_malice", "clear"
ASSIGN, URGE, RETURN, ANSWER = "assign", "urge", "return", "answer"
ASK_EXTENSION, GRANT_EXTENSION = "ask_extension", "grant_extension"
REFUSE_EXTENSION = "refuse_extension"
RATE, REVISIT, CLOSE, REDO = "rate", "revisit", "close", "redo"

MOVES_ZH = {
    RAISE: "提出",
    ACCEPT: "受理并分类",
    REFUSE: "不予受理",
    LINK: "并案",
    CALL_MALICIOUS: "提出为恶意投诉",
    CONFIRM_MALICE: "认定恶意",
    CLEAR: "不认定恶意",
    ASSIGN: "交办",
    URGE: "催办",
    RETURN: "退回",
    ANSWER: "答复",
    ASK_EXTENSION: "申请延期",
    GRANT_EXTENSION: "同意延期",
    REFUSE_EXTENSION: "不同意延期",
    RATE: "投诉人评价",
    REVISIT: "回访",
    CLOSE: "办结",
    REDO: "退回重办",
}

BY_OFFICE, BY_LEAD, BY_UNIT, BY_CITIZEN = "office", "lead", "unit", "citizen"


class Step(NamedTuple):
    """What a move comes to: the state that follows, who makes it, and how that is told.

    Whoever made the latest of the moves in `against` does not make it.
    """

    to: str
    by: str
    how: str
    against: tuple[str, ...] = ()


_ANOTHER = "another person of the office"

STEPS: Mapping[tuple[str, str], Step] = {
    (RAISED, ACCEPT): Step(ACCEPTED, BY_OFFICE, "the office accepts and classifies it"),
    (RAISED, REFUSE): Step(
        REFUSED, BY_OFFICE, "the office, not who registered it, refuses it with a reason", (RAISE,)
    ),
    (RAISED, LINK): Step(
        LINKED, BY_OFFICE, "the office, not who registered it, links it to the first", (RAISE,)
    ),
    (RAISED, CALL_MALICIOUS): Step(SUSPECTED, BY_OFFICE, "the office calls it malicious"),
    (SUSPECTED, CONFIRM_MALICE): Step(
        MALICIOUS, BY_OFFICE, f"{_ANOTHER} agrees", (RAISE, CALL_MALICIOUS)
    ),
    (SUSPECTED, CLEAR): Step(
        RAISED, BY_OFFICE, f"{_ANOTHER} finds that it is not", (CALL_MALICIOUS,)
    ),
    (ACCEPTED, ASSIGN): Step(ASSIGNED, BY_OFFICE, "the office gives it to units"),
    (ASSIGNED, URGE): Step(ASSIGNED, BY_OFFICE, "the office urges"),
    (ASSIGNED, RETURN): Step(ACCEPTED, BY_UNIT, "a unit says, once, that it is not its own"),
    (ASSIGNED, ASSIGN): Step(
        ASSIGNED, BY_OFFICE, "the office gives it to others with a reason once its day is over"
    ),
    (ASSIGNED, ANSWER): Step(
        ANSWERED, BY_LEAD, "the lead unit answers, not who gave it to the unit", (ASSIGN,)
    ),
    (ASSIGNED, ASK_EXTENSION): Step(
        EXTENSION_ASKED, BY_LEAD, "the lead unit asks, once and before it is due, for more time"
    ),
    (EXTENSION_ASKED, GRANT_EXTENSION): Step(ASSIGNED, BY_OFFICE, "the office grants it"),
    (EXTENSION_ASKED, REFUSE_EXTENSION): Step(ASSIGNED, BY_OFFICE, "the office refuses it"),
    (EXTENSION_ASKED, ANSWER): Step(
        ANSWERED, BY_LEAD, "the lead unit answers meanwhile", (ASSIGN,)
    ),
    (ANSWERED, RATE): Step(REVISITED, BY_CITIZEN, "whoever raised it says how the answer is"),
    (ANSWERED, REVISIT): Step(
        REVISITED, BY_OFFICE, "the office asks whoever raised it, or reaches nobody"
    ),
    (REVISITED, RATE): Step(REVISITED, BY_CITIZEN, "whoever raised it says it himself"),
    (REVISITED, CLOSE): Step(
        CLOSED, BY_OFFICE, f"{_ANOTHER} than who revisited closes it", (REVISIT,)
    ),
    (REVISITED, REDO): Step(ASSIGNED, BY_OFFICE, "the office has it done again"),
}
"""Every move. No other can happen."""

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (state, step.to): "; or ".join(
        dict.fromkeys(
            each.how for (before, _), each in STEPS.items() if (before, each.to) == (state, step.to)
        )
    )
    for (state, _), step in STEPS.items()
}
"""Every transition, and what makes it."""

WAITS_FOR: Mapping[str, str] = {
    RAISED: BY_OFFICE,
    SUSPECTED: BY_OFFICE,
    ACCEPTED: BY_OFFICE,
    ASSIGNED: BY_LEAD,
    EXTENSION_ASKED: BY_OFFICE,
    ANSWERED: BY_OFFICE,
    REVISITED: BY_OFFICE,
}
"""For whom a complaint waits, by its state."""

UNIT_MOVES = (RETURN, ANSWER, ASK_EXTENSION)
OFFICE_MOVES = tuple(
    dict.fromkeys(move for (_, move), step in STEPS.items() if step.by == BY_OFFICE)
)
COMPLAINT_MOVES = (RAISE, *OFFICE_MOVES, *UNIT_MOVES, RATE)
