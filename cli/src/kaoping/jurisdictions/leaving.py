"""A jurisdiction goes out into a folder: its rows, journals and files, and what vouches for it.

Of each database one instant is read. Where something of it was recorded meanwhile, so that the five
are not of one instant, nothing is left behind, and the fault says so.
"""

import asyncio
import hashlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import asyncpg

from chassis.realms import is_realm
from kaoping import verify_journals
from kaoping.backups import journals
from kaoping.backups.faults import BackupFault
from kaoping.backups.making import answering
from kaoping.jurisdictions.owning import TABLES, Table, owned, read
from kaoping.system import NAMES
from postgres_supervisor import Postgres

FORMAT = "kaoping-jurisdiction/1"
MANIFEST = "manifest.json"
FILES = {"evidence": "scoring", "complaint-keys": "scoring", "linked-keys": "ranking"}
"""Folders of a system whose files rows of a database name."""
_PIECE = 1 << 20
_NAMED = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

REGISTERED = """
    SELECT j.code, j.name_zh, j.name_en, j.superior, j.founded_on::text
    FROM jurisdiction j JOIN jurisdiction_confirmation USING (code) WHERE j.code = $1
"""
_CONTENTS = """
    SELECT digest FROM evidence WHERE {0}
    UNION SELECT copy_digest FROM evidence WHERE copy_digest IS NOT NULL AND {0} ORDER BY 1
"""
_CLOSED = "SELECT true FROM jurisdiction_closing_confirmation WHERE jurisdiction = $1"


@dataclass(frozen=True)
class Left:
    """What went out: how many rows, entries of journals and files, and the digest of the manifest,
    which stands for all of it; and the digests of evidence that is on record and was not there."""

    rows: int
    entries: int
    files: int
    digest: str
    lost: tuple[str, ...]


Parts = Mapping[str, asyncpg.Connection]


def leave(var: Path, code: str, folder: Path, *, closed: bool = False) -> Left:
    """Write a jurisdiction of the system in `var` into a folder that there is not yet; only where
    it is `closed`, if that is wanted."""
    require_code(code)
    partial = folder.with_name(f"{folder.name}.partial")
    if folder.exists():
        raise BackupFault(f"{folder} is there already", f"{folder} 已存在")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    try:
        with answering(var) as postgres:
            revisions = journals.revisions(postgres, NAMES)
            told = asyncio.run(_leave(postgres, code, partial, var, closed=closed))
        left = _finish(partial, var, told | {"revisions": revisions})
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return left


def require_code(code: str) -> None:
    """Refuse what is no code of a jurisdiction: it stands in statements."""
    if not is_realm(code):
        raise BackupFault(f"{code} is no division code", f"{code} 不是行政区划代码")


async def _leave(
    postgres: Postgres, code: str, folder: Path, var: Path, *, closed: bool
) -> dict[str, Any]:
    async with connected(postgres) as parts:
        register = await _registered(parts, code, closed=closed)
        async with _at_one_instant_each(parts):
            tables = {name: await _rows(name, db, code, folder) for name, db in parts.items()}
            heads = await _heads(parts, code)
            entries = sum([await _entries(n, db, heads[n], folder) for n, db in parts.items()])
            lost = await _without_content(parts["scoring"], code, var)
        if heads != await _heads(parts, code):
            raise BackupFault(
                f"something of {code} was recorded meanwhile; close it first, or stop the system",
                f"导出期间辖区 {code} 有新的记录；请先停用，或停止系统后再导出",
            )
    told = {"jurisdiction": register, "tables": tables, "heads": heads, "entries": entries}
    return told | {"lost": lost}


async def _registered(parts: Parts, code: str, *, closed: bool) -> dict[str, Any]:
    """Return how a jurisdiction is registered; refuse one that is not, or not closed."""
    found = await parts["indicators"].fetchrow(REGISTERED, code)
    if found is None:
        raise BackupFault(f"{code} is not confirmed here", f"{code} 未在此处登记并确认")
    if closed and not await parts["gateway"].fetchval(_CLOSED, code):
        raise BackupFault(f"{code} is not closed", f"辖区 {code} 尚未停用")
    return dict(found)


@asynccontextmanager
async def _at_one_instant_each(parts: Parts) -> AsyncIterator[None]:
    """Read each database as it is at one instant."""
    begun = [each.transaction(isolation="repeatable_read") for each in parts.values()]
    for each in begun:
        await each.start()
    yield
    for each in begun:
        await each.rollback()


async def _heads(parts: Parts, code: str) -> dict[str, list[list[Any]]]:
    return {name: await heads_of(db, code) for name, db in parts.items()}


@asynccontextmanager
async def connected(postgres: Postgres) -> AsyncIterator[Parts]:
    """Give a connection to each database."""
    found = dict[str, asyncpg.Connection]()
    try:
        for name in NAMES:
            found[name] = await asyncpg.connect(postgres.url(name), ssl=False)
        yield found
    finally:
        for each in found.values():
            await each.close()


