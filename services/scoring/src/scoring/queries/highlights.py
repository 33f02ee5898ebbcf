"""Questions about highlights, and how they stand."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.pages import PageRequest
from chassis.refusals import Missing
from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.claims.highlights import REPORTED, STANDING, HighlightParties
from scoring.tables.highlights import HighlightEvidenceRow, HighlightRow, HighlightStateRow

_TABLES = ("highlight", "highlight_state", "highlight_evidence")


class NoSuchHighlight(Missing):
    """The caller may not know of such a highlight in this cycle."""

    zh = "本年度没有调用者可以查阅的这条亮点。"
    remedy = "Look the id up in the list of highlights.", "请在亮点清单中查对标识。"


def no_such_highlight(highlight_id: UUID) -> NoSuchHighlight:
    """Return the refusal of a highlight that the caller may not know of."""
    return NoSuchHighlight(f"There is no highlight {highlight_id}.", f"没有亮点 {highlight_id}。")


class StoredHighlight(NamedTuple):
    """A highlight and its latest state."""

    row: HighlightRow
    state: HighlightStateRow


async def find_highlight(db: AsyncSession, cycle_id: UUID, highlight_id: UUID) -> StoredHighlight:
    """Return a highlight as it stands; refuse one that there is not, or that was altered."""
    row = await db.get(HighlightRow, (cycle_id, highlight_id))
    if row is None:
        raise no_such_highlight(highlight_id)
    await require_true_highlights(db, cycle_id)
    of = HighlightStateRow
    query = select(of).where(of.cycle_id == cycle_id, of.highlight_id == highlight_id)
    state = (await db.scalars(query.order_by(of.step.desc()).limit(1))).one()
    return StoredHighlight(row, state)


async def require_true_highlights(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to tell of highlights that are not what the journal recorded: a few for each unit."""
    await require_intact(db, str(cycle_id), *_TABLES)


async def highlights_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    readable: Collection[str] | None,
    unit: str | None,
    states: Collection[str],
) -> list[StoredHighlight]:
    """Return the readable highlights of a page and one more where others follow, as they came."""
    of, told = HighlightRow, HighlightStateRow
    mine = [of.cycle_id == cycle_id]
    if readable is not None:
        mine.append(one_of(of.unit, readable))
    wanted = [*mine]
    if unit is not None:
        wanted.append(of.unit == unit)
    if states:
        wanted.append(one_of(told.state, states))
    if page.after is not None:
        begin = select(of.number).where(*mine, of.highlight_id == page.after_id)
        number = await db.scalar(begin)
        if number is None:
            raise page.no_such_place()
        wanted.append(of.number > number)
    query = select(of, told).join(told, _stands_so()).where(*wanted)
    rows = await db.execute(query.order_by(of.number).limit(page.limit + 1))
    return [StoredHighlight(*row) for row in rows]


def _stands_so() -> ColumnElement[bool]:
    """Return the condition that a state is the present one of a highlight."""
    of, told, each = HighlightRow, HighlightStateRow, aliased(HighlightStateRow)
    last = select(func.max(each.step)).where(
        each.cycle_id == of.cycle_id, each.highlight_id == of.highlight_id
    )
    same = (told.cycle_id == of.cycle_id) & (told.highlight_id == of.highlight_id)
    return same & (told.step == last.correlate(of).scalar_subquery())


async def standing_by_unit(db: AsyncSession, cycle_id: UUID) -> Counter[str]:
    """Return how many highlights of each unit stand: reported or accepted."""
    of, told = HighlightRow, HighlightStateRow
    query = (
        select(of.unit, func.count())
        .join(told, _stands_so())
        .where(of.cycle_id == cycle_id, one_of(told.state, STANDING))
        .group_by(of.unit)
    )
    return Counter({unit: number for unit, number in await db.execute(query)})  # noqa: C416 - dict() takes no typed Row


async def waiting_highlights(db: AsyncSession, cycle_id: UUID) -> list[HighlightParties]:
    """Return whom the highlights of a cycle concern that nobody has examined."""
    of, told = HighlightRow, HighlightStateRow
    query = select(of.unit, of.author_person, told.state).join(told, _stands_so())
    rows = await db.execute(query.where(of.cycle_id == cycle_id, told.state == REPORTED))
    return [HighlightParties(*row) for row in rows]


async def evidence_of_highlights(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """Return which files each of these highlights names, in the order in which it did."""
    of = HighlightEvidenceRow
    query = select(of.highlight_id, of.evidence_id).where(
        of.cycle_id == cycle_id, of.highlight_id.in_(ids)
    )
    found: dict[UUID, list[UUID]] = {}
    for highlight_id, evidence_id in await db.execute(query.order_by(of.number)):
        found.setdefault(highlight_id, []).append(evidence_id)
    return found
