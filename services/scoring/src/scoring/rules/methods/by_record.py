"""Methods that count what was recorded: events, pieces, nodes, marks, grades, answers."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np

from scoring.rules.columns.column import Column, Reasons, Rows
from scoring.rules.columns.exact import half_up, precise, show
from scoring.rules.columns.gaps import Reason, Undefined
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import (
    DONT_KNOW,
    EVENT,
    GRADE,
    MEASURED_VALUE,
    MILESTONE,
    PANEL_MARK,
    PER_EVENT,
    ZERO_REPORT,
    natural,
    unreported,
)
from scoring.rules.ledger.sources import Place, Slot
from scoring.rules.methods.cells import COUNT, Cells, Given, Used, missing, several
from scoring.rules.methods.scores import NOTHING, Unrounded, merged, total
from scoring.rules.methods.told import Line, label

HUNDRED = Decimal(100)

# Events.


def deduct_events(cells: Cells) -> Unrounded:
    """Start from all points, take off what each event costs, stop at `floor` (扣完为止).

    A floor below zero lets the loss spill into the total; one that is null is none. As many
    events of one name as `escalate` says leave nothing at all.
    """
    params, points = cells.params, cells.points
    given, counts = _counted_events(cells)
    costs, limits = params.numbers("per_event"), params.numbers("escalate")
    floor = params.optional("floor") if "floor" in params.given else Decimal(0)
    left = Quotients.same(points, len(given))
    escalated = np.zeros(len(given), dtype=np.bool_)
    for event, count in counts.items():
        if event in costs:
            left = left + count * -Fraction(costs[event])
        if event in limits:
            escalated |= ~count.less_than(Fraction(limits[event])) & ~count.above.equal(0)
    if floor is not None:
        left = left.most(Fraction(floor))
    values = left.where(~escalated, left.least(NOTHING))

    def tell(row: int) -> Line:
        happened = _happened(counts, row)
        if escalated[row]:
            often = [e for e in happened if e in limits and happened[e] >= limits[e]]
            shown = ", ".join(f"{precise(happened[event])} × {label(event)}" for event in often)
            return Line(
                "0 when an event happens as often as `escalate` says",
                f"{precise(values.at(row))} ({shown})",
            )
        shown = precise(points) + "".join(
            f" - {precise(number)} × {precise(costs[event])} ({label(event)})"
            for event, number in happened.items()
        )
        formula = shown if floor is None else f"max({precise(floor)}, {shown})"
        return Line("max(floor, points - sum of events × cost of each)", formula)

    return given.scored(values, tell)


def base_plus_minus(cells: Cells) -> Unrounded:
    """Start from `base`, add and take off what each event is worth, from `low` to `cap`
    (基础加扣)."""
    params = cells.params
    given, counts = _counted_events(cells)
    worth, base = params.numbers("per_event"), params.number("base")
    low, cap = params.number("low", Decimal(0)), params.optional("cap")
    whole = Quotients.same(Fraction(base), len(given))
    for event, count in counts.items():
        if event in worth:
            whole = whole + count * Fraction(worth[event])
    if cap is not None:
        whole = whole.least(Fraction(cap))

    def tell(row: int) -> Line:
        shown = precise(base) + "".join(
            f" {'-' if worth[event] < 0 else '+'} "
            f"{precise(number)} × {precise(abs(Fraction(worth[event])))} ({label(event)})"
            for event, number in _happened(counts, row).items()
        )
        most = shown if cap is None else f"min({shown}, {precise(cap)})"
        return Line(
            "max(low, min(base + sum of events × points of each, cap))",
            f"max({precise(low)}, {most})",
        )

    return given.scored(whole.most(Fraction(low)), tell)


def _happened(counts: Mapping[str, Quotients], row: int) -> dict[str, Fraction]:
    found = {event: counts[event].at(row) for event in sorted(counts)}
    return {event: number for event, number in found.items() if number}


def _counted_events(cells: Cells) -> tuple[Given, dict[str, Quotients]]:
    """Return the rows whose events are known, and how often each event happened, by its name.

    Silence is missing where zero reports are compulsory. A report, of an event or of none, speaks
    for its own period and for no other. An event that was discovered this year but occurred in
    another is left out, unless the scheme counts by the day of discovery.
    """
    slots = cells.sources.slots(cells.code, EVENT)
    discovered = cells.params.word("by", "occurred") == "discovered"
    year = cells.sources.year
    counts: dict[str, list[Fraction | int]] = {}
    for place, slot in slots.items():
        column = counts.setdefault(place.key or "", [0] * cells.sources.size)
        for row, value, day in zip(slot.rows, slot.values, slot.days, strict=True):
            if value and (day is None or discovered or str(day.year) == year):
                column[row] += int(value) if value == int(value) else Fraction(value)
    given = cells.given(gaps=_silent(cells, slots))
    _log_events(given.cells, slots, discovered=discovered)
    rows = given.cells.rows
    found = {event: Quotients.of(column).take(rows) for event, column in sorted(counts.items())}
    worth = cells.params.numbers("per_event")
    unknown: dict[int, list[str]] = {}
    for event, number in found.items():
        happened = [] if event in worth else np.flatnonzero(~number.above.equal(0)).tolist()
        for at in happened:
            unknown.setdefault(at, []).append(event)
    if not unknown:
        return given, found
    left = given.without({at: (_no_points(names),) for at, names in unknown.items()})
    return left, {
        event: Quotients.of(column).take(left.cells.rows) for event, column in counts.items()
    }


def _log_events(cells: Cells, slots: Mapping[Place, Slot], *, discovered: bool) -> None:
    """Remember each event, in the order of the entries' ids."""
    rows, year = cells.rows, cells.sources.year

    def find(at: int) -> Iterable[Used]:
        found = [
            (slot.ids[one], _event(place, slot, one, year, discovered=discovered))
            for place, slot in slots.items()
            for one in slot.at(int(rows[at]))
        ]
        return [used for _, used in sorted(found, key=lambda pair: pair[0].int)]

    cells.log.add(rows, find)


