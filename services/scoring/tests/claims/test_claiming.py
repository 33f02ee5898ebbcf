"""Handing in claims over HTTP: who may, and what every refusal leaves."""

import asyncio

import pytest

from service_testing import without_ids
from service_testing.lists import Replica

AWARD = {
    "claim_no": "B1",
    "unit": "XQ01",
    "kind": "bonus",
    "level": "provincial",
    "authority": "省委省政府",
    "holder_name": "云湖区",
    "document_no": "省发〔2025〕9号",
    "document_date": "2025-06-18",
    "work_year": 2025,
    "event_key": "E-2025-002",
    "linked_indicator": "C09",
}
CRITICISM = {
    "claim_no": "X1",
    "unit": "XQ02",
    "kind": "deduction",
    "document_no": "市应急〔2025〕8号",
    "document_date": "2025-04-03",
    "event_key": "E-2025-102",
    "rule": "DED04",
}


def unit(cycle, code="XQ01"):
    return cycle.caller("assessed_unit", unit=code)


async def test_a_unit_hands_in_its_own_claim_and_the_office_any(cycle):
    own = await cycle.post(unit(cycle), "claims", {"claims": [AWARD]})
    office = await cycle.post(cycle.office, "claims", {"claims": [CRITICISM]})

    assert (own.status_code, office.status_code) == (201, 201)
    assert own.json()["rows"][0]["claim_no"] == "B1"
    read = (await cycle.office.get(f"{cycle.path}/claims")).json()["items"]
    assert [claim["claim_no"] for claim in read] == ["B1", "X1"]
    assert {name: read[0][name] for name in AWARD} == AWARD


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("holder_name", "张三 13800138000"),
        ("document_no", "138-0013-8000-aaaa"),
        ("event_key", "1380_0138_000_aaaa"),
        ("claim_no", "B-13800138000"),
    ],
)
async def test_a_claim_with_a_number_that_leads_to_a_person_is_refused_and_not_repeated(
    cycle, field, text, language
):
    """Planted bug: look for such numbers in the survey service alone."""
    before = await cycle.rows()
    answer = await cycle.post(
        cycle.office,
        "claims",
        {"claims": [AWARD | {field: text}]},
        headers={"Accept-Language": language},
    )
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, f"/claims/0/{field}")
    assert error["code"] == "phone-number"
    assert "138" not in without_ids(answer)
    assert await cycle.rows() == before


@pytest.mark.parametrize(
    ("claims", "errors"),
    [
        ([AWARD | {"unit": "XX99"}], {("/claims/0/unit", "unknown-unit")}),
        ([CRITICISM | {"rule": "DED99"}], {("/claims/0/rule", "unknown-rule")}),
        ([CRITICISM | {"rule": None}], {("/claims/0/rule", "unknown-rule")}),
        ([AWARD, AWARD], {("/claims/1/claim_no", "duplicate-number")}),
        (
            [CRITICISM, AWARD | {"level": None, "holder_name": None}],
            {("/claims/1/level", "missing"), ("/claims/1/holder_name", "missing")},
        ),
    ],
)
async def test_a_claim_that_no_rule_could_decide_is_refused(cycle, claims, errors):
    before = await cycle.rows()
    answer = await cycle.post(cycle.office, "claims", {"claims": claims})

    assert (answer.status_code, answer.json()["type"]) == (422, "claims-rejected")
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == errors
    assert await cycle.rows() == before


async def test_a_number_that_is_taken_is_refused_and_nothing_of_the_list_is_kept(cycle):
    await cycle.post(cycle.office, "claims", {"claims": [AWARD]})
    before = await cycle.rows()

    answer = await cycle.post(cycle.office, "claims", {"claims": [CRITICISM, AWARD]})
    assert (answer.status_code, answer.json()["type"]) == (409, "claim-number-taken")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/claims/1/claim_no"]
    assert await cycle.rows() == before


async def test_no_unit_learns_from_a_refusal_which_numbers_others_used(cycle):
    """Planted bug: numbers that are unique in the cycle."""
    first, other = cycle.caller("assessed_unit", unit="XQ01"), [AWARD | {"unit": "XQ02"}]
    await cycle.post(cycle.caller("assessed_unit", unit="XQ02"), "claims", {"claims": other})
    kept = await cycle.post(first, "claims", {"claims": [AWARD]})
    assert kept.status_code == 201

    again = await cycle.post(cycle.office, "claims", {"claims": [*other, AWARD]})
    assert [e["pointer"] for e in again.json()["errors"]] == [
        "/claims/0/claim_no",
        "/claims/1/claim_no",
    ]
    both = [AWARD | {"claim_no": "B9", "unit": unit} for unit in ("XQ01", "XQ02")]
    assert (await cycle.post(cycle.office, "claims", {"claims": both})).status_code == 201


@pytest.mark.parametrize(
    ("roles", "of"),
    [(["assessed_unit"], "XQ02"), (["assessed_unit"], None), (["data_source_unit"], "XQ01")],
)
async def test_nobody_claims_for_another_unit(cycle, roles, of):
    answer = await cycle.post(cycle.caller(*roles, unit=of), "claims", {"claims": [AWARD]})

    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    assert (await cycle.rows())["claim"] == 0


async def test_a_list_with_one_foreign_claim_is_forbidden(cycle):
    claims = [AWARD, AWARD | {"claim_no": "B2", "unit": "XQ02"}]

    answer = await cycle.post(unit(cycle), "claims", {"claims": claims})
    assert answer.status_code == 403


