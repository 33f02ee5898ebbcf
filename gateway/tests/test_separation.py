"""Three people keep accounts, give roles, and audit both; and no two of them are one."""

import asyncio
import uuid
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from chassis.authorisation import load
from gateway.rules.proposals import WAITS
from gateway.rules.separation import APART, AUDIT, SECURITY, SYSTEM

from .conftest import AUTHORISATION, in_process, new_account

ACCOUNTS = "/api/v1/accounts"
OUTSIDE = "auditor", "auditor"
AGED = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE account SET created_at = created_at - interval '7 days' WHERE subject = '%s';
      UPDATE account_change SET changed_at = changed_at - interval '7 days' WHERE subject = '%s';
    END $$
    """

FROM_BEFORE = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE account SET roles = '["committee"]' WHERE subject = '%s';
    END $$
    """


class Apart:
    """A gateway whose powers are apart: two administrators of each kind."""

    def __init__(self, door, clients):
        self.door, self.clients = door, clients
        self.system, self.security, self.audit = (clients[each] for each in APART)
        self.other, self.auditor = (clients[each] for each in ("sys2", "auditor"))

    async def propose(self, *roles, by=None, **more):
        """Propose an account; return its name and what is said of it."""
        subject = f"n-{uuid.uuid4().hex[:8]}"
        made = new_account(subject, *roles, **({"secret": None} | more))
        answer = await (by or self.system).post(ACCOUNTS, json={"accounts": [made]})
        return subject, answer

    async def made(self, *roles, **more):
        """Return the name of an account that is in effect."""
        subject, answer = await self.propose(*roles, **more)
        assert answer.status_code == 201, answer.text
        if answer.json()["accounts"][0]["state"] == "pending":
            assert (await confirm(self.security, subject)).status_code == 201
        return subject


@pytest.fixture(scope="module")
async def apart(settings_for):
    """Give a gateway in which all three parts are taken, two security administrators among them."""
    async with in_process(settings_for) as run:
        door = await run(account_seconds=0.001)
        async with entered(door) as apart:
            yield apart


@asynccontextmanager
async def entered(door):
    async with door.client(await door.sign_in()) as admin:
        named = [new_account("sec", SECURITY, person="E-sec")]
        answer = await admin.post(ACCOUNTS, json={"accounts": named})
        assert answer.json()["accounts"][0]["state"] == "effective", answer.text
        async with door.client(await door.sign_in("sec")) as sec:
            for subject, role in (("sec2", SECURITY), ("sys2", SYSTEM), ("aud", AUDIT), OUTSIDE):
                made = new_account(subject, role, person=f"E-{subject}", secret=None)
                answer = await admin.post(ACCOUNTS, json={"accounts": [made]})
                assert answer.json()["accounts"][0]["state"] == "pending", answer.text
                await door.choose(subject, (await confirm(sec, subject)).json()["secret"])
            clients = {SYSTEM: admin, SECURITY: sec}
            async with AsyncExitStack() as stack:
                for name, subject in ((AUDIT, "aud"), ("sys2", "sys2"), OUTSIDE):
                    signed_in = door.client(await door.sign_in(subject))
                    clients[name] = await stack.enter_async_context(signed_in)
                yield Apart(door, clients)


async def confirm(client, subject, version=None):
    at = "confirmation" if version is None else f"changes/{version}/confirmation"
    return await client.post(f"{ACCOUNTS}/{subject}/{at}")


async def change(client, subject, **more):
    return await client.post(f"{ACCOUNTS}/{subject}/changes", json={"reason": "调整", **more})


async def refuse(client, subject, version=None, reason="不同意"):
    at = "refusal" if version is None else f"changes/{version}/refusal"
    return await client.post(f"{ACCOUNTS}/{subject}/{at}", json={"reason": reason})


async def state(client, subject):
    return (await client.get(f"{ACCOUNTS}/{subject}")).json()


def kind(answer):
    return answer.status_code, answer.json().get("type")


