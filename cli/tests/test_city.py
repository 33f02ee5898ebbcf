"""A city's two files and what becomes of them, for the example and for cities unlike it."""

import copy
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kaoping.city import (
    City,
    CityFault,
    claims,
    entries,
    read_city,
    scheme_document,
    targets,
    units,
    vetoes,
    waves,
)
from kaoping.city.files import read_files

EXAMPLE = Path(__file__).parents[2] / "examples/yunchuan-2025"


@pytest.fixture(scope="module")
def yunchuan() -> City:
    return read_city(EXAMPLE)


def small(method: str, params: dict[str, Any], values: Any, **more: Any) -> City:
    """A city of two units with one indicator and one year of it."""
    indicator = {
        "code": "K1",
        "name_zh": "指标",
        "points": 10,
        "method": method,
        "params": params,
        "data_source_unit": "统计局",
        "frequency": "yearly",
        **more,
    }
    scheme = {
        "meta": {"assessment_year": 2031},
        "organisers": [{"unit": "办公室"}],
        "units": [
            {"code": "U1", "name_zh": "甲县", "category": "TOWN"},
            {"code": "U2", "name_zh": "乙县", "category": "TOWN"},
        ],
        "indicators": {"TOWN": {"work": [indicator]}},
        "public_review": {},
        "vetoes": [],
    }
    inputs = {"order": ["U2", "U1"], "values": values}
    return City(scheme, {"category": "TOWN", "inputs": inputs})


def changed(key: str, **more: Any) -> City:
    """The example, free to be changed, with more in one part of its scheme."""
    city = read_files(EXAMPLE)
    city.scheme[key].update(more)
    return city


def posted(city: City) -> list[tuple[Any, ...]]:
    """Every entry without the fields that are the same in all of them."""
    return [
        tuple(value for name, value in entry.items() if name not in ("indicator", "kind"))
        for of_unit in entries(city).values()
        for entry in of_unit
    ]


def test_every_unit_and_every_other_named_body_is_registered(yunchuan: City) -> None:
    registered = units(yunchuan)
    assert Counter(unit["kind"] for unit in registered) == {"assessed": 126, "body": 8}
    assert len({unit["code"] for unit in registered}) == 134
    assert {u["name"]: u["code"] for u in registered}["市民调中心"] == "B001"


def test_every_category_sums_to_its_total(yunchuan: City) -> None:
    for category in scheme_document(yunchuan)["categories"]:
        points = [
            indicator["points"] for block in category["blocks"] for indicator in block["indicators"]
        ]
        # parks have no comprehensive block
        whole = 75 if category["code"] == "PARK" else 100
        assert sum(points) == category["total"] == whole


def test_every_survey_score_rests_on_a_survey_of_the_scheme(yunchuan: City) -> None:
    document = scheme_document(yunchuan)
    rests = {
        (category["code"], block["code"]): indicator["params"]["survey"]
        for category in document["categories"]
        for block in category["blocks"]
        for indicator in block["indicators"]
        if indicator["method"] == "survey_score"
    }
    assert set(rests.values()) == {survey["code"] for survey in document["surveys"]}
    assert rests["COUNTY", "public_review"] == "phone"
    assert rests["PARK", "public_review"] == "park_groups"
    assert rests["LEGAL", "function"] == "Z03"


def test_a_survey_says_which_answers_carry_a_score(yunchuan: City) -> None:
    phone, form, parks, special = scheme_document(yunchuan)["surveys"]
    for asked in (phone["questions"][0], phone["questions"][4], form, special):
        assert asked["options"]["fair"] == 60
        assert asked["unscored"] == ["dont_know"]
        assert "refused" not in asked["option_names"]
    assert (phone["waves"], phone["min_valid"], phone["groups"]) == (2, 400, {})
    assert form["groups"]["service_recipients"] == Decimal("0.4")
    assert parks["groups"]["enterprises_in_park"] == Decimal("0.7")
    assert form["attested_by"] == ["DQ02", "ZH01", "ZF01", "B007", "B008"]
    assert phone["attested_by"] == []


def test_one_of_five_questions_counts_and_four_are_only_reported(yunchuan: City) -> None:
    """Planted bugs: the questions of the phone survey for another one, or each of them counted."""
    phone, *others = scheme_document(yunchuan)["surveys"]
    assert [each["weight"] for each in phone["questions"]] == [1, 0, 0, 0, 0]
    assert "options" not in phone
    assert not any("questions" in each for each in others)
    told = [row["answers"] for wave in waves(yunchuan, "seed") for row in wave.rows[:150]]
    assert {each["OVERALL"] for each in told} == {"very_satisfied"}
    assert {each["SAFETY"] for each in told} == {"very_satisfied", "satisfied"}


