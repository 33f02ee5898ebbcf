"""A county of 54 units in November, to the point: the API against its file, computed otherwise."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.app import COUNTY
from kaoping.county import missing, play, read_county, tables
from kaoping.people import People

COMPREHENSIVE = {f"C{n}" for n in range(14, 21)}
LIVELIHOOD = "C04"


@pytest.fixture(scope="module")
def county():
    return read_county(COUNTY)


@pytest.fixture(scope="module")
def november(installation, county):
    administrator = installation.client(installation.administrator)
    with administrator, People(administrator, installation.client) as people:
        yield play(county, people)


def test_a_hundred_points_are_those_of_54_units_43_and_11(november, county):
    """Planted bugs: count a unit once for each share; give a unit the indicator's points."""
    told = november.decomposition
    shares = county["decomposition"]["shares"]
    units = {each["unit"] for each in shares}
    assert len(units) == len(told["units"]) == 54
    assert sum(Decimal(each["points"]) for each in told["units"]) == 100
    inside = {each["unit"] for each in shares if each["indicator"] in COMPREHENSIVE}
    assert (len(units - inside), len(inside)) == (43, 11)
    blocks = {each["block"]: (each["points"], each["units"]) for each in told["blocks"]}
    assert blocks == {
        "职能（绩效）部分": ("61", 43),
        "公众评议": ("14", 5),
        "市设综合项目": ("25", 11),
    }
    assert len([each for each in shares if each["indicator"] == LIVELIHOOD]) == 20
    exposure = defaultdict(Decimal)
    for each in shares:
        exposure[each["unit"]] += Decimal(each["points"])
    assert {each["unit"]: Decimal(each["points"]) for each in told["units"]} == exposure
    assert told["units"][0]["points"] == max(exposure.values()).to_eng_string()


def test_what_is_lost_is_charged_to_the_point(november, county):
    """Planted bugs: charge named causes by share as well; round charges so that some is left over;
    count what nobody knows as open."""
    exact = defaultdict(Fraction)
    indicators = county["decomposition"]["indicators"]
    points = {each["code"]: Fraction(each["points"]) for each in indicators}
    known = {each["indicator"]: each for each in county["standings"]}
    for code, each in known.items():
        rest = Fraction(each["lost"])
        for cause in each.get("causes", []):
            exact[cause["unit"]] += Fraction(cause["points"])
            rest -= Fraction(cause["points"])
        for share in county["decomposition"]["shares"]:
            if share["indicator"] == code:
                exact[share["unit"]] += rest * Fraction(share["points"]) / points[code]
    units = {each["unit"]: Fraction(each["lost"]) for each in november.standings["units"]}
    for unit, lost in units.items():
        leeway = Fraction("0.0001") * len(known)
        assert abs(lost - exact[unit]) < leeway, unit
    won, lost = (sum(Fraction(each[name]) for each in known.values()) for name in ("won", "lost"))
    assert sum(units.values()) == lost
    totals = {name: Fraction(said) for name, said in november.standings["totals"].items()}
    unknown = sum(worth for code, worth in points.items() if code not in known)
    assert totals == {
        "points": 100,
        "won": won,
        "lost": lost,
        "open": 100 - won - lost - unknown,
        "unreported": unknown,
        "uncharged": 0,
    }


@pytest.mark.parametrize("chinese", [True, False])
def test_the_tables_name_what_is_missing_and_where_points_are_open(november, chinese):
    """Planted bugs: show an indicator of which nothing is known as one to win; sort by points."""
    told = missing(november, chinese=chinese)
    assert [each.split()[0] for each in told] == ["C13", "C19"]
    whole, owners, lacking, losers, to_win = tables(november, chinese=chinese)
    assert (whole.row_count, owners.row_count, lacking.row_count) == (20, 3, 2)
    assert "100" in str(whole.title)
    first, opened = (list(to_win.columns[n].cells) for n in (0, 2))
    assert (first[0], opened[0]) == ("C06", "1.8")
    assert [Decimal(each) for each in opened] == sorted(map(Decimal, opened), reverse=True)
    assert not {"C13", "C19"} & {*first}
    assert next(iter(losers.columns[0].cells)) == "县发展改革局"
