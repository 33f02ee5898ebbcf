"""The batches and responses of a wave, and the one condition that a response counts."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Insert,
    ScalarSelect,
    Select,
    Text,
    and_,
    column,
    exists,
    func,
    insert,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.pages import PageRequest
from chassis.stored import require_intact
from survey.queries.surveys import in_wave, is_one_of
from survey.rules.batch import Outcome
from survey.rules.reconciliation import Fates, UnitAndOutcome
from survey.tables.links import BoxedFormRow
from survey.tables.opinions import OpinionRow
from survey.tables.responses import (
    AnswerVoidRow,
    BatchLeftOutRow,
    BatchRow,
    BatchWithdrawalRow,
    RefusedRowRow,
    ResponseRow,
)
from survey.tables.waves import (
    WaveRow,
)


async def batches_of(
    db: AsyncSession, wave: WaveRow, page: PageRequest
) -> Sequence[tuple[BatchRow, BatchWithdrawalRow | None]]:
    """Return the batches of a wave by number, each with its withdrawal, one more than the page
    has."""
    of = BatchRow
    rows = await db.execute(
        select(of, BatchWithdrawalRow)
        .outerjoin(BatchWithdrawalRow)
        .where(*in_wave(wave, of), of.batch_no > page.after_code)
        .order_by(of.batch_no)
        .limit(page.limit + 1)
    )
    return [(batch, withdrawn) for batch, withdrawn in rows]


async def find_batch(
    db: AsyncSession, wave: WaveRow, number: str
) -> tuple[BatchRow, BatchWithdrawalRow | None] | None:
    """Return a batch of a wave with its withdrawal, if there is one of this number."""
    of = BatchRow
    row = (
        await db.execute(
            select(of, BatchWithdrawalRow)
            .outerjoin(BatchWithdrawalRow)
            .where(*in_wave(wave, of), of.batch_no == number)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def require_true_responses(db: AsyncSession, wave: WaveRow) -> None:
    """Refuse to count a wave whose responses are not what was posted."""
    batches = select(BatchRow.record).where(*in_wave(wave, BatchRow))
    responses = select(ResponseRow.record).where(*in_wave(wave))
    records = set(await db.scalars(batches.union(responses)))
    await require_intact(db, str(wave.cycle_id), "batch", "response", records=records)


Contact = tuple[str, str, int]
"""What tells a response apart within a wave: the unit, the token, and the occasion."""


async def known_contacts(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str], *, outside: str
) -> set[Contact]:
    """Return which contacts with these respondents stand in batches other than `outside`."""
    of = ResponseRow
    rows = await db.execute(
        select(of.unit, of.respondent_token, of.occasion).where(
            *in_wave(wave),
            is_one_of(of.respondent_token, tokens),
            of.batch_no != outside,
            ~withdrawn(),
        )
    )
    return {(unit, token, occasion) for unit, token, occasion in rows}


RESPONSE = (
    "unit",
    "respondent_token",
    "occasion",
    "outcome",
    "attempt",
    "answer",
    "respondent_group",
    "stratum",
    "cluster",
    "interviewer",
    "started_at",
    "ended_at",
)
"""The columns of a response that say what was sent, but for the opinion."""


async def responses_of(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str]
) -> set[tuple[Any, ...]]:
    """Return all responses of a wave under these tokens, as `RESPONSE` has their columns, each with
    its opinion."""
    of, said = ResponseRow, OpinionRow
    columns = (getattr(of, name) for name in RESPONSE)
    by = *OF_WAVE, "unit", "respondent_token", "generation"
    same = *(getattr(said, name) == getattr(of, name) for name in by), of.occasion == 0
    found = await db.execute(
        select(*columns, said.text)
        .outerjoin(said, and_(*same))
        .where(*in_wave(wave), is_one_of(of.respondent_token, tokens), ~withdrawn())
    )
    return {tuple(each) for each in found}


def withdrawals_in(wave: WaveRow) -> ScalarSelect[int]:
    """Return the number of batches of a wave that have been withdrawn, as a part of a statement."""
    number = select(func.count()).where(*in_wave(wave, BatchWithdrawalRow))
    return number.scalar_subquery()


def generation_of(wave: WaveRow, batch: Insert) -> Select[int]:
    """Return the statement that adds a batch and tells how many were withdrawn before; it tells
    nothing where it adds none."""
    kept = batch.returning(BatchRow.batch_no).cte("kept")
    return select(withdrawals_in(wave)).select_from(kept)


async def add_left_out(
    db: AsyncSession, wave: WaveRow, batch_no: str, left_out: Mapping[UnitAndOutcome, Counter[str]]
) -> None:
    """Note how many rows of a batch were not stored."""
    await db.execute(
        insert(BatchLeftOutRow),
        [
            {
                **wave.key,
                "batch_no": batch_no,
                "unit": unit,
                "outcome": outcome,
                "unchanged": number["unchanged"],
                "refused": number["refused"],
            }
            for (unit, outcome), number in left_out.items()
        ],
    )


async def standing_of_batches(
    db: AsyncSession, wave: WaveRow, batch_no: str | None
) -> list[tuple[str, str, bool]]:
    """Return the batches of a wave, or one of them: the number, the digest, and whether it was
    withdrawn."""
    of = BatchRow
    query = select(of.batch_no, of.digest, withdrawn(of)).where(*in_wave(wave, of))
    if batch_no is not None:
        query = query.where(of.batch_no == batch_no)
    rows = await db.execute(query.order_by(of.batch_no))
    return [(number, digest, bool(withdrawn)) for number, digest, withdrawn in rows]


async def opinions_by_batch(
    db: AsyncSession, wave: WaveRow, hidden: Collection[str]
) -> Mapping[str, int]:
    """Return how many opinions about units that are not hidden were stored of each batch of a wave
    that has any."""
    of = OpinionRow
    rows = await db.execute(
        select(of.batch_no, func.count())
        .where(*in_wave(wave, of), ~is_one_of(of.unit, hidden))
        .group_by(of.batch_no)
    )
    return {number: count for number, count in rows}  # noqa: C416 - dict() takes no typed Row


async def fates_of(db: AsyncSession, wave: WaveRow, batch_no: str | None) -> list[Fates]:
    """Count how many rows that were sent for a wave, or in one batch of it, were stored, withdrawn,
    unchanged or refused."""
    found = list[Fates]()
    of, left = ResponseRow, BatchLeftOutRow
    taken_back = withdrawn()
    stored = select(of.batch_no, of.unit, of.outcome, func.count(), taken_back)
    rows = select(left.batch_no, left.unit, left.outcome, left.unchanged, left.refused)
    if batch_no is not None:
        stored, rows = stored.where(of.batch_no == batch_no), rows.where(left.batch_no == batch_no)
    each = (of.cycle_id, of.survey_id, of.wave, of.batch_no, of.unit, of.outcome)
    for number, unit, outcome, count, gone in await db.execute(
        stored.where(*in_wave(wave)).group_by(*each)
    ):
        found.append(Fates(number, unit, outcome, stored=count, withdrawn=count if gone else 0))
    for number, unit, outcome, unchanged, refused in await db.execute(
        rows.where(*in_wave(wave, left))
    ):
        found.append(Fates(number, unit, outcome, unchanged=unchanged, refused=refused))
    return found


async def refused_rows(
    db: AsyncSession, wave: WaveRow, batch_no: str
) -> AsyncIterator[Sequence[tuple[int, list[list[str]]]]]:
    """Yield the rows of a file that were refused, some at a time: their positions and faults."""
    of, after = RefusedRowRow, -1
    while True:
        rows = (
            await db.execute(
                select(of.position, of.faults)
                .where(*in_wave(wave, of), of.batch_no == batch_no, of.position > after)
                .order_by(of.position)
                .limit(_AT_ONCE)
            )
        ).all()
        if not rows:
            return
        yield [(position, faults) for position, faults in rows]
        after = rows[-1].position


_AT_ONCE = 5_000


def counted(of: type[ResponseRow] | type[OpinionRow] = ResponseRow) -> ColumnElement[bool]:
    """Return the condition that a response, or an opinion, counts: its batch stands, and nobody has
    voided what its interviewer brought in."""
    void = AnswerVoidRow
    voided = exists().where(
        *(getattr(void, name) == getattr(of, name) for name in OF_WAVE),
        void.interviewer == of.interviewer,
        void.unit.in_(["", of.unit]),
    )
    return and_(~withdrawn(of), ~voided)


def standing_in(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a response is of a wave, and its batch was not withdrawn."""
    return *in_wave(wave), ~withdrawn()


