"""Ballots: one from each seat, of nobody's own unit, and opened by a key that nobody had."""

import asyncio
import base64
import secrets
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

SEATS = [{"seat": f"S-{n}", "account": f"holder-{n}", "unit": f"XZ0{n}"} for n in (1, 2, 3)]
GOOD, POOR = "good", "poor"


def text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def ballot(**said):
    judgements = [{"unit": unit, "answer": answer} for unit, answer in said.items()]
    return {"judgements": judgements, "blinding": secrets.token_urlsafe(24)}


async def progress(peers):
    answer = await peers.office.get(f"/api/v1/cycles/{peers.cycle_id}/survey-progress")
    return answer.json()["waves"]


def told_so_far(waves):
    return {(each["completed"], each["expected"], each["reached"]) for each in waves}


@pytest.fixture
async def supervisor(service):
    async with service.caller("supervision", unit="JW01", subject="sup", person="sup") as client:
        yield client


@pytest.fixture
async def holders(service):
    clients = []
    for n in (1, 2, 3):
        caller = service.caller(
            "panel_member", unit=f"XZ0{n}", subject=f"holder-{n}", person=f"holder-{n}"
        )
        clients.append(await caller.__aenter__())
    yield clients
    for client in clients:
        await client.aclose()


@pytest.fixture
async def urn(peers, supervisor):
    """Give a peer review that is open, and the key of its urn."""
    key = X25519PrivateKey.generate()
    assert (await peers.office.post(peers.path(1, "seats"), json={"seats": SEATS})).is_success
    body = {"public_key": text(key.public_key().public_bytes_raw())}
    answer = await supervisor.post(peers.path(1, "urn"), json=body)
    assert answer.is_success, answer.text
    assert (await peers.open()).status_code == 201
    return key


async def test_ballots_are_sealed_until_the_key_is_handed_in_and_then_counted_together(
    service, peers, urn, holders, supervisor, problem
):
    """Planted bugs: keep what a ballot says in the clear; open the urn of an open wave; close a
    wave whose urn is shut; tell of a wave that no interview was completed in it."""
    said = [{"XZ02": GOOD, "XZ03": GOOD}, {"XZ01": POOR, "XZ03": GOOD}, {"XZ02": POOR}]
    path = peers.path(1, "ballot")
    for client, told in zip(holders, said, strict=True):
        paper = (await client.get(path)).json()
        assert (len(paper["units"]), paper["cast"]) == (2, False)
        cast = await client.post(path, json=ballot(**told))
        assert cast.status_code == 201, cast.text
        assert told_so_far(await progress(peers)) == {(holders.index(client) + 1, 3, None)}
    wave = (await peers.office.get(peers.path(1))).json()
    assert (wave["completed"], wave["expected"]) == (3, 3)
    assert {each["completed"] for each in wave["units"]} == {None}
    again = await holders[0].post(path, json=ballot(XZ02=POOR))
    assert problem(again)[:2] == (409, "ballot-cast")
    stored = await service.sql("SELECT sealed FROM ballot WHERE cycle_id = $1", peers.cycle_id)
    assert len({len(each["sealed"]) for each in stored}) == 1
    assert not any(b"XZ0" in each["sealed"] or b"good" in each["sealed"] for each in stored)
    opening = {"private_key": text(urn.private_bytes_raw())}
    early = await supervisor.post(peers.path(1, "urn/opening"), json=opening)
    assert early.status_code == 403
    assert (await peers.office.post(peers.path(1, "stopping"))).status_code == 201
    shut = await peers.office.post(peers.path(1, "closing"), json={})
    assert problem(shut)[:2] == (409, "urn-unopened")
    other = {"private_key": text(X25519PrivateKey.generate().private_bytes_raw())}
    wrong = await supervisor.post(peers.path(1, "urn/opening"), json=other)
    assert problem(wrong)[:2] == (422, "wrong-key")
    opened = await supervisor.post(peers.path(1, "urn/opening"), json=opening)
    assert (opened.status_code, opened.json()["ballots"]) == (201, 3), opened.text
    twice = await supervisor.post(peers.path(1, "urn/opening"), json=opening)
    assert problem(twice)[:2] == (409, "urn-there")
    assert (await peers.office.post(peers.path(1, "closing"), json={})).status_code == 201
    [told] = (await peers.satisfaction()).json()["surveys"]
    assert {each["unit"]: each["satisfaction"] for each in told["units"]} == {
        "XZ01": "0.0000", "XZ02": "50.0000", "XZ03": "100.0000"
    }  # fmt: skip
    changed = await service.unnoticed(str(peers.cycle_id), f"cycle_id = '{peers.cycle_id}'")
    assert not {"seat", "urn", "ballot", "urn_opening"} & {
        each.partition(":")[0] for each in changed
    }
    names = "SELECT string_agg(t::text, '') AS all FROM idempotency_key t"
    kept = (await service.sql(names))[0]["all"]
    assert text(urn.private_bytes_raw()) not in kept


