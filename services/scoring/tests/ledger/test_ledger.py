"""What the ledger takes, and how entries move: one row per refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from compiling import compiled

from scoring.rules.ledger.batch import (
    BatchRejected,
    NotTheDataSource,
    check_batch,
    check_restated,
)
from scoring.rules.ledger.sealing import LedgerContents, NotAsSeen, NotSealable, check_seal
from scoring.rules.ledger.seats import Author
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.states import (
    STATES,
    STATES_ZH,
    TRANSITIONS,
    Decider,
    EntriesRefused,
    EntryStanding,
    NotChangeable,
    NotRestatable,
    NotReversible,
    Reviewers,
    check_change,
    check_restatement,
    check_reversal,
    check_transitions,
)
from scoring.rules.methods.catalogue import METHODS as SCORERS
from scoring.rules.scheme.document import Block, Category, Indicator, Scheme

VALUE = Draft("XQ01", "C01", "measured_value", "actual", None, "2025", Decimal(104), None)
EVENT = Draft("XQ01", "C03", "event", "overdue", None, "2025-04", Decimal(1), None)
NODE = Draft("XQ01", "C02", "milestone", None, "1", "2025Q1", None, "on_time")
GRADE = Draft("XQ01", "C14", "grade", None, None, "2025", None, "A")
MARK = Draft("XQ01", "C12", "panel_mark", None, "5", "2025", Decimal("92.5"), None)
ITEM = replace(VALUE, indicator="C04", item="10")
RANKED = replace(VALUE, indicator="C08", key="value", period="2025Q1")
BLEND = replace(VALUE, indicator="C06", key="growth")


def sources(scheme, draft):
    """The unit that the scheme names as the draft's source, or any."""
    category = scheme.category_of().get(draft.unit)
    indicator = category.indicators().get(draft.indicator) if category else None
    return indicator.data_source_unit if indicator else "ZH02"


@pytest.mark.parametrize("draft", [VALUE, EVENT, NODE, GRADE, MARK, ITEM, RANKED, BLEND])
def test_a_right_entry_of_every_kind_is_taken(scheme, draft):
    check_batch([draft], scheme, Author(sources(scheme, draft)))


