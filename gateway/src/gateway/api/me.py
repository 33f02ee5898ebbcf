"""The caller: who that is, and what the matrix lets it ask for."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import Request, Response
from sqlalchemy import select

from chassis.authorisation import ANY, ANYONE, Matrix, Permit
from chassis.db import Snapshot
from chassis.identity import Caller
from chassis.kept import document
from chassis.routes import Router
from chassis.scopes import Scope
from chassis.wire import OneOf, Outgoing
from gateway.api.tokens import SignInElsewhere
from gateway.asking import Services
from gateway.bounded_cache import BoundedCache
from gateway.documents import Reference, refusing
from gateway.rules.reach import Condition, Named, named, reachable
from gateway.tables import PRESENT

router = Router("/me", tags=["accounts"])


class OwnOperation(Outgoing):
    """An operation that the caller may call: always without `conditions`, else where one of them
    holds.

    Its `operation_id` is that of the published document, null while the part that serves it does
    not say.
    """

    operation_id: str | None
    method: Annotated[str, OneOf("GET", "POST", "PUT", "PATCH", "DELETE")]
    path: str
    conditions: list[Condition]


class Me(Outgoing):
    """Who the caller is, and which operations that caller may call, by the authorisation matrix.

    `name` is null where an outside provider keeps the accounts, `unit_name` as well where the
    service that keeps units does not answer. `scope` is what the token is limited to, null for
    nothing; operations outside of it are left out, and those of accounts where they are kept
    elsewhere.
    """

    subject: str
    person: str
    name: str | None
    unit: str | None
    unit_name: str | None
    jurisdiction: str | None
    roles: list[Named]
    scope: str | None
    operations: list[OwnOperation]


@router.get("", response_model=Me)
async def read_me(request: Request, db: Snapshot, permit: Permit) -> Response:
    """Say who the caller is and which operations that caller may call."""
    caller = permit.caller
    matrix: Matrix = request.app.state.matrix
    # An outside provider's subject may be spelled like an account that is nobody's any more.
    is_kept_here = request.app.state.standings is not None
    own = select(PRESENT.c.name).where(PRESENT.c.subject == caller.subject)
    name = await db.scalar(own) if is_kept_here else None
    # No connection waits for other services: each may first have to write what it is asked for.
    await db.close()
    unit_name, operations = await asyncio.gather(
        _unit_name(request, caller), _operations(request, caller, matrix)
    )
    me = Me(
        subject=caller.subject,
        person=caller.person,
        name=name,
        unit=caller.organisation,
        unit_name=unit_name,
        jurisdiction=caller.realm,
        roles=[named(role, _roles(matrix)) for role in sorted(caller.roles)],
        scope=None if caller.scope is None else str(caller.scope),
        operations=operations,
    )
    return document(me, request)


def _roles(matrix: Matrix) -> dict[str, dict[str, str]]:
    # The English text of a role says what it does; its name is its code in plain words.
    return {
        role: {"zh": str(told["zh"]), "en": role.replace("_", " ")}
        for role, told in matrix.roles.items()
    }


async def _unit_name(request: Request, caller: Caller) -> str | None:
    if caller.organisation is None:
        return None
    services: Services = request.app.state.services
    target = f"/api/v1/units/{caller.organisation}"
    heard = await services.read(request, caller.subject, "indicators", target)
    name = heard.document.get("name") if isinstance(heard.document, dict) else None
    return name if isinstance(name, str) else None


KEPT = 256
"""Of so many sets of roles, with the scope of a token, it is kept what they may call."""


class Reached(NamedTuple):
    """What callers with the same roles and scope may call, by the operation ids of a document."""

    ids: dict[str, str]
    operations: list[OwnOperation]


async def _operations(request: Request, caller: Caller, matrix: Matrix) -> list[OwnOperation]:
    """Return what the caller may call: found once for all with the same roles and scope, while the
    document is the same."""
    state, key = request.app.state, (caller.roles, caller.scope)
    reference: Reference = state.reference
    kept: BoundedCache[tuple[frozenset[str], Scope | None], Reached] = state.reached
    ids, known = await reference.operations(), kept.get(key)
    if known is None or known.ids is not ids:
        known = Reached(ids, _reached(request, caller, matrix, ids))
        kept.keep(key, known)
    return known.operations


def _reached(
    request: Request, caller: Caller, matrix: Matrix, ids: Mapping[str, str]
) -> list[OwnOperation]:
    # What would be refused to everybody is no operation that somebody may call.
    embedded = request.app.state.settings.identity == "embedded"
    elsewhere = set() if embedded else refusing(request.app.openapi(), SignInElsewhere)
    may = reachable(matrix.routes, caller.roles, {ANY, ANYONE}, matrix.relations, matrix.phases)
    return [
        OwnOperation(
            operation_id=ids.get(f"{one.method} {one.path}"),
            method=one.method,
            path=one.path,
            conditions=list(one.conditions),
        )
        for one in may
        if (route := f"{one.method} {one.path}") not in elsewhere
        and matrix.scopes.reaches_route(route, caller.scope)
    ]
