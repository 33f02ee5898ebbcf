"""Whether what is stored is what the journal recorded: rows against the entries that hold them.

`differences` compares, `require_intact` refuses to go on. The digests of the rows are taken by
the database, over every column (`chassis.recording`); what they are compared with here are the
entries of a chain, which `chassis.journal` verifies.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from chassis.recording import IS_CLUSTER, MARK, REGISTERED, SPREAD, as_written, registered
from chassis.refusals import Refusal
from chassis.spreading import is_spread
from chassis.wire import Outgoing

K = TypeVar("K", str, int)
Columns = tuple[str, ...]
What = Literal["changed", "missing", "added", "contradicted"]

_MOST_LOOKS = 20
"""How often is looked again where others keep writing; beyond that what differs is told."""

_MOST_TOLD = 20
"""How many differences a refusal names; the verification of the chain names all."""

_ENTRIES = sa.table(
    "journal_entry",
    sa.column("chain", sa.Text),
    sa.column("seq", sa.BigInteger),
    sa.column("record", sa.BigInteger),
    sa.column("rows", sa.Text),
    sa.column("home", sa.Uuid),
)
_TABLES = sa.table(
    "journal_table",
    *(sa.column(name, sa.Text) for name in ("relation", "derived", "en", "zh")),
    sa.column("changing", sa.Boolean),
)


class StoredDataAltered(Refusal):
    """What is stored is not what the journal recorded."""

    zh = "存储的数据与日志记录不一致。"
    remedy = (
        "Tell whoever runs the system at once, with `request_id`; trust no result of this cycle "
        "until the journal has been verified.",
        "请立即将 `request_id` 告知系统运行人员；日志核验之前，请勿采信本年度的任何结果。",
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class RowDifference(Outgoing):
    """Rows that are not as an entry of the journal recorded them, and the position of that entry.

    `position` is null for rows that no entry recorded. `key` names the row where only one comes
    into question.
    """

    position: int | None
    table: str
    what: What
    key: str | None
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class RecordedDigest:
    """What an entry of the journal says of rows: how many there were, and their digest.

    `marks` are the first eight digits of each row's own digest. Of a sealed table there are none,
    and no number.
    """

    position: int
    columns: Columns
    number: int | None
    digest: str
    marks: str = ""


@dataclass
class RecordedDigests:
    """What the entries of a chain say of the rows of its tables.

    `sets` are of all rows that one transaction added to a table, `rows` of single rows that may
    change, the last word on each. `uncovered` entries are from before the journal vouched for rows.
    """

    sets: dict[str, dict[int, RecordedDigest]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[str, dict[str, RecordedDigest]] = field(default_factory=lambda: defaultdict(dict))
    uncovered: int = 0


@dataclass(frozen=True, slots=True)
class TableComparison:
    """One table to compare with the journal: its chain, and the records unless all are compared."""

    db: AsyncSession
    table: Any  # a row of the registry
    chain: str
    records: Collection[int] | None

    async def ask(
        self, what: str, columns: Columns, records: Collection[int] | None
    ) -> Sequence[Any]:
        """Have the database take digests of stored rows over some columns."""
        wanted = None if records is None else list(records)
        asked = sa.text(what).bindparams(
            sa.bindparam("name", self.table.relation, sa.Text()),
            sa.bindparam("columns", list(columns), sa.ARRAY(sa.Text())),
            sa.bindparam("chain", self.chain, sa.Text()),
            sa.bindparam("records", wanted, sa.ARRAY(sa.BigInteger())),
        )
        return (await self.db.execute(asked)).all()

    async def columns(self) -> Columns:
        """Return the columns that the journal vouches for today."""
        asked = sa.text("SELECT journal_columns(:name)")
        return tuple((await self.db.execute(asked, {"name": self.table.relation})).scalar_one())

    def difference(
        self, what: What, said: RecordedDigest | None, *, number: int = 1, key: str | None = None
    ) -> RowDifference:
        """Return what is to be told of one difference."""
        en, zh = _SENTENCES[what]
        about = {
            "en": self.table.en,
            "zh": self.table.zh,
            "key": "" if key is None else f" {key}",
            "position": None if said is None else said.position,
            "recorded": None if said is None else said.number,
            "stored": number,
        }
        return RowDifference(
            position=None if said is None else said.position,
            table=self.table.relation,
            what=what,
            key=key,
            en=en.format(**about),
            zh=zh.format(**about),
        )


class _Misplaced(FunctionElement[bool]):
    """Whether an entry of a chain is listed under other tables, or another record, than it tells
    of: no hash covers what it is listed under, by which the database finds entries: it would not
    find that one."""

    inherit_cache = True
    type = sa.Boolean()
    is_of_each = False
    rows = "rows"


class _MisplacedAnyhow(_Misplaced):
    """The same of each entry, and not of the index of such entries: that holds what was found when
    an entry was written, maybe by another function than there is now."""

    inherit_cache = True
    is_of_each = True
    rows = "rows || ''"


@compiles(_Misplaced)
def _ask(asked: _Misplaced, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    """A statement of functions alone is answered by the first of several machines, which has all
    tables."""
    [chain] = asked.clauses
    if is_spread(compiler.dialect):
        said = sa.func.journal_misplaced(chain, sa.literal_column(str(asked.is_of_each)))
        return compiler.process(said, **more)
    home = sa.func.journal_home(chain)
    listed = sa.literal_column(f"NOT journal_is_listed(tables, record, {asked.rows})", sa.Boolean())
    of = _ENTRIES.c
    return compiler.process(sa.exists().where(of.home == home, of.chain == chain, listed), **more)


_CHAIN = sa.bindparam("chain", type_=sa.Text())
_NAMES = sa.bindparam("names", type_=sa.ARRAY(sa.Text()))
_RECORDS = sa.bindparam("records", type_=sa.ARRAY(sa.BigInteger()))
_ASKED = ("altered", "columns", "is_listed", "is_uuid", "naming", "question", "rows", "sets")
_SOURCES = f"""(SELECT encode(sha256(convert_to(string_agg(proname || ' ' || prosrc, chr(10)
      ORDER BY proname COLLATE "C", prosrc COLLATE "C"), 'UTF8')), 'hex')
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND proname IN ({", ".join(f"'journal_{name}'" for name in _ASKED)}))"""  # noqa: S608
"""The digest of the functions of which all rows are asked. Those that are written out for each
table are large, and it takes a millisecond to read them: only whole verification does."""
_IS_MISPLACED = sa.select(_Misplaced(_CHAIN))
_IS_ALTERED = sa.func.journal_altered(_CHAIN, _NAMES, sa.null(), type_=sa.Boolean())
_ALTERED = sa.select(
    sa.or_(_Misplaced(_CHAIN), _IS_ALTERED), sa.literal_column(_SOURCES, sa.Text())
)
_ALTERED_ANYHOW = sa.select(sa.or_(_MisplacedAnyhow(_CHAIN), _IS_ALTERED))
_ALTERED_IN = sa.select(
    sa.or_(
        _Misplaced(_CHAIN),
        sa.func.journal_altered_in(_CHAIN, _NAMES, _RECORDS, type_=sa.Boolean()),
    )
)

_STORED_FUNCTIONS = sa.text(
    "SELECT proname, prosrc FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'journal\\_%'"
)

_SETS = "SELECT * FROM journal_sets(:name, :columns, :chain, :records, false)"
_ROWS = "SELECT * FROM journal_rows(:name, :columns, :chain, :records)"

_SENTENCES: Mapping[What, tuple[str, str]] = {
    "changed": (
        "{en}{key}: not as entry {position} of the journal recorded it.",
        "{zh}{key}：与日志第{position}条的记录不符。",
    ),
    "missing": (
        "{en}{key}: entry {position} of the journal recorded {recorded}, of which {stored} are"
        " stored.",
        "{zh}{key}：日志第{position}条记录了{recorded}条，现存{stored}条。",
    ),
    "added": (
        "{en}{key}: {stored} stored that no entry of the journal recorded.",
        "{zh}{key}：有{stored}条存储的数据在日志中没有记录。",
    ),
    "contradicted": (
        "{en}{key}: not what follows from its own history.",
        "{zh}{key}：与其自身的历史记录不符。",
    ),
}


def told_by(
    entries: Iterable[tuple[int, str | None]], records: Collection[int] | None = None
) -> RecordedDigests:
    """Read what the entries of a chain, (position, rows) in their order, say of rows.

    Of all rows, or of those of some records.
    """
    told = RecordedDigests()
    for position, rows in entries:
        if rows is None:
            told.uncovered += 1
            continue
        said = orjson.loads(rows)
        if records is not None and said["record"] not in records:
            continue
        for one in said["tables"]:
            name, columns = one["table"], tuple(one["columns"])
            for key, digest in one.get("rows", {}).items():
                told.rows[name][key] = RecordedDigest(position, columns, 1, digest)
            if "digest" in one:
                told.sets[name][said["record"]] = RecordedDigest(
                    position, columns, one.get("number"), one["digest"], one.get("marks", "")
                )
    return told


async def differences(
    db: AsyncSession,
    chain: str,
    tables: Collection[str] | None = None,
    records: Collection[int] | None = None,
) -> tuple[list[RowDifference], int]:
    """Return where stored rows differ from a chain, and how many entries say nothing of rows.

    All rows of the chain are compared, or those of some tables, or of some records.

    Entries and rows are read one after the other, and a command sees what others commit in
    between: then the rows are not those that the entries tell of, and both are read again.
    """
    if tables is None and records is None:
        if foreign := await _foreign_functions(db):
            return foreign, await _uncovered(db, chain)
        if not await _are_altered(db, chain):
            return [], await _uncovered(db, chain)
    found, told = await _compared(db, chain, tables, records)
    before, looks = None, 0
    while found and looks < _MOST_LOOKS:
        now = await _last_entry(db, chain)
        if looks and now == before:
            break
        before, looks = now, looks + 1
        found, told = await _compared(db, chain, tables, records)
    return found, told.uncovered


async def _foreign_functions(db: AsyncSession) -> list[RowDifference]:
    """Return which functions of the database are not those that this version wrote: with others in
    their place no answer of theirs is worth anything, and none is asked."""
    tables = registered((await db.execute(sa.text(REGISTERED))).mappings().all())
    is_cluster = await db.scalar(sa.text(IS_CLUSTER))
    spread = (await db.scalars(sa.text(SPREAD))).all() if is_cluster else ()
    written = as_written(tables, spread=spread)
    stored: dict[str, set[str]] = defaultdict(set)
    for name, body in await db.execute(_STORED_FUNCTIONS):
        stored[name].add(body)
    return [
        RowDifference(
            position=None,
            table=name,
            what="contradicted",
            key=None,
            en=f"The function {name} of the database is not the one that this version wrote.",
            zh=f"数据库函数`{name}`与本版本写入的不一致。",
        )
        for name in sorted(written)
        if stored[name] != written[name]
    ]


_OURS = set[str]()
"""Digests of functions of databases that were compared with those that this version writes."""


async def _foreign(db: AsyncSession, sources: str) -> list[RowDifference]:
    """Return which functions with such a digest this version did not write; each digest is looked
    into once."""
    if sources in _OURS:
        return []
    found = await _foreign_functions(db)
    if not found:
        _OURS.add(sources)
    return found


async def _are_altered(db: AsyncSession, chain: str) -> bool:
    """Ask the database whether any row differs: it compares a million without having them here."""
    names = list(await db.scalars(sa.select(_TABLES.c.relation)))
    return bool(await db.scalar(_ALTERED_ANYHOW, {"chain": chain, "names": names}))


def _in(chain: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition that an entry is of a chain, and lies where that lies."""
    return _ENTRIES.c.home == sa.func.journal_home(chain), _ENTRIES.c.chain == chain


