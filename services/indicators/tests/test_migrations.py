"""The revision scripts and the tables say the same."""

from indicators.tables import Base
from service_testing import schema_differences


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Fails when a column is added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(schema_differences, Base.metadata) == []
