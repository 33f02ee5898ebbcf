"""The keys that tokens are signed with: the newest that everybody knows signs, all are published.

Each key is a file `<moment>.jwk` (RFC 7517) that only its owner may read. A new key is made by
`python -m gateway.rotation` and signs once it has been published for `PUBLISHED_SECONDS`; an old
one is taken out of service by deleting its file, at once when it is compromised, else once the last
token that it signed has expired. Running processes notice both by themselves.
"""

import fcntl
import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeyParameters, KeySet, OKPKey

from chassis import sm2
from chassis.identity import KeysUnavailable

Algorithm = Literal["Ed25519", "ES256", "SM2"]

PUBLISHED_SECONDS = 120
"""Twice the time after which a service reads the keys again: a token signed earlier with a new key
would be refused by whoever has not read it yet."""
_FORM = "%Y%m%dT%H%M%S%f"


def create(directory: Path, algorithm: Algorithm) -> str:
    """Make a new key in `directory` and return its `kid`; it is published from now on."""
    parameters: KeyParameters = {"use": "sig", "alg": algorithm}
    key: Key
    if algorithm == "Ed25519":
        key = OKPKey.generate_key("Ed25519", parameters, auto_kid=True)
    elif algorithm == "SM2":
        key = sm2.SM2Key.generate_key("SM2", parameters, auto_kid=True)
    else:
        key = ECKey.generate_key("P-256", parameters, auto_kid=True)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = directory / f"{datetime.now(UTC).strftime(_FORM)}.jwk"
    half = final.with_suffix(".half")
    # Renamed when it is whole: another process may be reading the directory at this moment.
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:  # noqa: PTH123 - the mode must hold from the first byte
        json.dump(key.as_dict(private=True), file)
        file.flush()
        os.fsync(file.fileno())
    half.rename(final)
    return str(key.kid)


class KeyRing:
    """The keys of one directory, read again whenever a file comes or goes.

    Where the installation went over to SM2, or back, a key of that kind is made at the start and
    signs before all others: `settled` seconds after it was made.
    """

    def __init__(
        self, directory: Path, algorithm: Algorithm, settled: float = PUBLISHED_SECONDS
    ) -> None:
        self._directory = directory
        self._algorithm: Algorithm = algorithm
        self._settled = settled
        # Together, so that nobody finds the names of one moment beside the keys of another.
        self._read: tuple[list[str], list[Key]] = [], []

    def ensure(self) -> None:
        """Make a first key if there is none yet; of several processes that start at once, one."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            if not any(self._is_of_suite(key) for key in self._current()[1]):
                create(self._directory, self._algorithm)
        finally:
            os.close(directory)

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a token that carries `claims`, signed with the newest key known everywhere.

        Where none has been published for long enough, the newest signs: the first of all, or the
        one that takes the place of keys that were deleted.
        """
        key = self.newest()
        algorithm = str(key.get("alg"))
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, [algorithm])

    def newest(self) -> Key:
        """Return the key that signs now."""
        names, keys = self._current()
        if not keys:
            raise KeysUnavailable("There is no signing key.", "没有签名密钥。")
        paired = zip(keys, names, strict=True)
        known = [key for key, name in paired if _age(name) >= self._settled]
        return ([key for key in known if self._is_of_suite(key)] or known or keys)[-1]

    def _is_of_suite(self, key: Key) -> bool:
        return (key.alg == sm2.ALGORITHM) == (self._algorithm == sm2.ALGORITHM)

    def published(self) -> dict[str, Any]:
        """Return the public halves of all keys as a JWK set (RFC 7517, 5)."""
        return dict(KeySet(list(self._current()[1])).as_dict(private=False))

    def _current(self) -> tuple[list[str], list[Key]]:
        names = sorted(path.name for path in self._directory.glob("*.jwk"))
        if names != self._read[0]:
            texts = {name: text for name in names if (text := self._text(name)) is not None}
            keys = [sm2.import_key(json.loads(text)) for text in texts.values()]
            self._read = list(texts), keys
        return self._read

    def _text(self, name: str) -> str | None:
        """Return what a key's file holds, None where it was deleted since it was listed."""
        try:
            return (self._directory / name).read_text()
        except FileNotFoundError:
            return None


def _age(name: str) -> float:
    """Return for how many seconds a key has been published; one named otherwise was put there."""
    try:
        made = datetime.strptime(name.removesuffix(".jwk"), _FORM).replace(tzinfo=UTC)
    except ValueError:
        return math.inf
    return (datetime.now(UTC) - made).total_seconds()
