"""The ledger as a file, whose rows can be sent back: for spreadsheets, and for other systems."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents, language_of
from chassis.routes import Router
from chassis.row_files import FILE_ANSWER, FileFormat, SpooledFile
from chassis.stored import StoredDataAltered
from chassis.wire import plain
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.clocks import clock_of
from scoring.api.ledger.columns import COLUMNS, EVIDENCE, LATENESS
from scoring.api.ledger.entries import Filters, SearchTooWide, readable
from scoring.api.ledger.posting import NewLedgerEntry
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.entries import ShownEntry, pages_of_entries
from scoring.rules.ledger.completeness import NoSuchCategory
from scoring.rules.ledger.entries import REVERSAL
from scoring.rules.scheme.document import Scheme
from scoring.rules.scheme.tags import UnknownTag

router = Router("/cycles/{cycle_id}/ledger-entries/export", tags=["ledger"])

# What is exported can be sent back: there is no column that the intake does not know.
assert {column.name for column in (*COLUMNS, EVIDENCE)} == {*NewLedgerEntry.model_fields}  # noqa: S101 - as said

_ROWS_AT_ONCE = 5_000


class _Names(NamedTuple):
    """What codes are called: units as the rankings of the year name them."""

    units: Mapping[str, str | None]
    scheme: Scheme

    def of(self, entry: ShownEntry) -> dict[str, str | None]:
        """Return the names that stand beside the codes of an entry."""
        category = self.scheme.category_of().get(entry.unit)
        indicator = category.indicators().get(entry.indicator) if category else None
        return {
            "unit_name": self.units.get(entry.unit),
            "indicator_name": indicator.name if indicator else None,
        }


@router.get(
    "",
    response_class=StreamingResponse,
    responses=FILE_ANSWER
    | documents(
        UnknownTag,
        NoSuchCategory,
        SearchTooWide,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def export_entries(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    filters: Filters,
    form: Annotated[FileFormat, Query(alias="format")] = "csv",
    lateness: Annotated[
        bool,
        Query(
            description="With `late` and `late_by_working_days` of each entry: a file for reading, "
            "which is not sent back."
        ),
    ] = False,
) -> StreamingResponse:
    """Give the entries that the caller may read as a file, a row each, in the order in which they
    were entered: `entry_id`, `state`, `unit`, `unit_name`, `indicator`, `indicator_name`, `kind`,
    `key`, `item`, `period`, `value`, `word`, `occurred_on`, `listed`, `published_value`,
    `document_no`, `document_date`, `authority`, `about_from`, `about_until`, `note`, `source_ref`.

    The rows of the unit that made them can be sent back: as they are they change nothing, and
    another value corrects the entry. Reversals are left out; what they took out is `voided`.
    With `lateness` two more columns say whether each entry was late, and by how many working days;
    such a file is not taken back.
    """
    asked, is_late = filters.late_apart()
    wanted = await asked.wanted(ask, cycle_id)
    duties = await duties_of(ask, permit, cycle_id)
    ways = readable(permit, duties)
    names = await _names(ask, cycle_id)
    language = language_of(request.headers.get("accept-language", ""))
    clock = await clock_of(ask, cycle_id) if lateness or is_late is not None else None
    columns = (*COLUMNS, *LATENESS) if lateness else COLUMNS
    with SpooledFile(columns, form, language) as file:
        async for page in pages_of_entries(db, cycle_id, ways, wanted, _ROWS_AT_ONCE):
            late = await clock.beside(db, cycle_id, page) if clock else {}
            rows = _rows(page, late, is_late)
            told = (each._asdict() | names.of(each) | late.get(each.entry_id, {}) for each in rows)
            await file.add([[cell_text(each[column.name]) for column in columns] for each in told])
        return await file.answer("ledger-entries")


def _rows(
    page: Sequence[ShownEntry], late: Mapping[UUID, Mapping[str, object]], wanted: bool | None
) -> Iterator[ShownEntry]:
    """Yield the entries of a page that are rows of the file. Where it is `wanted` of a whole ledger
    which were late, or were not, no index serves that, and all are gone through."""
    for each in page:
        is_asked_for = wanted is None or late.get(each.entry_id, {}).get("late") is wanted
        if each.kind != REVERSAL and is_asked_for:
            yield each


async def _names(ask: Peers, cycle_id: UUID) -> _Names:
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return _Names(await ask.names_of_units(cycle_id), scheme)


def cell_text(value: Any) -> str | None:  # noqa: ANN401 - of any column
    """Return a value as it stands in a cell of a file."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value) if isinstance(value, Decimal) else str(value)
