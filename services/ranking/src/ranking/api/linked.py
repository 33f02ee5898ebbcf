"""Linked results (三位一体): results of teams and persons, typed twice from their documents."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.modes import is_checked
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.sealing import SealingKeys
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from ranking.api.linked_stored import (
    TABLES,
    Sealed,
    StoredResult,
    is_over,
    linked_policy,
    opened,
    require_body,
    results_of,
)
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import hold_cycle, now, today
from ranking.rules.linked import (
    MOST_RESULTS,
    Assessment,
    LinkedFaulty,
    LinkedState,
    NoSuchLinkedResult,
    NothingLinked,
    Result,
    ResultNotOpen,
    ResultThere,
    SamePersonTypes,
    TypedOtherwise,
    decided,
    entry_faults,
    refuse_entry,
    refuse_otherwise,
)
from ranking.rules.scheme import Scheme
from ranking.tables import LinkedErasureRow, LinkedResultRow, LinkedStepRow

router = Router(prefix="/cycles/{cycle_id}", tags=["linked results"])

PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)

Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
PersonName = Annotated[Text, StringConstraints(max_length=100)]


class NewAssessedPerson(Incoming):
    """A person, by the code that the personnel system has for him, and his name, which is kept
    sealed."""

    code: Code
    name: PersonName


class NewLinkedDocument(Incoming):
    """A document by issuer, number, day, and the SHA-256 of its file."""

    issuer: Text
    number: Text
    day: dt.date
    digest: Digest


class NewTypedResult(Incoming):
    """What a document says: the `score` of a team, or the `grade` of a person."""

    person: NewAssessedPerson | None = None
    score: Annotated[Exact, Field(ge=0, le=100)] | None = None
    grade: Code | None = None
    document: NewLinkedDocument

    @property
    def compared(self) -> dict[str, object]:
        """What the second typing must say again, by where it stands."""
        person = self.person and (self.person.code, self.person.name)
        named = {"person": person, "score": self.score, "grade": self.grade}
        return named | {f"document/{n}": value for n, value in dict(self.document).items()}


class NewLinkedResult(NewTypedResult):
    """A result of an assessment of a unit's team, or of one of its people, typed the first time;
    with a `reason` where it corrects one that holds."""

    unit: Code
    kind: Assessment
    corrects: UUID | None = None
    reason: Text | None = None


class NewLinkedDecision(Incoming):
    """The word of another person: to confirm a result is to type it again; refusing has a
    reason."""

    decision: Literal["confirm", "refuse"]
    typed: NewTypedResult | None = None
    reason: Text | None = None


class LinkedResultStored(Outgoing):
    """A result by its id, with the state that it is in; what it says is read where readings are on
    record."""

    result_id: UUID
    unit: str
    kind: Assessment
    state: LinkedState
    receipt: Receipt | None


class ErasedResults(Outgoing):
    """Of how many results what was sealed about a person was erased, up to a thousand at once."""

    erased: int
    receipt: Receipt | None


@router.post(
    "/linked-results",
    status_code=201,
    responses=documents(LinkedFaulty, NothingLinked, ResultThere, *PEERS),
)
async def enter_linked_result(
    cycle_id: UUID,
    new: NewLinkedResult,
    request: Request,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> LinkedResultStored:
    """Enter a result of a team or a person from its document; it holds once another person of the
    same body has typed it again."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    require_body(scheme, new.kind, new.unit, permit)
    await hold_cycle(db, cycle_id)
    there = await results_of(db, cycle_id, new.unit)
    refuse_entry(_faults(scheme, new, await today(db, scheme.time_zone), there))
    _refuse_there(new, there)
    result_id, keys = uuid4(), request.app.state.linked_keys
    sealed = None if is_checked(request) else await _sealed(keys, result_id, new)
    caller, document = permit.caller, new.document
    row = LinkedResultRow(
        cycle_id=cycle_id,
        result_id=result_id,
        **new.model_dump(include={"unit", "kind", "score", "corrects", "reason"}),
        person_code=_code(new),
        sealed=sealed,
        issuer=document.issuer,
        document_no=document.number,
        document_day=document.day,
        document_digest=document.digest,
        subject=caller.subject,
        person=caller.person,
    )
    db.add(row)
    await db.flush()
    return await _recorded(db, "ranking.linked-result-entered", row, "entered", permit)


async def _sealed(keys: SealingKeys, result_id: UUID, new: NewTypedResult) -> bytes | None:
    if new.person is None or new.grade is None:
        return None
    return await keys.seal(result_id, Sealed(new.person.name, new.grade).written())


def _faults(
    scheme: Scheme, new: NewLinkedResult, day: dt.date, there: Sequence[StoredResult]
) -> list[Fault]:
    code = _code(new)
    said = Result(new.kind, code, new.score, new.grade)
    policy, more = linked_policy(scheme), {"corrects": new.corrects is not None}
    found = [*entry_faults(policy, said, new.document.day, day, reason=new.reason, **more)]
    if scheme.category_of(new.unit) is None:
        en, zh = f"{new.unit} is assessed in no category.", f"单位{new.unit}不在任何类别参评。"
        found.append(Fault("/unit", "unknown-unit", en, zh))
    holding = {
        each.row.result_id for each in there if each.holds and each.about == (new.kind, code)
    }
    if new.corrects is not None and new.corrects not in holding:
        en, zh = "No result of this holds by that id.", "没有该编号的有效结果。"
        found.append(Fault("/corrects", "unknown-result", en, zh))
    if len(there) >= MOST_RESULTS:
        en, zh = f"A unit has {MOST_RESULTS} at most.", f"每个单位至多{MOST_RESULTS}项。"
        found.append(Fault("/unit", "too-many-results", en, zh))
    return found


