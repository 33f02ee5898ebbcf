"""Batches: responses as the collector hands them in, stored once."""

import asyncio
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from fastapi import Request
from pydantic import Field, StringConstraints
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import RowsExist, Transaction, copy_lines, copy_rows, one_row
from chassis.journal import Receipt
from chassis.outcomes import STORED, BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.refusals import Conflict, Fault
from chassis.routes import Router
from chassis.row_by_row import RowByRow, Rows, StoredMeanwhile
from chassis.wire import ByColumn, Code, Columns, Exact, Incoming
from survey.api.codes import OWN_CODES, IdScheme, meant_at
from survey.api.response_lines import (
    COLUMNS,
    OPINION,
    copied_lines,
    once,
    opinions_in,
    together,
)
from survey.api.waves import WaveNo
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.responses import (
    RESPONSE,
    Contact,
    add_left_out,
    generation_of,
    known_contacts,
    responses_of,
)
from survey.queries.samples import planned_strata
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.ballots import refuse_responses
from survey.rules.batch import (
    DUPLICATE_RESPONDENT,
    BatchRejected,
    IdSchemeUnknown,
    Outcome,
    Response,
    Strata,
    check_batch,
    check_codes,
    occasions_of,
    rejection,
    stored_columns,
)
from survey.rules.counts import CountedAtMeetings
from survey.rules.definition import SurveyDefinition
from survey.rules.questionnaires import AnotherQuestionnaire, check_version
from survey.rules.reconciliation import left_out
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.rules.totals import Announced, AnswersGiven, faults_of_totals
from survey.tables.opinions import OpinionRow
from survey.tables.responses import BatchRow, ResponseRow
from survey.tables.waves import WaveRow

router = Router(tags=["batches"])

_RESPONSES, _OPINIONS = (cast(Table, each.__table__) for each in (ResponseRow, OpinionRow))


class BatchExists(Conflict):
    """The wave already has a batch of this number."""

    zh = "本轮调查已有同一编号的批次。"
    remedy = (
        "Give the batch the next free number; if it is the same batch, nothing needs to be done.",
        "请改用下一个未用的批次编号；如为同一批次，无需重复上报。",
    )


Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ControlTotals(Incoming):
    """What the collector counted before sending: the rows; by question the sum of the scores of its
    answers; the SHA-256 of the rows as one list in JSON, with the fields that are given in the
    order of their names and without blanks. What is said is checked."""

    count: Annotated[int, Field(ge=0, le=20_000)]
    sums: Annotated[dict[Code, Exact], Field(max_length=200)] | None = None
    digest: Sha256 | None = None


class NewBatch(IncomingBatch):
    """Responses of one wave under a number that the collector gives once; no phone numbers.

    `control_totals` count all rows that are sent. Who names the `questionnaire_version` that was
    asked is refused where the wave is held under another one.
    """

    ROWS: ClassVar = "rows"

    batch_no: Code
    questionnaire_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    control_totals: ControlTotals
    rows: Annotated[Columns[Response], ByColumn(most=20_000, words={"outcome": [*Outcome]})]


class PostedBatch(BatchOutcome):
    """What became of a batch, response by response in its order."""

    batch_no: str
    rows: list[RowOutcome]


@router.post(
    "/surveys/{survey_id}/waves/{wave}/batches",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotOpen,
        AnotherQuestionnaire,
        BatchRejected,
        BatchExists,
        CountedAtMeetings,
        IdSchemeUnknown,
        PeerDown,
        PeerMissing,
        PeerRefused,
    ),
)
async def post_batch(
    survey_id: UUID,
    wave: WaveNo,
    new: NewBatch,
    request: Request,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    rows: Rows,
    id_scheme: IdScheme = OWN_CODES,
) -> PostedBatch:
    """Take a batch of responses.

    With an `id_scheme` units are named by the codes of that system, as they are mapped today.
    One respondent may be called several times about a unit, each time under another `attempt`, and
    is interviewed once. A contact that the wave has already just so is `unchanged`, whichever
    batch it came in; with anything else in it it is refused. The rows that are stored are stored
    under `batch_no`, which takes no others later.
    """
    sent, shaped, meant = new, rows.positions, None
    if id_scheme != OWN_CODES:
        new, meant = await _in_our_codes(request, ask, survey_id, id_scheme, new, rows)
    # Shared with other batches, and held until the commit: the wave cannot close in between.
    survey, row = await find_wave(db, survey_id, wave, Lock.SHARED)
    permit.within(row.cycle_id)
    refuse_responses(survey.definition)
    require((WaveState.OPEN,), WaveState(row.state), wave)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    check_version(wave, row.questionnaire_version, new.questionnaire_version)
    units = set(await surveyed_units(db, survey, among=set(new.rows.columns["unit"])))
    strata = await planned_strata(db, row)
    in_totals = await asyncio.to_thread(_faults_of_totals, survey.definition, sent, rows.sent)
    if rows.one_by_one:
        new = await _without_known(db, survey.definition, row, new, rows)

    async def take(batch: NewBatch) -> Receipt | None:
        # Whoever asks something small in the meantime is answered: a batch has up to 20,000 rows.
        checked = await asyncio.to_thread(
            _checked, survey.definition, units, batch, in_totals, strata
        )
        try:
            await _store(db, row, batch, checked)
        except (BatchExists, BatchRejected):
            if rows.one_by_one:
                await _check_meanwhile(db, survey.definition, row, batch)
            raise
        body = {
            "survey_id": str(survey_id),
            "wave": wave,
            "batch_no": batch.batch_no,
            "rows_digest": checked.digest,
        }
        return await journal.record(
            db,
            chain=str(row.cycle_id),
            caller=permit.caller,
            event="survey.batch-posted",
            body=body | ({} if id_scheme == OWN_CODES else {"id_scheme": id_scheme}),
        )

    receipt = await rows.keep(new, take)
    told = await asyncio.to_thread(rows.told, RowOutcome)
    if receipt is not None and told["stored"] < rows.sent:
        fates = _fates(sent, shaped, meant, told["rows"])
        counts = left_out(fates, set(await surveyed_units(db, survey)))
        await add_left_out(db, row, new.batch_no, counts)
    return PostedBatch(batch_no=new.batch_no, receipt=receipt, **told)


