"""The events of this service: what others may hear of, and which units each is about.

Neither a value nor a decision is told, and of what is only known after feedback nothing at all: an
event says where to look.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, Protocol

from chassis.feed import EventType
from scoring.rules.ledger.states import DRAFT

_ENTRY = ("entry_id",)

EVENTS = (
    EventType(
        "scoring.entries-posted",
        "录入台账记录。",
        "Entries were posted to the ledger.",
        told=("state", "id_scheme"),
        whole=("count", "evidence"),
    ),
    EventType(
        "scoring.entry-adopted",
        "沿用其他评估年度的一条台账记录。",
        "An entry of another cycle was taken over.",
        told=(*_ENTRY, "state"),
        whole=("from_cycle_id", "from_entry_id", "evidence"),
    ),
    EventType(
        "scoring.entries-submitted",
        "提交台账记录待审核。",
        "Entries were handed in to be verified.",
        whole=("entry_ids",),
    ),
    EventType(
        "scoring.entries-signed",
        "台账记录由单位内另一人签发。",
        "Entries were signed off by a second person of the unit that entered them.",
        whole=("entry_ids",),
    ),
    EventType(
        "scoring.entries-checked",
        "台账记录通过初审。",
        "Entries passed the first review.",
        whole=("entry_ids",),
    ),
    EventType(
        "scoring.entries-verified",
        "台账记录通过审核，自此计入得分。",
        "Entries were verified, and count from now on.",
        whole=("entry_ids",),
    ),
    EventType(
        "scoring.entries-returned",
        "台账记录退回录入单位。",
        "Entries were returned to the units that entered them.",
        whole=("entry_ids",),
    ),
    EventType(
        "scoring.entry-corrected",
        "以新记录替换草稿或被退回的记录。",
        "A draft or a returned entry was replaced by another.",
        told=(*_ENTRY, "replaces", "state"),
        whole=("evidence",),
    ),
    EventType(
        "scoring.entry-withdrawn",
        "撤回草稿或被退回的记录。",
        "A draft or a returned entry was taken back.",
        told=_ENTRY,
    ),
    EventType(
        "scoring.entry-reversal-submitted",
        "申请冲销一条已审核的记录。",
        "It was asked that a verified entry counts no longer.",
        told=(*_ENTRY, "reverses"),
    ),
    EventType(
        "scoring.entry-restatement-submitted",
        "为一条已审核的记录报送新数值。",
        "Another value was submitted for a verified entry.",
        told=(*_ENTRY, "restates"),
    ),
    EventType(
        "scoring.parked-rows-replayed",
        "待对照行在补充代码对照后录入台账。",
        "Parked rows were entered, now that their codes mean something.",
        whole=("stored", "unchanged"),
    ),
    EventType(
        "scoring.parked-rows-discarded",
        "待对照行不再录入。",
        "Parked rows are not to be entered.",
        whole=("parked_row_ids",),
    ),
    EventType(
        "scoring.category-handed-in",
        "组织单位汇总上报一个类别的台账。",
        "An organiser handed in the ledger of a category.",
        told=("category", "number"),
        whole=("missing", "waiting"),
    ),
    EventType("scoring.ledger-sealed", "台账封存。", "The ledger was sealed."),
    EventType(
        "scoring.restoration-proposed",
        "提请恢复归档文件。",
        "It was proposed to restore an archive.",
        whole=("proposal_no", "archive"),
    ),
    EventType(
        "scoring.archive-restored",
        "由归档文件恢复年度记录。",
        "The record of a year was restored out of its archive.",
        whole=("archive", "archived_cycle", "rows", "proposal_no", "proposed_by"),
    ),
    EventType(
        "scoring.period-closed",
        "期间关账。",
        "A month, a quarter or a half-year was closed.",
        told=("period",),
    ),
    EventType(
        "scoring.period-permitted",
        "准许单位补录已关账期间的记录。",
        "A unit was given leave to enter about a closed period.",
        told=("period", "permission_no"),
    ),
    EventType(
        "scoring.duty-warned",
        "报送任务临近期限而未报齐。",
        "What is owed is due soon, and something of it is missing.",
        whole=("cards",),
    ),
    EventType(
        "scoring.yellow-card",
        "报送任务逾期，黄牌。",
        "What is owed was not handed in when it was due: a yellow card.",
        whole=("cards",),
    ),
    EventType(
        "scoring.red-card",
        "报送任务黄牌之后仍未报齐，红牌。",
        "What is owed is still missing after its yellow card: a red card.",
        whole=("cards",),
    ),
    EventType(
        "scoring.duty-person-named",
        "指定报送责任人。",
        "Somebody was named to be in charge of what a unit owes.",
    ),
    EventType(
        "scoring.claims-posted",
        "提交加减分申报。",
        "Claims were handed in.",
    ),
    EventType(
        "scoring.claims-confirmed",
        "加减分申报已认定或驳回。",
        "Claims were decided.",
    ),
    EventType(
        "scoring.claims-answered",
        "所列单位对共同申报表示同意或提出异议。",
        "Units that another had filed a claim for agreed or objected.",
    ),
    EventType(
        "scoring.claims-arrived",
        "上年度顺延的申报已转入。",
        "Claims arrived that the year before had carried over.",
    ),
    EventType(
        "scoring.claims-to-confirm-again",
        "另一项申报变更后，原认定依据不再成立，申报须重新认定。",
        "Claims have to be confirmed again, because what that rested on stands no longer.",
    ),
    EventType(
        "scoring.claims-withdrawn",
        "申报已撤回。",
        "Claims were withdrawn.",
    ),
    EventType(
        "scoring.highlight-reported",
        "申报亮点。",
        "A unit reported a highlight.",
    ),
    EventType(
        "scoring.highlight-examined",
        "亮点已审核。",
        "A highlight was examined.",
    ),
    EventType(
        "scoring.highlight-withdrawn",
        "亮点已撤回。",
        "A unit took a highlight back.",
    ),
    EventType(
        "scoring.award-registered",
        "登记奖项或称号。",
        "An award or a title was registered.",
    ),
    EventType(
        "scoring.award-examined",
        "登记的奖项已确认或未予确认。",
        "A registered award was confirmed or rejected.",
    ),
    EventType(
        "scoring.award-withdrawn",
        "登记的奖项已撤回。",
        "A registered award was taken back.",
    ),
    EventType(
        "scoring.supervised-items-registered",
        "登记督办事项。",
        "Items to be supervised were registered.",
        whole=("item_ids", "count"),
    ),
    EventType(
        "scoring.supervised-items-dispatched",
        "交办督办事项。",
        "Items were dispatched.",
        whole=("item_ids",),
    ),
    EventType(
        "scoring.supervised-item-moved",
        "一项督办事项办理了一步。",
        "An item was moved by its units, the office or a leader.",
        told=("item_id", "move", "state"),
    ),
    EventType(
        "scoring.supervised-items-due-soon",
        "督办事项三个工作日内到期。",
        "Items are due within three working days.",
        whole=("item_ids",),
    ),
    EventType(
        "scoring.supervised-items-overdue",
        "督办事项逾期。",
        "Items were not replied to when they were due.",
        whole=("item_ids",),
    ),
    EventType(
        "scoring.supervised-items-counted",
        "督办事项退回重办或退回不当。",
        "Items had to be done again, or were returned without ground.",
        whole=("item_ids",),
    ),
    EventType(
        "scoring.complaints-registered",
        "登记投诉。",
        "Complaints that were received elsewhere were registered.",
        whole=("complaint_ids", "count"),
    ),
    EventType(
        "scoring.complaint-raised",
        "公众提出一件投诉。",
        "A citizen raised a complaint.",
        told=("complaint_id",),
    ),
    EventType(
        "scoring.complaint-desk-set",
        "投诉受理窗口开放或关闭。",
        "The way for citizens to raise complaints was opened or closed.",
        told=("is_open",),
    ),
    EventType(
        "scoring.complaint-contact-read",
        "为回访查阅一件投诉的联系方式。",
        "How whoever raised a complaint is reached was read.",
        whole=("complaint_id",),
    ),
    EventType(
        "scoring.complaint-contacts-erased",
        "到期联系方式已销毁。",
        "Contacts of complaints whose time was over were erased.",
        whole=("erased",),
    ),
    EventType(
        "scoring.complaint-moved",
        "一件投诉办理了一步。",
        "A complaint was moved by its units, the office, or whoever raised it.",
        told=("complaint_id", "move", "state"),
    ),
    EventType(
        "scoring.complaints-counted",
        "投诉逾期、退回重办或退回不当。",
        "Complaints were overdue, had to be done again, or were returned without ground.",
        whole=("complaint_ids",),
    ),
    EventType(
        "scoring.complaint-about-office",
        "针对绩效办的一件投诉有变动。",
        "A complaint about the office itself was raised or moved.",
        told=("complaint_id", "move", "state"),
    ),
    EventType(
        "scoring.self-marks-given",
        "单位填报一轮自评。",
        "A unit gave self marks in a round.",
        whole=("round_code", "count"),
    ),
    EventType(
        "scoring.self-evaluation-handed-in",
        "单位提交一轮自评。",
        "A unit handed in its self-evaluation.",
        whole=("round_code",),
    ),
    EventType(
        "scoring.self-evaluations-compared",
        "一轮自评与台账比对完毕，不再接收。",
        "A round of self-evaluation was compared with the record, and is over.",
        told=("round_code",),
        whole=("count",),
    ),
    EventType(
        "scoring.objection-filed",
        "单位对反馈的结果提出异议。",
        "A unit objected to what was fed back to it.",
        told=("objection_id", "state"),
    ),
    EventType(
        "scoring.objection-moved",
        "一项异议经复核、提交上一级或撤回。",
        "An objection was decided about, taken to the next level, or withdrawn.",
        told=("objection_id", "state"),
    ),
    EventType(
        "scoring.check-lists-fixed",
        "复检、抽查的抽取名单已固定。",
        "The lists from which a check is drawn were fixed.",
        whole=("check", "digest", "seed_on"),
    ),
    EventType(
        "scoring.check-drawn",
        "复检、抽查已抽取。",
        "A check was drawn.",
        whole=("check", "digest"),
    ),
    EventType(
        "scoring.check-reviewers-fixed",
        "复检、抽查的检查人员已固定。",
        "The reviewers of a check were fixed.",
        whole=("check", "digest", "members"),
    ),
    EventType(
        "scoring.check-team-named",
        "为抽中的单位指定检查组。",
        "A team was named for a drawn unit.",
        whole=("check", "team_no"),
    ),
    EventType(
        "scoring.check-finding-recorded",
        "登记一条检查结论，单位可以答复。",
        "A finding of a check was recorded, to which the unit may answer.",
        told=("check", "finding_id"),
        whole=("state",),
    ),
    EventType(
        "scoring.check-finding-moved",
        "检查结论已答复或已决定。",
        "A finding of a check was answered or decided.",
        told=("check", "finding_id"),
        whole=("state",),
    ),
    EventType(
        "scoring.correction-proposed",
        "提请更正已封存的记录。",
        "A correction of the sealed record was proposed.",
        whole=("correction_id", "state"),
    ),
    EventType(
        "scoring.correction-decided",
        "封存后更正已决定。",
        "A correction of the sealed record was decided.",
        whole=("correction_id", "state"),
    ),
    EventType(
        "scoring.correction-withdrawn",
        "提请的封存后更正已撤回。",
        "A proposed correction of the sealed record was taken back.",
        whole=("correction_id", "state"),
    ),
    EventType(
        "scoring.evidence-added",
        "上传佐证材料。",
        "A file was added as evidence.",
        whole=("evidence_id", "kind"),
    ),
    EventType(
        "scoring.evidence-named",
        "台账记录或申报引用佐证材料。",
        "An entry or a claim names files as its evidence.",
        whole=("entry_id", "claim_id", "evidence_ids"),
    ),
    EventType(
        "scoring.score-sheet-computed",
        "计算一版得分表。",
        "An edition of the score sheet was computed.",
        told=("edition", "categories"),
    ),
    EventType(
        "scoring.score-sheet-fed-back",
        "一版得分表向各单位反馈。",
        "An edition of the score sheet was fed back to the units.",
        told=("edition",),
    ),
    EventType(
        "scoring.stage-frozen",
        "定格一个阶段的结果。",
        "Results so far were frozen as a stage.",
        told=("stage_no",),
    ),
    EventType(
        "scoring.stage-release-proposed",
        "提请公布一个阶段的名次。",
        "It was proposed to release the ranks of a stage.",
        told=("stage_no",),
    ),
    EventType(
        "scoring.stage-release-refused",
        "不予公布一个阶段的名次。",
        "The release of the ranks of a stage was refused.",
        told=("stage_no",),
    ),
    EventType(
        "scoring.stage-released",
        "公布一个阶段的名次。",
        "The ranks of a stage were released.",
        told=("stage_no", "readers"),
    ),
)


class Drafted(Protocol):
    """An entry that is to be stored, as far as it matters whom it concerns."""

    @property
    def unit(self) -> str:
        """The unit that it is about."""
        ...

    @property
    def panel(self) -> str | None:
        """The panel whose seat it is a mark from, where it is one."""
        ...


class Written(Drafted, Protocol):
    """An entry, as far as it matters whom it concerns."""

    @property
    def author_unit(self) -> str:
        """The unit that entered it."""
        ...

    @property
    def state(self) -> str:
        """The state that it is in."""
        ...


def about_rows(rows: Iterable[Written], untold: Collection[str] = ()) -> dict[str, Any]:
    """Return what the journal is told of whom stored entries concern; of those that are in
    `untold` states no unit is."""
    return _about(
        (None if row.state in untold else row.unit, row.panel, row.author_unit) for row in rows
    )


def about_drafts(
    drafts: Iterable[Drafted], source: str | None, state: str | None = None
) -> dict[str, Any]:
    """Return what the journal is told of whom the entries concern that a source enters."""
    own = state == DRAFT
    return _about((None if own else draft.unit, draft.panel, source) for draft in drafts)


def _about(entries: Iterable[tuple[str | None, str | None, str | None]]) -> dict[str, Any]:
    """Count entries by unit and by source.

    A mark from a seat is no unit's to know of before it is fed back, and who gave it nobody's; and
    a draft is no unit's before it is handed in.
    """
    entries = list(entries)
    plain = [(unit, source) for unit, panel, source in entries if panel is None]
    told: dict[str, Any] = {
        "units": dict(Counter(unit for unit, _ in plain if unit)),
        "sources": dict(Counter(source for _, source in plain if source)),
    }
    if len(plain) < len(entries):
        told["by_seat"] = True
    return told
