"""The kinds of value a scheme is made of: each reads itself, and names what is wrong with it.

A field declares its kind in its annotation, for whoever walks over the document::

    points: Annotated[Decimal, Number(low=0)]
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Protocol, cast, get_type_hints
from zoneinfo import available_timezones

from chassis import personal
from chassis.refusals import Fault, pointer
from indicators.rules.numbers import exact, plain, refusal, total


class Reader(Protocol):
    """Reads one kind of value; adds to `faults` instead of raising."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the value that `raw` writes."""
        ...


def kinds(shape: type[Any]) -> Mapping[str, Reader]:
    """Return the kind of each field of a dataclass that declares one."""
    return _kinds(cast(Any, shape))


@cache
def _kinds(shape: Any) -> Mapping[str, Reader]:  # noqa: ANN401 - a class, which mypy finds unhashable
    hints = get_type_hints(shape, include_extras=True)
    return {
        name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")
    }


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal from `low` (or above `above`) to `to`; or null when that is allowed."""

    low: int | None = None
    above: int | None = None
    to: int | None = None
    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> Decimal | None:
        """Return the decimal, exact, without trailing zeros."""
        if raw is None and self.null:
            return None
        value = exact(raw)
        if value is None:
            faults.append(Fault(at, *refusal(raw)))
        elif self._outside(value):
            en, zh = self._range()
            faults.append(
                Fault(
                    at,
                    "out-of-range",
                    f"{plain(value)} is not {en}.",
                    f"{plain(value)} 不符合要求：应{zh}。",
                )
            )
        return value

    def _outside(self, value: Decimal) -> bool:
        return (
            (self.low is not None and value < self.low)
            or (self.above is not None and value <= self.above)
            or (self.to is not None and value > self.to)
        )

    def _range(self) -> tuple[str, str]:
        limits = [
            (self.above, "above {}", "大于{}"),
            (self.low, "at least {}", "不小于{}"),
            (self.to, "at most {}", "不大于{}"),
        ]
        given = [(en.format(n), zh.format(n)) for n, en, zh in limits if n is not None]
        return " and ".join(en for en, _ in given), "且".join(zh for _, zh in given)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `to`; or one of the `words` instead, or null when allowed."""

    low: int
    to: int
    words: tuple[str, ...] = ()
    null: bool = False

    def __get_pydantic_json_schema__(
        self, core: object, publish: Callable[[object], dict[str, Any]]
    ) -> dict[str, Any]:
        """Publish the bounds; asked by whoever describes the document."""
        schema = publish(core)
        for each in (schema, *schema.get("anyOf", ())):
            if each.get("type") == "integer":
                each |= {"minimum": self.low, "maximum": self.to}
        return schema

    def read(self, raw: object, at: str, faults: list[Fault]) -> int | str | None:
        """Return the whole number, or the word."""
        if isinstance(raw, str) and raw in self.words:
            return raw
        value = Number(low=self.low, to=self.to, null=self.null).read(raw, at, faults)
        if value is not None and value != value.to_integral_value():
            faults.append(Fault(at, "not-whole", "A whole number is wanted.", "应为整数。"))
            return None
        return None if value is None else int(value)


