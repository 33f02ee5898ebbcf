"""Many jurisdictions play their years in one installation, several at once: every total is what the
generator computed, and what it is where one is alone.

Planted bugs, seen to fail: a query without its cycle, a cache that goes by the code of a scheme
alone, a register of claimed documents that is everybody's.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from tests.system.harness import in_one_process
from tests.system.jurisdictions import Founders
from tests.system.small_years import ACCOUNTS, play, small_year, totals_of

from chassis.realms import new_part
from kaoping.client import Refused
from service_testing import trials

pytestmark = pytest.mark.prove

MANY, AT_ONCE, ALONE = trials(3, 40), trials(2, 8), trials(1, 4)
UNITS, INDICATORS = trials(6, 50), trials(5, 20)
CODES = [f"53{n // 90 + 1:02}{n % 90 + 1:02}" for n in range(MANY)]


ABOVE, BESIDE = "530000", "540000"
"""A province that the jurisdictions are of, and one that they are not."""
OF_PROVINCES = {
    "office": (None, ["performance_office"], "person"),
    "statistics": ("U01", ["statistics", "organiser"], "person"),
    "unit": ("U01", ["assessed_unit"], "person"),
}


def played(founders, codes, at_once):
    """Establish jurisdictions and play a year in each; return what they released."""
    years = {code: small_year(code, UNITS, INDICATORS) for code in codes}
    people = {code: founders.people(code, founders.establish(code), ACCOUNTS) for code in codes}
    with ThreadPoolExecutor(at_once) as pool:
        released = pool.map(lambda code: play(years[code], people[code]), codes)
        return years, dict(zip(codes, released, strict=True)), people


@pytest.fixture(scope="module")
def founders(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running, ExitStack() as stack:
        yield Founders(running, stack)


@pytest.fixture(scope="module")
def together(founders):
    return played(founders, CODES, AT_ONCE)


@pytest.fixture(scope="module")
def provinces(founders, together):
    """Give those of two provinces who read what others have released."""
    assert together
    return {
        code: founders.people(code, founders.establish(code), OF_PROVINCES)
        for code in (ABOVE, BESIDE)
    }


def test_every_total_is_what_follows_from_the_own_year(together, figure):
    years, released, _ = together
    wrong = {
        code: (years[code].totals, totals_of(released[code]))
        for code in CODES
        if totals_of(released[code]) != years[code].totals
    }
    assert not wrong
    figure("jurisdictions", len(released))
    figure("entries", sum(len(year.entries) for year in years.values()))
    assert len({tuple(year.totals.items()) for year in years.values()}) == MANY


@pytest.mark.parametrize("code", CODES[:ALONE])
def test_one_that_is_alone_comes_to_the_same(together, postgres, databases, tmp_path_factory, code):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running, ExitStack() as stack:
        _, released, _ = played(Founders(running, stack), [code], 1)
    alone, beside = (told["document"]["units"] for told in (released[code], together[1][code]))
    assert alone == beside


def test_a_superior_reads_what_is_released_below_it_and_nothing_else(together, provinces):
    """Planted bugs: whoever is signed in above reads; the part that a role is shown is the whole; a
    unit of one's own has the code of one below; every route is open from above."""
    _, released, people = together
    above = provinces[ABOVE]
    cycles = {each["jurisdiction"]: each for each in above["office"].pages("/inferior-cycles")}
    assert [*cycles] == sorted(CODES)
    code = CODES[0]
    at = f"/cycles/{cycles[code]['cycle_id']}"
    whole = above["office"].get(f"{at}/releases/1/published")
    totals = {each["unit"]: each["final_total"] for each in released[code]["document"]["units"]}
    assert {each["unit"]: each["final_total"] for each in whole["units"]} == totals
    own = people[code]["office"].get(f"{at}/releases/1/published")
    assert whole == own
    part = above["statistics"].get(f"{at}/releases/1/published")
    assert {*part["units"][0]} == {"unit", "name", "rank"}
    assert ("own" in part, part["digest"] == whole["digest"]) == (False, False)
    (listed,) = above["statistics"].get("/inferior-cycles", jurisdiction=code)["items"]
    (summary,) = above["statistics"].get(f"{at}/releases")["items"]
    assert listed["categories"][0]["digest"] == summary["digest"] == part["digest"]
    assert refusal(above["unit"], "/inferior-cycles") == "not-allowed"
    unknown = f"/cycles/{new_part(ABOVE)}"
    for who, end in (
        ("unit", "/releases/1/published"), ("office", ""), ("office", "/scheme"),
        ("office", "/rankings/1"), ("office", "/releases/1"), ("office", "/releases/1/list"),
    ):  # fmt: skip
        seen = [refusal(above[who], f"{path}{end}") for path in (at, unknown)]
        assert seen[0] == seen[1], (who, end, seen)
    beside = provinces[BESIDE]["office"]
    assert [*beside.pages("/inferior-cycles")] == []
    assert beside.get("/inferior-cycles", jurisdiction=code)["items"] == []
    assert refusal(beside, f"{at}/releases/1/published") == "no-such-release"
    below = people[code]["office"]
    assert [*below.pages("/inferior-cycles")] == []


def refusal(client, path):
    """Return the kind of problem that a question is refused with."""
    with pytest.raises(Refused) as refused:
        client.get(path)
    return refused.value.problem["type"]
