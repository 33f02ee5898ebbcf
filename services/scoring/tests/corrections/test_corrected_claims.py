"""Bonuses and deductions of a sealed record are corrected beside it, as entries are."""

import hashlib
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from services.scoring.tests.claims.test_confirming_claims import award as award
from services.scoring.tests.corrections.working import (
    decide,
    propose,
    proposed,
    sheet,
)


def own(cycle, unit="XQ01", **more):
    return cycle.caller("assessed_unit", unit=unit, **{"subject": f"of-{unit}"} | more)


@pytest.fixture
async def year(new_cycle, award):
    """A sealed year, fed back: B1 counts, of B2 nothing does, B3 and B4 share an award."""
    cycle = new_cycle()

    def numbered(n, unit, **more):
        document = f"封〔2025〕{cycle.number}-{n}号"
        return award(unit, claim_no=f"B{n}", document_no=document, **more)

    cycle.claims = [
        *await cycle.claim(numbered(1, "XQ01"), by=own(cycle)),
        *await cycle.claim(numbered(2, "XQ02")),
        *await cycle.claim(numbered(3, "XQ03")),
    ]
    first, second, third = cycle.claims
    assert (await cycle.confirm(first)).status_code == 200
    assert (await cycle.confirm(third)).status_code == 200
    [fourth] = await cycle.claim(numbered(3, "XQ04") | {"claim_no": "B4"}, by=own(cycle, "XQ04"))
    shares = [{"claim_id": third, "share": "0.6"}, {"claim_id": fourth, "share": "0.4"}]
    joint = {"kind": "joint", "shares": shares}
    assert (await cycle.confirm(fourth, award=joint, reason="按文件分工")).status_code == 200
    rejected = await cycle.confirm(second, decision="rejected", reason="级别不符")
    assert rejected.status_code == 200, rejected.text
    cycle.claims.append(fourth)
    answer = await cycle.post(cycle.office, "ledger/seal", {})
    assert answer.status_code == 200, answer.text
    await fed_back(cycle)
    return cycle


