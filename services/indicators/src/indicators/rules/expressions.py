"""The language of formulas: arithmetic over named inputs, and nothing that could do harm.

Numbers, names, ``+ - * / **``, comparisons, and a few functions. A formula is read, never run,
here: what matters is that it can be understood, that its names are known, and that numbers and
truth values stand where they belong.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal, cast

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from chassis.refusals import Fault

Kind = Literal["number", "truth"]

Operation = Literal[
    "+", "-", "*", "/", "**", "negative", "<", "<=", ">", ">=", "==", "!=",
    "min", "max", "abs", "round", "ln", "sqrt", "if",
]  # fmt: skip
"""What a formula can do with numbers: `negative` is the sign before one."""

LONGEST = 1_000
"""A formula has at most this many characters."""

DEEPEST = 90
"""So many terms may lie within one another, and so many stand between one pair of parentheses.

Each takes two levels of the tree in JSON, and common readers of JSON stop at 200.
"""

GRAMMAR = r"""
?start: test
?test: sum | sum COMPARISON sum -> comparison
?sum: product | sum (PLUS | MINUS) product -> arithmetic
?product: signed | product (TIMES | OVER) signed -> arithmetic
?signed: power | MINUS power -> negative
?power: atom | atom POWER signed -> arithmetic
?atom: NUMBER -> number
     | NAME -> name
     | NAME "(" test ("," test)* ")" -> call
     | "(" test ")"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
POWER: "**"
COMPARISON: "<=" | ">=" | "==" | "!=" | "<" | ">"
NUMBER: /[0-9]+(\.[0-9]+)?/
NAME: /[^\W\d]\w*/
%ignore /[ \t\n]+/
"""

_NAME = re.compile(r"[^\W\d]\w*")

# What each function takes: a truth value or numbers, at least and at most so many.
_FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, DEEPEST),
    "max": (2, DEEPEST),
    "abs": (1, 1),
    "round": (1, 2),
    "ln": (1, 1),
    "sqrt": (1, 1),
    "if": (3, 3),
}

FUNCTIONS: Collection[str] = _FUNCTIONS.keys()
"""The functions; no input may be named like one of them."""


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number of a formula, in the digits that are written there."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}

    number: str


@dataclass(frozen=True, slots=True)
class NameNode:
    """An input of a formula, by its name."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}

    name: str