@pytest.mark.parametrize(
    ("judgements", "fault"),
    [
        ([{"unit": "XZ01", "answer": GOOD}], ("/judgements/0/unit", "own-unit")),
        ([{"unit": "XQ01", "answer": GOOD}], ("/judgements/0/unit", "unknown-unit")),
        ([{"unit": "XZ02", "answer": "fine"}], ("/judgements/0/answer", "unknown-answer")),
        ([{"unit": "XZ02"}], ("/judgements/0/answer", "question-unanswered")),
        ([{"unit": "XZ02", "answers": {"answer": GOOD}}], ("/judgements/0", "answers-misplaced")),
        ([{"unit": "XZ02", "answer": GOOD}] * 2, ("/judgements/1/unit", "unit-twice")),
    ],
)
async def test_a_ballot_that_does_not_fit_is_refused_and_the_seat_may_cast_another(
    peers, urn, holders, problem, judgements, fault
):
    """Planted bug: count the seat as having voted although its ballot was refused."""
    path = peers.path(1, "ballot")
    body = {"judgements": judgements, "blinding": "x" * 22}
    assert problem(await holders[0].post(path, json=body)) == (422, "ballot-rejected", [fault])
    assert (await holders[0].post(path, json=ballot(XZ02=GOOD))).status_code == 201


async def test_of_ten_ballots_at_once_from_one_seat_one_is_cast(service, peers, urn, holders):
    answers = await asyncio.gather(
        *(holders[1].post(peers.path(1, "ballot"), json=ballot(XZ01=GOOD)) for _ in range(10))
    )
    assert sorted(each.status_code for each in answers) == [201] + [409] * 9
    rows = await service.sql("SELECT seat FROM ballot WHERE cycle_id = $1", peers.cycle_id)
    assert [each["seat"] for each in rows] == ["S-2"]


@pytest.mark.parametrize("at_once", [False, True], ids=["in turn", "at once"])
async def test_a_person_casts_one_ballot_whichever_accounts_hold_the_seats(
    service, peers, urn, holders, problem, held, at_once
):
    """Planted bugs: one ballot of each account; compare names as they are spelt; look whether the
    person has voted before the ballot is kept, so that of two at once both find nothing."""
    path, body = peers.path(1, "ballot"), {"account": "second", "reason": "更换"}
    given = await peers.office.post(peers.path(1, "seats", "S-2", "replacement"), json=body)
    assert given.status_code == 201
    async with service.caller(
        "panel_member", unit="XZ02", subject="second", person="Ｈolder-1"
    ) as second:
        casting = [client.post(path, json=ballot(XZ03=GOOD)) for client in (holders[0], second)]
        if at_once:
            async with held("voter") as start:
                begun = [await start(each) for each in casting]
            answers = await asyncio.gather(*begun)
        else:
            answers = [await each for each in casting]
        assert sorted(each.status_code for each in answers) == [201, 409]
        refused = max(answers, key=lambda each: each.status_code)
        assert problem(refused)[:2] == (409, "person-has-voted")
        again = await (holders[0], second)[answers.index(refused)].get(path)
        assert again.json()["cast"] is False
    assert (await holders[2].post(path, json=ballot(XZ01=GOOD))).status_code == 201
    rows = await service.sql("SELECT seat FROM ballot WHERE cycle_id = $1", peers.cycle_id)
    assert len(rows) == 2
    changed = await service.unnoticed(str(peers.cycle_id), f"cycle_id = '{peers.cycle_id}'")
    assert "voter" not in {each.partition(":")[0] for each in changed}


async def test_who_holds_no_seat_or_competes_takes_no_part(service, peers, urn, problem):
    """Planted bugs: anybody with the role; a supervisor of an assessed unit sets up the urn."""
    async with service.caller("panel_member", unit="XZ01", subject="somebody") as client:
        refused = await client.post(peers.path(1, "ballot"), json=ballot(XZ02=GOOD))
        assert problem(refused)[:2] == (403, "no-seat")
    async with service.caller("supervision", unit="XZ02", subject="own") as client:
        key = {"public_key": text(X25519PrivateKey.generate().public_key().public_bytes_raw())}
        assert problem(await client.post(peers.path(1, "urn"), json=key))[0] == 403
    late = await peers.office.post(peers.path(1, "seats"), json={"seats": SEATS})
    assert problem(late)[:2] == (409, "wave-not-planned")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"seat": "S-1"}, ("/seats/1/seat", "seat-twice")),
        ({"account": "holder-1"}, ("/seats/1/account", "account-twice")),
        ({"unit": None}, ("/seats/1/unit", "no-peer")),
        ({"unit": "XQ01"}, ("/seats/1/unit", "no-peer")),
        ({"group": "g"}, ("/seats/1/group", "unknown-group")),
    ],
)
async def test_seats_that_do_not_fit_are_refused(peers, problem, changed, fault):
    seats = [SEATS[0], SEATS[1] | changed]
    answer = await peers.office.post(peers.path(1, "seats"), json={"seats": seats})
    assert problem(answer) == (422, "seats-rejected", [fault])


LOW_ORDER = [
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    *(n.to_bytes(32, "little") for n in (2**255 - 20, 2**255 - 19, 2**255 - 18)),
]


