"""Corrections of a sealed ledger may be about claims, and then about all shares of an award."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    """Add the claim that a correction is about, which is no indicator's; one correction rests on
    another for each unit."""
    op.add_column("correction", sa.Column("claim_id", sa.Uuid()))
    op.alter_column("correction", "indicator", nullable=True)
    op.create_foreign_key(
        "fk_correction_claim_id",
        "correction",
        "claim",
        ["cycle_id", "claim_id"],
        ["cycle_id", "claim_id"],
    )
    op.create_index("ix_correction_claim_id", "correction", ["claim_id"])
    op.drop_index("uq_correction_rests_on", "correction")
    op.create_index(
        "uq_correction_rests_on_unit",
        "correction",
        ["cycle_id", "rests_on", "unit"],
        unique=True,
        postgresql_where=sa.text("rests_on IS NOT NULL"),
    )
