"""Sessions of people: facts that one was opened, renewed and ended."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add sessions, their refresh tokens, the use of each, and how they ended."""
    op.create_table(
        "session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _moment("opened_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('bearer', 'browser')", name=op.f("ck_session_kind")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_session_secret_digest")),
    )
    op.create_index(op.f("ix_session_subject_opened_at"), "session", ["subject", "opened_at"])
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("made_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.session_id"], name=op.f("fk_refresh_token_session_id_session")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint(
            "session_id", "number", name=op.f("uq_refresh_token_session_id_number")
        ),
    )
    op.create_table(
        "refresh_use",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _moment("used_at"),
        sa.ForeignKeyConstraint(
            ["digest"], ["refresh_token.digest"], name=op.f("fk_refresh_use_digest_refresh_token")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_use")),
    )
    op.create_table(
        "session_end",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        _moment("ended_at"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.session_id"], name=op.f("fk_session_end_session_id_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_end")),
    )
    migrations.append_only("session", "refresh_token", "refresh_use", "session_end")


def _moment(name: str) -> sa.Column[sa.DateTime]:
    now = sa.func.clock_timestamp()
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
