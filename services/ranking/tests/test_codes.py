"""Rankings, releases and reports with the codes of another system beside ours."""

import pytest

from service_testing.elsewhere import count_codes, with_codes

STEPS = ("merge", "review", "decision", "publication")
VETO = {"unit": "XQ09", "code": "V02", "document_no": "1号", "decided_on": "2026-02-10"}


def code(name, unit, until=None):
    return {"code": name, "unit": unit, "valid_from": "2020-01-01", "valid_to": until}


@pytest.fixture
def hr(peers):
    codes = [code("9001", "XQ01"), code("9009", "XQ09"), code("9005", "XQ05", "2025-12-31")]
    codes += [code("9002", "XQ02"), code("9102", "XQ02")]
    peers.codes["hr"] = {"as_of": "2025-12-31", "units": True, "unit_codes": codes}
    peers.codes["hr"] |= {"indicators": False, "indicator_codes": []}
    return {"unit": {"XQ01": "9001", "XQ09": "9009"}}


async def test_what_ranking_tells_has_the_codes_of_the_years_last_day_beside_ours(cycle, hr):
    """Planted bugs: one of two codes of a unit; a code that ended; a release that was kept without
    codes."""
    await cycle.report("/vetoes", VETO)
    await cycle.take(await cycle.rank(), *STEPS)
    for path in ("/rankings/1", "/releases/1", "/vetoes", "/demotions"):
        plain = await cycle.get(path, "auditor")
        told = await cycle.get(f"{path}?id_scheme=hr", "auditor")
        assert told.status_code == 200, told.text
        assert told.json() == with_codes(plain.json(), hr), path
        assert (await cycle.get(f"{path}?id_scheme=code", "auditor")).content == plain.content
    assert count_codes((await cycle.get("/releases/1?id_scheme=hr", "auditor")).json()) == 2


async def test_a_kept_release_is_another_document_once_a_code_means_something_else(
    cycle, peers, hr
):
    """Planted bug: keep the document by its number alone."""
    await cycle.take(await cycle.rank(), *STEPS)
    plain = await cycle.get("/releases/1", "auditor")
    before = await cycle.get("/releases/1?id_scheme=hr", "auditor")
    peers.codes["hr"]["unit_codes"][0]["code"] = "9111"
    etag = {"If-None-Match": before.headers["etag"]}
    after = await cycle.get("/releases/1?id_scheme=hr", "auditor", **etag)
    assert len({each.headers["etag"] for each in (plain, before, after)}) == 3
    assert after.json() == with_codes(plain.json(), {"unit": {"XQ01": "9111", "XQ09": "9009"}})
    again = await cycle.get(
        "/releases/1?id_scheme=hr", "auditor", **{"If-None-Match": after.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/rankings/1", "/releases/1", "/vetoes", "/demotions"])
async def test_an_id_scheme_that_is_not_registered_is_refused(cycle, hr, path):
    answer = await cycle.get(f"{path}?id_scheme=none", "auditor")
    assert (answer.status_code, answer.json()["type"]) == (422, "id-scheme-unknown")
    assert answer.json()["errors"][0]["pointer"] == "/query/id_scheme"
