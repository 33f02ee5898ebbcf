"""An entry of one cycle may be taken over by another one."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Add which entries were taken over, and from where."""
    op.create_table(
        "adopted_entry",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("from_cycle_id", sa.Uuid(), nullable=False),
        sa.Column("from_entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column(
            "adopted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", "entry_id", name="pk_adopted_entry"),
        _of_ledger("cycle_id"),
        _of_ledger("from_cycle_id"),
    )
    for columns in (["cycle_id", "number"], ["from_entry_id"]):
        op.create_index(f"ix_adopted_entry_{'_'.join(columns)}", "adopted_entry", columns)
    migrations.append_only("adopted_entry")
    migrations.recorded(Recorded("adopted_entry", "Entry taken over", "沿用的记录", by="cycle_id"))


def _of_ledger(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["ledger.cycle_id"], name=f"fk_adopted_entry_{column}")
