"""Routes that are made when a request first asks for one are found as among all of them."""

import random

from fastapi import FastAPI
from starlette.routing import Match

from chassis.declared import DeclaredRoutes, all_made
from chassis.routes import Router

TEMPLATES = [
    "/books", "/books/{book}", "/books/latest", "/books/latest/pages", "/books/{book}/pages",
    "/{shelf}/latest", "/{shelf}/{place}/pages", "/books/{book}/pages/{page}",
]  # fmt: skip
WORDS = ["books", "latest", "pages", "x", "", "books latest"]


def declared() -> DeclaredRoutes:
    router = Router(tags=["books"])

    def answer(name: str, method: str):
        async def answered() -> str:
            return name

        router.api_route(name, methods=[method])(answered)

    for number, each in enumerate(TEMPLATES):
        answer(each, "GET")
        if number % 2:
            answer(each, "POST")
    return DeclaredRoutes(router.declared)


def asked(path: str, method: str = "GET") -> dict[str, object]:
    return {"type": "http", "path": path, "method": method, "root_path": ""}


def first_of_all(routes: DeclaredRoutes, scope: dict[str, object]) -> tuple[Match, object]:
    partly = Match.NONE, None
    for each in routes.declared:
        match, found = each.route.matches(scope)
        if match is Match.FULL:
            return match, found["route"]
        if match is Match.PARTIAL and partly[0] is Match.NONE:
            partly = match, found["route"]
    return partly


def test_a_route_is_found_as_among_all():
    """Planted bugs: take the last that agrees; look only for those whose last part is a word."""
    draw, routes, met = random.Random(7), declared(), set[Match]()  # noqa: S311 - it hides nothing
    for _ in range(2000):
        path = "/".join(["", "api", "v1", *draw.choices(WORDS, k=draw.randint(0, 5))])
        scope = asked(path, draw.choice(["GET", "POST", "PUT"]))
        match, found = routes.matches(scope)
        assert (match, found.get("route")) == first_of_all(routes, scope), path
        met.add(match)
    assert met == set(Match)


def test_no_route_is_made_that_nobody_asks_for():
    """Planted bug: make all that are declared at the first request."""
    routes = declared()
    assert routes.matches(asked("/api/v1/books/7/pages/8"))[0] is Match.FULL
    made = [each.path for each in routes.declared if "route" in vars(each)]
    assert set(made) == {"/api/v1/books/{book}/pages/{page}"}


def test_what_describes_an_app_sees_all_routes_and_serving_goes_on_as_before():
    """Planted bug: leave the app with the routes that were made to describe it."""
    app = FastAPI()
    app.router.routes.append(declared())
    before = list(app.routes)
    with all_made(app):
        assert {each.path for each in app.routes[-len(TEMPLATES) :]} <= {
            f"/api/v1{each}" for each in TEMPLATES
        }
    assert app.routes == before
