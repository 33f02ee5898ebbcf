"""Who may ask for what: one table (role × route × relation × phase), read by all, default deny.

The table is a data file; `gateway/authorisation.yaml` explains its columns. The gateway
looks up role and route, the service that owns the thing looks up all four.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import yaml
from fastapi import Depends, Request

from chassis import realms, scopes
from chassis.identity import Caller, signed_in
from chassis.refusals import Forbidden, Missing
from chassis.scopes import Scope, Scopes
from chassis.stand_ins import hide_others

ANY = "any"
USUAL_BODY = 1_000_000
"""The most bytes of a body where the table names no other limit."""

ANYONE = "anyone"

LOG_OF_READS = "reads"
"""The relation of the chain that says who read what."""
UNAFFILIATED = "unaffiliated"
"""The relation that holds for whoever belongs to no organisation, and has an interest in none."""

_OWN = "own_unit"

EVENT_RELATIONS = frozenset({None, _OWN, "named_source", "own_act", "own_account", UNAFFILIATED})
"""What may have to hold between a caller and an event that it knows of."""

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C is ten times as fast


class NotAllowed(Forbidden):
    """The caller's role does not allow this."""

    zh = "调用者的角色无权这样做。"
    remedy = (
        "Sign in with an account whose role and unit may do this (`x-roles` in the API "
        "document), or ask somebody who has one.",
        "请使用角色和单位均有此权限的账户（见接口文档的 `x-roles`），或请有权限的人员办理。",
    )


class NotThere(Missing):
    """There is nothing by this name."""

    zh = "没有这项内容。"
    remedy = ("Check the identifier.", "请核对标识。")


class PermitNotAsked(RuntimeError):
    """An endpoint answered without asking about the relation or phase that its rows demand."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a role, and what must hold besides."""

    role: str
    relation: str | None
    phases: frozenset[str]

    def holds(self, relations: Collection[str], phase: str | None) -> bool:
        """Say whether the row lets its role through, given what holds."""
        related = self.relation is None or self.relation in relations
        return related and (not self.phases or phase in self.phases)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table. `exclusive` lists the roles of which one account may hold only one, and each
    that is `alone` with each other one, `scopes` what tokens can be limited to, `logged` the reads
    that are on record (`chassis.reads`), with the computations that store nothing and tell as much.

    `relations` and `phases` say what their codes mean, in Chinese (`zh`) and English (`en`). Each
    right of `emergency` is a purpose of tokens, too: they act in its `role`, on its routes.
    """

    roles: Mapping[str, Mapping[str, Any]]
    exclusive: tuple[frozenset[str], ...]
    routes: Mapping[str, tuple[Row, ...]]
    relations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    phases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    body_limits: Mapping[str, int] = field(default_factory=dict)
    time_limits: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    purposes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    emergency: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    scopes: Scopes = field(default_factory=Scopes)
    logged: frozenset[str] = frozenset()

    def check_purpose(self, route: str, purpose: str | None) -> None:
        """Refuse a token that is for one purpose wherever that is not; an unknown one opens
        nothing."""
        opens = self.purposes.get(purpose or "", frozenset())
        if purpose is not None and route not in opens:
            told = [f"`{each}`" for each in sorted(opens)]
            raise NotAllowed(
                f"The token opens only: {', '.join(told) or 'nothing'}.",
                f"该令牌只能用于：{'、'.join(told) or '无'}。",
            )

    def rows_for_event(self, event: str, roles: Collection[str]) -> tuple[Row, ...]:
        """Return the rows of a kind of event by which any of `roles` may know of it, some only
        where a relation holds."""
        rows = self.events.get(event, ())
        return tuple(row for row in rows if row.role == ANY or row.role in roles)

    def rows_for(self, route: str, roles: Collection[str]) -> tuple[Row, ...]:
        """Return the rows of `route` ("GET /api/v1/…") that speak of any of `roles`."""
        rows = self.routes.get(route, ())
        return tuple(row for row in rows if row.role in {ANY, ANYONE} or row.role in roles)

    def admit(
        self, route: str, roles: Collection[str], scope: Scope | None = None
    ) -> tuple[Row, ...]:
        """Return the rows of a caller; refuse who has none, roles that nobody may hold at once, and
        whose scope does not reach the route.

        An outside provider of accounts knows nothing of that. Who holds two steps could pass from
        one to the other under one name.
        """
        for line in self.exclusive:
            if len(line.intersection(roles)) > 1:
                held = sorted(line.intersection(roles))
                raise NotAllowed(
                    f"Nobody may be {' and '.join(held).replace('_', ' ')} at once.",
                    f"同一调用者不得兼任{self._names(held, 'zh')}。",
                )
        rows = self.rows_for(route, roles)
        if not rows:
            raise self.not_allowed(route, roles)
        self.scopes.check_route(route, scope)
        return rows

    def reaches_part(self, part: object, caller: Caller) -> bool:
        """Say whether a caller reaches a part: it is of the caller's realm, and the scope of the
        token reaches it."""
        return _is_of(realms.realm_of(part), caller) and self.scopes.reaches_part(
            part, caller.scope
        )

    def is_of_realm(self, chain: str, caller: Caller) -> bool:
        """Say whether a chain of the journal is of the caller's realm."""
        part = scopes.is_part(chain)
        return _is_of(realms.realm_of(chain) if part else realms.named_in(chain)[1], caller)

    def reaches_chain(self, chain: str, caller: Caller) -> bool:
        """Say whether a caller reaches a chain of the journal: realm and scope do."""
        return self.is_of_realm(chain, caller) and self.scopes.reaches_chain(chain, caller.scope)

    def from_above(self, route: str, part: object, caller: Caller) -> Caller | None:
        """Return a caller of a realm above that of a part as who reads there: with the roles for
        that alone, and of no organisation, since another's may have its name. None for who does
        not."""
        known, roles = self.scopes, caller.roles & self.scopes.above
        if route not in known.read_above or not roles:
            return None
        if not realms.is_above(caller.realm, realms.realm_of(part)):
            return None
        return replace(caller, roles=roles, organisation=None)

    def is_open(self, route: str) -> bool:
        """Say whether callers who have not signed in may use the route."""
        return any(row.role == ANYONE for row in self.routes.get(route, ()))

    def not_allowed(self, route: str, roles: Collection[str]) -> NotAllowed:
        """Return the refusal of a caller none of whose `roles` has a row of the route."""
        may = list(dict.fromkeys(row.role for row in self.routes.get(route, ())))
        return NotAllowed(
            f"The caller's roles: {self._names(sorted(roles), 'en') or 'none'}. "
            f"Roles that may: {self._names(may, 'en') or 'none'}.",
            f"调用者的角色：{self._names(sorted(roles), 'zh') or '无'}；"
            f"可以办理的角色：{self._names(may, 'zh') or '无'}。",
        )

    def _names(self, roles: Collection[str], language: str) -> str:
        """Return names of roles for people; English ones are the codes in plain words."""
        if language == "en":
            return ", ".join(role.replace("_", " ") for role in roles)
        return "、".join(self.roles.get(role, {}).get("zh", role) for role in roles)

    def body_limit(self, route: str) -> int:
        """Return how many bytes a body may have there; gateway and service both hold it."""
        return self.body_limits.get(route, USUAL_BODY)

    def time_limit(self, route: str, usual: float) -> float:
        """Return for how many seconds a request may go on there, never fewer than the usual."""
        return max(usual, self.time_limits.get(route, 0))


