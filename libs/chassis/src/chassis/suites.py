"""With which algorithms something new is signed, sealed and vouched for: one word for all of it.

`international` is Ed25519 or ES256, AES-256 and SHA-256; `sm` is SM2, SM3 and SM4 (GB/T 32918,
32905, 32907). What was sealed says by its first bytes under which suite, so that each goes on
opening what the other sealed. The arithmetic is that of libraries; here stands what is put
together of it, and that nothing starts on a library which gets the published examples wrong.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis import environment, sm2

Name = Literal["international", "sm"]
SETTING = "CRYPTOGRAPHY"
"""The variable that names the suite, for a service and for a program beside it alike."""
KEY_BYTES = 32
"""How long every secret is that is kept, whatever is derived from it."""
_BLOCK, _TAG = 16, 16


class SuiteUnavailable(Exception):
    """The algorithms that were asked for are not here, or do not compute what they have to.

    Whoever starts the program reads it, and so it says so in both languages at once.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"{en} {zh}")
        self.detail_en, self.detail_zh = en, zh


class Aead(Protocol):
    """Seals with a nonce that is used once, and opens; `InvalidTag` where something was altered."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return `data` encrypted, with a tag of 16 bytes at its end."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what was encrypted with this nonce, beside this data."""
        ...


class Steady(Protocol):
    """Seals without a random number: the same thing to the same bytes, and to no others."""

    def encrypt(self, data: bytes, associated_data: list[bytes] | None) -> bytes:
        """Return `data` encrypted and vouched for."""
        ...

    def decrypt(self, data: bytes, associated_data: list[bytes] | None) -> bytes:
        """Return what was encrypted; `InvalidTag` where it was not by this key, or altered."""
        ...


