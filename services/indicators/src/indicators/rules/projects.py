"""Projects (重点项目): who leads one, which units take part, and the milestones that are its nodes.

A project scores nothing and has no state of its own: how far it is stands in the ledger, in the
entries of its nodes.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.letters import agreed_indicators
from indicators.rules.methods.by_record import Milestone
from indicators.rules.methods.catalogue import method_of
from indicators.rules.scheme import Indicator, Scheme
from indicators.rules.targets import plain_item

Node = tuple[str, str, str]
"""A milestone is of a unit, an indicator, and an item of it."""


class ProjectsFaulty(Invalid):
    """Some projects name nodes, units or days that cannot be."""

    zh = "部分项目所列节点、单位或日期有误。"
    remedy = (
        "Mend the projects that `errors` names by the scheme in force, and send all of them again.",
        "请对照现行方案改正 `errors` 所指的项目，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a unit: its nodes are items of one milestone indicator, each with a day."""

    code: str
    lead_unit: str
    units: Sequence[str]
    indicator: str
    starts_on: dt.date
    completes_on: dt.date
    nodes: Sequence[tuple[str, dt.date]]

    def named(self) -> Iterator[Node]:
        """Yield the milestones that are its nodes, in the form in which items are compared."""
        for item, _ in self.nodes:
            yield self.lead_unit, self.indicator, plain_item(item)


def check_projects(
    projects: Sequence[Project],
    scheme: Scheme,
    known: Mapping[str, Project],
    unit: str | None,
) -> None:
    """Refuse projects of what is no milestone, whose days do not fit, or whose nodes are of another
    project; `known` are those that there are, and `unit` is the caller's unless it is the office.
    """
    indicators = agreed_indicators(scheme)
    taken = {node: each.code for each in known.values() for node in each.named()}
    faults: list[Fault] = []
    beside: dict[Node, str] = {}
    for i, each in enumerate(projects):
        at, before = pointer("projects", i), known.get(each.code)
        if unit is not None and before is not None and before.lead_unit != unit:
            # Whose it is, and that it is one of another unit, a rival need not know.
            en, zh = "This code is in use; take another.", "该项目编号已被使用，请另取编号。"
            faults.append(Fault(f"{at}/project", "code-taken", en, zh))
        faults += _beside(each, beside, at)
        beside |= {node: each.code for node in each.named() if node not in beside}
        faults += _units(each, indicators, at)
        faults += _days(each, at)
        faults += _nodes(each, indicators, at)
        faults += _taken(each, taken, at, beside=False)
    if faults:
        n = len(faults)
        raise ProjectsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _beside(project: Project, before: Mapping[Node, str], at: str) -> Iterator[Fault]:
    """Yield what a project repeats of those that stand `before` it in the batch, by their nodes."""
    if project.code in before.values():
        en, zh = "This project stands here twice.", "同一项目重复。"
        yield Fault(f"{at}/project", "named-twice", en, zh, beside=True)
    yield from _taken(project, before, at, beside=True)


def _units(
    project: Project, indicators: Mapping[str, Mapping[str, Indicator]], at: str
) -> Iterator[Fault]:
    named = [("lead_unit", project.lead_unit)]
    named += [(f"units/{n}", each) for n, each in enumerate(project.units)]
    for where, unit in named:
        if unit not in indicators:
            en, zh = f"The scheme measures no unit {unit}.", f"方案中没有被评估单位 {unit}。"
            yield Fault(f"{at}/{where}", "unknown-unit", en, zh)
    if project.lead_unit in project.units:
        en, zh = "The leading unit takes part anyway.", "牵头单位不必重复列入。"
        yield Fault(f"{at}/units", "lead-repeated", en, zh)


def _days(project: Project, at: str) -> Iterator[Fault]:
    if project.completes_on < project.starts_on:
        en, zh = "It is complete before it starts.", "完成日期早于开工日期。"
        yield Fault(f"{at}/completes_on", "before-its-start", en, zh)
    for n, (_, due) in enumerate(project.nodes):
        if not project.starts_on <= due <= project.completes_on:
            en, zh = "The day is outside the project.", "节点日期不在项目起止日期之内。"
            yield Fault(f"{at}/nodes/{n}/due", "outside-the-project", en, zh)


def _nodes(
    project: Project, indicators: Mapping[str, Mapping[str, Indicator]], at: str
) -> Iterator[Fault]:
    leaf = indicators.get(project.lead_unit, {}).get(project.indicator)
    method = None if leaf is None else method_of(leaf)
    if not isinstance(method, Milestone):
        en = f"{project.indicator} is no milestone indicator of {project.lead_unit}."
        zh = f"{project.indicator} 不是 {project.lead_unit} 的节点类指标。"
        yield Fault(f"{at}/indicator", "no-milestones", en, zh)
        return
    items = [plain_item(item) for item, _ in project.nodes]
    set_days = None if method.nodes is None else {each.item: each.due for each in method.nodes}
    for n, (item, due) in enumerate(project.nodes):
        if items[n] in items[:n]:
            en, zh = "This node stands here twice.", "同一节点重复。"
            yield Fault(f"{at}/nodes/{n}/item", "named-twice", en, zh)
        if set_days is not None:
            yield from _set_node(item, due, set_days, f"{at}/nodes/{n}")


def _set_node(
    item: str, due: dt.date, days: Mapping[str, dt.date | None], at: str
) -> Iterator[Fault]:
    """Yield what a node that the scheme sets has otherwise."""
    if item not in days:
        en, zh = f"The scheme sets no node {item}.", f"方案没有节点 {item}。"
        yield Fault(f"{at}/item", "unknown-item", en, zh)
    elif days[item] not in (None, due):
        en, zh = f"By the scheme it is due on {days[item]}.", f"方案规定的期限为 {days[item]}。"
        yield Fault(f"{at}/due", "other-day", en, zh)


def _taken(
    project: Project, taken: Mapping[Node, str], at: str, *, beside: bool
) -> Iterator[Fault]:
    for n, node in enumerate(project.named()):
        other = taken.get(node, project.code)
        if other != project.code:
            en, zh = f"It is a node of {other}.", f"该节点属于项目 {other}。"
            yield Fault(f"{at}/nodes/{n}/item", "of-another-project", en, zh, beside=beside)
