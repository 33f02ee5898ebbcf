"""Forms that people without an account answer, each by a link that opens it once."""

from typing import Annotated

from fastapi import Header, Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, realms
from chassis.identity import Caller
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing
from survey.api.ballots import NewJudgement
from survey.api.links import digest_of
from survey.api.surveys import QuestionSkip
from survey.queries.links import FoundLink, find_link, use_link
from survey.queries.surveys import questionnaire_of
from survey.rules.ballots import Judgement
from survey.rules.links import FormAnswered, FormRejected, NoSuchForm, check_form, form_of
from survey.rules.states import WaveState

router = Router(prefix="/open-form", tags=["waves"])

RESPONDENT = Caller("open-form", frozenset(), None, "open-form")
"""Whom the journal names for what came by a link: nobody knows more."""

_LONGEST = 200

FormLink = Annotated[
    str,
    Header(
        alias="Form-Link",
        max_length=_LONGEST,
        description="Secret of the link. It stands in no address, because addresses are logged.",
    ),
]


class OpenFormQuestion(Outgoing):
    """A question as it is put, with the text of each option by its code."""

    code: str
    text: str
    options: dict[str, str]
    asked_if: QuestionSkip | None


class OpenForm(Outgoing):
    """What the holder of a link is asked, about which units; `language` is null where nobody has
    put the questions, and they are in the words of the scheme."""

    title: str
    language: str | None
    languages: list[str]
    units: dict[str, str]
    questions: list[OpenFormQuestion]


class NewForm(Incoming):
    """What a respondent answers about each unit; units that are left out are not judged."""

    judgements: Annotated[list[NewJudgement], Field(min_length=1, max_length=100)]


class TakenForm(Outgoing):
    """That a form was taken, and about how many units."""

    units: int


@router.get("", responses=documents(NoSuchForm, FormAnswered))
async def read_open_form(
    request: Request,
    response: Response,
    link: FormLink = "",
    language: Annotated[
        str | None, Query(max_length=64, description="Language of the questions, as BCP 47 has it.")
    ] = None,
) -> OpenForm:
    """Give what the holder of a link is asked, in the language that is wanted if there is one.

    Nobody needs an account. Whatever there is not to be answered now has one and the same answer.
    """
    response.headers["Cache-Control"] = "no-store"
    async with request.app.state.sessions() as db:
        found = await _open(db, request, link)
        version = found.wave.questionnaire_version
        asked = None if version is None else await questionnaire_of(db, found.survey, version)
    wordings = asked.languages if asked else []
    title, put_in, questions = form_of(found.survey.definition, wordings, language)
    return OpenForm(
        title=title,
        language=put_in,
        languages=[each.language for each in wordings],
        units=found.link.units,
        questions=[
            OpenFormQuestion(
                code=each.code,
                text=each.text,
                options=dict(each.options),
                asked_if=each.asked_if
                and QuestionSkip(question=each.asked_if.question, options=[*each.asked_if.options]),
            )
            for each in questions
        ],
    )


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchForm, FormAnswered, FormRejected),
)
async def answer_open_form(
    new: NewForm, request: Request, response: Response, link: FormLink = ""
) -> TakenForm:
    """Take the answers of the holder of a link, once and for good.

    They are kept apart from the link, under a token that is drawn, as soon as the wave stops. The
    link is the key of the command: sent again it is answered that the form has been taken.
    """
    response.headers["Cache-Control"] = "no-store"
    judgements = [Judgement(e.unit, e.answer, e.answers) for e in new.judgements]
    async with request.app.state.sessions.begin() as db:
        found = await _open(db, request, link, hold=True)
        form = check_form(found.survey.definition, set(found.link.units), judgements)
        chain = str(found.wave.cycle_id)
        if not await use_link(db, found, form):
            # Says of one that was withdrawn meanwhile that there is none.
            await _open(db, request, link)
            raise FormAnswered("It has been taken.", "问卷已经提交。")
        await journal.record(
            db,
            chain=chain,
            caller=RESPONDENT,
            event="survey.form-answered",
            body={
                "survey_id": str(found.wave.survey_id),
                "code": found.survey.code,
                "wave": found.wave.wave,
            },
        )
    return TakenForm(units=len(form))


async def _open(db: AsyncSession, request: Request, link: str, *, hold: bool = False) -> FoundLink:
    """Return what a link opens now; of all else, used links apart, nobody learns what it is."""
    found = await find_link(db, digest_of(link), hold=hold)
    if found is not None and found.end == "used":
        raise FormAnswered("It has been taken.", "问卷已经提交。")
    if found is None or found.end is not None or not _is_open(found, request):
        raise NoSuchForm("There is nothing to be answered by it now.", "目前没有可填写的问卷。")
    return found


def _is_open(found: FoundLink, request: Request) -> bool:
    told = request.headers.get(realms.CLOSED)
    return found.wave.state == WaveState.OPEN and not realms.is_closed(found.wave.cycle_id, told)
