"""What an account must be like."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.refusals import Fault, Invalid, pointer

Kind = Literal["person", "client"]

SECRET_MIN = 12
"""The fewest characters of a secret that somebody thought of."""
_DISTINCT_MIN = 5
# RFC 6749 (2.3.1) has clients form-encode their secret before HTTP Basic, and few do. Of these
# characters both ways make the same bytes.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~\-]*")


class AccountsRejected(Invalid):
    """The accounts cannot be created as they stand."""

    zh = "账户不符合要求，均未创建。"
    remedy = (
        "Mend the accounts that `errors` names, and send all of them again.",
        "请按 `errors` 改正所指账户，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class RequestedAccount:
    """An account that somebody asks for.

    `secret` is None when one is to be generated. Without a `person` the subject stands for one.
    """

    subject: str
    kind: Kind
    roles: Sequence[str]
    secret: str | None
    person: str | None = None
    unit: str | None = None

    @property
    def who(self) -> str:
        """The human being behind the account."""
        return self.person or self.subject


def check(
    wishes: Sequence[RequestedAccount],
    known: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> None:
    """Refuse accounts with unknown or incompatible roles, weak secrets or equal subjects, and other
    systems in the place of persons.

    `known` are the roles of the authorisation matrix; of each line of `exclusive` one account may
    hold a single role (三员 and the approval chain).
    """
    faults = [*_faulty_roles(wishes, known, exclusive), *_of_others(wishes, known)]
    reject([*_repeated(wishes), *faults, *_weak(wishes)])


def named(roles: Sequence[str], known: Mapping[str, Mapping[str, object]]) -> str:
    """Return the Chinese names of `roles` for a sentence."""
    return "、".join(str(known.get(role, {}).get("zh", role)) for role in roles)


def taken(wishes: Sequence[RequestedAccount], subjects: Collection[str]) -> list[Fault]:
    """Return a fault for each wish whose subject is among `subjects`, which exist already."""
    return [
        Fault(
            pointer("accounts", i, "subject"),
            "subject-taken",
            f"{wish.subject} exists already.",
            f"账户 {wish.subject} 已存在。",
        )
        for i, wish in enumerate(wishes)
        if wish.subject in subjects
    ]


def reject(faults: Sequence[Fault]) -> None:
    """Raise `AccountsRejected` naming all `faults`, if there are any."""
    if faults:
        n = len(faults)
        raise AccountsRejected(f"{n} fault(s).", f"共 {n} 处问题。", faults=faults)


def _repeated(wishes: Sequence[RequestedAccount]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for i, wish in enumerate(wishes):
        before = first.setdefault(wish.subject, i)
        if before != i:
            yield Fault(
                pointer("accounts", i, "subject"),
                "subject-repeated",
                f"{wish.subject} is also account {before} of this request.",
                f"{wish.subject} 与本次请求的第 {before} 个账户（从 0 起）重复。",
            )


def _faulty_roles(
    wishes: Sequence[RequestedAccount],
    known: Mapping[str, Mapping[str, object]],
    exclusive: Sequence[Collection[str]],
) -> Iterator[Fault]:
    for i, wish in enumerate(wishes):
        for j, role in enumerate(wish.roles):
            if role not in known:
                where = pointer("accounts", i, "roles", j)
                yield Fault(
                    where, "unknown-role", f"There is no role {role}.", f"没有角色 {role}。"
                )
        for line in exclusive:
            held = sorted(set(wish.roles) & set(line))
            if len(held) > 1:
                yield Fault(
                    pointer("accounts", i, "roles"),
                    "roles-exclude-each-other",
                    f"Nobody may be {' and '.join(held)} at once.",
                    f"同一账户不得兼任{named(held, known)}。",
                )


def _of_others(
    wishes: Sequence[RequestedAccount], known: Mapping[str, Mapping[str, object]]
) -> Iterator[Fault]:
    """Find roles of persons that another system would hold, and of systems that a person would."""
    for i, wish in enumerate(wishes):
        wrong = misheld(wish.kind, wish.roles, known)
        if wrong and wish.kind == "client":
            en = f"A person is {' and '.join(wrong)}, and never another system."
            zh = f"{named(wrong, known)}只能由个人担任，不得授予系统客户端。"
            yield Fault(pointer("accounts", i, "roles"), "role-of-a-person", en, zh)
        elif wrong:
            en = f"A system is {' and '.join(wrong)}, and never a person."
            zh = f"{named(wrong, known)}只能授予系统客户端，不得由个人担任。"
            yield Fault(pointer("accounts", i, "roles"), "role-of-a-system", en, zh)


def misheld(
    kind: str, roles: Collection[str], known: Mapping[str, Mapping[str, object]]
) -> list[str]:
    """Return the roles that an account of such a kind must not hold, by what holds them."""
    holders = {role: known.get(role, {}).get("held_by", kind) for role in roles}
    return sorted(role for role, holder in holders.items() if holder != kind)


def _weak(wishes: Sequence[RequestedAccount]) -> Iterator[Fault]:
    for i, wish in enumerate(wishes):
        if wish.secret is not None and is_weak(wish.secret, wish.subject):
            yield weak_secret(pointer("accounts", i, "secret"))
        if wish.secret and wish.kind == "client" and not _UNRESERVED.fullmatch(wish.secret):
            yield Fault(
                pointer("accounts", i, "secret"),
                "secret-not-portable",
                "A client's secret has letters, digits and . _ ~ - only.",
                "系统客户端的密钥只能由字母、数字和 . _ ~ - 组成。",
            )


def weak_secret(at: str) -> Fault:
    """Return what is said of a weak secret; `at` is the pointer to it."""
    return Fault(
        at,
        "weak-secret",
        f"At least {SECRET_MIN} characters, {_DISTINCT_MIN} of them different, and not "
        "the subject.",
        f"至少 {SECRET_MIN} 个字符，其中至少 {_DISTINCT_MIN} 个不同，且不得包含账户名。",
    )


def is_weak(secret: str, subject: str) -> bool:
    """Say whether a secret is too short, too uniform, or contains the subject it is for."""
    return (
        len(secret) < SECRET_MIN
        or len(set(secret)) < _DISTINCT_MIN
        or subject.lower() in secret.lower()
    )
