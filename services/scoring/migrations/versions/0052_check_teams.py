"""Who checks a drawn unit: reviewers that are fixed before the seed, and teams that are named."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0052"
down_revision = "0051"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add the reviewers of checks, who of them may check whom, and teams that were named."""
    op.create_table(
        "check_pool",
        *_keys(),
        sa.Column("members", sa.BigInteger(), nullable=False),
        *_texts("content", "digest", "actor", "person"),
        _moment("fixed_at"),
        sa.PrimaryKeyConstraint("cycle_id", "check_code", name="pk_check_pool"),
        _of("check_pool", "check_commitment"),
    )
    op.create_table(
        "check_reviewer",
        *_keys(),
        *_texts("reviewer"),
        sa.Column("unit", sa.Text(), nullable=True),
        *_texts("conflicts"),
        sa.PrimaryKeyConstraint("cycle_id", "check_code", "reviewer", name="pk_check_reviewer"),
        _of("check_reviewer", "check_pool"),
    )
    op.create_table(
        "check_team_member",
        *_keys(),
        *_texts("unit"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *_texts("reviewer"),
        sa.Column("reviewer_unit", sa.Text(), nullable=True),
        *_texts("reason", "actor", "person"),
        _moment("named_at"),
        sa.PrimaryKeyConstraint(
            *("cycle_id", "check_code", "unit", "number", "reviewer"), name="pk_check_team_member"
        ),
        _of("check_team_member", "check_commitment"),
    )
    migrations.append_only("check_pool", "check_reviewer", "check_team_member")
    migrations.recorded(
        Recorded("check_pool", "Reviewers of a check", "检查人员的固定", by="cycle_id"),
        Recorded("check_reviewer", "Reviewer of a check", "检查人员", by="cycle_id"),
        Recorded("check_team_member", "Member of a team", "检查组成员", by="cycle_id"),
    )


def _keys() -> list[sa.Column[object]]:
    return [sa.Column("cycle_id", sa.Uuid(), nullable=False), *_texts("check_code")]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "check_code"],
        [f"{other}.cycle_id", f"{other}.check_code"],
        name=f"fk_{table}_cycle_id_check_code",
    )
