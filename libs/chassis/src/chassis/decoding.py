"""Strict JSON decoding: bodies that are ambiguous, too deep or too large are refused.

Python's decoder keeps the last of two equal keys, reads `NaN`, turns 0.1 into a binary
float and lets half a surrogate pair through to crash whoever encodes it next. Here each of
them is a refusal, and numbers become `Decimal` digit for digit.

What is counted is counted before anything is built: ten megabytes of brackets become three
million lists, and whoever looks for faults in them finds three million. Every step is linear in
the length of the body.

Nearly every body is sound, and then it is enough that a fast reader takes it and that a few counts
agree (`_sound`). Whatever is not seen to be sound in this way is read step by step by the reader
that knows what to say about it; that one alone refuses.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any, NoReturn

import orjson

from chassis.refusals import Invalid

MAX_DEPTH = 32
MAX_DIGITS = 40
MAX_VALUES = 400_000
"""The most values in one body, counting objects and arrays; a large batch has 120,000."""
MAX_ITEMS = 20_000
"""The most items of one array; no list of ours may be longer."""
MAX_KEYS = 2_000
"""The most keys of one object."""
_MAX_QUOTES = 4 * MAX_VALUES  # two for a value and two for its key

# It matches from every quote on, to the end of a body that leaves its string open. A pattern that
# can fail there is tried again at each escaped quote, and four million of them take hours.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?', re.DOTALL)
_MARKS = re.compile(rb"[\[\]{},]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class NotJson(Invalid):
    """The request body is not acceptable JSON."""

    zh = "请求体不是可接受的 JSON。"
    remedy = (
        "Mend the JSON at the place that `detail` names: UTF-8, no name twice in an object, "
        "numbers as they are in JSON.",
        "请按 `detail` 所指位置改正 JSON：采用 UTF-8 编码，同一对象中名称不得重复，数字须符合 JSO"
        "N 写法。",
    )
    status = 400


def _refuse(en: str, zh: str) -> NoReturn:
    raise NotJson(en, zh)


_NOT_SEEN = object()


def decode(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the JSON value in `body`, decimals exact; raise `NotJson` naming what is wrong."""
    value = _sound(body)
    return _step_by_step(body) if value is _NOT_SEEN else value


