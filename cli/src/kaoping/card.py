"""How a running system is reached: its address and its first account, kept beside its data."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kaoping.faults import KaopingFault

if TYPE_CHECKING:
    from kaoping.client import Client


@dataclass(frozen=True)
class Credentials:
    """How one account signs in: a person by password, a system by client_credentials."""

    name: str
    secret: str
    kind: str = "person"

    @property
    def form(self) -> dict[str, str]:
        """The fields of a token request (RFC 6749, 4.3.2 and 4.4.2)."""
        if self.kind == "client":
            return {
                "grant_type": "client_credentials",
                "client_id": self.name,
                "client_secret": self.secret,
            }
        return {"grant_type": "password", "username": self.name, "password": self.secret}


class NotRunning(KaopingFault):
    """No system is running in the directory."""


@dataclass(frozen=True)
class Card:
    """Whom to ask, and as whom to begin."""

    gateway_url: str
    administrator: Credentials

    def client(self, credentials: Credentials | None = None, language: str = "en") -> "Client":
        """Open the API for somebody, who is told of faults in a language; for the first
        administrator if nobody is named."""
        from kaoping.client import Client  # here: who only runs a system asks it nothing

        return Client(self.gateway_url, credentials or self.administrator, language=language)

    def write(self, directory: Path) -> None:
        """Leave the card where other commands of the same account find it."""
        write_private(card_file(directory), json.dumps(asdict(self)))

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read the card of the system that runs in a directory."""
        try:
            card = json.loads(card_file(directory).read_text())
        except FileNotFoundError:
            raise NotRunning(
                f"no system is running in {directory}; `kaoping up` starts one"
            ) from None
        return cls(card["gateway_url"], Credentials(**card["administrator"]))


def card_file(directory: Path) -> Path:
    """Where the card of a running system is."""
    return directory / "system.json"


def write_private(file: Path, text: str) -> None:
    """Write a file that only our account can read; it is there whole or not at all."""
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.rename(file)
