"""Who may ask for what: one table (role × route × relation × phase), read by all, default deny.

The table is a data file; `gateway/authorisation.yaml` explains its columns. The gateway
looks up role and route, the service that owns the thing looks up all four.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from fastapi import Depends, Request

from chassis.identity import Caller, SignedIn
from chassis.refusals import Forbidden

ANY = "any"
ANYONE = "anyone"


class NotAllowed(Forbidden):
    """The caller's role does not allow this."""

    zh = "调用者的角色无权这样做。"


class Unasked(RuntimeError):
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
    """The whole table. `exclusive` lists the roles of which one account may hold only one."""

    roles: Mapping[str, Mapping[str, Any]]
    exclusive: tuple[frozenset[str], ...]
    routes: Mapping[str, tuple[Row, ...]]

    def rows_for(self, route: str, roles: Collection[str]) -> tuple[Row, ...]:
        """Return the rows of `route` ("GET /api/v1/…") that speak of any of `roles`."""
        rows = self.routes.get(route, ())
        return tuple(row for row in rows if row.role in {ANY, ANYONE} or row.role in roles)

    def is_open(self, route: str) -> bool:
        """Say whether callers who have not signed in may use the route."""
        return any(row.role == ANYONE for row in self.routes.get(route, ()))


def load(path: Path) -> Matrix:
    """Read the table; raise `ValueError` for a row that names an unknown role or word."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    roles = raw["roles"]
    routes = {route: tuple(map(_row, rows)) for route, rows in raw["routes"].items()}
    for route, rows in routes.items():
        unknown = {row.role for row in rows} - set(roles) - {ANY, ANYONE}
        if unknown or not rows:
            raise ValueError(f"{route}: unknown roles {sorted(unknown)} or no row")
    return Matrix(roles, tuple(frozenset(line) for line in raw["exclusive"]), routes)


def _row(raw: dict[str, Any]) -> Row:
    unknown = set(raw) - {"role", "relation", "phase"}
    if unknown:
        raise ValueError(f"unknown words in a row: {sorted(unknown)}")
    return Row(raw["role"], raw.get("relation"), frozenset(raw.get("phase", ())))


@dataclass(slots=True)
class Permission:
    """What the table lets this caller do on this route, for the endpoint to complete.

    The endpoint tells which relations hold and which phase the thing is in. When a row of
    the caller depends on either and the endpoint never tells, nothing is committed.
    """

    caller: Caller
    rows: tuple[Row, ...]
    asked: bool = field(default=False)

    def allows(self, relations: Collection[str] = (), phase: str | None = None) -> bool:
        """Say whether some row lets the caller through, given what holds."""
        self.asked = True
        return any(row.holds(relations, phase) for row in self.rows)

    def require(self, relations: Collection[str] = (), phase: str | None = None) -> None:
        """Refuse with `NotAllowed` unless some row lets the caller through."""
        if self.allows(relations, phase):
            return
        wanted = sorted({row.relation for row in self.rows if row.relation} - set(relations))
        phases = sorted(set[str]().union(*(row.phases for row in self.rows)))
        raise NotAllowed(
            f"Needed: {', '.join(wanted) or 'the role'}; phase {'/'.join(phases) or 'any'}, "
            f"which is {phase or 'not given'}.",
            f"需要：{'、'.join(wanted) or '相应角色'}；阶段 {'/'.join(phases) or '不限'},"
            f"当前为 {phase or '未定'}。",
        )

    def settle(self) -> None:
        """Raise `Unasked` when relation or phase matter and the endpoint did not ask."""
        conditional = all(row.relation or row.phases for row in self.rows)
        if conditional and not self.asked:
            raise Unasked


def route_of(request: Request) -> str:
    """Return the route of a request as the table writes it: ``POST /api/v1/…/{cycle_id}``."""
    return f"{request.method} {request.scope['route'].path}"


async def _permission(request: Request, caller: SignedIn) -> Permission:
    matrix: Matrix = request.app.state.matrix
    rows = matrix.rows_for(route_of(request), caller.roles)
    if not rows:
        roles = ", ".join(sorted(caller.roles)) or "none"
        raise NotAllowed(f"The caller's roles are: {roles}.", f"调用者的角色为：{roles}。")
    request.state.permission = permission = Permission(caller, rows)
    return permission


Permit = Annotated[Permission, Depends(_permission)]
"""What the table lets the caller do on this route."""
