"""How statements are said where tables lie on several machines (Citus; `DATABASE_SPREAD`).

On one machine some statements compare an id as a text with another as a text: no index serves that,
and no guess of the planner about a chain of rows that has just begun. On several machines the same
comparison hides where a row lies, and all would be asked, or none could answer. So the statement is
sent with the comparison said plainly; what it means is the same. Statements of SQLAlchemy are
compiled so (`unseen`), those that are written by hand are rewritten (`plainly`).
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from chassis.bound import of_each_table
from chassis.db import Driver
from chassis.pooling import LentDriver

_IS_SPREAD = "is_spread"


def mark(engine: AsyncEngine) -> None:
    """Have an engine compile statements for several machines."""
    setattr(engine.dialect, _IS_SPREAD, True)


def is_spread(dialect: sa.Dialect) -> bool:
    """Say whether statements are compiled for several machines."""
    return bool(getattr(dialect, _IS_SPREAD, False))


class _Unseen(FunctionElement[bool]):
    inherit_cache = True
    type = sa.Boolean()


def unseen(column: Any, value: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - columns of ids
    """Return the condition that an id is this one, or that of a column: on one machine such as
    serves no index."""
    return _Unseen(column, sa.literal(value, sa.Uuid()) if isinstance(value, UUID) else value)


@compiles(_Unseen)
def _compare(asked: _Unseen, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    sides = [compiler.process(each, **more) for each in asked.clauses]
    if not is_spread(compiler.dialect):
        sides = [f"CAST({each} AS TEXT)" for each in sides]
    return " = ".join(sides)


class RecordedAt(FunctionElement[datetime]):
    """When the journal recorded a record of a chain: a question on one machine, and where the
    entries may lie elsewhere than what it is asked beside, a function."""

    inherit_cache = True
    type = sa.DateTime(timezone=True)


_ENTRY = sa.table(
    "journal_entry",
    sa.column("chain", sa.Text),
    sa.column("record", sa.BigInteger),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
)


@compiles(RecordedAt)
def _ask(asked: RecordedAt, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    record, chain = asked.clauses
    if is_spread(compiler.dialect):
        return compiler.process(sa.func.journal_recorded_at(record, chain), **more)
    # By the record alone: the chain must serve no other index.
    of_chain = _ENTRY.c.chain.op("||")(sa.literal_column("''")) == chain
    latest = sa.select(sa.func.max(_ENTRY.c.recorded_at)).where(_ENTRY.c.record == record, of_chain)
    return compiler.process(latest.scalar_subquery(), **more)


_NAME = r"(?<![\w.:])(?:\w+\.)?\w+"
_ID = r"(?<![\w.:])(?:\w+\.)?\w++(?:(?<=_id)|(?<=\bhome))"
# Between signs of a longer text an id is a part of that, and compared as one.
_PAIR = re.compile(rf"(\|\|\s*)?({_ID})::text = (\$\d+::uuid|{_NAME})::text\b(?!\s*\|\|)")
_CHANGED = re.compile(r"\brecord\s*=\s*journal_record\(")


def _pair(found: re.Match[str]) -> str:
    return found[0] if found[1] else f"{found[2]} = {found[3]}"


@lru_cache(maxsize=2048)
def plainly(statement: str) -> str:
    """Return a statement that says an id as it is where it says it as a text, and of each table
    that is bound to another by it."""
    said = _PAIR.sub(_pair, statement)
    said = _CHANGED.sub("record = journal_changed(", said)
    return of_each_table(said)


class _Plainly:
    """Says each statement plainly, whoever sends it."""

    is_spread = True

    async def execute(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - asyncpg's own
        return await super().execute(plainly(query), *args, **more)  # type: ignore[misc]

    async def fetch(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - see above
        return await super().fetch(plainly(query), *args, **more)  # type: ignore[misc]

    async def fetchval(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - see above
        return await super().fetchval(plainly(query), *args, **more)  # type: ignore[misc]

    async def fetchrow(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - see above
        return await super().fetchrow(plainly(query), *args, **more)  # type: ignore[misc]

    async def prepare(self, query: str, **more: Any) -> Any:  # noqa: ANN401 - see above
        return await super().prepare(plainly(query), **more)  # type: ignore[misc]

    def cursor(self, query: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - see above
        return super().cursor(plainly(query), *args, **more)  # type: ignore[misc]


class SpreadDriver(_Plainly, Driver):
    """A connection to the first of several machines."""


class SpreadLentDriver(_Plainly, LentDriver):
    """The same, by PgBouncer."""
