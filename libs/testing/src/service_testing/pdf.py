"""What stands in a PDF, as far as tests look into one."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def streams(pdf: bytes) -> Iterator[bytes]:
    """Yield what the streams of a PDF hold, among them the files attached to it."""
    for found in _STREAM.finditer(pdf):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]
