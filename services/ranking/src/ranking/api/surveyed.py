"""What surveys say beside a ranking: how sure they are, and which of their waves were voided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing
from ranking.api.evidence import Evidence
from ranking.api.readers import find_readable, sight_of
from ranking.peers import AskPeers, Estimates, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import NoSuchRanking, Number
from ranking.rules.errors import CONFIDENCE, ErrorKind, SurveyError, points_of, unit_errors
from ranking.rules.interest import ReadAfterRelease
from ranking.rules.results import UnitResult

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}/survey-errors", tags=["rankings"])


class NoSurveyErrors(Missing):
    """The ranking rests on no survey, or was computed before errors were kept."""

    zh = "该版排名不依据任何调查，或计算时尚未保存误差。"
    remedy = (
        "Compute a new edition of the ranking if one is needed that has them.",
        "如需误差，请重新计算一版排名。",
    )


class RankedUnitError(Outgoing):
    """How sure the surveys make a unit's total.

    `se` is the standard error of their part of it in points: an estimate, or `at_most` so large.
    It is null where a survey does not tell its own. `not_distinguishable` are the neighbours by
    rank whose totals differ by no more than such errors.
    """

    unit: str
    rank: int | None
    final_total: Exact | None
    se: Exact | None
    error: ErrorKind | None
    not_distinguishable: list[str]


class SurveyErrors(Outgoing):
    """How sure the surveys in a ranking are; it describes the ranking and decides nothing of it.

    `estimates_digest` is that of the survey service's estimates over waves as they were then.
    Neighbours are compared at this `confidence` in view of all (Holm); no other errors than those
    of surveys are known.
    """

    confidence: Exact
    estimates_digest: str
    units: list[RankedUnitError]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the surveys that a category rests on say besides its score sheet."""

    estimates: Estimates
    voided: dict[str, int] | None

    def errors(self, evidence: Evidence, results: Sequence[UnitResult]) -> dict[str, Any]:
        """Return the document of how sure they make a ranking."""
        scheme, category = evidence.published.scheme, evidence.category
        parts = {*scheme.composition_of(category).parts}
        indicators = [each for block in category.blocks for each in block.indicators]
        out = {each.unit: each.vetoed_blocks for each in results}
        points = {
            sheet.unit: points_of(indicators, sheet, parts - out.get(sheet.unit, frozenset()))
            for sheet in evidence.sheet.units
        }
        found = unit_errors(results, points, self._known())
        told = SurveyErrors(
            confidence=CONFIDENCE,
            estimates_digest=self.estimates.digest,
            units=[RankedUnitError.model_validate(each) for each in found],
        )
        return told.model_dump(mode="json")

    def _known(self) -> Mapping[tuple[str, str], SurveyError]:
        return {
            (survey.code, unit.unit): SurveyError(unit.index.se, unit.index.error)
            for survey in self.estimates.surveys
            for unit in survey.units
            if unit.index and unit.index.se is not None and unit.index.error
        }


async def gather_surveyed(ask: Peers, cycle_id: UUID, evidence: Evidence) -> Surveyed | None:
    """Read what the surveys of a category say besides; None where it rests on none."""
    surveys = evidence.category.surveys()
    if not surveys:
        return None
    satisfaction = await ask.survey.satisfaction(cycle_id=cycle_id)
    voided = {e.code: e.voided for e in satisfaction.surveys if e.voided and e.code in surveys}
    return Surveyed(await ask.survey.estimates(cycle_id=cycle_id), voided or None)


@router.get(
    "",
    responses=documents(
        NoSuchRanking,
        NoSurveyErrors,
        ReadAfterRelease,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def read_survey_errors(
    cycle_id: UUID, edition: Number, db: Snapshot, permit: Permit, ask: AskPeers
) -> SurveyErrors:
    """Give the standard errors of the surveys in a ranking, in points, and the neighbours that they
    cannot tell apart, as they were kept when it was computed.

    Who reads both rankings and estimates reads them; of the own unit's category after its release.
    """
    sight = await sight_of(ask, permit, cycle_id)
    row, _ = await find_readable(db, cycle_id, edition, sight)
    if row.survey_errors is None:
        raise NoSurveyErrors("There are none.", "没有调查误差。")
    return SurveyErrors.model_validate(row.survey_errors)
