"""One transaction per request, committed before the client gets its answer."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, count
from socket import gaierror
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import orjson
from asyncpg import UniqueViolationError
from fastapi import Depends, Request, Response
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    FetchedValue,
    MetaData,
    Table,
    TypeDecorator,
    event,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

from chassis import idempotency
from chassis.authorisation import Permission, admit
from chassis.modes import Mode, is_checked
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
# The last is said by the first of several machines where another has just taken the place of one,
# until all have been told so: what is done there with the owner's rights cannot be done meanwhile.
_PASSING = ("08", "40", "53", "55P03", "57", "25001")

_ANOTHER_FAILED = "08006"
"""What the first of several machines says where another does not answer; a client that has lost its
own connection says something else."""

_CLOCK_WENT_BACK, _SET_BACK = "22008", "the clock was set back"
"""How the journal says so (`chassis.recording`); by the state alone other things are said too."""


class DatabaseUnavailable(Unavailable):
    """The database cannot do this at the moment."""

    zh = "数据库暂时无法完成此操作。"
    remedy = (
        "Send the same request again after the seconds in `Retry-After`, a command with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重发同一请求；命令须保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


def unavailable(error: Exception) -> DatabaseUnavailable | None:
    """Return the refusal for a failure of the database that will pass, None for any other."""
    if isinstance(error, DBAPIError | asyncpg.PostgresError):
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        passing = lost or idempotency.state_of(error).startswith(_PASSING)
    elif isinstance(error, asyncpg.InterfaceError):  # of a connection that is closed or busy
        passing = not isinstance(error, ValueError)
    else:
        passing = isinstance(error, PoolTimeout | ConnectionError | TimeoutError | gaierror)
    if idempotency.state_of(error) == _CLOCK_WENT_BACK and _SET_BACK in str(error):
        return DatabaseUnavailable(
            "Its clock is behind the newest entry of the journal; nothing is recorded before that.",
            "数据库时钟早于日志最新一条，时钟追上之前不能记录。",
        )
    if not passing:
        return None
    return DatabaseUnavailable(
        "Try again shortly; repeat a command with the same Idempotency-Key.",
        "请稍后再试；重试写操作时请使用同一 `Idempotency-Key`。",
    )


def is_of_another(error: Exception) -> bool:
    """Say whether the database answered that another one, on which rows lie, does not."""
    if not isinstance(error, DBAPIError | asyncpg.PostgresError):
        return False
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return not lost and idempotency.state_of(error) == _ANOTHER_FAILED


def recorded_in(table: str) -> Mapped[int]:
    """Return the column that says which transaction added a row, or changed it last.

    The Base of a service's tables has it, so that there is no table without: the journal vouches
    for rows by it (`chassis.recording`). The database fills it in, and each statement that changes
    a row asks it for the number.
    """
    return mapped_column(
        BigInteger,
        server_default=FetchedValue(),
        onupdate=func.journal_record(table, type_=BigInteger()),
        index=True,
        sort_order=1000,
    )


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


class Driver(asyncpg.Connection):  # type: ignore[misc]
    """A connection to the database whose transactions can begin and end with a statement more.

    It goes in the message that begins or commits the transaction, and costs no round trip of its
    own. Between the last statement and the commit a command holds what others wait for.
    """

    is_spread = False
    """Whether tables lie on several machines (`chassis.spreading`)."""
    opening = ""
    """What the next transaction begins with."""
    closing = ""
    """What the transaction ends with when it is committed."""
    afterwards: tuple[object, ...] = ()
    """What is asked once it is committed: a question for one value, and its parameters."""
    told: object = None
    """The answer to that."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ANN401, ASYNC109 - asyncpg's own signature
        """Execute a statement, with what is to go along with it."""
        if self.opening and query.startswith("BEGIN"):
            query, self.opening = query + self.opening, ""
        elif self.closing and query == "COMMIT;":
            query, self.closing = self.closing + query, ""
        try:
            done = str(await super().execute(query, *args, timeout=timeout))
            if self.afterwards and query.endswith("COMMIT;"):
                question, self.afterwards = self.afterwards, ()
                self.told = await self.fetchval(*question)
            return done
        except BaseException:
            # SQLAlchemy believes that a transaction has ended when it could not be begun or
            # committed, and would lend the connection to the next one as it is.
            if query.startswith("BEGIN") or query.endswith("COMMIT;"):
                await self._end()
            raise

    async def _end(self) -> None:
        self.opening, self.closing, self.afterwards = "", "", ()
        self._top_xact = None  # asyncpg keeps one that could not be begun, and nests the next in it
        if not self.is_closed() and self.is_in_transaction():
            await super().execute("ROLLBACK;")


