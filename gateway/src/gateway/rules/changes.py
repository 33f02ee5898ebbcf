"""Changes of accounts: what somebody may make of another's account, and what takes two people."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chassis.persons import is_among
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing, pointer
from chassis.scopes import Scope, covers
from gateway.rules import accounts as rules
from gateway.rules import persons
from gateway.rules.accounts import RequestedAccount
from gateway.rules.persons import Grant, HeldRoles


class ChangeRejected(Invalid):
    """The account cannot become what was asked for."""

    zh = "账户不能按所提交的内容变更。"
    remedy = (
        "Mend what `errors` names, and send the change again.",
        "请按 `errors` 改正后重新提交。",
    )


class OwnAccount(Forbidden):
    """Nobody changes the rights of an account of his own."""

    zh = "任何人不得变更本人账户的权限。"
    remedy = (
        "Ask another administrator.",
        "请由另一名管理员办理。",
    )


class LastAdministrator(Conflict):
    """Without this account nobody would be left who keeps accounts, gives roles, or audits both."""

    zh = "这是最后一名该类管理员，变更后将无人履行其职责。"
    remedy = (
        "Have another administrator with the same role in effect first.",
        "请先使另一名同类管理员生效。",
    )


class AccountPending(Conflict):
    """The account waits to be confirmed, and cannot be changed before."""

    zh = "该账户尚待确认，确认前不能变更。"
    remedy = (
        "Have it confirmed, or make another one.",
        "请先确认该账户，或另建账户。",
    )


class NoSuchChange(Missing):
    """There is no such change of the account."""

    zh = "该账户没有这次变更。"
    remedy = (
        "Look the version up in the changes of the account.",
        "请在该账户的变更记录中查对版本号。",
    )


class ChangeOvertaken(Conflict):
    """The change does not wait: it is in effect, was ended, waited for too long, or another one
    came after it."""

    zh = "该变更并非待确认：已经生效、未予确认或已撤回、超过七日未确认，或已有其后的变更。"
    remedy = (
        "Read the account again: only the latest change can be confirmed, once, within 7 days.",
        "请重新查看该账户：只能在七日内确认最后一次变更，且只能确认一次。",
    )


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """What may be changed of an account; from `expires_on` on it signs nobody in, and its tokens
    reach no more than its `scope`, null for all that its roles may."""

    name: str
    unit: str | None
    roles: tuple[str, ...]
    enabled: bool
    expires_on: date | None
    scope: str | None = None

    @property
    def limit(self) -> Scope | None:
        """What its tokens are limited to."""
        return None if self.scope is None else Scope.of(self.scope)

    def acts(self, today: date) -> bool:
        """Say whether somebody may act by it on a day."""
        return self.enabled and (self.expires_on is None or today < self.expires_on)


def check_change(
    wish: RequestedAccount,
    before: AccountTerms,
    after: AccountTerms,
    others: Sequence[HeldRoles],
    known: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> None:
    """Refuse what an account cannot become: roles that are unknown or exclude each other, also over
    several accounts of one person, two units of one, or what it is already.

    `others` are the other accounts that share a name with it.
    """
    if before == after:
        en, zh = "Nothing would change.", "没有任何变更。"
        raise ChangeRejected(en, zh, faults=[Fault("", "nothing-changes", en, zh)])
    # Power is taken away from whoever has it, also where nobody would be given it so today. What a
    # disabled account is given is looked at as well: nobody would know it again when it is enabled.
    gives = after.enabled or bool(set(after.roles) - set(before.roles))
    faults = [*_own(wish, known, exclusive)] if gives else []
    if gives and not faults:
        faults = [*persons.faults([wish], others, known, exclusive)]
    reject([replace(each, pointer=_below(each.pointer)) for each in faults])


def reject(faults: Sequence[Fault]) -> None:
    """Raise `ChangeRejected` naming all `faults`, if there are any."""
    if faults:
        n = len(faults)
        raise ChangeRejected(f"{n} fault(s).", f"共 {n} 处问题。", faults=faults)


def _own(
    wish: RequestedAccount,
    known: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> Iterator[Fault]:
    try:
        rules.check([wish], known, exclusive)
    except rules.AccountsRejected as rejected:
        yield from rejected.faults


def _below(at: str) -> str:
    return at.removeprefix(pointer("accounts", 0))


def grant_change(
    before: AccountTerms,
    after: AccountTerms,
    powerful: Collection[str],
    administrators: int,
    today: date,
    *,
    gives_roles: bool = True,
    apart: bool = False,
) -> Grant:
    """Say how a change comes into effect: what gives somebody a powerful role, in another unit, for
    longer or in a wider scope too, as a new account with that role does; all else at once.

    Whoever `gives_roles` not has every change of roles wait, and whatever gives any role. Where
    powers are `apart` so does a first role, whoever gives it: it takes a new secret, because who
    made the account may know the one that it has. Disabling and what else takes power away never
    waits: an account may be in wrong hands.
    """
    gained = set(after.roles) if after.acts(today) else set()
    if apart and _is_first(before, after):
        return persons.by_two(administrators)
    if not gives_roles and gained and set(after.roles) != set(before.roles):
        return persons.by_two(administrators)
    if before.acts(today) and not _reaches_further(before, after):
        gained -= set(before.roles)
    return persons.grant(gained, powerful, administrators)


def is_new_power(
    before: AccountTerms, after: AccountTerms, powerful: Collection[str], today: date
) -> bool:
    """Say whether an account gets a powerful role by which nobody acted before, or its first role.

    Whoever proposed it may know by what the account was opened so far.
    """
    had = set(before.roles) if before.acts(today) else set()
    gained = set(after.roles) - had
    return bool(gained & set(powerful)) or (bool(gained) and not before.roles)


def _is_first(before: AccountTerms, after: AccountTerms) -> bool:
    return bool(after.roles) and not before.roles


def _reaches_further(before: AccountTerms, after: AccountTerms) -> bool:
    same = after.unit == before.unit and covers(before.limit, after.limit)
    return not same or _later(before, after)


def _later(before: AccountTerms, after: AccountTerms) -> bool:
    if before.expires_on is None:
        return False
    return after.expires_on is None or after.expires_on > before.expires_on


def check_own(person: str, caller: str) -> None:
    """Refuse a change of one's own account, whichever of one's accounts it is made by."""
    if is_among(caller, (person,)):
        raise OwnAccount("Ask another administrator.", "请由另一名管理员办理。")


def leaving(before: AccountTerms, after: AccountTerms, roles: Collection[str]) -> set[str]:
    """Return which of `roles` the account has no more, or not for good, by a change."""
    stays = set(after.roles) if after.enabled and after.expires_on is None else set[str]()
    return set(roles) & set(before.roles) - stays


def check_last(holders: Collection[str], person: str, *, leaves: bool) -> None:
    """Refuse to take the part of the last administrator away; `holders` are who holds it for
    good."""
    if leaves and set(holders) <= {person}:
        raise LastAdministrator("It is the last one.", "这是最后一名。")


def check_confirmable(version: int, pending: int | None) -> None:
    """Refuse to confirm a change that does not wait."""
    if version != pending:
        en = "Nothing waits." if pending is None else f"Version {pending} waits."
        zh = "没有待确认的变更。" if pending is None else f"待确认的是第 {pending} 版。"
        raise ChangeOvertaken(en, zh)