async def test_a_unit_reads_its_own_claims_only(cycle):
    await cycle.post(cycle.office, "claims", {"claims": [AWARD, CRITICISM]})

    read = (await unit(cycle, "XQ02").get(f"{cycle.path}/claims")).json()["items"]
    assert [claim["claim_no"] for claim in read] == ["X1"]
    nobody = await cycle.caller("assessed_unit").get(f"{cycle.path}/claims")
    assert nobody.status_code == 403


async def test_claims_are_read_page_by_page(cycle):
    claims = [AWARD | {"claim_no": f"B{n}"} for n in range(3)]
    await cycle.post(cycle.office, "claims", {"claims": claims})

    first = (await cycle.office.get(f"{cycle.path}/claims?limit=2")).json()
    rest = (await cycle.office.get(f"{cycle.path}/claims?after={first['next']}")).json()
    assert [c["claim_no"] for c in first["items"] + rest["items"]] == ["B0", "B1", "B2"]
    assert rest["next"] is None


def became(answer):
    assert answer.status_code in (200, 201), answer.text
    told = answer.json()["rows"]
    return [(row["outcome"], *(error["code"] for error in row["errors"])) for row in told]


async def test_claims_are_handed_in_row_by_row(cycle):
    """Planted bugs: give the id of a claim that is only checked; number what is refused among the
    rows that are left; tell a unit what there is of another."""
    rows = [
        AWARD | {"unit": "XQ02"},
        {"claim_no": "B0"},
        AWARD | {"claim_no": "B2", "level": None},
        AWARD | {"holder_name": "张三 13800138000"},
        AWARD,
        AWARD,
        AWARD | {"event_key": "E-2"},
        AWARD | {"claim_no": "B3", "work_year": 2024},
    ]
    expected = [
        ("refused", "not-the-own-unit"),
        ("refused", *["missing"] * 3),
        ("refused", "missing"),
        ("refused", "phone-number"),
        ("stored",),
        ("unchanged",),
        ("refused", "duplicate-number"),
        ("stored",),
    ]
    other = cycle.caller("assessed_unit", unit="XQ02")
    assert (await cycle.post(other, "claims", {"claims": rows[:1]})).status_code == 201
    before = await cycle.rows()
    checked = await cycle.post(unit(cycle), "claims?mode=check", {"claims": rows})
    assert became(checked) == expected
    assert {row["claim_id"] for row in checked.json()["rows"]} == {None}
    assert await cycle.rows() == before
    done = await cycle.post(unit(cycle), "claims?mode=partial", {"claims": rows})
    assert became(done) == expected
    told = done.json()["rows"]
    assert [row["claim_no"] for row in told[4:]] == ["B1", "B1", "B1", "B3"]
    assert [bool(row["claim_id"]) for row in told] == [False] * 4 + [True, False, False, True]
    again = await cycle.post(unit(cycle), "claims?mode=partial", {"claims": rows})
    assert (again.status_code, became(again)[4:]) == (
        200,
        [("unchanged",), ("unchanged",), ("refused", "number-taken"), ("unchanged",)],
    )
    assert again.json()["rows"][5]["claim_id"] == told[4]["claim_id"]


async def test_what_was_rejected_or_withdrawn_is_not_unchanged(cycle):
    """Planted bug: compare what was claimed alone."""
    [claim_id] = await cycle.claim(AWARD)
    gone = {"claim_ids": [claim_id], "reason": "重复", "document_no": "绩办〔2025〕1号"}
    assert (await cycle.post(cycle.office, "claims/withdrawal", gone)).status_code == 200
    again = await cycle.post(cycle.office, "claims?mode=partial", {"claims": [AWARD]})
    assert became(again) == [("refused", "number-taken")]


async def test_a_claim_that_is_sent_by_several_at_once_is_kept_once_and_unchanged_else(cycle):
    """Planted bug: refuse what somebody else has handed in just so since it was looked for."""
    await cycle.claim(AWARD)  # who opens a ledger is waited for
    claims = {"claims": [AWARD | {"claim_no": f"R{n}", "event_key": f"R{n}"} for n in range(100)]}
    answers = await asyncio.gather(
        *(cycle.post(cycle.office, "claims?mode=partial", claims) for _ in range(4))
    )
    told = sorted((a.status_code, a.json()["stored"], a.json()["unchanged"]) for a in answers)
    assert told == [(200, 0, 100)] * 3 + [(201, 100, 0)]
    ids = [[row["claim_id"] for row in answer.json()["rows"]] for answer in answers]
    assert all(each == ids[0] for each in ids)


async def test_claims_are_kept_up_with_by_whoever_may_read_them(cycle):
    """Planted bugs: the moment at which a claim was handed in; the claims of others."""
    path = f"{cycle.path}/claims"
    all_, own = (
        Replica(client, path, "claim_id") for client in (cycle.office, unit(cycle, "XQ01"))
    )
    claims = [
        AWARD | {"claim_no": f"K{n}", "document_no": f"变更〔2025〕{n}号", "unit": code}
        for n, code in enumerate(("XQ01", "XQ02", "XQ01"))
    ]
    ids = await cycle.claim(*claims)
    assert await all_.catch_up() == sorted(ids)
    assert await own.catch_up() == sorted([ids[0], ids[2]])
    assert (await cycle.confirm(ids[1])).status_code == 200
    assert (await cycle.confirm(ids[0])).status_code == 200
    assert (await all_.catch_up())[-2:] == [ids[1], ids[0]]
    assert (await own.catch_up())[-1] == ids[0]
    assert (await all_.lacks(), await own.lacks()) == ([], [])