class CommandSession(Session):
    """A session whose transaction begins with claiming the key in its `info`.

    It begins with its first statement, not before: until then the command may wait for its peers
    without holding a connection.
    """


@event.listens_for(CommandSession, "after_begin")
def _claim(session: Session, _: object, connection: Connection) -> None:
    key: idempotency.Key | None = session.info.pop("key", None)
    if key is not None:
        connection.connection.driver_connection.opening = key.claim  # type: ignore[union-attr]


@event.listens_for(CommandSession, "before_commit")
def _keep_nothing(session: Session) -> None:
    if session.info.get("checks"):
        raise RuntimeError("a command that is only checked is about to be kept")


@asynccontextmanager
async def once(
    sessions: async_sessionmaker[AsyncSession], key: idempotency.Key | None
) -> AsyncIterator[AsyncSession]:
    """Give the session of a command that is to be done once; raise `Replay` when it was before.

    One without a key is only checked.
    """
    async with sessions(info={"key": key, "checks": key is None}) as session:
        try:
            yield session
        except Exception as error:
            raise await _unclaimed(session, key, error) or error from error


async def _unclaimed(
    session: AsyncSession, key: idempotency.Key | None, error: Exception
) -> Exception | None:
    """Return what a caller gets whose key could not be claimed; None where it was another error."""
    if key is None or not idempotency.is_unclaimed(error):
        return None
    await session.rollback()
    return await key.refusal(session, error)


@dataclass(slots=True)
class Work:
    """The sessions that a request works with: its route ends them before the answer leaves.

    A dependency of FastAPI with a `yield` would commit after the answer, unless it is declared
    otherwise, and costs more than the commit.
    """

    sessions: list[AsyncSession] = field(default_factory=list)
    command: AsyncSession | None = None
    key: idempotency.Key | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    """What is called when the request is over, whatever came of it; the last one first."""
    keeps_nothing: bool = False
    """Nothing came of the command, which made nothing then: its answer is a plain 200."""

    async def finish(self, permit: Permission, answer: Response) -> None:
        """Commit the command, with its answer; refuse where the endpoint forgot to ask.

        What is known only now is in the answer afterwards. A command that is only checked is
        rolled back here.
        """
        permit.settle()
        if self.keeps_nothing:
            answer.status_code = 200
        if self.command is not None:
            await commit(self.command, self.key, answer)

    async def refusal(self, error: Exception) -> Exception:
        """Return what the caller gets for an error: it may be that the key was not to be had."""
        if self.command is None:
            return error
        return await _unclaimed(self.command, self.key, error) or error

    async def close(self) -> None:
        """Give all connections back; what is not committed by now never is."""
        try:
            for session in self.sessions:
                await asyncio.shield(session.close())
        finally:
            while self.afterwards:
                self.afterwards.pop()()


def work_of(request: Request) -> Work:
    """Return what a request works with."""
    work: Work = request.state.work
    return work


async def commit(
    session: AsyncSession, key: idempotency.Key | None = None, answer: Response | None = None
) -> None:
    """Commit a command, together with its answer under its key.

    Where something of the answer is known only then (`idempotency.Blank`), the answer has the body
    that was kept when this returns. One that is only checked is rolled back instead, and what it
    would have made is not made: its answer is a plain 200.
    """
    if session.info.get("checks"):
        # Whatever the commit itself would have refused.
        await (await driver_of(session)).execute("SET CONSTRAINTS ALL IMMEDIATE")
        await session.rollback()
        if answer is not None:
            answer.status_code = 200
        return
    if key is None or answer is None:
        await session.commit()
        return
    driver, blank = await driver_of(session), session.info.pop("blank", None)
    driver.closing = key.keep(answer, blank)
    if blank is None:
        await session.commit()
        return
    driver.afterwards = key.kept
    await session.commit()
    body, driver.told = driver.told, None
    assert isinstance(body, bytes)  # noqa: S101 - it was committed
    answer.body = body
    answer.headers["content-length"] = str(len(body))


async def driver_of(session: AsyncSession, *, flush: bool = True) -> Driver:
    """Return the bare connection of a session, in the transaction of the session.

    For what is asked with every command: a statement takes half the time without SQLAlchemy. What
    was added to the session, or changed in it, is in the database by then, but for whoever compares
    rows with the journal, which does not tell of that yet (`flush`).
    """
    if flush and (session.new or session.dirty or session.deleted):
        await session.flush()
    if (kept := _kept_driver(session)) is not None:
        return kept
    raw = await (await session.connection()).get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, Driver)  # noqa: S101 - narrows for mypy
    if not driver.is_in_transaction():
        # SQLAlchemy begins with the first statement that it executes itself; what is done before
        # would be committed at once and survive a rollback.
        await raw.dbapi_connection._start_transaction()  # type: ignore[union-attr]
    assert driver.is_in_transaction()  # noqa: S101 - see above
    session.info["driver"] = driver
    return driver


