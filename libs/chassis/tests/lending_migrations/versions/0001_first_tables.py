import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    migrations.listing()
    op.create_table(
        "loan",
        sa.Column("book", sa.Text, primary_key=True),
        sa.Column("days", sa.Numeric),
        sa.Column("note", sa.Text),
    )
    migrations.append_only("loan")
    op.create_table(
        "shelf",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
    )
    migrations.writable("shelf", columns=["state"])
    migrations.recorded(
        Recorded("loan", "Loan", "借阅", chain="loans"),
        Recorded("shelf", "Shelf", "书架", chain="loans", changing=True),
    )
    migrations.forward_only("shelf", "OLD.state = 'open' AND NEW.state = 'closed'")
    migrations.by_rights()
