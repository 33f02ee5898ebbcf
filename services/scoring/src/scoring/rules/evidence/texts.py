"""Plain texts and CSV, in UTF-8 or GB18030."""

import codecs
import re
from typing import IO

from scoring.rules.evidence.refusals import (
    EvidenceIsMarkup,
    EvidenceKindNotTaken,
    EvidenceReachesOut,
)

ENDINGS = ("txt", "csv")
_CHUNK = 1 << 18
# The longest start of a program, blanks counted as one, and more.
_OVER = 400
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SCRIPT = re.compile(r"(?i)<\s*(script|iframe|object|embed|html|svg)\b|<\?php")
# A cell that starts another program when a spreadsheet opens it. What parts cells is not among the
# blanks before it, so that no place is looked at again from each one before.
_STARTS = re.compile(r"""(?im)(^|[,;\t"'])[^\S\n\t]*[=+\-@][^\n,;\t|]{0,60}\|[^\n!]{0,260}+!""")


# However many, they count as one, so that none stand between two pieces.
_BLANKS = re.compile(r"[^\S\n\t]{2,}")


def check(file: IO[bytes], ending: str) -> None:
    """Refuse what is no text, or one in which something would be carried out."""
    for charset in ("utf-8-sig", "gb18030"):
        try:
            _check(file, charset, is_table=ending == "csv")
        except UnicodeDecodeError:
            continue
        return
    raise EvidenceKindNotTaken(
        "It is neither UTF-8 nor GB18030.", "不是 `UTF`-8 或 `GB18030` 文本。"
    )


def _check(file: IO[bytes], charset: str, *, is_table: bool) -> None:
    file.seek(0)
    # A piece is looked at from its second character on: it begins no line unless a line ends there.
    decoder, before = codecs.getincrementaldecoder(charset)(), "\n"
    while True:
        chunk = file.read(_CHUNK)
        text = _BLANKS.sub(" ", before + decoder.decode(chunk, final=not chunk))
        if _CONTROL.search(text):
            raise EvidenceKindNotTaken("It is no text.", "不是文本文件。")
        if _SCRIPT.search(text):
            raise EvidenceIsMarkup("It has markup in it.", "文本中含有标记语言。")
        if is_table and _STARTS.search(text, 1):
            raise EvidenceReachesOut("A cell starts a program.", "单元格会启动程序。")
        if not chunk:
            return
        before = text[-_OVER:]
