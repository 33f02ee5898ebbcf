"""What is said of registered awards, and what is told of them."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chassis.journal import Receipt
from chassis.wire import Code, Incoming, OneOf, Outgoing, Text
from scoring.api.ledger.entries import Word
from scoring.rules.claims.checks import HolderKind
from scoring.rules.claims.registering import AWARD_KINDS, AWARD_STATES

AwardKind = Annotated[str, OneOf(*AWARD_KINDS)]
AwardState = Annotated[str, OneOf(*AWARD_STATES)]


class AwardHolder(Incoming):
    """A unit that has an award, and the name that the document gives it, a body below it, or a
    person of it."""

    unit: Code
    holder_name: Text
    holder_kind: HolderKind = "unit"


class NewRegisteredAward(Incoming):
    """An award or a title, with its document and who has it.

    `granted_by` is the code of whoever gave it, where that is a unit. `in_own_name` says that it
    was given in the name of the government that evaluates; `priority` is then the special priority
    of the scheme that it is for.
    """

    kind: AwardKind = "award"
    name: Text
    level: Word
    authority: Text
    granted_by: Code | None = None
    document_no: Text
    document_date: dt.date
    awarded_on: dt.date
    in_own_name: bool = False
    priority: Code | None = None
    holders: Annotated[list[AwardHolder], Field(min_length=1, max_length=100)]


class NewAwardConfirmation(Incoming):
    """Whether a registered award is what its document says, and why not."""

    award_id: UUID
    decision: Literal["confirmed", "rejected"]
    reason: Text | None = None


class NewAwardWithdrawal(Incoming):
    """Which registered award is taken back, and why."""

    award_id: UUID
    reason: Text


class HolderOfAward(Outgoing):
    """A unit that has an award, and the name that the document gives."""

    unit: str
    holder_name: str
    holder_kind: HolderKind


class ClaimOnAward(Outgoing):
    """A claim on the document of a registered award; how it stands tells the list of claims."""

    claim_id: UUID
    claim_no: str
    unit: str


class RegisteredAward(Outgoing):
    """An award or a title as it was registered, and how it stands.

    `outside` says that it was given in the own name and for no special priority. `claims` are those
    of its holders that rest on its document; a unit reads its own of both, and whoever gave it no
    claims. `reason` is that of its state.
    """

    award_id: UUID
    kind: AwardKind
    name: str
    level: str
    authority: str
    granted_by: str | None
    document_no: str
    document_date: dt.date
    awarded_on: dt.date
    in_own_name: bool
    priority: str | None
    outside: bool
    holders: list[HolderOfAward]
    claims: list[ClaimOnAward]
    author: str
    registered_at: dt.datetime
    state: AwardState
    reason: str | None
    changed_by: str
    changed_at: dt.datetime


class MovedAward(Outgoing):
    """A registered award, the state that it is in now, and the receipt of the journal."""

    award_id: UUID
    state: AwardState
    receipt: Receipt | None


class AwardsOfLevel(Outgoing):
    """How many awards of a level a unit has by the register, confirmed and waiting, and how many of
    them are titles, or outside of the special priorities; and how many claims for bonus rest on a
    document of which the register has nothing of the unit."""

    unit: str
    level: str
    confirmed: int
    waiting: int
    titles: int
    outside: int
    claimed_besides: int


class AwardsByUnit(Outgoing):
    """The units that have awards, by unit and level."""

    cycle_id: UUID
    items: list[AwardsOfLevel]
