"""How the parameters of a method are declared, read, and written back in one exact form.

A method declares its parameters as a frozen dataclass whose annotations carry the readers::

    class RankPoints(Params):
        step_ratio: Annotated[Decimal, Number(above=0, to=1)]

`read` collects every fault with its JSON pointer and returns the dataclass when there are none.
A parameter that is a word of Python is declared with an underscore behind it: `from_` is `from`.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from chassis.refusals import Fault, pointer
from indicators.rules.numbers import plain
from indicators.rules.values import Reader, kinds, with_rest


class Params:
    """The parameters of one scoring method."""

    __slots__ = ()

    WHERE_GIVEN: ClassVar[frozenset[str]] = frozenset()
    """The parameters that are written only where somebody gives them: what was published before
    there were such keeps its bytes."""

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield what is wrong between parameters that are each right in themselves."""
        yield from ()

    def fixed(self) -> object:
        """Return what must be the same for every unit and period: what is entered, and who is
        compared with whom. All else may be overridden."""
        return ()

    def periods(self) -> tuple[str, ...]:
        """Return the periods that are scored by themselves, as they are named after the year."""
        return ()


MOST_ROWS = 1_000
"""The most rows, components or items of one parameter; others are looked up in it."""

P = TypeVar("P", bound=Params)


def read(shape: type[P], raw: object, at: str, faults: list[Fault]) -> P | None:
    """Return the parameters written in `raw`, or add every fault found in them to `faults`."""
    if not isinstance(raw, Mapping):
        faults.append(Fault(at, "not-an-object", "An object is wanted.", "应为对象。"))
        return None
    field_of, readers = fields_by_name(shape), kinds(shape)
    found: list[Fault] = [*_unknown(field_of, raw, at), *_missing(shape, raw, at)]
    values = {  # the names are words of Python, in which a pointer has nothing to escape
        field: readers[field].read(raw[name], f"{at}/{name}", found)
        for name, field in field_of.items()
        if name in raw
    }
    params = None if found else shape(**values)
    faults += found if params is None else params.faults(at)
    return params


def fields_by_name(shape: type[Params]) -> Mapping[str, str]:
    """Return the fields of a shape by the parameters that they hold; one that is called as a word
    of Python has an underscore behind it."""
    return _fields_by_name(cast(Any, shape))


@cache
def _fields_by_name(shape: Any) -> Mapping[str, str]:  # noqa: ANN401 - a class, which mypy finds unhashable
    return {name.removesuffix("_"): name for name in kinds(shape)}


def written(value: object) -> Any:  # noqa: ANN401 - JSON is anything
    """Return parameters as plain JSON, every decimal a string of its digits, days as 2025-06-30."""
    if is_dataclass(value):
        return {name.removesuffix("_"): written(own) for name, own in _given(value)}
    if isinstance(value, Mapping):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [written(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _given(value: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - a dataclass
    """Yield what stands in parameters, without those of `WHERE_GIVEN` that nobody gave."""
    later: frozenset[str] = getattr(value, "WHERE_GIVEN", frozenset())
    for each in fields(value):
        own = getattr(value, each.name)
        if own is not None or each.name not in later:
            yield each.name, own


def _unknown(known: Collection[str], raw: Mapping[str, object], at: str) -> Iterator[Fault]:
    strange = [name for name in raw if name not in known]
    if not strange:  # of thousands of overrides each is looked at
        return
    names, zh = ", ".join(known) or "-", "、".join(f"`{name}`" for name in known) or "无"
    for name in strange:
        yield Fault(
            at + pointer(name),
            "unknown-parameter",
            f"There is no parameter {name}; there are: {names}.",
            f"没有参数 `{name}`；可用参数：{zh}。",
        )


def _missing(shape: type[Params], raw: Mapping[str, object], at: str) -> Iterator[Fault]:
    for f in fields(cast(Any, shape)):
        name = f.name.removesuffix("_")
        if f.default is MISSING and name not in raw:
            yield Fault(
                at + pointer(name),
                "missing-parameter",
                f"The parameter {name} is missing.",
                f"缺少参数 `{name}`。",
            )


@dataclass(frozen=True, slots=True)
class Untyped:
    """An object that is read later, by somebody who knows what it stands for."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return it as it is."""
        return raw


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters within parameters; null when that is allowed."""

    of: type[Params]
    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> Params | None:
        """Return the inner parameters."""
        return None if raw is None and self.null else read(self.of, raw, at, faults)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parameters within parameters, at least one; null when that is allowed.

    With `weights` the `weight` of one row may be the word `rest`.
    """

    of: type[Params]
    null: bool = False
    weights: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> tuple[Params | None, ...] | None:
        """Return the rows in their order, null where a row has faults."""
        if raw is None and self.null:
            return None
        if isinstance(raw, str) or not isinstance(raw, Sequence) or not raw:
            faults.append(Fault(at, "not-rows", "A list of rows is wanted.", "应为非空数组。"))
            return ()
        if too_many(raw, at, faults):
            return ()
        rows = _weighed(raw, at, faults) if self.weights else raw
        return tuple(read(self.of, row, at + pointer(i), faults) for i, row in enumerate(rows))


def _weighed(rows: Sequence[object], at: str, faults: list[Fault]) -> list[object]:
    """Return rows with the number in the place of a weight that is the rest."""
    found = with_rest(
        {
            f"{at}{pointer(i)}/weight": row["weight"]
            for i, row in enumerate(rows)
            if isinstance(row, Mapping) and "weight" in row
        },
        faults,
    )
    told = [found.get(f"{at}{pointer(i)}/weight") for i in range(len(rows))]
    return [
        {**row, "weight": weight} if isinstance(row, Mapping) and "weight" in row else row
        for row, weight in zip(rows, told, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class List:
    """A list whose items are all of one kind, at least one.

    Where they are `weights`, one of them may be the word `rest`.
    """

    of: Reader
    weights: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> tuple[object, ...]:
        """Return the items in their order."""
        if isinstance(raw, str) or not isinstance(raw, Sequence) or not raw:
            faults.append(Fault(at, "not-a-list", "A list is wanted.", "应为非空数组。"))
            return ()
        if too_many(raw, at, faults):
            return ()
        items = {at + pointer(i): item for i, item in enumerate(raw)}
        if self.weights:
            items = with_rest(items, faults)
        return tuple(self.of.read(item, where, faults) for where, item in items.items())


def too_many(raw: Sequence[object], at: str, faults: list[Fault]) -> bool:
    """Say whether a list of parameters is longer than any is, and name it."""
    if len(raw) <= MOST_ROWS:
        return False
    en, zh = f"At most {MOST_ROWS} are taken.", f"最多 {MOST_ROWS} 项。"
    faults.append(Fault(at, "too-many", en, zh))
    return True


def unless(holds: bool, at: str, code: str, en: str, zh: str) -> Iterator[Fault]:
    """Yield one fault unless something holds."""
    if not holds:
        yield Fault(at, code, en, zh)
