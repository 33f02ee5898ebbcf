"""What an account is changes by facts that are added: what it is from then on, as a whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the changes, their confirmations, and what accounts are by them."""
    now = sa.func.clock_timestamp()
    op.create_table(
        "account_change",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.JSONB(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("awaits_confirmation", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_by_person", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint("version > 1", name=op.f("ck_account_change_version")),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_account_change_subject_account")
        ),
        sa.PrimaryKeyConstraint("subject", "version", name=op.f("pk_account_change")),
    )
    op.create_table(
        "account_change_confirmation",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by_person", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "version"],
            ["account_change.subject", "account_change.version"],
            name=op.f("fk_account_change_confirmation_subject_account_change"),
        ),
        sa.PrimaryKeyConstraint("subject", "version", name=op.f("pk_account_change_confirmation")),
    )
    for table in ("account_change", "account_change_confirmation"):
        migrations.append_only(table)
    op.execute(_PRESENT)
    op.execute(f'GRANT SELECT ON account_present TO "{migrations.service_role()}"')


# The latest change that is in effect, or the account as it was made; whether it may act now.
_PRESENT = """
    CREATE VIEW account_present AS
    SELECT a.subject, a.kind, a.person, a.secret_hash,
      coalesce(c.version, 1) AS version, coalesce(c.name, a.name) AS name,
      CASE WHEN c.subject IS NULL THEN a.unit ELSE c.unit END AS unit,
      coalesce(c.roles, a.roles) AS roles,
      coalesce(c.enabled, true) AND a.disabled_at IS NULL AS enabled, c.expires_on,
      c.subject IS NULL AND a.awaits_confirmation AND NOT EXISTS (
        SELECT 1 FROM account_confirmation f WHERE f.subject = a.subject) AS is_pending,
      (SELECT max(w.version) FROM account_change w
        WHERE w.subject = a.subject AND w.awaits_confirmation
          AND w.version > coalesce(c.version, 1)
          AND w.version = (SELECT max(version) FROM account_change WHERE subject = a.subject)
      ) AS pending_version
    FROM account a LEFT JOIN LATERAL (
      SELECT w.* FROM account_change w
      WHERE w.subject = a.subject AND (NOT w.awaits_confirmation OR EXISTS (
        SELECT 1 FROM account_change_confirmation f
        WHERE f.subject = w.subject AND f.version = w.version))
      ORDER BY w.version DESC LIMIT 1) c ON true
    """
