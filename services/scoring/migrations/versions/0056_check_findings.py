"""What a team finds about entries, what the unit says to it, and what is decided."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0056"
down_revision = "0055"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add findings of checks, their steps and the files that they name."""
    _findings()
    _steps_and_files()
    migrations.append_only("check_finding", "check_finding_step", "check_finding_evidence")
    migrations.recorded(
        Recorded("check_finding", "Finding of a check", "检查结论", by="cycle_id"),
        Recorded("check_finding_step", "Step of a finding", "检查结论的办理", by="cycle_id"),
        Recorded("check_finding_evidence", "Evidence of a finding", "检查结论佐证", by="cycle_id"),
    )


def _findings() -> None:
    op.create_table(
        "check_finding",
        *_keys(),
        *_texts("check_code", "unit"),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        *_texts("verdict"),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("word", sa.Text(), nullable=True),
        *_texts("text"),
        sa.Column("answer_by", sa.Date(), nullable=False),
        *_texts("actor", "person"),
        _moment("found_at"),
        sa.PrimaryKeyConstraint("cycle_id", "finding_id", name="pk_check_finding"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "check_code"],
            ["check_commitment.cycle_id", "check_commitment.check_code"],
            name="fk_check_finding_cycle_id_check_code",
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "entry_id"],
            ["ledger_entry.cycle_id", "ledger_entry.entry_id"],
            name="fk_check_finding_cycle_id_entry_id",
        ),
    )
    for column in ("unit", "entry_id"):
        name = f"ix_check_finding_cycle_id_{column}"
        op.create_index(name, "check_finding", ["cycle_id", column])


def _steps_and_files() -> None:
    op.create_table(
        "check_finding_step",
        *_keys(),
        sa.Column("step", sa.BigInteger(), nullable=False),
        *_texts("state"),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("restated_by", sa.Uuid(), nullable=True),
        *_texts("actor", "person"),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint("cycle_id", "finding_id", "step", name="pk_check_finding_step"),
        _of("check_finding_step"),
    )
    op.create_table(
        "check_finding_evidence",
        *_keys(),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("cycle_id", "finding_id", "evidence_id"), name="pk_check_finding_evidence"
        ),
        _of("check_finding_evidence"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "evidence_id"],
            ["evidence.cycle_id", "evidence.evidence_id"],
            name="fk_check_finding_evidence_cycle_id_evidence_id",
        ),
    )
    op.create_index(
        "ix_check_finding_evidence_cycle_id_evidence_id",
        "check_finding_evidence",
        ["cycle_id", "evidence_id"],
    )


def _keys() -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "finding_id")]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "finding_id"],
        ["check_finding.cycle_id", "check_finding.finding_id"],
        name=f"fk_{table}_cycle_id_finding_id",
    )
