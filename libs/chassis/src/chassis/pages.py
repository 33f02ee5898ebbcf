"""Keyset pages, for what grows without bound."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import MISSING, AfterValidator, BeforeValidator, StringConstraints

from chassis.refusals import Fault, Invalid
from chassis.wire import Outgoing, is_code

T = TypeVar("T")

# At most as many digits as the largest number has that surely fits into a bigint.
_is_number = re.compile(r"0|[1-9][0-9]{0,17}").fullmatch


SoughtText = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""A part of a text that a list is searched for: 1 to 64 characters, none of them a control
character."""


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment as the database knows it; refuse one that has none in UTC."""
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("a moment of the years 1 to 9999 is wanted") from None


def _is_moment(value: object) -> object:
    """Refuse what pydantic would read as a moment too, such as a number of seconds."""
    if isinstance(value, str) and not _moment(value):
        raise ValueError("a date and time with its offset is wanted, such as 2025-04-01T08:00:00Z")
    return value


# The offset is wanted: a moment of whoever asks may be in another hour here.
_moment = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
).fullmatch

Moment = Annotated[dt.datetime, BeforeValidator(_is_moment), AfterValidator(in_utc)]
"""A moment with its offset (RFC 3339); a plus in a query string is written %2B."""


def _is_day(value: object) -> object:
    """Refuse what pydantic would read as a day too, such as a number of seconds."""
    if isinstance(value, str) and not _day(value):
        raise ValueError("a day is wanted, such as 2025-04-01")
    return value


_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch

Day = Annotated[dt.date, BeforeValidator(_is_day)]
"""A day of the calendar, as 2025-04-01."""


ChangedSince = Annotated[
    Moment | None,
    Query(
        description="What was added or changed at this moment or later, in the order of these "
        "changes, each with its `changed_at`. Go on from the last one: what changed at that very "
        "moment comes again, and nothing is missed."
    ),
]
"""From which moment on changes are asked for."""

if TYPE_CHECKING:
    ChangedAt = dt.datetime
else:
    ChangedAt = dt.datetime | MISSING
"""When an item of a list was last changed; it is not there where nobody asks for changes."""

UNASKED: Any = MISSING
"""The default of such a field."""


def at(moment: dt.datetime, since: dt.datetime | None) -> dict[str, Any]:
    """Return the field that says when an item was changed, where changes are asked for."""
    return {} if since is None else {"changed_at": moment}


def code_of(text: str) -> str:
    """Return a code that is the key of a change."""
    if not is_code(text):
        raise ValueError("no code")
    return text


class Change(NamedTuple, Generic[T]):
    """Where an item stands among changes: those of one moment stand in the order of their keys."""

    moment: dt.datetime
    key: T

    def __str__(self) -> str:
        moment = self.moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        return f"{moment}Z_{self.key}"


_is_change = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)_(.{1,64})"
).fullmatch


class NoSuchPlace(Invalid):
    """`after` is not the `next` of any page of this list."""

    zh = "`after` 不是本列表任何一页给出的 `next`。"
    remedy = (
        "Send `next` of the page before unchanged and for the same list, or begin again without "
        "`after`.",
        "请原样使用同一列表上一页的 `next`，或不带 `after` 从头读取。",
    )


class Page(Outgoing, Generic[T]):
    """Some items in a stable order; `next` is the `after` of the following page, or null.

    `next` names the last item shown, by what the item itself says.
    """

    items: list[T]
    next: str | None

    @classmethod
    def of(cls, items: Sequence[T], limit: int, key: Callable[[T], str]) -> Self:
        """Make a page of at most `limit` items out of up to `limit` + 1 that were read."""
        shown = list(items[:limit])
        return cls(items=shown, next=key(shown[-1]) if len(items) > limit else None)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: at most `limit` items that come after the key `after`.

    What is no key of the list is refused. A page that began at the first item instead would be
    taken for the following one, and a reader that goes on until `next` is null would never end.
    """

    limit: int
    after: str | None

    @property
    def after_id(self) -> UUID | None:
        """The id after which the page begins, None for the first page."""
        if self.after is None:
            return None
        try:
            found = UUID(self.after)
        except ValueError:
            raise self.no_such_place() from None
        if str(found) != self.after:  # an id as it is never written, such as {…} or urn:uuid:…
            raise self.no_such_place()
        return found

    def later_of(self, found: Sequence[T], id_of: Callable[[T], UUID]) -> list[T]:
        """Return those of some items, all of a list, whose ids come after that of the page before;
        refuse the id of none of them."""
        after = self.after_id
        if after is None:
            return [*found]
        if all(id_of(each) != after for each in found):
            raise self.no_such_place()
        return [each for each in found if id_of(each) > after]

    @property
    def after_number(self) -> int:
        """The whole number after which the page begins, 0 for the first page.

        Only for a number that the items show anyway, such as that of an edition. A number that the
        database gives to every row says how much there is that the caller may not see: pages of
        such rows go by `after_id`.
        """
        after = "0" if self.after is None else self.after
        if not _is_number(after):
            raise self.no_such_place()
        return int(after)

    @property
    def after_code(self) -> str:
        """The code after which the page begins, empty for the first page."""
        if self.after is not None and not is_code(self.after):
            raise self.no_such_place()
        return self.after or ""

    def after_change(self, since: dt.datetime, read: Callable[[str], T], first: T) -> Change[T]:
        """Return the change after which the page begins, of the key that `read` makes of a text;
        the first page begins before all keys at the moment itself."""
        if self.after is None:
            return Change(since, first)
        found = _is_change(self.after)
        try:
            place = found and Change(dt.datetime.fromisoformat(found[1]), read(found[2]))
        except ValueError:
            place = None
        if place is None or str(place) != self.after or place.moment < since:
            raise self.no_such_place()
        return place

    def no_such_place(self) -> NoSuchPlace:
        """Return the refusal of an `after` that names no place in the list."""
        en = "Give the `next` of a page of this list, or leave it out for the first page."
        zh = "请给出本列表某一页的 `next`；要读第一页，请勿携带该参数。"
        return NoSuchPlace(en, zh, faults=[Fault("/query/after", "no-such-place", en, zh)])


def _plain_digits(value: object) -> object:
    """Refuse 1_0_0, which Python reads as a hundred."""
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise ValueError("plain digits are wanted")
    return value


async def _wanted(
    limit: Annotated[
        int,
        Query(ge=1, le=200, description="Items on a page."),
        BeforeValidator(_plain_digits),
    ] = 50,
    after: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="`next` of the page before.",
        ),
    ] = None,
) -> PageRequest:
    return PageRequest(limit, after)


PageQuery = Annotated[PageRequest, Depends(_wanted)]
"""The page that the query string asks for."""