def test_words_that_a_city_gives_no_score_are_unscored_and_never_an_option() -> None:
    asked = changed("public_review", options={"好": 100, "差": 0, "不清楚": None}, dont_know="")
    del asked.scheme["public_review"]["options_zh"]
    [*_, last] = scheme_document(asked)["surveys"][0]["questions"]
    assert last["options"] == {"好": 100, "差": 0}
    assert (last["unscored"], last["option_names"]) == (["不清楚"], {})


def test_a_call_that_broke_off_is_no_answer_by_either_name(yunchuan: City) -> None:
    words = ["partial_interview", "partial", "fair"]
    inputs = {**yunchuan.year["inputs"], "order": ["XQ01"], "survey_option_order": words}
    city = City(
        yunchuan.scheme, {**yunchuan.year, "inputs": {**inputs, "survey_waves": [[[1] * 3]]}}
    )
    [wave] = waves(city, "seed")
    told = [(row["outcome"], row.get("answers", {}).get("OVERALL")) for row in wave.rows]
    assert told == [("partial", None), ("partial", None), ("completed", "fair")]


def test_a_name_holds_on_the_day_of_any_document(yunchuan: City) -> None:
    """A window may open, and last year's awards be dated, before the assessment year begins."""
    assert {unit["valid_from"] for unit in units(yunchuan)} == {"1949-10-01"}


def test_what_a_scheme_does_not_have_it_need_not_name() -> None:
    bare = changed("rounding")
    for key in ("demotions", "vetoes", "veto_effect"):
        del bare.scheme[key]
    del next(i for i in bare.indicators("COUNTY") if i["code"] == "C10")["params"]
    document = scheme_document(bare)
    assert document["demotions"] == document["vetoes"]["items"] == []
    assert document["vetoes"]["grade_cap"] == "unqualified"


def test_places_by_points_are_those_of_the_scheme(yunchuan: City) -> None:
    """Planted bug: the rows left out, and every score rounded alike."""
    rows = [{"from_points": 10, "places": 0}]
    assert scheme_document(changed("rounding", by_points=rows))["rounding"]["by_points"] == rows
    assert scheme_document(yunchuan)["rounding"]["by_points"] == []


def test_numbers_of_the_scheme_stay_as_they_are_written(yunchuan: City) -> None:
    levels = scheme_document(yunchuan)["grades"]["levels"]
    assert str(levels[0]["rate"]) == "0.3"
    assert str(scheme_document(yunchuan)["adjustments"]["bonus"]["cap_total"]) == "5.0"


def test_a_deduction_without_points_of_its_own_is_no_rule_for_claims(yunchuan: City) -> None:
    rules = scheme_document(yunchuan)["adjustments"]["deductions"]["rules"]
    assert [rule["code"] for rule in rules] == [
        "DED01",
        "DED02",
        "DED03",
        "DED04",
        "DED06",
        "DED07",
    ]


def test_a_veto_is_reported_by_the_source_of_the_indicators_linked_to_it(yunchuan: City) -> None:
    assert vetoes(yunchuan) == [("XQ09", "V02", ["ZH11"])]
    items = scheme_document(yunchuan)["vetoes"]["items"]
    assert {item["code"]: item["responsible_units"] for item in items}["V06"] == []


def test_each_data_source_posts_its_own_indicators(yunchuan: City) -> None:
    posting = entries(yunchuan)
    assert {e["indicator"] for e in posting["ZH07"]} == {"C06", "C08"}
    assert {e["indicator"] for e in posting["DQ03"]} == {"C18B"}
    assert {e["indicator"] for e in posting["BM05"]} == {"C10A", "C10B"}
    assert sum(map(len, posting.values())) == 649


def test_each_call_is_one_row_with_a_token_that_cannot_be_a_number(yunchuan: City) -> None:
    first, second = waves(yunchuan, "seed")
    counts = yunchuan.year["inputs"]["survey_waves"]
    assert len(first.rows) + len(second.rows) == sum(sum(wave) for unit in counts for wave in unit)
    answers = Counter(
        (row["outcome"], row.get("answers", {}).get("OVERALL"))
        for row in first.rows
        if row["unit"] == "XQ01"
    )
    assert answers["completed", "very_satisfied"] == 150
    assert answers["completed", "dont_know"] == 22
    assert answers["refused", None] == 310
    tokens = [row["respondent_token"] for row in first.rows + second.rows]
    assert len(set(tokens)) == len(tokens)
    assert all(re.fullmatch(r"[a-p]{24}", token) for token in tokens)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(yunchuan: City) -> None:
    assert waves(yunchuan, "a") == waves(yunchuan, "a")
    assert waves(yunchuan, "a")[0].rows[0] != waves(yunchuan, "b")[0].rows[0]


