"""Who forgot a password or lost a device is helped by two, and nobody acts in his place alone."""

import asyncio
import json
import uuid

import pyotp
import pytest

from chassis.refusals import TooManyRequests
from gateway.attempts import Attempts
from gateway.rules.limits import Allowance

from .conftest import SECRET, until
from .test_second_factors import OWN, Clock, asked, sign_in
from .test_sessions import asks, renewed
from .test_signing_in_under_attack import HeldUp

ACCOUNTS = "/api/v1/accounts"
NEW = "another-horse-and-cart"
LATER = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE account_secret SET one_time_until = clock_timestamp();
      UPDATE account_reset SET proposed_at = clock_timestamp() - interval '7 days';
    END $$
    """


@pytest.fixture(scope="module")
async def doors(run_gateway):
    """Give one gateway with three administrators: `admin`, `second` and `third`."""
    door = await run_gateway(account_seconds=0.001, trusted_proxies=["127.0.0.0/8"])
    door.app.state.clock = Clock()
    async with door.client(await door.sign_in()) as admin:
        await made(admin, "second", "system_administrator", person="E2")
        await made(admin, "third", "system_administrator", person="E3", secret=None)
        async with door.client(await door.sign_in("second")) as second:
            given = await second.post(f"{ACCOUNTS}/third/confirmation")
            await door.choose("third", given.json()["secret"])
            async with door.client(await door.sign_in("third")) as third:
                yield door, admin, second, third


async def made(client, subject, *roles, **more):
    usual = {"subject": subject, "kind": "person", "name": "某人", "secret": SECRET}
    answer = await client.post(ACCOUNTS, json={"accounts": [usual | {"roles": roles} | more]})
    assert answer.status_code == 201, answer.text
    return subject


async def person(doors, role="organiser", **more):
    door, admin, second, _ = doors
    if door.app.state.matrix.roles[role].get("powerful"):
        more |= {"secret": None}
    subject = await made(admin, f"p-{uuid.uuid4().hex[:8]}", role, **more)
    given = (await second.post(f"{ACCOUNTS}/{subject}/confirmation")).json()
    if given.get("secret"):
        await door.choose(subject, given["secret"])
    return subject


async def propose(client, subject, *what, **headers):
    body = {"what": what or ["password"], "reason": "忘记密码"}
    return await client.post(f"{ACCOUNTS}/{subject}/resets", json=body, headers=headers)


async def confirm(client, subject, number=1, **headers):
    path = f"{ACCOUNTS}/{subject}/resets/{number}/confirmation"
    return await client.post(path, headers=headers)


async def new_password(door, token, current):
    async with door.client(token) as client:
        return await client.post("/api/v1/me/password", json={"current": current, "new": NEW})


async def test_a_forgotten_password_is_reset_by_two_and_chosen_by_its_person(doors):
    """Planted bugs: the former password still opens; the secret for once opens a session."""
    door, admin, second, _ = doors
    name = await person(doors, "performance_office")
    tokens = (await sign_in(door, name)).json()
    proposed = await propose(admin, name)
    told = proposed.json()
    assert (proposed.status_code, told["secret"], told["reset"]["state"]) == (201, None, "pending")
    assert (await sign_in(door, name)).status_code == 200  # nothing has happened yet
    done = await confirm(second, name)
    once = done.json()["secret"]
    assert (done.status_code, done.headers["cache-control"]) == (201, "no-store")
    assert done.json()["reset"]["state"] == "effective"
    await asyncio.sleep(0.01)
    assert await asks(door, tokens) == 401
    assert (await renewed(door, tokens["refresh_token"])).status_code == 400
    assert (await sign_in(door, name)).status_code == 400
    given = (await sign_in(door, name, secret=once)).json()
    assert (given["purpose"], "refresh_token" in given) == ("new-password", False)
    assert await asks(door, given) == 403
    changed = await new_password(door, given["access_token"], once)
    assert changed.status_code == 201, changed.text
    assert (await sign_in(door, name, secret=once)).status_code == 400
    assert (await new_password(door, given["access_token"], once)).status_code == 422
    whole = await sign_in(door, name, secret=NEW)
    assert (await asks(door, whole.json()), "purpose" in whole.json()) == (200, False)


async def test_who_was_let_in_by_the_former_password_while_it_was_reset_is_not(doors):
    """Planted bug: a session is opened by what was read before the secret was compared."""
    door, admin, second, _ = doors
    name = await person(doors)
    await propose(admin, name)
    usual = door.app.state.hasher
    door.app.state.hasher = held = HeldUp(door.app.state.settings)
    try:
        signing_in = asyncio.create_task(sign_in(door, name))
        await until(lambda: held.compared)
        assert (await confirm(second, name)).status_code == 201
        held.go_on.set()
        assert ((await signing_in).status_code, held.compared) == (400, 1)
    finally:
        held.go_on.set()
        door.app.state.hasher = usual


async def test_of_two_who_choose_a_password_at_once_one_does(doors):
    """Planted bug: the present one is looked at before the accounts are locked, and not after."""
    door, *_ = doors
    name = await person(doors)
    token = (await sign_in(door, name)).json()["access_token"]
    async with door.client(token) as client:
        wishes = [{"current": SECRET, "new": f"{NEW}-{n}"} for n in range(3)]
        answers = await asyncio.gather(
            *(client.post("/api/v1/me/password", json=wish) for wish in wishes)
        )
    assert sorted(each.status_code for each in answers) == [201, 422, 422]


async def test_neither_who_proposed_it_nor_whose_account_it_is_confirms_a_reset(doors):
    """Planted bugs: accounts are compared and not persons; the own account is not looked at."""
    door, admin, second, third = doors
    name = await person(doors)
    await propose(admin, name)
    refused = await confirm(admin, name)
    assert (refused.status_code, refused.json()["type"]) == (403, "confirmed-by-another")
    own = await propose(second, "second")
    assert (own.status_code, own.json()["type"]) == (403, "own-account")
    assert (await propose(admin, "second")).status_code == 201
    assert (await confirm(second, "second")).json()["type"] == "confirmed-by-another"
    waiting = {(each["kind"], each["about"].get("subject")) for each in await tasks(third)}
    assert {("confirm-account-reset", name), ("confirm-account-reset", "second")} <= waiting
    for client, expected in ((admin, set()), (second, {name})):
        kinds = [each for each in await tasks(client) if each["kind"] == "confirm-account-reset"]
        assert {each["about"]["subject"] for each in kinds} & {name, "second"} == expected
    for role in ("organiser", "auditor"):
        async with door.client(door.token(role)) as client:
            assert (await confirm(client, name)).status_code == 403
            assert (await propose(client, name)).status_code == 403
    listed = (await third.get(f"{ACCOUNTS}/{name}/resets")).json()["resets"]
    assert [(each["state"], each["confirmed_by"]) for each in listed] == [("pending", None)]


async def tasks(client):
    return (await client.get("/api/v1/me/tasks")).json()["tasks"]


async def test_a_reset_is_confirmed_once_and_only_the_latest(doors):
    """Planted bugs: any that is not in effect can be confirmed; a task is told for each."""
    _, admin, second, _ = doors
    name = await person(doors)
    for _ in range(2):
        await propose(admin, name)
    waiting = [each["about"] for each in await tasks(second)]
    assert [each["number"] for each in waiting if each.get("subject") == name] == ["2"]
    first = await confirm(second, name, 1)
    assert (first.status_code, first.json()["type"]) == (409, "reset-over")
    answers = await asyncio.gather(*(confirm(second, name, 2) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    missing = await confirm(second, name, 3)
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-reset")
    listed = (await admin.get(f"{ACCOUNTS}/{name}/resets")).json()["resets"]
    assert [each["state"] for each in listed] == ["overtaken", "effective"]


async def test_a_repeated_confirmation_shows_no_secret_and_a_check_changes_nothing(doors, sql):
    """Planted bug: the answer is kept with the secret."""
    door, admin, second, _ = doors
    name = await person(doors)
    await propose(admin, name)
    checked = await second.post(f"{ACCOUNTS}/{name}/resets/1/confirmation?mode=check")
    assert (checked.status_code, checked.json()["secret"]) == (200, None)
    assert (await sign_in(door, name)).status_code == 200
    key = {"Idempotency-Key": f'"{name}"'}
    first, again = [(await confirm(second, name, **key)).json()["secret"] for _ in range(2)]
    assert (bool(first), again) == (True, None)
    kept = await sql(door, "SELECT k::text AS row FROM idempotency_key k")
    journal = await sql(door, "SELECT body FROM journal_entry")
    assert first not in str((kept, journal))


async def test_the_secret_for_once_does_nothing_but_choose_another_password(doors):
    """Planted bugs: it enrols a second factor; it needs no code where there is a second factor."""
    door, admin, second, _ = doors
    clock = door.app.state.clock
    name = await person(doors)
    token = (await sign_in(door, name)).json()["access_token"]
    device = await enrol(door, token, SECRET)
    await propose(admin, name)
    once = (await confirm(second, name)).json()["secret"]
    assert (await sign_in(door, name, secret=once)).json()["type"] == "second-factor-needed"
    clock.go_on()
    given = (await sign_in(door, name, device.at(clock()), secret=once)).json()
    assert given["purpose"] == "new-password"
    assert (await asked(door, given["access_token"], current=once)).status_code == 403
    clock.go_on()
    # A token from before that has not ended yet would not do either.
    inside = door.token("organiser", subject=name, person=name)
    refused = await asked(door, inside, current=once, otp=device.at(clock()))
    assert refused.json()["type"] == "second-factor-rejected"


async def enrol(door, token, current):
    clock = door.app.state.clock
    clock.go_on()
    given = (await asked(door, token, current=current)).json()
    device = pyotp.TOTP(given["key"])
    async with door.client(token) as client:
        answer = await client.post(f"{OWN}/confirmation", json={"code": device.at(clock())})
    assert answer.status_code == 201, answer.text
    return device


async def test_a_lost_second_factor_is_taken_back_with_one_that_waits(doors):
    """Planted bug: one that was asked for before the reset is confirmed after it."""
    door, admin, second, _ = doors
    clock = door.app.state.clock
    name = await person(doors)
    refused = await propose(admin, name, "second-factor")
    assert (refused.status_code, refused.json()["type"]) == (409, "nothing-to-reset")
    token = (await sign_in(door, name)).json()["access_token"]
    device = await enrol(door, token, SECRET)
    clock.go_on()
    waiting = await asked(door, token, otp=device.at(clock()))
    assert waiting.status_code == 201, waiting.text
    await propose(admin, name, "second-factor")
    done = await confirm(second, name)
    assert (done.status_code, done.json()["secret"]) == (201, None)
    answer = await sign_in(door, name)
    assert answer.status_code == 200  # by the password alone, which is what it was
    code = pyotp.TOTP(waiting.json()["key"]).at(clock())
    async with door.client(answer.json()["access_token"]) as client:
        late = await client.post(f"{OWN}/confirmation", json={"code": code})
    assert (late.status_code, late.json()["type"]) == (409, "nothing-to-confirm")
    await enrol(door, answer.json()["access_token"], SECRET)
    assert (await sign_in(door, name)).json()["type"] == "second-factor-needed"


async def test_a_client_is_not_reset(doors):
    name = await person(doors, kind="client")
    refused = await propose(doors[1], name)
    assert (refused.status_code, refused.json()["type"]) == (409, "for-persons")


async def test_nothing_waits_for_ever(doors, sql):
    """Planted bugs: a secret for once opens for ever; a reset waits for more than seven days."""
    door, admin, second, third = doors
    name, other = await person(doors), await person(doors)
    await propose(admin, name)
    once = (await confirm(second, name)).json()["secret"]
    await propose(admin, other)
    await sql(door, LATER)
    assert (await sign_in(door, name, secret=once)).status_code == 400
    assert (await sign_in(door, name)).status_code == 400
    late = await confirm(second, other)
    assert (late.status_code, late.json()["type"]) == (409, "reset-over")
    kinds = {each["kind"] for each in await tasks(third)}
    assert "confirm-account-reset" not in kinds
    listed = (await admin.get(f"{ACCOUNTS}/{other}/resets")).json()["resets"]
    assert listed[0]["state"] == "lapsed"


async def test_the_only_administrator_resets_no_powerful_account(run_gateway, sql):
    """Planted bug: the only one is asked for nobody's consent, as when an account is made."""
    door = await run_gateway(account_seconds=0.001)
    async with door.client(await door.sign_in()) as admin:
        await made(admin, "office", "performance_office")
        await made(admin, "clerk", "organiser")
        refused = await propose(admin, "office")
        assert (refused.status_code, refused.json()["type"]) == (409, "reset-needs-two")
        done = await propose(admin, "clerk")
        reset = done.json()["reset"]
        assert (reset["state"], reset["confirmed_by"]) == ("effective", None)
    given = await sign_in(door, "clerk", secret=done.json()["secret"])
    assert given.json()["purpose"] == "new-password"
    rows = await sql(door, "SELECT body FROM journal_entry WHERE event LIKE '%reset%'")
    assert [json.loads(row["body"])["grant"] for row in rows] == ["granted-by-one"]


