"""The states of a supervised item (督办事项), the moves between them, and who may make each.

An item is an instruction of a leader (批示件), a matter that is supervised (督办件), a plan,
a summary or a self-report that is due, or a rectification report (整改报告). Who decides is never
who brought about what is decided on.
"""

from collections.abc import Mapping
from typing import NamedTuple

REGISTERED, DISPATCHED, HANDLING = "registered", "dispatched", "handling"
RETURNED, DISPUTED, SUSPENDED = "returned", "disputed", "suspended"
EXTENSION_ASKED, REPLIED = "extension_asked", "replied"
CLOSED, CALLED_OFF, WITHDRAWN = "closed", "called_off", "withdrawn"

STATES_ZH = {
    REGISTERED: "待交办",
    DISPATCHED: "待签收",
    HANDLING: "办理中",
    RETURNED: "退回待协调",
    DISPUTED: "争议待裁定",
    SUSPENDED: "中止",
    EXTENSION_ASKED: "延期待审批",
    REPLIED: "待审核",
    CLOSED: "已销号",
    CALLED_OFF: "已撤销",
    WITHDRAWN: "已随整改报告撤销",
}
ITEM_STATES = tuple(STATES_ZH)

UNTOLD = (REGISTERED, CALLED_OFF)
"""The states of which no unit is told: nothing was dispatched to it."""

DISPUTABLE = (DISPATCHED, HANDLING)
"""The states in which a unit may disagree with the answer to its return."""

OVER = (CLOSED, CALLED_OFF, WITHDRAWN)
"""The states in which nobody has to do anything."""

RECTIFICATION = "rectification_report"
KINDS = ("instruction", "supervised", "plan", "summary", "self_report", RECTIFICATION)
LEAD, SUPPORT, READER = "lead", "support", "reader"

REGISTER, DISPATCH, CALL_OFF, WITHDRAW = "register", "dispatch", "call_off", "withdraw"
SIGN, RETURN, DISPUTE, REPORT, REPLY = "sign", "return", "dispute", "report", "reply"
ASK_EXTENSION = "ask_extension"
INSIST, REASSIGN = "insist", "reassign"
GRANT_EXTENSION, REFUSE_EXTENSION = "grant_extension", "refuse_extension"
URGE, SUSPEND, RESUME = "urge", "suspend", "resume"
CLOSE, REDO, ACCEPT_PART, REOPEN = "close", "redo", "accept_part", "reopen"

MOVES_ZH = {
    REGISTER: "登记",
    DISPATCH: "交办",
    CALL_OFF: "撤销",
    WITHDRAW: "随整改报告撤销",
    SIGN: "签收",
    RETURN: "退回",
    DISPUTE: "提出异议",
    REPORT: "报告进展",
    REPLY: "答复",
    ASK_EXTENSION: "申请延期",
    INSIST: "维持交办",
    REASSIGN: "改派",
    GRANT_EXTENSION: "同意延期",
    REFUSE_EXTENSION: "不同意延期",
    URGE: "催办",
    SUSPEND: "中止",
    RESUME: "恢复",
    CLOSE: "销号",
    REDO: "退回重办",
    ACCEPT_PART: "部分办结",
    REOPEN: "重新启动",
}

BY_OFFICE, BY_LEAD, BY_UNIT, BY_LEADER = "office", "lead", "unit", "leader"
BY_REPORT = "report"
"""Nobody's own move: it follows from what became of the report that the item was opened for."""


class Step(NamedTuple):
    """What a move comes to: the state that follows, who makes it, and how that is told.

    Whoever made the latest of the moves in `against` does not make it; on a dispute, those of the
    return that it is about.
    """

    to: str
    by: str
    how: str
    against: tuple[str, ...] = ()


_ANSWERS = INSIST, REASSIGN
_ANOTHER = "another person of the office"
_REVOKED = "the rectification report that it was opened for was revoked"
_IN_HAND = (DISPATCHED, HANDLING, RETURNED, DISPUTED, SUSPENDED, EXTENSION_ASKED, REPLIED)

