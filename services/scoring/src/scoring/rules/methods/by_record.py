"""Methods that take what people recorded: nodes, grades, marks of a panel, items, answers."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.column import Column, Reasons
from scoring.rules.columns.exact import half_up, precise, show
from scoring.rules.columns.gaps import Reason, Undefined
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.ledger.entries import DONT_KNOW, GRADE, MILESTONE, PANEL_MARK, Entry, natural
from scoring.rules.methods.cells import (
    GROUP,
    Cells,
    CompleteCells,
    Method,
    UsedInput,
    missing,
    several,
)
from scoring.rules.methods.narration import AppliedRule, label
from scoring.rules.methods.scores import NOTHING, Part, PartsOf, Unrounded, merged
from scoring.rules.scheme.params import Params

HUNDRED, NONE_YET = Decimal(100), Decimal(0)


def _single(records: Sequence[Entry], name: str) -> Entry | Reason:
    """Return the one record that is wanted, or why there is none."""
    if len(records) == 1:
        return records[0]
    return several(name, len(records)) if records else missing(name)


def _all_single(wanted: Mapping[str, Sequence[Entry]]) -> tuple[list[Entry], Reasons]:
    """Return the one record under each name, or the reasons of all that have none."""
    found = [_single(records, name) for name, records in wanted.items()]
    reasons = tuple(each for each in found if isinstance(each, Reason))
    return [] if reasons else [each for each in found if isinstance(each, Entry)], reasons


# Nodes.


def milestone(cells: Cells) -> Unrounded:
    """Share the points equally over the nodes; each counts by its status (形象进度).

    Nodes are those that the scheme sets, or that are planned as items of the target, or else those
    that were entered.
    """
    ratios, points = cells.params.numbers("status_ratio"), cells.points
    if cells.params.each("nodes"):
        return _of_the_scheme(cells, ratios)
    nodes = _nodes(cells)
    cells.log.add(cells.rows, lambda at: _told_singly(nodes[at]))
    read = [_statuses(each, ratios) for each in nodes]
    given = cells.given(gaps={at: why for at, (_, why) in enumerate(read) if why})
    kept = [words for words, why in read if not why]
    shares = [Fraction(sum(ratios[word] for word in words)) / len(words) for words in kept]

    def tell(row: int) -> AppliedRule:
        shown = _added_statuses(kept[row], ratios)
        rule = "points × sum of the nodes' status ratios / number of nodes"
        return AppliedRule(rule, f"{precise(points)} × ({shown}) / {len(kept[row])}")

    def parts(row: int) -> list[Part]:
        if not nodes[row] or not _is_waited_for(read[row][1]):
            return []
        share = points / len(nodes[row])
        found = (_ratio_of(each, ratios) for each in nodes[row].values())
        return [_part_of(share, ratio) for ratio in found]

    return replace(given.scored(Quotients.of(shares) * points, tell), parts=parts)


def _is_waited_for(why: Reasons) -> bool:
    return all(reason.absent for reason in why)


def _ratio_of(records: Sequence[Entry], ratios: Mapping[str, Decimal]) -> Decimal | None:
    """Return what the status of a node is worth; None where it has none, or none that is known."""
    return ratios.get(records[0].word or "") if len(records) == 1 else None


def _part_of(share: Fraction, ratio: Fraction | Decimal | None) -> Part:
    return Part(None, share, None if ratio is None else share * Fraction(ratio), share)


@dataclass(frozen=True, slots=True)
class _Node:
    """A node that the scheme sets: its share of the points, and its last day on time."""

    item: str
    share: Fraction
    due: date | None


def _of_the_scheme(cells: Cells, ratios: Mapping[str, Decimal]) -> Unrounded:
    """Score the nodes that the scheme sets, each by its weight (形象进度).

    Where they are `ordered` (先后次序) a node counts for nothing while one before it is not
    reached, which is one whose status is worth nothing.
    """
    params, points = cells.params, cells.points
    nodes, by_day = _set_nodes(params.each("nodes")), params.group("by_day")
    entered = cells.sources.records(cells.code, MILESTONE)
    found = [_by_node(entered.get(row, ()), [n.item for n in nodes]) for row in cells.rows.tolist()]
    read = [_standings(nodes, each, ratios, by_day) for each in found]
    cells.log.add(cells.rows, lambda at: _told_standings(nodes, found[at], read[at][0]))
    given = cells.given(gaps={at: why for at, (_, why) in enumerate(read) if why})
    ordered = params.flag("ordered", False)
    kept = [_counting(words, ratios, ordered=ordered) for words, why in read if not why]
    shares = [
        sum((Fraction(ratio) * node.share for node, (_, ratio) in zip(nodes, each, strict=True)),
            NOTHING)
        for each in kept
    ]  # fmt: skip

    def tell(row: int) -> AppliedRule:
        shown = " + ".join(
            f"{precise(ratio)} × {precise(node.share)} ({label(f'{node.item}: {word}')})"
            for node, (word, ratio) in zip(nodes, kept[row], strict=True)
        )
        rule = "points × sum of the nodes' status ratios × their weights"
        if ordered:
            rule += ", 0 after a node that is not reached"
        return AppliedRule(rule, f"{precise(points)} × ({shown})")

    def parts(row: int) -> list[Part]:
        if not _is_waited_for(read[row][1]):
            return []
        words = [
            _status(node, records[0], by_day) if len(records) == 1 else ""
            for node, records in zip(nodes, found[row].values(), strict=True)
        ]
        worth = _counting(words, {"": NONE_YET, **ratios}, ordered=ordered)
        return [
            _part_of(points * node.share, ratio if word else None)
            for node, (word, ratio) in zip(nodes, worth, strict=True)
        ]

    return replace(given.scored(Quotients.of(shares) * points, tell), parts=parts)


def _set_nodes(listed: Sequence[Params]) -> list[_Node]:
    alike = Fraction(1, len(listed))
    return [
        _Node(
            each.word("item"),
            alike if (weight := each.optional("weight")) is None else Fraction(weight),
            date.fromisoformat(due) if (due := each.word("due", "")) else None,
        )
        for each in listed
    ]


def _standings(
    nodes: Sequence[_Node],
    found: Mapping[str, Sequence[Entry]],
    ratios: Collection[str],
    by_day: Params | None,
) -> tuple[list[str], Reasons]:
    """Return the status of each node, entered or by its day, and why they cannot be scored."""
    entries, why = _all_single(found)
    words = [
        _status(node, entry, by_day)
        for node, entry in zip(nodes, entries, strict=False)  # there are none where one is wanting
    ]
    strange = sorted(set(words) - set(ratios))
    if strange and not why:
        why = (_no_status(strange),)
    return words, why


def _status(node: _Node, entry: Entry, by_day: Params | None) -> str:
    if entry.word is not None or by_day is None or node.due is None or entry.occurred_on is None:
        return entry.word or ""
    return by_day.word("on_time" if entry.occurred_on <= node.due else "late")


def _counting(
    words: Sequence[str], ratios: Mapping[str, Decimal], *, ordered: bool
) -> list[tuple[str, Decimal]]:
    """Return each node's status with the ratio that it counts with."""
    found, reached = list[tuple[str, Decimal]](), True
    for word in words:
        found.append((word, ratios[word] if reached or not ordered else Decimal(0)))
        reached = reached and ratios[word] > 0
    return found


