"""The way from a total down to the ledger, as a tree (得分说明)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from scoring.rules.exact import show
from scoring.rules.gaps import Reason
from scoring.rules.inputs import Used
from scoring.rules.methods.scored import Rounding

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MissingScore:
    """An indicator that has no score, and why, in English and in Chinese."""

    indicator: str
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the way from a total down to the ledger.

    `kind` is total, block, indicator, component, adjustment, claim or excess. `score` is in
    points, null where something is missing. `rule` is the formula in words, `formula` the same
    with the numbers put in, `rounding` the one rounding, if any. A claim's `method` is the word
    of its decision, and `reason` what led to it.
    """

    kind: str
    code: str
    name: str
    points: Decimal | None
    score: Decimal | None
    method: str | None = None
    rule: str | None = None
    formula: str | None = None
    rounding: Rounding | None = None
    excess: Decimal = NOTHING
    inputs: tuple[Used, ...] = ()
    missing: tuple[Reason, ...] = ()
    claim_id: UUID | None = None
    reason: Reason | None = None
    children: "tuple[Node, ...]" = ()

    def gaps(self) -> list[MissingScore]:
        """Return what is missing here and below, indicator by indicator."""
        own = [MissingScore(self.code, reason.en, reason.zh) for reason in self.missing]
        return own + [gap for child in self.children for gap in child.gaps()]

    def all_excess(self) -> Decimal:
        """Return the points lost beyond the indicators' own, here and below."""
        return sum((child.all_excess() for child in self.children), self.excess)


def summed(scores: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of scores, or None where one of them is missing."""
    total = NOTHING
    for each in scores:
        if each is None:
            return None
        total += each
    return total


def added(nodes: Iterable[Node]) -> str:
    """Return the formula that adds up the nodes' scores; `?` for one that is missing."""
    shown = ("?" if node.score is None else show(node.score) for node in nodes)
    return " + ".join(shown) or "0"
