"""Responsibility letters (目标责任书): a unit's targets of the year, frozen and signed by both
sides."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple
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
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing
from indicators.api.letter_contents import (
    Agreed,
    LetterContent,
    agreed,
    by_version,
    standing_letters,
)
from indicators.api.target_versions import MISSING, whose
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    jurisdiction_of,
    latest_letters,
    legal_names,
    letter_signatures,
    letters_of,
    scheme_in_force,
)
from indicators.rules.deciders import DeciderBarred, check_deciders, may_decide, relations_of
from indicators.rules.letters import (
    Difference,
    LetterSignaturesRefused,
    LettersRefused,
    LetterState,
    Side,
    Signer,
    Signing,
    check_drawn,
    check_signings,
    state_of,
)
from indicators.tables import (
    LetterSignatureRow,
    ResponsibilityLetterRow,
)

router = Router("/cycles/{cycle_id}", tags=["targets"])


class NoSuchLetter(Missing):
    """The unit has no responsibility letter."""

    zh = "该单位没有目标责任书。"
    remedy = (
        "Look the unit up in the list of letters; the office draws up what is missing.",
        "请在目标责任书清单中查对单位；尚未拟定的由绩效办拟定。",
    )


class NewLetters(Incoming):
    """The units whose letters are drawn up; null for all that have targets in force and about whom
    the caller decides."""

    units: list[Code] | None = Field(min_length=1, max_length=10_000)


class DrawnLetter(Outgoing):
    """The latest version of a unit's letter, and whether it was drawn up now; `unchanged` where
    what it says still holds."""

    unit: str
    version: int
    digest: str
    outcome: Literal["drawn_up", "unchanged"]


class LettersDrawn(Outgoing):
    """The letters that were drawn up, or hold as they are; `without_target` are units that have no
    target in force, and `not_decided` those about whom somebody else decides."""

    letters: list[DrawnLetter]
    without_target: list[str]
    not_decided: list[str]
    receipt: Receipt | None


class NewLetterSignature(Incoming):
    """A signature for one side under the version of a unit's letter that has this digest."""

    unit: Code
    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    side: Side


class NewLetterSignatures(IncomingBatch):
    """A batch of signatures."""

    ROWS: ClassVar = "signatures"

    signatures: list[NewLetterSignature] = Field(min_length=1, max_length=10_000)


class SignedLetter(RowOutcome):
    """What became of a signature: the state that the letter came into, null where there is
    none."""

    state: LetterState | None


class LettersSigned(BatchOutcome):
    """What became of a batch of signatures, row by row in its order."""

    rows: list[SignedLetter]


class LetterSignature(Outgoing):
    """Who signed for which side, and when; it holds for this digest alone."""

    side: Side
    digest: str
    signed_by: str
    signed_at: dt.datetime


class LetterSummary(Outgoing):
    """The latest version of a unit's letter; `outdated_by` says in what it holds no longer."""

    unit: str
    version: int
    digest: str
    state: LetterState
    outdated: bool
    outdated_by: list[Difference]
    drawn_by: str
    drawn_at: dt.datetime
    signatures: list[LetterSignature]


class LetterList(Outgoing):
    """The latest letters, unit by unit; `without_letter` are units that have targets in force and
    no letter, `without_target` those that have none in force."""

    cycle_id: UUID
    letters: list[LetterSummary]
    without_letter: list[str]
    without_target: list[str]


class LetterVersion(Outgoing):
    """One version of a letter as it was drawn up and signed; only the latest can be `outdated`, all
    before it are `superseded`."""

    content: LetterContent
    digest: str
    state: LetterState
    superseded: bool
    outdated: bool
    outdated_by: list[Difference]
    drawn_by: str
    drawn_at: dt.datetime
    signatures: list[LetterSignature]


class LetterVersions(Outgoing):
    """Every version of a unit's letter, first to last."""

    cycle_id: UUID
    unit: str
    versions: list[LetterVersion]


