"""Vetoes and demotions over HTTP, on a real database."""

import asyncpg
import pytest

VETO = {
    "unit": "XQ09",
    "code": "V02",
    "document_no": "云应急〔2026〕1号",
    "decided_on": "2026-02-10",
}
DEMOTION = {**VETO, "unit": "XQ05", "code": "DM02"}


async def test_the_responsible_unit_puts_a_veto_on_record(cycle):
    body = {**VETO, "note": "重大事故"}
    answer = await cycle.post("/vetoes", body, role="responsible_body", unit="ZH11", subject="he")
    assert answer.status_code == 201
    veto = answer.json()["veto"]
    assert {**body, "number": 1, "reported_by": "he"}.items() <= veto.items()
    assert answer.json()["receipt"]["chain"] == str(cycle.cycle_id)
    listed = await cycle.get("/vetoes", "auditor")
    assert listed.json() == {"items": [veto], "next": None}


async def test_an_event_that_demotes_is_put_on_record(cycle):
    answer = await cycle.post("/demotions", DEMOTION, role="responsible_body", unit="ZF04")
    assert answer.status_code == 201
    listed = await cycle.get("/demotions", "committee")
    assert listed.json()["items"] == [answer.json()["demotion"]]


@pytest.mark.parametrize(
    ("path", "body", "role", "unit"),
    [
        ("/vetoes", VETO, "responsible_body", "ZF04"),
        ("/vetoes", VETO, "responsible_body", None),
        ("/vetoes", {**VETO, "code": "V01"}, "responsible_body", "ZH11"),
        ("/demotions", DEMOTION, "responsible_body", "ZH11"),
        ("/vetoes", VETO, "organiser", "ZH11"),
        ("/vetoes", VETO, "assessed_unit", "ZH11"),
    ],
)
async def test_nobody_else_reports(cycle, path, body, role, unit):
    """Planted bug: give `require` the relation without looking at the caller's unit."""
    async with cycle.unchanged():
        answer = await cycle.post(path, body, role=role, unit=unit)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_the_performance_office_reports_what_has_no_responsible_unit(cycle):
    answer = await cycle.post("/vetoes", {**VETO, "code": "V01"}, role="performance_office")
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "pointers"),
    [
        ("/vetoes", {**VETO, "code": "V99", "unit": "XQ99"}, ["/code", "/unit"]),
        ("/vetoes", {**VETO, "code": "DM02"}, ["/code"]),
        ("/demotions", {**DEMOTION, "code": "DM01"}, ["/code"]),
        ("/demotions", {**DEMOTION, "unit": "ZH11"}, ["/unit"]),
    ],
)
async def test_code_and_unit_are_held_against_the_scheme(cycle, path, body, pointers):
    async with cycle.unchanged():
        answer = await cycle.post(path, body, role="performance_office")
    assert (answer.status_code, answer.json()["type"]) == (422, "report-rejected")
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers


async def test_one_document_vetoes_a_unit_once(cycle):
    office = {"role": "performance_office"}
    assert (await cycle.post("/vetoes", VETO, **office)).status_code == 201
    async with cycle.unchanged():
        again = await cycle.post("/vetoes", VETO, **office)
    assert (again.status_code, again.json()["type"]) == (409, "already-reported")
    other = await cycle.post("/vetoes", {**VETO, "document_no": "2号"}, **office)
    assert other.json()["veto"]["number"] == 2


async def test_a_kind_of_veto_beyond_the_limit_of_the_scheme_is_refused(cycle):
    """Planted bug: leave out `check_veto_limit`."""
    for code in ("V01", "V02"):
        answer = await cycle.post("/vetoes", {**VETO, "code": code}, role="performance_office")
        assert answer.status_code == 201
    async with cycle.unchanged():
        third = await cycle.post("/vetoes", {**VETO, "code": "V03"}, role="performance_office")
    assert (third.status_code, third.json()["type"]) == (409, "veto-limit-reached")
    second_unit = await cycle.post("/vetoes", {**VETO, "unit": "XQ01"}, role="performance_office")
    assert second_unit.status_code == 201


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE veto SET unit = 'XQ01'",
        "DELETE FROM veto",
        "TRUNCATE veto",
        "UPDATE demotion SET code = 'DM99'",
        "UPDATE ranking SET digest = ''",
        "DELETE FROM approval",
        "UPDATE release SET document = '{}'",
        "TRUNCATE release",
    ],
)
async def test_nothing_on_record_can_be_changed_even_by_the_owner(cycle, statement):
    """Planted bug: leave a table out of `append_only`."""
    await cycle.post("/vetoes", VETO, role="performance_office")
    await cycle.post("/demotions", DEMOTION, role="performance_office")
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision", "publication")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await cycle.service.sql(statement)
