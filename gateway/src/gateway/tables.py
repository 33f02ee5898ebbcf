"""The gateway's own schema: accounts, where no outside provider keeps them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    column,
    func,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import Document, metadata


class Base(DeclarativeBase):
    """The tables of the gateway, and of nobody else."""

    metadata = metadata()


class AccountRow(Base):
    """Somebody, or some system, that can sign in.

    `person` is the human being behind it; one person may have several accounts. The role of the
    gateway may add accounts and change nothing: neither the roles nor the hash of one can be
    rewritten by taking over the process.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'client')", name="kind"),
        CheckConstraint(
            "jurisdiction IS NULL OR starts_with(subject, jurisdiction || '.')", name="jurisdiction"
        ),
    )

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    jurisdiction: Mapped[str | None] = mapped_column(Text, index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(Document(list[str]))
    secret_hash: Mapped[str] = mapped_column(Text)
    secret_expires_on: Mapped[date | None]
    scope: Mapped[str | None] = mapped_column(Text)
    awaits_confirmation: Mapped[bool] = mapped_column(server_default="false")
    created_by: Mapped[str | None] = mapped_column(Text)
    created_by_person: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ClosingRow(Base):
    """That somebody proposed to close a jurisdiction; a fact, added once."""

    __tablename__ = "jurisdiction_closing"

    jurisdiction: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_by_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ClosingConfirmationRow(Base):
    """That a second person closed a jurisdiction; a fact, added once."""

    __tablename__ = "jurisdiction_closing_confirmation"

    jurisdiction: Mapped[str] = mapped_column(
        Text, ForeignKey("jurisdiction_closing.jurisdiction"), primary_key=True
    )
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ConfirmationRow(Base):
    """That a second person agreed to an account with a powerful role; a fact, added once."""

    __tablename__ = "account_confirmation"

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ChangeRow(Base):
    """What an account is from a change on, as a whole; the account as it was made is version 1.

    It is in effect at once, or where it `awaits_confirmation` once a second person has confirmed
    it. `unit` and roles of before stand in the versions before.
    """

    __tablename__ = "account_change"
    __table_args__ = (CheckConstraint("version > 1", name="version"),)

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(Document(list[str]))
    enabled: Mapped[bool]
    expires_on: Mapped[date | None]
    scope: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    awaits_confirmation: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(Text)
    changed_by_person: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ChangeConfirmationRow(Base):
    """That a second person agreed to a change of an account; a fact, added once."""

    __tablename__ = "account_change_confirmation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "version"], ["account_change.subject", "account_change.version"]
        ),
    )

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ProposalEndRow(Base):
    """That an account (version 1) or a change which waited to be confirmed is not to be; a fact,
    added once. Whoever proposed it has `withdrawn` it, somebody else `declined` it."""

    __tablename__ = "account_proposal_end"
    __table_args__ = (CheckConstraint("how IN ('declined', 'withdrawn')", name="how"),)

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    how: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(Text)
    ended_by_person: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class EmergencyGrantRow(Base):
    """That a person took a right in an emergency, until when, and why; a fact, added once."""

    __tablename__ = "emergency_grant"
    __table_args__ = (
        CheckConstraint(
            "ends_at > taken_at AND ends_at <= taken_at + interval '4 hours'", name="hours"
        ),
    )

    grant_id: Mapped[UUID] = mapped_column(primary_key=True)
    right: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"))
    person: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class EmergencyEndRow(Base):
    """That an emergency grant was ended before its time; a fact, added once."""

    __tablename__ = "emergency_end"

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("emergency_grant.grant_id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(Text)
    ended_by_person: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class EmergencyReviewRow(Base):
    """What another person found about an emergency grant afterwards; a fact, added once."""

    __tablename__ = "emergency_review"
    __table_args__ = (CheckConstraint("finding IN ('justified', 'unjustified')", name="finding"),)

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("emergency_grant.grant_id"), primary_key=True)
    finding: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    reviewed_by: Mapped[str] = mapped_column(Text)
    reviewed_by_person: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SecretRow(Base):
    """A secret after the account's own, which is number 1: of a person the one that took the place
    of the one before, of a client one beside another.

    From the day `expires_on` on it opens nothing, and before somebody has confirmed it neither
    where it `awaits_confirmation`. One with a moment `one_time_until` opens until then, and only
    for its person to choose another one.
    """

    __tablename__ = "account_secret"
    __table_args__ = (CheckConstraint("number > 1", name="number"),)

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    expires_on: Mapped[date | None]
    made_by: Mapped[str | None] = mapped_column(Text)
    made_by_person: Mapped[str | None] = mapped_column(Text)
    awaits_confirmation: Mapped[bool] = mapped_column(server_default="false")
    one_time_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SecretConfirmationRow(Base):
    """That a second person agreed to a secret of a powerful account; a fact, added once.

    `secret_hash` is of the secret itself, which is drawn then and takes the place of the row's own:
    whoever asked for it does not know it. It is null where that was done before this was kept.
    """

    __tablename__ = "account_secret_confirmation"

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret_hash: Mapped[str | None] = mapped_column(Text)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_by_person: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SecretRevocationRow(Base):
    """That a secret opens nothing any more, and why; a fact, added once."""

    __tablename__ = "account_secret_revocation"

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    revoked_by: Mapped[str] = mapped_column(Text)
    revoked_by_person: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SecretUseRow(Base):
    """When a secret last opened its account, to the minute.

    It helps to find what nobody uses any more, and is no record: it is written over, at most once a
    minute for a secret, no entry of the journal tells of it, and nothing is decided by it.
    """

    __tablename__ = "secret_use"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_used_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ResetRow(Base):
    """That somebody's password or second factor shall be taken back, proposed by an administrator;
    a fact, added once."""

    __tablename__ = "account_reset"
    __table_args__ = (CheckConstraint("password OR second_factor", name="something"),)

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    password: Mapped[bool]
    second_factor: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_by_person: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ResetEffectRow(Base):
    """That a reset is in effect, confirmed by a second person where there was one; a fact, added
    once.

    What was there before counts no more: second factors from before it, and passwords, in whose
    place the one-time secret of `secret_number` is.
    """

    __tablename__ = "account_reset_effect"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "number"], ["account_reset.subject", "account_reset.number"]
        ),
    )

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret_number: Mapped[int | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    confirmed_by_person: Mapped[str | None] = mapped_column(Text)
    effected_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SessionRow(Base):
    """That somebody signed in; a fact, added once.

    `secret_digest` is of what a browser's cookie holds; a bearer has refresh tokens instead. An
    account of an outside provider has no row in `account`.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("kind IN ('bearer', 'browser')", name="kind"),
        Index(None, "subject", "opened_at"),
    )

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    address: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    secret_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)


class BrowserSessionRow(Base):
    """Until when a browser's session stays open if nobody uses it any more; put off by its use."""

    __tablename__ = "browser_session"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.session_id"), primary_key=True)
    idle_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ProvidedTokenRow(Base):
    """What an outside provider gave for a session, sealed; the first is number 1."""

    __tablename__ = "provided_token"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.session_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    given_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RefreshTokenRow(Base):
    """A refresh token of a session, by its digest; the first is number 1."""

    __tablename__ = "refresh_token"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.session_id"))
    number: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RefreshUseRow(Base):
    """That a refresh token was used; once, says the key."""

    __tablename__ = "refresh_use"

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("refresh_token.digest"), primary_key=True
    )
    used_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SessionEndRow(Base):
    """That a session ended before its time, why and by whom; a fact, added once."""

    __tablename__ = "session_end"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.session_id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class SecondFactorRow(Base):
    """A second factor that a person was given: a key for one-time codes, sealed so that the
    database cannot read it.

    It counts from its confirmation on, and until a later one is confirmed.
    """

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    subject: Mapped[str] = mapped_column(Text, ForeignKey("account.subject"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed_key: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


def _of_factor() -> ForeignKeyConstraint:
    key = ("subject", "number")
    return ForeignKeyConstraint(key, [f"second_factor.{each}" for each in key])


class FactorConfirmationRow(Base):
    """That a person has shown to have a second factor at hand; a fact, added once."""

    __tablename__ = "second_factor_confirmation"
    __table_args__ = (_of_factor(),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    confirmed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class CodeUseRow(Base):
    """That the code of a half minute was used; once, says the key."""

    __tablename__ = "second_factor_use"
    __table_args__ = (_of_factor(),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    used_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RecoveryCodeRow(Base):
    """A code that signs in once in place of a second factor, by its digest."""

    __tablename__ = "recovery_code"
    __table_args__ = (_of_factor(),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class RecoveryUseRow(Base):
    """That a recovery code was used; once, says the key."""

    __tablename__ = "recovery_use"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "number", "digest"],
            ["recovery_code.subject", "recovery_code.number", "recovery_code.digest"],
        ),
    )

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


PRESENT = table(
    "account_present",
    column("subject", Text),
    column("kind", Text),
    column("person", Text),
    column("version", Integer),
    column("name", Text),
    column("unit", Text),
    column("roles", JSONB),
    column("enabled", Boolean),
    column("expires_on", Date),
    column("is_pending", Boolean),
    column("pending_version", Integer),
    column("scope", Text),
    column("jurisdiction", Text),
    column("is_first", Boolean),
    column("is_closed", Boolean),
)
"""What each account is at this moment: the view of its latest change that is in effect.

`pending_version` is the latest change where that waits to be confirmed, else null. What was
declined or withdrawn, or has waited for seven days (`rules.proposals.WAITS`), waits no more; an
account that nobody confirmed by then is not enabled. One that `is_first` was made for its
jurisdiction by somebody who is not of it; the jurisdiction of one may have been closed.
"""


SECRETS = table(
    "secret_present",
    column("subject", Text),
    column("number", Integer),
    column("secret_hash", Text),
    column("made_by", Text),
    column("made_by_person", Text),
    column("made_at", DateTime(timezone=True)),
    column("expires_on", Date),
    column("is_pending", Boolean),
    column("is_expired", Boolean),
    column("confirmed_by", Text),
    column("confirmed_at", DateTime(timezone=True)),
    column("revoked_by", Text),
    column("revoked_at", DateTime(timezone=True)),
    column("last_used_at", DateTime(timezone=True)),
    column("one_time_until", DateTime(timezone=True)),
)
"""What each secret of an account is at this moment, the first one too: a view."""


class RecentUseRow(Base):
    """What one process of the gateway counted in the last half minute, for the others to read.

    Not logged and vouched for by nothing: it is the memory of processes and no record of anything.
    """

    __tablename__ = "recent_use"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - how SQLAlchemy wants it

    process: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    told: Mapped[list[list[Any]]] = mapped_column(JSONB)
