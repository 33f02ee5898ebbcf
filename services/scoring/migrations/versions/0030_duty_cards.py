"""Cards of duties are written once each."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the cards: one for each duty and light, added to and never changed."""
    key = ("unit", "indicator", "period", "light")
    op.create_table(
        "duty_card",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in key),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("due", "shown_on")),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", *key, name="pk_duty_card"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_duty_card_cycle_id"),
    )
    op.create_index("ix_duty_card_cycle_id_number", "duty_card", ["cycle_id", "number"])
    migrations.append_only("duty_card")
    migrations.recorded(
        Recorded("duty_card", "Card of a duty", "报送任务的预警与牌", by="cycle_id")
    )
