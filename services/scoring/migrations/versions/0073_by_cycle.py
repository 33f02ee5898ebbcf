"""Tables can lie where their cycle lies: keys name it, and rights keep facts, triggers none."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0073"
down_revision = "0071"


_OF_HISTORY = ("state", "step")
"""What of an entry follows from its history, and is kept beside it."""

_NAMED = "((cycle_id::text || ' '::text) || source_ref)"


def upgrade() -> None:
    migrations.at_home()
    for table in ("ledger_entry", "parked_row"):
        name = f"uq_{table}_source_ref"
        op.drop_index(name, table)
        op.create_index(
            name,
            table,
            [sa.text(_NAMED), "author_unit", "source_version", "cycle_id"],
            unique=True,
            postgresql_where=sa.text("source_ref IS NOT NULL"),
        )
    migrations.create(__file__, "states")
    migrations.keep_columns("ledger_entry", _OF_HISTORY)
    migrations.keep_rows("ledger_entry_standing", "ledger_count")
    migrations.by_rights(but=("counted_award",))
    migrations.numbered_by_statements("ledger", "counted_award")
