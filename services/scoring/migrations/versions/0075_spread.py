"""A claim is told whichever cycle it is of, and rights keep what counts over all cycles."""

from chassis import migrations

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    migrations.create(__file__, "states")
    migrations.by_rights()
