"""Resets of passwords and second factors, and secrets that open once."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0018"
down_revision = "0017"

_NOW = sa.func.clock_timestamp()


def upgrade() -> None:
    """Add resets and their effect, and have a secret be one that opens for another to be chosen."""
    op.create_table(
        "account_reset",
        *_key(),
        sa.Column("password", sa.Boolean(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_by_person", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("password OR second_factor", name=op.f("ck_account_reset_something")),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_account_reset_subject_account")
        ),
        sa.PrimaryKeyConstraint("subject", "number", name=op.f("pk_account_reset")),
    )
    op.create_table(
        "account_reset_effect",
        *_key(),
        sa.Column("secret_number", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_by_person", sa.Text(), nullable=True),
        sa.Column("effected_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "number"],
            ["account_reset.subject", "account_reset.number"],
            name=op.f("fk_account_reset_effect_subject_number_account_reset"),
        ),
        sa.PrimaryKeyConstraint("subject", "number", name=op.f("pk_account_reset_effect")),
    )
    migrations.append_only("account_reset", "account_reset_effect")
    one_time = sa.Column("one_time_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("account_secret", one_time)
    op.execute("DROP VIEW secret_present")
    op.execute(_PRESENT)
    op.execute(f'GRANT SELECT ON secret_present TO "{migrations.service_role()}"')


def _key() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )


_PRESENT = """
    CREATE VIEW secret_present AS
    SELECT s.subject, s.number, s.secret_hash, s.made_by, s.made_by_person, s.made_at,
      s.expires_on, s.awaits_confirmation AND c.subject IS NULL AS is_pending,
      coalesce(s.expires_on <= current_date OR s.one_time_until <= clock_timestamp(), false)
        AS is_expired,
      c.confirmed_by, c.confirmed_at, r.revoked_by, r.revoked_at, u.last_used_at,
      s.one_time_until
    FROM (
      SELECT subject, 1 AS number, secret_hash, created_by AS made_by,
        created_by_person AS made_by_person, created_at AS made_at,
        secret_expires_on AS expires_on, false AS awaits_confirmation,
        NULL::timestamptz AS one_time_until
      FROM account
      UNION ALL
      SELECT subject, number, secret_hash, made_by, made_by_person, made_at, expires_on,
        awaits_confirmation, one_time_until
      FROM account_secret) s
    LEFT JOIN account_secret_confirmation c USING (subject, number)
    LEFT JOIN account_secret_revocation r USING (subject, number)
    LEFT JOIN secret_use u USING (subject, number)
    """
