"""The list of evidence: a unit finds what it has added, and nothing of others."""

import hashlib
from types import SimpleNamespace

import pytest
from evidence_files import RIGHT
from leading import VALUE


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle in which two units added files, one of which an entry names."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    source, unit = cycle.source("ZH02"), cycle.caller("assessed_unit", unit="XQ01")
    ids = {}
    for client, name, content in (
        (source, "报表.pdf", RIGHT["pdf"]),
        (source, "报表2.pdf", RIGHT["pdf"] + b"\n"),
        (unit, "照片.png", RIGHT["png"]),
        (source, "报表.png", RIGHT["png"]),
    ):
        answer = await client.post(
            f"{cycle.path}/evidence",
            params={"name": name},
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )
        assert answer.status_code == 201, answer.text
        ids[name] = answer.json()["evidence_id"]
    await cycle.enter(VALUE | {"evidence_ids": [ids["报表2.pdf"]]}, unit="ZH02")
    return SimpleNamespace(cycle=cycle, ids=ids, source=source, unit=unit)


async def names(client, year, **query) -> list[str]:
    answer = await client.get(f"{year.cycle.path}/evidence", params=query)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


ALL = ["报表.pdf", "报表2.pdf", "照片.png", "报表.png"]


async def test_a_unit_lists_what_it_has_added_and_the_office_all(year):
    """Planted bugs: the files of all units; one file for each content."""
    assert await names(year.cycle.office, year) == ALL
    assert await names(year.cycle.caller("auditor"), year) == ALL
    assert await names(year.source, year) == ["报表.pdf", "报表2.pdf", "报表.png"]
    assert await names(year.unit, year) == ["照片.png"]
    assert await names(year.unit, year, unit="ZH02") == []
    assert await names(year.cycle.office, year, unit="ZH02") == await names(year.source, year)
    for roles, unit in ((("committee",), None), (("panel_member",), "XQ01")):
        refused = await year.cycle.caller(*roles, unit=unit).get(f"{year.cycle.path}/evidence")
        assert refused.status_code == 403


async def test_a_file_whose_id_was_lost_is_found_again(year):
    """Planted bugs: a filter that is not heeded; the days of UTC."""
    digest = hashlib.sha256(RIGHT["png"]).hexdigest()
    assert await names(year.source, year, digest=digest) == ["报表.png"]
    assert await names(year.cycle.office, year, digest=digest) == ["照片.png", "报表.png"]
    assert await names(year.source, year, name="报表", kind="pdf") == ["报表.pdf", "报表2.pdf"]
    assert await names(year.source, year, name="%") == []
    asked = "SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day"
    today = (await year.cycle.service.sql(asked))[0]["day"]
    assert await names(year.source, year, day=today.isoformat()) == await names(year.source, year)
    assert await names(year.source, year, day="2025-01-01") == []
    found = await year.source.get(f"{year.cycle.path}/evidence", params={"digest": digest})
    [one] = found.json()["items"]
    assert one["evidence_id"] == year.ids["报表.png"]
    read = await year.source.get(f"{year.cycle.path}/evidence/{one['evidence_id']}")
    assert read.json() | {"is_used": False} == one
    for wrong in ({"digest": "x"}, {"kind": "exe"}, {"day": "1"}):
        answer = await year.source.get(f"{year.cycle.path}/evidence", params=wrong)
        assert answer.status_code == 422


async def test_what_nothing_names_is_listed_apart(year):
    """Planted bugs: what a claim names is unused; entries of all cycles."""
    assert await names(year.source, year, is_used=True) == ["报表2.pdf"]
    assert await names(year.source, year, is_used=False) == ["报表.pdf", "报表.png"]
    assert await names(year.unit, year, is_used=True) == []
    await year.cycle.claim(
        {
            "claim_no": "E-1",
            "unit": "XQ01",
            "kind": "bonus",
            "level": "national",
            "holder_name": "x",
            "authority": "x",
            "document_no": "国办〔2025〕1号",
            "document_date": "2025-06-01",
            "event_key": "E",
            "evidence_ids": [year.ids["照片.png"]],
        }
    )
    assert await names(year.unit, year, is_used=True) == ["照片.png"]
    assert await names(year.cycle.office, year, is_used=True) == ["报表2.pdf", "照片.png"]


async def test_pages_go_on_after_the_last_file(year):
    """Planted bug: another's file as a place in the list."""
    first = await year.source.get(f"{year.cycle.path}/evidence", params={"limit": 2})
    after = first.json()["next"]
    assert after == year.ids["报表2.pdf"]
    assert await names(year.source, year, limit=2, after=after) == ["报表.png"]
    wrong = await year.unit.get(f"{year.cycle.path}/evidence", params={"after": after})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "no-such-place")
