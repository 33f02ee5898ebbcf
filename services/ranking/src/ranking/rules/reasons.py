"""Why a unit's result is as it is, for programs (code, parameters) and for people (two languages).

Grades go by the names that the scheme gives them in Chinese; whatever the scheme has no name for
stands there by its code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

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


def veto_of_earlier_year(code: str, year: int) -> Reason:
    """A veto of last year counts this year too."""
    params: Params = {"veto": code, "year": str(year)}
    en, zh = f"veto {code} of {year} counts this year too", f"{year}年一票否决{code}本年度仍然有效"
    return Reason("veto_of_earlier_year", params, en, zh)


def veto_of_predecessor(code: str, year: int, unit: str) -> Reason:
    """A veto of last year of a unit that this one goes on from counts."""
    params: Params = {"veto": code, "year": str(year), "unit": unit}
    en = f"veto {code} of {year} of {unit}, which it goes on from, counts this year too"
    zh = f"所承继单位{unit}的{year}年一票否决{code}本年度仍然有效"
    return Reason("veto_of_predecessor", params, en, zh)


def lineage_unknown() -> Reason:
    """Last year's releases tell neither of the unit nor of one that it goes on from."""
    en = "whether a veto of last year counts is not known: nothing was released of what it was"
    zh = "上年公布稿中没有该单位及其所承继的单位，上年的一票否决是否有效不明"
    return Reason("lineage_unknown", {}, en, zh)


def block_vetoed(code: str, block: str, name: str | None) -> Reason:
    """A veto has a block of the unit, which people call `name`, count for nothing in its total."""
    params: Params = {"veto": code, "block": block}
    en = f"veto {code}: block {block} counts for nothing in the total"
    return Reason("block_vetoed", params, en, f"一票否决{code}：板块“{name or block}”不计入总分")


def block_not_there(code: str, block: str, name: str | None) -> Reason:
    """A veto is of a block that is no part of the unit's total, and changes nothing in it."""
    params: Params = {"veto": code, "block": block}
    en = f"veto {code} is without effect: {block} is no part of the total"
    zh = f"一票否决{code}不产生影响：板块“{name or block}”不是总分的组成部分"
    return Reason("block_veto_without_effect", params, en, zh)


def told_blocks(reasons: Iterable[Reason | str], code: str) -> list[tuple[str, str]]:
    """Return the vetoes and blocks of which reasons of that code tell, each once."""
    told = (e.params for e in reasons if isinstance(e, Reason) and e.code == code)
    return list(dict.fromkeys((str(each["veto"]), str(each["block"])) for each in told))


def vetoed_in(line: Mapping[str, Any]) -> frozenset[str]:
    """Return the blocks of which a released line tells that a veto has them count for nothing."""
    told = (each for each in line["reasons"] if isinstance(each, Mapping))
    return frozenset(e["params"]["block"] for e in told if e["code"] == "block_vetoed")


def title_barred(code: str, title: str) -> Reason:
    """A veto bars the unit from being proposed for a title, which only Chinese has a word for."""
    params: Params = {"veto": code, "title": title}
    en = f"veto {code}: not to be proposed for the title that it names"
    return Reason("title_barred", params, en, f"一票否决{code}：不得推荐参评“{title}”")


def removal_proposed(vetoes: Sequence[tuple[int, str, str | None]], at_least: int) -> Reason:
    """So many vetoes in a term propose a removal, which people decide; one of a unit that this one
    goes on from names that."""
    told = [f"{code} {year}" + (f" {unit}" if unit else "") for year, code, unit in vetoes]
    params: Params = {"vetoes": told, "count": str(len(told)), "at_least": str(at_least)}
    en = f"{len(told)} vetoes in the term ({', '.join(told)}), {at_least} propose a removal"
    zh = f"任期内被一票否决{len(told)}次（{'、'.join(told)}），达到{at_least}次，建议调整或免去职务"
    return Reason("removal_proposed", params, en, zh)