async def _check_meanwhile(
    db: AsyncSession, definition: SurveyDefinition, wave: WaveRow, new: NewBatch
) -> None:
    """Say which responses another batch, that was sent at the same time, has stored just so."""
    kept = await responses_of(db, wave, new.rows.columns["respondent_token"])
    if there := _places(definition, new, kept):
        raise StoredMeanwhile({place: {} for place in there})


async def _without_known(
    db: AsyncSession, definition: SurveyDefinition, wave: WaveRow, new: NewBatch, rows: RowByRow
) -> NewBatch:
    """Return a batch without the responses that the wave has already; of those some are sent with
    something else in them."""
    kept = await responses_of(db, wave, new.rows.columns["respondent_token"])
    contacts = {(unit, token, occasion) for unit, token, occasion, *_ in kept}
    new = rows.besides(new, _places(definition, new, kept))
    return rows.refuse(new, {place: [_said_otherwise(place)] for place in _among(contacts, new)})


def _places(
    definition: SurveyDefinition, new: NewBatch, kept: Collection[tuple[Any, ...]]
) -> list[int]:
    """Return the places of the responses of a batch that are among those that are kept."""
    columns = stored_columns(definition, new.rows.columns)
    sent = zip(*(columns[name] for name in (*RESPONSE, "opinion")), strict=True)
    return [place for place, each in enumerate(sent) if each in kept]


def _among(known: Collection[Contact], new: NewBatch) -> list[int]:
    """Return the places of the responses of a batch whose contact is known already."""
    told = new.rows.columns
    contacts = occasions_of(told["outcome"], told["attempt"])
    sent = zip(told["unit"], told["respondent_token"], contacts, strict=True)
    return [place for place, each in enumerate(sent) if each in known]


def _said_otherwise(place: int) -> Fault:
    return DUPLICATE_RESPONDENT.at("rows", place, "respondent_token")


_CYCLE = "SELECT min(cycle_id::text), clock_timestamp() FROM survey WHERE survey_id = $1"


async def _in_our_codes(
    request: Request,
    ask: Indicators,
    survey_id: UUID,
    id_scheme: str,
    new: NewBatch,
    rows: RowByRow,
) -> tuple[NewBatch, Mapping[str, str] | None]:
    """Return a batch whose units are named by our codes, without rows whose codes mean nothing,
    and what each code means.

    Before the wave is held: nobody waits for a wave while we wait for another service.
    """
    cycle_id, moment = await one_row(request.app.state.looks, _CYCLE, survey_id)
    if cycle_id is None:
        return new, None  # refused where the wave is looked for
    meant = await meant_at(ask, cycle_id, id_scheme, moment)
    if meant is None:
        return new, None
    new = rows.sift(new, lambda batch: check_codes(batch.rows.columns["unit"], meant))
    columns = new.rows.columns
    units = [meant[code] for code in columns["unit"]]
    ours = Columns(new.rows.kind, {**columns, "unit": units})
    return new.model_copy(update={"rows": ours}), meant