async def _uncovered(db: AsyncSession, chain: str) -> int:
    of = _ENTRIES.c
    asked = sa.select(sa.func.count()).where(*_in(chain), of.rows.is_(None))
    return int(await db.scalar(asked) or 0)


async def _last_entry(db: AsyncSession, chain: str) -> int | None:
    asked = sa.select(sa.func.max(_ENTRIES.c.seq)).where(*_in(chain))
    last: int | None = (await db.execute(asked)).scalar_one()
    return last


async def _compared(
    db: AsyncSession,
    chain: str,
    tables: Collection[str] | None,
    records: Collection[int] | None,
) -> tuple[list[RowDifference], RecordedDigests]:
    of, known = _ENTRIES, sa.select(_TABLES).order_by(_TABLES.c.relation)
    if tables is not None:
        named = sa.literal(list(tables), sa.ARRAY(sa.Text()))
        known = known.where(_TABLES.c.relation == sa.any_(named))
    if await db.scalar(_IS_MISPLACED, {"chain": chain}):
        entries = sa.select(of.c.seq, of.c.rows).where(*_in(chain))
    elif records is not None:
        # The chain serves no index here: of a long one only the entries of these records are read.
        wanted = sa.literal(list(records), sa.ARRAY(sa.BigInteger()))
        entries = sa.select(of.c.seq, of.c.rows).where(
            of.c.chain + "" == chain, of.c.record == sa.any_(wanted)
        )
    elif tables is not None:
        naming = sa.func.journal_naming(chain, named).table_valued("seq", "rows")
        entries = sa.select(naming.c.seq, naming.c.rows)
    else:
        entries = sa.select(of.c.seq, of.c.rows).where(*_in(chain))
    rows = await db.execute(entries.order_by(sa.column("seq")))
    told = told_by(((seq, said) for seq, said in rows), records)
    found: list[RowDifference] = []
    for table in (await db.execute(known)).all():
        one = TableComparison(db, table, chain, records)
        found += await (_changing if table.changing else _kept)(one, told)
        if table.derived:
            asked = sa.text(f"SELECT {table.derived}(:chain)")
            keys = await db.scalars(asked, {"chain": chain})
            found += [one.difference("contradicted", None, key=key) for key in keys]
    return found, told


