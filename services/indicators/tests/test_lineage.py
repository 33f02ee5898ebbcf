"""Lineage: predecessors of units and of indicators, and where a baseline is said to come from."""

from uuid import uuid4

import pytest

from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.publication import SchemeUnsound, check_coherent, check_predecessors
from indicators.rules.succession import SuccessionRefused, check_succession
from indicators.rules.without_effect import without_effect

FUNCTION = "/categories/0/blocks/0/indicators"
UNITS = {"B01": "body", "B02": "body"} | dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed")


def before(code, year=2024, share="1"):
    return {"code": code, "assessment_year": year, "share": share}


@pytest.mark.parametrize(
    ("unit", "predecessors", "faults"),
    [
        ("C", ["A", "B"], []),
        ("C", ["C"], [("/predecessors/0", "succession-circle")]),
        ("C", ["A", "Z"], [("/predecessors/1", "unknown-unit")]),
        ("C", ["A", "A"], [("/predecessors/1", "named-twice")]),
        ("D", ["C"], [("/predecessors/0", "named-twice")]),
        ("A", ["D"], [("/predecessors/0", "succession-circle")]),  # D goes on from C, C from A
    ],
)
def test_a_unit_goes_on_from_others_that_do_not_go_on_from_it(unit, predecessors, faults):
    """Planted bug: look one step back."""
    found = []
    try:
        check_succession(
            unit, predecessors, {*"ABCD"}, {"D": {"C"}, "C": {"A"}} if unit != "C" else {}
        )
    except SuccessionRefused as refused:
        found = [(fault.pointer, fault.code) for fault in refused.faults]
    assert found == faults


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({f"{FUNCTION}/0/succeeds": [before("OLD")]}, []),
        ({f"{FUNCTION}/0/succeeds": []}, []),
        (
            {f"{FUNCTION}/0/succeeds": [before("OLD", 2025)]},
            [(f"{FUNCTION}/0/succeeds/0/assessment_year", "not-an-earlier-year")],
        ),
        (
            {f"{FUNCTION}/0/succeeds": [before("OLD"), before("OLD")]},
            [(f"{FUNCTION}/0/succeeds/1", "named-twice")],
        ),
        ({f"{FUNCTION}/{n}/succeeds": [before("OLD", share="0.5")] for n in (0, 1)}, []),
        (
            {f"{FUNCTION}/{n}/succeeds": [before("OLD", share="0.6")] for n in (0, 1)},
            [(f"{FUNCTION}/1/succeeds/0/share", "shares-over-one")],
        ),
        # of another year it is another one
        ({f"{FUNCTION}/{n}/succeeds": [before("OLD", 2024 - n)] for n in (0, 1)}, []),
    ],
)  # fmt: skip
def test_an_indicator_goes_on_from_earlier_ones_of_which_each_is_given_once(
    stored, changes, faults
):
    found = []
    try:
        check_coherent(stored(changes), UNITS)
    except SchemeUnsound as refused:
        found = [(fault.pointer, fault.code) for fault in refused.faults]
    assert found == faults


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([before(f"O{n}") for n in range(21)], "too-many"),
        ([before("OLD", share="0")], "out-of-range"),
        ([before("OLD", share="1.1")], "out-of-range"),
        ([before("not a code")], "not-a-code"),
    ],
)
def test_what_no_predecessor_can_be_is_not_even_stored(scheme, value, code):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme({f"{FUNCTION}/0/succeeds": value}))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_predecessor_that_its_year_does_not_have_is_refused_where_that_year_is_here(stored):
    scheme = stored({f"{FUNCTION}/0/succeeds": [before("OLD"), before("OLDER", 2023)]})
    check_predecessors(scheme, {2024: {"OLD"}})
    with pytest.raises(SchemeUnsound) as refused:
        check_predecessors(scheme, {2024: {"OLD"}, 2023: {"OLD"}})
    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        (f"{FUNCTION}/0/succeeds/1/code", "unknown-predecessor")
    ]


def test_a_parent_has_no_values_to_put_together(stored):
    found = {
        (e.pointer, e.code) for e in without_effect(stored({f"{FUNCTION}/2/aggregate": "sum"}))
    }
    assert (f"{FUNCTION}/2/aggregate", "aggregate-of-a-parent") in found
    leaf = {e.code for e in without_effect(stored({f"{FUNCTION}/0/aggregate": "sum"}))}
    assert "aggregate-of-a-parent" not in leaf


# over HTTP


