"""What may be registered as a jurisdiction (辖区), and who confirms it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from chassis.refusals import Conflict, Fault, Invalid
from indicators.rules.codes import is_jurisdiction

_LENGTHS = (6, 9, 12)
_GROUP = 3


class JurisdictionRefused(Invalid):
    """The jurisdiction is not registered."""

    zh = "辖区未登记。"
    remedy = (
        "Correct what `errors` names and send the jurisdiction again.",
        "请按 `errors` 改正后重新提交。",
    )


class JurisdictionTaken(Conflict):
    """There is a jurisdiction of this code."""

    zh = "该代码的辖区已登记。"
    remedy = ("Look the jurisdiction up in the list.", "请在辖区清单中查对。")


class JurisdictionNotConfirmed(Conflict):
    """The jurisdiction is not confirmed by this."""

    zh = "辖区未确认。"
    remedy = (
        "Have another system administrator confirm it, once.",
        "请由另一名系统管理员确认，且只确认一次。",
    )


class ChangedCodeRefused(Invalid):
    """No other code takes the place of the jurisdiction's by this."""

    zh = "辖区代码变更未受理。"
    remedy = (
        "Correct what `errors` names; the new code is registered and confirmed first.",
        "请按 `errors` 改正后重新提交；新代码须先登记并确认。",
    )


class SuccessionNotConfirmed(Conflict):
    """That another code takes the place of the jurisdiction's is not confirmed by this."""

    zh = "辖区代码变更未确认。"
    remedy = (
        "Have another system administrator confirm what was proposed last, once.",
        "请由另一名系统管理员确认最近一次提议，且只确认一次。",
    )


class JurisdictionSucceeded(Conflict):
    """Another code has taken the place of the jurisdiction's."""

    zh = "辖区代码已变更。"
    remedy = (
        "Begin the cycle with an account of the jurisdiction that has the new code; cycles of "
        "before go on and stay readable under the old one.",
        "请以新代码辖区的账户设立评估年度；已设立的年度仍以原代码办理和查阅。",
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A jurisdiction as somebody wants to register it."""

    code: str
    superior: str | None
    founded_on: dt.date


def is_code(code: str) -> bool:
    """Say whether a code names a division: six digits of GB/T 2260, or with the three of a
    township, or the six of a village, of GB/T 10114; what is a whole county has six alone."""
    if len(code) not in _LENGTHS or not (code.isascii() and code.isdigit()):
        return False
    is_short = len(code) == _LENGTHS[0] or not code.endswith("0" * _GROUP)
    return is_short and is_jurisdiction(code[: _LENGTHS[0]])


def _begins(code: str) -> str:
    """Return with what the codes below a division begin: its own without the pairs of noughts at
    the end of its six digits."""
    while len(code) <= _LENGTHS[0] and code.endswith("00"):
        code = code[:-2]
    return code


def check_jurisdiction(new: Proposed, confirmed: Collection[str], today: dt.date) -> None:
    """Refuse what is no division, a superior that is not in effect or not above by its code, which
    says who reads of whom, and what is yet to be founded."""
    faults = list[Fault]()
    if not is_code(new.code):
        faults.append(
            Fault(
                "/code",
                "not-a-division",
                "The six digits of a division are wanted, or nine or twelve below a county.",
                "应为六位行政区划代码；县以下为九位或十二位。",
            )
        )
    if new.superior is not None and new.superior not in confirmed:
        faults.append(
            Fault(
                "/superior",
                "superior-unknown",
                f"{new.superior} is not registered and confirmed.",
                f"{new.superior} 未登记或未确认。",
            )
        )
    elif new.superior is not None and not new.code.startswith(_begins(new.superior)):
        en = f"By their codes {new.superior} is not above {new.code}."
        zh = f"按代码 {new.superior} 不是 {new.code} 的上级。"
        faults.append(Fault("/superior", "superior-not-above", en, zh))
    if new.founded_on > today:
        en, zh = "It is not founded yet.", "设立日期晚于今日。"
        faults.append(Fault("/founded_on", "in-the-future", en, zh))
    if faults:
        raise JurisdictionRefused(
            f"{len(faults)} fault(s).", f"共 {len(faults)} 处错误。", faults=faults
        )


@dataclass(frozen=True, slots=True)
class Succession:
    """That another code takes the place of a jurisdiction's from a day on, as somebody proposes."""

    code: str
    succeeded_by: str
    effective_on: dt.date


def check_succession(
    new: Succession, founded: Mapping[str, dt.date], succeeded: Mapping[str, str]
) -> None:
    """Refuse a code that is not in effect or its own successor, what was before either of the two
    was founded, and what goes round in a circle or on from what was succeeded itself.

    `founded` are the confirmed jurisdictions, `succeeded` the confirmed successors of codes.
    """
    faults = [*_of_successor(new, founded, succeeded)]
    if new.code not in founded or new.code in succeeded:
        en, zh = f"{new.code} is none that goes on.", f"{new.code} 未确认，或代码已变更。"
        faults.append(Fault("", "not-in-effect", en, zh))
    elif new.effective_on <= founded[new.code]:
        en, zh = (
            f"{new.code} was founded on {founded[new.code]}.",
            f"{new.code} 设立于 {founded[new.code]}。",
        )
        faults.append(Fault("/effective_on", "before-its-founding", en, zh))
    if faults:
        n = len(faults)
        raise ChangedCodeRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _of_successor(
    new: Succession, founded: Mapping[str, dt.date], succeeded: Mapping[str, str]
) -> Iterator[Fault]:
    by = new.succeeded_by
    if by == new.code:
        yield Fault("/succeeded_by", "itself", "It is the same code.", "新旧代码相同。")
    elif by not in founded or by in succeeded:
        en = f"{by} is not registered and confirmed, or was succeeded itself."
        zh = f"{by} 未登记、未确认，或代码已变更。"
        yield Fault("/succeeded_by", "successor-unknown", en, zh)
    elif new.effective_on < founded[by]:
        en = f"{by} was founded on {founded[by]}."
        zh = f"{by} 设立于 {founded[by]}。"
        yield Fault("/effective_on", "before-its-founding", en, zh)
