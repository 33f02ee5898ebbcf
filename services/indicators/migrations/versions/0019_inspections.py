"""Who inspects whom, when, and what for, version by version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("inspection", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_by_person", sa.Text(), nullable=False),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.cycle_id"], name="fk_inspection_cycle_id"),
        sa.PrimaryKeyConstraint("cycle_id", "inspection", "version", name="pk_inspection"),
    )
    migrations.append_only("inspection")
    migrations.recorded(Recorded("inspection", "Inspection", "督查检查", by="cycle_id"))