async def fed_back(cycle):
    edition = await cycle.score()
    assert (await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")).status_code == 201
    return edition


async def points(cycle, edition):
    content = (await sheet(cycle, edition)).json()
    return {c["claim_no"]: (c["decision"], Decimal(c["points"])) for c in content["claims"]}


async def approved(cycle, who="member", **more):
    correction = await proposed(cycle, **more)
    answer = await decide(cycle, correction, cycle.caller("committee", subject=who))
    assert answer.status_code == 201, answer.text
    return correction


def codes(answer):
    assert (answer.status_code, answer.json()["type"]) == (422, "correction-refused"), answer.text
    return [each["code"] for each in answer.json()["errors"]]


SEALED = {
    "B1": ("accepted", Decimal(1)),
    "B2": ("rejected_by_confirmer", Decimal(0)),
    "B3": ("accepted", Decimal("0.6")),
    "B4": ("accepted", Decimal("0.4")),
}


async def claims_of(cycle, by=None):
    return (await (by or cycle.office).get(f"{cycle.path}/claims")).content


async def test_points_are_corrected_taken_out_and_counted_late_beside_the_sealed_claims(year):
    """Planted bugs: the claims' list tells of it; their digest moves with it; old editions do."""
    one, late = year.claims[0], year.claims[1]
    record, old = await claims_of(year), (await sheet(year, 1)).content
    assert await points(year, 1) == SEALED
    less = await approved(year, claim_id=one, value="0.5")
    added = await approved(year, what="adds", claim_id=late, value="0.8")
    edition = await year.score()
    new = await sheet(year, edition)
    assert await points(year, edition) == SEALED | {
        "B1": ("accepted_by_correction", Decimal("0.5")),
        "B2": ("accepted_by_correction", Decimal("0.8")),
    }
    inputs, was = new.json()["inputs"], (await sheet(year, 1)).json()["inputs"]
    assert inputs["claims_digest"] == was["claims_digest"]
    assert inputs["ledger_digest"] == was["ledger_digest"]
    ids = b"".join(each.bytes for each in sorted(map(UUID, (less, added))))
    assert inputs["corrections_digest"] == hashlib.sha256(ids).hexdigest()
    tree = (await sheet(year, edition, "/units/XQ01/explanation")).text
    assert less in tree
    moved = (await sheet(year, edition, "/differences?against=1")).json()
    assert [each["document"] for each in moved["documents"]] == ["corrections"]
    assert {each["unit"] for each in moved["units"]} == {"XQ01", "XQ02"}

    await approved(year, "another", what="removes", claim_id=one)
    again = await year.score()
    assert (await points(year, again))["B1"] == ("rejected_by_correction", 0)
    assert codes(await propose(year, what="removes", claim_id=one)) == ["not-counted"]
    back = await approved(year, "third", what="adds", claim_id=one, value="0.9")
    last = await year.score()
    assert (await points(year, last))["B1"] == ("accepted_by_correction", Decimal("0.9"))
    assert back in (await sheet(year, last, "/units/XQ01/explanation")).text
    assert await claims_of(year) == record
    assert (await sheet(year, 1)).content == old
    chain = await year.service.verification(str(year.cycle_id))
    assert chain["holds"]


async def test_the_points_of_a_joint_award_are_corrected_in_every_share_at_once(year):
    """Planted bugs: the others keep their points; a share that was taken out comes back; what the
    unit of another share reads names the first one."""
    third, fourth = year.claims[2:]
    first = await approved(year, claim_id=third, value="0.5")
    listed = (await year.office.get(f"{year.path}/corrections")).json()["items"]
    [other] = [each for each in listed if each["rests_on"]]
    assert (other["rests_on"], other["claim_id"], other["unit"], other["state"]) == (
        first,
        fourth,
        "XQ04",
        "approved",
    )
    edition = await fed_back(year)
    found = await points(year, edition)
    word = "accepted_by_correction"
    assert (found["B3"], found["B4"]) == ((word, Decimal("0.3")), (word, Decimal("0.2")))
    read = (await own(year, "XQ04").get(f"{year.path}/corrections")).json()["items"]
    assert [each["correction_id"] for each in read] == [other["correction_id"]]
    assert "XQ03" not in str(read)
    await approved(year, "another", what="removes", claim_id=fourth)
    await approved(year, "third", claim_id=third, value="0.8")
    found = await points(year, await year.score())
    assert found["B3"] == (word, Decimal("0.48"))
    assert found["B4"] == ("rejected_by_correction", 0)


async def test_a_share_that_was_taken_out_comes_back_for_no_other_award(year):
    """Planted bug: by another name in the document it counts again beside the other shares, for its
    old share of another value, and the points of both move with one another."""
    third = year.claims[2]
    await approved(year, what="removes", claim_id=third)
    before = await year.rows()
    answer = await propose(year, what="adds", claim_id=third, value="0.9", item="单项奖")
    assert codes(answer) == ["not-wanted"]
    assert await year.rows() == before


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"claim": 0, "value": "1"}, ["nothing-changes"]),
        ({"claim": 0, "value": "0"}, ["too-small"]),
        ({"claim": 0, "value": "-1"}, ["too-small"]),
        ({"claim": 0, "value": "100"}, ["more-than-any-rule"]),
        ({"claim": 0}, ["missing"]),
        ({"claim": 0, "what": "removes", "value": "1"}, ["not-wanted"]),
        ({"claim": 0, "value": "0.5", "unit": "XQ01", "indicator": "C01"}, ["not-wanted"] * 2),
        ({"claim": 0, "value": "0.5", "item": "一等奖"}, ["not-wanted"]),
        ({"claim": 0, "what": "adds", "value": "0.5"}, ["counts-already"]),
        ({"claim": 1, "value": "0.5"}, ["not-counted"]),
        ({"claim": 1, "what": "removes"}, ["not-counted"]),
        ({"claim": None, "value": "0.5"}, ["not-counted"]),
    ],
)
async def test_what_cannot_be_said_of_a_claim_is_refused_by_name(year, more, expected):
    """Planted bugs: points beyond the dearest rule; what counts is added beside itself."""
    more = dict(more)
    at = more.pop("claim")
    claim = str(uuid4()) if at is None else year.claims[at]
    before = await year.rows()
    assert codes(await propose(year, claim_id=claim, **more)) == expected
    assert await year.rows() == before


