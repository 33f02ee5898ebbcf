"""The presets play to their end, and come out as a second computation by hand has it."""

import csv
from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_one_process

from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from ranking.package.verify import verify

PRESETS = ROOT / "examples" / "presets"
ACCEPTED = {"county": 3}
"""How many opinions are published."""


WITHOUT_DEADLINES = {"bureaus"}


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.mark.parametrize("name", sorted(each.name for each in PRESETS.iterdir()))
def test_a_preset_comes_out_as_computed_by_hand(installation, name):
    """And each release verifies from its package alone. Planted bugs: a rate for a points value, a
    bound that is not included, half up as even; a package without what a scheme gives a category.
    """
    with (PRESETS / name / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["unit"]: row for row in csv.DictReader(file)}
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):
        year = Year(read_tables(PRESETS / name), people, steps)
        year.play()
        heard = [*people[OFFICE].pages(f"{year.path}/opinions")]
        assert len(heard) == ACCEPTED.get(name, 0)
        red = people[OFFICE].get(f"{year.path}/duties", light="red_card", limit=1)["items"]
        # All are played after their year; what is exempt is late nowhere.
        assert (red == []) == (name in WITHOUT_DEADLINES)
        releases = [
            Release.read(people[OFFICE], year.cycle_id, number) for number in year.releases.values()
        ]
        for number in year.releases.values():
            package = people[OFFICE].file(f"{year.path}/releases/{number}/package")
            digest = people[OFFICE].get(f"{year.path}/releases/{number}")["digest"]
            assert verify(package, digest) == [], number
    found = {
        unit["unit"]: (Decimal(unit["final_total"]), unit["rank"], unit["grade"])
        for release in releases
        for unit in release.ranking["units"]
    }
    assert found == {
        unit: (Decimal(row["total"]), int(row["rank"]), row["grade"])
        for unit, row in expected.items()
    }
