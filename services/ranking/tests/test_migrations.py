"""The revision scripts and the tables say the same, and what was stored before still counts."""

from datetime import date
from uuid import uuid4

import asyncpg

from postgres_supervisor import provision
from ranking.tables import Base
from service_testing import home_of, migrate, schema_differences


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Caught: a column added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(schema_differences, Base.metadata) == []


async def test_reports_from_before_they_had_to_be_confirmed_still_count(postgres):
    """Planted bug: leave the INSERT out of the migration, so that every cap falls off."""
    urls = provision(postgres, ["older_reports"])["older_reports"]
    migrate(home_of("ranking"), urls.owner, "0002")
    superuser = await asyncpg.connect(postgres.url("older_reports"), ssl=False)
    try:
        cycle_id = uuid4()
        for table, code in (("veto", "V02"), ("demotion", "DM02")):
            await superuser.execute(
                f"INSERT INTO {table} (cycle_id, number, unit, code, document_no, decided_on,"  # noqa: S608 - names of our own
                " reported_by) VALUES ($1, 1, 'XQ09', $2, '1号', $3, 'he')",
                cycle_id,
                code,
                date(2026, 2, 10),
            )
        migrate(home_of("ranking"), urls.owner)
        rows = await superuser.fetch("SELECT kind, number, state, person FROM report_step")
        assert {tuple(row) for row in rows} == {
            ("veto", 1, "confirmed", "he"),
            ("demotion", 1, "confirmed", "he"),
        }
    finally:
        await superuser.close()