async def require_intact(
    db: AsyncSession, chain: str, *tables: str, records: Collection[int] | None = None
) -> None:
    """Refuse to go on if rows of these tables, all or those of some records, were altered.

    Who rests on all rows also learns whether the functions that were asked are those of this
    version.
    """
    asked: dict[str, object] = {"chain": chain, "names": list(tables)}
    found: list[RowDifference] = []
    if records is None:
        altered, sources = (await db.execute(_ALTERED, asked)).one()
        found = await _foreign(db, sources)
    else:
        altered = bool(await db.scalar(_ALTERED_IN, asked | {"records": list(records)}))
    if altered and not found:
        found, _ = await differences(db, chain, tables, records)
    if not found:
        return
    told = found[:_MOST_TOLD]
    more = len(found) - len(told)
    raise StoredDataAltered(
        " ".join([each.en for each in told] + ([f"And {more} more."] if more else [])),
        "".join([each.zh for each in told] + ([f"另有{more}处。"] if more else [])),
        rows=[each.model_dump(exclude={"en", "zh"}) for each in told],
        differing=len(found),
    )


async def _kept(one: TableComparison, told: RecordedDigests) -> list[RowDifference]:
    """Compare rows that are never changed, by the transaction that added them."""
    vouched, today = told.sets[one.table.relation], await one.columns()
    stored = {row.record: row for row in await one.ask(_SETS, today, one.records)}
    for columns, records in _older(vouched, today).items():
        stored |= {row.record: row for row in await one.ask(_SETS, columns, records)}
    found: list[RowDifference] = []
    for record, said in vouched.items():
        row = stored.get(record)
        if row is None:
            what: What = "changed" if said.number is None else "missing"
            found.append(one.difference(what, said, number=0))
        elif row.digest != said.digest:
            found += await _named(one, record, said, row.number)
    for record in stored.keys() - vouched.keys():
        keys = await one.ask(_ROWS, today, [record])
        found += [one.difference("added", None, key=row.key) for row in keys]
    return found


