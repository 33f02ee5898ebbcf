"""A person chooses another password: a secret that is added, and the latest one opens."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the secrets after the first, and have what accounts are at present know the latest."""
    op.create_table(
        "account_secret",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.CheckConstraint("number > 1", name=op.f("ck_account_secret_number")),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_account_secret_subject_account")
        ),
        sa.PrimaryKeyConstraint("subject", "number", name=op.f("pk_account_secret")),
    )
    migrations.append_only("account_secret")
    # The text of the view as it is, with another source of the one column.
    view = op.get_bind().scalar(sa.text("SELECT pg_get_viewdef('account_present'::regclass, true)"))
    found = view.replace("a.secret_hash,", f"{_LATEST} AS secret_hash,", 1)
    assert found != view  # noqa: S101 - else nobody would notice
    op.execute(f"CREATE OR REPLACE VIEW account_present AS {found}")


_LATEST = """coalesce((SELECT s.secret_hash FROM account_secret s WHERE s.subject = a.subject
    ORDER BY s.number DESC LIMIT 1), a.secret_hash)"""
