"""The revision scripts and the tables say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chassis.migrations import FOUNDATIONS
from indicators.tables import Base


def differences(connection) -> list:
    def ours(name, kind, _):
        return kind != "table" or name not in FOUNDATIONS

    options = {"include_name": ours, "compare_type": True}
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, Base.metadata)


async def test_the_migrated_database_is_what_the_tables_say(service):
    """Fails when a column is added to one of the two only."""
    async with service.app.state.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []
