"""Formulas (综合指标) over named inputs, for what no other method says."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.expressions import LONGEST, formula_faults, is_name
from indicators.rules.methods.parameters import Group, Params, read, unless
from indicators.rules.values import AnyNumber, Coded, NumberOrNull, Word

SOURCES: Mapping[str, tuple[str | None, Collection[str]]] = {
    "measured": (None, ("key", "indicator")),
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
                f"来源为 {self.from_} 的输入项须给出 {name}。",
            )
            yield from unless(
                not given or name == needed or name in useful,
                f"{at}/{name}",
                "input-unused",
                f"An input from {self.from_} has no {name}.",
                f"来源为 {self.from_} 的输入项不用 {name}。",
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
    return replace(source, key=source.key or name) if source.from_ == "measured" else source


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
class Composite(Params):
    """综合指标: the value that a method scores is what the formula gives for each unit.

    It has no gate: what a unit has that does not pass is a matter of points, and a composite is
    not in points.
    """

    inputs: Annotated[Mapping[str, Source], Sources()]
    formula: Annotated[str, Formula()]

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a formula that cannot be used."""
        yield from formula_faults(self.formula, self.inputs, f"{at}/formula")

    def fixed(self) -> object:
        """Return where the inputs come from, and what is made of them; the constants may differ."""
        return _sourced(self.inputs), self.formula


@dataclass(frozen=True, slots=True)
class OneValue(Params):
    """A method that scores one value of each unit: measured, or computed by its `composite`."""

    composite: Annotated[Composite | None, Group(Composite, null=True)] = field(
        default=None, kw_only=True
    )

    def fixed(self) -> object:
        """Return whether the value is computed, and how."""
        return self.composite and self.composite.fixed()


@dataclass(frozen=True, slots=True)
class Expression(Params):
    """公式计分: what the formula gives, in points or as a ratio of the points, within `low` and
    `cap`; nothing where the `gate` does not hold."""

    inputs: Annotated[Mapping[str, Source], Sources()]
    formula: Annotated[str, Formula()]
    result: Annotated[str, Word(("points", "ratio"))]
    low: AnyNumber = Decimal(0)
    cap: NumberOrNull = None
    gate: Annotated[str | None, Formula(null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield formulas that cannot be used, and a cap under the lowest."""
        yield from formula_faults(self.formula, self.inputs, f"{at}/formula")
        if self.gate is not None:
            yield from formula_faults(self.gate, self.inputs, f"{at}/gate", "truth")
        yield from unless(
            self.cap is None or self.low <= self.cap,
            f"{at}/cap",
            "bounds-reversed",
            "The cap is under low.",
            "上限低于下限。",
        )

    def fixed(self) -> object:
        """Return where the inputs come from; the constants may differ."""
        return _sourced(self.inputs)


def _sourced(inputs: Mapping[str, Source]) -> Mapping[str, Source]:
    return {name: replace(source, value=None) for name, source in inputs.items()}
