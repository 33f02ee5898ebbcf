"""What an explanation says in English, in Chinese: beside the tree, which stays as it was kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from scoring.rules.methods.chinese import name_zh, rule_zh

Tree = Mapping[str, Any]

OWN_FORMULA = frozenset({"formula", "composite"})
"""The methods and steps whose formula is of the scheme's own making."""

_NAMED_HERE = frozenset({"component", "adjustment", "excess"})


def in_chinese(tree: Tree) -> dict[str, str]:
    """Return in Chinese the rules, the formulas and the names of steps and inputs of a tree, by
    what they are in English."""
    return {said: zh for said, zh in _told(tree, formula=False) if said != zh}


def _told(step: Tree, *, formula: bool) -> Iterator[tuple[str, str]]:
    # In a formula of the scheme its names are its own, whatever they mean elsewhere.
    formula = formula or step["method"] in OWN_FORMULA or step["name"] in OWN_FORMULA
    for said in (step["rule"], step["formula"]):
        if said is not None:
            yield said, rule_zh(said, formula=formula)
    if step["kind"] in _NAMED_HERE:
        yield step["name"], rule_zh(step["name"])
    for given in step["inputs"]:
        yield given["name"], name_zh(given["name"])
    for child in step["children"]:
        yield from _told(child, formula=formula)
