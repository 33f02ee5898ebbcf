"""Which files are the same, and which pictures look the same although they were saved anew."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FLAT = "0" * 16
"""The hash of a picture of one colour, which says nothing: it is left out."""

MOST_APART = 16
USUALLY_APART = 6
"""In how many of 64 places two hashes may differ: a smaller copy differs in none, one with a stamp
in one, a cropped one in four, another picture in about thirty."""

_AT_ONCE = 512


class Alike(NamedTuple):
    """Two files by their places in the list, the earlier one first; of equal ones 0 is `apart`."""

    first: int
    second: int
    apart: int
    is_same_file: bool


def alike(digests: Sequence[str], hashes: Sequence[str | None], apart: int) -> list[Alike]:
    """Return all pairs of files that are equal, or of pictures that differ in so few places."""
    found = [Alike(*pair, 0, is_same_file=True) for pair in _equal(digests)]
    places = [at for at, each in enumerate(hashes) if each not in (None, FLAT)]
    bits = np.array([int(hashes[at] or "", 16) for at in places], dtype=np.uint64)
    for row, column, differ in _near(bits, apart):
        first, second = places[row], places[column]
        if digests[first] != digests[second]:
            found.append(Alike(first, second, differ, is_same_file=False))
    return sorted(found, key=lambda each: (not each.is_same_file, each.apart, each[:2]))


def _near(bits: npt.NDArray[np.uint64], apart: int) -> Iterator[tuple[int, int, int]]:
    """Yield which hashes differ in so few places, each with later ones, and in how many."""
    for start in range(0, len(bits), _AT_ONCE):
        distances = np.bitwise_count(bits[start : start + _AT_ONCE, None] ^ bits[None, :])
        for row, column in zip(*np.nonzero(distances <= apart), strict=True):
            if start + row < column:
                yield int(start + row), int(column), int(distances[row, column])


def _equal(digests: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of equal files: each with the first of its content."""
    first, pairs = dict[str, int](), list[tuple[int, int]]()
    for at, digest in enumerate(digests):
        if first.setdefault(digest, at) != at:
            pairs.append((first[digest], at))
    return pairs
