"""A stage that came back out of an archive says so."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Add from which archive a stage was restored: those of before were frozen here."""
    op.add_column("stage", sa.Column("restored_from", sa.Text()))
