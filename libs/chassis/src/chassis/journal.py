"""The journal: every change of a service, append-only, hash-chained, stamped by the database.

One chain per subject matter (the loans of a year, say). Each entry holds the hash of the one
before, and is written in the transaction of the change itself by a database function: the role of
the service may execute that function and read the entries, and nothing else. What a caller gets
back is a receipt; whoever holds one can show later that the entry was there, and what it said.

An entry also holds the digests of the rows that its transaction added (`rows`,
`chassis.recording`), so that a row changed in the database contradicts it.

The hash of an entry is SHA-256 over its fields, each preceded by its length in eight bytes, so
that no two different entries have the same bytes; `digest` here and `journal_digest` in the
database compute the same.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import realms
from chassis.authorisation import LOG_OF_READS, UNAFFILIATED, Permit
from chassis.db import Snapshot, driver_of
from chassis.idempotency import Blank, sql_text
from chassis.identity import Caller
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realm_rows import is_chain_of
from chassis.refusals import Missing, Unavailable
from chassis.routes import Router
from chassis.scopes import READS, is_part
from chassis.spreading import RecordedAt
from chassis.stored import RowDifference, StoredDataAltered, differences
from chassis.wire import Outgoing

START = bytes(32)

entries = sa.table(
    "journal_entry",
    sa.column("chain", sa.Text),
    sa.column("seq", sa.BigInteger),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("subject", sa.Text),
    sa.column("unit", sa.Text),
    sa.column("event", sa.Text),
    sa.column("body", sa.Text),
    sa.column("record", sa.BigInteger),
    sa.column("rows", sa.Text),
    sa.column("previous", sa.LargeBinary),
    sa.column("hash", sa.LargeBinary),
    sa.column("home", sa.Uuid),
)


heads = sa.table(
    "journal_head",
    sa.column("chain", sa.Text),
    sa.column("seq", sa.BigInteger),
    sa.column("hash", sa.LargeBinary),
)


SINCE = """
    (WITH RECURSIVE within(first, past) AS (
      SELECT 1::bigint, h.seq + 1 FROM journal_head h
      WHERE h.home = journal_home({0}) AND h.chain = {0}
      UNION ALL
      SELECT CASE WHEN middle.before THEN middle.seq + 1 ELSE within.first END,
        CASE WHEN middle.before THEN within.past ELSE middle.seq END
      FROM within CROSS JOIN LATERAL (
        SELECT j.seq, j.recorded_at < {1} AS before FROM journal_entry j
        WHERE j.home = journal_home({0}) AND j.chain = {0}
          AND j.seq = (within.first + within.past) / 2 OFFSET 0) middle
      WHERE within.first < within.past)
    SELECT coalesce(max(first), 1) FROM within WHERE first = past)
    """
"""The number of the first entry of a chain that was recorded at a moment or later, in SQL.

Who writes to a chain holds its head until the commit, and takes the moment when it has it: in a
chain the moments are in the order of the commits, and what is committed later was recorded later.
So the middle of what comes into question is looked at, a few times, and no index is wanted.
"""


def of_chain(chain: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition that an entry is of a chain: it lies where the chain lies."""
    return entries.c.home == sa.func.journal_home(chain), entries.c.chain == chain


def recorded_at(record: Any, chain: Any) -> sa.ColumnElement[datetime]:  # noqa: ANN401 - columns
    """Return when the journal recorded the rows of a transaction in a chain, null where it did not;
    the chain may be named by a column.

    A row that changes takes the number of each change: of its present form this is the moment.
    """
    return RecordedAt(record, sa.literal(chain, sa.Text()) if isinstance(chain, str) else chain)


class NoSuchReceipt(Missing):
    """The journal has no entry of this receipt."""

    zh = "日志中没有该回执所指的条目。"
    remedy = (
        "Check that chain and hash are those of the receipt, and that this service gave it.",
        "请核对日志链和散列值是否与回执一致，以及回执是否由该服务出具。",
    )


class Receipt(Outgoing):
    """Proof that a change was recorded: keep it, and compare it later with the journal."""

    journal: str
    chain: str
    seq: int
    hash: str
    recorded_at: datetime


class JournalEntry(Outgoing):
    """One change: who, when by the database's clock, what, and the link to the one before.

    `rows` are the digests of the rows that it added, by table; null in entries from before the
    journal vouched for rows.
    """

    seq: int
    recorded_at: datetime
    subject: str
    organisation: str = Field(alias="unit")
    event: str
    body: str
    rows: str | None
    previous: str
    hash: str


class ChainHead(Outgoing):
    """How far a chain has come: the number and the hash of its last entry."""

    chain: str
    seq: int
    hash: str


