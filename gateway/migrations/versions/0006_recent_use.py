"""What each process of the gateway has counted, for the others to count as well"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "recent_use",
        sa.Column("process", sa.Uuid(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_recent_use")),
        # A crash empties it, as it does the memory of the processes; nothing waits for the disk.
        prefixes=["UNLOGGED"],
    )
    migrations.writable("recent_use", columns=["process", "at", "told"])