@pytest.mark.parametrize(
    ("draft", "change", "where", "code"),
    [
        (VALUE, {"unit": "XX99"}, "unit", "unknown-unit"),
        (VALUE, {"indicator": "C99"}, "indicator", "unknown-indicator"),
        (VALUE, {"indicator": "P01"}, "indicator", "indicator-of-another-category"),
        (VALUE, {"indicator": "C10"}, "indicator", "takes-no-entries"),
        (VALUE, {"indicator": "C13"}, "indicator", "takes-no-entries"),
        (VALUE, {"kind": "event"}, "kind", "not-one-of"),
        (VALUE, {"key": "value"}, "key", "not-one-of"),
        (VALUE, {"key": None}, "key", "not-one-of"),
        (VALUE, {"item": "1"}, "item", "not-wanted"),
        (VALUE, {"word": "A"}, "word", "not-wanted"),
        (VALUE, {"value": None}, "value", "missing"),
        (VALUE, {"value": Decimal("NaN")}, "value", "not-finite"),
        (VALUE, {"value": Decimal("Infinity")}, "value", "not-finite"),
        (VALUE, {"period": "2024"}, "period", "wrong-period"),
        (VALUE, {"period": "2025Q5"}, "period", "wrong-period"),
        (VALUE, {"period": "2025-13"}, "period", "wrong-period"),
        (VALUE, {"period": "２０２５"}, "period", "wrong-period"),
        (RANKED, {"period": "2025"}, "period", "not-one-of"),
        (GRADE, {"period": "2025H1"}, "period", "not-one-of"),
        (EVENT, {"key": "lateness"}, "key", "not-one-of"),
        (EVENT, {"value": Decimal(-1)}, "value", "out-of-range"),
        (VALUE, {"period": "2025-03"}, "period", "not-one-of"),
        (BLEND, {"period": "2025H1"}, "period", "not-one-of"),
        (EVENT, {"value": Decimal("1.5")}, "value", "not-whole"),
        (EVENT, {"key": "zero_report"}, "value", "out-of-range"),
        (NODE, {"item": None}, "item", "missing"),
        (NODE, {"word": "soon"}, "word", "not-one-of"),
        (NODE, {"value": Decimal(1)}, "value", "not-wanted"),
        (GRADE, {"word": "E"}, "word", "not-one-of"),
        (MARK, {"value": Decimal("100.5")}, "value", "out-of-range"),
        (MARK, {"value": Decimal(-1)}, "value", "out-of-range"),
        (MARK, {"item": "6"}, "item", "not-one-of"),
        (ITEM, {"item": "11"}, "item", "not-one-of"),
        (ITEM, {"item": None}, "item", "not-one-of"),
        (BLEND, {"key": "actual"}, "key", "not-one-of"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused_where_it_does_not(
    scheme, draft, change, where, code
):
    wrong = replace(draft, **change)

    with pytest.raises(BatchRejected) as refused:
        check_batch([replace(draft, unit="XQ02"), wrong], scheme, Author(sources(scheme, draft)))

    found = [f for f in refused.value.faults if f.code != "not-the-data-source"]
    assert [(f.pointer, f.code) for f in found] == [(f"/entries/1/{where}", code)]
    assert found[0].zh
    assert not found[0].zh.isascii()


TIERS = [{"max": 20, "points": 8}]
STATUSES = {"on_time": 1, "late": "0.5", "open": 0}
NODES = [
    {"item": "plan", "name": "方案", "due": "2025-03-31"},
    {
        "item": "dredge",
        "name": "清淤",
        "due": "2025-11-30",
        "season": {"opens": "2025-10-01", "closes": "2025-12-15"},
    },
    {"item": "check", "name": "验收", "due": "2025-12-20", "evidence": True},
]
OCTOBER, MAY = date(2025, 10, 9), date(2025, 5, 6)
METHODS = {
    "BASE": ("base_plus_minus", {"base": 3, "per_event": {"prize": 1, "fault": -1}}),
    "PLEDGE": ("pledge", {}),
    "PERIODS": ("periodic_weighted", {"periods": ["Q1", "FY"], "weights": [1, 1]}),
    "RATED": (
        "periodic_weighted",
        {
            "periods": ["H1", "FY"],
            "weights": ["0.5", "0.5"],
            "component": {"method": "tiers", "params": {"input": "rate"}},
        },
    ),
    "SCORE": ("external_result", {"kind": "score", "scale": 1000}),
    "RANK": ("external_result", {"kind": "rank_pct", "tiers": TIERS}),
    "GRADED": ("external_result", {"kind": "grade", "grades": {"A": 1}}),
    "VOLUME": ("rank_points", {"step_ratio": "0.1", "minimum_volume": 100}),
    "LEVEL": ("min_max", {"bounds": "group"}),
    "FORMULA": (
        "expression",
        {
            "inputs": {"a": {"from": "measured"}, "b": {"from": "measured", "key": "gdp"}},
            "formula": "a + b",
        },
    ),
    "DERIVED": (
        "expression",
        {"inputs": {"a": {"from": "score", "indicator": "BASE"}}, "formula": "a"},
    ),
    "PANEL": (
        "qualitative_panel",
        {"panel_size": 3, "comment_at_extremes": {"low": 60, "high": 95}},
    ),
    "KNOWING": ("qualitative_panel", {"panel_size": 3, "scale": 5, "min_marks": 2}),
    "SURVEY": ("survey_score", {"survey": "phone"}),
    "SUPERIOR": (
        "inherit_superior",
        {"otherwise": {"method": "tiers", "params": {"input": "pct", "tiers": TIERS}}},
    ),
    "PIECES": ("count_points", {"full_at": 8, "per_item": 1, "distinct": True}),
    "NUMBER": ("count_points", {"full_at": 8, "per_item": 1}),
    "NODES": ("milestone", {"status_ratio": STATUSES, "nodes": NODES}),
    "BY_DAY": (
        "milestone",
        {
            "status_ratio": STATUSES,
            "nodes": NODES,
            "by_day": {"on_time": "on_time", "late": "late"},
        },
    ),
}


def one_indicator(scheme, code, method, params):
    """A scheme with one indicator, for the units A and B."""
    given = {"data_source_unit": "Z", "allow_exceed": False, "children": ()}
    indicator = Indicator(code, code, Decimal(10), method, params, **given)
    block = Block("function", "function", Decimal(10), (indicator,))
    return compiled(replace(scheme, categories=(Category("T", "T", ("A", "B"), (block,)),)))


@pytest.fixture(scope="module")
def wide(scheme):
    """A scheme with one indicator of each of the methods above, all of which may not apply."""
    indicators = tuple(
        Indicator(
            code=code,
            name=code,
            points=Decimal(10),
            method=method,
            params=params,
            data_source_unit="Z",
            allow_exceed=False,
            children=(),
            may_be_not_applicable=code != "LEVEL",
        )
        for code, (method, params) in METHODS.items()
    )
    block = Block("function", "function", Decimal(130), indicators)
    return compiled(replace(scheme, categories=(Category("T", "T", ("A", "B"), (block,)),)))


def draft(indicator, kind="measured_value", key=None, value=None, **more):
    given = {"item": None, "period": "2025", "word": None} | more
    number = None if value is None else Decimal(value)
    return Draft(unit="A", indicator=indicator, kind=kind, key=key, value=number, **given)


RIGHT = [
    draft("BASE", "event", "prize", 2),
    draft("BASE", "event", "zero_report", 0),
    draft("PLEDGE", key="actual", value=5),
    draft("PERIODS", key="ratio", value="0.9", period="2025Q1"),
    draft("PERIODS", key="ratio", value="0.9"),
    draft("RATED", key="rate", value=-1, period="2025H1"),
    draft("SCORE", key="score", value=912, note="〔2025〕7号"),
    draft("RANK", key="rank_pct", value=20, note="〔2025〕7号"),
    draft("GRADED", "grade", word="A", note="〔2025〕7号"),
    draft("VOLUME", key="value", value=98),
    draft("VOLUME", key="volume", value=22),
    draft("LEVEL", key="value", value=98),
    draft("FORMULA", key="a", value=1),
    draft("FORMULA", key="gdp", value=1),
    draft("PANEL", "panel_mark", value=61, item="1"),
    draft("PANEL", "panel_mark", value=60, item="1", note="无整改措施"),
    draft("PANEL", "panel_mark", value=95, item="1", note="全市推广"),
    draft("SUPERIOR", key="superior_loss", value=30),
    draft("SUPERIOR", key="pct", value=98),
    draft("KNOWING", "panel_mark", value=5, item="1"),
    draft("KNOWING", "panel_mark", item="2", word="dont_know"),
    draft("BASE", "not_applicable", note="没有此项业务"),
    draft("SURVEY", "not_applicable", note="新设单位"),
    draft("DERIVED", "not_applicable", note="没有此项业务"),
    draft("PIECES", key="count", value=1, item="发改〔2025〕3号", period="2025-03"),
    draft("PIECES", key="zero_report", value=0, period="2025Q1"),
    draft("NUMBER", key="count", value=7),
    draft("NODES", "milestone", item="plan", word="late"),
    draft("NODES", "milestone", item="dredge", word="late", occurred_on=OCTOBER),
    draft("NODES", "milestone", item="check", word="late", note="验收〔2025〕3号"),
    draft("BY_DAY", "milestone", item="plan", occurred_on=MAY),
    draft("BY_DAY", "milestone", item="plan", word="open"),
    draft("BY_DAY", "milestone", item="dredge", occurred_on=OCTOBER, period="2025Q4"),
    draft("BY_DAY", "milestone", item="dredge", word="open", occurred_on=OCTOBER),
]


@pytest.mark.parametrize("entry", RIGHT, ids=lambda each: f"{each.indicator}-{each.key}")
def test_a_right_entry_of_every_method_is_taken(wide, entry):
    check_batch([entry], wide, Author("Z"))


@pytest.mark.parametrize(
    ("entry", "where", "code"),
    [
        (draft("BASE", "event", "gift", 1), "key", "not-one-of"),
        (draft("NODES", "milestone", item="1", word="late"), "item", "not-one-of"),
        (draft("NODES", "milestone", item="plan"), "word", "not-one-of"),
        (draft("NODES", "milestone", item="check", word="late"), "note", "note-missing"),
        (
            draft("NODES", "milestone", item="plan", word="late", occurred_on=MAY),
            "occurred_on",
            "not-wanted",
        ),
        (draft("NODES", "milestone", item="dredge", word="late"), "occurred_on", "missing"),
        (
            draft("NODES", "milestone", item="dredge", word="late", occurred_on=MAY),
            "occurred_on",
            "out-of-season",
        ),
        (
            draft("NODES", "milestone", "dredge", item="dredge", word="late", occurred_on=OCTOBER),
            "key",
            "not-wanted",
        ),
        (draft("BY_DAY", "milestone", item="plan"), "occurred_on", "missing"),
        (draft("BY_DAY", "milestone", item="plan", word="late"), "word", "not-one-of"),
        (
            draft("BY_DAY", "milestone", item="plan", word="open", occurred_on=MAY),
            "occurred_on",
            "not-wanted",
        ),
        (
            draft("BY_DAY", "milestone", item="plan", occurred_on=MAY, period="2025Q1"),
            "occurred_on",
            "outside-period",
        ),
        (
            draft("BY_DAY", "milestone", item="plan", occurred_on=date(2024, 12, 31)),
            "occurred_on",
            "another-year",
        ),
        (
            draft("BY_DAY", "milestone", item="plan", occurred_on=MAY, value=1),
            "value",
            "not-wanted",
        ),
        (draft("BY_DAY", "milestone", item="dredge", word="open"), "occurred_on", "missing"),
        (
            draft("BY_DAY", "milestone", item="dredge", occurred_on=MAY),
            "occurred_on",
            "out-of-season",
        ),
        (
            draft("BY_DAY", "milestone", item="dredge", occurred_on=date(2025, 12, 16)),
            "occurred_on",
            "out-of-season",
        ),
        (draft("PERIODS", key="ratio", value="0.9", period="2025H1"), "period", "not-one-of"),
        (draft("PERIODS", key="ratio", value="-0.1"), "value", "out-of-range"),
        (draft("RATED", key="rate", value=1, period="2025Q1"), "period", "not-one-of"),
        (draft("RATED", key="value", value=1), "key", "not-one-of"),
        (draft("SCORE", key="score", value=912), "note", "note-missing"),
        (draft("SCORE", key="score", value=912, note=" "), "note", "note-missing"),
        (draft("SCORE", key="score", value=1001, note="文"), "value", "out-of-range"),
        (draft("RANK", key="rank_pct", value=101, note="文"), "value", "out-of-range"),
        (draft("GRADED", "grade", word="A"), "note", "note-missing"),
        (draft("FORMULA", key="b", value=1), "key", "not-one-of"),
        (draft("DERIVED", key="a", value=1), "indicator", "takes-no-entries"),
        (draft("LEVEL", key="volume", value=1), "key", "not-one-of"),
        (draft("SUPERIOR", key="value", value=1), "key", "not-one-of"),
        (draft("PANEL", "panel_mark", value=60, item="1"), "note", "note-missing"),
        (draft("PANEL", "panel_mark", value=95, item="1"), "note", "note-missing"),
        (draft("PANEL", "panel_mark", value="100.5", item="1", note="好"), "value", "out-of-range"),
        (draft("PANEL", "panel_mark", value=61, item="1", word="dont_know"), "word", "not-wanted"),
        (draft("KNOWING", "panel_mark", item="1"), "value", "missing"),
        (
            draft("KNOWING", "panel_mark", value=5, item="1", word="dont_know"),
            "value",
            "not-wanted",
        ),
        (draft("KNOWING", "panel_mark", value=5, item="1", word="perhaps"), "word", "not-wanted"),
        (draft("PIECES", key="count", value=1), "item", "missing"),
        (draft("PIECES", key="count", value=1, item=" \u3000"), "item", "missing"),
        (draft("PIECES", key="count", value=2, item="P-1"), "value", "out-of-range"),
        (draft("PIECES", key="count", value=0, item="P-1"), "value", "out-of-range"),
        (draft("PIECES", key="count", value="0.5", item="P-1"), "value", "out-of-range"),
        (draft("PIECES", key="zero_report", value=1), "value", "out-of-range"),
        (draft("PIECES", key="zero_report", value=0, item="P-1"), "item", "not-wanted"),
        (draft("NUMBER", key="count", value=1, item="P-1"), "item", "not-wanted"),
        (draft("NUMBER", key="zero_report", value=0), "key", "not-one-of"),
        (draft("LEVEL", "not_applicable", note="没有"), "kind", "always-applicable"),
        (draft("BASE", "not_applicable"), "note", "note-missing"),
        (draft("BASE", "not_applicable", value=0, note="没有"), "value", "not-wanted"),
        (draft("BASE", "not_applicable", word="no", note="没有"), "word", "not-wanted"),
        (draft("BASE", "not_applicable", note="没有", period="2025Q1"), "period", "not-one-of"),
    ],
)
def test_an_entry_that_a_method_has_no_use_for_is_refused(wide, entry, where, code):
    with pytest.raises(BatchRejected) as refused:
        check_batch([entry], wide, Author("Z"))

    assert [(f.pointer, f.code) for f in refused.value.faults] == [(f"/entries/0/{where}", code)]
    assert not refused.value.faults[0].zh.isascii()


def test_only_the_data_source_declares_an_indicator_not_applicable(wide):
    """Caught: the assessed unit declaring itself out of what it is bad at."""
    with pytest.raises(NotTheDataSource):
        check_batch([draft("BASE", "not_applicable", note="没有")], wide, Author("A"))


def test_all_faults_of_a_batch_are_named_at_once(scheme):
    wrong = [replace(VALUE, unit="XX99", period="never"), replace(VALUE, key="x", value=None)]

    with pytest.raises(BatchRejected) as refused:
        check_batch(wrong, scheme, Author("ZH02"))

    pointers = {f.pointer for f in refused.value.faults}
    assert pointers == {
        "/entries/0/unit",
        "/entries/0/period",
        "/entries/1/key",
        "/entries/1/value",
    }


@pytest.mark.parametrize("draft", [VALUE, NODE, GRADE, MARK, ITEM, RANKED])
def test_the_same_thing_twice_in_a_batch_is_refused(scheme, draft):
    with pytest.raises(BatchRejected) as refused:
        check_batch([draft, draft], scheme, Author(sources(scheme, draft)))

    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        ("/entries/1", "duplicate-entry")
    ]


def test_two_events_of_one_kind_are_two_events(scheme):
    check_batch([EVENT, EVENT], scheme, Author(sources(scheme, EVENT)))


@pytest.mark.parametrize("poster", ["ZH07", "XQ01", None])
def test_an_entry_of_another_units_indicator_is_forbidden(scheme, poster):
    """Caught: letting any data source unit, or the assessed unit itself, write any value."""
    with pytest.raises(NotTheDataSource) as refused:
        check_batch([VALUE], scheme, Author(poster))

    assert [f.pointer for f in refused.value.faults] == ["/entries/0/indicator"]


@pytest.mark.parametrize(("poster", "right"), [("ZH01", True), ("ZH02", False)])
def test_a_unit_that_reports_itself_reports_nobody_else(scheme, poster, right):
    draft = Draft("ZH01", "G03", "measured_value", "actual", "1", "2025", Decimal(1), None)

    if right:
        check_batch([draft], scheme, Author(poster))
    else:
        with pytest.raises(NotTheDataSource):
            check_batch([draft], scheme, Author(poster))


def test_a_scorer_stands_for_every_method_of_the_scheme(scheme):
    methods = {i.method for c in scheme.categories for i in c.indicators().values()}

    assert methods - set(SCORERS) == {"sum_children"}


def standing(entry_id=1, kind="event", state="submitted", unit="XQ01", persons=("zhang",)):
    return EntryStanding(UUID(int=entry_id), kind, state, unit, "ZH02", frozenset(persons), "C01")


def reviewed_first(reviewer, *units):
    """Who reviews entries for C01 of these units first, as the scheme names them."""
    indicators = {"C01": SimpleNamespace(reviewed_by=reviewer)}
    category = SimpleNamespace(units=units, indicators=lambda: indicators)
    return Reviewers(cast(Scheme, SimpleNamespace(categories=[category])))


NOBODY = reviewed_first(None, "XQ01")


def faults_of(entry, to="verified", **decider):
    """The codes of what keeps somebody from moving an entry."""
    given = {"person": "li", "unit": None, "office": True, "recusals": {}, "reviewers": NOBODY}
    given |= decider
    try:
        check_transitions([entry.entry_id], {entry.entry_id: entry}, to, Decider(**given))
    except EntriesRefused as refused:
        return [fault.code for fault in refused.faults]
    return []


@pytest.mark.parametrize(("state", "to"), list(product(STATES, STATES)))
def test_an_entry_moves_as_the_table_says_and_not_otherwise(state, to):
    entry = standing(state=state)
    first = {"office": False, "unit": "ZH40", "reviews": True}
    first |= {"reviewers": reviewed_first("ZH40", "XQ01")}
    found = faults_of(entry, to, **first) if to == "checked" else faults_of(entry, to)

    assert found == ([] if (state, to) in TRANSITIONS else ["wrong-state"])


OFFICE = {"unit": "ZH50"}
REVIEWER = {"unit": "ZH40", "office": False, "reviews": True}
BODY = {"unit": "ZH30", "office": False, "stands_in": True, "recusals": {"XQ01": "ZH30"}}


@pytest.mark.parametrize(
    ("state", "to", "decider", "code"),
    [
        ("submitted", "verified", OFFICE, "not-checked"),
        ("submitted", "verified", BODY, "not-checked"),
        ("submitted", "checked", REVIEWER, None),
        ("submitted", "checked", REVIEWER | {"unit": "ZH41"}, "not-the-reviewer"),
        ("submitted", "checked", REVIEWER | {"reviews": False}, "not-the-reviewer"),
        ("submitted", "checked", REVIEWER | {"person": "zhang"}, "own-entry"),
        ("submitted", "checked", REVIEWER | {"unit": "XQ01"}, "own-unit"),
        ("submitted", "checked", REVIEWER | {"unit": "ZH02"}, "own-source"),
        ("submitted", "checked", REVIEWER | {"recusals": {"XQ01": "ZH30"}}, None),
        ("submitted", "returned", REVIEWER, None),
        ("submitted", "returned", OFFICE, None),
        ("checked", "verified", OFFICE, None),
        ("checked", "verified", BODY, None),
        ("checked", "verified", OFFICE | {"person": "wang"}, "own-check"),
        ("checked", "verified", REVIEWER, "not-the-reviewer"),
        ("checked", "returned", OFFICE, None),
        ("checked", "returned", REVIEWER, "not-the-reviewer"),
    ],
)
def test_what_a_unit_reviews_first_is_verified_after_that(state, to, decider, code):
    """Planted bugs: the office verifies at once; the reviewer verifies; one person does both."""
    checkers = frozenset({"wang"} if state == "checked" else ())
    entry = replace(standing(state=state), checkers=checkers)
    found = faults_of(entry, to, **{"reviewers": reviewed_first("ZH40", "XQ01")} | decider)

    assert found == ([code] if code else [])


@pytest.mark.parametrize("reviewer", [None, "XQ01", "ZH02"])
def test_nobody_reviews_first_what_is_about_them_or_was_written_by_them(reviewer):
    """Planted bug: such an entry waits for its own unit for ever."""
    reviewers = reviewed_first(reviewer, "XQ01", "XQ02")

    assert faults_of(standing(), reviewers=reviewers) == []
    assert reviewers.of("XQ01", "C01", "ZH02") is None
    about_others = reviewers.cells_of(reviewer) if reviewer else []
    assert all("XQ01" not in units for units, _ in about_others) or reviewer != "XQ01"


def test_every_state_has_a_name_in_chinese():
    assert set(STATES_ZH) == set(STATES)
    assert not any(name.isascii() for name in STATES_ZH.values())


RECUSED = {"XQ09": "ZH30"}
STANDS_IN = {"office": False, "stands_in": True}


@pytest.mark.parametrize("to", ["verified", "returned"])
@pytest.mark.parametrize(
    ("entry", "decider", "code"),
    [
        ({}, {"unit": "XQ02"}, None),
        ({}, {"person": "zhang"}, "own-entry"),
        ({"persons": ("wang", "zhang"), "kind": "reversal"}, {"person": "zhang"}, "own-entry"),
        ({}, {"unit": "XQ01"}, "own-unit"),
        ({}, {"unit": "ZH02"}, "own-source"),
        ({"unit": "XQ09"}, {"recusals": RECUSED}, "recused"),
        ({"unit": "XQ09"}, {"recusals": RECUSED, **STANDS_IN, "unit": "ZH30"}, None),
        ({"unit": "XQ09"}, {"recusals": RECUSED, **STANDS_IN, "unit": "ZH31"}, "not-the-reviewer"),
        ({"unit": "XQ08"}, {"recusals": RECUSED, "unit": "ZH30"}, None),
    ],
)
def test_whoever_wrote_an_entry_or_gains_by_it_decides_nothing_about_it(to, entry, decider, code):
    """Caught: comparing accounts, of which a person may have two; asking at verification only."""
    assert faults_of(standing(**entry), to, **decider) == ([code] if code else [])


def test_the_author_of_an_entry_cannot_verify_it():
    assert faults_of(standing(persons=("zhang",)), person="zhang") == ["own-entry"]
    assert faults_of(standing(persons=("zhang",)), person="li") == []


def test_every_refused_id_is_named():
    known = standing(state="draft")

    with pytest.raises(EntriesRefused) as refused:
        check_transitions([UUID(int=1), UUID(int=2)], {UUID(int=1): known}, "verified")

    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        ("/entry_ids/0", "wrong-state"),
        ("/entry_ids/1", "unknown-entry"),
    ]


@pytest.mark.parametrize(
    ("kind", "state", "before", "allowed"),
    [
        ("event", "verified", False, True),
        ("event", "verified", True, False),
        ("event", "submitted", False, False),
        ("event", "locked", False, False),
        ("event", "voided", False, False),
        ("reversal", "verified", False, False),
    ],
)
def test_only_a_verified_entry_is_reversed_and_only_once(kind, state, before, allowed):
    entry = standing(kind=kind, state=state)

    if allowed:
        check_reversal(entry, before)
    else:
        with pytest.raises(NotReversible):
            check_reversal(entry, before)


@pytest.mark.parametrize(
    ("kind", "state", "before", "allowed"),
    [
        ("event", "verified", False, True),
        ("milestone", "verified", False, True),
        ("event", "verified", True, False),
        ("event", "submitted", False, False),
        ("event", "returned", False, False),
        ("event", "locked", False, False),
        ("event", "voided", False, False),
        ("reversal", "verified", False, False),
        ("not_applicable", "verified", False, False),
    ],
)
def test_only_a_verified_entry_with_a_value_is_restated_and_only_once(kind, state, before, allowed):
    entry = standing(kind=kind, state=state)

    if allowed:
        check_restatement(entry, before)
        return
    with pytest.raises(NotRestatable) as refused:
        check_restatement(entry, before)
    assert not refused.value.detail_zh.isascii()


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"value": Decimal(105)}, True),
        ({"word": "dont_know", "value": None}, True),
        ({"occurred_on": date(2025, 3, 1)}, True),
        ({}, False),
        ({"value": Decimal("104.00")}, False),
        ({"note": "another"}, False),
        *(({name: "x", "value": Decimal(105)}, False) for name in
          ("unit", "indicator", "kind", "key", "item", "period")),
    ],
)  # fmt: skip
def test_a_restatement_is_about_the_same_and_tells_something_else(change, allowed):
    """Planted bug: leave the period out of what is compared."""
    if allowed:
        check_restated(VALUE, replace(VALUE, **change))
        return
    with pytest.raises(NotRestatable):
        check_restated(VALUE, replace(VALUE, **change))


