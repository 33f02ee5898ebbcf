"""Evidence: files by the digest of their content, and which entries and claims name them."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from scoring.tables.base import Base


class EvidenceRow(Base):
    """A file (佐证材料) that somebody added; its content lies in the store, by its `digest`.

    The same content may be added again: it lies there once. Of a picture there is a copy without
    location and device, by `copy_digest`; `taken_at` is what the camera's clock showed, without a
    zone, and `picture_hash` is nearly the same for a picture that was saved anew.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"]),
        Index(None, "cycle_id", "number"),
        Index(None, "cycle_id", "digest"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    name: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[str | None]
    picture_hash: Mapped[str | None]
    copy_kind: Mapped[str | None]
    copy_digest: Mapped[str | None]
    copy_size: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    added_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class EntryEvidenceRow(Base):
    """That an entry names a file as its evidence, from when and by whom.

    Without a foreign key to the entry, whose check could read all entries of a cycle.
    """

    __tablename__ = "entry_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
        Index(None, "cycle_id", "evidence_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    named_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class ClaimEvidenceRow(Base):
    """That a claim names a file as its evidence, from when and by whom."""

    __tablename__ = "claim_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "evidence_id"], ["evidence.cycle_id", "evidence.evidence_id"]
        ),
        ForeignKeyConstraint(["cycle_id", "claim_id"], ["claim.cycle_id", "claim.claim_id"]),
        Index(None, "cycle_id", "evidence_id"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    author: Mapped[str]
    author_person: Mapped[str]
    author_unit: Mapped[str | None]
    named_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())


class RestorationProposalRow(Base):
    """An archive that somebody proposed to restore, by the SHA-256 of its manifest; another person
    than the one behind the account restores it."""

    __tablename__ = "restoration_proposal"
    __table_args__ = (UniqueConstraint("cycle_id", "digest"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    proposal_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    digest: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_person: Mapped[str]
    proposed_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
