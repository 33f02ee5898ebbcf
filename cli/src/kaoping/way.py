"""The way of a year from its hand-ins to what its results led to, in a few lines."""

from collections.abc import Iterator
from typing import NamedTuple

from kaoping.plan import Document
from kaoping.year import Year


class Line(NamedTuple):
    """One thing that happened, in both languages."""

    zh: str
    en: str


def way_of(year: Year) -> list[Document]:
    """Return what happened on the way; nothing where the scheme has the usual chain."""
    if not year.approving.editions:
        return []
    return [line._asdict() for line in _lines(year)]


def _lines(year: Year) -> Iterator[Line]:
    way, categories = year.approving, year.plan.categories
    own = len(way.not_handed_in)
    handed = len(categories) - own
    yield Line(
        f"{handed} 个类别由组织单位汇总上报、分管副市长签署；"
        f"{own} 个类别的组织单位本身参评，不上报。",
        f"{handed} categories were handed in by their organisers and signed by a vice mayor; the"
        f" organisers of {own} compete in them and hand nothing in.",
    )
    yield Line(
        "绩效办汇总，委员会会议审核（参评单位的委员回避），"
        f"{categories[0]} 退回一次后各步骤重新办理；"
        "常委会审定，会议记录均由两人录入。",
        "The office merged, a meeting of the committee reviewed (whose unit competes is recused),"
        f" {categories[0]} was sent back once and took every step again; the standing committee"
        " decided. All minutes were typed by two.",
    )
    yield Line(
        f"{len(way.releases)} 个类别定时公布，后经批准提前。",
        f"{len(way.releases)} categories were to be public at an instant, which was brought"
        " forward.",
    )
    yield from _corrected(year)
    yield from _followed(year)


def _corrected(year: Year) -> Iterator[Line]:
    way = year.approving
    if way.marked is None or not way.corrections:
        return
    code = way.marked.category
    *_, former, newest = way.releases[code]
    unit = way.corrections[-1].unit
    yield Line(
        f"公布后审计发现 {unit} 的 {way.marked.indicator} 有误：{code} 第 {newest} 号公布稿更正"
        f"第 {former} 号。",
        f"After that an audit found {way.marked.indicator} of {unit} wrong: release {newest} of"
        f" {code} corrects release {former}.",
    )


def _followed(year: Year) -> Iterator[Line]:
    follows = year.following
    proposed = sum(len(each["proposed"]) for each in follows.proposed.values())
    yield Line(
        f"结果运用：提出 {proposed} 项；{follows.banned} 在取消评先评优资格期间，拟授称号被拒；"
        f"等次收回后撤销 {len(follows.revoked)} 项。",
        f"{proposed} consequences were proposed; a title for {follows.banned} was refused because"
        f" of a ban on awards; {len(follows.revoked)} were revoked with a grade.",
    )
    bonus = follows.distributions[-1][1]["bonus"]
    yield Line(
        f"奖金按系数测算为 {bonus['unscaled']} 元，按总额压减为 {bonus['total']} 元。",
        f"The bonus by the coefficients would be {bonus['unscaled']}; over the budget it is"
        f" {bonus['total']}.",
    )
