"""Entries of the journal that are listed under other tables than they tell of are found at once."""

from chassis import migrations

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    migrations.listing()
