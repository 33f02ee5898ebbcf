"""Rights that somebody takes in an emergency, for hours, and that are reviewed afterwards."""

from chassis import migrations

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add emergency grants, their ends and their reviews."""
    migrations.create(__file__, "grants")
    migrations.append_only("emergency_grant", "emergency_end", "emergency_review")
