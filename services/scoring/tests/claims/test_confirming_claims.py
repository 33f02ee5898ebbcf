"""Confirming and taking back claims over HTTP: an award counts once, and by two persons."""

import asyncio
import itertools
from decimal import Decimal
from itertools import count

import asyncpg
import pytest

COUNTIES = [f"XQ{n:02}" for n in range(1, 12)]
_numbers = count(1)


@pytest.fixture
def award(raw):
    """A factory of right claims; all of one test are on one document, which no other test has."""
    number, holders = next(_numbers), {u["code"]: u["name_zh"] for u in raw.scheme["units"]}
    made = count(1)

    def make(unit="XQ01", **more):
        n = next(made)
        return {
            "claim_no": f"B{n}",
            "unit": unit,
            "kind": "bonus",
            "level": "provincial",
            "authority": "省委省政府",
            "holder_name": holders[unit],
            "document_no": f"省办〔2025〕{number}号",
            "document_date": "2025-06-18",
            "work_year": 2025,
            "event_key": f"E{n}",
            "linked_indicator": "C09",
        } | more

    return make


def own(cycle, unit="XQ01", **more):
    return cycle.caller("assessed_unit", unit=unit, **more)


async def listed(cycle, by=None):
    items = (await (by or cycle.office).get(f"{cycle.path}/claims")).json()["items"]
    return {item["claim_no"]: item for item in items}


async def decided(cycle):
    """What the score sheet says of each claim: its decision and its points."""
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    return {c["claim_no"]: (c["decision"], Decimal(c["points"])) for c in sheet["claims"]}


async def refused(cycle, answer, before, *codes):
    """The whole list is refused for these reasons, and nothing is stored."""
    assert (answer.status_code, answer.json()["type"]) == (409, "claims-refused"), answer.text
    assert tuple(e["code"] for e in answer.json()["errors"]) == codes
    assert await cycle.rows() == before


async def test_a_claim_counts_once_another_person_has_confirmed_it(cycle, award):
    """Planted bug: let a claim that was given no share take the whole."""
    [claim] = await cycle.claim(award(), by=own(cycle))
    assert await decided(cycle) == {"B1": ("unconfirmed", 0)}

    answer = await cycle.confirm(claim)
    assert answer.status_code == 200, answer.text
    assert answer.json()["claims"] == [
        {"claim_id": claim, "claim_no": "B1", "state": "confirmed", "award": "sole", "share": "1"}
    ]
    assert await decided(cycle) == {"B1": ("accepted", 1)}
    told = (await listed(cycle))["B1"]
    assert (told["state"], told["confirmation"]["decided_by"]) == ("confirmed", "colleague")


async def test_the_sheet_says_in_two_languages_why_an_unconfirmed_claim_does_not_count(
    cycle, award
):
    await cycle.claim(award())
    edition = await cycle.score()

    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    assert sheet["claims"][0]["reason"] == {
        "code": "unconfirmed",
        "params": {},
        "en": "Nobody has confirmed the claim yet.",
        "zh": "申报尚未经他人认定。",
    }


async def test_the_digest_of_the_claims_covers_their_confirmation(cycle, award):
    """Planted bug: leave the standing out of what the digest is taken of."""
    claims = [await cycle.claim(award(document_no=f"{n}〔2025〕{cycle.number}号")) for n in "甲乙"]
    digests = set()
    for decision in ({}, {"decision": "rejected", "reason": "不符"}):
        sheet = f"{cycle.path}/score-sheets/{await cycle.score()}"
        digests.add((await cycle.office.get(sheet)).json()["inputs"]["claims_digest"])
        assert (await cycle.confirm(claims.pop()[0], **decision)).status_code == 200
    sheet = f"{cycle.path}/score-sheets/{await cycle.score()}"
    digests.add((await cycle.office.get(sheet)).json()["inputs"]["claims_digest"])
    assert len(digests) == 3


@pytest.mark.parametrize("more", [{}, {"decision": "rejected", "reason": "x"}])
async def test_whoever_handed_a_claim_in_does_not_decide_about_it_under_another_account(
    cycle, award, more
):
    """Planted bug: compare accounts instead of persons."""
    zhang = cycle.caller("performance_office", subject="zhang", person="P1")
    [claim] = await cycle.claim(award(), by=zhang)
    before = await cycle.rows()

    again = cycle.caller("performance_office", subject="zhang-2", person="P1")
    await refused(cycle, await cycle.confirm(claim, by=again, **more), before, "own-claim")


