"""HTTP message signatures (RFC 9421): what is verified of a message, and how an answer is signed.

The time is an argument. The library does the parsing and the arithmetic; here stands which
components a signature has to cover so that nothing that matters can be exchanged.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey

from chassis import sm2

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


class Sm2(algorithms.HTTPSignatureAlgorithm):
    """SM2 with SM3; no name is registered for it."""

    algorithm_id = "sm2-sm3"

    def __init__(self, public_key: Any = None, private_key: Any = None) -> None:  # noqa: ANN401 - of the library
        self._public, self._private = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        return sm2.signed(self._private, message)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise for a signature that does not hold."""
        if not sm2.holds(self._public, message, signature):
            raise InvalidSignature("It is not by this key.")


_CURVES = {(OKPKey, "Ed25519"), (ECKey, "P-256"), (sm2.SM2Key, sm2.ALGORITHM)}
_ALGORITHMS = {
    "Ed25519": algorithms.ED25519,
    "P-256": algorithms.ECDSA_P256_SHA256,
    sm2.ALGORITHM: Sm2,
}
_MOST_SIGNATURES = 8

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
    """A signature does not hold, or does not cover what it has to; says why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


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
    allow_label_only_selection = True

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

    Raises `ValueError` for what is no public key over Ed25519, P-256 or SM2, and for the last
    where the library for it is not installed.
    """
    if "d" in jwk:
        raise ValueError("it is the private half")
    try:
        key = sm2.import_key(dict(jwk))
        told = key.as_dict(private=False)
        if (type(key), told.get("crv")) not in _CURVES:
            raise ValueError("another kind of key")
        names: Sequence[str] = ("kty", "crv", "x", "y")
        return key.thumbprint(), {name: str(told[name]) for name in names if name in told}
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(str(error) or "no key") from error


@dataclass(frozen=True, slots=True)
class Signed:
    """By which key a message was signed, and the headers by which that can be shown again."""

    key_id: str
    headers: Fields


def verified(
    message: Message, body: bytes, keys: Mapping[str, Mapping[str, Any]], now: datetime
) -> Signed:
    """Return by which of the keys a message was signed; raise `NotVerified` where by none.

    A signature has to cover the method, the path, the query where there is one, the idempotency
    key, the condition where there is one, and of a body its type and its digest. Others may have
    signed besides, on the way: what is not by one of the keys is passed over.
    """
    last = NotVerified("No signature is by a key of the account.", "没有以该账户密钥作出的签名。")
    for label, names, key_id in _by_whom(message):
        if key_id not in keys:
            continue
        try:
            _verify(message, body, label, keys[key_id], key_id, now)
            return Signed(key_id, _covered(message, names))
        except NotVerified as error:
            last = error
        except Exception as error:  # anybody may send anything: it does not hold
            last = NotVerified(f"The signature: {str(error)[:200]}", "签名不成立或涵盖内容不全。")
    raise last


def _by_whom(message: Message) -> list[tuple[str, list[str], str]]:
    """Return of each signature its label, the components that it covers, and whose key it names."""
    try:
        found: Any = http_sf.parse(message.headers["signature-input"].encode(), tltype="dictionary")
        told = [
            (label, [str(name) for name, _ in covered], str(about.get("keyid")))
            for label, (covered, about) in found.items()
            if isinstance(covered, list)
        ]
    except Exception as error:
        raise NotVerified("Signature-Input is not understood.", "签名说明无法识别。") from error
    return told[:_MOST_SIGNATURES]


def _verify(
    message: Message, body: bytes, label: str, jwk: Mapping[str, Any], key_id: str, now: datetime
) -> None:
    verifier = _Verifier(
        signature_algorithm=_ALGORITHMS[jwk["crv"]], key_resolver=_Keys({key_id: _public(jwk)})
    )
    verifier.now = now
    with warnings.catch_warnings(action="ignore"):  # of labels: whose key it is has been looked at
        verifier.verify(
            message, expect_label=label, require_components=_wanted(message, body), body=body
        )


def _wanted(message: Message, body: bytes) -> tuple[str, ...]:
    told = [*_ALWAYS, *(["@query"] if "?" in message.url else [])]
    told += ["if-match"] if "if-match" in message.headers else []
    if body:
        told += ["content-digest", *(["content-type"] if "content-type" in message.headers else [])]
    return tuple(told)


def _covered(message: Message, names: Sequence[str]) -> Fields:
    """Return the headers that a signature covers, with the signatures: all that the archive needs.

    A token has no place there.
    """
    if {"authorization", "cookie"} & {*names}:
        raise NotVerified("Leave Authorization out of the signature.", "签名不得涵盖授权请求头。")
    kept = {*names, "host", "signature", "signature-input"}
    return {name: value for name, value in message.headers.items() if name in kept}


def signed(answer: Answer, body: bytes, key: Key, now: datetime) -> Fields:
    """Return the headers by which an answer is signed, bound to the message that it answers."""
    key_id = str(key.kid)
    signer = HTTPMessageSigner(
        signature_algorithm=_ALGORITHMS[str(key.get("crv"))],
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
    return sm2.import_key(dict(jwk)).get_op_key("verify")


def moment(seconds: float) -> datetime:
    """Return a time of the system's clock as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
