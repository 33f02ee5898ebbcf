"""The compiled form of a scheme: what indicators take and read, their order, formulas as trees.

It comes with the scheme from the service that owns both. Nothing here looks into the parameters of
a method.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Tree = Mapping[str, Any]
"""A formula: {"number": "1.5"}, {"name": "x"}, or {"apply": "+", "to": [trees]}."""

SCORED = ("score", "rank")
"""The results of other indicators that a formula may read."""


@dataclass(frozen=True, slots=True)
class NodeForm:
    """A node that the scheme sets: what it is called, and its last day on time, if it has one.

    One that can be judged from `opens` to `closes` only is entered with a day within, whatever its
    status. With `noted` a note says what document shows its status.
    """

    item: str
    name: str
    due: date | None
    opens: date | None
    closes: date | None
    noted: bool

    def is_dated(self, word: str | None, form: "EntryForm") -> bool:
        """Say whether an entry with this word has a day: it is judged within a season, or the day
        stands in the place of the word."""
        return self.opens is not None or (form.by_day and word is None)


@dataclass(frozen=True, slots=True)
class FormStep:
    """What a mark from `low` to `high` means, both included."""

    low: Decimal
    high: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The entries that an indicator takes; without `words` they carry a value, if `valued`.

    Empty `keys`, `items`, `words` mean that there must be none; `any_item` that the unit names
    its own. A zero report has no item and counts 0, whatever the others do. The word `instead`
    may stand in the place of a value. `endings` are how the periods end that the score reads, and
    no others are taken: those of a key in `endings_of_key` where it has some of its own. `dated`
    is by which day events count, if they do. A note is wanted with `noted`, and with a value up to
    `comment_low` or from `comment_high` on. Where the scheme sets the nodes, `nodes` tells of each
    item; with `by_day` the day on which a node was reached may stand in the place of a word.

    With a `panel` the items are its seats, and each is entered by the account that holds it; with
    `excludes_own_unit` not about the seat's own unit. With `only_steps` marks are those of the
    `rubric`. Where they are `distinct` a scorer gives no two units of the category the same.

    What another system found says what becomes of it where it is `late`, and on which days it may
    come (`opens`, `closes`). Where it is `ranked` it says among how many.
    """

    kind: str
    keys: tuple[str, ...]
    items: tuple[str, ...]
    any_item: bool
    words: tuple[str, ...]
    endings: tuple[str, ...]
    endings_of_key: Mapping[str, tuple[str, ...]]
    dated: str | None
    low: Decimal | None
    high: Decimal | None
    whole: bool
    instead: str | None
    valued: bool
    noted: bool
    comment_low: Decimal | None
    comment_high: Decimal | None
    # What was kept with a sheet before there was such a thing has none of it.
    nodes: tuple[NodeForm, ...] = ()
    by_day: bool = False
    panel: str | None = None
    excludes_own_unit: bool = False
    rubric: tuple[FormStep, ...] = ()
    only_steps: bool = False
    distinct: bool = False
    late: str | None = None
    opens: date | None = None
    closes: date | None = None
    ranked: bool = False

    def node_of(self, item: str | None) -> NodeForm | None:
        """Return the node of that item, where the scheme sets the nodes."""
        return next((node for node in self.nodes if node.item == item), None)

    def has_value(self, word: str | None) -> bool:
        """Say whether an entry with this word, if any, carries a number."""
        return self.valued and not self.words and (word is None or word != self.instead)

    def endings_for(self, key: str | None) -> tuple[str, ...]:
        """Return how the periods end for which an entry with this key is read."""
        return self.endings if key is None else self.endings_of_key.get(key, self.endings)

    def wants_note(self, value: Decimal | None) -> bool:
        """Say whether an entry of that value must say why."""
        if self.noted or value is None:
            return self.noted
        low, high = self.comment_low, self.comment_high
        return (low is not None and value <= low) or (high is not None and value >= high)


@dataclass(frozen=True, slots=True)
class Reads:
    """What an indicator reads besides the unit's own entries and targets for it.

    With `compares` values of other units; `surveys`; by the codes of other indicators their
    `entries` (and targets), their `scores` and their `ranks`.
    """

    compares: bool
    surveys: frozenset[str]
    entries: frozenset[str]
    scores: frozenset[str]
    ranks: frozenset[str]

    @property
    def rests_on_others(self) -> bool:
        """Whether other units have a part in the score."""
        return self.compares or bool(self.ranks)


@dataclass(frozen=True, slots=True)
class CompiledIndicator:
    """What an indicator takes and reads, and where it stands.

    `line` leads up to the top: itself, its parent, and on. `receiver` is the indicator that gets
    its points where it does not apply, None where its siblings do. `takes` is None where nothing
    is entered for it; `takes_of_unit` is for units whose own parameters make it another.
    `missing_below` is what a parent does where its children have no score.
    """

    indicator: str
    line: tuple[str, ...]
    receiver: str | None
    takes: EntryForm | None
    takes_of_unit: Mapping[str, EntryForm | None]
    reads: Reads
    missing_below: str = "refuse"

    def form_for(self, unit: str) -> EntryForm | None:
        """Return what a unit's entries for the indicator look like; None where there are none."""
        return self.takes_of_unit.get(unit, self.takes)


@dataclass(frozen=True, slots=True)
class CompiledCategory:
    """A category's indicators, parents before children, and the `order` in which each comes after
    all that it reads."""

    category: str
    order: tuple[str, ...]
    indicators: tuple[CompiledIndicator, ...]


@dataclass(frozen=True, slots=True)
class CompiledScheme:
    """Every formula of a scheme as a tree, by its text, and every category."""

    format: int = 0
    formulas: Mapping[str, Tree] = field(default_factory=dict)
    categories: tuple[CompiledCategory, ...] = ()

    def of(self, category: str) -> CompiledCategory:
        """Return the compiled form of a category, by its code."""
        return next(each for each in self.categories if each.category == category)
