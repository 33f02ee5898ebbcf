"""The way back: a sealed record is corrected beside it, and what counts then says so."""

import asyncio
import hashlib
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from services.scoring.tests.corrections.working import (
    UNITS,
    VALUES,
    approved,
    compared,
    decide,
    propose,
    proposed,
    sealed_year,
    sheet,
    told,
    totals_of,
    value,
)

from scoring.api.corrections import tasks as correction_tasks


@pytest.fixture
async def sealed(new_cycle, others, document):
    """A sealed year with its first edition fed back; with the ids of its entries by unit."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = compared(document)
    return await sealed_year(cycle)


NONE_LOST = {"XQ01": 0, "XQ02": 0, "XQ03": 0, "XQ04": 1}


def the_same(text):
    """Bytes of a ledger export or a list."""
    return hashlib.sha256(text).hexdigest()


async def entries_of(cycle):
    return (await cycle.office.get(f"{cycle.path}/ledger-entries")).content


async def test_a_corrected_value_moves_whom_it_moves_and_nothing_of_before_changes(sealed):
    """Planted bugs: the correction laid over old editions too; the ledger's digest with it; the
    best of the others as it was."""
    before = {n: (await sheet(sealed, "1", n)).content for n in ("", "/units/XQ01/explanation")}
    record, old = await entries_of(sealed), (await sheet(sealed, 1)).json()
    now = {UNITS[n]: Decimal(v) for n, v in enumerate(VALUES.values())}
    assert told(await sheet(sealed, 1)) == totals_of(now, now, NONE_LOST)

    correction = await approved(sealed, corrects=sealed.best[0], value="64")
    assert await sealed.score() == 2
    corrected = now | {"XQ01": Decimal(64)}
    expected = totals_of(corrected, now, NONE_LOST)
    new = await sheet(sealed, 2)
    assert told(new) == expected
    assert await entries_of(sealed) == record
    for suffix, content in before.items():
        assert (await sheet(sealed, "1", suffix)).content == content
    inputs, was = new.json()["inputs"], old["inputs"]
    assert inputs["ledger_digest"] == was["ledger_digest"]
    assert "corrections_digest" not in was
    assert inputs["corrections_digest"] == the_same(UUID(correction).bytes)

    moved = (await sheet(sealed, 2, "/differences?against=1")).json()
    was_then = totals_of(now, now, NONE_LOST)
    expected_moved = {u: (str(was_then[u]), str(expected[u])) for u in UNITS
                      if was_then[u] != expected[u]}  # fmt: skip
    shown = {e["unit"]: (e["before"], e["after"]) for e in moved["units"]}
    normal = {u: tuple(Decimal(n) for n in pair) for u, pair in shown.items()}
    assert normal == {u: tuple(Decimal(n) for n in p) for u, p in expected_moved.items()}
    assert [each["document"] for each in moved["documents"]] == ["corrections"]
    assert correction in {each["entry_id"] for each in moved["entries"]}
    back = (await sheet(sealed, 1, "/differences?against=2")).json()
    assert [(e["document"], e["after"]) for e in back["documents"]] == [("corrections", "")]

    explanation = (await sheet(sealed, 2, "/units/XQ01/explanation")).text
    assert correction in explanation
    assert "value, before it was corrected" in explanation
    assert sealed.best[0] in explanation
    chain = await sealed.service.verification(str(sealed.cycle_id))
    assert chain["holds"]


async def test_what_is_removed_or_added_counts_so_and_can_be_corrected_again(sealed):
    """Planted bugs: a removal that leaves the entry; what is added in no edition; a correction of
    a correction laid over the entry of before."""
    now = {UNITS[n]: Decimal(v) for n, v in enumerate(VALUES.values())}
    await approved(sealed, what="removes", corrects=sealed.late[0])
    event = {"unit": "XQ02", "indicator": "LOST", "kind": "event", "key": "late"}
    event |= {"period": "2025-05", "value": "3"}
    added = await approved(sealed, what="adds", origin="superior", **event)
    first = await approved(sealed, corrects=sealed.place[3], value="75")
    await sealed.score()
    lost = {"XQ01": 0, "XQ02": 3, "XQ03": 0, "XQ04": 0}
    place = now | {"XQ04": Decimal(75)}
    assert told(await sheet(sealed, 2)) == totals_of(now, place, lost)
    kept = (await sheet(sealed, 2, "/units/XQ04/explanation")).content

    second = await approved(sealed, "another", origin="court", corrects=first, value="90")
    await approved(sealed, "another", corrects=added, value="1")
    await sealed.score()
    place |= {"XQ04": Decimal(90)}
    assert told(await sheet(sealed, 3)) == totals_of(now, place, lost | {"XQ02": 1})
    tree = (await sheet(sealed, 3, "/units/XQ04/explanation")).text
    assert second in tree
    assert first in tree  # what it corrects
    assert (await sheet(sealed, 2, "/units/XQ04/explanation")).content == kept
    again = await propose(sealed, corrects=first, value="10")
    assert again.json()["errors"][0]["code"] == "not-counted"
    shown = (await sheet(sealed, 2, "/units/XQ02/explanation")).text
    assert "added by a correction" in shown


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"corrects": "best", "value": "80"}, "nothing-changes"),
        ({"corrects": "none", "value": "80"}, "not-counted"),
        ({"value": "80"}, "missing"),
        ({"corrects": "best", "unit": "XQ01", "value": "1"}, "not-wanted"),
        ({"corrects": "best", "what": "removes", "value": "1"}, "not-wanted"),
        ({"corrects": "best", "word": "好"}, None),
        ({"corrects": "best", "value": "1", "document_date": "2199-01-01"}, "in-the-future"),
        ({"what": "adds"} | value("XQ01", "BEST", 3), "counts-already"),
        ({"what": "adds"} | value("XQ01", "NONE", 3), "unknown-indicator"),
        ({"what": "adds"} | value("XQ99", "BEST", 3), "unknown-unit"),
        ({"what": "adds"} | value("XQ01", "LOST", 3, kind="event", key="none"), None),
    ],
)
async def test_what_no_score_would_read_is_refused_by_name(sealed, more, code):
    """Planted bugs: forms not asked; an added value beside the one that counts."""
    ids = {"best": sealed.best[0], "none": str(uuid4())}
    more = {**more, **({"corrects": ids[more["corrects"]]} if "corrects" in more else {})}
    before = await sealed.rows()
    answer = await propose(sealed, **more)
    assert (answer.status_code, answer.json()["type"]) == (422, "correction-refused"), answer.text
    codes = [each["code"] for each in answer.json()["errors"]]
    assert code is None or code in codes
    assert await sealed.rows() == before


async def test_another_person_without_part_or_interest_decides(sealed):
    """Planted bugs: accounts compared and not persons; who verified it; a unit of the category;
    a second decision; a refusal without its reason."""
    correction = await proposed(sealed, corrects=sealed.best[0], value="64")
    himself = sealed.caller("committee", subject="other", person="colleague")
    rival = sealed.caller("committee", unit="XQ04", subject="rival")
    verifier = sealed.caller("committee", subject="v", person=await verifier_of(sealed))
    causes = [(himself, "own-proposal"), (verifier, "own-part")]
    before = await sealed.rows()
    assert (await decide(sealed, correction, rival)).status_code == 404  # as though it were none
    for who, cause in causes:
        answer = await decide(sealed, correction, who)
        assert (answer.status_code, answer.json().get("cause")) == (403, cause), answer.text
    for who in (sealed.office, sealed.caller("auditor"), sealed.caller("standing_committee")):
        assert (await decide(sealed, correction, who)).status_code == 403
    assert (await decide(sealed, correction, decision="refused")).status_code == 422
    assert await sealed.rows() == before
    competing = sealed.caller("performance_office", unit="XQ04", subject="of-XQ04")
    answer = await propose(sealed, competing, corrects=sealed.best[1], value="1")
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    done = await decide(sealed, correction, decision="refused", text="证据不足")
    assert done.json()["correction"]["decision"]["text"] == "证据不足"
    assert (await decide(sealed, correction)).json()["type"] == "correction-decided"
    assert (await decide(sealed, uuid4())).status_code == 404
    assert await sealed.score() == 2
    new, old = (await sheet(sealed, 2)).json(), (await sheet(sealed, 1)).json()
    assert new["digest"] == old["digest"]  # what was refused counts nowhere


async def verifier_of(cycle):
    row = await cycle.service.sql(
        "SELECT person FROM ledger_entry_state WHERE entry_id = $1 AND state = 'verified'",
        UUID(cycle.best[0]),
    )
    return row[0]["person"]


async def test_an_open_ledger_is_mended_and_not_corrected(new_cycle, others, document):
    """Planted bug: a correction beside what can still be restated."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = compared(document)
    [entry, *_] = await cycle.enter(value("XQ01", "BEST", 3))
    await cycle.verify(all_submitted=True)
    answer = await propose(cycle, corrects=entry, value="1")
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-not-sealed")


