"""Each chain of the journal has a number, by which readers of events say how far they are."""

from chassis import migrations

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Number the chains that there are; further ones get the next numbers."""
    migrations.number_chains()
