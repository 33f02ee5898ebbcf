"""Signatures of messages, by Standard Webhooks: whoever has the secret knows who sent a message,
when, and that nobody altered it."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a secret that nobody could guess."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(
    keys: Sequence[str], message: str, position: int, moment: int, body: bytes
) -> dict[str, str]:
    """Return what a message is sent with: its id, its position, when, and a signature of each key.

    The same message keeps its id however often it is sent; `moment` are the seconds of each try.
    """
    signed = f"{message}.{moment}.".encode() + body
    return {
        "content-type": "application/cloudevents+json",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
        "webhook-position": str(position),
    }


def _signature(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(raw, signed, sha256).digest()).decode()
