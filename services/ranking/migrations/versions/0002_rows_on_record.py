"""The journal vouches for every row."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    migrations.vouch_for_rows()
    migrations.recorded(
        Recorded("veto", "Veto", "一票否决", by="cycle_id"),
        Recorded("demotion", "Demotion", "降等事项", by="cycle_id"),
        Recorded("ranking", "Ranking", "排名", by="cycle_id"),
        Recorded("approval", "Step of the approval chain", "审批环节", by="cycle_id"),
        Recorded("release", "Release", "发布", by="cycle_id"),
    )
