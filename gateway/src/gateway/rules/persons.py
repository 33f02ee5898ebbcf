"""The human beings behind accounts: what one person may hold, and what takes two to grant.

Two accounts are not two people. Whoever could have an account of the performance office and one
of a unit, or of two steps of the approval chain, would be both sides of a four-eyes check.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.persons import is_among
from chassis.refusals import Conflict, Fault, Forbidden, Missing, pointer
from gateway.rules.accounts import RequestedAccount, named

NewState = Literal["effective", "pending"]
State = Literal["effective", "pending", "disabled", "expired"]
EFFECTIVE: State = "effective"
PENDING: State = "pending"
DISABLED: State = "disabled"
EXPIRED: State = "expired"
Grant = Literal["ordinary", "granted-by-one", "awaits-confirmation"]


class NoSuchAccount(Missing):
    """There is no such account."""

    zh = "没有这个账户。"
    remedy = (
        "Look the account up in the list of accounts; capitals matter.",
        "请在账户清单中查对账户名，区分大小写。",
    )


class AlreadyInEffect(Conflict):
    """The account is in effect and has nothing to be confirmed."""

    zh = "该账户已经生效，无需确认。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


class ConfirmedByAnother(Forbidden):
    """An account is confirmed by somebody who neither created it nor is to use it."""

    zh = "账户须由创建人和使用人以外的另一人确认。"
    remedy = (
        "Ask another administrator to confirm it.",
        "请由另一名管理员确认。",
    )


@dataclass(frozen=True, slots=True)
class HeldRoles:
    """What is held through one account, whether it exists or is being asked for."""

    subject: str
    person: str
    unit: str | None
    roles: tuple[str, ...]
    is_disabled: bool = False


def names(wishes: Sequence[RequestedAccount]) -> set[str]:
    """Return every name by which accounts that concern `wishes` can be known."""
    return {name for wish in wishes for name in (wish.subject, wish.who)}


def faults(
    wishes: Sequence[RequestedAccount],
    existing: Sequence[HeldRoles],
    roles: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> Iterator[Fault]:
    """Find what one person would hold together and may not, or which person is not clear.

    `existing` are the accounts that share a name with any of the `wishes`; those wishes that come
    before another in the same request count like them. Roles and units of a disabled account do
    not count, its names do. A wish whose subject is taken has that fault and no other.
    """
    held = list(existing)
    there = {holding.subject for holding in existing}
    for i, wish in enumerate(wishes):
        if wish.subject in there:
            continue
        yield from _unclear(i, wish, held)
        mine = [h for h in held if h.person == wish.who and not h.is_disabled]
        yield from _elsewhere(i, wish, mine)
        yield from _together(i, wish, mine, roles, exclusive)
        held.append(HeldRoles(wish.subject, wish.who, wish.unit, tuple(wish.roles)))


def _unclear(i: int, wish: RequestedAccount, held: Sequence[HeldRoles]) -> Iterator[Fault]:
    """Find a person's name that could be read as somebody else's."""
    who, subject = wish.who.casefold(), wish.subject.casefold()
    for holding in held:
        if holding.person.casefold() == who and holding.person != wish.who:
            en = f"Written {holding.person} in account {holding.subject}."
            zh = f"账户 {holding.subject} 中写作 {holding.person}。"
        elif holding.subject.casefold() == who and holding.person != wish.who:
            en = f"{wish.who} is the account of {holding.person}: name that person."
            zh = f"{wish.who} 是 {holding.person} 的账户，请填写该人员。"
        elif holding.person.casefold() == subject and holding.person != wish.who:
            en = f"{wish.subject} is the name of another person, who has an account already."
            zh = f"{wish.subject} 是另一名已有账户人员的标识。"
        else:
            continue
        yield Fault(pointer("accounts", i, "person"), "person-unclear", en, zh)
        return


def _elsewhere(i: int, wish: RequestedAccount, mine: Sequence[HeldRoles]) -> Iterator[Fault]:
    # A second account without the unit, or with another, would hide where the interest lies.
    for holding in mine:
        if holding.unit != wish.unit:
            en = f"{wish.who} belongs to {holding.unit or 'no unit'} by account {holding.subject}."
            zh = f"该人员在账户 {holding.subject} 中属于{holding.unit or '无单位'}。"
            yield Fault(pointer("accounts", i, "unit"), "person-in-two-units", en, zh)
            return


def _together(
    i: int,
    wish: RequestedAccount,
    mine: Sequence[HeldRoles],
    roles: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> Iterator[Fault]:
    for line in exclusive:
        own = set(wish.roles) & set(line)
        elsewhere = {role for holding in mine for role in holding.roles} & set(line)
        if len(own) == 1 and elsewhere - own:  # more than one is a fault of the account itself
            both = sorted(own | elsewhere)
            subjects = ", ".join(h.subject for h in mine if set(h.roles) & elsewhere)
            yield Fault(
                pointer("accounts", i, "roles"),
                "person-roles-exclude-each-other",
                f"{wish.who} would be {' and '.join(both)} at once; see account {subjects}.",
                f"同一人员不得兼任{named(both, roles)}；见账户 {subjects}。",
            )


def grant(roles: Collection[str], powerful: Collection[str], administrators: int) -> Grant:
    """Say how an account with these roles comes into effect.

    `administrators` are the persons who could confirm it, whoever asks among them. While there is
    only one there is nobody to ask, and the account is in effect at once; that is recorded.
    """
    return by_two(administrators) if set(roles) & set(powerful) else "ordinary"


def chosen(wishes: Sequence[RequestedAccount], grants: Sequence[Grant]) -> Iterator[Fault]:
    """Find a secret that is chosen for an account which another one is to confirm: whoever knew it
    could act as that account."""
    for i, (wish, how) in enumerate(zip(wishes, grants, strict=True)):
        if wish.secret is not None and how == "awaits-confirmation":
            en = "Leave it out: who confirms the account is given its first secret."
            zh = "请勿填写：首个密码或密钥在另一名管理员确认时生成。"
            yield Fault(pointer("accounts", i, "secret"), "secret-chosen-for-another", en, zh)


def by_two(administrators: int) -> Grant:
    """Say how what takes two comes into effect: at once while there is nobody else to ask."""
    return "awaits-confirmation" if administrators > 1 else "granted-by-one"


def confirm(*, person: str, creator: str | None, confirmer: str, is_pending: bool) -> None:
    """Refuse a confirmation that is not needed, or by one of the two it is to watch."""
    if not is_pending:
        raise AlreadyInEffect("It was not changed.", "未作改动。")
    if is_among(confirmer, (person, creator)):
        raise ConfirmedByAnother("Ask another administrator.", "请由另一名管理员确认。")
