"""Checkpoints of all journals: asked of the parts, signed with a key of their own, kept as files.

The key signs nothing else, is made at the first start, and lies where neither a database nor a
service reads it. Parts are told where the checkpoints are, and do not start on a database that is
behind them (`chassis.checkpoints`).
"""

import asyncio
import fcntl
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from joserfc import jws
from joserfc.jwk import Key
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import checkpoints, journal, logs, metrics, suites
from chassis.checkpoints import Checkpoint, Mark
from chassis.persons import are_two
from chassis.refusals import Conflict
from gateway import keys
from gateway.asking import Services
from gateway.documents import SERVICES

ITSELF = "gateway"
_PAGE = 200
_MOST_PAGES = 500
_PATIENCE = timedelta(hours=1)
_TURN = "making.lock"
_AGAIN = 0.05
FAILURES = metrics.counter("checkpoint_failures", "Daily checkpoints that could not be made.")

Heads = Mapping[str, list[Mark]]
Told = Mapping[str, str]
"""The headers by which services know who asks."""


class JournalsBehind(Conflict):
    """A journal is not as far as the newest checkpoint says: it was cut, or is another."""

    zh = "日志少于最近检查点所载，或已不是同一日志。"
    remedy = (
        "Verify that journal against its checkpoints; find out who changed or restored its "
        "database. After a restore that was meant, two people say so.",
        "请以检查点核验该日志，查明数据库由谁改动或恢复；确需恢复的，须由两人说明。",
    )


