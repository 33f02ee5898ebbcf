"""How contacts ended (AAPOR's dispositions), and the response, cooperation, refusal, contact and
location rates of a sample, by the Standard Definitions of the American Association for Public
Opinion Research.

Every rate is an exact fraction; one whose denominator is zero is None.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from survey.rules.batch import Outcome

Counts = Mapping["Disposition", int | Fraction]
"""How many respondents ended in which way, or the sum of their weights."""


class Disposition(StrEnum):
    """How the contacts with one respondent ended, in the letters of AAPOR's formulas."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NO_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    INELIGIBLE = "NE"


DISPOSITIONS: Mapping[Outcome, Disposition] = MappingProxyType(
    {
        Outcome.COMPLETED: Disposition.COMPLETE,
        Outcome.PARTIAL: Disposition.PARTIAL,
        Outcome.REFUSED: Disposition.REFUSAL,
        Outcome.NO_CONTACT: Disposition.NO_CONTACT,
        Outcome.OTHER: Disposition.OTHER,
        Outcome.UNKNOWN_HOUSEHOLD: Disposition.UNKNOWN_HOUSEHOLD,
        Outcome.UNKNOWN_ELIGIBILITY: Disposition.UNKNOWN_OTHER,
        Outcome.INELIGIBLE: Disposition.INELIGIBLE,
    }
)
"""The disposition that the outcome of a contact stands for."""

PRECEDENCE = (
    Disposition.COMPLETE,
    Disposition.PARTIAL,
    Disposition.INELIGIBLE,
    Disposition.REFUSAL,
    Disposition.OTHER,
    Disposition.NO_CONTACT,
    Disposition.UNKNOWN_OTHER,
    Disposition.UNKNOWN_HOUSEHOLD,
)
"""Which disposition stands where several attempts ended differently, the first of them found.

An interview before all else; then what is known for certain before what is not, and what a person
said before silence: a refusal is not undone by nobody answering later.
"""

NOT_REACHED = frozenset(
    {Disposition.NO_CONTACT, Disposition.UNKNOWN_OTHER, Disposition.UNKNOWN_HOUSEHOLD}
)
"""Who may be called again."""

_RANKS = {disposition: rank for rank, disposition in enumerate(PRECEDENCE)}


def final(attempts: Iterable[Disposition]) -> Disposition:
    """Return the final disposition of a respondent from that of each attempt, in any order."""
    return min(attempts, key=_RANKS.__getitem__)


def given_up(ended: Mapping[tuple[Disposition, int], int], wanted: int) -> int:
    """Count those who were not reached, in fewer attempts than are wanted."""
    return sum(
        number
        for (disposition, attempts), number in ended.items()
        if disposition in NOT_REACHED and attempts < wanted
    )


def eligible_share(counts: Counts) -> Fraction | None:
    """Return e, the share of eligible ones among the respondents whose eligibility is known; it is
    taken for the share among the others. None where of nobody it is known."""
    known = _Sums(counts)
    return _ratio(known.eligible, known.eligible + known.of(Disposition.INELIGIBLE))


def rates(counts: Counts, e: Fraction | None = None) -> Mapping[str, Fraction | None]:
    """Return the 18 rates by AAPOR's names; without `e` it is estimated from the counts."""
    s = _Sums(counts)
    share = eligible_share(counts) if e is None else e
    every, some = s.eligible + s.unknown, None if share is None else s.eligible + share * s.unknown
    located = s.contacted + s.of(Disposition.NO_CONTACT)
    likely = None if share is None else located + share * s.unknown
    interviewed, refused = s.complete + s.partial, s.of(Disposition.REFUSAL)
    spoken = interviewed + refused
    return {
        "RR1": _ratio(s.complete, every),
        "RR2": _ratio(interviewed, every),
        "RR3": _ratio(s.complete, some),
        "RR4": _ratio(interviewed, some),
        "RR5": _ratio(s.complete, s.eligible),
        "RR6": _ratio(interviewed, s.eligible),
        "COOP1": _ratio(s.complete, s.contacted),
        "COOP2": _ratio(interviewed, s.contacted),
        "COOP3": _ratio(s.complete, spoken),
        "COOP4": _ratio(interviewed, spoken),
        "REF1": _ratio(refused, every),
        "REF2": _ratio(refused, some),
        "REF3": _ratio(refused, s.eligible),
        "CON1": _ratio(s.contacted, located + s.unknown),
        "CON2": _ratio(s.contacted, likely),
        "CON3": _ratio(s.contacted, located),
        "LOC1": _ratio(located, located + s.unknown),
        "LOC2": _ratio(located, likely),
    }


class _Sums:
    """The sums that the formulas are made of."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        d = Disposition
        self.complete, self.partial = self.of(d.COMPLETE), self.of(d.PARTIAL)
        self.contacted = self.of(d.COMPLETE, d.PARTIAL, d.REFUSAL, d.OTHER)
        self.eligible = self.contacted + self.of(d.NO_CONTACT)
        self.unknown = self.of(d.UNKNOWN_HOUSEHOLD, d.UNKNOWN_OTHER)

    def of(self, *dispositions: Disposition) -> Fraction:
        return sum((Fraction(self._counts.get(each, 0)) for each in dispositions), Fraction())


def _ratio(part: Fraction, whole: Fraction | None) -> Fraction | None:
    return part / whole if whole else None