@pytest.mark.parametrize("roles", [(one, two) for one in APART for two in APART if one < two])
async def test_nobody_is_two_of_the_three_by_one_account_or_by_two(apart, roles):
    """Planted bug: a role that is not `alone`."""
    _, both = await apart.propose(*roles)
    assert [e["code"] for e in both.json()["errors"]] == ["roles-exclude-each-other"]
    person = f"P-{uuid.uuid4().hex[:6]}"
    subject = await apart.made(roles[0], person=person)
    _, second = await apart.propose(roles[1], person=person)
    assert [e["code"] for e in second.json()["errors"]] == ["person-roles-exclude-each-other"]
    _, other = await apart.propose(roles[1], person=person.upper())
    assert {e["code"] for e in other.json()["errors"]} >= {"person-unclear"} or person.isupper()
    both = await change(apart.security, subject, roles=list(roles))
    assert [e["code"] for e in both.json()["errors"]] == ["roles-exclude-each-other"]


async def test_nobody_holds_what_excludes_each_other_by_two_changes_that_waited(apart):
    """Planted bug: what a person holds is looked at when a change is proposed, and no more."""
    person = f"P-{uuid.uuid4().hex[:6]}"
    one, two = [await apart.made(person=person) for _ in range(2)]
    for subject, role in ((one, "committee"), (two, "performance_office")):
        assert (await change(apart.system, subject, roles=[role])).status_code == 201
    assert (await confirm(apart.security, one, 2)).status_code == 201
    second = await confirm(apart.security, two, 2)
    assert [e["code"] for e in second.json()["errors"]] == ["person-roles-exclude-each-other"]
    assert (await state(apart.audit, two))["roles"] == []


async def test_who_keeps_accounts_gives_nobody_a_role_alone(apart):
    """Planted bugs: an ordinary role that a system administrator gives is in effect at once; a
    system administrator confirms."""
    subject, created = await apart.propose("organiser")
    assert created.json()["accounts"][0]["state"] == "pending"
    async with apart.door.client(await apart.door.sign_in("sys2")) as other:
        for client in (apart.system, other, apart.audit):
            assert kind(await confirm(client, subject)) == (403, "not-allowed")
    assert (await confirm(apart.security, subject)).json()["account"]["state"] == "effective"
    given = (await change(apart.system, subject, roles=["panel_member"])).json()["change"]
    taken = (await change(apart.system, subject, roles=[])).json()["change"]
    assert (given["awaits_confirmation"], taken["awaits_confirmation"]) == (True, False)


async def test_nobody_who_made_an_account_knows_what_opens_it(apart):
    """Planted bugs: an account without roles is in effect at once; a first ordinary role leaves the
    secret as it was."""
    _, chosen = await apart.propose(secret="a-secret-that-is-long-enough")
    assert [e["code"] for e in chosen.json()["errors"]] == ["secret-chosen-for-another"]
    for of in ("person", "client"):
        subject, created = await apart.propose(kind=of)
        [told] = created.json()["accounts"]
        assert (told["state"], told["secret"]) == ("pending", None)
        first = (await confirm(apart.security, subject)).json()["secret"]
        assert (await change(apart.system, subject, roles=["organiser"])).status_code == 201
        given = (await confirm(apart.security, subject, 2)).json()["secret"]
        assert given
        assert given != first
        assert (await change(apart.system, subject, roles=["organiser", "budget"])).is_success
        assert (await confirm(apart.security, subject, 3)).json()["secret"] is None


async def test_who_gives_roles_makes_no_account_and_gives_power_by_two(apart):
    """Planted bugs: a security administrator creates accounts; confirms an own proposal; gives a
    powerful role alone."""
    _, refused = await apart.propose("organiser", by=apart.security)
    assert kind(refused) == (403, "not-allowed")
    subject = await apart.made("data_source_unit", unit="ZH01")
    ordinary = (await change(apart.security, subject, roles=["assessed_unit"])).json()["change"]
    powerful = (await change(apart.security, subject, roles=["committee"])).json()["change"]
    assert [c["awaits_confirmation"] for c in (ordinary, powerful)] == [False, True]
    version = powerful["version"]
    assert kind(await confirm(apart.security, subject, version)) == (403, "confirmed-by-another")
    async with apart.door.client(await apart.door.sign_in("sec2")) as second:
        done = await confirm(second, subject, version)
    assert done.json()["account"]["roles"] == ["committee"]


