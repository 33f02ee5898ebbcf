"""The events of this service: that a wave opened or closed, never what anybody answered."""

from chassis.feed import EventType

_WAVE = ("survey_id", "code", "wave")

EVENTS = (
    EventType("survey.created", "设立一项调查。", "A survey was created.", told=_WAVE[:2]),
    EventType(
        "survey.sample-planned",
        "制定一轮调查的抽样方案。",
        "The sample of a wave was planned.",
        told=(*_WAVE, "version"),
    ),
    EventType(
        "survey.questionnaire-entered",
        "制定一版调查问卷。",
        "A version of a questionnaire was entered.",
        told=(*_WAVE[:2], "version", "digest"),
    ),
    EventType("survey.wave-open", "调查的一个轮次开放。", "A wave was opened.", told=_WAVE),
    EventType(
        "survey.wave-stopped",
        "调查的一个轮次停止接收应答，待见证。",
        "A wave was stopped, to be examined.",
        told=_WAVE,
    ),
    EventType(
        "survey.wave-reopened",
        "已停止的轮次重新开放，原见证失效。",
        "A stopped wave was opened again; what was said of it lapsed.",
        told=_WAVE,
    ),
    EventType(
        "survey.wave-attested",
        "监督单位见证一个轮次。",
        "A supervising body attested a wave.",
        told=_WAVE,
    ),
    EventType(
        "survey.wave-objected",
        "监督单位对一个轮次提出异议。",
        "A supervising body objected to a wave.",
        told=_WAVE,
    ),
    EventType("survey.wave-closed", "调查的一个轮次关闭。", "A wave was closed.", told=_WAVE),
    EventType(
        "survey.voiding-proposed",
        "提出将一个轮次作废。",
        "It was proposed to void a wave.",
        told=(*_WAVE, "voiding_no"),
    ),
    EventType(
        "survey.voiding-refused",
        "轮次作废建议未获同意。",
        "It was refused to void a wave.",
        told=(*_WAVE, "voiding_no"),
    ),
    EventType(
        "survey.wave-voided",
        "一个轮次经确认作废。",
        "A wave was voided.",
        told=(*_WAVE, "voiding_no"),
    ),
    EventType(
        "survey.wave-repeated",
        "作废的轮次将重做，另立一个轮次代替。",
        "A voided wave is to be repeated by another one.",
        told=(*_WAVE, "stands_for"),
    ),
    EventType(
        "survey.batch-posted",
        "收到一批调查答卷。",
        "A batch of responses was taken.",
        told=("survey_id", "wave", "batch_no", "id_scheme"),
    ),
    EventType(
        "survey.batch-withdrawn",
        "调查实施单位撤回一批有误的答卷。",
        "A wrong batch of responses was withdrawn.",
        told=("survey_id", "wave", "batch_no"),
    ),
    EventType(
        "survey.opinions-posted",
        "收到一批意见建议。",
        "Opinions were taken that came without an interview.",
        told=("survey_id", "wave", "batch_no"),
    ),
    EventType(
        "survey.opinions-reviewed",
        "提出意见审核结果。",
        "It was proposed what becomes of opinions.",
        told=_WAVE,
    ),
    EventType(
        "survey.opinion-reviews-confirmed",
        "意见审核结果经确认生效。",
        "What becomes of opinions was confirmed.",
        told=_WAVE,
    ),
    EventType(
        "survey.opinions-published",
        "公布一轮调查的意见。",
        "The opinions of a wave were published.",
        told=_WAVE,
    ),
    EventType(
        "survey.rectification-assigned",
        "交办整改事项。",
        "Units were asked to mend something.",
        told=("survey_id", "code"),
    ),
    EventType(
        "survey.rectification-replied",
        "单位答复整改事项。",
        "A unit replied to an item.",
    ),
    EventType(
        "survey.rectification-accepted",
        "整改答复通过审查。",
        "The reply of a unit was accepted.",
    ),
    EventType(
        "survey.rectification-returned",
        "整改答复被退回。",
        "The reply of a unit was returned.",
    ),
    EventType(
        "survey.mapping-saved",
        "保存一份调查文件的列对照。",
        "What the columns of a collector's files are was saved.",
        told=(*_WAVE[:2], "name", "version"),
    ),
    EventType(
        "survey.meeting-count-posted",
        "上报一份会议计票结果。",
        "The count of a meeting was posted.",
        told=(*_WAVE, "count_no"),
    ),
    EventType(
        "survey.meeting-count-confirmed",
        "会议计票结果经另一人复计确认。",
        "The count of a meeting was confirmed by a second count.",
        told=(*_WAVE, "count_no"),
    ),
    EventType(
        "survey.meeting-count-withdrawn",
        "撤回一份会议计票结果。",
        "The count of a meeting was withdrawn.",
        told=(*_WAVE, "count_no"),
    ),
    EventType("survey.seats-named", "列出一轮的投票席位。", "Seats were named.", told=_WAVE),
    EventType(
        "survey.seat-replaced",
        "更换席位的账户。",
        "A seat was given to another account.",
        told=_WAVE,
    ),
    EventType("survey.urn-set-up", "设立票箱。", "An urn was set up.", told=_WAVE),
    EventType("survey.ballot-cast", "一个席位投票。", "A ballot was cast.", told=_WAVE),
    EventType("survey.urn-opened", "开箱计票。", "An urn was opened and counted.", told=_WAVE),
    EventType(
        "survey.links-drawn",
        "生成在线问卷的一次性链接。",
        "Links of online forms were drawn.",
        told=(*_WAVE, "draw_no"),
    ),
    EventType(
        "survey.links-withdrawn",
        "撤回未使用的链接。",
        "Unused links of online forms were withdrawn.",
        told=_WAVE,
    ),
    EventType(
        "survey.form-answered",
        "有人经链接提交了在线问卷。",
        "Somebody answered an online form.",
        told=_WAVE,
    ),
    EventType(
        "survey.sample-decision-proposed",
        "提出样本处置。",
        "It was proposed how to treat short samples.",
        told=(*_WAVE, "decision_no"),
    ),
    EventType(
        "survey.sample-decision-confirmed",
        "样本处置经确认生效。",
        "How to treat short samples was confirmed.",
        told=(*_WAVE, "decision_no"),
    ),
    EventType(
        "survey.screen-decision-proposed",
        "对疑点筛查线索提出处理意见。",
        "It was proposed what findings of a wave's screens lead to.",
        told=(*_WAVE, "decision_no"),
    ),
    EventType(
        "survey.screen-decision-confirmed",
        "疑点筛查线索的处理意见经确认生效。",
        "What findings of a wave's screens lead to was confirmed.",
        told=(*_WAVE, "decision_no"),
    ),
)
