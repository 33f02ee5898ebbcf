"""The database says in one question whether any row is not as the journal recorded it."""

from chassis import migrations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    migrations.compare_at_once()
