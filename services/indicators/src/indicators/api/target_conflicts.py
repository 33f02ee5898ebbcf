"""Targets of one unit for the same matter that differ (目标不一致), and how that is settled."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, cast
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import RowByRow, Rows
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from indicators.api.target_versions import (
    MISSING,
    Item,
    NewValues,
    check_callers,
    gathered,
    whose,
)
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    scheme_in_force,
    settlements_of,
    target_settlements,
    target_standings,
)
from indicators.rules.deciders import DeciderBarred
from indicators.rules.matters import (
    AIMED,
    Matter,
    Matters,
    SettlementDecision,
    SettlementsFaulty,
    SettlementsRefused,
    SettlementState,
    TargetConflict,
    check_open,
    check_settlement_decisions,
    check_settlements,
    conflicts,
    in_force,
    matters_of,
    settled_by,
    standing_targets,
)
from indicators.rules.numbers import plain
from indicators.rules.target_moves import Standings, State
from indicators.rules.targets import Target
from indicators.tables import NO_ITEM, TargetSettlementRow

router = Router("/cycles/{cycle_id}", tags=["targets"])


class NamedMatter(Incoming):
    """A matter of a unit, or an item of it."""

    unit: Code
    matter: Code
    item: Item | None = None

    @property
    def key(self) -> Matter:
        """What is settled."""
        return self.unit, self.matter, self.item


class SettledTarget(NewValues):
    """What an indicator's target says that stands beside another one."""

    indicator: Code


class NewSettlement(NamedMatter):
    """Which targets of a matter stand beside each other although they differ, value by value."""

    targets: list[SettledTarget] = Field(min_length=1, max_length=20)


class NewSettlements(IncomingBatch):
    """A batch of settlements with why and by which document."""

    ROWS: ClassVar = "settlements"

    settlements: list[NewSettlement] = Field(min_length=1, max_length=500)
    reason: Text
    document_no: Text


class NewSettlementDecision(NamedMatter):
    """A second person's word on the settlement that is the `version` of a matter; to refuse it
    needs a reason."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    decision: Literal["confirm", "refuse"]
    reason: Text | None = None


class NewSettlementDecisions(IncomingBatch):
    """A batch of words on settlements."""

    ROWS: ClassVar = "decisions"

    decisions: list[NewSettlementDecision] = Field(min_length=1, max_length=500)


class MovedSettlement(RowOutcome):
    """What became of a row about a settlement: the version that it added, null where it added
    none."""

    version: int | None


class SettlementsMoved(BatchOutcome):
    """What became of a batch of rows about settlements, row by row in its order."""

    rows: list[MovedSettlement]


class ConflictingTarget(Outgoing):
    """A target of a matter: what it says, whose it is, and whether it counts."""

    indicator: str
    name: str
    data_source_unit: str
    measure: str | None
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int
    state: State
    in_force: bool


class SettledValues(Outgoing):
    """What one indicator's target says in a settlement."""

    indicator: str
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None


class SettlementVersion(Outgoing):
    """One version of a settlement: the targets that it names, its state, why, by whom and when."""

    version: int
    state: SettlementState
    targets: list[SettledValues]
    reason: str
    document_no: str
    set_by: str
    set_at: dt.datetime


class ListedConflict(Outgoing):
    """Targets of a unit for the same matter that differ; `settled` where the latest settlement
    that was confirmed names these very values.

    `settlements` are all that were asked for, first to last.
    """

    unit: str
    matter: str
    item: str | None
    targets: list[ConflictingTarget]
    settled: bool
    settlements: list[SettlementVersion]


class TargetConflicts(Outgoing):
    """Where targets differ, of those in force and those proposed or asked for, unit by unit."""

    cycle_id: UUID
    conflicts: list[ListedConflict]


