"""How often a random token is taken for a number of a person; run as a script, of a million each.

Every shape of token in use is drawn from one seed: what a collector or another system may give
its own records as names.
"""

import base64
import random
import sys
import uuid
from collections.abc import Callable, Mapping

from chassis import personal

TOKENS = 1_000_000
SEED = 20_251_231

SHAPES: Mapping[str, Callable[[random.Random], str]] = {
    "SHA-256, hexadecimal": lambda dice: dice.randbytes(32).hex(),
    "SHA-256, base64url": lambda dice: _base64(dice.randbytes(32)),
    "UUID, canonical": lambda dice: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
    "UUID, hexadecimal": lambda dice: uuid.UUID(int=dice.getrandbits(128), version=4).hex,
    "16 hexadecimal digits": lambda dice: dice.randbytes(8).hex(),
    "24 hexadecimal digits": lambda dice: dice.randbytes(12).hex(),
    "16 bytes, base64url": lambda dice: _base64(dice.randbytes(16)),
    "26 of Crockford's base 32": lambda dice: "".join(
        dice.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=26)
    ),
}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def false_alarms(shape: str, tokens: int, seed: int = SEED) -> int:
    """Return how many of so many random tokens of a shape are refused."""
    dice = random.Random(f"{seed} {shape}")  # noqa: S311 - the same every time is the point
    return sum(personal.find(SHAPES[shape](dice)) is not None for _ in range(tokens))


if __name__ == "__main__":
    for name in SHAPES:
        sys.stdout.write(f"{name}: {false_alarms(name, TOKENS)} of {TOKENS:,}\n")
