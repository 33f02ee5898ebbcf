"""The router of a service: strict requests going in, one answer per command coming out."""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes

from chassis import idempotency
from chassis.authorisation import Matrix, NotAllowed, admit, route_of
from chassis.db import DatabaseUnavailable
from chassis.decoding import NotJson
from chassis.idempotency import Replay
from chassis.identity import KeysUnavailable, NotSignedIn
from chassis.intake import BodyTooLarge, StrictRoute, WrongMediaType, limited
from chassis.pages import NoSuchPlace, PageQuery
from chassis.problems import MalformedRequest, Responses, documents, joined
from chassis.refusals import Fault, Invalid, pointer

_FAULTS_SHOWN = 20


class QueryNotUnderstood(Invalid):
    """The query string asks for what this path does not know."""

    zh = "查询参数中有该地址不认识的内容。"


class BodyNotExpected(Invalid):
    """This path takes no request body."""

    zh = "该地址不接受请求体。"


class CommandRoute(StrictRoute):
    """A strict route that answers a repeated command as it was answered before.

    Who may not use it learns so before a byte of the body is read, and the body of who may is
    limited as the authorisation matrix says. What a caller sends is read or refused, never ignored:
    whoever adds `?dry_run=true` to a command that knows no such thing must not find afterwards
    that it was carried out.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler; the transaction's exit finds the answer in `request.state`."""
        handle = super().get_route_handler()
        known = frozenset(_query_parameters(self))
        takes_body = self.body_field is not None

        async def once(request: Request) -> Response:
            request.state.response = None
            matrix: Matrix = request.app.state.matrix
            route = route_of(request)
            if not matrix.is_open(route):
                await admit(request)
            check_query(request, known)
            request = limited(request, matrix.body_limit(route))
            if not takes_body and await request.body():
                raise BodyNotExpected("Send none.", "请勿携带请求体。")
            try:
                response = await handle(request)
            except Replay as replay:
                return replay.response
            request.state.response = response
            return response

        return once


def _query_parameters(route: StrictRoute) -> Iterable[str]:
    for field in get_flat_params(route.dependant):
        if getattr(field.field_info, "in_", None) is ParamTypes.query:
            yield field.alias


def check_query(request: Request, known: frozenset[str]) -> None:
    """Refuse a query string with a parameter that is not `known`, or that stands there twice."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [name for name, times in given.items() if name not in known or times > 1]
    if not wrong:
        return
    names = ", ".join(sorted(known))
    raise QueryNotUnderstood(
        f"{len(wrong)} fault(s); known here: {names or 'none'}.",
        f"共 {len(wrong)} 处错误；可用的查询参数：{names or '无'}。",
        faults=[_fault(name, known) for name in wrong[:_FAULTS_SHOWN]],
    )


def _fault(name: str, known: frozenset[str]) -> Fault:
    at = pointer("query", name[:64])
    if name in known:
        return Fault(at, "given-twice", "Give it once.", "该参数重复出现。")
    return Fault(at, "unknown-parameter", "There is no such parameter.", "没有这个查询参数。")


_ALWAYS = documents(
    NotSignedIn, NotAllowed, MalformedRequest, QueryNotUnderstood, KeysUnavailable,
    DatabaseUnavailable,
)  # fmt: skip
_COMMANDS = documents(
    NotJson,
    BodyTooLarge,
    WrongMediaType,
    idempotency.IdempotencyKeyMissing,
    idempotency.IdempotencyKeyReused,
    idempotency.StillAtWork,
)


class Router(APIRouter):
    """The routes of one resource, all below `/api/v1`.

    What any request may meet (no token, no right, a malformed query, …) is published with every
    operation; an endpoint declares what is its own.
    """

    def __init__(self, prefix: str = "", *, tags: list[str]) -> None:
        # The whole path stands on the route itself, because the authorisation matrix knows
        # routes by it.
        super().__init__(prefix=f"/api/v1{prefix}", tags=list(tags), route_class=CommandRoute)

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        responses: Responses | None = None,
        methods: set[str] | list[str] | None = None,
        **more: Any,  # noqa: ANN401 - passed on as it came
    ) -> None:
        """Add a route whose published refusals are its own and those that every route has."""
        common = [_ALWAYS] if set(methods or ["GET"]) <= {"GET"} else [_ALWAYS, _COMMANDS]
        if PageQuery in endpoint.__annotations__.values():
            common.append(documents(NoSuchPlace))
        everything = joined(responses or {}, *common)
        super().add_api_route(path, endpoint, responses=everything, methods=methods, **more)
