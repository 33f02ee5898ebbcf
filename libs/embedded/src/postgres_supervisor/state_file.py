"""The file in which a server keeps its port and the passwords of its roles."""

import json
import os
import secrets
from pathlib import Path
from typing import Any


class StateFile:
    """A file that only our account can read, written whole or not at all."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def port(self) -> int:
        """TCP port the server last had; 0 when it had none."""
        return int(self._read()["port"])

    @port.setter
    def port(self, port: int) -> None:
        if port != self.port:
            self._write({**self._read(), "port": port})

    def password(self, role: str) -> str:
        """The role's password, drawn at the first question."""
        known = self._read()
        if role not in known["passwords"]:
            known["passwords"][role] = secrets.token_urlsafe(24)
            self._write(known)
        return str(known["passwords"][role])

    def _read(self) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads(self._file.read_text())
        except FileNotFoundError:
            known = {"port": 0, "passwords": {}}
        return known

    def _write(self, known: dict[str, Any]) -> None:
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(known, indent=1))
        partial.rename(self._file)
