"""How statements are said where tables lie on several machines (Citus; `DATABASE_SPREAD`).

On one machine some statements compare an id as a text with another as a text: no index serves that,
and no guess of the planner about a chain of rows that has just begun. On several machines the same
comparison hides where a row lies, and all would be asked, or none could answer. So the statement is
sent with the comparison said plainly; what it means is the same.
"""

import re
from functools import lru_cache
from typing import Any

from chassis.db import Driver
from chassis.pooling import LentDriver

_NAME = r"(?<![\w.])(?:\w+\.)?\w+"
_PAIR = re.compile(rf"({_NAME})::text = (\$\d+::uuid|{_NAME})::text\b(?! \|\|)")
_BEGINS = re.compile(
    rf"(?<!AND )({_NAME})::text (\|\| (?:(?!\s= )[^;])*?)\s= ({_NAME})::text \|\|", re.DOTALL
)
_CAST = re.compile(r"CAST\((\w+\.\w+_id) AS TEXT\) = (\$\d+)::VARCHAR")
_CASTS = re.compile(r"CAST\((\w+\.\w+_id) AS TEXT\) = CAST\((\w+\.\w+_id) AS TEXT\)")
# A row that lies with another id than the rest of its statement is asked for by a function.
_ELSEWHERE = re.compile(
    r"\(SELECT \* FROM (\w+) (\w+)\s+WHERE \2\.(\w+)::text = (\w+\.(?!\3\b)\w+)::text"
    r" AND \2\.\w+ = (\w+\.\w+) OFFSET 0\)"
)
_CHANGED = re.compile(r"\brecord\s*=\s*journal_record\(")
# As `journal.recorded_at` has it.
_RECORDED = re.compile(
    r"\(SELECT max\(journal_entry\.recorded_at\) AS \w+\s+FROM journal_entry\s+WHERE"
    r" journal_entry\.record = ([^\s(]\S*|\((?:[^()]|\([^()]*\))*\))"
    r" AND \(journal_entry\.chain \|\| ''\) = ([^)]+)\)"
)
# As `stored` asks whether an entry is listed elsewhere, beside functions that ask for tables which
# the first machine alone has.
_MISPLACED = re.compile(
    r"EXISTS \(SELECT 1 FROM journal_entry\s+WHERE home = journal_home\((\$\d+)::VARCHAR\)"
    r" AND chain = \$\d+::VARCHAR\s+AND NOT journal_is_listed\(tables, record, rows( \|\| '')?\)\)"
)


def _misplaced(found: re.Match[str]) -> str:
    return f"journal_misplaced({found[1]}, {'true' if found[2] else 'false'})"


# A condition that all of its query is under: what is beside it holds as well.
_BOUND = re.compile(r"\b(?:WHERE|AND) (\w+)\.(\w+_id) = (\$\d+(?:::uuid)?)(?![:\w])(?! OR\b)", re.I)
_FAR = 3
"""From how many tables to the next an id is carried on."""


@lru_cache(maxsize=2048)
def plainly(statement: str) -> str:
    """Return a statement that says an id as it is where it says it as a text, and of each table
    that is bound to another by it; where a longer text begins with the id, it says it besides."""
    said = _ELSEWHERE.sub(r"\1_elsewhere(\4, \5)", statement)
    said = _PAIR.sub(r"\1 = \2", said)
    said = _CHANGED.sub("record = journal_changed(", said)
    said = _CASTS.sub(r"\1 = \2", said)
    said = _CAST.sub(r"\1 = \2::VARCHAR::uuid", said)
    said = _RECORDED.sub(r"journal_recorded_at(\1, \2)", said)
    said = _MISPLACED.sub(_misplaced, said)
    for _ in range(_FAR):
        said = _of_each_table(said)
    return _BEGINS.sub(r"\1 = \3 AND \g<0>", said)


def _of_each_table(statement: str) -> str:
    """Say the id of a table that is bound to one of which it is said, once more: within a query of
    its own it is not followed."""
    bound: dict[tuple[str, str], list[str]] = {}
    for table, column, value in _BOUND.findall(statement):
        bound.setdefault((table, column), []).append(value)
    for (table, column), (value, *more) in bound.items():
        named = len(re.findall(rf"(?:\b(?:FROM|JOIN|AS)|,) {table}\b(?!\.| AS\b)", statement))
        if more and named > 1:  # tables of one name: which is meant is not known here
            continue
        pair = re.compile(
            rf"\b(?:(\w+)\.{column} = {table}|{table}\.{column} = (\w+))\.{column}\b"
            rf"(?! AND \w+\.{column} = \$)"
        )
        statement = pair.sub(
            lambda found: f"{found[0]} AND {found[1] or found[2]}.{column} = {value}",  # noqa: B023
            statement,
        )
    return statement


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
