"""Corrections of a sealed record as they are proposed, decided and told."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from chassis.journal import Receipt
from chassis.pages import Page
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing, Text
from scoring.api.ledger.entries import Authority, DocumentNo, Word
from scoring.queries.corrections import StoredCorrection
from scoring.rules.corrections.aims import AIMS
from scoring.rules.corrections.claims import CLAIM
from scoring.rules.corrections.correcting import (
    APPROVED,
    CORRECTION_STATES,
    ORIGINS,
    PROPOSED,
    REFUSED,
    WHATS,
    WITHDRAWN,
)
from scoring.rules.corrections.overturned import OVERTURNED_KEPT_ALONE
from scoring.rules.corrections.surveyed import SATISFACTION
from scoring.rules.ledger.entries import KINDS_ZH

Origin = Annotated[str, OneOf(*ORIGINS)]
What = Annotated[str, OneOf(*WHATS)]
CorrectedKind = Annotated[str, OneOf(*KINDS_ZH, CLAIM, *AIMS, SATISFACTION)]
CorrectionState = Annotated[str, OneOf(*CORRECTION_STATES)]


DOCUMENT = ("origin", "issuer", "document_no", "document_date", "objection_id")
"""What a correction tells of the document that it rests on."""


class NewCorrection(Incoming):
    """What the sealed record is to say instead, and the document that says so.

    What `replaces` or `removes` names in `corrects` the entry that counts, or the correction that
    counts in its place; what `adds` names unit, indicator and kind as an entry does. One that rests
    on an objection names it: upheld, in whole or in part, and of the same unit.

    One about a bonus or a deduction names its `claim_id` and nothing else that tells what it is
    about: `value` is what the whole award is worth, and what `adds` has a claim count late, by the
    `item` that its award is called by in the document, if that has several and nothing of the claim
    had counted. A target in force is replaced by `unit`, `indicator`, its `item` if it has one, and
    as `kind` what of it. What a survey found for a unit is replaced by `unit`, by an `indicator`
    that scores by it, and as `key` the code of the survey; `value` is of 100.
    """

    origin: Literal["court", "audit", "superior", "objection"]
    objection_id: UUID | None = None
    issuer: Authority
    document_no: DocumentNo
    document_date: dt.date
    reason: Text
    what: Literal["replaces", "removes", "adds"]
    corrects: UUID | None = None
    claim_id: UUID | None = None
    unit: Code | None = None
    indicator: Code | None = None
    kind: (
        Literal[
            "measured_value",
            "event",
            "milestone",
            "grade",
            "inspection_finding",
            "target",
            "baseline",
            "pledge",
            "satisfaction",
        ]
        | None
    ) = None
    key: Word | None = None
    item: Word | None = None
    period: Word | None = None
    value: Exact | None = None
    word: Word | None = None
    occurred_on: dt.date | None = None


class NewCorrectionDecision(Incoming):
    """That a correction is approved, or refused, and then why."""

    decision: Literal["approved", "refused"]
    text: Text | None = None


class NewCorrectionWithdrawal(Incoming):
    """Why a correction that nobody has decided about is taken back."""

    text: Text

    @property
    def decision(self) -> str:
        """What becomes of it."""
        return WITHDRAWN


class CorrectionDecision(Outgoing):
    """What was decided about a correction, or that it was taken back, when and by whom;
    `kept_alone` says why what it overturned costs nobody, where the scheme has that cost something.
    """

    decision: Annotated[str, OneOf(APPROVED, REFUSED, WITHDRAWN)]
    text: str | None
    kept_alone: Annotated[str, OneOf(*OVERTURNED_KEPT_ALONE)] | None
    decided_by: str
    decided_at: dt.datetime


class SealedCorrection(Outgoing):
    """A correction of the sealed record, the document that it rests on, and what became of it.

    Once it is approved it counts, by its own id, in the place of what it `corrects`. What an
    overturned entry costs the unit that entered it is added by one that `rests_on` the correction
    which overturned it, and so is what the points of a joint award are to
    its other units. One about a bonus or deduction has its `claim_id`, and no indicator.
    `waiting_days` are the days for which it has waited to be decided; null once that is done.
    """

    correction_id: UUID
    origin: Origin
    issuer: str
    document_no: str
    document_date: dt.date
    objection_id: UUID | None
    rests_on: UUID | None
    reason: str
    what: What
    corrects: UUID | None
    claim_id: UUID | None
    unit: str
    indicator: str | None
    kind: CorrectedKind
    key: str | None
    item: str | None
    period: str
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    proposed_by: str
    proposed_at: dt.datetime
    state: CorrectionState
    waiting_days: Annotated[int, Field(ge=0, le=100_000)] | None
    decision: CorrectionDecision | None


class SealedCorrections(Page[SealedCorrection]):
    """A page of corrections; `digest` is that of all that count, as a score sheet names it, and
    null where none do, to an assessed unit, and to whoever decides and is of a unit."""

    digest: str | None


class MovedCorrection(Outgoing):
    """The correction as it stands now, and the receipt of the journal."""

    correction: SealedCorrection
    receipt: Receipt | None


def told(
    found: StoredCorrection, day: dt.date, zone: str, *, at_work: bool = True
) -> SealedCorrection:
    """Return a correction as whoever is `at_work` with it reads it on a day, or an assessed unit,
    which is told nothing of what others pay for it."""
    row, decision = found.row, found.decision
    apart = {"proposed_by", "state", "decision", "waiting_days"}
    names = SealedCorrection.model_fields.keys() - apart
    return SealedCorrection(
        **{name: getattr(row, name) for name in names},
        proposed_by=row.actor,
        state=found.state,
        waiting_days=waited(found, day, zone) if found.state == PROPOSED else None,
        decision=decision
        and CorrectionDecision(
            decision=decision.decision,
            text=decision.text,
            kept_alone=decision.kept_alone if at_work else None,
            decided_by=decision.actor,
            decided_at=decision.decided_at,
        ),
    )


def proposed_on(found: StoredCorrection, zone: str) -> dt.date:
    """Return the day on which a correction was proposed, in a time zone."""
    return found.row.proposed_at.astimezone(ZoneInfo(zone)).date()


def waited(found: StoredCorrection, day: dt.date, zone: str) -> int:
    """Return for how many days a correction has waited on a day."""
    return max((day - proposed_on(found, zone)).days, 0)
