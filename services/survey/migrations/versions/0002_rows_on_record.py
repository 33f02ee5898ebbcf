"""The journal vouches for every row, and a wave's state only goes forward."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    migrations.vouch_for_rows()
    migrations.recorded(
        Recorded("survey", "Survey", "调查", by="cycle_id"),
        Recorded("survey_unit", "Unit of a survey", "调查所涉单位", by="cycle_id"),
        Recorded("wave", "Wave", "调查轮次", by="cycle_id", changing=True),
        Recorded("batch", "Batch", "批次", by="cycle_id"),
        Recorded("response", "Response", "答卷", by="cycle_id"),
        Recorded("wave_result", "Result of a wave", "调查轮次结果", by="cycle_id"),
    )
    migrations.forward_only(
        "wave", "(OLD.state, NEW.state) IN (('planned', 'open'), ('open', 'closed'))"
    )
