"""TLS between the parts and to the database: by certificates of a private authority, or not at all.

Where `TLS_CA` is set a part believes nobody at its door who has no certificate of that authority in
the name by which it was asked for, and asks nobody without TLS. `TLS_CERTIFICATE` and `TLS_KEY` are
its own: it serves by them, and shows them where it asks. With `TLS_CLIENTS=certified` it answers
nobody who shows none. `DATABASE_CA` is by what the database is believed, name and all.

Files are read when a process starts: who renews them starts the parts again, one after the other.
"""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from cryptography import x509

from chassis import environment

Clients = Literal["anybody", "certified"]
_PLAIN = {"disable", "allow", "prefer", "false"}
_NOT_HELD = {"require", "verify-ca", "true"}


class TlsMisconfigured(Exception):
    """The settings of TLS contradict one another, or a file is not what it has to be.

    Whoever starts the program reads it, and so it says so in both languages at once.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"{en} {zh}")


class Tls(NamedTuple):
    """By which files a process speaks TLS."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    clients: Clients = "anybody"
    database_ca: Path | None = None

    @classmethod
    def of_environment(cls) -> "Tls":
        """Return what the environment says, for what runs before or beside a service."""
        ca, certificate, key, database_ca = (
            Path(told) if (told := environment.told(name)) else None
            for name in ("TLS_CA", "TLS_CERTIFICATE", "TLS_KEY", "DATABASE_CA")
        )
        certified = environment.told("TLS_CLIENTS") == "certified"
        return cls(ca, certificate, key, "certified" if certified else "anybody", database_ca)

    def asking(self) -> ssl.SSLContext | None:
        """Return how other parts are asked; None without TLS."""
        if self.ca is None:
            return None
        context = _believing(self.ca, "TLS_CA")
        if self.certificate is not None:
            self._show(context)
        return context

    def serving(self) -> ssl.SSLContext | None:
        """Return how this part serves; None without TLS."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._show(context)
        if self.clients == "certified" and self.ca is not None:
            context.load_verify_locations(self.ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def of_database(self) -> ssl.SSLContext | None:
        """Return how the database is asked; None where its address alone says that."""
        return None if self.database_ca is None else _believing(self.database_ca, "DATABASE_CA")

    def require(self, database_url: str, urls: Mapping[str, str]) -> None:
        """Refuse settings that contradict one another, and files that are not what they have to be.

        `urls` are the addresses of other parts by the names of their settings.
        """
        self._require_pairs()
        for name, url in urls.items():
            if self.ca is not None and url.lower().startswith("http:"):
                raise TlsMisconfigured(
                    f"{name} is {url}, without TLS, and TLS_CA is set.",
                    f"已设 `TLS_CA`，而 `{name}`（`{url}`）未使用 `TLS`。",
                )
        self.asking()
        self.serving()
        if self.certificate is not None:
            _require_current(self.certificate)
        if self.of_database() is not None:
            _require_held(database_url)

    def _require_pairs(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise TlsMisconfigured(
                "TLS_CERTIFICATE and TLS_KEY are set together or not at all.",
                "`TLS_CERTIFICATE` 与 `TLS_KEY` 须同时设置或同时不设。",
            )
        if self.certificate is not None and self.ca is None:
            raise TlsMisconfigured(
                "TLS_CERTIFICATE needs TLS_CA: other parts would be asked without TLS.",
                "设置 `TLS_CERTIFICATE` 的须同时设置 `TLS_CA`，否则向其他部分的请求不使用 `TLS`。",
            )
        if self.clients == "certified" and self.certificate is None:
            raise TlsMisconfigured(
                "TLS_CLIENTS=certified needs TLS_CERTIFICATE and TLS_KEY.",
                "`TLS_CLIENTS=certified` 须同时设置 `TLS_CERTIFICATE` 和 `TLS_KEY`。",
            )

    def _show(self, context: ssl.SSLContext) -> None:
        if self.certificate is None or self.key is None:
            return
        try:
            context.load_cert_chain(self.certificate, self.key)
        except OSError as error:  # ssl's own are among them
            raise _unusable("TLS_CERTIFICATE, TLS_KEY", self.certificate) from error


def _believing(file: Path, name: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise _unusable(name, file) from error


def _unusable(name: str, file: Path) -> TlsMisconfigured:
    return TlsMisconfigured(
        f"{name}: {file} cannot be read, or is not such a file, or the key is of another.",
        f"`{name}`：`{file}` 无法读取、格式不符，或证书与私钥不匹配。",
    )


def _require_current(file: Path) -> None:
    ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    if ends <= datetime.now(UTC):
        raise TlsMisconfigured(
            f"TLS_CERTIFICATE: {file} expired on {ends.date()}.",
            f"`TLS_CERTIFICATE`：`{file}` 已于 {ends.date()} 到期。",
        )


def _require_held(url: str) -> None:
    """Refuse an address of the database that asks for less than its setting."""
    asked = parse_qs(urlsplit(url).query)
    for name in ("ssl", "sslmode"):
        for told in asked.get(name, []):
            if told in _PLAIN | _NOT_HELD:
                raise TlsMisconfigured(
                    f"DATABASE_URL says {name}={told}, and DATABASE_CA is set: leave it out.",
                    f"已设 `DATABASE_CA`，而 `DATABASE_URL` 中为 `{name}={told}`：请删去。",
                )
