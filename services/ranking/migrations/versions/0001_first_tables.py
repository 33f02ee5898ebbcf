"""Reports, ranking editions, approvals and releases: all of them append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    for table in ("veto", "demotion"):
        op.create_table(
            table,
            *_key("number"),
            *_texts("unit", "code", "document_no"),
            sa.Column("decided_on", sa.Date(), nullable=False),
            sa.Column("note", sa.String(), nullable=True),
            *_texts("reported_by"),
            _stamp("reported_at"),
            sa.PrimaryKeyConstraint("cycle_id", "number", name=f"pk_{table}"),
            sa.UniqueConstraint(
                "cycle_id",
                "unit",
                "code",
                "document_no",
                name=f"uq_{table}_cycle_id_unit_code_document_no",
            ),
        )
    op.create_table(
        "ranking",
        *_key("edition"),
        *_texts("category"),
        sa.Column("score_sheet_edition", sa.Integer(), nullable=False),
        sa.Column("digests", JSONB(), nullable=False),
        sa.Column("units", JSONB(), nullable=False),
        *_texts("digest", "ranked_by"),
        _stamp("ranked_at"),
        sa.PrimaryKeyConstraint("cycle_id", "edition", name="pk_ranking"),
    )
    op.create_table(
        "approval",
        *_key("edition"),
        *_texts("step", "subject"),
        sa.Column("note", sa.String(), nullable=True),
        _stamp("taken_at"),
        sa.PrimaryKeyConstraint("cycle_id", "edition", "step", name="pk_approval"),
        sa.UniqueConstraint(
            "cycle_id", "edition", "subject", name="uq_approval_cycle_id_edition_subject"
        ),
        _of_ranking("approval"),
    )
    op.create_table(
        "release",
        *_key("release"),
        *_texts("category"),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("predecessor", sa.Integer(), nullable=True),
        sa.Column("manifest", JSONB(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        *_texts("digest"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "release", name="pk_release"),
        sa.UniqueConstraint("cycle_id", "edition", name="uq_release_cycle_id_edition"),
        _of_ranking("release"),
    )
    migrations.append_only("veto", "demotion", "ranking", "approval", "release")


def _key(number: str) -> list[sa.Column[object]]:
    return [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column(number, sa.Integer(), nullable=False),
    ]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _stamp(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _of_ranking(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "edition"],
        ["ranking.cycle_id", "ranking.edition"],
        name=f"fk_{table}_cycle_id_edition",
    )
