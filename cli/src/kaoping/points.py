"""Names a point to which all machines of a cluster (Citus) are restored together."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from chassis.recording import IS_CLUSTER
from kaoping.distributing import NotSpreadable, connect

_NAME = re.compile(r"[\w.:+ -]{1,63}", re.ASCII)


async def name_point(name: str, url: str, databases: Sequence[str]) -> list[str]:
    """Give each machine on which rows of the databases lie a restore point of a name, and return
    the machines. The URL leads to the first one, for its superuser.

    Meanwhile nothing that is written on several machines is committed in any of the databases: all
    of it is before the point on every machine, or after it on every one.
    """
    if not _NAME.fullmatch(name):
        raise NotSpreadable(
            "a point has a name of 63 letters, digits and -_.:+ at most",
            "还原点名称由字母、数字和 -_.:+ 组成，不超过 63 个字符",
        )
    async with AsyncExitStack() as stack:
        connections = {
            each: await stack.enter_async_context(_connected(url, each)) for each in databases
        }
        machines = [await _machines(db, each) for each, db in connections.items()]
        if any(each != machines[0] for each in machines):
            raise NotSpreadable(
                f"{', '.join(databases)}: not all of them lie on the same machines",
                f"{'、'.join(databases)}：所在的机器不一致",
            )
        try:
            for db in connections.values():
                await stack.enter_async_context(db.transaction())
                await db.execute(_HELD_BACK)
            await connections[databases[0]].execute("SELECT citus_create_restore_point($1)", name)
        except asyncpg.PostgresError as error:
            raise NotSpreadable(
                f"no point was named: {error}", f"未能设置还原点：{error}"
            ) from error
        return machines[0]


@asynccontextmanager
async def _connected(url: str, database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(url, database)
    try:
        yield connection
    finally:
        await connection.close()


async def _machines(db: asyncpg.Connection, name: str) -> list[str]:
    rows = await db.fetch(_MACHINES) if await db.fetchval(IS_CLUSTER) else []
    if not rows:
        raise NotSpreadable(
            f"{name}: it is on one machine, whose own log has every point",
            f"{name}：只在一台机器上，可由其自身日志恢复到任意时刻",
        )
    return [row["machine"] for row in rows]


_MACHINES = """
    SELECT nodename || ':' || nodeport AS machine FROM pg_dist_node
    WHERE isactive AND noderole = 'primary' ORDER BY groupid
    """
# Who commits on several machines writes there first.
_HELD_BACK = """
    SET LOCAL lock_timeout = '10s';
    LOCK pg_catalog.pg_dist_transaction IN EXCLUSIVE MODE
    """
