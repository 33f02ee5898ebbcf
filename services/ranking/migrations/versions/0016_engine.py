"""Which program ranked an edition."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add what is said of the program."""
    op.add_column("ranking", sa.Column("engine", JSONB()))
