"""One claim that several units have together, and what of a claim an indicator scores already."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Add with which claim another was filed, for which share, what the unit says of that, and in
    which indicator an entry counts that names what a claim is about."""
    op.add_column("claim", sa.Column("filed_with", sa.Uuid()))
    op.add_column("claim", sa.Column("proposed_share", sa.Numeric()))
    op.create_foreign_key(
        "fk_claim_filed_with",
        "claim",
        "claim",
        ["cycle_id", "filed_with"],
        ["cycle_id", "claim_id"],
    )
    op.create_check_constraint(
        op.f("ck_claim_proposed_share"),
        "claim",
        "proposed_share IS NULL"
        " OR (filed_with IS NOT NULL AND proposed_share > 0 AND proposed_share <= 1)",
    )
    op.add_column("claim_state", sa.Column("agreed", sa.Boolean()))
    op.add_column("claim", sa.Column("matter_key", sa.Text(), server_default="", nullable=False))
    migrations.create(__file__, "scored")
