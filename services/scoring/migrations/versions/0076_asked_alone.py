"""Of the tables that the journal vouches for only those are opened that are asked for.

Its functions are written anew with the newest revision. What is alike is looked up by one plan,
however many marks are asked for: they are mostly one or two, and planned for anew each time. So is
what is about the same as a new entry, whatever else its cell has.
"""

from alembic import op

from chassis import migrations

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    """Have one plan serve, and look up what is about the same."""
    op.execute(
        "ALTER FUNCTION entries_alike(text[], text[], text[], text[], integer)"
        " SET plan_cache_mode = force_generic_plan"
    )
    migrations.create(__file__, "same")
