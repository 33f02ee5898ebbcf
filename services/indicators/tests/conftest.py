"""A small scheme that uses every method, and ways to spoil it."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from indicators.rules.draft import complete
from indicators.rules.scheme import Scheme

HERE = Path(__file__).parent
SMALL = json.loads((HERE / "small-scheme.json").read_text("utf-8"), parse_float=Decimal)
SCHEMES = TypeAdapter(Scheme)

Document = dict[str, Any]


def changed(changes: dict[str, object]) -> Document:
    """Return the small scheme's document with the value at each JSON pointer replaced.

    `...` takes the value away.
    """
    document = deepcopy(SMALL)
    for pointer, value in changes.items():
        *path, last = [int(s) if s.isdigit() else s for s in pointer.split("/")[1:]]
        holder: Any = document
        for step in path:
            holder = holder[step]
        if value is ...:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return document


@pytest.fixture(scope="session")
def schemes() -> TypeAdapter[Scheme]:
    """Give what turns JSON into a scheme and back."""
    return SCHEMES


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    """Give the small scheme as JSON, with changes by JSON pointer."""
    return lambda changes=None: changed(changes or {})


@pytest.fixture(scope="session")
def scheme() -> Callable[..., Scheme]:
    """Give the small scheme as it was sent, with changes by JSON pointer."""
    return lambda changes=None: SCHEMES.validate_python(changed(changes or {}))


@pytest.fixture(scope="session")
def stored(scheme: Callable[..., Scheme]) -> Callable[..., Scheme]:
    """Give the small scheme as it is stored, with changes by JSON pointer."""
    return lambda changes=None: complete(scheme(changes))
