"""A release as open data: what everybody is shown, as tables that other people's tools read."""

import csv
import hashlib
import io
import json
from pathlib import Path

import jsonschema
import pytest

from ranking.package.verify import unpacked
from ranking.rules.open_data import Licence, files_of

SCHEMAS = Path(__file__).parent / "frictionless"
OFFICE = {"role": "performance_office", "subject": "publication"}
LICENCE = Licence("CC0-1.0", "CC0", "https://example.org/cc0")


@pytest.fixture
def showing(peers):
    """Have the scheme show something to everybody."""
    before = peers.scheme

    def told(**public):
        peers.scheme = before | {"publication": {"public": public} if public else None}

    yield told
    peers.scheme = before


async def released(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision")
    answer = await cycle.post(f"/rankings/{edition}/publication", **OFFICE)
    assert answer.status_code == 201, answer.text


def rows_of(content):
    return [*csv.DictReader(io.StringIO(content.decode(), newline=""))]


def described(files):
    """Hold a package against the published schemas, and its files against what it says of them."""
    package = json.loads(files["datapackage.json"])
    kinds = ("data-package", "tabular-data-resource")
    whole, table = (json.loads((SCHEMAS / f"{each}.json").read_text("utf-8")) for each in kinds)
    jsonschema.Draft4Validator(whole).validate(package)
    for each in package["resources"]:
        content = files[each["path"]]
        assert each["bytes"] == len(content)
        assert each["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if each["format"] == "csv":
            jsonschema.Draft4Validator(table).validate(each)
            names = [column["name"] for column in each["schema"]["fields"]]
            assert names == next(csv.reader(io.StringIO(content.decode())))
    assert {each["path"] for each in package["resources"]} == files.keys() - {"datapackage.json"}
    return package


async def test_everybody_gets_a_release_as_far_as_the_policy_shows_it(cycle, showing):
    """Without signing in, and the same bytes each time. Planted bugs: the whole document; a column
    that has no entry in the dictionary; the digest of the whole release."""
    showing(grades=True, first_places=2)
    await released(cycle)
    answer = await cycle.openly("/releases/1/open-data")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.content == (await cycle.openly("/releases/1/open-data")).content
    files, found = unpacked(answer.content)
    assert found == []
    package = described(files)
    public = (await cycle.openly("/releases/1")).json()
    assert (
        package["digest"] == public["digest"] == hashlib.sha256(files["release.json"]).hexdigest()
    )
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert (package["release"], package["version"]) == (1, "1")
    rows = rows_of(files["units.csv"])
    assert list(rows[0]) == ["unit", "name", "rank", "grade", "grade_name"]
    assert [row["rank"] for row in rows] == ["1", "2", *[""] * (len(rows) - 2)]
    assert {row["unit"]: row["grade"] for row in rows} == {
        each["unit"]: each["grade"] for each in public["units"]
    }
    told = [(each["table"], each["column"]) for each in rows_of(files["dictionary.csv"])]
    columns = [
        (each["name"], column["name"])
        for each in package["resources"]
        if each["format"] == "csv" and each["name"] != "dictionary"
        for column in each["schema"]["fields"]
    ]
    assert told == columns
    assert b"final_total" not in answer.content


async def test_all_that_may_be_shown_has_its_column(cycle, showing):
    """Exact numbers, blocks and reasons in both languages."""
    showing(grades=True, ranks=True, scores=True, blocks=True, reasons=True)
    await released(cycle)
    files, _ = unpacked((await cycle.openly("/releases/1/open-data")).content)
    described(files)
    public = (await cycle.openly("/releases/1")).json()
    for row, each in zip(rows_of(files["units.csv"]), public["units"], strict=True):
        assert row["final_total"] == each["final_total"]
        assert row["block_function"] == each["blocks"]["function"]
        assert row["reasons_zh"] == "; ".join(one["zh"] for one in each["reasons"])


async def test_what_is_not_public_is_no_open_data(cycle, showing):
    """Planted bug: an archive without units."""
    showing()
    await released(cycle)
    for number in (1, 2):
        answer = await cycle.openly(f"/releases/{number}/open-data")
        assert (answer.status_code, answer.json()["type"]) == (404, "nothing-public")


def test_a_text_that_begins_like_a_formula_is_none_in_the_tables():
    """A number below 0 stays a number, and the JSON has every text as it is. Planted bugs: texts as
    they stand; an apostrophe before numbers too."""
    highlight = dict.fromkeys(("unit", "title", "text", "adopted_by", "level", "document_no"))
    content = {
        "cycle_id": "C",
        "release": 1,
        "category": "A",
        "shown": ["scores"],
        "published_at": "2026-03-02T01:00:00Z",
        "units": [{"unit": "U", "name": "=HYPERLINK(1)", "adjustment": "-1.50"}],
        "highlights": [highlight | {"unit": "U", "title": "+1", "text": '@x, "y"\nz'}],
    }
    files = files_of(content, "0" * 64, LICENCE)
    described(files)
    assert rows_of(files["units.csv"]) == [
        {"unit": "U", "name": "'=HYPERLINK(1)", "adjustment": "-1.50"}
    ]
    [told] = rows_of(files["highlights.csv"])
    assert (told["title"], told["text"]) == ("'+1", '\'@x, "y"\nz')
    assert json.loads(files["release.json"]) == content
    assert json.loads(files["datapackage.json"])["licenses"][0]["path"] == LICENCE.path
