"""Units and their names, cycles, versions of schemes and their publication, targets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    op.create_table(
        "unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text()),
        _stamp("registered_at"),
        sa.CheckConstraint("kind IN ('assessed', 'body')", name=op.f("ck_unit_kind")),
        sa.PrimaryKeyConstraint("code", name="pk_unit"),
        sa.UniqueConstraint("uscc", name="uq_unit_uscc"),
    )
    op.create_table(
        "unit_name",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("kind IN ('legal', 'alias')", name=op.f("ck_unit_name_kind")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_unit_name_valid")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_name_unit"),
        sa.PrimaryKeyConstraint("unit", "name", "valid_from", name="pk_unit_name"),
    )
    op.create_table(
        "cycle",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("assessment_year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        _stamp("created_at"),
        sa.CheckConstraint("phase IN ('draft', 'open')", name=op.f("ck_cycle_phase")),
        sa.PrimaryKeyConstraint("cycle_id", name="pk_cycle"),
    )
    op.create_table(
        "scheme_version",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scheme", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("saved_by", sa.Text(), nullable=False),
        _stamp("saved_at"),
        _of_cycle("scheme_version"),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_scheme_version"),
    )
    op.create_table(
        "scheme_publication",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        _stamp("published_at"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["scheme_version.cycle_id", "scheme_version.version"],
            name="fk_scheme_publication_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_scheme_publication"),
    )
    op.create_table(
        "target",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("target", sa.Numeric()),
        sa.Column("baseline", sa.Numeric()),
        sa.Column("pledge", sa.Numeric()),
        sa.Column("reason", sa.Text()),
        sa.Column("set_by", sa.Text(), nullable=False),
        _stamp("set_at"),
        _of_cycle("target"),
        sa.PrimaryKeyConstraint(
            "cycle_id", "unit", "indicator", "item", "version", name="pk_target"
        ),
    )
    migrations.append_only("unit", "scheme_version", "scheme_publication", "target")
    migrations.writable("unit_name", columns=["valid_to"])
    migrations.writable("cycle", columns=["phase"])


def _stamp(name: str) -> sa.Column[sa.DateTime]:
    """A moment of the database's own clock."""
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, server_default=sa.text("clock_timestamp()"), nullable=False)


def _of_cycle(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["cycle_id"], ["cycle.cycle_id"], name=f"fk_{table}_cycle_id")
