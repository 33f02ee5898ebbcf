"""Free texts of people: what may be one, and when two say the same."""

import unicodedata
from typing import Final

LONGEST_OPINION: Final = 2_000
_CONTROLS = frozenset({"Cc", "Cs", "Co", "Cn"})
_UNSEEN = frozenset({"Cf", "Zl", "Zp"})


def is_opinion(text: str) -> bool:
    """Say whether a text says something, within bounds, and without signs that nobody sees."""
    if not 0 < len(text) <= LONGEST_OPINION or not wording(text):
        return False
    return not any(unicodedata.category(sign) in _CONTROLS and sign not in "\n\t" for sign in text)


def hides(text: str) -> bool:
    """Say whether a text of one line has signs that nobody sees, or that turn others round."""
    return any(unicodedata.category(sign) in _CONTROLS | _UNSEEN for sign in text)


def looks(text: str) -> str:
    """Return a text without what makes little difference to the eye: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def wording(text: str) -> str:
    """Return a free text without what does not change its words: width, case, signs, spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")
