"""Money that was paid by a consequence, or came back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Keep it with the step."""
    op.add_column("consequence_step", sa.Column("money", sa.Numeric()))
