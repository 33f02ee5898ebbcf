"""The events of this service: that a step was taken, never a rank, a grade or a reason."""

from chassis.feed import EventType, parties_in

_STEPS = (
    ("merge", "排名汇总完成。", "A ranking was merged."),
    ("review", "综合绩效评估委员会审核排名。", "The committee reviewed a ranking."),
    ("decision", "市委常委会审定排名。", "The standing committee decided on a ranking."),
)
_REPORTS = (
    ("veto", "一票否决", "veto"),
    ("demotion", "降等", "demotion"),
)
_STATES = (
    ("reported", "提出{}。", "A {} was reported."),
    ("confirmed", "{}经第二人确认。", "A {} was confirmed."),
    ("refused", "{}未予确认。", "A {} was refused."),
    ("lifting", "申请解除{}。", "It was asked that a {} is lifted."),
    ("lifted", "{}已解除。", "A {} was lifted."),
)

EVENTS = (
    EventType(
        "ranking.computed",
        "计算一版排名。",
        "An edition of a ranking was computed.",
        told=("edition", "category"),
    ),
    *(EventType(f"ranking.{step}", zh, en, told=("edition",)) for step, zh, en in _STEPS),
    EventType(
        "ranking.step",
        "审批链的一个步骤办理完成。",
        "A step of a scheme's own approval chain was taken.",
        told=("edition", "step"),
    ),
    EventType(
        "ranking.sent-back",
        "排名退回至此前步骤。",
        "A ranking was sent back to an earlier step.",
        told=("edition", "step", "sent_back_to"),
    ),
    EventType(
        "ranking.minutes-entered",
        "会议记录已由一人录入。",
        "Minutes were entered by the first of two persons.",
        told=("edition", "step"),
    ),
    EventType(
        "ranking.delegated",
        "委托签署。",
        "A signature was delegated.",
        told=("number",),
    ),
    EventType(
        "ranking.publication",
        "公布结果。",
        "Results were released.",
        told=("edition", "release", "release_digest"),
    ),
    EventType(
        "ranking.consequences-proposed",
        "提出结果运用事项。",
        "Consequences of results were proposed, or put forward to be revoked.",
        parties=parties_in("consequences"),
    ),
    EventType(
        "ranking.consequence-moved",
        "结果运用事项经决定、执行或申请撤销。",
        "A consequence was decided on, carried out, or is to be revoked.",
        parties=parties_in("consequences"),
    ),
    EventType(
        "ranking.notice-opened",
        "开始公示拟定结果。",
        "Proposed results are shown to everybody.",
        told=("notice", "category", "closes_on"),
    ),
    EventType(
        "ranking.notice-objection-filed",
        "对公示提出异议。",
        "An objection to a notice was filed.",
        told=("notice", "reference"),
    ),
    EventType(
        "ranking.notice-objection-withdrawn",
        "撤回对公示的异议。",
        "An objection to a notice was taken back.",
        told=("notice", "reference"),
    ),
    EventType(
        "ranking.notice-contact-read",
        "查阅公示异议人的联系方式。",
        "A contact of somebody who objected to a notice was read.",
        told=("notice", "reference"),
    ),
    EventType(
        "ranking.notice-contacts-erased",
        "销毁到期的公示异议人联系方式。",
        "Contacts of those who objected to notices were erased.",
        told=("erased",),
    ),
    EventType(
        "ranking.notice-objections-answered",
        "答复对公示的异议。",
        "Objections to a notice were answered.",
        told=("notice",),
        parties=parties_in("answers"),
    ),
    EventType(
        "ranking.embargo-moved",
        "变更公布稿的公开时间。",
        "The instant was moved from which on a release is public.",
        told=("release", "public_from"),
    ),
    EventType(
        "ranking.linked-result-entered",
        "录入三位一体考核结果。",
        "A result of a team or a person was entered.",
    ),
    EventType(
        "ranking.linked-result-decided",
        "三位一体考核结果经第二人办理。",
        "A result of a team or a person was typed again, or refused.",
    ),
    EventType(
        "ranking.linked-results-read",
        "查阅三位一体考核结果。",
        "Results of a team and its people were read.",
        told=("number",),
    ),
    EventType(
        "ranking.linked-results-erased",
        "清除期满的三位一体个人结果。",
        "What was kept about persons was erased.",
    ),
    *(
        EventType(
            f"ranking.{kind}-{state}", zh.format(named), en.format(name), told=("number", "code")
        )
        for kind, named, name in _REPORTS
        for state, zh, en in _STATES
    ),
)
