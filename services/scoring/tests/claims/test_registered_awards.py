"""The register of awards: what it takes, what it has already, who confirms it, and who reads it."""

import asyncio
import itertools
from types import SimpleNamespace
from uuid import uuid4

import pytest

from scoring.rules.claims.registering import (
    AWARD_STATES,
    TRANSITIONS,
    AwardParties,
    confirming_faults,
    taking_back_faults,
)
from scoring.rules.claims.states import ClaimActor

ALICE, BOB = "person-a", "person-b"
AWARD = {
    "name": "先进集体",
    "level": "provincial",
    "authority": "省政府",
    "document_no": "省政发〔2025〕7号",
    "document_date": "2025-05-06",
    "awarded_on": "2025-05-06",
}


def held(*units, **names):
    return [{"unit": unit, "holder_name": names.get(unit, unit)} for unit in units]


def of(cycle, unit="XQ01"):
    return cycle.caller("assessed_unit", unit=unit, subject=f"of-{unit}")


def body(cycle, unit="ZH02"):
    return cycle.caller("data_source_unit", unit=unit, subject=f"body-{unit}")


async def register(cycle, client, *units, **more):
    return await cycle.post(client, "awards", AWARD | {"holders": held(*units)} | more)


async def confirm(cycle, found, client=None, **more):
    told = {"award_id": found["award_id"], "decision": "confirmed"} | more
    return await cycle.post(client or cycle.office, "awards/confirmation", told)


async def listed(client, cycle, **query):
    answer = await client.get(f"{cycle.path}/awards", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def counted(client, cycle, **query):
    answer = await client.get(f"{cycle.path}/awards/by-unit", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def faults(answer, status=422):
    assert answer.status_code == status, answer.text
    return [(each["code"], each["pointer"]) for each in answer.json()["errors"]]


# The rule


def codes(state="registered", to="confirmed", reason=None, units=("XQ01",), **who):
    actor = {"person": BOB, "unit": None, "claimant": False, "second_body": False} | who
    body = actor.pop("body", None)
    counties = SimpleNamespace(units=("XQ01", "XQ02"))
    scheme = SimpleNamespace(
        second_body_of=lambda _: body, category_of=lambda: {"XQ01": counties, "XQ02": counties}
    )
    found = AwardParties(units, ALICE, "ZH02", state)
    return [each.code for each in confirming_faults(found, to, reason, ClaimActor(**actor), scheme)]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"person": ALICE}, ["own-registration"]),
        ({"unit": "XQ01"}, ["own-unit"]),
        ({"unit": "ZH02"}, ["own-unit"]),
        ({"unit": "XQ02"}, ["competes"]),
        ({"unit": "ZH40"}, []),
        ({"body": "ZH07"}, ["recused"]),
        ({"body": "ZH07", "unit": "ZH07", "second_body": True}, []),
        ({"unit": "ZH07", "second_body": True}, ["recused"]),
        ({"to": "rejected"}, ["missing"]),
        ({"to": "rejected", "reason": "x"}, []),
        ({"state": "confirmed", "to": "rejected", "reason": "x"}, []),
        ({"state": "rejected"}, ["missing"]),
        ({"state": "taken_back", "reason": "x"}, ["wrong-state"]),
    ],
)
def test_another_person_without_interest_confirms(given, wanted):
    """Planted bugs: the author's account compared and not the person; who competes not asked."""
    assert codes(**given) == wanted


def test_what_is_no_transition_cannot_happen():
    for state, to in itertools.product(AWARD_STATES, AWARD_STATES):
        if to in ("confirmed", "rejected"):
            found = "wrong-state" in codes(state=state, to=to, reason="x")
        elif to == "taken_back":
            found = bool(
                [*taking_back_faults(AwardParties(["XQ01"], ALICE, "XQ01", state), "XQ01")]
            )
        else:
            continue
        assert found == ((state, to) not in TRANSITIONS), (state, to)


