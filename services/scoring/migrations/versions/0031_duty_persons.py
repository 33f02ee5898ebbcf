"""Who is in charge of what a unit owes is named, from a day on."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the persons in charge: a later row counts from its day on, and none is changed."""
    op.create_table(
        "duty_person",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "assignment_id")),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text()),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("lead", "deputy", "assigned_by", "assigned_person")
        ),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column(
            "assigned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", "assignment_id", name="pk_duty_person"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_duty_person_cycle_id"),
    )
    op.create_index("ix_duty_person_cycle_id_number", "duty_person", ["cycle_id", "number"])
    migrations.append_only("duty_person")
    person = Recorded("duty_person", "Person in charge of a duty", "报送责任人", by="cycle_id")
    migrations.recorded(person)
