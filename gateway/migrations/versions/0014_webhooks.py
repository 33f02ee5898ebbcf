"""Webhooks: what is wanted, what was frozen to be sent, what was tried, and how far each is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0014"
down_revision = "0013"

_NOW = sa.func.clock_timestamp()


def upgrade() -> None:
    """Add facts that are only added, and one row for each webhook that says how far it is."""
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", postgresql.JSONB(), nullable=True),
        sa.Column("cycle_id", sa.Uuid(), nullable=True),
        sa.Column("start", sa.Text(), nullable=True),
        _moment("created_at"),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_webhook_subject_account")
        ),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_subject"), "webhook", ["subject"])
    _of_webhooks(
        "webhook_step",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        _moment("at"),
    )
    _of_webhooks(
        "webhook_secret",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("others_end_at", sa.DateTime(timezone=True), nullable=False),
        _moment("made_at"),
    )
    _of_webhooks(
        "webhook_attempt",
        ["position", "generation", "number"],
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("redelivery", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        _moment("at"),
    )
    op.create_index(
        "ix_webhook_attempt_given_up",
        "webhook_attempt",
        ["webhook_id", "position"],
        postgresql_where=sa.text("outcome = 'given-up'"),
    )
    _of_webhooks(
        "webhook_redelivery",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        _moment("asked_at"),
    )
    migrations.append_only(
        "webhook", "webhook_step", "webhook_secret", "webhook_attempt", "webhook_redelivery"
    )
    _messages()
    _progress()
    op.execute(_PRESENT)
    op.execute(f'GRANT SELECT ON webhook_present TO "{migrations.service_role()}"')


def _messages() -> None:
    _of_webhooks(
        "webhook_message",
        ["position", "generation"],
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        _moment("frozen_at"),
    )
    migrations.writable("webhook_message", ["payload"])
    migrations.forward_only("webhook_message", "NEW.payload IS NULL")


def _progress() -> None:
    numbers = {"generation": sa.Integer(), "redelivery": sa.Integer()}
    numbers |= dict.fromkeys(("frozen", "settled", "redelivered"), sa.BigInteger())
    columns = [
        sa.Column("standing", sa.Text(), nullable=True),
        *(sa.Column(n, kind, server_default="0", nullable=False) for n, kind in numbers.items()),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        _moment("due_at"),
        sa.Column("is_idle", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
    ]
    _of_webhooks("webhook_progress", [], *columns)
    migrations.writable("webhook_progress", [column.name for column in columns])


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _of_webhooks(name: str, key: list[str], *columns: sa.Column[object]) -> None:
    """Create a table of what belongs to a webhook."""
    op.create_table(
        name,
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.webhook_id"], name=op.f(f"fk_{name}_webhook_id_webhook")
        ),
        sa.PrimaryKeyConstraint("webhook_id", *key, name=op.f(f"pk_{name}")),
    )


_PRESENT = """
    CREATE VIEW webhook_present AS
    SELECT w.*, s.number AS step, s.state, s.reason AS state_reason, s.at AS state_since
    FROM webhook w CROSS JOIN LATERAL (
      SELECT * FROM webhook_step s WHERE s.webhook_id = w.webhook_id ORDER BY s.number DESC LIMIT 1
    ) s
    """
