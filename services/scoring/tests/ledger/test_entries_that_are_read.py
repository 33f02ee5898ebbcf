"""What the ledger takes is what scores read: no more, so that nothing is verified in vain, and no
less."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import product
from uuid import UUID

import pytest
from compiling import compiled

from scoring.rules.ledger.entries import ANY_PERIOD, Entry, ResultDocument, SuperiorList, span_of
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import EnteredSlots
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.catalogue import METHODS
from scoring.rules.scheme.document import Block, Category, Indicator, LedgerPolicy, Rounding, Target
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import score_category
from service_testing import trials

UNITS = ("A", "B")
DIRECTION, SPAN = {"direction": "higher"}, {"low": 0, "high": 100}
COMPONENT = {"key": "level", "weight": "0.5", "method": "relative_to_best", "params": {}}
RANK = {"step_ratio": "0.1"}
STEPS = DIRECTION | {"step": 1, "points_per_step": 1, "step_mode": "whole_up"}
TIERS = {"tiers": [{"min": 5, "points": 8}]}
COSTS = {"per_event": {"late": 1, "lost": 2}, "base": 4}
SUPERIOR = {"scale": "0.1", "multiplier": 1, "excess_to": "dropped"}
MEASURED = {"x": {"from": "measured"}, "idle": {"from": "measured"}}
FORMULA = {"inputs": MEASURED, "formula": "x", "result": "points"}


def composite(formula="x"):
    return {"composite": {"inputs": MEASURED, "formula": formula}}


VARIANTS = [
    ("ratio_to_target", DIRECTION),
    ("stepped_deduction", STEPS),
    ("baseline_growth", {"base_ratio": "0.8", "step_pct": 5, "points_per_step": 1}),
    ("pledge", {"bonus_coef": "0.1", "deduct_coef": "0.1"}),
    ("items_weighted", {"items": 2}),
    ("items_weighted", {"items": "unit_defined"}),
    ("tiers", TIERS),
    ("tiers", TIERS | {"input": "rate"}),
    ("tiers", TIERS | composite()),
    ("all_or_nothing", {"threshold": 50}),
    ("rank_points", RANK),
    ("rank_points", RANK | {"minimum_volume": 5}),
    ("rank_points", RANK | {"period": "quarter"}),
    ("rank_points", RANK | {"period": "month", "minimum_volume": 5}),
    ("rank_points", RANK | {"period": "half_year"} | composite("x * 2")),
    ("relative_to_best", {}),
    ("relative_to_best", composite()),
    ("efficacy_linear", {"base_ratio": "0.6"}),
    ("efficacy_exp", {"base_ratio": "0.6", "bounds": "fixed"} | SPAN),
    ("min_max", {"bounds": "goalposts"} | SPAN),
    ("z_score", {}),
    ("percentile_rank", {}),
    ("steps_from", STEPS | {"reference": "mean"}),
    ("steps_from", STEPS | {"reference": "baseline"} | composite()),
    ("share_of_sum", {}),
    ("deduct_events", COSTS),
    ("deduct_events", COSTS | {"by": "discovered"}),
    ("base_plus_minus", COSTS),
    ("count_points", {"full_at": 8, "per_item": 1}),
    ("count_points", {"full_at": 8, "per_item": 1, "distinct": True}),
    ("milestone", {"status_ratio": {"on_time": 1, "late": "0.5"}}),
    (
        "milestone",
        {
            "status_ratio": {"on_time": 1, "late": "0.5"},
            "nodes": [{"item": "1", "name": "start"}, {"item": "2", "name": "end"}],
        },
    ),
    ("qualitative_panel", {"panel_size": 2}),
    ("qualitative_panel", {"panel_size": 2, "min_marks": 1}),
    ("grade_map", {"grades": {"A": 1, "B": "0.5"}}),
    ("survey_score", {"survey": "phone"}),
    ("inherit_superior", SUPERIOR),
    ("inherit_superior", SUPERIOR | {"otherwise": {"method": "tiers", "params": TIERS}}),
    ("external_result", {"kind": "score", "scale": 10}),
    ("external_result", {"kind": "grade", "grades": {"A": 1}}),
    ("external_result", {"kind": "rank_pct", **TIERS}),
    ("external_result", {"kind": "score", "scale": 10, "system": {"late": "missing"}}),
    ("external_result", {"kind": "grade", "grades": {"A": 1}, "system": {"late": "missing"}}),
    ("external_result", {"kind": "rank_pct", **TIERS, "system": {"late": "missing"}}),
    ("superior_rank", RANK),
    ("superior_rank", TIERS | {"period": "quarter"}),
    ("superior_rank", {"table": {"1": 5, "-1": -5}, "allow_below_zero": True, "period": "month"}),
    ("blend", {"components": [COMPONENT, COMPONENT | {"key": "growth"}]}),
    (
        "blend",
        {
            "components": [
                COMPONENT,
                COMPONENT
                | {"key": "q", "method": "rank_points", "params": RANK | {"period": "quarter"}},
            ]
        },
    ),
    ("periodic_weighted", {"periods": ["Q1", "H1", "FY"], "weights": ["0.2", "0.3", "0.5"]}),
    (
        "periodic_weighted",
        {
            "periods": ["H1", "FY"],
            "weights": ["0.5", "0.5"],
            "component": {"method": "ratio_to_target", "params": DIRECTION},
        },
    ),
    ("expression", FORMULA),
    ("expression", FORMULA | {"gate": "idle >= 0"}),
    ("sum_children", {}),
    ("mean_children", {"kind": "arithmetic"}),
]
AT_ONCE = trials(1, 0)
"""Whether entries that are refused are looked at together, or each by itself."""

FREQUENCIES = ("monthly", "quarterly", "yearly", "per_event")


def test_every_method_has_its_row():
    assert {method for method, _ in VARIANTS} == {*METHODS, "sum_children", "mean_children"}


def indicator(code, method, params, **more):
    given = {"allow_exceed": True, "children": ()} | more
    return Indicator(code, code, Decimal(10), method, params, "Z", **given)


@pytest.fixture
def world(scheme):
    return lambda *indicators, required=True: World(scheme, indicators, required)


class World:
    """A category of two units with a few indicators, and what a ledger makes of it."""

    def __init__(self, scheme, indicators, required):
        block = Block("function", "function", Decimal(10), indicators)
        self.category = Category("T", "T", UNITS, (block,))
        self.scheme = replace(
            scheme, categories=(self.category,), ledger=LedgerPolicy(zero_report_required=required)
        )
        self.scheme = compiled(self.scheme)
        self.plan, self.shapes = plan_of(self.scheme, self.category), EntryForms(self.scheme)
        blended = "blend" in {each.method for each in indicators}
        items = ("level", "growth", "q") if blended else (None, "1", "2")
        ten = Decimal(10)
        self.targets = [
            Target(unit, each, item, ten, ten, ten)
            for each in self.category.indicators()
            for unit in UNITS
            for item in items
        ]

    @cached_property
    def nothing(self):
        """What every unit lacks in an empty ledger."""
        return self.outcome([])

    def takes(self, *drafts):
        return not any(self.shapes.faults(draft, "") for draft in drafts)

    def outcome(self, drafts):
        """What every unit scores or lacks, by indicator."""
        entries = [
            Entry(
                UUID(int=n),
                d.unit,
                d.indicator,
                d.kind,
                d.key,
                d.item,
                d.period,
                d.value,
                d.word,
                occurred_on=d.occurred_on,
                superior_list=_document(SuperiorList, d) if d.kind == "superior_rank" else None,
                result_document=_document(ResultDocument, d) if d.authority else None,
            )
            for n, d in enumerate(drafts, 1)
        ]
        sources = Sources(
            self.scheme,
            UNITS,
            group=UNITS,
            entries=entries,
            targets=self.targets,
            satisfaction={("phone", unit): Decimal(80) for unit in UNITS},
        )
        found = score_category(self.plan, Rounding(4, "half_up"), sources)
        return {
            (code, unit): (
                each.score,
                [(reason.en, reason.absent) for reason in each.missing],
                each.decision,
            )
            for code, column in found.outcomes.items()
            for unit, each in zip(UNITS, map(column.at, range(len(UNITS))), strict=True)
        }


def _document(shape, draft):
    return shape(*(getattr(draft, name) for name in shape._fields))


NAMES = ("value", "actual", "rate", "x", "idle", "volume", "ratio", "count", "score", "rank_pct")
NAMES += ("superior_loss", "level", "growth", "q")


def candidates(code):
    """Whatever somebody might enter for unit A, with values that make a difference."""
    blank = Draft("A", code, "", None, None, "", None, None, note="x")
    for ending in ANY_PERIOD:
        one = replace(blank, period=f"2025{ending}")
        for key, item in product((*NAMES, None), (None, "1")):
            yield replace(one, kind="measured_value", key=key, item=item, value=Decimal(1))
        yield replace(one, kind="measured_value", key="zero_report", value=Decimal(0))
        for key in ("late", "lost", "other", "zero_report", None):
            number = Decimal(int(key != "zero_report"))
            yield replace(one, kind="event", key=key, value=number)
        yield replace(one, kind="measured_value", key="actual", item="2", value=Decimal(1))
        for item, word in product((None, "1", "2"), ("on_time", "A")):
            yield replace(one, kind="milestone", item=item, word=word)
        for word in ("A", "B", "E"):
            yield replace(one, kind="grade", word=word)
        for item in ("1", "2", "3", None):
            yield replace(one, kind="panel_mark", item=item, value=Decimal(7))
            yield replace(one, kind="panel_mark", item=item, word="dont_know")
        yield replace(one, kind="not_applicable")
        day = span_of(one.period)[1] + timedelta(days=1)  # when a list of it can appear
        about = {"occurred_on": day, "document_no": "1", "document_date": day}
        for key, item in product(("value", None), (None, "1")):
            place = replace(one, kind="superior_rank", key=key, item=item, value=Decimal(1))
            yield replace(place, listed=9, **about)
        yield from _results(one, about | {"authority": "Z", "about_from": day, "about_until": day})


def _results(one, about):
    for key, item in product(("score", "rank_pct", None), (None, "1", "last_year")):
        result = replace(one, kind="external_result", key=key, item=item, **about)
        yield replace(result, value=Decimal(1), listed=9 if key == "rank_pct" else None)
        yield replace(result, word="A")


def beside(world, accepted, entry):
    """All that can stand beside an entry, of both units, one for each thing it may be about."""
    taken, kept = EnteredSlots(world.scheme), []
    taken.add(entry, ("", ""))
    for each, unit in product(accepted, UNITS):
        other = replace(each, unit=unit)
        if each.kind in ("measured_value", "panel_mark") and each.value and each.item != "1":
            other = replace(other, value=each.value + 4)
        if each.key != "zero_report" and each.kind != "not_applicable" and not taken.clash(other):
            taken.add(other, ("", ""))
            kept.append(other)
    return kept


def is_read(world, accepted, entry):
    """Whether any unit's score or gap is another with the entry, in an empty ledger or a full."""
    if world.outcome([entry]) != world.nothing:
        return True
    full = beside(world, accepted, entry)
    return world.outcome([*full, entry]) != world.outcome(full)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("method", "params", "frequency"),
    [
        pytest.param(method, params, FREQUENCIES[n % len(FREQUENCIES)], id=f"{method}-{n}")
        for n, (method, params) in enumerate(VARIANTS)
    ],
)
def test_an_entry_is_taken_when_a_score_reads_it_and_otherwise_refused(
    world, method, params, frequency
):
    """Planted bug: any period taken for a value of the year, as was done.

    The frequency says when to report, never what is read.
    """
    more = {"frequency": frequency, "may_be_not_applicable": True}
    if method in ("sum_children", "mean_children"):
        more["children"] = (indicator("Y", "tiers", TIERS),)
    small = world(indicator("X", method, params, **more))
    everything = list(candidates("X"))
    accepted = [each for each in everything if small.takes(each)]

    assert [each for each in accepted if not is_read(small, accepted, each)] == []
    refused = [each for each in everything if each not in accepted]
    assert changing(small, refused) == []
    assert bool(accepted)


