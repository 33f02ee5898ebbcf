"""A step of an explanation, as it is grown: before it is kept, or told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from scoring.rules.columns.exact import show
from scoring.rules.columns.gaps import Reason
from scoring.rules.methods.cells import UsedInput
from scoring.rules.methods.narration import Rounding
from scoring.rules.sheet.outcomes import PolicyDecision

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the way from a total down to the ledger.

    `kind` is total, part (what a block comes to in a total that is more than a plain sum), block,
    shown_block (which counts for nothing in the total), vetoed_block (above one that a veto has
    count for nothing), indicator, component, adjustment, claim or
    excess. `score` is in points, null where something is missing;
    of the component `composite` it is the value that was compared, to as many places as are shown.
    `rule` is the formula in words, `formula` the same with the numbers put in, `rounding` the one
    rounding, if any, `clause` the rule book's own sentence. `decisions` say what was done where
    data were missing. A claim's `method` is the word of its decision, and `reason` what led to it.
    """

    kind: str
    code: str
    name: str
    points: Decimal | None
    score: Decimal | None
    method: str | None = None
    clause: str | None = None
    rule: str | None = None
    formula: str | None = None
    rounding: Rounding | None = None
    excess: Decimal = NOTHING
    inputs: tuple[UsedInput, ...] = ()
    missing: tuple[Reason, ...] = ()
    decisions: tuple[PolicyDecision, ...] = ()
    claim_id: UUID | None = None
    reason: Reason | None = None
    children: "tuple[Node, ...]" = ()

    def walk(self) -> "Iterator[Node]":
        """Yield the step and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def added(nodes: Iterable[Node]) -> str:
    """Return the formula that adds up the nodes' scores; `?` for one that is missing."""
    shown = ("?" if node.score is None else show(node.score) for node in nodes)
    return " + ".join(shown) or "0"
