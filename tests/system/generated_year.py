"""The made-up year of a whole city, with what must not count beside what does.

Drafts, returned entries, reversed mistakes, calls without an answer. A few inputs are missing on
purpose.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

from kaoping.city import City
from kaoping.city.checked import with_checks
from kaoping.city.complained import with_complaint_rules, with_complaints
from kaoping.city.files import OWN_UNIT
from kaoping.city.generated import generated, leaves, poster_of, whole_scheme
from kaoping.city.objected import with_objection_rules, with_objections
from kaoping.city.self_evaluated import with_rounds, with_self_evaluations
from kaoping.city.supervised import with_items
from kaoping.plan import Plan, Wave
from service_testing import trials

Document = dict[str, Any]

WILD = "9999"
"""A value that would be seen at once if it counted."""

GAPS = {
    ("XQ03", "C01"): "nothing was measured",
    ("BM07", "D08C"): "neither an event nor a zero report",
    ("ZS05", "V04"): "one mark of the panel is missing",
    ("DQ09", "Y01"): "no node was reported",
    ("YQ06", "P01"): "the others of the group are compared without it",
}
"""Leaves without an input, and what becomes of them: no score, and no total of the unit."""

SILENT = ("ZF04", "Z03", 2)
"""Unit, survey and wave in which everybody asked said that they do not know."""


ITEMS = trials(40, 400)
"""How many supervised items the year has."""

COMPLAINED = trials(48, 150)
"""How many complaints the year has; the last one, of a citizen, nobody handles."""

EACH_NTH = trials(3, 1)
"""Of how many units of a category one evaluates itself."""

CHECKED, FOUND = trials(2, 10), trials(Decimal("0.03"), Decimal("0.2"))
"""How many entries of a unit are drawn by the spot check, and about how large a share of those
something is found that a re-check has before it."""


@dataclass
class GeneratedYear:
    """Everything that is posted in the year, in the words of the API."""

    plan: Plan
    proposals: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    """Targets that units would like to have; nobody has decided on them."""
    drafts: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    returned: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    mistakes: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    """Verified like the others, and reversed afterwards."""
    ids: dict[str, Document] = field(default_factory=dict)
    """What was posted as right, by the ids that it got."""

    @property
    def scheme(self) -> Document:
        """The scheme of the year."""
        return self.plan.scheme


def generate(city: City, seed: int) -> GeneratedYear:
    """Return the year that follows from the seed."""
    plan = generated(city, scheme_of(city), seed)
    plan = replace(
        plan,
        entries={poster: _without_gaps(told) for poster, told in plan.entries.items()},
        waves=[_silenced(wave, plan.survey(wave.survey)) for wave in plan.waves],
    )
    plan = with_complaints(with_items(plan, ITEMS, seed), COMPLAINED, seed)
    plan = with_self_evaluations(plan, EACH_NTH, seed)
    plan = with_objections(plan, seed)
    year, random = GeneratedYear(plan), Random(f"mistakes {seed}")  # noqa: S311 - no secret
    for category in plan.scheme["categories"]:
        for leaf in leaves(category):
            _misreport(year, leaf, category["units"], random)
    return year


def scheme_of(city: City) -> Document:
    """Return the city's scheme, by which a few dozen contacts do as a sample that nobody attests.

    The year is played long after it: targets are set as they were before their deadline.
    """
    scheme = whole_scheme(city)
    for step in scheme["calendar"]:
        if step["step"] == "target_revision_deadline":
            step["date"] = "2199-12-31"
    for survey in scheme["surveys"]:
        survey |= {"min_valid": 1, "attested_by": []}
    scheme = with_complaint_rules(with_rounds(with_checks(scheme, CHECKED)))
    return with_objection_rules(scheme)


def _without_gaps(told: list[Document]) -> list[Document]:
    """Leave the entries of the gaps out; of a panel one mark alone."""
    return [
        each
        for each in told
        if (each["unit"], each["indicator"]) not in GAPS
        or (each["kind"] == "panel_mark" and each["item"] != "1")
    ]


def _silenced(wave: Wave, survey: Mapping[str, Any]) -> Wave:
    """Have everybody who answered about one unit say that they do not know."""
    rows = [
        {**row, "answer": survey["unscored"][0]}
        if (row["unit"], wave.survey, wave.number) == SILENT and "answer" in row
        else row
        for row in wave.rows
    ]
    return replace(wave, rows=rows)


def _misreport(
    year: GeneratedYear, leaf: Mapping[str, Any], units: list[str], random: Random
) -> None:
    """Add what does not count: wishes for targets, and values that would be seen at once."""
    code = leaf["code"]
    first = {
        each["unit"]: each
        for told in year.plan.entries.values()
        for each in reversed(told)
        if each["indicator"] == code and "value" in each
    }
    for unit in units:
        if leaf["data_source_unit"] == OWN_UNIT and random.random() < 0.1:
            wish = {"item": "99", "target": WILD, "baseline": None, "pledge": None}
            year.proposals[unit].append({"unit": unit, "indicator": code, **wish})
        if unit in first and random.random() < 0.02:
            wild = {**first[unit], "value": _wild(leaf)}
            kept = random.choice([year.drafts, year.returned, year.mistakes])
            kept[poster_of(year.scheme, leaf, wild)].append(wild)


def _wild(leaf: Mapping[str, Any]) -> str:
    return {"qualitative_panel": "0", "deduct_events": "0"}.get(leaf["method"], WILD)