async def test_of_two_corrections_of_one_entry_at_once_one_is_taken(sealed):
    """Planted bug: the lock left out."""
    answers = await asyncio.gather(
        *(propose(sealed, corrects=sealed.best[0], value=str(n)) for n in range(1, 7))
    )
    statuses = sorted(each.status_code for each in answers)
    assert statuses == [201, 422, 422, 422, 422, 422]
    [taken] = [each.json()["correction"] for each in answers if each.status_code == 201]
    both = [decide(sealed, taken["correction_id"], sealed.caller("committee", subject=f"m{n}"))
            for n in range(4)]  # fmt: skip
    again = sorted(each.status_code for each in await asyncio.gather(*both, sealed_score(sealed)))
    assert again == [201, 201, 409, 409, 409]  # one decision, and the score sheet
    digest = (await sealed.office.get(f"{sealed.path}/corrections")).json()["digest"]
    assert digest == the_same(UUID(taken["correction_id"]).bytes)
    used = (await sheet(sealed, "latest")).json()["inputs"].get("corrections_digest")
    assert used in (None, digest)
    await sealed.score()
    assert (await sheet(sealed, "latest")).json()["inputs"]["corrections_digest"] == digest


async def sealed_score(cycle):
    return await cycle.post(cycle.office, "score-sheets", {"categories": ["COUNTY"]})