def _sound(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the value of a body in which nothing is wrong, or `_NOT_SEEN`.

    orjson reads by the letter of RFC 8259 and refuses half a surrogate pair. But it keeps the last
    of two equal keys, takes a NUL, and makes a binary float of whatever is no whole number of 64
    bits: these are looked for here.
    """
    # Every value but one has a mark of its own before it; those within strings only add to them.
    if len(body) >= MAX_VALUES and (
        sum(map(body.count, (b",", b"[", b"{"))) >= MAX_VALUES or body.count(b'"') > _MAX_QUOTES
    ):
        return _NOT_SEEN
    if b"\\u00" in body:  # a NUL perhaps, or a colon in disguise
        return _NOT_SEEN
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _NOT_SEEN
    values = _Values(value)
    if values.out_of_measure or values.may_repeat_a_key(body):
        return _NOT_SEEN
    if float in values.kinds:
        return json.loads(body.decode(), parse_float=_number, parse_int=_whole)
    return value


class _Values:
    """All values below one, level by level: as many steps as there are levels, not values."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - JSON is anything
        self.levels, self.kinds, self.objects = list[list[Any]](), set[type](), list[Any]()
        self.out_of_measure = False
        level = [value]
        while level and not self.out_of_measure:
            self.levels.append(level)
            kinds = set(map(type, level))
            self.kinds |= kinds
            below = list[Any]()
            if list in kinds:
                arrays = [each for each in level if type(each) is list]
                self._limit(arrays, MAX_ITEMS)
                below += chain.from_iterable(arrays)
            if dict in kinds:
                objects = [each for each in level if type(each) is dict]
                self._limit(objects, MAX_KEYS)
                self.objects += objects
                below += chain.from_iterable(map(dict.values, objects))
            level = below

    def _limit(self, inner: list[Any], most: int) -> None:
        if len(self.levels) > MAX_DEPTH or max(map(len, inner)) > most:
            self.out_of_measure = True

    def may_repeat_a_key(self, body: bytes) -> bool:
        """Say whether there are more keys in a body than were kept: a colon follows each."""
        more = body.count(b":") - sum(map(len, self.objects))
        if more:  # it may be that they stand in strings
            texts = [each for level in self.levels for each in level if type(each) is str]
            more -= "".join(chain(texts, *self.objects)).count(":")
        return more != 0


def _step_by_step(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8.", "请求体不是 UTF-8 编码。")
    if text.startswith("\ufeff"):
        _refuse("The body begins with a byte order mark.", "请求体以字节顺序标记开头。")
    _check_measure(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=lambda word: _refuse(
                f"{word} is not a JSON number.", f"{word} 不是 JSON 数字。"
            ),
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        _refuse(f"Not JSON at {where}.", f"第 {error.lineno} 行第 {error.colno} 列不是 JSON。")
    # A lone surrogate or a NUL can only come from an escape; both are refused wherever they stand.
    if "\\u" in text:
        _check_escapes(value)
    return value


def _check_measure(body: bytes) -> None:
    """Refuse a body of too many values, by what stands between them and outside of strings."""
    if body.count(b'"') > _MAX_QUOTES:
        _refuse_count()
    outline = _STRINGS.sub(b"", body)
    # Every value but the first follows a comma or is the first of its array or object.
    if 1 + sum(map(outline.count, (b",", b"[", b"{"))) > MAX_VALUES:
        _refuse_count()
    if outline.count(b"]") + outline.count(b"}") > MAX_VALUES:
        _refuse_count()
    _check_nesting(outline)


def _check_nesting(outline: bytes) -> None:
    commas, most = list[int](), list[int]()  # of each array and object that is open
    for mark in _MARKS.findall(outline):
        if mark in b"[{":
            commas.append(0)
            most.append(MAX_ITEMS if mark == b"[" else MAX_KEYS)
            if len(commas) > MAX_DEPTH:
                _refuse(f"Nested deeper than {MAX_DEPTH} levels.", f"嵌套超过 {MAX_DEPTH} 层。")
        elif not commas:
            return  # never opened: no JSON, as the decoder is about to say
        elif mark == b",":
            commas[-1] += 1
            if commas[-1] >= most[-1]:
                _refuse_length(most[-1])
        else:
            commas.pop()
            most.pop()


def _refuse_count() -> NoReturn:
    _refuse(f"More than {MAX_VALUES:,} values.", f"数据项超过 {MAX_VALUES:,} 个。")


def _refuse_length(most: int) -> NoReturn:
    if most == MAX_ITEMS:
        _refuse(f"An array has more than {most:,} items.", f"数组超过 {most:,} 项。")
    _refuse(f"An object has more than {most:,} keys.", f"对象超过 {most:,} 个键。")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("An object has the same key twice.", "对象中有重复的键。")
    return found


def _number(digits: str) -> Decimal:
    if len(digits) > MAX_DIGITS:
        _refuse(f"A number is longer than {MAX_DIGITS} characters.", "数字过长。")
    try:
        number = Decimal(digits)
    except InvalidOperation:  # an exponent beyond what even Decimal holds
        _refuse_size()
    # Whoever turns 1e999999999 into a whole number is busy with it for hours.
    if abs(number.adjusted()) > MAX_DIGITS:
        _refuse_size()
    return number


def _refuse_size() -> NoReturn:
    _refuse(
        f"A number has more than {MAX_DIGITS} digits when written out.",
        f"数字完整写出后超过 {MAX_DIGITS} 位。",
    )


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse(f"A number is longer than {MAX_DIGITS} characters.", "数字过长。")
    return int(digits)


def _check_escapes(value: Any) -> None:  # noqa: ANN401 - JSON is anything
    match value:
        case str():
            if found := _UNSTORABLE.search(value):
                if found[0] == "\x00":
                    _refuse("A string contains NUL.", "字符串中含有 NUL。")
                _refuse("A string contains half a surrogate pair.", "字符串中含有不成对的代理项。")
        case list():
            for item in value:
                _check_escapes(item)
        case dict():
            for key, item in value.items():
                _check_escapes(key)
                _check_escapes(item)
