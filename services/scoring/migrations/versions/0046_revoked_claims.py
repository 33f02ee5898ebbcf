"""Claims are looked up by the award that they revoke."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0050"


def upgrade() -> None:
    """Index which claim is revoked."""
    op.create_index(
        "ix_claim_revokes", "claim", ["revokes"], postgresql_where=sa.text("revokes IS NOT NULL")
    )
