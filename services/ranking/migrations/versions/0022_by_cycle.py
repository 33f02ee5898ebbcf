"""Tables can lie where their cycle lies: rights keep facts as they are, and triggers none."""

from chassis import migrations

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    migrations.at_home()
    migrations.by_rights()
