"""Links of online forms: drawn once, counted, withdrawn, and what they brought in."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction, commit, once
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.waves import WaveNo
from survey.queries.links import add_links, links_by_unit, next_draw, withdraw_draws
from survey.queries.responses import completed_by_unit
from survey.queries.samples import planned_strata
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.links import ONLINE_FORM, LinksRejected, NoSuchDraw, NotByLink, check_links
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/links", tags=["waves"])

_MOST = 5_000


class NewLinks(Incoming):
    """How many links to draw, about which units, under the names by which respondents know them."""

    units: Annotated[dict[Code, Text], Field(min_length=1, max_length=100)]
    group: Code | None = None
    stratum: Code | None = None
    count: Annotated[int, Field(ge=1, le=_MOST)]


class NewLinksWithdrawal(Incoming):
    """Which unused links are withdrawn, those of one draw or all of the wave, and why."""

    draw_no: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reason: Text


class DrawnLinks(Outgoing):
    """Links that were drawn: the secret of each. They are shown this once: a repeated request is
    answered with null."""

    survey_id: UUID
    wave: int
    draw_no: int
    links: list[str] | None
    receipt: Receipt | None


class WithdrawnLinks(Outgoing):
    """The draws whose links can be used no more since now, with the receipt of the journal.

    How many of them had been used is told when the wave is closed.
    """

    survey_id: UUID
    wave: int
    draws: list[int]
    receipt: Receipt | None


class LinksOfUnit(Outgoing):
    """How many have answered about a unit so far; of a closed wave also how many links asked about
    it, and how many of these were used and withdrawn."""

    unit: str
    completed: int
    drawn: int | None
    used: int | None
    withdrawn: int | None


class WaveLinks(Outgoing):
    """How far the links of a wave have been used, unit by unit."""

    survey_id: UUID
    wave: int
    state: WaveState
    units: list[LinksOfUnit]


@router.post(
    "",
    status_code=201,
    response_model=DrawnLinks,
    responses=documents(NoSuchWave, NotByLink, LinksRejected),
)
async def draw_links(
    survey_id: UUID,
    wave: WaveNo,
    new: NewLinks,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Draw links, each of which opens the form of a planned or open wave for one respondent, once.

    Their secrets are in the answer, and nowhere else: of each there is a digest.
    """
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    drawn = [secrets.token_urlsafe(32) for _ in range(new.count)]
    async with once(request.app.state.sessions, key) as db:
        survey, row = await _found(db, survey_id, wave, permit)
        known = set(await surveyed_units(db, survey))
        stratum = new.stratum, await planned_strata(db, row)
        check_links(survey.definition, known, new.units, new.group, stratum)
        number = await next_draw(db, row)
        told = {"draw_no": number, "units": new.units, "stratum": new.stratum}
        more = {"respondent_group": new.group, "drawn_by": permit.caller.subject}
        await add_links(db, row, [digest_of(each) for each in drawn], told | more)
        about = {"draw_no": number, "count": new.count, "units": sorted(new.units)}
        of = {"group": new.group, "stratum": new.stratum}
        receipt = await _record(db, permit, survey, row, "drawn", about | of)
        made = DrawnLinks(
            survey_id=survey_id, wave=wave, draw_no=number, links=None, receipt=receipt
        )
        answer = _given(made)
        await commit(db, key, answer)
    return answer if key is None else _given(made.model_copy(update={"links": drawn}))


@router.post("/withdrawal", status_code=201, responses=documents(NoSuchWave, NotByLink, NoSuchDraw))
async def withdraw_links(
    survey_id: UUID, wave: WaveNo, new: NewLinksWithdrawal, db: Transaction, permit: Permit
) -> WithdrawnLinks:
    """Withdraw links that nobody has used, of one draw or all of a wave; what was answered
    stays."""
    survey, row = await _found(db, survey_id, wave, permit)
    drawn = range(1, await next_draw(db, row))
    asked = drawn if new.draw_no is None else [new.draw_no]
    if not asked or asked[-1] not in drawn:
        raise NoSuchDraw("There was no such draw.", "没有这一次生成的链接。")
    told = {"reason": new.reason, "withdrawn_by": permit.caller.subject}
    draws = await withdraw_draws(db, row, asked, told)
    more = {"draws": draws, "reason": new.reason}
    receipt = await _record(db, permit, survey, row, "withdrawn", more)
    return WithdrawnLinks(survey_id=survey_id, wave=wave, draws=draws, receipt=receipt)


@router.get("", responses=documents(NoSuchWave))
async def list_links(survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit) -> WaveLinks:
    """Count by unit who has answered so far, and of a closed wave its links.

    No link is told, nor whether a single one has been used.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    completed, links = await completed_by_unit(db, row), await links_by_unit(db, row)
    is_over = row.state == WaveState.CLOSED
    return WaveLinks(
        survey_id=survey_id,
        wave=wave,
        state=WaveState(row.state),
        units=[
            LinksOfUnit(
                unit=unit,
                completed=completed.get(unit, 0),
                drawn=sum(ends.values()) if is_over else None,
                used=ends["used"] if is_over else None,
                withdrawn=ends["withdrawn"] if is_over else None,
            )
            for unit, ends in sorted(links.items())
        ],
    )


def digest_of(secret: str) -> str:
    """Return what is kept of a link: its secret has 256 bits, and nobody tries them all."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def _found(
    db: AsyncSession, survey_id: UUID, wave: int, permit: Permission
) -> tuple[SurveyRow, WaveRow]:
    """Return a wave that is answered online, held so that draws are numbered one by one."""
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    if survey.definition.mode != ONLINE_FORM:
        raise NotByLink("It has another mode.", "该调查采用其他方式。")
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    return survey, row


def _given(made: DrawnLinks) -> Response:
    """Return an answer with secrets in it, or the one without: nobody on the way keeps it."""
    headers = {"Cache-Control": "no-store"}
    return Response(made.model_dump_json(), 201, headers, media_type="application/json")


async def _record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    row: WaveRow,
    step: str,
    more: Mapping[str, object],
) -> Receipt | None:
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"survey.links-{step}",
        body={"survey_id": str(row.survey_id), "code": survey.code, "wave": row.wave, **more},
    )
