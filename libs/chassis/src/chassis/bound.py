"""Says an id of each table of a statement that is bound to it: by `a.part_id = $1` and
`b.part_id = a.part_id` also `b.part_id = $1`.

A statement is read as far as it has to be: which query names which tables, and which equations all
of a query is under. What stands beside an OR, in an expression, in the condition of another table's
join or in a query of its own binds nothing, and nothing is said there. Where a table that is joined
from the left has no row its id is null, and equal to nothing with or without what is said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_NAME = r'(?:"[^"]+"|[A-Za-z_]\w*)'
_TOKEN = re.compile(
    rf"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|{_NAME}(?:\.{_NAME})*|\$\d+(?:::uuid\b)?|::|\S",
    re.DOTALL | re.IGNORECASE,
)
_ID = re.compile(rf'(?:{_NAME}\.)+"?(?:\w+_id|home)"?')
_NAMING = {"FROM", "JOIN", "UPDATE", "USING"}
_UNDER = {"WHERE", "ON"}
_QUERIES = {"SELECT", "UPDATE", "DELETE"}
_REST = {"SET", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "RETURNING", "FOR"}
_CLAUSES = _NAMING | _UNDER | _QUERIES | _REST
_AGAIN = {"UNION", "INTERSECT", "EXCEPT"}
_SIDES = {"LEFT", "RIGHT", "FULL", "INNER", "CROSS"}
_AFTER = _CLAUSES | _AGAIN | _SIDES | {"AND", "OR", ")", ",", ";", "", "WINDOW", "FETCH"}


class _Token(NamedTuple):
    text: str
    word: str
    """In capitals; without the quotes of a name, which is none of the words then."""
    end: int


class _Column(NamedTuple):
    table: str
    name: str


@dataclass(eq=False)
class _Query:
    """One query, or what stands between brackets without being one; and the one around it."""

    around: "_Query | None"
    is_case: bool = False
    is_query: bool = False
    clause: str = ""
    part: int = 0
    """Which clause of the query this is, counted: there may be several of a kind."""
    tables: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    """The tables that the next ON joins."""
    side: str = ""
    joins: str = ""
    """From which side they are joined, if from one."""
    beside_or: set[int] = field(default_factory=set)

    def names(self, column: _Column) -> "_Query | None":
        """Return the query that names the table of a column: this one or one around it."""
        at: _Query | None = self
        while at is not None and column.table not in at.tables:
            at = at.around
        return at

    def enter(self, word: str) -> None:
        """Begin a clause."""
        self.is_query |= word in _QUERIES
        self.clause, self.part = word, self.part + 1
        if word in _NAMING:
            self.joined = set()
            self.joins, self.side = self.side, ""

    def decides(self) -> frozenset[str] | None:
        """Return the tables of which a condition that stands here says something, None for all:
        what is kept without a match is none of those."""
        if self.clause == "WHERE" or self.joins in ("", "INNER", "CROSS"):
            return None
        return frozenset(self.joined) if self.joins == "LEFT" else frozenset()

    def name(self, text: str) -> None:
        """Take a word of a clause that names tables for one."""
        table = text.rpartition(".")[2]
        self.tables.add(table)
        self.joined.add(table)


@dataclass(frozen=True, eq=False)
class _Equation:
    """An equation that a whole clause is under, of a column and a value or another column."""

    query: _Query
    part: int
    sides: tuple[_Column, _Column | str]
    of: frozenset[str] | None
    """The tables of which it says something; None for all that the query names."""
    end: int

    @property
    def holds(self) -> bool:
        return self.part not in self.query.beside_or

    def binds(self, column: _Column) -> bool:
        """Say whether it decides about this side."""
        if self.query.names(column) is not self.query:
            return False
        return self.of is None or column.table in self.of

    def directed(self) -> Iterator[tuple[_Column, _Column | str]]:
        """Yield each side that it decides about, with the other one."""
        left, right = self.sides
        if self.binds(left):
            yield left, right
        if isinstance(right, _Column) and self.binds(right):
            yield right, left


_Known = dict[tuple[_Query, _Column], str]


def of_each_table(statement: str) -> str:
    """Return a statement that says a value of each column that is bound to it by another."""
    equations = [each for each in _equations(_tokens(statement)) if each.holds]
    for end, text in reversed(_left_unsaid(equations)):
        statement = statement[:end] + text + statement[end:]
    return statement


def _left_unsaid(equations: Sequence[_Equation]) -> list[tuple[int, str]]:
    """Return what follows from the equations and none of them says, each with where it is said."""
    known, more = _known(equations), list[tuple[int, str]]()
    directed = [(each, *sides) for each in equations for sides in each.directed()]
    said = {(each.query, column) for each, column, other in directed if isinstance(other, str)}
    for each, column, _ in directed:
        key = each.query, column
        if key in known and key not in said:
            said.add(key)
            more.append((each.end, f" AND {column.table}.{column.name} = {known[key]}"))
    return more


def _known(equations: Sequence[_Equation]) -> _Known:
    """Return what follows from the equations, as far as they lead."""
    known, before = _Known(), -1
    while len(known) > before:
        before = len(known)
        for each in equations:
            for column, other in each.directed():
                value = other if isinstance(other, str) else _value(known, each.query, other)
                if value is not None:
                    known.setdefault((each.query, column), value)
    return known


def _value(known: _Known, query: _Query, column: _Column) -> str | None:
    named = query.names(column)
    return None if named is None else known.get((named, column))


def _tokens(statement: str) -> list[_Token]:
    found = (each for each in _TOKEN.finditer(statement) if not each[0].startswith(("--", "/*")))
    return [_Token(each[0], each[0].upper(), each.end()) for each in found]


def _equations(tokens: Sequence[_Token]) -> list[_Equation]:
    padded = [_Token("", "", 0), *tokens, *[_Token("", "", 0)] * 3]
    query, found = _Query(None), list[_Equation]()
    for at in range(1, len(padded) - 3):
        before, token = padded[at - 1].word, padded[at]
        query = _around(query, before, token)
        if query.is_query and query.clause in _UNDER and before in ("AND", query.clause):
            found += _equation(query, padded[at : at + 4])
    return found


def _around(query: _Query, before: str, token: _Token) -> _Query:
    """Return the query that the next token stands in, having read this one."""
    word = token.word
    if word in ("(", "CASE"):
        return _Query(query, is_case=word == "CASE")
    if query.around is not None and (word == ")" or (word == "END" and query.is_case)):
        return query.around
    if word in _AGAIN:
        return _Query(query.around, is_case=query.is_case)
    _read(query, before, token)
    return query


def _read(query: _Query, before: str, token: _Token) -> None:
    word = token.word
    if word in _SIDES:
        query.side = word
    elif word in _CLAUSES and before not in ("DISTINCT", "FOR"):  # DISTINCT FROM, FOR UPDATE
        query.enter(word)
    elif word == "OR":
        query.beside_or.add(query.part)
    elif word == ",":
        if query.clause in _UNDER | _NAMING:
            query.enter("FROM")
    elif query.clause in _NAMING and (token.text[0].isalpha() or token.text[0] in '_"'):
        query.name(token.text)


def _equation(query: _Query, tokens: Sequence[_Token]) -> Iterator[_Equation]:
    left, is_equal, right, after = tokens
    if is_equal.text != "=" or after.word not in _AFTER or not _ID.fullmatch(left.text):
        return
    if not right.text.startswith("$") and not _ID.fullmatch(right.text):
        return
    other = right.text if right.text.startswith("$") else _column(right.text)
    yield _Equation(query, query.part, (_column(left.text), other), query.decides(), right.end)


def _column(text: str) -> _Column:
    *_, table, name = text.split(".")
    return _Column(table, name)
