"""Files that support entries and claims, by the digest of their content."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the files, and which entries and claims name them: all are added to and never changed."""
    op.create_table(
        "evidence",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "name")),
        *(sa.Column(name, sa.Integer()) for name in ("width", "height")),
        *(
            sa.Column(name, sa.Text())
            for name in ("taken_at", "picture_hash", "copy_kind", "copy_digest")
        ),
        sa.Column("copy_size", sa.BigInteger()),
        *_written("added_at"),
        sa.PrimaryKeyConstraint("cycle_id", "evidence_id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_evidence_cycle_id"),
    )
    op.create_index("ix_evidence_cycle_id_number", "evidence", ["cycle_id", "number"])
    op.create_index("ix_evidence_cycle_id_digest", "evidence", ["cycle_id", "digest"])
    for of in ("entry", "claim"):
        _named(of)
    op.create_foreign_key(
        "fk_claim_evidence_cycle_id_claim_id",
        "claim_evidence",
        "claim",
        ["cycle_id", "claim_id"],
        ["cycle_id", "claim_id"],
    )
    migrations.append_only("evidence", "entry_evidence", "claim_evidence")
    migrations.recorded(
        Recorded("evidence", "Evidence", "佐证材料", by="cycle_id"),
        Recorded("entry_evidence", "Evidence of an entry", "台账记录的佐证", by="cycle_id"),
        Recorded("claim_evidence", "Evidence of a claim", "申报的佐证", by="cycle_id"),
    )


def _named(of: str) -> None:
    table = f"{of}_evidence"
    op.create_table(
        table,
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("cycle_id", f"{of}_id", "evidence_id")
        ),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_written("named_at"),
        sa.PrimaryKeyConstraint("cycle_id", f"{of}_id", "evidence_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "evidence_id"],
            ["evidence.cycle_id", "evidence.evidence_id"],
            name=f"fk_{table}_cycle_id_evidence_id",
        ),
    )
    op.create_index(f"ix_{table}_cycle_id_evidence_id", table, ["cycle_id", "evidence_id"])


def _written(moment: str) -> list[sa.Column[object]]:
    now = {"server_default": sa.text("clock_timestamp()"), "nullable": False}
    return [
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_person", sa.Text(), nullable=False),
        sa.Column("author_unit", sa.Text()),
        sa.Column(moment, sa.DateTime(timezone=True), **now),
    ]
