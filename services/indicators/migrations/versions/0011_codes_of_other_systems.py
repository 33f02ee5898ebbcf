"""Codes of other systems, and what they mean on which day."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0011"
down_revision = "0010"

_MOVES = (
    "(OLD.state = 'proposed' AND NEW.state IN ('confirmed', 'refused')"
    " AND NEW.valid_to IS NOT DISTINCT FROM OLD.valid_to)"
    " OR (OLD.state IN ('confirmed', 'ended') AND NEW.state = 'ended'"
    " AND NEW.valid_to < coalesce(OLD.valid_to, 'infinity'))"
)
_CHANGING = [
    "state",
    "valid_to",
    *(
        f"{step}_{what}"
        for step in ("decided", "ended")
        for what in ("by", "person", "reason", "at")
    ),
]


def upgrade() -> None:
    op.create_table(
        "id_scheme",
        sa.Column("id_scheme", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("units", sa.Boolean(), nullable=False),
        sa.Column("indicators", sa.Boolean(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        _stamp("registered_at"),
        sa.CheckConstraint("units OR indicators", name=op.f("ck_id_scheme_codes")),
        sa.PrimaryKeyConstraint("id_scheme", name="pk_id_scheme"),
    )
    migrations.append_only("id_scheme")
    # Of one text: the extension that compares texts in such an index is not everywhere.
    op.execute('CREATE TYPE code_range AS RANGE (subtype = text, collation = "C")')
    _mappings(
        "unit_mapping",
        [],
        sa.Column("unit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_mapping_unit"),
    )
    _mappings(
        "indicator_mapping",
        ["cycle_id"],
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.cycle_id"], name="fk_indicator_mapping_cycle_id"
        ),
    )
    migrations.recorded(
        Recorded("id_scheme", "Id scheme", "代码体系", chain="id-schemes"),
        Recorded(
            "unit_mapping",
            "Mapping of unit codes",
            "单位代码对照",
            chain="id-schemes",
            changing=True,
        ),
        Recorded(
            "indicator_mapping",
            "Mapping of indicator codes",
            "指标代码对照",
            by="cycle_id",
            changing=True,
        ),
    )


def _mappings(name: str, of: list[str], *own: sa.Column[object] | sa.ForeignKeyConstraint) -> None:
    op.create_table(
        name,
        sa.Column("mapping_id", sa.Uuid(), nullable=False),
        sa.Column("id_scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_person", sa.Text(), nullable=False),
        _stamp("proposed_at"),
        *_step("decided"),
        *_step("ended"),
        *own,
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'refused', 'ended')", name=op.f(f"ck_{name}_state")
        ),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f(f"ck_{name}_valid")),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused') OR decided_person <> proposed_person",
            name=op.f(f"ck_{name}_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["id_scheme"], ["id_scheme.id_scheme"], name=f"fk_{name}_id_scheme"
        ),
        sa.PrimaryKeyConstraint(*of, "mapping_id", name=f"pk_{name}"),
    )
    found = [*of, "id_scheme", "code"]
    op.create_index("_".join(["ix", name, *found]), name, found)
    key = " || ' ' || ".join([*(f"{each}::text" for each in of), *found[-2:]])
    op.execute(
        f'ALTER TABLE "{name}" ADD CONSTRAINT "ex_{name}_one_meaning" EXCLUDE USING gist ('
        f" code_range({key}, {key}, '[]') WITH =, daterange(valid_from, valid_to) WITH &&)"
        " WHERE (state <> 'refused')"
    )
    migrations.writable(name, columns=_CHANGING)
    migrations.forward_only(name, _MOVES)


def _step(name: str) -> list[sa.Column[object]]:
    texts = [sa.Column(f"{name}_{what}", sa.Text()) for what in ("by", "person", "reason")]
    return [*texts, sa.Column(f"{name}_at", sa.DateTime(timezone=True))]


def _stamp(name: str) -> sa.Column[sa.DateTime]:
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, server_default=sa.text("clock_timestamp()"), nullable=False)
