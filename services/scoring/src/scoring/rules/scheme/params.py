"""The parameters of a scoring method, as the scheme gives them, read with their types."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from scoring.rules.columns.gaps import Undefined


@dataclass(frozen=True, slots=True)
class Params:
    """Named parameters; asking for one that is absent or of another kind makes a score undefined.

    A parameter that is null counts as absent. The scheme's publisher has checked them all
    already, so this is the second lock, not the first.
    """

    given: Mapping[str, object]

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """Return a parameter that is a number."""
        value = self.given.get(name)
        if value is not None:
            return _decimal(name, value)
        if default is None:
            raise _bad(name)
        return default

    def word(self, name: str, default: str | None = None) -> str:
        """Return a parameter that is a word."""
        value = self.given.get(name) or default
        if value is None:
            raise _bad(name)
        return str(value)

    def optional(self, name: str) -> Decimal | None:
        """Return a parameter that is a number, or None where the scheme gives none."""
        return None if self.given.get(name) is None else self.number(name)

    def flag(self, name: str, default: bool) -> bool:
        """Return a parameter that is yes or no."""
        value = self.given.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise _bad(name)
        return value

    def group(self, name: str) -> "Params | None":
        """Return the parameters gathered under one name, if they are given."""
        value = self.given.get(name)
        return Params(value) if isinstance(value, Mapping) else None

    def each(self, name: str) -> "tuple[Params, ...]":
        """Return a list of parameter groups, in the scheme's order."""
        value = self.given.get(name)
        if not isinstance(value, list | tuple):
            return ()
        return tuple(Params(item) for item in value if isinstance(item, Mapping))

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of words, in the scheme's order."""
        value = self.given.get(name)
        if not isinstance(value, list | tuple):
            raise _bad(name)
        return tuple(map(str, value))

    def amounts(self, name: str) -> tuple[Decimal, ...]:
        """Return a list of numbers, in the scheme's order."""
        return tuple(_decimal(name, value) for value in self.words(name))

    def named(self, name: str) -> "dict[str, Params]":
        """Return a table of parameter groups by name, in the order of the names."""
        table = self.group(name) or Params({})
        return {word: group for word in sorted(table.given) if (group := table.group(word))}

    def with_(self, overrides: Mapping[str, object]) -> "Params":
        """Return these parameters with some of them replaced (分单位、分时段参数)."""
        return Params({**self.given, **overrides})

    def numbers(self, name: str) -> dict[str, Decimal]:
        """Return a table of numbers by word, such as points per event or ratio per grade."""
        table = self.group(name) or Params({})
        return {str(word): _decimal(name, value) for word, value in table.given.items()}


def _decimal(name: str, value: object) -> Decimal:
    try:
        # Through the text: 0.1 as written, never the binary neighbour of 0.1.
        number = Decimal(str(value))
    except InvalidOperation:
        raise _bad(name) from None
    if not number.is_finite():
        raise _bad(name)
    return number


def _bad(name: str) -> Undefined:
    return Undefined(
        f"The scheme gives no usable parameter `{name}`.", f"方案未给出可用的参数“{name}”。"
    )
