"""Complaints are raised, given to units, moved, and never changed."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0054"
down_revision = "0053"

_NOW = sa.text("clock_timestamp()")
_STEP = ("cycle_id", "complaint_id", "step")


def upgrade() -> None:
    """Add complaints, their moves, and the units that these name."""
    _complaints()
    _moves()
    _units()
    migrations.append_only("complaint", "complaint_move", "complaint_unit")
    migrations.recorded(
        Recorded("complaint", "Complaint", "投诉", by="cycle_id"),
        Recorded("complaint_move", "Move of a complaint", "投诉办理步骤", by="cycle_id"),
        Recorded("complaint_unit", "Unit of a complaint", "投诉所涉单位", by="cycle_id"),
    )


def _ids(*names: str, null: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=null) for name in names]


def _of(
    kind: sa.types.TypeEngine[object], *names: str, null: bool = False
) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _blinding() -> sa.Column[object]:
    drawn = sa.text("gen_random_uuid()")
    return sa.Column("blinding", sa.Uuid(), server_default=drawn, nullable=False)


def _complaints() -> None:
    table = "complaint"
    op.create_table(
        table,
        *_ids("cycle_id", "complaint_id"),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_of(sa.Text(), "reference"),
        *_of(sa.Text(), "source_ref", null=True),
        *_of(sa.Text(), "channel", "kind", "text"),
        *_of(sa.Boolean(), "about_office"),
        *_of(sa.Text(), "token", null=True),
        *_of(sa.Text(), "author", "author_person"),
        _moment("raised_at"),
        _blinding(),
        sa.PrimaryKeyConstraint("cycle_id", "complaint_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name=f"fk_{table}_cycle_id"),
        sa.UniqueConstraint("cycle_id", "reference", name=f"uq_{table}_cycle_id_reference"),
    )
    op.create_index(f"ix_{table}_cycle_id_number", table, ["cycle_id", "number"])
    op.create_index(
        f"uq_{table}_cycle_id_source_ref",
        table,
        ["cycle_id", "source_ref"],
        unique=True,
        postgresql_where=sa.text("source_ref IS NOT NULL"),
    )


def _moves() -> None:
    table = "complaint_move"
    op.create_table(
        table,
        *_ids("cycle_id", "complaint_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Text(), "move", "state", "kind"),
        *_of(sa.Date(), "due", null=True),
        *_of(sa.Boolean(), "late"),
        *_of(sa.BigInteger(), "assigned", "classified"),
        *_of(sa.Text(), "word", null=True),
        *_ids("first", null=True),
        *_of(sa.Text(), "text", null=True),
        *_of(sa.Text(), "actor", "person"),
        *_of(sa.Text(), "unit", null=True),
        _moment("entered_at"),
        _blinding(),
        sa.PrimaryKeyConstraint(*_STEP, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "complaint_id"],
            ["complaint.cycle_id", "complaint.complaint_id"],
            name=f"fk_{table}_complaint",
        ),
    )


def _units() -> None:
    table = "complaint_unit"
    op.create_table(
        table,
        *_ids("cycle_id", "complaint_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Text(), "unit", "role"),
        sa.PrimaryKeyConstraint(*_STEP, "unit", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            _STEP, [f"complaint_move.{name}" for name in _STEP], name=f"fk_{table}_move"
        ),
    )
    op.create_index(f"ix_{table}_cycle_id_unit", table, ["cycle_id", "unit"])
