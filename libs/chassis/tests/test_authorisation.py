"""The matrix: what is not written is refused."""

from dataclasses import replace

import pytest

from chassis.authorisation import Matrix, NotAllowed, Permission, PermitNotAsked, Row, load
from chassis.identity import Caller

SOMEBODY = Caller("li", frozenset({"reader"}), "A1", "li")


MATRIX = Matrix(
    roles={"reader": {"zh": "读者"}, "head_librarian": {"zh": "馆长"}},
    exclusive=(),
    routes={"POST /loans": (Row("head_librarian", None, frozenset()),)},
    relations={"own_book": {"zh": "书归本人", "en": "the book is the caller's own"}},
    phases={"open": {"zh": "开馆", "en": "open"}, "closed": {"zh": "闭馆", "en": "closed"}},
)


def permission(*rows: Row) -> Permission:
    return Permission(SOMEBODY, rows, MATRIX)


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
    with pytest.raises(PermitNotAsked):
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


@pytest.mark.parametrize(
    ("row", "relations", "en", "zh"),
    [
        (
            Row("reader", "own_book", OPEN),
            set(),
            "Only where the book is the caller's own.",
            "仅限以下情形：书归本人。",
        ),
        (
            Row("reader", "own_book", OPEN),
            {"own_book"},
            "Only while it is open; it is closed.",
            "仅限以下状态：开馆；当前状态：闭馆。",
        ),
    ],
)
def test_a_refusal_says_in_words_what_is_lacking_and_nothing_else(row, relations, en, zh):
    """Planted bug: the codes of relation and phase stand in the sentence as they are."""
    with pytest.raises(NotAllowed) as refused:
        permission(row).require(relations, "closed")
    assert (refused.value.detail_en, refused.value.detail_zh) == (en, zh)


def test_a_caller_without_a_row_is_told_which_roles_have_one():
    refused = MATRIX.not_allowed("POST /loans", {"reader"})
    assert refused.detail_en == "The caller's roles: reader. Roles that may: head librarian."
    assert refused.detail_zh == "调用者的角色：读者；可以办理的角色：馆长。"


def test_reads_are_logged_where_the_table_says_so_but_for_those_of_the_own_unit():
    """Planted bugs: whoever may also read the own is not told of; all that a unit reads is."""
    matrix = replace(MATRIX, logged=frozenset({"GET /loans"}))
    own, all_of_them = (Row("reader", each, frozenset()) for each in ("own_unit", None))
    assert Permission(SOMEBODY, (own, all_of_them), matrix).is_logged("GET /loans")
    assert not Permission(SOMEBODY, (own,), matrix).is_logged("GET /loans")
    assert not Permission(SOMEBODY, (all_of_them,), matrix).is_logged("GET /books")


@pytest.mark.parametrize(
    "listed",
    [
        "logged: [GET /unknown]",
        "logged: [POST /loans]",
        "logged_computed: [POST /unknown]",
        "logged_computed: [GET /loans]",
    ],
)
def test_what_is_no_read_cannot_be_logged_as_one(tmp_path, listed):
    """Planted bug: a route that is spelled otherwise is logged nowhere, and nobody is told."""
    file = tmp_path / "matrix.yaml"
    rows = "[{role: any}]"
    text = f"roles: {{}}\nexclusive: []\nroutes: {{GET /loans: {rows}, POST /loans: {rows}}}\n"
    file.write_text(f"{text}{listed}\n")
    with pytest.raises(ValueError, match="no reads"):
        load(file)


def test_a_role_that_is_alone_goes_with_no_other(tmp_path):
    """Planted bug: with those that are alone as well, and not with the others."""
    file = tmp_path / "matrix.yaml"
    roles = "{keeper: {alone: true}, reader: {}, lender: {}}"
    file.write_text(f"roles: {roles}\nexclusive: []\nroutes: {{}}\n")
    found = {frozenset(line) for line in load(file).exclusive}
    assert found == {frozenset({"keeper", "reader"}), frozenset({"keeper", "lender"})}


def test_a_right_of_an_emergency_opens_its_routes_and_knows_its_roles(tmp_path):
    """Planted bug: a role that nobody has may take it."""
    file = tmp_path / "matrix.yaml"
    routes = "{GET /loans: [{role: lender}], POST /loans: [{role: lender}]}"
    text = f"roles: {{keeper: {{}}, lender: {{}}}}\nexclusive: []\nroutes: {routes}\n"
    right = "emergency: {looking: {role: lender, taken_by: [%s], routes: [GET /loans]}}\n"
    file.write_text(text + right % "keeper")
    matrix = load(file)
    matrix.check_purpose("GET /loans", "looking")
    with pytest.raises(NotAllowed):
        matrix.check_purpose("POST /loans", "looking")
    file.write_text(text + right % "stranger")
    with pytest.raises(ValueError, match="unknown role"):
        load(file)
