"""What a unit reads of its own explanation before the release: its own part, and nobody else's.

Everything here is a list of what may be told. What is on none of them, such as a new method, a new
source of inputs or a new field, is left out until somebody puts it on one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scoring.rules.claims.checks import (
    ACCEPTED,
    CARRIED_FORWARD,
    CARRIED_OVER,
    CORRECTED,
    TAKEN_OUT,
)
from scoring.rules.claims.decisions import CAPPED, SUPERSEDED, UNCONFIRMED
from scoring.rules.explanation.steps import INDICATOR, PART, SHOWN_BLOCK, VETOED_BLOCK
from scoring.rules.sheet.outcomes import CARRIED_OVER as STOOD_IN
from scoring.rules.sheet.outcomes import NOT_APPLICABLE, SKIPPED, VOIDED, ZERO

Tree = Mapping[str, Any]
"""One step of an explanation with all below it, as it is stored."""

OWN_SOURCES = frozenset({"ledger", "target", "survey", "score", "scheme"})
"""Where inputs come from that are the unit's own; `GROUP` is not among them."""

OWN_POLICIES = frozenset({ZERO, SKIPPED, STOOD_IN, NOT_APPLICABLE, VOIDED})
"""What was done about missing data without looking at other units."""

OWN_VERDICTS = frozenset(
    {
        ACCEPTED,
        CARRIED_OVER,
        CARRIED_FORWARD,
        CORRECTED,
        TAKEN_OUT,
        CAPPED,
        SUPERSEDED,
        UNCONFIRMED,
        "withdrawn",
        "rejected_not_in_the_total",
        "rejected_no_document",
        "rejected_holder_mismatch",
        "rejected_authority",
        "rejected_unknown_rule",
        "rejected_unknown_place",
        "rejected_over_limit",
        "rejected_not_linked_to_indicator",
        "rejected_counted_before",
        "rejected_same_award",
        "rejected_out_of_window",
    }
)
"""The decisions on claims whose reasons name nothing but the claim and others of the unit."""

_SUMS = frozenset({"total", "block", SHOWN_BLOCK, "adjustment", "excess"})
_ALWAYS = ("kind", "code", "name", "points", "score", "method", "clause", "rule", "excess")

_UNTOLD = {
    "en": "It depends on other units as well; how is told after the release.",
    "zh": "与其他单位有关，结果公布后说明。",
}
_UNSETTLED = {
    "en": "There is no score yet; the reason depends on other units as well.",
    "zh": "尚无得分，原因与其他单位有关。",
}


def own_reading(tree: Tree) -> dict[str, Any]:
    """Return the tree without anything that rests on other units, but the unit's own scores."""
    kind = tree["kind"]
    if kind == PART:
        # What it takes besides the scores below is the scheme's, and the same for all.
        return _step(tree, **_way(tree), inputs=tree["inputs"], children=_below(tree))
    if kind == VETOED_BLOCK:
        return _step(tree, **_way(tree), reason=tree["reason"], children=_below(tree))
    if kind in _SUMS:
        return _step(tree, **_way(tree), children=_below(tree))
    if kind == "claim":
        known = tree["method"] in OWN_VERDICTS
        reason = tree["reason"] if known else dict(_UNTOLD)
        return _step(tree, claim_id=tree["claim_id"], reason=reason)
    if kind == INDICATOR:
        return _indicator(tree)
    raise ValueError(f"nothing says what a unit may read of a {kind}")


def rests_on_others(indicator: Tree) -> bool:
    """Say whether other units have a part in how an indicator was scored, or in why it was not.

    Its inputs say so: whatever rests on others has one that comes from them, also where the method
    itself tells of none; what the unit itself lacks is its own in any method.
    """
    return any(given["source"] not in OWN_SOURCES for given in indicator["inputs"])


def _indicator(tree: Tree) -> dict[str, Any]:
    inputs = [given for given in tree["inputs"] if given["source"] in OWN_SOURCES]
    told = {"inputs": inputs, "decisions": list(_decisions(tree["decisions"]))}
    if rests_on_others(tree):
        missing = [dict(_UNSETTLED)] if tree["missing"] else []
        below = [own_reading(child) for child in tree["children"] if child["kind"] == INDICATOR]
        return _step(tree, **told, missing=missing, children=below)
    return _step(tree, **told, **_way(tree), missing=tree["missing"], children=_below(tree))


def _decisions(decisions: Iterable[Tree]) -> Iterator[Tree]:
    for each in decisions:
        known = each["what"] in OWN_POLICIES
        yield each if known else {**each, "effect": None, **_UNTOLD}


def _below(tree: Tree) -> list[Any]:
    """Return what is below a step that is told whole; what it is made of (components) as well."""
    return [
        child if child["kind"] == "component" else own_reading(child) for child in tree["children"]
    ]


def _way(tree: Tree) -> dict[str, Any]:
    return {name: tree[name] for name in ("formula", "rounding")}


def _step(tree: Tree, **told: Any) -> dict[str, Any]:  # noqa: ANN401 - as it is stored
    nothing: dict[str, Any] = {
        **dict.fromkeys(("formula", "rounding", "claim_id", "reason")),
        **{name: [] for name in ("inputs", "missing", "decisions", "children")},
    }
    return {**{name: tree[name] for name in _ALWAYS}, **nothing, **told}