class Checkpoints:
    """The checkpoints in one folder, and the keys that sign them in another; all processes of the
    gateway share both."""

    def __init__(
        self, directory: Path, signing: Path, suite: suites.Name = "international"
    ) -> None:
        self._directory, self._signing = directory, signing
        algorithm: keys.Algorithm = "SM2" if suite == "sm" else "Ed25519"
        # Its public half is beside the texts before it signs: nobody has to wait for anybody.
        self._ring = keys.KeyRing(signing, algorithm, settled=0)

    def ensure(self) -> None:
        """Make folder and key if there are none, and publish the public half beside the texts."""
        self._directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._ring.ensure()
        with self._alone():
            _written(self._directory / checkpoints.KEYS, json.dumps(self._ring.published()))

    def published(self) -> dict[str, Any]:
        """Return the public halves of the keys as a JWK set (RFC 7517, 5)."""
        return self._ring.published()

    def all(self) -> list[Checkpoint]:
        """Return all checkpoints in their order; refuse a row that was altered."""
        return checkpoints.read_all(self._directory)

    def signed(self, number: int) -> str:
        """Return the signed text of a checkpoint that there is."""
        return (self._directory / checkpoints.name_of(number)).read_text("utf-8")

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Have it alone that parts are asked, of all processes that share the keys; False where
        another is at it. Who was told earlier and writes later would have journals go back."""
        held = os.open(self._signing / _TURN, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield _is_first(held)
        finally:
            os.close(held)

    def add(self, heads: Heads, missing: Sequence[str], made_at: datetime) -> Checkpoint:
        """Sign what the parts said and keep it; refuse where a journal went back since the last."""
        with self._alone():
            found = self.all()
            for part, marks in heads.items():
                _refuse_behind(part, marks, found)
            said = {"kind": "checkpoint", "heads": _listed(heads), "missing": list(missing)}
            return self._kept(found, made_at, {**said, **_NO_RESTORATION})

    def restore(
        self, of: Sequence[str], back_to: int, reason: str, by: Sequence[str], made_at: datetime
    ) -> Checkpoint:
        """Sign that parts were taken back to an earlier checkpoint, why, and by which two people;
        refuse one person, an unknown part, and a checkpoint that there is not."""
        with self._alone():
            found = self.all()
            if not are_two(by):
                raise ValueError("two people are wanted")
            if unknown := sorted({*of} - {*SERVICES, ITSELF}):
                raise ValueError(f"these are no parts: {', '.join(unknown)}")
            if not of or not reason.strip() or not 0 <= back_to <= len(found):
                raise ValueError("parts, a reason and a checkpoint that there is are wanted")
            said = {"kind": "restoration", "heads": {}, "missing": [], "of": sorted({*of})}
            told = {**said, "back_to": back_to, "reason": reason, "by": list(by)}
            return self._kept(found, made_at, told)

    def _kept(
        self, found: Sequence[Checkpoint], made_at: datetime, said: Mapping[str, Any]
    ) -> Checkpoint:
        number, previous = len(found) + 1, found[-1].digest if found else None
        whole = {"number": number, "previous": previous, "made_at": made_at.isoformat()}
        payload = journal.canonical({**whole, **said})
        signed = _signed(payload, self._ring.newest())
        _written(self._directory / checkpoints.name_of(number), signed)
        return checkpoints.stated(signed)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        held = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
            os.fsync(held)
        finally:
            os.close(held)


def _is_first(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_NO_RESTORATION: dict[str, Any] = {"of": [], "back_to": None, "reason": None, "by": []}


def _listed(heads: Heads) -> dict[str, list[list[str | int]]]:
    return {part: [[m.chain, m.seq, m.hash] for m in marks] for part, marks in heads.items()}


def _signed(payload: bytes, key: Key) -> str:
    algorithm = str(key.alg)
    header = {"alg": algorithm, "kid": key.kid}
    return jws.serialize_compact(header, payload, key, [algorithm])


def _written(path: Path, text: str) -> None:
    """Write a file that is whole or not there, also when the machine stops."""
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def _refuse_behind(part: str, marks: Sequence[Mark], found: Sequence[Checkpoint]) -> None:
    before = checkpoints.marks_to_reach(part, found)
    if before is None:
        return
    now = {each.chain: each for each in marks}
    for each in before[1]:
        present = now.get(each.chain)
        if present is None or present.seq < each.seq:
            raise _behind(part, each, before[0])
        if present.seq == each.seq and present.hash != each.hash:
            raise _behind(part, each, before[0])


def _behind(part: str, mark: Mark, number: int) -> JournalsBehind:
    return JournalsBehind(
        f"Checkpoint {number} tells of entry {mark.seq} of {mark.chain} in {part}, which is not "
        "there as it was.",
        f"第{number}个检查点载有{part}日志链{mark.chain}的第{mark.seq}条，现已没有或与当时不同。",
        part=part,
        chain=mark.chain,
        seq=mark.seq,
    )


class Notary:
    """Has checkpoints made: asks all parts how far their journals have come, and signs that.

    A part that does not answer is named as missing; the daily one waits for it an hour long.
    Between two answers others go on recording: each chain is as it was at a moment of its own.
    """

    def __init__(
        self,
        kept: Checkpoints,
        services: Services,
        sessions: async_sessionmaker[AsyncSession],
        clock: Callable[[], datetime],
    ) -> None:
        self.kept = kept
        self._services = services
        self._sessions = sessions
        self._clock = clock
        self._due_since: datetime | None = None

    async def make(self, told: Told) -> Checkpoint:
        """Make a checkpoint, asking the parts with these headers."""
        async with self._turn():
            return await self._made(await self._asked(told))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until nobody else makes one; whoever asked for it has a time limit."""
        while True:
            with self.kept.turn() as is_ours:
                if is_ours:
                    yield
                    return
            await asyncio.sleep(_AGAIN)

    async def _asked(self, told: Told) -> Heads:
        answers = await asyncio.gather(*(self._heads(service, told) for service in SERVICES))
        heads = {ITSELF: await self._own()}
        return heads | {s: e for s, e in zip(SERVICES, answers, strict=True) if e is not None}

    async def _made(self, heads: Heads) -> Checkpoint:
        missing = _missing(heads)
        made = await asyncio.to_thread(self.kept.add, heads, missing, self._clock())
        logs.say("checkpoint", seq=made.number)
        return made

    async def make_daily(self, told: Callable[[], Told], seconds: float, looks: float) -> None:
        """Make one whenever the newest is older than so many seconds, looking ever so often."""
        while True:
            await asyncio.sleep(looks)  # first of all: the parts start as well
            try:
                with self.kept.turn() as is_ours:
                    if is_ours:  # else another process is at it
                        await self._make_if_due(told, seconds)
            except Exception as error:  # it is tried again, and the log says that it failed
                FAILURES.inc()
                logs.failed(error)

    async def _make_if_due(self, told: Callable[[], Told], seconds: float) -> None:
        age, due = await self._age(), timedelta(seconds=seconds)
        if age is not None and age < due:
            self._due_since = None
            return
        waited = max(self._waited(), timedelta(0) if age is None else age - due)
        heads = await self._asked(told())
        if waited >= _PATIENCE or not _missing(heads):
            await self._made(heads)

    def _waited(self) -> timedelta:
        """Return for how long one has been due, as far as this process knows: where there is none
        yet, or the newest is of the future, its age does not tell."""
        now = self._clock()
        if self._due_since is None or self._due_since > now:
            self._due_since = now
        return now - self._due_since

    async def _age(self) -> timedelta | None:
        """Return how old the newest is; None where there is none, and where it is of the future:
        a clock was ahead, and nobody waits until it would be due by that."""
        found = await asyncio.to_thread(self.kept.all)
        made = [each for each in found if each.kind == "checkpoint"]
        age = self._clock() - made[-1].made_at if made else None
        if age is None or age >= timedelta(0):
            return age
        logs.say("checkpoint-of-the-future", seq=made[-1].number)
        return None

    async def _own(self) -> list[Mark]:
        h = journal.heads.c
        async with self._sessions() as db:
            rows = await db.execute(select(h.chain, h.seq, h.hash).where(h.seq > 0))
            return sorted(
                (Mark(row.chain, row.seq, row.hash.hex()) for row in rows), key=lambda m: m.chain
            )

    async def _heads(self, service: str, told: Told) -> list[Mark] | None:
        """Return the heads of a part's journal, None where it does not answer."""
        found: list[Mark] = []
        target, after = f"/api/v1/journals/{service}/heads?limit={_PAGE}", ""
        for _ in range(_MOST_PAGES):
            beyond = f"&after={quote(after, safe='')}" if after else ""
            page = (await self._services.ask(ITSELF, service, target + beyond, told)).document
            try:
                found += [Mark(each["chain"], each["seq"], each["hash"]) for each in page["items"]]
                after = page["next"]
            except (KeyError, TypeError):  # it said nothing, or nothing that can be understood
                return None
            if not after:
                return found
        return None


def _missing(heads: Heads) -> list[str]:
    return [service for service in SERVICES if service not in heads]


def now() -> datetime:
    """Return the moment by the clock of the machine: what is signed says when by no database."""
    return datetime.now(UTC)
