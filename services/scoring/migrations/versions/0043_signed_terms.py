"""An entry that is to be signed off was handed in once it was signed too."""

from alembic import op

from chassis import migrations

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Put a function that knows of signatures in the place of the one that does not."""
    op.execute("DROP FUNCTION entry_terms(uuid, uuid)")
    migrations.create(__file__, "signed_terms")
