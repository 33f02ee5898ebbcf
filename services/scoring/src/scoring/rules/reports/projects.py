"""How far a project (重点项目) is: by what the ledger says of the milestones that are its nodes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from scoring.rules.ledger.states import COUNTED

NodeState = Literal["reached", "not_reached", "handed_in", "overdue", "open"]
"""How a node stands: what was verified of it, else what waits, else whether its day is past."""

ProjectState = Literal["complete", "overdue", "under_way", "not_begun"]


class NodeEntry(NamedTuple):
    """What an entry says of a node: a status, or the day on which it was reached."""

    state: str
    word: str | None


def node_state(
    entries: Sequence[NodeEntry], due: date, today: date, ratios: Mapping[str, Decimal]
) -> NodeState:
    """Return how a node stands by the entries that count or wait, the latest last.

    A status that is worth nothing says that the node was not reached; `ratios` are what statuses
    are worth.
    """
    counting = [each for each in entries if each.state in COUNTED]
    if counting:
        word = counting[-1].word
        return "reached" if word is None or ratios.get(word, 0) > 0 else "not_reached"
    if entries:
        return "handed_in"
    return "overdue" if due < today else "open"


def project_state(nodes: Collection[NodeState], starts_on: date, today: date) -> ProjectState:
    """Return how a project stands by its nodes: it is complete when each is reached, and overdue
    while one is that should be."""
    found = set(nodes)
    if found <= {"reached"}:
        return "complete"
    if found & {"overdue", "not_reached"}:
        return "overdue"
    begun = today >= starts_on or found & {"reached", "handed_in"}
    return "under_way" if begun else "not_begun"
