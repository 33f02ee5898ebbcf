"""The names of a jurisdiction's units are found without those of others."""

from alembic import op

revision = "0057"
down_revision = "0026"


def upgrade() -> None:
    op.create_index("ix_unit_name_jurisdiction_unit", "unit_name", ["jurisdiction", "unit"])
