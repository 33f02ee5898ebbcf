"""The journal can vouch for rows; of accounts it does not, because signing in changes them."""

from chassis import migrations

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    migrations.vouch_for_rows()
