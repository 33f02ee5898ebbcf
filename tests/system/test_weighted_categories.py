"""Two categories with weighted totals, from entries to the explanation and the list of both.

Every figure is computed a second way here, as fractions, from what was entered. Planted bugs: a
bonus added beside the part that it belongs into; the weight of a part that the park lacks lost;
marks counted as they were given; the bonus inside a vetoed part lost with it.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from tests.system.harness import Installation, in_one_process

from kaoping.people import OFFICES, People, Person
from kaoping.plan import COLLEAGUE, OFFICE

SOURCE, PARK_OFFICE = "B01", "B02"
COUNTIES, PARKS = ("X1", "X2", "X3"), ("P1", "P2")
UNITS = (*COUNTIES, *PARKS)
GRADES = {"A": Fraction(1), "B": Fraction(4, 5), "C": Fraction(3, 5)}
ACTUALS = {
    "X1": {"WORK": 95, "BUILD": 99, "VOICE": 88},
    "X2": {"WORK": 100, "BUILD": 90, "VOICE": 91},
    "X3": {"WORK": 77, "BUILD": 71, "VOICE": 93},
    "P1": {"WORK": 90, "BUILD": 85},
    "P2": {"WORK": 99, "BUILD": 98},
}
GIVEN = {"X1": "A", "X2": "A", "X3": "B", "P1": "B", "P2": "C"}
BONUS = {"X1": 5, "P2": 2}
POINTS = {"WORK": 500, "BUILD": 400, "TEAM": 100, "VOICE": 100}
RULES = {2: "国务院", 5: "党中央"}


def indicator(code, method, params):
    told = {"code": code, "name": code, "points": POINTS[code], "method": method}
    return told | {"params": params, "data_source_unit": SOURCE, "frequency": "yearly"}


TASK = [
    indicator("WORK", "ratio_to_target", {"direction": "higher"}),
    indicator("BUILD", "ratio_to_target", {"direction": "higher"}),
    indicator("TEAM", "grade_map", {"grades": {g: str(float(r)) for g, r in GRADES.items()}}),
]
VOICE = [indicator("VOICE", "ratio_to_target", {"direction": "higher"})]


def block(code, indicators):
    points = sum(each["points"] for each in indicators)
    return {"code": code, "name": code, "points": points, "indicators": indicators}


def category(code, organiser, units, *blocks):
    told = {"code": code, "name": code, "organiser": organiser, "units": list(units)}
    return told | {"total": 100, "blocks": list(blocks)}


SCHEME = {
    "title": "加权",
    "code": "WEIGHED-2025",
    "assessment_year": 2025,
    "rounding": {"places": 2},
    "ledger": {"zero_report_required": False},
    "calendar": [{"step": "target_revision_deadline", "name": "目标", "date": "2199-12-31"}],
    "surveys": [],
    "categories": [
        category("COUNTY", SOURCE, COUNTIES, block("task", TASK), block("review", VOICE)),
        category("PARK", PARK_OFFICE, PARKS, block("task", TASK)),
    ],
    "composition": {
        "parts": ["task", "review"],
        "bonus": True,
        "deductions": True,
        "by_part": [
            {"block": "task", "scale": 1000, "points": 100, "weight": "0.6", "cap": 100},
            {"block": "review", "weight": "0.4"},
        ],
        "adjustment": {"into": "task"},
        "lacking": "scaled_up",
    },
    "adjustments": {
        "window": {"opens": "2025-01-01", "closes": "2025-12-31"},
        "carry_over": "once",
        "bonus": {
            "rules": [
                {"code": f"B{points}", "level": "national", "points": points, "authorities": [who]}
                for points, who in RULES.items()
            ],
            "same_event": "highest",
            "requires": ["document"],
        },
        "deductions": {"rules": [], "same_event": "highest"},
    },
    "vetoes": {
        "grade_cap": "good", "limit": 2,
        "items": [{"code": "V1", "name": "数据造假", "scope": "block", "block": "task"}],
    },
    "demotions": [],
    "grades": {
        "order": ["good", "poor"],
        "names": {},
        "levels": [{"grade": "good", "rate": "0.5", "rounding": "floor", "min_score": 10}],
        "unqualified_below": 10,
        "vacancy": "backfill",
    },
    "ranking": {"tie_break": [], "ties": "same_rank_skip"},
    "normalisation": {
        "method": "second_mean", "by": "organiser", "of": ["TEAM"], "clamp": ["0.9", "1.1"],
        "smallest_group": 2,
    },
    "cross_category_lists": [
        {
            "code": "BOTH", "name": "综合名单", "use": "分配先进名额",
            "categories": ["COUNTY", "PARK"], "ties": "same_rank_skip",
        }
    ],
}  # fmt: skip


def half_up(number):
    """Round to two places."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected():
    """What every figure is, from what was entered: indicators, blocks, bases and totals."""
    marks = {unit: 100 * GRADES[grade] for unit, grade in GIVEN.items()}
    means = [sum(marks[u] for u in group) / len(group) for group in (COUNTIES, PARKS)]
    common = sum(means) / 2
    found = {}
    for unit in UNITS:
        mean = means[unit in PARKS]
        coefficient = min(max(common / mean, Fraction(9, 10)), Fraction(11, 10))
        scores = {
            code: Fraction(half_up(Fraction(POINTS[code] * actual, 100)))
            for code, actual in ACTUALS[unit].items()
        }
        scores["TEAM"] = Fraction(half_up(min(marks[unit] * coefficient, Fraction(100))))
        task = scores["WORK"] + scores["BUILD"] + scores["TEAM"]
        weight = Fraction(1) if unit in PARKS else Fraction(3, 5)
        review = Fraction(0) if unit in PARKS else scores["VOICE"] * Fraction(2, 5)
        inside = min(task / 10 + BONUS.get(unit, 0), Fraction(100))
        found[unit] = {
            "scores": {code: half_up(score) for code, score in scores.items()},
            "task": half_up(task),
            "base": half_up(min(task / 10, Fraction(100)) * weight + review),
            "total": half_up(inside * weight + review),
            "coefficient": coefficient,
        }
    return found


