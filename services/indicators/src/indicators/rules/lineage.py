"""Lineage (指标沿革): which indicators of earlier years an indicator goes on from.

Renamed, it names the one it was; merged, several; split, each part names the same one with its
share. One that says nothing goes on from the one with its code.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from chassis.refusals import Fault
from indicators.rules.numbers import plain
from indicators.rules.scheme import Place, Scheme, places, places_by_category

MOST_PREDECESSORS = 20
"""The most predecessors of one indicator."""


def limit_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield more predecessors than an indicator can have."""
    for place in places(scheme):
        if len(place.indicator.succeeds or ()) > MOST_PREDECESSORS:
            yield Fault(
                f"{place.at}/succeeds",
                "too-many",
                f"At most {MOST_PREDECESSORS} predecessors are taken.",
                f"前身指标最多 {MOST_PREDECESSORS} 项。",
            )


def lineage_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield predecessors of no earlier year, named twice, or given away more than once."""
    for _, inside in places_by_category(scheme):
        given: dict[tuple[int, str], Decimal] = {}
        for place in inside:
            yield from _of_one(place, scheme.assessment_year, given)


def _of_one(place: Place, year: int, given: dict[tuple[int, str], Decimal]) -> Iterator[Fault]:
    seen = set[tuple[int, str]]()
    for i, each in enumerate(place.indicator.succeeds or ()):
        at, key = f"{place.at}/succeeds/{i}", (each.assessment_year, each.code)
        if each.assessment_year >= year:
            yield Fault(
                f"{at}/assessment_year",
                "not-an-earlier-year",
                f"{each.assessment_year} is not before {year}.",
                f"{each.assessment_year} 年不早于 {year} 年。",
            )
        if key in seen:
            en, zh = f"{each.code} stands here twice.", f"{each.code} 重复。"
            yield Fault(at, "named-twice", en, zh)
            continue
        seen.add(key)
        before = given.get(key, Decimal(0))
        given[key] = before + each.share
        if before <= 1 < given[key]:
            yield Fault(
                f"{at}/share",
                "shares-over-one",
                f"The shares of {each.code} ({each.assessment_year}) come to {plain(given[key])}.",
                f"{each.assessment_year} 年 {each.code} 的份额合计 {plain(given[key])}，超过 1。",
            )


def unknown_predecessors(scheme: Scheme, known: Mapping[int, Collection[str]]) -> Iterator[Fault]:
    """Yield predecessors that no scheme of their year has; `known` are the indicators of the years
    whose schemes are here."""
    for place in places(scheme):
        for i, each in enumerate(place.indicator.succeeds or ()):
            if each.code not in known.get(each.assessment_year, (each.code,)):
                yield Fault(
                    f"{place.at}/succeeds/{i}/code",
                    "unknown-predecessor",
                    f"The scheme of {each.assessment_year} has no indicator {each.code}.",
                    f"{each.assessment_year} 年方案没有指标 {each.code}。",
                )


def years_named(scheme: Scheme) -> frozenset[int]:
    """Return the years of which predecessors are named."""
    return frozenset(
        each.assessment_year for place in places(scheme) for each in place.indicator.succeeds or ()
    )
