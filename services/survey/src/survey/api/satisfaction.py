"""Satisfaction: what the closed waves of a cycle say about each unit, or do not say."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.identity import Caller
from chassis.kept import kept_document, versions_of
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from survey.api.codes import OWN_CODES, ReadInScheme, codes_of
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.samples import decided_in_cycle, samples_of_cycle
from survey.queries.surveys import SURVEYS, surveyed_units
from survey.queries.waves import waves_in_cycle
from survey.rules.abstention import ORGANISER, SECOND_BODY, is_hidden, is_limited
from survey.rules.batch import IdSchemeUnknown
from survey.rules.definition import SurveyDefinition
from survey.rules.disclosure import waves_apart
from survey.rules.minimum import (
    ConfirmedDecision,
    Finding,
    Standing,
    Treatment,
    WaveSample,
    findings,
    is_short,
)
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(tags=["satisfaction"])


class WaveScore(Outgoing):
    """What one closed wave says about a unit.

    `score` (of 100) is what its valid answers come to, null without any, and where a wave has fewer
    than thirty: with the mean it would tell theirs. Where it is `insufficient` there are fewer than
    `required`, and by itself it does not count.
    """

    wave: int
    valid_sample: int
    required: int
    score: Exact | None
    insufficient: bool


class ShortSample(Outgoing):
    """A wave in which too few answered, and what counts instead: null while nobody has said.

    One that `was_voided` is in place of which another one is held, or it is decided to go without
    it. `treatment` is counted, other_waves, pooled, category_mean or not_rated; `decision` is the
    number of the confirmed decision that says so, with its document, and null where the scheme
    does.
    """

    wave: int
    valid_sample: int
    required: int
    was_voided: bool
    treatment: Treatment | None
    decision: int | None
    document_no: str | None


class UnitSatisfaction(Outgoing):
    """The satisfaction with one unit, of 100; null unless its `standing` is settled.

    `standing` is unfinished while waves are to come, voided ones too, below_minimum while nobody
    has said what counts in place of the waves in `below_minimum`, and not_rated where the unit is
    not rated.
    `all_counted` is what it would be if every wave counted, whatever its sample; null where that
    would tell the score of a wave with fewer than thirty answers. Where `questionnaires_differ`,
    the answers of all waves should count together and do not: they were given to different
    questions.
    """

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    waves: list[WaveScore]
    standing: Standing
    below_minimum: list[ShortSample]
    questionnaires_differ: bool
    satisfaction: Exact | None
    all_counted: Exact | None


class SurveySatisfaction(Outgoing):
    """What one survey says about its units; so many waves of it were `voided`."""

    code: str
    voided: int
    units: list[UnitSatisfaction]


class CycleSatisfaction(Outgoing):
    """What people say about the units of a cycle; `digest` is the SHA-256 of `surveys`.

    To whoever decides, the units of the own unit's category are left out, of the digest too; to an
    organiser, those of all categories but the ones that it leads. A
    second body of the scheme reads of no unit and gets the digest of all, to compare it.
    """

    cycle_id: UUID
    digest: str
    surveys: list[SurveySatisfaction]


@router.get(
    "/cycles/{cycle_id}/satisfaction",
    response_model=CycleSatisfaction,
    responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_satisfaction(
    cycle_id: UUID,
    request: Request,
    permit: Permit,
    ask: AskIndicators,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give the satisfaction of all closed waves of a cycle, and the mean where all are closed."""
    caller = permit.caller
    limited = is_limited(caller.organisation, caller.roles)
    found = await ask.published_scheme(cycle_id=cycle_id) if limited else None
    scheme = found.scheme if found else None
    permit.require({ORGANISER} if scheme and led_by(caller, scheme) else ())
    codes = await codes_of(ask, cycle_id, id_scheme)
    beside = None if codes is None else codes.beside

    async def build(db: AsyncSession) -> CycleSatisfaction | bytes:
        await require_intact(db, str(cycle_id), *SURVEYS)
        surveys = await db.scalars(
            select(SurveyRow).where(SurveyRow.cycle_id == cycle_id).order_by(SurveyRow.code)
        )
        samples = await samples_of_cycle(db, cycle_id)
        decided = await decided_in_cycle(db, cycle_id)
        voided = await waves_in_cycle(db, cycle_id, WaveState.VOIDED)
        told = digested = [
            await _survey(db, survey, voided[survey.survey_id], samples, decided)
            for survey in surveys
        ]
        if scheme is not None:
            told = [_seen(survey, caller, scheme) for survey in told]
            digested = digested if _compares(caller, scheme) else told
        digest = journal.sha256([survey.model_dump(mode="json") for survey in digested])
        satisfaction = CycleSatisfaction(cycle_id=cycle_id, digest=digest, surveys=told)
        return satisfaction if beside is None else beside.written(satisfaction)

    scheme_digest = found and found.digest
    key = (cycle_id, caller.roles, caller.organisation, scheme_digest, beside and beside.key)
    return await kept_document(request, permit, key, versions_of(*SURVEYS), cycle_id, build)


