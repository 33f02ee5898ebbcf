"""The language of formulas stands twice: what one service accepts, the other can compute."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from indicators.rules.expressions import FUNCTIONS, Tree, formula_faults, tree_of
from scoring.rules.columns.gaps import Undefined
from scoring.rules.explanation.evaluator import value_of
from scoring.rules.methods.formulas import Formula
from service_testing import trials

NAMES = ("a", "b2", "增速", "_x")
space = st.sampled_from(["", "", " ", "\n"])
numbers = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3})?", fullmatch=True)
operators = st.sampled_from(["+", "-", "*", "/", "**", "<=", ">=", "==", "!=", "<", ">"])


def compiled(text: str) -> Formula:
    """The formula as scoring gets it from the document of its scheme."""
    return Formula(text, TypeAdapter(Tree).dump_python(tree_of(text), mode="json"))


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
def test_a_formula_that_a_scheme_may_contain_is_compiled_computed_and_printed(text, inputs):
    """Caught: a function or an operator that only one of compiler, scoring and evaluator knows.

    What has no value says so; nothing else comes of a formula than a fraction.
    """
    if list(formula_faults(text, NAMES, "")):
        return
    read = compiled(text)
    assert read.names <= set(NAMES)
    try:
        value = read.value(inputs)
    except Undefined:
        return
    assert isinstance(value, Fraction)
    assert value_of(read.filled(inputs)) == value


def test_the_sample_is_one_of_both():
    """Caught: a strategy that draws nothing which is accepted, so that nothing is compared."""
    text, inputs = "if(a > 0, min(a, 2) ** 2, 增速 / b2)", dict.fromkeys(NAMES, Decimal(3))
    assert not list(formula_faults(text, NAMES, ""))
    assert compiled(text).value(inputs) == 4
