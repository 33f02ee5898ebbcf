"""What is of another realm is answered as what there is not, and an id alone tells whose it is."""

from itertools import product
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Request

from chassis import problems
from chassis.authorisation import Matrix, NotThere, Permission, Permit, Row
from chassis.declared import DeclaredRoutes
from chassis.identity import Caller, Claims, NotSignedIn, Verifier
from chassis.realms import (
    EVERY,
    chain_of,
    is_realm,
    new_part,
    realm_of,
    unknown,
)
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.scopes import Scope, Scopes
from chassis.stand_ins import begin, hide_others, tell_as_asked

REALMS = (None, "530100", "530102", "530102001", "530102001003")
OURS = {realm: new_part(realm) for realm in REALMS}


@pytest.mark.parametrize("realm", REALMS)
def test_an_id_tells_whose_it_is_and_no_two_are_equal(realm):
    """Planted bug: six digits and the same six with noughts behind are two."""
    ids = {new_part(realm) for _ in range(1_000)}
    assert len(ids) == 1_000
    assert {realm_of(each) for each in ids} == {realm}
    assert {realm_of(str(each).upper()) for each in ids} == {realm}
    assert {each.version for each in ids} == {4 if realm is None else 8}
    for other in REALMS:
        stand_in = unknown(OURS[realm], other)
        assert (realm_of(stand_in), stand_in) == (other, unknown(OURS[realm], other))
        assert stand_in not in OURS.values()


@pytest.mark.parametrize(
    ("text", "holds"),
    [("530100", True), ("530102001", True), ("530102001003", True), ("530100000", False),
     ("530102001000", False), ("030100", False), ("53010", False), ("5301000", False),
     ("５３０１００", False), ("", False), (EVERY, False), (530100, False), (None, False)],
)  # fmt: skip
def test_a_realm_is_written_in_one_way(text, holds):
    assert is_realm(text) is holds


def test_what_is_no_part_is_of_no_realm():
    assert {realm_of(each) for each in ("units", "", 7, None, uuid4(), UUID(int=0))} == {None}


class NoSuchLoan(Missing):
    """There is no such loan."""

    zh = "没有。"


LOANS = {part: f"of {realm}" for realm, part in OURS.items()}
ROUTES = ("GET /api/v1/loans/{part}", "GET /api/v1/loans", "GET /api/v1/words/{part}")


def lending():
    """Return a service that knows one part of each realm, and looks for nothing but the id."""
    routes = Router("", tags=["loans"])

    @routes.get("/loans/{part}")
    async def read_loan(part: UUID, permit: Permit) -> dict[str, str]:
        if part not in LOANS:
            raise NoSuchLoan(f"None is {part}.", f"没有 {part}。")
        return {"loan": LOANS[part], "part": str(part)}

    @routes.get("/loans")
    async def list_loans(permit: Permit, part: UUID | None = None) -> dict[str, list[str]]:
        reached = permit.reached()
        # Of one that is asked for by its id nothing else is looked at.
        found = [each for each in LOANS if (reached(each) if part is None else each == part)]
        return {"loans": [LOANS[each] for each in found], "asked": [str(part)]}

    @routes.get("/words/{part}")
    async def read_word(part: str, permit: Permit) -> dict[str, str]:
        return {"part": part}

    app = FastAPI()
    problems.install(app)
    app.router.routes.append(DeclaredRoutes(routes.declared))
    rows = {each: (Row("any", None, frozenset()),) for each in ROUTES}
    app.state.matrix = Matrix({}, (), rows, scopes=Scopes("part", "part", telling={"part"}))

    class Known:
        async def caller(self, token):
            realm = None if token == "-" else token
            return Caller("li", frozenset(), None, "li", realm=realm)

    app.state.verifier = Known()
    return told_as_asked(app)


def told_as_asked(app):
    """Return an app as `chassis.service.RequestContext` has it."""

    async def whole(scope, receive, send):
        stand_ins = begin(scope)

        async def echo(message):
            tell_as_asked(message, stand_ins)
            await send(message)

        return await app(scope, receive, echo)

    return whole