class ChainFault(Outgoing):
    """What is wrong with a chain.

    `code` is `entry` where an entry does not follow from the one before it, `entries-missing`
    where the head tells of more entries than there are, `head-missing` where there is none,
    `head-behind` where there are more entries than it tells of, and `head` where it tells another
    hash.
    """

    code: Literal["entry", "entries-missing", "head-missing", "head-behind", "head"]
    en: str
    zh: str


class VerifyingBusy(Unavailable):
    """As many chains are being verified as may be at once."""

    zh = "同时核验的日志链已达上限。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "10"}  # noqa: RUF012 - never written to


class Verification(Outgoing):
    """What recomputing a chain from its first entry found, and comparing it with its head and rows.

    `broken_at` is the number of the first entry that does not follow from the one before it, or
    of the entry that is missing; null when all entries follow. `faults` say what is wrong with the
    chain, `rows` where stored rows are not as it recorded them. `uncovered` entries say nothing of
    rows, because they are older than that. It `holds` when there are neither faults nor rows.
    """

    chain: str
    length: int
    head: str
    holds: bool
    broken_at: int | None
    faults: list[ChainFault]
    rows: list[RowDifference]
    uncovered: int


def canonical(body: object) -> bytes:
    """Return JSON bytes that are the same for equal values: sorted keys, no spaces, UTF-8.

    Decimals have to be strings already; a float has no place here and is refused.
    """
    _refuse_floats(body)
    return encoded(body)


def encoded(body: object) -> bytes:
    """Return the canonical bytes of what is known to hold no float; looking for one takes longer
    than all the rest."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def _refuse_floats(value: object) -> None:
    match value:
        case str() | int() | None:
            return
        case float():
            raise TypeError("a float has no canonical form")
        case list() | tuple():
            for item in value:
                _refuse_floats(item)
        case dict() | Mapping():  # to ask for a mapping takes longer than all others
            for item in value.values():
                _refuse_floats(item)


def sha256(body: object) -> str:
    """Return the SHA-256 of the canonical form of `body`, in hexadecimal."""
    return hashlib.sha256(canonical(body)).hexdigest()


def digest(chain: str, entry: JournalEntry, previous: bytes) -> bytes:
    """Return the hash that `entry` must have after `previous`."""
    moment = entry.recorded_at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds
    fields = [
        previous,
        chain.encode(),
        str(entry.seq).encode(),
        str(micros).encode(),
        entry.subject.encode(),
        entry.organisation.encode(),
        entry.event.encode(),
        entry.body.encode(),
        *([] if entry.rows is None else [entry.rows.encode()]),
    ]
    return hashlib.sha256(b"".join(len(f).to_bytes(8) + f for f in fields)).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain has come, as the database keeps it beside the entries."""

    seq: int
    hash: str


