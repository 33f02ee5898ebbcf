"""Which units a scheme's demotion rules (降等) touch."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ranking.rules import reasons
from ranking.rules.composition import IndicatorScore
from ranking.rules.reasons import Reason, plain

Effect = Literal["not_excellent", "down_one_grade"]


@dataclass(frozen=True, slots=True)
class DemotionRule:
    """One rule of the scheme: a weak indicator or an event costs a unit its grade.

    An indicator is weak when its score is below `score_ratio_below` (a share, 0 to 1) of its
    points; an event is reported by a responsible unit, or by the performance office where the
    scheme names none. `not_excellent` bars the best grade, `down_one_grade` lowers whatever grade
    the unit would get. `name` is what people call the rule, if the scheme says. It is of the
    categories named, of all where none is.
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


@dataclass(frozen=True, slots=True)
class Demotion:
    """A rule that applies to a unit, with the weak indicators and the cause."""

    code: str
    effect: Effect
    indicators: tuple[str, ...]
    cause: Reason


def demotions_of(
    rules: Iterable[DemotionRule], scores: Mapping[str, IndicatorScore], reported: Set[str]
) -> list[Demotion]:
    """Return the rules that apply to a unit, in the scheme's order.

    `scores` are the unit's indicators by code, `reported` the codes of the demotions that
    responsible bodies reported for it. An indicator that the unit does not have is not weak.
    """
    applying: list[Demotion] = []
    for rule in rules:
        weak = _weak(rule, scores)
        if weak and rule.score_ratio_below is not None:
            share = plain(rule.score_ratio_below * 100)
            cause = reasons.weak_indicators(rule.code, rule.name, weak, share)
            applying.append(Demotion(rule.code, rule.effect, weak, cause))
        elif rule.event is not None and rule.code in reported:
            cause = reasons.reported_event(rule.code, rule.name, rule.event)
            applying.append(Demotion(rule.code, rule.effect, (), cause))
    return applying


def _weak(rule: DemotionRule, scores: Mapping[str, IndicatorScore]) -> tuple[str, ...]:
    ratio = rule.score_ratio_below
    if ratio is None:
        return ()
    return tuple(
        code
        for code in rule.indicators
        if code in scores and scores[code].score < ratio * scores[code].points
    )
