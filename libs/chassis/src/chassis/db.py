"""One transaction per request, committed before the client gets its answer."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from socket import gaierror
from typing import Annotated, Any, Literal, TypeVar

import orjson
from asyncpg import Connection as Driver
from fastapi import Depends, Query, Request
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    FetchedValue,
    MetaData,
    Table,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import idempotency
from chassis.authorisation import Permit
from chassis.refusals import Unavailable
from chassis.wire import adapter_of

T = TypeVar("T")

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# What passes by itself (PostgreSQL, appendix A): connection lost, rolled back by a conflict, out of
# disk, memory or connections, lock not free in time, shut down or cancelled by an operator.
_PASSING = ("08", "40", "53", "55P03", "57")


class DatabaseUnavailable(Unavailable):
    """The database cannot do this at the moment."""

    zh = "数据库暂时无法完成此操作。"
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


def unavailable(error: Exception) -> DatabaseUnavailable | None:
    """Return the refusal for a failure of the database that will pass, None for any other."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        passing = error.connection_invalidated or state.startswith(_PASSING)
    else:
        passing = isinstance(error, PoolTimeout | ConnectionError | TimeoutError | gaierror)
    if not passing:
        return None
    return DatabaseUnavailable(
        "Try again shortly; repeat a command with the same Idempotency-Key.",
        "请稍后再试；重试写操作时请使用同一 Idempotency-Key。",
    )


def recorded_in() -> Mapped[int]:
    """Return the column that says which transaction added a row; the database fills it in.

    The Base of a service's tables has it, so that there is no table without: the journal vouches
    for rows by it (`chassis.recording`).
    """
    return mapped_column(BigInteger, server_default=FetchedValue(), index=True, sort_order=1000)


def metadata() -> MetaData:
    """Return a metadata for one service's tables; no two services share one."""
    return MetaData(naming_convention=NAMING_CONVENTION)


class Document(TypeDecorator[T]):
    """A JSONB column that holds rule objects, checked on the way in and on the way out."""

    impl = JSONB
    cache_ok = True

    def __init__(self, shape: type[T]) -> None:
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: T | None, dialect: Dialect) -> object:
        """Turn the object into plain JSON."""
        return None if value is None else adapter_of(self.shape).dump_python(value, mode="json")

    def process_result_value(self, value: object, dialect: Dialect) -> T | None:
        """Turn plain JSON back into the object."""
        return None if value is None else adapter_of(self.shape).validate_python(value)


def dumps(value: object) -> str:
    """Encode a JSON column; decimals must have been made strings before."""
    return orjson.dumps(value).decode()


async def _transaction(
    request: Request, permit: Permit, _: idempotency.DeclaredKey = None
) -> AsyncIterator[AsyncSession]:
    key = None
    if request.method == "POST":
        key = await idempotency.key_of(request, permit.caller)
    async with request.app.state.sessions() as session:
        if key is not None:
            # The key is claimed when the first statement opens the transaction, not before:
            # until then the endpoint may wait for its peers without holding a connection.
            @event.listens_for(session.sync_session, "after_begin", once=True)
            def claim(_: Session, __: object, connection: Connection) -> None:
                key.check(connection)

        yield session
        answer = request.state.response
        if answer is None:  # a replay: there is nothing to keep
            return
        permit.settle()
        if key is not None:
            await session.execute(key.insert(answer))
        await session.commit()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The transaction of a command with a dry run: one that only `checks` is rolled back."""

    db: AsyncSession
    checks: bool


async def _attempt(
    request: Request,
    permit: Permit,
    key: idempotency.DeclaredKey = None,
    mode: Annotated[
        Literal["check"] | None,
        Query(description="`check` says what the command would do, and does nothing."),
    ] = None,
) -> AsyncIterator[Attempt]:
    if mode is None:
        async with asynccontextmanager(_transaction)(request, permit, key) as session:
            yield Attempt(session, checks=False)
        return
    # No key: what is only looked at may be looked at again, and has changed meanwhile. In a
    # snapshot: the database itself refuses to keep anything of it.
    async with request.app.state.readings() as session:
        yield Attempt(session, checks=True)
        permit.settle()


def snapshots_of(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine as it reads: one consistent snapshot, and the database refuses a write.

    Set on the engine and not on a connection: that is taken at the first statement, so that what
    asks its peers before holds none meanwhile.
    """
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def _snapshot(request: Request, permit: Permit) -> AsyncIterator[AsyncSession]:
    async with request.app.state.readings() as session:
        yield session
        permit.settle()


# FastAPI runs the exit code of a `yield` dependency after the response has been
# sent, unless its scope is "function". A commit must not happen after the 201.
Transaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]

# A command that can be tried with `?mode=check`: the same way, and nothing is kept.
Attempted = Annotated[Attempt, Depends(_attempt, scope="function")]

# Reads see one consistent snapshot, and the database itself refuses a write.
Snapshot = Annotated[AsyncSession, Depends(_snapshot, scope="function")]


async def copy_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Add rows by COPY inside the session's transaction; return how many were new.

    Rows go to a staging table first and from there into `table`, because COPY itself knows no
    ON CONFLICT: a row whose key is already there is left out, and the caller sees it in the count.
    """
    # Without a first statement SQLAlchemy has not opened the transaction yet, and the raw COPY
    # would commit by itself and survive a rollback.
    await session.execute(text("SELECT 1"))
    raw = await (await session.connection()).get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, Driver)  # noqa: S101 - narrows for mypy
    assert driver.is_in_transaction()  # noqa: S101 - see above: data would outlive a rollback
    names = ", ".join(f'"{column}"' for column in columns)
    staging = f"staging_{table.name}"
    source = f'SELECT {names} FROM "{table.name}" WITH NO DATA'  # noqa: S608 - names of our own
    await driver.execute(
        f'CREATE TEMP TABLE IF NOT EXISTS "{staging}" ON COMMIT DELETE ROWS AS {source}'
    )
    await driver.execute(f'TRUNCATE "{staging}"')
    await driver.copy_records_to_table(staging, records=rows, columns=list(columns))
    done: str = await driver.execute(
        f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{staging}"'  # noqa: S608 - names come from our own tables
        " ON CONFLICT DO NOTHING"
    )
    return int(done.rsplit(" ", 1)[1])