def _told_standings(
    nodes: Sequence[_Node], found: Mapping[str, Sequence[Entry]], words: Sequence[str]
) -> Iterator[UsedInput]:
    """Tell of what was entered for each node, with the days where they say the status."""
    if not words:
        yield from _told_singly(found)
        return
    for node, word, (name, (entry, *_)) in zip(nodes, words, found.items(), strict=True):
        shown = word
        if entry.word is None and entry.occurred_on is not None:
            shown = f"{word}, {entry.occurred_on}, due {node.due}"
        yield UsedInput(name, shown, "ledger", (entry.entry_id,))


def _nodes(cells: Cells) -> list[dict[str, list[Entry]]]:
    """Return for each row what was entered for the nodes that are planned, or that there are."""
    entered, planned = cells.sources.records(cells.code, MILESTONE), cells.planned()
    found = []
    for row in cells.rows.tolist():
        wanted = [node for node, of in planned.items() if row in of]
        found.append(_by_node(entered.get(row, ()), wanted))
    return found


def _by_node(records: Sequence[Entry], planned: Sequence[str]) -> dict[str, list[Entry]]:
    """Return what was entered for each node that is wanted, in any period, by what it is called."""
    by_node: dict[str | None, list[Entry]] = {}
    for record in records:
        by_node.setdefault(record.item, []).append(record)
    wanted = planned or sorted({node or "" for node in by_node}, key=natural)
    return {f"node {node}": by_node.get(node, []) for node in wanted}