@pytest.mark.parametrize("to", ["replaced", "withdrawn"])
@pytest.mark.parametrize("state", STATES)
def test_only_drafts_and_returned_entries_are_changed_and_no_reversals(state, to):
    if state in ("draft", "returned"):
        check_change(standing(state=state), to)
        with pytest.raises(NotChangeable):
            check_change(standing(state=state, kind="reversal"), to)
    else:
        with pytest.raises(NotChangeable):
            check_change(standing(state=state), to)


@pytest.mark.parametrize(
    ("counts", "leaves", "digest", "refusal"),
    [
        ({}, {}, None, None),
        ({"verified": 3}, {"draft": 0}, "a", None),
        ({"submitted": 1}, {}, None, NotSealable),
        ({"checked": 1}, {}, None, NotSealable),
        ({"draft": 1}, {}, None, NotAsSeen),
        ({"draft": 1, "returned": 2}, {"draft": 1, "returned": 2}, "a", None),
        ({"draft": 1, "returned": 2}, {"draft": 1}, None, NotAsSeen),
        ({"verified": 1}, {"draft": 1}, None, NotAsSeen),
        ({"withdrawn": 1, "replaced": 1, "voided": 1}, {}, None, None),
        ({"draft": 1}, {"draft": 1}, "b", NotAsSeen),
    ],
)
def test_a_seal_names_what_it_leaves_behind(counts, leaves, digest, refusal):
    """Planted bug: counting only what waits for verification."""
    seen = LedgerContents(counts, "a")
    if refusal is None:
        check_seal(seen, leaves, digest)
    else:
        with pytest.raises(refusal) as refused:
            check_seal(seen, leaves, digest)
        assert not refused.value.detail_zh.isascii()


