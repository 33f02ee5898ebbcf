"""Documents with another system's codes beside ours, held against the documents without."""

from collections.abc import Mapping
from typing import Any

JSON = Any
BESIDE = "_in_scheme"


def with_codes(plain: JSON, fields: Mapping[str, Mapping[str, str]], *, inside: str = "") -> JSON:
    """Return a document as it is expected: beside each field its code there, null where it has
    none; in the `params` of a sentence nothing is told."""
    if isinstance(plain, list):
        return [with_codes(each, fields, inside=inside) for each in plain]
    if not isinstance(plain, dict) or inside == "params":
        return plain
    found = {name: with_codes(each, fields, inside=name) for name, each in plain.items()}
    told = {
        name + BESIDE: fields[name].get(plain[name])
        for name in fields
        if name in plain and isinstance(plain[name], str | None)
    }
    return found | told


def count_codes(document: JSON) -> int:
    """Return beside how many fields of a document another code stands."""
    if isinstance(document, list):
        return sum(map(count_codes, document))
    if not isinstance(document, dict):
        return 0
    own: int = sum(name.endswith(BESIDE) and value is not None for name, value in document.items())
    return own + sum(map(count_codes, document.values()))