def _fates(
    sent: NewBatch,
    shaped: Sequence[int],
    meant: Mapping[str, str] | None,
    told: Sequence[dict[str, Any]],
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield what became of each row that was not stored, with the unit and the outcome it says."""
    units, outcomes = (sent.rows.columns[name] for name in ("unit", "outcome"))
    if meant is not None:
        units = [meant.get(code, "") for code in units]
    says = dict(zip(shaped, zip(units, outcomes, strict=True), strict=True))
    for row in told:
        if row["outcome"] != STORED:
            yield row["outcome"], *says.get(row["position"], (None, None))


def _faults_of_totals(definition: SurveyDefinition, new: NewBatch, number: int) -> list[Fault]:
    """Return what was announced of a batch, as it was sent, and is not so."""
    told, given, digest = new.control_totals, AnswersGiven(definition), None
    if told.sums:
        given.add(new.rows.columns)
    if told.digest and len(new.rows):
        digest = _digest(new.rows)
    announced = Announced(told.count, told.sums or {}, told.digest)
    return faults_of_totals(announced, number, given.sums(), digest)


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """A batch without faults: the digest of its rows, and these as they are copied."""

    digest: str
    lines: list[str]


def _checked(
    definition: SurveyDefinition,
    units: set[str],
    new: NewBatch,
    in_totals: Sequence[Fault],
    strata: Strata,
) -> CheckedBatch:
    check_batch(definition, units, new.batch_no, new.rows, in_totals, strata)
    lines = copied_lines(definition, new.rows.columns)
    return CheckedBatch(_digest(new.rows), lines)


def _digest(rows: Columns[Response]) -> str:
    """Return the SHA-256 of the rows in canonical form, as `journal.sha256` has it of objects
    without what is null.

    Hardly anything in a token needs to be escaped.
    """
    columns = {**rows.columns, "answers": _as_keys(rows.columns["answers"])}
    at = _SORTED.index("respondent_token")
    heads, tails = (_encoded(columns, names) for names in (_SORTED[:at], _SORTED[at + 1 :]))
    tokens: Sequence[str] = columns["respondent_token"]
    signs = "".join(tokens)
    if not signs.isascii() or not signs.isprintable() or '"' in signs or "\\" in signs:
        tokens = [journal.encoded(token).decode()[1:-1] for token in tokens]
    tokens = [f'"respondent_token":"{token}",' for token in tokens]
    parts = zip(*heads, tokens, *tails, strict=True)
    whole = "},{".join([row[:-1] for row in map("".join, parts)])
    return hashlib.sha256(f"[{{{whole}}}]".encode()).hexdigest()


_SORTED = sorted(each.name for each in fields(Response))


def _encoded(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> Iterator[Iterator[str]]:
    """Yield fields of each row as JSON without the braces, each with the comma after it, some of
    them put together."""
    for those in together(columns, names):
        yield once([columns[name] for name in those], partial(_as_json, those))


def _as_json(names: Sequence[str], values: tuple[Any, ...]) -> str:
    told = {
        name: dict(each) if type(each) is tuple else each
        for name, each in zip(names, values, strict=True)
        if each is not None
    }
    return f"{journal.encoded(told).decode()[1:-1]}," if told else ""


def _as_keys(column: Sequence[Any]) -> Sequence[Any]:
    """Return a column of objects, if it is one, as their pairs, which can be keys."""
    if next(filter(None, column), None) is None:
        return column
    return [each and tuple(each.items()) for each in column]


async def _store(db: AsyncSession, wave: WaveRow, new: NewBatch, batch: CheckedBatch) -> None:
    key = wave.key
    kept = insert(BatchRow).values(
        **key, batch_no=new.batch_no, accepted=len(new.rows), digest=batch.digest
    )
    generation = await db.scalar(generation_of(wave, kept.on_conflict_do_nothing()))
    if generation is None:
        raise BatchExists(
            f"Batch {new.batch_no} was posted before.", f"批次 {new.batch_no} 已经提交过。"
        )
    if generation and (known := await _known(db, wave, new)):
        raise known
    same = {**key, "generation": generation, "batch_no": new.batch_no}
    try:
        await copy_lines(db, _RESPONSES, same, COLUMNS, batch.lines)
    except RowsExist:
        raise await _known(db, wave, new) or RuntimeError("rows that are there are not") from None
    await keep_opinions(db, same, opinions_in(new.rows.columns))


async def keep_opinions(
    db: AsyncSession, same: Mapping[str, Any], opinions: Sequence[tuple[Any, ...]]
) -> None:
    """Keep the opinions of responses, as `OPINION` has their columns; the rest is the `same`."""
    if opinions:
        rows = ((*same.values(), *each) for each in opinions)
        await copy_rows(db, _OPINIONS, [*same, *OPINION], rows)


async def _known(db: AsyncSession, wave: WaveRow, new: NewBatch) -> BatchRejected | None:
    """Return the refusal that names the rows whose contact another batch holds already, if any."""
    tokens = new.rows.columns["respondent_token"]
    known = await known_contacts(db, wave, tokens, outside=new.batch_no)
    places = _among(known, new)
    return rejection([_said_otherwise(place) for place in places]) if places else None