EXPECTED = expected()


def places(units):
    totals = {unit: EXPECTED[unit]["total"] for unit in units}
    return {u: 1 + sum(other > each for other in totals.values()) for u, each in totals.items()}


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
    ):
        told = [Person(SOURCE.lower(), SOURCE, ("data_source_unit",), SOURCE)]
        told += [Person(u.lower(), u, ("assessed_unit",), u) for u in BONUS]
        told += [
            Person(who, zh, (role,), None)
            for who, (zh, role) in OFFICES.items()
            if who in (OFFICE, COLLEAGUE)
        ]
        people.invite(told)
        yield people


@pytest.fixture(scope="module")
def path(people):
    """Where the cycle is: entered, verified, claimed, sealed."""
    office, colleague, source = people[OFFICE], people[COLLEAGUE], people[SOURCE]
    kinds = dict.fromkeys(UNITS, "assessed") | {SOURCE: "body", PARK_OFFICE: "body"}
    office.post(
        "/units",
        {
            "units": [
                {"code": u, "name": u, "kind": k, "uscc": None, "valid_from": "2018-01-01"}
                for u, k in kinds.items()
            ]
        },
    )
    cycle = {"name": "加权", "jurisdiction": "439900", "assessment_year": 2025}
    path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    version = office.post(f"{path}/scheme-versions", {"scheme": SCHEME})["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    targets = [
        {"unit": unit, "indicator": code, "item": None, "target": "100", "baseline": None}
        | {"pledge": None}
        for unit, actuals in ACTUALS.items()
        for code in actuals
    ]
    office.post(f"{path}/targets", {"targets": targets, "reason": None})
    entries = [
        {"unit": unit, "indicator": code, "kind": "measured_value", "key": "actual"}
        | {"value": str(actual)}
        for unit, actuals in ACTUALS.items()
        for code, actual in actuals.items()
    ]
    entries += [
        {"unit": unit, "indicator": "TEAM", "kind": "grade", "word": grade}
        for unit, grade in GIVEN.items()
    ]
    source.post(f"{path}/ledger-entries", {"entries": entries, "state": "submitted"})
    colleague.post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    claims = [
        {
            "claim_no": f"{unit}-1", "unit": unit, "kind": "bonus", "level": "national",
            "authority": RULES[points], "holder_name": unit,
            "document_no": f"国发〔2025〕{points}号", "document_date": "2025-05-06",
            "event_key": unit,
        }
        for unit, points in BONUS.items()
    ]  # fmt: skip
    for claim in claims:
        people[claim["unit"]].post(f"{path}/claims", {"claims": [claim]})
    confirm(office, colleague, path)
    office.post(f"{path}/ledger/seal")
    return path


def confirm(office, colleague, path):
    """Confirm every claim; nothing counted in earlier years."""
    decisions = [
        {"claim_id": claim["claim_id"], "decision": "confirmed"}
        for claim in office.pages(f"{path}/claims")
    ]
    colleague.post(f"{path}/claims/confirmation", {"decisions": decisions})


@pytest.fixture(scope="module")
def sheet(people, path):
    edition = people[OFFICE].post(f"{path}/score-sheets", {"categories": None})["edition"]
    return people[OFFICE].get(f"{path}/score-sheets/{edition}")


@pytest.fixture(scope="module")
def rankings(people, path, sheet):
    """The ranking of each category."""
    return {
        code: people[OFFICE].post(
            f"{path}/rankings", {"category": code, "score_sheet_edition": sheet["edition"]}
        )["ranking"]
        for code in ("COUNTY", "PARK")
    }