def _event(place: Place, slot: Slot, one: int, year: str, *, discovered: bool) -> Used:
    name, count, day = f"{place.key or ''}, {place.period}", slot.values[one], slot.days[one]
    if day is not None and str(day.year) != year and not discovered:
        name, count = f"{name}, occurred on {day}, not counted", None
    return Used(name, show(count or Decimal(0)), "ledger", (slot.ids[one],))


def _silent(cells: Cells, slots: Mapping[Place, Slot]) -> dict[int, Reasons]:
    """Return the rows for which nothing is reported in a period, not even that nothing happened."""
    if not cells.sources.zero_report_required:
        return {}
    frequency, year = cells.indicator.frequency, cells.sources.year
    periods, happened = _reported(slots)
    told_whole = happened if frequency == PER_EVENT else set[int]()
    known: dict[frozenset[str], Reasons] = {}
    gaps = dict[int, Reasons]()
    for at, row in enumerate(cells.rows.tolist()):
        if row in told_whole:
            continue
        reported = frozenset(periods.get(row, ()))
        if reported not in known:
            lacking = unreported(sorted(reported), frequency, year)
            silence = _silence("an event", "事件记录", lacking if reported else [])
            known[reported] = (silence,) if lacking else ()
        if known[reported]:
            gaps[at] = known[reported]
    return gaps


def _reported(slots: Mapping[Place, Slot]) -> tuple[dict[int, set[str]], set[int]]:
    """Return the periods for which each row reports anything, and the rows with any event."""
    periods, happened = dict[int, set[str]](), set[int]()
    for place, slot in slots.items():
        for row in slot.rows:
            periods.setdefault(row, set()).add(place.period)
        if place.key != ZERO_REPORT:
            happened.update(slot.rows)
    return periods, happened


