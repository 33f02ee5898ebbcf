"""A cycle that took entries over may be restored where the other one is not."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Let an entry that was taken over name a cycle that is not here."""
    op.drop_constraint("fk_adopted_entry_from_cycle_id", "adopted_entry", type_="foreignkey")
