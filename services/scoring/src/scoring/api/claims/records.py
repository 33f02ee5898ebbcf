"""Stored claims with their latest states, and the other claims on the same documents.

Comparing goes over all units, categories and cycles; what of it is shown depends on who asks.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, cast
from uuid import UUID

from pydantic import Field, JsonValue
from pydantic.config import JsonDict
from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Reached
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.wire import Exact, OneOf, Outgoing
from scoring.api.explanation.readers import Duties
from scoring.api.sheet.documents import ClaimReason
from scoring.peers import Peers
from scoring.queries.claims import (
    answered_by,
    claim_standing_of,
    counts_now,
    last_answer,
    latest_states,
    scored_in,
    standing_columns,
)
from scoring.rules.claims.awards import SAME_DOCUMENT, Award, Likeness, likeness
from scoring.rules.claims.checks import HANDED_IN_WITH, Claim, ClaimContext, ClaimDecision, Proposal
from scoring.rules.claims.sharing import CompetingClaim, FiledClaim
from scoring.rules.claims.states import (
    CONFIRMED,
    HANDED_IN,
    LISTED,
    REJECTED,
    STATES,
    WITHDRAWN,
    AwardKind,
    ClaimParties,
    ClaimStanding,
)
from scoring.rules.ledger.writing import plain_event, plain_item
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow

MOST_SHOWN = 50
"""How many other claims are shown beside one, of each kind."""

_CLAIMED_ELSEWHERE = ClaimReason(
    code="claimed_elsewhere",
    params={},
    en="This document has been claimed elsewhere.",
    zh="该文件已有其他申报。",
)


def _above_0_to_1(schema: JsonDict) -> None:
    """Publish the bounds, which Pydantic leaves out of what may be written as a string."""
    for name in ("gt", "le"):
        schema.pop(name, None)
    numbers: JsonDict = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
    schema["anyOf"] = [numbers, *cast(list[JsonValue], schema["anyOf"])[1:]]


Share = Annotated[Exact, Field(gt=0, le=1, json_schema_extra=_above_0_to_1)]
"""A share of a joint award: above 0, and 1 at most for all of them together."""


def units_read(permit: Permission, duties: Duties) -> set[str]:
    """Return the units whose claims the caller reads who does not read all: its own, and those
    about which it decides in the place of the office; refuse who reads none (`not-allowed`)."""
    own, decided = permit.caller.organisation, {*duties.stands_in}
    permit.require(({"own_unit"} if own else set()) | ({"second_body"} if decided else set()))
    mine = {own} if own and permit.allows({"own_unit"}) else set[str]()
    return mine | decided


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A stored claim, its `step`-th state, and who brought it there.

    `answered_by` are all who ever answered for a unit of its filing, `last_answer` is what its own
    unit last said why; neither is forgotten by what is decided afterwards.
    """

    row: ClaimRow
    standing: ClaimStanding
    step: int
    actor: str
    person: str
    document_no: str | None
    entered_at: dt.datetime
    agreed: bool | None = None
    scored_in: str | None = None
    answered_by: Sequence[str] = ()
    last_answer: str | None = None

    @property
    def award(self) -> Award:
        """The document that the claim is about."""
        row = self.row
        return Award(
            row.fingerprint, row.kind, row.number_key, row.authority_key, row.document_date
        )

    @property
    def claim(self) -> Claim:
        """The claim as the rules know it."""
        told = {name: getattr(self.row, name) for name in HANDED_IN_WITH}
        return Claim(**told, standing=self.standing, scored_in=self.scored_in)

    @property
    def counts(self) -> bool:
        """Whether it takes something of its award."""
        return self.standing.share is not None

    @property
    def parties(self) -> ClaimParties:
        """The persons and units that the claim concerns, and its state."""
        row, state = self.row, self.standing.state
        return ClaimParties(
            row.claim_id,
            row.claim_no,
            row.unit,
            row.kind,
            row.author_person,
            row.author_unit,
            self.person if state == CONFIRMED else None,
            state,
            self.answered_by,
        )

    @property
    def leads(self) -> bool:
        """Whether it is the claim of the unit that filed it for others too."""
        return self.row.filed_with == self.row.claim_id

    @property
    def filed(self) -> FiledClaim | None:
        """The claim as one of those that units filed together; None where one did by itself."""
        row = self.row
        if row.filed_with is None:
            return None
        said = (row.proposed_share, self.leads or self.agreed, self.leads)
        return FiledClaim(row.claim_id, row.unit, self.standing.state, *said)

    def together(self, found: Iterable["StoredClaim"]) -> list["StoredClaim"]:
        """Return those of the claims that were filed together with this one, and itself; that of
        the unit that leads first."""
        of = self.row.filed_with
        if of is None:  # most are; a page has hundreds of them, beside thousands
            return []
        mine = [one for one in found if one.row.filed_with == of]
        return sorted(mine, key=lambda one: (not one.leads, one.row.unit))

    @property
    def other(self) -> CompetingClaim:
        """The claim as it stands beside another on the same document."""
        row, standing = self.row, self.standing
        return CompetingClaim(
            row.cycle_id,
            row.claim_id,
            row.claim_no,
            row.unit,
            standing.state,
            row.author_person,
            standing.item,
            standing.share,
            plain_item(row.holder_name or ""),
            standing.award == LISTED,
        )


