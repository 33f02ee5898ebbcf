"""When an entry was handed in is found by a function, which lists can ask too."""

from chassis import migrations

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add the function."""
    migrations.create(__file__, "handed_in")