async def test_no_unit_is_told_of_a_correction_before_its_sheet_is(sealed):
    """Planted bugs: the unit's list with what was only approved; its results so far with it; a
    member of the committee who is of the category."""
    own = sealed.caller("assessed_unit", unit="XQ01", subject="own")
    other = sealed.caller("assessed_unit", unit="XQ02", subject="its")
    reads = ("corrections", "stage-results/current?unit=XQ01", "tasks/scoring", "score-sheets/"
             "latest/units/XQ01/explanation", "indicators/BEST/lineage?unit=XQ01")  # fmt: skip

    async def seen(client):
        answers = [await client.get(f"{sealed.path}/{each}") for each in reads]
        return [(each.status_code, strip(each)) for each in answers]

    def strip(answer):
        body = answer.json()
        return {k: v for k, v in body.items() if k != "as_of"}

    before = await seen(own)
    assert [each[0] for each in before] == [200] * 5
    correction = await approved(sealed, corrects=sealed.best[0], value="64")
    assert await seen(own) == before
    await sealed.score()
    assert await seen(own) == before
    assert (await sealed.post(sealed.office, "score-sheets/2/feedback")).status_code == 201
    listed = (await own.get(f"{sealed.path}/corrections")).json()
    assert [each["correction_id"] for each in listed["items"]] == [correction]
    assert listed["digest"] is None
    assert (await other.get(f"{sealed.path}/corrections")).json()["items"] == []
    so_far = (await own.get(f"{sealed.path}/{reads[1]}")).json()
    assert so_far != dict(before[1][1])
    for unit, count in (("XQ04", 0), (None, 1), ("ZH40", 1)):
        member = sealed.caller("committee", unit=unit, subject=f"member-{unit}")
        found = (await member.get(f"{sealed.path}/corrections")).json()["items"]
        assert len(found) == count, unit


@pytest.mark.parametrize("unit", ["XQ02", "BM01"])
async def test_no_digest_tells_who_is_of_a_unit_that_something_was_corrected(sealed, unit):
    """Of the own category or not: by the digest nobody could say which it was. Planted bugs: the
    digest of the list; of a sheet that is of other categories alone; of the differences."""
    member = sealed.caller("committee", unit=unit, subject="member")

    async def seen(edition):
        listed = (await member.get(f"{sealed.path}/corrections")).json()
        sheets = (await member.get(f"{sealed.path}/score-sheets")).json()["items"]
        mine = (await member.get(f"{sealed.path}/score-sheets/{edition}")).json()
        inputs = [each["inputs"].keys() for each in (*sheets[:1], *sheets[-1:], mine)]
        return listed["digest"], inputs

    before = await seen(1)
    await approved(sealed, corrects=sealed.best[0], value="64")
    assert await seen(1) == before
    await sealed.score()
    assert await seen(2) == before
    told = (await member.get(f"{sealed.path}/score-sheets/2/differences?against=1")).json()
    assert told["documents"] == []
    # Whoever compares them gets both.
    office = (await sealed.office.get(f"{sealed.path}/corrections")).json()["digest"]
    used = (await sheet(sealed, 2)).json()["inputs"]["corrections_digest"]
    assert used == office is not None


async def test_who_may_decide_is_asked_to(sealed):
    """Planted bug: a task for who proposed it."""
    correction = await proposed(sealed, corrects=sealed.best[0], value="64")

    async def kinds(client):
        answer = await client.get(f"{sealed.path}/tasks/scoring")
        return [each["kind"] for each in answer.json()["tasks"]]

    member = sealed.caller("committee", subject="member")
    assert await kinds(member) == ["decide-correction"]
    assert await kinds(sealed.caller("committee", subject="x", person="colleague")) == []
    assert await kinds(sealed.caller("committee", unit="XQ02", subject="y")) == []
    assert (await decide(sealed, correction)).status_code == 201
    assert await kinds(member) == []


