"""Explanations (得分说明): how one unit's total came about, down to each ledger entry."""

from uuid import UUID

import orjson
from fastapi import Request, Response

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.service import document
from chassis.wire import Exact, Outgoing
from scoring.api.readers import abstaining
from scoring.api.sheet_documents import PolicyDecision
from scoring.api.trees import trees_of
from scoring.queries import Edition, NoSuchScoreSheet, find_sheet, phase_of_sheet
from scoring.rules.abstention import ReadAfterRelease
from scoring.rules.explanation import Node

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class NoSuchExplanation(Missing):
    """The edition has no such unit."""

    zh = "该版得分表中没有这个单位。"


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

    `kind` is total, block, indicator, component, adjustment, claim or excess; `score` is in
    points, but of the component `composite` the value that was compared. `rule` is the formula in
    words of the scheme, `formula` the same with the numbers put in, `clause` the sentence of the
    rule book. `decisions` say what was done where data were missing. A claim's `method` is the
    word of its decision.
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


class Explanation(Outgoing):
    """How one unit's total in one edition came about.

    `digest` is the SHA-256 of the canonical JSON of `tree`; the score sheet lists it too, so that
    nobody can explain a sheet otherwise afterwards.
    """

    cycle_id: UUID
    edition: int
    phase: str
    unit: str
    digest: str
    tree: ExplainedNode


def tree_of(node: Node) -> ExplainedNode:
    """Return the document of the tree below a node."""
    return ExplainedNode.model_validate(node)


def canonical(tree: ExplainedNode) -> bytes:
    """Return the JSON that a tree's digest is taken of; no number in it is a JSON number."""
    return journal.encoded(orjson.loads(tree.model_dump_json()))


@router.get(
    "/{edition}/units/{unit}/explanation",
    response_model=Explanation,
    responses=documents(NoSuchScoreSheet, NoSuchExplanation, ReadAfterRelease),
)
async def explain_score(
    cycle_id: UUID, edition: Edition, unit: str, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give the way from a unit's total to its entries; a unit gets its own, once fed back."""
    permit = await abstaining(db, permit, cycle_id, edition, unit)
    sheet = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, sheet)
    permit.require({"own_unit"} if unit == permit.caller.unit else (), phase)
    found = await trees_of(db, cycle_id, sheet.edition, unit=unit)
    if unit not in found:
        raise NoSuchExplanation(
            f"Edition {sheet.edition} does not score {unit}.",
            f"第{sheet.edition}版没有单位 {unit}。",
        )
    explanation = Explanation(
        cycle_id=cycle_id,
        edition=sheet.edition,
        phase=phase,
        unit=unit,
        digest=found[unit].digest,
        tree=ExplainedNode.model_validate(found[unit].tree),
    )
    return document(explanation, request)