def capped_by_fraud(grade: str, name: str, indicator: str, check: str) -> Reason:
    """A check found fraud in an indicator, and the grade, which people call `name`, is capped."""
    params: Params = {"grade": grade, "indicator": indicator, "check": check}
    en = f"no grade above {grade}: check {check} found fraud in {indicator}"
    zh = f"检查 {check} 认定指标 {indicator} 弄虚作假，等次不高于{name}"
    return Reason("capped_by_fraud", params, en, zh)


def quota_used_up(grade: str, name: str) -> Reason:
    """All places of the grade went to better units."""
    params: Params = {"grade": grade}
    return Reason("quota_used_up", params, f"{grade} quota used up", f"{name}名额已用完")


def quota_closed(grade: str, name: str) -> Reason:
    """Units above are tied for the last places, and nobody may pass them by."""
    en = f"{grade} quota closed by an unresolved tie"
    return Reason("quota_closed", {"grade": grade}, en, f"{name}名额因并列未定而停止授予")


def outside_quota(grade: str, name: str) -> Reason:
    """The unit does not compete: it has the grade by its score, though no place is left."""
    en = f"{grade} by its score alone, outside the quota"
    return Reason("outside_quota", {"grade": grade}, en, f"不占名额，按分数评为{name}")


def raised(grade: tuple[str, str], of: tuple[str, str], places: int, having: int) -> Reason:
    """The unit is among the best of those who have a grade, and gets the one above; each grade goes
    by its code and by what people call it."""
    params: Params = {
        "grade": grade[0],
        "of": of[0],
        "places": str(places),
        "having": str(having),
    }
    en = f"{grade[0]}: among the best {places} of {having} with {of[0]}"
    zh = f"在获{of[1]}的{having}个单位中名列前{places}，评为{grade[1]}"
    return Reason("raised", params, en, zh)


def last_place(measure: str, count: int, size: int) -> Reason:
    """The unit is among the last, and the scheme proposes a measure, which only Chinese names."""
    params: Params = {"measure": measure, "count": str(count), "of": str(size)}
    en = f"among the last {count} of {size}: the scheme proposes its measure, which people decide"
    zh = f"名列{size}个单位的后{count}位，按方案建议：{measure}，由有关方面决定"
    return Reason("last_place", params, en, zh)


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


def reported_event(rule: str, name: str | None, event: str, times: int = 1) -> Reason:
    """A demotion is caused by an event that was reported, so many times."""
    params: Params = {"demotion": rule, "event": event}
    zh = f"{_titled(rule, name)}：经报送的降等事项"
    return _repeated(Reason("reported_event", params, f"{rule}: {event}", zh), times)


def too_low_in_list(
    rule: str, named: tuple[str | None, str], rank: int, size: int, times: int
) -> Reason:
    """A demotion is caused by a place in a superior's list; `named` are rule and list."""
    name, of = named
    params: Params = {"demotion": rule, "list": of, "rank": str(rank), "of": str(size)}
    en = f"{rule}: rank {rank} of {size} in the superior's list"
    zh = f"{_titled(rule, name)}：{of}排第{rank}名（共{size}个）"
    return _repeated(Reason("superior_rank", params, en, zh), times)


def without_consequence(rule: str, name: str | None, counted: int, needed: int) -> Reason:
    """What was reported does not suffice for a demotion."""
    params: Params = {"demotion": rule, "reports": str(counted), "at_least": str(needed)}
    en = f"{rule} does not apply: {counted} of {needed} reports that it needs"
    zh = f"{_titled(rule, name)}：符合条件的报送{counted}次，不足{needed}次，不予降等"
    return Reason("demotion_not_applied", params, en, zh)


def _repeated(reason: Reason, times: int) -> Reason:
    """Add how many reports there are where there is more than one of them."""
    if times == 1:
        return reason
    told: Params = {"times": str(times)}
    return reason.and_then(reason.code, told, f"reported {times} times", f"共报送{times}次")


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


