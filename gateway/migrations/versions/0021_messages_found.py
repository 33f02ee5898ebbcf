"""Messages of webhooks are found by their events, and payloads that were kept long enough."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add two indexes; whoever looks for old payloads does not read every message."""
    op.create_index(
        "ix_webhook_message_kept",
        "webhook_message",
        ["frozen_at"],
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_webhook_message_webhook_id_event_id"),
        "webhook_message",
        ["webhook_id", "event_id"],
    )