def stored(entry_id, draft, state="verified", **more):
    given = {name: getattr(draft, name) for name in ("unit", "indicator", "kind", "key", "item")}
    return StoredEntry(UUID(int=entry_id), **given, period=draft.period, state=state, **more)


ZERO = draft("BASE", "event", "zero_report", 0)
PRIZE = draft("BASE", "event", "prize", 1, period="2025-03")
OUT = draft("BASE", "not_applicable", note="没有")
PIECE = draft("PIECES", key="count", value=1, item="P-1", period="2025-03")
NO_PIECE = draft("PIECES", key="zero_report", value=0, period="2025Q1")
LEVEL = draft("LEVEL", key="value", value=98)


@pytest.mark.parametrize(
    ("there", "comes", "code"),
    [
        (LEVEL, replace(LEVEL, value=Decimal(5)), "duplicate-entry"),
        (LEVEL, replace(LEVEL, unit="B"), None),
        (PRIZE, PRIZE, None),
        (PRIZE, ZERO, "zero-report-contradicted"),
        (ZERO, PRIZE, "zero-report-contradicted"),
        (PRIZE, replace(ZERO, period="2025Q2"), None),
        (PRIZE, replace(ZERO, period="2025Q1"), "zero-report-contradicted"),
        (ZERO, ZERO, "already-reported"),
        (ZERO, replace(ZERO, period="2025-01"), "already-reported"),
        (replace(ZERO, period="2025-01"), ZERO, None),
        (PIECE, NO_PIECE, "zero-report-contradicted"),
        (NO_PIECE, PIECE, "zero-report-contradicted"),
        (PIECE, replace(PIECE, period="2025-04"), None),
        (PIECE, PIECE, "duplicate-entry"),
        (OUT, PRIZE, "not-applicable"),
        (PRIZE, OUT, "entered-already"),
        (OUT, OUT, "duplicate-entry"),
        (OUT, PIECE, None),
    ],
)
def test_an_entry_that_could_not_count_beside_another_is_refused(wide, there, comes, code):
    """Planted bug: looking at the batch only, so that a second value waits in silence."""
    if code is None:
        check_batch([comes], wide, Author("Z"), stored=[stored(1, there)])
        return
    with pytest.raises(BatchRejected) as refused:
        check_batch([comes], wide, Author("Z"), stored=[stored(1, there)])
    [fault] = refused.value.faults
    assert (fault.pointer, fault.code) == ("/entries/0", code)
    assert str(UUID(int=1)) in fault.en
    assert not fault.zh.isascii()


