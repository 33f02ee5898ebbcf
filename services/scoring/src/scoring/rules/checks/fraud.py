"""Fraud (弄虚作假): put forward about what a check found and somebody upheld, decided by the
committee once the unit was heard."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Conflict, Fault
from scoring.rules.checks.findings import (
    DIFFERS,
    UPHELD,
    FindingBarred,
    FindingMoved,
    FindingRefused,
)
from scoring.rules.scheme.document import FraudRule, Scheme

ALLEGED, HEARD = "alleged", "heard"
FRAUD, NOT_FRAUD = "fraud", "not_fraud"
FRAUD_STATES = (ALLEGED, HEARD, FRAUD, NOT_FRAUD)
FRAUD_UNDECIDED = (ALLEGED, HEARD)
VERDICTS = (FRAUD, NOT_FRAUD)

_DECIDES = "a member of the committee who had no part in it, of no competing unit"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (ALLEGED, HEARD): "the unit makes its statement, within its days",
    (ALLEGED, FRAUD): f"{_DECIDES}, once the days of the unit are over",
    (ALLEGED, NOT_FRAUD): "the same",
    (HEARD, FRAUD): _DECIDES,
    (HEARD, NOT_FRAUD): "the same",
}
"""Every step from what is put forward as fraud, and who takes it."""


class PartOfFraud(Conflict):
    """What an entry says was found to be fraud, or is put forward as such: it stays as it is."""

    zh = "该记录已提请或已认定为弄虚作假，不能修订、冲销或再次核查。"
    remedy = (
        "Leave it as it stands; a correction of the sealed record may change it.",
        "请保留原状；封存后可依文件更正。",
    )


@dataclass(frozen=True, slots=True)
class FraudStanding:
    """How something stands that was put forward as fraud: until when the unit is heard, and who
    had a part in it."""

    state: str
    heard_by: dt.date
    parts: Collection[str]


def rule_of(scheme: Scheme, check: str) -> FraudRule | None:
    """Return what fraud costs by the scheme, if that check has it cost anything."""
    return next((each.fraud for each in scheme.checks if each.code == check), None)


def check_alleged(rule: FraudRule | None, verdict: str, state: str, *, before: bool) -> FraudRule:
    """Return what fraud costs; refuse what is no fraud by the scheme or by the finding: that the
    check has no such rule, the entry is right, nobody upheld it, or it was put forward before."""
    if rule is None:
        en, zh = "The scheme has no fraud for this check.", "方案未对该项检查规定弄虚作假。"
        raise _refused(Fault("", "no-fraud-rule", en, zh))
    if verdict != DIFFERS:
        raise _refused(Fault("", "nothing-differs", "The entry is right.", "结论为无误。"))
    if state != UPHELD:
        raise FindingMoved(f"It is {state}.", "该条结论尚未维持。", state=state)
    if before:
        en, zh = "It was put forward before.", "该条结论已经提请认定。"
        raise FindingMoved(en, zh, state=state)
    return rule


def check_statement(standing: FraudStanding, today: dt.date) -> None:
    """Refuse a second statement, and a late one."""
    if standing.state != ALLEGED:
        en, zh = f"It is {standing.state}.", "已作陈述或已决定。"
        raise FindingMoved(en, zh, state=standing.state)
    if today > standing.heard_by:
        by = standing.heard_by
        raise FindingMoved(f"The unit was heard until {by}.", f"陈述期限为 {by}。", state=ALLEGED)


def check_fraud_decision(standing: FraudStanding, person: str, today: dt.date) -> None:
    """Refuse a second decision, one before the unit was heard, and one by who had a part in it."""
    if standing.state in VERDICTS:
        raise FindingMoved(f"It is {standing.state}.", "已经决定。", state=standing.state)
    if persons.is_among(person, standing.parts):
        raise FindingBarred("You had a part in it.", "该事项曾由您本人办理。", cause="own-part")
    if standing.state == ALLEGED and today <= standing.heard_by:
        by = standing.heard_by
        en, zh = f"The unit is heard until {by}.", f"单位可在 {by} 前陈述。"
        raise FindingMoved(en, zh, state=ALLEGED)


def may_decide_fraud(standing: FraudStanding, person: str, today: dt.date) -> bool:
    """Say whether a person may decide about what stands so."""
    heard = standing.state == HEARD or (standing.state == ALLEGED and today > standing.heard_by)
    return heard and not persons.is_among(person, standing.parts)


def _refused(fault: Fault) -> FindingRefused:
    return FindingRefused(fault.en, fault.zh, faults=[fault])
