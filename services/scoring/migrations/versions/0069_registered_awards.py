"""Awards and titles of units are registered, examined, and never changed."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0069"
down_revision = "0068"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add registered awards, their holders and their states."""
    _awards()
    _holders()
    _states()
    tables = ("registered_award", "registered_award_holder", "registered_award_state")
    migrations.append_only(*tables)
    migrations.recorded(
        Recorded("registered_award", "Registered award", "登记的奖项", by="cycle_id"),
        Recorded(
            "registered_award_holder",
            "Holder of a registered award",
            "登记奖项的获得者",
            by="cycle_id",
        ),
        Recorded(
            "registered_award_state", "State of a registered award", "登记奖项状态", by="cycle_id"
        ),
    )


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _awards() -> None:
    op.create_table(
        "registered_award",
        *_ids("cycle_id", "award_id"),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_texts("kind", "name", "name_key", "level", "authority"),
        *_texts("granted_by", nullable=True),
        *_texts("document_no"),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("in_own_name", sa.Boolean(), nullable=False),
        *_texts("priority", nullable=True),
        *_texts("fingerprint", "author", "author_person"),
        *_texts("author_unit", nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "award_id", name="pk_registered_award"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_registered_award_cycle_id"
        ),
    )
    op.create_index(
        "ix_registered_award_cycle_id_number", "registered_award", ["cycle_id", "number"]
    )
    op.create_index("ix_registered_award_fingerprint", "registered_award", ["fingerprint"])


def _holders() -> None:
    op.create_table(
        "registered_award_holder",
        *_ids("cycle_id", "award_id"),
        sa.Column("holder_no", sa.BigInteger(), nullable=False),
        *_texts("unit", "holder_name", "holder_kind", "holder_key"),
        sa.PrimaryKeyConstraint(
            "cycle_id", "award_id", "holder_no", name="pk_registered_award_holder"
        ),
        _of_award("registered_award_holder"),
    )
    op.create_index(
        "ix_registered_award_holder_cycle_id_unit", "registered_award_holder", ["cycle_id", "unit"]
    )


def _states() -> None:
    op.create_table(
        "registered_award_state",
        *_ids("cycle_id", "award_id"),
        sa.Column("step", sa.BigInteger(), nullable=False),
        *_texts("state"),
        *_texts("reason", nullable=True),
        *_texts("actor", "person"),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "award_id", "step", name="pk_registered_award_state"),
        _of_award("registered_award_state"),
    )


def _of_award(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "award_id"],
        ["registered_award.cycle_id", "registered_award.award_id"],
        name=f"fk_{table}_award",
    )
