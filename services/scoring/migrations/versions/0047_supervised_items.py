"""Supervised items are registered, given to units, moved, and never changed."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0047"
down_revision = "0046"

_NOW = sa.text("clock_timestamp()")
_STEP = ("cycle_id", "item_id", "step")


def upgrade() -> None:
    """Add items, their moves, to whom they are given, and the files that moves name."""
    _items()
    _moves()
    _units()
    _evidence()
    migrations.append_only(
        "supervised_item",
        "supervised_item_move",
        "supervised_item_unit",
        "supervised_item_evidence",
    )
    migrations.recorded(
        Recorded("supervised_item", "Supervised item", "督办事项", by="cycle_id"),
        Recorded("supervised_item_move", "Move of an item", "督办事项办理步骤", by="cycle_id"),
        Recorded("supervised_item_unit", "Unit of an item", "督办事项承办单位", by="cycle_id"),
        Recorded("supervised_item_evidence", "Evidence of an item", "督办事项佐证", by="cycle_id"),
    )


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _of(
    kind: sa.types.TypeEngine[object], *names: str, null: bool = False
) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _number() -> sa.Column[object]:
    return sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False)


def _items() -> None:
    table = "supervised_item"
    op.create_table(
        table,
        *_ids("cycle_id", "item_id"),
        _number(),
        *_of(sa.Text(), "source_ref", null=True),
        *_of(sa.Text(), "kind", "title", "text"),
        *_of(sa.Text(), "document_no", null=True),
        *_of(sa.Date(), "document_date", null=True),
        *_of(sa.Text(), "meeting", null=True),
        *_of(sa.Boolean(), "confidential"),
        *_of(sa.Date(), "until", null=True),
        *_of(sa.Integer(), "within", null=True),
        *_of(sa.Text(), "report_every", null=True),
        *_of(sa.Text(), "author", "author_person"),
        _moment("registered_at"),
        sa.PrimaryKeyConstraint("cycle_id", "item_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name=f"fk_{table}_cycle_id"),
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
    table = "supervised_item_move"
    op.create_table(
        table,
        *_ids("cycle_id", "item_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Text(), "move", "state"),
        *_of(sa.Date(), "due", null=True),
        *_of(sa.Integer(), "days_left", null=True),
        *_of(sa.BigInteger(), "term", null=True),
        *_of(sa.Date(), "done_on", null=True),
        *_of(sa.Integer(), "completion"),
        *_of(sa.Date(), "report_due", "asked", null=True),
        *_of(sa.BigInteger(), "assigned"),
        *_of(sa.Text(), "text", null=True),
        *_of(sa.Text(), "actor", "person"),
        *_of(sa.Text(), "unit", null=True),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint(*_STEP, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "item_id"],
            ["supervised_item.cycle_id", "supervised_item.item_id"],
            name=f"fk_{table}_item",
        ),
    )


def _units() -> None:
    table = "supervised_item_unit"
    op.create_table(
        table,
        *_ids("cycle_id", "item_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Text(), "unit", "role"),
        *_of(sa.Integer(), "share"),
        sa.PrimaryKeyConstraint(*_STEP, "unit", name=f"pk_{table}"),
        _of_move(table),
    )
    op.create_index(f"ix_{table}_cycle_id_unit", table, ["cycle_id", "unit"])


def _evidence() -> None:
    table = "supervised_item_evidence"
    op.create_table(
        table,
        *_ids("cycle_id", "item_id"),
        *_of(sa.BigInteger(), "step"),
        *_ids("evidence_id"),
        _number(),
        sa.PrimaryKeyConstraint(*_STEP, "evidence_id", name=f"pk_{table}"),
        _of_move(table),
        sa.ForeignKeyConstraint(
            ["cycle_id", "evidence_id"],
            ["evidence.cycle_id", "evidence.evidence_id"],
            name=f"fk_{table}_evidence",
        ),
    )
    op.create_index(f"ix_{table}_cycle_id_evidence_id", table, ["cycle_id", "evidence_id"])


def _of_move(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        _STEP, [f"supervised_item_move.{name}" for name in _STEP], name=f"fk_{table}_move"
    )