def _added_statuses(words: Sequence[str], ratios: Mapping[str, Decimal]) -> str:
    return " + ".join(
        f"{words.count(status)} × {precise(ratio)} ({label(status)})"
        for status, ratio in ratios.items()
        if status in words
    )


def _statuses(
    nodes: Mapping[str, Sequence[Entry]], ratios: Collection[str]
) -> tuple[list[str], Reasons]:
    """Return the status of each node, and why they cannot be scored, if they cannot."""
    found, why = _all_single(nodes)
    words = [each.word or "" for each in found]
    strange = sorted(set(words) - set(ratios))
    if strange and not why:
        why = (_no_status(strange),)
    return words, why or (() if words else (missing("node"),))


def _told_singly(wanted: Mapping[str, Sequence[Entry]]) -> Iterator[UsedInput]:
    """Tell of the records that are alone under their name."""
    for name, records in wanted.items():
        if len(records) == 1:
            (record,) = records
            shown = record.word or str(record.occurred_on or "")
            yield UsedInput(name, shown, "ledger", (record.entry_id,))


def _no_status(strange: Sequence[str]) -> Reason:
    return Reason(
        f"The scheme knows no status {', '.join(strange)}.",
        f"方案中没有节点状态“{'、'.join(strange)}”。",
        absent=False,
    )


# Grades.


def grade_map(cells: Cells) -> Unrounded:
    """Give the share of the points that the scheme attaches to a grade (等级折算).

    A grade that more units have than may have it (强制分布) is refused, whoever of them it is.
    """
    given, words = graded(cells)
    shares = cells.params.numbers("at_most")
    quotas = {word: _quota(cells, word, shares[word]) for word in {*words} & shares.keys()}
    limited = np.array([at for at, word in enumerate(words) if word in quotas], dtype=np.intp)
    some = given.cells.only(limited)
    some.log.add(some.rows, lambda at: (quotas[words[int(limited[at])]].used(),))
    over = {
        at: (quotas[word].refusal(),)
        for at, word in enumerate(words)
        if word in quotas and quotas[word].given > quotas[word].most
    }
    return by_grade(given.without(over), [w for at, w in enumerate(words) if at not in over])


def graded(cells: Cells) -> tuple[CompleteCells, list[str]]:
    """Return the rows that have one grade for the year, and their grades."""
    records = _of_the_year(cells, GRADE)
    wanted = [{"grade": records.get(row, [])} for row in cells.rows.tolist()]
    found = [_all_single(each) for each in wanted]
    cells.log.add(cells.rows, lambda at: _told_singly(wanted[at]))
    given = cells.given(gaps={at: why for at, (_, why) in enumerate(found) if why})
    return given, [own[0].word or "" for own, _ in found if own]


def _of_the_year(cells: Cells, kind: str) -> dict[int, list[Entry]]:
    return {
        row: [each for each in records if each.period == cells.sources.year]
        for row, records in cells.records(kind).items()
    }


