"""Keys that clients sign their messages with, and the archive of signed messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add keys with what was done about them, and messages with their answers; all are facts."""
    op.create_table(
        "message_key",
        *_names(),
        sa.Column("jwk", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("awaits_confirmation", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_by_person", sa.Text(), nullable=False),
        _moment("added_at"),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_message_key_subject_account")
        ),
        sa.PrimaryKeyConstraint("subject", "key_id", name=op.f("pk_message_key")),
    )
    op.create_table(
        "message_key_confirmation",
        *_names(),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by_person", sa.Text(), nullable=False),
        _moment("confirmed_at"),
        *_of_a_key("message_key_confirmation"),
    )
    op.create_table(
        "message_key_withdrawal",
        *_names(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        _moment("withdrawn_at"),
        *_of_a_key("message_key_withdrawal"),
    )
    op.create_table(
        "received_message",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        *_names(),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _moment("received_at"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_received_message")),
    )
    op.create_index(
        op.f("ix_received_message_subject_message_id"),
        "received_message",
        ["subject", "message_id"],
    )
    op.create_table(
        "answered_message",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        _moment("answered_at"),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["received_message.message_id"],
            name=op.f("fk_answered_message_message_id_received_message"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_answered_message")),
    )
    migrations.append_only("message_key", "message_key_confirmation", "message_key_withdrawal")
    migrations.append_only("received_message", "answered_message")


def _names() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in ("subject", "key_id")]


def _of_a_key(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["subject", "key_id"],
            ["message_key.subject", "message_key.key_id"],
            name=op.f(f"fk_{table}_subject_message_key"),
        ),
        sa.PrimaryKeyConstraint("subject", "key_id", name=op.f(f"pk_{table}")),
    )


def _moment(name: str) -> sa.Column[sa.DateTime]:
    now = sa.func.clock_timestamp()
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
