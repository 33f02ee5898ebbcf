"""What complaints have earned is written once, and counts where the scheme says so."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0060"
down_revision = "0059"

_TABLE = "complaint_event"


def upgrade() -> None:
    """Add what each complaint has earned for its units, by the step that earned it."""
    op.create_table(
        _TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "complaint_id")),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("kept_alone", sa.Text()),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            *("cycle_id", "complaint_id", "what", "step", "unit"), name=f"pk_{_TABLE}"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "complaint_id", "step"],
            [f"complaint_move.{name}" for name in ("cycle_id", "complaint_id", "step")],
            name=f"fk_{_TABLE}_move",
        ),
        sa.CheckConstraint(
            "entry_id IS NULL OR kept_alone IS NULL", name=f"ck_{_TABLE}_entered_or_not"
        ),
    )
    op.create_index(f"ix_{_TABLE}_entry_id", _TABLE, ["entry_id"])
    migrations.append_only(_TABLE)
    migrations.recorded(
        Recorded(_TABLE, "What a complaint has earned", "投诉所记事项", by="cycle_id")
    )
