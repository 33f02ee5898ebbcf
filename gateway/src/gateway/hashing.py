"""Secrets of accounts, hashed with Argon2id (RFC 9106).

A secret that somebody thought of gets the full cost. One that was generated has 256 random bits,
which no cost makes harder to guess; it gets a token cost, so that systems sign in fast.
"""

import asyncio
import base64
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from gateway.rules.secrets import MOST_ALIVE
from gateway.settings import Settings

_QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
_QUICK_FORM = "$argon2id$v=19$m=1024,t=1,p=1$"


def generated() -> str:
    """Return a new secret of 256 random bits."""
    return secrets.token_urlsafe(32)


class Hasher:
    """Hashes and compares, at most `hashing_slots` at one time."""

    def __init__(self, settings: Settings) -> None:
        self._full = PasswordHasher(
            time_cost=settings.argon2_passes,
            memory_cost=settings.argon2_memory,
            parallelism=settings.argon2_lanes,
        )
        # Threads of our own, not a semaphore over borrowed ones: a caller who gives up frees the
        # semaphore at once, while the memory is used until the computation ends.
        self._threads = ThreadPoolExecutor(settings.hashing_slots, "argon2")
        # What nobody's secret matches: compared with where there is nothing to compare with.
        self._nobody_quick = _nobody(_QUICK)
        self._nobody_full = _nobody(self._full)

    async def hash(self, secret: str, *, is_generated: bool) -> str:
        """Return the hash to keep of a secret."""
        hasher = _QUICK if is_generated else self._full
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, hasher.hash, secret)

    async def matching(self, secret: str, kept: Sequence[str]) -> int | None:
        """Return the place of the hash among `kept` that was made of `secret`; None is none.

        Every failure costs as much, whether the account does not exist, has generated secrets or a
        chosen one: the time tells nothing about it.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._compare, secret, kept)

    def _compare(self, secret: str, kept: Sequence[str]) -> int | None:
        quick = [each for each in kept if each.startswith(_QUICK_FORM)]
        full = [each for each in kept if not each.startswith(_QUICK_FORM)]
        # So many of each there may be at most: what is lacking is nobody's.
        quick += [self._nobody_quick] * (MOST_ALIVE - len(quick))
        for each in (*quick, *(full or [self._nobody_full])):
            if _holds(each, secret):
                return kept.index(each)
        return None


def _nobody(hasher: PasswordHasher) -> str:
    """Return a hash of nothing, random, that takes as long to compare with as one of `hasher`."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${costs}${salt}${digest}"


def _holds(kept: str, secret: str) -> bool:
    try:
        # A form's charset may make half a surrogate pair, which no secret has: it must not crash.
        return PasswordHasher().verify(kept, secret.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False
