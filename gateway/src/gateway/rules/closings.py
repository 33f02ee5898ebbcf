"""A jurisdiction that is closed (停用辖区): its accounts read, and change nothing any more."""

from chassis import persons
from chassis.refusals import Conflict, Missing
from chassis.scopes import Scope

READING = frozenset(
    {
        "accounts.read", "basics", "checks.read", "claims.read", "codes.read", "complaints.read",
        "consequences.read", "corrections.read", "decomposition.read", "erasures.write",
        "events.read",
        "evidence.read", "inspections.read", "items.read", "journals.read", "ledger.read",
        "messages.read", "notices.read", "objections.read", "own-account.write", "progress.read",
        "rankings.read", "releases.read", "reports.read", "schemes.read", "scores.read",
        "self-evaluations.read", "surveys.read", "targets.read", "tasks.read", "webhooks.read",
    }
)  # fmt: skip
"""The groups of routes that the tokens of a closed jurisdiction reach: those by which is read, how
somebody signs in, and by which what was kept of persons is erased when its time is over."""


class NoSuchClosing(Missing):
    """Nobody has proposed to close this jurisdiction."""

    zh = "没有停用该辖区的提议。"
    remedy = ("Look the code up in the list of closings.", "请在停用清单中查对辖区代码。")


class ClosedAlready(Conflict):
    """The jurisdiction is closed, or it has been proposed to close it."""

    zh = "该辖区已停用或已提议停用。"
    remedy = (
        "Look at the list of closings; another system administrator confirms what is proposed.",
        "请查看停用清单；已提议的由另一名系统管理员确认。",
    )


class JurisdictionClosed(Conflict):
    """The jurisdiction is closed: nothing of it is changed."""

    zh = "该辖区已停用，只能查阅。"
    remedy = (
        "Turn to the office of the jurisdiction; it may go on elsewhere.",
        "请联系该辖区绩效办；其业务可能已迁往其他系统。",
    )


class ClosedByAnother(Conflict):
    """Whoever proposed to close a jurisdiction does not confirm it, and it is confirmed once."""

    zh = "停用须由提议人以外的系统管理员确认，且只确认一次。"
    remedy = (
        "Have another system administrator confirm it.",
        "请由另一名系统管理员确认。",
    )


def check_confirmer(proposer: str, confirmer: str, *, is_closed: bool) -> None:
    """Refuse whoever proposed it, and a second time."""
    if is_closed or persons.is_same(proposer, confirmer):
        raise ClosedByAnother(
            "It is closed already." if is_closed else "You proposed it.",
            "该辖区已停用。" if is_closed else "提议人与确认人为同一人。",
        )


def reading(scope: str | None) -> str:
    """Return what tokens of an account reach that is limited so, or not, once its jurisdiction is
    closed."""
    own = None if scope is None else Scope.of(scope)
    groups = READING if own is None or own.groups is None else READING & own.groups
    parts = frozenset[str]() if own is None or own.parts is None else own.parts
    return str(Scope((groups or frozenset({"basics"})) | parts))
