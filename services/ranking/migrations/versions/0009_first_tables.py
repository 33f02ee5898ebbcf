"""Reports, ranking editions, approvals and releases."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0009"
down_revision = None


def upgrade() -> None:
    """Make the tables as they are today; a database of an older version is refused."""
    migrations.foundations()
    migrations.create(__file__, "ranking")
    migrations.append_only("veto", "demotion", "report_step", "ranking", "approval", "release")
    migrations.recorded(*_RECORDED)


_RECORDED = [
    Recorded("veto", "Veto", "一票否决", by="cycle_id"),
    Recorded("demotion", "Demotion", "降等事项", by="cycle_id"),
    Recorded("report_step", "Step of a report", "报送办理环节", by="cycle_id"),
    Recorded("ranking", "Ranking", "排名", by="cycle_id"),
    Recorded("approval", "Step of the approval chain", "审批环节", by="cycle_id"),
    Recorded("release", "Release", "发布", by="cycle_id"),
]
