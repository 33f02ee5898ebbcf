"""The rows of single records are compared by functions that are written out for their tables."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change nothing here: after each run of migrations the chassis writes these functions."""
