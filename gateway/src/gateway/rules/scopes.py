"""The scopes of accounts and token requests: which words there are, and what may be asked for."""

from collections.abc import Iterator

from chassis.refusals import Fault
from chassis.scopes import LONGEST, Scope, Scopes


def faults(text: str | None, kind: str, known: Scopes, at: str) -> list[Fault]:
    """Return what is wrong with the scope that an account is to have; null is none."""
    if text is None:
        return []
    if kind != "client":
        en, zh = "Only a client has a scope.", "只有系统客户端可以限定授权范围。"
        return [Fault(at, "scope-of-clients", en, zh)]
    wrong = [*unknown(text, known)]
    if not text.split() or len(text) > LONGEST:
        en = f"Give words between spaces, {LONGEST} characters at most; null for no limit."
        zh = f"请以空格分隔各词，最多 {LONGEST} 个字符；不限定请填空值。"
        return [Fault(at, "scope-unreadable", en, zh)]
    return [
        Fault(at, "unknown-scope", f"{word[:80]} is no scope.", f"没有授权范围 `{word[:80]}`。")
        for word in wrong[:20]
    ]


def unknown(text: str, known: Scopes) -> Iterator[str]:
    """Yield the words that are neither a group of routes nor a part in its one spelling."""
    for word in text.split():
        part = known.word_of(word.partition(":")[2])
        if word not in known.groups and (word != part or word.endswith(":")):
            yield word


def canonical(text: str | None) -> str | None:
    """Return a scope without faults with its words in their order."""
    return None if text is None else str(Scope.of(text))


def narrowed(account: Scope | None, asked: Scope) -> tuple[Scope, list[str]]:
    """Return the scope of a token that was asked for, and the words in it that the account does not
    reach.

    Where it names no group of routes it has those of the account, and so with parts.
    """
    if account is None:
        return asked, []
    groups = account.groups if asked.groups is None else asked.groups
    parts = account.parts if asked.parts is None else asked.parts
    beyond = _beyond(asked.groups, account.groups) | _beyond(asked.parts, account.parts)
    return Scope((groups or frozenset()) | (parts or frozenset())), sorted(beyond)


def _beyond(some: frozenset[str] | None, of: frozenset[str] | None) -> frozenset[str]:
    return frozenset() if some is None or of is None else some - of