def _silence(what: str, what_zh: str, lacking: Sequence[str]) -> Reason:
    en, zh = ", ".join(lacking), "、".join(lacking)
    return Reason(
        f"Neither {what} nor a zero report has been entered{en and f' for {en}'}.",
        f"{zh}既没有{what_zh}，也没有零报告。",
    )


def _no_points(events: Sequence[str]) -> Reason:
    named = sorted(events)
    return Reason(
        f"The scheme sets no points for {', '.join(named)}.",
        f"方案未规定“{'、'.join(named)}”的分值。",
        absent=False,
    )


# Pieces.


def count_points(cells: Cells) -> Unrounded:
    """Give points per item up to the full number, extra points beyond it up to a cap (按件计分)."""
    params, points = cells.params, cells.points
    distinct = params.flag("distinct", False)
    given = _pieces(cells) if distinct else cells.given(cells.measured(COUNT))
    full_at, each = Fraction(params.number("full_at")), Fraction(params.number("per_item"))
    more = Fraction(params.number("extra_per_item", Decimal(0)))
    most = Fraction(params.number("extra_cap", Decimal(0)))
    items = given.inputs[0].most(NOTHING)
    whole = items.least(full_at) * each
    extra = ((items - full_at).most(NOTHING) * more).least(most)

    def tell(row: int) -> Line:
        start = precise(points)
        if whole.at(row) <= points:
            start = f"min({precise(items.at(row))}, {precise(full_at)}) × {precise(each)}"
        return Line(
            "min(count, full_at) × per_item + min((count - full_at) × extra_per_item, extra_cap)",
            f"{start} + {precise(extra.at(row))}",
        )

    return given.scored(whole.least(points) + extra, tell)


def identity(item: str) -> str:
    """Return what makes two writings of a piece the same: width, case and outer blanks do not.

    Twice to the one form of compatible characters, because folding the case can leave it.
    """
    folded = unicodedata.normalize("NFKC", item).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


class _Piece:
    """The entries of one piece of a unit: where they lie, in the order of their ids."""

    def __init__(self) -> None:
        self.entries: list[tuple[Slot, int, str, str]] = []

    @property
    def item(self) -> str:
        """The piece as its first entry writes it."""
        return self.entries[0][3]

    def used(self) -> Used:
        periods = sorted({period for _, _, period, _ in self.entries})
        ids = tuple(slot.ids[one] for slot, one, _, _ in self.entries)
        return Used(", ".join((f"piece {self.item}", *periods)), "1", "ledger", ids)


def _by_identity(cells: Cells) -> dict[int, dict[str, _Piece]]:
    """Return the pieces of every unit by their identity, by row."""
    entries = [
        (slot.ids[one].int, row, place.item, slot, one, place.period)
        for place, slot in cells.sources.slots(cells.code, MEASURED_VALUE).items()
        if place.key == COUNT and place.item is not None
        for one, row in enumerate(slot.rows)
    ]
    found: dict[int, dict[str, _Piece]] = {}
    for _, row, item, slot, one, period in sorted(entries, key=lambda each: each[0]):
        piece = found.setdefault(row, {}).setdefault(identity(item), _Piece())
        piece.entries.append((slot, one, period, item))
    return found


def _pieces(cells: Cells) -> Given:
    """Return how many pieces each unit has, each for as much of it as the scheme leaves it.

    Silence is missing; that there is none at all is said by zero reports for the whole year.
    """
    own, decision = _by_identity(cells), cells.params.word("when_shared", "refuse")
    reports = _zero_reports(cells)
    silent = dict[int, Reasons]()
    for at, row in enumerate(cells.rows.tolist()):
        if row not in own:
            reported = [place.period for place, slot in reports.items() if slot.at(row)]
            lacking = unreported(reported, cells.indicator.frequency, cells.sources.year)
            if lacking:
                silent[at] = (_silence("a piece", "计件记录", lacking if reported else []),)
    given = cells.given(gaps=silent)
    rows = given.cells.rows.tolist()
    claims = _claims(given.cells, own) if len(given) else {}
    _log_pieces(given.cells, own, reports, claims)
    counts, disputed = list[Fraction](), dict[int, Reasons]()
    for at, row in enumerate(rows):
        pieces = own.get(row, {})
        shares = [claims[row, piece] if decision == "share" else 1 for piece in pieces]
        counts.append(sum((Fraction(1, each) for each in shares), NOTHING))
        if decision == "refuse":
            both = [
                _disputed(each.item, claims[row, piece] - 1)
                for piece, each in pieces.items()
                if claims[row, piece] > 1
            ]
            disputed |= {at: tuple(both)} if both else {}
    return given.also(Column(Quotients.of(counts), disputed))


