"""Every limit is named, listed with its test, and told on a page that says what the code says."""

from tests.architecture import limits

SETTINGS = (
    "libs/chassis/src/chassis/settings.py",
    "gateway/src/gateway/settings.py",
    "services/scoring/src/scoring/settings.py",
    "services/ranking/src/ranking/settings.py",
)
UNTRIED = 4
"""Of so many no test tries the last value and one past it; there are never more."""


def test_every_limit_is_listed_once_with_what_there_is():
    """Planted bugs: another `MOST_ROWS` in a service; a constant is taken out or renamed."""
    listed = limits.catalogue()
    there = limits.found()
    assert len(there) > 150
    assert sorted(there.keys() - listed.keys()) == []
    for limit in listed:
        assert limits.value_of(limit) is not None, limit


def test_every_number_among_the_settings_is_listed():
    """Planted bug: a setting is added that nobody listed."""
    listed = limits.catalogue()
    for path in SETTINGS:
        names = [name for name, _ in limits.constants(limits.ROOT / path)]
        assert [n for n in names if f"{path}:{n}" not in listed] == []


def test_every_limit_names_the_test_that_tries_it_or_why_none_does():
    """Planted bugs: a test is renamed, and nobody tries the limit any more; a limit without words,
    or without either."""
    for limit, each in limits.catalogue().items():
        assert each["zh"], limit
        assert each["en"], limit
        assert ("test" in each) != ("untried" in each), limit
        if "untried" in each:
            assert all(each["untried"][language] for language in ("zh", "en")), limit
        else:
            path, _, name = each["test"].partition("::")
            assert name in limits.tests_of(path), each


def test_no_limit_is_added_without_its_test():
    assert len(limits.untried()) == UNTRIED


def test_the_page_says_what_the_code_says():
    """Planted bug: a limit is changed without `make contracts`."""
    assert limits.PAGE.read_text("utf-8") == limits.page()
