"""Entering into the ledger (录入台账): batches of entries, row by row, in whatever form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch, taken_batch
from chassis.db import Transaction
from chassis.modes import ALL, CHECK, BatchMode
from chassis.outcomes import (
    PARKED,
    REFUSED,
    STORED,
    UNCHANGED,
    BatchOutcome,
    RowOutcome,
    counts,
    told,
)
from chassis.problems import documents
from chassis.refusals import Conflict, Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Text
from chassis.workbooks import WORKBOOK, NotWorkbook, workbook_reader
from scoring.api.evidence.named import EvidenceIds, reading_duties
from scoring.api.ledger.alike import LikelyDuplicate, likely_duplicates
from scoring.api.ledger.backing import (
    back_entries,
    concerned,
    files_of,
    left_unparked,
    misnaming,
    told_of,
)
from scoring.api.ledger.codes import (
    IdScheme,
    codes_of,
    in_our_codes,
    of_id_scheme,
)
from scoring.api.ledger.columns import COLUMNS, EVIDENCE
from scoring.api.ledger.entries import Authority, DocumentNo, Kind, Listed, SourceRef, State, Word
from scoring.api.ledger.keeping import Batch, Judged, Outcomes, judged, keep
from scoring.api.ledger.parking import Parked, park
from scoring.events import about_drafts
from scoring.peers import (
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
    Peers,
    PublishedScheme,
)
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.batch import BatchRejected, NotTheDataSource, NotTheSeat
from scoring.rules.ledger.codes import (
    OWN_CODES,
    CodesUnknown,
    IdSchemeUnknown,
    Named,
    check_codes,
    misnamed,
)
from scoring.rules.ledger.entries import HAPPENED, OF_A_DOCUMENT, ZERO_REPORT
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.states import LedgerSealed
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

MOST_ENTRIES = 5000


class NewLedgerEntry(Incoming):
    """What happened: a measured value, an event, a milestone, a grade, a panel mark; or that the
    indicator does not apply to the unit, with a `note` that says why. Or the place that a list of
    the superior gives it (`superior_rank`): the rank as `value`, of how many (`listed`), perhaps by
    which `published_value`, in which document, published on which day (`occurred_on`). Or what
    another system found (`external_result`): in which document of which `authority`, about which
    days (`about_from`, `about_until`), and on which day it came (`occurred_on`).

    `period` is the assessment year unless given; an event counts once unless `value` says more,
    and a zero report counts nothing. `source_ref` is how the system that sends it names its own
    record: the same record sent again is recognised, and with another value corrected.

    A row that was read from the ledger names its entry by `entry_id`: as it was it changes nothing,
    with another value it corrects that entry. `state` is the one that the entry was in then, and
    `unit_name` and `indicator_name` what the codes are called: what is otherwise by now is refused.

    `evidence_ids` are files that support it: its entry names them beside those it named before.
    """

    unit: Code
    indicator: Code
    kind: Kind
    key: Word | None = None
    item: Word | None = None
    period: Word | None = None
    value: Exact | None = None
    word: Word | None = None
    occurred_on: dt.date | None = None
    note: Text | None = None
    listed: Listed | None = None
    published_value: Exact | None = None
    document_no: DocumentNo | None = None
    document_date: dt.date | None = None
    authority: Authority | None = None
    about_from: dt.date | None = None
    about_until: dt.date | None = None
    source_ref: SourceRef | None = None
    entry_id: UUID | None = None
    state: State | None = None
    unit_name: Text | None = None
    indicator_name: Text | None = None
    evidence_ids: EvidenceIds = Field(default_factory=list)

    def draft(self, year: int) -> Draft:
        """Return the entry as the rules see it, with what was left out filled in."""
        value = self.value
        if value is None and self.key == ZERO_REPORT:
            value = Decimal(0)
        elif value is None and self.kind in HAPPENED:
            value = Decimal(1)
        return Draft(
            self.unit,
            self.indicator,
            self.kind,
            self.key,
            self.item,
            self.period or str(year),
            value,
            self.word,
            self.note,
            self.occurred_on,
            source_ref=self.source_ref,
            entry_id=self.entry_id,
            seen=self.state,
            **{name: getattr(self, name) for name in OF_A_DOCUMENT},
        )

    @property
    def named(self) -> Named:
        """The names beside its codes."""
        return Named(self.unit_name, self.indicator_name)


class NewLedgerEntries(IncomingBatch):
    """A batch of entries, as drafts or already submitted.

    It may say for which cycle, and for which scheme by its digest, it was filled in: a table that
    was made for another is refused.
    """

    ROWS: ClassVar = "entries"
    READERS: ClassVar = {
        **IncomingBatch.READERS,
        WORKBOOK: workbook_reader((*COLUMNS, EVIDENCE)),
    }

    entries: Annotated[list[NewLedgerEntry], Field(min_length=1, max_length=MOST_ENTRIES)]
    state: Literal["draft", "submitted"] = "submitted"
    for_cycle: UUID | None = None
    scheme_digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class MadeForAnother(Conflict):
    """The rows were filled in for another cycle, or by another scheme than the one in force."""

    zh = "该表是为另一评估年度，或按非现行方案制作的。"
    remedy = (
        "Fill in a table of this cycle by its present scheme: fetch the template anew.",
        "请重新获取本年度按现行方案生成的模板后填写。",
    )


class PostedEntry(RowOutcome):
    """What became of an entry of the batch; `entry_id` is null unless it is in the ledger.

    It is `unchanged` where it was there already, under the same `source_ref`. `parked_row_id` is
    null unless it waits with a code that means nothing yet. `likely_duplicates` are up to five
    entries that a stored row looks like.
    """

    entry_id: UUID | None
    parked_row_id: UUID | None
    likely_duplicates: list[LikelyDuplicate]


class PostedEntries(BatchOutcome):
    """What became of a batch, entry by entry in its order."""

    rows: list[PostedEntry]


@router.post(
    "",
    status_code=201,
    responses=documents(
        BatchRejected,
        CodesUnknown,
        EvidenceNotNamed,
        IdSchemeUnknown,
        MadeForAnother,
        NotTheDataSource,
        NotTheSeat,
        NotWorkbook,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def post_entries(
    cycle_id: UUID,
    new: NewLedgerEntries,
    request: Request,
    response: Response,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    id_scheme: IdScheme = OWN_CODES,
    mode: BatchMode = "all",
) -> PostedEntries:
    """Enter a batch into the ledger: all of it, or with `mode=partial` the rows without a fault.

    The rows come as JSON, as JSON lines (one a line), as CSV (the first record has the names of
    the fields) or as an Excel workbook (the first row has the titles of an export's columns, so
    that position 0 is row 2); a row without the published shape is a fault of its own.
    Of rows that cannot be kept together the first without a fault is kept. With `mode=check` the
    answer says what would become of each row, and nothing is kept.

    An outside record that is known by its `source_ref` is left unchanged, or with another value
    takes the place of its former entry; of one that counts once somebody else has verified it. So
    is an entry that a row names by `entry_id`, as an export of the ledger does.

    With an `id_scheme` units and indicators are named by the codes of that system, as they are
    mapped on the day of each row (`occurred_on`, else today in the scheme's time zone). A row with
    a code that means nothing then is parked by `mode=partial`, and can be replayed later.

    Files that a row names by `evidence_ids` are named by its entry, also by one that is left
    unchanged, if the caller may read them; a row that would be parked may name none.

    A stored row that looks like another entry, or like an earlier row, says so in its
    `likely_duplicates`: nothing is refused for it.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    _require_made_for(new, cycle_id, published)
    scheme = published.scheme
    codes = await codes_of(ask, cycle_id, id_scheme)
    taken = taken_batch(request)
    entries = (entry.draft(scheme.assessment_year) for entry in new.entries)
    named = dict(zip(taken.positions, entries, strict=True))
    files = files_of(taken.positions, new.entries)
    duties = await reading_duties(ask, permit, cycle_id, files)
    ours, unknown = await in_our_codes(db, codes, id_scheme, named, scheme)
    if mode == ALL:
        check_codes(unknown, id_scheme)
    drafts = dict(zip(ours, EntryForms(scheme).seated(ours.values()), strict=True))
    unparked = left_unparked(unknown, files)
    nameless = {row: named[row] for row in sorted(unknown.keys() - unparked.keys())}
    beside = dict(zip(taken.positions, (entry.named for entry in new.entries), strict=True))
    wrong = await _misnamed(ask, drafts, beside, scheme)
    wrong = await misnaming(db, cycle_id, permit, duties, drafts, files, wrong)
    batch = Batch(cycle_id, scheme, permit.caller, drafts, new.state, mode, nameless, wrong)
    found = await judged(db, batch)
    for relation in relations_of((found.kept or drafts).values()):
        permit.require({relation}, found.phase)

    ids = await keep(db, batch, found)
    became, backed = await back_entries(db, batch, found.outcomes(ids), files, unparked)
    parked = await park(db, batch, id_scheme, found.day, unknown, became.entered)
    receipt, done = None, parked.told | told_of(backed)
    if ids or done:
        rows = concerned(drafts, became, backed)
        about = about_drafts(rows, permit.caller.organisation, new.state)
        body = {"count": len(ids), "state": new.state, **about} | of_id_scheme(id_scheme)
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="scoring.entries-posted",
            body=body | found.told | done,
        )
    else:
        response.status_code = 200
    posted = _posted(became, parked, request, _likes(found, permit, ids, mode), mode)
    return PostedEntries(mode=mode, rows=posted, receipt=receipt, **counts(posted))