async def test_who_disables_waits_for_nobody(apart):
    for client in (apart.system, apart.security):
        subject = await apart.made("committee")
        done = await change(client, subject, enabled=False)
        assert done.json()["account"]["state"] == "disabled", done.text
        again = (await change(apart.system, subject, enabled=True)).json()["change"]
        assert again["awaits_confirmation"] is True


async def test_the_last_of_each_kind_stays(run_gateway):
    """Planted bug: only the last system administrator stays."""
    door = await run_gateway()
    async with door.client(await door.sign_in()) as admin:
        made = [new_account("sec", SECURITY, person="E1"), new_account("aud", AUDIT, person="E2")]
        assert (await admin.post(ACCOUNTS, json={"accounts": made})).status_code == 201
        async with door.client(await door.sign_in("sec")) as sec:
            for by, subject in ((sec, "admin"), (admin, "sec"), (admin, "aud"), (sec, "aud")):
                for what in ({"enabled": False}, {"expires_on": "2099-01-01"}, {"roles": []}):
                    refused = await change(by, subject, **what)
                    assert kind(refused) == (409, "last-administrator"), (subject, what)


async def test_the_last_stays_beside_one_who_leaves_on_a_day(run_gateway):
    """Planted bug: whoever is in effect only until a day keeps a part for good."""
    async with entered(await run_gateway()) as apart:
        for by, first, second in ((apart.system, "sec", "sec2"), (apart.security, "admin", "sys2")):
            assert (await change(by, first, expires_on="2999-01-01")).status_code == 201
            refused = await change(by, second, enabled=False)
            assert kind(refused) == (409, "last-administrator"), second


async def test_of_two_who_leave_by_changes_that_waited_the_last_stays(run_gateway):
    """Planted bug: who is left is looked at when a change is proposed, and no more."""
    async with entered(await run_gateway()) as apart:
        for by, subject in ((apart.other, "admin"), (apart.system, "sys2")):
            left = await change(by, subject, roles=["organiser"])
            assert left.json()["change"]["awaits_confirmation"] is True
        assert (await confirm(apart.security, "admin", 2)).status_code == 201
        assert kind(await confirm(apart.security, "sys2", 2)) == (409, "last-administrator")


async def test_what_was_proposed_is_declined_or_withdrawn(apart, sql):
    """Planted bugs: what was declined is confirmed all the same; another system administrator
    declines; the audit administrator does."""
    subject, _ = await apart.propose("committee")
    async with apart.door.client(await apart.door.sign_in("sys2")) as other:
        for client in (other, apart.audit):
            assert kind(await refuse(client, subject)) == (403, "not-allowed")
    ended = (await refuse(apart.system, subject, reason="填错")).json()["ended"]
    assert (ended["how"], ended["version"], ended["reason"]) == ("withdrawn", 1, "填错")
    assert kind(await refuse(apart.security, subject)) == (409, "nothing-proposed")
    assert kind(await confirm(apart.security, subject)) == (409, "nothing-proposed")
    told = await state(apart.audit, subject)
    assert (told["state"], told["confirmed_by"]) == ("disabled", None)
    proposed = (await change(apart.system, subject, enabled=True)).json()["change"]
    assert (await refuse(apart.security, subject, 2)).json()["ended"]["how"] == "declined"
    assert kind(await confirm(apart.security, subject, 2)) == (409, "change-overtaken")
    assert (proposed["awaits_confirmation"], (await state(apart.audit, subject))["state"]) == (
        True, "disabled",
    )  # fmt: skip
    listed = (await apart.audit.get(f"{ACCOUNTS}/{subject}/changes")).json()["ended"]
    assert [(each["version"], each["how"]) for each in listed] == [
        (1, "withdrawn"),
        (2, "declined"),
    ]
    [row] = await sql(
        apart.door,
        "SELECT body::jsonb ->> 'how' AS how FROM journal_entry"
        " WHERE event = 'gateway.proposal-ended' ORDER BY seq DESC LIMIT 1",
    )
    assert row["how"] == "declined"


