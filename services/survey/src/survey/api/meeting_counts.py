"""Counts of meetings: the forms of one meeting, counted by two people."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Conflict, Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, OneOf, Outgoing
from survey.api.surveys import OptionCode
from survey.api.waves import WaveNo
from survey.api.withdrawals import NewWithdrawal
from survey.queries.counts import meeting_counts
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.counts import (
    MEETING_COUNT,
    CountDecided,
    CountRejected,
    MeetingForms,
    NotCountedAtMeetings,
    SamePersonCounts,
    VoidReason,
    Votes,
    check_count,
    void_reasons,
)
from survey.rules.definition import ANSWER
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.tables.counts import MeetingCountRow, MeetingCountStepRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/meeting-counts", tags=["waves"])

CountNo = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$", description="Number of the count.")
]

_MOST = 1_000_000
Number = Annotated[int, Field(ge=0, le=_MOST)]


class CountExists(Conflict):
    """The wave already has a count of this number."""

    zh = "本轮已有同一编号的计票结果。"
    remedy = ("Give the count the next free number.", "请改用下一个未用的编号。")


class NoSuchCount(Missing):
    """The wave has no such count."""

    zh = "本轮没有这份计票结果。"
    remedy = ("Look the number up in the list of counts.", "请在计票结果清单中查对编号。")


class CountsDiffer(Conflict):
    """The second count differs from the first: neither is confirmed."""

    zh = "两次计票结果不一致，未予确认。"
    remedy = (
        "Count again together; withdraw the first count if it was the one that was wrong.",
        "请共同重新计票；如首次计票有误，请撤回后重新上报。",
    )


class NewVotes(Incoming):
    """How many forms gave each option to a unit for a question, and how many left it blank.

    `question` is left out where the survey has one.
    """

    unit: Code
    question: Code = ANSWER
    options: Annotated[Mapping[OptionCode, Number], Field(max_length=100)]
    blank: Number


class NewCount(Incoming):
    """The forms of one meeting: how many people were `entitled` to one, how many were `issued` and
    `returned`, how many of these are `spoiled`, and what the others say."""

    group: Code | None = None
    entitled: Number
    issued: Number
    returned: Number
    spoiled: Number
    votes: Annotated[list[NewVotes], Field(min_length=1, max_length=20_000)]


class NewNumberedCount(NewCount):
    """A count under a number that the collector gives once."""

    count_no: Code


class CountStanding(Outgoing):
    """How a count stands; what was voted is told by nobody before the wave is closed.

    A confirmed count that is `void` counts nothing, and its meeting is to be repeated.
    """

    count_no: str
    group: str | None
    entitled: int
    issued: int
    returned: int
    spoiled: int
    state: Annotated[str, OneOf("counted", "confirmed", "withdrawn")]
    void: list[VoidReason]
    counted_by: str
    counted_at: dt.datetime
    confirmed_by: str | None
    withdrawn_because: str | None


class RecordedCount(CountStanding):
    """A count that was just posted, confirmed or withdrawn, with the receipt of the journal."""

    receipt: Receipt | None


class MeetingCounts(Outgoing):
    """All counts of a wave, by their numbers."""

    survey_id: UUID
    wave: int
    counts: list[CountStanding]


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotOpen, NotCountedAtMeetings, CountRejected, CountExists),
)
async def post_meeting_count(
    survey_id: UUID, wave: WaveNo, new: NewNumberedCount, db: Transaction, permit: Permit
) -> RecordedCount:
    """Take the count of one meeting; it counts once another person has counted the same.

    More forms back than were issued, or no quorum, make it void: it is kept, and counts nothing.
    """
    survey, row = await _open_wave(db, survey_id, wave, permit)
    definition = survey.definition
    forms, votes = _read(new)
    units = set(await surveyed_units(db, survey))
    check_count(definition, units, new.group, forms, votes)
    key = row.key
    stored = await db.scalars(
        insert(MeetingCountRow)
        .values(
            **key,
            count_no=new.count_no,
            respondent_group=new.group,
            forms=forms,
            votes=votes,
            void=[*void_reasons(definition, forms)],
            counted_by=permit.caller.subject,
            counted_person=permit.caller.person,
        )
        .on_conflict_do_nothing()
        .returning(MeetingCountRow)
    )
    counted = stored.one_or_none()
    if counted is None:
        raise CountExists(
            f"Count {new.count_no} was posted before.", f"编号 {new.count_no} 已经上报过。"
        )
    return await _record(db, permit, survey, counted, {}, "posted")


@router.post(
    "/{count_no}/confirmation",
    status_code=201,
    responses=documents(
        NoSuchWave, NoSuchCount, WaveNotOpen, SamePersonCounts, CountDecided, CountsDiffer
    ),
)
async def confirm_meeting_count(
    survey_id: UUID,
    wave: WaveNo,
    count_no: CountNo,
    new: NewCount,
    db: Transaction,
    permit: Permit,
) -> RecordedCount:
    """Confirm a count by handing in the same numbers, counted by another person.

    Where they differ nothing is said of where: whoever counted second does not learn the first.
    """
    survey, row = await _open_wave(db, survey_id, wave, permit)
    counted, steps = await _find(db, row, count_no)
    if persons.is_same(counted.counted_person, permit.caller.person):
        raise SamePersonCounts("You posted this count.", "该计票结果由您上报。")
    if steps:
        raise _decided(steps)
    forms, votes = _read(new)
    first = {(each.unit, each.question): each for each in counted.votes}
    again = {(each.unit, each.question): each for each in votes}
    same = (counted.forms, counted.respondent_group) == (forms, new.group)
    if not same or len(again) != len(votes) or _plain(first) != _plain(again):
        raise CountsDiffer("The numbers differ.", "两次计票的数字不一致。")
    return await _take(db, permit, survey, counted, "confirmed", None)


@router.post(
    "/{count_no}/withdrawal",
    status_code=201,
    responses=documents(NoSuchWave, NoSuchCount, WaveNotOpen, CountDecided),
)
async def withdraw_meeting_count(
    survey_id: UUID,
    wave: WaveNo,
    count_no: CountNo,
    new: NewWithdrawal,
    db: Transaction,
    permit: Permit,
) -> RecordedCount:
    """Withdraw a count that is wrong, confirmed or not; it stays to be read, and counts nothing."""
    survey, row = await _open_wave(db, survey_id, wave, permit)
    counted, steps = await _find(db, row, count_no)
    if "withdrawn" in steps:
        raise _decided(steps)
    return await _take(db, permit, survey, counted, "withdrawn", new.reason)


@router.get("", responses=documents(NoSuchWave))
async def list_meeting_counts(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit
) -> MeetingCounts:
    """List the counts of a wave with their forms and how they stand, without what was voted."""
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    told = [_shown(*each) for each in await meeting_counts(db, row)]
    return MeetingCounts(survey_id=survey_id, wave=wave, counts=told)


async def _open_wave(
    db: AsyncSession, survey_id: UUID, wave: int, permit: Permission
) -> tuple[SurveyRow, WaveRow]:
    """Return an open wave of a survey that is counted at meetings, held so that it stays open."""
    survey, row = await find_wave(db, survey_id, wave, Lock.SHARED)
    permit.within(row.cycle_id)
    if survey.definition.mode != MEETING_COUNT:
        raise NotCountedAtMeetings("It has another mode.", "该调查采用其他方式。")
    require((WaveState.OPEN,), WaveState(row.state), wave)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    return survey, row


def _read(new: NewCount) -> tuple[MeetingForms, list[Votes]]:
    forms = MeetingForms(new.entitled, new.issued, new.returned, new.spoiled)
    return forms, [Votes(e.unit, e.question, {**e.options}, e.blank) for e in new.votes]


def _plain(votes: Mapping[tuple[str, str], Votes]) -> Mapping[tuple[str, str], object]:
    """Return votes without options that nobody chose, for a comparison."""
    return {
        key: (each.blank, {option: n for option, n in each.options.items() if n})
        for key, each in votes.items()
    }


Steps = Mapping[str, MeetingCountStepRow]


async def _find(db: AsyncSession, wave: WaveRow, count_no: str) -> tuple[MeetingCountRow, Steps]:
    for counted, steps in await meeting_counts(db, wave):
        if counted.count_no == count_no:
            return counted, steps
    raise NoSuchCount(f"There is no count {count_no}.", f"没有编号为 {count_no} 的计票结果。")


async def _take(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    counted: MeetingCountRow,
    step: str,
    reason: str | None,
) -> RecordedCount:
    """Record a step of a count; of two at once that take the same one is refused."""
    key = {name: getattr(counted, name) for name in ("cycle_id", "survey_id", "wave", "count_no")}
    taken = await db.scalars(
        insert(MeetingCountStepRow)
        .values(
            **key,
            step=step,
            reason=reason,
            taken_by=permit.caller.subject,
            taken_person=permit.caller.person,
        )
        .on_conflict_do_nothing()
        .returning(MeetingCountStepRow)
    )
    row = taken.one_or_none()
    if row is None:
        raise _decided([step])
    return await _record(db, permit, survey, counted, {step: row}, step)


def _decided(steps: Collection[str]) -> CountDecided:
    if "withdrawn" in steps:
        return CountDecided("It has been withdrawn.", "该计票结果已经撤回。")
    return CountDecided("It has been confirmed.", "该计票结果已经确认。")


def _shown(counted: MeetingCountRow, steps: Steps) -> CountStanding:
    forms = counted.forms
    confirmed, withdrawn = steps.get("confirmed"), steps.get("withdrawn")
    return CountStanding(
        count_no=counted.count_no,
        group=counted.respondent_group,
        entitled=forms.entitled,
        issued=forms.issued,
        returned=forms.returned,
        spoiled=forms.spoiled,
        state="withdrawn" if withdrawn else "confirmed" if confirmed else "counted",
        void=[VoidReason(each) for each in counted.void],
        counted_by=counted.counted_by,
        counted_at=counted.counted_at,
        confirmed_by=confirmed and confirmed.taken_by,
        withdrawn_because=withdrawn and withdrawn.reason,
    )


async def _record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    counted: MeetingCountRow,
    steps: Steps,
    step: str,
) -> RecordedCount:
    receipt = await journal.record(
        db,
        chain=str(counted.cycle_id),
        caller=permit.caller,
        event=f"survey.meeting-count-{step}",
        body={
            "survey_id": str(counted.survey_id),
            "code": survey.code,
            "wave": counted.wave,
            "count_no": counted.count_no,
            "void": counted.void,
        },
    )
    return RecordedCount(**dict(_shown(counted, steps)), receipt=receipt)
