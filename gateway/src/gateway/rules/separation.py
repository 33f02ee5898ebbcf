"""Powers apart (三员分立): who keeps accounts, who gives roles, and who looks at both.

Until somebody is the first security administrator, the system administrators give roles too: a new
system has one account, and that has to be able to make others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from chassis.persons import is_among
from chassis.refusals import Conflict
from gateway.rules import persons
from gateway.rules.persons import Grant

SYSTEM = "system_administrator"
SECURITY = "security_administrator"
AUDIT = "audit_administrator"
APART = (SYSTEM, SECURITY, AUDIT)
"""The three roles of which one person holds one, and nothing else."""

Phase = Literal["unseparated"]
UNSEPARATED: Phase = "unseparated"


class NobodyToConfirm(Conflict):
    """There is no other security administrator who could confirm it."""

    zh = "没有另一名可以确认的安全管理员。"
    remedy = (
        "Have a system administrator propose it, or name a second security administrator first.",
        "请由系统管理员提出，或先设第二名安全管理员。",
    )


@dataclass(frozen=True, slots=True)
class Confirming:
    """The persons who confirm what two people do, and those who did so of late.

    Once there was a security administrator nothing that takes two is in effect by one.
    """

    persons: Collection[str]
    former: Collection[str]
    is_separated: bool

    @property
    def count(self) -> int:
        """How many there are to be counted on; never one alone where the powers are apart."""
        known = len({*self.persons, *self.former})
        return max(2, known) if self.is_separated else known

    @property
    def phase(self) -> Phase | None:
        """The phase in which system administrators confirm, too."""
        return None if self.is_separated else UNSEPARATED

    def grant(self, roles: Collection[str], powerful: Collection[str]) -> Grant:
        """Say how an account, or a secret of one, comes into effect.

        By two where the powers are apart, whatever its roles: whoever knows by what it is opened
        could act by the roles that it is given some day.
        """
        if self.is_separated:
            return persons.by_two(self.count)
        return persons.grant(roles, powerful, self.count)

    def check(self, how: Grant, *, by: str, person: str) -> None:
        """Refuse what would wait for a security administrator whom there is not: neither who
        proposes it nor the `person` whose account it is."""
        if how != "awaits-confirmation" or not self.is_separated:
            return
        if not any(not is_among(each, (by, person)) for each in self.persons):
            raise NobodyToConfirm("Nothing was changed.", "未作改动。")

    def gives_roles(self, roles: Collection[str]) -> bool:
        """Say whether somebody with these roles may give ordinary roles alone."""
        return not self.is_separated or SECURITY in roles
