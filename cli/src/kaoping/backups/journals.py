"""How far the journals of five databases have come, asked of the databases themselves.

A backup says it of the moment before it began, and a restored system is held against that.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg

from chassis.checkpoints import Checkpoint, Mark, behind, marks_to_reach
from chassis.recording import IS_CLUSTER
from kaoping.backups.faults import BackupFault
from postgres_supervisor import Postgres

Heads = Mapping[str, Sequence[Mark]]
_HEADS = """
    SELECT chain, seq, encode(hash, 'hex') FROM journal_head WHERE seq > 0 ORDER BY chain
"""
_KEPT = """
    SELECT chain, seq, encode(hash, 'hex') FROM journal_entry
    JOIN unnest($1::text[], $2::bigint[]) AS wanted (chain, seq) USING (chain, seq)
    WHERE journal_entry.home = journal_home(wanted.chain)
"""
_REVISION = "SELECT version_num FROM alembic_version"
_OTHERS = "SELECT count(*) FROM pg_dist_node WHERE groupid <> 0"


def require_on_one_machine(postgres: Postgres, databases: Sequence[str]) -> None:
    """Refuse databases of which some lies on other machines: what is read of this server alone is
    not all of them, nor of one instant."""
    known = asked(postgres, dict.fromkeys(databases, (IS_CLUSTER,)))
    told = asked(postgres, {name: (_OTHERS,) for name, rows in known.items() if rows[0][0]})
    if spread := sorted(name for name, rows in told.items() if rows[0][0]):
        raise BackupFault(
            f"{', '.join(spread)}: on several machines, of which this is one; docs/scale.md says"
            " how they are backed up together",
            f"{'、'.join(spread)}：分布在多台机器上，此处仅为其一；多机备份方法见 docs/scale.md",
        )


def heads(postgres: Postgres, databases: Sequence[str]) -> dict[str, list[Mark]]:
    """Return the last entry of every chain of every journal, by database."""
    told = asked(postgres, dict.fromkeys(databases, (_HEADS,)))
    return {name: [Mark(*row) for row in rows] for name, rows in told.items()}


def revisions(postgres: Postgres, databases: Sequence[str]) -> dict[str, str]:
    """Return the revision of every database."""
    told = asked(postgres, dict.fromkeys(databases, (_REVISION,)))
    return {name: rows[0][0] for name, rows in told.items()}


def segment(postgres: Postgres) -> str:
    """Return the name of the piece of the log of changes that is written now."""
    question = ("SELECT pg_walfile_name(pg_current_wal_lsn())",)
    return str(asked(postgres, {"postgres": question})["postgres"][0][0])


def require_has(postgres: Postgres, told: Heads) -> None:
    """Refuse databases that have not every entry that was told of, as it was."""
    missing = _behind(postgres, told)
    if missing:
        name, mark = missing[0]
        raise BackupFault(
            f"what was restored has no entry {mark.seq} of {mark.chain} in {name} as it was",
            f"恢复的数据库 {name} 中，日志链 {mark.chain} 的第 {mark.seq} 条缺失或与备份时不同",
        )


def reached(postgres: Postgres, found: Sequence[Checkpoint], parts: Sequence[str]) -> int:
    """Return the number of the newest checkpoint whose entries the databases have, 0 if none."""
    for number in range(len(found), 0, -1):
        marks = {part: marks_to_reach(part, found[:number]) for part in parts}
        wanted = {part: each[1] for part, each in marks.items() if each is not None}
        if not _behind(postgres, wanted):
            return number
    return 0


def _behind(postgres: Postgres, told: Heads) -> list[tuple[str, Mark]]:
    questions = {
        name: (_KEPT, [each.chain for each in marks], [each.seq for each in marks])
        for name, marks in told.items()
    }
    kept = asked(postgres, questions)
    missing = list[tuple[str, Mark]]()
    for name, marks in told.items():
        stands = {(chain, seq): digest for chain, seq, digest in kept[name]}
        missing += [(name, each) for each in behind(marks, stands)]
    return missing


def asked(postgres: Postgres, questions: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Ask each database its question, and give the rows by its name."""

    async def one(name: str, question: Sequence[Any]) -> list[Any]:
        connection = await asyncpg.connect(postgres.url(name), ssl=False)
        try:
            return list(await connection.fetch(*question))
        finally:
            await connection.close()

    async def ask() -> list[list[Any]]:
        return await asyncio.gather(*[one(*each) for each in questions.items()])

    with ThreadPoolExecutor(1) as pool:  # whoever asks may be inside an event loop
        try:
            rows = pool.submit(asyncio.run, ask()).result()
        except asyncpg.PostgresError as error:
            raise BackupFault(
                f"the databases are no whole system ({type(error).__name__})",
                f"数据库不完整（{type(error).__name__}）",
            ) from None
    return dict(zip(questions, rows, strict=True))
