"""A jurisdiction that left another installation arrives in this one: with the ids that it had.

Two people have registered it here before. All that the folder holds is verified first: every byte,
every entry of its journals, and what checkpoints of where it was say of them. Then its rows are
added, each database in one transaction, held against the journals there, and committed together
once its files lie there. Where that is cut off, the same command again completes it.
"""

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from kaoping import verify_journals
from kaoping.backups import journals
from kaoping.backups.faults import BackupFault
from kaoping.backups.making import answering
from kaoping.jurisdictions.leaving import (
    FILES,
    FORMAT,
    MANIFEST,
    REGISTERED,
    Left,
    connected,
    digest_of,
    files_in,
    heads_of,
    require_code,
    tables_of,
)
from kaoping.jurisdictions.owning import Table, owned
from kaoping.system import NAMES
from postgres_supervisor import Postgres

Manifest = Mapping[str, Any]


def arrive(folder: Path, var: Path) -> Left:
    """Add the jurisdiction of a folder to the system in `var`; return what came."""
    manifest = verified(folder)
    code = manifest["jurisdiction"]["code"]
    with answering(var) as postgres:
        found = journals.revisions(postgres, NAMES)
        if found != manifest["revisions"]:
            raise BackupFault(
                "it left a system of another version: bring both to the same one first",
                "来源系统版本不同，请先将两个系统升级到同一版本",
            )
        files = asyncio.run(_arrive(postgres, folder, manifest, code, var))
    rows = sum(of["rows"] for part in manifest["tables"].values() for of in part.values())
    digest, lost = digest_of(folder / MANIFEST), tuple(manifest["lost"])
    return Left(rows, manifest["entries"], files, digest, lost)


def verified(folder: Path) -> Manifest:
    """Return what a folder says of itself, once all of it is as it was written and its journals
    hold."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files, code = dict(said["files"]), str(said["jurisdiction"]["code"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupFault(f"{folder} holds no jurisdiction", f"{folder} 不是辖区导出") from error
    if said.get("format") != FORMAT:
        told = said.get("format")
        raise BackupFault(f"its format is {told}, not {FORMAT}", f"格式为 {told}，应为 {FORMAT}")
    require_code(code)
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or digest_of(path) != digest:
            raise BackupFault(f"{name}: it is not as it was written", f"{name}：与导出时不一致")
    for name in _brought(folder):
        if name not in files:
            raise BackupFault(f"{name}: it was not written there", f"{name}：不是导出的文件")
    if wrong := verify_journals.verify(folder, None, {}, code):
        raise BackupFault("; ".join(wrong[:5]), "；".join(wrong[:5]))
    return said


def _brought(folder: Path) -> Iterator[str]:
    """Yield the names of all files in a folder that are read or taken along."""
    for name in ("rows", "journals", "checkpoints", *FILES):
        yield from (str(path.relative_to(folder)) for path in files_in(folder / name))


async def _arrive(
    postgres: Postgres, folder: Path, manifest: Manifest, code: str, var: Path
) -> int:
    """Add rows and files; return how many files there are."""
    async with connected(postgres) as parts:
        if await parts["indicators"].fetchrow(REGISTERED, code) is None:
            raise BackupFault(
                f"{code} is not registered here: two system administrators do that first",
                f"{code} 未在此处登记并确认，请先由两名系统管理员办理",
            )
        begun = [each.transaction() for each in parts.values()]
        for each in begun:
            await each.start()
        for name, db in parts.items():
            await _add(name, db, folder, manifest, code)
        # Of what is refused nothing lies here, and nothing that is kept lacks its files.
        files = sum(bring(folder / name, var / name) for name in FILES)
        for each in begun:
            await each.commit()
    return files


async def _add(
    part: str, db: asyncpg.Connection, folder: Path, manifest: Manifest, code: str
) -> None:
    """Add the rows of a part, unless all of them are there from an attempt that was cut off."""
    told, heads = manifest["tables"][part], manifest["heads"][part]
    known = {table.name: table for table in await tables_of(db)}
    conditions = owned([*known.values()], code)
    _require_alike(part, told, known, conditions)
    there = {n: await _count(db, n, condition) for n, condition in conditions.items()}
    if any(there.values()):
        if await heads_of(db, code) == heads and there == {n: told[n]["rows"] for n in told}:
            return
        raise BackupFault(
            f"{part} has something of {code} already: {_named(there)}",
            f"{part} 中已有辖区 {code} 的内容：{_named(there)}",
        )
    await db.execute("SET LOCAL session_replication_role = replica")
    for name, of in told.items():
        path = folder / "rows" / part / f"{name}.copy"
        if of["rows"]:
            await _copied(db, part, path, name, of["columns"])
            await _number_on(db, known[name])
    await _require_whole(part, db, heads, code)


async def _copied(
    db: asyncpg.Connection, part: str, path: Path, table: str, columns: Sequence[str]
) -> None:
    """Add rows as they were; refuse those that are there already as somebody else's."""
    try:
        await db.copy_to_table(table, source=path, columns=columns, format="text")
    except asyncpg.UniqueViolationError as error:
        raise BackupFault(
            f"{part}: rows of {table} are there already, and are not the jurisdiction's",
            f"{part}：数据表 {table} 中已有相同的行，且不属于该辖区",
        ) from error


def _require_alike(
    part: str, told: Manifest, known: Mapping[str, Table], conditions: Mapping[str, str]
) -> None:
    """Refuse rows of other tables, or of other columns, than there are here."""
    others = {*told} ^ {*conditions}
    others |= {n for n in {*told} - others if tuple(told[n]["columns"]) != known[n].columns}
    if others:
        names = ", ".join(sorted(others))
        raise BackupFault(f"{part} differs here: {names}", f"{part} 的数据表不同：{names}")


async def _number_on(db: asyncpg.Connection, table: Table) -> None:
    """Have the numbers that a table gives by itself go on after those that came."""
    for column in table.numbered:
        await db.execute(_BEYOND.format(table=table.name, column=column))


async def _count(db: asyncpg.Connection, table: str, condition: str) -> int:
    found: int = await db.fetchval(f'SELECT count(*) FROM "{table}" WHERE {condition}')  # noqa: S608 - names of the catalogue
    return found


def _named(there: Mapping[str, int]) -> str:
    return ", ".join(name for name, rows in there.items() if rows)


_BEYOND = """
    SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'),
      (SELECT greatest(max("{column}"), 1) FROM "{table}"))
"""
_ALTERED = "SELECT journal_altered($1, ARRAY(SELECT relation FROM journal_table), NULL)"


async def _require_whole(
    part: str, db: asyncpg.Connection, heads: Sequence[Sequence[Any]], code: str
) -> None:
    """Refuse rows that the journals which came with them contradict."""
    if await heads_of(db, code) != heads:
        raise BackupFault(f"{part}: its chains are others here", f"{part}：日志链不一致")
    for chain, *_ in heads:
        if await db.fetchval(_ALTERED, chain):
            raise BackupFault(
                f"{part}: rows of {chain} are not as its journal says",
                f"{part}：日志链 {chain} 的数据行与日志不符",
            )


def bring(source: Path, into: Path) -> int:
    """Copy files that are not there yet; what lies under a digest is always the same."""
    number = 0
    for path in files_in(source):
        target = into / path.relative_to(source)
        number += 1
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = target.with_name(f"{target.name}#half")
            shutil.copy(path, half)  # with its rights: keys are for their owner alone
            half.rename(target)
    return number
