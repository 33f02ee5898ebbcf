"""Questionnaires: what people are asked, word for word, by version and language."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.surveys import OptionCode
from survey.queries.surveys import (
    NoSuchSurvey,
    find_survey,
    hold_survey,
    newest_questionnaire,
    questionnaire_of,
    questionnaires_asked,
    questionnaires_of,
)
from survey.rules.questionnaires import (
    AskedQuestion,
    NoSuchQuestionnaire,
    QuestionnaireKept,
    QuestionnaireRejected,
    Wording,
    check_questionnaire,
    refuse_other,
)
from survey.rules.states import WaveState
from survey.tables.surveys import QuestionnaireRow

router = Router(prefix="/surveys/{survey_id}/questionnaires", tags=["surveys"])

Version = Annotated[int, Path(ge=1, le=1_000_000, description="Version of the questionnaire.")]


class NewQuestion(Incoming):
    """A question as it is read out or printed, with the text of each option by its code."""

    code: Code
    text: Text
    options: Annotated[dict[OptionCode, Text], Field(max_length=100)]


class NewWording(Incoming):
    """All questions of the survey in one language (BCP 47, such as `zh` or `ug-Arab`)."""

    language: Code
    title: Text
    questions: Annotated[list[NewQuestion], Field(min_length=1, max_length=100)]


class NewQuestionnaire(Incoming):
    """The whole questionnaire in each language in which it is asked."""

    languages: Annotated[list[NewWording], Field(min_length=1, max_length=20)]


class QuestionnaireQuestion(Outgoing):
    """A question as it is read out or printed, with the text of each option by its code."""

    code: str
    text: str
    options: dict[str, str]


class QuestionnaireWording(Outgoing):
    """All questions of the survey in one language."""

    language: str
    title: str
    questions: list[QuestionnaireQuestion]


class QuestionnaireVersion(Outgoing):
    """A version of the questionnaire of a survey; `digest` is the SHA-256 of what it says."""

    survey_id: UUID
    version: int
    digest: str
    entered_by: str
    entered_at: dt.datetime


class Questionnaire(QuestionnaireVersion):
    """A version of the questionnaire of a survey, word for word."""

    languages: list[QuestionnaireWording]


class EnteredQuestionnaire(QuestionnaireVersion):
    """A version that has just been entered, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchSurvey, QuestionnaireRejected, QuestionnaireKept),
)
async def enter_questionnaire(
    survey_id: UUID, new: NewQuestionnaire, db: Transaction, permit: Permit
) -> EnteredQuestionnaire:
    """Enter the questionnaire of a survey as its next version; waves that opened before keep
    theirs."""
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    wordings = [_wording(each) for each in new.languages]
    check_questionnaire(survey.definition, wordings)
    await hold_survey(db, survey)  # no wave opens meanwhile
    begun = WaveState.OPEN, WaveState.STOPPED, WaveState.CLOSED
    refuse_other(survey.definition, begun=bool(await questionnaires_asked(db, survey, *begun)))
    said = [each.model_dump() for each in new.languages]
    row = QuestionnaireRow(
        cycle_id=survey.cycle_id,
        survey_id=survey_id,
        version=1 + (await newest_questionnaire(db, survey) or 0),
        digest=journal.sha256(said),
        languages=wordings,
        entered_by=permit.caller.subject,
    )
    db.add(row)
    await db.flush()
    await db.refresh(row)
    receipt = await journal.record(
        db,
        chain=str(survey.cycle_id),
        caller=permit.caller,
        event="survey.questionnaire-entered",
        body={
            "survey_id": str(survey_id),
            "code": survey.code,
            "version": row.version,
            "digest": row.digest,
        },
    )
    shown = dict(QuestionnaireVersion.model_validate(row))
    return EnteredQuestionnaire(**shown, receipt=receipt)


@router.get("", responses=documents(NoSuchSurvey))
async def list_questionnaires(
    survey_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[QuestionnaireVersion]:
    """Give the versions of the questionnaire of a survey, the oldest first."""
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation))
    rows = await questionnaires_of(db, survey, page)
    found = [QuestionnaireVersion.model_validate(each) for each in rows]
    return Page[QuestionnaireVersion].of(found, page.limit, lambda each: str(each.version))


@router.get("/{version}", responses=documents(NoSuchSurvey, NoSuchQuestionnaire, StoredDataAltered))
async def read_questionnaire(
    survey_id: UUID, version: Version, db: Snapshot, permit: Permit
) -> Questionnaire:
    """Give a version of the questionnaire of a survey, word for word in each language."""
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation))
    row = await questionnaire_of(db, survey, version)
    if row is None:
        raise NoSuchQuestionnaire(f"There is no version {version}.", f"没有第{version}版。")
    await require_intact(db, str(survey.cycle_id), "questionnaire", records={row.record})
    return Questionnaire.model_validate(row)


def _wording(new: NewWording) -> Wording:
    asked = [AskedQuestion(each.code, each.text, each.options) for each in new.questions]
    return Wording(new.language, new.title, asked)
