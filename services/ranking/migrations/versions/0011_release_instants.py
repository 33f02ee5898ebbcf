"""A release is public from an instant on, which may be moved before it comes."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0011"
down_revision = "0010"

_TABLE = "release_instant"
_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add the instants."""
    op.create_table(
        _TABLE,
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("release", "step")),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("subject", "person")),
        sa.Column("named_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "release", "step", name=f"pk_{_TABLE}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "release"],
            ["release.cycle_id", "release.release"],
            name=f"fk_{_TABLE}_cycle_id_release",
        ),
    )
    migrations.append_only(_TABLE)
    migrations.recorded(Recorded(_TABLE, "Instant of a release", "公开时间", by="cycle_id"))