def _all(given: Given) -> Rows:
    return np.arange(len(given.asked)) if given.rows is None else given.rows


def _zero_reports(cells: Cells) -> dict[Place, Slot]:
    slots = cells.sources.slots(cells.code, MEASURED_VALUE)
    return {place: slot for place, slot in slots.items() if place.key == ZERO_REPORT}


def _claims(cells: Cells, own: Mapping[int, Mapping[str, _Piece]]) -> dict[tuple[int, str], int]:
    """Return how many units of the category claim each piece of each unit."""
    claimants: dict[str, list[int]] = {}

    def claimed(piece: str) -> dict[int, int]:
        if not claimants:
            out = cells.results.out(cells.code)
            for row, pieces in own.items():
                for each in () if row in out else pieces:
                    claimants.setdefault(each, []).append(row)
        return dict.fromkeys(claimants[piece], len(claimants[piece]))

    found: dict[tuple[int, str], int] = {}
    for row in cells.rows.tolist():
        for piece in own.get(row, ()):
            find = partial(claimed, piece)
            number = cells.facts.each((cells.code, f"claims|{piece}"), find)
            found[row, piece] = int(number[row] or 0)
    return found


def _log_pieces(
    cells: Cells,
    own: Mapping[int, Mapping[str, _Piece]],
    reports: Mapping[Place, Slot],
    claims: Mapping[tuple[int, str], int],
) -> None:
    rows = cells.rows

    def find(at: int) -> Iterator[Used]:
        row = int(rows[at])
        entered = [
            (slot.ids[one], place.period) for place, slot in reports.items() for one in slot.at(row)
        ]
        for entry_id, period in sorted(entered, key=lambda pair: pair[0].int):
            yield Used(f"{ZERO_REPORT}, {period}", "0", "ledger", (entry_id,))
        for piece, each in own.get(row, {}).items():
            yield each.used()
            if (number := claims[row, piece]) > 1:
                # Beside the entries, so that a claim of another unit is told as what has changed,
                # and is not told to the unit itself, as the share that is left to it would be.
                yield Used(f"units that claim {each.item}", str(number), "group")

    cells.log.add(rows, find)


def _disputed(item: str, others: int) -> Reason:
    """Say that others claim a piece too; how many they are, and never who."""
    units = "1 other unit" if others == 1 else f"{others} other units"
    return Reason(
        f"Piece {item} is claimed by {units} too; the scheme lets one have it.",
        f"“{item}”另有{others}个单位申报，按方案只能归一个单位。",
        absent=False,
    )


# Nodes.


def milestone(cells: Cells) -> Unrounded:
    """Share the points equally over the nodes; each counts by its status (形象进度).

    Nodes are those that are planned as items of the target, or else those that were entered.
    """
    ratios, points = cells.params.numbers("status_ratio"), cells.points
    nodes = _nodes(cells)
    gaps, found = dict[int, Reasons](), list[list[str]]()
    planned = cells.planned()
    for at, row in enumerate(cells.rows.tolist()):
        items = [item for item, aims in planned.items() if row in aims]
        of_row = nodes.get(row, {})
        expected = items or sorted({item or "" for item in of_row}, key=natural)
        words, why = _statuses(of_row, expected)
        if why:
            gaps[at] = why
        found.append(words)
    _log_nodes(cells, nodes, planned)
    given = cells.given(gaps=gaps)
    kept = [found[at] for at in _all(given).tolist()]
    bad = {
        at: (_no_status(strange),)
        for at, words in enumerate(kept)
        if (strange := sorted(set(words) - set(ratios)))
    }
    given = given.without(bad)
    kept = [words for at, words in enumerate(kept) if at not in bad]
    sums = [sum((Fraction(ratios[word]) for word in words), NOTHING) / len(words) for words in kept]

    def tell(row: int) -> Line:
        words = kept[row]
        shown = " + ".join(
            f"{words.count(status)} × {precise(ratio)} ({label(status)})"
            for status, ratio in ratios.items()
            if status in words
        )
        return Line(
            "points × sum of the nodes' status ratios / number of nodes",
            f"{precise(points)} × ({shown}) / {len(words)}",
        )

    return given.scored(Quotients.of(sums) * points, tell)