@pytest.fixture
async def asked():
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(lending(), raise_app_exceptions=False),
        base_url="http://lending",
    ) as client:

        async def ask(realm, path):
            token = {"Authorization": f"Bearer {realm or '-'}", "Accept-Language": "en"}
            return await client.get(f"/api/v1{path}", headers=token)

        yield ask


def plain(answer, *ids):
    """Return an answer without what is another each time, and with a word for the id asked for."""
    text = answer.text
    for each in ids:
        text = text.replace(str(each), "ID")
    text = text.replace(str(answer.json().get("request_id")), "REQUEST")
    return answer.status_code, sorted(set(answer.headers) - {"x-request-id"}), text


@pytest.mark.parametrize(("caller", "of"), [*product(REALMS, REALMS)])
async def test_what_is_of_another_realm_is_answered_as_what_there_is_not(asked, caller, of):
    """Planted bugs: the realm is not looked at; nobody's is everybody's; an answer names what
    stands for the id; only the path is looked at, and not the query."""
    part, nobody = OURS[of], uuid4() if caller is None else new_part(caller)
    whole = await asked(caller, f"/loans/{part}")
    if caller == of:
        assert (whole.status_code, whole.json()["loan"]) == (200, f"of {of}")
    else:
        assert whole.status_code == 404
        missing = await asked(caller, f"/loans/{nobody}")
        assert plain(whole, part) == plain(missing, nobody)
        for spelled in (str(part).upper(), part.hex):
            answer = await asked(caller, f"/loans/{spelled}")
            assert plain(answer, part, spelled) == plain(missing, nobody)
    listed = (await asked(caller, f"/loans?part={part}")).json()
    assert listed == {"loans": [f"of {of}"] if caller == of else [], "asked": [str(part)]}
    assert (await asked(caller, "/loans")).json()["loans"] == [f"of {caller}"]
    assert (await asked(caller, "/words/hello")).json() == {"part": "hello"}


@pytest.mark.parametrize(("caller", "of"), [*product((*REALMS, EVERY), REALMS)])
def test_realm_and_scope_are_both_looked_at(caller, of):
    """Planted bug: a scope that names a part of another realm reaches it."""
    matrix = Matrix({}, (), {}, scopes=Scopes("part", "part"))
    holds = caller in (of, EVERY)
    for scope, reaches in (
        (None, holds),
        (Scope.of(f"part:{OURS[of]}"), holds),
        (Scope.of(f"part:{uuid4()}"), False),
    ):
        who = Caller("li", frozenset(), None, "li", scope=scope, realm=caller)
        permit = Permission(who, (), matrix)
        assert permit.reached()(OURS[of]) is reaches
        assert matrix.reaches_chain(str(OURS[of]), who) is reaches
        assert matrix.reaches_chain(chain_of("units", of), who) is holds
    if not holds:
        permit = Permission(Caller("li", frozenset(), None, "li", realm=caller), (), matrix)
        assert not permit.within_chain(str(OURS[of]))
        with pytest.raises(NotThere):
            permit.within(OURS[of])


@pytest.mark.parametrize("claim", ["", "53010", "530100000", "k", 530100, ["530100"], {}])
def test_a_token_whose_realm_is_spelled_like_none_does_not_hold(claim):
    """Planted bug: what is no realm is taken for none."""
    verifier = Verifier(Claims("i", "a", "roles", "unit", "person"), None, "")
    told = {"sub": "li", "roles": [], "realm": claim}
    with pytest.raises(NotSignedIn):
        verifier._named(told)
    assert verifier._named(told | {"realm": "530100"}).realm == "530100"
    assert verifier._named(told | {"realm": None}).realm is None


def test_a_request_that_names_its_own_is_left_as_it_is():
    scope = {"type": "http", "query_string": b"part=%41&x=1", "path_params": {"part": "x"},
             "headers": []}  # fmt: skip
    hide_others(Request(scope), {"part"}, "530100")
    assert (scope["query_string"], scope["path_params"]) == (b"part=%41&x=1", {"part": "x"})
