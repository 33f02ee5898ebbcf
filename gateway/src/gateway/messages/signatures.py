"""HTTP message signatures (RFC 9421): what is verified of a message, and how an answer is signed.

The time is an argument. The library does the parsing and the arithmetic; here stands which
components a signature has to cover so that nothing that matters can be exchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey

AGE = timedelta(seconds=300)
"""How old a signature may be: a message that was held back for longer is refused."""
_SKEW = timedelta(seconds=10)
_ALWAYS = ("@method", "@path", "idempotency-key")
_ANSWER = (
    "@status",
    "content-type",
    "content-digest",
    '"@method";req',
    '"@path";req',
    '"idempotency-key";req',
    '"signature";req',
)
LABEL = "kaoping"
_CURVES = {(OKPKey, "Ed25519"), (ECKey, "P-256")}
_KINDS = ((algorithms.ED25519, "Ed25519"), (algorithms.ECDSA_P256_SHA256, "P-256"))

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the library reads it; header names are in lower case."""

    method: str
    url: str
    headers: Fields


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a message, which gets the headers of its signature."""

    status_code: int
    request: Message
    headers: Fields = field(default_factory=dict)


class NotVerified(Exception):
    """A signature does not hold, or does not cover what it has to."""


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known = known

    def resolve_public_key(self, key_id: str) -> Any:  # noqa: ANN401 - of cryptography
        return self._known.get(key_id)

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ANN401 - of cryptography
        return self._known[key_id]


class _Verifier(HTTPMessageVerifier):
    now: datetime
    max_clock_skew = _SKEW

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:  # noqa: ANN401 - the library's
        """Hold the moments of a signature against the time that was given."""
        created = _told(sig_input.params.get("created"))
        if not -_SKEW <= self.now - created <= AGE + _SKEW:
            raise InvalidSignature("It was made too long ago, or is to be made in future.")
        expires = sig_input.params.get("expires")
        if expires is not None and _told(expires) < self.now - _SKEW:
            raise InvalidSignature("It has expired.")


def _told(seconds: object) -> datetime:
    if type(seconds) is not int or not 0 <= seconds < 1 << 35:
        raise InvalidSignature("It does not say when it was made.")
    return moment(seconds)


def read_key(jwk: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the thumbprint of a public key and its members in the canonical form.

    Raises `ValueError` for what is no public key over Ed25519 or P-256.
    """
    if "d" in jwk:
        raise ValueError("it is the private half")
    try:
        key = JWKRegistry.import_key(dict(jwk))
        told = key.as_dict(private=False)
        if (type(key), told.get("crv")) not in _CURVES:
            raise ValueError("another kind of key")
        names: Sequence[str] = ("kty", "crv", "x", "y")
        return key.thumbprint(), {name: str(told[name]) for name in names if name in told}
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(str(error) or "no key") from error


def verified(
    message: Message, body: bytes, keys: Mapping[str, Mapping[str, Any]], now: datetime
) -> str:
    """Return the id of the key that signed a message; raise `NotVerified` where none did.

    A signature has to cover the method, the path, the query where there is one, the idempotency
    key, and the digest of the body where there is one.
    """
    last: Exception | None = None
    for algorithm, kind in _KINDS:
        known = {each: _public(jwk) for each, jwk in keys.items() if jwk["crv"] == kind}
        verifier = _Verifier(signature_algorithm=algorithm, key_resolver=_Keys(known))
        verifier.now = now
        try:
            [found] = verifier.verify(message, require_components=_wanted(message, body), body=body)
            return str(found.parameters["keyid"])
        except Exception as error:
            last = error if known else last
    raise NotVerified(str(last))


def _wanted(message: Message, body: bytes) -> tuple[str, ...]:
    with_query = ("@query",) if "?" in message.url else ()
    return (*_ALWAYS, *with_query, *(("content-digest",) if body else ()))


def covered(message: Message) -> Fields:
    """Return the headers of a message that belong to the archive."""
    told = ("content-digest", "content-type", "date", "host", "idempotency-key")
    names = (*told, "signature", "signature-input")
    return {name: message.headers[name] for name in names if name in message.headers}


def signed(answer: Answer, body: bytes, key: Key, now: datetime) -> Fields:
    """Return the headers by which an answer is signed, bound to the message that it answers."""
    key_id, is_edwards = str(key.kid), isinstance(key, OKPKey)
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519 if is_edwards else algorithms.ECDSA_P256_SHA256,
        key_resolver=_Keys({key_id: key.get_op_key("sign")}),
    )
    components = [each for each in _ANSWER if each != "content-type" or each in answer.headers]
    signer.sign(
        answer,
        key_id=key_id,
        created=now,
        label=LABEL,
        covered_component_ids=tuple(components),
        body=body,
    )
    names: Sequence[str] = ("content-digest", "signature-input", "signature")
    lowered = {name.lower(): value for name, value in answer.headers.items()}
    return {name: lowered[name] for name in names}


def _public(jwk: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of cryptography
    return JWKRegistry.import_key(dict(jwk)).get_op_key("verify")


def moment(seconds: float) -> datetime:
    """Return a time of the system's clock as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
