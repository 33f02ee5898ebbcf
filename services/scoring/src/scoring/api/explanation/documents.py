"""What an explanation looks like from outside."""

from typing import Annotated, get_args
from uuid import UUID

from chassis.wire import Exact, OneOf, Outgoing
from scoring.api.sheet.documents import PolicyDecision
from scoring.rules.claims.checks import ClaimDecision
from scoring.rules.explanation.steps import KINDS, PART_KINDS, SUM_OF_CHILDREN
from scoring.rules.methods.catalogue import METHODS
from scoring.rules.methods.cells import SOURCES
from scoring.rules.methods.of_children import MEAN_CHILDREN

PartKind = Annotated[str, OneOf(*PART_KINDS)]
"""The kind of a step that a total adds up."""


class ExplainedRounding(Outgoing):
    """A rounding, half up: the number before it, to how many places, and the number after."""

    exact: str
    places: int
    rounded: Exact


class ExplainedInput(Outgoing):
    """An input: `entries` are the ledger entries that it comes from. A target says its version,
    its state and who set it."""

    name: str
    value: str
    source: Annotated[str, OneOf(*SOURCES)]
    entries: list[UUID]
    version: int | None
    state: str | None
    set_by: str | None


class ExplainedReason(Outgoing):
    """A reason, in English and in Chinese."""

    en: str
    zh: str


class ExplainedNode(Outgoing):
    """One step of the way from a total down to the ledger.

    `score` is in points, but of the component `composite` the value that was compared. `rule` is
    the formula in words of the scheme, `formula` the same with the numbers put in, `clause` the
    sentence of the rule book. `decisions` say what was done where data were missing. A claim's
    `method` is the word of its decision.
    """

    kind: Annotated[str, OneOf(*KINDS)]
    code: str
    name: str
    points: Exact | None
    score: Exact | None
    method: (
        Annotated[str, OneOf(*METHODS, SUM_OF_CHILDREN, MEAN_CHILDREN, *get_args(ClaimDecision))]
        | None
    )
    clause: str | None
    rule: str | None
    formula: str | None
    rounding: ExplainedRounding | None
    excess: Exact
    inputs: list[ExplainedInput]
    missing: list[ExplainedReason]
    decisions: list[PolicyDecision]
    claim_id: UUID | None
    reason: ExplainedReason | None
    children: list["ExplainedNode"]
