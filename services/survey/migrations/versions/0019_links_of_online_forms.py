"""Links by which people without an account answer once, and the box in which their forms wait."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0019"
down_revision = "0018"

_WAVE = ["cycle_id", "survey_id", "wave"]
_LINK = [*_WAVE, "link"]


def _key() -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _WAVE[:2]),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    now = sa.func.clock_timestamp()
    op.create_table(
        "form_link",
        *_key(),
        sa.Column("draw_no", sa.Integer(), nullable=False),
        sa.Column("units", JSONB(), nullable=False),
        sa.Column("respondent_group", sa.Text()),
        sa.Column("stratum", sa.Text()),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.PrimaryKeyConstraint(*_LINK, name="pk_form_link"),
        sa.UniqueConstraint("link", name="uq_form_link_link"),
        sa.ForeignKeyConstraint(
            _WAVE,
            [f"wave.{name}" for name in _WAVE],
            name="fk_form_link_cycle_id_survey_id_wave_wave",
        ),
    )
    op.create_table(
        "form_link_end",
        *_key(),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("form", JSONB()),
        sa.Column("blinding", sa.Text()),
        sa.PrimaryKeyConstraint(*_LINK, name="pk_form_link_end"),
        sa.ForeignKeyConstraint(
            _LINK,
            [f"form_link.{name}" for name in _LINK],
            name="fk_form_link_end_cycle_id_survey_id_wave_link_form_link",
        ),
        sa.CheckConstraint("step IN ('used', 'withdrawn')", name=op.f("ck_form_link_end_step")),
        sa.CheckConstraint(
            "(form IS NULL) = (blinding IS NULL) AND (form IS NULL OR step = 'used')",
            name=op.f("ck_form_link_end_form"),
        ),
    )
    migrations.append_only("form_link")
    migrations.writable("form_link_end", ["form", "blinding"])
    # A form leaves the box once, and nothing comes back in.
    migrations.forward_only(
        "form_link_end", "OLD.form IS NOT NULL AND NEW.form IS NULL AND NEW.blinding IS NULL"
    )
    migrations.recorded(
        Recorded("form_link", "Link of an online form", "在线问卷的一次性链接", by="cycle_id"),
        Recorded(
            "form_link_end",
            "Use or withdrawal of a link",
            "链接的使用或撤回",
            by="cycle_id",
            changing=True,
        ),
    )