def counted_in(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a response is of a wave, and counts."""
    return *in_wave(wave), counted()


def withdrawn(
    of: type[ResponseRow] | type[BatchRow] | type[OpinionRow] = ResponseRow,
) -> ColumnElement[bool]:
    """Return the condition that the batch of a row was withdrawn."""
    gone = BatchWithdrawalRow
    same = (getattr(gone, name) == getattr(of, name) for name in (*OF_WAVE, "batch_no"))
    return exists().where(*same)


OF_WAVE = ("cycle_id", "survey_id", "wave")


async def completed_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, int]:
    """Return how many interviews about each unit of a wave have been completed so far."""
    of = ResponseRow
    rows = await db.execute(
        _together(
            select(of.survey_id, of.wave, of.unit, func.count())
            .where(*completed_in(wave))
            .group_by(of.survey_id, of.wave, of.unit),
            *in_wave(wave, BoxedFormRow),
        )
    )
    return {unit: int(number) for _, _, unit, number in rows}


async def completed_in_waves(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, int], Mapping[str, int]]:
    """Return how many interviews about each unit have been completed so far in the waves of a
    cycle, by survey and wave."""
    of, found = ResponseRow, defaultdict[tuple[UUID, int], dict[str, int]](dict)
    rows = await db.execute(
        _together(
            select(of.survey_id, of.wave, of.unit, func.count())
            .where(of.cycle_id == cycle_id, counted(), of.outcome == Outcome.COMPLETED)
            .group_by(of.survey_id, of.wave, of.unit),
            BoxedFormRow.cycle_id == cycle_id,
        )
    )
    for survey_id, wave, unit, number in rows:
        found[survey_id, wave][unit] = int(number)
    return found


def _together(
    responses: Select[UUID, int, str, int], *where: ColumnElement[bool]
) -> Select[UUID, int, str, Decimal]:
    """Return what counts responses together with the forms of links that wait for their wave to
    stop."""
    box = BoxedFormRow
    said = (
        func.jsonb_to_recordset(box.form)
        .table_valued(column("unit", Text), column("outcome", Text), name="said")
        .render_derived(with_types=True)
    )
    forms = (
        select(box.survey_id, box.wave, said.c.unit, func.count())
        .select_from(box)
        .join(said, true())
        .where(*where, said.c.outcome == Outcome.COMPLETED)
        .group_by(box.survey_id, box.wave, said.c.unit)
    )
    names = ("survey_id", "wave", "unit", "number")
    each = union_all(responses, forms).subquery().columns
    first = dict(zip(names, each, strict=True))
    by = (first["survey_id"], first["wave"], first["unit"])
    return select(*by, func.sum(first["number"])).group_by(*by)


def completed_in(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a response is a completed interview of a wave, and counts."""
    return *in_wave(wave), counted(), ResponseRow.outcome == Outcome.COMPLETED