async def test_nobody_decides_about_their_own_unit_or_its_rival(cycle, award):
    """Planted bug: look at the unit of the claim only, so that a rival's is rejected for it."""
    ours, theirs = await cycle.claim(award("XQ01"), award("XQ02"))
    before = await cycle.rows()
    double = cycle.caller("performance_office", "assessed_unit", unit="XQ01", subject="double")

    for claim in (ours, theirs):
        answer = await cycle.confirm(claim, by=double, decision="rejected", reason="x")
        await refused(cycle, answer, before, "own-unit")


async def test_where_the_office_is_barred_the_second_body_decides_and_nobody_else(
    cycle, award, others, document
):
    others.schemes[cycle.cycle_id] = document | {"recusals": [{"unit": "XQ01", "body": "ZH03"}]}
    barred, free = await cycle.claim(
        award("XQ01"), award("XQ02", document_no=f"省厅〔2025〕{cycle.number}号")
    )
    before = await cycle.rows()
    body = cycle.caller("second_body", unit="ZH03")

    await refused(cycle, await cycle.confirm(barred), before, "recused")
    nobody = await cycle.confirm(barred, by=cycle.caller("second_body", unit="ZH04"))
    assert nobody.status_code == 403
    assert (await cycle.confirm(free, by=body)).json()["errors"][0]["code"] == "unknown-claim"
    assert await cycle.rows() == before
    assert list(await listed(cycle, body)) == ["B1"]
    assert (await cycle.confirm(barred, by=body)).status_code == 200
    assert (await cycle.confirm(free)).status_code == 200


@pytest.mark.parametrize("role", ["assessed_unit", "data_source_unit", "auditor", "committee"])
async def test_nobody_else_confirms(cycle, award, role):
    [claim] = await cycle.claim(award())
    answer = await cycle.confirm(claim, by=cycle.caller(role, unit="XQ02"))
    assert answer.status_code == 403


WRITINGS = [
    lambda no: no,
    lambda no: no.replace("〔", "[").replace("〕", "]"),
    lambda no: no.replace("〔", "（").replace("〕", "）"),
    lambda no: no.replace("〔", " 【 ").replace("〕", " 】 第"),
    lambda no: no.replace("2025", "２０２５").replace("号", ""),
    lambda no: no.replace("2025", "20\u200b25").replace("号", "号文件"),
    lambda no: "\u2060".join(no),
    lambda no: no.replace("〔2025〕", "2025-0"),
    lambda no: no.replace("2025", "二〇二五"),
]


@pytest.mark.parametrize("written", WRITINGS)
async def test_a_document_that_was_claimed_is_held_in_every_unit_and_cycle_however_written(
    new_cycle, award, written
):
    """Planted bugs: compare as typed; within the unit, or within the cycle, only."""
    cycle, later = new_cycle(), new_cycle()
    no = award()["document_no"]
    [first, second] = await cycle.claim(award("XQ01"), award("XQ02", document_no=written(no)))
    [third] = await later.claim(award("XQ01", document_no=written(no), authority="省委"))
    assert [c["held"] for c in (await listed(cycle)).values()] == [True, True]

    for where, claim in ((cycle, first), (cycle, second), (later, third)):
        await refused(where, await where.confirm(claim), await where.rows(), "held")
    this = {"kind": "same", "counts": first}
    assert (await cycle.confirm(first, award=this)).status_code == 200
    for where, claim in ((cycle, second), (later, third)):
        await refused(where, await where.confirm(claim), await where.rows(), "held")


async def test_of_the_same_award_one_claim_counts_and_the_other_says_that_it_does_not(cycle, award):
    first, second = await cycle.claim(award("XQ01"), award("XQ02"))
    same = {"kind": "same", "counts": first}
    for claim in (first, second):
        assert (await cycle.confirm(claim, award=same)).status_code == 200
    assert await decided(cycle) == {"B2": ("accepted", 1), "B3": ("rejected_same_award", 0)} or (
        await decided(cycle) == {"B1": ("accepted", 1), "B2": ("rejected_same_award", 0)}
    )

    again = await cycle.confirm(second, award={"kind": "same", "counts": second}, reason="牵头单位")
    assert again.status_code == 200, again.text
    assert sorted((await decided(cycle)).values()) == [("accepted", 1), ("rejected_same_award", 0)]
    assert (await decided(cycle))["B2"] == ("accepted", 1)


