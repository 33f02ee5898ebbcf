"""The groups of marks that a ranking's score sheet put on one scale."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Keep them with the edition."""
    op.add_column("ranking", sa.Column("normalised", JSONB()))