@router.post(
    "/letters", status_code=201, responses=documents(LettersRefused, DeciderBarred, *MISSING)
)
async def draw_up_letters(
    cycle_id: UUID, new: NewLetters, db: Transaction, permit: Permit
) -> LettersDrawn:
    """Draw up the responsibility letters of some units, or of all, from the targets in force.

    A letter that still holds stays as it is; of one that is outdated another version is drawn up,
    and the former one is kept with its signatures.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    found = await agreed(db, cycle_id)
    having = found.having()
    units = _whose_letters(new, found, having, permit, cycle.phase)
    latest = await latest_letters(db, cycle_id, units)
    signed = by_version(await letter_signatures(db, cycle_id, latest))
    holds = {
        unit
        for unit, row in latest.items()
        if not found.outdated_by(row, signed.get((unit, row.version), ()))
    }
    stale = [unit for unit in units if unit not in holds]
    names = await legal_names(db, jurisdiction_of(cycle_id), stale)
    added = [
        _drawn(cycle_id, found.content(unit, names[unit], _next(latest.get(unit))), permit)
        for unit in stale
    ]
    receipt = await _recorded(db, cycle_id, permit, added)
    drawn = {each["unit"]: each for each in added}
    return LettersDrawn(
        letters=[_told(unit, drawn.get(unit), latest.get(unit)) for unit in units],
        receipt=receipt,
        **_left_out(new, found, having, units),
    )


def _whose_letters(
    new: NewLetters, found: Agreed, having: Collection[str], permit: Permission, phase: str
) -> Sequence[str]:
    """Return the units whose letters are drawn up; refuse who may not, and what cannot be."""
    who = permit.caller.organisation, permit.caller.roles
    second = relations_of(new.units, found.scheme, who[0]) if new.units else ()
    permit.require(relations=second, phase=phase)
    if new.units is None:
        return [unit for unit in having if may_decide(unit, found.scheme, *who)]
    check_deciders(new.units, found.scheme, *who, "units", field=None)
    check_drawn(new.units, found.scheme, having)
    return new.units


def _left_out(
    new: NewLetters, found: Agreed, having: Collection[str], units: Collection[str]
) -> dict[str, list[str]]:
    """Return why the letters of some units were not drawn up where those of all were wanted."""
    if new.units is not None:
        return {"without_target": [], "not_decided": []}
    return {
        "without_target": [unit for unit in found.indicators if unit not in having],
        "not_decided": [unit for unit in having if unit not in units],
    }


def _next(row: ResponsibilityLetterRow | None) -> int:
    return 1 if row is None else row.version + 1


def _drawn(cycle_id: UUID, content: LetterContent, permit: Permission) -> dict[str, Any]:
    said = content.model_dump(mode="json")
    return {
        "cycle_id": cycle_id,
        "unit": content.unit,
        "version": content.version,
        "content": said,
        "digest": journal.sha256(said),
        "drawn_by": permit.caller.subject,
        "drawn_person": permit.caller.person,
    }


def _told(
    unit: str, drawn: Mapping[str, Any] | None, kept: ResponsibilityLetterRow | None
) -> DrawnLetter:
    if drawn is not None:
        version, digest = drawn["version"], drawn["digest"]
        return DrawnLetter(unit=unit, version=version, digest=digest, outcome="drawn_up")
    assert kept is not None  # noqa: S101 - what is not drawn up now is there
    return DrawnLetter(unit=unit, version=kept.version, digest=kept.digest, outcome="unchanged")


async def _recorded(
    db: AsyncSession, cycle_id: UUID, permit: Permission, added: Sequence[Mapping[str, Any]]
) -> Receipt | None:
    if not added:
        return None
    await db.execute(insert(ResponsibilityLetterRow), [*added])
    told = [{name: each[name] for name in ("unit", "version", "digest")} for each in added]
    return await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="letters.drawn-up",
        body={"letters": told},
    )


@router.post(
    "/letter-signatures", status_code=201, responses=documents(LetterSignaturesRefused, *MISSING)
)
async def sign_letters(
    cycle_id: UUID, new: NewLetterSignatures, db: Transaction, permit: Permit, rows: Rows
) -> LettersSigned:
    """Sign responsibility letters for the office, or for the caller's own unit, by their digests.

    Both sides sign the same version, two different human beings, and who drew it up does not sign
    for the unit; what is outdated is not signed.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    caller, units = permit.caller, sorted({each.unit for each in new.signatures})
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    own = {"own_unit"} if units == [caller.organisation] else set[str]()
    second = relations_of(units, scheme, caller.organisation)
    permit.require(relations={*own, *second}, phase=cycle.phase)
    letters = await standing_letters(db, cycle_id, units)
    signer = Signer(caller.person, caller.organisation, caller.roles)

    async def sign(batch: NewLetterSignatures) -> _Signed:
        signings = [Signing(**each.model_dump()) for each in batch.signatures]
        check_signings(signings, letters, scheme, signer)
        values = {"signed_by": caller.subject, "signed_person": caller.person}
        added = [{"cycle_id": cycle_id, **e.model_dump(), **values} for e in batch.signatures]
        await db.execute(insert(LetterSignatureRow), added)
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="letters.signed",
            body=batch.model_dump(mode="json"),
        )
        states = [state_of({*letters[each.unit].signed, each.side}) for each in signings]
        return _Signed(states, receipt)

    states, receipt = await rows.keep(new, sign) or _Signed((), None)
    rows.tell({"state": each} for each in states)
    return LettersSigned(receipt=receipt, **rows.told(SignedLetter))


