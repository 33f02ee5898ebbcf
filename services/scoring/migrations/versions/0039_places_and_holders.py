"""Claims say their place in the document, and who holds the award."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Add both; what was claimed before was held by the unit."""
    op.add_column("claim", sa.Column("place", sa.Text()))
    op.add_column(
        "claim", sa.Column("holder_kind", sa.Text(), server_default="unit", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_claim_holder_kind"), "claim", "holder_kind IN ('unit', 'subordinate', 'person')"
    )
