"""What an indicator comes to for one unit: first out of its own points, then in its group."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.gaps import Reason
from scoring.rules.inputs import Used
from scoring.rules.methods.scored import Scored
from scoring.rules.scheme import Indicator

ZERO, SKIPPED, MEAN = "zero", "skipped", "category_mean"
CARRIED_OVER, NOT_APPLICABLE = "carried_over", "not_applicable"
SHORT_SAMPLE = "short_sample"

OUT = frozenset({SKIPPED, NOT_APPLICABLE})
"""The decisions after which an indicator counts for nothing, and its points go elsewhere."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an indicator comes to for one unit, before any points are moved.

    Without a score (`scored`) either something is `missing` here or below, or a `decision` put
    the indicator out. `because` says what the decision stands in for. `worth` are the points that
    the score is out of, where they are not the indicator's; `group` how a parent's children ended
    up, where points were moved among them. `declared` says that an entry declares this indicator,
    or one above it, not applicable; a parent can be out because all below it is.
    """

    scored: Scored | None
    used: tuple[Used, ...] = ()
    missing: tuple[Reason, ...] = ()
    decision: str | None = None
    because: tuple[Reason, ...] = ()
    worth: Fraction | None = None
    group: "Group | None" = None
    declared: bool = False

    @property
    def out(self) -> bool:
        """Say whether the indicator counts for nothing because of a decision."""
        return self.decision in OUT

    def points(self, indicator: Indicator) -> Fraction:
        """Return the points that the score is out of."""
        return Fraction(indicator.points) if self.worth is None else self.worth


Outcomes = Mapping[str, Outcome]
"""The outcomes of one unit by indicator, or of one indicator by unit."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an indicator ends up among its siblings: what it counts for, and its score then.

    `moved` is the score's new settlement where points came to it or left it.
    """

    points: Fraction
    score: Decimal | None
    moved: Scored | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Siblings after points were moved; `stranded` are the points that nobody is left to take."""

    places: tuple[Place, ...]
    stranded: Fraction


@dataclass(frozen=True, slots=True)
class Moves:
    """The points of one unit's indicators that go to a named one, by who gets them and who not."""

    incoming: Mapping[str, Fraction]
    away: frozenset[str]


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """What was done about an indicator without data, or one that does not apply to the unit.

    `what` is zero, skipped, category_mean, carried_over, not_applicable or short_sample (too few
    answered in a wave, and it was said what counts). `effect` are the points
    that the unit gains by it, or loses if below 0, compared with sharing the indicator's points
    among its scored siblings; null where there are none.
    """

    indicator: str
    what: str
    effect: Decimal | None
    en: str
    zh: str
