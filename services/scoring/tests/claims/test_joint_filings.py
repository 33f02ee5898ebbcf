"""One claim that several units have together: who is named, what each says, and what it counts."""

from decimal import Decimal

import pytest

from .test_confirming_claims import award, listed, own, refused

__all__ = ["award"]

AS_FILED = {"award": {"kind": "as_filed"}}
HALF = Decimal("0.5")


def partner(unit, name, share=None, **more):
    told = {"unit": unit, "holder_name": name, "linked_indicator": "C09"} | more
    return told if share is None else told | {"share": share}


@pytest.fixture
def names(raw):
    return {u["code"]: u["name_zh"] for u in raw.scheme["units"]}


@pytest.fixture
def filing(award, names):
    """A factory of claims of one unit that names others, each with its share."""

    def make(*units, own="0.5", share="0.2", **more):
        beside = [partner(unit, names[unit], share) for unit in units]
        return award(jointly_with=beside, share=own, **more)

    return make


@pytest.fixture
def ruled(cycle, others, document):
    """A factory: have joint awards ruled otherwise."""

    def rule(**of_bonus):
        adjustments = document["adjustments"]
        bonus = adjustments["bonus"] | of_bonus
        changed = document | {"adjustments": adjustments | {"bonus": bonus}}
        others.schemes[cycle.cycle_id] = changed

    return rule


async def file(cycle, claim, unit="XQ01"):
    """Hand a claim in for a unit; return the ids of the claims of its filing, by unit."""
    await cycle.claim(claim, by=own(cycle, unit))
    [told] = [each for each in await every(cycle) if each["unit"] == unit]
    return {each["unit"]: each["claim_id"] for each in told["filed_together"]}


async def answer(cycle, unit, claim_id, agrees=True, *, status=200, **more):
    said = {"claim_id": claim_id, "agrees": agrees} | more
    by = own(cycle, unit, subject=f"of-{unit}", person=f"person-of-{unit}")
    told = await cycle.post(by, "claims/answers", {"answers": [said]})
    assert told.status_code == status, told.text
    return told


async def every(cycle):
    return (await cycle.office.get(f"{cycle.path}/claims")).json()["items"]


async def said(cycle, unit="XQ01"):
    """What a unit is told that each of those in its filing says."""
    [told] = (await listed(cycle, own(cycle, unit))).values()
    return [(each["agrees"], each["reason"]) for each in told["filed_together"]]


async def worth(cycle):
    """What the sheet gives each unit that claims: the word, and the points."""
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    return {c["unit"]: (c["decision"], Decimal(c["points"])) for c in sheet["claims"]}


async def test_one_claim_of_three_units_counts_for_each_by_the_share_that_all_agreed_to(
    cycle, filing
):
    """Planted bugs: the whole for who leads; the partners' claims under the leader's unit; only the
    claim that is named is decided about."""
    claims = await file(cycle, filing("XQ02", "XQ03"))
    assert [*claims] == ["XQ01", "XQ02", "XQ03"]
    for unit in ("XQ02", "XQ03"):
        await answer(cycle, unit, claims[unit])
    done = await cycle.confirm(claims["XQ01"], **AS_FILED)
    assert done.status_code == 200, done.text
    told = {each["claim_id"]: (each["award"], each["share"]) for each in done.json()["claims"]}
    assert told == {
        claims["XQ01"]: ("joint", "0.5"),
        claims["XQ02"]: ("joint", "0.2"),
        claims["XQ03"]: ("joint", "0.2"),
    }
    assert await worth(cycle) == {
        "XQ01": ("accepted", Decimal("0.5")),
        "XQ02": ("accepted", Decimal("0.2")),
        "XQ03": ("accepted", Decimal("0.2")),
    }


@pytest.mark.parametrize(
    ("joint", "kinds", "points"),
    [
        ("full", {"listed"}, {"XQ01": 1, "XQ02": 1}),
        ("lead_only", {"same"}, {"XQ01": 1, "XQ02": 0}),
    ],
)
async def test_what_a_joint_award_brings_is_as_the_scheme_rules(
    cycle, filing, ruled, joint, kinds, points
):
    """Planted bug: decide on shares whatever the scheme says."""
    ruled(joint=joint)
    claims = await file(cycle, filing("XQ02", own=None, share=None))
    await answer(cycle, "XQ02", claims["XQ02"])
    done = await cycle.confirm(claims["XQ02"], **AS_FILED)
    assert done.status_code == 200, done.text
    assert {each["award"] for each in done.json()["claims"]} == kinds
    assert {unit: told[1] for unit, told in (await worth(cycle)).items()} == points


