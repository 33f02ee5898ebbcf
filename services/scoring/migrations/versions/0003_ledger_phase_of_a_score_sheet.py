"""A score sheet remembers whether the ledger was sealed when it was computed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Nobody knows it of the sheets from before; as sheets of an open ledger they decide nothing.
    column = sa.Column("ledger_phase", sa.Text(), nullable=False, server_default="open")
    op.add_column("score_sheet", column)
    op.alter_column("score_sheet", "ledger_phase", server_default=None)
