"""An explanation as it is kept and told: plain JSON with numbers as texts."""

from typing import Any

from scoring.rules.columns.gaps import Reason
from scoring.rules.explanation.nodes import Node
from scoring.rules.methods.cells import UsedInput
from scoring.rules.methods.narration import Rounding
from scoring.rules.sheet.record import text_of, written_decision

Plain = dict[str, Any]


def written_tree(node: Node) -> Plain:
    """Return the tree below a step; equal trees are equal JSON."""
    return {
        "kind": node.kind,
        "code": node.code,
        "name": node.name,
        "points": text_of(node.points),
        "score": text_of(node.score),
        "method": node.method,
        "clause": node.clause,
        "rule": node.rule,
        "formula": node.formula,
        "rounding": None if node.rounding is None else _rounding(node.rounding),
        "excess": text_of(node.excess),
        "inputs": [_used(each) for each in node.inputs],
        "missing": [_reason(each) for each in node.missing],
        "decisions": [written_decision(each) for each in node.decisions],
        "claim_id": None if node.claim_id is None else str(node.claim_id),
        "reason": None if node.reason is None else _reason(node.reason),
        "children": [written_tree(child) for child in node.children],
    }


def _rounding(rounding: Rounding) -> Plain:
    return {
        "exact": rounding.exact,
        "places": rounding.places,
        "rounded": text_of(rounding.rounded),
    }


def _used(used: UsedInput) -> Plain:
    return {
        "name": used.name,
        "value": used.value,
        "source": used.source,
        "entries": [str(entry) for entry in used.entries],
        "version": used.version,
        "state": used.state,
        "set_by": used.set_by,
    }


def _reason(reason: Reason) -> Plain:
    return {"en": reason.en, "zh": reason.zh}