async def test_each_unit_named_sees_the_filing_and_no_other_claim_of_the_others(cycle, filing):
    """Planted bugs: the filing told to who is not in it; other claims of the leader told too."""
    claims = await file(cycle, filing("XQ02", "XQ03"))
    await answer(cycle, "XQ03", claims["XQ03"], agrees=False, reason="我区为主")
    for unit in claims:
        [told] = (await listed(cycle, own(cycle, unit))).values()
        assert told["claim_id"] == claims[unit]
        assert (told["held"], told["same_document"]) == (False, [])
        seen = [
            (each["unit"], each["share"], each["leads"], each["agrees"], each["reason"])
            for each in told["filed_together"]
        ]
        assert seen == [
            ("XQ01", "0.5", True, True, None),
            ("XQ02", "0.2", False, None, None),
            ("XQ03", "0.2", False, False, "我区为主"),
        ]
    assert await listed(cycle, own(cycle, "XQ04")) == {}


@pytest.mark.parametrize(
    ("agrees", "codes"),
    [({}, ["not-agreed", "not-agreed"]), ({"XQ02": True, "XQ03": False}, ["objected"])],
)
async def test_what_is_not_agreed_to_is_not_decided_as_it_was_filed(cycle, filing, agrees, codes):
    """It is decided with shares then, in one list. Planted bugs: silence is agreement; what one
    objects to is decided all the same."""
    claims = await file(cycle, filing("XQ02", "XQ03"))
    for unit, said in agrees.items():
        await answer(cycle, unit, claims[unit], said, **({} if said else {"reason": "份额过低"}))
    before = await cycle.rows()
    await refused(cycle, await cycle.confirm(claims["XQ01"], **AS_FILED), before, *codes)
    shares = [{"claim_id": each, "share": "0.3"} for each in claims.values()]
    decision = {"decision": "confirmed", "award": {"kind": "joint", "shares": shares}}
    body = {"decisions": [{"claim_id": each} | decision for each in claims.values()]}
    done = await cycle.post(cycle.colleague, "claims/confirmation", body)
    assert done.status_code == 200, done.text
    assert {*(await worth(cycle)).values()} == {("accepted", Decimal("0.3"))}


async def test_two_rulings_about_one_filing_that_differ_are_not_made_in_one_list(cycle, filing):
    """Planted bugs: compare nothing of the rulings but their kind; the same claim twice."""
    claims = await file(cycle, filing("XQ02"))
    before = await cycle.rows()
    decisions = [
        {"claim_id": each, "decision": "confirmed"}
        | {
            "award": {
                "kind": "joint",
                "shares": [{"claim_id": other, "share": share} for other in claims.values()],
            }
        }
        for each, share in zip(claims.values(), ("0.5", "0.4"), strict=True)
    ]
    done = await cycle.post(cycle.colleague, "claims/confirmation", {"decisions": decisions})
    await refused(cycle, done, before, "same-document-twice")
    twice = {"decisions": decisions[:1] * 2}
    done = await cycle.post(cycle.colleague, "claims/confirmation", twice)
    await refused(cycle, done, before, "same-document-twice")


async def test_a_claim_of_one_unit_is_not_decided_as_filed(cycle, award):
    [claim] = await cycle.claim(award())
    before = await cycle.rows()
    await refused(cycle, await cycle.confirm(claim, **AS_FILED), before, "not-filed-jointly")
    more = {"against": {"points": "0.5"}, "reason": "x"} | AS_FILED
    await refused(cycle, await cycle.confirm(claim, **more), before, "unused")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"unit": "ZH03"}, "unknown-claim"),
        ({"unit": "XQ03"}, "unknown-claim"),
        ({"unit": "XQ01"}, "unknown-claim"),
        ({"unit": "XQ02", "person": "of-XQ01"}, "own-claim"),
    ],
)
async def test_only_another_person_of_the_unit_that_is_named_answers_for_it(
    cycle, filing, others, document, who, code
):
    """Planted bugs: the body that decides about a unit answers for it; accounts are compared."""
    others.schemes[cycle.cycle_id] = document | {"recusals": [{"unit": "XQ02", "body": "ZH03"}]}
    by = own(cycle, "XQ01", subject="lead", person="of-XQ01")
    await cycle.claim(filing("XQ02"), by=by)
    [told] = (await listed(cycle, own(cycle, "XQ02"))).values()
    before = await cycle.rows()
    said = {"answers": [{"claim_id": told["claim_id"], "agrees": True}]}
    caller = own(cycle, **({"subject": "other"} | who))
    await refused(cycle, await cycle.post(caller, "claims/answers", said), before, code)