def _kept_driver(session: AsyncSession) -> Driver | None:
    """Return the bare connection that the session was given before, while it still serves.

    Within a savepoint it does not: that is made when the session is asked for its connection there.
    """
    driver: Driver | None = session.info.get("driver")
    if driver is None or session.in_nested_transaction():
        return None
    return driver if driver.is_in_transaction() else None


async def record_for(session: AsyncSession, table: str) -> ColumnElement[int]:
    """Return the number by which the journal vouches for rows that one statement adds to a table
    out of others: asked for once, and beforehand where the statement goes to another machine."""
    asked = func.journal_record(table, type_=BigInteger())
    driver = await driver_of(session)
    if not driver.is_spread:
        return select(asked).scalar_subquery()
    return literal(await driver.fetchval("SELECT journal_record($1)", table), BigInteger)


async def numbered(session: AsyncSession, statement: str, table: str) -> str:
    """Return a statement that says `journal_record('…')` of the table that it adds rows to, as it
    is to be sent."""
    driver = await driver_of(session)
    if not driver.is_spread:
        return statement
    record = await driver.fetchval("SELECT journal_record($1)", table)
    return statement.replace(f"journal_record('{table}')", str(record))


async def _transaction(request: Request) -> AsyncSession:
    work, info = work_of(request), dict[str, object](checks=is_checked(request))
    if info["checks"]:
        # No key: what is only looked at may be looked at again, and has changed meanwhile.
        await admit(request)
    elif request.method == "POST":
        work.key = await idempotency.key_of(request, (await admit(request)).caller)
        # Its answer is kept when it is committed, and may have a blank until then.
        info |= {"key": work.key, "answers": work.key}
    work.command = request.app.state.sessions(info=info)
    work.sessions.append(work.command)
    return work.command


@dataclass(frozen=True, slots=True)
class Attempt:
    """The transaction of a command with a preview of its own, which reads while it `checks`."""

    db: AsyncSession
    checks: bool


async def _attempt(
    request: Request, _: idempotency.DeclaredKey = None, mode: Mode = "all"
) -> Attempt:
    if not is_checked(request):
        return Attempt(await _transaction(request), checks=False)
    # In a snapshot: the database itself refuses to keep anything of it.
    return Attempt(await _snapshot(request), checks=True)


