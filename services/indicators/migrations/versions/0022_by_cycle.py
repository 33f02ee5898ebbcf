"""Tables can lie where their cycle lies: keys begin with it, and rights keep facts."""

from alembic import op

from chassis import migrations

revision = "0022"
down_revision = "0021"

_OTHERS = (
    "unit",
    "unit_kind_correction",
    "unit_mapping",
    "unit_name",
    "unit_succession",
    "id_scheme",
    "indicator_mapping",
)
"""What is of no cycle, or leads to what is of none: it is kept as it was."""


def upgrade() -> None:
    migrations.at_home()
    op.drop_constraint("fk_comment_answer_comment_id", "comment_answer")
    for table in ("scheme_comment", "comment_answer"):
        op.drop_constraint(f"pk_{table}", table)
        op.create_primary_key(f"pk_{table}", table, ["cycle_id", "comment_id"])
    op.create_foreign_key(
        "fk_comment_answer_cycle_id_comment_id",
        "comment_answer",
        "scheme_comment",
        ["cycle_id", "comment_id"],
        ["cycle_id", "comment_id"],
    )
    migrations.by_rights(but=_OTHERS)
    migrations.numbered_by_statements("cycle")
    for table in ("unit_name", "unit_mapping", "indicator_mapping"):
        migrations.writable(table, ["record"])
