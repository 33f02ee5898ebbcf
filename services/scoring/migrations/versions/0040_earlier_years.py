"""Awards of earlier years are taken back where that is found, and events that counted then told."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Add which claim is revoked with the points that it brought, and what an event brought."""
    op.add_column("claim", sa.Column("revokes", sa.Uuid()))
    op.add_column("claim", sa.Column("revoked_points", sa.Numeric()))
    op.create_check_constraint(
        op.f("ck_claim_revokes"),
        "claim",
        "(revokes IS NULL) = (revoked_points IS NULL)"
        " AND (revokes IS NULL OR (kind = 'deduction' AND revoked_points > 0))",
    )
    op.add_column("claim_state", sa.Column("earlier_points", sa.Numeric()))
    op.create_check_constraint(
        op.f("ck_claim_state_earlier_points"), "claim_state", "earlier_points >= 0"
    )
