"""The system under test, twice: in one process, and as five processes over TCP."""

from collections.abc import Iterator

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Installation, in_five_processes, in_one_process
from tests.system.murder import Murder

from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.results import Release, read_document
from kaoping.steps import Steps
from kaoping.year import Year

EXAMPLE = ROOT / "examples" / "yunchuan-2025"


@pytest.fixture(scope="session", params=["one process", "five processes"])
def installation(request, postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    if request.param == "one process":
        with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
            yield running
    else:
        with in_five_processes() as running:
            yield running


@pytest.fixture(scope="session")
def people(installation):
    administrator = installation.client(installation.administrator)
    with administrator, People(administrator, installation.client) as people:
        yield people


@pytest.fixture(scope="session")
def year(people, installation) -> Year:
    """The reference city's year, played to its published ranking.

    Where the services are processes, each is killed while the year is posted.
    """
    with Murder(installation.system) if installation.system else Steps() as steps:
        year = Year(plan_of(read_city(EXAMPLE)), people, steps)
        year.play()
    return year


@pytest.fixture(scope="session")
def result(year, people):
    """What came of it, read back through the API."""
    office = people["performance-office"]
    release = Release.read(office, year.cycle_id, year.releases["COUNTY"])
    return read_document(office, year.cycle_id, [release], ["phone"])
