"""Units remark on the open record: an objection to no edition, put to the unit that entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    """Let an objection be about no edition, and add the unit that it is put to."""
    op.alter_column("objection", "edition", nullable=True)
    op.add_column("objection", sa.Column("put_to", sa.Text()))
