"""What may be registered as a jurisdiction (辖区), and who confirms it."""

import datetime as dt
from collections.abc import Collection
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
