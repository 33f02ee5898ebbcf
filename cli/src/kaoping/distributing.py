"""Spreads the tables of a database over the machines of a cluster (Citus), as `distribution` says.

Tables are spread by one transaction, of which nothing is left if it fails, and functions written
after that; what is as it is to be is left alone, so that it may be done again whenever a version
has brought tables or functions, or shards were moved. Whoever does it has the rights of the
database's owner, and no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from chassis.placing import NUMBERS
from chassis.recording import APPEND_AT, REGISTERED, SPREAD, of_single_records, registered
from chassis.spreading import plainly
from chassis.tls import Tls
from kaoping.distribution import COLUMN, Declared, declared, in_the_way
from kaoping.faults import KaopingFault
from kaoping.revisions import revisions

KINDS = ("reference", "distributed")


class NotSpreadable(KaopingFault):
    """A database that cannot be spread as it is, and was left so; in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a table, and the kind that it gets."""

    table: str
    kind: str

    def told(self, *, chinese: bool) -> str:
        """Return the step in one line."""
        if chinese:
            return f"{self.table}：{_ZH[self.kind]}"
        return f"{self.table}: {self.kind}"


_ZH = {
    "reference": "参照表",
    "distributed": "分布表",
    "local": "本地表",
    "taken off": "去除",
}


async def distribute(name: str, url: str, home: Path, *, check: bool = False) -> list[Step]:
    """Spread the database of a part, and return what was done; with `check` what would be.

    Nothing is done for tables that are as they are to be, but for rights and functions, which are
    given again. Raises `NotSpreadable` before anything is changed.
    """
    said = declared()[name]
    if not said.columns():
        text = f"{name}: nothing of it is of a cycle; it stays on one machine"
        raise NotSpreadable(text, f"{name}：没有属于年度的表，保留在一台机器上")
    connection = await connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('alembic'))")
            await require_cluster(connection, name)
            await _require_whole(connection, name, home)
            await _require_quiet(connection, name)
            await _require_references(connection, name)
            off = await _taken_off(connection, name, said)
            steps = [*_steps(said, await _kinds(connection))]
            told = [*(Step(each, "taken off") for each in off), *steps]
            if check:
                return told
            spreading = _Spreading(connection, said, home / "migrations/spread.sql")
            await spreading.move(off, steps)
        # Functions go to other machines by connections of their own, which would wait for tables.
        await spreading.finish()
        return told
    finally:
        await connection.close()


async def connect(url: str, database: str | None = None) -> asyncpg.Connection:
    """Connect to a database at a URL, or to another one there, by TLS where that is set."""
    plain = url.replace("postgresql+asyncpg://", "postgresql://", 1)
    tls = Tls.of_environment().of_database() or False
    return await asyncpg.connect(plain, database=database, ssl=tls)


async def require_cluster(db: asyncpg.Connection, name: str) -> None:
    """Refuse a database that is not the first of several machines, set as they are to be."""
    version = await db.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'citus'")
    if version is None:
        raise NotSpreadable(
            f"{name}: Citus is not installed in the database (docs/scale.md)",
            f"{name}：数据库中未安装 Citus（docs/scale.md）",
        )
    nodes = await db.fetch("SELECT groupid FROM pg_dist_node WHERE isactive AND noderole='primary'")
    groups = {row["groupid"] for row in nodes}
    if await db.fetchval("SELECT groupid FROM pg_dist_local_group"):
        raise NotSpreadable(
            f"{name}: this is not the first machine of the cluster (coordinator)",
            f"{name}：这不是集群的首台机器（coordinator）",
        )
    if 0 not in groups or len(groups) < 2:
        raise NotSpreadable(
            f"{name}: the cluster has {len(groups - {0})} machines beside the first, which is"
            f" {'' if 0 in groups else 'not '}named itself (docs/scale.md)",
            f"{name}：集群除首台外有 {len(groups - {0})} 台机器，首台"
            f"{'已' if 0 in groups else '未'}登记（docs/scale.md）",
        )
    if wrong := await _set_otherwise(db):
        raise NotSpreadable(
            f"{name}: on other machines {', '.join(wrong)} is to be set (docs/scale.md)",
            f"{name}：其他机器须设置 {'、'.join(wrong)}（docs/scale.md）",
        )


WANTED: Mapping[str, str] = {
    # Digests are taken of what values are as texts, where they lie.
    "timezone": "UTC",
    # Functions ask for rows of the cycle that they are called for, on the machine of the cycle.
    "citus.allow_nested_distributed_execution": "on",
}
"""What is set for the database on the machines that rows are spread over, and why."""


async def _set_otherwise(db: asyncpg.Connection) -> list[str]:
    found = list[str]()
    for name, value in WANTED.items():
        rows = await db.fetch("SELECT * FROM run_command_on_workers($1)", f"SHOW {name}")
        if any(row["result"] != value for row in rows):
            found.append(f"{name} = {value}")
    return found


async def _require_whole(db: asyncpg.Connection, name: str, home: Path) -> None:
    newest = revisions(home)[-1]
    has = await db.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
    found = await db.fetchval("SELECT version_num FROM alembic_version") if has else None
    if found != newest:
        raise NotSpreadable(
            f"{name}: the database is at revision {found or 0}, and this version at {newest}:"
            " migrate it first",
            f"{name}：数据库修订号为 {found or 0}，本版本为 {newest}，请先迁移",
        )


async def _require_quiet(db: asyncpg.Connection, name: str) -> None:
    number = await db.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename || '_owner' = current_user"
    )
    if number:
        raise NotSpreadable(
            f"{name}: {number} connections of the service are open: stop it first",
            f"{name}：该服务尚有 {number} 个连接，请先停止",
        )


async def _require_references(db: asyncpg.Connection, name: str) -> None:
    """Refuse a database that is spread where a machine that was added has nothing of it yet."""
    rows = await db.fetch(_WITHOUT_REFERENCES)
    if found := [row["machine"] for row in rows]:
        raise NotSpreadable(
            f"{name}: {', '.join(found)} has no reference tables: as the superuser,"
            " SELECT replicate_reference_tables() first",
            f"{name}：{'、'.join(found)} 尚无参照表，请先由超级用户执行"
            " SELECT replicate_reference_tables()",
        )


async def _taken_off(db: asyncpg.Connection, name: str, said: Declared) -> dict[str, str]:
    """Return what is in the way and may go, with the statement; refuse where anything else is."""
    found = await in_the_way(db, said)
    found = {text: undone for text, undone in found.items() if not _of_citus(text)}
    left = sorted(
        text for text, undone in found.items() if text not in said.taken_off or not undone
    )
    if left:
        more = len(left) - 5
        named = "; ".join(left[:5]) + (f" (+{more})" if more > 0 else "")
        raise NotSpreadable(f"{name}: in the way: {named}", f"{name}：存在障碍：{named}")
    return found


def _of_citus(text: str) -> bool:
    return ": trigger truncate_trigger_" in text


async def _kinds(db: asyncpg.Connection) -> dict[str, str]:
    """Return what kind each table of the database has that is not an ordinary one."""
    rows = await db.fetch(
        "SELECT c.relname AS name, CASE WHEN d.partmethod = 'h' THEN 'distributed'"
        " WHEN d.repmodel = 't' THEN 'reference' ELSE 'local' END AS kind"
        " FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid"
        " WHERE c.relnamespace = 'public'::regnamespace"
    )
    return {row["name"]: row["kind"] for row in rows}


def _steps(said: Declared, kinds: Mapping[str, str]) -> Iterator[Step]:
    for kind in KINDS:
        for table in sorted(said.kinds):
            if said.kinds[table] == kind and kinds.get(table) != kind:
                yield Step(table, kind)
    for table in COMMITTED_TOGETHER:
        if said.kinds.get(table) == "local" and table not in kinds:
            yield Step(table, "local")


COMMITTED_TOGETHER = ("idempotency_key",)
"""What every command writes on the first machine: the cluster is to know of it, so that it is
committed with what is written elsewhere, in two phases, or not at all."""


class _Spreading:
    """The statements of one database, in their order."""

    def __init__(self, db: asyncpg.Connection, said: Declared, own: Path) -> None:
        self._db = db
        self._said = said
        self._own = own

    async def move(self, off: Mapping[str, str], steps: Sequence[Step]) -> None:
        """Have tables lie where they are to lie."""
        await self._db.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
        await self._db.execute("SET LOCAL client_min_messages = warning")
        for statement in off.values():
            await self._db.execute(statement)
        moved = [each for each in steps if each.kind != "local"]
        bonds = await self._db.fetch(_BONDS, [each.table for each in moved])
        for bond in bonds:
            await self._db.execute(bond["undone"])
        for each in steps:
            await self._move(each)
        for bond in bonds:
            await self._db.execute(bond["done"])
        await self._rights()

    async def finish(self) -> None:
        """Have functions, and rights in each shard, be as tables lie; any number of times."""
        await self._functions()
        await self._written()
        await self._functions()
        await self._delegated()
        await self._take_whole_rows()
        await self._db.execute(NUMBERS)

    async def _move(self, step: Step) -> None:
        table = f'public."{step.table}"'
        if step.kind == "local":
            await self._db.execute("SELECT citus_add_local_table_to_metadata($1)", table)
            return
        if step.kind == "reference":
            await self._db.execute("SELECT create_reference_table($1::text::regclass)", table)
        else:
            first = "journal_entry"
            beside = "default" if step.table == first else first
            if beside != "default" and not await self._is_spread(first):
                await self._move(Step(first, "distributed"))
            if await self._is_spread(step.table):
                return
            column = self._said.column(step.table)
            asked = "SELECT create_distributed_table($1::text::regclass, $2, colocate_with => $3)"
            await self._db.execute(asked, table, column, beside)
        await self._leave_nothing(step.table)

    async def _is_spread(self, table: str) -> bool:
        asked = (
            "SELECT EXISTS (SELECT FROM pg_dist_partition"
            " WHERE logicalrelid = $1::text::regclass AND partmethod = 'h')"
        )
        return bool(await self._db.fetchval(asked, f'public."{table}"'))

    async def _leave_nothing(self, table: str) -> None:
        """Remove the rows that were copied from the first machine's own table, where nobody asks
        for them any more."""
        await self._db.execute(f'GRANT TRUNCATE ON public."{table}" TO current_user')
        asked = "SELECT truncate_local_data_after_distributing_table($1::text::regclass)"
        await self._db.execute(asked, f'public."{table}"')
        await self._db.execute(f'REVOKE TRUNCATE ON public."{table}" FROM current_user')

    async def _rights(self) -> None:
        """Take from the owner on every machine, and in every shard, what he may not do here."""
        for row in await self._db.fetch(_WITHHELD, [*self._said.columns(), *self._references()]):
            await self._db.execute(row["withheld"])

    async def _take_whole_rows(self) -> None:
        """Let a row be put where it lies with all its columns, also those that nobody names; which
        a service may name, the rights on the table itself say."""
        for row in await self._db.fetch(_BY_COLUMN, [*self._said.columns()]):
            asked = "SELECT * FROM run_command_on_shards($1::text::regclass, $2)"
            told = await self._db.fetch(asked, row["name"], row["granted"])
            if wrong := [each["result"] for each in told if not each["success"]]:
                raise NotSpreadable(f"{row['name']}: {wrong[0]}", f"{row['name']}：{wrong[0]}")

    def _references(self) -> list[str]:
        return [name for name, kind in self._said.kinds.items() if kind == "reference"]

    async def _written(self) -> None:
        """Have functions say the cycle as it is: as a text it hides where the rows lie."""
        tables = registered(await self._db.fetch(REGISTERED))
        spread = [row[0] for row in await self._db.fetch(SPREAD)]
        for each in of_single_records(tables, spread=spread):
            await self._db.execute(each)
        for row in await self._db.fetch(_HIDING, f"%{COLUMN}::text%"):
            if (said := plainly(row["definition"])) != row["definition"]:
                await self._db.execute(said)
        if self._own.is_file():
            await self._db.execute(self._own.read_text("utf-8"))

    async def _functions(self) -> None:
        for row in await self._db.fetch(_OURS):
            asked = "SELECT create_distributed_function($1::text::regprocedure)"
            await self._db.execute(asked, row["function"])

    async def _delegated(self) -> None:
        """Have what works with the rights of the owner done where the rows are."""
        for function in (APPEND_AT, *self._said.delegated):
            await self._db.execute(
                "SELECT create_distributed_function($1::text::regprocedure, '$1',"
                " colocate_with := 'journal_entry', force_delegation := true)",
                f"public.{function}",
            )


_WITHOUT_REFERENCES = """
    SELECT n.nodename || ':' || n.nodeport AS machine
    FROM pg_dist_node n CROSS JOIN pg_dist_partition d
    WHERE d.logicalrelid = 'public.journal_table'::regclass AND d.repmodel = 't'
      AND n.isactive AND n.noderole = 'primary' AND NOT EXISTS (
        SELECT FROM pg_dist_placement p JOIN pg_dist_shard s ON s.shardid = p.shardid
        WHERE s.logicalrelid = d.logicalrelid AND p.groupid = n.groupid)
    ORDER BY n.groupid
    """
_OURS = """
    SELECT p.oid::regprocedure::text AS function FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
      AND p.prorettype <> 'trigger'::regtype
      AND p.proowner = current_user::regrole
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_object o
        WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid)
    """
_HIDING = """
    SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.prosrc LIKE $1
      AND p.proname NOT LIKE 'journal\\_%'
    """
_BONDS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', f.conrelid::regclass, f.conname) AS undone,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', f.conrelid::regclass, f.conname,
        pg_get_constraintdef(f.oid)) AS done
    FROM pg_constraint f
    JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
    WHERE c.relnamespace = 'public'::regnamespace AND f.contype = 'f'
      AND (c.relname = ANY ($1) OR r.relname = ANY ($1))
    ORDER BY f.conname
    """
_WITHHELD = """
    SELECT format('REVOKE %s ON %s FROM CURRENT_USER', string_agg(p, ', '), c.oid::regclass)
        || coalesce((SELECT string_agg(format('; GRANT %s (%I) ON %s TO CURRENT_USER',
            given.privilege_type, a.attname, c.oid::regclass), '')
          FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) given
          WHERE a.attrelid = c.oid AND given.grantee = c.relowner
            AND NOT has_table_privilege(c.oid, given.privilege_type)), '') AS withheld
    FROM pg_class c, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)
      AND NOT has_table_privilege(c.oid, p)
    GROUP BY c.oid
    """
_BY_COLUMN = """
    SELECT DISTINCT format('public.%I', c.relname) AS name,
      format('GRANT INSERT ON %s TO %s', '%s', given.grantee::regrole) AS granted
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    CROSS JOIN aclexplode(a.attacl) given
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)
      AND given.privilege_type = 'INSERT'
      AND NOT has_table_privilege(given.grantee, c.oid, 'INSERT')
    """
