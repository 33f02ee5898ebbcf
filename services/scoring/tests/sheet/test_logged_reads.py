"""Who reads what others are worth is on record, or reads nothing; a unit reads its own freely."""

import pytest

from service_testing.reading import both_ways


@pytest.fixture(scope="module")
async def year(new_year):
    """A cycle whose first edition has been computed."""
    cycle = await new_year()
    await cycle.score()
    return cycle


@pytest.mark.parametrize(
    "path",
    [
        "score-sheets/1",
        "score-sheets/1/marks",
        "score-sheets/1/units/XQ03/explanation",
        "score-sheets/1/diagnostics",
        "duty-persons",
    ],
)
async def test_marks_are_read_on_record_or_not_at_all(service, year, path):
    """Planted bug: a document that is kept ready is answered without an entry."""
    url = f"{year.path}/{path}"
    for _ in range(2):
        answer, added, unlogged = await both_ways(service, year.office, url)
        assert answer.status_code == 200, answer.text
        assert [each["path"]["cycle_id"] for each in added] == [str(year.cycle_id)]
        assert (unlogged.status_code, unlogged.json()["type"]) == (503, "database-unavailable")