@dataclass(frozen=True, slots=True)
class ClaimTransition:
    """The state that a claim gets, and what it takes of its award in it.

    `agreed` is what its unit says of a filing, which stays said.
    """

    claim: StoredClaim
    standing: ClaimStanding
    agreed: bool | None = None

    @property
    def changes_what_is_revoked(self) -> bool:
        """Whether by it other points than before are taken back of an award that was revoked."""
        before, after = self.claim.standing, self.standing
        taken = (before.share, before.against) != (after.share, after.against)
        return taken and self.claim.row.revokes is not None


State = Annotated[str, OneOf(*STATES)]


class ClaimBeside(Outgoing):
    """Another claim with the same or a similar document, of any unit, category and cycle."""

    cycle_id: UUID
    claim_id: UUID
    claim_no: str
    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    state: State
    share: Exact | None
    item: str | None
    likeness: Likeness


class ClaimProposal(Outgoing):
    """What the rules propose of a claim by itself (规则建议): nobody has decided by it yet.

    `points` are those of its rule, before shares, the highest of one event, earlier years, and
    caps. `against` is all that the rules hold against it; `reason` is the first of that, or why it
    counts.
    """

    decision: ClaimDecision
    points: Exact
    reason: ClaimReason
    against: list[ClaimReason]


class CarriedFrom(Outgoing):
    """The claim of the cycle before that was carried over (顺延) and arrived here; its evidence is
    there."""

    cycle_id: UUID
    claim_id: UUID


def shown_proposal(found: Proposal) -> ClaimProposal:
    """Return what the rules propose as it is told."""
    told = [ClaimReason.model_validate(asdict(why)) for why in (found.reason, *found.against)]
    return ClaimProposal(
        decision=found.decision, points=found.points, reason=told[0], against=told[1:]
    )


class Confirmation(Outgoing):
    """The decision of the person who confirmed, rejected or took back a claim.

    `share` is what the claim takes of its award, null when it takes nothing. `document_no`
    is what a withdrawal rests on. `proposed` is what the rules said of it then, for
    `proposed_points`; `against` are the points that were decided against that, null where it is as
    they propose. `earlier_points` is what its event brought the unit in earlier years, null where
    the scheme does not look at them.
    """

    award: AwardKind | None
    item: str | None
    share: Exact | None
    counted_earlier: bool
    proposed: ClaimDecision | None
    proposed_points: Exact | None
    against: Exact | None
    earlier_points: Exact | None
    reason: str | None
    document_no: str | None
    decided_by: str
    decided_at: dt.datetime