def walk(indicators):
    for each in indicators:
        yield each
        yield from walk(each.get("children", ()))


def test_the_expectation_says_something():
    """A test of the test: the cap cuts, the bonus is weighed, coefficients move marks."""
    assert EXPECTED["X1"]["total"] - EXPECTED["X1"]["base"] < BONUS["X1"]
    assert {EXPECTED[u]["coefficient"] for u in UNITS} != {Fraction(1)}
    assert places(COUNTIES) != {u: p for u, p in places(UNITS).items() if u in COUNTIES}


def test_every_figure_of_the_sheet(sheet):
    for unit in sheet["units"]:
        right = EXPECTED[unit["unit"]]
        scores = {e["indicator"]: Decimal(e["score"]) for e in walk(unit["indicator_scores"])}
        assert scores == right["scores"], unit["unit"]
        assert Decimal(unit["blocks"]["task"]) == right["task"]
        assert Decimal(unit["base_total"]) == right["base"], unit["unit"]
        assert Decimal(unit["adjustment"]) == BONUS.get(unit["unit"], 0)
        assert Decimal(unit["total"]) == right["total"], unit["unit"]


def test_every_place_and_total_of_the_rankings(rankings):
    for code, units in (("COUNTY", COUNTIES), ("PARK", PARKS)):
        told = rankings[code]["units"]
        assert {e["unit"]: e["rank"] for e in told} == places(units)
        assert all(Decimal(e["final_total"]) == EXPECTED[e["unit"]]["total"] for e in told)


def test_the_explanation_adds_up(people, path, sheet):
    """Its root is the total of the ranking, and what stands below it are the figures again."""
    at = f"{path}/score-sheets/{sheet['edition']}/units"
    for unit in UNITS:
        tree = people[OFFICE].get(f"{at}/{unit}/explanation")["tree"]
        said = str(tree)
        right = EXPECTED[unit]
        assert Decimal(tree["score"]) == right["total"]
        for figure in (*right["scores"].values(), right["task"]):
            assert f"{figure.normalize():f}" in said, (unit, figure)


def test_the_list_of_both_is_one_order(people, path, rankings):
    told = people[OFFICE].get(f"{path}/cross-category-lists/BOTH")
    assert {each["unit"]: each["place"] for each in told["units"]} == places(UNITS)
    coefficients = {e["category"]: Decimal(e["coefficient"]) for e in told["groups"]}
    for category, unit in (("COUNTY", "X1"), ("PARK", "P1")):
        exact = EXPECTED[unit]["coefficient"]
        shown = Decimal(exact.numerator) / Decimal(exact.denominator)
        assert coefficients[category] == shown.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert [e["digest"] for e in told["rankings"]] == [e["digest"] for e in rankings.values()]


def test_a_vetoed_part_counts_nothing_from_the_ranking_to_the_explanation(people, path, sheet):
    """The bonus inside of it counts as ever, by its weight; the park has no other part."""
    office, colleague = people[OFFICE], people[COLLEAGUE]
    for unit in BONUS:
        told = {"unit": unit, "code": "V1", "document_no": unit, "decided_on": "2026-01-05"}
        number = office.post(f"{path}/vetoes", told)["veto"]["number"]
        said = {"of": "report", "decision": "confirm"}
        colleague.post(f"{path}/vetoes/{number}/confirmation", said)
    voice = EXPECTED["X1"]["scores"]["VOICE"]
    right = {"X1": half_up(Fraction(5) * 3 / 5 + Fraction(voice) * 2 / 5), "P2": Decimal(2)}
    for category, unit in (("COUNTY", "X1"), ("PARK", "P2")):
        asked = {"category": category, "score_sheet_edition": sheet["edition"]}
        ranking = office.post(f"{path}/rankings", asked)["ranking"]
        lines = {each["unit"]: each for each in ranking["units"]}
        assert Decimal(lines[unit]["final_total"]) == right[unit]
        assert Decimal(lines[unit]["blocks"]["task"]) == 0
        assert lines[unit]["rank"] == len(lines)
        assert "block_vetoed" in [each["code"] for each in lines[unit]["reasons"]]
        at = f"{path}/score-sheets/{sheet['edition']}/units/{unit}/explanation"
        tree = office.get(at, vetoed="task")["tree"]
        assert Decimal(tree["score"]) == right[unit]
        [part] = [each for each in tree["children"] if each["code"] == "task"]
        assert part["children"][0]["kind"] == "vetoed_block"
        [block] = part["children"][0]["children"]
        assert Decimal(block["score"]) == EXPECTED[unit]["task"]
    both = office.get(f"{path}/cross-category-lists/BOTH")["units"]
    totals = {each["unit"]: Decimal(each["final_total"]) for each in both}
    assert {unit: totals[unit] for unit in right} == right
