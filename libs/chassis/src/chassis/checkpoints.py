"""Checkpoints: how far all journals had come at a moment, signed outside of every database.

A journal that is recomputed after a change, cut, or restored from an older backup agrees with
itself. It does not agree with a checkpoint that was made before: a signed text which says of each
chain of each part how many entries it had and what the hash of the last one was. The texts are
files that no database can read or write, numbered without a gap; each holds the digest of the one
before it, so that none can be taken out or put in between.

A part that is told where they are does not start on a database that is behind the newest one. After
a restore that was meant, a checkpoint of the kind `restoration` says so: whose, back to which
earlier one, why, and by which two people.
"""

import asyncio
import base64
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import sm2
from chassis.journal import entries
from chassis.refusals import Unavailable
from chassis.wire import Outgoing

Kind = Literal["checkpoint", "restoration"]
ALGORITHMS = ("Ed25519", sm2.ALGORITHM)
"""By which they may be signed; one row may hold some of each."""
LONGEST = 100_000_000
"""Bytes of what one says: more than half a million chains."""


class Registry(jws.JWSRegistry):
    """How long they may be: the library takes no more than a thousand chains by itself."""

    max_payload_length = LONGEST


_REGISTRY = Registry(algorithms=ALGORITHMS)
_NO_SUCH_TABLE = "42P01"
KEYS = "keys.json"
"""The public halves of the keys that checkpoints are signed with, beside them (RFC 7517)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one chain had come: the number and the hash of its last entry."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one checkpoint says, and the SHA-256 of its signed text in hexadecimal.

    `heads` are by part; a part that did not answer is `missing`. One of the kind `restoration` has
    none: it says that the parts in `of` were taken back to the checkpoint `back_to`, why, and `by`
    whom. `previous` is the digest of the one before it.
    """

    number: int
    kind: Kind
    made_at: datetime
    previous: str | None
    heads: Mapping[str, Sequence[Mark]]
    missing: Sequence[str]
    of: Sequence[str]
    back_to: int | None
    reason: str | None
    by: Sequence[str]
    digest: str


class NamedCheckpoint(Outgoing):
    """The checkpoint that was the newest when something was made.

    Whoever holds its digest, on paper or in a file, shows later that nothing which any journal told
    of by then was changed since.
    """

    number: int
    made_at: datetime
    digest: str


class CheckpointsBroken(Unavailable):
    """The checkpoints are not the row of signed texts that was made."""

    zh = "检查点不完整或已被改动。"
    remedy = (
        "Put back the checkpoints as they were made; the message names the first that is not.",
        "请恢复原有检查点文件；首个有误的见说明。",
    )


class DatabaseBehind(Unavailable):
    """The database is not the one of the newest checkpoint: older than it, or altered since."""

    zh = "数据库早于最近的检查点，或其后已被改动。"
    remedy = (
        "Restore the newest backup. After a restore that was meant, two people say so with "
        "`python -m gateway.restoration`.",
        "请恢复最新备份；确需恢复较早备份的，由两人以 `python -m gateway.restoration` 说明后启动。",
    )


def name_of(number: int) -> str:
    """Return the name of the file of a checkpoint: in the order of the numbers for any listing."""
    return f"{number:08d}.jws"


def digest_of(signed: str) -> str:
    """Return the SHA-256 of a signed text in hexadecimal, by which others refer to it."""
    return hashlib.sha256(signed.encode()).hexdigest()


def stated(signed: str) -> Checkpoint:
    """Return what a signed text says, without looking at its signature."""
    payload = signed.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    heads = {
        part: [Mark(sys.intern(chain), seq, hashed) for chain, seq, hashed in marks]
        for part, marks in said.pop("heads").items()
    }
    made_at = datetime.fromisoformat(said.pop("made_at"))
    return Checkpoint(**said, heads=heads, made_at=made_at, digest=digest_of(signed))


def read_all(directory: Path) -> list[Checkpoint]:
    """Return all checkpoints of a folder in their order; refuse a row that has a gap, or in which a
    text is not signed by a key of the folder or does not follow from the one before it."""
    paths = sorted(directory.glob("*.jws"))
    keys, by = _keys(directory) if paths else (KeySet([]), None)
    found: list[Checkpoint] = []
    for number, path in enumerate(paths, start=1):
        if path.name != name_of(number):
            raise _broken(number, "is missing", "缺失")
        each = _read(number, path, keys, by)
        if each.number != number or each.previous != (found[-1].digest if found else None):
            raise _broken(number, "does not follow from the one before it", "与前一个不相衔接")
        found.append(each)
    return found


def _read(number: int, path: Path, keys: KeySet, by: object) -> Checkpoint:
    """Return what a text says; one that lies there as it was verified is not read again."""
    lies, known = _as_it_lies(path), _VERIFIED.get(path)
    if known is not None and None not in (lies, by) and known[0] == (lies, by):
        return known[1]
    signed = path.read_text("utf-8")
    try:
        _require_library(number, signed)
        jws.deserialize_compact(signed, keys, registry=_REGISTRY)
        each = stated(signed)
    except (JoseError, ValueError, KeyError, TypeError, IndexError) as error:
        raise _broken(number, "is not signed as it stands", "签名不符") from error
    if len(_VERIFIED) >= _MOST_VERIFIED:
        _VERIFIED.clear()
    _VERIFIED[path] = (lies, by), each
    return each