async def test_of_a_confirmation_and_refusals_at_once_one_is(apart):
    """Planted bug: no lock while it is looked whether it waits."""
    async with apart.door.client(await apart.door.sign_in("sec2")) as second:
        for _ in range(3):
            subject, _ = await apart.propose("committee")
            answers = await asyncio.gather(
                confirm(apart.security, subject),
                confirm(second, subject),
                refuse(apart.security, subject),
                refuse(apart.system, subject),
            )
            assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
            told = await state(apart.audit, subject)
            won = next(i for i, each in enumerate(answers) if each.status_code == 201)
            assert told["state"] == ("effective" if won < 2 else "disabled")


async def test_what_nobody_confirmed_for_seven_days_lapses(apart, sql):
    """Planted bug: the view forgets the interval."""
    assert WAITS.days == 7
    subject, _ = await apart.propose("committee")
    there = await apart.made("organiser")
    await change(apart.system, there, roles=["committee"])
    for each in (subject, there):
        await sql(apart.door, AGED % (each, each))
        assert kind(await confirm(apart.security, each, 2 if each == there else None)) == (
            409, "change-overtaken" if each == there else "nothing-proposed",
        )  # fmt: skip
        version = 2 if each == there else None
        assert kind(await refuse(apart.security, each, version)) == (409, "nothing-proposed")
    assert [(await state(apart.audit, each))["state"] for each in (subject, there)] == [
        "disabled", "effective",
    ]  # fmt: skip
    assert (await state(apart.audit, there))["roles"] == ["organiser"]


async def test_a_reset_is_proposed_by_one_and_confirmed_by_a_security_administrator(apart):
    subject = await apart.made("organiser")
    at = f"{ACCOUNTS}/{subject}/resets"
    body = {"what": ["password"], "reason": "忘记密码"}
    assert kind(await apart.audit.post(at, json=body)) == (403, "not-allowed")
    assert (await apart.system.post(at, json=body)).json()["reset"]["state"] == "pending"
    async with apart.door.client(await apart.door.sign_in("sys2")) as other:
        assert kind(await other.post(f"{at}/1/confirmation")) == (403, "not-allowed")
        assert kind(
            await other.post(f"{ACCOUNTS}/{subject}/unlock", json={"reason": "解除"})
        ) == (403, "not-allowed")  # fmt: skip
    done = await apart.security.post(f"{at}/1/confirmation")
    assert done.json()["reset"]["state"] == "effective"


async def test_who_keeps_accounts_makes_no_secret_of_a_client_alone(apart):
    """Planted bugs: only a secret of a powerful account waits, and with another one whoever made
    the account acts by its ordinary role; one of an account without a role opens it."""
    new = {"reason": "轮换"}
    for roles in (("data_source_unit",), ()):
        subject = await apart.made(*roles, kind="client", unit="ZH01")
        answer = await apart.system.post(f"{ACCOUNTS}/{subject}/secrets", json=new)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert (told["kept"]["state"], told["secret"]) == ("pending", None)


async def test_a_proposal_that_nobody_could_confirm_is_refused(run_gateway):
    """Planted bug: it waits for ever."""
    door = await run_gateway()
    async with door.client(await door.sign_in()) as admin:
        made = [new_account("plain"), new_account("sec", SECURITY, person="E1")]
        assert (await admin.post(ACCOUNTS, json={"accounts": made})).status_code == 201
        async with door.client(await door.sign_in("sec")) as sec:
            alone = await change(sec, "plain", roles=["committee"])
            assert kind(alone) == (409, "nobody-to-confirm")
            assert (await state(sec, "plain"))["pending_version"] is None
            first = await change(sec, "plain", roles=["organiser"])
            assert kind(first) == (409, "nobody-to-confirm")
        of_own = {"what": ["password"], "reason": "忘记密码"}
        reset = await admin.post(f"{ACCOUNTS}/sec/resets", json=of_own)
        assert kind(reset) == (409, "nobody-to-confirm")


async def test_a_part_of_an_account_that_signs_nobody_in_parts_no_powers(run_gateway):
    """Planted bug: a disabled account that is given the part of a security administrator ends the
    phase, and nobody is left who could confirm."""
    door = await run_gateway()
    async with door.client(await door.sign_in()) as admin:
        made = [new_account(each, secret="a-long-enough-secret") for each in ("x", "y")]
        assert (await admin.post(ACCOUNTS, json={"accounts": made})).status_code == 201
        for subject, no in (("x", {"enabled": False}), ("y", {"expires_on": "2020-01-01"})):
            given = await change(admin, subject, roles=[SECURITY], **no)
            assert given.status_code == 201, given.text
        assert "name-security-administrator" in await tasks(admin)
        made = [new_account("office", "performance_office")]
        answer = await admin.post(ACCOUNTS, json={"accounts": made})
        assert answer.status_code == 201, answer.text


