"""A gateway with `CRYPTOGRAPHY=sm`: what it signs and seals, and what was there before it."""

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
from joserfc import jws

import kaoping.verify_journals as program
from chassis import sm2
from chassis.checkpoints import read_all
from chassis.suites import INTERNATIONAL, SM
from gateway.checkpoints import Checkpoints
from gateway.sealed import Key, Sealer

from .test_checkpoints import CHAIN, NOON, head, put, written

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
async def door(run_gateway):
    return await run_gateway(cryptography="sm", checkpoint_hours=10_000)


async def test_tokens_and_checkpoints_are_signed_by_sm2(door):
    """Planted bug: the setting reaches the tokens and not the checkpoints."""
    token = await door.sign_in()
    assert jws.extract_compact(token.encode()).protected["alg"] == "SM2"
    async with door.client(door.token("auditor")) as client:
        assert (await client.post("/api/v1/checkpoints")).status_code == 201
    folder = door.app.state.settings.checkpoints_dir
    assert [each.number for each in read_all(folder)] == [1]
    text = (folder / "00000001.jws").read_bytes()
    assert jws.extract_compact(text).protected["alg"] == "SM2"
    async with door.client(token) as client:
        assert (await client.get("/api/v1/me")).status_code == 200
        published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert [(each["kty"], each["crv"]) for each in published] == [("EC", "SM2")]


def test_a_row_signed_under_one_suite_after_the_other_verifies_alone(tmp_path):
    """There and back again. Planted bugs: the key of the suite before signs on; the verifier
    takes any key for any algorithm; SM3 without its length."""
    entries, folder = written(20), tmp_path / "checkpoints"
    for day, suite in enumerate(("international", "sm", "international", "sm")):
        kept = Checkpoints(folder, tmp_path / "signing", suite)
        kept.ensure()
        kept.add({"scoring": [head(entries[: 5 * day + 5])]}, [], NOON + timedelta(days=day))
    assert len(kept.published()["keys"]) == 2  # who goes back has the key still
    headers = [jws.extract_compact(p.read_bytes()).protected for p in sorted(folder.glob("*.jws"))]
    assert [each["alg"] for each in headers] == ["Ed25519", "SM2", "Ed25519", "SM2"]
    assert [each.number for each in read_all(folder)] == [1, 2, 3, 4]
    put(tmp_path, entries)
    command = [sys.executable, "-I", "-S", program.__file__, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("OK\n", "", 0)
    text = (folder / "00000004.jws").read_text()
    for at in range(0, len(text), 41):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        (folder / "00000004.jws").write_text(changed)
        assert program.verify(tmp_path, None, {4: kept_digest(text)}) != [], at
    (folder / "00000004.jws").write_text(text)
    put(tmp_path, written(20, altered=13))
    [said] = program.verify(tmp_path, None, {})
    assert said.startswith(f"scoring/{CHAIN}: entry 11 to 15: was written anew")


def kept_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_verifier_computes_sm2_and_sm3_as_the_standards_print():
    """GB/T 32905-2016 A.1 and A.2, GB/T 32918.5-2017 A.2, and what is near."""
    twice = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert program.sm3(b"abcd" * 16).hex() == twice
    assert program.sm3(b"abc").hex().startswith("66c7f0f462eeedd9")
    x = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    y = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    public, text = bytes.fromhex(x + y), b"message digest"
    signature = bytes.fromhex(sm2.EXAMPLE_ANSWER)
    assert program.signs_sm2(public, text, signature)
    assert not program.signs_sm2(public, text + b".", signature)
    for at in range(0, 64, 5):
        near = bytearray(signature)
        near[at] ^= 1
        assert not program.signs_sm2(public, text, bytes(near))
        off = bytearray(public)
        off[at] ^= 1
        assert not program.signs_sm2(bytes(off), text, signature)
    # What the library signs, of any length of text, verifies here.
    key = sm2.SM2Key.generate_key("SM2")
    mine = b"".join(program.raw(key.as_dict()[name]) for name in ("x", "y"))
    for length in (0, 1, 55, 56, 63, 64, 65, 1000):
        message = bytes(length)
        made = sm2.signed(key.get_op_key("sign"), message)
        assert program.signs_sm2(mine, message, made)
        assert not program.signs_sm2(public, message, made)


@pytest.mark.parametrize(("sealing", "opening"), [(INTERNATIONAL, SM), (SM, INTERNATIONAL)])
def test_what_was_sealed_before_the_suite_was_changed_opens_after(sealing, opening):
    """Planted bug: the purpose is left out where SM4 seals."""
    sealed = Sealer(Key(SECRET, sealing), "cursors").seal(b"positions", b"xq08")
    assert Sealer(Key(SECRET, opening), "cursors").open(sealed, b"xq08") == b"positions"
    assert Sealer(Key(SECRET, opening), "cursors").open(sealed, b"xq09") is None
    assert Sealer(Key(SECRET, opening), "webhooks").open(sealed, b"xq08") is None
    # Names are of things, not secrets: they stay, or every event would come a second time.
    names = [Sealer(Key(SECRET, each), "ids").name(b"a 1") for each in (sealing, opening)]
    assert names[0] == names[1]
