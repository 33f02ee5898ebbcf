"""Which days are worked: of the years that are known, and what is recorded of them later."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0013"
down_revision = "0012"

_SUPPLIED = Path(__file__).parents[1] / "holidays.csv"


def upgrade() -> None:
    op.create_table(
        "calendar_revision",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("recorded_by", sa.Text()),
        sa.Column("recorded_person", sa.Text()),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('supplied', 'announcement', 'correction')",
            name=op.f("ck_calendar_revision_kind"),
        ),
        sa.CheckConstraint(
            "kind = 'supplied' OR recorded_person IS NOT NULL",
            name=op.f("ck_calendar_revision_by"),
        ),
        sa.PrimaryKeyConstraint("year", "revision", name="pk_calendar_revision"),
    )
    op.create_table(
        "calendar_day",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text()),
        sa.Column("name_en", sa.Text()),
        sa.CheckConstraint(
            "CASE WHEN extract(isodow FROM day) < 6 THEN kind IN ('resting', 'plain')"
            " ELSE kind IN ('working', 'plain') END",
            name=op.f("ck_calendar_day_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'plain') = (name_zh IS NULL) AND (kind = 'plain') = (name_en IS NULL)",
            name=op.f("ck_calendar_day_name"),
        ),
        sa.CheckConstraint("extract(year FROM day) = year", name=op.f("ck_calendar_day_year")),
        sa.ForeignKeyConstraint(
            ["year", "revision"],
            ["calendar_revision.year", "calendar_revision.revision"],
            name="fk_calendar_day_year_revision",
        ),
        sa.PrimaryKeyConstraint("year", "revision", "day", name="pk_calendar_day"),
    )
    _supply()
    migrations.begin_chain("calendars")
    migrations.append_only("calendar_revision", "calendar_day")
    migrations.recorded(
        Recorded("calendar_revision", "Revision of a calendar", "历年的修订", chain="calendars"),
        Recorded("calendar_day", "Day of a calendar", "历年中的日期", chain="calendars"),
    )


def _supply() -> None:
    """Record the years that are known, as they are supplied with the program."""
    with _SUPPLIED.open(encoding="utf-8", newline="") as file:
        days: list[dict[str, Any]] = [
            row | {"day": date.fromisoformat(row["day"])} for row in csv.DictReader(file)
        ]
    years = sorted({each["day"].year for each in days})
    revision = sa.table("calendar_revision", *map(sa.column, ("year", "revision", "kind")))
    names = ("year", "revision", "day", "kind", "name_zh", "name_en")
    day = sa.table("calendar_day", *map(sa.column, names))
    # Row by row of one statement: one with all of them in it takes ten times as long to write.
    connection = op.get_bind()
    connection.execute(
        sa.insert(revision), [{"year": year, "revision": 1, "kind": "supplied"} for year in years]
    )
    connection.execute(
        sa.insert(day), [{"year": each["day"].year, "revision": 1} | each for each in days]
    )
