"""The router of a service: strict bodies going in, one answer per command coming out."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.authorisation import Matrix, admit, route_of
from chassis.idempotency import Replay
from chassis.intake import StrictRoute, limited


class CommandRoute(StrictRoute):
    """A strict route that answers a repeated command as it was answered before.

    Who may not use it learns so before a byte of the body is read, and the body of who may is
    limited as the authorisation matrix says.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler; the transaction's exit finds the answer in `request.state`."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            request.state.response = None
            matrix: Matrix = request.app.state.matrix
            route = route_of(request)
            if not matrix.is_open(route):
                await admit(request)
            try:
                response = await handle(limited(request, matrix.body_limit(route)))
            except Replay as replay:
                return replay.response
            request.state.response = response
            return response

        return once


class Router(APIRouter):
    """The routes of one resource, all below `/api/v1`."""

    def __init__(self, prefix: str = "", *, tags: list[str]) -> None:
        # The whole path stands on the route itself, because the authorisation matrix knows
        # routes by it.
        super().__init__(prefix=f"/api/v1{prefix}", tags=list(tags), route_class=CommandRoute)