def test_claims_go_without_the_results_expected_of_them(yunchuan: City) -> None:
    told = claims(yunchuan)
    assert [claim["claim_no"] for claim in told][:2] == ["B1", "B2"]
    assert not any("expect" in claim for claim in told)


@pytest.mark.parametrize(
    ("method", "params", "values", "expected"),
    [
        (
            "ratio_to_target",
            {},
            {"K1": {"target": [3, 4], "actual": [Decimal("2.5"), None]}},
            [("U2", "2031", "actual", Decimal("2.5"))],
        ),
        (
            "tiers",
            {"input": "pct"},
            {"K1": [7, 8]},
            [("U2", "2031", "pct", 7), ("U1", "2031", "pct", 8)],
        ),
        ("all_or_nothing", {}, {"K1": [7, None]}, [("U2", "2031", "value", 7)]),
        ("count_points", {}, {"K1": [7, None]}, [("U2", "2031", "count", 7)]),
        ("inherit_superior", {}, {"K1": [7, None]}, [("U2", "2031", "superior_loss", 7)]),
        (
            "rank_points",
            {"period": "half"},
            {"K1": {"h1": [1, 2], "h2": [3, None]}},
            [
                ("U2", "2031H1", "value", 1),
                ("U1", "2031H1", "value", 2),
                ("U2", "2031H2", "value", 3),
            ],
        ),
        ("rank_points", {}, {"K1": {"m03": [1, None]}}, [("U2", "2031-03", "value", 1)]),
        (
            "blend",
            {"components": [{"key": "size"}, {"key": "speed"}]},
            {"K1_size": [1, None], "K1_speed": [None, 2]},
            [("U2", "2031", "size", 1), ("U1", "2031", "speed", 2)],
        ),
        (
            "blend",
            {"components": [{"key": "size"}]},
            {"K1": {"size": [1, None]}},
            [("U2", "2031", "size", 1)],
        ),
        (
            "items_weighted",
            {},
            {"K1": {"targets": [5, 6], "actual": [[1, 2], None]}},
            [("U2", "2031", "actual", "1", 1), ("U2", "2031", "actual", "2", 2)],
        ),
        (
            "milestone",
            {},
            {"K1": [["done", "late"], None]},
            [("U2", "2031", "1", "done"), ("U2", "2031", "2", "late")],
        ),
        ("grade_map", {}, {"K1": ["甲", "乙"]}, [("U2", "2031", "甲"), ("U1", "2031", "乙")]),
        ("qualitative_panel", {}, {"K1": [[90], None]}, [("U2", "2031", "1", 90)]),
        (
            "deduct_events",
            {},
            {"K1": [{"fire": 2, "flood": 0}, {}]},
            [
                ("U2", "2031", "fire", 1),
                ("U2", "2031", "fire", 1),
                ("U1", "2031", "zero_report", 0),
            ],
        ),
        ("deduct_events", {}, {"K1": [{"fire": 0}, None]}, [("U2", "2031", "zero_report", 0)]),
    ],
)
def test_each_shape_of_values_becomes_entries(
    method: str, params: dict[str, Any], values: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert posted(small(method, params, values)) == expected


def test_children_are_told_in_a_row_of_their_parent_or_each_by_its_code() -> None:
    child = {
        "method": "grade_map",
        "params": {},
        "data_source_unit": "统计局",
        "frequency": "yearly",
    }
    children = [{**child, "code": "K1A"}, {**child, "code": "K1B", "data_source_unit": "办公室"}]
    rows = small("sum_children", {}, {"K1": [["A", "B"], ["C", "D"]]}, children=children)
    columns = small("sum_children", {}, {"K1A": ["A", "C"], "K1B": ["B", "D"]}, children=children)
    assert entries(rows) == entries(columns)
    assert [entry["word"] for entry in entries(rows)[rows.codes["办公室"]]] == ["B", "D"]


def test_targets_are_per_unit_and_item() -> None:
    shared = small("items_weighted", {}, {"K1": {"targets": [5, 6], "actual": [[1, 2], [1, 2]]}})
    listed = small(
        "items_weighted", {}, {"K1": {"targets": [[5, 6], [5, 6]], "actual": [[1], [2]]}}
    )
    assert targets(shared) == targets(listed)
    assert [(t["unit"], t["item"], t["target"]) for t in targets(shared)] == [
        ("U2", "1", 5),
        ("U2", "2", 6),
        ("U1", "1", 5),
        ("U1", "2", 6),
    ]
    grown = small("baseline_growth", {}, {"K1": {"baseline": [1, 2], "actual": [3, 4]}})
    assert [(t["unit"], t["target"], t["baseline"]) for t in targets(grown)] == [
        ("U2", None, 1),
        ("U1", None, 2),
    ]


def test_a_unit_that_reports_on_itself_posts_its_own_entries() -> None:
    own = small("tiers", {}, {"K1": [1, 2]}, data_source_unit="本单位申报/办公室审核")
    assert {unit: len(of_unit) for unit, of_unit in entries(own).items()} == {"U2": 1, "U1": 1}
    assert own.source("本单位申报/办公室审核").reviewed_by == own.codes["办公室"]
    other = small("tiers", {}, {"K1": [1, 2]}, data_source_unit="统计局/办公室审核")
    assert set(entries(other)) == {other.codes["统计局"]}


def test_codes_of_bodies_never_meet_codes_of_units() -> None:
    city = small("tiers", {}, {})
    meeting = copy.deepcopy(dict(city.scheme))
    meeting["units"][0]["code"] = "B001"
    bodies = City(meeting, city.year).bodies
    assert bodies == {"办公室": "BB001", "统计局": "BB002"}


def test_values_of_an_unknown_indicator_are_a_fault() -> None:
    with pytest.raises(CityFault, match="K9"):
        entries(small("tiers", {}, {"K9": [1, 2]}))


def test_a_unit_outside_the_category_is_a_fault(tmp_path: Path) -> None:
    year = (EXAMPLE / "county-year.yaml").read_text().replace("order: [XQ01,", "order: [YQ01,")
    (tmp_path / "county-year.yaml").write_text(year)
    (tmp_path / "scheme.yaml").write_text((EXAMPLE / "scheme.yaml").read_text())
    with pytest.raises(CityFault, match="YQ01 are no units of COUNTY"):
        read_city(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("county-year.yaml", "C05: [103.2, ", "C05: [", "C05: 10 values for 11 units"),
        ("county-year.yaml", "C05: [103.2, ", "C99: [103.2, ", "C99 belong to no indicator"),
        ("county-year.yaml", "unit: XQ05", "unit: XQ55", "claims: XQ55 are no units of the scheme"),
        ("county-year.yaml", "{XQ09: V02}", "{XX: V02}", "vetoes: XX are no units of the scheme"),
        ("county-year.yaml", "[150, 170, ", "[170, ", "XQ01 has 6 counts for 7 options"),
        ("county-year.yaml", "      - [120, 165, ", "    - - [120, 165, ", "12 rows for 11 units"),
        ("county-year.yaml", "    - - [118, 160, ", "      - [118, 160, ", "10 rows for 11 units"),
        ("scheme.yaml", "assessment_year:", "year:", "'assessment_year' is missing"),
        ("scheme.yaml", "\nunits:\n", "\nunits: 5\nunit:\n", "not in the form"),
        ("scheme.yaml", "collector: 市民调中心", "collector: [市民调中心]", "not in the form"),
    ],
)
def test_what_does_not_hold_together_is_told_before_anything_is_started(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    for name in ("scheme.yaml", "county-year.yaml"):
        text = (EXAMPLE / name).read_text()
        assert name != file or old in text
        (tmp_path / name).write_text(text.replace(old, new) if name == file else text)
    with pytest.raises(CityFault, match=told):
        read_city(tmp_path)


def test_codes_of_units_may_be_numbers(tmp_path: Path) -> None:
    for name in ("scheme.yaml", "county-year.yaml"):
        text = (EXAMPLE / name).read_text()
        (tmp_path / name).write_text(re.sub(r"XQ(\d\d)", r"4301\1", text))
    city = read_city(tmp_path)
    assert city.order[0] == units(city)[0]["code"] == claims(city)[2]["unit"] == "430101"
    assert vetoes(city)[0][0] == "430109"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CityFault, match=r"county-year\.yaml"):
        read_city(tmp_path)
