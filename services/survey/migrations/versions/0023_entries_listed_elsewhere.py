"""Entries of the journal that are listed under other tables than they tell of are found at once."""

from chassis import migrations

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    migrations.listing()
