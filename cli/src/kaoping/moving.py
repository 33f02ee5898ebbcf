"""Moves years of a database that lies on several machines (Citus) to another one of them, while the
service works.

A shard arrives without what holds in it beside the rights on its table: its owner may change what
nobody may, and the service add no row of which it names some columns alone. So each move gives
these rights before anybody is led to what arrived, in the transaction that moves it. It has the
rights of the database's owner, and no more.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from kaoping.distributing import NotSpreadable, connect, require_cluster
from kaoping.distribution import declared


@dataclass(frozen=True, slots=True)
class Machine:
    """One of the machines, as the first one calls it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def read(cls, text: str) -> "Machine":
        """Return the machine that is named `host:port`."""
        host, _, port = text.rpartition(":")
        if not host or not port.isascii() or not port.isdigit():
            raise NotSpreadable(f"--to {text}: name host:port", f"--to {text}：请写明 主机:端口")
        return cls(host, int(port))


@dataclass(frozen=True, slots=True)
class Move:
    """A shard that goes to another machine, with all years that lie in it."""

    shard: int
    source: Machine
    target: Machine
    years: int

    def told(self, *, chinese: bool) -> str:
        """Return the move in one line."""
        if chinese:
            return f"{self.years} 个年度：{self.source} → {self.target}"
        return f"{self.years} years: {self.source} -> {self.target}"


async def move(
    name: str, url: str, *, cycle: str = "", to: str = "", check: bool = False
) -> list[Move]:
    """Move the year of a cycle, with those that lie in its shard, to a machine; or where neither is
    named, whatever the cluster would have elsewhere, such as on a machine that was added. Return
    what was moved; with `check` what would be.

    Raises `NotSpreadable` before anything is moved, or with nothing of that shard moved.
    """
    if bool(cycle) != bool(to):
        raise NotSpreadable(
            "name both, --cycle and --to, or neither", "--cycle 与 --to 须同时指明，或都不指明"
        )
    if name not in declared() or not declared()[name].columns():
        raise NotSpreadable(f"{name}: nothing of it is spread", f"{name}：没有分布表")
    connection = await connect(url)
    try:
        await require_cluster(connection, name)
        await _require_ready(connection, name)
        if cycle:
            moves = await _of_cycle(connection, name, cycle, Machine.read(to))
        else:
            moves = await _planned(connection)
        for each in () if check else moves:
            await _moved(connection, name, each)
        return moves
    finally:
        await connection.close()


async def _require_ready(db: asyncpg.Connection, name: str) -> None:
    """Refuse a database that is not spread, and machines that cannot follow one another or where
    the owner may do what nobody may."""
    if not await db.fetchval(_IS_SPREAD):
        raise NotSpreadable(
            f"{name}: it is on one machine: `kaoping database distribute {name}` first",
            f"{name}：尚在一台机器上，请先执行 `kaoping database distribute {name}`",
        )
    if others := await _otherwise(db, "SHOW wal_level", "logical"):
        raise NotSpreadable(
            f"{name}: on {', '.join(others)} wal_level = logical is to be set, and the server"
            " started anew",
            f"{name}：{'、'.join(others)} 须设置 wal_level = logical 并重启",
        )
    if others := await _otherwise(db, _MAY_CHANGE, "f"):
        raise NotSpreadable(
            f"{name}: rights on {', '.join(others)} are not as they are to be:"
            f" `kaoping database distribute {name}` first",
            f"{name}：{', '.join(others)} 上的权限不符，请先执行"
            f" `kaoping database distribute {name}`",
        )


async def _otherwise(db: asyncpg.Connection, question: str, wanted: str) -> list[str]:
    """Return the machines that answer otherwise."""
    asked = (
        "SELECT nodename || ':' || nodeport AS machine, result"
        " FROM run_command_on_workers($1) ORDER BY 1"
    )
    return [row["machine"] for row in await db.fetch(asked, question) if row["result"] != wanted]


async def _of_cycle(db: asyncpg.Connection, name: str, cycle: str, target: Machine) -> list[Move]:
    try:
        home = UUID(cycle)
    except ValueError:
        home = None
    if home is None or not await db.fetchval(_IS_THERE, home):
        raise NotSpreadable(
            f"{name}: it has nothing of a cycle {cycle}", f"{name}：没有年度 {cycle} 的内容"
        )
    known = {Machine(row["host"], row["port"]) for row in await db.fetch(_MACHINES)}
    if target not in known:
        told = sorted(map(str, known))
        raise NotSpreadable(
            f"{name}: rows lie on {', '.join(told)}, and never on {target}",
            f"{name}：数据行只在 {'、'.join(told)}，{target} 不在其中",
        )
    row = await db.fetchrow(_PLACE, home)
    source = Machine(row["host"], row["port"])
    if source == target:
        return []
    return [Move(row["shard"], source, target, await _years(db, row["shard"]))]


async def _planned(db: asyncpg.Connection) -> list[Move]:
    """Return what the cluster would have on other machines."""
    return [
        Move(
            row["shardid"],
            Machine(row["sourcename"], row["sourceport"]),
            Machine(row["targetname"], row["targetport"]),
            await _years(db, row["shardid"]),
        )
        for row in await db.fetch(_PLAN)
    ]


