"""Whether two names mean one human being: whatever needs two people asks here.

`Zhang`, `zhang` and full-width `ｚｈａｎｇ` are one person. Whoever keeps accounts may spell a name
differently in each of them, and two spellings must not pass for the two people of a decision.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeGuard

LONGEST = 200
# What Unicode counts as letters and marks though it shows nothing (Default_Ignorable_Code_Point):
# the joiner of graphemes, fillers of Hangul, selectors of variants; and the blank of Braille.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
).fullmatch


def folded(name: str) -> str:
    """Return the form in which names of persons are compared; nobody is shown it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_same(one: str | None, other: str | None) -> bool:
    """Say whether two names are of one person; no name is nobody's."""
    return one is not None and other is not None and folded(one) == folded(other)


def is_among(person: str, others: Iterable[str | None]) -> bool:
    """Say whether a person is one of `others`."""
    return any(is_same(person, other) for other in others)


def are_two(names: Iterable[str]) -> bool:
    """Say whether these are the names of two people, and of nobody else; how many spaces stand
    between or around the words of a name does not matter."""
    written = [" ".join(each.split()) for each in names]
    return all(map(is_name, written)) and len(set(map(folded, written))) == 2


def is_name(text: object) -> TypeGuard[str]:
    """Say whether a token may name somebody so: nothing in it that cannot be seen.

    A space at an end or a character without width would make a second person of one.
    """
    return (
        isinstance(text, str)
        and 0 < len(text) <= LONGEST
        and text == text.strip()
        and not any(is_unseen(character) for character in text)
    )


def is_unseen(character: str) -> bool:
    """Say whether a character shows nothing, and takes no place of its own."""
    kind = unicodedata.category(character)
    return kind[0] == "C" or kind in {"Zl", "Zp"} or bool(_BLANK(character))