class Sm4Gcm:
    """SM4 in the mode GCM, as RFC 8998 has it."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return `data` encrypted, with its tag at its end."""
        cipher = Cipher(self._key, modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(associated_data or b"")
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what was encrypted with this nonce, beside this data."""
        if len(data) < _TAG:
            raise InvalidTag
        cipher = Cipher(self._key, modes.GCM(nonce, data[-_TAG:])).decryptor()
        cipher.authenticate_additional_data(associated_data or b"")
        return cipher.update(data[:-_TAG]) + cipher.finalize()


class Sm4Siv:
    """SM4 in counter mode, beginning where HMAC-SM3 of all that is vouched for says.

    That is the generic construction of the authors of SIV (Rogaway and Shrimpton, 2006, section 5):
    libraries have that of RFC 5297 for AES alone.
    """

    def __init__(self, key: bytes) -> None:
        self._mac, self._key = key[:KEY_BYTES], algorithms.SM4(key[KEY_BYTES : KEY_BYTES + _BLOCK])

    def encrypt(self, data: bytes, associated_data: list[bytes] | None) -> bytes:
        """Return where it begins, and `data` encrypted."""
        begins = self._beginning(data, associated_data or [])
        return begins + self._applied(begins, data)

    def decrypt(self, data: bytes, associated_data: list[bytes] | None) -> bytes:
        """Return what was encrypted, if it begins where it has to."""
        begins, plain = data[:_BLOCK], self._applied(data[:_BLOCK], data[_BLOCK:])
        if not bytes_eq(begins, self._beginning(plain, associated_data or [])):
            raise InvalidTag
        return plain

    def _beginning(self, data: bytes, beside: list[bytes]) -> bytes:
        parts = [*beside, data]
        told = b"".join(len(each).to_bytes(8, "big") + each for each in parts)
        return mac(hashes.SM3(), self._mac, told)[:_BLOCK]

    def _applied(self, begins: bytes, data: bytes) -> bytes:
        if len(begins) != _BLOCK:
            raise InvalidTag
        cipher = Cipher(self._key, modes.CTR(begins)).encryptor()
        return cipher.update(data) + cipher.finalize()


class Suite(NamedTuple):
    """The algorithms of one suite. `mark` is what sealed bytes begin with; those without any mark
    are of `international`, from before there was another."""

    name: Name
    mark: bytes
    digest: hashes.HashAlgorithm
    aead: Callable[[bytes], Aead]
    steady: Callable[[bytes], Steady]

    def derived(self, secret: bytes, length: int, salt: bytes | None, purpose: bytes) -> bytes:
        """Return a key for one purpose (HKDF, RFC 5869)."""
        return HKDF(self.digest, length, salt, purpose).derive(secret)

    def vouched(self, secret: bytes, text: bytes) -> bytes:
        """Return what only a holder of the secret can say of a text (HMAC)."""
        return mac(self.digest, secret, text)


def mac(digest: hashes.HashAlgorithm, secret: bytes, text: bytes) -> bytes:
    """Return the HMAC of a text."""
    made = HMAC(secret, digest)
    made.update(text)
    return made.finalize()


def _sm4(secret: bytes) -> Aead:
    return Sm4Gcm(HKDF(hashes.SM3(), _BLOCK, None, b"SM4-GCM").derive(secret))


def _siv(secret: bytes) -> Steady:
    return AESSIV(secret)


def _sm4_siv(secret: bytes) -> Steady:
    return Sm4Siv(HKDF(hashes.SM3(), KEY_BYTES + _BLOCK, None, b"SM4-SIV").derive(secret))


INTERNATIONAL = Suite("international", b"", hashes.SHA256(), AESGCM, _siv)
SM = Suite("sm", b"\0SM4\0", hashes.SM3(), _sm4, _sm4_siv)
SUITES: Mapping[Name, Suite] = {each.name: each for each in (INTERNATIONAL, SM)}


def first_opened(sealed: bytes, opened: Callable[[Suite, bytes], bytes]) -> bytes | None:
    """Return what `opened` makes of sealed bytes by the suite of their mark; None where nothing.

    Bytes from before there were marks may begin like one by chance: what does not open by its
    mark is tried as such.
    """
    for suite in (SM, INTERNATIONAL):
        if not sealed.startswith(suite.mark):
            continue
        try:
            return opened(suite, sealed[len(suite.mark) :])
        except (InvalidTag, ValueError, UnsupportedAlgorithm):  # the last one: a build without it
            continue
    return None


def named(name: str) -> Suite:
    """Return a suite by its name; refuse a name of none."""
    if name not in SUITES:
        raise SuiteUnavailable(
            f"{SETTING} is {name!r}; it is international or sm.",
            f"`{SETTING}` 的值为 `{name}`，只能是 `international` 或 `sm`。",
        )
    return SUITES[cast(Name, name)]


def of_environment() -> Suite:
    """Return the suite that the environment names, tried like that of a service."""
    suite = named(environment.told(SETTING) or "international")
    require(suite)
    return suite


# Examples that the standards print: GB/T 32905-2016 A.1, GB/T 32907-2016 A.1, RFC 8998 A.1 (GCM).
_SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def _sm3_of(text: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text)
    return digest.finalize()


def _sm4_block(block: bytes) -> bytes:
    # By the counter alone: what the block cipher makes of it is added to zeros.
    cipher = Cipher(algorithms.SM4(_SM4_KEY), modes.CTR(block)).encryptor()
    return cipher.update(bytes(_BLOCK)) + cipher.finalize()


def _sm4_gcm(text: bytes) -> bytes:
    beside = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    nonce = bytes.fromhex("00001234567800000000abcd")
    sealed = Sm4Gcm(_SM4_KEY).encrypt(nonce, text, beside)
    return sealed if Sm4Gcm(_SM4_KEY).decrypt(nonce, sealed, beside) == text else b""


class Example(NamedTuple):
    """A published example: what is asked of which algorithm, and the answer in hexadecimal."""

    of: str
    ask: Callable[[bytes], bytes]
    given: bytes
    answer: str


_TEXT = bytes.fromhex(
    "".join(each * 8 for each in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"))
)
EXAMPLES = (
    Example(
        "SM3",
        _sm3_of,
        b"abc",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    ),
    Example("SM4", _sm4_block, _SM4_KEY, "681edf34d206965e86b3e94f536e4246"),
    Example(
        "SM4-GCM",
        _sm4_gcm,
        _TEXT,
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec",
    ),
    Example("SM2", sm2.verified_example, sm2.EXAMPLE_TEXT, sm2.EXAMPLE_ANSWER),
)


def require(suite: Suite, examples: tuple[Example, ...] = EXAMPLES) -> None:
    """Refuse a suite whose algorithms are not here, or fail a published example.

    Nothing is asked of `international`: its libraries try themselves when they are built.
    """
    if suite is not SM:
        return
    for each in examples:
        try:
            answer = each.ask(each.given)
        except sm2.NoLibrary as error:
            raise _unavailable("SM2", "its library is not installed", "未安装其组件") from error
        except UnsupportedAlgorithm as error:
            raise _unavailable(each.of, "the library has none", "现用组件不支持") from error
        if not bytes_eq(answer, bytes.fromhex(each.answer)):
            raise _unavailable(each.of, "it fails the published example", "标准示例自检未通过")


def _unavailable(algorithm: str, en: str, zh: str) -> SuiteUnavailable:
    return SuiteUnavailable(f"{algorithm}: {en}.", f"{algorithm}：{zh}。")