class Following:
    """How far the entries of a chain, given one after the other, follow from each other."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self.length = 0
        self.previous = START
        self.broken: int | None = None

    def take(self, entry: JournalEntry) -> bool:
        """Say whether the next entry follows; none is to be given after one that does not."""
        self.length += 1
        expected = digest(self.chain, entry, self.previous)
        links = entry.previous == self.previous.hex() and entry.hash == expected.hex()
        if entry.seq != self.length or not links:
            self.broken = self.length
            return False
        self.previous = expected
        return True

    def verification(self, head: Head | None) -> Verification:
        """Compare with the head, and say where, if anywhere, the chain does not hold."""
        faults = _faults(Head(self.length, self.previous.hex()), head, self.broken)
        broken = self.broken
        if broken is None and head is not None and head.seq > self.length:
            broken = self.length + 1
        return Verification(
            chain=self.chain,
            length=self.length,
            head=self.previous.hex(),
            holds=not faults,
            broken_at=broken,
            faults=faults,
            rows=[],
            uncovered=0,
        )


def verify(chain: str, kept: Iterable[JournalEntry], head: Head | None) -> Verification:
    """Recompute a chain, compare it with its head, and say where, if anywhere, it does not hold."""
    following = Following(chain)
    for entry in kept:
        if not following.take(entry):
            break
    return following.verification(head)


def _faults(reached: Head, head: Head | None, broken: int | None) -> list[ChainFault]:
    if broken is not None:
        en = f"Entry {broken} does not follow from the one before it."
        return [ChainFault(code="entry", en=en, zh=f"第{broken}条与前一条不相衔接。")]
    if head is None:
        if not reached.seq:  # nothing was ever recorded
            return []
        en = f"There are {reached.seq} entries, and no head that tells of them."
        zh = f"现有{reached.seq}条日志，但没有链头记录。"
        return [ChainFault(code="head-missing", en=en, zh=zh)]
    if head.seq > reached.seq:
        en = f"The head tells of {head.seq} entries, and there are {reached.seq}."
        zh = f"链头记录为{head.seq}条，现存{reached.seq}条。"
        return [ChainFault(code="entries-missing", en=en, zh=zh)]
    if head.seq < reached.seq:
        en = f"There are {reached.seq} entries, and the head tells of {head.seq}."
        zh = f"现存{reached.seq}条，链头记录只有{head.seq}条。"
        return [ChainFault(code="head-behind", en=en, zh=zh)]
    if head.hash != reached.hash:
        en = "The head tells another hash than the last entry has."
        return [ChainFault(code="head", en=en, zh="链头的哈希值与最后一条不一致。")]
    return []


async def verified(db: AsyncSession, chain: str) -> Verification:
    """Read a whole chain and verify it with its head; its rows are another question.

    By one statement: a command would see of two what others record in between, and take a head
    that has gone on for entries that are missing. Some thousand entries at a time: a chain may have
    a million, and others are to be answered meanwhile.
    """
    following, head = Following(chain), None
    driver = await driver_of(db, flush=False)
    async for row in driver.cursor(_WHOLE, chain, prefetch=_AT_A_TIME):
        if row["head_seq"] is not None:
            head = Head(row["head_seq"], row["head_hash"].hex())
        if row["seq"] is not None and not following.take(_kept(row)):
            break
    return following.verification(head)


_AT_A_TIME = 2_000
MOST_VERIFIED = 2
"""Chains that a process verifies at once: each takes a connection, for minutes if it is long."""
_PATIENT = "SET LOCAL statement_timeout = '10min'"
"""All rows of a long chain are compared by one statement."""
_WHOLE = """
    SELECT h.seq AS head_seq, h.hash AS head_hash, e.seq, e.recorded_at, e.subject, e.unit, e.event,
      e.body, e.rows, e.previous, e.hash
    FROM (SELECT $1::text AS chain) one
    LEFT JOIN journal_head h ON h.home = journal_home($1) AND h.chain = $1
    LEFT JOIN journal_entry e ON e.home = journal_home($1) AND e.chain = $1
    ORDER BY e.seq
    """


def _kept(row: Mapping[str, Any]) -> JournalEntry:
    """Return an entry of the database as it stands: to look at its types takes longer than all."""
    told = {name: row[name] for name in ("seq", "recorded_at", "subject", "event", "body", "rows")}
    hashes = {name: row[name].hex() for name in ("previous", "hash")}
    return JournalEntry.model_construct(organisation=row["unit"], **told, **hashes)


async def require_whole(db: AsyncSession, chain: str) -> None:
    """Refuse to go on if a chain does not hold."""
    found = await verified(db, chain)
    if not found.holds:
        raise StoredDataAltered(
            "The journal: " + " ".join(fault.en for fault in found.faults),
            "日志：" + "".join(fault.zh for fault in found.faults),
            chain=chain,
            broken_at=found.broken_at,
        )


async def record(
    session: AsyncSession,
    *,
    chain: str,
    caller: Caller,
    event: str,
    body: object,
    last: bool = True,
) -> Receipt | None:
    """Record a change in the session's transaction and return the receipt; none where the command
    is only checked. A chain that is of no part is that of the caller's realm (`realms.chain_of`).

    Writing to a chain locks its head until the commit. The command of a request therefore writes
    with the message that commits it, and its receipt is blank until the answer leaves; it may be
    shown there once. An entry that is not the `last` of its command is written at once.
    """
    if event not in session.info.get("events", {event}):
        raise RuntimeError(f"{event} is not among the events that the service declares")
    if session.info.get("checks"):  # others need not wait for a chain to which nothing is added
        return None
    if not is_part(chain):
        chain = realms.chain_of(realms.named_in(chain)[0], caller.realm)
    entry = (chain, caller.subject, caller.organisation or "", event, canonical(body).decode())
    if "blank" in session.info:
        raise RuntimeError("the last entry of this command is there already")
    if last and session.info.get("answers") is not None:
        source = f"journal_append({', '.join(map(sql_text, entry))})"
        session.info["blank"] = Blank(_BLANK, source, _FILLED)
        return _LATER.model_copy(update={"journal": session.info["service"], "chain": chain})
    written = await (await driver_of(session)).fetchrow(
        "SELECT seq, hash, recorded_at FROM journal_append($1, $2, $3, $4, $5)", *entry
    )
    return Receipt(
        journal=session.info["service"],
        chain=chain,
        seq=written["seq"],
        hash=written["hash"].hex(),
        recorded_at=written["recorded_at"],
    )


# With a hash that nobody can know: an answer may repeat what its caller sent.
_LATER = Receipt(
    journal="",
    chain="",
    seq=0,
    hash=secrets.token_hex(),
    recorded_at=datetime.fromtimestamp(0, tz=UTC),
)
_BLANK = _LATER.model_dump_json(include={"seq", "hash", "recorded_at"})[1:-1].encode()

# In one line: the log of the server shows no more of a message.
_FILLED = (
    """concat('"seq":', seq, ',"hash":"', encode(hash, 'hex'), '","recorded_at":"', """
    """to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"')"""
)


