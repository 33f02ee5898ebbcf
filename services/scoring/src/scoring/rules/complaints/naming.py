"""Whether the units of a move of a complaint, and the complaint that it is linked to, will do."""

from collections.abc import Collection, Iterator, Sequence

from chassis.refusals import Fault
from scoring.rules.complaints.standing import ComplaintNow, Setting, Spoken
from scoring.rules.complaints.states import ASSIGN, EFFICIENCY, LEAD, LINK


def naming_faults(now: ComplaintNow, said: Spoken, setting: Setting) -> Iterator[Fault]:
    """Yield what is wrong with the units of a move, and with the complaint that it names."""
    if said.move == LINK and said.first is not None and said.first not in setting.firsts:
        yield Fault(
            "/first",
            "no-first",
            "There is no such complaint to be linked to: an earlier one that is not linked itself.",
            "没有可并入的投诉：应为较早提出且自身未并案的投诉。",
        )
    if said.move == ASSIGN and sum(each.role == LEAD for each in said.units) != 1:
        yield Fault("/units", "one-lead", "One unit leads.", "须有且仅有一个牵头单位。")
    units = [each.unit for each in said.units]
    yield from _unit_faults("/about", said.about, "", {*setting.assessed, *setting.scorers})
    yield from _unit_faults("/units", units, "/unit", setting.assessed)
    if now.last.kind == EFFICIENCY:
        yield from _own_cause(now, units, setting)
    if said.kind == EFFICIENCY:
        yield from _nobody_left(said, setting)


def _nobody_left(said: Spoken, setting: Setting) -> Iterator[Fault]:
    if setting.assessed.keys() == setting.rivals(said.about):
        yield Fault(
            "/kind",
            "nobody-handles",
            "No unit of another category could handle it; it is accepted as of another kind.",
            "方案没有其他类别的单位可以承办该效能投诉，请按其他种类受理。",
        )


def _own_cause(now: ComplaintNow, units: Sequence[str], setting: Setting) -> Iterator[Fault]:
    """Yield which of some units are complained of, or compete with one that is."""
    rivals = setting.rivals(now.about)
    for n, unit in enumerate(units):
        if unit in now.about:
            yield Fault(
                f"/units/{n}/unit",
                "own-cause",
                f"It complains of {unit}, which does not handle it itself.",
                f"该效能投诉针对 {unit}，不得由其自行办理。",
            )
        elif unit in rivals:
            yield Fault(
                f"/units/{n}/unit",
                "own-category",
                f"{unit} is assessed beside a unit of which it complains.",
                f"{unit} 与该效能投诉所针对的单位同类参评，不得承办。",
            )


def _unit_faults(
    at: str, units: Sequence[str], below: str, known: Collection[str]
) -> Iterator[Fault]:
    for n, unit in enumerate(units):
        where = f"{at}/{n}{below}"
        if unit in units[:n]:
            yield Fault(where, "named-twice", f"{unit} is named before.", f"{unit} 重复。")
        elif unit not in known:
            en, zh = f"The scheme has no such unit {unit}.", f"方案没有此类单位 {unit}。"
            yield Fault(where, "not-in-the-scheme", en, zh)