@pytest.mark.parametrize("key", LOW_ORDER, ids=bytes.hex)
async def test_an_urn_is_not_set_up_by_a_key_that_seals_nothing(peers, supervisor, problem, key):
    """Planted bug: any 32 bytes, so that each ballot fails, and the wave has to be voided."""
    refused = await supervisor.post(peers.path(1, "urn"), json={"public_key": text(key)})
    assert problem(refused)[:2] == (422, "unusable-key")
    own = {"public_key": text(X25519PrivateKey.generate().public_key().public_bytes_raw())}
    assert (await supervisor.post(peers.path(1, "urn"), json=own)).status_code == 201


async def test_a_wave_does_not_open_without_seats_and_an_urn(peers, supervisor, problem):
    """Planted bug: open it, so that nobody can vote and nobody is told."""
    assert problem(await peers.open())[:2] == (409, "seats-missing")
    assert (await peers.office.post(peers.path(1, "seats"), json={"seats": SEATS})).is_success
    assert problem(await peers.open())[:2] == (409, "urn-missing")
    key = {"public_key": text(X25519PrivateKey.generate().public_key().public_bytes_raw())}
    assert (await supervisor.post(peers.path(1, "urn"), json=key)).is_success
    assert (await peers.open()).status_code == 201


async def test_a_seat_is_given_to_another_account_while_no_ballot_has_come_from_it(
    service, peers, urn, holders, problem
):
    """Planted bugs: who held it casts a ballot all the same; replace whoever has voted; two seats
    of one account; a list that does not tell of it."""
    path = partial(peers.path, 1, "seats")
    body = {"account": "deputy", "reason": "账户名有误"}
    async with service.caller(
        "panel_member", unit="XZ01", subject="deputy", person="deputy"
    ) as deputy:
        assert (await deputy.get(peers.path(1, "ballot"))).status_code == 403
        taken = await peers.office.post(path("S-1", "replacement"), json=body)
        assert taken.status_code == 201, taken.text
        refused = await holders[0].post(peers.path(1, "ballot"), json=ballot(XZ02=GOOD))
        assert problem(refused)[:2] == (403, "no-seat")
        assert (await deputy.get(peers.path(1, "ballot"))).json()["seat"] == "S-1"
        assert (await deputy.post(peers.path(1, "ballot"), json=ballot(XZ02=GOOD))).is_success
        late = await peers.office.post(path("S-1", "replacement"), json=body | {"account": "x"})
        assert problem(late)[:2] == (409, "ballot-cast")
    twice = await peers.office.post(path("S-2", "replacement"), json=body)
    assert problem(twice) == (422, "seats-rejected", [("/account", "account-twice")])
    back = await peers.office.post(path("S-2", "replacement"), json=body | {"account": "holder-1"})
    assert back.status_code == 201
    unknown = await peers.office.post(path("S-9", "replacement"), json=body)
    assert problem(unknown)[:2] == (404, "no-such-seat")
    async with service.caller("auditor") as auditor:
        listed = (await auditor.get(path())).json()["seats"]
        assert (await auditor.post(path("S-3", "replacement"), json=body)).status_code == 403
    assert [(e["account"], e["cast"], len(e["replacements"])) for e in listed] == [
        ("deputy", True, 1), ("holder-1", False, 1), ("holder-3", False, 0)
    ]  # fmt: skip
    assert listed[0]["replacements"][0]["reason"] == body["reason"]
    changed = await service.unnoticed(str(peers.cycle_id), f"cycle_id = '{peers.cycle_id}'")
    assert "seat_replacement" not in {each.partition(":")[0] for each in changed}


async def test_nobody_judges_the_unit_that_he_is_of_whatever_his_seat_is_of(
    service, peers, urn, holders, problem
):
    """Planted bug: look at the unit of the seat alone, whose account is of another one."""
    body = {"account": "other", "reason": "更换"}
    path = peers.path(1, "seats", "S-1", "replacement")
    assert (await peers.office.post(path, json=body)).status_code == 201
    async with service.caller("panel_member", unit="XZ02", subject="other") as other:
        refused = await other.post(peers.path(1, "ballot"), json=ballot(XZ02=GOOD))
        assert problem(refused)[2] == [("/judgements/0/unit", "own-unit")]
        assert (await other.get(peers.path(1, "ballot"))).json()["units"] == ["XZ03"]


async def test_a_ballot_that_was_changed_in_the_database_is_named(
    service, peers, urn, holders, supervisor, problem
):
    await holders[0].post(peers.path(1, "ballot"), json=ballot(XZ02=GOOD))
    await peers.office.post(peers.path(1, "stopping"))
    opening = {"private_key": text(urn.private_bytes_raw())}
    where = f"cycle_id = '{peers.cycle_id}'"
    async with service.altered("ballot", "sealed = sealed || '\\x00'", where):
        answer = await supervisor.post(peers.path(1, "urn/opening"), json=opening)
        assert problem(answer)[:2] == (500, "stored-data-altered")
    assert (await supervisor.post(peers.path(1, "urn/opening"), json=opening)).is_success