async def context_of(ask: Peers, cycle_id: UUID) -> ClaimContext:
    """Return what the rules look at in the claims of a cycle: its scheme, and the units' names."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    names = [name for unit in await ask.indicators.units() for name in unit.over_time()]
    return ClaimContext(scheme, names)


async def read_claims(db: AsyncSession, condition: ColumnElement[bool]) -> list[StoredClaim]:
    """Return the claims that meet a condition, in order of arrival."""
    ids = select(ClaimRow.claim_id).where(condition)
    latest = latest_states(ClaimStateRow.claim_id.in_(ids))
    told = latest.c
    rows = await db.execute(
        select(
            ClaimRow,
            *standing_columns(latest),
            told.step,
            told.actor,
            told.person,
            told.document_no,
            told.entered_at,
            told.agreed,
            scored_in(),
            answered_by(),
            last_answer(),
        )
        .join(latest, (told.cycle_id == ClaimRow.cycle_id) & (told.claim_id == ClaimRow.claim_id))
        .outerjoin(CountedAwardRow, counts_now())
        .where(condition)
        .order_by(ClaimRow.number)
    )
    return [
        StoredClaim(
            row.ClaimRow,
            claim_standing_of(row),
            row.step,
            row.actor,
            row.person,
            row.document_no,
            row.entered_at,
            row.agreed,
            row.scored_already,
            row.answered_by or (),
            row.last_answer,
        )
        for row in rows
    ]


def on_documents(claims: Sequence[StoredClaim], *, similar: bool = False) -> ColumnElement[bool]:
    """Return the condition of claims on the documents of these, or on such as are like them."""
    row = ClaimRow
    same = row.fingerprint.in_({each.row.fingerprint for each in claims})
    if not similar:
        return same
    numbers = {each.row.number_key for each in claims if each.row.number_key}
    dated = {
        (each.row.authority_key, each.row.document_date)
        for each in claims
        if each.row.authority_key and each.row.document_date
    }
    return or_(
        same,
        row.number_key.in_(numbers),
        tuple_(row.authority_key, row.document_date).in_(dated),
    )


async def hold_documents(db: AsyncSession, fingerprints: Collection[str]) -> None:
    """Let nobody else decide about claims on these documents until the commit, in any cycle.

    The trigger that keeps an award from counting twice takes the same locks.
    """
    for fingerprint in sorted(fingerprints):
        key = func.hashtext("award"), func.hashtext(fingerprint)
        await db.execute(select(func.pg_advisory_xact_lock(*key)))


Event = tuple[str, str, str]
"""A unit, whether an event brings or costs it something, and the event."""


def event_of(row: ClaimRow) -> Event:
    """Return the event that a claim is about, whichever way its key is typed."""
    return (row.unit, row.kind, plain_event(row.event_key))


async def hold_events(db: AsyncSession, events: Collection[Event]) -> None:
    """Let nobody else decide about claims on these events until the commit, in any year.

    Whoever takes both takes the locks of documents first.
    """
    for event in sorted({*events}):
        key = func.hashtext("event"), func.hashtext("\x1f".join(event))
        await db.execute(select(func.pg_advisory_xact_lock(*key)))


def beside(
    stored: StoredClaim, found: Iterable[StoredClaim], seen_by: str | None, reached: Reached
) -> list[ClaimBeside]:
    """Return the claims with the same or a similar document that still count or may.

    A unit (`seen_by`) is told of its own only; the office, and who decides in its place, of all.
    Nobody is told of other cycles than those that are `reached`.
    """
    told = list[ClaimBeside]()
    for one in found:
        like = likeness(stored.award, one.award)
        dropped = one.standing.state in {REJECTED, WITHDRAWN}
        if one.row.claim_id == stored.row.claim_id or like is None or dropped:
            continue
        if reached(one.row.cycle_id) and seen_by in (None, one.row.unit):
            told.append(_beside(one, like))
    return told


def is_held(stored: StoredClaim, found: Iterable[StoredClaim]) -> bool:
    """Say whether a claim waits for somebody to say how it relates to others on its document, which
    were not filed together with it."""
    return stored.standing.state == HANDED_IN and any(
        one.other.holds and one.row.fingerprint == stored.row.fingerprint
        for one in found
        if one.row.claim_id != stored.row.claim_id
        and (stored.row.filed_with is None or one.row.filed_with != stored.row.filed_with)
    )


def told_of(
    stored: StoredClaim, found: Sequence[StoredClaim], seen_by: str | None, reached: Reached
) -> Mapping[str, object]:
    """Return what a reader is told of a claim beside what was handed in."""
    others, held = beside(stored, found, seen_by, reached), is_held(stored, found)
    same = [one for one in others if one.likeness == SAME_DOCUMENT]
    similar = [one for one in others if one.likeness != SAME_DOCUMENT]
    # On one day an authority issues many documents: those of one number are likelier the same.
    similar.sort(key=lambda one: one.likeness != "same_number")
    origin = stored.row.carried_from_cycle, stored.row.carried_from
    return {
        "state": stored.standing.state,
        "carried_from": None if None in origin else {"cycle_id": origin[0], "claim_id": origin[1]},
        "confirmation": None if stored.standing.state == HANDED_IN else _confirmation(stored),
        "held": held,
        "held_reason": _CLAIMED_ELSEWHERE if held else None,
        "same_document": same[:MOST_SHOWN],
        "similar": similar[:MOST_SHOWN],
        "not_shown": max(len(same) - MOST_SHOWN, 0) + max(len(similar) - MOST_SHOWN, 0),
    }


def _confirmation(stored: StoredClaim) -> Confirmation:
    standing = stored.standing
    return Confirmation(
        award=standing.award,
        item=standing.item,
        share=standing.share,
        counted_earlier=standing.counted_earlier,
        proposed=cast(ClaimDecision | None, standing.proposed),
        proposed_points=standing.proposed_points,
        against=standing.against,
        earlier_points=standing.earlier_points,
        reason=standing.reason,
        document_no=stored.document_no,
        decided_by=stored.actor,
        decided_at=stored.entered_at,
    )


def _beside(one: StoredClaim, like: Likeness) -> ClaimBeside:
    return ClaimBeside(
        cycle_id=one.row.cycle_id,
        claim_id=one.row.claim_id,
        claim_no=one.row.claim_no,
        unit=one.row.unit,
        state=one.standing.state,
        share=one.standing.share,
        item=one.standing.item,
        likeness=like,
    )
