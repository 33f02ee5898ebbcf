"""Second marking (复评): a share of the entries of a check is marked again by somebody who does not
know the first mark; how far both are apart is told, and what is too far apart is not upheld."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chassis.refusals import Conflict
from scoring.rules.checks.draw import SEPARATOR, sha256
from scoring.rules.checks.findings import RIGHT
from scoring.rules.columns.exact import half_up
from scoring.rules.scheme.document import Scheme, SecondMarking

PLACES = 4
"""Of what is told of gaps and shares."""

_DIGITS = 8


class NotYetMarkedTwice(Conflict):
    """What was found waits for the mark of a second person."""

    zh = "该条检查结论须经另一人背靠背复评后方可决定。"
    remedy = (
        "Have another of the team mark it; name another team where nobody else is on it.",
        "请由检查组另一成员复评；没有其他成员的，请另行指定检查组。",
    )


class MarksDiffer(Conflict):
    """Both marks are further apart than is tolerated: neither takes the place of the entry."""

    zh = "两次评分的差距超过容许偏差，不能维持。"
    remedy = (
        "Dismiss it with the reason; a third person of the team then finds about the entry anew.",
        "请说明理由不予采纳，由检查组第三人重新核查登记。",
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says of an entry: that it is right, or which value or word it should tell."""

    verdict: str
    value: Decimal | None
    word: str | None

    def told(self, recorded: "Mark") -> tuple[Decimal | None, str | None]:
        """Return value and word as they are by this mark."""
        of = recorded if self.verdict == RIGHT else self
        return of.value, of.word


def policy_of(scheme: Scheme, check: str) -> SecondMarking | None:
    """Return how a check is marked a second time by the scheme, if it is."""
    return next((each.second_marking for each in scheme.checks if each.code == check), None)


def is_marked_twice(policy: SecondMarking | None, seed: str, entry: object) -> bool:
    """Say whether an entry is drawn to be marked twice: by the first eight digits of the SHA-256 of
    seed, `second` and its id, as anybody can redo."""
    if policy is None:
        return False
    digest = sha256(SEPARATOR.join((seed, "second", str(entry))))
    limit = policy.share * 16**_DIGITS
    return bool(int(digest[:_DIGITS], 16) < limit)


def gap_of(one: Mark, other: Mark, recorded: Mark) -> Fraction:
    """Return how far two marks are apart, as a share of the greater; words differ wholly or not."""
    (a, said), (b, told) = one.told(recorded), other.told(recorded)
    if a is None or b is None or said != told:
        return Fraction(0 if (a, said) == (b, told) else 1)
    most = max(abs(a), abs(b))
    return abs(Fraction(a) - Fraction(b)) / Fraction(most) if most else Fraction(0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many pairs of marks there are, how far they are apart on the mean, and which share of
    them is within the tolerance; null without any pair."""

    pairs: int
    mean_gap: Decimal | None
    within: Decimal | None


def agreement_of(pairs: Iterable[tuple[Decimal, bool]]) -> Agreement:
    """Return how some pairs agree, by the gap of each and whether it is tolerated."""
    found: Sequence[tuple[Decimal, bool]] = [*pairs]
    if not found:
        return Agreement(0, None, None)
    number = len(found)
    mean = Fraction(sum(gap for gap, _ in found)) / number
    within = Fraction(sum(each for _, each in found), number)
    return Agreement(number, half_up(mean, PLACES), half_up(within, PLACES))