def _code(new: NewTypedResult) -> str | None:
    return None if new.person is None else new.person.code


def _refuse_there(new: NewLinkedResult, there: Sequence[StoredResult]) -> None:
    """Refuse what is there already, or waits to be typed again."""
    about = new.kind, _code(new)
    same = [each for each in there if each.about == about]
    if any(each.state == "entered" for each in same):
        raise ResultThere("One waits to be typed again.", "已有待再次录入的结果。")
    if new.corrects is None and any(each.holds for each in same):
        raise ResultThere("One holds.", "已有有效结果。")


@router.post(
    "/linked-results/{result_id}/decision",
    status_code=201,
    responses=documents(
        *(LinkedFaulty, NothingLinked, NoSuchLinkedResult, ResultNotOpen),
        *(SamePersonTypes, TypedOtherwise, *PEERS),
    ),
)
async def decide_linked_result(
    cycle_id: UUID,
    result_id: UUID,
    new: NewLinkedDecision,
    request: Request,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> LinkedResultStored:
    """Type a result the second time, so that it holds, or refuse it, as another person of the body
    that enters it; of what differs only the fields are named."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    policy = linked_policy(scheme)
    await hold_cycle(db, cycle_id)
    row = await db.get(LinkedResultRow, (cycle_id, result_id))
    if row is None:
        permit.require({"responsible"})
        raise NoSuchLinkedResult("There is none.", "没有该结果。")
    require_body(scheme, row.kind, row.unit, permit)
    there = await results_of(db, cycle_id, row.unit)
    found = next(each for each in there if each.row.result_id == result_id)
    to = decided(found.state, new.decision, new.reason, row.person, permit.caller.person)
    if to == "confirmed":
        day = await today(db, scheme.time_zone)
        _refuse_otherwise(
            row, await opened(request.app.state.linked_keys, found, policy, scheme, day), new.typed
        )
    db.add(
        LinkedStepRow(
            cycle_id=cycle_id,
            result_id=result_id,
            state=to,
            reason=new.reason,
            subject=permit.caller.subject,
            person=permit.caller.person,
        )
    )
    await db.flush()
    return await _recorded(db, "ranking.linked-result-decided", row, to, permit)


def _refuse_otherwise(
    row: LinkedResultRow, sealed: Sealed | None, typed: NewTypedResult | None
) -> None:
    if typed is None:
        en, zh = "To confirm is to type it again.", "确认须再次录入。"
        refuse_entry([Fault("/typed", "missing", en, zh)])
        return
    if row.sealed is not None and sealed is None:
        raise ResultNotOpen("What it said was erased.", "其内容已清除。")
    first: dict[str, object] = {
        "person": sealed and (row.person_code, sealed.name),
        "score": row.score,
        "grade": sealed and sealed.grade,
        "document/issuer": row.issuer,
        "document/number": row.document_no,
        "document/day": row.document_day,
        "document/digest": row.document_digest,
    }
    at = "typed/{}".format
    refuse_otherwise(
        {at(name): value for name, value in first.items()},
        {at(name): value for name, value in typed.compared.items()},
    )


async def _recorded(
    db: AsyncSession, event: str, row: LinkedResultRow, state: LinkedState, permit: Permission
) -> LinkedResultStored:
    """Put a step on record; who was assessed and how is in no journal."""
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=event,
        body={"result_id": str(row.result_id), "kind": row.kind},
    )
    return LinkedResultStored(
        result_id=row.result_id, unit=row.unit, kind=row.kind, state=state, receipt=receipt
    )


@router.post("/linked-erasures", status_code=201, responses=documents(NothingLinked, *PEERS))
async def erase_linked_results(
    cycle_id: UUID, request: Request, db: Transaction, permit: Permit, ask: AskPeers
) -> ErasedResults:
    """Destroy the keys of what is sealed about persons and has been kept for as long as the scheme
    says; it is then read by nobody, in no copy of the database. A second time changes nothing.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_cycle(db, cycle_id)
    await require_intact(db, str(cycle_id), *TABLES)
    ids = await overdue(db, cycle_id, scheme)
    # First the keys: who is killed in between has destroyed what is said to be there still, and
    # the next time it is told.
    if not is_checked(request):
        for each in ids:
            await request.app.state.linked_keys.destroy(each)
    who, moment = permit.caller, await now(db)
    by = {"subject": who.subject, "person": who.person, "erased_at": moment}
    db.add_all(LinkedErasureRow(cycle_id=cycle_id, result_id=each, **by) for each in ids)
    await db.flush()
    receipt = None
    if ids:
        body, event = {"erased": len(ids)}, "ranking.linked-results-erased"
        receipt = await journal.record(db, chain=str(cycle_id), caller=who, event=event, body=body)
    return ErasedResults(erased=len(ids), receipt=receipt)


async def overdue(db: AsyncSession, cycle_id: UUID, scheme: Scheme) -> list[UUID]:
    """Return the results of which what is sealed is to be erased, a thousand at most."""
    policy, day = linked_policy(scheme), await today(db, scheme.time_zone)
    of, gone = LinkedResultRow, LinkedErasureRow
    erased = select(gone.result_id).where(gone.cycle_id == of.cycle_id)
    query = select(of.result_id, of.entered_at).where(of.cycle_id == cycle_id)
    kept = query.where(of.sealed.is_not(None), of.result_id.not_in(erased)).order_by(of.entered_at)
    found = (await db.execute(kept.limit(1_000))).all()
    return [each for each, at in found if is_over(at, policy, scheme, day)]
