"""A secret that waits to be confirmed waits for seven days at most, as all that waits does."""

from chassis import migrations

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Have what waited for longer be expired."""
    migrations.create(__file__, "secrets")