def _compares(caller: Caller, scheme: Scheme) -> bool:
    """Say whether the caller compares the digest of everything, as a body that stands in does."""
    bodies = {each.body for each in scheme.recusals}
    return SECOND_BODY in caller.roles and caller.organisation in bodies


def led_by(caller: Caller, scheme: Scheme) -> frozenset[str]:
    """Return the units of the categories that the caller's unit leads, for its organisers."""
    return scheme.led_by(caller.organisation) if ORGANISER in caller.roles else frozenset()


async def _survey(
    db: AsyncSession,
    survey: SurveyRow,
    voided: Sequence[WaveRow],
    samples: Mapping[tuple[UUID, str], Sequence[WaveSample]],
    decided: Mapping[tuple[UUID, str], Mapping[int, ConfirmedDecision]],
) -> SurveySatisfaction:
    """Return the satisfaction with every unit of one survey."""
    units = await surveyed_units(db, survey)
    of_units = {unit: samples.get((survey.survey_id, unit), ()) for unit in units}
    said = {unit: decided.get((survey.survey_id, unit), {}) for unit in units}
    away = {wave.planned for wave in voided}
    found = findings(survey.definition, of_units, said, away)
    told = [_unit(survey.definition, unit, of_units[unit], found[unit]) for unit in units]
    return SurveySatisfaction(code=survey.code, voided=len(voided), units=told)


def is_seen(unit: str, caller: Caller, scheme: Scheme) -> bool:
    """Say whether a caller who is limited reads what people say about a unit."""
    categories = [category.units for category in scheme.categories]
    hidden = is_hidden(unit, caller.organisation, caller.roles, categories)
    return not hidden or unit in led_by(caller, scheme)


def _seen(survey: SurveySatisfaction, caller: Caller, scheme: Scheme) -> SurveySatisfaction:
    units = [each for each in survey.units if is_seen(each.unit, caller, scheme)]
    return survey.model_copy(update={"units": units})


def _unit(
    definition: SurveyDefinition,
    unit: str,
    samples: Sequence[WaveSample],
    found: Finding,
) -> UnitSatisfaction:
    sizes = [sample.valid_sample for sample in samples]
    apart = waves_apart(definition.required, definition.waves, sizes)
    mean = found.all_counted
    return UnitSatisfaction(
        unit=unit,
        waves=[_wave(definition, sample, apart=apart) for sample in samples],
        standing=found.standing,
        below_minimum=[
            ShortSample(
                wave=short.wave,
                valid_sample=short.valid_sample,
                required=short.required,
                was_voided=short.was_voided,
                treatment=short.treatment,
                decision=short.decision and short.decision.number,
                document_no=short.decision and short.decision.document_no,
            )
            for short in found.short
        ],
        questionnaires_differ=found.unpooled,
        satisfaction=found.satisfaction,
        all_counted=mean if apart or mean == found.satisfaction else None,
    )


def _wave(definition: SurveyDefinition, sample: WaveSample, *, apart: bool) -> WaveScore:
    return WaveScore(
        wave=sample.wave,
        valid_sample=sample.valid_sample,
        required=definition.required,
        score=sample.score if apart else None,
        insufficient=is_short(definition, sample),
    )
