"""A secret that two people grant is drawn when the second one confirms it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Keep the hash of what is drawn with the confirmation, and have that one open the account."""
    column = sa.Column("secret_hash", sa.Text(), nullable=True)
    op.add_column("account_secret_confirmation", column)
    op.execute("DROP VIEW secret_present")
    op.execute(_PRESENT)
    op.execute(f'GRANT SELECT ON secret_present TO "{migrations.service_role()}"')


_PRESENT = """
    CREATE VIEW secret_present AS
    SELECT s.subject, s.number, coalesce(c.secret_hash, s.secret_hash) AS secret_hash,
      s.made_by, s.made_by_person, s.made_at,
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
