"""Decimals on their way through documents."""

from decimal import Decimal
from pathlib import Path

import pytest

from kaoping.exact import read_json, read_yaml, write_json
from kaoping.faults import KaopingFault


def test_yaml_decimals_keep_every_digit_and_dates_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("{a: 0.10, b: 35.640, c: 7, d: 2025-01-01, e: '0.5', f: 1_000.5}")
    assert read_yaml(file) == {
        "a": Decimal("0.10"),
        "b": Decimal("35.640"),
        "c": 7,
        "d": "2025-01-01",
        "e": "0.5",
        "f": Decimal("1000.5"),
    }
    assert str(read_yaml(file)["a"]) == "0.10"


def test_what_is_not_yaml_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1, 2")
    with pytest.raises(KaopingFault, match=r"(?s)a\.yaml is not YAML.*line 1"):
        read_yaml(tmp_path / "a.yaml")


@pytest.mark.parametrize("text", [".nan", "-.inf", "1:30.5"])
def test_a_number_that_is_no_decimal_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(f"a: 1\nb: [2.5, {text}]")
    with pytest.raises(KaopingFault, match=rf"(?s){text} is no decimal.*line 2"):
        read_yaml(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("6.0000"), "6.0000"),
        (Decimal("1E+2"), "100"),
        ({"县": [Decimal("0.1"), None, True, 3]}, '{"县": [0.1, null, true, 3]}'),
        ([], "[]"),
        ({1: "a\n"}, '{"1": "a\\n"}'),
    ],
)
def test_json_is_written_digit_for_digit(value: object, text: str) -> None:
    assert write_json(value) == text


def test_json_that_is_written_is_read_back_alike() -> None:
    value = {"a": [{"score": Decimal("79.4393"), "n": n} for n in range(40)], "b": {}}
    assert read_json(write_json(value)) == value
    assert read_json(write_json(value, "  ")) == value
    assert str(read_json(write_json(value))["a"][0]["score"]) == "79.4393"


def test_a_float_that_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(float("nan"))


@pytest.mark.parametrize(
    ("text", "told"),
    [("a: 1\na: 2\n", "a stands there twice"), ("? [a, b]\n: 1\n", "unhashable key")],
)
def test_a_key_that_stands_twice_or_is_no_name_is_told(
    tmp_path: Path, text: str, told: str
) -> None:
    """Planted bugs: the last of two values counts; a list as a key ends in a traceback."""
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(KaopingFault, match=told):
        read_yaml(tmp_path / "x.yaml")
