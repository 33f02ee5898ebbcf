"""The kinds of tasks that a ledger and its claims give, each with its command and its words."""

from chassis.deadlines import Light
from chassis.tasks import Kind
from scoring.queries.tasks import ENTRY, RESTATED, REVERSED
from scoring.rules.ledger.states import DRAFT, RETURNED

_CYCLE = "/api/v1/cycles/{cycle_id}"
_ENTRIES = f"{_CYCLE}/ledger-entries"

ENTER = Kind(
    "enter-entries",
    f"POST {_ENTRIES}",
    "录入{period}期间应报的记录（{light_zh}）",
    "Enter what is expected for {period} ({light_en})",
    f"{_CYCLE}/progress?by=indicator&period={{period}}&data_source_unit={{own_unit}}",
)
LIGHTS = {
    Light.NONE: ("未到预警期", "not due soon"),
    Light.WARNING: ("临近期限", "due soon"),
    Light.YELLOW: ("黄牌：已逾期", "yellow card: overdue"),
    Light.RED: ("红牌：逾期未改", "red card: long overdue"),
}
"""What a light of a duty says, in Chinese and in English."""

STAND_IN = Kind(
    "take-over-last-years-results",
    f"POST {_ENTRIES}/adoptions",
    "本年结果逾期未到，可沿用上年结果（{indicator_name}）",
    "Take over last year's results of {indicator} {indicator_name}: this year's are late",
    "/api/v1/cycles/{previous}/ledger-entries?indicator={indicator}&author_unit={own_unit}",
)
MARK = Kind(
    "give-marks",
    f"POST {_ENTRIES}",
    "从本席位对“{indicator_name}”评分",
    "Give the marks of the own seat for {indicator} {indicator_name}",
    f"{_CYCLE}/panel-marks/own",
)
SUBMIT = Kind(
    "submit-drafts",
    f"POST {_ENTRIES}/submission",
    "提交本单位的草稿",
    "Hand in the own drafts",
    f"{_ENTRIES}?state=draft&author_unit={{own_unit}}",
)
RETURN = Kind(
    "mend-returned-entries",
    f"POST {_ENTRIES}/submission",
    "改正被退回的记录并重新提交",
    "Mend what was sent back, and hand it in again",
    f"{_ENTRIES}?state=returned&author_unit={{own_unit}}",
)
SIGN = Kind(
    "sign-off-entries",
    f"POST {_ENTRIES}/signatures",
    "签发本单位其他人录入的记录",
    "Sign off what others of the unit have entered",
    f"{_ENTRIES}/signatures?signed=false&unit={{own_unit}}",
)
EVIDENCE = Kind(
    "add-evidence",
    f"POST {_CYCLE}/evidence",
    "为须有佐证方可审核的记录上传并引用佐证材料",
    "Add the evidence without which entries are not verified",
    f"{_ENTRIES}?lacks_evidence=true&author_unit={{own_unit}}",
)
CHECK = Kind(
    "check-entries",
    f"POST {_ENTRIES}/checking",
    "初审已提交的记录",
    "Review entries first",
    f"{_ENTRIES}?state=submitted",
)
VERIFY = Kind(
    "verify-entries",
    f"POST {_ENTRIES}/verification",
    "审核已提交的记录",
    "Verify entries",
    f"{_ENTRIES}?state=submitted&state=checked",
)
VERIFY_RESTATEMENTS = Kind(
    "verify-restatements",
    f"POST {_ENTRIES}/verification",
    "审核已审核数值的修订",
    "Verify restatements of what was verified",
    f"{_ENTRIES}/restatements?state=submitted&state=checked",
)
VERIFY_REVERSALS = Kind(
    "verify-reversals",
    f"POST {_ENTRIES}/verification",
    "审核对已审核记录的冲销",
    "Verify reversals of what was verified",
    f"{_ENTRIES}?state=submitted&state=checked",
)
_OUTDATED = f"{_ENTRIES}/adoptions?outdated=true"
WITHDRAW_OUTDATED = Kind(
    "withdraw-outdated-entry",
    f"POST {_ENTRIES}/{{entry_id}}/withdrawal",
    "沿用的原记录已不再有效，撤回本年度的记录（{unit}，{indicator}）",
    "Withdraw an entry whose source stands no longer ({unit}, {indicator})",
    _OUTDATED,
)
RETURN_OUTDATED = Kind(
    "return-outdated-entries",
    f"POST {_ENTRIES}/return",
    "退回沿用的原记录已不再有效的记录",
    "Send back entries whose source stands no longer",
    _OUTDATED,
)
REVERSE_OUTDATED = Kind(
    "reverse-outdated-entry",
    f"POST {_ENTRIES}/{{entry_id}}/reversal",
    "沿用的原记录已不再有效，冲销本年度的记录（{unit}，{indicator}）",
    "Reverse an entry whose source stands no longer ({unit}, {indicator})",
    _OUTDATED,
)
CLAIMS = Kind(
    "confirm-claims",
    f"POST {_CYCLE}/claims/confirmation",
    "认定加减分申报",
    "Decide on claims",
    f"{_CYCLE}/claims?state=handed_in",
)
ANSWER_CLAIMS = Kind(
    "answer-joint-claims",
    f"POST {_CYCLE}/claims/answers",
    "答复其他单位提交的共同申报",
    "Agree or object to what other units filed for both",
    f"{_CYCLE}/claims?state=handed_in&unit={{own_unit}}",
)
HIGHLIGHTS = Kind(
    "examine-highlights",
    f"POST {_CYCLE}/highlights/examination",
    "审核亮点",
    "Examine highlights",
    f"{_CYCLE}/highlights?state=reported",
)
AWARDS = Kind(
    "confirm-awards",
    f"POST {_CYCLE}/awards/confirmation",
    "确认登记的奖项和称号",
    "Confirm registered awards and titles",
    f"{_CYCLE}/awards?state=registered",
)
_ITEMS = f"{_CYCLE}/supervised-items"
DISPATCH_ITEMS = Kind(
    "dispatch-items",
    f"POST {_ITEMS}/dispatch",
    "交办他人登记的督办事项",
    "Dispatch items that somebody else registered",
    f"{_ITEMS}?state=registered",
)
SIGN_ITEM = Kind(
    "sign-for-item",
    f"POST {_ITEMS}/{{item_id}}/answers",
    "签收督办事项“{title}”",
    "Sign for the item {title}",
    f"{_ITEMS}?state=dispatched",
)
HANDLE_ITEM = Kind(
    "handle-item",
    f"POST {_ITEMS}/{{item_id}}/answers",
    "办理督办事项“{title}”",
    "Handle the item {title}",
    f"{_ITEMS}?state=handling",
)
REPORT_ITEM = Kind(
    "report-on-item",
    f"POST {_ITEMS}/{{item_id}}/answers",
    "报告督办事项“{title}”的进展",
    "Report how far the item {title} is",
    f"{_ITEMS}?state=handling",
)
DECIDE_ITEM = Kind(
    "decide-on-item",
    f"POST {_ITEMS}/{{item_id}}/directions",
    "对督办事项“{title}”作出决定（{state_zh}）",
    "Decide about the item {title} ({state})",
    f"{_ITEMS}?state=returned&state=extension_asked&state=replied",
)
RULE_ITEM = Kind(
    "rule-on-item",
    f"POST {_ITEMS}/{{item_id}}/ruling",
    "裁定督办事项“{title}”的争议",
    "Rule on the disputed item {title}",
    f"{_ITEMS}?state=disputed",
)
_COMPLAINTS = f"{_CYCLE}/complaints"
ANSWER_COMPLAINT = Kind(
    "answer-complaint",
    f"POST {_COMPLAINTS}/{{complaint_id}}/answers",
    "答复投诉 {reference}",
    "Answer the complaint {reference}",
    f"{_COMPLAINTS}?state=assigned",
)
DECIDE_COMPLAINT = Kind(
    "decide-on-complaint",
    f"POST {_COMPLAINTS}/{{complaint_id}}/directions",
    "办理投诉 {reference}（{state_zh}）",
    "Decide about the complaint {reference} ({state})",
    f"{_COMPLAINTS}?state=raised&state=suspected&state=accepted&state=extension_asked"
    "&state=answered&state=revisited",
)
ERASE_CONTACTS = Kind(
    "erase-contacts",
    f"POST {_CYCLE}/complaint-erasures",
    "销毁投诉人已到期的联系方式",
    "Erase the contacts of complaints whose time is over",
)
DECIDE_OBJECTION = Kind(
    "decide-objection",
    f"POST {_CYCLE}/objections/{{objection_id}}/decisions",
    "复核{unit}的第{objection_no}号{form_zh}（{light_zh}）",
    "Decide about {form_en} {objection_no} of {unit} ({light_en})",
    f"{_CYCLE}/objections?state=pending",
)
CARRY_OUT_OBJECTION = Kind(
    "carry-out-objection",
    f"POST {_CYCLE}/objections/{{objection_id}}/decisions",
    "办理{unit}的第{objection_no}号{form_zh}（{state_zh}）",
    "Carry out {form_en} {objection_no} of {unit}, which is {state_en}",
    f"{_CYCLE}/objections?state=upheld&state=partly_upheld",
)
FIX_LISTS = Kind(
    "fix-check-lists",
    f"POST {_CYCLE}/checks/{{check}}/commitment",
    "固定“{name}”的抽取名单，指明种子来源",
    "Fix the lists of the check {check} and name the source of its seed",
    f"{_CYCLE}/checks",
)
DRAW_CHECK = Kind(
    "draw-check",
    f"POST {_CYCLE}/checks/{{check}}/draw",
    "填报种子，抽取“{name}”的对象",
    "Tell the seed of the check {check}, which draws it",
    f"{_CYCLE}/checks",
)
NAME_TEAM = Kind(
    "name-check-team",
    f"POST {_CYCLE}/checks/{{check}}/teams/{{unit}}",
    "为“{name}”抽中的 {unit} 指定检查组",
    "Name who checks {unit}, which {name} has drawn",
    f"{_CYCLE}/checks/{{check}}/teams",
)
CHECK_UNIT = Kind(
    "check-unit",
    f"POST {_CYCLE}/checks/{{check}}/findings",
    "核查“{name}”抽中的 {unit}，登记结论",
    "Check {unit}, which {name} has drawn, and record what is found",
    f"{_CYCLE}/checks/{{check}}/sheets/{{unit}}",
)
ANSWER_FINDING = Kind(
    "answer-check-finding",
    f"POST {_CYCLE}/checks/{{check}}/findings/{{finding_id}}/answer",
    "在 {answer_by} 前答复“{name}”的一条检查结论",
    "Sign a finding of {name} or object by {answer_by}",
    f"{_CYCLE}/checks/{{check}}/findings?state=reported",
)
DECIDE_FINDING = Kind(
    "decide-check-finding",
    f"POST {_CYCLE}/checks/{{check}}/findings/{{finding_id}}/decision",
    "决定“{name}”对 {unit} 的一条检查结论",
    "Decide on a finding of {name} about {unit}",
    f"{_CYCLE}/checks/{{check}}/findings?state=reported&state=signed&state=objected",
)
MARK_AGAIN = Kind(
    "mark-entries-again",
    f"POST {_CYCLE}/checks/{{check}}/second-marks",
    "复评“{name}”对 {unit} 已核查的{entries}条记录",
    "Mark {entries} entries of {unit} in {name} a second time",
    f"{_CYCLE}/checks/{{check}}/sheets/{{unit}}",
)
STATE_ON_FRAUD = Kind(
    "state-on-fraud",
    f"POST {_CYCLE}/checks/{{check}}/findings/{{finding_id}}/fraud/statement",
    "在 {heard_by} 前就“{name}”提请认定弄虚作假的事项作出陈述",
    "Say by {heard_by} what there is to say to what {name} puts forward as fraud",
    f"{_CYCLE}/checks/{{check}}/findings?state=upheld",
)
DECIDE_ON_FRAUD = Kind(
    "decide-on-fraud",
    f"POST {_CYCLE}/checks/{{check}}/findings/{{finding_id}}/fraud/decision",
    "决定“{name}”对 {unit} 提请认定的弄虚作假",
    "Decide whether what {name} found at {unit} is fraud",
    f"{_CYCLE}/checks/{{check}}/findings?state=upheld",
)
GIVE_SELF_MARKS = Kind(
    "give-self-marks",
    f"POST {_CYCLE}/self-evaluations/{{round_code}}/marks",
    "填报“{name}”，{until}前提交（还有{left}项未填）",
    "Give the self marks of {round_code} until {until} ({left} left)",
    f"{_CYCLE}/self-evaluations/{{round_code}}/units/{{own_unit}}",
)
HAND_IN_SELF_MARKS = Kind(
    "hand-in-self-evaluation",
    f"POST {_CYCLE}/self-evaluations/{{round_code}}/hand-in",
    "提交“{name}”（{until}截止，须另一人签发的由另一人提交）",
    "Hand in the self-evaluation {round_code}, due {until}",
    f"{_CYCLE}/self-evaluations/{{round_code}}/units/{{own_unit}}",
)
COMPARE_SELF_MARKS = Kind(
    "compare-self-evaluations",
    f"POST {_CYCLE}/self-evaluations/{{round_code}}/comparison",
    "比对“{name}”与台账（已于{until}截止）",
    "Compare the self-evaluations of {round_code}, which ended on {until}",
    f"{_CYCLE}/self-evaluations",
)
PARKED = Kind(
    "replay-parked-rows",
    f"POST {_CYCLE}/parked-rows/replay",
    "办理待对照的行：对照代码后重新录入，或说明理由后放弃（代码体系`{id_scheme}`）",
    "Enter or discard the rows with unknown codes of {id_scheme}",
    f"{_CYCLE}/parked-rows?state=parked",
)
CATEGORY = Kind(
    "hand-in-category",
    f"POST {_CYCLE}/categories/{{category}}/hand-in",
    "汇总上报类别“{category_name}”",
    "Hand in the category {category}",
    f"{_CYCLE}/categories/{{category}}/completeness",
)
STAGE = Kind(
    "confirm-stage-release",
    f"POST {_CYCLE}/stage-results/{{stage_no}}/release/confirmation",
    "确认公布阶段结果“{label}”的名次",
    "Confirm the release of the ranks of the stage {label}",
    f"{_CYCLE}/stage-results",
)
DECIDE_CORRECTION = Kind(
    "decide-correction",
    f"POST {_CYCLE}/corrections/{{correction_id}}/decision",
    "决定 {proposed_on} 提请的对 {unit} 封存记录的一项更正",
    "Decide on a correction of the sealed record of {unit}, proposed on {proposed_on}",
    f"{_CYCLE}/corrections?state=proposed",
)
RESTORATION = Kind(
    "restore-archive",
    f"POST {_CYCLE}/archive/restoration",
    "恢复他人提请的归档文件（清单摘要 {digest}）",
    "Restore the archive that somebody else proposed, with the digest {digest}",
    f"{_CYCLE}/archive/restoration-proposals",
)

OF_OWN_STATE = {DRAFT: SUBMIT, RETURNED: RETURN}
"""What is to be done with the own entries that are in a state."""

OF_WAITING = {
    ENTRY: VERIFY,
    RESTATED: VERIFY_RESTATEMENTS,
    REVERSED: VERIFY_REVERSALS,
}
"""How what waits is called, by what it is."""
