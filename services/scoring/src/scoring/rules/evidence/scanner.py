"""Where a malware scanner is reached, as a setting says it."""

import re
from typing import NamedTuple, Self


class Address(NamedTuple):
    """A host and port, or the path of a socket."""

    host: str
    port: int
    path: str | None

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Return the address in `tcp://host:port` or `unix:/path`, None for nothing; raise
        `ValueError` for anything else."""
        if not text:
            return None
        if found := re.fullmatch(r"unix:(/.+)", text):
            return cls("", 0, found[1])
        if found := re.fullmatch(r"tcp://(?:\[([0-9a-fA-F:]+)\]|([^:/\[\]]+)):([0-9]{1,5})", text):
            port = int(found[3])
            if 0 < port < 65_536:
                return cls(found[1] or found[2], port, None)
        raise ValueError("EVIDENCE_SCANNER is tcp://host:port or unix:/path")
