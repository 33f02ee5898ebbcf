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

_NAME = r"(?:\w+\.)?\w+"
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
    r" journal_entry\.record = (\S+) AND \(journal_entry\.chain \|\| ''\) = ([^)]+)\)"
)
# As `stored` asks whether an entry is listed elsewhere, beside functions that ask for tables which
# the first machine alone has.
_MISPLACED = re.compile(
    r"EXISTS \(SELECT 1 FROM journal_entry\s+WHERE home = journal_home\((\$\d+)::VARCHAR\)"
    r" AND chain = \$\d+::VARCHAR\s+AND NOT journal_is_listed\(tables, record, rows( \|\| '')?\)\)"
)


def _misplaced(found: re.Match[str]) -> str:
    return f"journal_misplaced({found[1]}, {'true' if found[2] else 'false'})"


@lru_cache(maxsize=2048)
def plainly(statement: str) -> str:
    """Return a statement that says an id as it is where it says it as a text; where a longer text
    begins with the id, it says it besides."""
    said = _ELSEWHERE.sub(r"\1_elsewhere(\4, \5)", statement)
    said = _PAIR.sub(r"\1 = \2", said)
    said = _CHANGED.sub("record = journal_changed(", said)
    said = _CASTS.sub(r"\1 = \2", said)
    said = _CAST.sub(r"\1 = \2::VARCHAR::uuid", said)
    said = _RECORDED.sub(r"journal_recorded_at(\1, \2)", said)
    said = _MISPLACED.sub(_misplaced, said)
    return _BEGINS.sub(r"\1 = \3 AND \g<0>", said)


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