def normalised(indicator: str, group: str, coefficient: str) -> Reason:
    """By which coefficient the marks of a group were multiplied, to stand on one scale."""
    params: Params = {"indicator": indicator, "group": group, "coefficient": coefficient}
    return Reason(
        "normalised",
        params,
        f"{indicator}: marks of {group} × {coefficient}",
        f"{indicator}：{group}的评分 × {coefficient}",
    )


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


_KEYS: Mapping[str, tuple[str, str]] = {
    "block": ("block {}", "板块{}得分"),
    "indicator": ("indicator {}", "指标{}得分"),
    "fewer_deductions": ("fewer deductions", "减分较少"),
    "last_year_rank": ("last year's rank", "上年名次"),
}


_SIDES = {True: ("ahead_by_key", "ahead", "列前"), False: ("behind_by_key", "behind", "列后")}


def by_key(
    others: Sequence[str],
    count: int,
    key: tuple[str, str | None, str | None],
    values: tuple[Decimal | None, Decimal | None],
    *,
    ahead: bool,
) -> Reason:
    """A key of the scheme puts the unit before or after others of the same total.

    `others` are the first of `count` units, `key` is its kind, its code and what people call that;
    `values` are the unit's own and that of the others.
    """
    kind, code, name = key
    shown = [None if value is None else plain(value) for value in values]
    told = {"key": kind, "code": code, "value": shown[0], "other_value": shown[1]}
    params: Params = {
        "units": list(others),
        "count": str(count),
        **{name: value for name, value in told.items() if value is not None},
    }
    en, zh = _KEYS[kind][0].format(code), _KEYS[kind][1].format(f"“{name}”" if name else code)
    units_en, units_zh = _listed(others, count)
    side, side_en, side_zh = _SIDES[ahead]
    en += ", " + " to ".join(value or "none" for value in shown)
    zh += f"（{'比'.join(value or '无' for value in shown)}）"
    return Reason(
        side,
        params,
        f"equal total with {units_en}: {side_en} by {en}",
        f"与{units_zh}总分相同，按{zh}{side_zh}",
    )


def shared_rank(others: Sequence[str], count: int, *, equal_keys: bool) -> Reason:
    """The unit shares its rank with `count` others of the same total, of which some are named."""
    units_en, units_zh = _listed(others, count)
    params: Params = {"units": list(others), "count": str(count)}
    en, zh = (" and keys", "及各项并列区分依据") if equal_keys else ("", "")
    return Reason(
        "shared_rank",
        params,
        f"equal total{en} with {units_en}: they share the rank",
        f"与{units_zh}总分{zh}相同，名次并列",
    )


def rank_by_code(others: Sequence[str], count: int, *, equal_keys: bool) -> Reason:
    """The unit is parted from `count` others of the same total by its code alone."""
    units_en, units_zh = _listed(others, count)
    params: Params = {"units": list(others), "count": str(count)}
    en, zh = (" and keys", "及各项并列区分依据") if equal_keys else ("", "")
    return Reason(
        "rank_by_code",
        params,
        f"equal total{en} with {units_en}: ranked by unit code, which says nothing of merit",
        f"与{units_zh}总分{zh}相同，按单位代码编排名次，不表示优劣",
    )


def place_by_key(cause: Reason, grade: str, name: str) -> Reason:
    """The key decides about a place at the line of a grade's quota, and not about the rank."""
    en, zh = f"which decides at the {grade} quota line", f"据此确定{name}名额"
    return cause.and_then("place_by_key", {"grade": grade}, en, zh)


def admitted_with_tie(grade: str, name: str) -> Reason:
    """All who are tied at the line of a quota get the grade, also beyond its places."""
    en = f"admitted to {grade} with all tied at the quota line"
    return Reason("admitted_with_tie", {"grade": grade}, en, f"在{name}名额线上并列，一并授予")


def _listed(units: Sequence[str], count: int) -> tuple[str, str]:
    """Name units in both languages; those of `count` that are not named are counted."""
    en, zh = ", ".join(units), "、".join(units)
    if count > len(units):
        return f"{en} and others, {count} in all", f"{zh}等{count}个单位"
    return en, zh


def _titled(code: str, name: str | None) -> str:
    return f"{code}（{name}）" if name else code
