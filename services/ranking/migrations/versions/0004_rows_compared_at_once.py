"""The database says in one question whether any row is not as the journal recorded it."""

from chassis import migrations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    migrations.compare_at_once()