async def test_an_answer_is_of_a_claim_that_waits_and_was_filed_by_another(cycle, filing):
    """Planted bugs: an answer after the decision; one of the unit that leads; without a reason."""
    claims = await file(cycle, filing("XQ02"))
    before = await cycle.rows()
    lead = await answer(cycle, "XQ01", claims["XQ01"], status=409)
    await refused(cycle, lead, before, "not-filed-by-another")
    silent = await answer(cycle, "XQ02", claims["XQ02"], False, status=409)
    await refused(cycle, silent, before, "missing")
    by = own(cycle, "XQ02", subject="of-XQ02", person="x")
    said = {"claim_id": claims["XQ02"], "agrees": True}
    twice = await cycle.post(by, "claims/answers", {"answers": [said, said]})
    await refused(cycle, twice, before, "named-twice")
    await answer(cycle, "XQ02", claims["XQ02"], False, reason="x")
    await answer(cycle, "XQ02", claims["XQ02"])
    assert (await cycle.confirm(claims["XQ01"], **AS_FILED)).status_code == 200
    before = await cycle.rows()
    late = await answer(cycle, "XQ02", claims["XQ02"], status=409)
    await refused(cycle, late, before, "wrong-state")
    [told] = (await listed(cycle, own(cycle, "XQ02"))).values()
    assert [each["agrees"] for each in told["filed_together"]] == [True, True]


FAULTS = [
    ({"share": None}, {("/share", "missing")}),
    ({"share": "0.9"}, {("/share", "shares-do-not-fit")}),
    ({"jointly_with": []}, {("/share", "unused")}),
    ({"kind": "deduction", "rule": "DED04"},
     {("/jointly_with", "unused")}),
    ({"jointly_with": [partner("XQ01", "云湖区", "0.1")]},
     {("/jointly_with/0/unit", "named-twice"), ("/jointly_with/0/holder_name", "named-twice")}),
    ({"jointly_with": [partner("ZH99", "某局", "0.1")]},
     {("/jointly_with/0/unit", "unknown-unit")}),
    ({"jointly_with": [partner("XQ02", "山城区")]}, {("/jointly_with/0/share", "missing")}),
]  # fmt: skip


@pytest.mark.parametrize(("more", "faults"), FAULTS)
async def test_a_filing_with_faults_is_refused_by_name(cycle, filing, more, faults):
    """Planted bugs: shares beyond the whole; a unit that is not assessed; the own unit named."""
    before = await cycle.rows()
    claim = {k: v for k, v in (filing("XQ02") | more).items() if v is not None}
    told = await cycle.post(own(cycle), "claims", {"claims": [claim]})
    assert told.status_code == 422, told.text
    found = {(each["pointer"], each["code"]) for each in told.json()["errors"]}
    assert {(f"/claims/0{at}", code) for at, code in faults} <= found
    if "kind" not in more:
        assert len(found) == len(faults), found
    assert await cycle.rows() == before


async def test_shares_are_not_proposed_where_the_scheme_shares_nothing(cycle, filing, ruled):
    """Planted bug: take them and never look at them."""
    ruled(joint="full")
    told = await cycle.post(own(cycle), "claims", {"claims": [filing("XQ02")]})
    found = {(each["pointer"], each["code"]) for each in told.json()["errors"]}
    assert found == {
        ("/claims/0/share", "unused"),
        ("/claims/0/jointly_with/0/share", "unused"),
    }


