"""Notices as they are stored, and whether what an edition is to be shown for has been answered."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.stored import require_intact
from ranking.queries import last_held, now
from ranking.rules.notices import (
    NoSuchNotice,
    NoticePolicy,
    Outcome,
    StandingNotice,
    is_due,
    refuse_unnoticed,
)
from ranking.tables import (
    ApprovalRow,
    NoticeAnswerRow,
    NoticeObjectionRow,
    NoticeRow,
    NoticeWithdrawalRow,
    RankingRow,
)

TABLES = ("notice", "notice_objection", "notice_answer", "notice_withdrawal")


async def require_noticed(
    db: AsyncSession,
    row: RankingRow,
    policy: NoticePolicy | None,
    approvals: Sequence[ApprovalRow],
) -> None:
    """Refuse the next step of an edition, after these, that is to be shown first and was not, or
    about which something is open."""
    step, said = last_held(row, approvals)
    if not is_due(policy, step):
        return
    newest = (await standing(db, row.cycle_id, [row.edition])).get(row.edition)
    refuse_unnoticed(newest, said, await now(db))


async def standing(
    db: AsyncSession, cycle_id: UUID, editions: Collection[int]
) -> dict[int, StandingNotice]:
    """Return the newest notice of each edition that has one, with what waits of former notices of
    its category, and the one that took its place, if one did."""
    await require_intact(db, str(cycle_id), *TABLES)
    of, objection, there = NoticeRow, NoticeObjectionRow, aliased(NoticeRow)
    shown_in = select(there.category).where(there.cycle_id == cycle_id, there.edition.in_(editions))
    rows = (
        await db.scalars(
            select(of).where(of.cycle_id == cycle_id, of.category.in_(shown_in)).order_by(of.notice)
        )
    ).all()
    newest = {row.edition: row for row in rows if row.edition in editions}
    last = {row.category: row.notice for row in rows}
    filed = await db.execute(
        select(of.category, of.notice, objection.reference, NoticeAnswerRow.outcome)
        .join(of, (of.cycle_id == objection.cycle_id) & (of.notice == objection.notice))
        .outerjoin(
            NoticeAnswerRow,
            (NoticeAnswerRow.cycle_id == objection.cycle_id)
            & (NoticeAnswerRow.reference == objection.reference),
        )
        .where(
            objection.cycle_id == cycle_id,
            ~is_withdrawn(),
            of.category.in_({row.category for row in newest.values()}),
        )
    )
    outcomes: dict[str, dict[int, dict[str, Outcome | None]]] = {}
    for category, notice, reference, outcome in filed:
        outcomes.setdefault(category, {}).setdefault(notice, {})[reference] = outcome
    shown = {edition: {row.notice for row in rows if row.edition == edition} for edition in newest}
    equals = await upheld_against_equals(db, cycle_id, newest)
    found = {
        edition: _standing(row, outcomes.get(row.category, {}), shown[edition], last[row.category])
        for edition, row in newest.items()
    }
    return found | _with_equals(found, newest, equals)


def _with_equals(
    found: Mapping[int, StandingNotice],
    newest: Mapping[int, NoticeRow],
    equals: Mapping[int, Mapping[str, dt.datetime]],
) -> dict[int, StandingNotice]:
    """Return the notices of editions of which others say the same, with what they pass over."""
    passed_over = {each: _passed_over(newest[each], upheld) for each, upheld in equals.items()}
    return {
        each: replace(found[each], upheld_before=[*found[each].upheld_before, *more])
        for each, more in passed_over.items()
    }


async def upheld_against_equals(
    db: AsyncSession, cycle_id: UUID, editions: Collection[int]
) -> dict[int, dict[str, dt.datetime]]:
    """Return of editions when which objections were upheld against others of their categories that
    say the very same of every unit, by whatever else they were computed from."""
    this, other, shown = aliased(RankingRow), aliased(RankingRow), NoticeRow
    objection, answer = NoticeObjectionRow, NoticeAnswerRow
    same = other.category == this.category, other.edition != this.edition, other.units == this.units
    of_answer = answer.reference == objection.reference, answer.outcome == "upheld"
    query = (
        select(this.edition, answer.reference, answer.answered_at)
        .join(other, and_(other.cycle_id == this.cycle_id, *same))
        .join(shown, (shown.cycle_id == this.cycle_id) & (shown.edition == other.edition))
        .join(objection, (objection.cycle_id == this.cycle_id) & (objection.notice == shown.notice))
        .join(answer, and_(answer.cycle_id == this.cycle_id, *of_answer))
        .where(this.cycle_id == cycle_id, this.edition.in_(editions))
    )
    found: dict[int, dict[str, dt.datetime]] = {}
    for edition, reference, answered_at in await db.execute(query):
        found.setdefault(edition, {})[reference] = answered_at
    return found


def _passed_over(row: NoticeRow, upheld: Mapping[str, dt.datetime]) -> list[str]:
    """Return which of these a notice gives no reason about: all where it gives none, else those
    that were upheld since it was opened."""
    if row.document.get("unchanged_because") is None:
        return [*upheld]
    return [reference for reference, at in upheld.items() if at > row.opened_at]


def is_withdrawn() -> ColumnElement[bool]:
    """Return the condition that an objection was taken back: it waits for nothing."""
    of, gone = NoticeObjectionRow, NoticeWithdrawalRow
    here = gone.cycle_id == of.cycle_id, gone.reference == of.reference
    return select(gone.reference).where(*here).exists()


def _standing(
    row: NoticeRow,
    outcomes: Mapping[int, Mapping[str, Outcome | None]],
    of_edition: Collection[int],
    last: int,
) -> StandingNotice:
    before = {
        notice: [reference for reference, outcome in found.items() if outcome is None]
        for notice, found in outcomes.items()
        if notice < row.notice
    }
    # Sent back and shown again, an edition says what it said: what was upheld of it stands.
    upheld = [
        reference
        for notice in sorted({*of_edition} - {row.notice})
        for reference, outcome in outcomes.get(notice, {}).items()
        if outcome == "upheld"
    ]
    own = outcomes.get(row.notice, {})
    days = row.closes_on, row.closes_at
    later = None if last == row.notice else last
    return StandingNotice(row.notice, row.steps, *days, own, before, upheld, later)


async def find_notice(db: AsyncSession, cycle_id: UUID, notice: int) -> NoticeRow:
    """Return a notice; refuse one that there is not, or that was altered."""
    row = await db.get(NoticeRow, (cycle_id, notice))
    if row is None:
        raise NoSuchNotice(f"There is no notice {notice}.", f"没有第{notice}号公示。")
    await require_intact(db, str(cycle_id), "notice", records=[row.record])
    return row


async def newest_of_category(db: AsyncSession, cycle_id: UUID, category: str) -> int | None:
    """Return the number of the newest notice of a category."""
    of = NoticeRow
    query = select(func.max(of.notice)).where(of.cycle_id == cycle_id, of.category == category)
    found: int | None = await db.scalar(query)
    return found


def shown_units(row: NoticeRow) -> set[str]:
    """Return the units that a notice shows."""
    return {each["unit"] for line in row.document["lists"] for each in line["units"]}