def _leads_to_no_person(raw: str, at: str, faults: list[Fault]) -> None:
    """Name a text that holds a number that leads to a person; the fault does not repeat it."""
    found = personal.find(raw)
    if found is not None:
        faults.append(
            Fault(
                at,
                found.kind,
                "This looks like a number that leads to a person; none is taken in.",
                "此处疑似手机号码或公民身份号码，系统不接收。",
            )
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A short text; one of `choices` when there are any, or null when that is allowed."""

    choices: tuple[str, ...] = ()
    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> str | None:
        """Return the text."""
        if raw is None and self.null:
            return None
        if not isinstance(raw, str) or not 0 < len(raw) <= 64:
            faults.append(
                Fault(at, "not-a-word", "1 to 64 characters are wanted.", "应为 1 至 64 个字符。")
            )
            return None
        _leads_to_no_person(raw, at, faults)
        if self.choices and raw not in self.choices:
            known = ", ".join(self.choices)
            known_zh = "、".join(f"`{choice}`" for choice in self.choices)
            faults.append(
                Fault(
                    at,
                    "not-one-of",
                    f"{raw} is none of: {known}.",
                    f"{raw} 不在可选值之内：{known_zh}。",
                )
            )
        return raw


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, written as 2025-06-30; or null when that is allowed."""

    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> dt.date | None:
        """Return the day."""
        if raw is None and self.null:
            return None
        if isinstance(raw, str) and _DAY.fullmatch(raw):
            with suppress(ValueError):
                return dt.date.fromisoformat(raw)
        faults.append(
            Fault(
                at, "not-a-day", "A day is wanted, such as 2025-06-30.", "应为日期，如 2025-06-30。"
            )
        )
        return None


# ASCII digits only: \d would also match full-width ones.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and nothing that only looks like it."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the truth value."""
        if not isinstance(raw, bool):
            faults.append(
                Fault(at, "not-a-flag", "true or false is wanted.", "应为 `true` 或 `false`。")
            )
        return raw


REST = "rest"
"""The word that one of several weights may be: what the others leave of 1 (其余)."""


def with_rest(weights: Mapping[str, object], faults: list[Fault]) -> dict[str, object]:
    """Return weights, by the JSON pointers to them, with the number in the place of `rest`.

    Twice, or where the others leave nothing, it is named in `faults`.
    """
    named = [at for at, weight in weights.items() if weight == REST]
    if not named:
        return {**weights}
    en, zh = "One weight alone may be the rest.", "只能有一个权重为 `rest`。"
    faults += [Fault(at, "rest-twice", en, zh) for at in named[1:]]
    # Those that are the rest, and what is no number, count for nothing here.
    given = total(filter(None, map(exact, weights.values())))
    left = 1 - given
    if left <= 0:
        faults.append(
            Fault(
                named[0],
                "rest-not-positive",
                f"The other weights sum to {plain(given)} and leave nothing of 1.",
                f"其余权重之和为 {plain(given)}，没有剩余部分。",
            )
        )
    return {**weights, **dict.fromkeys(named, left if left > 0 else Decimal(1))}


def _with_rest(raw: Mapping[Any, object], at: str, faults: list[Fault]) -> dict[Any, object]:
    found = with_rest({at + pointer(word): item for word, item in raw.items()}, faults)
    return dict(zip(raw, found.values(), strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A number for each of some words, at least one unless `empty`; or null when allowed.

    Where they are `weights`, one of them may be the word `rest`.
    """

    of: Reader
    empty: bool = False
    null: bool = False
    weights: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> Mapping[str, object] | None:
        """Return the numbers by word."""
        if raw is None and self.null:
            return None
        if not isinstance(raw, Mapping) or not (raw or self.empty):
            faults.append(
                Fault(
                    at, "not-a-table", "A number for each word is wanted.", "应为词语与数字的对照。"
                )
            )
            return None
        for word in raw:
            Word().read(word, at + pointer(word), faults)
        if self.weights:
            raw = _with_rest(raw, at, faults)
        return {word: self.of.read(item, at + pointer(word), faults) for word, item in raw.items()}


@cache
def _zones() -> frozenset[str]:
    # Without a region it may be the machine's own setting ("localtime"), not the city's.
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone of the IANA database, such as Asia/Shanghai."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the name of the zone."""
        if not isinstance(raw, str) or raw not in _zones():
            faults.append(
                Fault(
                    at,
                    "unknown-time-zone",
                    "A time zone of the IANA database is wanted, such as Asia/Shanghai.",
                    "应为 IANA 时区数据库中的时区，如 `Asia/Shanghai`。",
                )
            )
        return raw


_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Coded:
    """A short name for programs: letters, digits, `_`, `.` and `-`; or null when allowed."""

    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the code."""
        if not (raw is None and self.null) and not (isinstance(raw, str) and _CODE.fullmatch(raw)):
            faults.append(
                Fault(
                    at,
                    "not-a-code",
                    "A code of 1 to 64 letters, digits, '_', '.' and '-' is wanted.",
                    "应为 1 至 64 个字母、数字、“_”“.”“-”组成的代码。",
                )
            )
        elif isinstance(raw, str):
            _leads_to_no_person(raw, at, faults)
        return raw


@dataclass(frozen=True, slots=True)
class Prose:
    """A text for people: composed characters (NFC), none of them a control character."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the text."""
        if isinstance(raw, str):
            _leads_to_no_person(raw, at, faults)
        if isinstance(raw, str) and not _is_clean(raw):
            faults.append(
                Fault(
                    at,
                    "unclean-text",
                    "The text has control characters or is not in Unicode form NFC.",
                    "文本含控制字符或不是 NFC 规范形式。",
                )
            )
        return raw


def _is_clean(text: str) -> bool:
    if text.isascii() and text.isprintable():  # most words are; the rest is looked at one by one
        return True
    hidden = any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} for c in text)
    return not hidden and unicodedata.is_normalized("NFC", text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text for people of 1 to 500 characters."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the text."""
        if not isinstance(raw, str) or not 0 < len(raw) <= 500:
            faults.append(
                Fault(
                    at,
                    "not-a-sentence",
                    "1 to 500 characters are wanted.",
                    "应为 1 至 500 个字符。",
                )
            )
            return raw
        return Prose().read(raw, at, faults)


@dataclass(frozen=True, slots=True)
class Each:
    """A list whose items are all of one kind. Where they are `weights`, one may be `rest`."""

    of: Reader
    weights: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the items in their order."""
        given = raw if isinstance(raw, tuple) else ()
        items: Mapping[str, object] = {at + pointer(i): item for i, item in enumerate(given)}
        if self.weights:
            items = with_rest(items, faults)
        return tuple(self.of.read(item, where, faults) for where, item in items.items())


Share = Annotated[Decimal, Number(low=0, to=1)]
Positive = Annotated[Decimal, Number(above=0)]
NotNegative = Annotated[Decimal, Number(low=0)]
AnyNumber = Annotated[Decimal, Number()]
PointsOrNull = Annotated[Decimal | None, Number(low=0, null=True)]
NumberOrNull = Annotated[Decimal | None, Number(null=True)]
Ratio = Annotated[Decimal, Number(above=0, to=10)]
Direction = Annotated[Literal["higher", "lower"], Word(("higher", "lower"))]
StepMode = Annotated[str, Word(("proportional", "whole_up", "whole_down"))]
Points = NotNegative
Code = Annotated[str, Coded()]
CodeOrNull = Annotated[str | None, Coded(null=True)]
Codes = Annotated[tuple[str, ...], Each(Coded())]
InputName = Annotated[str, Word()]
YesNo = Annotated[bool, Flag()]
