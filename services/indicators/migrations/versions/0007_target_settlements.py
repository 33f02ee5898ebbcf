"""Settlements of targets that differ although they are of the same matter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "target_settlement",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("targets", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_by_person", sa.Text(), nullable=False),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('settlement_pending', 'settled', 'refused')",
            name=op.f("ck_target_settlement_state"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.cycle_id"], name="fk_target_settlement_cycle_id"
        ),
        sa.PrimaryKeyConstraint(
            "cycle_id", "unit", "matter", "item", "version", name="pk_target_settlement"
        ),
    )
    migrations.append_only("target_settlement")
    settled = Recorded("target_settlement", "Settlement of targets", "目标协调结果", by="cycle_id")
    migrations.recorded(settled)
