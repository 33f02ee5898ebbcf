"""Every indicator's score of every unit as one row each: what a table of all marks shows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from scoring.rules.scheme.document import Scheme

SCORED, MISSING = "scored", "missing"

MarkState = Literal[
    "scored",
    "missing",
    "zero",
    "skipped",
    "category_mean",
    "subcategory_mean",
    "carried_over",
    "not_applicable",
    "short_sample",
    "voided",
]
"""What was done about an indicator of a unit."""


class Mark(NamedTuple):
    """One unit's score of one indicator; numbers are texts of all their digits, in points.

    `state` is scored, missing, or what was done where data were missing or the indicator did not
    apply (zero, skipped, category_mean, …); `reason` tells why, in one language: of a parent that
    is missing, its children tell. `parent` is the indicator above, null at the top. A name is null
    where the edition does not know it.
    """

    unit: str
    unit_name: str | None
    category: str
    category_name: str | None
    block: str
    indicator: str
    indicator_name: str | None
    parent: str | None
    points: str | None
    score: str | None
    excess: str | None
    state: str
    reason: str | None


class Named(NamedTuple):
    """The names that a scheme gives its categories and, in each, its indicators."""

    categories: Mapping[str, str]
    indicators: Mapping[tuple[str, str], str]


def named_by(scheme: Scheme | None) -> Named:
    """Return the names in a scheme, none without one."""
    categories = scheme.categories if scheme else ()
    return Named(
        {each.code: each.name for each in categories},
        {
            (each.code, code): indicator.name
            for each in categories
            for code, indicator in each.indicators().items()
        },
    )


def marks_of(
    unit: Mapping[str, Any], name: str | None, named: Named, language: str
) -> Iterator[Mark]:
    """Yield the marks of one unit's part of a score sheet, parents before their children."""
    category = unit["category"]
    head = (unit["unit"], name, category, named.categories.get(category))
    key, reason = ("zh", "reason_zh") if language == "zh" else ("en", "reason")
    done = {each["indicator"]: (each["what"], each[key]) for each in unit["decisions"]}
    gaps = {each["indicator"]: (MISSING, each[reason]) for each in unit["missing"]}
    for score, parent in _walk(unit["indicator_scores"], None):
        code = score["indicator"]
        usual = (SCORED if score["score"] is not None else MISSING, None)
        state, why = done.get(code) or gaps.get(code) or usual
        yield Mark(
            *head,
            score["block"],
            code,
            named.indicators.get((category, code)),
            parent,
            score["points"],
            score["score"],
            score["excess"],
            state,
            why,
        )


def asked_for(
    marks: Iterable[Mark], wanted: Mapping[str, Collection[str] | None]
) -> Iterator[Mark]:
    """Yield the marks that have one of the wanted values in each column; without such, all."""
    asked = [(name, frozenset(values)) for name, values in wanted.items() if values]
    return (mark for mark in marks if all(getattr(mark, name) in some for name, some in asked))


def _walk(
    scores: Iterable[Mapping[str, Any]], parent: str | None
) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    for score in scores:
        yield score, parent
        yield from _walk(score["children"], score["indicator"])
