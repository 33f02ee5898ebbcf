"""An archive is restored by another person than who proposed it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0041"
down_revision = "0040"

_TABLE = "restoration_proposal"


def upgrade() -> None:
    """Add the archives that somebody proposed to restore: none is changed."""
    op.create_table(
        _TABLE,
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_no", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("digest", "reason", "proposed_by", "proposed_person")
        ),
        sa.Column(
            "proposed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", "proposal_no", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("cycle_id", "digest", name=f"uq_{_TABLE}_cycle_id_digest"),
    )
    migrations.append_only(_TABLE)
    migrations.recorded(Recorded(_TABLE, "Proposed restoration", "提请的归档恢复", by="cycle_id"))
