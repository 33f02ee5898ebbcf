"""Computes printed formulas again: what an explanation says has to give the digits that it shows.

It knows numbers and arithmetic, and no method, parameter or entry: so nothing that went wrong where
scores are computed goes wrong here in the same way.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from scoring.rules.columns.exact import half_up, logarithm, power, root
from scoring.rules.columns.gaps import Gap
from scoring.rules.explanation.nodes import Node

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<cut>…?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*×/^(),<>\[\]=?]))"
)
_EXACT = re.compile(r"= (-?[0-9]+(?:\.[0-9]+)?)(?: / ([0-9]+))?")
_NOTE = re.compile(r" ?[(\[]")
_BRACKET = re.compile(r"[()\[\]]")
_REST = re.compile(r"\s*\Z")


class Unreadable(Exception):
    """A formula is not written in the language of printed formulas."""


def value_of(formula: str) -> Fraction:
    """Return what a printed formula is worth.

    What stands in brackets behind a number says what it is. Behind a number that is cut (`…`) it
    says exactly what it is, as a quotient or with fifty digits.
    """
    return _Reader(formula).whole()()


_Later = Callable[[], Fraction]
"""A part that is computed when it is needed: of `if`, one branch is not."""


class _Row:
    """Parts with signs between them, joined one after the other from the left.

    A sum may have thousands of them, so none lies within another.
    """

    def __init__(self, first: _Later, kind: int) -> None:
        self.first, self.kind = first, kind
        self.further: list[tuple[str, _Later]] = []

    def __call__(self) -> Fraction:
        value = self.first()
        for sign, part in self.further:
            value = _JOINED[sign](value, part())
        return value


class _Level:
    """What was read since a bracket was opened: of a `function` if one stands before it."""

    def __init__(self, function: str | None = None) -> None:
        self.function = function
        self.given: list[_Later] = []
        self.parts: list[_Later] = []
        self.signs: list[str] = []

    def take(self, sign: str) -> None:
        """Take a sign between two parts, after what binds closer on its left."""
        left_first = sign in _JOINED
        self.settle(_BINDS[sign] if left_first else _BINDS[sign] + 1)
        if sign in _COMPARED and self.signs:
            raise Unreadable("one comparison stands behind another")
        self.signs.append(sign)

    def settle(self, binds: int = 0) -> None:
        """Put together what stands between signs that bind as closely as that, or closer."""
        while self.signs and _BINDS[self.signs[-1]] >= binds:
            sign = self.signs.pop()
            right = self.parts.pop()
            negative = sign == _NEGATIVE
            self.parts.append(
                _negative(right) if negative else _put_together(self.parts.pop(), sign, right)
            )

    def close(self) -> _Later:
        """Return what stands between the brackets."""
        self.settle()
        self.given.append(self.parts.pop())
        if self.function is None:
            return self.given[0]
        function, given = _FUNCTIONS[self.function], self.given
        return lambda: function(*given)


class _Reader:
    """Reads a formula from left to right, by the precedence that everybody learns at school.

    Brackets may lie within one another as deep as anybody likes, so nothing here calls itself.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.levels = [_Level()]
        self._move(0)

    def _move(self, at: int) -> None:
        """Set the reading position, and match the token that begins there once."""
        self.at, self.token = at, _TOKEN.match(self.text, at)
        self.sign = self.token["sign"] if self.token is not None else None

    def whole(self) -> _Later:
        """Read all of it."""
        while True:
            self._operand()
            while self._taken(")") is not None:
                if len(self.levels) == 1:
                    raise Unreadable(f"nothing is opened that is closed at {self.at}")
                closed = self.levels.pop().close()
                self.levels[-1].parts.append(closed)
                self._note()
            level = self.levels[-1]
            if self._taken(",") is not None and level.function is not None:
                level.settle()
                level.given.append(level.parts.pop())
            elif (sign := self._taken(*_BETWEEN)) is not None:
                level.take(sign)
            elif len(self.levels) == 1 and _REST.match(self.text, self.at):
                return level.close()
            else:
                raise Unreadable(f"nothing is expected at {self.at}: {self._ahead()}")

    def _operand(self) -> None:
        """Read up to the end of the next number, with the signs and brackets before it."""
        while True:
            found = self.token
            if found is None:
                raise Unreadable(f"a number is expected at {self.at}: {self._ahead()}")
            if found["number"]:
                self.levels[-1].parts.append(self._number(found))
                return
            self._move(found.end())
            if found["name"]:
                self._open(found["name"])
            elif found["sign"] == "(":
                self.levels.append(_Level())
            elif found["sign"] == "-":
                self.levels[-1].signs.append(_NEGATIVE)
            else:
                raise Unreadable(f"a number is expected at {found.start('sign')}: {self._ahead()}")

    def _number(self, found: re.Match[str]) -> _Later:
        self.at = found.end()
        note = self._note()
        value = _exact(note) if found["cut"] else _fraction(found["number"])
        return lambda: value

    def _open(self, name: str) -> None:
        if name not in _FUNCTIONS:
            raise Unreadable(f"there is no function {name}")
        if self._taken("(") is None:
            raise Unreadable(f"( is expected at {self.at}: {self._ahead()}")
        self.levels.append(_Level(name))

    def _ahead(self) -> str:
        return self.text[self.at : self.at + 40]

    def _note(self) -> str:
        """Skip what says what a number is: in brackets behind it, with brackets in it in pairs."""
        whole = ""
        while (opened := _NOTE.match(self.text, self.at)) is not None:
            depth, start = 1, opened.end()
            at = start
            while depth:
                bracket = _BRACKET.search(self.text, at)
                if bracket is None:
                    raise Unreadable("a bracket is not closed")
                depth += 1 if bracket[0] in "([" else -1
                at = bracket.end()
            whole, self.at = whole or self.text[start : at - 1], at
        self._move(self.at)
        return whole

    def _taken(self, *signs: str) -> str | None:
        found, sign = self.token, self.sign
        if found is None or sign is None or sign not in signs:
            return None
        self._move(found.end())
        return sign


