"""Entries of the journal that are listed under other tables than they tell of are found at once."""

from chassis import migrations

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    migrations.listing()