async def test_a_correction_for_an_objection_names_one_of_the_unit_that_was_upheld(
    sealed, others, document
):
    """Planted bugs: any id taken; one that is pending; another unit's."""
    about = {"corrects": sealed.best[3], "value": "55", "origin": "objection"}
    for more, code in (
        ({}, "missing"),
        ({"objection_id": str(uuid4())}, "not-upheld"),
        ({"objection_id": str(uuid4()), "origin": "audit"}, "not-wanted"),
    ):
        answer = await propose(sealed, **about | more)
        assert [each["code"] for each in answer.json()["errors"]] == [code], answer.text


async def test_a_body_that_stands_in_learns_of_no_entry_about_other_units(sealed, others):
    """Planted bug: tell it that another proposes about this one, and so that there is one."""
    scheme = others.schemes[sealed.cycle_id]
    recused = {"recusals": [{"unit": "XQ02", "body": "ZH07"}]}
    others.schemes[sealed.cycle_id] = scheme | recused
    body = sealed.caller("second_body", unit="ZH07", subject="body")
    waiting = await approved(sealed, corrects=sealed.place[0], value="75")
    told = []
    for corrects in (sealed.best[0], waiting, str(uuid4())):
        answer = await propose(sealed, body, corrects=corrects, value="64")
        problem = {k: v for k, v in answer.json().items() if k != "request_id"}
        told.append((answer.status_code, problem))
    assert told[0] == told[1] == told[2]
    assert told[0][1]["errors"][0]["code"] == "not-counted"
    assert (await propose(sealed, body, corrects=sealed.best[1], value="64")).status_code == 201
    office = await propose(sealed, corrects=sealed.best[1], value="64")
    assert (office.status_code, office.json()["cause"]) == (403, "recused")


async def withdraw(cycle, correction, by=None, text="误填"):
    path = f"corrections/{correction}/withdrawal"
    return await cycle.post(by or cycle.office, path, {"text": text})


async def test_a_proposal_is_taken_back_by_who_may_propose_it_and_waits_no_longer(sealed):
    """Planted bugs: the committee takes back; a second time; what was approved; it goes on barring
    another proposal; a rival of the office."""
    mistyped = await proposed(sealed, corrects=sealed.best[0], value="640")
    [listed] = (await sealed.office.get(f"{sealed.path}/corrections")).json()["items"]
    assert (listed["state"], listed["waiting_days"]) == ("proposed", 0)
    again = await propose(sealed, corrects=sealed.best[0], value="64")
    assert again.json()["errors"][0]["code"] == "being-corrected"
    before = await sealed.rows()
    rival = sealed.caller("performance_office", unit="XQ04", subject="of-XQ04")
    answer = await withdraw(sealed, mistyped, rival)
    assert (answer.status_code, answer.json()["cause"]) == (403, "competes")
    for who in (sealed.caller("committee", subject="member"), sealed.caller("auditor")):
        assert (await withdraw(sealed, mistyped, who)).status_code == 403
    assert (await withdraw(sealed, mistyped, text="")).status_code == 422
    assert (await withdraw(sealed, uuid4())).status_code == 404
    assert await sealed.rows() == before
    answer = await withdraw(sealed, mistyped)
    assert answer.status_code == 201, answer.text
    moved = answer.json()["correction"]
    assert (moved["state"], moved["waiting_days"]) == ("withdrawn", None)
    assert (moved["decision"]["decision"], moved["decision"]["text"]) == ("withdrawn", "误填")
    assert (await withdraw(sealed, mistyped)).json()["type"] == "correction-decided"
    assert (await decide(sealed, mistyped)).json()["type"] == "correction-decided"
    correction = await approved(sealed, corrects=sealed.best[0], value="64")
    assert (await withdraw(sealed, correction)).json()["type"] == "correction-decided"
    assert await sealed.score() == 2
    digest = (await sheet(sealed, 2)).json()["inputs"]["corrections_digest"]
    assert digest == the_same(UUID(correction).bytes)
    listed = await sealed.office.get(f"{sealed.path}/corrections?state=withdrawn")
    assert [each["correction_id"] for each in listed.json()["items"]] == [mistyped]


async def test_so_many_corrections_are_asked_about_and_the_others_counted(sealed, monkeypatch):
    """Planted bug: those that are left out are lost."""
    member = sealed.caller("committee", subject="member")

    async def told():
        answer = await member.get(f"{sealed.path}/tasks/scoring")
        return [each["count"] for each in answer.json()["tasks"]]

    for entry in (sealed.best[0], sealed.best[1]):
        await proposed(sealed, corrects=entry, value="64")
    assert await told() == [1, 1]
    monkeypatch.setattr(correction_tasks, "_MOST", 2)
    assert await told() == [1, 1]
    monkeypatch.setattr(correction_tasks, "_MOST", 1)
    assert await told() == [2]