async def test_an_administrator_takes_the_pause_off_a_name(doors):
    """Planted bug: a check takes it off."""
    door, admin, _, _ = doors
    name = await person(doors)
    for _ in range(5):
        await sign_in(door, name, secret="wrong-wrong-wrong")
    assert (await sign_in(door, name)).status_code == 429
    path, body = f"{ACCOUNTS}/{name}/unlock", {"reason": "本人来电核实"}
    assert (await admin.post(f"{path}?mode=check", json=body)).status_code == 200
    assert (await sign_in(door, name)).status_code == 429
    done = await admin.post(path, json=body)
    assert (done.status_code, done.json()["receipt"]["chain"]) == (201, "accounts")
    assert (await sign_in(door, name)).status_code == 200
    missing = await admin.post(f"{ACCOUNTS}/nobody-there/unlock", json=body)
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-account")


def test_another_process_forgets_as_well():
    """Planted bugs: what is told of an unlocked name is taken for a try; wrong codes are forgotten
    too, and an administrator who unlocks again and again guesses one."""
    here, there = [Attempts(10**9, Allowance(10**9, 10**9)) for _ in range(2)]
    for each in (here, there):
        attempt = each.begin("li", "a", 0)
        for _ in range(4):
            attempt = each.begin("li", "a", 0)
        for _ in range(10):
            each.begin_code(attempt, 0)
    here.untold()
    here.unlock("li")
    for told in here.untold():
        there.count(told, 0)
    for each in (here, there):
        attempt = each.begin("li", "a", 0)
        with pytest.raises(TooManyRequests):
            each.begin_code(attempt, 0)