@router.get(
    "/target-conflicts",
    response_model=TargetConflicts,
    responses=documents(NoSuchCycle, SchemeNotPublished),
)
async def list_target_conflicts(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query()] = None,
) -> Response:
    """List where targets for the same matter differ, also before they count; and where they may,
    or somebody asks that they may, before they do, without `targets`.

    An assessed unit gets its own, an organiser those of the categories that it leads.
    """
    await find_cycle(db, cycle_id)
    wanted = await whose(db, cycle_id, permit, unit)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    matters = matters_of(scheme)
    units = [code for code in matters.category_of if wanted is None or code in wanted]
    standings = await target_standings(db, cycle_id, units if matters.members else ())
    found = [*conflicts((target for target, _ in standing_targets(standings)), matters)]
    rows = await target_settlements(db, cycle_id, {*units} if matters.members else set())
    listed = _listed(found, standings, matters, rows)
    return document(TargetConflicts(cycle_id=cycle_id, conflicts=[*listed]), request)


def _listed(
    found: Sequence[TargetConflict],
    standings: Standings,
    matters: Matters,
    rows: Sequence[TargetSettlementRow],
) -> Iterator[ListedConflict]:
    settlements = settlements_of(rows)
    by_matter: dict[Matter, list[TargetSettlementRow]] = {}
    for row in rows:
        by_matter.setdefault((row.unit, row.matter, row.item or None), []).append(row)
    for each in found:
        yield ListedConflict(
            unit=each.unit,
            matter=each.matter,
            item=each.item,
            targets=list(_targets(each, standings, matters)),
            settled=settled_by(each, settlements) is not None,
            settlements=[_shown(row) for row in by_matter.pop(each.key, ())],
        )
    for (unit, matter, item), of_it in by_matter.items():
        if (state := of_it[-1].state) != "refused":
            yield ListedConflict(
                unit=unit,
                matter=matter,
                item=item,
                targets=[],
                settled=state == "settled",
                settlements=[_shown(row) for row in of_it],
            )


_REFUSALS = (SettlementsFaulty, SettlementsRefused, DeciderBarred, *MISSING)


@router.post("/target-settlements", status_code=201, responses=documents(*_REFUSALS))
async def settle_targets(
    cycle_id: UUID, new: NewSettlements, db: Transaction, permit: Permit, rows: Rows
) -> SettlementsMoved:
    """Ask that targets which differ may stand beside each other; it holds once another person has
    confirmed.

    What was asked for, or settled, just so in the same words is `unchanged`.
    """
    found = await gathered(db, cycle_id, permit, [each.unit for each in new.settlements])
    stored = await target_settlements(db, cycle_id, {each.unit for each in new.settlements})
    numbers, last = _numbers(stored), _last(stored)

    async def settle(batch: NewSettlements) -> Added:
        wanted = [(each.key, _wanted(each)) for each in batch.settlements]
        check_callers(permit, found, batch.settlements, "settlements")
        check_settlements(wanted, found.scheme)
        check_open([key for key, _ in wanted], settlements_of(stored))
        added = [
            {
                "key": each.key,
                "version": numbers.get(each.key, 0) + 1,
                "targets": _texts(each),
                "state": "settlement_pending",
                "reason": batch.reason,
                "document_no": batch.document_no,
            }
            for each in batch.settlements
        ]
        return await _add(db, cycle_id, permit, "targets.settlement-asked", batch, added)

    there = [n for n, each in enumerate(new.settlements) if _stands(last.get(each.key), each, new)]
    return _answered(rows, await rows.keep(rows.besides(new, there), settle))


