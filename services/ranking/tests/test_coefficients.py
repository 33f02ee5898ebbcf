"""Coefficients of marks in a release: told to whom the scheme says, and what the sheet has."""

import csv
import io
from decimal import Decimal

import pytest
from services.ranking.tests.test_packages import made_anew

from ranking.package.verify import unpacked, verify
from ranking.rules.papers import Names, Official, notice, ranking_list

OFFICE = {"role": "performance_office", "subject": "publication"}
GROUP = {
    "indicator": "C13",
    "category": "COUNTY",
    "group": "SZ01",
    "marks": 5,
    "mean": "8",
    "coefficient": "1.0250",
    "kept": False,
}
KEPT = GROUP | {"group": "SZ02", "marks": 1, "mean": "7.5", "coefficient": None, "kept": True}
ELSEWHERE = GROUP | {"category": "PARK", "group": "SZ03"}
PUBLIC = {"grades": True, "coefficients": True}
TOLD = [
    {n: e[n] for n in ("indicator", "group", "marks", "coefficient", "kept")} for e in (GROUP, KEPT)
]


@pytest.fixture
def marked(peers):
    """Have the sheet put marks on one scale, and the scheme show what a test says."""
    before = peers.scheme
    peers.sound, peers.normalised = True, [GROUP, KEPT, ELSEWHERE]

    def say(**audiences):
        peers.scheme = before | ({"publication": audiences} if audiences else {})

    yield say
    peers.scheme, peers.sound, peers.normalised = before, False, None


async def released(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision")
    answer = await cycle.post(f"/rankings/{edition}/publication", **OFFICE)
    assert answer.status_code == 201, answer.text


async def shown_to(cycle, role):
    found = (await cycle.get("/releases/1/published", role)).json()
    return found.get("coefficients"), "coefficients" in found["shown"]


async def test_they_are_told_to_whom_the_scheme_says(cycle, marked):
    """Without the mean, which of one mark is that mark; of the released category alone.

    Planted bugs: tell units what the public alone is told; the groups of other categories.
    """
    marked(public=PUBLIC, organisers={"grades": True, "coefficients": True, "ranks": True})
    await released(cycle)
    public = (await cycle.openly("/releases/1")).json()
    assert public["coefficients"] == TOLD
    assert public["shown"] == ["grades", "coefficients"]
    assert await shown_to(cycle, "data_source_unit") == (TOLD, True)
    assert await shown_to(cycle, "assessed_unit") == (TOLD, True)  # not named: shown everything
    assert await shown_to(cycle, "committee") == (TOLD, True)


async def test_whoever_is_shown_other_parts_is_not_told(cycle, marked):
    marked(public={"grades": True}, units={"grades": True}, organisers=PUBLIC)
    await released(cycle)
    assert await shown_to(cycle, "assessed_unit") == (None, False)
    assert await shown_to(cycle, "data_source_unit") == (TOLD, True)
    assert "coefficients" not in (await cycle.openly("/releases/1")).json()
    manifest = (await cycle.get("/releases/1", "committee")).json()["manifest"]
    assert manifest["coefficients"] == TOLD


@pytest.mark.parametrize("audiences", [{}, {"public": {"grades": True}}])
async def test_a_release_that_shows_nobody_any_is_what_releases_were_before(
    cycle, marked, audiences
):
    """Planted bug: name them in the manifest, so that its bytes are others."""
    marked(**audiences)
    await released(cycle)
    manifest = (await cycle.get("/releases/1", "committee")).json()["manifest"]
    assert "coefficients" not in manifest
    assert "coefficients" not in str(manifest.get("publication"))
    assert await shown_to(cycle, "committee") == (None, False)


async def test_another_systems_codes_stand_beside_the_indicators(cycle, marked, peers):
    """Planted bug: tell the codes of units alone."""
    marked(public=PUBLIC)
    await released(cycle)
    told = {"code": "K-13", "indicator": "C13", "valid_from": None, "valid_to": None}
    known = {"units": False, "unit_codes": [], "indicators": True, "indicator_codes": [told]}
    peers.codes["bi"] = {"as_of": "2025-12-31"} | known
    whole = (await cycle.get("/releases/1?id_scheme=bi", "committee")).json()["manifest"]
    assert {each["indicator_in_scheme"] for each in whole["coefficients"]} == {"K-13"}
    plain = (await cycle.get("/releases/1", "committee")).json()["manifest"]
    assert plain["coefficients"] == TOLD


async def test_they_are_a_table_of_the_open_data_with_its_dictionary(cycle, marked):
    marked(public=PUBLIC)
    await released(cycle)
    files, _ = unpacked((await cycle.openly("/releases/1/open-data")).content)
    rows = [*csv.DictReader(io.StringIO(files["coefficients.csv"].decode(), newline=""))]
    assert [(e["group"], e["marks"], e["coefficient"], e["kept"]) for e in rows] == [
        ("SZ01", "5", "1.0250", "false"),
        ("SZ02", "1", "", "true"),
    ]
    known = csv.DictReader(io.StringIO(files["dictionary.csv"].decode(), newline=""))
    columns = [e["column"] for e in known if e["table"] == "coefficients"]
    assert columns == ["indicator", "group", "marks", "coefficient", "kept"]


async def test_the_verifier_holds_them_against_the_score_sheet(cycle, marked):
    """Planted bug: believe what the manifest says."""
    marked(public=PUBLIC)
    await released(cycle)
    package = (await cycle.get("/releases/1/package", "auditor")).content
    assert verify(package) == []

    def altered(read):
        read["release.json"]["manifest"]["coefficients"][0]["coefficient"] = "1.0350"

    def left_out(read):
        del read["release.json"]["manifest"]["coefficients"]

    for change in (altered, left_out):
        found = [what for _, what in verify(made_anew(package, change))]
        assert "coefficients are not those of the score sheet" in found


def test_they_stand_on_the_list_and_the_notice_where_the_reader_sees_them():
    """Planted bug: a column for those that the reader is not shown."""
    manifest = {
        "cycle_id": "c",
        "release": 1,
        "published_at": "2026-02-01T08:00:00+00:00",
        "coefficients": TOLD,
    }
    unit = {"unit": "XQ01", "name": "甲县", "grade": "good"}
    release = {"manifest": manifest, "digest": "0" * 64, "document": {"units": [unit]}}
    names = Names(2025, "县市区", {})
    without = release | {"manifest": manifest | {"coefficients": None}}
    for made in (
        lambda said: ranking_list(said, names, ""),
        lambda said: notice(said, names, Official("市绩效办"), ""),
    ):
        told = [
            each for each in made(release).parts if getattr(each, "title", "") == "评分修正系数"
        ]
        assert [table.rows[0][-1] for table in told] == ["1.0250"]
        assert Decimal(told[0].rows[0][2]) == 5
        said = [getattr(each, "title", "") for each in made(without).parts]
        assert "评分修正系数" not in said