async def test_until_there_is_a_security_administrator_tasks_ask_for_one(run_gateway):
    door = await run_gateway()
    async with door.client(await door.sign_in()) as admin:
        wanted = ["name-audit-administrator", "name-security-administrator"]
        assert await tasks(admin) == wanted
        made = [new_account("sec", SECURITY, person="E1")]
        await admin.post(ACCOUNTS, json={"accounts": made})
        assert await tasks(admin) == wanted[:1]
        async with door.client(await door.sign_in("sec")) as sec:
            assert await tasks(sec) == []
            audit = new_account("aud", AUDIT, person="E2", secret=None)
            await admin.post(ACCOUNTS, json={"accounts": [audit]})
            assert await tasks(sec) == ["confirm-account"]
            await confirm(sec, "aud")
        assert await tasks(admin) == []


async def tasks(client):
    return sorted(each["kind"] for each in (await client.get("/api/v1/me/tasks")).json()["tasks"])


@pytest.mark.parametrize(
    ("how", "role", "code"),
    [
        ("client", "committee", "role-of-a-person"),
        ("client", SYSTEM, "role-of-a-person"),
        ("client", SECURITY, "role-of-a-person"),
        ("client", AUDIT, "role-of-a-person"),
        ("person", "personnel_system", "role-of-a-system"),
    ],
)
async def test_a_system_holds_no_role_of_a_person_nor_the_reverse(apart, how, role, code):
    """Planted bug: a change gives what a new account is refused."""
    _, refused = await apart.propose(role, kind=how)
    assert (refused.status_code, [e["code"] for e in refused.json()["errors"]]) == (422, [code])
    subject = await apart.made("auditor", kind=how)
    later = await change(apart.system, subject, roles=[role])
    assert (later.status_code, [e["code"] for e in later.json()["errors"]]) == (422, [code])


async def test_a_system_from_before_with_a_role_of_a_person_is_named(apart, sql):
    """Planted bug: what could not be made today cannot be disabled either."""
    subject = await apart.made("auditor", kind="client")
    await sql(apart.door, FROM_BEFORE % subject)
    for client in (apart.system, apart.security):
        told = (await client.get("/api/v1/me/tasks")).json()["tasks"]
        named = [each["about"]["subject"] for each in told if each["kind"] == "mend-account-holder"]
        assert named == [subject]
    assert (await change(apart.system, subject, enabled=False)).status_code == 201
    assert "mend-account-holder" not in await tasks(apart.system)


def test_none_of_the_three_has_a_row_where_the_year_goes_on():
    """Planted bug: an administrator reads score sheets."""
    matrix = load(AUTHORISATION)
    own = ("accounts", "webhook", "journals", "checkpoints", "calendars", "emergency")
    own += ("jurisdictions", "jurisdiction-closings")
    rows = {
        (row.role, route)
        for route, rows in matrix.routes.items()
        for row in rows
        if row.role in APART and not route.partition("/api/v1/")[2].startswith(own)
    }
    assert rows == set()
    writes = {
        route
        for route, rows in matrix.routes.items()
        if any(row.role == AUDIT for row in rows) and not route.startswith("GET ")
    }
    assert {route for route in writes if "emergency" not in route} == set()


async def opens(apart, subject, secret):
    form = {"grant_type": "client_credentials", "client_id": subject, "client_secret": secret}
    async with apart.door.client() as client:
        return (await client.post("/oauth/token", data=form)).status_code == 200


