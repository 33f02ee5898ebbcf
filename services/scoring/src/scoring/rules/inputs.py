"""From the ledger, the targets and the surveys to the named inputs of one unit's one indicator.

Every input that is taken is remembered with the entries it came from, so that a score can be
explained down to them; every input that is missing is named, so that silence is never a zero.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

from scoring.rules.entries import (
    DONT_KNOW,
    EVENT,
    GRADE,
    MILESTONE,
    PANEL_MARK,
    Entry,
    ending_of,
    natural,
)
from scoring.rules.exact import show
from scoring.rules.facts import Facts as Facts
from scoring.rules.gaps import Gap, NotRated, Reason
from scoring.rules.params import Params
from scoring.rules.samples import ShortSample
from scoring.rules.scheme import Target

T = TypeVar("T")

VOLUME = "volume"
"""The key of how much lies behind a value that is ranked."""

COUNT = "count"
"""The key of a number of pieces, or of one piece that has an identity."""

GROUP = "group"
"""The source of what comes from other units; it is left out where a unit reads about itself."""


@dataclass(frozen=True, slots=True)
class Used:
    """An input that a score was computed from.

    `source` is ledger, target, survey, score (of another indicator) or scheme, and `GROUP` for all
    that other units have a part in. `entries` are the ledger entries it came from. A target has a
    `version`, with its state and who set it.
    """

    name: str
    value: str
    source: str
    entries: tuple[UUID, ...] = ()
    version: int | None = None
    state: str | None = None
    set_by: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A value of an earlier period that stands in for a missing one (沿用上期)."""

    name: str
    period: str
    taken_from: str


class Scores(Protocol):
    """What the unit has scored in the category's other indicators, as far as it is known."""

    def score_of(self, indicator: str) -> Decimal | None:
        """Return the score in points; None where there is none (yet)."""

    def rank_of(self, indicator: str) -> int | None:
        """Return the place of that score in the category, 1 the highest, equal ones sharing."""

    def is_undefined(self, indicator: str) -> bool:
        """Say whether somebody has to settle that score before there can be any."""


