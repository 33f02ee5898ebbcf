"""What a scope reaches: words alone decide, and what is not known is not reached."""

import httpx
import pytest
from fastapi import FastAPI

from chassis import problems
from chassis.authorisation import Matrix, Permission, Permit, PermitNotAsked, Row
from chassis.declared import DeclaredRoutes
from chassis.identity import Caller
from chassis.routes import Router
from chassis.scopes import Group, OutsideScope, Scope, Scopes, covers, read

A, B = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
ROUTES = ("GET /books", "GET /branches/{branch}/loans", "POST /branches/{branch}/loans",
          "GET /loans/{loan}", "POST /books")  # fmt: skip
KNOWN = Scopes(
    part="branch",
    parameter="branch",
    groups={name: Group(name, name, always=name == "books") for name in ("books", "read", "lend")},
    of_route=dict(zip(ROUTES, ("books", "read", "lend", "read", "lend"), strict=True)),
    without_part=frozenset({"GET /books"}),
    asking=frozenset({"GET /loans/{loan}"}),
)


def scope(text):
    return Scope.of(text) if text else None


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        (None, (1, 1, 1, 1, 1)),
        ("read", (1, 1, 0, 1, 0)),
        ("lend", (1, 0, 1, 0, 1)),
        (f"branch:{A}", (1, 1, 1, 1, 0)),
        (f"branch:{A} lend", (1, 0, 1, 0, 0)),
        ("lends", (1, 0, 0, 0, 0)),
        ("other:1", (1, 1, 1, 1, 0)),
    ],
)
def test_a_scope_reaches_the_routes_of_its_groups(text, reached):
    """Planted bug: what holds for all parts may be written by whoever has one of them."""
    assert tuple(KNOWN.reaches_route(route, scope(text)) for route in ROUTES) == reached
    for route, may in zip(ROUTES, reached, strict=True):
        if not may:
            with pytest.raises(OutsideScope):
                KNOWN.check_route(route, scope(text))


@pytest.mark.parametrize(
    ("text", "part", "reached"),
    [
        (None, A, True),
        ("read", A, True),
        (f"branch:{A}", A, True),
        (f"branch:{A}", A.upper(), True),
        (f"branch:{A}", f"urn:uuid:{A}", True),
        (f"branch:{A}", B, False),
        (f"branch:{A}", "7", False),
        (f"branch:{A}", "", False),
        (f"other:{A}", A, False),
        ("other:", A, False),
    ],
)
def test_a_part_is_the_same_however_it_is_spelled(text, part, reached):
    assert KNOWN.reaches_part(part, scope(text)) is reached


@pytest.mark.parametrize(
    ("of", "other", "holds"),
    [
        (None, None, True),
        (None, "read", True),
        ("read", None, False),
        ("read lend", "read", True),
        ("read", "read lend", False),
        ("read", f"read branch:{A}", True),
        ("read", f"branch:{A}", False),
        (f"branch:{A} branch:{B}", f"read branch:{B}", True),
        (f"branch:{A}", "read", False),
    ],
)
def test_one_scope_covers_another(of, other, holds):
    """Planted bug: only the words are compared, not what is not named."""
    assert covers(scope(of), scope(other)) is holds


def test_an_endpoint_that_does_not_tell_the_part_is_found():
    matrix = Matrix({}, (), {}, scopes=KNOWN)
    limited = Caller("li", frozenset(), None, "li", scope=Scope.of(f"branch:{A}"))

    def permit():
        return Permission(limited, (), matrix, tells_part=False)

    with pytest.raises(PermitNotAsked):
        permit().settle_part()
    for tell in (
        lambda each: each.within(A),
        lambda each: each.within_chain("books"),
        lambda each: each.reached(),
        lambda each: each.parts(),
        lambda each: each.caller_with_scope(),
    ):
        asked = permit()
        tell(asked)
        asked.settle_part()
    with pytest.raises(OutsideScope):
        permit().within(B)
    with pytest.raises(OutsideScope):
        permit().within_chain(B)
    with pytest.raises(OutsideScope):
        permit().within_chain("reads")  # who read what, of all parts
    assert {str(part) for part in permit().parts()} == {A}


@pytest.mark.parametrize(("path", "status"), [("told", 200), ("forgotten", 500)])
async def test_an_answer_that_is_about_an_untold_part_is_given_up(path, status):
    """Planted bug: only commands, and what reads the database, have to tell the part."""
    routes = Router("", tags=["loans"])

    @routes.get("/told/{loan}")
    async def told(loan: str, permit: Permit) -> dict[str, str]:
        permit.within(A)
        return {"loan": loan}

    @routes.get("/forgotten/{loan}")
    async def forgotten(loan: str, permit: Permit) -> dict[str, str]:
        return {"loan": loan}

    asked = {f"GET /api/v1/{each}/{{loan}}": (Row("any", None, frozenset()),)
             for each in ("told", "forgotten")}  # fmt: skip
    limits = Scopes("branch", "branch", asking=frozenset(asked))

    class Known:
        async def caller(self, token):
            return Caller("li", frozenset(), None, "li", scope=Scope.of(f"branch:{A}"))

    app = FastAPI()
    problems.install(app)
    app.router.routes.append(DeclaredRoutes(routes.declared))
    app.state.matrix, app.state.verifier = Matrix({}, (), asked, scopes=limits), Known()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://lending") as client:
        headers = {"Authorization": "Bearer t"}
        answer = await client.get(f"/api/v1/{path}/7", headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("text", ["", " ", "\n", "x" * 2001])
def test_no_words_are_no_scope(text):
    with pytest.raises(ValueError, match="no scope"):
        Scope.of(text)


@pytest.mark.parametrize("route", ["GET /nothing", "GET /books"])
def test_a_group_names_known_routes_and_each_once(route):
    told = {"zh": "", "en": "", "routes": ["GET /books"]}
    raw = {"part": "branch", "parameter": "branch", "without_part": [], "asking": []}
    raw["groups"] = {"one": told, "two": told | {"routes": [route]}}
    with pytest.raises(ValueError, match="unknown, or of two"):
        read(raw, ROUTES)
