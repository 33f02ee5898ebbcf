"""Evidence by rule: what the scheme has count with it alone is not verified without it."""

import copy

import pytest
from leading import OTHER, VALUE

SENT = {"Content-Type": "text/plain"}
EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
ZERO = {"unit": "XQ02", "indicator": "C03", "kind": "event", "key": "zero_report"}


@pytest.fixture
def wanting(cycle, others, document):
    """Have the scheme of the cycle want evidence of values of C01, of events, and of any bonus."""
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] in ("C01", "C03"):
                    each["evidence_for"] = ["actual", "event"]
    changed["adjustments"]["bonus"]["requires"] = ["evidence"]
    others.schemes[cycle.cycle_id] = changed
    return cycle


async def added(cycle, client) -> str:
    path = f"{cycle.path}/evidence?name=a.txt"
    answer = await client.post(path, content=b"text", headers=SENT)
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def verify(cycle, **body):
    return await cycle.post(cycle.office, "ledger-entries/verification", body)


async def test_an_entry_is_verified_once_it_names_evidence(wanting):
    """Planted bugs: ask of the first of the list alone; take another entry's evidence for it."""
    cycle, source = wanting, wanting.source()
    backed = {"evidence_ids": [await added(cycle, source)]}
    bare, full = await cycle.enter(VALUE, OTHER | backed)
    refused = await verify(cycle, entry_ids=[full, bare])
    assert refused.status_code == 409
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/entry_ids/1", "evidence-missing")
    ]
    told = (await verify(cycle, all_submitted=True)).json()
    assert (told["count"], told["unsupported"]) == (1, {"ZH02": 1})
    named = await cycle.post(source, f"ledger-entries/{bare}/evidence", backed)
    assert named.status_code == 200, named.text
    assert (await verify(cycle, entry_ids=[bare])).status_code == 200
    assert (await verify(cycle, all_submitted=True)).json()["unsupported"] == {}


async def test_a_zero_report_and_a_reversal_want_none(wanting):
    """Planted bug: ask of every entry of a kind."""
    cycle = wanting
    event, zero = await cycle.enter(EVENT, ZERO, unit="ZH01")
    told = (await verify(cycle, all_submitted=True)).json()
    assert (told["count"], told["unsupported"]) == (1, {"ZH01": 1})
    answer = await cycle.post(
        cycle.source("ZH01"), f"ledger-entries/{zero}/reversal", {"reason": "x"}
    )
    assert answer.status_code == 201, answer.text
    assert (await verify(cycle, entry_ids=[answer.json()["entry_id"]])).status_code == 200
    assert (await verify(cycle, entry_ids=[event])).status_code == 409


async def test_a_bonus_is_confirmed_once_it_names_evidence(wanting):
    """Planted bug: let a rejection want evidence too."""
    cycle = wanting
    claim = {
        "claim_no": "B-1",
        "unit": "XQ01",
        "kind": "bonus",
        "level": "国家级",
        "authority": "国务院",
        "holder_name": "云川市",
        "document_no": "国发〔2025〕7号",
        "document_date": "2025-03-01",
        "event_key": "x",
    }
    first, second = await cycle.claim(claim, claim | {"claim_no": "B-2", "document_no": "8号"})
    refused = await cycle.confirm(first)
    assert refused.json()["errors"][0]["code"] == "evidence-missing", refused.text
    rejected = await cycle.confirm(second, decision="rejected", reason="x")
    assert rejected.status_code == 200, rejected.text
    named = {"evidence_ids": [await added(cycle, cycle.office)]}
    await cycle.post(cycle.office, f"claims/{first}/evidence", named)
    told = (await cycle.confirm(first)).json()
    assert "evidence-missing" not in str(told)


async def told_to(cycle, client) -> dict[str, int]:
    answer = await client.get(f"{cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    mine = [each for each in answer.json()["tasks"] if each["kind"] in ("add-evidence", WAITS)]
    return {each["kind"]: each["count"] for each in mine}


WAITS = "verify-entries"


async def test_who_entered_is_told_what_lacks_evidence_and_the_office_what_does_not(wanting):
    """Planted bugs: the office is told to verify what nobody can; what has evidence lacks it."""
    cycle, source = wanting, wanting.source()
    backed = {"evidence_ids": [await added(cycle, source)]}
    bare, _ = await cycle.enter(VALUE, OTHER | backed)
    await cycle.enter(EVENT, ZERO, unit="ZH01")
    assert await told_to(cycle, source) == {"add-evidence": 1}
    assert await told_to(cycle, cycle.source("ZH01")) == {"add-evidence": 1}
    assert await told_to(cycle, cycle.office) == {WAITS: 2}
    assert (await verify(cycle, all_submitted=True)).json()["count"] == 2
    assert await told_to(cycle, cycle.office) == {}
    await cycle.post(source, f"ledger-entries/{bare}/evidence", backed)
    assert await told_to(cycle, source) == {}
    assert await told_to(cycle, cycle.office) == {WAITS: 1}


async def test_where_nothing_is_wanted_nothing_is_asked(cycle):
    [entry] = await cycle.enter(VALUE)
    with cycle.service.statements() as asked:
        told = (await verify(cycle, entry_ids=[entry])).json()
    assert (told["count"], told["unsupported"]) == (1, {})
    assert not any("entry_evidence" in each for each in asked)


async def listed(cycle, query: str, client=None) -> list[str]:
    answer = await (client or cycle.office).get(f"{cycle.path}/ledger-entries?{query}")
    assert answer.status_code == 200, answer.text
    return [each["entry_id"] for each in answer.json()["items"]]


async def test_a_list_names_what_lacks_its_evidence(wanting):
    """Planted bugs: ask of every kind; take a zero report for an event; tell of what is gone."""
    cycle, source = wanting, wanting.source()
    backed = {"evidence_ids": [await added(cycle, source)]}
    bare, full = await cycle.enter(VALUE, VALUE | {"unit": "XQ02"} | backed)
    [other] = await cycle.enter(VALUE | {"indicator": "C01", "unit": "XQ03"}, state="draft")
    event, _ = await cycle.enter(EVENT, ZERO, unit="ZH01")
    assert await listed(cycle, "lacks_evidence=true&indicator=C01") == [bare, other]
    assert await listed(cycle, "lacks_evidence=false&indicator=C01") == [full]
    assert await listed(cycle, "lacks_evidence=true&indicator=C03") == [event]
    gone = f"ledger-entries/{other}/withdrawal"
    assert (await cycle.post(source, gone, {})).status_code == 200
    assert await listed(cycle, "lacks_evidence=true&author_unit=ZH02") == [bare]
    own = cycle.caller("assessed_unit", unit="XQ01")
    assert await listed(cycle, "lacks_evidence=true&period=2025", own) == [bare, event]
