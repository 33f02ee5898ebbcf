"""A person casts one ballot in a wave, however many accounts that person has."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Keep who has voted; of ballots that were cast before nothing says which person cast them."""
    migrations.create(__file__, "voters")
    migrations.append_only("voter")
    migrations.recorded(Recorded("voter", "Person who has voted", "已投票人员", by="cycle_id"))
