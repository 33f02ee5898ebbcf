"""Whose accounts are, and hosts for webhooks, where one installation serves many jurisdictions."""

from chassis import migrations

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Have all that is there be nobody's, as it was."""
    migrations.create(__file__, "jurisdictions")
