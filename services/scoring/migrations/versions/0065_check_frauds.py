"""What a check found is put forward as fraud, the unit is heard, and the committee decides."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0065"
down_revision = "0064"

_TABLE = "check_fraud_step"
_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add the steps of fraud."""
    keys = [sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "finding_id")]
    texts = {name: sa.Column(name, sa.Text(), nullable=False) for name in ("state", "text")}
    said = [sa.Column(name, sa.Text(), nullable=False) for name in ("actor", "person")]
    op.create_table(
        _TABLE,
        *keys,
        sa.Column("step", sa.BigInteger(), nullable=False),
        *texts.values(),
        sa.Column("heard_by", sa.Date(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("marked_as", sa.Uuid(), nullable=True),
        sa.Column("voids", sa.Boolean(), nullable=True),
        sa.Column("grade_cap", sa.Text(), nullable=True),
        *said,
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "finding_id", "step", name=f"pk_{_TABLE}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "finding_id"],
            ["check_finding.cycle_id", "check_finding.finding_id"],
            name=f"fk_{_TABLE}_cycle_id_finding_id",
        ),
    )
    op.create_index(f"ix_{_TABLE}_marked_as", _TABLE, ["marked_as"])
    migrations.append_only(_TABLE)
    migrations.recorded(Recorded(_TABLE, "Step of fraud", "弄虚作假的认定", by="cycle_id"))
