"""Targets are proposed, approved, issued, revised and withdrawn; each move is a version."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # What was set before there were states had been issued; a default fills it in, because no
    # row of this table may be updated. The application names the state of every new version.
    state = sa.Column("state", sa.Text(), server_default="issued", nullable=False)
    op.add_column("target", state)
    op.alter_column("target", "state", server_default=None)
    lowered = sa.Column("lowered", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("target", lowered)
    op.alter_column("target", "lowered", server_default=None)
    op.add_column("target", sa.Column("document_no", sa.Text()))
    op.add_column("target", sa.Column("approved_by", sa.Text()))
    op.create_check_constraint(
        op.f("ck_target_state"),
        "target",
        "state IN ('proposed', 'returned', 'approved', 'issued', 'revised', 'withdrawn')",
    )
