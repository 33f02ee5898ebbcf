"""Tables of many cities are compared by one SQL text, and every engine finds the same."""

import json
import random
from collections import Counter, defaultdict
from fractions import Fraction
from uuid import UUID

import asyncpg
import pytest

from kaoping.faults import KaopingFault
from kaoping.province import tables
from kaoping.province.engines import QUERIES, compare, in_duckdb, in_spark, result
from kaoping.province.store import Store, Year
from kaoping.province.tables import MILLION, TABLES, TooFine, millionths

CITIES, YEARS, UNITS = 7, (2023, 2024, 2025), 9
NAMES = ("云川市教育局", "=1+1", "a 'quoted' \"name\"", "𠮷县", "line\nbreak", "")


def drawn(seed):
    """Draw the tables of cities: ties, units without a total, years left out, what is withheld."""
    rng = random.Random(seed)  # noqa: S311 - drawn, not secret
    for city in range(CITIES):
        for at in YEARS:
            if rng.random() < 0.15:
                continue
            cycle = str(UUID(int=rng.getrandbits(128)))
            year = Year(f"{530000 + city}", at, cycle)
            yield year, _tables(rng, year)


def _tables(rng, year):
    found = {name: [] for name in TABLES}
    for category in ("COUNTY", "BUREAU"):
        found["release"].append((*year, category, 1, f"{year[1]}-12-31", "ab" * 32))
        worth = rng.choice((100, 110)) * MILLION
        points = [rng.randrange(0, 30) * MILLION // 2 for _ in range(5)]
        for n, each in enumerate(points):
            told = f"I{n}", rng.choice(NAMES), "per_unit", each, 1
            found["indicator"].append((*year, category, worth, "B", *told))
        for n in range(UNITS):
            total = None if rng.random() < 0.1 else rng.randrange(60 * MILLION, 100 * MILLION)
            total = total and rng.choice((total, 88 * MILLION))
            standing = (None, None) if total is None else (rng.randrange(1, 10), 1)
            told = f"U{n}", rng.choice(NAMES), None, total, 0, total, *standing, "good"
            found["unit_result"].append((*year, category, *told))
            for i, each in enumerate(points):
                score = rng.choice((None, each, each, rng.randrange(0, each + 1)))
                found["indicator_score"].append(
                    (*year, category, f"U{n}", "B", f"I{i}", each, score, 1)
                )
    for survey in ("PHONE", "FORM"):
        for n in range(UNITS):
            if rng.random() < 0.3:
                found["survey_estimate"].append((*year, survey, f"U{n}", *[None] * 6))
                continue
            told = (rng.randrange(MILLION), rng.randrange(MILLION), 1, 2, rng.randrange(30, 900))
            found["survey_estimate"].append(
                (*year, survey, f"U{n}", *told, rng.randrange(3 * MILLION))
            )
    return found


@pytest.fixture(scope="module")
def years():
    return [*drawn(20)]


@pytest.fixture(scope="module")
def stored(years, tmp_path_factory):
    """Give a folder in which the tables lie, and the files of each table."""
    store = Store(str(tmp_path_factory.mktemp("tables")))
    for year, rows in years:
        store.put(year, rows)
    return store, store.fetch(tmp_path_factory.mktemp("fetched"))


@pytest.fixture(scope="module")
def by_duckdb(stored):
    with in_duckdb(stored[1]) as ask:
        return {name: ask(text) for name, text in QUERIES.items()}


def half_up(number):
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def table(years, name):
    columns = [*TABLES[name].columns]
    for _, rows in years:
        yield from (dict(zip(columns, row, strict=True)) for row in rows[name])


def told(found):
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_categories_equal_exact_fractions(years, by_duckdb):
    """Planted bugs: round down where it says half up; count who has no total."""
    grouped = defaultdict(list)
    for each in table(years, "unit_result"):
        if each["final_total"] is not None:
            key = each["category"], each["assessment_year"], each["jurisdiction"]
            grouped[key].append(each["final_total"])
    assert by_duckdb["categories"].rows == [
        (
            *key,
            len(of),
            half_up(Fraction(sum(of), len(of))),
            min(of),
            max(of),
            max(of) - min(of),
            len({*of}),
        )
        for key, of in sorted(grouped.items())
    ]


def test_units_are_beside_their_own_year_before(years, by_duckdb):
    """Planted bugs: take the newest earlier year for the year before; another city's unit."""
    totals = {
        (e["jurisdiction"], e["category"], e["unit"], e["assessment_year"]): e["final_total"]
        for e in table(years, "unit_result")
    }
    means = {row[:3]: row[4] for row in by_duckdb["categories"].rows}
    found, moved = told(by_duckdb["units"]), 0
    for each in found:
        where = each["jurisdiction"], each["category"], each["unit"]
        total = totals[*where, each["assessment_year"]]
        before = totals.get((*where, each["assessment_year"] - 1))
        mean = means[each["category"], each["assessment_year"], each["jurisdiction"]]
        gained = None if None in (total, before) else total - before
        above = None if total is None else total - mean
        assert (each["mean_total"], each["above_mean"], each["gained"]) == (mean, above, gained)
        moved += gained is not None
    assert len(found) == len(totals)
    assert moved > len(totals) // 4


def test_weights_ceilings_and_errors_equal_exact_fractions(years, by_duckdb):
    """Planted bugs: count what has no score as full points; round a mean down."""
    errors, full = defaultdict(list), Counter()
    for each in table(years, "survey_estimate"):
        key = each["survey"], each["assessment_year"], each["jurisdiction"]
        errors[key] += [] if each["value"] is None else [each["standard_error"]]
    for row in by_duckdb["errors"].rows:
        of = errors.pop(row[:3])
        mean = half_up(Fraction(sum(of), len(of)))
        assert row[3:7] == (UNITS, UNITS - len(of), mean, max(of))
    for each in table(years, "indicator_score"):
        key = each["indicator"], each["assessment_year"], each["jurisdiction"], each["category"]
        if each["points"] and each["score"] is not None:
            full[key] += each["score"] == each["points"]
    assert {row[:4]: row[5] for row in by_duckdb["ceilings"].rows} == full
    assert all(row[6] == row[5] * MILLION // row[4] for row in by_duckdb["ceilings"].rows)
    weights = defaultdict(set)
    for each in table(years, "indicator"):
        weight = each["points"] * MILLION // each["category_points"]
        weights[each["category"], each["indicator"], each["assessment_year"]].add(weight)
    for each in told(by_duckdb["weights"]):
        of = weights[each["category"], each["indicator"], each["assessment_year"]]
        assert (each["lightest"], each["heaviest"]) == (min(of), max(of))
        assert each["weight"] in of
    assert not errors


async def test_postgresql_finds_the_same(postgres, years, by_duckdb):
    connection = await asyncpg.connect(postgres.url("postgres"), ssl=False)
    try:
        for name, of in TABLES.items():
            columns = ", ".join(f"{column} {kind}" for column, kind in of.columns.items())
            await connection.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
            rows = [row for _, found in years for row in found[name]]
            await connection.copy_records_to_table(name, records=rows)
        for name, text in QUERIES.items():
            asked = await connection.prepare(text)
            columns = [each.name for each in asked.get_attributes()]
            found = result(columns, [tuple(row) for row in await asked.fetch()])
            assert found.digest == by_duckdb[name].digest, name
            assert len(found.rows) > CITIES
    finally:
        await connection.close()


@pytest.mark.filterwarnings("ignore")
def test_spark_finds_the_same(stored, by_duckdb):
    pytest.importorskip("pyspark", reason="`pip install pyspark` and Java bring Spark")
    with in_spark(stored[1]) as ask:
        for name, text in QUERIES.items():
            assert ask(text).digest == by_duckdb[name].digest, name


def test_the_same_tables_in_another_order_have_the_same_digests(years, by_duckdb, tmp_path):
    """Planted bug: leave an `order by` out."""
    store = Store(str(tmp_path / "tables"))
    for year, rows in reversed(years):
        store.put(year, {name: of[::-1] for name, of in rows.items()})
    found = compare(store, "duckdb", tmp_path / "out")
    digests = json.loads((tmp_path / "out" / "digests.json").read_text())
    assert digests == {name: each.digest for name, each in by_duckdb.items()}
    assert {each.name for each in (tmp_path / "out").glob("*.csv")} == {f"{n}.csv" for n in found}
    assert "\n'=1+1" not in (tmp_path / "out" / "units.csv").read_text("utf-8-sig")
    assert "'=1+1" in (tmp_path / "out" / "units.csv").read_text("utf-8-sig")


def test_a_year_that_is_collected_anew_replaces_what_was_there(years, tmp_path):
    """Planted bug: leave a table where it was that is told no more."""
    store = Store(str(tmp_path / "tables"))
    (year, rows), _ = years[:2]
    store.put(year, rows)
    released = {name: rows[name][:3] for name in tables.RELEASED}
    assert store.put(year, released)["unit_result"] == 3
    files = store.fetch(tmp_path / "fetched")
    assert {name for name, of in files.items() if of} == tables.RELEASED
    with in_duckdb(files) as ask:
        assert ask("select count(*) from unit_result").rows == [(3,)]
    with pytest.raises(KaopingFault, match="twice"):
        store.put(year, {**released, "release": [*released["release"], released["release"][0]]})
    with in_duckdb(store.fetch(tmp_path / "again")) as ask:
        assert ask("select count(*) from release").rows == [(len(released["release"]),)]


def test_what_would_not_be_exact_is_refused(tmp_path):
    """Planted bug: round to millionths."""
    assert millionths("99.123456") == 99123456
    assert millionths("-0.5") == -500000
    for number in ("0.1234567", "9007199255", "1e-7"):
        with pytest.raises(TooFine):
            millionths(number)
    with pytest.raises(KaopingFault, match="no place"):
        Year("../../etc", 2025, str(UUID(int=1))).place("release")
    with pytest.raises(KaopingFault, match="no whole"):
        result(["x"], [(0.5,)])


def test_a_query_reaches_nothing_but_the_tables(stored, tmp_path):
    """Planted bug: leave `enable_external_access` as it is."""
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with in_duckdb(stored[1]) as ask, pytest.raises(Exception, match="disabled"):
        ask(f"select * from '{tmp_path / 'secret.csv'}'")  # noqa: S608 - what must not work
