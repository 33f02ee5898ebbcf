"""The rows of single records are compared by functions that are written out for their tables."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Change nothing here: after each run of migrations the chassis writes these functions."""
