"""Who decided a veto, until when it counts, and why it was reported late."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add what is said of a veto."""
    op.add_column("veto", sa.Column("decided_by", sa.String()))
    op.add_column("veto", sa.Column("expires_on", sa.Date()))
    op.add_column("veto", sa.Column("late_reason", sa.String()))
