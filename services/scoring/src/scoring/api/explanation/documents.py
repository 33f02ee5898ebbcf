"""What an explanation looks like from outside."""

from uuid import UUID

from chassis.wire import Exact, Outgoing
from scoring.api.sheet.documents import PolicyDecision


class ExplainedRounding(Outgoing):
    """A rounding, half up: the number before it, to how many places, and the number after."""

    exact: str
    places: int
    rounded: Exact


class ExplainedInput(Outgoing):
    """An input: `source` is ledger, target, group, survey, score or scheme; `entries` the ledger
    entries. A target says its version, its state and who set it."""

    name: str
    value: str
    source: str
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

    `kind` is total, block, shown_block (which counts for nothing in the total), indicator,
    component, adjustment, claim or excess; `score` is in points, but of the component `composite`
    the value that was compared. `rule` is the formula in words of the scheme, `formula` the same
    with the numbers put in, `clause` the sentence of the rule book. `decisions` say what was done
    where data were missing. A claim's `method` is the word of its decision.
    """

    kind: str
    code: str
    name: str
    points: Exact | None
    score: Exact | None
    method: str | None
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
