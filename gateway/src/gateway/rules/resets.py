"""Resets (重置): a password that was forgotten, a second factor that was lost, and who may help.

Whoever could reset an account alone could take it over. So one administrator proposes it and
another one confirms it, and neither is the person whose account it is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chassis.refusals import Conflict, Missing
from gateway.rules.persons import Grant

Resettable = Literal["password", "second-factor"]
ResetState = Literal["pending", "effective", "overtaken", "lapsed"]

OPENS = timedelta(hours=24)
"""For how long the secret opens that is given for a password."""
WAITS = timedelta(days=7)
"""For how long a reset can be confirmed."""


class ResetNeedsTwo(Conflict):
    """An account with a powerful role is reset by two administrators, and there is only one."""

    zh = "含重要角色的账户须由两名系统管理员重置，而目前只有一名。"
    remedy = (
        "Have a second administrator in effect first.",
        "请先使另一名系统管理员生效。",
    )


class NothingToReset(Conflict):
    """The account has no second factor."""

    zh = "该账户没有启用动态口令，无需重置。"
    remedy = (
        "Reset the password alone, or nothing.",
        "请只重置密码，或不作重置。",
    )


class NoSuchReset(Missing):
    """There is no such reset of the account."""

    zh = "该账户没有这次重置。"
    remedy = (
        "Look the number up in the resets of the account.",
        "请在该账户的重置记录中查对编号。",
    )


class ResetOver(Conflict):
    """The reset is in effect already, or waits no more."""

    zh = "该重置已经生效，或已不再待确认。"
    remedy = (
        "Read the resets of the account again; propose it anew where it waited for too long.",
        "请重新查看该账户的重置记录；已超过期限的，请重新提出。",
    )


@dataclass(frozen=True, slots=True)
class KnownReset:
    """A reset as it is on record; `effected_at` is null where it is not in effect."""

    number: int
    password: bool
    second_factor: bool
    reason: str
    proposed_by: str
    proposed_by_person: str
    proposed_at: datetime
    confirmed_by: str | None
    effected_at: datetime | None

    @property
    def what(self) -> list[Resettable]:
        """What it takes back."""
        found = list[Resettable]()
        found += ["password"] if self.password else []
        found += ["second-factor"] if self.second_factor else []
        return found


def state_of(reset: KnownReset, latest: int, now: datetime) -> ResetState:
    """Return the state that a reset is in; one that waits is overtaken by the next."""
    if reset.effected_at is not None:
        return "effective"
    if reset.number != latest:
        return "overtaken"
    return "pending" if now < reset.proposed_at + WAITS else "lapsed"


def found(resets: Sequence[KnownReset], number: int) -> KnownReset:
    """Return the reset of a number."""
    for reset in resets:
        if reset.number == number:
            return reset
    raise NoSuchReset(f"There is no number {number}.", f"没有第 {number} 次重置。")


def check_confirmable(reset: KnownReset, latest: int, now: datetime) -> None:
    """Refuse to confirm a reset that does not wait."""
    if state_of(reset, latest, now) != "pending":
        raise ResetOver("It does not wait.", "该重置并非待确认。")


def grant(roles: Collection[str], powerful: Collection[str], administrators: int) -> Grant:
    """Say how a reset comes into effect: by two wherever there are two.

    While there is only one administrator that one resets accounts without power alone, which is
    recorded. The others wait: it would be acting in their place.
    """
    if administrators > 1:
        return "awaits-confirmation"
    if set(roles) & set(powerful):
        raise ResetNeedsTwo("There is only one administrator.", "目前只有一名系统管理员。")
    return "granted-by-one"
