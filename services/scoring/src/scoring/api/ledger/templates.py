"""Templates (填报模板): what a unit still has to enter, as a workbook to fill in and send back."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.form_books import Bounds, Choices, Days, FormRow, write_form
from chassis.problems import documents, language_of
from chassis.refusals import Fault, Invalid
from chassis.routes import Router
from chassis.row_files import WORKBOOK_ANSWER, file_answer
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.columns import COLUMNS
from scoring.api.ledger.entries import readable
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.entries import Wanted, pages_of_entries
from scoring.queries.ledger import today
from scoring.rules.ledger.completeness import NoSuchCategory, category_of
from scoring.rules.ledger.entries import EVENT, LONGEST_LIST, PROGRESS_REPORT, ZERO_REPORT, span_of
from scoring.rules.ledger.progress import Sought, cells_of
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.shapes import PUBLISHED, RECEIVED
from scoring.rules.ledger.states import GIVEN_UP, STATES, VOIDED
from scoring.rules.ledger.templates import MOST_ROWS, ToEnter, expected_entries
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import OWN_UNIT, Category, FactWindow, Scheme

router = Router("/cycles/{cycle_id}/ledger-entries/template", tags=["ledger"])

_THERE = tuple(state for state in STATES if state not in (*GIVEN_UP, VOIDED))
_BLANK_ROWS = 50
"""How many rows there are for what is not expected, such as further events."""


class TooManyRows(Invalid):
    """There is more to enter than one table takes."""

    zh = "应录入的内容超过一张表的行数。"
    remedy = (
        "Ask for the rows of one `indicator` or `period` at a time.",
        "请按 `indicator` 或 `period` 分别获取。",
    )


@router.get(
    "",
    response_class=StreamingResponse,
    responses=WORKBOOK_ANSWER
    | documents(NoSuchCategory, TooManyRows, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_template(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    category: Annotated[Code, Query(description="About the units of this category.")],
    data_source_unit: Annotated[
        Code | None, Query(description="What this unit enters; the caller's own unless given.")
    ] = None,
    indicator: Annotated[Code | None, Query(description="For this indicator alone.")] = None,
    period: Annotated[str | None, Query(max_length=8, description="For this period alone.")] = None,
) -> StreamingResponse:
    """Give an Excel workbook with a row for each entry that a data source unit still has to make
    about the units of a category, to be filled in and posted as it is with `mode=partial`.

    The rows say unit, indicator, kind, key, item and period; what may stand in the other cells
    Excel offers or asks for. Rows at the end are for what is not expected, and for an assessed
    unit's own words about its progress (`progress_report`). On a hidden sheet stand the cycle and
    the digest of the scheme: by another scheme the table is refused. What has been entered already
    is left out, as are periods that have not begun. The performance office gets it for any unit, a
    data source unit its own.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    scheme, source = published.scheme, data_source_unit or permit.caller.organisation or ""
    group = category_of(scheme, category)
    duties = await duties_of(ask, permit, cycle_id)
    permit.require(_relations(permit, scheme, source))
    names = await ask.names_of_units(cycle_id)
    about = [(group.units, list(group.indicators()))]
    wanted = Wanted(state=_THERE, tagged=about, author_unit=source)
    pages = pages_of_entries(db, cycle_id, readable(permit, duties), wanted, MOST_ROWS)
    there = [each async for page in pages for each in page]
    day = await today(db, scheme.time_zone)
    found = [
        each
        for each in expected_entries(scheme, group, source, there, day)
        if indicator in (None, each.indicator.code) and period in (None, each.period)
    ]
    _require_few(found)
    rows = [_row(each, names, scheme.assessment_year) for each in found]
    rows += [_blank(scheme, group, source)] * min(_BLANK_ROWS, MOST_ROWS - len(found))
    made_for = {"for_cycle": str(cycle_id), "scheme_digest": published.digest}
    language = language_of(request.headers.get("accept-language", ""))
    file = await asyncio.to_thread(write_form, COLUMNS, rows, made_for, language)
    return file_answer(file, f"template-{category}-{source}", "xlsx", language)


def _relations(permit: Permission, scheme: Scheme, source: str) -> set[str]:
    """Return how the caller stands to what a unit enters."""
    is_own = source == permit.caller.organisation
    if not is_own:
        return set()
    # An assessed unit may always tell of its progress.
    is_source = source in scheme.category_of() or any(
        cells_of(scheme, sought=Sought(data_source_unit=source))
    )
    return {NAMED_SOURCE} if is_source else set()


