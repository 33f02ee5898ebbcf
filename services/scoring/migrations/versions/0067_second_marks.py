"""What a check found is marked a second time by somebody who does not know the first mark."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0067"
down_revision = "0066"

_TABLE = "check_second_mark"
_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add second marks."""
    keys = [sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "finding_id")]
    op.create_table(
        _TABLE,
        *keys,
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gap", sa.Numeric(), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "finding_id", name=f"pk_{_TABLE}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "finding_id"],
            ["check_finding.cycle_id", "check_finding.finding_id"],
            name=f"fk_{_TABLE}_cycle_id_finding_id",
        ),
    )
    migrations.append_only(_TABLE)
    migrations.recorded(
        Recorded(_TABLE, "Second mark of a finding", "检查结论的复评", by="cycle_id")
    )