async def _named(
    one: TableComparison, record: int, said: RecordedDigest, number: int
) -> list[RowDifference]:
    """Name the rows of a set whose digest is not among those that were recorded, unless the table
    is sealed."""
    if said.number is None:
        return [one.difference("changed", said)]
    marks = Counter(said.marks[at : at + MARK] for at in range(0, len(said.marks), MARK))
    found = []
    for row in await one.ask(_ROWS, said.columns, [record]):
        mark = row.digest[:MARK]
        if marks[mark]:
            marks[mark] -= 1
        else:
            found.append(one.difference("changed", said, key=row.key))
    if number < said.number:
        found.append(one.difference("missing", said, number=number))
    return found or [one.difference("changed", said)]


async def _changing(one: TableComparison, told: RecordedDigests) -> list[RowDifference]:
    """Compare rows that may change, one by one, with the last word on each."""
    vouched, today = told.rows[one.table.relation], await one.columns()
    stored = {row.key: row.digest for row in await one.ask(_ROWS, today, one.records)}
    for columns, keys in _older(vouched, today).items():
        rows = await one.ask(_ROWS, columns, one.records)
        stored |= {row.key: row.digest for row in rows if row.key in keys}
    found = []
    for key, said in vouched.items():
        if key not in stored:
            found.append(one.difference("missing", said, number=0, key=key))
        elif stored[key] != said.digest:
            found.append(one.difference("changed", said, key=key))
    unknown = sorted(stored.keys() - vouched.keys())
    return found + [one.difference("added", None, key=key) for key in unknown]


def _older(vouched: Mapping[K, RecordedDigest], today: Columns) -> dict[Columns, set[K]]:
    """Return what was recorded when the table had other columns, by these."""
    older: dict[Columns, set[K]] = defaultdict(set)
    for which, said in vouched.items():
        if said.columns != today:
            older[said.columns].add(which)
    return older
