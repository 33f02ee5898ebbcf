"""Nobody finds from the digest of a count what was voted at a meeting."""

from chassis import migrations

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    migrations.blind("meeting_count")
