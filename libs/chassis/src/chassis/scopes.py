"""What a token is limited to: groups of routes, and parts of the whole, such as one year's records.

A scope (RFC 6749, 3.3) is a set of words. A word without a colon names a group of routes; one with
a colon a part: `branch:` and the UUID of a branch, say. Where a scope names no group it reaches all
routes, and where it names no part all parts. It only ever takes away: whoever has no row in the
authorisation matrix gets none by a scope. Groups and parts stand in the matrix's own file
(`scopes:`), and what is named in no group there is reached by no scope that names groups.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from chassis import realms
from chassis.refusals import Forbidden

LONGEST = 2_000
"""The longest text of a scope: it stands in every token, and a token in every request."""


class OutsideScope(Forbidden):
    """The token's scope does not reach this."""

    zh = "令牌的授权范围不包括此项。"
    remedy = (
        "Ask for a token whose scope has the words of `missing` (`scope` at `POST /oauth/token`); "
        "where the account's own scope lacks them, have an administrator change it.",
        "请用 `POST /oauth/token` 的 `scope` 换取含 `missing` 所列词语的令牌；账户的授权范围没有"
        "这些词语的，请由系统管理员变更。",
    )
    headers: dict[str, str]

    @classmethod
    def lacking(cls, *words: str) -> Self:
        """Return the refusal of whoever lacks these words (RFC 6750, 3.1)."""
        told = " ".join(words)
        refusal = cls(f"It lacks {told}.", f"缺少 `{told}`。", missing=list(words))
        challenge = f'Bearer realm="kaoping", error="insufficient_scope", scope="{told}"'
        refusal.headers = {"WWW-Authenticate": challenge}
        return refusal


READS = "reads"
"""The chain of a service's journal that tells who read what (`chassis.reads`)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The words that a token, or an account, is limited to; there is at least one."""

    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the scope of words between spaces; raise `ValueError` where there is none."""
        words = frozenset(text.split())
        if not words or len(text) > LONGEST:
            raise ValueError("no scope")
        return cls(words)

    @property
    def groups(self) -> frozenset[str] | None:
        """The groups of routes that it reaches, None for all."""
        return _split(self.words)[0]

    @property
    def parts(self) -> frozenset[str] | None:
        """The words of the parts that it reaches, None for all."""
        return _split(self.words)[1]

    def covers(self, other: "Scope | None") -> bool:
        """Say whether it reaches all that another one does; None is what is not limited."""
        if other is None:
            return False
        return _within(other.groups, self.groups) and _within(other.parts, self.parts)

    def __str__(self) -> str:
        """Return its words between spaces, always in the same order."""
        return " ".join(sorted(self.words))


@lru_cache(maxsize=4096)
def _split(words: frozenset[str]) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    parts = frozenset(word for word in words if ":" in word)
    return words - parts or None, parts or None


def _within(some: frozenset[str] | None, of: frozenset[str] | None) -> bool:
    return of is None or (some is not None and some <= of)


def covers(of: Scope | None, other: Scope | None) -> bool:
    """Say whether a scope, or none, reaches all that another does."""
    return of is None or of.covers(other)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of routes with its words for people; one that is `always` reached is in every
    scope."""

    zh: str
    en: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class Scopes:
    """The groups of routes, and how the part is known that a request is about.

    It is named by the path or the query `parameter`. Routes without it in their path are about no
    part (`without_part`), or their endpoint tells the part itself (`asking`); all others are for
    nobody whose scope names parts. `telling` are the parameters whose UUIDs tell a realm
    (`chassis.realms`), the `parameter` among them. On the routes `read_above`, a part is also for
    callers of a realm above its own who hold one of the roles `above`.
    """

    part: str = ""
    parameter: str = ""
    groups: Mapping[str, Group] = field(default_factory=dict)
    of_route: Mapping[str, str] = field(default_factory=dict)
    without_part: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()
    read_above: frozenset[str] = frozenset()

    def word_of(self, part: object) -> str:
        """Return the word of a part however its UUID is spelled; what is none has none."""
        try:
            return f"{self.part}:{UUID(str(part))}"
        except ValueError:
            return f"{self.part}:"

    def reaches_route(self, route: str, scope: Scope | None) -> bool:
        """Say whether a scope reaches a route, of some part at least."""
        return scope is None or (self._has_group(route, scope) and self._is_of_some(route, scope))

    def _has_group(self, route: str, scope: Scope) -> bool:
        group = self.of_route.get(route, "")
        is_always = group in self.groups and self.groups[group].always
        return scope.groups is None or is_always or group in scope.groups

    def _is_of_some(self, route: str, scope: Scope) -> bool:
        """Say whether a route is about one part, or about none, where a scope names parts."""
        told = f"{{{self.parameter}}}" in route or route in self.without_part | self.asking
        return scope.parts is None or told

    def reaches_part(self, part: object, scope: Scope | None) -> bool:
        """Say whether a scope reaches a part."""
        return scope is None or scope.parts is None or self.word_of(part) in scope.parts

    def reaches_chain(self, chain: str, scope: Scope | None) -> bool:
        """Say whether a scope reaches a chain of the journal: of a part the chain has the name,
        and what was read tells of all parts."""
        of_all = not is_part(chain) and realms.named_in(chain)[0] != READS
        return of_all or self.reaches_part(chain, scope)

    def check_route(self, route: str, scope: Scope | None) -> None:
        """Refuse a route that a scope does not reach, or that is about all parts at once where the
        scope names some."""
        if scope is None:
            return
        if not self._has_group(route, scope):
            raise OutsideScope.lacking(*([self.of_route[route]] if route in self.of_route else []))
        if not self._is_of_some(route, scope):
            raise OutsideScope.lacking(f"{self.part}:")

    def check_part(self, part: object, scope: Scope | None) -> None:
        """Refuse a part that a scope does not reach."""
        if not self.reaches_part(part, scope):
            raise OutsideScope.lacking(self.word_of(part))


def is_part(chain: str) -> bool:
    """Say whether a chain of the journal is that of a part, whose UUID is its name."""
    try:
        return str(UUID(chain)) == chain
    except ValueError:
        return False


def read(raw: Mapping[str, Any], routes: Collection[str]) -> Scopes:
    """Read the groups of the table; raise `ValueError` for a route that is unknown, or of two."""
    if not raw:
        return Scopes()
    of_route = dict[str, str]()
    for name, told in raw["groups"].items():
        for route in told["routes"]:
            if route not in routes or of_route.setdefault(route, name) != name:
                raise ValueError(f"{name}: {route} is unknown, or of two groups")
    lists = {name: frozenset(raw[name]) for name in ("without_part", "asking")}
    if wrong := (lists["without_part"] | lists["asking"]) - set(routes):
        raise ValueError(f"parts of unknown routes: {sorted(wrong)}")
    groups = {
        name: Group(told["zh"], told["en"], told.get("always", False))
        for name, told in raw["groups"].items()
    }
    lists |= _from_above(raw.get("from_above", {}), routes)
    telling = frozenset({raw["parameter"], *raw.get("telling", ())})
    return Scopes(raw["part"], raw["parameter"], groups, of_route, **lists, telling=telling)


def _from_above(raw: Mapping[str, Any], routes: Collection[str]) -> dict[str, frozenset[str]]:
    """Return by which roles what is read of realms below; refuse what is no read."""
    read = frozenset[str](raw.get("routes", ()))
    if wrong := read - {each for each in routes if each.startswith("GET ")}:
        raise ValueError(f"read from above are no reads: {sorted(wrong)}")
    return {"above": frozenset(raw.get("roles", ())), "read_above": read}