def by_grade(given: CompleteCells, words: Sequence[str]) -> Unrounded:
    """Give the share of the points that each row's grade has in the table of `grades`."""
    points, ratios = given.cells.points, given.cells.params.numbers("grades")
    strange = {at: (_no_grade(word),) for at, word in enumerate(words) if word not in ratios}
    kept = [word for word in words if word in ratios]

    def tell(row: int) -> AppliedRule:
        formula = f"{precise(points)} × {precise(ratios[kept[row]])} (grade {label(kept[row])})"
        return AppliedRule("points × ratio of the grade", formula)

    return given.without(strange).scored(Quotients.of([ratios[w] for w in kept]) * points, tell)


def _no_grade(word: str) -> Reason:
    return Reason(f"The scheme knows no grade {word}.", f"方案中没有等级“{word}”。", absent=False)


class _Quota:
    """How many units have a grade, how many have any, and how many may have it."""

    def __init__(self, word: str, given: int, all_graded: int, most: int) -> None:
        self.word, self.given, self.all_graded, self.most = word, given, all_graded, most

    def used(self) -> UsedInput:
        shown = f"{self.given} of {self.all_graded}, at most {self.most}"
        return UsedInput(f"units graded {self.word}", shown, GROUP)

    def refusal(self) -> Reason:
        given, graded_units, word, most = self.given, self.all_graded, self.word, self.most
        return Reason(
            f"{given} of {graded_units} units are graded {word}; at most {most} may be.",
            f"{graded_units}个单位中有{given}个评为“{word}”，最多可评{most}个。",
            absent=False,
        )


def _quota(cells: Cells, word: str, share: Decimal) -> _Quota:
    def words() -> Counter[str]:
        out, records = cells.results.out(cells.code), _of_the_year(cells, GRADE)
        return Counter(
            own[0].word or "" for row, own in records.items() if len(own) == 1 and row not in out
        )

    given = int(cells.facts.one((cells.code, f"graded|{word}"), lambda: words()[word]))
    every = int(cells.facts.one((cells.code, "graded"), lambda: words().total()))
    return _Quota(word, given, every, quota(share, every, cells.params.word("rounding", "floor")))


def quota(share: Decimal, units: int, rounding: str) -> int:
    """Return how many of the units a share of them is: a whole number, rounded as the word says."""
    exact = Fraction(share) * units
    ways: Mapping[str, Callable[[Fraction], int]] = {
        "floor": math.floor,
        "ceiling": math.ceil,
        "half_up": lambda number: int(half_up(number, 0)),
    }
    if rounding not in ways:
        raise Undefined(f"Nothing is rounded by {rounding}.", f"没有“{rounding}”这种取整方式。")
    return ways[rounding](exact)


# Marks of people.

OWN_LEFT_OUT = ", own unit, left out"
"""How the name of a mark ends that the assessed unit has written itself."""


def qualitative_panel(cells: Cells) -> Unrounded:
    """Give the trimmed mean of a panel's marks, as a share of their scale (去掉最高最低分).

    A mark that the assessed unit has written itself is left out; more than one is too many, unless
    so many others are the `min_marks` that are wanted. Who does not know gives no mark. Of a panel
    with seats, those of the assessed unit give it none, and all others have to.
    """
    params, points, records = cells.params, cells.points, _of_the_year(cells, PANEL_MARK)
    scale, trim = params.number("scale", HUNDRED), int(params.number("trim", Decimal(0)))
    panels = [_Panel(cells, row, records.get(row, ())) for row in cells.rows.tolist()]
    cells.log.add(cells.rows, lambda at: panels[at].used())
    gaps, kept = dict[int, Reasons](), list[list[Decimal]]()
    for at, panel in enumerate(panels):
        marks = sorted(each.value or Decimal(0) for each in panel.counting)
        left = marks[trim : len(marks) - trim]
        if panel.gaps or not left:
            gaps[at] = panel.gaps or (_none_left(len(marks), trim),)
        else:
            kept.append(left)
    means = [sum(map(Fraction, own), NOTHING) / len(own) for own in kept]

    def tell(row: int) -> AppliedRule:
        own = kept[row]
        return AppliedRule(
            "points × mean of the marks without the `trim` highest and lowest / scale",
            f"{precise(points)} × ({' + '.join(map(precise, own))}) / {len(own)}"
            f" / {precise(scale)}",
        )

    return cells.given(gaps=gaps).scored(Quotients.of(means) * (points / Fraction(scale)), tell)


