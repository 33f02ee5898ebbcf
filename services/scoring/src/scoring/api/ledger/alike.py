"""Likely duplicates (疑似重复): pointed out to who enters, and listed for the office."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from scoring.api.ledger.entries import LedgerEntry, written
from scoring.queries.alike import Pair, pairs_on_page, shown_entries
from scoring.queries.entries import ShownEntry
from scoring.rules.ledger.likeness import SAME_DOCUMENT, SAME_SUBJECT, Alike, By, Likeness
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.states import DRAFT

router = Router("/cycles/{cycle_id}/ledger-entries/likely-duplicates", tags=["ledger"])

_ENTRIES = "GET /api/v1/cycles/{cycle_id}/ledger-entries"


class LikelyDuplicate(Outgoing):
    """An entry that a row looks like, of those that its sender may read: about the same unit,
    indicator, kind, key, item and period, of the same day in any period, or naming the same
    `document` or matter.

    It is for somebody to look at, and no finding. `position` is that of an earlier row of the same
    batch, which has no `entry_id` where nothing is kept.
    """

    by: By
    document: str | None
    entry_id: UUID | None
    position: int | None


class LikelyPair(Outgoing):
    """An entry, and the latest one before it that it looks like; both stand. `key` names the pair
    in the list."""

    key: str
    by: By
    document: str | None
    entry: LedgerEntry
    like: LedgerEntry


def reader(permit: Permission) -> Callable[[StoredEntry], bool]:
    """Return which entries somebody may surely read who enters some: those of the own unit's
    making, and those about it that were handed in."""
    reads, own = permit.of(_ENTRIES), permit.caller.organisation
    if reads.allows():
        return lambda _: True
    of_own, about_own = reads.allows({NAMED_SOURCE}), reads.allows({"own_unit"})

    def may(entry: StoredEntry) -> bool:
        made = of_own and entry.author_unit == own
        about = about_own and entry.unit == own and entry.state != DRAFT
        return own is not None and (made or about)

    return may


def likely_duplicates(
    found: Alike, row: int, permit: Permission, ids: Mapping[int, UUID]
) -> list[LikelyDuplicate]:
    """Return what somebody who enters a row is told that it looks like; `ids` are those of the rows
    that are kept."""
    return [_told(each, ids) for each in found.told(row, reader(permit))]


def _told(each: Likeness, ids: Mapping[int, UUID]) -> LikelyDuplicate:
    entry_id = ids.get(-1 if each.row is None else each.row)
    return LikelyDuplicate(
        by=each.by,
        document=each.document,
        entry_id=entry_id if each.entry is None else each.entry.entry_id,
        position=each.row,
    )


@router.get("", responses=documents(StoredDataAltered))
async def list_likely_duplicates(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
    indicator: Annotated[
        Code | None, Query(description="Of which the later one is entered for this indicator.")
    ] = None,
) -> Page[LikelyPair]:
    """List the entries of the cycle that look like one before them, in order of arrival: about the
    same unit, indicator, kind, key, item and period, of the same day in any period, or naming the
    same document or matter number, however it is written.

    An entry stands beside the latest one that it was like when it came. Pairs of which one has
    been withdrawn, replaced or reversed since are left out, and so are marks from seats. It is for
    somebody to look at, and no finding.
    """
    pairs = await pairs_on_page(db, cycle_id, page, unit, indicator)
    ids = {each for pair in pairs for each in (pair.entry_id, pair.like_id)}
    entries = await shown_entries(db, cycle_id, ids)
    more = pairs[page.limit - 1].key if len(pairs) > page.limit else None
    return Page(items=[_pair(each, entries) for each in pairs[: page.limit]], next=more)


def _pair(pair: Pair, entries: Mapping[UUID, ShownEntry]) -> LikelyPair:
    entry, like = (written(entries[each], knows=True) for each in (pair.entry_id, pair.like_id))
    return LikelyPair(
        key=pair.key,
        by=SAME_DOCUMENT if pair.document else SAME_SUBJECT,
        document=pair.document or None,
        entry=LedgerEntry.model_validate(entry),
        like=LedgerEntry.model_validate(like),
    )
