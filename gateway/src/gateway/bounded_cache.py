"""A cache of bounded size, for keys that anybody may send: names, addresses, tokens."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """The last `size` values by their keys; the one stored longest ago is dropped first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def get(self, key: K) -> V | None:
        """Return what is kept under `key`, or None."""
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """Keep `value` as the latest of all."""
        self._kept.pop(key, None)
        self._kept[key] = value
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def items(self) -> list[tuple[K, V]]:
        """Return all that is kept, the one stored longest ago first."""
        return list(self._kept.items())

    def forget(self, key: K) -> None:
        """Drop what is kept under `key`, if anything is."""
        self._kept.pop(key, None)


class Remembered(Generic[K, V]):
    """A cache of values by key, each read anew with `read` once it is `seconds` old: a busy caller
    costs no query with each request."""

    def __init__(self, read: Callable[[K], Awaitable[V]], seconds: float, size: int) -> None:
        self._read = read
        self._seconds = seconds
        self._kept: BoundedCache[K, tuple[float, V]] = BoundedCache(size)

    async def of(self, key: K) -> V:
        """Return what was read of a key no longer ago than that; what `read` raises is not kept."""
        kept = self._kept.get(key)
        if kept is None or time.monotonic() - kept[0] >= self._seconds:
            asked_at = time.monotonic()
            kept = asked_at, await self._read(key)
            self._kept.keep(key, kept)
        return kept[1]