def test_what_is_reversed_makes_room_for_another(wide):
    reversal = replace(stored(2, LEVEL, "submitted"), kind="reversal", reverses=UUID(int=1))

    check_batch([LEVEL], wide, Author("Z"), stored=[stored(1, LEVEL), reversal])


def test_whoever_is_not_the_source_does_not_learn_what_is_entered(wide):
    with pytest.raises(NotTheDataSource) as refused:
        check_batch([LEVEL], wide, Author("A"), stored=[stored(1, LEVEL)])

    assert [fault.code for fault in refused.value.faults] == ["not-the-data-source"]


def test_a_node_has_one_status_in_the_whole_year(scheme):
    later = replace(NODE, period="2025Q3", word="late_within_30d")

    with pytest.raises(BatchRejected) as refused:
        check_batch([NODE, later], scheme, Author(sources(scheme, NODE)))
    assert [fault.code for fault in refused.value.faults] == ["duplicate-entry"]


TODAY = date(2025, 8, 20)


@pytest.mark.parametrize(
    ("by", "period", "day", "fault"),
    [
        ("occurred", "2025-04", "2025-04-30", None),
        ("occurred", "2025", "2025-08-20", None),
        ("occurred", "2025", "2025-08-21", "in-the-future"),
        ("occurred", "2025", "2031-01-01", "in-the-future"),
        ("occurred", "2025-04", "2025-03-31", "outside-period"),
        ("occurred", "2025-04", "2025-05-01", "outside-period"),
        ("occurred", "2025", "2024-12-31", "another-year"),
        ("occurred", "2025-04", "2031-04-01", "in-the-future"),
        ("discovered", "2025-04", "2024-12-31", None),
        ("discovered", "2025-04", "2025-05-01", "outside-period"),
        ("discovered", "2025", "2025-08-21", "in-the-future"),
    ],
)
def test_an_event_has_happened_and_in_its_period(scheme, by, period, day, fault):
    """Caught: an event of 2031, kept and never counted."""
    one = METHODS["BASE"][1] | {"by": by}
    event = draft("EVENTS", "event", "prize", 1, period=period, occurred_on=date.fromisoformat(day))
    small = one_indicator(scheme, "EVENTS", "deduct_events", one)

    if fault is None:
        check_batch([event], small, Author("Z"), today=TODAY)
        return
    with pytest.raises(BatchRejected) as refused:
        check_batch([event], small, Author("Z"), today=TODAY)
    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        ("/entries/0/occurred_on", fault)
    ]
    assert not refused.value.faults[0].zh.isascii()


@pytest.mark.parametrize("entry", [ZERO, LEVEL, draft("NUMBER", key="count", value=7)])
def test_a_day_that_nothing_reads_is_refused(wide, entry):
    with pytest.raises(BatchRejected) as refused:
        check_batch([replace(entry, occurred_on=date(2025, 1, 1))], wide, Author("Z"))

    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        ("/entries/0/occurred_on", "not-wanted")
    ]


def test_nothing_is_reported_of_a_period_that_has_not_begun(wide):
    for period, codes in [("2025-08", []), ("2025Q3", []), ("2025-09", ["not-begun"])]:
        try:
            check_batch([replace(PRIZE, period=period)], wide, Author("Z"), today=TODAY)
            found = []
        except BatchRejected as refused:
            found = [fault.code for fault in refused.faults]
        assert found == codes