_Entered = dict[str | None, list[tuple[Slot, int]]]


def _nodes(cells: Cells) -> dict[int, _Entered]:
    """Return what was entered for each node in any period, by row."""
    found: dict[int, _Entered] = {}
    for place, slot in cells.sources.slots(cells.code, MILESTONE).items():
        for one, row in enumerate(slot.rows):
            found.setdefault(row, {}).setdefault(place.item, []).append((slot, one))
    return found


def _statuses(entered: _Entered, expected: Sequence[str]) -> tuple[list[str], Reasons]:
    """Return the status of each node, or why there is none."""
    if not expected:
        return [], (missing("node"),)
    words, why = list[str](), list[Reason]()
    for node in expected:
        found = entered.get(node, [])
        if len(found) == 1:
            slot, one = found[0]
            words.append(slot.words[one] or "")
        else:
            label = f"node {node}"
            why.append(several(label, len(found)) if found else missing(label))
    return words, tuple(why)


def _log_nodes(
    cells: Cells, nodes: Mapping[int, _Entered], planned: Mapping[str, Mapping[int, object]]
) -> None:
    rows = cells.rows

    def find(at: int) -> Iterator[Used]:
        of_row = nodes.get(int(rows[at]), {})
        items = [item for item, aims in planned.items() if int(rows[at]) in aims]
        for node in items or sorted({item or "" for item in of_row}, key=natural):
            found = of_row.get(node, [])
            if len(found) == 1:
                slot, one = found[0]
                yield Used(f"node {node}", slot.words[one] or "", "ledger", (slot.ids[one],))

    cells.log.add(rows, find)


def _no_status(strange: Sequence[str]) -> Reason:
    return Reason(
        f"The scheme knows no status {', '.join(strange)}.",
        f"方案中没有节点状态“{'、'.join(strange)}”。",
        absent=False,
    )


# Grades.


def graded(cells: Cells) -> tuple[Given, list[str]]:
    """Return the rows that have one grade for the year, and their grades."""
    slot = cells.sources.slot(cells.code, GRADE, None, None, cells.sources.year)
    gaps, words = dict[int, Reasons](), list[str]()
    for at, row in enumerate(cells.rows.tolist()):
        found = [] if slot is None else slot.at(row)
        words.append("")
        if slot is not None and len(found) == 1:
            words[at] = slot.words[found[0]] or ""
        else:
            gaps[at] = (several("grade", len(found)) if found else missing("grade"),)
    if slot is not None:
        cells.log_slot(slot, "grade")
    given = cells.given(gaps=gaps)
    return given, [words[at] for at in _all(given).tolist()]


def grade_map(cells: Cells) -> Unrounded:
    """Give the share of the points that the scheme attaches to a grade (等级折算)."""
    given, words = graded(cells)
    shares = cells.params.numbers("at_most")
    limited = {at for at, word in enumerate(words) if word in shares}
    if not limited:
        return by_grade(given, words)
    most = {word: _quota(cells, word, share) for word, share in shares.items() if word in words}
    rows = np.array(sorted(limited))
    some = given.cells.only(rows)
    some_words = [words[at] for at in rows.tolist()]
    some.log.add(some.rows, lambda at: (_graded_units(some_words[at], most[some_words[at]]),))
    over = {
        at: (_too_many(words[at], most[words[at]]),)
        for at in limited
        if most[words[at]][0] > most[words[at]][2]
    }
    left = given.without(over)
    return by_grade(left, [word for at, word in enumerate(words) if at not in over])


