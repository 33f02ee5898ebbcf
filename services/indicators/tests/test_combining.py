"""Values of shorter periods (`combine`): which are entered, and a scheme without them as it was."""

import pytest

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.compiled import CompiledScheme, compile_scheme
from indicators.rules.draft import SchemeFaulty
from indicators.rules.forms import ENDINGS, EntryForm, in_parts, parts_of
from indicators.rules.scheme import Scheme

FUNCTION = "/categories/0/blocks/0/indicators"
MONTHS, QUARTERS = ENDINGS["month"], ENDINGS["quarter"]
SUM = {f"{FUNCTION}/0/combine": "sum"}


def written(kind, value):
    return adapter_of(kind).dump_python(value, mode="json")


def form_of(scheme, code):
    forms = {each.indicator: each for each in compile_scheme(scheme).categories[0].indicators}
    return forms[code]


def test_a_scheme_that_combines_nothing_has_no_such_field_and_the_digests_from_before(stored):
    """Planted bug: a null where there was nothing."""
    plain, told = written(Scheme, stored()), written(Scheme, stored(SUM))
    indicators = [each["blocks"][0]["indicators"][0] for each in (plain["categories"][0],)]
    unsaid = {"combine", "combine_requires", "findings_by", "window"}
    assert not unsaid & indicators[0].keys()
    assert told["categories"][0]["blocks"][0]["indicators"][0].pop("combine") == "sum"
    assert journal.sha256(told) == journal.sha256(plain)
    forms = written(CompiledScheme, compile_scheme(stored()))
    assert "combine" not in str(forms)


def test_months_are_entered_for_an_annual_value_that_is_put_together(stored):
    """C01 is reported each month. Planted bug: the year beside its months, which would count once
    by itself and once by them."""
    assert form_of(stored(), "C01").takes.endings == ("",)
    assert form_of(stored(SUM), "C01").takes.endings == MONTHS
    half = SUM | {f"{FUNCTION}/0/frequency": "half_yearly"}
    assert form_of(stored(half), "C01").takes.endings == ("H1", "H2")


@pytest.mark.parametrize("word", ["total", "", None, 1])
def test_another_word_is_refused(stored, word):
    if word is None:
        assert stored({f"{FUNCTION}/0/combine": word}).categories[0] is not None
        return
    with pytest.raises((SchemeFaulty, ValueError)):
        stored({f"{FUNCTION}/0/combine": word})


@pytest.mark.parametrize(
    ("ending", "frequency", "parts"),
    [
        ("", "monthly", MONTHS),
        ("", "twice_a_year", ("H1", "H2")),
        ("H2", "quarterly", ("Q3", "Q4")),
        ("Q4", "monthly", MONTHS[9:]),
        ("Q4", "quarterly", ()),
        ("-04", "quarterly", ()),
        ("", "yearly", ()),
    ],
)
def test_what_lies_within_a_longer_period(ending, frequency, parts):
    assert parts_of(ending, frequency) == parts


def test_periods_that_are_scored_and_read_elsewhere_are_each_taken_in_parts():
    """Of the half-year its quarters; a month that a formula reads is a value of its own."""
    form = EntryForm(
        "measured_value", ("value", "volume"), endings=("H1",), endings_of_key={"volume": ("-01",)}
    )
    found = in_parts(form, "quarterly")
    assert found.endings == ("Q1", "Q2")
    assert found.endings_of_key == {"volume": ("-01",)}


@pytest.mark.parametrize(
    "form", [EntryForm("event", ("late",)), EntryForm("measured_value", ("count", "zero_report"))]
)
def test_what_is_counted_one_by_one_is_in_no_parts(form):
    """Planted bug: pieces with an identity, which a sum would count by their number."""
    assert in_parts(form, "monthly") is form
