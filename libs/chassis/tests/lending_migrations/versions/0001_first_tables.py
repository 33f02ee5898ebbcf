import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    op.create_table(
        "loan",
        sa.Column("book", sa.Text, primary_key=True),
        sa.Column("days", sa.Numeric),
        sa.Column("note", sa.Text),
    )
    migrations.append_only("loan")
