"""At which moment the record is read: at any that has passed, and never ahead of it."""

from datetime import datetime

from chassis.refusals import Fault, Invalid


class MomentAhead(Invalid):
    """The record is read as it stood at a moment that has passed."""

    zh = "只能查看已经过去的时刻的情况。"
    remedy = (
        "Give an earlier `at`, or leave it out for how things stand now.",
        "请给出更早的 `at`，或不携带该参数以查看当前情况。",
    )


def moment_of(asked: datetime | None, now: datetime) -> datetime:
    """Return the moment that is asked for, or the present one; refuse one that is to come."""
    if asked is not None and asked > now:
        en, zh = f"It is {now.isoformat()} now.", f"现在是 {now.isoformat()}。"
        raise MomentAhead(en, zh, faults=[Fault("/query/at", "moment-ahead", en, zh)])
    return asked or now
