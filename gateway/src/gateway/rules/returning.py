"""Where a browser may be led after somebody signed in: to a page of ours, and nowhere else."""

import re

_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")
_LONGEST = 1_000


def is_local(path: str) -> bool:
    """Say whether `path` leads to this very host, however a browser reads it.

    No empty segment, which would begin a host; no backslash, which browsers take for a slash; no
    dots that go up; and no control character, which they leave out.
    """
    if not path.startswith("/") or len(path) > _LONGEST or not _PATH.fullmatch(path):
        return False
    steps = path.partition("?")[0].split("/")
    return not any(re.fullmatch(r"(\.|%2e){1,2}", step, re.IGNORECASE) for step in steps)