def by_grade(given: Given, words: Sequence[str]) -> Unrounded:
    """Give the share of the points that each row's grade has in the table of `grades`."""
    points, ratios = given.cells.points, given.cells.params.numbers("grades")
    strange = {at: (_no_grade(word),) for at, word in enumerate(words) if word not in ratios}
    left = given.without(strange)
    kept = [word for at, word in enumerate(words) if at not in strange]
    return left.scored(
        Quotients.of([ratios[word] for word in kept]) * points,
        lambda row: Line(
            "points × ratio of the grade",
            f"{precise(points)} × {precise(ratios[kept[row]])} (grade {label(kept[row])})",
        ),
    )


def _no_grade(word: str) -> Reason:
    return Reason(f"The scheme knows no grade {word}.", f"方案中没有等级“{word}”。", absent=False)


_Quota = tuple[int, int, int]
"""How many units have a grade, how many have any, and how many may have it."""


def _quota(cells: Cells, word: str, share: Decimal) -> _Quota:
    facts, code = cells.facts, cells.code
    slot = cells.sources.slot(code, GRADE, None, None, cells.sources.year)

    def words() -> Iterator[str]:
        out = cells.results.out(code)
        for row in range(cells.sources.size if slot else 0):
            found = slot.at(row) if slot else []
            if len(found) == 1 and row not in out and slot:
                yield slot.words[found[0]] or ""

    given = int(facts.one((code, f"graded|{word}"), lambda: sum(each == word for each in words())))
    all_graded = int(facts.one((code, "graded"), lambda: sum(1 for _ in words())))
    most = quota(share, all_graded, cells.params.word("rounding", "floor"))
    return given, all_graded, most


def _graded_units(word: str, of: _Quota) -> Used:
    return Used(f"units graded {word}", f"{of[0]} of {of[1]}, at most {of[2]}", "group")


def _too_many(word: str, of: _Quota) -> Reason:
    """Refuse a grade that more units have than may have it (强制分布), whoever of them it is."""
    given, all_graded, most = of
    return Reason(
        f"{given} of {all_graded} units are graded {word}; at most {most} may be.",
        f"{all_graded}个单位中有{given}个评为“{word}”，最多可评{most}个。",
        absent=False,
    )


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


def qualitative_panel(cells: Cells) -> Unrounded:
    """Give the trimmed mean of a panel's marks, as a share of their scale (去掉最高最低分).

    A mark that the assessed unit has written itself is left out; more than one is too many, unless
    so many others are the `min_marks` that are wanted. Who does not know gives no mark.
    """
    params, points = cells.params, cells.points
    scale, trim = params.number("scale", HUNDRED), int(params.number("trim", Decimal(0)))
    panel = _Panel(cells)
    if (plain := panel.plain(trim)) is not None:
        return plain
    given = cells.given(gaps=panel.gaps())
    marks = [panel.marks(row) for row in given.cells.rows.tolist()]
    bad = {
        at: (_none_left(len(own), trim),)
        for at, own in enumerate(marks)
        if not sorted(own)[trim : len(own) - trim]
    }
    given = given.without(bad)
    kept = [sorted(own)[trim : len(own) - trim] for at, own in enumerate(marks) if at not in bad]
    means = [sum(map(Fraction, own), NOTHING) / len(own) for own in kept]
    return given.scored(
        Quotients.of(means) * (points / Fraction(scale)),
        lambda row: _panel_line(points, kept[row], scale),
    )


def _panel_line(points: Fraction, kept: Sequence[Decimal], scale: Decimal) -> Line:
    return Line(
        "points × mean of the marks without the `trim` highest and lowest / scale",
        f"{precise(points)} × ({' + '.join(map(precise, kept))}) / {len(kept)} / {precise(scale)}",
    )


