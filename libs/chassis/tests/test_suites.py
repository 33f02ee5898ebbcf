"""Suites: what one sealed the other opens, and no service starts on algorithms that fail."""

import subprocess
import sys
from uuid import uuid4

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwt
from joserfc.errors import JoseError

from chassis import sm2, suites
from chassis.identity import ALGORITHMS
from chassis.sealing import SealingKeys
from chassis.suites import INTERNATIONAL, SM, Example, SuiteUnavailable
from service_testing import AUTHORISATION

BOTH = [INTERNATIONAL, SM]


def test_the_published_examples_come_out_and_an_altered_one_is_refused_by_its_name():
    """Planted bugs: `require` asks for nothing; SM4-GCM forgets what is vouched for beside."""
    suites.require(SM)
    assert [each.of for each in suites.EXAMPLES] == ["SM3", "SM4", "SM4-GCM", "SM2"]
    for each in suites.EXAMPLES:
        altered = each._replace(answer=f"{int(each.answer[:2], 16) ^ 1:02x}{each.answer[2:]}")
        with pytest.raises(SuiteUnavailable, match=f"^{each.of}: it fails") as refused:
            suites.require(SM, (altered,))
        assert refused.value.detail_zh == f"{each.of}：标准示例自检未通过。"
        suites.require(INTERNATIONAL, (altered,))
    # A signature of another text is none, whoever computes.
    [last] = [each for each in suites.EXAMPLES if each.of == "SM2"]
    with pytest.raises(SuiteUnavailable, match="SM2: it fails"):
        suites.require(SM, (Example("SM2", last.ask, b"another text", last.answer),))


def test_without_its_library_nothing_starts_and_all_else_works():
    """Planted bug: the library is imported where its module is."""
    program = (
        "import sys; sys.modules['tongsuopy'] = None\n"
        "from chassis import sm2, suites\n"
        "suites.require(suites.INTERNATIONAL)\n"
        "assert not sm2.is_here() and suites.named('international')\n"
        "try: suites.require(suites.SM)\n"
        "except suites.SuiteUnavailable as error: print(error.detail_en, error.detail_zh)\n"
        "try: suites.named('md5')\n"
        "except suites.SuiteUnavailable as error: print(error.detail_zh)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "SM2: its library is not installed. SM2：未安装其组件。",
        "`CRYPTOGRAPHY` 的值为 `md5`，只能是 `international` 或 `sm`。",
    ]


def test_no_service_starts_without_what_it_is_to_sign_by():
    """Planted bug: `create_service` does not ask. The database is one that nobody reaches."""
    program = (
        "import asyncio, sys; sys.modules['tongsuopy'] = None\n"
        "from chassis.service import create_service\n"
        "from chassis.settings import Settings\n"
        "from chassis.suites import SuiteUnavailable\n"
        "told = {'database_url': 'postgresql+asyncpg://a:b@127.0.0.1:1/c',"
        f" 'authorisation_file': {str(AUTHORISATION)!r}, 'cryptography': sys.argv[1]}}\n"
        "app = create_service('lending', Settings.model_validate(told), [])\n"
        "async def start():\n"
        "    async with app.router.lifespan_context(app): return 'started'\n"
        "try: print(asyncio.run(start()))\n"
        "except SuiteUnavailable as error: print(error)\n"
    )
    said = [
        subprocess.run([sys.executable, "-c", program, suite], capture_output=True, text=True)
        for suite in ("international", "sm")
    ]
    assert [each.stdout.splitlines()[-1:] for each in said] == [
        ["started"],
        ["SM2: its library is not installed. SM2：未安装其组件。"],
    ], said


@pytest.mark.parametrize("sealing", BOTH, ids=lambda each: each.name)
@pytest.mark.parametrize("opening", BOTH, ids=lambda each: each.name)
async def test_a_text_is_opened_whichever_suite_is_set_and_by_nobody_altered(
    tmp_path, sealing, opening
):
    """Planted bugs: what has a mark is opened by the suite that is set; `of` is not vouched for."""
    keys, of = SealingKeys(str(tmp_path), sealing), uuid4()
    sealed = await keys.seal(of, "13800000000")
    assert sealed.startswith(sealing.mark)
    reader = SealingKeys(str(tmp_path), opening)
    assert await reader.opened(of, sealed) == "13800000000"
    for at in range(0, len(sealed), 37):
        altered = bytearray(sealed)
        altered[at] ^= 1
        assert await reader.opened(of, bytes(altered)) is None
    await reader.destroy(of)
    assert await keys.opened(of, sealed) is None


def test_what_begins_like_a_mark_by_chance_is_opened_as_it_was_sealed():
    """Planted bug: a mark is believed without being tried."""
    nonce, key = SM.mark + bytes(12 - len(SM.mark)), bytes(32)
    old = nonce + INTERNATIONAL.aead(key).encrypt(nonce, b"of before", b"")
    found = suites.first_opened(
        old, lambda suite, rest: suite.aead(key).decrypt(rest[:12], rest[12:], b"")
    )
    assert found == b"of before"
    assert (
        suites.first_opened(b"", lambda suite, rest: suite.aead(key).decrypt(b"", rest, b""))
        is None
    )

    def without(suite, rest):
        if suite is SM:
            raise UnsupportedAlgorithm("a build without it")
        return b"by the other"

    assert suites.first_opened(SM.mark, without) == (
        b"by the other" if SM.mark.startswith(INTERNATIONAL.mark) else None
    )


def test_the_same_thing_is_sealed_alike_and_what_lies_beside_is_kept_apart():
    """Planted bug: the lengths of what is vouched for are left out."""
    for suite in BOTH:
        cipher = suite.steady(bytes(range(64)))
        sealed = cipher.encrypt(b"text", [b"about"])
        assert sealed == cipher.encrypt(b"text", [b"about"]) != cipher.encrypt(b"text", [b"other"])
        assert cipher.decrypt(sealed, [b"about"]) == b"text"
        assert cipher.encrypt(b"xt", [b"aboutte"])[:16] != sealed[:16]
        for at in range(len(sealed)):
            altered = bytearray(sealed)
            altered[at] ^= 1
            with pytest.raises(Exception):  # noqa: B017, PT011 - each library has its own
                cipher.decrypt(bytes(altered), [b"about"])


def test_a_token_by_sm2_holds_and_no_other_key_is_taken_for_it():
    """Planted bugs: r and s are not held to their length; halves of two keys are taken for one."""
    key, other = (sm2.SM2Key.generate_key("SM2", auto_kid=True) for _ in range(2))
    assert key.kid != other.kid
    token = jwt.encode({"alg": "SM2", "kid": key.kid}, {"sub": "a"}, key, ["SM2"])
    known = sm2.Keys.import_key_set({"keys": [key.as_dict(), other.as_dict()]})
    assert jwt.decode(token, known, algorithms=ALGORITHMS).claims == {"sub": "a"}
    head, payload, signature = token.split(".")
    for altered in (
        f"{head}.{payload}.{signature[:-3]}",
        f"{head}.{payload[:-2]}.{signature}",
        jwt.encode({"alg": "SM2", "kid": key.kid}, {"sub": "a"}, other, ["SM2"]),
    ):
        with pytest.raises((JoseError, ValueError)):
            jwt.decode(altered, known, algorithms=ALGORITHMS)
    mine, theirs = key.as_dict(private=True), other.as_dict(private=True)
    for wrong in ({**mine, "d": theirs["d"]}, {**key.as_dict(), "x": other.as_dict()["x"]}):
        with pytest.raises(ValueError, match=r"halves|Invalid"):
            sm2.import_key(wrong)
