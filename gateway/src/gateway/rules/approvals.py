"""Approvals (批准): one person approves, another confirms, and either may withdraw it later."""

from datetime import timedelta
from typing import Literal

WAITS = timedelta(days=7)
"""For how long an approval or a client's secret can be confirmed; `secret_present` has it, too."""

ApprovalState = Literal["effective", "pending", "withdrawn"]
EFFECTIVE: ApprovalState = "effective"
PENDING: ApprovalState = "pending"
WITHDRAWN: ApprovalState = "withdrawn"


def state_of(
    *, awaits: bool, is_confirmed: bool, is_withdrawn: bool, is_over: bool
) -> ApprovalState:
    """Return the state of what was approved; once it was withdrawn it stays so, and what nobody has
    confirmed while it could be is withdrawn by itself."""
    waits = awaits and not is_confirmed
    if is_withdrawn or (waits and is_over):
        return WITHDRAWN
    return PENDING if waits else EFFECTIVE
