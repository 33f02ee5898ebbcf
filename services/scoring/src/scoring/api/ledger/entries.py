"""Ledger entries (台账): what of the ledger a caller may read, and by which filters."""

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import Depends, Query, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.pages import Change, Moment, Page, PageQuery, PageRequest, SoughtText
from chassis.problems import documents
from chassis.refusals import Fault, Invalid
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing, Text, plain
from scoring.api.explanation.readers import MEASURED, UNINVOLVED, Duties, duties_of
from scoring.api.ledger.clocks import Clock, FoundEntries, LateBy, clock_of, late_on_page
from scoring.api.ledger.clocks import Late as Lateness_
from scoring.api.ledger.codes import (
    ReadInScheme,
    beside_of,
)
from scoring.peers import (
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
    Peers,
)
from scoring.queries.changes import changes_on_page
from scoring.queries.entries import (
    NEWEST_FIRST,
    OLDEST_FIRST,
    Order,
    ShownEntry,
    Wanted,
    Way,
    anything,
    entries_on_page,
    handed_in,
    mark,
    no_mark,
    own_words,
    reviewed_by,
    verified_value,
)
from scoring.queries.lateness import Lacking
from scoring.rules.checks.teams import TEAM
from scoring.rules.explanation.abstention import ORGANISER
from scoring.rules.ledger.codes import (
    OWN_CODES,
    IdSchemeUnknown,
)
from scoring.rules.ledger.completeness import NoSuchCategory, category_of
from scoring.rules.ledger.entries import KINDS_ZH, LONGEST_LIST, REVERSAL
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT
from scoring.rules.ledger.states import REVIEWER, SECOND_BODY, STATES
from scoring.rules.ledger.support import Support
from scoring.rules.scheme.tags import UnknownTag, tags_of

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

Kind = Annotated[str, OneOf(*[kind for kind in KINDS_ZH if kind != REVERSAL])]
"""A kind of what is entered; a reversal is made of another entry."""

AnyKind = Annotated[str, OneOf(*KINDS_ZH)]
State = Annotated[str, OneOf(*STATES)]

States = Annotated[
    list[State] | None,
    Query(max_length=len(STATES), description="In one of these states."),
]
"""Several states: the parameter is repeated."""

DocumentNo = Annotated[Text, Field(max_length=128)]
"""The number of a document (文号): 1 to 128 characters."""

Authority = Annotated[Text, Field(max_length=128)]
"""Who issued a document: 1 to 128 characters."""

Listed = Annotated[int, Field(ge=1, le=LONGEST_LIST)]
"""How many a list of the superior ranks."""

Word = Annotated[Text, Field(max_length=64)]
"""A word of the scheme, such as an event, a status or a grade: 1 to 64 characters."""

SourceRef = Annotated[Text, Field(max_length=128, pattern=r"^\S+$")]
"""How the system that sends a row names its own record: 1 to 128 visible characters."""


class LedgerEntry(Outgoing):
    """One entry with its present state; `reverses` is the entry that a reversal takes out.

    `replaces` is the draft or returned entry that it was entered in the place of, `restates` the
    verified one whose value it restates, and takes out once it is verified. `state_reason`
    and `state_by` say why and by whom the state was set; they are told to who made the entry, and
    to who decides or audits. Of a place in a list of the superior (`superior_rank`) there is how
    many are `listed`, by which value, and in which document; of what another system found
    (`external_result`) whose document it is, and about which days.
    """

    entry_id: UUID
    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    listed: int | None
    published_value: Exact | None
    document_no: str | None
    document_date: dt.date | None
    authority: str | None
    about_from: dt.date | None
    about_until: dt.date | None
    state: State
    author: str
    author_unit: str
    source_ref: str | None
    reverses: UUID | None
    replaces: UUID | None
    restates: UUID | None
    entered_at: dt.datetime
    state_reason: str | None
    state_by: str | None
    changed_at: dt.datetime
    late: Lateness_ = NOT_ASKED
    late_by_working_days: LateBy = NOT_ASKED


class SearchTooWide(Invalid):
    """What no index serves is sought only among the entries of a unit, an indicator, a source or a
    period; a part of a text not by a period."""

    zh = "没有索引可用的查找须同时指定单位、指标、录入单位或期间（按文字查找不能只指定期间）。"
    remedy = (
        "Give `unit`, `indicator` or `author_unit` besides, or but for `q` a `period`.",
        "请同时给出 `unit`、`indicator` 或 `author_unit`；除 `q` 外也可给出 `period`。",
    )


