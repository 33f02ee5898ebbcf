"""Calendars (日历): which days of a year are worked, as announced, corrected, and known when."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request, Response
from pydantic import Field
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.deadlines import Calendar
from chassis.journal import Receipt
from chassis.kept import HEAD, VERSIONS, kept_document
from chassis.pages import Moment
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from indicators.rules import calendars as rules
from indicators.rules.calendars import (
    MOST_DAYS,
    CalendarRefused,
    DayKind,
    KnownYear,
    YearNotAnnounced,
    check_announcement,
    check_correction,
    is_announced_so,
    known_year,
)
from indicators.rules.publication import ReasonMissing
from indicators.tables import CalendarDayRow, CalendarRevisionRow

router = Router("/calendars/{year}", tags=["calendars"])

CHAIN = "calendars"

RECORDED = ("calendar_revision", "calendar_day")

Year = Annotated[int, Path(ge=1949, le=2199)]


class AnnouncedDay(Incoming):
    """A day that differs from the plain week, and the holiday for which it does.

    `working` is a day of a weekend that is worked, `resting` a day from Monday to Friday that is
    not; the weekend within a holiday rests anyway and is not named.
    """

    day: dt.date
    kind: Literal["working", "resting"]
    name_zh: Text
    name_en: Text


class NewAnnouncement(Incoming):
    """The State Council's notice on the holidays of a year: all days that differ from the plain
    week.

    A year that is known already is announced anew with a `reason`.
    """

    document_no: Text
    days: list[AnnouncedDay] = Field(min_length=1, max_length=MOST_DAYS)
    reason: Text | None = None


class CorrectedDay(Incoming):
    """How a day stands from now on; `plain` takes back that it differs, and has no names."""

    day: dt.date
    kind: DayKind
    name_zh: Text | None = None
    name_en: Text | None = None


class NewCalendarCorrection(Incoming):
    """Single days of a year that is announced, as they stand in truth, and why."""

    days: list[CorrectedDay] = Field(min_length=1, max_length=MOST_DAYS)
    reason: Text
    document_no: Text | None = None


class CalendarDay(Outgoing):
    """A day that differs from the plain week, the holiday for which it does, and the revision of
    the calendar that says so."""

    day: dt.date
    kind: Literal["working", "resting"]
    name_zh: str
    name_en: str
    revision: int


class CalendarYear(Outgoing):
    """The days of a year that differ from the plain week of Monday to Friday.

    Where a year is not `announced`, its holidays are not known, and nothing is said of its days.
    `revision` counts what was recorded of the year; `recorded_at` is when the latest of it was,
    null for what came with the program, which counts at every moment.
    """

    year: int
    announced: bool
    revision: int
    document_no: str | None
    recorded_at: dt.datetime | None
    days: list[CalendarDay]


class RecordedCalendar(CalendarYear):
    """A calendar as it stands after what has just been recorded, with the receipt of the
    journal."""

    receipt: Receipt | None


_OF_YEAR = ", ".join(
    ["SELECT " + HEAD.format("'calendars'")]
    + [VERSIONS.format(table, "t.year = $1") for table in RECORDED]
)


@router.get("", response_model=CalendarYear, responses=documents(StoredDataAltered))
async def read_calendar(
    year: Year,
    request: Request,
    permit: Permit,
    as_of: Annotated[
        Moment | None,
        Query(description="The calendar as it was recorded at this moment; else as it is now."),
    ] = None,
) -> Response:
    """Give the days of a year that are worked or rest otherwise than by the plain week."""

    async def build(db: AsyncSession) -> CalendarYear:
        await require_intact(db, CHAIN, *RECORDED)
        return _shown(year, await _known(db, year, as_of))

    return await kept_document(request, permit, (year, as_of), _OF_YEAR, year, build)


@router.post("/announcement", status_code=201, responses=documents(CalendarRefused, ReasonMissing))
async def announce_calendar(
    year: Year,
    new: NewAnnouncement,
    response: Response,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> RecordedCalendar:
    """Record the holidays of a year as they were announced.

    The announcement takes the place of all that was recorded of the year before, corrections
    among it. The same one again changes nothing, and is answered with 200 by what is there.
    """
    permit.require_no_realm()
    known = await _held(db, year)
    await same.require(lambda: _as_read(db, year), version=known.revision or None)
    days = [rules.CalendarDay(**dict(each)) for each in new.days]
    if is_announced_so(await _revisions(db, year), new.document_no, days):
        response.status_code = 200
        return RecordedCalendar(**dict(_shown(year, known)), receipt=None)
    check_announcement(year, days, known, new.reason)
    event = "calendar.announced"
    return await _recorded(db, permit, year, known.revision + 1, "announcement", days, new, event)


@router.post(
    "/corrections",
    status_code=201,
    responses=documents(CalendarRefused, YearNotAnnounced),
)
async def correct_calendar(
    year: Year, new: NewCalendarCorrection, db: Transaction, permit: Permit, same: Precondition
) -> RecordedCalendar:
    """Record how single days of an announced year stand in truth.

    It counts from now on: as of a moment before, the calendar stays what it was.
    """
    permit.require_no_realm()
    known = await _held(db, year)
    await same.require(lambda: _as_read(db, year), version=known.revision or None)
    days = [rules.CalendarDay(**dict(each)) for each in new.days]
    check_correction(year, days, known)
    event = "calendar.corrected"
    return await _recorded(db, permit, year, known.revision + 1, "correction", days, new, event)


async def _held(db: AsyncSession, year: int) -> KnownYear:
    """Return what is known of a year, while nobody else records anything of any."""
    await db.execute(text("SELECT pg_advisory_xact_lock(hashtext('calendars'))"))
    await require_intact(db, CHAIN, *RECORDED)
    return await _known(db, year)


async def _recorded(
    db: AsyncSession,
    permit: Permission,
    year: int,
    revision: int,
    kind: Literal["announcement", "correction"],
    days: Sequence[rules.CalendarDay],
    new: NewAnnouncement | NewCalendarCorrection,
    event: str,
) -> RecordedCalendar:
    key = {"year": year, "revision": revision}
    db.add(
        CalendarRevisionRow(
            **key,
            kind=kind,
            document_no=new.document_no,
            reason=new.reason,
            recorded_by=permit.caller.subject,
            recorded_person=permit.caller.person,
        )
    )
    await db.flush()
    rows: list[dict[str, Any]] = [key | _columns(each) for each in days]
    await db.execute(insert(CalendarDayRow).values(rows))
    receipt = await journal.record(
        db, chain=CHAIN, caller=permit.caller, event=event, body=key | new.model_dump(mode="json")
    )
    return RecordedCalendar(**dict(await _as_read(db, year)), receipt=receipt)


def _columns(day: rules.CalendarDay | CalendarDayRow) -> dict[str, Any]:
    return {"day": day.day, "kind": day.kind, "name_zh": day.name_zh, "name_en": day.name_en}


async def _as_read(db: AsyncSession, year: int) -> CalendarYear:
    return _shown(year, await _known(db, year))


async def _known(db: AsyncSession, year: int, as_of: dt.datetime | None = None) -> KnownYear:
    return known_year(await _revisions(db, year), as_of)


async def working_days(db: AsyncSession, years: Collection[int]) -> Calendar:
    """Return which days of some years are worked, as far as they are announced."""
    known = {year: await _known(db, year) for year in sorted(years)}
    found = defaultdict[DayKind, set[dt.date]](set)
    for each in known.values():
        for day, _ in (each.days or {}).values():
            found[day.kind].add(day.day)
    announced = frozenset(year for year, each in known.items() if each.announced)
    return Calendar(frozenset(found["working"]), frozenset(found["resting"]), announced)


async def _revisions(db: AsyncSession, year: int) -> list[rules.CalendarRevision]:
    of_days = defaultdict[int, list[rules.CalendarDay]](list)
    for row in await db.scalars(select(CalendarDayRow).where(CalendarDayRow.year == year)):
        of_days[row.revision].append(rules.CalendarDay(**_columns(row)))
    return [
        rules.CalendarRevision(
            row.revision, row.kind, row.document_no, row.recorded_at, of_days[row.revision]
        )
        for row in await db.scalars(
            select(CalendarRevisionRow)
            .where(CalendarRevisionRow.year == year)
            .order_by(CalendarRevisionRow.revision)
        )
    ]


def _shown(year: int, known: KnownYear) -> CalendarYear:
    return CalendarYear(
        year=year,
        announced=known.announced,
        revision=known.revision,
        document_no=known.document_no,
        recorded_at=known.recorded_at,
        days=[
            CalendarDay(**_columns(day), revision=revision)
            for day, revision in (known.days or {}).values()
        ],
    )
