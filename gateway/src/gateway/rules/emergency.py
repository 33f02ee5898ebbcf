"""Rights that are taken in an emergency (应急授权): who may, for how long, and what follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from chassis.persons import is_among, is_same
from chassis.refusals import Conflict, Forbidden, Missing

LONGEST = timedelta(hours=4)
"""The longest for which a right is taken; the table `emergency_grant` holds it too."""

GrantState = Literal["going", "over", "reviewed"]
Finding = Literal["justified", "unjustified"]


class NoSuchGrant(Missing):
    """There is no such emergency grant."""

    zh = "没有这次应急授权。"
    remedy = (
        "Look its id up in the list of emergency grants.",
        "请在应急授权清单中查对其标识。",
    )


class RightNotYours(Forbidden):
    """The right is not one that the caller may take in an emergency."""

    zh = "调用者不得应急取得该权限。"
    remedy = (
        "Ask somebody who may, with an account of his own: `x-emergency` of the API document says "
        "which roles.",
        "请由可以取得该权限的人员以本人账户办理：可取得的角色见接口文档 `x-emergency`。",
    )


class GrantNotReviewed(Conflict):
    """An earlier emergency grant of the same person goes on, or was not reviewed yet."""

    zh = "本人此前的应急授权尚未结束，或尚未复核。"
    remedy = (
        "Have the earlier one ended and reviewed first.",
        "请先结束并复核此前的应急授权。",
    )


class NobodyToReview(Conflict):
    """There is nobody who could review it afterwards."""

    zh = "没有可以事后复核的人员。"
    remedy = (
        "Have an audit administrator in effect first who is another person.",
        "请先使另一名审计管理员生效。",
    )


class GrantOver(Conflict):
    """The emergency grant is over."""

    zh = "该应急授权已经结束。"
    remedy = (
        "Go on with what the own account may; nothing lengthens a grant.",
        "请以本人账户的权限继续办理；应急授权不得延长。",
    )


class GrantGoesOn(Conflict):
    """The emergency grant goes on, and is reviewed when it is over."""

    zh = "该应急授权尚未结束，结束后方可复核。"
    remedy = (
        "End it first, or wait until it is over.",
        "请先结束该授权，或待其到期。",
    )


class GrantReviewed(Conflict):
    """The emergency grant was reviewed before."""

    zh = "该应急授权此前已经复核。"
    remedy = ("Nothing needs to be done.", "无需再作处理。")


class ReviewedByAnother(Forbidden):
    """Nobody reviews an emergency grant of his own."""

    zh = "本人的应急授权须由他人复核。"
    remedy = (
        "Ask another audit administrator, or the auditor.",
        "请由另一名审计管理员或审计人员复核。",
    )


class NotInAnEmergency(Forbidden):
    """What is asked for is not done by a right that was taken in an emergency."""

    zh = "该事项不得凭应急授权办理。"
    remedy = (
        "Publishing, sealing, deciding and all else that `x-emergency` does not name is done by "
        "whoever has the role.",
        "公布、封存、审定以及接口文档 `x-emergency` 未列的其他事项，须由具有相应角色的人员办理。",
    )


@dataclass(frozen=True, slots=True)
class KnownGrant:
    """An emergency grant as it is on record."""

    right: str
    role: str
    subject: str
    person: str
    ends_at: datetime
    ended_at: datetime | None
    is_reviewed: bool

    def state(self, now: datetime) -> GrantState:
        """Return the state it is in at a moment: it ends by itself."""
        if self.ended_at is None and now < self.ends_at:
            return "going"
        return "reviewed" if self.is_reviewed else "over"


def check_taking(
    right: str,
    roles: Collection[str],
    rights: Mapping[str, Mapping[str, Any]],
    earlier: Collection[GrantState],
) -> None:
    """Refuse a right that is none, or not the caller's to take, and a second one at a time."""
    if not set(rights.get(right, {}).get("taken_by", ())) & set(roles):
        told = sorted(name for name, each in rights.items() if {*each["taken_by"]} & {*roles})
        raise RightNotYours(
            f"Rights that the caller may take: {', '.join(told) or 'none'}.",
            f"调用者可以应急取得的权限：{'、'.join(f'`{each}`' for each in told) or '无'}。",
        )
    if set(earlier) - {"reviewed"}:
        raise GrantNotReviewed("Nothing was granted.", "未予授权。")


def check_reviewers(person: str, reviewers: Collection[str]) -> None:
    """Refuse a grant that nobody but the one who takes it could review."""
    if all(is_same(person, each) for each in reviewers):
        raise NobodyToReview("Nothing was granted.", "未予授权。")


def check_going(state: GrantState) -> None:
    """Refuse to end what is over."""
    if state != "going":
        raise GrantOver("It was not changed.", "未作改动。")


def check_review(state: GrantState, person: str, reviewer: str) -> None:
    """Refuse a review before the end, a second one, and one by the person who took the right."""
    if is_among(reviewer, (person,)):
        raise ReviewedByAnother("It was not reviewed.", "未予复核。")
    if state == "going":
        raise GrantGoesOn("It was not reviewed.", "未予复核。")
    if state == "reviewed":
        raise GrantReviewed("It was not changed.", "未作改动。")
