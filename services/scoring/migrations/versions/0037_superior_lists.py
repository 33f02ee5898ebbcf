"""An entry may be a unit's place in a list that the superior published."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Add what such a list says beside the place: entries and parked rows of before say nothing."""
    for table in ("ledger_entry", "parked_row"):
        op.add_column(table, sa.Column("listed", sa.BigInteger()))
        op.add_column(table, sa.Column("published_value", sa.Numeric()))
        op.add_column(table, sa.Column("document_no", sa.Text()))
        op.add_column(table, sa.Column("document_date", sa.Date()))
