"""Until when a browser's session stays open while nobody uses it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add when sessions of browsers are left alone; it is put off, and never brought forward."""
    op.create_table(
        "browser_session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.session_id"],
            name=op.f("fk_browser_session_session_id_session"),
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_browser_session")),
    )
    migrations.writable("browser_session", columns=["idle_until"])
    migrations.forward_only("browser_session", "NEW.idle_until >= OLD.idle_until")