@dataclass(frozen=True, slots=True)
class AppliedNode:
    """An operation or a function of a formula, with what it is applied to."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}

    apply: Operation
    to: "tuple[NumberNode | NameNode | AppliedNode, ...]"


Tree = NumberNode | NameNode | AppliedNode
"""A formula as it was read: whoever computes it needs no grammar."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula: what it is, which inputs it names, and what is wrong in it.

    A problem is a code with its sentence in English and in Chinese. The `tree` of a part that has
    problems means nothing.
    """

    tree: Tree
    kind: Kind
    depth: int = 1
    names: frozenset[str] = frozenset()
    problems: tuple[tuple[str, str, str], ...] = ()


def formula_faults(
    formula: str, names: Collection[str], at: str, wanted: Kind = "number"
) -> Iterator[Fault]:
    """Yield why a formula over the inputs `names` cannot be used where `wanted` is wanted."""
    if len(formula) > LONGEST:
        yield Fault(
            at,
            "formula-too-long",
            f"A formula has at most {LONGEST} characters.",
            f"公式不得超过 {LONGEST} 个字符。",
        )
        return
    try:
        term = _read(formula)
    except UnexpectedInput as unexpected:
        yield _unreadable(formula, unexpected, at)
        return
    if term.depth > DEEPEST:
        yield Fault(
            at,
            "formula-too-deep",
            f"At most {DEEPEST} terms may lie within one another.",
            f"公式嵌套不得超过 {DEEPEST} 层。",
        )
    for name in sorted(term.names - set(names)):
        yield Fault(
            at,
            "unknown-name",
            f"The formula names {name}, which is no input.",
            f"公式中的 `{name}` 不是输入项。",
        )
    for code, en, zh in dict.fromkeys((*term.problems, *_as(wanted, term))):
        yield Fault(at, code, en, zh)


def tree_of(formula: str) -> Tree:
    """Return a formula that can be used as the tree of what it computes."""
    return _read(formula).tree


def names_in(formula: str) -> frozenset[str]:
    """Return the inputs that a formula names; none where it cannot be read."""
    try:
        return _read(formula).names
    except UnexpectedInput:
        return frozenset()


def is_name(text: str) -> bool:
    """Say whether an input may be called `text`: a name of letters, digits and _, no function."""
    return _NAME.fullmatch(text) is not None and text not in FUNCTIONS


def _unreadable(formula: str, unexpected: UnexpectedInput, at: str) -> Fault:
    place = cast(int, unexpected.pos_in_stream)
    if isinstance(unexpected, UnexpectedToken) and unexpected.token.type == "$END":
        return Fault(at, "formula-unfinished", "The formula ends too early.", "公式不完整。")
    return Fault(
        at,
        "formula-unreadable",
        f"The formula cannot be read from character {place + 1} on: {formula[place : place + 20]}",
        f"公式自第 {place + 1} 个字符起无法识别：{formula[place : place + 20]}",
    )


@v_args(inline=True)
class _Reader(Transformer[Token, Term]):
    """Makes terms while the parser reads, from the inside out, so that nothing recurs."""

    def number(self, digits: Token) -> Term:
        return Term(NumberNode(str(digits)), "number")

    def name(self, name: Token) -> Term:
        return Term(NameNode(str(name)), "number", names=frozenset({str(name)}))

    def arithmetic(self, left: Term, sign: Token, right: Term) -> Term:
        return _joined("number", str(sign), [left, right], ["number", "number"])

    def negative(self, _: Token, term: Term) -> Term:
        return _joined("number", "negative", [term], ["number"])

    def comparison(self, left: Term, sign: Token, right: Term) -> Term:
        return _joined("truth", str(sign), [left, right], ["number", "number"])

    def call(self, name: Token, *terms: Term) -> Term:
        wanted: list[Kind] = ["number"] * len(terms)
        if name == "if":
            wanted[0] = "truth"
        term = _joined("number", str(name), terms, wanted)
        problem = _call_problem(str(name), len(terms))
        return replace(term, problems=(*term.problems, *problem))


def _joined(kind: Kind, operation: str, terms: Collection[Term], wanted: Collection[Kind]) -> Term:
    problems = [
        problem
        for term, kind_wanted in zip(terms, wanted, strict=True)
        for problem in (*term.problems, *_as(kind_wanted, term))
    ]
    return Term(
        AppliedNode(cast(Operation, operation), tuple(term.tree for term in terms)),
        kind,
        1 + max(term.depth for term in terms),
        frozenset().union(*(term.names for term in terms)),
        tuple(problems),
    )


def _as(wanted: Kind, term: Term) -> Iterator[tuple[str, str, str]]:
    if wanted == "number" and term.kind == "truth":
        yield (
            "not-a-value",
            "A comparison stands where a number is wanted.",
            "应为数值之处出现了比较式。",
        )
    if wanted == "truth" and term.kind == "number":
        yield (
            "not-a-comparison",
            "A number stands where a comparison is wanted.",
            "应为比较式之处出现了数值。",
        )


def _call_problem(name: str, given: int) -> Iterator[tuple[str, str, str]]:
    if name not in _FUNCTIONS:
        known = ", ".join(_FUNCTIONS)
        yield (
            "unknown-function",
            f"There is no function {name}; there are: {known}.",
            f"没有函数 `{name}`；可用函数：`{known}`。",
        )
        return
    least, most = _FUNCTIONS[name]
    if not least <= given <= most:
        yield (
            "wrong-arguments",
            f"{name} does not take {given} argument(s).",
            f"函数 `{name}` 的参数个数不能是 {given}。",
        )


@lru_cache(maxsize=4096)
def _read(formula: str) -> Term:
    """Read a formula; the same one stands in many schemes and for many units."""
    return cast(Term, _parser().parse(formula))


@cache
def _parser() -> Any:  # noqa: ANN401 - what it gives is made by the transformer
    return Lark(GRAMMAR, parser="lalr", transformer=_Reader())
