"""Lists of what may be checked are fixed, and drawn by a seed that is told later."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0049"
down_revision = "0048"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add the commitments of checks, their lists and their seeds."""
    op.create_table(
        "check_commitment",
        *_keys(),
        *_texts("name", "kind", "readers", "seed_source"),
        sa.Column("seed_on", sa.Date(), nullable=False),
        *_texts("content", "digest", "actor", "person"),
        sa.Column("committed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "check_code", name="pk_check_commitment"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_check_commitment_cycle_id"
        ),
    )
    op.create_table(
        "check_list",
        *_keys(),
        *_texts("name", "category"),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("draws", sa.BigInteger(), nullable=False),
        *_texts("content", "digest"),
        sa.PrimaryKeyConstraint("cycle_id", "check_code", "name", name="pk_check_list"),
        _of_check("check_list"),
    )
    op.create_table(
        "check_draw",
        *_keys(),
        *_texts("seed", "found_in", "digest", "actor", "person"),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "check_code", name="pk_check_draw"),
        _of_check("check_draw"),
    )
    migrations.append_only("check_commitment", "check_list", "check_draw")
    migrations.recorded(
        Recorded("check_commitment", "Commitment of a check", "检查的名单固定", by="cycle_id"),
        Recorded("check_list", "List of a check", "检查的抽取名单", by="cycle_id"),
        Recorded("check_draw", "Draw of a check", "检查的抽取", by="cycle_id"),
    )


def _keys() -> list[sa.Column[object]]:
    return [sa.Column("cycle_id", sa.Uuid(), nullable=False), *_texts("check_code")]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _of_check(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "check_code"],
        ["check_commitment.cycle_id", "check_commitment.check_code"],
        name=f"fk_{table}_cycle_id_check_code",
    )
