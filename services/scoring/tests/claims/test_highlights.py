"""Highlights: how many there may be, who examines them, who reads them, and nobody else."""

import asyncio
import itertools
from types import SimpleNamespace
from uuid import uuid4

import pytest

from scoring.rules.claims.highlights import (
    HIGHLIGHT_STATES,
    TRANSITIONS,
    Examination,
    HighlightParties,
    examination_faults,
    lacking,
    taking_back_faults,
)
from scoring.rules.claims.states import ClaimActor

ADOPTED = {"adopted_by": "省政府办公厅", "level": "provincial", "document_no": "省政办〔2025〕12号"}
ALICE, BOB = "person-a", "person-b"


def codes(state="reported", to="accepted", publish=False, reason=None, **who):
    actor = {"person": BOB, "unit": None, "claimant": False, "second_body": False} | who
    body = actor.pop("body", None)
    found = HighlightParties("XQ01", ALICE, state)
    said = Examination(to, publish, reason)
    return [each.code for each in examination_faults(found, said, ClaimActor(**actor), body)]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"publish": True}, []),
        ({"person": ALICE}, ["own-highlight"]),
        ({"unit": "XQ01"}, ["own-unit"]),
        ({"unit": "XQ02"}, []),
        ({"body": "ZH07"}, ["recused"]),
        ({"body": "ZH07", "unit": "ZH07", "second_body": True}, []),
        ({"body": "ZH07", "unit": "ZH08", "second_body": True}, ["recused"]),
        ({"unit": "ZH07", "second_body": True}, ["recused"]),
        ({"to": "not_accepted"}, ["missing"]),
        ({"to": "not_accepted", "reason": "x"}, []),
        ({"to": "not_accepted", "reason": "x", "publish": True}, ["not-accepted"]),
        ({"state": "accepted", "to": "accepted"}, ["missing"]),
        ({"state": "not_accepted", "to": "accepted", "reason": "x"}, []),
        ({"state": "taken_back", "reason": "x"}, ["wrong-state"]),
    ],
)
def test_another_person_without_interest_examines(given, wanted):
    """Planted bugs: the author's account compared and not the person; the unit not compared."""
    assert codes(**given) == wanted


def test_what_is_no_transition_cannot_happen():
    for state, to in itertools.product(HIGHLIGHT_STATES, HIGHLIGHT_STATES):
        if to in ("accepted", "not_accepted"):
            found = "wrong-state" in codes(state=state, to=to, reason="x")
        elif to == "taken_back":
            found = bool([*taking_back_faults(HighlightParties("XQ01", ALICE, state))])
        else:
            continue
        assert found == ((state, to) not in TRANSITIONS), (state, to)


def test_a_unit_is_short_of_what_it_has_less_than_two():
    assert lacking(["A", "B", "C"], {"B": 1, "C": 2, "X": 1}) == {"A": 2, "B": 1}


# Over HTTP


def of(cycle, unit="XQ01"):
    return cycle.caller("assessed_unit", unit=unit, subject=f"of-{unit}")


async def examine(cycle, found, client=None, **more):
    body = {"highlight_id": found["highlight_id"], "decision": "accepted"} | more
    return await cycle.post(client or cycle.office, "highlights/examination", body)