async def test_an_award_counts_in_one_claim_also_when_it_counts_late(new_cycle, award):
    """Planted bugs: other claims on the document are not looked at; a claim that was taken out
    holds its award against the one whose it is; next year nobody knows of what counted late."""
    cycle = new_cycle()
    mine, theirs = await cycle.claim(award("XQ01"), award("XQ02"))
    assert (await cycle.confirm(mine, award={"kind": "same", "counts": mine})).status_code == 200
    assert (await cycle.confirm(theirs, award={"kind": "same", "counts": mine})).status_code == 200
    assert (await cycle.post(cycle.office, "ledger/seal", {})).status_code == 200
    await fed_back(cycle)
    wanted = {"what": "adds", "claim_id": theirs, "value": "1"}
    assert codes(await propose(cycle, **wanted)) == ["counted-already"]
    other_award = await propose(cycle, **wanted, item="单项奖")
    assert other_award.status_code == 201, other_award.text
    waiting = other_award.json()["correction"]["correction_id"]
    assert (await decide(cycle, waiting, decision="refused", text="非单项奖")).status_code == 201
    await approved(cycle, what="removes", claim_id=mine)
    await approved(cycle, **wanted)
    found = await points(cycle, await cycle.score())
    assert sorted(found.values()) == [
        ("accepted_by_correction", Decimal(1)),
        ("rejected_by_correction", Decimal(0)),
    ]
    assert codes(await propose(cycle, what="adds", claim_id=mine, value="1")) == ["counted-already"]


async def test_what_was_taken_out_comes_back_for_the_award_that_it_was_confirmed_for(
    new_cycle, award
):
    """Planted bug: without the name of its award it is held against no other claim, and the award
    counts twice."""
    cycle = new_cycle()
    mine, theirs = await cycle.claim(award("XQ01"), award("XQ02"))
    first = {"kind": "another_award", "item": "一等奖"}
    assert (await cycle.confirm(mine, award=first)).status_code == 200
    rejected = await cycle.confirm(theirs, decision="rejected", reason="级别不符")
    assert rejected.status_code == 200, rejected.text
    assert (await cycle.post(cycle.office, "ledger/seal", {})).status_code == 200
    await fed_back(cycle)
    await approved(cycle, what="removes", claim_id=mine)
    back = {"what": "adds", "claim_id": mine, "value": "0.9"}
    waiting = await proposed(cycle, **back)
    another = cycle.caller("committee", subject="another-member")
    answer = await decide(cycle, waiting, another, decision="refused", text="未定")
    assert answer.status_code == 201, answer.text
    await approved(cycle, what="adds", claim_id=theirs, value="1", item="一等奖")
    assert codes(await propose(cycle, **back)) == ["counted-already"]


async def test_what_counts_late_does_not_count_again_in_another_cycle(new_cycle, award):
    """Planted bug: the register knows only of what was confirmed before the seal."""
    cycle, other = new_cycle(), new_cycle()
    [mine] = await cycle.claim(award("XQ01"))
    rejected = await cycle.confirm(mine, decision="rejected", reason="级别不符")
    assert rejected.status_code == 200
    assert (await cycle.post(cycle.office, "ledger/seal", {})).status_code == 200
    await fed_back(cycle)
    await approved(cycle, what="adds", claim_id=mine, value="1")
    [again] = await other.claim(award("XQ02"))
    answer = await other.confirm(again)
    assert answer.status_code == 409, answer.text
    assert {each["code"] for each in answer.json()["errors"]} & {"held", "counts-already"}


