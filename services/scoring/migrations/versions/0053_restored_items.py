"""A supervised item that came back out of an archive says so."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Add from which archive an item was restored: those of before were registered here."""
    op.add_column("supervised_item", sa.Column("restored_from", sa.Text()))
