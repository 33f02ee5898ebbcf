"""The revision scripts and the tables say the same."""

import json
from uuid import uuid4

import asyncpg
from pydantic import TypeAdapter

from chassis import journal
from indicators.rules.compiled import CompiledScheme, compile_scheme
from indicators.tables import Base
from postgres_supervisor import provision
from service_testing import home_of, migrate, schema_differences


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Fails when a column is added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(schema_differences, Base.metadata) == []


async def test_targets_from_before_persons_were_kept_are_still_in_force(postgres):
    urls = provision(postgres, ["older_targets"])["older_targets"]
    migrate(home_of("indicators"), urls.owner, "0003")
    superuser = await asyncpg.connect(postgres.url("older_targets"), ssl=False)
    try:
        cycle_id = uuid4()
        await superuser.execute(
            "INSERT INTO cycle (cycle_id, name, jurisdiction, assessment_year, phase)"
            " VALUES ($1, '2025年度', '431000', 2025, 'open')",
            cycle_id,
        )
        await superuser.execute(
            "INSERT INTO target (cycle_id, unit, indicator, item, version, target, state, lowered,"
            " set_by) VALUES ($1, 'X1', 'C01', '', 1, 80, 'issued', false, 'he')",
            cycle_id,
        )
        migrate(home_of("indicators"), urls.owner)
        [row] = await superuser.fetch("SELECT target, state, set_by, set_by_person FROM target")
        assert tuple(row) == (80, "issued", "he", None)
    finally:
        await superuser.close()


async def test_versions_from_before_schemes_were_compiled_are_compiled(postgres, stored, schemes):
    """Planted bugs: compile the published version only; leave the rows off the record; let a draft
    that today's rules could not save stop all."""
    urls = provision(postgres, ["older_schemes"])["older_schemes"]
    migrate(home_of("indicators"), urls.owner, "0004")
    superuser = await asyncpg.connect(postgres.url("older_schemes"), ssl=False)
    try:
        cycle_id, scheme = uuid4(), schemes.dump_python(stored(), mode="json")
        await superuser.execute(
            "INSERT INTO cycle (cycle_id, name, jurisdiction, assessment_year, phase)"
            " VALUES ($1, '2025年度', '431000', 2025, 'open')",
            cycle_id,
        )
        for version, one in ((1, scheme), (2, scheme | {"title": "修订"}), (3, {"title": "x"})):
            await superuser.execute(
                "INSERT INTO scheme_version (cycle_id, version, scheme, digest, saved_by)"
                " VALUES ($1, $2, $3, 'd', 'he')",
                cycle_id,
                version,
                json.dumps(one),
            )
        await superuser.execute(
            "INSERT INTO scheme_publication (cycle_id, version, published_by) VALUES ($1, 1, 'he')",
            cycle_id,
        )
        await superuser.execute(
            "SELECT journal_append($1, 'he', '', 'scheme.published', '{}')", str(cycle_id)
        )
        migrate(home_of("indicators"), urls.owner)
        rows = await superuser.fetch("SELECT * FROM compiled_scheme ORDER BY version")
        wanted = TypeAdapter(CompiledScheme).dump_python(compile_scheme(stored()), mode="json")
        assert [(row["version"], row["format"], row["digest"]) for row in rows] == [
            (version, 1, journal.sha256(wanted)) for version in (1, 2)
        ]
        assert [json.loads(row["compiled"]) for row in rows] == [wanted, wanted]
        found = await superuser.fetchval(
            "SELECT rows FROM journal_entry WHERE chain = $1 AND event = 'journal.rows-found'",
            str(cycle_id),
        )
        assert "compiled_scheme" in found
    finally:
        await superuser.close()