def _entry(row: Any) -> JournalEntry:  # noqa: ANN401 - a row of the database
    values = row._mapping
    texts = {name: values[name].hex() for name in ("previous", "hash")}
    return JournalEntry.model_validate({**values, **texts})


def router(service: str) -> Router:
    """Return the routes through which a service's journal is read and verified."""
    routes = Router(f"/journals/{service}", tags=["journals"])
    places = asyncio.Semaphore(MOST_VERIFIED)

    @routes.get("/chains/{chain}", name=f"read_{service}_chain")
    async def read_chain(
        chain: str, page: PageQuery, db: Snapshot, permit: Permit
    ) -> Page[JournalEntry]:
        """Give the entries of a chain in their order."""
        kept = chain if permit.within_chain(chain) else _NO_CHAIN
        # Some read who read what, and nothing of what that was.
        permit.require({LOG_OF_READS} if realms.named_in(chain)[0] == READS else ())
        rows = await db.execute(
            sa.select(entries)
            .where(*of_chain(kept), entries.c.seq > page.after_number)
            .order_by(entries.c.seq)
            .limit(page.limit + 1)
        )
        return Page.of([_entry(row) for row in rows], page.limit, lambda entry: str(entry.seq))

    @routes.get(
        "/chains/{chain}/verification",
        name=f"verify_{service}_chain",
        responses=documents(VerifyingBusy),
    )
    async def verify_chain(chain: str, db: Snapshot, permit: Permit) -> Verification:
        """Recompute a chain from its first entry, and compare its head and all its rows."""
        kept = chain if permit.within_chain(chain) else _NO_CHAIN
        # How many entries there are tells a competitor what others did.
        permit.require({UNAFFILIATED} if permit.caller.organisation is None else ())
        if places.locked():
            raise VerifyingBusy(
                f"{MOST_VERIFIED} are being verified.", f"正在核验{MOST_VERIFIED}条日志链。"
            )
        async with places:
            await (await driver_of(db)).execute(_PATIENT)
            found = await verified(db, kept)
            rows, uncovered = await differences(db, kept)
        said = {"chain": chain, "holds": found.holds and not rows}
        return found.model_copy(update={"rows": rows, "uncovered": uncovered, **said})

    @routes.get("/heads", name=f"read_{service}_heads")
    async def read_heads(page: PageQuery, db: Snapshot, permit: Permit) -> Page[ChainHead]:
        """Say how far each chain has come, for a checkpoint of all journals."""
        # How many entries there are tells a competitor what others did.
        permit.require({UNAFFILIATED} if permit.caller.organisation is None else ())
        query = sa.select(heads).where(heads.c.chain > (page.after or ""), heads.c.seq > 0)
        query = query.where(is_chain_of(heads.c.chain, permit.caller.realm))
        rows = (await db.execute(query.order_by(heads.c.chain).limit(page.limit + 1))).all()
        found = [ChainHead(chain=r.chain, seq=r.seq, hash=r.hash.hex()) for r in rows]
        return Page.of(found, page.limit, lambda each: each.chain)

    @routes.get(
        "/receipts/{hash}", name=f"check_{service}_receipt", responses=documents(NoSuchReceipt)
    )
    async def check_receipt(hash: str, db: Snapshot, permit: Permit) -> Receipt:
        """Say that the entry of a receipt is in the journal; its content stays there."""
        known = bytes.fromhex(hash) if len(hash) == 64 and _is_hex(hash) else b""
        row = (
            await db.execute(
                sa.select(entries.c.chain, entries.c.seq, entries.c.recorded_at).where(
                    entries.c.hash == known
                )
            )
        ).one_or_none()
        if row is None or not permit.within_chain(row.chain):
            raise NoSuchReceipt("No entry has this hash.", "没有这个哈希值的日志条目。")
        return Receipt(journal=service, hash=hash, **row._mapping)

    return routes


_NO_CHAIN = ""
"""A chain in which nothing was ever recorded: so another realm's is read."""


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdef" for c in text)
