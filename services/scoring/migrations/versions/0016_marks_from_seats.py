"""A mark says from which panel's seat it was given, if from any."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the panel of a mark, and an index of such marks alone."""
    op.add_column("ledger_entry", sa.Column("panel", sa.Text()))
    op.create_index(
        "ix_ledger_entry_cycle_id_panel",
        "ledger_entry",
        ["cycle_id", "panel"],
        postgresql_where="panel IS NOT NULL",
    )