async def tables_of(db: asyncpg.Connection) -> list[Table]:
    """Return the tables of a database."""
    rows = await db.fetch(TABLES)
    return read(rows, [json.loads(row["leads"] or "[]") for row in rows])


async def _rows(
    part: str, db: asyncpg.Connection, code: str, folder: Path
) -> dict[str, dict[str, Any]]:
    """Write the rows of each table; return the columns and how many there are."""
    into, found = folder / "rows" / part, dict[str, dict[str, Any]]()
    into.mkdir(parents=True)
    known = {table.name: table for table in await tables_of(db)}
    for name, condition in owned([*known.values()], code).items():
        table = known[name]
        columns = ", ".join(f'"{each}"' for each in table.columns)
        order = ", ".join(f'"{each}"' for each in table.key)
        question = f'SELECT {columns} FROM "{name}" WHERE {condition} ORDER BY {order}'  # noqa: S608 - names of the catalogue
        path = into / f"{name}.copy"
        done = await db.copy_from_query(question, output=path, format="text")
        found[name] = {"columns": table.columns, "rows": int(done.split()[-1])}
        if not found[name]["rows"]:
            path.unlink()
    return found


HEADS = "SELECT chain, seq, encode(hash, 'hex') FROM journal_head WHERE seq > 0 AND {} ORDER BY 1"
_ENTRIES = """
    SELECT seq, recorded_at, subject, unit, event, body, rows, encode(previous, 'hex') AS previous,
      encode(hash, 'hex') AS hash
    FROM journal_entry WHERE home = journal_home($1) AND chain = $1 ORDER BY seq
"""


async def heads_of(db: asyncpg.Connection, code: str) -> list[list[Any]]:
    """Return how far each chain of a jurisdiction has come."""
    condition = owned(await tables_of(db), code)["journal_head"]
    return [list(row) for row in await db.fetch(HEADS.format(condition))]


async def _without_content(db: asyncpg.Connection, code: str, var: Path) -> list[str]:
    """Return the digests of a jurisdiction's evidence by which no file is called."""
    condition = owned(await tables_of(db), code)["evidence"]
    there = {path.name for path in files_in(var / "evidence")}
    rows = await db.fetch(_CONTENTS.format(condition))
    return [digest for (digest,) in rows if digest not in there]


async def _entries(
    part: str, db: asyncpg.Connection, heads: Sequence[Sequence[Any]], folder: Path
) -> int:
    """Write the entries of every chain as an auditor reads them; return how many there are."""
    into, number = folder / "journals" / part, 0
    into.mkdir(parents=True)
    for chain, *_ in heads:
        with (into / f"{quote(chain, safe='')}.jsonl").open("w", encoding="utf-8") as file:
            async for row in db.cursor(_ENTRIES, chain, prefetch=2_000):
                told = {**row, "recorded_at": row["recorded_at"].astimezone(UTC).isoformat()}
                file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
                number += 1
    return number


def _finish(folder: Path, var: Path, told: Mapping[str, Any]) -> Left:
    """Add the files, the checkpoints and the program that verifies, and say what there is."""
    files = sum(_bring(var / name, folder / name, folder, part) for name, part in FILES.items())
    (folder / "receipts").mkdir()
    if (var / "checkpoints").is_dir():
        shutil.copytree(var / "checkpoints", folder / "checkpoints")
    shutil.copyfile(verify_journals.__file__, folder / Path(verify_journals.__file__).name)
    digests = {str(path.relative_to(folder)): digest_of(path) for path in files_in(folder)}
    made = {"version": installed("kaoping"), "made_at": datetime.now(UTC).isoformat()}
    said = {"format": FORMAT, **made, **told, "files": digests}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    rows = sum(of["rows"] for part in told["tables"].values() for of in part.values())
    return Left(rows, told["entries"], files, digest_of(folder / MANIFEST), tuple(told["lost"]))


def _bring(source: Path, into: Path, folder: Path, part: str) -> int:
    """Copy the files that the rows of a part name: evidence by its digest, keys by an id."""
    there = {_name(path): path for path in files_in(source)}
    named = {each for path in (folder / "rows" / part).glob("*.copy") for each in _names_in(path)}
    wanted = there.keys() & named
    for name in wanted:
        target = into / there[name].relative_to(source)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(there[name], target)  # a key is for its owner alone there, too
    return len(wanted)


def _name(path: Path) -> bytes:
    """Return what rows call a file."""
    if path.suffix == ".key":
        return str(UUID(path.stem)).encode()
    return path.name.encode()


def _names_in(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        for line in lines:
            yield from _NAMED.findall(line)


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it."""
    return sorted(each for each in folder.rglob("*") if each.is_file())


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
