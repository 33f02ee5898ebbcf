"""Keyset pages, for what grows without bound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Self, TypeVar
from uuid import UUID

from fastapi import Depends, Query

from chassis.wire import Outgoing

T = TypeVar("T")

_DIGITS = 18  # of the largest number that surely fits into a bigint


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
class Wanted:
    """Which page is wanted: at most `limit` items that come after the key `after`."""

    limit: int
    after: str | None

    @property
    def after_id(self) -> UUID | None:
        """The id after which the page begins; what is none begins at the first."""
        try:
            return None if self.after is None else UUID(self.after)
        except ValueError:
            return None

    @property
    def after_number(self) -> int:
        """The whole number after which the page begins; what is none begins at the first.

        Only for a number that the items show anyway, such as that of an edition. A number that the
        database gives to every row says how much there is that the caller may not see: pages of
        such rows go by `after_id`.
        """
        after = self.after or ""
        is_number = after.isascii() and after.isdigit() and len(after) <= _DIGITS
        return int(after) if is_number else 0


def _wanted(
    limit: Annotated[int, Query(ge=1, le=200, description="Items on a page.")] = 50,
    after: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="`next` of the page before.",
        ),
    ] = None,
) -> Wanted:
    return Wanted(limit, after)


PageQuery = Annotated[Wanted, Depends(_wanted)]
"""The page that the query string asks for."""