def _require_made_for(new: NewLedgerEntries, cycle_id: UUID, published: PublishedScheme) -> None:
    """Refuse rows that were filled in for something else than they are sent to."""
    if new.for_cycle not in (None, cycle_id):
        en, zh = f"It is of cycle {new.for_cycle}.", f"该表属于评估年度 {new.for_cycle}。"
        raise MadeForAnother(en, zh, faults=[Fault("/for_cycle", "another-cycle", en, zh)])
    if new.scheme_digest not in (None, published.digest):
        en = f"It is by the scheme {new.scheme_digest}; in force is {published.digest}."
        zh = f"该表按方案 {new.scheme_digest} 制作，现行方案为 {published.digest}。"
        raise MadeForAnother(en, zh, faults=[Fault("/scheme_digest", "another-scheme", en, zh)])


async def _misnamed(
    ask: Peers, drafts: Mapping[int, Draft], beside: Mapping[int, Named], scheme: Scheme
) -> dict[int, list[Fault]]:
    """Return the faults of rows with a name beside a code that has another one."""
    if not any(map(any, beside.values())):
        return {}
    units = await ask.indicators.units() if any(each.unit for each in beside.values()) else []
    names = {unit.code: [each.name for each in unit.names] for unit in units}
    return misnamed(drafts, beside, scheme, names)