async def test_a_joint_award_counts_for_each_by_its_share_and_never_more_than_once(cycle, award):
    """Planted bug: leave the first claim its whole when the second is let in."""
    [first] = await cycle.claim(award("XQ01"))
    assert (await cycle.confirm(first)).status_code == 200
    [second] = await cycle.claim(award("XQ02"))
    before = await cycle.rows()

    def joint(*shares):
        pairs = zip((first, second), shares, strict=True)
        return {"kind": "joint", "shares": [{"claim_id": c, "share": s} for c, s in pairs]}

    for shares in (("0.6", "0.5"), ("1", "0.000000000001")):
        answer = await cycle.confirm(second, award=joint(*shares))
        await refused(cycle, answer, before, "shares-do-not-fit")
    alone = {"kind": "joint", "shares": [{"claim_id": second, "share": "0.5"}]}
    answer = await cycle.confirm(second, award=alone)
    await refused(cycle, answer, before, "missing", "shares-do-not-fit")
    for share in ("0", "-1", "1.1"):
        answer = await cycle.confirm(second, award=joint("0.5", share))
        assert answer.status_code == 422
    assert await cycle.rows() == before

    answer = await cycle.confirm(second, award=joint("0.7", "0.3"), reason="按文件分工")
    assert answer.status_code == 200, answer.text
    assert {c["claim_no"]: c["share"] for c in answer.json()["claims"]} == {
        "B1": "0.7",
        "B2": "0.3",
    }
    assert await decided(cycle) == {
        "B1": ("accepted", Decimal("0.7")),
        "B2": ("accepted", Decimal("0.3")),
    }


async def test_another_award_in_the_document_counts_beside_the_first_and_once(cycle, award):
    """Planted bug: tell items apart as typed."""
    first, second, third = await cycle.claim(*(award(unit) for unit in COUNTIES[:3]))
    told = [(first, "先进集体"), (second, "组织奖"), (third, "组 织\u200b奖")]
    answers = [
        await cycle.confirm(claim, award={"kind": "another_award", "item": item})
        for claim, item in told
    ]
    assert [a.status_code for a in answers] == [200, 200, 409]
    assert [e["code"] for e in answers[2].json()["errors"]] == ["counts-already"]
    nameless = await cycle.confirm(third, award={"kind": "another_award", "item": "——"})
    assert [e["code"] for e in nameless.json()["errors"]] == ["missing"]


async def test_of_sixteen_confirmations_at_once_one_counts(new_cycle, award):
    """Planted bugs: read what counts before taking the lock; leave the lock to the cycle."""
    cycles = [new_cycle(), new_cycle()]
    claims = [
        (cycle, claim)
        for cycle in cycles
        for claim in await cycle.claim(*(award(unit) for unit in COUNTIES[:8]))
    ]
    same = {"kind": "another_award", "item": "一等奖"}
    answers = await asyncio.gather(*(cycle.confirm(claim, award=same) for cycle, claim in claims))

    assert sorted(a.status_code for a in answers) == [200] + [409] * 15
    counted = [(await cycle.rows())["counted_award"] for cycle in cycles]
    assert sum(counted) == 1