class _Panel:
    """The marks of one unit's panel: which `counting`, or why too few do."""

    def __init__(self, cells: Cells, row: int, records: Sequence[Entry]) -> None:
        params, self.unit = cells.params, cells.sources.units[row]
        least, panel = params.optional("min_marks"), params.given.get("panel")
        self.apart = params.flag("exclude_own_unit", True)
        names, self.own_seats = self._named(cells, panel)
        size, by_seat = len(names), _by_seat(records, panel)
        wanted_marks = {f"mark {seat}": by_seat.get(seat, []) for seat in names}
        self.seats, self.gaps = _all_single(wanted_marks)
        known = [each for each in self.seats if each.word != DONT_KNOW]
        self.counting = [each for each in known if not self._is_own(each)]
        wanted = size - 1 if least is None else int(least)
        if not self.gaps and len(self.counting) < wanted:
            own = len(known) - len(self.counting)
            self.gaps = (_too_few(size, own, len(self.counting), least),)

    def _named(self, cells: Cells, panel: object) -> tuple[list[str], list[str]]:
        """Return the seats that have to mark the unit, and those that are its own."""
        if panel is None:
            size = int(cells.params.number("panel_size"))
            return [str(number) for number in range(1, size + 1)], []
        seats = cells.sources.seats.get(str(panel), ())
        own = [each.seat for each in seats if self.apart and each.unit == self.unit]
        return [each.seat for each in seats if each.seat not in own], own

    def _is_own(self, mark: Entry) -> bool:
        return self.apart and mark.author_unit == self.unit

    def used(self) -> Iterator[UsedInput]:
        for own in self.own_seats:
            yield UsedInput(f"seat {own}, own unit", "left out", "scheme")
        for mark in self.seats:
            ids, seat = (mark.entry_id,), mark.item
            if mark.word == DONT_KNOW:
                yield UsedInput(f"seat {seat}, no mark", DONT_KNOW, "ledger", ids)
                continue
            name = f"mark {seat}{OWN_LEFT_OUT if self._is_own(mark) else ''}"
            yield UsedInput(name, show(mark.value or Decimal(0)), "ledger", ids)


def _by_seat(records: Sequence[Entry], panel: object) -> dict[str | None, list[Entry]]:
    """Return the marks by their seats; those that another panel gave, or none, are not read."""
    found: dict[str | None, list[Entry]] = {}
    for each in records:
        if each.panel == panel:
            found.setdefault(each.item, []).append(each)
    return found


def _none_left(marks: int, trim: int) -> Reason:
    return Reason(
        f"{marks} marks leave none after {trim} are dropped at each end.",
        f"共{marks}个评分，首尾各去掉{trim}个后无剩余。",
        absent=False,
    )


def _too_few(size: int, own: int, kept: int, least: Decimal | None) -> Reason:
    if least is None:
        return Reason(
            f"{own} of {size} marks are by the assessed unit itself.",
            f"{size}个评分中有{own}个由被评估单位自己评定。",
        )
    return Reason(
        f"{kept} of {size} seats gave a mark that counts; at least {show(least)} are wanted.",
        f"{size}个席位中有效评分{kept}个，不足{show(least)}个。",
    )


