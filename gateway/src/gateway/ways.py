"""Where each published route leads: one table made of the matrix and of the services' paths."""

from dataclasses import dataclass

from chassis.authorisation import Matrix
from chassis.identity import Caller
from chassis.scopes import Scope
from gateway.bounded_cache import BoundedCache
from gateway.rules import routing

# Nobody who has not signed in has reason to send more than a form with a name and a secret.
ANONYMOUS_BODY = 65_536
_ADMITTED = 1_000


@dataclass(frozen=True, slots=True)
class Way:
    """Where a route leads: its service, the largest body it takes, for how many seconds a request
    may go on there if longer than usual, and whether it asks for a token.

    `route` is written as in the authorisation matrix.
    """

    route: str
    service: str
    body_limit: int
    is_open: bool
    seconds: float = 0


UNPUBLISHED = Way("-", "gateway", ANONYMOUS_BODY, is_open=True)
"""Where pages and probes are."""


class Ways:
    """All published routes, and where they lead."""

    def __init__(self, matrix: Matrix, body_limit: int) -> None:
        self._matrix = matrix
        self._body_limit = body_limit
        self._known = {route: self._way(route) for route in matrix.routes}
        self._templates = routing.Templates(self._known)
        self._admitted: BoundedCache[tuple[str, frozenset[str], Scope | None], bool] = BoundedCache(
            _ADMITTED
        )

    def find(self, method: str, path: str) -> Way | None:
        """Return the way of a request, None where there is none."""
        route = self._templates.find(method, path)
        return None if route is None else self._known[route]

    def admit(self, way: Way, caller: Caller) -> None:
        """Refuse who has no row of the matrix there, a token that is for something else, and one
        whose scope does not reach it; that is looked up once for a set of roles and a scope."""
        self._matrix.check_purpose(way.route, caller.purpose)
        key = way.route, caller.roles, caller.scope
        if key not in self._admitted:
            self._matrix.admit(*key)
            self._admitted.keep(key, True)

    def methods(self, path: str) -> list[str]:
        """Return the methods that there is a way for from `path`."""
        return self._templates.methods(path)

    def _way(self, route: str) -> Way:
        service = routing.service_for(route.partition(" ")[2])
        if service is None:
            raise LookupError(f"nobody answers to {route}")
        is_open = self._matrix.is_open(route)
        limit = ANONYMOUS_BODY if is_open else self._matrix.body_limit(route)
        seconds = self._matrix.time_limit(route, 0)
        return Way(route, service, min(limit, self._body_limit), is_open, seconds)
