"""A score sheet remembers what its scheme said about time, for whoever looks ahead."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Sheets from before have none: what is told of them is what lies behind, not what lies ahead.
    op.add_column("score_sheet", sa.Column("timetable", postgresql.JSONB()))
