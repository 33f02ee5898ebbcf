"""Formulas that a scheme writes itself, evaluated exactly from the trees that come with it.

Nothing is parsed here and nothing is executed. How large a number may become is bounded.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import bounded, half_up, logarithm, power, precise, root, show
from scoring.rules.columns.gaps import Undefined
from scoring.rules.scheme.compiled import Tree

_MOST_PLACES = 12
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it is written, and as a tree."""

    text: str
    tree: Tree

    @property
    def names(self) -> frozenset[str]:
        """The names of the inputs that the formula uses."""
        return frozenset(_names(self.tree))

    def value(self, inputs: Mapping[str, Decimal | Fraction]) -> Fraction:
        """Return what the formula is worth, exactly, or to 50 digits where it is irrational."""
        return _value(self.tree, {name: Fraction(number) for name, number in inputs.items()})

    def filled(self, inputs: Mapping[str, Decimal | Fraction]) -> str:
        """Return the formula with the numbers put in; what is printed is worth the same."""

        def number(found: re.Match[str]) -> str:
            value = inputs.get(found[0])  # no input is named like a function
            if value is None:
                return found[0]
            return f"({precise(value)})" if value < 0 else precise(value)

        return _NAME.sub(number, self.text)


def _names(tree: Tree) -> Iterator[str]:
    if "name" in tree:
        yield tree["name"]
    for below in tree.get("to", ()):
        yield from _names(below)


def _value(tree: Tree, inputs: Mapping[str, Fraction]) -> Fraction:
    if "number" in tree:
        return Fraction(tree["number"])
    if "name" in tree:
        if tree["name"] not in inputs:
            name = tree["name"]
            raise Undefined(f"There is no input {name}.", f"没有名为“{name}”的输入。")
        return inputs[tree["name"]]
    if tree["apply"] == "if":
        # Only the branch that is taken: the other may divide by zero, which is what it is for.
        condition, then, otherwise = tree["to"]
        return _value(then if _value(condition, inputs) else otherwise, inputs)
    result = Fraction(_OPERATIONS[tree["apply"]](*(_value(each, inputs) for each in tree["to"])))
    bounded(result)
    return result


def _quotient(above: Fraction, below: Fraction) -> Fraction:
    if below == 0:
        raise Undefined("The formula divides by 0.", "公式中除数为0。")
    return above / below


def _rounded(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    if places.denominator != 1 or not 0 <= places <= _MOST_PLACES:
        raise Undefined(
            f"A number is rounded to 0 to {_MOST_PLACES} places, not to {show(places)}.",
            f"舍入位数应为0至{_MOST_PLACES}的整数，不能是{show(places)}。",
        )
    return Fraction(half_up(value, int(places)))


_OPERATIONS: Mapping[str, Callable[..., Fraction | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "**": power,
    "negative": operator.neg,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "min": min,
    "max": max,
    "abs": abs,
    "round": _rounded,
    "ln": logarithm,
    "sqrt": root,
}