def _is_of(realm: str | None, caller: Caller) -> bool:
    return caller.realm in (realm, realms.EVERY)


def load(path: Path) -> Matrix:
    """Read the table; raise `ValueError` for a row that names an unknown role or word."""
    return _read(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)  # whoever builds several services builds it once, and forks share it
def _read(text: str) -> Matrix:
    raw: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - a safe one
    roles = raw["roles"]
    routes = {route: tuple(map(_row, rows)) for route, rows in raw["routes"].items()}
    _check_roles(routes, {*roles, ANY, ANYONE})
    exclusive = (*map(frozenset, raw["exclusive"]), *_alone(roles))
    limits = {name: raw.get(name, {}) for name in ("body_limits", "time_limits")}
    if unknown := {route for each in limits.values() for route in each} - set(routes):
        raise ValueError(f"limits of unknown routes: {sorted(unknown)}")
    words = {name: raw.get(name, {}) for name in ("relations", "phases")}
    words["emergency"] = raw.get("emergency", {})
    more = {**limits, "events": _events(raw), "purposes": _purposes(raw), "logged": _logged(raw)}
    limited = scopes.read(raw.get("scopes", {}), routes)
    return Matrix(roles, exclusive, routes, scopes=limited, **words, **more)


def _alone(roles: Mapping[str, Mapping[str, Any]]) -> Iterator[frozenset[str]]:
    """Yield a line for each two roles of which one is `alone`: who holds it holds no other."""
    names = [*roles]
    for i, role in enumerate(names):
        for other in names[i + 1 :]:
            if roles[role].get("alone") or roles[other].get("alone"):
                yield frozenset({role, other})


