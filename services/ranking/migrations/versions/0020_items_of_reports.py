"""A step of a rectification report says how its supervised item stood, and of which cycle it is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add both: steps of before tell of no item, or of one of their own cycle."""
    op.add_column("consequence_step", sa.Column("item_cycle_id", sa.Uuid()))
    op.add_column("consequence_step", sa.Column("item_state", sa.String()))
