"""Formulas that a scheme writes itself: read by a grammar, evaluated exactly, never executed.

A formula has numbers, named inputs, + - * / ** and parentheses, comparisons (1 where they hold,
else 0), and the functions min, max, abs, round, ln, sqrt and if(condition, then, else). How long
and how deep it may be is bounded, and how large a number may become.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

from lark import Lark, Token, Transformer, UnexpectedInput

from scoring.rules.columns.exact import bounded, half_up, logarithm, power, precise, root, show
from scoring.rules.columns.gaps import Undefined

LONGEST = 1000
"""The most characters of a formula."""
DEEPEST = 100
"""How many terms may lie within one another."""
_MOST_PLACES = 12

GRAMMAR = r"""
?start: comparison
?comparison: sum | sum COMPARE sum -> dyadic
?sum: product | sum (PLUS | MINUS) product -> dyadic
?product: signed | product (TIMES | OVER) signed -> dyadic
?signed: power | MINUS signed -> negative
?power: atom | atom POWER signed -> dyadic
?atom: NUMBER -> number
     | NAME -> name
     | NAME "(" comparison ("," comparison)* ")" -> call
     | "(" comparison ")"

COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
POWER: "**"
NUMBER: /[0-9]+(\.[0-9]+)?/
NAME: /[^\W\d]\w*/
%ignore /[ \t\n]+/
"""
"""As in school: ** binds tighter than a sign before it, and to the right."""


@dataclass(frozen=True, slots=True)
class Term:
    """A number, a name, or what an operation makes of other terms.

    `at` is where a name stands in the formula, from and to; `names` are those in and below.
    """

    depth: int
    value: Fraction = Fraction(0)
    name: str = ""
    operation: str = ""
    terms: "tuple[Term, ...]" = ()
    places: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read; `names` are the inputs that it uses."""

    text: str
    term: Term

    @property
    def names(self) -> frozenset[str]:
        """The names of the inputs that the formula uses."""
        return frozenset(name for name, _, _ in self.term.places)

    def value(self, inputs: Mapping[str, Decimal | Fraction]) -> Fraction:
        """Return what the formula is worth, exactly, or to 50 digits where it is irrational."""
        return _value(self.term, {name: Fraction(number) for name, number in inputs.items()})

    def filled(self, inputs: Mapping[str, Decimal | Fraction]) -> str:
        """Return the formula with the numbers put in; it is a formula again, of the same value."""
        shown, done = "", 0
        for name, start, end in sorted(self.term.places, key=lambda place: place[1]):
            number = precise(inputs[name])
            shown += self.text[done:start] + (f"({number})" if inputs[name] < 0 else number)
            done = end
        return shown + self.text[done:]


@lru_cache(maxsize=1024)
def formula(text: str) -> Formula:
    """Read a formula; one that cannot be read is undefined, and says where it goes wrong."""
    if len(text) > LONGEST:
        raise Undefined(
            f"A formula has at most {LONGEST} characters.", f"公式最多{LONGEST}个字符。"
        )
    try:
        return Formula(text, cast(Term, _READER.parse(text)))
    except UnexpectedInput as wrong:
        column = wrong.column if wrong.column > 0 else len(text) + 1
        raise Undefined(
            f"The formula cannot be read at character {column}: {text}",
            f"公式第{column}个字符处无法解析：{text}",
        ) from None


def _made(operation: str, *terms: Term) -> Term:
    depth = 1 + max(term.depth for term in terms)
    if depth > DEEPEST:
        raise Undefined(f"A formula is at most {DEEPEST} terms deep.", f"公式嵌套最多{DEEPEST}层。")
    places = tuple(place for term in terms for place in term.places)
    return Term(depth, operation=operation, terms=terms, places=places)


class _Terms(Transformer[Token, Term]):
    """Makes terms while the formula is read, so that no depth of it needs a stack."""

    def number(self, found: list[Token]) -> Term:
        return Term(1, value=Fraction(found[0]))

    def name(self, found: list[Token]) -> Term:
        token = found[0]
        start, end = token.start_pos or 0, token.end_pos or 0
        return Term(1, name=str(token), places=((str(token), start, end),))

    def negative(self, found: list[Term]) -> Term:
        return _made("negative", found[-1])

    def dyadic(self, found: list[Term]) -> Term:
        left, sign, right = found
        return _made(str(sign), left, right)

    def call(self, found: list[Term]) -> Term:
        name, terms = str(found[0]), found[1:]
        low, high = _ARGUMENTS.get(name, (1, 0))
        if not low <= len(terms) <= high:
            raise Undefined(
                f"There is no function {name} of {len(terms)}.",
                f"没有带{len(terms)}个参数的函数“{name}”。",
            )
        return _made(name, *terms)


def _value(term: Term, inputs: Mapping[str, Fraction]) -> Fraction:
    if term.name:
        if term.name not in inputs:
            raise Undefined(f"There is no input {term.name}.", f"没有名为“{term.name}”的输入。")
        return inputs[term.name]
    if not term.operation:
        return term.value
    if term.operation == "if":
        # Only the branch that is taken: the other may divide by zero, which is what it is for.
        condition, then, otherwise = term.terms
        return _value(then if _value(condition, inputs) else otherwise, inputs)
    numbers = [_value(each, inputs) for each in term.terms]
    result = Fraction(_OPERATIONS[term.operation](*numbers))
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

_ANY = 100
_ARGUMENTS = {
    "min": (1, _ANY),
    "max": (1, _ANY),
    "abs": (1, 1),
    "round": (1, 2),
    "if": (3, 3),
    "ln": (1, 1),
    "sqrt": (1, 1),
}
"""How few and how many terms each function takes."""

_READER = Lark(GRAMMAR, parser="lalr", transformer=_Terms(), maybe_placeholders=False)
