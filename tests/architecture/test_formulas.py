"""The language of formulas stands twice: what one service accepts, the other can compute."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.expressions import FUNCTIONS, formula_faults
from scoring.rules.columns.gaps import Undefined
from scoring.rules.methods.formulas import formula
from service_testing import trials

NAMES = ("a", "b2", "增速", "_x")
space = st.sampled_from(["", "", " ", "\n"])
numbers = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3})?", fullmatch=True)
operators = st.sampled_from(["+", "-", "*", "/", "**", "<=", ">=", "==", "!=", "<", ">"])


def longer(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    called = st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(terms, min_size=1, max_size=3))
    return st.one_of(
        st.tuples(terms, space, operators, space, terms).map("".join),
        st.tuples(st.just("-"), space, terms).map("".join),
        terms.map("({})".format),
        called.map(lambda call: f"{call[0]}({', '.join(call[1])})"),
    )


texts = st.recursive(numbers | st.sampled_from([*NAMES, "unknown"]), longer, max_leaves=12)
broken = st.tuples(texts, st.sampled_from(["", "", "", "$", ")", ",", "1e5", "。"])).map("".join)


@pytest.mark.prove
@settings(max_examples=trials(100, 4000), deadline=None)
@given(text=broken, inputs=st.fixed_dictionaries({n: st.decimals(-9, 9, places=2) for n in NAMES}))
def test_a_formula_that_a_scheme_may_contain_is_read_and_computed(text, inputs):
    """Caught: a function, an operator or a way of writing that only one of the two knows.

    What has no value says so; nothing else comes of a formula than a fraction.
    """
    if list(formula_faults(text, NAMES, "")):
        return
    read = formula(text)
    assert read.names <= set(NAMES)
    try:
        value = read.value(inputs)
    except Undefined:
        return
    assert isinstance(value, Fraction)
    filled = formula(read.filled(inputs))
    assert (filled.names, filled.value({})) == (frozenset(), value)


@pytest.mark.prove
@settings(max_examples=trials(50, 2000), deadline=None)
@given(text=broken)
def test_a_formula_that_cannot_be_computed_is_refused(text):
    """Caught: a text that scoring cannot read, and that a scheme may nevertheless contain."""
    try:
        formula(text)
    except Undefined:
        assert list(formula_faults(text, {*NAMES, "unknown"}, ""))


def test_the_sample_is_one_of_both():
    """Caught: a strategy that draws nothing which is accepted, so that nothing is compared."""
    text, inputs = "if(a > 0, min(a, 2) ** 2, 增速 / b2)", dict.fromkeys(NAMES, Decimal(3))
    assert not list(formula_faults(text, NAMES, ""))
    assert formula(text).value(inputs) == 4
