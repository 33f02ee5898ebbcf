"""Words put into a document, in one language; and what stands at several operations once."""

import pytest

from gateway import catalogue
from gateway.rules.wording import shared, worded

WORDS = """
tags: {loans: {zh: 借阅, en: Loans, about: {zh: 借出与归还, en: lent and brought back}}}
operations: {lend: {summary: {zh: 借出, en: Lend}}}
descriptions: {lend: 借出一本书。}
schemas:
  Loan: {zh: 一次借阅。, properties: {state: {zh: 借阅状态。, en: How it stands.}}}
properties:
  state: {zh: 状态。, en: State.}
  title: {zh: 书名。, en: Title of the book.}
values: {lent: {zh: 借出, en: lent}, back: {zh: 已还, en: brought back}}
parameters: {branch: {zh: 分馆。, en: The branch.}}
answers: {Successful Response: {zh: 成功。, en: Done.}}
"""

NOTHING = {"type": "null"}


def document():
    refusal = {"description": "`branch-closed`: Closed.", "x-problems": ["branch-closed"]}
    either = {"type": "string", "description": "Of this branch."}
    operation = {
        "operationId": "lend",
        "summary": "Lend",
        "description": "Lend a book.",
        "tags": ["loans"],
        "parameters": [{"name": "branch", "in": "query", "schema": {"anyOf": [either, NOTHING]}}],
        "responses": {"200": {"description": "Successful Response"}, "409": refusal},
    }
    title, state = {"type": "string"}, {"type": "string", "enum": ["lent", "back"]}
    schemas = {
        "Loan-Output": {"description": "A loan.", "properties": {"state": state, "title": title}},
        "Book": {"properties": {"title": dict(title), "state": {"type": "string"}}},
    }
    remedy = {"en": "Come back.", "zh": "请再来。"}
    closed = {"status": 409, "en": "Closed.", "zh": "已闭馆。", "remedy": remedy}
    return {
        "info": {"title": "x"},
        "paths": {"/a": {"post": operation}, "/b": {"post": {**operation, "operationId": "buy"}}},
        "components": {"schemas": schemas},
        "x-problems": {"branch-closed": closed},
    }


@pytest.fixture
def words(tmp_path):
    (tmp_path / "words.yaml").write_text(WORDS, "utf-8")
    return catalogue.read(tmp_path)


def test_each_thing_is_said_in_the_language_asked_for(words):
    """Planted bug: the word of the name before the schema's own; enum values left out."""
    before = document()
    made = worded(before, words, "zh")
    lend, buy = (made["paths"][path]["post"] for path in ("/a", "/b"))
    assert (lend["summary"], lend["description"]) == ("借出", "借出一本书。")
    assert (buy["summary"], buy["description"]) == ("Lend", "Lend a book."), "no words: as it was"
    [branch] = lend["parameters"]
    assert branch["description"] == "分馆。"
    assert branch["schema"] == {"anyOf": [{"type": "string"}, NOTHING]}, "in one language alone"
    assert lend["responses"]["200"]["description"] == "成功。"
    assert lend["responses"]["409"] == {"description": "`branch-closed`: 已闭馆。"}
    assert made["tags"] == [{"name": "loans", "x-displayName": "借阅", "description": "借出与归还"}]
    loan = made["components"]["schemas"]["Loan-Output"]
    assert loan["description"] == "一次借阅。"
    state = loan["properties"]["state"]
    assert state["description"] == "借阅状态。\n`lent` 借出；`back` 已还"
    assert state["x-enum-descriptions"] == ["借出", "已还"]
    book = made["components"]["schemas"]["Book"]["properties"]
    assert {name: book[name]["description"] for name in book} == {
        "title": "书名。",
        "state": "状态。",
    }
    assert before == document(), "the document itself is not written to"


def test_what_stands_at_two_operations_stands_once(words):
    """Planted bug: two refusals under one name, of which one is lost."""
    given = worded(document(), words, "en")
    other = {**given["paths"]["/a"]["post"]["responses"]["409"], "headers": {"Retry-After": {}}}
    given["paths"]["/c"] = {"post": {"responses": {"409": other}}}
    made = shared(given)
    assert made["paths"]["/c"]["post"]["responses"]["409"] == other, "of one name, and not alike"
    for path in ("/a", "/b"):
        operation = made["paths"][path]["post"]
        assert operation["parameters"] == [{"$ref": "#/components/parameters/Branch"}]
        assert operation["responses"]["409"] == {"$ref": "#/components/responses/BranchClosed"}
    assert made["components"]["responses"]["BranchClosed"]["description"].endswith("Closed.")
    assert made["components"]["parameters"]["Branch"]["description"] == "The branch."


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a": "books: {}"}, "there is no section books"),
        ({"a": WORDS, "b": "tags: {loans: {}}"}, "stand in two files"),
        ({"a": "tags: {loans: {}, loans: {}}"}, "a word stands twice"),
    ],
)
def test_a_catalogue_with_a_word_that_stands_twice_or_nowhere_is_refused(tmp_path, files, named):
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=named):
        catalogue.read(tmp_path)
