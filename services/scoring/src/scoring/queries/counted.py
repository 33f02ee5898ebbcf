"""Questions about all that a score sheet is computed from: the entries that count, the claims, and
whether either has changed."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    any_,
    case,
    cast,
    column,
    func,
    inspect,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from chassis.journal import sha256
from chassis.spreading import unseen
from scoring.queries.card_events import cards_told
from scoring.queries.check_frauds import frauds_told
from scoring.queries.claims import (
    claim_standing_of,
    counted_by,
    counts_now,
    latest_states,
    scored_in,
    standing_columns,
)
from scoring.queries.corrections import approved_corrections
from scoring.queries.item_events import earned_of
from scoring.queries.ledger import entries_about, looked_up, one_of
from scoring.rules.claims.checks import HANDED_IN_WITH, Claim
from scoring.rules.corrections.claims import with_corrections
from scoring.rules.corrections.correcting import (
    Correction,
    corrected_by_id,
    laid_over,
    of_entries,
    roots_of,
)
from scoring.rules.items.item_events import told_of_item
from scoring.rules.ledger.entries import (
    BY_OFFICE,
    EXTERNAL_RESULT,
    REVERSAL,
    SUPERIOR_RANK,
    Entry,
    ResultDocument,
    SuperiorList,
)
from scoring.rules.ledger.states import (
    COUNTED,
    LOCKED,
    OPEN,
)
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow
from scoring.tables.ledger import (
    LedgerCountRow,
    LedgerEntryRow,
    LedgerEntryStateRow,
    LedgerRow,
)

_LARGE_PART = 4
"""Of how many parts a cycle may consist that are each read as it lies, and not unit by unit."""


_PART = 20_000
"""How many entries are read from the database at a time."""


Document = TypeVar("Document", SuperiorList, ResultDocument)
"""What an entry tells of the document in which it stands."""

_TOLD_APART = (
    "former",
    "card",
    "superior_list",
    "result_document",
    "corrected",
    "corrects",
    "fraud",
)
_COLUMNS = tuple(name for name in Entry._fields if name not in _TOLD_APART)
"""The fields of an entry that are columns of its row."""


_TEXTS = frozenset(_COLUMNS) - {"entry_id", "value", "occurred_on"}
"""The fields of an entry that are texts."""


async def digests_by_unit(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, str]:
    """Return by unit a SHA-256 of which entries there are about it and how often each has moved.

    What was sent back twice has moved, although it stands as it did. A seal moves nothing by it:
    the step by which an entry is locked does not count.
    """
    of = LedgerEntryRow.__table__
    # In order of arrival, as they lie in the table, and not grouped: of a cycle that began after
    # the last ANALYZE the planner would hop from unit to unit.
    lying = select(of).where(of.c.cycle_id == cycle_id, one_of(of.c.unit, units))
    as_they_lie = lying.order_by(of.c.number).offset(0).subquery()
    few = await _are_few(db, cycle_id, units)
    row = entries_about(cycle_id, units).c if few else as_they_lie.c
    moved = case((row.state == LOCKED, row.step - 1), else_=row.step).label("moved")
    each = select(row.unit, row.entry_id, moved).offset(0).subquery().c
    told = func.string_agg(
        cast(each.entry_id, Text) + " " + cast(each.moved, Text),
        aggregate_order_by(literal(","), each.entry_id),
    )
    digest = func.encode(func.sha256(func.convert_to(told, "UTF8")), "hex")
    found = await db.execute(select(each.unit, digest).group_by(each.unit))
    return {unit: each for unit, each in found}  # noqa: C416 - dict() takes no typed Row


async def _are_few(db: AsyncSession, cycle_id: UUID, units: Collection[str]) -> bool:
    """Say whether the entries about some units are a small part of the cycle, and are better looked
    up unit by unit than read as they lie."""
    count = LedgerCountRow
    some = func.sum(count.number).filter(one_of(count.unit, units))
    whole = func.sum(count.number).filter(count.unit == "")
    told = count.cycle_id == cycle_id, one_of(count.unit, ["", *units])
    return bool(await db.scalar(select(some * _LARGE_PART < whole).where(*told)))


async def digest_of_states(db: AsyncSession, cycle_id: UUID) -> str:
    """Return a SHA-256 of which entries and claims a cycle has and how far each has come."""
    entry, claim = LedgerEntryRow, ClaimStateRow
    steps = func.max(claim.step).label("step")
    claims = select(claim.claim_id, steps).where(claim.cycle_id == cycle_id)
    latest = claims.group_by(claim.claim_id).subquery().c
    # Two statements, so that neither's plan depends on how many rows the other one has.
    entries = await db.scalar(
        select(_stepped(entry.entry_id, entry.step)).where(entry.cycle_id == cycle_id)
    )
    return sha256([entries, await db.scalar(select(_stepped(latest.claim_id, latest.step)))])


def _stepped(key: Any, step: Any) -> ColumnElement[str]:  # noqa: ANN401 - columns of any kind
    each = cast(key, Text) + " " + cast(step, Text)
    listed = func.string_agg(each, aggregate_order_by(literal(","), key))
    told = func.convert_to(func.coalesce(listed, ""), "UTF8")
    return func.encode(func.sha256(told), "hex")


async def counted_entries(
    db: AsyncSession,
    cycle_id: UUID,
    units: Sequence[str],
    at: dt.datetime | None = None,
    *,
    told_only: bool = False,
) -> list[Entry]:
    """Return the entries of these units that count: verified or locked, and no reversals, with the
    corrections of a sealed ledger laid over them.

    With `at` those that counted at that moment, whatever has become of them since; with `told_only`
    without corrections that no unit has been told.
    """
    of = LedgerEntryRow.__table__.c
    about = [of.cycle_id == cycle_id, one_of(of.unit, units)]
    if await _are_few(db, cycle_id, units):
        of, about = entries_about(cycle_id, units).c, []
    state = of.state if at is None else _state_at(of, at)
    found = await _entries(db, cycle_id, of, *about, of.kind != REVERSAL, state.in_(COUNTED))
    corrections = await approved_corrections(db, cycle_id, at, told_only=told_only)
    return laid_over(found, corrections, units) if corrections else found


def _state_at(of: ReadOnlyColumnCollection[str, Any], at: dt.datetime) -> ColumnElement[str]:
    """Return the state that an entry was in at a moment, looked up by its key; null before it was
    entered."""
    each = LedgerEntryStateRow
    latest = select(each.state).where(
        each.cycle_id == of.cycle_id, each.entry_id == of.entry_id, each.entered_at <= at
    )
    return latest.order_by(each.step.desc()).limit(1).scalar_subquery()


async def counted_of_others(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> list[Entry]:
    """Return the entries that count, of all units but these: such as the scheme does not assess."""
    of = LedgerEntryRow.__table__.c
    others = ~one_of(of.unit, units), of.kind != REVERSAL, of.state.in_(COUNTED)
    return await _entries(db, cycle_id, of, of.cycle_id == cycle_id, *others)


async def annual_entries(
    db: AsyncSession,
    cycle_id: UUID,
    indicators: Collection[str],
    year: int,
    units: Collection[str] | None = None,
) -> list[Entry]:
    """Return what counts for some indicators and the whole year, of these units or of all; of some
    without corrections that no unit has been told."""
    of = LedgerEntryRow.__table__.c
    for_ = of.indicator == any_(literal(sorted(indicators), ARRAY(Text)))
    whole = of.period == str(year), of.state.in_(COUNTED)
    some = () if units is None else (one_of(of.unit, units),)
    found = await _entries(db, cycle_id, of, of.cycle_id == cycle_id, for_, *whole, *some)
    about = [
        each
        for each in await approved_corrections(db, cycle_id, told_only=units is not None)
        if each.indicator in indicators and each.period == str(year)
    ]
    if not about:
        return found
    return laid_over(found, about, {each.unit for each in about} if units is None else units)


async def entries_by_id(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID], units: Sequence[str]
) -> list[Entry]:
    """Return these entries of some units, whatever has become of them since; by the id of a
    correction what counted by it."""
    found = await _entries(db, cycle_id, inspect(looked_up(cycle_id, ids)).selectable.c)
    if len(found) < len(set(ids)):
        found += await _corrected(db, cycle_id, set(ids) - {each.entry_id for each in found})
    wanted = frozenset(units)
    return [each for each in found if each.unit in wanted]


async def _corrected(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> list[Entry]:
    """Return what counted by the corrections of these ids."""
    approved = await approved_corrections(db, cycle_id)
    corrections = {each.correction_id: each for each in of_entries(approved)}
    roots = roots_of([each for each in ids if each in corrections], corrections)
    rows = (
        await _entries(db, cycle_id, inspect(looked_up(cycle_id, [*roots])).selectable.c)
        if roots
        else []
    )
    return [*corrected_by_id(ids, corrections, {each.entry_id: each for each in rows})]


async def _entries(
    db: AsyncSession,
    cycle_id: UUID,
    of: ReadOnlyColumnCollection[str, Any],
    *conditions: ColumnElement[bool],
) -> list[Entry]:
    # Plain columns, past the mapping of classes: there may be hundreds of thousands of rows.
    wanted = select(*(of[name] for name in _COLUMNS), of.restates).where(*conditions)
    # Part by part: all rows at once take three times the memory of the entries made of them.
    in_parts = wanted.order_by(of.entry_id).execution_options(yield_per=_PART)
    rows = await (await db.connection()).stream(in_parts)
    same: dict[str | None, str | None] = {}
    found, restated = list[Entry](), dict[UUID, UUID]()
    async for part in rows.partitions():
        found += _made(part, same)
        restated |= {row[0]: row[-1] for row in part if row[-1] is not None}
    found = await _with_former(db, cycle_id, found, restated) if restated else found
    return await _with_lists(db, cycle_id, await _with_cards(db, cycle_id, found))


def _made(rows: Sequence[Sequence[Any]], same: dict[str | None, str | None]) -> Iterable[Entry]:
    """Build entries from rows, keeping one of equal texts: every row brings copies of its own."""
    columns = [
        list(map(same.setdefault, column, column)) if name in _TEXTS else column
        for name, column in zip(_COLUMNS, zip(*rows, strict=True), strict=False)
    ]
    return starmap(Entry, zip(*columns, strict=True))


async def _with_former(
    db: AsyncSession, cycle_id: UUID, entries: Sequence[Entry], restated: Mapping[UUID, UUID]
) -> list[Entry]:
    """Return entries with what those told that some of them have `restated`: value, word or day."""
    of = LedgerEntryRow.__table__.c
    told = func.coalesce(of.word, cast(func.trim_scale(of.value), Text), cast(of.occurred_on, Text))
    ids = literal(list(restated.values()), ARRAY(Uuid))
    which = of.entry_id == any_(ids), unseen(of.cycle_id, cycle_id)
    rows = await db.execute(select(of.entry_id, told.label("told")).where(*which))
    former = {row.entry_id: row.told for row in rows}
    return [
        each._replace(former=former[restated[each.entry_id]]) if each.entry_id in restated else each
        for each in entries
    ]


async def _with_cards(db: AsyncSession, cycle_id: UUID, entries: list[Entry]) -> list[Entry]:
    """Return entries, the events of cards with what these were drawn for, and what the committee
    found to be fraud with that."""
    ids = [each.entry_id for each in entries if each.author_unit == BY_OFFICE]
    if not ids:
        return entries
    items = {each: told_of_item(*one) for each, one in (await earned_of(db, cycle_id, ids)).items()}
    told, frauds = items | await cards_told(db, cycle_id, ids), await frauds_told(db, cycle_id, ids)
    if not (told or frauds):
        return entries
    return [
        e._replace(card=told.get(e.entry_id), fraud=frauds.get(e.entry_id))
        if e.author_unit == BY_OFFICE
        else e
        for e in entries
    ]


async def _with_lists(db: AsyncSession, cycle_id: UUID, entries: list[Entry]) -> list[Entry]:
    """Return entries, places in lists of the superior with these lists, and what another system
    found with its documents."""
    lists = await _documents(db, cycle_id, entries, SUPERIOR_RANK, SuperiorList)
    results = await _documents(db, cycle_id, entries, EXTERNAL_RESULT, ResultDocument)
    if not lists and not results:
        return entries
    return [
        each._replace(superior_list=lists[each.entry_id])
        if each.entry_id in lists
        else each._replace(result_document=results[each.entry_id])
        if each.entry_id in results
        else each
        for each in entries
    ]


async def _documents(
    db: AsyncSession,
    cycle_id: UUID,
    entries: Iterable[Entry],
    kind: str,
    shape: type[Document],
) -> dict[UUID, Document]:
    """Return what entries of a kind tell of their documents."""
    ids = [each.entry_id for each in entries if each.kind == kind]
    if not ids:
        return {}
    of = LedgerEntryRow.__table__.c
    asked = select(of.entry_id, *(of[name] for name in shape._fields))
    which = of.entry_id == any_(literal(ids, ARRAY(Uuid))), unseen(of.cycle_id, cycle_id)
    rows = await db.execute(asked.where(*which))
    return {row[0]: shape(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The claims about some units, the ledger's phase, how far the journal has come, and the
    corrections of the cycle."""

    claims: list[Claim]
    phase: str
    position: int
    corrections: Sequence[Correction] = ()