class _Panel:
    """The marks of a panel by seat: which count, and why too few do."""

    def __init__(self, cells: Cells) -> None:
        params = cells.params
        self.cells, self.size = cells, int(params.number("panel_size"))
        self.apart = params.flag("exclude_own_unit", True)
        least = params.optional("min_marks")
        self.least = None if least is None else int(least)
        year = cells.sources.year
        self.slots = [
            cells.sources.slot(cells.code, PANEL_MARK, None, str(seat), year)
            for seat in range(1, self.size + 1)
        ]
        cells.log.add(cells.rows, lambda at: self._used(int(cells.rows[at])))

    def plain(self, trim: int) -> Unrounded | None:
        """Score all rows at once where every seat gave one mark that counts; None where not."""
        cells, slots = self.cells, [slot for slot in self.slots if slot is not None]
        if len(slots) < self.size or 2 * trim >= self.size or not len(cells):
            return None
        if not all((slot.counts[cells.rows] == 1).all() for slot in slots):
            return None
        if any(word == DONT_KNOW for slot in slots for word in slot.words):
            return None
        if self.apart and any(self._own_marks(slot) for slot in slots):
            return None
        scale = cells.params.number("scale", HUNDRED)
        columns = [slot.numbers.take(cells.rows) for slot in slots]
        common = math.lcm(*(each.below for each in columns if isinstance(each.below, int)))
        scaled = [
            each.above * (common // each.below) for each in columns if isinstance(each.below, int)
        ]
        if len(scaled) < self.size:
            return None
        rows = np.sort(
            np.stack(
                [
                    each.array.astype(object)
                    if any(one.array.dtype == object for one in scaled)
                    else each.array
                    for each in scaled
                ]
            ),
            axis=0,
        )
        kept = [Quotients.whole_numbers(row, common) for row in rows[trim : len(rows) - trim]]
        points = cells.points
        return cells.given().scored(
            total(kept) * (points / len(kept) / Fraction(scale)),
            lambda row: _panel_line(
                points, sorted(self.marks(int(cells.rows[row])))[trim : self.size - trim], scale
            ),
        )

    def _own_marks(self, slot: Slot) -> bool:
        units = self.cells.sources.units
        return any(
            author == units[row] for author, row in zip(slot.author_units, slot.rows, strict=True)
        )

    def gaps(self) -> dict[int, Reasons]:
        """Return why rows have too few marks."""
        found = dict[int, Reasons]()
        for at, row in enumerate(self.cells.rows.tolist()):
            if why := self._why(row):
                found[at] = why
        return found

    def _why(self, row: int) -> Reasons:
        why = list[Reason]()
        for seat, slot in enumerate(self.slots, 1):
            number = 0 if slot is None else len(slot.at(row))
            if number != 1:
                label = f"mark {seat}"
                why.append(several(label, number) if number else missing(label))
        if why:
            return tuple(why)
        known = [s for s in self._seats(row) if s[1].words[s[2]] != DONT_KNOW]
        kept = [each for each in known if not self._is_own(*each[1:], row)]
        if len(kept) < (self.size - 1 if self.least is None else self.least):
            return (_too_few(self.size, len(known) - len(kept), len(kept), self.least),)
        return ()

    def marks(self, row: int) -> list[Decimal]:
        """Return the marks that count for a row, in the order of the seats."""
        return [
            slot.values[one] or Decimal(0)
            for _, slot, one in self._seats(row)
            if slot.words[one] != DONT_KNOW and not self._is_own(slot, one, row)
        ]

    def _seats(self, row: int) -> list[tuple[int, Slot, int]]:
        return [
            (seat, slot, slot.at(row)[0])
            for seat, slot in enumerate(self.slots, 1)
            if slot is not None and len(slot.at(row)) == 1
        ]

    def _is_own(self, slot: Slot, one: int, row: int) -> bool:
        return self.apart and slot.author_units[one] == self.cells.sources.units[row]

    def _used(self, row: int) -> Iterator[Used]:
        seats = self._seats(row)
        if len(seats) < self.size:
            return
        for seat, slot, one in seats:
            ids = (slot.ids[one],)
            if slot.words[one] == DONT_KNOW:
                yield Used(f"seat {seat}, no mark", DONT_KNOW, "ledger", ids)
                continue
            label = f"mark {seat}" + (
                ", own unit, left out" if self._is_own(slot, one, row) else ""
            )
            yield Used(label, precise(slot.values[one] or Decimal(0)), "ledger", ids)


def _none_left(marks: int, trim: int) -> Reason:
    return Reason(
        f"{marks} marks leave none after {trim} are dropped at each end.",
        f"共{marks}个评分，首尾各去掉{trim}个后无剩余。",
        absent=False,
    )


def _too_few(size: int, own: int, kept: int, least: int | None) -> Reason:
    if least is None:
        return Reason(
            f"{own} of {size} marks are by the assessed unit itself.",
            f"{size}个评分中有{own}个由被评估单位自己评定。",
        )
    return Reason(
        f"{kept} of {size} seats gave a mark that counts; at least {least} are wanted.",
        f"{size}个席位中有效评分{kept}个，不足{least}个。",
    )


def survey_score(cells: Cells) -> Unrounded:
    """Give the share of the points that the satisfaction is of its scale (公众评议)."""
    params, points = cells.params, cells.points
    column, not_rated = cells.satisfaction(params.word("survey"))
    given, scale = cells.given(column, not_rated=not_rated), params.number("scale", HUNDRED)
    (found,) = given.inputs
    return given.scored(
        found * (points / Fraction(scale)),
        lambda row: Line(
            "points × satisfaction / scale",
            f"{precise(points)} × {precise(found.at(row))} / {precise(scale)}",
        ),
    )


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
    pieces = []
    for items, listed in together.items():
        rows = np.array(listed)
        pieces.append((rows, _items(cells.only(rows), items)))
    return merged_or_nothing(cells, pieces)


def merged_or_nothing(
    cells: Cells,
    pieces: Sequence[tuple[Rows, Unrounded]],
) -> Unrounded:
    """Put the scores of some rows each together; where there are none, there are none."""
    return merged(len(cells), pieces) if pieces else cells.given().nothing()


def _items(cells: Cells, items: Sequence[str]) -> Unrounded:
    if not items:
        why = (Reason("No item has a target.", "没有任何分项设定目标。"),)
        return cells.given(gaps=dict.fromkeys(range(len(cells)), why)).nothing()
    points, cap = cells.points, Fraction(cells.params.number("item_cap_ratio", Decimal(1)))
    actual = [cells.measured("actual", item) for item in items]
    given = cells.given(*actual, *(cells.target(item) for item in items))
    bad: dict[int, Reasons] = {}
    for aim in given.inputs[len(items) :]:
        for at in np.flatnonzero(aim.at_most(NOTHING)).tolist():
            bad.setdefault(at, (_no_item_ratio(aim.at(at)),))
    given = given.without(bad)
    if not len(given):
        return given.nothing()
    values, targets = given.inputs[: len(items)], given.inputs[len(items) :]
    ratios = [
        each.by(aim).most(NOTHING).least(cap) for each, aim in zip(values, targets, strict=True)
    ]

    def tell(row: int) -> Line:
        shown = " + ".join(
            f"min({precise(max(value.at(row), NOTHING))} / {precise(aim.at(row))}, {precise(cap)})"
            for value, aim in zip(values, targets, strict=True)
        )
        return Line(
            "points × mean of min(actual / target, item_cap_ratio) over the items",
            f"{precise(points)} × ({shown}) / {len(ratios)}",
        )

    return given.scored(total(ratios) * (points / len(ratios)), tell)


def _no_item_ratio(target: Fraction) -> Reason:
    return Reason(
        f"The target is {show(target)}; a ratio needs one above 0.",
        f"目标值为{show(target)}；按比例计分要求目标值大于0。",
        absent=False,
    )
