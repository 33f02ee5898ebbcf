"""Entries of the journal say with whose rows they lie, as those of all parts do."""

from chassis import migrations

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    migrations.at_home()
