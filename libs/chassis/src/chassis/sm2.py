"""SM2 signatures with SM3 (GB/T 32918) for JWS and JWK, as a library computes them, if it is there.

Neither JOSE nor HTTP message signatures has registered a name for SM2. A key is a JWK of the kind
`EC` with `"crv": "SM2"`, a signature the 64 bytes of r and s, and the algorithm is called `SM2`;
the signer is told apart by the usual identity, `1234567812345678` (GM/T 0009).
"""

from functools import cached_property
from importlib import import_module
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from joserfc._rfc7515.model import JWSAlgModel
from joserfc._rfc7518.ec_key import ECBinding
from joserfc.errors import InvalidKeyTypeError
from joserfc.jwk import ECKey, JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry
from joserfc.util import base64_to_int

ALGORITHM = "SM2"
_HALF = 32
_Native = Any
"""A key of the library, which has no types."""


class NoLibrary(Exception):
    """The library for SM2 is not installed."""


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(f"tongsuopy.crypto.{name}")
    except ImportError as error:
        raise NoLibrary from error


def is_here() -> bool:
    """Say whether something can be signed and verified by SM2."""
    try:
        _library("hashes")
    except NoLibrary:
        return False
    return True


def signed(key: _Native, message: bytes) -> bytes:
    """Return the signature of a message: r and s."""
    der = key.sign(message, _algorithm())
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def holds(key: _Native, message: bytes, signature: bytes) -> bool:
    """Say whether a signature is that of a message by the holder of a public key."""
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(signature[at : at + _HALF], "big") for at in (0, _HALF))
    try:
        key.verify(encode_dss_signature(r, s), message, _algorithm())
    except _library("exceptions").InvalidSignature:
        return False
    return True


def _algorithm() -> Any:  # noqa: ANN401 - of the library
    return _library("asymciphers.ec").ECDSA(_library("hashes").SM3())


class _Binding(ECBinding):
    """How keys are made and read; what they are written as is the same for all curves."""

    _curves_dss = {ALGORITHM: ALGORITHM}  # noqa: RUF012 - as the library has it

    @classmethod
    def generate_private_key(cls, name: str) -> _Native:
        """Make a key."""
        ec = _library("asymciphers.ec")
        return ec.generate_private_key(ec.SM2())

    @classmethod
    def import_private_key(cls, obj: Any) -> _Native:  # noqa: ANN401 - a JWK
        """Read the private half; refuse one whose public half is another."""
        ec = _library("asymciphers.ec")
        key = ec.derive_private_key(base64_to_int(obj["d"]), ec.SM2())
        told, stands = key.public_key().public_numbers(), cls._public(obj)
        if (told.x, told.y) != (stands.x, stands.y):
            raise ValueError("the halves of the key do not belong together")
        return key

    @classmethod
    def import_public_key(cls, obj: Any) -> _Native:  # noqa: ANN401 - a JWK
        """Read the public half; refuse what is no point of the curve."""
        return cls._public(obj).public_key()

    @classmethod
    def _public(cls, obj: Any) -> Any:  # noqa: ANN401 - of the library
        ec = _library("asymciphers.ec")
        return ec.EllipticCurvePublicNumbers(
            base64_to_int(obj["x"]), base64_to_int(obj["y"]), ec.SM2()
        )


class SM2Key(ECKey):
    """A key over the curve of GB/T 32918.5."""

    binding = _Binding

    @property
    def is_private(self) -> bool:
        """Whether it can sign."""
        return hasattr(self.raw_value, "sign")

    @cached_property
    def public_key(self) -> _Native:
        """What verifies."""
        return self.raw_value.public_key() if self.is_private else self.raw_value  # type: ignore[union-attr]

    @property
    def private_key(self) -> _Native:
        """What signs, if it is there."""
        return self.raw_value if self.is_private else None


class _Registry(JWKRegistry):
    @classmethod
    def import_key(
        cls,
        data: Any,  # noqa: ANN401 - whatever stands in a document
        key_type: str | None = None,
        parameters: Any = None,  # noqa: ANN401 - the library's
    ) -> Key:
        if not (isinstance(data, dict) and data.get("crv") == ALGORITHM):
            return super().import_key(data, key_type, parameters)
        try:
            return SM2Key.import_key(data, parameters)
        except NoLibrary as error:  # in a set it is passed over, as RFC 7517 wants it
            raise InvalidKeyTypeError("SM2") from error


class Keys(KeySet):
    """A set of keys in which there may be some over SM2."""

    registry_cls = _Registry


import_key = _Registry.import_key
"""Read a key of any kind that is known here."""


class _Algorithm(JWSAlgModel):
    name, description, key_type = ALGORITHM, "SM2 with SM3", "EC"

    def check_key(self, key: Any) -> None:  # noqa: ANN401 - of any kind, as it came
        super().check_key(key)
        if not isinstance(key, SM2Key):
            raise InvalidKeyTypeError("it is no key over SM2")

    def sign(self, msg: bytes, key: SM2Key) -> bytes:
        return signed(key.get_op_key("sign"), msg)

    def verify(self, msg: bytes, sig: bytes, key: SM2Key) -> bool:
        return holds(key.get_op_key("verify"), msg, sig)


JWSRegistry.register(_Algorithm())

# The example of GB/T 32918.5-2017, A.2: whose key, of which text, and the signature by it.
EXAMPLE_TEXT = b"message digest"
EXAMPLE_ANSWER = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
_EXAMPLE_KEY = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
_EXAMPLE_SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8


def verified_example(text: bytes) -> bytes:
    """Return the published signature of the published text, if the library takes it and no other.

    A signature holds a random number, so that none can be made again: one is made by the published
    key besides, and has to hold too.
    """
    ec = _library("asymciphers.ec")
    public = ec.EllipticCurvePublicNumbers(*_EXAMPLE_KEY, ec.SM2()).public_key()
    printed = bytes.fromhex(EXAMPLE_ANSWER)
    made = signed(ec.derive_private_key(_EXAMPLE_SECRET, ec.SM2()), text)
    takes = holds(public, text, printed) and holds(public, text, made)
    return printed if takes and not holds(public, text + b".", printed) else b""