async def test_units_for_which_a_joint_award_is_ruled_otherwise_claim_by_themselves(
    cycle, filing, others, document
):
    """Planted bug: go by the rules of the unit that leads."""
    adjustments = document["adjustments"]
    of_its_own = adjustments | {"bonus": adjustments["bonus"] | {"joint": "full"}}
    first, *rest = document["categories"]
    stranger = next(iter(rest[0]["units"]))
    categories = [first, rest[0] | {"adjustments": of_its_own}, *rest[1:]]
    others.schemes[cycle.cycle_id] = document | {"categories": categories}
    claim = filing("XQ02")
    claim["jointly_with"] = [partner(stranger, "某单位", "0.2")]
    told = await cycle.post(own(cycle), "claims", {"claims": [claim]})
    found = {(each["pointer"], each["code"]) for each in told.json()["errors"]}
    assert found == {("/claims/0/jointly_with/0/unit", "joint-otherwise")}


async def test_a_unit_that_leads_takes_its_filing_back_and_another_only_its_own_part(cycle, filing):
    """Planted bugs: what the others have is left behind; a partner ends the whole."""
    claims = await file(cycle, filing("XQ02", "XQ03"))

    async def withdraw(unit):
        body = {"claim_ids": [claims[unit]], "reason": "x"}
        done = await cycle.post(own(cycle, unit), "claims/withdrawal", body)
        assert done.status_code == 200, done.text
        return {each["unit"]: each["state"] for each in await every(cycle)}

    assert await withdraw("XQ03") == {
        "XQ01": "handed_in", "XQ02": "handed_in", "XQ03": "withdrawn",
    }  # fmt: skip
    await answer(cycle, "XQ02", claims["XQ02"])
    assert {*(await withdraw("XQ01")).values()} == {"withdrawn"}


async def test_who_stepped_out_has_no_share_and_is_not_asked(cycle, filing):
    """The others are told so. Planted bugs: wait for what a unit says that has taken its part
    back; nobody is told; what is taken back after it was confirmed is told too."""
    claims = await file(cycle, filing("XQ02", "XQ03"))
    body = {"claim_ids": [claims["XQ03"]], "reason": "未参与"}
    assert (await cycle.post(own(cycle, "XQ03"), "claims/withdrawal", body)).status_code == 200
    await answer(cycle, "XQ02", claims["XQ02"])
    assert await said(cycle) == [(True, None), (True, None), (False, "未参与")]
    assert (await cycle.confirm(claims["XQ01"], **AS_FILED)).status_code == 200
    assert await worth(cycle) == {
        "XQ01": ("accepted", HALF),
        "XQ02": ("accepted", Decimal("0.2")),
        "XQ03": ("withdrawn", 0),
    }
    body = {"claim_ids": [claims["XQ02"]], "reason": "文件撤销", "document_no": "云考办〔2025〕9号"}
    assert (await cycle.post(cycle.office, "claims/withdrawal", body)).status_code == 200
    assert await said(cycle) == [(True, None), (True, None), (False, "未参与")]


async def test_a_filing_that_was_handed_in_just_so_before_is_unchanged(cycle, filing):
    """Planted bugs: the partners are not compared; each sending makes new claims of theirs."""
    claim, path = filing("XQ02"), f"{cycle.path}/claims?mode=partial"
    first = (await own(cycle).post(path, json={"claims": [claim]})).json()
    before = await cycle.rows()
    again = (await own(cycle).post(path, json={"claims": [claim]})).json()
    assert (first["stored"], again["unchanged"]) == (1, 1)
    assert again["rows"][0]["claim_id"] == first["rows"][0]["claim_id"]
    assert await cycle.rows() == before
    lone = {name: claim[name] for name in claim.keys() - {"jointly_with", "share"}}
    less = [claim["jointly_with"][0] | {"share": "0.1"}]
    for other in (claim | {"share": "0.6"}, claim | {"jointly_with": less}, lone):
        told = (await own(cycle).post(path, json={"claims": [other]})).json()
        assert told["refused"] == 1, told
        assert told["rows"][0]["errors"][0]["code"] == "number-taken"
    assert await cycle.rows() == before


