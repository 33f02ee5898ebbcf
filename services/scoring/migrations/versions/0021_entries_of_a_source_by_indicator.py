"""What a source has made for one indicator is found by an index."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the index: a source may have made nearly all entries of a cycle, and the other entries of
    the indicator may be as many."""
    op.execute(
        "CREATE INDEX ix_ledger_entry_standing_source ON ledger_entry_standing"
        " (cycle_id, (author_unit || ' ' || indicator || ' ' || state), number)"
    )
