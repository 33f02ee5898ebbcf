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

from service_testing import trials

MANY, AT_ONCE, ALONE = trials(3, 40), trials(2, 8), trials(1, 4)
UNITS, INDICATORS = trials(6, 50), trials(5, 20)
CODES = [f"53{n // 90 + 1:02}{n % 90 + 1:02}" for n in range(MANY)]


def played(installation, codes, at_once):
    """Establish jurisdictions and play a year in each; return what they released."""
    years = {code: small_year(code, UNITS, INDICATORS) for code in codes}
    with ExitStack() as stack:
        founders = Founders(installation, stack)
        people = {code: founders.people(code, founders.establish(code), ACCOUNTS) for code in codes}
        with ThreadPoolExecutor(at_once) as pool:
            found = dict(zip(codes, pool.map(lambda c: play(years[c], people[c]), codes)))
    return years, found


@pytest.fixture(scope="module")
def together(postgres, databases, tmp_path_factory):
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield played(running, CODES, AT_ONCE)


def test_every_total_is_what_follows_from_the_own_year(together, figure):
    years, released = together
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
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        _, released = played(running, [code], 1)
    alone, beside = (told["document"]["units"] for told in (released[code], together[1][code]))
    assert alone == beside