def _exact(note: str) -> Fraction:
    found = _EXACT.fullmatch(note)
    if found is None:
        raise Unreadable("behind a number that is cut it has to stand what it is exactly")
    # The sign stands before the number as well.
    return _fraction(found[1].lstrip("-")) / int(found[2] or 1)


@lru_cache(4096)
def _fraction(digits: str) -> Fraction:
    """Return the number of some digits with, or without, a point among them.

    Kept for a while: points, targets and limits stand in every explanation.
    """
    whole, _, broken = digits.partition(".")
    return Fraction(int(whole + broken), 10 ** len(broken))


def _negative(part: _Later) -> _Later:
    return lambda: -part()


def _put_together(left: _Later, sign: str, right: _Later) -> _Later:
    if sign in _JOINED:
        kind = _BINDS[sign]
        row = left if isinstance(left, _Row) and left.kind == kind else _Row(left, kind)
        row.further.append((sign, right))
        return row
    if sign in _POWERS:
        return lambda: power(left(), right())
    holds = _COMPARED[sign]
    return lambda: Fraction(holds(left(), right()))


def _rounded(value: _Later, places: _Later | None = None) -> Fraction:
    return _half_up(value(), int(places()) if places else 0)


def _half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(*half_up(value, places).as_integer_ratio())


_JOINED: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "×": operator.mul,
    "*": operator.mul,
    "/": operator.truediv,
}
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
_POWERS, _NEGATIVE = frozenset({"^", "**"}), "negative"
_BINDS: Mapping[str, int] = {
    **dict.fromkeys(_COMPARED, 0),
    **dict.fromkeys(("+", "-"), 1),
    **dict.fromkeys(("×", "*", "/"), 2),
    _NEGATIVE: 3,
    **dict.fromkeys(_POWERS, 4),
}
"""How closely signs bind the parts beside them."""

_BETWEEN = frozenset(_BINDS) - {_NEGATIVE}


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
        except (Unreadable, ArithmeticError, TypeError, Gap) as error:
            yield Contradiction(node.code, node.formula, node.score, str(error))
            continue
        if node.rounding is not None:
            value = _half_up(value, node.rounding.places)
        if value != Fraction(*node.score.as_integer_ratio()):
            yield Contradiction(node.code, node.formula, node.score, str(value))
