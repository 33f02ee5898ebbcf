"""Claim numbers are each unit's own: what others used up would be told by what is refused."""

from alembic import op

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    op.drop_constraint("uq_claim_cycle_id_claim_no", "claim", type_="unique")
    op.create_unique_constraint(
        "uq_claim_cycle_id_unit_claim_no", "claim", ["cycle_id", "unit", "claim_no"]
    )
