"""Computes printed formulas again: what an explanation says has to give the digits that it shows.

It knows numbers and arithmetic, and no method, parameter or entry: so nothing that went wrong where
scores are computed goes wrong here in the same way.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import half_up, logarithm, power, root
from scoring.rules.explanation.tree import Node

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<cut>…?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*×/^(),<>\[\]=?]))"
)
_EXACT = re.compile(r"= (-?[0-9]+(?:\.[0-9]+)?)(?: / ([0-9]+))?")
_MOST_FORMULA = 100_000


class Unreadable(Exception):
    """A formula is not written in the language of printed formulas."""


def value_of(formula: str) -> Fraction:
    """Return what a printed formula is worth.

    What stands in brackets behind a number says what it is. Behind a number that is cut (`…`) it
    says exactly what it is, as a quotient or with fifty digits.
    """
    if len(formula) > _MOST_FORMULA:
        raise Unreadable("it is too long")
    reader = _Reader(formula)
    value = reader.comparison()
    if not reader.at_end():
        raise Unreadable(f"nothing is expected at {reader.at}: {formula[reader.at :][:40]}")
    return value()


_Later = Callable[[], Fraction]
"""A part that is computed when it is needed: of `if`, one branch is not."""


class _Reader:
    """Reads a formula from left to right, by the precedence that everybody learns at school."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def at_end(self) -> bool:
        return not self.text[self.at :].strip()

    def comparison(self) -> _Later:
        left = self._sum()
        sign = self._taken(*_COMPARED)
        if sign is None:
            return left
        right, holds = self._sum(), _COMPARED[sign]
        return lambda: Fraction(holds(left(), right()))

    def _sum(self) -> _Later:
        value = self._product()
        while (sign := self._taken("+", "-")) is not None:
            value = _joined(sign, value, self._product())
        return value

    def _product(self) -> _Later:
        value = self._signed()
        while (sign := self._taken("×", "*", "/")) is not None:
            value = _joined(sign, value, self._signed())
        return value

    def _signed(self) -> _Later:
        if self._taken("-") is None:
            return self._power()
        value = self._signed()
        return lambda: -value()

    def _power(self) -> _Later:
        value = self._operand()
        if self._taken("^", "**") is None:
            return value
        exponent = self._signed()
        return lambda: power(value(), exponent())

    def _operand(self) -> _Later:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise Unreadable(f"a number is expected at {self.at}: {self.text[self.at :][:40]}")
        self.at = found.end()
        if found["number"]:
            value = Fraction(found["number"])
            note = self._note()
            if found["cut"]:
                value = _exact(note)
            return lambda: value
        if found["name"]:
            return self._call(found["name"])
        if found["sign"] != "(":
            raise Unreadable(f"a number is expected at {found.start('sign')}: {self.text[:60]}")
        inner = self.comparison()
        self._expect(")")
        self._note()
        return inner

    def _call(self, name: str) -> _Later:
        if name not in _FUNCTIONS:
            raise Unreadable(f"there is no function {name}")
        self._expect("(")
        parts = [self.comparison()]
        while self._taken(",") is not None:
            parts.append(self.comparison())
        self._expect(")")
        self._note()
        function = _FUNCTIONS[name]
        return lambda: function(*parts)

    def _note(self) -> str:
        """Skip what says what a number is: in brackets behind it, with brackets in it in pairs."""
        whole = ""
        while (opened := re.match(r" ?([(\[])", self.text[self.at :])) is not None:
            depth, at = 0, self.at + opened.end() - 1
            start = at + 1
            while at < len(self.text):
                depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self.text[at], 0)
                at += 1
                if not depth:
                    break
            else:
                raise Unreadable("a bracket is not closed")
            whole, self.at = whole or self.text[start : at - 1], at
        return whole

    def _taken(self, *signs: str) -> str | None:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found["sign"] not in signs:
            return None
        self.at = found.end()
        return str(found["sign"])

    def _expect(self, sign: str) -> None:
        if self._taken(sign) is None:
            raise Unreadable(f"{sign} is expected at {self.at}: {self.text[self.at :][:40]}")


def _exact(note: str) -> Fraction:
    found = _EXACT.fullmatch(note)
    if found is None:
        raise Unreadable("behind a number that is cut it has to stand what it is exactly")
    # The sign stands before the number as well.
    return abs(Fraction(found[1]) / int(found[2] or 1))


def _joined(sign: str, left: _Later, right: _Later) -> _Later:
    if sign == "+":
        return lambda: left() + right()
    if sign == "-":
        return lambda: left() - right()
    if sign == "/":
        return lambda: left() / right()
    return lambda: left() * right()


def _rounded(value: _Later, places: _Later | None = None) -> Fraction:
    return Fraction(half_up(value(), int(places()) if places else 0))


_FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {
    "min": lambda *parts: min(part() for part in parts),
    "max": lambda *parts: max(part() for part in parts),
    "abs": lambda part: abs(part()),
    "round": _rounded,
    "ln": lambda part: logarithm(part()),
    "sqrt": lambda part: root(part()),
    "if": lambda test, then, otherwise: then() if test() else otherwise(),
}
_COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A step of an explanation whose printed formula does not give the score that it shows."""

    code: str
    formula: str
    shown: Decimal
    computed: str


def contradictions(root_of: Node) -> Iterator[Contradiction]:
    """Yield the steps of an explanation that do not hold."""
    for node in root_of.walk():
        if node.formula is None or node.score is None:
            continue
        try:
            value = value_of(node.formula)
        except (Unreadable, ArithmeticError) as error:
            yield Contradiction(node.code, node.formula, node.score, str(error))
            continue
        if node.rounding is not None:
            value = Fraction(half_up(value, node.rounding.places))
        if value != node.score:
            yield Contradiction(node.code, node.formula, node.score, str(value))
