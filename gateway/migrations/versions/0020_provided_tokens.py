"""Tokens of an outside provider for sessions of browsers, sealed with a key file."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add what the provider gave, each time anew; no row is changed."""
    now = sa.func.clock_timestamp()
    op.create_table(
        "provided_token",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.session_id"],
            name=op.f("fk_provided_token_session_id_session"),
        ),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_provided_token")),
    )
    migrations.append_only("provided_token")
