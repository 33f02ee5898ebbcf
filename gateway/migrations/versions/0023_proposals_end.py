"""What is proposed about accounts is declined or withdrawn, and waits for seven days at most."""

from chassis import migrations

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add how proposals end, and have what waited for longer be in effect no more."""
    migrations.create(__file__, "proposals")
    migrations.append_only("account_proposal_end")