async def test_the_database_itself_lets_nothing_count_twice(new_cycle, award):
    """Planted bug: drop a key, or the trigger."""
    cycle, later = new_cycle(), new_cycle()
    [first] = await cycle.claim(award("XQ01"))
    assert (await cycle.confirm(first)).status_code == 200
    [again] = await later.claim(award("XQ02"))
    connection = await asyncpg.connect(cycle.service.urls.app.replace("+asyncpg", ""), ssl=False)
    counts = (
        "INSERT INTO counted_award (cycle_id, claim_id, step, fingerprint, item, unit, share)"
        " SELECT cycle_id, claim_id, 1, fingerprint, '', $3, $4 FROM claim"
        " WHERE cycle_id = $1 AND claim_id = $2"
    )
    try:
        for unit, share in (("XQ01", "0.5"), ("XQ02", "1"), ("XQ02", "0.1")):
            with pytest.raises(asyncpg.UniqueViolationError):
                await connection.execute(counts, later.cycle_id, again, unit, Decimal(share))
        end = "UPDATE counted_award SET ended_at = {} WHERE claim_id = $1"
        await connection.execute(end.format("now()"), first)
        for revived in ("NULL", "now()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(end.format(revived), first)
        for change in ("DELETE FROM counted_award", "UPDATE counted_award SET share = 0.1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)
    finally:
        await connection.close()


def next_year(document):
    """The scheme of the year after."""
    window = {"opens": "2026-01-01", "closes": "2026-12-31"}
    rules = document["adjustments"] | {"window": window}
    return document | {"assessment_year": 2026, "adjustments": rules}


async def test_an_award_that_counted_does_not_count_again_next_year(
    new_cycle, award, others, document
):
    """Planted bug: ask the claimant whether it counted."""
    cycle, later = new_cycle(), new_cycle()
    others.schemes[later.cycle_id] = next_year(document)
    [first] = await cycle.claim(award())
    assert (await cycle.confirm(first)).status_code == 200
    [second] = await later.claim(award())

    await refused(later, await later.confirm(second), await later.rows(), "held")
    for counts, code in ((second, "counts-already"), (None, "unknown-claim")):
        answer = await later.confirm(second, award={"kind": "same", "counts": counts})
        await refused(later, answer, await later.rows(), code)
    answer = await later.confirm(second, award={"kind": "same", "counts": first})
    assert answer.status_code == 200, answer.text
    assert [word for word, _ in (await decided(later)).values()] == ["rejected_out_of_window"]


async def test_carrying_over_counts_once_and_the_system_knows_of_the_year_before(
    new_cycle, award, others, document
):
    """Planted bug: let a claim that is carried to the next year take its award in this one."""
    cycle, later = new_cycle(), new_cycle()
    others.schemes[later.cycle_id] = next_year(document)
    division = {"jurisdiction": "430000", "scheme_version": 1}
    years = ((cycle, 2025), (later, 2026))
    others.cycles = [
        {"cycle_id": str(c.cycle_id), "assessment_year": y} | division for c, y in years
    ]
    try:
        late = {"document_date": "2026-01-15", "work_year": 2025}
        [first] = await cycle.claim(award(**late))
        assert (await cycle.confirm(first)).json()["claims"][0]["share"] is None
        assert list((await decided(cycle)).values()) == [("carried_to_next_year", 0)]
        [second, third] = await later.claim(award(**late), award(**late))
        same = {"kind": "same", "counts": second}
        stated = {"counted": False, "reason": "x"}
        answer = await later.confirm(second, award=same, counted_earlier=stated)
        await refused(later, answer, await later.rows(), "known")
        for claim in (second, third):
            assert (await later.confirm(claim, award=same)).status_code == 200
    finally:
        others.cycles = []
    words = sorted(word for word, _ in (await decided(later)).values())
    assert words == ["accepted_carried_over", "rejected_same_award"]


@pytest.mark.parametrize(
    ("counted", "decision"),
    [(False, ("accepted_carried_over", 1)), (True, ("rejected_counted_before", 0))],
)
async def test_what_counted_in_a_year_that_is_not_here_is_stated_with_a_reason_by_who_confirms(
    cycle, award, counted, decision
):
    [claim] = await cycle.claim(award(work_year=2024))
    await refused(cycle, await cycle.confirm(claim), await cycle.rows(), "missing")
    silent = await cycle.confirm(claim, counted_earlier={"counted": counted})
    assert silent.status_code == 422

    stated = {"counted": counted, "reason": "2024 年度结果通报"}
    assert (await cycle.confirm(claim, counted_earlier=stated)).status_code == 200
    assert list((await decided(cycle)).values()) == [decision]


async def test_the_claimants_own_word_on_an_earlier_year_is_refused_by_name(cycle, award):
    answer = await cycle.post(cycle.office, "claims", {"claims": [award(counted_before=False)]})

    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/claims/0/counted_before"]


async def test_a_rejection_or_a_new_decision_needs_a_reason_and_releases_the_award(cycle, award):
    [claim] = await cycle.claim(award())
    rejected = {"decision": "rejected"}
    await refused(cycle, await cycle.confirm(claim, **rejected), await cycle.rows(), "missing")
    assert (await cycle.confirm(claim)).status_code == 200
    await refused(cycle, await cycle.confirm(claim), await cycle.rows(), "missing")

    answer = await cycle.confirm(claim, **rejected, reason="奖项已撤销")
    assert answer.status_code == 200
    assert list((await decided(cycle)).values()) == [("rejected_by_confirmer", 0)]
    [other] = await cycle.claim(award("XQ02"))
    assert (await cycle.confirm(other)).status_code == 200


async def test_a_unit_takes_back_its_own_claim_until_it_is_confirmed(cycle, award):
    [first, second, theirs] = await cycle.claim(
        *(award(document_no=f"{n}〔2025〕{cycle.number}号") for n in "丙丁"), award("XQ02")
    )
    reason = {"reason": "误报"}
    unit = own(cycle)
    gone = await cycle.post(unit, "claims/withdrawal", {"claim_ids": [first], **reason})
    assert (gone.status_code, gone.json()["claims"][0]["state"]) == (200, "withdrawn")
    assert (await cycle.confirm(second)).status_code == 200

    before = await cycle.rows()
    for claim, codes in (
        (first, ("wrong-state", "own-unit")),
        (second, ("own-unit", "missing")),
        (theirs, ("unknown-claim",)),
    ):
        answer = await cycle.post(unit, "claims/withdrawal", {"claim_ids": [claim], **reason})
        await refused(cycle, answer, before, *codes)
    assert (await decided(cycle))["B1"] == ("withdrawn", 0)


async def test_a_unit_does_not_take_back_the_criticism_of_it(cycle, award):
    """Planted bug: look only at whose unit the claim is about."""
    criticism = award(kind="deduction", rule="DED02")
    [claim] = await cycle.claim(criticism)
    before = await cycle.rows()

    body = {"claim_ids": [claim], "reason": "不服"}
    await refused(
        cycle, await cycle.post(own(cycle), "claims/withdrawal", body), before, "own-unit"
    )


async def test_the_office_takes_back_a_confirmed_claim_by_another_person_with_a_document(
    cycle, award
):
    [claim] = await cycle.claim(award(kind="deduction", rule="DED02"))
    assert (await cycle.confirm(claim)).status_code == 200
    before = await cycle.rows()
    bare = {"claim_ids": [claim], "reason": "通报撤销"}
    whole = bare | {"document_no": "省办〔2025〕99号"}

    answer = await cycle.post(cycle.colleague, "claims/withdrawal", whole)
    await refused(cycle, answer, before, "own-confirmation")
    answer = await cycle.post(cycle.office, "claims/withdrawal", bare)
    await refused(cycle, answer, before, "missing")
    assert (await cycle.post(cycle.office, "claims/withdrawal", whole)).status_code == 200
    assert list((await decided(cycle)).values()) == [("withdrawn", 0)]
    assert (await listed(cycle))["B1"]["confirmation"]["document_no"] == "省办〔2025〕99号"
    assert (await cycle.rows())["claim_state"] == 3


async def test_after_the_seal_no_claim_moves(cycle, award):
    [claim, other] = await cycle.claim(
        award(), award("XQ02", document_no=f"戊〔2025〕{cycle.number}号")
    )
    assert (await cycle.confirm(claim)).status_code == 200
    left = {"unscored": {"unconfirmed": {"count": 1, "reason": "逾期未认定"}}}
    assert (await cycle.post(cycle.office, "ledger/seal", left)).status_code == 200
    before = await cycle.rows()

    taken_back = {"claim_ids": [claim], "reason": "x", "document_no": "1"}
    for answer in (
        await cycle.confirm(other),
        await cycle.confirm(claim, decision="rejected", reason="x"),
        await cycle.post(cycle.office, "claims/withdrawal", taken_back),
        await cycle.post(cycle.office, "claims", {"claims": [award("XQ03")]}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")
    assert await cycle.rows() == before


async def test_a_unit_learns_that_a_document_was_claimed_elsewhere_and_nothing_of_by_whom(
    new_cycle, award
):
    """Planted bug: show a unit the list that the office sees."""
    cycle, later = new_cycle(), new_cycle()
    await cycle.claim(award("XQ02", claim_no="SECRET", event_key="HIDDEN"))
    await later.claim(award("XQ01"), award("XQ01"))

    told = (await own(later).get(f"{later.path}/claims")).text
    for hidden in ("XQ02", "SECRET", "HIDDEN", str(cycle.cycle_id), "川城区"):
        assert hidden not in told
    mine = await listed(later, own(later))
    assert [c["held"] for c in mine.values()] == [True, True]
    assert {c["held_reason"]["en"] for c in mine.values()} == {
        "This document has been claimed elsewhere."
    }
    assert [len(c["same_document"]) for c in mine.values()] == [1, 1]
    seen = next(iter((await listed(later)).values()))["same_document"]
    assert {one["claim_no"] for one in seen} > {"SECRET"}


async def test_similar_documents_are_shown_to_who_confirms_and_hold_nothing(new_cycle, award):
    cycle, other = new_cycle(), new_cycle()
    [claim] = await cycle.claim(award("XQ01"))
    no = f"己〔2025〕{cycle.number}号"
    day = f"2025-07-{cycle.number % 27 + 1:02}"
    unlike = {"authority": f"省委办公厅{cycle.number}", "document_date": day}
    await other.claim(
        award("XQ02", document_date=day),
        award("XQ03", document_no=no, **unlike),
        award("XQ04", document_no=f"庚〔2025〕{cycle.number}号", **unlike),
    )
    shown = await listed(cycle), await listed(other)
    likes = [{s["likeness"] for s in c["similar"]} for told in shown for c in told.values()]

    assert "same_number" in likes[0]
    assert likes[2:] == [{"same_authority_and_date"}] * 2
    assert not any(c["held"] for told in shown for c in told.values())
    assert (await cycle.confirm(claim)).status_code == 200
    assert {s["unit"] for s in (await listed(cycle, own(cycle)))["B1"]["similar"]} <= {"XQ01"}


async def test_two_claims_on_one_document_are_not_decided_in_one_list(cycle, award):
    first, second = await cycle.claim(award("XQ01"), award("XQ02"))
    before = await cycle.rows()
    same = {"decision": "confirmed", "award": {"kind": "same", "counts": first}}
    decisions = [{"claim_id": claim} | same for claim in (first, second)]

    body = {"decisions": decisions}
    answer = await cycle.post(cycle.colleague, "claims/confirmation", body)
    await refused(cycle, answer, before, "same-document-twice")
    unknown = await cycle.confirm(str(cycle.cycle_id))
    await refused(cycle, unknown, before, "unknown-claim")


async def test_a_criticism_without_a_number_is_known_by_unit_rule_and_day(cycle, award):
    bare = {"kind": "deduction", "rule": "DED04", "document_no": None}
    first, second, other = await cycle.claim(
        award(**bare), award(**bare), award(**bare, document_date="2025-06-19")
    )
    await refused(cycle, await cycle.confirm(first), await cycle.rows(), "held")
    assert (await cycle.confirm(other)).status_code == 200
    same = {"kind": "same", "counts": first}
    for claim in (first, second):
        assert (await cycle.confirm(claim, award=same)).status_code == 200
    assert sum(points for _, points in (await decided(cycle)).values()) == Decimal("-1")


async def test_claims_are_listed_by_unit_kind_and_states(cycle, award):
    """Pages of two, against a filter in Python, by the office and a unit that asks for a rival's.

    Planted bugs: each filter left out; the first state of a claim and not its latest; a claim that
    nobody has decided about, which has no state in the database; a rival's, whoever asks."""
    made = [award(unit, document_no=f"{n}〔2025〕1号") for n, unit in enumerate(COUNTIES[:2] * 2)]
    first, second, third, _ = await cycle.claim(*made)
    for claim in (first, third):
        assert (await cycle.confirm(claim)).status_code == 200
    body = {"claim_ids": [second], "reason": "x"}
    gone = await cycle.post(own(cycle, "XQ02"), "claims/withdrawal", body)
    assert gone.status_code == 200, gone.text
    path = f"{cycle.path}/claims"
    choices = itertools.product(
        (None, *COUNTIES[:2]),
        (None, "bonus", "deduction"),
        ((), ("handed_in",), ("confirmed", "withdrawn"), ("rejected",)),
    )
    readers = cycle.office, own(cycle)
    whole = [(await each.get(f"{path}?limit=200")).json()["items"] for each in readers]
    both = zip(readers, whole, strict=True)
    for (unit, kind, states), (reader, everything) in itertools.product(choices, both):
        assert everything
        wanted = {"unit": unit and [unit], "kind": kind and [kind], "state": states}
        params = {name: value for name, value in wanted.items() if value} | {"limit": 2}
        got, after = [], {}
        while after is not None:
            page = (await reader.get(path, params=params | after)).json()
            got += page["items"]
            after = {"after": page["next"]} if page["next"] else None
        assert got == [
            claim
            for claim in everything
            if all(claim[name] in values for name, values in wanted.items() if values)
        ]
