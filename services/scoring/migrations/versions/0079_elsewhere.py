"""What a cycle took over from another, and may lie on another machine, is asked of a function."""

from chassis import migrations

revision = "0079"
down_revision = "0076"


def upgrade() -> None:
    """Have entries of other cycles be asked for in one way."""
    migrations.create(__file__, "elsewhere")
