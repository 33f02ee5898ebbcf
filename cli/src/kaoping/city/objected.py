"""Remarks and objections of a year: what units remark on while the record is open, what they object
to once it is fed back to them, how far each goes, and what of the sealed record is corrected by
what is upheld (意见、异议、更正).

Who may decide, by when, and what comes of it nothing here knows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import cycle, islice
from random import Random
from typing import Any

from kaoping.city.files import OWN_UNIT
from kaoping.city.generated import leaves
from kaoping.city.objection_ways import OTHERS, REMARKED_BEFORE, REMARKS, TOO_LATE, UPHELD
from kaoping.people import COMMITTEE, STANDING_COMMITTEE
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan

OBJECTIONS = "objections"
REMARKED_ON = dt.date(2026, 1, 28)
FED_BACK_ON, PUBLISHED_ON, ENDED_ON = dt.date(2026, 3, 2), dt.date(2026, 3, 5), dt.date(2026, 4, 1)
"""From when on units remark, when the year is fed back, when one category is published, and when
the year is computed anew."""

PUBLISHED = "INST"
"""The category that is published while objections may be filed."""

REVIEWER = "performance-office-reviewer"
"""Who decides for the performance office and had no part in the year before."""

WHO = {
    "office": OFFICE,
    "colleague": COLLEAGUE,
    "reviewer": REVIEWER,
    "committee": COMMITTEE,
    "standing": STANDING_COMMITTEE,
}

ASKS, SAYS, STANDS = "应予更正", "见所附说明。", "按复核结果认定"


def with_objection_rules(scheme: Document) -> Document:
    """Return a scheme by which units may remark and object, within the usual days, at three levels,
    and in which who has a total is ranked whoever else has none."""
    ranking = {**scheme["ranking"], "incomplete": "leave_out"}
    return {**scheme, "objections": {"remarks": {}}, "ranking": ranking}


def with_objections(plan: Plan, seed: int) -> Plan:
    """Return a year with seven remarks and 25 objections, 7 of these upheld in whole or in part, 2
    of units that are published already; and one that comes too late to be one."""
    drawn = _Drawn(plan, Random(f"objections {seed}"))  # noqa: S311 - nothing here is a secret
    moves = [*plan.moves]
    for indicator, way in UPHELD:
        unit, correction = drawn.wrong(indicator)
        subject = {"about": "mark", "indicator": indicator}
        if indicator in REMARKED_BEFORE:
            moves += drawn.remark(REMARKED_BEFORE[indicator], unit, subject)
        moves += drawn.moves(way, unit, subject, correction)
    for kind, way in (*islice(cycle(OTHERS), 18), TOO_LATE):
        unit, subject, correction = drawn.right(kind)
        moves += drawn.moves(way, unit, subject, correction)
    for kind, way in REMARKS:
        unit, subject, _ = drawn.right(kind)
        moves += drawn.remark(way, unit, subject)
    return replace(plan, moves=moves)


def source_of(scheme: Mapping[str, Any], unit: str, indicator: str | None) -> str | None:
    """Return the unit that enters an indicator of another one, and does not compete with it."""
    for category in scheme["categories"]:
        for leaf in leaves(category) if unit in category["units"] else ():
            source = str(leaf["data_source_unit"])
            if leaf["code"] == indicator and source not in (OWN_UNIT, *category["units"]):
                return source
    return None


def _said(does: str, subject: Document, ref: str) -> Document:
    """Return what is said with a move besides: what it is about and what should stand, or by what
    it was carried out."""
    if does == "file":
        return {**subject, "asks": ASKS}
    if does.startswith("uphold"):
        return {"stands": STANDS}
    if does == "carry_out" and subject["about"] != "wave":
        return {"carried_out_by": ref}
    return {}


def _named(entry: Mapping[str, Any]) -> Document:
    """Return what names an entry among those of its unit and indicator."""
    names = ("indicator", "kind", "key", "item", "period")
    return {name: entry[name] for name in names if entry.get(name) is not None}


def _to(entry: Mapping[str, Any], **told: str) -> Document:
    return {"what": "replaces", "corrects": _named(entry), **told}


@dataclass
class _Drawn:
    """The units that object, each to one thing, and what is corrected of their records."""

    plan: Plan
    random: Random
    taken: set[str] = field(default_factory=set)
    number: int = 0

    def __post_init__(self) -> None:
        self.entered = defaultdict[str, dict[str, list[Document]]](dict)
        for posted in self.plan.entries.values():
            for each in posted:
                self.entered[each["indicator"]].setdefault(each["unit"], []).append(each)
        categories = self.plan.scheme["categories"]
        self.leaves = [(each, leaf) for each in categories for leaf in leaves(each)]

    def remark(self, way: str, unit: str, subject: Document) -> Iterator[Move]:
        """Yield what is done about a remark."""
        return self.moves(way, unit, {**subject, "form": "remark"}, {}, REMARKED_ON)

    def moves(
        self,
        way: str,
        unit: str,
        subject: Document,
        correction: Document,
        day: dt.date = FED_BACK_ON,
    ) -> Iterator[Move]:
        """Yield what is done about an objection or a remark, and about the correction that it asks
        for."""
        self.number += 1
        about = unit, f"异议{self.number}"
        source = source_of(self.plan.scheme, unit, subject.get("indicator")) or ""
        own = {who: f"{unit.lower()}-{who}" for who in ("second", "third")}
        for step in way.split("; "):
            days, *named, does = step.split()
            day += dt.timedelta(days=int(days))
            who = (WHO | own | {"source": source})[named[0]] if named else unit
            told = {"text": SAYS} | _said(does, subject, about[1])
            if does == "propose":
                told = correction
            role = "assessed_unit" if who in (unit, *own.values()) else ""
            yield Move(OBJECTIONS, does, who, role, about, told, day=day)

    def _free(self, category: Document) -> list[str]:
        """Return the units of a category that object to nothing yet."""
        return [unit for unit in category["units"] if unit not in self.taken]

    def wrong(self, indicator: str) -> tuple[str, Document]:
        """Return a unit of which the record is wrong for an indicator, and what is right."""
        [(category, leaf)] = [one for one in self.leaves if one[1]["code"] == indicator]
        units, entered = self._free(category), self.entered[indicator]
        lacking = [unit for unit in units if unit not in entered]
        if leaf["method"] == "ratio_to_target" and lacking:
            unit, correction = self._missing(leaf, lacking[0])
        else:
            ways = {"deduct_events": self._removed, "grade_map": self._graded}
            found = ways.get(leaf["method"], self._measured)
            unit, correction = found(leaf, {u: entered[u] for u in units if u in entered})
        self.taken.add(unit)
        return unit, correction

    def _missing(self, leaf: Document, unit: str) -> tuple[str, Document]:
        """Return a unit of which nothing was entered, and that it hit its target."""
        code, year = leaf["code"], str(self.plan.assessment_year)
        told = {"kind": "measured_value", "key": "actual", "period": year}
        about = {"unit": unit, "indicator": code, **told}
        return unit, {"what": "adds", **about, "value": str(self._target(code, unit))}

    def _target(self, code: str, unit: str) -> Decimal:
        targets = self.plan.targets
        [target] = [t for t in targets if (t["unit"], t["indicator"]) == (unit, code)]
        return Decimal(target["target"])

    def _removed(self, _: Document, entered: Mapping[str, list[Document]]) -> tuple[str, Document]:
        """Return a unit with several events, and that one of them was none."""
        unit = self.random.choice([u for u, of in entered.items() if len(of) > 1 and _one(of)])
        return unit, {"what": "removes", "corrects": _named(_one(entered[unit])[0])}

    def _graded(
        self, leaf: Document, entered: Mapping[str, list[Document]]
    ) -> tuple[str, Document]:
        """Return a unit whose grade is not the best one, and that it is."""
        best = next(iter(leaf["params"]["grades"]))
        unit = self.random.choice([u for u, of in entered.items() if of[0]["word"] != best])
        return unit, _to(entered[unit][0], word=best)

    def _measured(
        self, leaf: Document, entered: Mapping[str, list[Document]]
    ) -> tuple[str, Document]:
        """Return a unit and its right value: the best of all does better still, the last one moves
        to the middle, or who is furthest from its target has hit it."""
        code, method = leaf["code"], leaf["method"]
        values = {unit: Decimal(of[0]["value"]) for unit, of in entered.items()}
        if method == "relative_to_best":
            unit = max(values, key=values.__getitem__)
            right = values[unit] + 20
        elif method == "rank_points":
            unit = min(values, key=values.__getitem__)
            right = sorted(values.values())[len(values) // 2] + Decimal("0.05")
        else:
            unit = min(values, key=lambda each: values[each] / self._target(code, each))
            right = self._target(code, unit)
        return unit, _to(entered[unit][0], value=f"{right:f}")

    def right(self, kind: str) -> tuple[str, Document, Document]:
        """Return a unit, something of it with which nothing is wrong, and what it would have."""
        subjects: Mapping[str, Callable[[], Iterator[tuple[str, Document, Document]]]] = {
            "claim": self._claims,
            "wave": self._waves,
        }
        found = [*subjects[kind]()] if kind in subjects else [*self._marks(kind)]
        competing = self._of_published
        found = [each for each in found if each[0] not in {*self.taken, *competing}]
        chosen = self.random.choice(found)
        self.taken.add(chosen[0])
        return chosen

    @property
    def _of_published(self) -> list[str]:
        found = [e for e in self.plan.scheme["categories"] if e["code"] == PUBLISHED]
        return [unit for each in found for unit in each["units"]]

    def _claims(self) -> Iterator[tuple[str, Document, Document]]:
        for each in self.plan.claims:
            yield each["unit"], {"about": "claim", "claim_no": each["claim_no"]}, {}

    def _waves(self) -> Iterator[tuple[str, Document, Document]]:
        for category, leaf in self.leaves:
            for unit in category["units"] if leaf["method"] == "survey_score" else ():
                survey = leaf["params"]["survey"]
                yield unit, {"about": "wave", "survey": survey, "wave": 1}, {}

    def _marks(self, kind: str) -> Iterator[tuple[str, Document, Document]]:
        """Yield marks of a method, or of what is one value, that another unit enters."""
        methods = ("tiers", "ratio_to_target") if kind == "value" else (kind,)
        for category, leaf in self.leaves:
            code, source = leaf["code"], leaf["data_source_unit"]
            if leaf["method"] not in methods or source in (OWN_UNIT, *category["units"]):
                continue
            for unit in filter(self.entered[code].__contains__, category["units"]):
                yield from self._mark(unit, code, kind)

    def _mark(self, unit: str, code: str, kind: str) -> Iterator[tuple[str, Document, Document]]:
        """Yield the mark of a unit, and of what is one value another one that it might be."""
        subject, entries = {"about": "mark", "indicator": code}, self.entered[code][unit]
        if kind != "value":
            yield unit, subject, {}
        elif len(entries) == 1 and entries[0]["kind"] == "measured_value":
            more = Decimal(entries[0]["value"]) + 1
            yield unit, subject, _to(entries[0], value=f"{more:f}")


def _one(events: Sequence[Document]) -> list[Document]:
    """Return the events of which there is one of the name."""
    return [each for each in events if sum(one["key"] == each["key"] for one in events) == 1]
