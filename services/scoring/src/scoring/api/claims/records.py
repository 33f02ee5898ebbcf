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
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.wire import Exact, OneOf, Outgoing
from scoring.api.explanation.readers import Duties
from scoring.api.sheet.documents import ClaimReason
from scoring.peers import Peers
from scoring.queries.claims import (
    answered_by,
    claim_standing_of,
    counts_late,
    counts_now,
    last_answer,
    latest_states,
    scored_in,
    standing_columns,
)
from scoring.queries.waiting import hold_each
from scoring.rules.claims.awards import SAME_DOCUMENT, Award, Likeness
from scoring.rules.claims.checks import HANDED_IN_WITH, Claim, ClaimContext, ClaimDecision, Proposal
from scoring.rules.claims.near import HeldClaims, NearClaim, NearClaims
from scoring.rules.claims.sharing import CompetingClaim, FiledClaim
from scoring.rules.claims.states import (
    CONFIRMED,
    HANDED_IN,
    LISTED,
    STATES,
    WHOLE,
    AwardKind,
    ClaimParties,
    ClaimStanding,
)
from scoring.rules.ledger.writing import plain_event, plain_item
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow

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
    unit last said why; neither is forgotten by what is decided afterwards. `late` is the name, in
    the document, of the award for which it counts by a correction of a sealed record; None where it
    counts by none.
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
    late: str | None = None

    @property
    def award(self) -> Award:
        """The document that the claim is about."""
        row = self.row
        return Award(
            row.fingerprint, row.kind, row.number_key, row.authority_key, row.document_date
        )

    @property
    def near(self) -> NearClaim:
        """The claim as others on documents like its own look at it."""
        row, told = self.row, self.standing
        about = row.cycle_id, row.claim_id, row.claim_no, row.unit
        return NearClaim(self.award, *about, told.state, told.share, told.item, row.filed_with)

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
    def may_bring(self) -> bool:
        """Whether it brings its unit something, or may once it is decided."""
        return self.standing.state in (HANDED_IN, CONFIRMED) or self.late is not None

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
        late = self.late is not None and standing.share is None
        return CompetingClaim(
            row.cycle_id,
            row.claim_id,
            row.claim_no,
            row.unit,
            standing.state,
            row.author_person,
            self.late if late else standing.item,
            WHOLE.share if late else standing.share,
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
            counts_late(),
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
            row.late,
        )
        for row in rows
    ]


def on_documents(claims: Sequence[StoredClaim]) -> ColumnElement[bool]:
    """Return the condition of claims on the documents of these."""
    return ClaimRow.fingerprint.in_({each.row.fingerprint for each in claims})


async def hold_documents(db: AsyncSession, fingerprints: Collection[str]) -> None:
    """Let nobody else decide about claims on these documents until the commit, in any cycle.

    The trigger that keeps an award from counting twice takes the same locks.
    """
    await hold_each(db, "award", fingerprints)


Event = tuple[str, str, str]
"""A unit, whether an event brings or costs it something, and the event."""


def event_of(row: ClaimRow) -> Event:
    """Return the event that a claim is about, whichever way its key is typed."""
    return (row.unit, row.kind, plain_event(row.event_key))


async def hold_events(db: AsyncSession, events: Collection[Event]) -> None:
    """Let nobody else decide about claims on these events until the commit, in any year.

    Whoever takes both takes the locks of documents first.
    """
    await hold_each(db, "event", map("\x1f".join, events))


def told_of(stored: StoredClaim, near: NearClaims, held: HeldClaims) -> Mapping[str, object]:
    """Return what a reader is told of a claim beside what was handed in: `near` are the others that
    he is told of, `held` is by all that there are."""
    row, waits = stored.row, held.is_held(stored.near)
    same, similar, more = near.beside(stored.award, row.cycle_id, row.claim_id)
    origin = row.carried_from_cycle, row.carried_from
    return {
        "state": stored.standing.state,
        "carried_from": None if None in origin else {"cycle_id": origin[0], "claim_id": origin[1]},
        "confirmation": None if stored.standing.state == HANDED_IN else _confirmation(stored),
        "held": waits,
        "held_reason": _CLAIMED_ELSEWHERE if waits else None,
        "same_document": [_beside(each, SAME_DOCUMENT) for each in same],
        "similar": [_beside(each, like) for each, like in similar],
        "not_shown": more,
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


def _beside(one: NearClaim, like: Likeness) -> ClaimBeside:
    told = {name: getattr(one, name) for name in _OF_NEAR}
    return ClaimBeside(likeness=like, **told)


_OF_NEAR = ("cycle_id", "claim_id", "claim_no", "unit", "state", "share", "item")
