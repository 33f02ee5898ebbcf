"""The revision scripts and the tables say the same."""

from uuid import uuid4

import asyncpg

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
