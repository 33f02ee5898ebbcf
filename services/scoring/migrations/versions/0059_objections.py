"""Units object to what was fed back to them: objections, their moves, and the files of moves."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0059"
down_revision = "0058"

_NOW = sa.text("clock_timestamp()")
_STEP = ("cycle_id", "objection_id", "step")


def upgrade() -> None:
    """Add objections, their moves, and the files that moves name."""
    _objections()
    _moves()
    _evidence()
    migrations.append_only("objection", "objection_move", "objection_evidence")
    migrations.recorded(
        Recorded("objection", "Objection", "异议", by="cycle_id"),
        Recorded("objection_move", "Move of an objection", "异议办理步骤", by="cycle_id"),
        Recorded("objection_evidence", "Evidence of an objection", "异议佐证", by="cycle_id"),
    )


def _of(
    kind: sa.types.TypeEngine[object], *names: str, null: bool = False
) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _objections() -> None:
    table = "objection"
    op.create_table(
        table,
        *_of(sa.Uuid(), "cycle_id", "objection_id"),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_of(sa.Text(), "unit"),
        *_of(sa.Integer(), "objection_no"),
        *_of(sa.BigInteger(), "edition"),
        *_of(sa.Text(), "about"),
        *_of(sa.Text(), "indicator", null=True),
        *_of(sa.Uuid(), "claim_id", "entry_id", null=True),
        *_of(sa.Text(), "period", "light", "survey", null=True),
        *_of(sa.Integer(), "wave", null=True),
        *_of(sa.Text(), "score", null=True),
        *_of(sa.Text(), "asks", "author", "author_person"),
        _moment("filed_at"),
        sa.PrimaryKeyConstraint("cycle_id", "objection_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "edition"],
            ["score_sheet.cycle_id", "score_sheet.edition"],
            name=f"fk_{table}_edition",
        ),
    )
    op.create_index(f"ix_{table}_cycle_id_number", table, ["cycle_id", "number"])
    op.create_index(
        f"uq_{table}_cycle_id_unit_objection_no",
        table,
        ["cycle_id", "unit", "objection_no"],
        unique=True,
    )


def _moves() -> None:
    table = "objection_move"
    op.create_table(
        table,
        *_of(sa.Uuid(), "cycle_id", "objection_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Text(), "move", "state"),
        *_of(sa.Integer(), "level"),
        *_of(sa.Date(), "due", null=True),
        *_of(sa.Text(), "text"),
        *_of(sa.Text(), "stands", null=True),
        *_of(sa.Text(), "actor", "person"),
        *_of(sa.Text(), "unit", null=True),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint(*_STEP, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "objection_id"],
            ["objection.cycle_id", "objection.objection_id"],
            name=f"fk_{table}_objection",
        ),
    )


def _evidence() -> None:
    table = "objection_evidence"
    op.create_table(
        table,
        *_of(sa.Uuid(), "cycle_id", "objection_id"),
        *_of(sa.BigInteger(), "step"),
        *_of(sa.Uuid(), "evidence_id"),
        *_of(sa.Date(), "existed_on"),
        sa.PrimaryKeyConstraint(*_STEP, "evidence_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            _STEP, [f"objection_move.{name}" for name in _STEP], name=f"fk_{table}_move"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "evidence_id"],
            ["evidence.cycle_id", "evidence.evidence_id"],
            name=f"fk_{table}_evidence",
        ),
    )
