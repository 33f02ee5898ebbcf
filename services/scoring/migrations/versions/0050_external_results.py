"""An entry may be what another system found: whose document it stands in, and about which days."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Add what such a document says: entries and parked rows of before say nothing of it."""
    for table in ("ledger_entry", "parked_row"):
        op.add_column(table, sa.Column("authority", sa.Text()))
        op.add_column(table, sa.Column("about_from", sa.Date()))
        op.add_column(table, sa.Column("about_until", sa.Date()))
    op.create_index(
        "ix_ledger_entry_results",
        "ledger_entry",
        ["unit"],
        postgresql_where=sa.text("kind = 'external_result'"),
    )
