"""Printed formulas computed again from their texts, one number after the other.

Only what is irrational (roots, logarithms, powers that are no fractions) is asked of the rules.
"""

import ast
import operator
import re
from fractions import Fraction

from scoring.rules.columns.exact import half_up, logarithm, power, root

LABEL = re.compile(r" \((?=[^()]*[^\W\d_]|[^()]*[≤≥<>])[^()]*\)| \[.*\]")
"""What stands in brackets behind a number says what it is; it is not computed."""

CUT = re.compile(r"[0-9.]+… \(= -?([0-9.]+)(?: / ([0-9]+))?\)")
"""A number of which not all digits are shown, with what it is exactly; its sign is before it."""

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
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda number, places=0: half_up(number, int(places)),
    "ln": logarithm,
    "sqrt": root,
}


def again(printed: str) -> Fraction:
    """The value of a printed formula."""
    text = CUT.sub(lambda found: f"{found[1]}÷{found[2] or 1}", printed)
    text = LABEL.sub("", LABEL.sub("", text))
    text = text.replace("×", "*").replace("^", "**").replace("if(", "either(")
    text = NUMBER.sub(lambda found: f"'{found[0]}'", text)
    return _value(ast.parse(text, mode="eval").body)


def gives(printed: str, exact: Fraction) -> bool:
    """Whether a printed formula is worth this: what is irrational to forty digits."""
    value = again(printed)
    if any(sign in printed for sign in ("^", "**", "ln(", "sqrt(")):
        return abs(value - exact) <= max(abs(exact), 1) / 10**40
    return value == exact


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
