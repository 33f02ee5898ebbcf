"""What a scheme says of the notice of proposed results must be something that can be done."""

from collections.abc import Iterator

from chassis.refusals import Fault, pointer
from indicators.rules.scheme import Scheme

STEPS = ("merge", "review", "decision")
"""The steps of the usual approval chain after which a result may be shown."""


def notice_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield a notice after a step that the approval chain does not have."""
    own = scheme.approval
    steps = STEPS if own is None else tuple(each.code for each in own.steps)
    if scheme.notice is not None and scheme.notice.after not in steps:
        yield Fault(
            pointer("notice", "after"),
            "unknown-step",
            f"The steps are: {', '.join(steps[:20])}.",
            f"审批步骤有：{'、'.join(steps[:20])}。",
        )
