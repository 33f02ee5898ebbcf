"""Opinions are reviewed by two people and published."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0017"
down_revision = "0016"

_WAVE = ["cycle_id", "survey_id", "wave"]


def upgrade() -> None:
    op.create_table(
        "opinion_review",
        *_ids("cycle_id", "opinion_id"),
        sa.Column("review_no", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("merged_into", sa.Uuid()),
        *_by("proposed"),
        sa.PrimaryKeyConstraint("cycle_id", "opinion_id", "review_no", name="pk_opinion_review"),
        sa.CheckConstraint(
            "verdict IN ('accept', 'reject', 'merge')", name=op.f("ck_opinion_review_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "opinion_id"],
            ["opinion.cycle_id", "opinion.opinion_id"],
            name="fk_opinion_review_cycle_id_opinion_id",
        ),
    )
    op.create_index("ix_opinion_review_merged_into", "opinion_review", ["cycle_id", "merged_into"])
    op.create_table(
        "opinion_review_confirmation",
        *_ids("cycle_id", "opinion_id"),
        sa.Column("review_no", sa.Integer(), nullable=False),
        *_by("confirmed"),
        sa.PrimaryKeyConstraint("cycle_id", "opinion_id", name="pk_opinion_review_confirmation"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "opinion_id", "review_no"],
            ["opinion_review.cycle_id", "opinion_review.opinion_id", "opinion_review.review_no"],
            name="fk_opinion_review_confirmation_cycle_id_opinion_id_review_no",
        ),
    )
    op.create_table(
        "opinion_publication",
        *_ids("cycle_id", "survey_id"),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        *_by("published"),
        sa.PrimaryKeyConstraint(*_WAVE, name="pk_opinion_publication"),
        sa.ForeignKeyConstraint(
            _WAVE,
            [f"wave.{name}" for name in _WAVE],
            name="fk_opinion_publication_cycle_id_survey_id_wave",
        ),
    )
    names = {
        "opinion_review": ("Reviews of opinions", "意见的审核"),
        "opinion_review_confirmation": ("Confirmations of these", "意见审核的确认"),
        "opinion_publication": ("Publications of opinions", "意见的公布"),
    }
    migrations.append_only(*names)
    migrations.recorded(*(Recorded(each, *names[each], by="cycle_id") for each in names))


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _by(step: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{step}_by", sa.Text(), nullable=False),
        sa.Column(f"{step}_person", sa.Text(), nullable=False),
        sa.Column(
            f"{step}_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
    ]