async def ledger_state(
    db: AsyncSession,
    cycle_id: UUID,
    units: Sequence[str],
    at: dt.datetime | None = None,
    *,
    told_only: bool = False,
) -> LedgerState:
    """Return the claims about these units, by number and unit, with the corrections of a sealed
    ledger laid over them, and where the ledger stands.

    By one statement: phase and position are a row even where there is no claim. With `at` the
    claims are those of that moment, as they stood then; phase and position are the present ones.
    """
    cycle = select(literal(cycle_id, Uuid()).label("cycle_id")).subquery()
    about = ClaimRow.unit == any_(literal(list(units), ARRAY(Text)))
    if at is None:
        latest = latest_states(ClaimStateRow.cycle_id == cycle_id)
        takes = counts_now()
    else:
        state = ClaimStateRow
        by_then = (state.cycle_id == cycle_id) & (state.entered_at <= at)
        latest = latest_states(by_then)
        takes = counted_by(latest)
        # Each has a state from the moment on when it was handed in.
        about &= ClaimRow.claim_id.in_(select(state.claim_id).where(by_then))
    rows = await db.execute(
        select(
            func.coalesce(LedgerRow.phase, OPEN).label("phase"),
            func.coalesce(_HEAD.c.seq, 0).label("position"),
            *(getattr(ClaimRow, name) for name in HANDED_IN_WITH),
            scored_in(at).label("scored_in"),
            *standing_columns(latest, at),
        )
        .select_from(cycle)
        .outerjoin(LedgerRow, LedgerRow.cycle_id == cycle.c.cycle_id)
        .outerjoin(_HEAD, (_HEAD.c.home == cycle_id) & (_HEAD.c.chain == str(cycle_id)))
        .outerjoin(ClaimRow, (ClaimRow.cycle_id == cycle.c.cycle_id) & about)
        .outerjoin(latest, latest.c.claim_id == ClaimRow.claim_id)
        .outerjoin(CountedAwardRow, takes)
        .order_by(ClaimRow.claim_no, ClaimRow.unit)
    )
    found = rows.all()
    claims = [
        Claim(
            **{name: getattr(row, name) for name in HANDED_IN_WITH},
            standing=claim_standing_of(row),
            scored_in=row.scored_in,
        )
        for row in found
        if row.claim_id is not None
    ]
    phase, corrections = found[0].phase, list[Correction]()
    if phase != OPEN:  # nothing is corrected before the seal
        corrections = await approved_corrections(db, cycle_id, at, told_only=told_only)
    claims = with_corrections(claims, corrections) if corrections else claims
    return LedgerState(claims, phase, found[0].position, corrections)


_HEAD = table(
    "journal_head", column("home", Uuid), column("chain", Text), column("seq", BigInteger)
)
