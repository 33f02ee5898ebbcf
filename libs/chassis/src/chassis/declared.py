"""Routes that are declared when a service is imported, and made when a request first asks for one.

To make a route, with models of its parameters and answers, takes as long as to import a module. A
start needs none of them, each process only those that it is asked for. Made twice, as by FastAPI
where a router is included in another, they took a third of what our own modules cost a start.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


@dataclass
class DeclaredRoute:
    """A route that is made when it is first wanted, with the path that it will have."""

    path: str
    make: Callable[[], APIRoute]

    @cached_property
    def route(self) -> APIRoute:
        """The route itself."""
        return self.make()

    @cached_property
    def segments(self) -> list[str]:
        """The parts of the path between slashes; empty where a parameter stands."""
        return ["" if part.startswith("{") else part for part in self.path.split("/")]

    def may_be(self, asked: list[str]) -> bool:
        """Say whether a path of as many segments agrees with what is not a parameter."""
        return all(known in ("", part) for known, part in zip(self.segments, asked, strict=True))


class DeclaredRoutes(BaseRoute):
    """All declared routes of a service, found by the number of segments and the last of them.

    In the order in which they were declared: of two that a path agrees with the first is taken.
    """

    def __init__(self, declared: Iterable[DeclaredRoute]) -> None:
        self.declared = list(declared)
        self._found = defaultdict[tuple[int, str], list[int]](list)
        for number, each in enumerate(self.declared):
            self._found[len(each.segments), each.segments[-1]].append(number)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say by which route a request is answered, as a router with all of them would."""
        partly: tuple[Match, Scope] = Match.NONE, {}
        for each in self._agreeing(scope["path"].split("/")) if scope["type"] == "http" else ():
            match, found = each.route.matches(scope)
            if match is Match.FULL:
                return match, found
            if match is Match.PARTIAL and partly[0] is Match.NONE:
                partly = match, found
        return partly

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the route that was found answer."""
        await scope["route"].handle(scope, receive, send)

    def _agreeing(self, asked: list[str]) -> Iterator[DeclaredRoute]:
        numbers = {*self._found.get((len(asked), asked[-1]), ())}
        numbers.update(self._found.get((len(asked), ""), ()))
        for number in sorted(numbers):
            if self.declared[number].may_be(asked):
                yield self.declared[number]


@contextmanager
def all_made(app: FastAPI) -> Iterator[None]:
    """Give an app whose routes have all been made, for whoever describes them."""
    routes = app.router.routes
    app.router.routes = [made for each in routes for made in _made(each)]
    try:
        yield
    finally:
        app.router.routes = routes


def _made(route: BaseRoute) -> list[BaseRoute]:
    return [each.route for each in route.declared] if isinstance(route, DeclaredRoutes) else [route]
