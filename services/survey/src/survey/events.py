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
    EventType("survey.wave-open", "调查的一个批次开始。", "A wave was opened.", told=_WAVE),
    EventType("survey.wave-closed", "调查的一个批次结束。", "A wave was closed.", told=_WAVE),
    EventType(
        "survey.batch-posted",
        "收到一批调查答卷。",
        "A batch of responses was taken.",
        told=("survey_id", "wave", "batch_no", "id_scheme"),
        whole=("accepted",),
    ),
    EventType(
        "survey.sample-decision-proposed",
        "提出样本不足的处理意见。",
        "It was proposed how to treat short samples.",
        told=(*_WAVE, "decision_no"),
    ),
    EventType(
        "survey.sample-decision-confirmed",
        "样本不足的处理意见经确认生效。",
        "How to treat short samples was confirmed.",
        told=(*_WAVE, "decision_no"),
    ),
)