async def _years(db: asyncpg.Connection, shard: int) -> int:
    return int(await db.fetchval(_YEARS, shard))


async def _moved(db: asyncpg.Connection, name: str, move: Move) -> None:
    """Move one shard and all that lie with it: what is written meanwhile goes along, and waits for
    the moment in which the place changes."""
    source, target = move.source, move.target
    try:
        async with db.transaction():
            await db.execute("SELECT pg_advisory_xact_lock(hashtext('alembic'))")
            await db.execute(_MOVE, move.shard, source.host, source.port, target.host, target.port)
            await _give_rights(db, name, move)
    except asyncpg.PostgresError as error:
        raise NotSpreadable(
            f"{name}: {move.told(chinese=False)} was not moved: {error}",
            f"{name}：{move.told(chinese=True)} 未能移动：{error}",
        ) from error


async def _give_rights(db: asyncpg.Connection, name: str, move: Move) -> None:
    """Have the same hold in what arrived as where it came from."""
    rights = await db.fetchval(_RIGHTS, move.shard)
    given = f"DO $rights$ BEGIN {rights}; END $rights$"
    told = await db.fetchrow(_ON_MACHINE, move.target.host, move.target.port, given)
    if not told["success"]:
        raise NotSpreadable(
            f"{name}: rights on {move.target}: {told['result']}",
            f"{name}：{move.target} 上的权限：{told['result']}",
        )


_IS_SPREAD = """
    SELECT EXISTS (SELECT FROM pg_dist_partition
      WHERE logicalrelid = to_regclass('public.journal_entry') AND partmethod = 'h')
    """
_MAY_CHANGE = "SELECT has_table_privilege('public.journal_entry', 'UPDATE, DELETE, TRUNCATE')"
_IS_THERE = "SELECT EXISTS (SELECT FROM journal_head WHERE home = $1)"
_MACHINES = """
    SELECT nodename AS host, nodeport AS port FROM pg_dist_node
    WHERE isactive AND shouldhaveshards AND noderole = 'primary'
    """
_PLACE = """
    SELECT p.shardid AS shard, n.nodename AS host, n.nodeport AS port
    FROM pg_dist_placement p JOIN pg_dist_node n ON n.groupid = p.groupid
    WHERE n.noderole = 'primary'
      AND p.shardid = get_shard_id_for_distribution_column('public.journal_entry', $1::uuid)
    """
_PLAN = "SELECT * FROM get_rebalance_table_shards_plan()"
# Chains of no year lie together, under an id of noughts.
_YEARS = """
    SELECT told.result
    FROM run_command_on_shards('public.journal_head',
      'SELECT count(DISTINCT home) FROM %s WHERE home <> '
        || quote_literal('00000000-0000-0000-0000-000000000000')) told
    JOIN pg_dist_shard head ON head.shardid = told.shardid
    JOIN pg_dist_shard one ON one.shardminvalue = head.shardminvalue
    WHERE one.shardid = $1
    """
_MOVE = "SELECT citus_move_shard_placement($1, $2, $3, $4, $5, 'force_logical')"
_ON_MACHINE = """
    SELECT * FROM master_run_on_worker(
      ARRAY[$1::text], ARRAY[$2::integer], ARRAY[$3::text], false)
    """
_RIGHTS = """
    WITH moved AS (
      SELECT c.oid, c.relowner, shard_name(c.oid::regclass, s.shardid) AS shard
      FROM pg_dist_shard one
      JOIN pg_dist_partition beside ON beside.logicalrelid = one.logicalrelid
      JOIN pg_dist_partition d ON d.colocationid = beside.colocationid
      JOIN pg_dist_shard s ON s.logicalrelid = d.logicalrelid
        AND s.shardminvalue = one.shardminvalue
      JOIN pg_class c ON c.oid = s.logicalrelid
      WHERE one.shardid = $1
    ), by_column AS (
      SELECT DISTINCT m.*, a.attname, given.grantee, given.privilege_type AS does
      FROM moved m JOIN pg_attribute a ON a.attrelid = m.oid CROSS JOIN aclexplode(a.attacl) given
      WHERE NOT has_table_privilege(given.grantee, m.oid, given.privilege_type)
    )
    SELECT string_agg(said, '; ' ORDER BY place) FROM (
      SELECT 1 AS place, format('REVOKE %s ON %s FROM CURRENT_USER', string_agg(p, ', '), shard)
      FROM moved, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
      WHERE NOT has_table_privilege(oid, p) GROUP BY shard
      UNION ALL
      SELECT 2, format('GRANT %s (%I) ON %s TO CURRENT_USER', does, attname, shard)
      FROM by_column WHERE grantee = relowner
      UNION ALL
      SELECT DISTINCT 3, format('GRANT INSERT ON %s TO %s', shard, grantee::regrole)
      FROM by_column WHERE grantee <> relowner AND does = 'INSERT'
    ) each (place, said)
    """
