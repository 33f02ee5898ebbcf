"""Embargo (禁发): a release waits for its instant, and until then it may be moved, later not.

Whoever moves an instant must be done before it comes: what has been read once is not hidden again.
So nobody moves it in its last moments, and none is named that lies within them.
"""

import datetime as dt

from chassis.refusals import Conflict, Fault, Invalid

WAITS = {
    ("approved", "embargoed"): "publication from an instant on",
    ("embargoed", "published"): "the instant comes",
}
"""What an edition goes through besides where it is published under embargo: no step of anybody."""

LONGEST = dt.timedelta(days=366)
"""How far ahead an instant may lie."""


class EmbargoOver(Conflict):
    """The release is public, or is within moments."""

    zh = "该公布稿已公开，或即将公开，公开时间不能再变更。"
    remedy = (
        "Leave it: what is public stays so. Publish a correcting release where it is wrong.",
        "已公开的不再撤回；内容有误的，另行公布更正。",
    )


class InstantNotPossible(Invalid):
    """A release cannot become public at this instant."""

    zh = "公开时间不可行。"
    remedy = (
        "Name an instant that lies further ahead, within a year, or leave it out to publish at "
        "once.",
        "请填写稍后的、一年以内的时间；立即公开的，不填。",
    )


class BeforePredecessor(Conflict):
    """Releases of a category become public in the order in which they were made."""

    zh = "同一类别的公布稿须按先后次序公开。"
    remedy = (
        "Name an instant that is not before that of the release which this one replaces, nor after "
        "that of the one which replaces it; or move that first.",
        "公开时间不得早于被其取代的公布稿，也不得晚于取代它的公布稿；或先变更后者的时间。",
    )


def refuse_over(public_from: dt.datetime, now: dt.datetime, lead: dt.timedelta) -> None:
    """Refuse to move an instant that has come, or comes before a change is surely over."""
    if now >= public_from - lead:
        at = public_from.isoformat(timespec="seconds")
        raise EmbargoOver(f"Its instant is {at}.", f"公开时间为{at}。")


def refuse_instant(instant: dt.datetime | None, now: dt.datetime, lead: dt.timedelta) -> None:
    """Refuse an instant that is not ahead, or too far; None is at once."""
    if instant is None or now + lead <= instant <= now + LONGEST:
        return
    seconds = int(lead.total_seconds())
    said = Fault(
        "/publish_at",
        "not-ahead",
        f"It lies less than {seconds} s ahead, or more than {LONGEST.days} days.",
        f"不在{seconds}秒之后、{LONGEST.days}天以内。",
    )
    raise InstantNotPossible("It does not lie ahead.", "时间不在允许范围内。", faults=[said])


def refuse_unordered(
    instant: dt.datetime, before: dt.datetime | None, after: dt.datetime | None
) -> None:
    """Refuse an instant before that of the release that this one replaces, or after that of the
    one that replaces it."""
    early = before if before is not None and instant < before else None
    other = after if after is not None and after < instant else early
    if other is not None:
        at = other.isoformat(timespec="seconds")
        raise BeforePredecessor(
            f"The other release becomes public at {at}.", f"另一公布稿的公开时间为{at}。"
        )
