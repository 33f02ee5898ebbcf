"""Lists by their filters: each answer is held against a filter in Python of the whole list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import httpx


class Filter(NamedTuple):
    """The values that a parameter is tried with, several of them repeated, and which items one
    lets through."""

    values: Sequence[Sequence[str]]
    holds: Callable[[Any, str], bool]

    def passes(self, item: Any, chosen: Sequence[str]) -> bool:  # noqa: ANN401 - JSON is anything
        """Say whether an item has one of the chosen values."""
        return not chosen or any(self.holds(item, each) for each in chosen)


def field(name: str, *values: Sequence[str]) -> Filter:
    """Return the filter by the field of an item."""
    return Filter(values, lambda item, value: str(item[name]) == value)


def combinations(filters: Mapping[str, Filter]) -> Iterator[dict[str, Sequence[str]]]:
    """Yield every way to give these parameters, or to leave some of them out."""
    tried = [[(), *each.values] for each in filters.values()]
    for chosen in product(*tried):
        yield dict(zip(filters, chosen, strict=True))


async def read_pages(client: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:  # noqa: ANN401 - parameters as httpx takes them
    """Return all items of a list, page by page."""
    items = list[Any]()
    more: dict[str, str] = {}
    while True:
        answer = await client.get(path, params={**query, **more})
        assert answer.status_code == httpx.codes.OK, answer.text  # noqa: S101 - a test's own
        page = answer.json()
        assert len(page["items"]) <= query["limit"]  # noqa: S101 - a test's own
        items += page["items"]
        if page["next"] is None:
            return items
        more = {"after": page["next"]}


async def differing(
    client: httpx.AsyncClient, path: str, filters: Mapping[str, Filter], *, limit: int = 2
) -> list[dict[str, Sequence[str]]]:
    """Return the ways to filter a list by which it gives, page by page, something else than the
    whole list has."""
    whole = await read_pages(client, path, limit=200)
    wrong, sizes = list[dict[str, Sequence[str]]](), set[int]()
    for chosen in combinations(filters):
        query = {name: list(values) for name, values in chosen.items() if values}
        meant = [item for item in whole if all(filters[n].passes(item, chosen[n]) for n in filters)]
        sizes.add(len(meant))
        if await read_pages(client, path, limit=limit, **query) != meant:
            wrong.append(chosen)
    assert len(sizes) > 2, "filters that let all through, or nothing, tell nothing"  # noqa: S101 - a test's own
    return wrong