def survey_score(cells: Cells) -> Unrounded:
    """Give the share of the points that the satisfaction is of its scale (公众评议)."""
    params, points = cells.params, cells.points
    column, not_rated = cells.satisfaction(params.word("survey"))
    given, scale = cells.given(column, not_rated=not_rated), params.number("scale", HUNDRED)
    (found,) = given.inputs

    def tell(row: int) -> AppliedRule:
        formula = f"{precise(points)} × {precise(found.at(row))} / {precise(scale)}"
        return AppliedRule("points × satisfaction / scale", formula)

    return given.scored(found * (points / Fraction(scale)), tell)


# Items.


def items_weighted(cells: Cells) -> Unrounded:
    """Share the points equally over the items; each counts by its ratio to its target.

    Items are not rounded by themselves: the scheme rounds leaves, components and periods. Where
    the units define their items, units with the same ones are scored together.
    """
    number = cells.params.word("items")
    if number != "unit_defined":
        return _items(cells, [str(item) for item in range(1, int(number) + 1)])
    planned, together = cells.planned(), dict[tuple[str, ...], list[int]]()
    for at, row in enumerate(cells.rows.tolist()):
        own = tuple(item for item, aims in planned.items() if row in aims)
        together.setdefault(own, []).append(at)
    return merged(
        len(cells),
        [(np.array(at), _items(cells.only(np.array(at)), own)) for own, at in together.items()],
    )


def _items(cells: Cells, items: Sequence[str]) -> Unrounded:
    if not items:
        why = (Reason("No item has a target.", "没有任何分项设定目标。"),)
        return cells.given(gaps=dict.fromkeys(range(len(cells)), why)).nothing()
    points, cap = cells.points, Fraction(cells.params.number("item_cap_ratio", Decimal(1)))
    actual = [cells.measured("actual", item) for item in items]
    aims = [cells.target(item) for item in items]
    given = cells.given(*actual, *aims)
    bad: dict[int, Reasons] = {}
    for aim in given.inputs[len(items) :]:
        for at in np.flatnonzero(aim.at_most(NOTHING)).tolist():
            bad.setdefault(at, (_no_ratio(aim.at(at)),))
    scored = given.without(bad).scored_by(lambda left: _by_items(left, len(items), points, cap))
    return replace(scored, parts=_parts_of_items(points, cap, actual, aims))


def _parts_of_items(
    points: Fraction, cap: Fraction, actual: Sequence[Column], aims: Sequence[Column]
) -> PartsOf:
    share = points / len(aims)

    def part(row: int, value: Column, aim: Column) -> Part:
        if row in value.gaps or row in aim.gaps or aim.values.at(row) <= 0:
            return _part_of(share, None)
        ratio = max(value.values.at(row), NOTHING) / aim.values.at(row)
        return _part_of(share, min(ratio, cap))

    return lambda row: [part(row, *both) for both in zip(actual, aims, strict=True)]


def _by_items(given: CompleteCells, items: int, points: Fraction, cap: Fraction) -> Unrounded:
    pairs = list(zip(given.inputs[:items], given.inputs[items:], strict=True))
    ratios = [value.by(aim).most(NOTHING).least(cap) for value, aim in pairs]

    def tell(row: int) -> AppliedRule:
        shown = " + ".join(
            f"min({precise(max(value.at(row), NOTHING))} / {precise(aim.at(row))}, {precise(cap)})"
            for value, aim in pairs
        )
        rule = "points × mean of min(actual / target, item_cap_ratio) over the items"
        return AppliedRule(rule, f"{precise(points)} × ({shown}) / {items}")

    return given.scored(total(ratios) * (points / items), tell)


def _no_ratio(target: Fraction) -> Reason:
    return Reason(
        f"The target is {show(target)}; a ratio needs one above 0.",
        f"目标值为{show(target)}；按比例计分要求目标值大于0。",
        absent=False,
    )


METHODS: Mapping[str, Method] = {
    "milestone": milestone,
    "grade_map": grade_map,
    "qualitative_panel": qualitative_panel,
    "survey_score": survey_score,
    "items_weighted": items_weighted,
}
"""The methods of this file by their names in a scheme."""
