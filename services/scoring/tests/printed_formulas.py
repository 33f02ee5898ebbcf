"""Printed formulas computed again from their texts, one number after the other.

Only what is irrational (roots, logarithms, powers that are no fractions) is asked of the rules.
"""

import ast
import operator
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import half_up, logarithm, power, root
from scoring.rules.explanation.tree import Node

LABEL = re.compile(r" \((?=[^()]*[^\W\d_]|[^()]*[≤≥<>])[^()]*\)| \[.*\]")
"""What stands in brackets behind a number says what it is; it is not computed."""

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(÷[0-9]+)?")

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: power,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS = {
    "number": lambda one: one,
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda number, places=0: half_up(number, int(places)),
    "ln": logarithm,
    "sqrt": root,
}


CUT = re.compile(r"[0-9]+(?:\.[0-9]+)?… \(= -?([0-9]+(?:\.[0-9]+)?)(?: / ([0-9]+))?\)")
"""A number that was cut, and what it is exactly; its sign stands before it."""


def again(printed: str) -> Fraction:
    """The value of a printed formula; what is cut to 12 places says what it is exactly."""
    text = CUT.sub(lambda found: f"{found[1]}÷{found[2] or 1}", printed)
    text = LABEL.sub("", LABEL.sub("", text))
    text = text.replace("×", "*").replace("^", "**").replace("if(", "either(")
    text = NUMBER.sub(lambda found: f"number('{found[0]}')", text)
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.BinOp(left, sign, right):
            return Fraction(OPERATIONS[type(sign)](_value(left), _value(right)))
        case ast.UnaryOp(ast.USub(), number):
            return -_value(number)
        case ast.Compare(left, [sign], [right]):
            return Fraction(OPERATIONS[type(sign)](_value(left), _value(right)))
        case ast.Call(ast.Name("either"), [condition, then, otherwise]):
            return _value(then if _value(condition) else otherwise)
        case ast.Call(ast.Name(name), numbers):
            return Fraction(FUNCTIONS[name](*map(_value, numbers)))
        case ast.Constant(str(digits)):
            above, _, below = digits.partition("÷")
            return Fraction(above) / int(below or 1)
    raise ValueError(f"nothing computes {ast.dump(node)}")


def walk(node: Node) -> Iterator[Node]:
    """Yield a step of an explanation and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def wrong_lines(root: Node) -> list[tuple[str, str | None, Decimal | None]]:
    """The steps whose formula is worth something else than their score."""
    wrong = []
    for node in walk(root):
        if node.formula is None or node.score is None:
            continue
        value = again(node.formula)
        if node.rounding is not None:
            assert node.rounding.rounded == node.score
            value = Fraction(half_up(value, node.rounding.places))
        if value != node.score:
            wrong.append((node.code, node.formula, node.score))
    return wrong
