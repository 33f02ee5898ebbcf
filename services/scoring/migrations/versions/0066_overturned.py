"""What an overturned entry costs is a correction that rests on the one which overturned it."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    """Add what a correction rests on, one each, and why a decision costs nobody."""
    op.add_column("correction", sa.Column("rests_on", sa.Uuid()))
    op.add_column("correction_decision", sa.Column("kept_alone", sa.Text()))
    op.create_foreign_key(
        "fk_correction_rests_on",
        "correction",
        "correction",
        ["cycle_id", "rests_on"],
        ["cycle_id", "correction_id"],
    )
    op.create_index(
        "uq_correction_rests_on",
        "correction",
        ["cycle_id", "rests_on"],
        unique=True,
        postgresql_where=sa.text("rests_on IS NOT NULL"),
    )
