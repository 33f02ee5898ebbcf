"""When two document numbers (文号) are one number in two writings."""

import re
import unicodedata

_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
_FILLING = re.compile("号(?:文件|文|件)?|[第年]")


def is_one_number(one: str, other: str) -> bool:
    """Say whether two texts are one document number; of such as have no figures, as typed."""
    return one == other or plain_number(one) == plain_number(other) != ""


def plain_number(document_no: str) -> str:
    """Return a document number without brackets, width, case, blanks, what is not seen, leading
    zeros, and the words that stand around its figures: 应急〔2026〕第01号 is 应急20261."""
    text = unicodedata.normalize("NFKC", document_no).casefold().translate(_NUMERALS)
    shown = "".join(c for c in text if unicodedata.category(c) not in _HIDDEN and not c.isspace())
    words = re.findall(r"[0-9]+|[^\W\d_]+", _FILLING.sub(" ", shown))
    return "".join(word.lstrip("0") if word.isdigit() else word for word in words)
