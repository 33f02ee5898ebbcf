"""How numbers are written, and the one of several weights that is the rest."""

import re
from pathlib import Path

import pytest
import yaml

from indicators.rules.methods.catalogue import METHODS
from indicators.rules.methods.parameters import read, written
from indicators.rules.numbers import MOST_DIGITS, MOST_PLACES, plain
from indicators.rules.values import Number, Table

PAGE = Path(__file__).parents[3] / "docs/schemes.md"
SECTION = re.search(r"^## Numbers .*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S)
EXAMPLE = yaml.load(SECTION[1], yaml.BaseLoader)  # noqa: S506 - texts only


@pytest.mark.parametrize("example", EXAMPLE, ids=lambda each: "-".join(each["weights"].values()))
def test_the_examples_of_the_page_come_to_what_they_say(example):
    """Planted bugs: the last one is the rest; nothing is a weight; the word twice."""
    faults = []
    told = Table(Number(above=0), weights=True).read(example["weights"], "", faults)
    if "read" in example:
        assert {word: plain(value) for word, value in told.items()} == example["read"]
    assert {fault.pointer: fault.code for fault in faults} == example.get("refused", {})


def test_the_page_says_how_many_digits_there_may_be():
    assert f"| {MOST_DIGITS} | {MOST_PLACES}, trailing zeros" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0.1234567890", None),
        ("0.12345678901", "too-many-digits"),
        ("0.12345678900", None),
        (10**16, "too-many-digits"),
        ("1e3", "not-a-number"),
        (0.5, "not-a-number"),
        (True, "not-a-number"),
        ("１", "not-a-number"),
    ],
)
def test_a_number_that_is_refused_is_told_what_is_taken(raw, code):
    """Planted bug: too many decimals are called no number."""
    faults = []
    Number().read(raw, "/p", faults)
    assert [fault.code for fault in faults] == ([code] if code else [])
    for fault in faults:
        assert all(str(most) in fault.en and str(most) in fault.zh for most in (15, 10))


RATIO = {"direction": "higher"}
WEIGHED = [
    ("mean_children", {"kind": "arithmetic", "weights": {"A": "0.3", "B": "rest"}}, ["0.3", "0.7"]),
    (
        "periodic_weighted",
        {"periods": ["Q1", "Q2"], "weights": ["rest", "0.4"]},
        ["0.6", "0.4"],
    ),
    (
        "blend",
        {
            "components": [
                {"key": "a", "weight": "0.35", "method": "ratio_to_target", "params": RATIO},
                {"key": "b", "weight": "rest", "method": "ratio_to_target", "params": RATIO},
            ]
        },
        ["0.35", "0.65"],
    ),
]


@pytest.mark.parametrize(("method", "params", "weights"), WEIGHED, ids=[w[0] for w in WEIGHED])
def test_the_rest_is_stored_as_the_number_that_it_is(method, params, weights):
    faults = []
    found = written(read(METHODS[method], params, "", faults))
    assert faults == []
    told = found.get("weights") or {row["key"]: row["weight"] for row in found["components"]}
    assert [*(told.values() if isinstance(told, dict) else told)] == weights


def test_groups_of_a_survey_may_have_a_rest(stored):
    """Planted bug: the word is taken for no number before it is read."""
    groups = {"recipients": "0.6", "deputies": "rest"}
    scheme = stored({"/surveys/1/groups": groups})
    assert scheme.surveys[1].groups["deputies"] == 1 - scheme.surveys[1].groups["recipients"]
