"""Numbers of records tell nothing of how many others there are."""

from chassis import migrations

revision = "0074"
down_revision = "0073"


def upgrade() -> None:
    migrations.untold()