async def test_a_number_that_a_partner_has_used_is_counted_on(cycle, filing, award):
    """Planted bug: refuse the filing, which tells the number of another unit's claim."""
    claim = filing("XQ02")
    taken = f"XQ01-{claim['claim_no']}"
    no = f"占〔2025〕{cycle.number}号"
    await cycle.claim(award("XQ02", claim_no=taken, document_no=no), by=own(cycle, "XQ02"))
    claims = await file(cycle, claim)
    mine = {each["claim_id"]: number for number, each in (await listed(cycle)).items()}
    assert mine[claims["XQ02"]] == f"{taken}-2"


async def test_the_files_of_a_filing_support_the_claims_of_all(cycle, filing, ruled):
    """Planted bug: only that of the unit that leads names them."""
    ruled(requires=["evidence"])
    path, sent = f"{cycle.path}/evidence?name=a.txt", {"Content-Type": "text/plain"}
    added = await own(cycle).post(path, content="表彰".encode(), headers=sent)
    assert added.status_code == 201, added.text
    claims = await file(cycle, filing("XQ02", evidence_ids=[added.json()["evidence_id"]]))
    await answer(cycle, "XQ02", claims["XQ02"])
    assert (await cycle.confirm(claims["XQ01"], **AS_FILED)).status_code == 200
    assert {told[0] for told in (await worth(cycle)).values()} == {"accepted"}


async def test_where_the_office_is_barred_the_second_body_decides_the_rest_of_a_filing(
    cycle, filing, others, document
):
    """Planted bugs: the office decides all of a filing; what it left waits for ever."""
    others.schemes[cycle.cycle_id] = document | {"recusals": [{"unit": "XQ02", "body": "ZH03"}]}
    claims = await file(cycle, filing("XQ02"))
    await answer(cycle, "XQ02", claims["XQ02"])
    first = await cycle.confirm(claims["XQ01"], **AS_FILED)
    assert [each["claim_id"] for each in first.json()["claims"]] == [claims["XQ01"]]
    body = cycle.caller("second_body", unit="ZH03")
    rest = await cycle.confirm(claims["XQ02"], by=body, **AS_FILED)
    assert rest.status_code == 200, rest.text
    assert await worth(cycle) == {
        "XQ01": ("accepted", HALF),
        "XQ02": ("accepted", Decimal("0.2")),
    }


