"""What is told of a score in the words of the methods, said in Chinese.

What is none of these words is a name of the scheme's own (of an input, an item, a word), and stands
in backticks as the scheme writes it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_NAMES = {
    "actual": "实际值",
    "baseline": "基数",
    "before it was restated": "修订前",
    "before it was corrected": "封存后更正前",
    "added by a correction": "封存后更正补录",
    "compared within": "比较范围",
    "count": "件数",
    "about": "结果所涉期间",
    "document": "文件",
    "last year's": "上年结果",
    "rank_pct": "名次百分比",
    "listed": "参加排名的数量",
    "declared not applicable": "已认定为不适用",
    "grade": "等级",
    "inspection finding": "检查发现",
    "latest of its periods": "最近一期",
    "mark": "评分",
    "mean of its periods": "各期平均",
    "not entered": "未录入的期间",
    "sum of its periods": "各期合计",
    "no mark": "未评分",
    "node": "节点",
    "otherwise": "其他情况",
    "own unit": "本单位",
    "rank": "名次",
    "ratio": "比例",
    "satisfaction": "满意度",
    "score": "得分",
    "scale": "满分刻度",
    "points": "分值",
    "weight": "权重",
    "cap": "上限",
    "weights of the parts that are there": "类别已有部分的权重之和",
    "marks on one scale": "统一修正的评分数",
    "coefficient": "修正系数",
    "superior_loss": "上级扣分",
    "superior_rank": "上级排名",
    "target": "目标值",
    "units compared": "参与比较的单位数",
    "units that are equal": "相同的单位数",
    "units that are worse": "劣于本单位的单位数",
    "units with a score": "有得分的单位数",
    "units with the same score": "同分的单位数",
    "value": "数值",
    "volume": "数量",
    "zero_report": "零报告",
}
"""Inputs and steps that the methods themselves name."""

_GROUP = {"category": "类别", "sub-category": "子类别"}
_OF_GROUP = re.compile(
    r"(lowest|highest|mean|median|best|deviation|sum|units) of the (category|sub-category)"
)
_FACTS = {
    "lowest": "最低值",
    "highest": "最高值",
    "mean": "平均值",
    "median": "中位数",
    "best": "最优值",
    "deviation": "标准差",
    "sum": "合计",
    "units": "单位数",
}
_CARD = re.compile(r"(yellow|red) card of (\S+) for (\S+)")
_CARDS = {"yellow": "黄牌", "red": "红牌"}
_DAY = re.compile(r"(due|handed in|not handed in by) (\d{4}-\d{2}-\d{2})")
_DAYS = {"due": "应于 {} 报送", "handed in": "{} 报送", "not handed in by": "至 {} 未报送"}
_OF = re.compile(r"(.+) of (\S+)")
_CODE = re.compile(r"[0-9A-Z-]+|[^A-Za-z]+")
_NUMBERED = re.compile(
    r"(item|node|mark|piece|seat|carried over from|units that claim|units graded) (.+)"
)
_KINDS = {
    "item": "分项 {}",
    "node": "节点 {}",
    "mark": "评分 {}",
    "piece": "计件 {}",
    "seat": "席位 {}",
    "carried over from": "沿用 {}",
    "units that claim": "申报 {} 的单位数",
    "units graded": "等级为 {} 的单位数",
}


@lru_cache(4096)
def name_zh(label: str) -> str:
    """Return what an input is called in Chinese, of how it is labelled: `actual of Y, 2025`."""
    first, *rest = label.split(", ")
    # What follows is a period, a unit, or a name of the scheme's own.
    details = [part if _CODE.fullmatch(part) else _called(part) for part in rest]
    return "，".join([_called(first), *details])


def _called(name: str) -> str:
    if card := _CARD.fullmatch(name):
        return f"{card[2]} 期间指标 {card[3]} {_CARDS[card[1]]}"
    if day := _DAY.fullmatch(name):
        return _DAYS[day[1]].format(day[2])
    if of_group := _OF_GROUP.fullmatch(name):
        return _GROUP[of_group[2]] + _FACTS[of_group[1]]
    if of := _OF.fullmatch(name):
        return f"{of[2]} 的{_called(of[1])}"
    return _NAMES.get(name) or _numbered(name) or f"`{name}`"


def _numbered(part: str) -> str | None:
    found = _NUMBERED.fullmatch(part)
    return _KINDS[found[1]].format(found[2]) if found else None


_RULES = {
    "mean of the periods' scores": "各期得分的平均值",
    "best value of the group": "组内最优值",
    "sum of the nodes' status ratios × their weights": "Σ 节点状态比例 × 节点权重",
    "sum of the nodes' status ratios": "各节点状态比例之和",
    "number of nodes": "节点数",
    "0 after a node that is not reached": "未完成的节点之后得 0 分",
    "position between low and high": "在下限与上限之间的位置",
    "sum of weight × period score": "Σ 权重 × 该期得分",
    "sum of weight × component score": "Σ 权重 × 分项得分",
    "sum of weight × ratio of the period": "Σ 权重 × 该期比例",
    "0 below floor_ratio": "低于保底比例时得 0 分",
    "0 where the target is 0": "目标值为 0 时得 0 分",
    "points where the target is 0": "目标值为 0 时得满分",
    "0 where nothing was entered": "未录入时得 0 分",
    "nothing over a target that was lowered": "目标值调低后超出部分不计",
    "mean of the marks without the `trim` highest and lowest": "去掉若干最高分和最低分后的平均分",
    "from 0 to points": "限于 0 至分值之间",
    "worse units": "劣于本单位的单位数",
    "equal units": "与本单位相同的单位数",
    "other units": "其他单位数",
    "all points where there are none": "没有其他单位时得满分",
    "steps missed": "未达档数",
    "steps ahead": "超出档数",
    "points of the tier": "所在档次的分值",
    "points of the place in the table, 0 for a place that it does not name": (
        "名次表中该名次的分值，未列的名次得 0 分"
    ),
    "points when value ≥ threshold, else 0": "数值 ≥ 门槛时得满分，否则得 0 分",
    "score before rounding": "舍入前得分",
    "points it counts for": "计入的分值",
    "own points": "本身分值",
    "plain sum of the indicators' rounded scores": "各指标舍入后得分之和",
    "accepted bonus": "认定的加分",
    "vetoed: the block counts for nothing": "该板块被一票否决，不计入总分",
    "too few were marked to put them on one scale: as it is": "评分数量不足，不作修正",
    "before it was put on one scale": "修正前",
    "the mark": "评分",
    "coefficient": "修正系数",
    "common mean": "共同平均值",
    "mean of the group": "组平均值",
    "its deviation": "组标准差",
    "common deviation": "共同标准差",
    "percentile": "百分位",
    "sum of the parts before rounding": "各部分舍入前得分之和",
    "sum of the parts": "各部分得分之和",
    "weights of the parts that are there": "类别已有部分的权重之和",
    "the block's score": "板块得分",
    "sum of the blocks that count": "计入总分的各板块得分之和",
    "sum of the blocks": "各板块得分之和",
    "counts for nothing; its points have moved": "不计分，其分值已转移",
    "ratio of the grade": "等级对应的比例",
    "units compared": "参与比较的单位数",
    "mean of min(actual / target, item_cap_ratio) over the items": (
        "各分项 min(实际值 / 目标值, 分项封顶比例) 的平均值"
    ),
    "sum of events × cost of each": "Σ 事件次数 × 每次扣分",
    "sum of events × points of each": "Σ 事件次数 × 每次分值",
    "percent over target": "超过目标的百分点",
    "percent over the standard": "超过标准的百分点",
    "percent over the pledge": "超过自报数的百分点",
    "growth percent": "增长百分比",
    "fall percent": "下降百分比",
    "points at a bound + (points at the next - those) × way from bound to bound": (
        "所过界限的分值 + (下一界限的分值 - 所过界限的分值) × 在两界限之间的位置"
    ),
    "0 when an event happens as often as `escalate` says": "事件达到规定次数时得 0 分",
    "sum of the children's scores up to their points": "下级指标得分（以其分值为限）之和",
    "sum of the children's scores": "下级指标得分之和",
    "what is over them": "超出部分",
    "weighted mean of the children's score": "下级指标得分的加权平均值",
    "plain mean of the children's score": "下级指标得分的平均值",
    "decided by the rules for bonus and deductions": "按加减分规则认定",
    "the superior's deduction beyond the indicators' points": "上级扣分超出指标分值的部分",
    "mean of the scores of the category's units that have one": "类别内有得分单位的平均得分",
    "mean of the scores of the sub-category's units that have one": "子类别内有得分单位的平均得分",
    "before points were moved": "分值转移前",
    "composite": "综合值",
    "nobody differs": "各单位相同",
    "missed by": "差",
    "ahead by": "超出",
    "is in no tier": "不在任何档次",
    "is beyond all measure": "超出计量范围",
    "grade": "等级",
    "place": "名次",
    "adjustment": "加减分",
    "deductions": "减分",
    "excess": "超出部分",
    "max_total": "总分上限",
    "cap_ratio": "封顶比例",
    "item_cap_ratio": "分项封顶比例",
    "floor_ratio": "保底比例",
    "base_ratio": "基础比例",
    "step_ratio": "每名次递减比例",
    "full_at": "计满件数",
    "per_item": "每件分值",
    "extra_per_item": "超出每件分值",
    "extra_cap": "超出部分上限",
    "full_share": "满分份额",
    "points_per_step": "每档分值",
    "bonus_per_step": "每档加分",
    "per_pct_points": "每加一分的百分点",
    "max_points": "加分上限",
    "step_pct": "每档百分点",
    "else_points": "其他情况的分值",
    "bonus_coef": "加分系数",
    "deduct_coef": "扣分系数",
    "superior_loss × scale × multiplier": "上级扣分 × 折算系数 × 倍数",
    "multiplier": "倍数",
    "points": "分值",
    "rank": "名次",
    "value": "数值",
    "worst": "最差值",
    "best": "最优值",
    "count": "件数",
    "ratio": "完成比例",
    "weight": "权重",
    "threshold": "门槛",
    "scale": "满分刻度",
    "centre": "中心分",
    "spread": "离散系数",
    "mean": "平均值",
    "deviation": "标准差",
    "share": "份额",
    "sum": "合计",
    "base × actual / baseline": "基础分 × 实际值 / 基数",
    "base": "基础分",
    "floor": "最低分",
    "low": "下限",
    "cap": "上限",
    "result": "结果",
    "satisfaction": "满意度",
    "standard": "标准",
    "actual": "实际值",
    "target": "目标值",
    "baseline": "基数",
}
"""The phrases of which the rules of all methods are made; the longest that fits is taken."""

_AROUND = {
    "compared before any rounding": "舍入前比较",
    "0 unless": "须满足下列条件，否则得 0 分：",
    "unless": "须满足",
    "rounded to": "舍入至",
    "between": "介于",
    "within": "限于",
    "and": "与",
    "at least": "不低于",
    "at most": "不高于",
}
"""What is put around a formula of the scheme, whose own words are left as they are."""


@lru_cache(4096)
def rule_zh(told: str, *, formula: bool = False) -> str:
    """Return in Chinese what is told of a step; `formula` if it holds a formula of the scheme."""
    pattern, words = _WORDS[formula]
    said = pattern.sub(lambda found: words[found[0]], told)
    said = _POINTS.sub("分值", said) if formula else said
    return _COMMA.sub("，", said.replace("; ", "；"))


def _ready(*tables: Mapping[str, str]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    words = {english: zh for table in tables for english, zh in table.items()}
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w`])(?:{'|'.join(map(re.escape, longest))})(?![\w`])"), words


_POINTS = re.compile(r"(?<=, )points(?=\)$)|^points(?= × \()|(?<=^min\()points(?= × \()")
"""The points of an indicator, beside a formula of the scheme that may have a name alike."""
_COMMA = re.compile(r", (?=[\u4e00-\u9fff])")
_WORDS = {True: _ready(_AROUND), False: _ready(_RULES, _AROUND)}
