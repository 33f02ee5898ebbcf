"""The events of this service: what others may hear of, and which units each is about."""

from chassis.feed import EventType, parties_in

_TARGETS = parties_in("targets", "decisions", "settlements")


def _of_targets(name: str, zh: str, en: str) -> EventType:
    return EventType(f"targets.{name}", zh, en, parties=_TARGETS)


EVENTS = (
    EventType(
        "jurisdiction.registered",
        "登记辖区。",
        "A jurisdiction was registered.",
        told=("code", "superior"),
    ),
    EventType(
        "jurisdiction.confirmed",
        "确认辖区。",
        "A jurisdiction was confirmed.",
        told=("code",),
    ),
    EventType(
        "jurisdiction.succession-proposed",
        "提议变更辖区代码。",
        "Another code was proposed to take the place of a jurisdiction's.",
        told=("code", "succeeded_by", "effective_on"),
    ),
    EventType(
        "jurisdiction.succession-confirmed",
        "辖区代码变更经确认。",
        "Another code takes the place of a jurisdiction's.",
        told=("code", "succeeded_by", "effective_on"),
    ),
    EventType(
        "cycle.begun",
        "设立评估年度。",
        "A cycle was begun.",
        told=("name", "assessment_year", "jurisdiction"),
    ),
    EventType(
        "scheme.saved",
        "保存方案草案的一个版本。",
        "A version of the scheme was saved as a draft.",
        told=("version", "digest"),
    ),
    EventType(
        "scheme.published",
        "公布方案的一个版本。",
        "A version of the scheme was published.",
        told=("version", "digest", "in_force_before"),
    ),
    EventType(
        "scheme.consulted",
        "就方案草案征求意见。",
        "Units are asked about a draft of the scheme.",
        told=("version", "digest", "closes_on"),
    ),
    EventType(
        "scheme.commented",
        "单位对方案草案提出意见。",
        "A unit commented on a draft of the scheme.",
        told=("version",),
    ),
    EventType(
        "scheme.comments-answered",
        "答复对方案草案的意见。",
        "Comments on a draft of the scheme were answered.",
        told=("version",),
    ),
    EventType(
        "inspections.set",
        "登记或变更督查检查。",
        "Inspections were registered or changed.",
    ),
    EventType(
        "decomposition.set",
        "上级指标责任分解新增一版。",
        "A version was added of who answers for the superior's points.",
        told=("version", "digest"),
    ),
    EventType(
        "decomposition.handed-up",
        "向上级上报责任分解。",
        "A version of who answers for the superior's points was handed up to the superior.",
        told=("version", "digest"),
    ),
    EventType(
        "superior-standings.reported",
        "报告上级指标的计分情况。",
        "How indicators of the superior's stand was reported.",
    ),
    EventType(
        "units.registered", "登记单位。", "Units were registered.", parties=parties_in("units")
    ),
    EventType("unit.named", "登记单位名称。", "A unit was given a name.", told=("kind",)),
    EventType(
        "unit.kind-corrected",
        "更正单位类型。",
        "The kind of a unit was corrected.",
        told=("kind",),
    ),
    EventType(
        "unit.succeeded",
        "登记单位的沿革。",
        "A unit goes on from others.",
        told=("predecessors", "effective_on"),
    ),
    EventType(
        "id-scheme.registered",
        "登记其他系统的代码体系。",
        "The codes of another system were registered.",
        told=("id_scheme",),
    ),
    EventType(
        "code-mappings.proposed",
        "提出代码对照。",
        "Mappings of codes were proposed.",
        told=("id_scheme",),
    ),
    EventType(
        "code-mappings.confirmed",
        "代码对照经确认生效。",
        "Mappings of codes were confirmed.",
        told=("id_scheme",),
        whole=("mapping_ids",),
    ),
    EventType(
        "code-mappings.refused",
        "代码对照未予确认。",
        "Mappings of codes were refused.",
        told=("id_scheme",),
        whole=("mapping_ids",),
    ),
    EventType(
        "code-mappings.ended",
        "代码对照终止。",
        "Mappings of codes were ended.",
        told=("id_scheme",),
        whole=("mapping_ids",),
    ),
    EventType(
        "calendar.announced",
        "登记某年的节假日安排。",
        "The holidays of a year were announced.",
        told=("year",),
    ),
    EventType(
        "calendar.corrected",
        "更正某年的节假日安排。",
        "Days of a year's calendar were corrected.",
        told=("year",),
    ),
    EventType(
        "letters.drawn-up",
        "拟定目标责任书。",
        "Responsibility letters were drawn up.",
        parties=parties_in("letters"),
    ),
    EventType(
        "letters.signed",
        "签署目标责任书。",
        "Responsibility letters were signed.",
        parties=parties_in("signatures"),
    ),
    EventType(
        "work-plans.set",
        "单位制定工作计划。",
        "Units planned how to reach their targets.",
        parties=parties_in("plans"),
    ),
    EventType(
        "projects.set",
        "登记重点项目。",
        "Projects were registered.",
        parties=parties_in("projects"),
    ),
    _of_targets("set", "下达目标值。", "Targets were set."),
    _of_targets("proposed", "单位申报目标值。", "Units proposed targets."),
    _of_targets("decided", "申报的目标值已审核。", "Proposed targets were decided."),
    _of_targets("confirmed", "目标值变更经第二人确认。", "A second person decided on targets."),
    _of_targets("revised", "提出调整目标值。", "Other values were given for targets in force."),
    _of_targets("revision-requested", "单位申请调整目标值。", "Units asked to revise targets."),
    _of_targets("request-decided", "单位的调整申请已答复。", "Requests to revise were answered."),
    _of_targets("request-withdrawn", "单位撤回调整申请。", "Requests to revise were taken back."),
    _of_targets("withdrawn", "撤销目标值。", "Targets in force were withdrawn."),
    _of_targets("settlement-asked", "说明并存的目标值。", "Differing targets are to stand."),
    _of_targets("settlement-decided", "并存的目标值已审定。", "Differing targets were decided."),
)
