"""A supervised item says which rectification report it was opened for."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"

_TABLE = "supervised_item"
_REPORT = ("report_cycle_id", "report_number")


def upgrade() -> None:
    """Add the report that an item was opened for; a report opens one item, in whichever cycle."""
    op.add_column(_TABLE, sa.Column("report_cycle_id", sa.Uuid()))
    op.add_column(_TABLE, sa.Column("report_number", sa.Integer()))
    op.create_index(
        f"uq_{_TABLE}_report",
        _TABLE,
        [*_REPORT],
        unique=True,
        postgresql_where=sa.text("report_cycle_id IS NOT NULL AND restored_from IS NULL"),
    )