def _require_few(found: Sequence[ToEnter]) -> None:
    if len(found) > MOST_ROWS:
        en, zh = f"{len(found):,} rows.", f"共 {len(found):,} 行。"
        raise TooManyRows(en, zh, faults=[Fault("/query/category", "too-many-rows", en, zh)])


def _row(wanted: ToEnter, names: Mapping[str, str | None], year: int) -> FormRow:
    said = {
        "unit": wanted.unit,
        "unit_name": names.get(wanted.unit),
        "indicator": wanted.indicator.code,
        "indicator_name": wanted.indicator.name,
        "kind": wanted.form.kind,
        "key": wanted.key,
        "item": wanted.item,
        "period": wanted.period,
    }
    known = {name: value for name, value in said.items() if value is not None}
    return FormRow(known, dict(_allowed(wanted, year)))


def _allowed(wanted: ToEnter, year: int) -> Iterator[tuple[str, Choices | Bounds | Days]]:
    """Yield what may stand in the cells that a row leaves open."""
    form = wanted.form
    if form.words:
        yield "word", form.words
    elif form.valued:
        yield "value", Bounds(form.low, form.high, form.whole)
        yield "word", (form.instead,) if form.instead else ()
    if form.kind == EVENT:
        yield "key", (*form.keys, ZERO_REPORT)
    yield from _dated(wanted, year)
    if wanted.period is None:
        yield "period", tuple(f"{year}{ending}" for ending in form.endings_for(wanted.key))


def _dated(wanted: ToEnter, year: int) -> Iterator[tuple[str, Bounds | Days]]:
    """Yield the days that a row may have, and what it may say of its document."""
    form = wanted.form
    if form.dated == PUBLISHED:
        yield from _of_a_list(year, wanted.period)
    elif form.dated == RECEIVED:
        yield from _of_a_result(year, form)
    elif form.dated is not None or form.nodes:
        yield "occurred_on", _within(wanted.indicator.window, year, wanted.period)


def _of_a_list(year: int, period: str | None) -> Iterator[tuple[str, Bounds | Days]]:
    """Yield what a list of the superior may say: it appears once its period has begun."""
    begin = span_of(period or str(year))[0]
    yield "listed", Bounds(Decimal(1), Decimal(LONGEST_LIST), whole=True)
    yield "occurred_on", Days(begin, dt.date(year + 1, 12, 31))
    yield "document_date", Days(dt.date(year - 1, 1, 1), dt.date(year + 1, 12, 31))


def _of_a_result(year: int, form: EntryForm) -> Iterator[tuple[str, Bounds | Days]]:
    """Yield what the result of another system may say of its document and its days."""
    first, last = dt.date(year - 2, 1, 1), dt.date(year + 2, 12, 31)
    if form.ranked:
        yield "listed", Bounds(Decimal(1), Decimal(LONGEST_LIST), whole=True)
    yield "occurred_on", Days(form.opens or first, (form.opens and form.closes) or last)
    for name in ("document_date", "about_from", "about_until"):
        yield name, Days(first, last)


def _blank(scheme: Scheme, group: Category, source: str) -> FormRow:
    """Return a row for what is not expected, with the units and indicators that it may be about: of
    an assessed unit, also its own words about any indicator of its category."""
    compiled = scheme.compiled_of[group.code]
    own = {
        code: form
        for code, each in group.indicators().items()
        if each.data_source_unit in (source, OWN_UNIT)
        and (form := compiled[code].form_for(source)) is not None
    }
    kinds = {form.kind for form in own.values()}
    units, indicators = tuple(group.units), tuple(own)
    if source in group.units:
        kinds.add(PROGRESS_REPORT)
        units, indicators = units if own else (source,), tuple(group.indicators())
    allowed = {"unit": units, "indicator": indicators, "kind": tuple(sorted(kinds))}
    return FormRow({}, allowed | {"occurred_on": _days(scheme.assessment_year)})


def _within(window: FactWindow | None, year: int, period: str | None) -> Days:
    """Return on which days something may have happened that counts for a period."""
    if window is None:
        return _days(year, period)
    begin = dt.date(year - 1, 1, 1)
    return Days(min(begin, window.opens) if window.carry_over else window.opens, window.closes)


def _days(year: int, period: str | None = None) -> Days:
    """Return on which days something may have happened that is entered for a period."""
    # What is found out in a period may have happened long before it.
    _, last = span_of(period or str(year))
    return Days(dt.date(year - 1, 1, 1), last)
