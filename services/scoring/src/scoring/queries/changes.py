"""Pages of what changed in the ledger, in the order in which the journal recorded it.

An entry changes when it is entered and whenever its state does; what it says never changes. Each
entry stands once, where its latest change was recorded. Who goes on from the last `changed_at`
misses nothing: in a chain what is committed later was recorded later (`chassis.journal.SINCE`).
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.journal import SINCE
from chassis.pages import PageRequest
from scoring.queries.entries import (
    LATEST,
    SHOWN,
    TOLD,
    Lead,
    Question,
    ShownEntry,
    Wanted,
    Way,
    leads_of,
    read_by,
    shown_by,
)
from scoring.queries.planning import in_order_as_kept


async def changes_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
    since: dt.datetime,
) -> Sequence[ShownEntry]:
    """Return the readable entries that changed at a moment or later and are asked for, in the order
    of their changes, and one more where others follow; refuse them if they were altered."""
    place = page.after_change(since, UUID, UUID(int=0))
    asked = Question([cycle_id, page.limit + 1, place.moment, place.key])
    states = asked.given(wanted.states, "text[]")
    condition = f"{read_by(ways, asked)} AND {wanted.holds(asked)} AND e.state = ANY ({states})"
    leads = leads_of(ways, wanted)
    if await _are_few(db, cycle_id, place.moment, leads, wanted):
        streams = " UNION ALL ".join(
            _OWN.format(asked.given(lead.keys(wanted.states), "text[]"), lead.key, condition)
            for lead in leads
        )
        return await shown_by(db, cycle_id, _OF_FEW.format(streams, by="place"), asked)
    if wanted.source_ref is not None:
        condition += f" AND e.source_ref = {asked.given(wanted.source_ref, 'text')}"
    return await shown_by(db, cycle_id, _PAGE.format(condition, by="place"), asked)


_FEW, _MANY = 20_000, 5_000
"""Up to how many entries are each asked for their latest change, and after how many changes that is
better than to look through these."""


_BROAD = frozenset[tuple[str, ...]]({(), ("kind",), ("period",)})
"""What leads to entries of all units and sources."""


async def _are_few(
    db: AsyncSession, cycle_id: UUID, since: dt.datetime, leads: Sequence[Lead], wanted: Wanted
) -> bool:
    """Say whether there are few entries to look at, and many changes among which they would have to
    be sought: the marks that one seat has given, in the ledger of a whole year.
    """
    if wanted.source_ref is not None or not _BROAD.isdisjoint(lead.columns for lead in leads):
        return False
    asked = Question([cycle_id, since])
    # None at all: nothing is to be read.
    streams = " UNION ALL ".join(
        _COUNTED.format(asked.given(lead.keys(wanted.states), "text[]"), lead.key) for lead in leads
    )
    driver = await driver_of(db)
    await driver.execute(in_order_as_kept(driver))
    statement = _HOW_MANY.format(streams or "SELECT 1 WHERE false")
    own, changes = await driver.fetchrow(statement, *asked.values)
    return bool(leads) and own <= _FEW and changes > _MANY


_COUNTED = f"""
    SELECT 1 FROM unnest({{}}) each CROSS JOIN LATERAL (
      SELECT 1 FROM ledger_entry_standing e
      WHERE e.cycle_id = $1 AND {{}} = each LIMIT {_FEW + 1}) own"""  # noqa: S608 - names of our own

# No more than tells which way is the shorter one.
_HOW_MANY = f"""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM ({{}}) streams LIMIT {_FEW + 1}) own),
      (SELECT count(*) FROM (
        SELECT 1 FROM (
          SELECT j.record FROM journal_entry j
          WHERE j.home = $1 AND j.chain = $1::uuid::text
            AND j.seq >= {SINCE.format("$1::uuid::text", "$2::timestamptz")}
            AND 'ledger_entry_state' = ANY (j.tables)
          ORDER BY j.seq) j
        CROSS JOIN LATERAL (SELECT 1 FROM ledger_entry_state s
          WHERE s.record = j.record AND s.cycle_id::text = $1::uuid::text OFFSET 0) told
        LIMIT {_MANY + 1}) changes)
    """  # noqa: S608 - names of our own

_OWN = """
    SELECT own.entry_id FROM unnest({}) each CROSS JOIN LATERAL (
      SELECT e.entry_id FROM ledger_entry_standing e
      WHERE e.cycle_id = $1 AND {} = each AND {} ORDER BY e.number) own"""

# The record of each entry's latest state, and of these, which are few, the moments.
_OF_FEW = f"""
    WITH own AS MATERIALIZED (SELECT DISTINCT streams.entry_id FROM ({{}}) streams),
    latest AS MATERIALIZED (
      SELECT own.entry_id, last.record FROM own CROSS JOIN LATERAL (
        SELECT s.record FROM ledger_entry_state s
        WHERE s.cycle_id = $1 AND s.entry_id = own.entry_id ORDER BY s.step DESC LIMIT 1) last),
    moments AS MATERIALIZED (
      SELECT each.record, (SELECT max(j.recorded_at) FROM journal_entry j
        WHERE j.record = each.record AND j.home::text = $1::uuid::text
          AND j.chain || '' = $1::uuid::text
          AND 'ledger_entry_state' = ANY (j.tables)) AS moment
      FROM (SELECT DISTINCT record FROM latest) each),
    found AS MATERIALIZED (
      SELECT latest.entry_id,
        row_number() OVER (ORDER BY moments.moment, latest.entry_id) AS place
      FROM latest JOIN moments USING (record)
      WHERE (moments.moment, latest.entry_id) > ($3::timestamptz, $4::uuid)
      ORDER BY place LIMIT $2),
    shown AS MATERIALIZED (
      SELECT {SHOWN}, found.place FROM found
      CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = found.entry_id OFFSET 0) e
      {LATEST})
    {TOLD}
    """  # noqa: S608 - names of our own

# Of each entry of the journal the states that it tells of are looked at in their order, and of
# these only the latest of their entries; none is sorted that is not shown. The cycle as a text:
# states are found by their record, entries by their id, and by nothing else.
_PAGE = f"""
    WITH found AS MATERIALIZED (
      SELECT each.*, row_number() OVER () AS place FROM (
        SELECT told.entry_id FROM (
          SELECT j.seq, j.record, j.recorded_at FROM journal_entry j
          WHERE j.home = $1 AND j.chain = $1::uuid::text
            AND j.seq >= {SINCE.format("$1::uuid::text", "$3::timestamptz")}
            AND 'ledger_entry_state' = ANY (j.tables)
          ORDER BY j.seq) j
        CROSS JOIN LATERAL (
          SELECT s.entry_id FROM ledger_entry_state s
          CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
            WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = s.entry_id OFFSET 0) e
          WHERE s.record = j.record AND s.cycle_id::text = $1::uuid::text AND s.step = e.step
            AND s.entry_id > CASE WHEN j.recorded_at = $3::timestamptz THEN $4::uuid
              ELSE '00000000-0000-0000-0000-000000000000' END
            AND {{}}
          ORDER BY s.entry_id LIMIT $2) told
        ORDER BY j.seq, told.entry_id LIMIT $2) each),
    shown AS MATERIALIZED (
      SELECT {SHOWN}, found.place FROM found
      CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = found.entry_id OFFSET 0) e
      {LATEST})
    {TOLD}
    """  # noqa: S608 - names of our own
