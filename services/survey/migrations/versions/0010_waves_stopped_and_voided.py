"""A wave is stopped, attested and closed, or voided and repeated."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0010"
down_revision = "0009"

_WAVE = ("cycle_id", "survey_id", "wave")

_STEPS = (
    "(OLD.state, NEW.state) IN (('planned', 'open'), ('open', 'stopped'), ('stopped', 'open'),"
    " ('stopped', 'closed'), ('open', 'voided'), ('stopped', 'voided'))"
)


def upgrade() -> None:
    op.drop_constraint("ck_wave_state", "wave")
    op.create_check_constraint(
        op.f("ck_wave_state"),
        "wave",
        "state IN ('planned', 'open', 'stopped', 'closed', 'voided')",
    )
    op.add_column("wave", sa.Column("stands_for", sa.Integer()))
    op.execute('DROP TRIGGER forward_only ON "wave"')
    op.execute(
        f'CREATE TRIGGER forward_only BEFORE UPDATE ON "wave" FOR EACH ROW'
        f" WHEN (({_STEPS}) IS NOT TRUE) EXECUTE FUNCTION refuse_step()"
    )
    op.create_table(
        "wave_reopening",
        *_key("wave_reopening", sa.Column("stop_no", sa.Integer(), nullable=False)),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by("reopened"),
        _within("wave_reopening", "wave", *_WAVE),
    )
    op.create_table(
        "wave_attestation",
        *_key(
            "wave_attestation",
            sa.Column("stop_no", sa.Integer(), nullable=False),
            sa.Column("content_digest", sa.Text(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
        ),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by("given"),
        sa.CheckConstraint(
            "verdict IN ('attested', 'objected')", name=op.f("ck_wave_attestation_verdict")
        ),
        _within("wave_attestation", "wave", *_WAVE),
    )
    op.create_table(
        "wave_voiding",
        *_key("wave_voiding", sa.Column("voiding_no", sa.Integer(), nullable=False)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        *_by("proposed"),
        _within("wave_voiding", "wave", *_WAVE),
    )
    op.create_table(
        "wave_voiding_decision",
        *_key("wave_voiding_decision", sa.Column("voiding_no", sa.Integer(), nullable=False)),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        *_by("decided"),
        sa.CheckConstraint(
            "decision IN ('confirm', 'refuse')", name=op.f("ck_wave_voiding_decision_decision")
        ),
        _within("wave_voiding_decision", "wave_voiding", *_WAVE, "voiding_no"),
    )
    tables = "wave_reopening", "wave_attestation", "wave_voiding", "wave_voiding_decision"
    migrations.append_only(*tables)
    names = {
        "wave_reopening": ("Reopening of a wave", "轮次的重新开放"),
        "wave_attestation": ("Attestation of a wave", "轮次的见证"),
        "wave_voiding": ("Proposal to void a wave", "轮次作废建议"),
        "wave_voiding_decision": ("Decision on it", "轮次作废建议的决定"),
    }
    migrations.recorded(*(Recorded(each, *names[each], by="cycle_id") for each in tables))


def _key(table: str, *more: sa.Column[int] | sa.Column[str]) -> list[sa.schema.SchemaItem]:
    columns = [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        *more,
    ]
    key = sa.PrimaryKeyConstraint(*(each.name for each in columns), name=f"pk_{table}")
    return [*columns, key]


def _by(step: str) -> list[sa.schema.SchemaItem]:
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


def _within(table: str, whole: str, *columns: str) -> sa.ForeignKeyConstraint:
    """The foreign key of a part to its whole."""
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, [f"{whole}.{each}" for each in columns], name=name)