def snapshots_of(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine as it reads: one consistent snapshot, and the database refuses a write.

    Set on the engine and not on a connection: that is taken at the first statement, so that what
    asks its peers before holds none meanwhile.
    """
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def looks_of(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine as it answers single questions, each of which sees one snapshot anyway."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


async def one_row(looks: AsyncEngine, question: str, *values: object) -> tuple[Any, ...]:
    """Return the one row that answers a question of one statement, and nothing besides.

    There is no transaction to begin and to end: two of the three round trips of a simple read.
    Nor is there a connection of SQLAlchemy's around that of its pool.
    """
    lent = await greenlet_spawn(looks.sync_engine.pool.connect)
    try:
        driver = lent.driver_connection
        assert isinstance(driver, Driver)  # noqa: S101 - narrows for mypy
        return tuple((await driver.fetchrow(question, *values)).values())
    finally:
        lent.close()


async def _snapshot(request: Request) -> AsyncSession:
    await admit(request)
    session: AsyncSession = request.app.state.readings()
    work_of(request).sessions.append(session)
    return session


Transaction = Annotated[AsyncSession, Depends(_transaction)]
"""The one transaction of a command, committed before its answer leaves (`Work`).

With `?mode=check` it is rolled back then, and no key is wanted.
"""

Attempted = Annotated[Attempt, Depends(_attempt)]
"""A command whose preview says more than its answer would, and must not hold up what it is about.

Any other takes `Transaction`, whose check goes the same way and is rolled back.
"""

Snapshot = Annotated[AsyncSession, Depends(_snapshot)]
"""A read: one consistent snapshot, and the database itself refuses a write."""


class RowsExist(Exception):
    """A row that was to be added has the key of one that is there; none was added."""


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows to be added to a table, with values for these columns."""

    table: Table
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

_FEW = 100
"""Up to so many rows go as parameters of one statement; COPY pays for more."""


async def add_rows(session: AsyncSession, *added: NewRows) -> None:
    """Add rows to tables, few of them by one statement for all tables, many by COPY."""
    if any(len(each.rows) > _FEW for each in added):
        for each in added:
            await copy_rows(session, each.table, each.columns, each.rows)
        return
    into = tuple((each.table, each.columns) for each in added)
    if all(len(each.rows) == 1 for each in added):
        # Nearly always, and arrays of one value take both sides as long again as the values do.
        statement, values = _insert_one(into), [*chain.from_iterable(e.rows[0] for e in added)]
    else:
        statement = _insert(into)
        values = [list(column) for each in added for column in zip(*each.rows, strict=True)]
    await (await driver_of(session)).execute(statement, *values)


Into = tuple[tuple[Table, tuple[str, ...]], ...]
"""Tables, each with the columns that are given."""


@cache
def _insert(into: Into) -> str:
    """Return the statement that adds rows whose columns are arrays, all of one length by table."""
    return _inserting(into, "SELECT * FROM unnest({})", "[]")


@cache
def _insert_one(into: Into) -> str:
    """Return the statement that adds one row to each table."""
    return _inserting(into, "VALUES ({})", "")


def _inserting(into: Into, source: str, many: str) -> str:
    number, parts = count(1), list[str]()
    for table, columns in into:
        types = (table.c[column].type.compile(_DIALECT) for column in columns)
        given = source.format(", ".join(f"${next(number)}::{kind}{many}" for kind in types))
        names = ", ".join(f'"{column}"' for column in columns)
        parts.append(f'INSERT INTO "{table.name}" ({names}) {given}')
    *first, last = parts
    within = ", ".join(f"added_{n} AS ({part})" for n, part in enumerate(first))
    return f"WITH {within} {last}" if first else last


async def copy_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows by COPY inside the session's transaction; raise `RowsExist` if a key is taken."""
    async with _copying(session, table) as (driver, record):
        recorded = ((*row, record) for row in rows)
        await driver.copy_records_to_table(
            table.name, records=recorded, columns=[*columns, "record"]
        )


async def copy_lines(
    session: AsyncSession,
    table: Table,
    same: Mapping[str, object],
    columns: Sequence[str],
    lines: Sequence[str],
) -> None:
    """Add rows as `copy_rows` does, each written out before: its fields as `copied` has them.

    What is the `same` in all rows is given once. Lines can be made in a thread, where the driver
    would make twenty thousand rows on the event loop.
    """
    async with _copying(session, table) as (driver, record):
        always = {**same, "record": record}
        head = (len(always) + len(columns)).to_bytes(2).decode("latin-1")
        head += "".join(copied(value, table.c[name].type) for name, value in always.items())
        rows = f"{_COPY_BEGINS}{head}{head.join(lines)}{_COPY_ENDS}".encode("latin-1")
        await driver.copy_to_table(
            table.name, source=_pieces(rows), columns=[*always, *columns], format="binary"
        )


_COPY_BEGINS = "PGCOPY\n\xff\r\n\0" + "\0" * 8
_COPY_ENDS = "\xff\xff"
_NOTHING = "\xff" * 4
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""From when PostgreSQL counts a moment's microseconds."""
_PIECE = 65_536


def copied(value: object, kind: TypeEngine[Any] | None = None) -> str:
    """Return a value, a text unless its `kind` says otherwise, as a field of a binary COPY.

    A field is its length in four bytes and its bytes. They are written as the signs of Latin-1,
    because texts are put together twice as fast as bytes.
    """
    match value:
        case None:
            return _NOTHING
        case UUID():
            raw = value.bytes
        case dt.datetime():
            raw = ((value - _EPOCH) // dt.timedelta(microseconds=1)).to_bytes(8, signed=True)
        case int():
            raw = value.to_bytes(8 if isinstance(kind, BigInteger) else 4, signed=True)
        case _:
            raw = str(value).encode()
    return (len(raw).to_bytes(4) + raw).decode("latin-1")


async def _pieces(rows: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(rows), _PIECE):
        yield rows[at : at + _PIECE]
        await asyncio.sleep(0)  # others have their turn


@asynccontextmanager
async def _copying(session: AsyncSession, table: Table) -> AsyncIterator[tuple[Driver, int]]:
    # The number by which the journal vouches for the rows is the same for all; their default would
    # ask for it once for each row.
    driver = await driver_of(session)
    record = await driver.fetchval("SELECT journal_record($1)", table.name)
    try:
        # COPY knows no ON CONFLICT. The savepoint keeps the transaction, so that whoever asked can
        # still find out which rows were there.
        async with driver.transaction():
            yield driver, record
    except UniqueViolationError as error:
        raise RowsExist from error