async def test_a_unit_is_told_what_it_has_to_answer(cycle, filing):
    """Planted bugs: the unit that leads is told; what was answered is told again."""
    claims = await file(cycle, filing("XQ02"))

    async def told(unit):
        by = own(cycle, unit, subject=f"of-{unit}", person=f"person-of-{unit}")
        tasks = (await by.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
        return [task["count"] for task in tasks if task["kind"] == "answer-joint-claims"]

    assert [await told(unit) for unit in ("XQ01", "XQ02", "XQ03")] == [[], [1], []]
    await answer(cycle, "XQ02", claims["XQ02"])
    assert await told("XQ02") == []


async def test_who_agreed_for_a_unit_does_not_confirm_the_filing(cycle, filing):
    """Planted bug: only who handed the claims in is another person than who confirms."""
    claims = await file(cycle, filing("XQ02"))
    await answer(cycle, "XQ02", claims["XQ02"])
    same = cycle.caller("performance_office", subject="office-2", person="person-of-XQ02")
    done = await cycle.confirm(claims["XQ01"], by=same, **AS_FILED)
    assert "own-claim" in {fault["code"] for fault in done.json()["errors"]}, done.text
    done = await cycle.confirm(claims["XQ01"], **AS_FILED)
    assert done.status_code == 200, done.text


async def test_what_a_unit_said_is_told_the_same_whatever_was_decided_about_it_since(cycle, filing):
    """Planted bugs: what it said of a claim that is decided about is not told any more, or the
    reason of the decision in its place."""
    claims = await file(cycle, filing("XQ02"))
    await answer(cycle, "XQ02", claims["XQ02"], agrees=False, reason="份额不符")
    before = (await own(cycle, "XQ01").get(f"{cycle.path}/claims")).json()
    done = await cycle.confirm(claims["XQ02"], decision="rejected", reason="不符")
    assert done.status_code == 200, done.text
    assert (await own(cycle, "XQ01").get(f"{cycle.path}/claims")).json() == before


async def test_who_ever_answered_decides_about_no_claim_of_the_filing_though_it_waits_again(
    cycle, filing, ruled
):
    """Nor who had answered before the last. Planted bugs: the last state alone says who answered;
    only who answered for this very unit; what a rule has wait again is taken for an answer."""
    ruled(joint="lead_only")
    claims = await file(cycle, filing("XQ02", own=None, share=None))
    await answer(cycle, "XQ02", claims["XQ02"], False, reason="不同意")
    last = own(cycle, "XQ02", subject="last", person="last")
    said = {"claim_id": claims["XQ02"], "agrees": True, "reason": "已核"}
    told = await cycle.post(last, "claims/answers", {"answers": [said]})
    assert told.status_code == 200, told.text
    assert (await cycle.confirm(claims["XQ01"], **AS_FILED)).status_code == 200
    body = {"claim_ids": [claims["XQ01"]], "reason": "撤销", "document_no": "云考办〔2025〕9号"}
    assert (await cycle.post(cycle.office, "claims/withdrawal", body)).status_code == 200
    states = {each["unit"]: each["state"] for each in await every(cycle)}
    assert states == {"XQ01": "withdrawn", "XQ02": "handed_in"}
    [told] = (await listed(cycle, own(cycle, "XQ02"))).values()
    assert [each["reason"] for each in told["filed_together"]] == [None, "已核"]
    for person in ("person-of-XQ02", "last"):
        same = cycle.caller("performance_office", subject="office-2", person=person)
        tasks = (await same.get(f"{cycle.path}/tasks/scoring")).json()["tasks"]
        assert "confirm-claims" not in {each["kind"] for each in tasks}
        done = await cycle.confirm(claims["XQ02"], by=same)
        assert [fault["code"] for fault in done.json()["errors"]] == ["own-claim"], done.text
    assert (await cycle.confirm(claims["XQ02"])).status_code == 200


async def test_who_answered_for_a_unit_decides_about_no_other_of_the_filing_either(cycle, filing):
    """Planted bug: bar them from the claim alone for which they answered."""
    claims = await file(cycle, filing("XQ02"))
    await answer(cycle, "XQ02", claims["XQ02"])
    same = cycle.caller("performance_office", subject="office-2", person="person-of-XQ02")
    done = await cycle.confirm(claims["XQ01"], by=same, decision="rejected", reason="x")
    assert [fault["code"] for fault in done.json()["errors"]] == ["own-claim"], done.text


async def test_who_answered_for_a_unit_takes_nothing_back_for_the_office_either(cycle, filing):
    """Planted bugs: ask alone who confirmed it; of the claim alone for which they answered."""
    claims = await file(cycle, filing("XQ02"))
    await answer(cycle, "XQ02", claims["XQ02"])
    assert (await cycle.confirm(claims["XQ01"], **AS_FILED)).status_code == 200
    before, other = await cycle.rows(), cycle.caller("performance_office", subject="office-3")
    same = cycle.caller("performance_office", subject="office-2", person="person-of-XQ02")
    for claim in claims.values():
        body = {"claim_ids": [claim], "reason": "撤销", "document_no": "云考办〔2025〕9号"}
        done = await cycle.post(same, "claims/withdrawal", body)
        assert [fault["code"] for fault in done.json()["errors"]] == ["own-claim"], done.text
        assert await cycle.rows() == before
    assert (await cycle.post(other, "claims/withdrawal", body)).status_code == 200


async def test_what_waits_for_an_answer_is_told_to_all_whose_points_depend_on_it(
    cycle, filing, ruled
):
    """Planted bugs: told to who filed it alone; still told once it is answered."""
    ruled(joint="split")
    ids = await file(cycle, filing("XQ02"))

    async def waiting(unit):
        path = f"{cycle.path}/stage-results/current/units/{unit}/matters"
        query = {"what": ["answer", "confirmation"]}
        told = (await own(cycle, unit).get(path, params=query)).json()["matters"]
        return [(each["what"], each["unit"], each["count"]) for each in told]

    for unit in ("XQ01", "XQ02"):
        assert await waiting(unit) == [("answer", "XQ02", 1)]
    assert await waiting("XQ03") == []
    await answer(cycle, "XQ02", ids["XQ02"])
    for unit in ("XQ01", "XQ02"):
        assert await waiting(unit) == [("confirmation", None, 1)]
