"""What the journal says of a table is found by the table, however long the chain."""

from chassis import migrations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Index what entries tell of, those from before too, and compare tables by it."""
    migrations.find_entries_by_table()
