"""The statements behind accounts and signing in. All moments are the database's own."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    any_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from gateway.rules.accounts import Kind
from gateway.rules.closings import reading
from gateway.rules.persons import DISABLED, EFFECTIVE, EXPIRED, PENDING, HeldRoles, State
from gateway.rules.resets import WAITS, KnownReset
from gateway.rules.secrets import KnownSecret
from gateway.tables import (
    PRESENT,
    SECRETS,
    AccountRow,
    ChangeConfirmationRow,
    ChangeRow,
    ConfirmationRow,
    ProposalEndRow,
    ResetEffectRow,
    ResetRow,
    SecretUseRow,
)

_IS_EXPIRED = and_(PRESENT.c.expires_on.is_not(None), PRESENT.c.expires_on <= func.current_date())

_STATES: dict[State, ColumnElement[bool]] = {
    PENDING: PRESENT.c.is_pending,
    DISABLED: and_(not_(PRESENT.c.is_pending), not_(PRESENT.c.enabled)),
    EXPIRED: and_(not_(PRESENT.c.is_pending), PRESENT.c.enabled, _IS_EXPIRED),
    EFFECTIVE: and_(not_(PRESENT.c.is_pending), PRESENT.c.enabled, not_(_IS_EXPIRED)),
}
"""What holds of accounts in a state; each is in one."""


REMEMBERED = timedelta(days=30)
"""For how long it counts that somebody could confirm who cannot any more: long enough to be noticed
by an audit, and no longer than an office can wait."""


class PresentAccount(NamedTuple):
    """What an account is at this moment, and in which state."""

    subject: str
    kind: Kind
    person: str
    version: int
    name: str
    unit: str | None
    roles: list[str]
    enabled: bool
    expires_on: date | None
    is_pending: bool
    pending_version: int | None
    scope: str | None
    jurisdiction: str | None
    is_first: bool
    is_closed: bool
    is_expired: bool

    @property
    def state(self) -> State:
        """The state that it is in."""
        if self.is_pending:
            return PENDING
        if not self.enabled:
            return DISABLED
        return EXPIRED if self.is_expired else EFFECTIVE


_PRESENT = (*PRESENT.c, func.coalesce(_IS_EXPIRED, False))


def _present(row: Sequence[object]) -> PresentAccount:
    return PresentAccount(*row)  # type: ignore[arg-type] # a row of the view has no types


def asked_for(
    role: str | None, unit: str | None, state: State | None, part: str | None
) -> list[ColumnElement[bool]]:
    """Return the conditions on accounts as they are at present that are asked for; `part` is a part
    of the subject or of the name.

    All accounts are looked through: there are as many as people.
    """
    found = list[ColumnElement[bool]]()
    if role is not None:
        found.append(PRESENT.c.roles.contains([role]))
    if unit is not None:
        found.append(PRESENT.c.unit == unit)
    if state is not None:
        found.append(_STATES[state])
    if part is not None:
        texts = (PRESENT.c.subject, PRESENT.c.name)
        found.append(or_(*(func.strpos(func.lower(text), func.lower(part)) > 0 for text in texts)))
    return found


def of_units(units: Collection[str], *, among: bool) -> ColumnElement[bool]:
    """Return the condition that an account has a unit, and it is among these, or is not."""
    is_among: ColumnElement[bool] = PRESENT.c.unit == any_(literal(sorted(units), ARRAY(Text)))
    return and_(PRESENT.c.unit.is_not(None), is_among if among else not_(is_among))


def is_of(jurisdiction: str | None) -> ColumnElement[bool]:
    """Return the condition that an account is of a jurisdiction, or of none."""
    return PRESENT.c.jurisdiction.is_not_distinct_from(jurisdiction)


def is_kept_by(jurisdiction: str | None) -> ColumnElement[bool]:
    """Return the condition that accounts of a jurisdiction's administrators keep an account: of the
    installation's, also the first of each jurisdiction."""
    own = is_of(jurisdiction)
    return or_(own, PRESENT.c.is_first) if jurisdiction is None else own


