"""A move of a supervised item says how the system that sent it names it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

_NAME = "uq_supervised_item_move_source_ref"


def upgrade() -> None:
    """Add the name, one for each move of a unit: moves of before have none."""
    table = "supervised_item_move"
    op.add_column(table, sa.Column("source_ref", sa.Text()))
    named = sa.text("source_ref IS NOT NULL")
    keys = ["cycle_id", "item_id", "unit", "source_ref"]
    op.create_index(_NAME, table, keys, unique=True, postgresql_where=named)