@dataclass(slots=True)
class Inputs:
    """The inputs of one unit for one indicator, for one component of it, or for one period.

    `params` are the unit's own, `period_params` what replaces some of them in a period, by its
    name, `frequency` says for which periods reports are wanted. With `carry_over` the latest
    earlier period stands in for one without a value. `scores`
    are those of other indicators, `peer` gives the inputs of another unit of the group (those of
    this one with another name where there is none), `out` the units to which an indicator does not
    apply because it, or one above it, is declared so. Under `borrowed` they are those of an
    indicator that is not scored here. What was taken is in `used`, what stood in also in `carried`,
    and in `short` what counts where too few answered a survey.
    """

    facts: Facts
    group: tuple[str, ...]
    unit: str
    indicator: str
    _: KW_ONLY
    points: Decimal
    params: Params
    places: int
    scores: Scores | None = None
    out: Callable[[str], frozenset[str]] | None = None
    peer: "Callable[[str], Inputs] | None" = None
    period_params: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    carry_over: bool = False
    frequency: str = "yearly"
    key: str | None = None
    borrowed: bool = False
    period: str | None = None
    earlier: tuple[str, ...] = ()
    used: list[Used] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    short: list[Reason] = field(default_factory=list)

    def component(self, key: str, params: Params) -> "Inputs":
        """Return the inputs of a component: `key` keys its values and itemises its targets."""
        return replace(self, key=key, params=params)

    def by(self, params: Params) -> "Inputs":
        """Return the same inputs for other parameters."""
        return replace(self, params=params)

    def of(self, unit: str) -> "Inputs":
        """Return the same inputs of a unit of the group, by its own parameters and scores."""
        own = self.peer(unit) if self.peer else self
        return replace(self, unit=unit, params=own.params, scores=own.scores, used=[], carried=[])

    def elsewhere(self, indicator: str, name: str) -> "Inputs":
        """Return the unit's inputs for another indicator, out of which the input `name` is taken.

        What is declared not applicable has no values, whatever was entered.
        """
        if not self._applies(indicator, self.unit):
            raise Gap(
                [
                    Reason(
                        f"{name} is missing: {indicator} is declared not applicable.",
                        f"缺少 {name}：{indicator} 已认定为不适用。",
                    )
                ]
            )
        return replace(self, indicator=indicator, key=None, borrowed=True)

    def during(self, name: str, before: Iterable[str]) -> "Inputs":
        """Return the inputs of a period by its name ("Q1", "FY"), `before` naming those before it.

        What the scheme sets for the period replaces the same parameters (分时段参数).
        """
        year, own = self.facts.year, self.period_params.get(name, {})
        return replace(
            self,
            params=self.params.with_(own),
            period=year + ending_of(name),
            earlier=tuple(year + ending_of(each) for each in before)[::-1],
        )

    def measured(self, name: str, item: str | None = None) -> Decimal:
        """Return the measured value of that name, for the year or the period."""
        key, periods = self._key(name), self._periods()
        found, entered = self.facts.measured_in(self.indicator, key, item, periods, self.unit)
        name = self._name(key)
        entry = entered[0] if len(entered) == 1 else _only(entered, _label(name, item, periods[0]))
        assert entry.value is not None  # noqa: S101 - a measured value has one, see rules/ledger.py
        label = _label(name, item, self.period)
        if found != periods[0]:
            self.carried.append(Carried(name, periods[0], found))
            label += f", carried over from {found}"
        self.used.append(Used(label, show(entry.value), "ledger", (entry.entry_id,)))
        return entry.value

    def entered(self, name: str) -> bool:
        """Say whether a measured value of that name was entered, however often."""
        periods = self._periods()
        return bool(self.facts.measured_in(self.indicator, name, None, periods, self.unit)[1])

    def compared_with(self) -> tuple[str, ...]:
        """Return the units of the category to which the indicator applies, this one among them."""
        return tuple(unit for unit in self.group if self._applies(self.indicator, unit))

    def _applies(self, indicator: str, unit: str) -> bool:
        out = self.out(indicator) if self.out else ()
        return unit not in out and self.facts.not_applicable(unit, indicator) is None

    def others(self, name: str) -> dict[str, Decimal]:
        """Return the values of all units of the category that have one."""
        key, periods = self._key(name), self._periods()
        return self.shared(
            "values",
            lambda: self.facts.of_group(self.compared_with(), self.indicator, key, periods),
            key,
        )

    def shared(self, name: str, find: Callable[[], T], *which: object) -> T:
        """Return what is the same for all units of the category; `which` tells it from others."""
        what = (name, self.indicator, self.key, self._periods(), *which)
        return self.facts.once(self.group, what, find)

    def compared(self, values: Mapping[str, object]) -> None:
        """Remember how many units of the category were compared."""
        text = f"{len(values)} of {len(self.group)}"
        self.note("units compared", text)

    def note(self, name: str, value: str, source: str = GROUP) -> None:
        """Remember something that the score was computed from."""
        self.used.append(Used(_label(name, None, self.period), value, source))

    def target(self, item: str | None = None) -> Decimal:
        """Return the target of the indicator, or of one of its items."""
        return self._aim("target", item, lambda target: target.target)

    def baseline(self, item: str | None = None) -> Decimal:
        """Return the baseline (基数) of the indicator."""
        return self._aim("baseline", item, lambda target: target.baseline)

    def pledge(self, item: str | None = None) -> Decimal:
        """Return what the unit itself has pledged (自报数)."""
        return self._aim("pledge", item, lambda target: target.pledge)

    def lowered(self) -> bool:
        """Say whether a revision has lowered the target (目标调低)."""
        target = self._aimed(None)
        return target is not None and target.lowered

    def items(self) -> list[str]:
        """Return the items that the unit has targets for, in natural order."""
        targets = self.facts.targets(self.unit, self.indicator)
        return sorted((item for item in targets if item is not None), key=natural)

    def events(self) -> list[Entry]:
        """Return the year's events, zero reports among them."""
        return self._of(EVENT)

    def nodes(self) -> dict[str, str]:
        """Return the status of each node planned as an item of the target, or else entered."""
        entered = self._of(MILESTONE)
        expected = self.items() or sorted({entry.item or "" for entry in entered}, key=natural)
        if not expected:
            raise Gap([missing("node")])
        words = all_of(partial(self._word, entered, f"node {node}", node) for node in expected)
        return dict(zip(expected, words, strict=True))

    def grade(self) -> str:
        """Return the grade given for the year."""
        return self._word(self._of_the_year(GRADE), "grade", None)

    def grades(self) -> Mapping[str, int]:
        """Return how many units of the category have each grade, those that have one at all."""
        return self.shared("grades", self._grades)

    def _grades(self) -> Mapping[str, int]:
        words = Counter[str]()
        for unit in self.compared_with():
            graded = replace(self, unit=unit)._of_the_year(GRADE)
            if len(graded) == 1:
                words[graded[0].word or ""] += 1
        return words

    def marks(self, size: int, *, exclude_own: bool, least: int | None = None) -> list[Decimal]:
        """Return the marks of a panel of `size`, in the order of its members.

        A mark that the assessed unit has written itself is left out; more than one is too many,
        unless so many others are the `least` that is wanted. Who does not know gives no mark.
        """
        entered = self._of_the_year(PANEL_MARK)
        seats = all_of(partial(self._mark, entered, str(seat)) for seat in range(1, size + 1))
        known = [e for e in seats if e.word != DONT_KNOW]
        kept = [e for e in known if not (exclude_own and e.author_unit == self.unit)]
        for entry in seats:
            if entry not in known:
                self.used.append(_unknown(entry))
                continue
            label = f"mark {entry.item}" + ("" if entry in kept else ", own unit, left out")
            self.used.append(Used(label, show(_value(entry)), "ledger", (entry.entry_id,)))
        if len(kept) < (size - 1 if least is None else least):
            raise Gap([_too_few(size, len(known) - len(kept), len(kept), least)])
        return [_value(entry) for entry in kept]

    def satisfaction(self, survey: str) -> Decimal:
        """Return what the survey found for the unit."""
        found = self.facts.satisfaction(survey, self.unit)
        if found is None:
            raise Gap(
                [
                    Reason(
                        f"Survey {survey} has no satisfaction for {self.unit}.",
                        f"调查“{survey}”没有{self.unit}的满意度。",
                    )
                ]
            )
        if isinstance(found, ShortSample):
            found = self._short(survey, found)
        self.used.append(Used(f"satisfaction, {survey}", show(found), "survey"))
        return found

    def _short(self, survey: str, found: ShortSample) -> Decimal:
        """Return what counts where too few answered; without that, nothing stands in for it."""
        reasons = found.reasons(survey)
        if not found.rated:
            raise NotRated(reasons)
        if found.satisfaction is None:
            raise Gap(reasons)
        self.short.extend(reasons)
        return found.satisfaction

    def score_of(self, indicator: str) -> Decimal:
        """Return what the unit has scored in another indicator."""
        found = self.scores.score_of(indicator) if self.scores else None
        if found is None:
            raise Gap([self._no(f"score of {indicator}", indicator)])
        self.used.append(Used(f"score of {indicator}", show(found), "score"))
        return found

    def rank_of(self, indicator: str) -> Decimal:
        """Return the place that its score in another indicator gives the unit."""
        found = self.scores.rank_of(indicator) if self.scores else None
        if found is None:
            raise Gap([self._no(f"rank of {indicator}", indicator)])
        self.used.append(Used(f"rank of {indicator}", str(found), GROUP))
        return Decimal(found)

    def _no(self, label: str, indicator: str) -> Reason:
        """Return why there is no score to take: nothing stands in for one that is undefined."""
        undefined = self.scores is not None and self.scores.is_undefined(indicator)
        return replace(missing(label), absent=not undefined)

    def _key(self, name: str) -> str:
        return self.key or name

    def _name(self, key: str) -> str:
        """Return what a value is called; one of another indicator is called by that too."""
        return f"{key} of {self.indicator}" if self.borrowed else key

    def _periods(self) -> tuple[str, ...]:
        own = self.period or self.facts.year
        return (own, *self.earlier) if self.carry_over else (own,)

    def _of(self, kind: str) -> list[Entry]:
        return self.facts.entries(self.unit, self.indicator, kind)

    def _of_the_year(self, kind: str) -> list[Entry]:
        return [entry for entry in self._of(kind) if entry.period == self.facts.year]

    def _word(self, entered: list[Entry], label: str, item: str | None) -> str:
        entry = _only([each for each in entered if each.item == item], label)
        self.used.append(Used(label, entry.word or "", "ledger", (entry.entry_id,)))
        return entry.word or ""

    def _mark(self, entered: list[Entry], seat: str) -> Entry:
        return _only([each for each in entered if each.item == seat], f"mark {seat}")

    def _aim(
        self, name: str, item: str | None, read: Callable[[Target], Decimal | None]
    ) -> Decimal:
        target = self._aimed(item)
        value = read(target) if target else None
        label = _label(self._name(name), target.item if target else item or self.key, None)
        if target is None or value is None:
            raise Gap([missing(label)])
        standing = (target.version, target.state, target.set_by)
        self.used.append(Used(label, show(value), "target", (), *standing))
        return value

    def _aimed(self, item: str | None) -> Target | None:
        """Return the target of the item; a period's own (累计目标) before that of the year."""
        targets = self.facts.targets(self.unit, self.indicator)
        ending = self.period and (self.period.removeprefix(self.facts.year) or None)
        own = targets.get(ending) if ending and item is None else None
        return own or targets.get(item or self.key)


