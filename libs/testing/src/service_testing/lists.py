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


class Replica:
    """What another system knows of a list: it asks for changes, and begins at the last one."""

    def __init__(self, client: httpx.AsyncClient, path: str, key: str) -> None:
        self._asked = client, path
        self._key = key
        self._since = "2000-01-01T00:00:00Z"
        self.known = dict[str, Any]()

    async def catch_up(self) -> list[str]:
        """Ask for what has changed, page by page; return the keys of it, in its order."""
        found = await read_pages(*self._asked, limit=2, changed_since=self._since)
        moments = [each.pop("changed_at") for each in found]
        assert moments == sorted(moments)  # noqa: S101 - a test's own
        assert all(each >= self._since for each in moments[:1])  # noqa: S101 - a test's own
        self._since = moments[-1] if moments else self._since
        self.known |= {each[self._key]: each for each in found}
        return [each[self._key] for each in found]

    async def lacks(self) -> list[Any]:
        """Return what the list has otherwise than it is known."""
        whole = await read_pages(*self._asked, limit=200)
        return [each for each in whole if self.known.get(each[self._key]) != each]
