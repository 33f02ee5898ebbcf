"""Jurisdictions are closed: from then on they are read, and nothing of them is changed."""

from chassis import migrations

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Every jurisdiction that there is stays open."""
    migrations.create(__file__, "closings")
    migrations.append_only("jurisdiction_closing", "jurisdiction_closing_confirmation")
