"""The approval chain: who moves a ranking from which state to which, and that no one does it twice.

The performance office merges, the committee reviews, the standing committee decides, and the
performance office publishes what was decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.refusals import Conflict, Forbidden

State = Literal["ranked", "merged", "reviewed", "approved", "published"]
StepName = Literal["merge", "review", "decision", "publication"]


class StepOutOfOrder(Conflict):
    """The ranking is not in the state that this step starts from."""

    zh = "排名不处于该步骤的起始状态。"


class RoleNotOfStep(Forbidden):
    """This step belongs to another role."""

    zh = "该步骤由其他角色办理。"


class SamePersonTwice(Conflict):
    """One person may take one step of the chain only."""

    zh = "同一人在审批链中只能办理一个步骤。"


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the chain: the state it starts from, the one it ends in, the role that takes it."""

    before: State
    after: State
    role: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that has been taken, and by whom."""

    step: StepName
    subject: str


CHAIN: dict[StepName, Transition] = {
    "merge": Transition("ranked", "merged", "performance_office"),
    "review": Transition("merged", "reviewed", "committee"),
    "decision": Transition("reviewed", "approved", "standing_committee"),
    "publication": Transition("approved", "published", "performance_office"),
}

STATE_ZH: dict[State, str] = {
    "ranked": "已排名",
    "merged": "已汇总",
    "reviewed": "已审核",
    "approved": "已审定",
    "published": "已公布",
}


def state_after(taken: Sequence[Taken]) -> State:
    """Return the state that a ranking is in after the steps taken so far."""
    return CHAIN[taken[-1].step].after if taken else "ranked"


def advance(taken: Sequence[Taken], step: StepName, subject: str, roles: frozenset[str]) -> State:
    """Return the state that the step leads to, or refuse it.

    The role is judged first, then the order, then the person: whoever may not take the step at all
    does not learn from the answer how far the chain has come.
    """
    transition = CHAIN[step]
    if transition.role not in roles:
        raise RoleNotOfStep(
            f"The {step} is for the role {transition.role}.",
            f"该步骤由角色{transition.role}办理。",
            role=transition.role,
        )
    state = state_after(taken)
    if state != transition.before:
        raise StepOutOfOrder(
            f"The ranking is {state}; the {step} needs it {transition.before}.",
            f"排名{STATE_ZH[state]}；该步骤要求{STATE_ZH[transition.before]}。",
            state=state,
            needed=transition.before,
        )
    before = next((each.step for each in taken if each.subject == subject), None)
    if before is not None:
        raise SamePersonTwice(
            f"The same person has taken the {before} of this ranking.",
            "同一人已办理过该排名的其他步骤。",
            taken=before,
        )
    return transition.after
