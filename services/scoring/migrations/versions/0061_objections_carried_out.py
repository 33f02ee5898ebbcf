"""A move of an objection says by which entry or claim it was carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    """Add what it was carried out by: moves of before name nothing."""
    op.add_column("objection_move", sa.Column("carried_out_by", sa.Uuid()))
