"""Where the inputs of a formula come from, and what a formula reads through them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.expressions import LONGEST, is_name, names_in
from indicators.rules.methods.parameters import Params, read, unless
from indicators.rules.values import Coded, NumberOrNull, Word

MEASURED = "measured"
"""The source of an input that is entered."""

SOURCES: Mapping[str, tuple[str | None, Collection[str]]] = {
    MEASURED: (None, ("key", "indicator")),
    "target": (None, ("key", "indicator")),
    "baseline": (None, ("key", "indicator")),
    "pledge": (None, ("key", "indicator")),
    "constant": ("value", ()),
    "score": ("indicator", ()),
    "rank": ("indicator", ()),
}
"""What an input from each source needs, and what it may have."""

RESULTS = ("score", "rank")
"""The sources that are results of another indicator of the same unit, known in a second pass."""

AIMS = ("target", "baseline", "pledge")
"""The sources of a formula's inputs that are targets; their key is the item."""


@dataclass(frozen=True, slots=True)
class Source(Params):
    """Where an input comes from.

    A measured value is entered under `key` (its own name when null); of target, baseline and
    pledge `key` is the item (of the whole indicator when null). With an `indicator` all four are
    those of that one, and are entered for it alone. A constant has its `value`, a score or rank
    the `indicator` whose it is.
    """

    from_: Annotated[str, Word(tuple(SOURCES))]
    key: Annotated[str | None, Word(null=True)] = None
    indicator: Annotated[str | None, Coded(null=True)] = None
    value: NumberOrNull = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield what the source lacks, and what it has no use for."""
        needed, useful = SOURCES[self.from_]
        for name in ("key", "indicator", "value"):
            given = getattr(self, name) is not None
            yield from unless(
                given or name != needed,
                f"{at}/{name}",
                "input-needs",
                f"An input from {self.from_} needs {name}.",
                f"来源为 `{self.from_}` 的输入项须给出 `{name}`。",
            )
            yield from unless(
                not given or name == needed or name in useful,
                f"{at}/{name}",
                "input-unused",
                f"An input from {self.from_} has no {name}.",
                f"来源为 `{self.from_}` 的输入项不用 `{name}`。",
            )


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads the inputs of a formula by their names."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> Mapping[str, Source]:
        """Return the inputs, a measured one with the key it is entered under."""
        if not isinstance(raw, Mapping):
            faults.append(Fault(at, "not-an-object", "An object is wanted.", "应为对象。"))
            return {}
        if not raw:
            faults.append(
                Fault(at, "no-input", "At least one input is wanted.", "至少须有一个输入项。")
            )
        for name in raw:
            faults += unless(
                is_name(name) and len(name) <= 64,
                at + pointer(name),
                "not-a-name",
                "An input is named by letters, digits and _, and not like a function.",
                "输入项名称只能由文字、数字和下划线组成，且不得与函数同名。",
            )
        sources = {name: read(Source, raw[name], at + pointer(name), faults) for name in raw}
        return {name: _keyed(name, source) for name, source in sources.items() if source}


def _keyed(name: str, source: Source) -> Source:
    return replace(source, key=source.key or name) if source.from_ == MEASURED else source


@dataclass(frozen=True, slots=True)
class Formula:
    """Reads a formula as a text; whether it can be used is asked with its inputs."""

    null: bool = False

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the text of the formula."""
        if raw is None and self.null:
            return None
        if not isinstance(raw, str) or not 0 < len(raw) <= LONGEST:
            faults.append(
                Fault(
                    at,
                    "not-a-formula",
                    f"A formula of 1 to {LONGEST} characters is wanted.",
                    f"应为 1 至 {LONGEST} 个字符的公式。",
                )
            )
        return raw


@dataclass(frozen=True, slots=True)
class Computed:
    """A formula of a method with its inputs; `at` is the JSON pointer to these in the parameters.

    `texts` are the formula and, where it has one, its gate.
    """

    at: str
    inputs: Mapping[str, Source]
    texts: tuple[str, ...]

    def used(self) -> Mapping[str, Source]:
        """Return the inputs that the formula or its gate names, in the order of their names."""
        named = frozenset[str]().union(*map(names_in, self.texts))
        return {name: self.inputs[name] for name in sorted(self.inputs) if name in named}

    def takes(self) -> tuple[str, ...]:
        """Return the keys of the values that the formula reads of its own indicator."""
        used = self.used().values()
        keys = (s.key or "" for s in used if s.from_ == MEASURED and s.indicator is None)
        return tuple(dict.fromkeys(keys))

    def borrows(self) -> Iterator[tuple[str, str]]:
        """Yield the values that the formula reads of other indicators: whose, and their key."""
        for source in self.used().values():
            if source.from_ == MEASURED and source.indicator is not None:
                yield source.indicator, source.key or ""

    def lends(self) -> tuple[str, ...]:
        """Return the keys of the values of its own indicator that others may read as well."""
        inputs = self.inputs.values()
        keys = (s.key or "" for s in inputs if s.from_ == MEASURED and s.indicator is None)
        return tuple(dict.fromkeys(keys))

    def aims(self) -> tuple[str | None, ...]:
        """Return the items of its own indicator that have targets; None for it as a whole."""
        own = [s.key for s in self.inputs.values() if s.from_ in AIMS and s.indicator is None]
        return tuple(dict.fromkeys(own)) or (None,)

    def others(self, *sources: str) -> Iterator[str]:
        """Yield the other indicators of which inputs from these sources are."""
        for source in self.inputs.values():
            if source.from_ in sources and source.indicator is not None:
                yield source.indicator


def sourced(inputs: Mapping[str, Source]) -> Mapping[str, Source]:
    """Return where inputs come from, whatever the constants are worth."""
    return {name: replace(source, value=None) for name, source in inputs.items()}
