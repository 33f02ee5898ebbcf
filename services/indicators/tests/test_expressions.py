"""Formulas are read and never run: what can be understood, and what is refused.

Planted bugs: bind `-` closer than `**`; allow a call of any name; compare without a number on
either side; count the depth of one argument only.
"""

import pytest

from indicators.rules.expressions import DEEPEST, FUNCTIONS, LONGEST, formula_faults, is_name

NAMES = {"a", "b", "目标"}


def codes(formula, wanted="number"):
    return [fault.code for fault in formula_faults(formula, NAMES, "/formula", wanted)]


@pytest.mark.parametrize(
    "formula",
    [
        "1",
        "0.15",
        "a",
        "a + b * 2",
        "-a ** 2",
        "2 ** -1",
        "2 * -a",
        "a ** b ** 2",
        " a\n+\tb ",
        "(a + b) / 目标",
        "min(a, b, 1)",
        "max(abs(a), sqrt(b), ln(目标))",
        "round(a)",
        "round(a / b, 2)",
        "if(a < b, 1, 0)",
        "if(a == b, if(a != 1, 2, 3), 4)",
        "if((a <= b), 1, 0)",
        "(" * 200 + "a" + ")" * 200,
        "+".join("a" * DEEPEST),
    ],
)
def test_a_formula_of_numbers_is_read(formula):
    assert codes(formula) == []


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
def test_a_gate_is_a_comparison(sign):
    assert codes(f"a + 1 {sign} b / 2", "truth") == []


@pytest.mark.parametrize(
    ("formula", "faults"),
    [
        ("a +", ["formula-unfinished"]),
        ("(a", ["formula-unfinished"]),
        ("min(a", ["formula-unfinished"]),
        ("   ", ["formula-unfinished"]),
        ("a)", ["formula-unreadable"]),
        ("a b", ["formula-unreadable"]),
        ("a < b < 1", ["formula-unreadable"]),
        ("--a", ["formula-unreadable"]),
        ("1e5", ["formula-unreadable"]),
        (".5", ["formula-unreadable"]),
        ("１+1", ["formula-unreadable"]),
        ("a // b", ["formula-unreadable"]),
        ("a % b", ["formula-unreadable"]),
        ("a = b", ["formula-unreadable"]),
        ("a.real", ["formula-unreadable"]),
        ("a[0]", ["formula-unreadable"]),
        ("'a'", ["formula-unreadable"]),
        ("lambda: 1", ["formula-unreadable"]),
        ("min()", ["formula-unreadable"]),
        ("__import__('os')", ["formula-unreadable"]),
        ("__import__(a)", ["unknown-function"]),
        ("eval(a)", ["unknown-function"]),
        ("a(b)", ["unknown-function"]),
        ("a + c", ["unknown-name"]),
        ("min + 1", ["unknown-name"]),
        ("c + d", ["unknown-name", "unknown-name"]),
        ("min(a)", ["wrong-arguments"]),
        ("abs(a, b)", ["wrong-arguments"]),
        ("round(a, 1, 2)", ["wrong-arguments"]),
        ("if(a < b, 1)", ["wrong-arguments"]),
        ("a < b", ["not-a-value"]),
        ("(a < b) + 1", ["not-a-value"]),
        ("-(a < b)", ["not-a-value"]),
        ("(a < b) < 1", ["not-a-value"]),
        ("max(a < b, 1)", ["not-a-value"]),
        ("if(a < b, a < b, 1)", ["not-a-value"]),
        ("if(a, 1, 2)", ["not-a-comparison"]),
        ("+".join("a" * (DEEPEST + 1)), ["formula-too-deep"]),
        ("abs(" * DEEPEST + "a" + ")" * DEEPEST, ["formula-too-deep"]),
        ("1" * (LONGEST + 1), ["formula-too-long"]),
    ],
)
def test_a_formula_that_cannot_be_used_is_refused(formula, faults):
    assert codes(formula) == faults


def test_a_gate_is_no_number():
    assert codes("a", "truth") == ["not-a-comparison"]


def test_a_fault_says_where_in_both_languages():
    ((fault),) = formula_faults("a + b $ 1", NAMES, "/params/formula")
    assert (fault.pointer, fault.en, fault.zh) == (
        "/params/formula",
        "The formula cannot be read from character 7 on: $ 1",
        "公式自第 7 个字符起无法识别：$ 1",
    )


@pytest.mark.parametrize(
    ("text", "may"),
    [("a", True), ("gdp_2", True), ("目标", True), ("_x", True), ("2a", False), ("a b", False)]
    + [("a-b", False), ("", False)]
    + [(name, False) for name in FUNCTIONS],
)
def test_an_input_has_a_name_that_a_formula_can_use(text, may):
    assert is_name(text) is may
