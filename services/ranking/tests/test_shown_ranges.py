"""Ranges of ranks in a release: kept with it, shown to whom its scheme says, the same for all."""

import csv
import io
from decimal import Decimal

import pytest
from services.ranking.tests.conftest import with_totals
from services.ranking.tests.test_shown_releases import OFFICE, STEPS, public, publish, read, sha256

from ranking.package.verify import unpacked
from ranking.rules.publication import Shown

RANGES = {"ranks": True, "uncertainty": True}
WORTH = {"function": "61", "public_review": "14", "comprehensive": "25"}


@pytest.fixture
def showing(peers):
    """Have the scheme say what blocks are worth, and who is shown what; two units are close."""
    before, sheets = peers.scheme, peers.sheet_units
    one, _, *others = sheets
    near = {**one["blocks"]}
    for block, points in (("function", "1"), ("comprehensive", "-1.01")):
        near[block] = str(Decimal(near[block]) + Decimal(points))
    other = sheets[1] | {"blocks": near, "adjustment": one["adjustment"]}
    peers.sheet_units = [one, with_totals(other, before), *others]

    def policy(**parts):
        category, *others = before["categories"]
        blocks = [each | {"points": WORTH[each["code"]]} for each in category["blocks"]]
        categories = [category | {"blocks": blocks}, *others]
        peers.scheme = before | {"categories": categories, "publication": parts}

    policy.peers = peers
    yield policy
    peers.scheme, peers.sheet_units = before, sheets


async def test_a_release_keeps_the_ranges_that_its_scheme_shows_and_whom_it_shows_them(
    cycle, showing
):
    """Planted bugs: a seed told that nobody used; ranges for an audience that is not shown them; a
    digest that leaves them out."""
    showing(public={"ranks": True}, units=RANGES)
    manifest = (await publish(cycle)).json()["manifest"]
    kept = manifest["uncertainty"]
    assert (kept["seed"], kept["replications"], kept["weights_by"]) == (1, 1000, 10)
    asked = f"/rankings/{manifest['edition']}/uncertainty"
    asked += "".join(
        f"{mark}{name}={kept[name]}"
        for mark, name in (("?", "seed"), ("&", "replications"), ("&", "weights_by"))
    )
    told = (await read(cycle, asked, "committee")).json()
    names = ("unit", "rank", "best", "worst")
    assert kept["units"] == [{name: each[name] for name in names} for each in told["units"]]
    assert {n: kept[n] for n in kept.keys() & told.keys() - {"units"}} == {
        n: told[n] for n in kept.keys() & told.keys() - {"units"}
    }
    assert any(each["best"] < each["worst"] for each in kept["units"])
    units = (await read(cycle, "/releases/1/published", "assessed_unit")).json()
    assert (units["shown"], units["uncertainty"]) == (["ranks", "uncertainty"], kept)
    after = ("digest", "public_from", "corrected_by", "corrections", "own")
    content = {name: value for name, value in units.items() if name not in after}
    assert units["digest"] == sha256(content) == manifest["publication"]["digests"]["units"]
    everybody = (await public(cycle, "/1")).json()
    assert (everybody["shown"], "uncertainty" in everybody) == (["ranks"], False)
    whole = (await read(cycle, "/releases/1/published", "committee")).json()
    assert whole["uncertainty"] == kept


async def test_a_scheme_that_shows_no_ranges_keeps_none(cycle, showing):
    """Planted bug: kept with every release, which the office and auditors then hand on."""
    showing(public={"ranks": True})
    assert "uncertainty" not in (await publish(cycle)).json()["manifest"]
    whole = (await read(cycle, "/releases/1/published", "committee")).json()
    assert ("uncertainty" in whole, "uncertainty" in whole["shown"]) == (False, False)
    assert not Shown(ranks=True).also(Shown(ranks=True, uncertainty=True)).uncertainty


async def test_ranges_are_open_data_with_their_dictionary(cycle, showing):
    """Planted bug: the table without a line in the dictionary."""
    showing(public=RANGES)
    kept = (await publish(cycle)).json()["manifest"]["uncertainty"]
    answer = await public(cycle, "/1/open-data")
    files, _ = unpacked(answer.content)
    rows = [*csv.DictReader(io.StringIO(files["rank_ranges.csv"].decode(), newline=""))]
    assert rows == [{name: str(each[name]) for name in each} for each in kept["units"]]
    told = [*csv.DictReader(io.StringIO(files["dictionary.csv"].decode(), newline=""))]
    named = [each["column"] for each in told if each["table"] == "rank_ranges"]
    assert named == ["unit", "rank", "best", "worst"]


async def test_ranges_that_cannot_be_found_are_refused_by_name(cycle, showing):
    """Planted bug: released without them, as though its scheme showed none."""
    showing(public=RANGES)
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    scheme = showing.peers.scheme
    cut = {"block": "function", "scale": None, "points": None, "cap": "1", "weight": None}
    showing.peers.scheme = scheme | {"composition": scheme["composition"] | {"by_part": [cut]}}
    async with cycle.unchanged():
        answer = await cycle.post(f"/rankings/{edition}/publication", {}, **OFFICE)
        assert (answer.status_code, answer.json()["type"]) == (409, "totals-otherwise-made")
