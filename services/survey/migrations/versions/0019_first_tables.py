"""Surveys and waves, responses, counts, estimates, and opinions."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0019"
down_revision = None


def upgrade() -> None:
    """Make the tables as they are today; a database of an older version is refused."""
    migrations.foundations()
    migrations.create(__file__, "surveys", "waves", "responses", "counts", "estimates", "opinions")
    migrations.append_only(
        "survey",
        "survey_unit",
        "questionnaire",
        "export_mapping",
        "wave_reopening",
        "wave_attestation",
        "wave_voiding",
        "wave_voiding_decision",
        "batch",
        "response",
        "batch_withdrawal",
        "batch_file",
        "batch_left_out",
        "refused_row",
        "screen_decision",
        "screen_confirmation",
        "answer_void",
        "meeting_count",
        "meeting_count_step",
        "seat",
        "urn",
        "ballot",
        "urn_opening",
        "form_link",
        "sample_plan",
        "sample_decision",
        "sample_confirmation",
        "wave_weights",
        "wave_result",
        "opinion",
        "opinion_review",
        "opinion_review_confirmation",
        "opinion_publication",
        "rectification_item",
        "rectification_step",
    )
    migrations.writable("form_link_end", ["form", "blinding"])
    migrations.writable("wave", ["state", "questionnaire_version"])
    migrations.forward_only("wave", _STEPS)
    # A form leaves the box once, and nothing comes back in.
    migrations.forward_only(
        "form_link_end", "OLD.form IS NOT NULL AND NEW.form IS NULL AND NEW.blinding IS NULL"
    )
    migrations.recorded(*_RECORDED)


_STEPS = """
    (OLD.state, NEW.state) IN (('planned', 'open'), ('open', 'stopped'), ('stopped', 'open'),
      ('stopped', 'closed'), ('open', 'voided'), ('stopped', 'voided'))
    """

_RECORDED = [
    Recorded("survey", "Survey", "调查", by="cycle_id"),
    Recorded("survey_unit", "Unit of a survey", "调查所涉单位", by="cycle_id"),
    Recorded("questionnaire", "Questionnaire", "问卷", by="cycle_id"),
    Recorded("export_mapping", "Columns of a collector's files", "调查文件的列对照", by="cycle_id"),
    Recorded("wave", "Wave", "调查轮次", by="cycle_id", changing=True),
    Recorded("wave_reopening", "Reopening of a wave", "轮次的重新开放", by="cycle_id"),
    Recorded("wave_attestation", "Attestation of a wave", "轮次的见证", by="cycle_id"),
    Recorded("wave_voiding", "Proposal to void a wave", "轮次作废建议", by="cycle_id"),
    Recorded("wave_voiding_decision", "Decision on it", "轮次作废建议的决定", by="cycle_id"),
    Recorded("batch", "Batch", "批次", by="cycle_id"),
    Recorded("response", "Response", "答卷", by="cycle_id"),
    Recorded("batch_withdrawal", "Withdrawal of a batch", "批次的撤回", by="cycle_id"),
    Recorded("batch_file", "Files that were taken", "已接收的文件", by="cycle_id"),
    Recorded("batch_left_out", "Rows that were not stored", "未保存的行", by="cycle_id"),
    Recorded("refused_row", "Rows that were refused", "不收的行", by="cycle_id"),
    Recorded("screen_decision", "Decision on findings", "疑点线索处理决定", by="cycle_id"),
    Recorded("screen_confirmation", "Its confirmation", "疑点线索处理决定的确认", by="cycle_id"),
    Recorded("answer_void", "Answers that do not count", "不予计入的答卷", by="cycle_id"),
    Recorded("meeting_count", "Count of a meeting", "会议计票结果", by="cycle_id"),
    Recorded(
        "meeting_count_step",
        "Its confirmation or withdrawal",
        "计票结果的确认或撤回",
        by="cycle_id",
    ),
    Recorded("seat", "Seat", "席位", by="cycle_id"),
    Recorded("urn", "Urn", "票箱", by="cycle_id"),
    Recorded("ballot", "Sealed ballot", "密封的选票", by="cycle_id"),
    Recorded("urn_opening", "Count of an urn", "开箱计票结果", by="cycle_id"),
    Recorded("form_link", "Link of an online form", "在线问卷的一次性链接", by="cycle_id"),
    Recorded(
        "form_link_end",
        "Use or withdrawal of a link",
        "链接的使用或撤回",
        by="cycle_id",
        changing=True,
    ),
    Recorded("sample_plan", "Sample plan of a wave", "抽样方案", by="cycle_id"),
    Recorded("sample_decision", "Decision on a short sample", "样本处置决定", by="cycle_id"),
    Recorded("sample_confirmation", "Its confirmation", "样本处置决定的确认", by="cycle_id"),
    Recorded("wave_weights", "Weights of the answers of a wave", "应答的权重", by="cycle_id"),
    Recorded("wave_result", "Result of a wave", "调查轮次结果", by="cycle_id"),
    Recorded("opinion", "Opinions", "意见", by="cycle_id"),
    Recorded("opinion_review", "Reviews of opinions", "意见的审核", by="cycle_id"),
    Recorded(
        "opinion_review_confirmation", "Confirmations of these", "意见审核的确认", by="cycle_id"
    ),
    Recorded("opinion_publication", "Publications of opinions", "意见的公布", by="cycle_id"),
    Recorded("rectification_item", "Rectification items", "整改事项", by="cycle_id"),
    Recorded("rectification_step", "Their replies", "整改答复", by="cycle_id"),
]
