"""Contacts with several attempts and questions; batches that are withdrawn; voided answers."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0008"
down_revision = "0007"

_WAVE = ("cycle_id", "survey_id", "wave")
_TREATMENTS = "'counted', 'other_waves', 'pooled', 'category_mean', 'not_rated'"


def upgrade() -> None:
    for name, before in (("occasion", "0"), ("generation", "0"), ("attempt", "1")):
        # What is there already is the one contact with each respondent about a unit.
        op.add_column(
            "response", sa.Column(name, sa.Integer(), nullable=False, server_default=before)
        )
        op.alter_column("response", name, server_default=None)
    for name in ("stratum", "cluster", "interviewer"):
        op.add_column("response", sa.Column(name, sa.Text()))
    for name in ("started_at", "ended_at"):
        op.add_column("response", sa.Column(name, sa.DateTime(timezone=True)))
    op.drop_constraint("pk_response", "response")
    key = [*_WAVE, "unit", "respondent_token", "occasion", "generation"]
    op.create_primary_key("pk_response", "response", key)
    op.drop_constraint(op.f("ck_sample_decision_treatment"), "sample_decision")
    op.create_check_constraint(
        op.f("ck_sample_decision_treatment"), "sample_decision", f"treatment IN ({_TREATMENTS})"
    )
    op.create_table(
        "batch_withdrawal",
        *_key("batch_no"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
        sa.PrimaryKeyConstraint(*_WAVE, "batch_no", name="pk_batch_withdrawal"),
        sa.ForeignKeyConstraint(
            [*_WAVE, "batch_no"],
            [f"batch.{name}" for name in (*_WAVE, "batch_no")],
            name="fk_batch_withdrawal_cycle_id_survey_id_wave_batch_no",
        ),
    )
    op.create_table(
        "answer_void",
        *_key("interviewer", "unit"),
        sa.Column("decision_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*_WAVE, "interviewer", "unit", name="pk_answer_void"),
        sa.ForeignKeyConstraint(
            _WAVE, [f"wave.{name}" for name in _WAVE], name="fk_answer_void_cycle_id_survey_id_wave"
        ),
    )
    migrations.append_only("batch_withdrawal", "answer_void")
    migrations.recorded(
        Recorded("batch_withdrawal", "Withdrawal of a batch", "批次的撤回", by="cycle_id"),
        Recorded("answer_void", "Answers that do not count", "不予计入的答卷", by="cycle_id"),
    )


def _key(*names: str) -> list[sa.schema.SchemaItem]:
    columns = [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
    ]
    return [*columns, *(sa.Column(name, sa.Text(), nullable=False) for name in names)]