class OrderNotPossible(Invalid):
    """What changed is given in the order of its changes, and in no other."""

    zh = "按变更时间读取时，只能按变更先后排列。"
    remedy = (
        "Leave `sort` out, or `changed_since`.",
        "请勿同时携带 `sort` 与 `changed_since`。",
    )


class EntryFilters(NamedTuple):
    """Which entries are asked for, by codes and words as they came."""

    unit: str | None
    indicator: str | None
    state: Collection[str]
    tag: str | None
    category: str | None
    author_unit: str | None
    source_ref: str | None
    kind: Collection[str]
    period: str | None
    q: str | None
    late: bool | None
    lacks_evidence: bool | None

    async def wanted(self, ask: Peers, cycle_id: UUID, clock: Clock | None = None) -> Wanted:
        """Return them by units and indicators; refuse a tag or category that there is not."""
        self._require_narrow()
        return Wanted(
            self.unit,
            self.indicator,
            self.state,
            await of_tag(ask, cycle_id, self.tag, self.category),
            self.author_unit,
            self.source_ref,
            self.kind,
            self.period,
            self.q,
            None if self.late is None else (clock or await clock_of(ask, cycle_id)).late(self.late),
            await self._lacking(ask, cycle_id),
        )

    @property
    def is_of_all_late(self) -> bool:
        """Whether it is asked of a whole ledger which entries were late, or were not."""
        others = (self.unit, self.indicator, self.author_unit, self.period, self.source_ref)
        sought = (self.q, self.lacks_evidence)
        return self.late is not None and not any(others) and sought == (None, None)

    def late_apart(self) -> tuple["EntryFilters", bool | None]:
        """Return what an index finds, and whether, of a whole ledger, what was late is wanted."""
        return (self._replace(late=None), self.late) if self.is_of_all_late else (self, None)

    def _require_narrow(self) -> None:
        """Refuse what would go through a whole ledger."""
        asked = {"q": self.q, "late": self.late, "lacks_evidence": self.lacks_evidence}
        names = [name for name, value in asked.items() if value is not None]
        narrow = self.unit or self.indicator or self.author_unit
        if not names or narrow or (self.period and self.q is None):
            return
        en, zh = SearchTooWide.remedy
        faults = [Fault(f"/query/{name}", "search-too-wide", en, zh) for name in names]
        raise SearchTooWide(en, zh, faults=faults)

    async def _lacking(self, ask: Peers, cycle_id: UUID) -> Lacking | None:
        if self.lacks_evidence is None:
            return None
        scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
        return Lacking(self.lacks_evidence, Support(scheme).words)


async def _filters(
    unit: Annotated[Code | None, Query()] = None,
    indicator: Annotated[Code | None, Query()] = None,
    state: States = None,
    tag: Annotated[Code | None, Query()] = None,
    category: Annotated[
        Code | None, Query(description="Entries about the units of this category.")
    ] = None,
    author_unit: Annotated[
        Code | None, Query(description="Entries that this unit has made.")
    ] = None,
    source_ref: Annotated[
        SourceRef | None,
        Query(description="Entries whose record the system that they come from names so."),
    ] = None,
    kind: Annotated[
        list[AnyKind] | None, Query(max_length=len(KINDS_ZH), description="Of these kinds.")
    ] = None,
    period: Annotated[Word | None, Query(description="About this period.")] = None,
    q: Annotated[
        SoughtText | None,
        Query(
            description="Part of the note, of the word, the key or the item, in capitals or not; "
            "with `unit`, `indicator` or `author_unit`."
        ),
    ] = None,
    late: Annotated[
        bool | None,
        Query(
            description="Handed in after the day on which its period was due or by leave, or in "
            "time. Of a whole ledger so many entries are looked at for a page that it may have few "
            "or none although others follow."
        ),
    ] = None,
    lacks_evidence: Annotated[
        bool | None,
        Query(
            description="Counts with evidence alone and names none, or all others; with `unit`, "
            "`indicator`, `author_unit` or `period`."
        ),
    ] = None,
) -> EntryFilters:
    return EntryFilters(
        unit,
        indicator,
        state or (),
        tag,
        category,
        author_unit,
        source_ref,
        kind or (),
        period,
        q,
        late,
        lacks_evidence,
    )


