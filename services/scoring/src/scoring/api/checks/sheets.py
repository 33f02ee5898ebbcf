"""The sheet of what a team checks at a drawn unit (核查表), out of the record with its evidence."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.checks.keeping import PEERS, no_such_check, require_drawn
from scoring.api.ledger.documents import NamedFile
from scoring.api.ledger.entries import AnyKind, State
from scoring.peers import AskPeers
from scoring.queries.checks import (
    HeldCheck,
    entries_to_check,
    held_checks,
    late_among,
)
from scoring.queries.drawn_entries import standing_for
from scoring.queries.evidence import Named, evidence_of_entries, uses_of
from scoring.queries.ledger import entry_rows, require_true_entries
from scoring.rules.checks.draw import NoSuchCheck
from scoring.rules.checks.sheet import LOOK_FOR, Recorded, look_for
from scoring.rules.checks.teams import TEAM, NotDrawn
from scoring.rules.ledger.states import COUNTED
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/checks/{check}/sheets", tags=["checks"])


class CheckedEntry(Outgoing):
    """An entry that a team checks: what it tells, by which document and files, and what to look
    for at it."""

    entry_id: UUID
    indicator: str
    indicator_name: str
    clause: str | None
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    document_no: str | None
    document_date: dt.date | None
    authority: str | None
    author_unit: str
    state: State
    evidence: list[NamedFile]
    look_for: list[Annotated[str, OneOf(*LOOK_FOR)]]


@router.get("/{unit}", responses=documents(NoSuchCheck, NotDrawn, *PEERS))
async def read_check_sheet(
    cycle_id: UUID,
    check: Code,
    unit: Code,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
) -> Page[CheckedEntry]:
    """List what is checked at a drawn unit, with the evidence that it names and what to look for:
    the entries that were drawn, or all that count, in the order of their ids.

    It is read by the unit's team, the office and the auditor.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = (await held_checks(db, cycle_id)).get(check)
    team = held.teams().get(unit) if held else None
    permit.require({TEAM} if team and team.has(permit.caller) else ())
    if held is None:
        raise no_such_check(check)
    require_drawn(held, unit)
    ids = await entries_checked(db, held, unit)
    wanted = page.later_of(sorted(ids), lambda each: each)[: page.limit + 1]
    told = await _told(db, held, wanted, scheme)
    return Page[CheckedEntry].of(told, page.limit, lambda each: str(each.entry_id))


async def entries_checked(db: AsyncSession, held: HeldCheck, unit: str) -> Sequence[UUID]:
    """Return the entries that are checked at a drawn unit: those that were drawn, or what stands in
    the place of one by now."""
    drawn = held.drawn_entries(unit)
    if drawn is not None:
        about = db, held.row.cycle_id, drawn, held.listed_entries
        found = [one for each in await standing_for(*about) for one in each.checked]
        return [*dict.fromkeys(found)]
    now = await entries_to_check(db, held.row.cycle_id, [unit])
    return [UUID(each) for each in now.get(unit, ())]


async def _told(
    db: AsyncSession, held: HeldCheck, ids: Sequence[UUID], scheme: Scheme
) -> list[CheckedEntry]:
    cycle_id = held.row.cycle_id
    rows = await entry_rows(db, cycle_id, ids)
    await require_true_entries(db, cycle_id, rows.values())
    files = await evidence_of_entries(db, cycle_id, ids)
    uses = await uses_of(db, cycle_id, {one.evidence_id for each in files.values() for one in each})
    shared = {evidence_id for evidence_id, found in uses.items() if len(found) > 1}
    late = await late_among(db, cycle_id, ids)
    return [_entry(rows[each], files, shared, late, scheme) for each in ids]


def _entry(
    row: LedgerEntryRow,
    files: Mapping[UUID, Sequence[Named]],
    shared: Collection[UUID],
    late: Collection[UUID],
    scheme: Scheme,
) -> CheckedEntry:
    named = files.get(row.entry_id, ())
    category = scheme.category_of().get(row.unit)
    indicator = category.indicators().get(row.indicator) if category else None
    recorded = Recorded(
        own=row.author_unit == row.unit,
        files=len(named),
        shared=any(each.evidence_id in shared for each in named),
        late=row.entry_id in late,
        restates=row.restates is not None,
        counts=row.state in COUNTED,
    )
    besides = {
        "indicator_name": indicator.name if indicator else row.indicator,
        "clause": indicator and indicator.clause,
        "evidence": [NamedFile.model_validate(each._asdict()) for each in named],
        "look_for": look_for(recorded),
    }
    alike = {name: getattr(row, name) for name in CheckedEntry.model_fields.keys() - besides.keys()}
    return CheckedEntry.model_validate(alike | besides)
