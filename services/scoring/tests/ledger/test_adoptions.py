"""Entries that serve two cycles: entered once, verified in each, shown side by side, never silent
when the first one falls."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from leading import with_leaders

from scoring.api.ledger import tasks as ledger_tasks
from scoring.rules.ledger.adoption import (
    AdoptionRefused,
    Place,
    Source,
    check_adoption,
    digest_of,
    taken_over,
)
from scoring.rules.ledger.shapes import Draft

HERE, THERE = UUID(int=1), UUID(int=2)
EVENT = Draft("XQ01", "C03", "event", "overdue", None, "2025-03", None, None)


def refused(draft=EVENT, place=None, *, twice=False, cycle=HERE, **more):
    told = {"state": "verified", "author_unit": "ZH01", "adopted": False} | more
    source = Source(THERE, uuid4(), draft, told["state"], told["author_unit"], told["adopted"])
    try:
        check_adoption(source, taken_over(draft, place or Place()), cycle, twice=twice)
    except AdoptionRefused as error:
        return [each.code for each in error.faults]
    return []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"state": "submitted"}, []),
        ({"state": "locked"}, []),
        ({"state": "draft"}, ["not-standing"]),
        ({"state": "voided"}, ["not-standing"]),
        ({"adopted": True}, ["adopted-itself"]),
        ({"twice": True}, ["adopted-already"]),
        ({"cycle": THERE}, ["same-cycle"]),
        ({"author_unit": "-"}, ["kind-not-adoptable"]),
        ({"draft": replace(EVENT, kind="panel_mark")}, ["kind-not-adoptable"]),
        ({"draft": replace(EVENT, kind="progress_report")}, ["kind-not-adoptable"]),
        ({"draft": replace(EVENT, kind="reversal")}, ["kind-not-adoptable"]),
        ({"place": Place(indicator="X9", key="late")}, []),
        ({"place": Place(period="2025")}, []),
        ({"place": Place(period="2025Q1")}, []),
        ({"place": Place(period="2025Q2")}, ["another-period"]),
        ({"place": Place(period="2024")}, ["another-period"]),
        ({"place": Place(period="x")}, ["another-period"]),
        ({"draft": replace(EVENT, period="2025"), "place": Place(period="2025-03")},
         ["another-period"]),
        ({"draft": replace(EVENT, kind="grade"), "place": Place(period="2025")},
         ["another-period"]),
    ],
)  # fmt: skip
def test_what_is_taken_over_is_a_fact_that_stands(given, wanted):
    """Planted bugs: the state is not looked at; a month is taken out of a year."""
    assert refused(**given) == wanted


def test_the_digest_is_of_all_that_is_said():
    said = replace(EVENT, note="云政督〔2025〕3号")
    found = {digest_of(said)}
    for name in ("unit", "indicator", "key", "period", "word", "note", "document_no"):
        found.add(digest_of(replace(said, **{name: "other"})))
    assert len(found) == 8
    assert digest_of(taken_over(said, Place())) == digest_of(said)


# Over HTTP


@pytest.fixture(scope="module")
def two(new_cycle):
    """Two cycles of one year in which the same units are assessed."""
    return SimpleNamespace(there=new_cycle(), here=new_cycle())


def event(unit="XQ01", **more):
    return {"unit": unit, "indicator": "C03", "kind": "event", "key": "overdue"} | more


async def adopt(two, entry, client=None, **more):
    body = {"from_cycle_id": str(two.there.cycle_id), "entry_id": entry} | more
    return await two.here.post(client or two.here.source("ZH01"), "ledger-entries/adoptions", body)


async def adopted(two, entry, **more):
    answer = await adopt(two, entry, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read(cycle, path, client=None, status=200):
    answer = await (client or cycle.office).get(f"{cycle.path}/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def take_out(cycle, entry, client, colleague):
    """Reverse an entry that was verified, as two people do."""
    answer = await cycle.post(client, f"ledger-entries/{entry}/reversal", {"reason": "x"})
    assert answer.status_code == 201, answer.text
    ids = {"entry_ids": [answer.json()["entry_id"]]}
    answer = await cycle.post(colleague, "ledger-entries/verification", ids)
    assert answer.status_code == 200, answer.text


def scoped(cycle, role, unit=None):
    """Somebody whose token reaches this cycle alone."""
    told = {"subject": f"{role}@{unit}", "scopes": f"cycle:{cycle.cycle_id}"}
    token = cycle.service.signer.token(role, unit=unit, **told)
    return cycle.service.client({"Authorization": f"Bearer {token}"})


def kinds(told):
    return [each["kind"] for each in told["tasks"]]


def faults(answer, status=409):
    assert answer.status_code == status, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def test_one_entry_serves_two_cycles_and_each_verifies_it(two):
    there, here = two.there, two.here
    [entry] = await there.enter(event(note="三月逾期", value="2"), unit="ZH01")
    taken = await adopted(two, entry)
    own = await read(here, f"ledger-entries/{taken['entry_id']}")
    first = await read(there, f"ledger-entries/{entry}")
    same = ("unit", "indicator", "kind", "key", "period", "value", "note", "occurred_on")
    assert [own[name] for name in same] == [first[name] for name in same]
    await there.verify(entry_ids=[entry])
    assert (await read(here, f"ledger-entries/{taken['entry_id']}"))["state"] == "submitted"
    await here.verify(entry_ids=[taken["entry_id"]])
    for cycle, at in ((there, entry), (here, taken["entry_id"])):
        uses = (await read(cycle, f"ledger-entries/{at}/uses"))["uses"]
        found = [(u["cycle_id"], u["entry_id"], u["is_source"], u["state"]) for u in uses]
        assert found == [
            (str(there.cycle_id), entry, True, "verified"),
            (str(here.cycle_id), taken["entry_id"], False, "verified"),
        ]
    [told] = [
        each
        for each in (await read(here, "ledger-entries/adoptions"))["items"]
        if each["entry_id"] == taken["entry_id"]
    ]
    assert (told["from_entry_id"], told["digest"], told["outdated"]) == (
        entry,
        taken["digest"],
        False,
    )


async def test_who_wrote_what_was_taken_over_does_not_verify_it_under_another_account(two):
    """Nor is it told as their task. Planted bug: ask who took it over alone."""
    there, here = two.there, two.here
    zhang = there.caller("data_source_unit", unit="ZH01", subject="zhang", person="P1")
    body = {"entries": [event(period="2025-08")]}
    answer = await there.post(zhang, "ledger-entries", body)
    assert answer.status_code == 201, answer.text
    taken = (await adopted(two, answer.json()["rows"][0]["entry_id"]))["entry_id"]
    again = here.caller("performance_office", subject="zhang-2", person="P1")
    others = here.caller("performance_office", subject="li", person="P2")
    counts = [
        {each["kind"]: each["count"] for each in (await read(here, "tasks/scoring", by))["tasks"]}
        for by in (again, others)
    ]
    waiting = [each.get("verify-entries", 0) for each in counts]
    assert waiting[1] - waiting[0] == 1
    body = {"entry_ids": [taken]}
    answer = await here.post(again, "ledger-entries/verification", body)
    assert faults(answer) == [("/entry_ids/0", "own-entry")]
    answer = await here.post(others, "ledger-entries/verification", body)
    assert answer.status_code == 200, answer.text


async def test_who_wrote_what_was_taken_over_neither_signs_it_off_nor_reviews_it(
    new_cycle, others, document
):
    """Under whichever account; nor is it told as a task of theirs. Planted bugs: ask who took it
    over alone, for the signature or for its task."""
    two = SimpleNamespace(there=new_cycle(), here=new_cycle())
    there, here = two.there, two.here
    led = with_leaders(document, C03="ZH40") | {"duties": {"signed_off_for": ["C03"]}}
    others.schemes[here.cycle_id] = led
    zhang = there.source("ZH01", subject="zhang", person="P1")
    answer = await there.post(zhang, "ledger-entries", {"entries": [event(period="2025-08")]})
    taken = (await adopted(two, answer.json()["rows"][0]["entry_id"]))["entry_id"]
    body = {"entry_ids": [taken]}
    again = here.source("ZH01", subject="zhang-2", person="p1")
    second = here.source("ZH01", subject="li", person="P2")
    told = [kinds(await read(here, "tasks/scoring", each)) for each in (again, second)]
    assert ["sign-off-entries" in each for each in told] == [False, True]
    answer = await here.post(again, "ledger-entries/signatures", body)
    assert faults(answer) == [("/entry_ids/0", "own-entry")]
    reviewer = here.source("ZH40", subject="zhang-3", person="P1")
    answer = await here.post(reviewer, "ledger-entries/checking", body)
    assert faults(answer) == [("/entry_ids/0", "own-entry")]
    assert (await here.post(second, "ledger-entries/signatures", body)).status_code == 201


async def test_what_was_taken_over_says_nothing_else(two):
    """Planted bugs: restated, corrected, or sent again with another value by its id."""
    there, here = two.there, two.here
    [entry] = await there.enter(event("XQ02"), unit="ZH01")
    taken = (await adopted(two, entry))["entry_id"]
    row = event("XQ02", entry_id=taken, value="3", period="2025")
    source = here.source("ZH01")
    answer = await here.post(source, "ledger-entries", {"entries": [row]})
    assert faults(answer, 422) == [("/entries/0", "adopted")]
    await here.verify(entry_ids=[taken])
    path = f"ledger-entries/{taken}/restatement"
    answer = await here.post(source, path, {"reason": "x", "value": "3"})
    assert answer.json()["type"].endswith("entry-adopted"), answer.text
    [entry] = await there.enter(event("XQ03"), unit="ZH01")
    taken = (await adopted(two, entry, state="draft"))["entry_id"]
    path = f"ledger-entries/{taken}/correction"
    answer = await here.post(source, path, {"entry": event("XQ03", value="3")})
    assert answer.json()["type"].endswith("entry-adopted"), answer.text


async def test_a_reversal_there_shows_here_and_is_somebodys_task(two):
    """Planted bugs: `outdated` by the state here; the task without the reversal under way."""
    there, here = two.there, two.here
    source, office = here.source("ZH01"), here.office
    [entry] = await there.enter(event("XQ04"), unit="ZH01")
    await there.verify(entry_ids=[entry])
    taken = (await adopted(two, entry))["entry_id"]
    await here.verify(entry_ids=[taken])
    assert "reverse-outdated-entry" not in kinds(await read(here, "tasks/scoring"))
    await take_out(there, entry, there.source("ZH01"), there.office)
    listed = (await read(here, "ledger-entries/adoptions?outdated=true", source))["items"]
    assert [(each["entry_id"], each["outdated"]) for each in listed] == [(taken, True)]
    uses = (await read(here, f"ledger-entries/{taken}/uses"))["uses"]
    assert [(u["state"], u["outdated"]) for u in uses] == [("voided", False), ("verified", True)]
    for client in (office, source):
        [task] = [
            each
            for each in (await read(here, "tasks/scoring", client))["tasks"]
            if each["kind"] == "reverse-outdated-entry"
        ]
        assert task["path"] == f"{here.path}/ledger-entries/{taken}/reversal"
    # The office of this cycle may: nobody else of it has to wait for who entered it.
    answer = await here.post(office, f"ledger-entries/{taken}/reversal", {"reason": "x"})
    assert answer.status_code == 201, answer.text
    assert "reverse-outdated-entry" not in kinds(await read(here, "tasks/scoring"))
    ids = {"entry_ids": [answer.json()["entry_id"]]}
    answer = await here.post(here.colleague, "ledger-entries/verification", ids)
    assert answer.status_code == 200, answer.text
    assert "reverse-outdated-entry" not in kinds(await read(here, "tasks/scoring"))
    assert faults(await adopt(two, entry)) == [("/entry_id", "not-standing")]


async def test_so_many_that_are_outdated_are_asked_about(two, monkeypatch):
    there, here = two.there, two.here
    for unit in ("XQ04", "XQ05"):
        [entry] = await there.enter(event(unit), unit="ZH01")
        await there.verify(entry_ids=[entry])
        taken = (await adopted(two, entry))["entry_id"]
        await here.verify(entry_ids=[taken])
        await take_out(there, entry, there.source("ZH01"), there.office)

    for most in (2, 1):
        monkeypatch.setattr(ledger_tasks, "_MOST_OUTDATED", most)
        told = kinds(await read(here, "tasks/scoring"))
        assert told.count("reverse-outdated-entry") == most


async def test_a_seal_names_what_counts_though_its_source_stands_no_longer(new_cycle):
    """In its preview, and it is not sealed by surprise. Planted bugs: only what waits is looked at;
    a count that is not held against what is there; a digest that does not stand for it."""
    two = SimpleNamespace(there=new_cycle(), here=new_cycle())
    there, here = two.there, two.here
    entries = await there.enter(event("XQ08"), event("XQ09"), unit="ZH01")
    await there.verify(entry_ids=entries)
    taken, stays = [(await adopted(two, each))["entry_id"] for each in entries]
    await here.verify(entry_ids=[taken, stays])

    async def preview():
        answer = await here.post(here.office, "ledger/seal?mode=check", {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    before = await preview()
    assert (before["outdated"], before["outdated_more"]) == ([], 0)
    await take_out(there, entries[0], there.source("ZH01"), there.office)
    seen = await preview()
    assert [each["entry_id"] for each in seen["outdated"]] == [taken]
    assert seen["seen"] != before["seen"]
    body = {"leaves": seen["leaves"], "seen": seen["seen"]}
    body |= {"accept_unscored": {"reason": "x"}} if seen["unscored"] else {}
    for more in ({}, {"outdated": {"count": 2, "reason": "x"}}):
        answer = await here.post(here.office, "ledger/seal", body | more)
        assert (answer.status_code, answer.json()["type"]) == (409, "outdated-undecided")
        assert answer.json()["outdated"] == 1
    stale = {"seen": before["seen"], "outdated": {"count": 1, "reason": "x"}}
    assert (await here.post(here.office, "ledger/seal", body | stale)).status_code == 409
    accepted = {"outdated": {"count": 1, "reason": "原记录更正中，结果不变"}}
    answer = await here.post(here.office, "ledger/seal", body | accepted)
    assert (answer.status_code, answer.json()["outdated"]) == (200, 1), answer.text


async def test_what_is_outdated_is_not_verified(two):
    """Planted bugs: verified by name; verified with all that waits; handed in."""
    there, here = two.there, two.here
    entries = await there.enter(event("XQ05"), event("XQ06"), unit="ZH01")
    waits = (await adopted(two, entries[0]))["entry_id"]
    draft = (await adopted(two, entries[1], state="draft"))["entry_id"]
    back = {"entry_ids": entries, "reason": "x"}
    assert (await there.post(there.office, "ledger-entries/return", back)).status_code == 200
    ids = {"entry_ids": [waits]}
    answer = await here.post(here.office, "ledger-entries/verification", ids)
    assert faults(answer) == [("/entry_ids/0", "source-stands-no-longer")]
    moved = await here.verify(all_submitted=True)
    assert moved["outdated"] == {"ZH01": 1}
    source = here.source("ZH01")
    answer = await here.post(source, "ledger-entries/submission", {"entry_ids": [draft]})
    assert faults(answer) == [("/entry_ids/0", "source-stands-no-longer")]
    assert "return-outdated-entries" in kinds(await read(here, "tasks/scoring"))
    assert "withdraw-outdated-entry" in kinds(await read(here, "tasks/scoring", source))
    path = "ledger-entries/return"
    assert (await here.post(here.office, path, ids | {"reason": "x"})).status_code == 200
    for each in (waits, draft):
        at = f"ledger-entries/{each}/withdrawal"
        assert (await here.post(source, at, {})).status_code == 200
    assert "withdraw-outdated-entry" not in kinds(await read(here, "tasks/scoring", source))
    # Handed in again there, it is taken over anew.
    again = {"entry_ids": entries}
    answer = await there.post(there.source("ZH01"), "ledger-entries/submission", again)
    assert answer.status_code == 200
    assert (await adopted(two, entries[0]))["entry_id"] != waits


async def test_who_may_not_read_it_there_or_enter_it_here_takes_nothing_over(two):
    there, here = two.there, two.here
    [entry] = await there.enter(event("XQ07"), unit="ZH01")
    before = await here.rows()
    for client in (here.source("ZH02"), scoped(here, "data_source_unit", "ZH01")):
        answer = await adopt(two, entry, client)
        assert answer.json()["type"].endswith("no-such-source"), answer.text
    assert (await adopt(two, str(uuid4()))).status_code == 404
    assert (await adopt(two, entry, from_cycle_id=str(uuid4()))).status_code == 404
    assert (await adopt(two, entry, here.office)).status_code == 403
    about = here.caller("data_source_unit", "assessed_unit", unit="XQ07")
    assert faults(await adopt(two, entry, about), 403) == [("/indicator", "not-the-data-source")]
    answer = await adopt(two, entry, indicator="C01")
    assert {at for at, _ in faults(answer, 422)} == {"/entry_id", "/indicator"}
    assert await here.rows() == before


async def test_nothing_is_told_of_a_cycle_that_is_not_read(two):
    """Planted bug: cycles that the scope of the token does not reach."""
    there, here = two.there, two.here
    [entry] = await there.enter(event("XQ08"), unit="ZH01")
    taken = (await adopted(two, entry))["entry_id"]
    reader = scoped(here, "auditor")
    uses = (await read(here, f"ledger-entries/{taken}/uses", reader))["uses"]
    assert [each["entry_id"] for each in uses] == [taken]
    await read(there, f"ledger-entries/{entry}/uses", there.source("ZH02"), 404)
    own = here.caller("assessed_unit", unit="XQ08")
    uses = (await read(here, f"ledger-entries/{taken}/uses", own))["uses"]
    assert [each["entry_id"] for each in uses] == [entry, taken]
    assert not (await read(here, "ledger-entries/adoptions", here.source("ZH02")))["items"]


async def test_who_reads_an_entry_in_one_cycle_alone_is_not_told_of_the_other(
    new_cycle, others, document
):
    """Planted bug: the uses of all cycles by what the reader is named for in this one."""
    two = SimpleNamespace(there=new_cycle(), here=new_cycle())
    barred = document | {"recusals": [{"unit": "XQ08", "body": "ZH07"}]}
    others.schemes[two.here.cycle_id] = barred
    [entry] = await two.there.enter(event("XQ08"), unit="ZH01")
    taken = (await adopted(two, entry))["entry_id"]
    body = two.here.caller("second_body", unit="ZH07")
    uses = (await read(two.here, f"ledger-entries/{taken}/uses", body))["uses"]
    assert [each["entry_id"] for each in uses] == [taken]


async def test_of_several_at_once_one_is_taken_over(two):
    """Planted bug: nobody is kept out between the look and the entry."""
    [entry] = await two.there.enter(event("XQ09"), unit="ZH01")
    answers = await asyncio.gather(*(adopt(two, entry) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409]


async def test_the_evidence_is_named_in_both_and_lies_there_once(two):
    there, here, source = two.there, two.here, two.there.source("ZH01")
    path, headers = f"{there.path}/evidence?name=a.txt", {"Content-Type": "text/plain"}
    answer = await source.post(path, content="佐证\n".encode(), headers=headers)
    file = answer.json()
    [entry] = await there.enter(event("XQ10", evidence_ids=[file["evidence_id"]]), unit="ZH01")
    taken = await adopted(two, entry)
    assert taken["evidence"] == 1
    [named] = (await read(here, f"ledger-entries/{taken['entry_id']}"))["evidence"]
    got = await here.office.get(f"{here.path}/evidence/{named['evidence_id']}/content")
    assert got.text == "佐证\n"
    rows = "SELECT count(DISTINCT digest) AS n, count(*) AS m FROM evidence WHERE digest = $1"
    [found] = await here.service.sql(rows, file["digest"])
    assert (found["n"], found["m"]) == (1, 2)


async def test_both_effects_stand_side_by_side(new_year, two):
    """The score of each cycle, as its readers are told it: a unit before the feedback of neither.

    Planted bug: the score of the cycle that is asked for in both.
    """
    year = await new_year()
    both = SimpleNamespace(there=year, here=two.here)
    items = (await read(year, "ledger-entries?indicator=C03&kind=event"))["items"]
    unit, entry = next(
        (each["unit"], each["entry_id"]) for each in items if each["key"] == "overdue"
    )
    taken = (await adopted(both, entry))["entry_id"]
    await year.score()
    uses = (await read(two.here, f"ledger-entries/{taken}/uses"))["uses"]
    assert uses[0]["effect"]["edition"] == 1
    assert uses[0]["effect"]["score"] is not None
    assert uses[1]["effect"] is None
    own = year.caller("assessed_unit", unit=unit)
    uses = (await read(two.here, f"ledger-entries/{taken}/uses", own))["uses"]
    assert [each["effect"] for each in uses] == [None, None]
