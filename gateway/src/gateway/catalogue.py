"""The words of the API document, in Chinese and English, as `words/` tells them.

They are read when the document is asked for the first time, not at a start. A word stands in one
place: what two files say of the same thing would be said differently some day.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import orjson
import yaml

from gateway.rules.wording import Words

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C is ten times as fast


@cache
def load() -> Words:
    """Return the words that are installed with the gateway."""
    home = files("gateway")
    return read(home / "words", orjson.loads((home / "examples.json").read_bytes()))


def read(folder: Traversable, recorded: Mapping[str, Any] = MappingProxyType({})) -> Words:
    """Return the words of a folder's files, and the examples that were recorded; raise `ValueError`
    where a section is unknown, or a word stands twice."""
    known: dict[str, Any] = {section: {} for section in Words.SECTIONS}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".yaml"):
            continue
        for section, words in yaml.load(file.read_text("utf-8"), _Strict).items():  # noqa: S506 - a safe one
            if section not in known:
                raise ValueError(f"{file.name}: there is no section {section}")
            if twice := known[section].keys() & words.keys():
                raise ValueError(f"{file.name}: {section} {sorted(twice)} stand in two files")
            known[section] |= words
    for name, example in recorded.items():
        told = known["examples"].setdefault(name, {})
        if twice := told.keys() & example.keys():
            raise ValueError(f"examples {name} {sorted(twice)} stand in two files")
        told |= example
    return Words(**known, asked=set())


class _Strict(_Loader):  # type: ignore[misc]
    """Refuses a key that stands twice in one mapping, of which YAML would take the last."""


def _mapping(loader: Any, node: Any) -> dict[str, Any]:  # noqa: ANN401 - yaml has no types
    pairs = loader.construct_pairs(node, deep=True)
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(f"a word stands twice, below {node.start_mark}")
    return made


_Strict.add_constructor("tag:yaml.org,2002:map", _mapping)
