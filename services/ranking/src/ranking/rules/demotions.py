"""Which units a scheme's demotion rules (降等) touch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ranking.rules import reasons
from ranking.rules.marks import IndicatorScore
from ranking.rules.reasons import Reason, plain

Effect = Literal["not_excellent", "down_one_grade"]


@dataclass(frozen=True, slots=True)
class SuperiorRank:
    """A place in a superior's list that demotes: one after `worse_than`, or among the `last`.

    `list` is what people call it; `indicator` is the one that it is about, if any.
    """

    list: str
    worse_than: int | None = None
    last: int | None = None
    indicator: str | None = None

    def demotes(self, place: "PlaceInList") -> bool:
        """Say whether a place is as low as that."""
        above = place.of - self.last if self.last is not None else self.worse_than
        return above is not None and place.rank > above


@dataclass(frozen=True, slots=True)
class PlaceInList:
    """A unit's rank in a list of so many, 1 being the best."""

    rank: int
    of: int


@dataclass(frozen=True, slots=True)
class DemotionRule:
    """One rule of the scheme: a weak indicator, an event or a low place costs a unit its grade.

    An indicator is weak when its score is below `score_ratio_below` (a share, 0 to 1) of its
    points; an event and a place in a superior's list are reported by a responsible unit, or by the
    performance office where the scheme names none, `at_least` so many times before the rule
    applies. `not_excellent` bars the best grade, `down_one_grade` lowers whatever grade the unit
    would get. `name` is what people call the rule, if the scheme says. It is of the categories
    named, of all where none is.
    """

    code: str
    indicators: tuple[str, ...]
    score_ratio_below: Decimal | None
    event: str | None
    effect: Effect
    responsible_units: tuple[str, ...]
    name: str | None = None
    categories: tuple[str, ...] = ()

    def concerns(self, category: str) -> bool:
        """Say whether the rule is one of the units of this category."""
        return not self.categories or category in self.categories

    superior_rank: SuperiorRank | None = None
    at_least: int = 1

    @property
    def is_reported(self) -> bool:
        """Whether somebody has to report it; else it is read off the score sheet."""
        return self.event is not None or self.superior_rank is not None

    def counting(self, reported: Iterable[PlaceInList | None]) -> "list[PlaceInList | None]":
        """Return which reports count towards the rule: of places in a list, only low ones."""
        of = self.superior_rank
        return [each for each in reported if of is None or (each and of.demotes(each))]


@dataclass(frozen=True, slots=True)
class Demotion:
    """A rule that applies to a unit, with the indicators that it is about and the cause."""

    code: str
    effect: Effect
    indicators: tuple[str, ...]
    cause: Reason


Reported = Mapping[str, Sequence[PlaceInList | None]]
"""What was reported of a unit and counts, by the codes of the rules: a place in a superior's list,
or None for an event."""


def demotions_of(
    rules: Iterable[DemotionRule], scores: Mapping[str, IndicatorScore], reported: Reported
) -> list[Demotion]:
    """Return the rules that apply to a unit, in the scheme's order.

    `scores` are the unit's indicators by code. An indicator that the unit does not have is not
    weak.
    """
    applying = (
        _by_report(rule, rule.counting(reported.get(rule.code, ())))
        if rule.is_reported
        else _by_score(rule, scores)
        for rule in rules
    )
    return [each for each in applying if each is not None]


def without_consequence(rules: Iterable[DemotionRule], reported: Reported) -> list[Reason]:
    """Say of what was reported of a unit and demotes it not, or not yet, that it does not."""
    found = list[Reason]()
    for rule in rules if reported else ():
        counted = len(rule.counting(reported.get(rule.code, ())))
        if rule.is_reported and rule.code in reported and counted < rule.at_least:
            found.append(reasons.without_consequence(rule.code, rule.name, counted, rule.at_least))
    return found


def _by_score(rule: DemotionRule, scores: Mapping[str, IndicatorScore]) -> Demotion | None:
    weak = _weak(rule, scores)
    if not weak or rule.score_ratio_below is None:
        return None
    share = plain(rule.score_ratio_below * 100)
    cause = reasons.weak_indicators(rule.code, rule.name, weak, share)
    return Demotion(rule.code, rule.effect, weak, cause)


def _by_report(rule: DemotionRule, counting: Sequence[PlaceInList | None]) -> Demotion | None:
    """Return the demotion where there are enough reports; of several places the worst is told."""
    if len(counting) < rule.at_least:
        return None
    of, times = rule.superior_rank, len(counting) if rule.at_least > 1 else 1
    if of is None:
        cause = reasons.reported_event(rule.code, rule.name, rule.event or "", times)
        return Demotion(rule.code, rule.effect, (), cause)
    worst = max((each for each in counting if each), key=lambda each: (each.rank, -each.of))
    named = rule.name, of.list
    cause = reasons.too_low_in_list(rule.code, named, worst.rank, worst.of, times)
    about = () if of.indicator is None else (of.indicator,)
    return Demotion(rule.code, rule.effect, about, cause)


def _weak(rule: DemotionRule, scores: Mapping[str, IndicatorScore]) -> tuple[str, ...]:
    ratio = rule.score_ratio_below
    if ratio is None:
        return ()
    return tuple(
        code
        for code in rule.indicators
        if code in scores and scores[code].score < ratio * scores[code].points
    )
