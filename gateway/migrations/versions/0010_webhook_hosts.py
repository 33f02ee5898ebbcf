"""Hosts that webhooks may be sent to, with who confirmed and who withdrew them."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the hosts and what was done about them, as facts that are only added."""
    now = sa.func.clock_timestamp()
    op.create_table(
        "webhook_host",
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("awaits_confirmation", sa.Boolean(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_by_person", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_webhook_host")),
    )
    op.create_table(
        "webhook_host_confirmation",
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by_person", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["webhook_host.host_id"],
            name=op.f("fk_webhook_host_confirmation_host_id_webhook_host"),
        ),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_webhook_host_confirmation")),
    )
    op.create_table(
        "webhook_host_withdrawal",
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["webhook_host.host_id"],
            name=op.f("fk_webhook_host_withdrawal_host_id_webhook_host"),
        ),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_webhook_host_withdrawal")),
    )
    migrations.append_only("webhook_host", "webhook_host_confirmation", "webhook_host_withdrawal")