def _likes(
    found: Judged, permit: Permission, ids: Mapping[int, UUID], mode: str
) -> dict[int, list[LikelyDuplicate]]:
    """Return what the rows that are kept look like."""
    shown = {} if mode == CHECK else ids
    return {row: likely_duplicates(found.alike, row, permit, shown) for row in found.alike.rows}


def _posted(
    became: Outcomes,
    parked: Parked,
    request: Request,
    likes: Mapping[int, list[LikelyDuplicate]],
    mode: str,
) -> list[PostedEntry]:
    """Return what became of each row; of what is only checked there are no new ids."""
    sent, rows, is_kept = taken_batch(request), list[PostedEntry](), mode != CHECK
    errors = told({**became.faults, **parked.faults, **sent.malformed}, request)
    for row in sorted([*sent.positions, *sent.malformed]):
        outcome = STORED if row in became.stored else UNCHANGED
        if row in errors:
            outcome = REFUSED
        elif row in parked.ids:
            outcome = PARKED
        shown = is_kept or row in became.known
        rows.append(
            PostedEntry(
                position=row,
                outcome=outcome,
                entry_id=became.entered.get(row) if shown else None,
                parked_row_id=parked.ids.get(row) if is_kept or row in parked.waiting else None,
                likely_duplicates=likes.get(row, []) if row in became.stored else [],
                errors=errors.get(row, []),
            )
        )
    return rows


def relations_of(drafts: Iterable[Draft]) -> list[str]:
    """Return by which relations entries are made; of those that nobody knows yet as a source."""
    return sorted({relation_of(draft.panel) for draft in drafts} or {NAMED_SOURCE})


def relation_of(panel: str | None) -> str:
    """Return by which relation an entry is made: a mark of a panel from its seat."""
    return NAMED_SOURCE if panel is None else SEAT
