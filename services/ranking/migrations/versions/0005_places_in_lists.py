"""A demotion may rest on a unit's place in a superior's list."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for column in ("rank", "list_size"):
        op.add_column("demotion", sa.Column(column, sa.Integer(), nullable=True))
