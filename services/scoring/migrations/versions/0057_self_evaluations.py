"""Units say what they hold to have earned, and are compared with the record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0057"
down_revision = "0056"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add self marks, that they were handed in, comparisons, and gaps."""
    op.create_table(
        "self_mark",
        *_keys("unit", "indicator"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Numeric(), nullable=False),
        *_texts("text"),
        sa.Column("evidence", JSONB(), nullable=False),
        *_texts("actor", "person"),
        _moment("entered_at"),
        *_of_ledger("self_mark", "unit", "indicator", "version"),
    )
    op.create_table(
        "self_evaluation",
        *_keys("unit"),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        *_texts("actor", "person"),
        _moment("handed_in_at"),
        *_of_ledger("self_evaluation", "unit"),
    )
    op.create_table(
        "self_evaluation_comparison",
        *_keys(),
        sa.Column("tolerance", sa.Numeric(), nullable=False),
        *_texts("actor", "person"),
        _moment("compared_at"),
        *_of_ledger("self_evaluation_comparison"),
    )
    op.create_table(
        "self_evaluation_gap",
        *_keys("unit", "indicator"),
        sa.Column("points", sa.Numeric(), nullable=False),
        sa.Column("mark", sa.Numeric(), nullable=True),
        sa.Column("earned", sa.Numeric(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("withheld", "over")),
        sa.PrimaryKeyConstraint(
            "cycle_id", "round_code", "unit", "indicator", name="pk_self_evaluation_gap"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "round_code"],
            ["self_evaluation_comparison.cycle_id", "self_evaluation_comparison.round_code"],
            name="fk_self_evaluation_gap_cycle_id_round_code",
        ),
    )
    tables = "self_mark", "self_evaluation", "self_evaluation_comparison", "self_evaluation_gap"
    migrations.append_only(*tables)
    migrations.recorded(
        Recorded("self_mark", "Self mark", "自评分", by="cycle_id"),
        Recorded("self_evaluation", "Self-evaluation", "自评的提交", by="cycle_id"),
        Recorded(
            "self_evaluation_comparison",
            "Comparison of self-evaluations",
            "自评的比对",
            by="cycle_id",
        ),
        Recorded("self_evaluation_gap", "Gap of a self mark", "自评的差距", by="cycle_id"),
    )


def _keys(*names: str) -> list[sa.Column[object]]:
    return [sa.Column("cycle_id", sa.Uuid(), nullable=False), *_texts("round_code", *names)]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _of_ledger(table: str, *keys: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("cycle_id", "round_code", *keys, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name=f"fk_{table}_cycle_id"),
    ]