async def test_units_that_were_merged_are_told_with_the_unit_that_goes_on_from_them(
    office, problem, untouched_after
):
    new = {"kind": "assessed", "valid_from": "2025-01-01"}
    units = [new | {"code": code, "name": code} for code in ("LN1", "LN2", "LN3")]
    await office.post("/api/v1/units", json={"units": units})
    body = {"predecessors": ["LN2", "LN3"], "effective_on": "2025-02-01", "document_no": "7号"}
    answer = await office.post("/api/v1/units/LN1/predecessors", json=body)
    assert answer.status_code == 201, answer.text
    told = {"effective_on": "2025-02-01", "document_no": "7号"}
    expected = [{"predecessor": code, **told} for code in ("LN2", "LN3")]
    assert (await office.get("/api/v1/units/LN1")).json()["succeeds"] == expected
    async with untouched_after():
        answer = await office.post("/api/v1/units/LN1/predecessors", json=body)
        assert problem(answer)[:2] == (422, "succession-refused")
        back = body | {"predecessors": ["LN1"]}
        answer = await office.post("/api/v1/units/LN2/predecessors", json=back)
        assert problem(answer)[2] == [("/predecessors/0", "succession-circle")]
        answer = await office.post("/api/v1/units/NONE/predecessors", json=body)
        assert problem(answer)[:2] == (404, "no-such-unit")


async def test_a_scheme_goes_on_from_what_the_year_earlierhad(office, document, problem):
    """Planted bug: ask the schemes of other divisions, or drafts."""
    cycles = []
    for division, year in (("431099", 2024), ("431098", 2024), ("431099", 2025)):
        new = {"name": f"{year}", "jurisdiction": division, "assessment_year": year}
        answer = await office.post("/api/v1/cycles", json=new)
        cycles.append(f"/api/v1/cycles/{answer.json()['cycle_id']}")
    *earlier, now = cycles
    for cycle, code in zip(earlier, ("C04", "GONE"), strict=True):
        old = document({"/assessment_year": 2024, f"{FUNCTION}/3/code": code})
        for path, body in (("", {"scheme": old}), ("/1/publication", None)):
            answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
            assert answer.status_code == 201, answer.text
    scheme = document({f"{FUNCTION}/0/succeeds": [before("GONE")]})
    assert (await office.post(f"{now}/scheme-versions", json={"scheme": scheme})).status_code == 201
    answer = await office.post(f"{now}/scheme-versions/1/publication")
    assert problem(answer) == (
        422, "scheme-unsound", [(f"{FUNCTION}/0/succeeds/0/code", "unknown-predecessor")],
    )  # fmt: skip
    scheme = document({f"{FUNCTION}/0/succeeds": [before("C02")]})
    await office.post(f"{now}/scheme-versions", json={"scheme": scheme})
    assert (await office.post(f"{now}/scheme-versions/2/publication")).status_code == 201


async def test_where_a_baseline_comes_from_stays_with_it(
    service, office, colleague, confirm, opened
):
    """Planted bugs: lose it when another person confirms; keep it when the baseline changes."""
    source = {"cycle_id": str(uuid4()), "entries": [str(uuid4())]}
    one = {"unit": "X1", "indicator": "C08", "baseline": "90"}
    targets = [one | {"baseline_from": source}]
    answer = await office.post(f"{opened}/targets", json={"targets": targets})
    assert answer.status_code == 201, answer.text
    why = {"reason": "省定目标调整", "document_no": "7号"}
    named = {"unit": "X1", "indicator": "C08"}
    asked = await office.post(f"{opened}/target-withdrawals", json={"targets": [named], **why})
    assert asked.status_code == 201, asked.text
    assert (await confirm(opened, "refuse", reason="仍须完成")).status_code == 201
    why["approved_by"] = "分管市领导"
    changed = {"targets": [one | {"baseline": "91"}], **why}
    answer = await office.post(f"{opened}/target-revisions", json=changed)
    assert answer.status_code == 201, answer.text
    assert (await confirm(opened)).status_code == 201
    history = (await office.get(f"{opened}/targets/history")).json()["versions"]
    assert [each["baseline_from"] for each in history] == [source, source, source, None, None]


async def test_a_source_needs_a_baseline(office, opened, problem, untouched_after):
    source = {"cycle_id": str(uuid4()), "entries": [str(uuid4())]}
    targets = [{"unit": "X1", "indicator": "C01", "target": "9", "baseline_from": source}]
    async with untouched_after():
        answer = await office.post(f"{opened}/targets", json={"targets": targets})
    assert problem(answer) == (
        422, "targets-faulty", [("/targets/0/baseline_from", "no-baseline")],
    )  # fmt: skip
