"""The reference city: its scheme, its county year and its small vectors, as plain values."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

REFERENCE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"


def _exact(value: Any) -> Any:
    """Turn every float of a YAML document into the decimal that stands in it."""
    if isinstance(value, dict):
        return {key: _exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = _exact(
        yaml.load((REFERENCE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
    )
    return loaded


@pytest.fixture(scope="session")
def reference_scheme() -> dict[str, Any]:
    """Give the reference city's scheme."""
    return _load("scheme.yaml")


@pytest.fixture(scope="session")
def county_year() -> dict[str, Any]:
    """Give the counties' year: inputs, claims, vetoes and the expected results."""
    return _load("county-year.yaml")


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Give the small cases with exact answers."""
    return _load("vectors.yaml")