async def listed(client, cycle, **query):
    answer = await client.get(f"{cycle.path}/highlights", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
async def shown(new_cycle, others, document):
    """A cycle in which XQ01 has two highlights, one of them accepted, and XQ02 has one; the body
    ZH07 decides about XQ05."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"recusals": [{"unit": "XQ05", "body": "ZH07"}]}
    one = await cycle.shine(adoption=ADOPTED)
    two, other = await cycle.shine(title="二"), await cycle.shine("XQ02")
    answer = await examine(cycle, one, publish=True)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["publish"]) == ("accepted", True)
    ids = [each["highlight_id"] for each in (one, two, other)]
    return SimpleNamespace(cycle=cycle, ids=ids)


async def test_the_office_reads_all_of_them_with_who_is_short(shown):
    cycle = shown.cycle
    for reader in (cycle.office, cycle.caller("auditor")):
        told = await listed(reader, cycle)
        assert [each["highlight_id"] for each in told["items"]] == shown.ids
        first = told["items"][0]
        assert {name: first[name] for name in ADOPTED} == ADOPTED
        assert (len(first["evidence_ids"]), first["state"], first["publish"]) == (
            1,
            "accepted",
            True,
        )
        short = {each["unit"]: each["short"] for each in told["lacking"]}
        assert (short.get("XQ01"), short["XQ02"], short["XQ03"]) == (None, 1, 2)
        assert (told["fewest"], told["most"]) == (2, 4)


async def test_a_unit_reads_its_own_and_nothing_of_the_others(shown):
    """Planted bugs: a filter that widens; the units that are short told to everybody."""
    cycle = shown.cycle
    told = await listed(of(cycle), cycle)
    assert ([each["unit"] for each in told["items"]], told["lacking"]) == (["XQ01"] * 2, [])
    assert (await listed(of(cycle), cycle, unit="XQ02"))["items"] == []
    own = await listed(of(cycle, "XQ03"), cycle)
    assert (own["items"], own["lacking"]) == ([], [{"unit": "XQ03", "short": 2}])
    path = f"{cycle.path}/highlights?after={shown.ids[2]}"
    assert (await of(cycle).get(path)).json()["type"] == "no-such-place"
    body = await listed(cycle.caller("second_body", unit="ZH07"), cycle)
    assert [each["highlight_id"] for each in body["items"]] == shown.ids


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("data_source_unit", "ZH02"),
        ("organiser", "ZH40"),
        ("committee", None),
        ("supervision", None),
        ("second_body", "ZH08"),
        ("panel_member", "ZF01"),
        ("assessed_unit", "NOBODY"),
    ],
)
async def test_nobody_else_reads_any(shown, role, unit):
    answer = await shown.cycle.caller(role, unit=unit).get(f"{shown.cycle.path}/highlights")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_pages_and_states_give_each_once(shown):
    cycle, found, after = shown.cycle, [], None
    for _ in range(4):
        query = {"limit": 1} | ({"after": after} if after else {})
        page = await listed(cycle.office, cycle, **query)
        found, after = found + [each["highlight_id"] for each in page["items"]], page["next"]
        if after is None:
            break
    assert found == shown.ids
    waiting = await listed(cycle.office, cycle, state="reported")
    assert [each["highlight_id"] for each in waiting["items"]] == shown.ids[1:]


async def test_who_may_not_examine_leaves_everything_as_it_was(shown):
    """Planted bugs: the author's other account; a colleague of the unit."""
    cycle, two = shown.cycle, {"highlight_id": shown.ids[1]}
    before = await cycle.rows()
    me = cycle.caller("performance_office", subject="other", person="of-XQ01")
    theirs = cycle.caller("performance_office", subject="x", unit="XQ01")
    for client, code in ((me, "own-highlight"), (theirs, "own-unit")):
        answer = await examine(cycle, two, client)
        assert (answer.status_code, answer.json()["type"]) == (409, "highlight-refused")
        assert code in [each["code"] for each in answer.json()["errors"]]
    stands_in = cycle.caller("second_body", unit="ZH07")
    assert (await examine(cycle, two, stands_in)).json()["errors"][0]["code"] == "recused"
    unit = await examine(cycle, two, of(cycle))
    assert (unit.status_code, unit.json()["type"]) == (403, "not-allowed")
    none = await examine(cycle, {"highlight_id": str(uuid4())})
    assert (none.status_code, none.json()["type"]) == (404, "no-such-highlight")
    other = await cycle.post(of(cycle, "XQ02"), "highlights/withdrawal", two | {"reason": "x"})
    assert (other.status_code, other.json()["type"]) == (404, "no-such-highlight")
    assert await cycle.rows() == before


async def test_a_fifth_is_refused_and_one_that_was_taken_back_makes_room(cycle, others, document):
    """Also when many come at the same moment. Planted bugs: no lock; what was taken back counted;
    one accepted after all not counted."""
    others.schemes[cycle.cycle_id] = document
    first = await cycle.shine()
    [file] = (await listed(cycle.office, cycle))["items"][0]["evidence_ids"]
    body = {"title": "t", "text": "x", "evidence_ids": [file]}
    sent = [cycle.post(of(cycle), "highlights", body) for _ in range(8)]
    answers = await asyncio.gather(*sent)
    assert sorted(each.status_code for each in answers) == [201] * 3 + [409] * 5
    assert {each.json()["type"] for each in answers if each.status_code == 409} == {
        "too-many-highlights"
    }
    assert (
        await examine(cycle, first, decision="not_accepted", reason="未达要求")
    ).status_code == 200
    assert (await cycle.post(of(cycle), "highlights", body)).status_code == 201
    again = await examine(cycle, first, reason="经复核")
    assert (again.status_code, again.json()["type"]) == (409, "too-many-highlights")
    last = (await listed(cycle.office, cycle))["items"][-1]
    back = {"highlight_id": last["highlight_id"], "reason": "重报"}
    assert (await cycle.post(of(cycle), "highlights/withdrawal", back)).status_code == 200
    twice = await cycle.post(of(cycle), "highlights/withdrawal", back)
    assert twice.json()["errors"][0]["code"] == "wrong-state"
    assert (await examine(cycle, first, reason="经复核")).status_code == 200


async def test_each_unit_has_two_to_four_of_its_own_in_each_year(new_cycle):
    """Planted bugs: a limit for all units together, or over years; short of another number."""
    year, next_year = new_cycle(), new_cycle()

    async def short(cycle):
        told = await listed(cycle.office, cycle)
        return {each["unit"]: each["short"] for each in told["lacking"]}

    for number in range(1, 5):
        one = await year.shine(title=f"第{number}条", adoption=ADOPTED)
        assert (await examine(year, one, publish=True)).status_code == 200
        assert (await short(year)).get("XQ01", 0) == max(2 - number, 0)
    told = (await listed(year.office, year))["items"]
    assert [each["publish"] for each in told] == [True] * 4
    assert all({name: each[name] for name in ADOPTED} == ADOPTED for each in told)
    body = {"title": "五", "text": "x", "evidence_ids": told[0]["evidence_ids"]}
    fifth = await year.post(of(year), "highlights", body)
    assert (fifth.status_code, fifth.json()["type"]) == (409, "too-many-highlights")
    await year.shine("XQ02")
    await next_year.shine()
    assert [(await short(each))["XQ02"] for each in (year, next_year)] == [1, 2]
    assert [(await short(each)).get("XQ01") for each in (year, next_year)] == [None, 1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"evidence_ids": []}, 422),
        ({"evidence_ids": [str(uuid4())]}, 409),
        ({"adoption": {"adopted_by": "省政府"}}, 422),
        ({"title": ""}, 422),
        ({"text": "联系人 " + "138" + "00138000"}, 422),
    ],
)
async def test_what_is_not_complete_is_refused(shown, change, status):
    cycle = shown.cycle
    [file] = (await listed(of(cycle, "XQ02"), cycle))["items"][0]["evidence_ids"]
    body = {"title": "t", "text": "x", "evidence_ids": [file]} | change
    before = await cycle.rows()
    answer = await cycle.post(of(cycle, "XQ02"), "highlights", body)
    assert answer.status_code == status, answer.text
    assert await cycle.rows() == before


async def test_another_units_file_is_no_evidence_of_a_highlight(shown):
    """It would be as good as unknown. Planted bug: files not looked up."""
    cycle = shown.cycle
    [file] = (await listed(of(cycle, "XQ02"), cycle))["items"][0]["evidence_ids"]
    body = {"title": "t", "text": "x", "evidence_ids": [file]}
    answer = await cycle.post(of(cycle, "XQ03"), "highlights", body)
    assert (answer.status_code, answer.json()["type"]) == (409, "evidence-not-named")


async def test_what_waits_is_a_task_of_whoever_may_examine_it(shown):
    """Planted bug: the author's own counted."""

    async def count(client):
        tasks = (await client.get(f"{shown.cycle.path}/tasks/scoring")).json()["tasks"]
        return [each["count"] for each in tasks if each["kind"] == "examine-highlights"]

    caller = shown.cycle.caller
    assert await count(shown.cycle.office) == [2]
    assert await count(caller("performance_office", subject="o", person="of-XQ01")) == [1]
    assert await count(caller("performance_office", subject="p", unit="XQ01")) == [1]
    assert await count(of(shown.cycle)) == []
