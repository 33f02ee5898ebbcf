"""Approvals (批准): one person approves, another confirms, and either may withdraw it later."""

from typing import Literal

ApprovalState = Literal["effective", "pending", "withdrawn"]
EFFECTIVE: ApprovalState = "effective"
PENDING: ApprovalState = "pending"
WITHDRAWN: ApprovalState = "withdrawn"


def state_of(*, awaits: bool, is_confirmed: bool, is_withdrawn: bool) -> ApprovalState:
    """Return the state of what was approved; once it was withdrawn it stays so."""
    if is_withdrawn:
        return WITHDRAWN
    return PENDING if awaits and not is_confirmed else EFFECTIVE