def _check_roles(routes: Mapping[str, Sequence[Row]], roles: Collection[str]) -> None:
    for route, rows in routes.items():
        unknown = {row.role for row in rows}.difference(roles)
        if unknown or not rows:
            raise ValueError(f"{route}: unknown roles {sorted(unknown)} or no row")


def _logged(raw: Mapping[str, Any]) -> frozenset[str]:
    logged, computed = (frozenset[str](raw.get(n, ())) for n in ("logged", "logged_computed"))
    reads = {route for route in raw["routes"] if route.startswith("GET ")}
    if unknown := (logged - reads) | (computed - (set(raw["routes"]) - reads)):
        raise ValueError(f"these are no reads: {sorted(unknown)}")
    return logged | computed


def _purposes(raw: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    purposes = {name: frozenset(opens) for name, opens in raw.get("purposes", {}).items()}
    for name, told in raw.get("emergency", {}).items():
        purposes[name] = frozenset(told["routes"])
        if not {told["role"], *told["taken_by"]} <= set(raw["roles"]):
            raise ValueError(f"{name}: an unknown role")
    if unknown := frozenset[str]().union(*purposes.values()) - set(raw["routes"]):
        raise ValueError(f"purposes of unknown routes: {sorted(unknown)}")
    return purposes


def _events(raw: Mapping[str, Any]) -> dict[str, tuple[Row, ...]]:
    events = {event: tuple(map(_row, rows)) for event, rows in raw.get("events", {}).items()}
    for event, rows in events.items():
        if not rows or not all(_tells(row, raw["roles"]) for row in rows):
            raise ValueError(f"{event}: no row, an unknown role, another relation, or a phase")
    return events


def _tells(row: Row, roles: Collection[str]) -> bool:
    """Say whether a row can be that of an event: it happened, and is in no phase."""
    is_known = row.role == ANY or row.role in roles
    return is_known and row.relation in EVENT_RELATIONS and not row.phases


def _row(raw: dict[str, Any]) -> Row:
    unknown = set(raw) - {"role", "relation", "phase"}
    if unknown:
        raise ValueError(f"unknown words in a row: {sorted(unknown)}")
    return Row(raw["role"], raw.get("relation"), frozenset(raw.get("phase", ())))


Reached = Callable[[object], bool]
"""Says of a part whether a caller reaches it."""


@dataclass(slots=True)
class Permission:
    """What the table lets this caller do on this route, for the endpoint to complete.

    The endpoint tells which relations hold and which phase the thing is in. When a row of
    the caller depends on either and the endpoint never tells, nothing is committed. It is the same
    with the part that something belongs to, where the path does not name it and the scope of the
    caller's token reaches only some.
    """

    caller: Caller
    rows: tuple[Row, ...]
    matrix: Matrix
    asked: bool = field(default=False)
    tells_part: bool = field(default=True)

    def allows(self, relations: Collection[str] = (), phase: str | None = None) -> bool:
        """Say whether some row lets the caller through, given what holds."""
        self.asked = True
        return any(row.holds(relations, phase) for row in self.rows)

    def require(self, relations: Collection[str] = (), phase: str | None = None) -> None:
        """Refuse with `NotAllowed` unless some row lets the caller through."""
        if self.allows(relations, phase):
            return
        related = [row for row in self.rows if row.relation is None or row.relation in relations]
        raise self._wrong_phase(related, phase) if related else self._unrelated()

    def _unrelated(self) -> NotAllowed:
        wanted = sorted({row.relation for row in self.rows if row.relation})
        words = [self.matrix.relations.get(each, {}) for each in wanted]
        pairs = list(zip(words, wanted, strict=True))
        return NotAllowed(
            f"Only where {' or '.join(w.get('en', code) for w, code in pairs)}.",
            f"仅限以下情形：{'，或'.join(w.get('zh', code) for w, code in pairs)}。",
        )

    def _wrong_phase(self, rows: Sequence[Row], phase: str | None) -> NotAllowed:
        def named(code: str, language: str) -> str:
            return self.matrix.phases.get(code, {}).get(language, code)

        phases = sorted(frozenset[str]().union(*(row.phases for row in rows)))
        return NotAllowed(
            f"Only while it is {' or '.join(named(each, 'en') for each in phases)}; "
            f"it is {named(phase, 'en') if phase else 'not known'}.",
            f"仅限以下状态：{'、'.join(named(each, 'zh') for each in phases)}；"
            f"当前状态：{named(phase, 'zh') if phase else '未知'}。",
        )

    def of(self, route: str) -> "Permission":
        """Return what the table lets the same caller do on another route."""
        reached = self.matrix.scopes.reaches_route(route, self.caller.scope)
        rows = self.matrix.rows_for(route, self.caller.roles) if reached else ()
        return Permission(self.caller, rows, self.matrix)

    def require_no_realm(self) -> None:
        """Refuse whoever is of a realm, where one thing is kept for all of them."""
        if self.caller.realm is not None:
            raise NotAllowed(
                "Only for accounts of the installation itself.", "仅限不属于任何辖区的账户。"
            )

    def within_scope(self, part: object) -> None:
        """Refuse a part that the scope of the caller's token does not reach, where it is asked
        elsewhere whether there is one."""
        self.tells_part = True
        self.matrix.scopes.check_part(part, self.caller.scope)

    def within(self, part: object) -> None:
        """Refuse what belongs to a part that the scope of the caller's token does not reach; what
        is of another realm is not there, and such an id in the path was replaced before."""
        self.within_scope(part)
        if not self.matrix.reaches_part(part, self.caller):
            raise NotThere("There is none.", "没有这项内容。")

    def within_chain(self, chain: str) -> bool:
        """Refuse a chain of the journal that belongs to such a part; say whether there is one of
        this name for the caller: of another realm's nothing was ever recorded."""
        self.tells_part = True
        if not self.matrix.scopes.reaches_chain(chain, self.caller.scope):
            self.matrix.scopes.check_part(chain, self.caller.scope)
        return self.matrix.is_of_realm(chain, self.caller)

    def reached(self) -> Reached:
        """Return what says of a part whether the caller reaches it, by realm and scope."""
        self.tells_part = True
        return lambda part: self.matrix.reaches_part(part, self.caller)

    def parts(self) -> frozenset[UUID] | None:
        """Return the parts that the scope of the caller's token reaches, None for all; whether they
        are of the caller's realm is another question."""
        self.tells_part = True
        scope = self.caller.scope
        if scope is None or scope.parts is None:
            return None
        known = self.matrix.scopes
        return frozenset(
            UUID(part)
            for part in (word.removeprefix(f"{known.part}:") for word in scope.parts)
            if known.word_of(part) in scope.parts and part
        )

    def caller_with_scope(self) -> Caller:
        """Return the caller, for whoever looks at the parts that the scope reaches himself, or asks
        others who do."""
        self.tells_part = True
        return self.caller

    def is_logged(self, route: str) -> bool:
        """Say whether it is on record that the caller reads there; who reads nothing but what is of
        the own organisation is not told of."""
        is_own = all(row.relation == _OWN for row in self.rows)
        return route in self.matrix.logged and not is_own

    @property
    def is_conditional(self) -> bool:
        """Whether the caller may do it only where a relation holds, or in a phase."""
        return all(row.relation or row.phases for row in self.rows)

    def settle(self) -> None:
        """Raise `PermitNotAsked` when relation or phase matter and the endpoint did not ask."""
        if self.is_conditional and not self.asked:
            raise PermitNotAsked
        self.settle_part()

    def settle_part(self) -> None:
        """Raise `PermitNotAsked` when the part matters and the endpoint did not tell it."""
        if not self.tells_part:
            raise PermitNotAsked


def route_of(request: Request) -> str:
    """Return the route of a request as the table writes it: ``POST /api/v1/…/{loan_id}``."""
    return f"{request.method} {request.scope['route'].path}"


async def admit(request: Request) -> Permission:
    """Return what the table lets a caller do; refuse whoever may not ask for this route at all."""
    given: Permission | None = getattr(request.state, "permission", None)
    if given is not None:
        return given
    caller = await signed_in(request)
    matrix: Matrix = request.app.state.matrix
    route, scope, known = route_of(request), caller.scope, matrix.scopes
    matrix.check_purpose(route, caller.purpose)
    part = request.path_params.get(known.parameter)
    caller = matrix.from_above(route, part, caller) or caller
    rows = matrix.admit(route, caller.roles, scope)
    for part in [
        *(value for name, value in request.path_params.items() if name == known.parameter),
        *request.query_params.getlist(known.parameter),
    ]:
        known.check_part(part, scope)
    above = matrix.from_above(route, part, caller)
    hide_others(request, known.telling, caller.realm, *([realms.realm_of(part)] if above else ()))
    must_tell = scope is not None and scope.parts is not None and route in known.asking
    request.state.permission = permission = Permission(
        caller, rows, matrix, tells_part=not must_tell
    )
    return permission


def settle_part(request: Request) -> None:
    """Give up an answer whose endpoint did not tell the part that it is about, where that matters;
    an open route has none."""
    permission: Permission | None = getattr(request.state, "permission", None)
    if permission is not None:
        permission.settle_part()


Permit = Annotated[Permission, Depends(admit)]
"""What the table lets the caller do on this route."""
