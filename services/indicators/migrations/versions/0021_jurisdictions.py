"""Jurisdictions, and whose units, their names and codes, and id schemes are."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0021"
down_revision = "0020"

_OWN = {
    "unit": "units",
    "unit_name": "units",
    "unit_succession": "units",
    "unit_kind_correction": "units",
    "id_scheme": "id-schemes",
    "unit_mapping": "id-schemes",
}
"""The tables of what is of a jurisdiction and of no cycle, and in which chain it is on record."""

_OF_UNITS = {
    "unit_name": ("unit",),
    "unit_succession": ("unit", "predecessor"),
    "unit_kind_correction": ("unit",),
    "unit_mapping": ("unit",),
}

_KEYS = {
    "unit": "jurisdiction, code",
    # As the journal knew names before, whose units are nobody's.
    "unit_name": "key, name, valid_from",
    "unit_succession": "jurisdiction, unit, predecessor",
    "unit_kind_correction": "jurisdiction, unit, number",
    "id_scheme": "jurisdiction, id_scheme",
}


def upgrade() -> None:
    _make_register()
    for table, columns in _OF_UNITS.items():
        for column in columns:
            op.drop_constraint(f"fk_{table}_{column}", table)
    for table in ("unit_mapping", "indicator_mapping"):
        op.drop_constraint(f"fk_{table}_id_scheme", table)
    for table, chain in _OWN.items():
        _own(table, chain)
    op.execute(
        "ALTER TABLE unit_name ADD COLUMN key text GENERATED ALWAYS AS"
        " (CASE WHEN jurisdiction = '' THEN '' ELSE jurisdiction || ':' END || unit) STORED"
    )
    op.execute("UPDATE journal_table SET without = without || '{key}' WHERE relation = 'unit_name'")
    for table, key in _KEYS.items():
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT pk_{table},"
            f" ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})"
        )
    op.drop_constraint("uq_unit_uscc", "unit")
    op.create_unique_constraint("uq_unit_jurisdiction_uscc", "unit", ["jurisdiction", "uscc"])
    _refer()


def _make_register() -> None:
    text, moment = sa.Text(), sa.DateTime(timezone=True)
    now = sa.text("clock_timestamp()")
    op.create_table(
        "jurisdiction",
        *(sa.Column(name, text, nullable=False) for name in ("code", "name_zh", "name_en")),
        sa.Column("superior", text),
        sa.Column("founded_on", sa.Date(), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("registered_by", "registered_person")),
        sa.Column("registered_at", moment, server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["superior"], ["jurisdiction.code"], name="fk_jurisdiction_superior"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_jurisdiction"),
    )
    op.create_table(
        "jurisdiction_confirmation",
        *(sa.Column(n, text, nullable=False) for n in ("code", "confirmed_by", "confirmed_person")),
        sa.Column("confirmed_at", moment, server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["jurisdiction.code"], name="fk_jurisdiction_confirmation_code"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_jurisdiction_confirmation"),
    )
    migrations.append_only("jurisdiction", "jurisdiction_confirmation")
    migrations.recorded(
        Recorded("jurisdiction", "Jurisdiction", "辖区", chain="jurisdictions"),
        Recorded(
            "jurisdiction_confirmation",
            "Confirmation of a jurisdiction",
            "辖区确认",
            chain="jurisdictions",
        ),
    )


def _own(table: str, chain: str) -> None:
    """Say whose each row is. A chain of its own vouches for the rows of each: of a row that is said
    to be another's two chains contradict, and no digest has to tell of it."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN jurisdiction text NOT NULL DEFAULT '',"
        f" ADD COLUMN chain text GENERATED ALWAYS AS ('{chain}' ||"
        " CASE WHEN jurisdiction = '' THEN '' ELSE ':' || jurisdiction END) STORED"
    )
    op.execute(
        "UPDATE journal_table SET chained_by = 'chain', chain = NULL,"  # noqa: S608 - names of ours
        f" without = without || '{{jurisdiction,chain}}' WHERE relation = '{table}'"
    )


def _refer() -> None:
    for table, columns in _OF_UNITS.items():
        for column in columns:
            op.create_foreign_key(
                f"fk_{table}_jurisdiction_{column}",
                table,
                "unit",
                ["jurisdiction", column],
                ["jurisdiction", "code"],
            )
    # What is of a cycle is not bound to what is of none: its command looks for the id scheme.
    op.create_foreign_key(
        "fk_unit_mapping_jurisdiction_id_scheme",
        "unit_mapping",
        "id_scheme",
        ["jurisdiction", "id_scheme"],
        ["jurisdiction", "id_scheme"],
    )
    key = "code_range({0}, {0}, '[]')".format("jurisdiction || ' ' || id_scheme || ' ' || code")
    op.execute(
        "ALTER TABLE unit_mapping DROP CONSTRAINT ex_unit_mapping_one_meaning,"
        f" ADD CONSTRAINT ex_unit_mapping_one_meaning EXCLUDE USING gist ({key} WITH =,"
        " daterange(valid_from, valid_to) WITH &&) WHERE (state <> 'refused')"
    )
