"""The ledger and where its entries stand, claims, score sheets, and evidence."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0029"
down_revision = None


def upgrade() -> None:
    """Make the tables as they are today; a database of an older version is refused."""
    migrations.foundations()
    migrations.create(
        __file__, "ledger", "standing", "contradictions", "claims", "sheet", "evidence"
    )
    migrations.append_only(
        "ledger_entry_state",
        "parked_row",
        "parked_row_outcome",
        "period_closing",
        "period_permission",
        "late_entry",
        "claim",
        "claim_state",
        "score_sheet",
        "input_document",
        "unit_score",
        "explanation_tree",
        "explanation",
        "feedback",
        "hand_in",
        "evidence",
        "entry_evidence",
        "claim_evidence",
    )
    migrations.writable("counted_award", ["ended_at"])
    migrations.writable("ledger", ["phase", "sealed_at", "periods"])
    migrations.forward_only("ledger", _FORWARD)
    migrations.forward_only("counted_award", "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL")
    migrations.recorded(*_RECORDED)


# It is sealed once; until then periods are closed and permissions given, and none is taken back.
_FORWARD = """
    OLD.phase = 'open' AND (
      (NEW.phase = 'sealed' AND NEW.sealed_at IS NOT NULL
        AND NEW.periods IS NOT DISTINCT FROM OLD.periods)
      OR (NEW.phase = 'open' AND NEW.sealed_at IS NULL
        AND NEW.periods -> 'closed' @> coalesce(OLD.periods -> 'closed', '[]')
        AND NEW.periods -> 'leaves' @> coalesce(OLD.periods -> 'leaves', '[]')))
    """

_RECORDED = [
    Recorded("ledger", "Ledger", "台账", by="cycle_id", changing=True),
    Recorded(
        "ledger_entry",
        "Ledger entry",
        "台账记录",
        by="cycle_id",
        without=("state", "step"),
        derived="contradicting_entries",
    ),
    Recorded("ledger_entry_state", "State of a ledger entry", "台账记录状态", by="cycle_id"),
    Recorded("parked_row", "Parked row", "待对照行", by="cycle_id"),
    Recorded("parked_row_outcome", "Outcome of a parked row", "待对照行的办理结果", by="cycle_id"),
    Recorded("period_closing", "Closing of a period", "期间关账", by="cycle_id"),
    Recorded("period_permission", "Permission for a period", "补录许可", by="cycle_id"),
    Recorded("late_entry", "Late entry", "补录记录", by="cycle_id"),
    Recorded("claim", "Claim", "加减分申报", by="cycle_id"),
    Recorded("claim_state", "State of a claim", "加减分申报状态", by="cycle_id"),
    Recorded("counted_award", "Counted award", "已计奖项", by="cycle_id", changing=True),
    Recorded("score_sheet", "Score sheet", "得分表", by="cycle_id"),
    Recorded("input_document", "Input of a score sheet", "得分表的输入", by="cycle_id"),
    Recorded("unit_score", "Scores of a unit", "单位得分", by="cycle_id"),
    Recorded("explanation_tree", "Explanation", "得分说明", by="cycle_id"),
    Recorded("explanation", "Explanation of an edition", "得分表所附说明", by="cycle_id"),
    Recorded("feedback", "Feedback", "结果反馈", by="cycle_id"),
    Recorded("hand_in", "Hand-in of a category", "类别汇总上报", by="cycle_id"),
    Recorded("evidence", "Evidence", "佐证材料", by="cycle_id"),
    Recorded("entry_evidence", "Evidence of an entry", "台账记录的佐证", by="cycle_id"),
    Recorded("claim_evidence", "Evidence of a claim", "申报的佐证", by="cycle_id"),
]