# Over HTTP


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle with a special priority, in which XQ01 and XQ02 have awards, and XQ01 claims points
    by the document of one of them; the body ZH07 decides about XQ05."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {
        "recusals": [{"unit": "XQ05", "body": "ZH07"}],
        "inspections": {"priorities": [{"code": "SAFE", "name": "安全生产"}]},
    }
    own = (await register(cycle, of(cycle), "XQ01")).json()
    joint = await register(
        cycle, body(cycle), "XQ01", "XQ02", document_no="市政发〔2025〕3号", granted_by="ZH02",
        name="安全生产先进单位", level="city", kind="title", in_own_name=True, priority="SAFE",
    )  # fmt: skip
    assert joint.status_code == 201, joint.text
    assert (await confirm(cycle, joint.json())).status_code == 200
    claim = {"claim_no": "A-1", "unit": "XQ01", "kind": "bonus", "event_key": "先进"}
    claim |= {"level": "provincial", "authority": "省政府", "holder_name": "XQ01"}
    claim |= {"document_no": "省政发(2025)007号", "document_date": "2025-05-06"}
    other = claim | {"claim_no": "A-2", "document_no": "省政发〔2025〕8号", "event_key": "二"}
    theirs = claim | {"claim_no": "B-1", "unit": "XQ02"}
    ids = await cycle.claim(claim, other, theirs)
    return SimpleNamespace(cycle=cycle, own=own, joint=joint.json(), claims=ids)


async def test_the_office_reads_all_with_the_claims_that_rest_on_the_same_document(year):
    """However its number is written. Planted bugs: claims of units that do not have it linked;
    numbers compared as they are written."""
    for reader in (year.cycle.office, year.cycle.caller("auditor")):
        first, second = await listed(reader, year.cycle)
        assert {name: first[name] for name in AWARD} == AWARD
        assert first["claims"] == [{"claim_id": year.claims[0], "claim_no": "A-1", "unit": "XQ01"}]
        assert (first["state"], first["outside"], first["kind"]) == ("registered", False, "award")
        assert [each["unit"] for each in second["holders"]] == ["XQ01", "XQ02"]
        assert (second["state"], second["priority"], second["claims"]) == ("confirmed", "SAFE", [])


async def test_a_unit_reads_its_own_part_and_nothing_of_the_others(year):
    """Planted bugs: all holders told; claims of others told; a filter that widens."""
    cycle = year.cycle
    own, joint = await listed(of(cycle), cycle)
    assert [each["unit"] for each in joint["holders"]] == ["XQ01"]
    assert [each["claim_no"] for each in own["claims"]] == ["A-1"]
    [theirs] = await listed(of(cycle, "XQ02"), cycle)
    assert ([each["unit"] for each in theirs["holders"]], theirs["claims"]) == (["XQ02"], [])
    assert await listed(of(cycle, "XQ02"), cycle, unit="XQ01") == [theirs]
    assert await listed(of(cycle, "XQ03"), cycle) == []
    [gave] = await listed(body(cycle), cycle)
    assert ([each["unit"] for each in gave["holders"]], gave["claims"]) == (["XQ01", "XQ02"], [])
    assert await listed(body(cycle, "ZH03"), cycle) == []
    path = f"{cycle.path}/awards?after={year.own['award_id']}"
    assert (await of(cycle, "XQ02").get(path)).json()["type"] == "no-such-place"


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"unit": "XQ02"}, 1),
        ({"level": "city"}, 1),
        ({"kind": "award"}, 1),
        ({"state": "registered"}, 1),
        ({"state": ["registered", "confirmed"]}, 2),
        ({"year": 2025}, 2),
        ({"year": 2024}, 0),
        ({"level": "national"}, 0),
    ],
)
async def test_lists_are_asked_by_unit_level_kind_state_and_year(year, query, number):
    assert len(await listed(year.cycle.office, year.cycle, **query)) == number


