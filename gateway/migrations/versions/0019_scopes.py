"""An account may be limited to groups of routes and to cycles: its scope is one of its terms."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the scope to accounts and their changes, and to what accounts are at present."""
    for table in ("account", "account_change"):
        op.add_column(table, sa.Column("scope", sa.Text(), nullable=True))
    op.execute("DROP VIEW account_present")
    op.execute(_PRESENT)
    op.execute(f'GRANT SELECT ON account_present TO "{migrations.service_role()}"')


_PRESENT = """
    CREATE VIEW account_present AS
    SELECT a.subject, a.kind, a.person,
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
      ) AS pending_version,
      CASE WHEN c.subject IS NULL THEN a.scope ELSE c.scope END AS scope
    FROM account a LEFT JOIN LATERAL (
      SELECT w.* FROM account_change w
      WHERE w.subject = a.subject AND (NOT w.awaits_confirmation OR EXISTS (
        SELECT 1 FROM account_change_confirmation f
        WHERE f.subject = w.subject AND f.version = w.version))
      ORDER BY w.version DESC LIMIT 1) c ON true
    """