Filters = Annotated[EntryFilters, Depends(_filters)]
"""Which entries a list or an export of the ledger is to have; several filters hold together."""


@router.get(
    "",
    response_model=Page[LedgerEntry],
    responses=documents(
        UnknownTag,
        NoSuchCategory,
        SearchTooWide,
        OrderNotPossible,
        IdSchemeUnknown,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def list_entries(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    filters: Filters,
    changed_since: Annotated[
        Moment | None,
        Query(
            description="Entries that were entered, or whose state changed, at this moment or "
            "later, in the order of these changes. Go on from the last `changed_at`: entries of "
            "that very moment come again, and none is missed."
        ),
    ] = None,
    sort: Annotated[
        Literal["entered_at", "-entered_at"] | None,
        Query(description="In the order of arrival, or the latest first (`-entered_at`)."),
    ] = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """List the entries that the caller may read, in the order in which they were entered.

    A data source gets what it entered and what it is to review first, an organiser what is about
    the units of its categories. A draft is not told to the unit that it is about. With a `tag`,
    only entries for indicators that have it in the scheme in force. With an `id_scheme` the codes
    of another system stand beside ours, by the day of each entry: on which it happened, else on
    which it was entered. With `late` each says whether it was, and by how many working days.
    """
    codes_on = await codes_of_day(ask, cycle_id, id_scheme)
    clock = None if filters.late is None else await clock_of(ask, cycle_id)
    of_all = filters.is_of_all_late and changed_since is None
    asked = filters._replace(late=None) if of_all else filters
    wanted = await asked.wanted(ask, cycle_id, clock)
    _require_possible(sort, changed_since)
    duties = await duties_of(ask, permit, cycle_id)
    ways = readable(permit, duties)
    order = NEWEST_FIRST if sort == "-entered_at" else OLDEST_FIRST
    about = page, ways, wanted, order
    if clock and of_all:
        found = await late_on_page(db, cycle_id, *about, clock, is_late=bool(filters.late))
    else:
        found = await _found(db, cycle_id, *about, changed_since, clock)
    shown = [
        written(each, knows(permit, each, duties))
        | codes_on(each)
        | found.beside.get(each.entry_id, {})
        for each in found.entries[: page.limit]
    ]
    # A model for each row takes as long as all that is asked of the database.
    body = orjson.dumps(
        {"items": shown, "next": found.after}, default=_digits, option=orjson.OPT_UTC_Z
    )
    return Response(body, media_type="application/json")


async def _found(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: list[Way] | None,
    wanted: Wanted,
    order: Order,
    since: dt.datetime | None,
    clock: Clock | None,
) -> FoundEntries:
    """Return the entries of a page, or the changes since a moment, with how late each is."""
    if since is None:
        found = await entries_on_page(db, cycle_id, page, ways, wanted, order)
    else:
        found = await changes_on_page(db, cycle_id, page, ways, wanted, since)
    lateness = await clock.beside(db, cycle_id, found) if clock else {}
    more = _next(found[page.limit - 1], since) if len(found) > page.limit else None
    return FoundEntries(found, lateness, more)


async def codes_of_day(
    ask: Peers, cycle_id: UUID, id_scheme: str
) -> Callable[[ShownEntry], dict[str, str | None]]:
    """Return what stands beside the codes of an entry: what would have named it on its day."""
    beside = await beside_of(ask, cycle_id, id_scheme)
    if beside is None:
        return lambda _: {}
    zone = ZoneInfo((await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme.time_zone)

    def told(entry: ShownEntry) -> dict[str, str | None]:
        day = entry.occurred_on or entry.entered_at.astimezone(zone).date()
        return beside.of(entry._asdict(), day)

    return told


def _next(last: ShownEntry, since: dt.datetime | None) -> str:
    return str(last.entry_id if since is None else Change(last.changed_at, last.entry_id))


def _require_possible(sort: str | None, since: dt.datetime | None) -> None:
    """Refuse an order that no index serves."""
    if since is not None and sort is not None:
        en, zh = "Leave `sort` or `changed_since` out.", "请勿同时携带 `sort` 与 `changed_since`。"
        fault = Fault("/query/sort", "order-not-possible", en, zh)
        raise OrderNotPossible(en, zh, faults=[fault])


def _digits(value: Decimal | UUID) -> str:
    """Return a number or an id of the driver's own class as it is written."""
    return plain(value) if isinstance(value, Decimal) else str(value)


_TOLD = tuple(name for name in LedgerEntry.model_fields if name in ShownEntry._fields)


def written(entry: ShownEntry, knows: bool) -> dict[str, object]:
    """Return an entry as it is published; why it stands as it does only to whom is told."""
    shown: dict[str, object] = {name: getattr(entry, name) for name in _TOLD}
    return shown if knows else shown | {"state_reason": None, "state_by": None}


async def of_tag(
    ask: Peers, cycle_id: UUID, tag: str | None, category: str | None = None
) -> list[tuple[Collection[str], Collection[str]]] | None:
    """Return by category, or of one, the units, and the indicators that have a tag, or all; None
    where neither is asked for."""
    if tag is None and category is None:
        return None
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    asked = scheme.categories if category is None else (category_of(scheme, category),)
    tagged = None if tag is None else tags_of(scheme).indicators(tag)
    return [
        (each.units, list(each.indicators()) if tagged is None else tagged[each.code])
        for each in asked
    ]


def knows(permit: Permission, entry: ShownEntry, duties: Duties) -> bool:
    """Say whether the caller is told who decided about an entry, and why: who made it, decides
    about it, leads its category, reviews it first, or supervises."""
    own, named = permit.caller.organisation, duties.reviewers
    return (
        permit.allows()
        or entry.author_unit == own
        or (permit.allows({UNINVOLVED}) and entry.unit in duties.uninvolved)
        or entry.unit in duties.stands_in | duties.led_units
        or (named is not None and named.of(entry.unit, entry.indicator, entry.author_unit) == own)
    )


def readable(permit: Permission, duties: Duties, *, words: bool = True) -> list[Way] | None:
    """Return which entries the caller may read: all (None), those of its unit's making, or about
    it; or that it decides about, reviews first, or leads the category of; or of all units with
    which it does not compete. Also what units say of their progress in indicators whose data its
    unit reports (`words`)."""
    ways = readable_by(permit, duties)
    return None if ways is None else [way for by, way in ways.items() if words or by != WORDS]


def readable_by(permit: Permission, duties: Duties) -> dict[str, Way] | None:
    """Return the same by the relation that opens each way."""
    if permit.allows():
        return None
    unit = permit.caller.organisation
    related = _ways(duties, permit.caller.subject, unit) if unit else {}
    if duties.uninvolved:
        related[UNINVOLVED] = Way("unit", duties.uninvolved, handed_in)
        related[MEASURED] = Way("unit", duties.uninvolved, verified_value)
    if duties.checks:
        related[TEAM] = Way("unit", duties.checks, handed_in)
    permit.require(related)
    ways = {word: way for word, way in related.items() if permit.allows({word})}
    return ways | (_words(duties) if NAMED_SOURCE in ways else {})


def _words(duties: Duties) -> dict[str, Way]:
    """Return the way by which a data source reads what units say of their progress."""
    codes = {code for _, indicators in duties.sources for code in indicators}
    return {WORDS: Way("indicator", codes, own_words(duties.sources))} if codes else {}


WORDS = "progress_reports"
"""By what a data source reads the units' own words: no relation of the matrix by itself."""


def _ways(duties: Duties, subject: str, unit: str) -> dict[str, Way]:
    """Return by which relation an account of a unit may read what."""
    # Who gave a unit which mark is no colleague's to read, nor the unit's, nor the organiser's, who
    # may sit on the panel too: what marks a unit has is told by its explanation.
    related = {
        NAMED_SOURCE: Way("author_unit", [unit], no_mark),
        "own_unit": Way("unit", [unit], handed_in),
        SEAT: Way("author", [subject], mark),
    }
    if duties.stands_in:
        related[SECOND_BODY] = Way("unit", duties.stands_in, anything)
    if duties.leads:
        related[ORGANISER] = Way("unit", duties.led_units, no_mark)
    if duties.reviewers:
        cells = duties.reviewers.cells_of(unit)
        codes = {code for _, indicators in cells for code in indicators}
        related[REVIEWER] = Way("indicator", codes, reviewed_by(unit, cells))
    return related