@pytest.mark.parametrize("no", [{}, {"enabled": False}])
async def test_a_first_role_takes_two_and_a_new_secret_whoever_gives_it(apart, no):
    """Planted bugs: a security administrator gives it alone, and acts by the secret that he was
    told; it is stored while the account is disabled, and is none when that is enabled."""
    subject, _ = await apart.propose(kind="client", unit="ZH01")
    known = (await confirm(apart.security, subject)).json()["secret"]
    assert await opens(apart, subject, known)
    given = await change(apart.security, subject, roles=["data_source_unit"], **no)
    assert given.status_code == 201, given.text
    assert given.json()["change"]["awaits_confirmation"]
    assert (await state(apart.audit, subject))["roles"] == []
    async with apart.door.client(await apart.door.sign_in("sec2")) as second:
        done = await confirm(second, subject, 2)
    assert (done.status_code, done.json()["account"]["roles"]) == (201, ["data_source_unit"])
    if no:
        assert (await change(apart.security, subject, enabled=True)).status_code == 201
    assert not await opens(apart, subject, known)
    assert await opens(apart, subject, done.json()["secret"])
    more = await change(apart.security, subject, roles=["data_source_unit", "organiser"])
    assert not more.json()["change"]["awaits_confirmation"]


async def test_a_disabled_account_is_given_no_role_that_nobody_looked_at(apart):
    """Planted bug: roles of a disabled account are looked at when it is enabled."""
    subject = await apart.made("organiser")
    for roles, code in (
        (["organiser", "no-such-role"], "unknown-role"),
        (list(APART), "roles-exclude-each-other"),
    ):
        answer = await change(apart.security, subject, enabled=False, roles=roles)
        assert (answer.status_code, answer.json()["type"]) == (422, "change-rejected")
        assert code in {each["code"] for each in answer.json()["errors"]}
    assert (await state(apart.audit, subject))["state"] == "effective"
    assert (await change(apart.security, subject, enabled=False)).status_code == 201


async def test_an_administrator_signs_an_account_out_wherever_it_is_open(apart, sql):
    """Planted bugs: an auditor ends sessions; one session goes on."""
    subject, proposed = await apart.propose("organiser")
    assert proposed.status_code == 201
    confirmed = await confirm(apart.security, subject)
    await apart.door.choose(subject, confirmed.json()["secret"])
    open_ones = [await apart.door.sign_in(subject) for _ in range(3)]
    at, why = f"{ACCOUNTS}/{subject}/sessions/end", {"reason": "设备遗失"}
    assert kind(await apart.audit.post(at, json=why)) == (403, "not-allowed")
    done = await apart.system.post(at, json=why)
    assert done.status_code == 201, done.text
    assert done.json()["ended"] >= 3
    for token in open_ones:
        async with apart.door.client(token) as client:
            assert (await client.get("/api/v1/me")).status_code == 401
    again = await apart.security.post(at, json=why)
    assert (again.status_code, again.json()["ended"]) == (201, 0)
    missing = await apart.system.post(f"{ACCOUNTS}/nobody-there/sessions/end", json=why)
    assert kind(missing) == (404, "no-such-account")
    rows = await sql(
        apart.door,
        "SELECT body::jsonb ->> 'because' AS why FROM journal_entry"
        " WHERE event = 'gateway.sessions-ended'",
    )
    assert {each["why"] for each in rows} >= {"设备遗失"}
    async with apart.door.client(await apart.door.sign_in(subject)) as client:
        assert (await client.get("/api/v1/me")).status_code == 200


LAPSED = """
    DO $$ BEGIN
      SET LOCAL session_replication_role = replica;
      UPDATE account_secret SET made_at = made_at - interval '7 days' WHERE subject = '%s';
    END $$
    """


async def test_a_secret_that_nobody_confirmed_for_seven_days_lapses(apart, sql):
    """Planted bug: the view forgets the interval; it takes the place of a second one for ever."""
    subject = await apart.made("data_source_unit", kind="client", unit="ZH01")
    at, why = f"{ACCOUNTS}/{subject}/secrets", {"reason": "轮换"}
    number = (await apart.system.post(at, json=why)).json()["kept"]["number"]
    full = await apart.system.post(at, json=why)
    assert kind(full) == (409, "two-secrets-alive")
    await sql(apart.door, LAPSED % subject)
    late = await apart.security.post(f"{at}/{number}/confirmation")
    assert kind(late) == (409, "secret-over")
    listed = (await apart.audit.get(at)).json()["secrets"]
    assert [each["state"] for each in listed if each["number"] == number] == ["expired"]
    assert (await apart.system.post(at, json=why)).status_code == 201
