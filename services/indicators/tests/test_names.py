from datetime import date

import pytest

from indicators.rules.names import (
    NameEndsTooEarly,
    NamesOverlap,
    UnitName,
    legal_name,
    with_name,
)


def legal(name, begins, ends=None):
    return UnitName(name, "legal", date.fromisoformat(begins), ends and date.fromisoformat(ends))


def alias(name, begins, ends=None):
    return UnitName(name, "alias", date.fromisoformat(begins), ends and date.fromisoformat(ends))


FIRST = (legal("市文化局", "2010-01-01"),)


def test_a_new_legal_name_closes_the_former_one_on_the_day_it_begins():
    names = with_name(FIRST, legal("市文化旅游局", "2019-03-01"))
    assert names == (
        legal("市文化局", "2010-01-01", "2019-03-01"),
        legal("市文化旅游局", "2019-03-01"),
    )


def test_an_alias_closes_nothing():
    assert with_name(FIRST, alias("文化局", "2012-01-01")) == (
        *FIRST,
        alias("文化局", "2012-01-01"),
    )


def test_an_earlier_legal_name_may_be_told_afterwards():
    earlier = legal("市文化站", "2000-01-01", "2010-01-01")
    assert with_name(FIRST, earlier) == (*FIRST, earlier)


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(legal("市文旅局", "2010-01-01"), id="begins on the same day"),
        pytest.param(legal("市文旅局", "2009-01-01"), id="begins before and does not end"),
        pytest.param(legal("市文旅局", "2009-01-01", "2010-01-02"), id="ends a day too late"),
        pytest.param(alias("市文化局", "2015-01-01"), id="the alias is the legal name"),
    ],
)
def test_a_name_that_overlaps_is_refused(new):
    with pytest.raises(NamesOverlap) as refused:
        with_name(FIRST, new)
    assert [fault.pointer for fault in refused.value.faults] == ["/valid_from"]


@pytest.mark.parametrize("ends", ["2019-03-01", "2019-02-28"])
def test_a_name_holds_for_at_least_a_day(ends):
    with pytest.raises(NameEndsTooEarly):
        with_name(FIRST, alias("文旅局", "2019-03-01", ends))


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2019-02-28", "市文化局"),
        ("2019-03-01", "市文化旅游局"),
        ("2030-01-01", "市文化旅游局"),
        ("2001-01-01", "市文化局"),
    ],
)
def test_the_legal_name_is_the_one_of_the_day(on, name):
    names = with_name((*FIRST, alias("文化局", "2012-01-01")), legal("市文化旅游局", "2019-03-01"))
    assert legal_name(names, date.fromisoformat(on)) == name