_MOST_VERIFIED = 10_000
_VERIFIED: dict[Path, tuple[object, Checkpoint]] = {}
"""By path what was verified, and how it lay there: a row of years is read with every page of it,
and by every part once a minute."""
_SETTLED = 2.0


def _as_it_lies(path: Path) -> object:
    """Return what no write leaves as it is; None of a file that was written just now, because a
    clock may not tell two writes apart."""
    told = path.stat()
    is_settled = time.time() - told.st_ctime > _SETTLED
    return (told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns) if is_settled else None


async def newest(directory: Path | None, until: datetime | None = None) -> NamedCheckpoint | None:
    """Return the newest checkpoint, of those made `until` a moment; None where there is none, and
    where the service is told of no folder. Refuse a row that was altered."""
    if directory is None:
        return None
    found = await asyncio.to_thread(read_all, directory)
    for each in reversed(found):
        if until is None or each.made_at <= until:
            told = {"number": each.number, "made_at": each.made_at, "digest": each.digest}
            return NamedCheckpoint.model_validate(told)
    return None


def _keys(directory: Path) -> tuple[KeySet, object]:
    """Return the keys of a folder, and how they lay there before they were read."""
    path = directory / KEYS
    try:
        lay = _as_it_lies(path)
        return sm2.Keys.import_key_set(json.loads(path.read_text("utf-8"))), lay
    except (OSError, ValueError, JoseError) as error:
        raise CheckpointsBroken("Their keys cannot be read.", "无法读取检查点公钥。") from error


def _require_library(number: int, signed: str) -> None:
    """Tell a text that cannot be verified here from one that was altered."""
    if (
        sm2.is_here()
        or extract_compact(signed.encode(), registry=_REGISTRY).protected["alg"] != sm2.ALGORITHM
    ):
        return
    raise CheckpointsBroken(
        f"Checkpoint {number} is signed by SM2, and the library for it is not installed.",
        f"第{number}个检查点以 `SM2` 签名，未安装核验所需组件。",
    )


def _broken(number: int, en: str, zh: str) -> CheckpointsBroken:
    return CheckpointsBroken(f"Checkpoint {number} {en}.", f"第{number}个检查点{zh}。")


def marks_to_reach(part: str, found: Sequence[Checkpoint]) -> tuple[int, Sequence[Mark]] | None:
    """Return the checkpoint behind which a part's database must not be, and its marks; None where
    there is none.

    That is the newest one which tells of the part, or, where the part was taken back later than
    that, the one which it was taken back to, or an earlier one that tells of it.
    """
    allowed = len(found)
    for each in reversed(found):
        if each.number > allowed:
            continue
        if each.kind == "restoration":
            if part in each.of and each.back_to is not None:
                allowed = min(allowed, each.back_to)
        elif part in each.heads:
            return each.number, each.heads[part]
    return None


def behind(marks: Iterable[Mark], kept: Mapping[tuple[str, int], str]) -> list[Mark]:
    """Return the marks at which the journal has no such entry: it was cut, or is another.

    `kept` are the hashes of entries by chain and number.
    """
    return [each for each in marks if kept.get((each.chain, each.seq)) != each.hash]


async def require_not_behind(
    sessions: async_sessionmaker[AsyncSession], part: str, directory: Path
) -> None:
    """Refuse to go on with a database that has not all that the newest checkpoint tells of."""
    found = marks_to_reach(part, await asyncio.to_thread(read_all, directory))
    if found is None:
        return
    number, marks = found
    try:
        async with sessions() as db:
            missing = behind(marks, await _kept(db, marks))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_SUCH_TABLE:
            raise
        missing = list(marks)
    if missing:
        first = missing[0]
        raise DatabaseBehind(
            f"Checkpoint {number} tells of entry {first.seq} of {first.chain} in {part}, which the "
            f"database does not have as it was.",
            f"第{number}个检查点载有{part}日志链{first.chain}的第{first.seq}条，数据库中没有，或与当时不同。",
        )


async def _kept(db: AsyncSession, marks: Sequence[Mark]) -> dict[tuple[str, int], str]:
    wanted = sa.func.unnest(
        sa.literal([each.chain for each in marks], sa.ARRAY(sa.Text())),
        sa.literal([each.seq for each in marks], sa.ARRAY(sa.BigInteger())),
    ).table_valued(sa.column("chain", sa.Text), sa.column("seq", sa.BigInteger))
    wanted = wanted.render_derived(name="wanted")
    query = sa.select(entries.c.chain, entries.c.seq, entries.c.hash).join(
        wanted, sa.and_(entries.c.chain == wanted.c.chain, entries.c.seq == wanted.c.seq)
    )
    return {(row.chain, row.seq): row.hash.hex() for row in await db.execute(query)}
