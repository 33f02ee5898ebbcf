"""Why a unit's result is as it is, for programs (code, parameters) and for people (two languages).

Grades go by the names that the scheme gives them in Chinese; whatever the scheme has no name for
stands there by its code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Vacancy = Literal["backfill", "leave"]
Params = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `code` and `params` are for programs, a sentence in each language for people."""

    code: str
    params: Params = field(default_factory=dict)
    en: str = ""
    zh: str = ""

    def and_then(self, code: str, params: Params, en: str, zh: str) -> "Reason":
        """Return the reason that this cause gives once it is known what followed from it."""
        return Reason(code, {**self.params, **params}, f"{self.en}, {en}", f"{self.zh}，{zh}")


def plain(number: Decimal) -> str:
    """Write a number without exponent and trailing zeros: 60.00 as 60."""
    return f"{number.normalize():f}"


def below_floor(floor: Decimal) -> Reason:
    """The total is below the points under which everybody is unqualified."""
    points = plain(floor)
    params: Params = {"unqualified_below": points}
    return Reason("below_floor", params, f"total below {points}", f"总分低于{points}分")


def capped_by_veto(codes: Sequence[str]) -> Reason:
    """The unit is vetoed, and its grade capped."""
    params: Params = {"vetoes": list(codes)}
    en, zh = f"capped by veto {', '.join(codes)}", f"因一票否决（{'、'.join(codes)}）等次受限"
    return Reason("capped_by_veto", params, en, zh)


def quota_used_up(grade: str, name: str) -> Reason:
    """All places of the grade went to better units."""
    params: Params = {"grade": grade}
    return Reason("quota_used_up", params, f"{grade} quota used up", f"{name}名额已用完")


def quota_closed(grade: str, name: str) -> Reason:
    """Units above are tied for the last places, and nobody may pass them by."""
    en = f"{grade} quota closed by an unresolved tie"
    return Reason("quota_closed", {"grade": grade}, en, f"{name}名额因并列未定而停止授予")


def tied_at_the_line(grade: str, name: str) -> Reason:
    """More units are tied than the grade has places left."""
    en = f"unresolved tie at the {grade} quota line"
    return Reason("tied_at_the_line", {"grade": grade}, en, f"在{name}名额线上并列，未能区分")


def weak_indicators(rule: str, name: str | None, indicators: Sequence[str], share: str) -> Reason:
    """A demotion is caused by indicators with less than `share` percent of their points."""
    params: Params = {"demotion": rule, "indicators": list(indicators), "percent": share}
    return Reason(
        "weak_indicators",
        params,
        f"{rule}: {', '.join(indicators)} below {share} % of its points",
        f"{_titled(rule, name)}：{'、'.join(indicators)}得分低于分值的{share}%",
    )


def reported_event(rule: str, name: str | None, event: str) -> Reason:
    """A demotion is caused by an event that was reported."""
    params: Params = {"demotion": rule, "event": event}
    zh = f"{_titled(rule, name)}：经报送的降等事项"
    return Reason("reported_event", params, f"{rule}: {event}", zh)


def place_lost(cause: Reason, vacancy: Vacancy) -> Reason:
    """The cause of a demotion took the place that the unit could have had."""
    en, zh = ("backfilled", "递补") if vacancy == "backfill" else ("left vacant", "空缺")
    return cause.and_then("place_lost", {"vacancy": vacancy}, f"place {en}", f"名额{zh}")


def grade_lost(cause: Reason) -> Reason:
    """The cause of a demotion lowers the grade by one."""
    return cause.and_then("grade_lost", {}, "one grade lower", "降低一个等次")


def not_ranked(gaps: Sequence[str]) -> Reason:
    """Marks are missing, and the scheme leaves such units out."""
    all_of_it = tuple(gaps) == ("*",)
    zh = "全部得分" if all_of_it else "、".join(gaps)
    en = f"not ranked: {', '.join(gaps)} missing"
    return Reason("not_ranked", {"missing": list(gaps)}, en, f"未参加排名：缺少{zh}")


def no_score(indicator: str, en: str, zh: str) -> Reason:
    """Why an indicator has no score, in the words of the score sheet."""
    params: Params = {"indicator": indicator}
    return Reason("no_score", params, f"{indicator}: {en}", f"{indicator}：{zh}")


def short_sample(indicator: str, en: str, zh: str) -> Reason:
    """What counts for an indicator in whose survey too few answered, in the sheet's words."""
    params: Params = {"indicator": indicator}
    return Reason("short_sample", params, f"{indicator}: {en}", f"{indicator}：{zh}")


def of_report(kind: Literal["veto", "demotion"], code: str, state: str) -> Reason | None:
    """What is to be said of a report that does not count, or may not any longer; else None."""
    said = {
        "reported": ("{} reported, not confirmed", "{}已报送，尚未确认"),
        "lifting": ("{} counts until its lifting is confirmed", "{}的解除尚未确认，仍然有效"),
        "lifted": ("{} lifted", "{}已解除"),
    }
    if state not in said:
        return None
    en, zh = said[state]
    kind_zh = "一票否决" if kind == "veto" else "降等"
    params: Params = {kind: code}
    return Reason(f"{kind}_{state}", params, en.format(f"{kind} {code}"), zh.format(kind_zh + code))


def _titled(code: str, name: str | None) -> str:
    return f"{code}（{name}）" if name else code
