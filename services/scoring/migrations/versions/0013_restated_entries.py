"""An entry may restate a verified one, and takes it out when it is verified itself."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add what an entry restates, and an index by which that is found."""
    op.add_column("ledger_entry", sa.Column("restates", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_ledger_entry_cycle_id_restates",
        "ledger_entry",
        ["cycle_id", "restates"],
        postgresql_where=sa.text("restates IS NOT NULL"),
    )