STEPS: Mapping[tuple[str, str], Step] = {
    (REGISTERED, DISPATCH): Step(DISPATCHED, BY_OFFICE, f"{_ANOTHER} dispatches it", (REGISTER,)),
    (REGISTERED, CALL_OFF): Step(CALLED_OFF, BY_OFFICE, "the office calls it off with a reason"),
    (DISPATCHED, SIGN): Step(HANDLING, BY_LEAD, "the lead unit signs for it"),
    (DISPATCHED, URGE): Step(DISPATCHED, BY_OFFICE, "the office urges"),
    (DISPATCHED, RETURN): Step(
        RETURNED, BY_UNIT, "one of its units says within seven working days that it is not theirs"
    ),
    (HANDLING, RETURN): Step(
        RETURNED, BY_UNIT, "one of its units says within seven working days that it is not theirs"
    ),
    (RETURNED, INSIST): Step(
        DISPATCHED, BY_OFFICE, f"{_ANOTHER} says that it stays", (RETURN, DISPATCH, REASSIGN)
    ),
    (RETURNED, REASSIGN): Step(
        DISPATCHED, BY_OFFICE, f"{_ANOTHER} gives it to other units", (RETURN, DISPATCH, REASSIGN)
    ),
    (DISPATCHED, DISPUTE): Step(
        DISPUTED, BY_UNIT, "who returned it disagrees within three working days"
    ),
    (HANDLING, DISPUTE): Step(
        DISPUTED, BY_UNIT, "who returned it disagrees within three working days"
    ),
    (DISPUTED, INSIST): Step(
        DISPATCHED, BY_LEADER, "a leader rules that it stays", (RETURN, *_ANSWERS, DISPUTE)
    ),
    (DISPUTED, REASSIGN): Step(
        DISPATCHED, BY_LEADER, "a leader gives it to other units", (RETURN, *_ANSWERS, DISPUTE)
    ),
    (HANDLING, REPORT): Step(HANDLING, BY_UNIT, "one of its units reports how far it is"),
    (HANDLING, URGE): Step(HANDLING, BY_OFFICE, "the office urges"),
    (HANDLING, ASK_EXTENSION): Step(
        EXTENSION_ASKED, BY_LEAD, "the lead unit asks for more time before it is due"
    ),
    (EXTENSION_ASKED, GRANT_EXTENSION): Step(
        HANDLING, BY_OFFICE, f"{_ANOTHER} grants it", (ASK_EXTENSION,)
    ),
    (EXTENSION_ASKED, REFUSE_EXTENSION): Step(
        HANDLING, BY_OFFICE, f"{_ANOTHER} refuses it", (ASK_EXTENSION,)
    ),
    (EXTENSION_ASKED, REPLY): Step(REPLIED, BY_LEAD, "the lead unit replies meanwhile"),
    (HANDLING, SUSPEND): Step(SUSPENDED, BY_OFFICE, "the office stops the clock with a reason"),
    (SUSPENDED, RESUME): Step(HANDLING, BY_OFFICE, "the office lets the clock go on"),
    (HANDLING, REPLY): Step(REPLIED, BY_LEAD, "the lead unit replies"),
    (REPLIED, CLOSE): Step(
        CLOSED, BY_OFFICE, f"{_ANOTHER} accepts the reply and writes it off", (REPLY,)
    ),
    (REPLIED, REDO): Step(HANDLING, BY_OFFICE, f"{_ANOTHER} has it done again", (REPLY,)),
    (REPLIED, ACCEPT_PART): Step(
        HANDLING, BY_OFFICE, f"{_ANOTHER} accepts the part that is done", (REPLY,)
    ),
    (CLOSED, REOPEN): Step(HANDLING, BY_OFFICE, f"{_ANOTHER} reopens it with a new term", (CLOSE,)),
    **{(state, WITHDRAW): Step(WITHDRAWN, BY_REPORT, _REVOKED) for state in _IN_HAND},
}
"""Every move; no other can happen. Once the ledger is sealed none is dispatched."""

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (state, step.to): "; or ".join(
        dict.fromkeys(
            each.how for (before, _), each in STEPS.items() if (before, each.to) == (state, step.to)
        )
    )
    for (state, _), step in STEPS.items()
}
"""Every transition, and what makes it."""

UNIT_MOVES = (SIGN, RETURN, DISPUTE, REPORT, REPLY, ASK_EXTENSION)
OFFICE_MOVES = (
    *(CALL_OFF, URGE, SUSPEND, RESUME, INSIST, REASSIGN, GRANT_EXTENSION, REFUSE_EXTENSION),
    *(CLOSE, REDO, ACCEPT_PART, REOPEN),
)
LEADER_MOVES = (INSIST, REASSIGN)
ITEM_MOVES = (REGISTER, DISPATCH, WITHDRAW, *UNIT_MOVES, *OFFICE_MOVES)

BEGINS = (DISPATCH, REASSIGN, REDO, REOPEN)
"""The moves with which a new term begins."""