@router.post("/target-settlement-confirmations", status_code=201, responses=documents(*_REFUSALS))
async def confirm_settlements(
    cycle_id: UUID, new: NewSettlementDecisions, db: Transaction, permit: Permit, rows: Rows
) -> SettlementsMoved:
    """Confirm settlements that another person asked for, or refuse them with a reason."""
    found = await gathered(db, cycle_id, permit, [each.unit for each in new.decisions])
    stored = await target_settlements(db, cycle_id, {each.unit for each in new.decisions})
    last = _last(stored)

    async def confirm(batch: NewSettlementDecisions) -> Added:
        decided = [
            SettlementDecision(each.key, each.version, each.decision == "confirm", each.reason)
            for each in batch.decisions
        ]
        check_callers(permit, found, batch.decisions, "decisions")
        check_settlement_decisions(decided, settlements_of(stored), permit.caller.person)
        added = [
            {
                "key": each.key,
                "version": each.version + 1,
                "targets": last[each.key].targets,
                "state": "settled" if each.confirmed else "refused",
                "reason": each.reason or last[each.key].reason,
                "document_no": last[each.key].document_no,
            }
            for each in decided
        ]
        return await _add(db, cycle_id, permit, "targets.settlement-decided", batch, added)

    return _answered(rows, await rows.keep(new, confirm))


def _wanted(new: NewSettlement) -> list[Target]:
    return [each.of(new.unit, each.indicator, new.item) for each in new.targets]


def _texts(new: NewSettlement) -> dict[str, list[str | None]]:
    return {
        each.indicator: [_text(v) for v in (each.target, each.baseline, each.pledge)]
        for each in _wanted(new)
    }


def _stands(last: TargetSettlementRow | None, new: NewSettlement, by: NewSettlements) -> bool:
    """Say whether just this was asked for last, in the same words, and not refused."""
    return (
        last is not None
        and last.state != "refused"
        and (last.targets, last.reason, last.document_no)
        == (_texts(new), by.reason, by.document_no)
    )


def _last(rows: Sequence[TargetSettlementRow]) -> dict[Matter, TargetSettlementRow]:
    return {(row.unit, row.matter, row.item or None): row for row in rows}


def _numbers(rows: Sequence[TargetSettlementRow]) -> dict[Matter, int]:
    return {key: row.version for key, row in _last(rows).items()}


class Added(NamedTuple):
    """The versions that a command added, and the receipt of the journal."""

    versions: Sequence[int]
    receipt: Receipt | None


async def _add(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    event: str,
    new: Incoming,
    versions: Sequence[dict[str, Any]],
) -> Added:
    rows = []
    for each in versions:
        unit, matter, item = each.pop("key")
        rows.append(
            {
                "cycle_id": cycle_id,
                "unit": unit,
                "matter": matter,
                "item": item or NO_ITEM,
                "set_by": permit.caller.subject,
                "set_by_person": permit.caller.person,
                **each,
            }
        )
    await db.execute(insert(TargetSettlementRow), rows)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=event,
        body=new.model_dump(mode="json"),
    )
    return Added([each["version"] for each in rows], receipt)


def _answered(rows: RowByRow, added: Added | None) -> SettlementsMoved:
    versions, receipt = added or Added((), None)
    rows.tell({"version": each} for each in versions)
    return SettlementsMoved(receipt=receipt, **rows.told(MovedSettlement))


def _targets(
    found: TargetConflict, standings: Standings, matters: Matters
) -> Iterator[ConflictingTarget]:
    members = {each.code: each for each in matters.members_of(found.unit, found.matter)}
    for target in found.targets:
        standing, indicator = standings[target.key], members[target.indicator]
        yield ConflictingTarget(
            indicator=target.indicator,
            name=indicator.name,
            data_source_unit=indicator.data_source_unit,
            measure=indicator.measure,
            target=target.target,
            baseline=target.baseline,
            pledge=target.pledge,
            version=standing.number,
            state=standing.state,
            in_force=in_force(standing) == target,
        )


def _shown(row: TargetSettlementRow) -> SettlementVersion:
    return SettlementVersion(
        version=row.version,
        state=cast(SettlementState, row.state),
        targets=[
            SettledValues.model_validate(
                {"indicator": code, **dict(zip(AIMED, values, strict=True))}
            )
            for code, values in row.targets.items()
        ],
        reason=row.reason,
        document_no=row.document_no,
        set_by=row.set_by,
        set_at=row.set_at,
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
