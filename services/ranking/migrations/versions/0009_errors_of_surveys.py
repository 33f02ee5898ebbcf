"""A ranking keeps how sure its surveys are, and how many of their waves were voided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Null in what is there: nobody looked when it was computed.
    op.add_column("ranking", sa.Column("survey_errors", JSONB(), nullable=True))
    op.add_column("ranking", sa.Column("voided_waves", JSONB(), nullable=True))
