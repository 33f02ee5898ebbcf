"""Services die at any moment; retrying ends in the same totals."""

from decimal import Decimal

import pytest
import yaml
from tests.system.conftest import EXAMPLE
from tests.system.murder import NAMES, Murder

from kaoping.plan import OFFICE
from kaoping.results import Release


@pytest.mark.parametrize("installation", ["five processes"], indirect=True)
def test_kill_9_of_every_service_during_the_posting_changes_no_total(year, people):
    """Planted bug: make a new Idempotency-Key for each try in the client's posts. What was done
    before the kill is then posted again, and refused or doubled."""
    expected = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506 - it makes strings only
    totals = {unit["unit"]: Decimal(unit["final_total"]) for unit in expected["expected"]}
    release = Release.read(people[OFFICE], year.cycle_id, year.releases["COUNTY"])
    found = {unit["unit"]: Decimal(unit["final_total"]) for unit in release.ranking["units"]}
    assert found == totals
    assert isinstance(year.steps, Murder)
    assert set(year.steps.killed) == set(NAMES)
    assert len(year.steps.killed) >= 8
