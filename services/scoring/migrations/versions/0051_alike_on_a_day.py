"""What happened on one day is looked for in any period."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0051"
down_revision = "0050"

_ON_A_DAY = (
    "(((((((((((cycle_id::text || ' '::text) || unit) || ' '::text) || indicator) || ' '::text)"
    " || kind) || ' @'::text) || ((occurred_on - '2000-01-01'::date))::text) || ' '::text)"
    " || COALESCE(key, ''::text)) || ' '::text) || COALESCE(item, ''::text)"
)


def upgrade() -> None:
    """Add the index by which events of one day are found, and look by it too."""
    op.create_index(
        "ix_ledger_entry_on_a_day",
        "ledger_entry",
        [sa.text(f"hashtext({_ON_A_DAY})"), "number"],
        postgresql_where=sa.text("occurred_on IS NOT NULL"),
    )
    op.execute("DROP FUNCTION entries_alike(text[], text[], text[], integer)")
    migrations.create(__file__, "alike")
