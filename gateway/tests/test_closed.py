"""Of a closed jurisdiction nobody changes anything, nor does who has no account."""

import httpx
import pytest

from chassis.realms import CLOSED, new_part

from .conftest import new_account

CODE, OTHER = "530102", "530103"


class Heard:
    """A service that does whatever it is asked, and remembers it."""

    def __init__(self):
        self.asked = []

    def __call__(self, request):
        self.asked.append(request)
        code = request.url.path.rsplit("/", 1)[-1]
        return httpx.Response(200, json={"code": code, "state": "confirmed"})


@pytest.fixture(scope="module")
async def heard():
    return Heard()


@pytest.fixture(scope="module")
async def door(run_gateway, heard):
    """Give a gateway at which one of two jurisdictions is closed."""
    names = ("indicators", "scoring", "survey", "ranking")
    parts = dict.fromkeys(names, httpx.MockTransport(heard))
    door = await run_gateway(parts, account_seconds=0.001)
    async with door.client(await door.sign_in()) as admin:
        first = new_account(f"{CODE}.admin", "system_administrator", jurisdiction=CODE)
        second = new_account("second", "system_administrator", person="E2")
        for each in (first, second):
            answer = await admin.post("/api/v1/accounts", json={"accounts": [each]})
            assert answer.status_code == 201, answer.text
        door.care = await _in_an_emergency(door)
        closing = {"jurisdiction": CODE, "reason": "x"}
        at = "/api/v1/jurisdiction-closings"
        assert (await admin.post(at, json=closing)).is_success
        async with door.client(await door.sign_in("second")) as other:
            assert (await other.post(f"{at}/{CODE}/confirmation")).is_success
    return door


async def _in_an_emergency(door):
    """Return a token by a right of an emergency, before it is closed."""
    async with door.client(await door.sign_in(f"{CODE}.admin")) as own:
        for role in ("audit_administrator", "security_administrator"):
            account = new_account(f"{CODE}.{role}", role, person=role)
            assert (await own.post("/api/v1/accounts", json={"accounts": [account]})).is_success
        taken = {"right": "account-care", "minutes": 60, "reason": "x"}
        answer = await own.post("/api/v1/emergency-grants", json=taken)
        assert answer.status_code == 201, answer.text
        at = f"/api/v1/emergency-grants/{answer.json()['grant']['grant_id']}/token"
        return (await own.post(at)).json()["access_token"]


PUBLIC = (
    "complaints",
    "complaints/C1/verdict",
    "notices/1/objections",
    "notices/1/objections/R1/withdrawal",
)


@pytest.mark.parametrize("end", PUBLIC)
async def test_without_an_account_nothing_is_changed_of_it_and_all_is_read(door, heard, end):
    """Planted bugs: the door looks at tokens alone; at ids as they are usually written; what is
    read is refused, or what is of another."""
    cycle, other = new_part(CODE), new_part(OTHER)
    async with door.client() as nobody:
        for each in (str(cycle), str(cycle).upper(), cycle.hex):
            heard.asked.clear()
            refused = await nobody.post(f"/api/v1/public/cycles/{each}/{end}", json={})
            assert (refused.status_code, refused.json()["type"]) == (409, "jurisdiction-closed")
            assert heard.asked == []
        assert (await nobody.post(f"/api/v1/public/cycles/{other}/{end}", json={})).is_success
        assert (await nobody.get(f"/api/v1/public/cycles/{cycle}/notices")).is_success


async def test_whoever_is_asked_by_a_link_is_told_what_is_closed(door, heard):
    """Planted bugs: whoever asks says it; it is told of other routes."""
    async with door.client(**{CLOSED: OTHER}) as nobody:
        for ask in (nobody.get, nobody.post):
            heard.asked.clear()
            await ask("/api/v1/open-form")
            assert heard.asked[0].headers.get_list(CLOSED) == [CODE]
        heard.asked.clear()
        await nobody.get(f"/api/v1/public/cycles/{new_part(OTHER)}/notices")
        assert CLOSED not in heard.asked[0].headers


async def test_an_emergency_is_over_when_it_is_closed(door):
    """Planted bug: a right that was taken before goes on."""
    async with door.client(door.care) as care:
        assert (await care.get("/api/v1/accounts")).status_code == 401


async def test_what_is_kept_of_persons_is_erased_all_the_same(door):
    """Planted bug: an account of a closed jurisdiction reads, and nothing else."""
    async with door.client(await door.sign_in(f"{CODE}.admin")) as admin:
        told = (await admin.get("/api/v1/me")).json()["scope"].split()
    assert "erasures.write" in told
    assert "complaints.write" not in told
