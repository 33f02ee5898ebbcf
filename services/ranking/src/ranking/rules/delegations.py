"""Delegated signatures: who may sign a step in whose place, until when."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Forbidden, Invalid
from ranking.rules.chain import ChainStep

_NOT_TO_CALLER = (
    "There is no such delegation to the caller in force.",
    "没有该号对调用者的有效委托。",
)

LONGEST = 731
"""For how many days somebody may sign in another's place: two years."""


DELEGATE = "delegate"
"""The relation of whoever signs in somebody's place."""


class DelegationDoesNotHold(Forbidden):
    """Nothing lets the caller take this step in that person's place."""

    zh = "该委托不适用于此步骤。"
    remedy = (
        "Look the delegation up in the list, or have the step taken by whoever gave it.",
        "请在委托清单中查对，或由委托人本人办理。",
    )


class DelegationFaulty(Invalid):
    """Nobody can give such a delegation."""

    zh = "不能作此委托。"
    remedy = (
        "Name an account of another person, a day that is not over, and steps of the own role.",
        "请指定他人的账户、未过的日期，以及本人角色的步骤。",
    )


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who lets whom sign which steps; the newest of a giver to a delegate holds, and one without
    steps ends it."""

    number: int
    giver: str
    unit: str | None
    role: str
    delegate: str
    steps: tuple[str, ...]
    until: dt.date


def held(given: Sequence[Delegation]) -> list[Delegation]:
    """Return the delegations that no later one of the same giver to the same delegate replaces."""
    newest = {(persons.folded(each.giver), each.delegate): each for each in given}
    return [each for each in newest.values() if each.steps]


def held_between(
    given: Sequence[Delegation], giver: str, delegate: str, *, today: dt.date
) -> Delegation | None:
    """Return what is in force of one person to an account on a day."""
    own = (each for each in held(given) if persons.is_same(each.giver, giver))
    return next((each for each in own if each.delegate == delegate and today <= each.until), None)


def require(
    given: Sequence[Delegation],
    number: int,
    step: ChainStep,
    chain: Sequence[ChainStep],
    *,
    delegate: str,
    roles: Collection[str],
    today: dt.date,
) -> Delegation:
    """Return the delegation of that number, or refuse a step under it.

    Whoever holds the role of another step takes none in somebody's place: each step of the chain
    is somebody else's.
    """
    found = next((each for each in held(given) if each.number == number), None)
    others = {each.role for each in chain if each.role != step.role} & set(roles)
    why = _why_not(found, step, others, delegate, today)
    if found is None or why:
        en, zh = why or ("There is no such delegation in force.", "没有该号有效委托。")
        raise DelegationDoesNotHold(en, zh, delegation=number)
    return found


def not_to_caller(number: int) -> DelegationDoesNotHold:
    """Return the refusal of a delegation that the caller was not given."""
    return DelegationDoesNotHold(*_NOT_TO_CALLER, delegation=number)


def require_own(found: Delegation, role: str) -> None:
    """Refuse what its giver could not do: a step about these units that another body takes."""
    if found.role != role:
        en = f"The role {role} takes this step about these units, and not whoever gave it."
        zh = "涉及这些单位的该步骤由其他机构办理，委托人本人亦不得办理。"
        raise DelegationDoesNotHold(en, zh, delegation=found.number)


def _why_not(
    found: Delegation | None,
    step: ChainStep,
    others: Collection[str],
    delegate: str,
    today: dt.date,
) -> tuple[str, str] | None:
    if found is None or found.delegate != delegate:
        return _NOT_TO_CALLER
    if not step.delegates:
        return f"The step {step.code} is not delegated.", f"步骤 {step.code} 不得委托。"
    if step.code not in found.steps or found.role != step.role:
        return f"It is not of the step {step.code}.", f"该委托不包括步骤 {step.code}。"
    if today > found.until:
        return f"It ended on {found.until}.", f"该委托已于 {found.until} 期满。"
    if others:
        named = ", ".join(sorted(others))
        return f"The caller's role {named} takes another step.", "调用者的角色另有审批步骤。"
    return None
