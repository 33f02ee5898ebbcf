"""`kaoping demo` of a city that has nothing in common with the example but the form."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaoping.exact import read_yaml

EXAMPLE = Path(__file__).parents[2] / "examples/yunchuan-2025"
FILES = ("scheme.yaml", "county-year.yaml")
RENAMED = {"COUNTY": "XIAN", "XQ": "LX", "市民调中心": "第三方公司", "2025": "2024"}
BLOCKS = {"function": "duty", "public_review": "opinion", "comprehensive": "general"}
UNITS = 11
# Hashing a password costs 64 MiB and a tenth of a second in life; a year has forty of them.
CHEAP = {"ARGON2_MEMORY": "64", "ARGON2_PASSES": "1", "ARGON2_LANES": "1"}


class Dumper(yaml.SafeDumper):
    """Writes decimals as they are."""


Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value))
)


def write_other_city(directory: Path) -> None:
    """Write the example with other codes, names, blocks, methods, options, waves and vetoes."""
    for name in FILES:
        text = (EXAMPLE / name).read_text()
        for old, new in RENAMED.items():
            text = text.replace(old, new)
        (directory / name).write_text(text)
    scheme, year = (read_yaml(directory / name) for name in FILES)
    change_scheme(scheme)
    change_methods(
        {i["code"]: i for block in scheme["indicators"]["XIAN"].values() for i in block},
        year["inputs"]["values"],
    )
    change_survey(scheme["public_review"], year["inputs"])
    year["vetoes"] = {"LX02": "V06"}  # linked to no indicator: the performance office reports it
    year["claims"] = [claim for claim in year["claims"] if claim["kind"] == "deduction"]
    del year["expected"]
    for name, content in zip(FILES, (scheme, year), strict=True):
        (directory / name).write_text(yaml.dump(content, Dumper=Dumper, allow_unicode=True))


def change_scheme(scheme: dict[str, Any]) -> None:
    for unit in scheme["units"]:
        unit["name_zh"] = f"新{unit['name_zh']}" if unit["category"] == "XIAN" else unit["name_zh"]
    for category in scheme["categories"]:
        points = category["points"].items()
        category["points"] = {BLOCKS.get(block, block): value for block, value in points}
    for category, blocks in scheme["indicators"].items():
        scheme["indicators"][category] = {BLOCKS[block]: told for block, told in blocks.items()}
    scheme["composition"]["formula"] = "total = duty + opinion + general + bonus - deductions"
    scheme["ranking"] = {"tie_break": ["opinion"], "then": "dense"}
    scheme["rounding"]["leaf_score_places"] = 2


def change_methods(indicators: dict[str, Any], values: dict[str, Any]) -> None:
    indicators["C01"].update(method="count_points", params={"full_at": 6, "per_item": 1})
    values["C01"] = [4] * UNITS
    indicators["C05"].update(method="relative_to_best", params={})
    values["C05"] = [50] * (UNITS - 1) + [100]
    indicators["C12"]["params"] = {"panel_size": 2, "scale": 10, "trim": 0}
    values["C12"] = [[7, 8]] * UNITS
    indicators["C14"]["params"] = {"grades": {"好": 1, "差": Decimal("0.25")}}
    values["C14"] = ["差"] * UNITS
    indicators["C20"].update(
        method="inherit_superior",
        params={"scale": Decimal("0.1"), "multiplier": 2, "excess_to": "deductions"},
        data_source_unit="本单位申报/市委组织部审核",
    )
    values["C20"] = [Decimal("2.5")] * UNITS


def change_survey(review: dict[str, Any], inputs: dict[str, Any]) -> None:
    review["options"] = {"满意": 100, "一般": Decimal("62.5"), "不满意": 0}
    review["options_zh"] = {word: word for word in ("满意", "一般", "不满意", "说不清", "refused")}
    del review["dont_know"]
    review["phone"].update(waves=3, valid_sample_per_unit_per_wave=10, satisfied=["满意"])
    inputs["survey_option_order"] = ["refused", "不满意", "一般", "满意", "说不清"]
    inputs["survey_waves"] = [[[5, 2, 4, 14, 3], [0, 0, 8, 8, 9], [7, 5, 0, 15, 0]]] * UNITS


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """One run of the command, in its own temporary directory."""
    city, scratch = tmp_path_factory.mktemp("city"), tmp_path_factory.mktemp("scratch")
    write_other_city(city)
    command = [sys.executable, "-c", "from kaoping.app import main; main()"]
    done = subprocess.run(
        [*command, "demo", str(city), "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={"TMPDIR": str(scratch), "PATH": "/usr/bin:/bin", **CHEAP},
    )
    assert done.returncode == 0, done.stderr
    assert list(scratch.iterdir()) == []
    return done


@pytest.fixture(scope="module")
def document(demo: subprocess.CompletedProcess[str]) -> Any:
    """Standard output, with every number as it is written."""
    return json.loads(demo.stdout, parse_float=str, parse_int=str)


def test_every_unit_is_ranked_without_a_gap(document: Any) -> None:
    assert {unit["unit"] for unit in document["units"]} == {f"LX{n:02}" for n in range(1, 12)}
    assert {unit["name_zh"][0] for unit in document["units"]} == {"新"}
    assert None not in [
        score for u in document["units"] for score in u["indicator_scores"].values()
    ]


def test_blocks_come_out_under_their_own_codes(document: Any) -> None:
    for unit in document["units"]:
        parts = [Decimal(unit[block]) for block in BLOCKS.values()]
        assert sum(parts) == Decimal(unit["base_total"])
        assert "function" not in unit


def test_scores_follow_the_methods_of_this_city(document: Any) -> None:
    scores = {unit["unit"]: unit["indicator_scores"] for unit in document["units"]}
    assert scores["LX01"]["C01"] == "4.00"  # 4 of 6 counted, a point each
    assert scores["LX01"]["C05"] == "2.00"  # half of the best, of 4 points
    assert scores["LX11"]["C05"] == "4.00"
    assert scores["LX01"]["C12"] == "3.00"  # (7 + 8) / 20 of 4 points
    assert scores["LX01"]["C14"] == "1.50"  # a quarter of 6
    assert scores["LX01"]["C20"] == "2.50"  # 2.5 × 0.1 × 2 lost of 3


def test_waves_are_as_many_as_the_year_has(document: Any) -> None:
    unit = document["units"][0]
    # Of so few answers single waves are not told: with their mean they tell one another.
    assert unit["wave_scores"] == [None, None, None]
    assert unit["satisfaction"] == "79.58"


def test_a_veto_without_a_responsible_body_is_reported_by_the_office(document: Any) -> None:
    reasons = {unit["unit"]: unit["reasons"] for unit in document["units"]}
    assert "capped by veto V06" in reasons["LX02"]


def test_claims_and_seconds_are_told(document: Any) -> None:
    assert [claim["id"] for claim in document["claims"]] == ["X1", "X2"]
    assert {"start", "ledger", "survey", "score sheet", "ranking"} <= set(document["seconds"])


def test_progress_is_shown_on_standard_error(demo: subprocess.CompletedProcess[str]) -> None:
    assert "verification" in demo.stderr
    assert demo.stdout.startswith("{")
