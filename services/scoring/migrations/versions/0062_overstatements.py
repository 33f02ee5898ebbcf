"""A decision about a finding says which event an overstatement became, or why none."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    """Add the event and the reason: decisions of before cost nothing."""
    op.add_column("check_finding_step", sa.Column("overstated_as", sa.Uuid()))
    op.add_column("check_finding_step", sa.Column("kept_alone", sa.Text()))
