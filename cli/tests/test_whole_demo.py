"""`kaoping demo` without a directory: the year of all categories that comes with the system."""

import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest

from kaoping.app import EXAMPLE, demo
from kaoping.city import daily_plan, of_categories, plan_of, read_city, whole_plan
from kaoping.city.drawn_files import content_of, has_place
from kaoping.city.particulars import by_periods
from kaoping.exact import read_yaml
from kaoping.faults import KaopingFault
from kaoping.plan import Does, EvidenceFile
from kaoping.playing import read_whole
from service_testing import trials

# Hashing a password costs a tenth of a second in life; a city has a hundred who enter.
CHEAP = {"ARGON2_MEMORY": "64", "ARGON2_PASSES": "1", "ARGON2_LANES": "1"}
CATEGORIES = {
    "COUNTY": 11, "PARK": 10, "GOV_COMP": 15, "GOV_DEPT": 30,
    "INST": 10, "VERTICAL": 18, "PARTY": 22, "LEGAL": 10,
}  # fmt: skip


@pytest.mark.prove
@pytest.mark.skipif(not trials(0, 1), reason="plays the year twice: `make prove`")
@pytest.mark.parametrize("asked", [["--category", "PARK"], []])
def test_every_category_that_is_asked_for_is_published(asked: list[str]) -> None:
    """One alone; and all eight, of whose county districts it is what was published elsewhere."""
    command = [sys.executable, "-c", "from kaoping.app import main; main()", "demo"]
    done = subprocess.run(
        [*command, *asked, "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **CHEAP},
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout, parse_float=str)
    categories = {unit["code"]: unit["category"] for unit in read_city(EXAMPLE).scheme["units"]}
    counts = Counter(categories[unit["unit"]] for unit in document["units"])
    assert counts == ({"PARK": 10} if asked else CATEGORIES)
    assert all(unit["rank"] for unit in document["units"])
    if not asked:
        expected = {u["unit"]: u for u in read_yaml(EXAMPLE / "county-year.yaml")["expected"]}
        found = {u["unit"]: u for u in document["units"] if u["unit"] in expected}
        assert len(found) == CATEGORIES["COUNTY"]
        for code, unit in expected.items():
            told = found[code]
            assert Decimal(told["final_total"]) == unit["final_total"]
            assert (told["rank"], told["grade"]) == (unit["rank"], unit["grade"])


def test_the_year_of_all_categories_has_what_is_told_of_one_and_a_part_is_a_part() -> None:
    plan = whole_plan(read_city(EXAMPLE))
    assert plan.categories == list(CATEGORIES)
    assert len({claim["claim_no"] for claim in plan.claims}) == len(plan.claims)
    parts = [of_categories(plan, [code]) for code in CATEGORIES]
    assert sum(len(part.claims) for part in parts) == len(plan.claims)
    entries = [sum(map(len, each.entries.values())) for each in (*parts, plan)]
    assert sum(entries[:-1]) == entries[-1] > 4000
    assert entries[0] == 649


def test_an_unknown_category_is_named_with_those_that_there_are() -> None:
    with pytest.raises(KaopingFault, match=r"NONE: .*COUNTY, PARK"):
        read_whole(EXAMPLE, ["NONE"])


def test_the_full_year_is_told_day_by_day_and_follows_from_its_seed():
    """Planted bugs: an entry that nobody posts; what is done to one that is not there yet."""
    city = read_city(EXAMPLE)
    plan = daily_plan(city)
    assert plan.categories == list(CATEGORIES)
    assert sum(map(len, plan.entries.values())) > 60_000
    assert len(plan.evidence) >= 2_000
    assert [act.day for act in plan.acts] == sorted(act.day for act in plan.acts)
    count = 0
    for act in plan.acts:
        assert all(number < count for number in act.about)
        count += len(act.entries) + len(act.about) * (act.does in (Does.RESTATE, Does.REVERSE))
        for entry in act.entries:
            assert plan.evidence.keys() >= {*entry.get("evidence_ids", ())}
    assert daily_plan(city, ["PARK"]) == daily_plan(city, ["PARK"])


WHOLE = {
    "last": lambda values: values[-1],
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
}


@pytest.mark.parametrize("frequency", ["monthly", "quarterly"])
@pytest.mark.parametrize("how", WHOLE)
def test_what_is_told_of_shorter_periods_comes_to_what_the_year_has(how, frequency):
    """But for a unit that is silent of one period, which none is where all are wanted. Planted
    bugs: the rest of a rounded part is lost; a unit is silent where all periods are wanted."""
    leaf = {"code": "P04", "frequency": frequency, "combine": how, "combine_requires": "all"}
    for n, value in enumerate(["100.00", "7", "0.03", "-2.5"]):
        told = {"kind": "measured_value", "key": "actual", "value": value}
        values = [Decimal(each["value"]) for each in by_periods(leaf, f"U{n}", told)]
        assert len(values) == {"monthly": 12, "quarterly": 4}[frequency]
        assert WHOLE[how](values) == Decimal(value)
    leaf["combine_requires"] = "any"
    number = [len([*by_periods(leaf, f"U{n}", told)]) for n in range(40)]
    assert {*number} == {len(values), len(values) - 1}


def test_only_generated_categories_have_what_no_file_tells_of():
    """The year of the county districts stays as its file has it. Planted bug: rules of their own
    for all categories."""
    city = read_city(EXAMPLE)
    assert not any("adjustments" in each for each in plan_of(city).scheme["categories"])
    plan = daily_plan(city)
    own = {each["code"] for each in plan.scheme["categories"] if "adjustments" in each}
    assert own == CATEGORIES.keys() - {"COUNTY"}
    told = {each["kind"] for entries in plan.entries.values() for each in entries}
    assert "inspection_finding" in told
    [park] = [each for each in plan.scheme["categories"] if each["code"] == "PARK"]
    part = of_categories(plan, ["PARK"])
    assert part.earlier.claims
    assert {claim["unit"] for claim in part.earlier.claims} <= {*park["units"]}
    assert whole_plan(city).earlier is None


@pytest.mark.parametrize("kind", ["jpg", "png", "pdf", "xlsx"])
def test_a_file_follows_from_its_number_and_each_number_has_its_own(kind):
    files = [EvidenceFile("a", kind, drawn) for drawn in range(6)]
    contents = [content_of(each) for each in files]
    assert contents == [content_of(each) for each in files]
    assert len(set(contents)) == len(contents)
    told = [b"Fictional" in each for each in contents]
    assert told == [has_place(each) for each in files]
    saved = {content_of(files[1]._replace(saving=n)) for n in range(3)}
    assert len(saved) == (3 if kind == "jpg" else 1)


def test_the_full_year_is_that_of_no_directory():
    with pytest.raises(KaopingFault, match="--whole is for the year that comes with it"):
        demo(EXAMPLE, whole=True)