@pytest.mark.parametrize(
    ("role", "unit"), [("committee", None), ("supervision", None), ("panel_member", "ZF01")]
)
async def test_nobody_else_reads_any(year, role, unit):
    client = year.cycle.caller(role, unit=unit)
    for path in ("awards", "awards/by-unit"):
        answer = await client.get(f"{year.cycle.path}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed"), path


async def test_awards_are_counted_by_unit_and_level_with_what_is_claimed_besides(year):
    """By hand. Planted bugs: a joint award counted once for all; claims on registered documents
    counted besides; those of another unit's award not."""
    cycle = year.cycle
    told = {(e["unit"], e["level"]): [*e.values()][2:] for e in await counted(cycle.office, cycle)}
    assert told == {  # confirmed, waiting, titles, outside, claimed besides
        ("XQ01", "provincial"): [0, 1, 0, 0, 1],
        ("XQ01", "city"): [1, 0, 1, 0, 0],
        ("XQ02", "city"): [1, 0, 1, 0, 0],
        ("XQ02", "provincial"): [0, 0, 0, 0, 1],
    }
    own = await counted(of(cycle, "XQ02"), cycle)
    assert {each["unit"] for each in own} == {"XQ02"}
    assert await counted(of(cycle, "XQ02"), cycle, unit="XQ01") == []
    assert len(await counted(cycle.office, cycle, unit="XQ01")) == 2


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"holders": held("XQ01", XQ01="xq01 ")}, ("registered-before", "/holders/0")),
        ({"holders": held("XQ03", "XQ03")}, ("named-twice", "/holders/1")),
        ({"holders": held("NOBODY")}, ("unknown-unit", "/holders/0/unit")),
        ({"holders": held("XQ03", "XQ05")}, ("register-apart", "/holders/1/unit")),
        ({"granted_by": "NOBODY"}, ("unknown-unit", "/granted_by")),
        ({"document_no": "〔〕"}, ("missing", "/document_no")),
        ({"awarded_on": "2023-12-31"}, ("day-outside", "/awarded_on")),
        ({"awarded_on": "2026-01-01"}, ("day-outside", "/awarded_on")),
        ({"document_date": "2199-01-01"}, ("day-outside", "/document_date")),
        ({"priority": "SAFE"}, ("not-wanted", "/priority")),
        ({"in_own_name": True, "priority": "X"}, ("unknown-priority", "/priority")),
    ],
)
async def test_what_cannot_be_is_refused_by_name_and_changes_nothing(year, change, wanted):
    """Planted bugs: holders compared as they are written; days not looked at."""
    cycle = year.cycle
    before = await cycle.rows()
    told = AWARD | {"holders": held("XQ03"), "document_no": "省政发(2025)７号"} | change
    answer = await cycle.post(cycle.office, "awards", told)
    assert wanted in faults(answer)
    assert answer.json()["type"] == "award-not-registered"
    assert await cycle.rows() == before


async def test_who_may_not_register_or_confirm_leaves_everything_as_it_was(year):
    """Planted bugs: a unit registers for another; a body what it did not give; the author's other
    account confirms."""
    cycle, own = year.cycle, year.own
    before = await cycle.rows()
    for client, units, more in (
        (of(cycle), ("XQ03",), {}),
        (of(cycle), ("XQ01", "XQ03"), {}),
        (body(cycle), ("XQ03",), {}),
        (body(cycle), ("XQ03",), {"granted_by": "ZH03"}),
        (cycle.caller("auditor"), ("XQ03",), {}),
    ):
        answer = await register(cycle, client, *units, document_no="一号", **more)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed"), units
    me = cycle.caller("performance_office", subject="other", person="of-XQ01")
    rival = cycle.caller("performance_office", subject="x", unit="XQ02")
    stands_in = cycle.caller("second_body", unit="ZH07")
    for client, code in ((me, "own-registration"), (rival, "competes"), (stands_in, "recused")):
        assert (code, "") in faults(await confirm(cycle, own, client), 409)
    assert (await confirm(cycle, own, of(cycle))).status_code == 403
    none = await confirm(cycle, {"award_id": str(uuid4())})
    assert (none.status_code, none.json()["type"]) == (404, "no-such-award")
    back = {"award_id": own["award_id"], "reason": "x"}
    theirs = await cycle.post(of(cycle, "XQ02"), "awards/withdrawal", back)
    assert (theirs.status_code, theirs.json()["type"]) == (404, "no-such-award")
    office = await cycle.post(cycle.office, "awards/withdrawal", back)
    assert ("not-own", "") in faults(office, 409)
    assert await cycle.rows() == before


