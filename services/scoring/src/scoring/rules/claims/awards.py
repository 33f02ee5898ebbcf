"""The award or criticism that a claim is about, recognised by its document.

What is only written another way is equal (`rules.ledger.writing`). Two claims with one fingerprint
are about the same document.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from scoring.rules.claims.checks import BONUS, DEDUCTION
from scoring.rules.ledger.likeness import numbers_in
from scoring.rules.ledger.writing import plain_authority, plain_number

Likeness = Literal["same_document", "same_number", "same_authority_and_date"]
"""How two documents are alike: equal, of one number with another date, or the reverse."""

SAME_DOCUMENT: Likeness = "same_document"


class ClaimedDocument(Protocol):
    """The fields of a claim by which its document is recognised."""

    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def rule(self) -> str | None: ...  # noqa: D102
    @property
    def authority(self) -> str | None: ...  # noqa: D102
    @property
    def document_no(self) -> str | None: ...  # noqa: D102
    @property
    def event_key(self) -> str: ...  # noqa: D102
    @property
    def document_date(self) -> date | None: ...  # noqa: D102
    @property
    def revokes(self) -> UUID | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Award:
    """The document behind a claim: `fingerprint` is equal for all claims on the same one.

    `number` and `authority` are in the one form they are compared in, empty where none was given.
    """

    fingerprint: str
    kind: str
    number: str
    authority: str
    dated: date | None


def award_of(claim: ClaimedDocument, whose: str | None = None) -> Award:
    """Return the document that a claim is about, as it is known in a jurisdiction, or in none: what
    another claims for it is none of its matters.

    A document is known by its number and date; the authority is part of the number (机关代字) and
    would only give other ways to write it. A criticism without number is known by whom it fell
    on, for what, and when; what revokes an award by that award, whichever document says so.
    """
    number = plain_number(claim.document_no or "")
    known = [claim.kind, number, str(claim.document_date)]
    if not number and claim.kind == DEDUCTION:
        known += [claim.unit, claim.rule or ""]
    if claim.revokes is not None:
        known = [claim.kind, "revokes", str(claim.revokes)]
    return Award(
        _digest(known, whose),
        claim.kind,
        number,
        plain_authority(claim.authority or ""),
        claim.document_date,
    )


def fingerprint_of(document_no: str, dated: date, whose: str | None) -> str:
    """Return the fingerprint that claims for bonus on a document have, whoever makes them in a
    jurisdiction, or in none."""
    return _digest([BONUS, plain_number(document_no), str(dated)], whose)


def _digest(known: Iterable[str], whose: str | None) -> str:
    told = [*known] if whose is None else [*known, whose]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


def matter_of(claim: ClaimedDocument) -> str:
    """Return the number of the matter that a claim's event is known by, such as DB-2025-0131, in
    the form in which numbers are compared; empty where its key is no such number."""
    return next(numbers_in(claim.event_key), "")


def likeness(one: Award, other: Award) -> Likeness | None:
    """Say how two documents are alike, None when they are not."""
    if one.fingerprint == other.fingerprint:
        return SAME_DOCUMENT
    if one.kind != other.kind:
        return None
    if one.number and one.number == other.number:
        return "same_number"
    if one.authority and (one.authority, one.dated) == (other.authority, other.dated):
        return "same_authority_and_date"
    return None


def shares_fit(shares: Iterable[Decimal]) -> bool:
    """Say whether shares of one award are positive and come to no more than the whole."""
    found = list(shares)
    return all(share > 0 for share in found) and sum(found, Decimal(0)) <= 1
