"""What was kept before a field existed is still read: an edition is explained years later."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import indicators.rules.compiled
import indicators.rules.scheme
import ranking.rules.scheme
import scoring.rules.scheme.document

KEPT = json.loads(Path(__file__).with_name("kept-scheme.json").read_text("utf-8"))
"""A complete scheme and its compiled form, as they were kept when the format was new; no field
that has come since is written into it."""

READERS = {
    "indicators": (indicators.rules.scheme.Scheme, KEPT["scheme"]),
    "indicators, compiled": (indicators.rules.compiled.CompiledScheme, KEPT["compiled"]),
    "scoring": (
        scoring.rules.scheme.document.Scheme,
        {**KEPT["scheme"], "compiled": KEPT["compiled"]},
    ),
    "ranking": (ranking.rules.scheme.Scheme, KEPT["scheme"]),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_scheme_that_was_kept_before_a_field_existed_is_read(reader: str) -> None:
    """Planted bug: a new field of the compiled form without a default."""
    kind, kept = READERS[reader]
    read: Any = TypeAdapter(kind).validate_python(kept)
    assert read is not None