def of_accounts(subject: Any, jurisdiction: str | None) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column names an account of a jurisdiction, or of none."""
    whose = AccountRow.jurisdiction.is_not_distinct_from(jurisdiction)
    return exists().where(AccountRow.subject == subject, whose)


async def account_in_effect(db: AsyncSession, subject: str) -> PresentAccount | None:
    """Return an account that may act: neither disabled nor expired, and confirmed where it had to
    be. One of a closed jurisdiction reaches what reads."""
    account = await present_account(db, subject)
    if account is None or account.state != EFFECTIVE:
        return None
    return account._replace(scope=reading(account.scope)) if account.is_closed else account


async def present_account(db: AsyncSession, subject: str) -> PresentAccount | None:
    """Return what an account is at this moment."""
    row = (await db.execute(select(*_PRESENT).where(PRESENT.c.subject == subject))).one_or_none()
    return None if row is None else _present(row)


async def pending_accounts(db: AsyncSession, jurisdiction: str | None) -> Sequence[AccountRow]:
    """Return the accounts that wait for a second person to confirm them, in order of creation."""
    rows = await db.scalars(
        select(AccountRow)
        .join(PRESENT, PRESENT.c.subject == AccountRow.subject)
        .where(_STATES[PENDING], PRESENT.c.enabled, is_kept_by(jurisdiction))
        .order_by(AccountRow.created_at, AccountRow.subject)
    )
    return rows.all()


async def pending_changes(
    db: AsyncSession, jurisdiction: str | None
) -> list[tuple[str, ChangeRow]]:
    """Return the changes of accounts that wait to be confirmed, each with whose account it is."""
    rows = await db.execute(
        select(PRESENT.c.person, ChangeRow)
        .join(ChangeRow, ChangeRow.subject == PRESENT.c.subject)
        .where(ChangeRow.version == PRESENT.c.pending_version, is_of(jurisdiction))
        .order_by(ChangeRow.changed_at, ChangeRow.subject)
    )
    return [(person, change) for person, change in rows]


async def lock_accounts(db: AsyncSession) -> None:
    """Have whoever grants or confirms something wait for the others until the commit.

    What one person holds is spread over rows that do not exist yet: two requests at once would
    each find that nothing stands in the way.
    """
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext("accounts"))))


async def hold_accounts(db: AsyncSession) -> None:
    """Have whoever changes accounts wait until the commit; who signs in holds up nobody else who
    does."""
    await db.execute(select(func.pg_advisory_xact_lock_shared(func.hashtext("accounts"))))


async def holders(db: AsyncSession, jurisdiction: str | None, roles: Collection[str]) -> set[str]:
    """Return the persons who hold any of `roles` in a jurisdiction through an account that is in
    effect."""
    held = _holds(PRESENT.c.roles, roles), is_of(jurisdiction), _STATES[EFFECTIVE]
    return set(await db.scalars(select(PRESENT.c.person).where(*held)))


async def lasting_holders(
    db: AsyncSession, jurisdiction: str | None, roles: Collection[str]
) -> set[str]:
    """Return the persons who hold any of `roles` in a jurisdiction through an account that is in
    effect, and for which no end is set."""
    held = _holds(PRESENT.c.roles, roles), is_of(jurisdiction), _STATES[EFFECTIVE]
    lasting = PRESENT.c.expires_on.is_(None)
    return set(await db.scalars(select(PRESENT.c.person).where(*held, lasting)))


async def former_holders(
    db: AsyncSession, jurisdiction: str | None, roles: Collection[str]
) -> set[str]:
    """Return the persons whose account in a jurisdiction was lately changed and had any of `roles`
    at some time.

    Whoever could end the others' part by himself would be the only one there is, and grant alone.
    When it was given does not matter, only that it may have been taken away of late: by another
    role, another end, or with the account.
    """
    since = func.clock_timestamp() - REMEMBERED
    changed = select(ChangeRow.subject).where(ChangeRow.changed_at > since)
    given = select(ChangeRow.subject).where(_holds(ChangeRow.roles, roles), _IS_CONFIRMED)
    made_with = and_(_holds(AccountRow.roles, roles), _WAS_IN_EFFECT)
    had = or_(made_with, AccountRow.subject.in_(given))
    whose = AccountRow.jurisdiction.is_not_distinct_from(jurisdiction)
    query = select(AccountRow.person).where(AccountRow.subject.in_(changed), whose, had)
    return set(await db.scalars(query))


async def accounts_with(
    db: AsyncSession, roles: Collection[str], *conditions: ColumnElement[bool]
) -> list[PresentAccount]:
    """Return the accounts that are in effect with any of `roles`, in the order of their names."""
    held = _holds(PRESENT.c.roles, roles), _STATES[EFFECTIVE]
    query = select(*_PRESENT).where(*held, *conditions).order_by(PRESENT.c.subject)
    return [_present(row) for row in await db.execute(query)]


async def has_administrator(db: AsyncSession, jurisdiction: str, role: str) -> bool:
    """Say whether an account of a jurisdiction holds a role, or waits to be confirmed with it."""
    stands = or_(_STATES[EFFECTIVE], _STATES[PENDING])
    held = select(PRESENT.c.subject).where(is_of(jurisdiction), stands)
    return bool(await db.scalar(select(held.where(_holds(PRESENT.c.roles, {role})).exists())))


async def are_names_taken(db: AsyncSession, jurisdiction: str) -> bool:
    """Say whether accounts that are not of a jurisdiction have names as those that are."""
    named = func.starts_with(AccountRow.subject, f"{jurisdiction}.")
    others = AccountRow.jurisdiction.is_distinct_from(jurisdiction)
    return bool(await db.scalar(select(select(AccountRow).where(named, others).exists())))


async def was_ever_held(db: AsyncSession, jurisdiction: str | None, role: str) -> bool:
    """Say whether anybody ever held a role in a jurisdiction, by an account or a change that was in
    effect and let somebody act."""
    whose = AccountRow.jurisdiction.is_not_distinct_from(jurisdiction)
    made = select(AccountRow).where(_holds(AccountRow.roles, {role}), whose, _WAS_IN_EFFECT)
    given = select(ChangeRow).where(_holds(ChangeRow.roles, {role}), _IS_CONFIRMED, _LET_ACT)
    given = given.where(of_accounts(ChangeRow.subject, jurisdiction))
    found = await db.scalar(select(or_(made.exists(), given.exists())))
    return bool(found)


_WAS_IN_EFFECT = or_(
    AccountRow.awaits_confirmation.is_(False),
    select(ConfirmationRow).where(ConfirmationRow.subject == AccountRow.subject).exists(),
)


_IS_CONFIRMED = or_(
    ChangeRow.awaits_confirmation.is_(False),
    select(ChangeConfirmationRow)
    .where(
        ChangeConfirmationRow.subject == ChangeRow.subject,
        ChangeConfirmationRow.version == ChangeRow.version,
    )
    .exists(),
)


_CONFIRMED_AT = (
    select(ChangeConfirmationRow.confirmed_at)
    .where(
        ChangeConfirmationRow.subject == ChangeRow.subject,
        ChangeConfirmationRow.version == ChangeRow.version,
    )
    .scalar_subquery()
)
_LET_ACT = and_(
    ChangeRow.enabled,
    or_(
        ChangeRow.expires_on.is_(None),
        ChangeRow.expires_on > func.date(func.coalesce(_CONFIRMED_AT, ChangeRow.changed_at)),
    ),
)
"""What holds of a change in effect after which somebody could sign in, a day at least."""


def _holds(held: Any, roles: Collection[str]) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return or_(*(held.contains([role]) for role in sorted(roles)))


async def holdings(
    db: AsyncSession, jurisdiction: str | None, names: Collection[str]
) -> list[HeldRoles]:
    """Return the accounts of a jurisdiction whose subject or person is among `names`, however they
    are spelled."""
    spelled = {name.casefold() for name in names}
    rows = await db.execute(
        select(*_PRESENT)
        .where(
            is_of(jurisdiction),
            or_(
                func.lower(PRESENT.c.person).in_(spelled),
                func.lower(PRESENT.c.subject).in_(spelled),
            ),
        )
        .order_by(PRESENT.c.subject)
    )
    return [
        HeldRoles(each.subject, each.person, each.unit, tuple(each.roles), not each.enabled)
        for each in map(_present, rows)
    ]


def listed(
    *conditions: ColumnElement[bool],
) -> Select[tuple[AccountRow, ConfirmationRow, *tuple[object, ...]]]:
    """Ask for accounts as they were made, with their confirmations, and as they are."""
    return (
        select(AccountRow, ConfirmationRow, *_PRESENT)
        .join(PRESENT, PRESENT.c.subject == AccountRow.subject)
        .outerjoin(ConfirmationRow, ConfirmationRow.subject == AccountRow.subject)
        .where(*conditions)
        .order_by(AccountRow.subject)
    )


class KeptAccount(NamedTuple):
    """An account as it was made, its confirmation when there is one, and what it is now."""

    made: AccountRow
    confirmation: ConfirmationRow | None
    present: PresentAccount


def kept(row: Row[tuple[AccountRow, ConfirmationRow, *tuple[object, ...]]]) -> KeptAccount:
    """Return an account out of a row that was asked for."""
    values: Sequence[Any] = row
    return KeptAccount(values[0], values[1], _present(values[2:]))


async def account_and_confirmation(db: AsyncSession, subject: str) -> KeptAccount | None:
    """Return an account, with its confirmation when there is one."""
    found = await db.execute(listed(AccountRow.subject == subject))
    row = found.one_or_none()
    return None if row is None else kept(row)


async def changes_of(
    db: AsyncSession, subject: str
) -> list[tuple[ChangeRow, ChangeConfirmationRow | None]]:
    """Return the changes of an account, the first ones first, with their confirmations."""
    found = await db.execute(
        select(ChangeRow, ChangeConfirmationRow)
        .outerjoin(
            ChangeConfirmationRow,
            and_(
                ChangeConfirmationRow.subject == ChangeRow.subject,
                ChangeConfirmationRow.version == ChangeRow.version,
            ),
        )
        .where(ChangeRow.subject == subject)
        .order_by(ChangeRow.version)
    )
    return [(change, confirmation) for change, confirmation in found]


async def ended_proposals(db: AsyncSession, subject: str) -> Sequence[ProposalEndRow]:
    """Return what was proposed of an account, the account itself too, and was ended."""
    of = ProposalEndRow.subject == subject
    return (
        await db.scalars(select(ProposalEndRow).where(of).order_by(ProposalEndRow.version))
    ).all()


_SECRET = tuple(column for column in SECRETS.c if column.name != "subject")


async def secrets_of(db: AsyncSession, subject: str) -> list[KnownSecret]:
    """Return the secrets that an account has and had, the first one first."""
    query = select(*_SECRET).where(SECRETS.c.subject == subject).order_by(SECRETS.c.number)
    return [KnownSecret(*row) for row in await db.execute(query)]


async def pending_secrets(
    db: AsyncSession, jurisdiction: str | None
) -> list[tuple[PresentAccount, KnownSecret]]:
    """Return the secrets that wait to be confirmed and may still be, with their accounts."""
    rows = await db.execute(
        select(*_PRESENT, *_SECRET)
        .join(SECRETS, SECRETS.c.subject == PRESENT.c.subject)
        .where(SECRETS.c.is_pending, not_(SECRETS.c.is_expired), SECRETS.c.revoked_at.is_(None))
        .where(is_of(jurisdiction))
        .order_by(SECRETS.c.made_at, SECRETS.c.subject)
    )
    apart = len(_PRESENT)
    return [(_present(row[:apart]), KnownSecret(*row[apart:])) for row in rows]


_RESET = (
    ResetRow.number,
    ResetRow.password,
    ResetRow.second_factor,
    ResetRow.reason,
    ResetRow.proposed_by,
    ResetRow.proposed_by_person,
    ResetRow.proposed_at,
    ResetEffectRow.confirmed_by,
    ResetEffectRow.effected_at,
)
_IS_ITS_EFFECT = and_(
    ResetEffectRow.subject == ResetRow.subject, ResetEffectRow.number == ResetRow.number
)


async def resets_of(db: AsyncSession, subject: str) -> list[KnownReset]:
    """Return the resets of an account, the first one first."""
    rows = await db.execute(
        select(*_RESET)
        .outerjoin(ResetEffectRow, _IS_ITS_EFFECT)
        .where(ResetRow.subject == subject)
        .order_by(ResetRow.number)
    )
    return [KnownReset(*row) for row in rows]


async def pending_resets(
    db: AsyncSession, jurisdiction: str | None
) -> list[tuple[PresentAccount, KnownReset]]:
    """Return the resets that wait to be confirmed and may still be, with their accounts."""
    later = aliased(ResetRow)
    overtaken = exists().where(later.subject == ResetRow.subject, later.number > ResetRow.number)
    rows = await db.execute(
        select(*_PRESENT, *_RESET)
        .join(ResetRow, ResetRow.subject == PRESENT.c.subject)
        .outerjoin(ResetEffectRow, _IS_ITS_EFFECT)
        .where(
            ResetEffectRow.subject.is_(None),
            ResetRow.proposed_at > func.clock_timestamp() - WAITS,
            ~overtaken,
            is_kept_by(jurisdiction),
        )
        .order_by(ResetRow.proposed_at, ResetRow.subject)
    )
    apart = len(_PRESENT)
    return [(_present(row[:apart]), KnownReset(*row[apart:])) for row in rows]


async def now(db: AsyncSession) -> datetime:
    """Return the moment by the database's clock."""
    moment: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return moment


async def note_use(db: AsyncSession, subject: str, number: int) -> None:
    """Note that a secret opens its account now, unless that was noted in the last minute."""
    noted = insert(SecretUseRow).values(subject=subject, number=number)
    now = noted.excluded.last_used_at
    await db.execute(
        noted.on_conflict_do_update(
            index_elements=["subject", "number"],
            set_={"last_used_at": now},
            where=SecretUseRow.last_used_at < now - timedelta(minutes=1),
        )
    )
