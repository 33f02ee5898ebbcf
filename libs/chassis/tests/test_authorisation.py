"""The matrix: what is not written is refused."""

import pytest

from chassis.authorisation import Permission, Row, Unasked, load
from chassis.identity import Caller

SOMEBODY = Caller("li", frozenset({"reader"}), "A1", "li")


def permission(*rows: Row) -> Permission:
    return Permission(SOMEBODY, rows)


OPEN = frozenset({"open"})


@pytest.mark.parametrize(
    ("row", "relations", "phase", "allowed"),
    [
        (Row("reader", None, frozenset()), set(), None, True),
        (Row("reader", "own_book", frozenset()), set(), None, False),
        (Row("reader", "own_book", frozenset()), {"own_book"}, None, True),
        (Row("reader", "own_book", OPEN), {"own_book"}, "closed", False),
        (Row("reader", "own_book", OPEN), {"own_book"}, "open", True),
        (Row("reader", "own_book", OPEN), {"other"}, "open", False),
        (Row("reader", None, OPEN), set(), None, False),
    ],
)
def test_a_row_lets_through_when_relation_and_phase_hold(row, relations, phase, allowed):
    assert permission(row).allows(relations, phase) is allowed


def test_without_a_row_nothing_is_allowed():
    assert not permission().allows({"own_book"}, "open")


def test_not_asking_is_found_only_where_it_matters():
    permission(Row("reader", None, frozenset())).settle()
    conditional = permission(Row("reader", "own_book", frozenset()))
    with pytest.raises(Unasked):
        conditional.settle()
    conditional.allows()
    conditional.settle()


@pytest.mark.parametrize(
    "line",
    [
        "GET /x: [{role: nobody_knows}]",
        "GET /x: []",
        "GET /x: [{role: reader, relations: own}]",
    ],
)
def test_a_matrix_with_an_unknown_word_is_refused(tmp_path, line):
    path = tmp_path / "matrix.yaml"
    path.write_text(f"roles: {{reader: {{}}}}\nexclusive: []\nroutes:\n  {line}\n", "utf-8")
    with pytest.raises(ValueError, match="unknown"):
        load(path)
