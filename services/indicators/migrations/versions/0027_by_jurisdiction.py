"""What is of a jurisdiction is found without reading what is of others."""

from alembic import op

revision = "0027"
down_revision = "0026"

_OF_CHAINS = (
    "id_scheme",
    "unit",
    "unit_kind_correction",
    "unit_mapping",
    "unit_name",
    "unit_succession",
)


def upgrade() -> None:
    for table in _OF_CHAINS:
        op.create_index(f"ix_{table}_chain", table, ["chain"])
    op.create_index("ix_unit_name_jurisdiction_unit", "unit_name", ["jurisdiction", "unit"])
    op.drop_index("ix_unit_mapping_id_scheme_code")
    columns = ["jurisdiction", "id_scheme", "code"]
    op.create_index("ix_unit_mapping_jurisdiction_id_scheme_code", "unit_mapping", columns)