def all_of(asks: Iterable[Callable[[], T]]) -> list[T]:
    """Return every answer, or raise one `Gap` with the reasons of all that have none."""
    answers, reasons = [], list[Reason]()
    for ask in asks:
        try:
            answers.append(ask())
        except Gap as gap:
            reasons += gap.reasons
    if reasons:
        raise Gap(reasons)
    return answers


def missing(label: str) -> Reason:
    """Return the reason that an input has not been entered."""
    return Reason(f"{label} is missing.", f"缺少 {label}。")


def _only(entries: list[Entry], label: str) -> Entry:
    if not entries:
        raise Gap([missing(label)])
    if len(entries) > 1:
        raise Gap(
            [
                Reason(
                    f"{label}: {len(entries)} verified entries; reverse all but one.",
                    f"{label}：有{len(entries)}条已审核记录，请冲销多余的记录。",
                    absent=False,
                )
            ]
        )
    return entries[0]


def _unknown(entry: Entry) -> Used:
    return Used(f"seat {entry.item}, no mark", DONT_KNOW, "ledger", (entry.entry_id,))


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


def _value(entry: Entry) -> Decimal:
    assert entry.value is not None  # noqa: S101 - a mark has a value, see rules/ledger.py
    return entry.value


def _label(name: str, item: str | None, period: str | None) -> str:
    if item is None and period is None:
        return name
    return ", ".join(part for part in (name, item and f"item {item}", period) if part)
