"""What a ledger entry for an indicator looks like: its kind, keys, items, words, periods, bounds.

Whoever enters, shows or scores entries takes it from here, by the compiled scheme, and knows no
method's inputs by heart.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import ClassVar, Literal

Kind = Literal[
    "measured_value",
    "event",
    "milestone",
    "grade",
    "panel_mark",
    "superior_rank",
    "external_result",
]

KINDS: Mapping[Kind, tuple[str, str]] = {
    "measured_value": ("测量值", "measured value"),
    "event": ("事件", "event"),
    "milestone": ("节点状态", "status of a node"),
    "grade": ("等级", "grade"),
    "panel_mark": ("评委评分", "mark of a panel member"),
    "superior_rank": ("上级排名", "rank in a list of the superior"),
    "external_result": ("外部系统结果", "result of another system"),
}
"""What people call each kind of entry, in Chinese and in English."""

ZERO_REPORT = "zero_report"
"""The key of an entry that says: nothing happened in this period (零报告)."""

DONT_KNOW = "dont_know"
"""The word of a panel member who gives no mark (不了解)."""

VOLUME = "volume"
"""The key of how much stands behind a value; too little is not ranked."""

OCCURRED = "occurred"
"""Where events count by the day they occurred, and not by that of their discovery."""

PUBLISHED = "published"
"""Where the day is that on which the superior published its list."""

RECEIVED = "received"
"""Where the day is that on which the result of another system came."""

Late = Literal["missing", "last_year", "carry_over"]
"""What becomes of a result that is late: there is none, last year's stands in for it, or it counts
in the next cycle."""

FULL_YEAR = "FY"
"""The name of the whole year where a scheme lists the periods of one."""

YEAR = ("",)
"""How the one period ends of what is entered for the whole year."""

ENDINGS: Mapping[str | None, tuple[str, ...]] = {
    None: (),
    "month": tuple(f"-{month:02}" for month in range(1, 13)),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "half_year": ("H1", "H2"),
}
"""What follows the year in the name of each period: "Q1" in "2025Q1", "-03" in "2025-03"."""

ANY_PERIOD = (*YEAR, *(ending for endings in ENDINGS.values() for ending in endings))
"""How any period of a year may end."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "monthly": ENDINGS["month"],
    "quarterly": ENDINGS["quarter"],
    "half_yearly": ENDINGS["half_year"],
    "twice_a_year": ENDINGS["half_year"],
}
"""How the periods end for which values of a frequency come, where a year has several of them."""

Endings = Mapping[str, Sequence[str]]
"""How the periods end for which a value is entered or read, by its key."""


@dataclass(frozen=True, slots=True)
class NodeForm:
    """A node that the scheme sets: what it is called, and its last day on time, if it has one.

    One that can be judged from `opens` to `closes` only is entered with a day within, whatever its
    status. With `noted` a note says what document shows its status.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }

    item: str
    name: str
    due: dt.date | None = None
    opens: dt.date | None = None
    closes: dt.date | None = None
    noted: bool = False


@dataclass(frozen=True, slots=True)
class FormStep:
    """What a mark from `low` to `high` means, both included."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}

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
    is by which day events count, if they do. A value lies between `low` and `high` where there
    are such, and is `whole` where events are counted. A note is wanted with `noted`, and with a
    value up to `comment_low` or from `comment_high` on. Where the scheme sets the nodes, `nodes`
    tells of each item; with `by_day` the day on which a node was reached (`occurred_on`) may stand
    in the place of a word.

    With a `panel` the items are its seats, and each is entered by the account that holds it; with
    `excludes_own_unit` not about the seat's own unit. The `rubric` says what marks mean, and with
    `only_steps` no others are taken. Where they are `distinct` a scorer gives no two units of the
    category the same.

    What another system found says what becomes of it where it is `late`, and on which days it may
    come (`opens`, `closes`). Where it is `ranked` it says among how many.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }

    kind: Kind
    keys: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    any_item: bool = False
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = YEAR
    endings_of_key: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    instead: str | None = None
    valued: bool = True
    noted: bool = False
    comment_low: Decimal | None = None
    comment_high: Decimal | None = None
    nodes: tuple[NodeForm, ...] = ()
    by_day: bool = False
    panel: str | None = None
    excludes_own_unit: bool = False
    rubric: tuple[FormStep, ...] = ()
    only_steps: bool = False
    distinct: bool = False
    late: Late | None = None
    opens: dt.date | None = None
    closes: dt.date | None = None
    ranked: bool = False

    def endings_for(self, key: str) -> tuple[str, ...]:
        """Return how the periods end for which an entry with this key is read."""
        return self.endings_of_key.get(key, self.endings)


def parts_of(ending: str, frequency: str) -> tuple[str, ...]:
    """Return how the periods of a frequency end that lie within a longer one, in order; nothing
    where that is no longer than they are."""
    parts = PARTS.get(frequency, ())
    whole = next((each for each in ENDINGS.values() if ending in each), YEAR)
    size = len(parts) // len(whole)
    first = whole.index(ending) * size
    return parts[first : first + size] if size > 1 else ()


def is_combinable(form: EntryForm) -> bool:
    """Say whether values of shorter periods can make one of a longer: pieces, events, marks, words
    and nodes are counted one by one."""
    return form.kind == "measured_value" and ZERO_REPORT not in form.keys


def in_parts(form: EntryForm, frequency: str) -> EntryForm:
    """Return the form of values that are entered for the periods of a frequency, where those that
    are scored are longer."""
    if not is_combinable(form):
        return form
    return replace(
        form,
        endings=_in_parts(form.endings, frequency),
        endings_of_key={
            key: _in_parts(endings, frequency) for key, endings in form.endings_of_key.items()
        },
    )


def _in_parts(endings: Sequence[str], frequency: str) -> tuple[str, ...]:
    found = (parts_of(ending, frequency) or (ending,) for ending in endings)
    return tuple(dict.fromkeys(part for parts in found for part in parts))


@cache  # a thousand panels of a thousand seats are a thousand names
def numbered(count: int) -> tuple[str, ...]:
    """Return the names of items, seats or pieces that are numbered from 1 on."""
    return tuple(str(number) for number in range(1, count + 1))


def lending(form: EntryForm | None, lent: Endings) -> EntryForm | None:
    """Return the form of what an indicator itself reads and of what others read of it.

    Values that formulas of other indicators read are entered for the indicator, once, and for the
    periods that those are computed for.
    """
    if not lent:
        return form
    if form is None:
        ends = {key: tuple(endings) for key, endings in lent.items()}
        return EntryForm("measured_value", keys=tuple(lent), endings_of_key=ends)
    if form.kind != "measured_value" or form.items or form.any_item:
        return form
    own = {key: form.endings_for(key) for key in form.keys}
    both = {key: tuple(dict.fromkeys((*own.get(key, ()), *ends))) for key, ends in lent.items()}
    return replace(
        form,
        keys=tuple(dict.fromkeys((*form.keys, *lent))),
        endings_of_key={**form.endings_of_key, **both},
    )
