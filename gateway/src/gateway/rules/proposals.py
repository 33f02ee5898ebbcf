"""What is proposed about accounts and not confirmed: declined, withdrawn, or left to lie (提议)."""

from datetime import timedelta
from typing import Literal

from chassis.persons import is_same
from chassis.refusals import Conflict

WAITS = timedelta(days=7)
"""For how long an account or a change of one can be confirmed; `account_present` has it, too."""

ProposalEnd = Literal["declined", "withdrawn"]


class NothingProposed(Conflict):
    """Nothing waits there to be confirmed."""

    zh = "该处没有待确认的提议。"
    remedy = (
        "Read the account again: it is in effect, was ended, or has waited for more than 7 days; "
        "propose it anew where it is still wanted.",
        "请重新查看该账户：提议已经生效、未予确认或已撤回，或超过七日未确认；仍需办理的，请重新提出。",
    )


def end_of(*, proposed_by: str | None, person: str) -> ProposalEnd:
    """Say how a proposal ends: withdrawn by the person who made it, declined by another."""
    return "withdrawn" if is_same(proposed_by, person) else "declined"


def check_waiting(*, waits: bool) -> None:
    """Refuse to end or confirm what does not wait."""
    if not waits:
        raise NothingProposed("It was not changed.", "未作改动。")
