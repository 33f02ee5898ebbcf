"""Forms counted at meetings, and ballots of named seats in a sealed urn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0014"
down_revision = "0013"

_WAVE = ("cycle_id", "survey_id", "wave")


def upgrade() -> None:
    _create(
        "meeting_count",
        "wave",
        [*_WAVE, "count_no"],
        sa.Column("respondent_group", sa.Text()),
        sa.Column("forms", postgresql.JSONB(), nullable=False),
        sa.Column("votes", postgresql.JSONB(), nullable=False),
        sa.Column("void", postgresql.JSONB(), nullable=False),
        *_by("counted", person=True),
    )
    _create(
        "meeting_count_step",
        "meeting_count",
        [*_WAVE, "count_no", "step"],
        sa.Column("reason", sa.Text()),
        *_by("taken", person=True),
        sa.CheckConstraint(
            "step IN ('confirmed', 'withdrawn')", name=op.f("ck_meeting_count_step_step")
        ),
    )
    _create(
        "seat",
        "wave",
        [*_WAVE, "seat"],
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("respondent_group", sa.Text()),
        sa.UniqueConstraint(*_WAVE, "account", name="uq_seat_cycle_id_survey_id_wave_account"),
    )
    _create(
        "urn",
        "wave",
        list(_WAVE),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        *_by("set_up"),
    )
    _create(
        "ballot",
        "seat",
        [*_WAVE, "seat"],
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    _create(
        "urn_opening",
        "urn",
        list(_WAVE),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("tallies", postgresql.JSONB(), nullable=False),
        *_by("opened"),
    )
    tables = {
        "meeting_count": ("Count of a meeting", "会议计票结果"),
        "meeting_count_step": ("Its confirmation or withdrawal", "计票结果的确认或撤回"),
        "seat": ("Seat", "席位"),
        "urn": ("Urn", "票箱"),
        "ballot": ("Sealed ballot", "密封的选票"),
        "urn_opening": ("Count of an urn", "开箱计票结果"),
    }
    migrations.append_only(*tables)
    migrations.recorded(*(Recorded(name, *told, by="cycle_id") for name, told in tables.items()))


def _create(table: str, whole: str, key: list[str], *columns: sa.schema.SchemaItem) -> None:
    kinds: dict[str, sa.types.TypeEngine[object]] = {
        "cycle_id": sa.Uuid(),
        "survey_id": sa.Uuid(),
        "wave": sa.Integer(),
    }
    of = {"meeting_count": [*_WAVE, "count_no"], "seat": [*_WAVE, "seat"]}.get(whole, [*_WAVE])
    op.create_table(
        table,
        *(sa.Column(name, kinds.get(name, sa.Text()), nullable=False) for name in key),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            of, [f"{whole}.{name}" for name in of], name=f"fk_{table}_{'_'.join(of)}"
        ),
    )


def _by(step: str, *, person: bool = False) -> list[sa.schema.SchemaItem]:
    names = [f"{step}_by", f"{step}_person"] if person else [f"{step}_by"]
    now = sa.func.clock_timestamp()
    at = sa.Column(f"{step}_at", sa.DateTime(timezone=True), nullable=False, server_default=now)
    return [*(sa.Column(name, sa.Text(), nullable=False) for name in names), at]