async def author_of(cycle, claim):
    told = "SELECT author_person FROM claim WHERE claim_id = $1"
    return (await cycle.service.sql(told, UUID(claim)))[0]["author_person"]


async def test_whoever_had_a_part_in_a_claim_or_an_interest_in_it_decides_nothing(year):
    """Planted bugs: only who confirmed it; who handed it in, who shares or who corrected it
    before is free."""
    one, _, third, _ = year.claims
    correction = await proposed(year, claim_id=third, value="0.5")
    for who, cause in (
        (year.caller("committee", subject="x", person="colleague"), "own-proposal"),
        (year.caller("committee", subject="y", person=await author_of(year, third)), "own-part"),
    ):
        answer = await decide(year, correction, who)
        assert (answer.status_code, answer.json().get("cause")) == (403, cause), answer.text
    rival = year.caller("committee", subject="rival", unit="XQ04")
    assert (await decide(year, correction, rival)).status_code in (403, 404)
    tasks = (await rival.get(f"{year.path}/tasks/scoring")).json()["tasks"]
    assert [each["kind"] for each in tasks] == []
    member = year.caller("committee", subject="member")
    asked = (await member.get(f"{year.path}/tasks/scoring")).json()["tasks"]
    assert [each["kind"] for each in asked] == ["decide-correction"]
    author = year.caller("committee", subject="a", person=await author_of(year, one))
    other = await proposed(year, claim_id=one, value="0.5")
    answer = await decide(year, other, author)
    assert (answer.status_code, answer.json()["cause"]) == (403, "own-part")
    assert (await decide(year, other, member)).status_code == 201
    again = await proposed(year, claim_id=one, value="0.6")
    answer = await decide(year, again, member)
    assert (answer.status_code, answer.json()["cause"]) == (403, "own-part")


async def test_no_unit_is_told_of_a_corrected_claim_before_its_sheet_is(year):
    """Planted bug: what counts nowhere of its own, with what was only approved."""
    mine, late = own(year), own(year, "XQ02")
    reads = ("corrections", "claims", "stage-results/current", "tasks/scoring", "unscored")

    async def seen():
        answers = [
            (await who.get(f"{year.path}/{each}")).json() for who in (mine, late) for each in reads
        ]
        return [{k: v for k, v in each.items() if k != "as_of"} for each in answers]

    before = await seen()
    correction = await approved(year, claim_id=year.claims[0], value="0.5")
    await approved(year, what="adds", claim_id=year.claims[1], value="0.8")
    assert await seen() == before
    await year.score()
    assert await seen() == before
    await fed_back(year)
    assert await seen() != before
    listed = (await mine.get(f"{year.path}/corrections")).json()["items"]
    assert [each["correction_id"] for each in listed] == [correction]
    tree = (await mine.get(f"{year.path}/score-sheets/latest/units/XQ01/explanation")).text
    assert correction in tree


async def test_a_body_that_stands_in_learns_of_no_claim_of_other_units(year, others, document):
    """Planted bug: another refusal where there is such a claim."""
    others.schemes[year.cycle_id] = document | {"recusals": [{"unit": "XQ02", "body": "ZH07"}]}
    body = year.caller("second_body", unit="ZH07", subject="body")
    told = []
    for claim in (year.claims[0], str(uuid4())):
        answer = await propose(year, body, claim_id=claim, value="0.5")
        told.append({k: v for k, v in answer.json().items() if k != "request_id"})
    assert told[0] == told[1]
    added = await propose(year, body, what="adds", claim_id=year.claims[1], value="0.5")
    assert added.status_code == 201, added.text