class _Signed(NamedTuple):
    states: Sequence[LetterState]
    receipt: Receipt | None


_READ = (NoSuchCycle, SchemeNotPublished, StoredDataAltered)


@router.get("/letters", response_model=LetterList, responses=documents(*_READ))
async def list_letters(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    state: Annotated[
        list[LetterState] | None, Query(max_length=4, description="In one of these states.")
    ] = None,
    outdated: Annotated[
        bool | None, Query(description="Only those that hold no longer, or that still hold.")
    ] = None,
) -> Response:
    """List the latest responsibility letter of each unit, with who has signed it, and who has none.

    An assessed unit gets its own, an organiser those of the categories that it leads.
    """
    await find_cycle(db, cycle_id)
    wanted = await whose(db, cycle_id, permit, None)
    found = await agreed(db, cycle_id, wanted)
    units = [unit for unit in found.indicators if wanted is None or unit in wanted]
    having = found.having().keys() & {*units}
    told = await _summaries(db, cycle_id, found, units)
    known = {each.unit for each in told}
    listed = LetterList(
        cycle_id=cycle_id,
        letters=[each for each in told if _is_asked_for(each, state, outdated)],
        without_letter=sorted({*having} - known),
        without_target=sorted({*units} - {*having}),
    )
    return document(listed, request)


async def _summaries(
    db: AsyncSession, cycle_id: UUID, found: Agreed, units: Collection[str]
) -> list[LetterSummary]:
    latest = await latest_letters(db, cycle_id, units)
    signed = by_version(await letter_signatures(db, cycle_id, units))
    return [
        _summary(row, found, signed.get((row.unit, row.version), ())) for row in latest.values()
    ]


def _is_asked_for(
    letter: LetterSummary, states: Collection[str] | None, outdated: bool | None
) -> bool:
    return (not states or letter.state in states) and outdated in (None, letter.outdated)


def _summary(
    row: ResponsibilityLetterRow, found: Agreed, signatures: Sequence[LetterSignatureRow]
) -> LetterSummary:
    by = found.outdated_by(row, signatures)
    return LetterSummary(
        unit=row.unit,
        version=row.version,
        digest=row.digest,
        state=state_of({each.side for each in signatures}),
        outdated=bool(by),
        outdated_by=by,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
        signatures=[_signature(each) for each in signatures],
    )


def _signature(row: LetterSignatureRow) -> LetterSignature:
    return LetterSignature.model_validate(
        {name: getattr(row, name) for name in LetterSignature.model_fields}
    )


@router.get(
    "/letters/{unit}", response_model=LetterVersions, responses=documents(NoSuchLetter, *_READ)
)
async def read_letter(
    cycle_id: UUID, unit: Code, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give every version of a unit's responsibility letter as it was drawn up, with its
    signatures."""
    await find_cycle(db, cycle_id)
    await whose(db, cycle_id, permit, unit)
    rows = await letters_of(db, cycle_id, unit)
    if not rows:
        raise NoSuchLetter(f"{unit} has none.", f"{unit} 没有目标责任书。")
    found = await agreed(db, cycle_id, [unit])
    signed = by_version(await letter_signatures(db, cycle_id, [unit]))
    versions = []
    for row in rows:
        told = _summary(row, found, signed.get((unit, row.version), ())).model_dump()
        superseded = row is not rows[-1]
        if superseded:
            told |= {"outdated": False, "outdated_by": []}
        shown = {name: told[name] for name in LetterVersion.model_fields if name in told}
        versions.append(
            LetterVersion(
                content=LetterContent.model_validate(row.content), superseded=superseded, **shown
            )
        )
    return document(LetterVersions(cycle_id=cycle_id, unit=unit, versions=versions), request)