async def test_what_was_rejected_makes_room_and_comes_back_only_once(
    cycle, new_cycle, others, document
):
    """Over years, and at one moment. Planted bugs: no lock; the register of this year alone."""
    others.schemes[cycle.cycle_id], two = document, {"document_no": "二号"}
    answers = await asyncio.gather(*(register(cycle, of(cycle), "XQ01", **two) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201] + [422] * 5
    [first] = [each.json() for each in answers if each.status_code == 201]
    last_year = new_cycle()
    others.schemes[last_year.cycle_id] = document
    again = await register(last_year, of(last_year), "XQ01", **two)
    assert ("registered-before", "/holders/0") in faults(again)
    assert (
        await confirm(cycle, first, decision="rejected", reason="非授予本单位")
    ).status_code == 200
    assert (await register(last_year, of(last_year), "XQ01", **two)).status_code == 201
    twice = await confirm(cycle, first, reason="经复核")
    assert ("registered-before", "/holders/0") in faults(twice, 409)
    [other] = await listed(last_year.office, last_year)
    back = {"award_id": other["award_id"], "reason": "重复"}
    assert (await last_year.post(of(last_year), "awards/withdrawal", back)).status_code == 200
    assert (await confirm(cycle, first, reason="经复核")).status_code == 200
    assert [each["state"] for each in await listed(cycle.office, cycle)] == ["confirmed"]


async def test_another_holder_or_award_of_a_document_is_another_row(cycle, others, document):
    others.schemes[cycle.cycle_id] = document
    three = {"document_no": "三号", "holders": held("XQ01")}
    for more in ({}, {"name": "先进个人"}, {"holders": held("XQ02")},
                 {"holders": held("XQ01", XQ01="XQ01办公室")}):  # fmt: skip
        answer = await cycle.post(cycle.office, "awards", AWARD | three | more)
        assert answer.status_code == 201, answer.text


async def test_an_award_in_the_own_name_without_a_priority_is_told_as_outside(
    cycle, others, document
):
    """It is taken, so that it is seen. Planted bug: it is refused, or told as any other."""
    others.schemes[cycle.cycle_id] = document
    answer = await register(cycle, cycle.office, "XQ01", document_no="四号", in_own_name=True)
    assert answer.status_code == 201, answer.text
    [told] = await listed(cycle.office, cycle)
    assert (told["outside"], told["priority"]) == (True, None)
    assert [each["outside"] for each in await counted(cycle.office, cycle)] == [1]


async def test_what_waits_is_a_task_of_whoever_may_confirm_it(year):
    """Planted bug: the author's own counted."""

    async def count(client):
        tasks = (await client.get(f"{year.cycle.path}/tasks/scoring")).json()["tasks"]
        return [each["count"] for each in tasks if each["kind"] == "confirm-awards"]

    caller = year.cycle.caller
    assert await count(year.cycle.office) == [1]
    assert await count(caller("performance_office", subject="o", person="of-XQ01")) == []
    assert await count(caller("performance_office", subject="p", unit="XQ02")) == []
    assert await count(of(year.cycle)) == []
