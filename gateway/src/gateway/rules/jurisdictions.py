"""Whose an account is (所属辖区): its name says so, and stays what it is."""

import re
from collections.abc import Iterator, Sequence

from chassis.refusals import Fault, pointer
from gateway.rules.accounts import RequestedAccount
from gateway.rules.separation import SYSTEM

_begun = re.compile(r"([1-9][0-9]{5}|[1-9][0-9]{8}|[1-9][0-9]{11})\.").match


def named_in(subject: str) -> str | None:
    """Return the jurisdiction that a name begins with, None where it begins with none."""
    found = _begun(subject)
    return None if found is None else found[1]


def faults(
    wishes: Sequence[RequestedAccount], own: str | None, asked: Sequence[str | None]
) -> Iterator[Fault]:
    """Find accounts that would be of another jurisdiction than they may, and names that do not
    begin as those of theirs.

    Whoever is of a jurisdiction makes accounts of it, which `asked` need not say; the installation
    makes accounts of none, and the first administrator of each.
    """
    for i, (wish, said) in enumerate(zip(wishes, asked, strict=True)):
        yield from _of_one(i, wish, own, said)
    if len({own or each for each in asked}) > 1:
        en, zh = "Send accounts of one jurisdiction at a time.", "每次只能创建同一辖区的账户。"
        yield Fault("/accounts", "several-jurisdictions", en, zh)


def _of_one(i: int, wish: RequestedAccount, own: str | None, said: str | None) -> Iterator[Fault]:
    if own is not None and said not in (None, own):
        en, zh = f"The account would be of {said}.", f"该账户属于 {said}。"
        yield Fault(pointer("accounts", i, "jurisdiction"), "of-another", en, zh)
    if named_in(wish.subject) != (own or said):
        yield _misnamed(i, own or said)
    if own is None and said is not None and [*wish.roles] != [SYSTEM]:
        yield Fault(
            pointer("accounts", i, "roles"),
            "first-administrator-only",
            f"Of {said} only the first {SYSTEM} is made from outside.",
            f"辖区 {said} 以外的账户只能为其创建首名系统管理员。",
        )


def _misnamed(i: int, whose: str | None) -> Fault:
    at = pointer("accounts", i, "subject")
    if whose is None:
        en = "A name that begins with a division code and a dot is of that jurisdiction."
        return Fault(at, "subject-of-jurisdiction", en, "以行政区划代码和点开头的账户名归该辖区。")
    en, zh = f"It begins with {whose} and a dot.", f"账户名应以“{whose}.”开头。"
    return Fault(at, "subject-of-jurisdiction", en, zh)
