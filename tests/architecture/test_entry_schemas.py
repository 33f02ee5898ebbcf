"""The schema that screens make forms of takes what the ledger takes in form, and nothing else."""

import random
from datetime import date
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

import orjson
import pytest
from compiling import compiled, form_of
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from small_years import scheme_of
from tests.architecture.test_docs import EXAMPLES, entries_of

from indicators.api.entry_forms import _in_json
from indicators.rules import forms
from indicators.rules.entry_schemas import _Form
from scoring.api.ledger.posting import NewLedgerEntry
from scoring.rules.ledger.shapes import EntryForms
from scoring.rules.scheme.document import Indicator

YEAR = 2025
OF_DAYS = {
    "outside-period", "another-year", "out-of-season", "after-its-publication", "beyond-the-list",
    "after-its-arrival", "ends-before-it-begins", "not-begun",
    "period-not-over",
}  # fmt: skip
"""Faults of a field beside another, such as of a day beside its period, which a schema tells by
`formatMinimum` alone."""


class Made:
    """An indicator of a method, its schema, and what the intake says of an entry."""

    def __init__(self, method, params):
        self.indicator = Indicator(
            "X", "X", Decimal(5), method, params, "D", allow_exceed=False, children=()
        )
        self.intake = EntryForms(compiled(scheme_of((self.indicator,), units=("U", "V"))))
        form = form_of(self.indicator)
        self.form = None if form is None else as_compiled(form)
        if self.form is not None:
            of = _Form(_Scheme(self.intake.scheme), self.indicator, self.form, ["U", "V"])
            self.schema = plain(of.schema())
            self.validator = Draft202012Validator(self.schema)

    def differs(self, entry):
        """Say whether schema and intake judge an entry differently, and how."""
        given = {name: value for name, value in entry.items() if value is not ...}
        sent = {n: Decimal(str(v)) if isinstance(v, float) else v for n, v in given.items()}
        try:
            faults = self.intake.faults(NewLedgerEntry(**sent).draft(YEAR), "")
        except ValidationError as error:
            faults = [SimpleNamespace(code=str(error))]
        taken, codes = self.validator.is_valid(given), {fault.code for fault in faults}
        return None if taken == (not codes - OF_DAYS) else (given, taken, codes)


class _Scheme:
    """A scheme as far as a schema of entries is made from it."""

    def __init__(self, scored):
        self.assessment_year, self.ledger, self.panels = YEAR, scored.ledger, scored.panels


def as_compiled(form):
    nodes = tuple(forms.NodeForm(**told(node)) for node in form.nodes)
    rubric = tuple(forms.FormStep(**told(step)) for step in form.rubric)
    return forms.EntryForm(**told(form) | {"nodes": nodes, "rubric": rubric})


def told(one):
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def plain(schema):
    made = orjson.loads(orjson.dumps(_in_json(schema)))
    Draft202012Validator.check_schema(made)
    return made


COMMENTED = {"panel_size": 2, "comment_at_extremes": {"low": 60, "high": 95}}
UNSHOWN = [pytest.param("qualitative_panel", {"params": COMMENTED}, id="commented")]
MADE = [
    pytest.param(made, example.values[1], id=example.id)
    for example in [*EXAMPLES, *UNSHOWN]
    if (made := Made(example.values[0], example.values[1]["params"])).form is not None
]


@pytest.mark.parametrize(("made", "example"), MADE)
def test_the_entries_of_every_methods_example_fit_its_schema(made, example):
    """Planted bug: leave the keys out of the schema."""
    fields = ("key", "item", "period", "value", "word", "occurred_on")
    for entry, note in entries_of(example):
        given = {"unit": "U", "indicator": "X", "kind": entry.kind, "note": note}
        given |= {name: getattr(entry, name) for name in fields}
        given["value"] = None if entry.value is None else float(entry.value)
        given["occurred_on"] = entry.occurred_on and str(entry.occurred_on)
        if entry.superior_list is not None:
            given |= entry.superior_list._asdict()
            given["document_date"] = str(entry.superior_list.document_date)
        if entry.result_document is not None:
            about = entry.result_document._asdict()
            given |= {n: str(v) if isinstance(v, date) else v for n, v in about.items()}
        assert [error.message for error in made.validator.iter_errors(given)] == []


@pytest.mark.parametrize(("made", "example"), MADE)
def test_schema_and_ledger_take_the_same_entries(made, example):
    """Planted bugs: no limits of the value; any period; a word beside a value; no note wanted."""
    form = made.form
    bounds = (form.low, form.high, form.comment_low, form.comment_high)
    near = [float(b + d) for b in bounds if b is not None for d in (-1, 0, 1)]
    numbers = [..., None, 0, 1, 2.5, -3, *near]
    pools = {
        "kind": [form.kind] * 6 + ["grade", "measured_value"],
        "key": [..., None, "other", *form.keys[:3], "zero_report"],
        "item": [..., None, "9z", *form.items[:3]],
        "word": [..., None, "other", *form.words[:3], *([form.instead] if form.instead else [])],
        "period": [..., *{f"{YEAR}{e}" for e in (*form.endings[:2], "", "Q1", "-03")}],
        "value": numbers,
        "occurred_on": [..., ..., "2025-03-15"],
        "note": [..., None, "why", " "],
        "listed": [..., ..., None, 0, 1, 14],
        "published_value": [..., ..., None, 2.5],
        "document_no": [..., ..., None, "", " ", "1"],
        "document_date": [..., ..., None, "2025-01-31"],
        "authority": [..., ..., None, " ", "Z"],
        "about_from": [..., ..., None, "2025-01-01"],
        "about_until": [..., ..., None, "2025-01-31"],
    }
    drawn = random.Random(7)  # noqa: S311 - cases to try
    combinations = [
        *([{n: drawn.choice(v) for n, v in pools.items()} for _ in range(120)]),
        *(made.schema["examples"][0] | {n: v} for n, vs in pools.items() for v in vs),
        *(
            made.schema["examples"][0] | {"key": key, "value": value}
            for key, value in product(pools["key"], numbers)
        ),
    ]
    entries = [{"unit": "U", "indicator": "X"} | one for one in combinations]
    assert [told for entry in entries if (told := made.differs(entry)) is not None] == []
    assert made.differs(made.schema["examples"][0]) is None
    assert made.validator.is_valid(made.schema["examples"][0])
