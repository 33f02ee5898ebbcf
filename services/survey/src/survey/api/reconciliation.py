"""Reconciliation (对账): what became of the rows that a collector sent, by batch, unit, outcome."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query, Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from survey.api.waves import WaveNo, hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.responses import fates_of, opinions_by_batch, standing_of_batches
from survey.queries.surveys import NoSuchWave, find_wave
from survey.rules.batch import Outcome
from survey.rules.reconciliation import Fates, is_told_all, told_to, totals
from survey.rules.states import WaveState

Key = TypeVar("Key")

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/reconciliation", tags=["batches"])


class RowCounts(Outgoing):
    """How many rows were `sent`: stored, unchanged (there just so already) or refused; `withdrawn`
    are those that are stored in a batch which was withdrawn."""

    sent: int
    stored: int
    unchanged: int
    refused: int
    withdrawn: int


class ReconciledCounts(RowCounts):
    """How many rows of a unit and outcome there are; null where a row that was refused named no
    unit of the survey, or no outcome."""

    unit: str | None
    outcome: Outcome | None


class ReconciledBatch(RowCounts):
    """How many rows of a batch there are; `digest` is the one that its receipt is about.

    `opinions` came with them, or alone; of a wave that is open its collector alone is told.
    """

    batch_no: str
    digest: str
    is_withdrawn: bool
    opinions: int | None


class Reconciliation(RowCounts):
    """What became of the rows that were sent for a wave, batch by batch, and by unit and outcome.

    No answer is in it. With `completed_only` it counts completed contacts alone: of a wave that is
    open nobody but its collector is told of others.
    """

    survey_id: UUID
    cycle_id: UUID
    code: str
    wave: int
    state: WaveState
    completed_only: bool
    batches: list[ReconciledBatch]
    counts: list[ReconciledCounts]


@router.get(
    "",
    response_model=Reconciliation,
    responses=documents(NoSuchWave, PeerDown, PeerMissing, PeerRefused),
)
async def read_reconciliation(
    survey_id: UUID,
    wave: WaveNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
    batch_no: Annotated[Code | None, Query(description="Of one batch alone.")] = None,
) -> Response:
    """Say what became of the rows that were sent for a wave: sent, stored, unchanged, refused and
    withdrawn, by batch and by unit and outcome.

    A batch that was refused as a whole is none, and does not stand here.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    relations = survey.definition.relations_of(permit.caller.organisation)
    permit.require(relations, row.state)
    hidden = await hidden_from(ask, survey.cycle_id, permit.caller)
    everything = is_told_all(WaveState(row.state), relations)
    fates = told_to(await fates_of(db, row, batch_no), hidden=hidden, everything=everything)
    by_batch = _by(fates, lambda each: each.batch_no)
    opinions = await opinions_by_batch(db, row, hidden)
    by_kind = _by(fates, lambda each: (each.unit, each.outcome))
    told = Reconciliation(
        survey_id=survey_id,
        cycle_id=survey.cycle_id,
        code=survey.code,
        wave=wave,
        state=WaveState(row.state),
        completed_only=not everything,
        **_counts(fates),
        batches=[
            ReconciledBatch(
                batch_no=number,
                digest=digest,
                is_withdrawn=withdrawn,
                opinions=opinions.get(number, 0) if everything else None,
                **_counts(by_batch.get(number, ())),
            )
            for number, digest, withdrawn in await standing_of_batches(db, row, batch_no)
        ],
        counts=[
            ReconciledCounts(
                unit=unit or None, outcome=Outcome(outcome) if outcome else None, **_counts(each)
            )
            for (unit, outcome), each in sorted(by_kind.items())
        ],
    )
    return document(told, request)


def _by(fates: Iterable[Fates], key: Callable[[Fates], Key]) -> dict[Key, list[Fates]]:
    found = defaultdict[Key, list[Fates]](list)
    for each in fates:
        found[key(each)].append(each)
    return found


def _counts(fates: Iterable[Fates]) -> dict[str, int]:
    whole = totals(fates)
    return {name: getattr(whole, name) for name in RowCounts.model_fields}
