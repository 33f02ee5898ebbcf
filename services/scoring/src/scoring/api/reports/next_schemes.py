"""Next year's scheme begun from this year's, with what a score sheet showed beside each weight."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.refusals import pointer
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, OneOf, Outgoing
from scoring.api.explanation.readers import duties_of, hidden_of
from scoring.api.explanation.trees import trees_of
from scoring.api.reports.diagnostics import IndicatorDiagnostics, authors_of, diagnosed
from scoring.api.sheet.editions import inputs_of, units_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.sheet import Edition, NoSuchScoreSheet, find_sheet
from scoring.rules.reports.diagnostics import CategoryDiagnosis
from scoring.rules.reports.weights import FIGURES, findings

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class WeightFinding(Outgoing):
    """Something conspicuous, by which figure of the same row, in two languages.

    `scorer` is who gave the marks, where it is about that: then the figure is of the scorer.
    """

    code: str
    figure: Annotated[str, OneOf(*FIGURES)]
    value: Exact
    scorer: str | None
    en: str
    zh: str


class WeightDiagnosis(IndicatorDiagnostics):
    """What a score sheet tells of an indicator of a category, and where that is in the new scheme.

    `pointer` is null where the scheme has it no more. `no_marks` are the units that have none of
    its points, `unscored` those without a score; of the shares the one is of the scored units, the
    other of all that are measured by it.
    """

    category: str
    pointer: str | None
    no_marks: int
    no_marks_share: Exact | None
    unscored: int
    unscored_share: Exact | None
    findings: list[WeightFinding]


class MatterToDecide(Outgoing):
    """What people decide before the scheme is published: where in it, and what."""

    pointer: str
    code: str
    en: str
    zh: str


class NextSchemeDiagnosed(Outgoing):
    """Next year's scheme as it is begun from the one in force, beside what an edition tells.

    `scheme` is saved as it stands in the cycle of the next year. `same_scheme` is false where the
    edition was computed by another version than the one in force, which has `scheme_digest`.
    """

    cycle_id: UUID
    edition: int
    scheme_digest: str
    same_scheme: bool
    scheme: dict[str, Any]
    to_decide: list[MatterToDecide]
    to_decide_count: int
    diagnosis: list[WeightDiagnosis]


@router.get(
    "/{edition}/next-scheme",
    response_model=NextSchemeDiagnosed,
    responses=documents(NoSuchScoreSheet, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def diagnose_weights(
    cycle_id: UUID, edition: Edition, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Begin next year's scheme, with what this edition tells of each indicator beside its weight.

    Nothing is stored. Figures are, to whoever decides, without those of the own unit.
    """
    duties = await duties_of(ask, permit, cycle_id)
    begun = await ask.indicators.next_scheme(cycle_id=cycle_id)
    row = await find_sheet(db, cycle_id, edition)
    hidden = hidden_of(row, permit, duties)
    trees = await trees_of(db, row, units=units_of(row).keys() - hidden)
    authors = await authors_of(db, cycle_id)
    # In a thread: other requests of this process must not wait for the arithmetic.
    found = await asyncio.to_thread(diagnosed, row, trees, authors, hidden)
    answer = NextSchemeDiagnosed(
        cycle_id=cycle_id,
        edition=row.edition,
        scheme_digest=begun.digest,
        same_scheme=inputs_of(row)["scheme_digest"] == begun.digest,
        scheme=begun.scheme,
        to_decide=[MatterToDecide.model_validate(each) for each in begun.to_decide],
        to_decide_count=begun.to_decide_count,
        diagnosis=list(_weights(found, begun.scheme)),
    )
    return document(answer, request)


def _weights(
    found: Iterable[CategoryDiagnosis], scheme: Mapping[str, Any]
) -> Iterator[WeightDiagnosis]:
    for category in found:
        places = _places(scheme, category.category)
        for one in category.indicators:
            figures = IndicatorDiagnostics.model_validate(one)
            yield WeightDiagnosis(
                **dict(figures),
                category=category.category,
                pointer=places.get(one.indicator),
                no_marks=one.no_marks,
                no_marks_share=one.no_marks_share,
                unscored=one.unscored,
                unscored_share=one.unscored_share,
                findings=[WeightFinding.model_validate(each) for each in findings(one, category)],
            )


def _places(scheme: Mapping[str, Any], code: str) -> dict[str, str]:
    """Return where the indicators of a category stand in the document of a scheme."""
    return {
        indicator: at
        for c, category in enumerate(scheme["categories"])
        if category["code"] == code
        for b, block in enumerate(category["blocks"])
        for indicator, at in _below(
            block["indicators"], pointer("categories", c, "blocks", b, "indicators")
        )
    }


def _below(indicators: Iterable[Mapping[str, Any]], at: str) -> Iterator[tuple[str, str]]:
    for n, each in enumerate(indicators):
        yield each["code"], f"{at}/{n}"
        yield from _below(each["children"], f"{at}/{n}/children")