def changing(world, refused):
    """Those of the refused entries that would have scored or filled a gap in an empty ledger.

    Entries that are about different things are first looked at together; where all of them change
    nothing, none does.
    """
    together = defaultdict(list)
    for number, each in enumerate(filter(is_known, refused)):
        about = (each.kind, each.period, each.word, each.value is None)
        together[about if AT_ONCE else number].append(each)
    return [
        each
        for some in together.values()
        if world.outcome(some) != world.nothing
        for each in some
        if changes(world, each)
    ]


def is_known(entry):
    """Whether the score can make sense of an entry's words, and uses it as what it says."""
    unknown = (entry.kind, entry.key or entry.word) in (
        ("event", "other"),
        ("event", None),
        ("milestone", "A"),
    )
    return not (unknown or entry.kind == "not_applicable" or entry.word == "dont_know")


def changes(world, entry):
    """Whether an entry alone scores or fills a gap, and is not just what makes no sense."""
    found = world.outcome([entry])
    sense = all(absent for _, reasons, _ in found.values() for _, absent in reasons)
    return sense and found != world.nothing


def test_a_value_of_the_year_is_taken_for_the_periods_that_another_formula_reads(world):
    """The annual indicator lends its value; nobody reads it for a month."""
    inputs = {"v": {"from": "measured", "indicator": "X", "key": "value"}}
    reader = RANK | {"period": "quarter", "composite": {"inputs": inputs, "formula": "v"}}
    lending = world(
        indicator("X", "tiers", TIERS | {"input": "value"}), indicator("R", "rank_points", reader)
    )
    everything = [each for each in candidates("X") if each.kind == "measured_value"]
    accepted = [each for each in everything if lending.takes(each)]

    assert {each.period for each in accepted} == {"2025", "2025Q1", "2025Q2", "2025Q3", "2025Q4"}
    assert [each for each in accepted if not is_read(lending, accepted, each)] == []


@pytest.mark.parametrize("method", ["deduct_events", "base_plus_minus"])
def test_a_zero_report_that_nobody_wants_is_refused(world, method):
    report = Draft("A", "X", "event", "zero_report", None, "2025", Decimal(0), None)

    assert world(indicator("X", method, COSTS)).takes(report)
    assert not world(indicator("X", method, COSTS), required=False).takes(report)


def test_a_formula_of_one_unit_takes_what_that_formula_names(world):
    own = {"A": {"formula": "idle"}}
    small = world(indicator("X", "expression", FORMULA, per_unit_params=own))

    def entry(unit, key):
        return Draft(unit, "X", "measured_value", key, None, "2025", Decimal(1), None)

    assert small.takes(entry("A", "idle"), entry("B", "x"))
    assert not small.takes(entry("A", "x"))
    assert not small.takes(entry("B", "idle"))
