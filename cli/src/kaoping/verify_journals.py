"""Verify journals alone: `python verify_journals.py FOLDER [--key KID] [--digest N=SHA256]`.

With `--of CODE` it verifies what `kaoping jurisdiction export CODE FOLDER` wrote: of others than
that jurisdiction checkpoints may tell, and nothing of them is there.

It needs Python 3.11 and nothing else, and shares no line with the system. FOLDER is what
`kaoping journals FOLDER` reads with an auditor's account:

    checkpoints/00000001.jws …   how far all journals had come, signed
    checkpoints/keys.json        the public keys they are signed with: Ed25519, or SM2 with SM3
    journals/PART/CHAIN.jsonl    the entries of a chain, one in a line
    receipts/*.json              receipts that were given, one or a list in a file; by hand

What is found is named by part, chain and number of the entry: one that does not follow from the
one before it; one that is missing; one that a receipt or a checkpoint has otherwise. Where a whole
chain was written anew, no entry contradicts its neighbour: then the first receipt or checkpoint
that is contradicted bounds where that began. Give the key (`--key`) and the digests of checkpoints
(`--digest`) from where they were noted down or printed: whoever forges everything forges those here
as well. Exit code 0 means that nothing was found.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

Json = Any
START = bytes(32)

# Ed25519 (RFC 8032, 5.1), verification alone
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def added(a: Point, b: Point) -> Point:
    """Return the sum of two points in extended coordinates."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def times(n: int, point: Point) -> Point:
    """Return a point added to itself so many times."""
    found = ZERO
    while n:
        if n & 1:
            found = added(found, point)
        point, n = added(point, point), n >> 1
    return found


def point_of(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, None where they stand for none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def base_point() -> Point:
    """Return the base point of the curve."""
    found = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if found is None:
        raise AssertionError("the base point is on the curve")
    return found


def signs(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature of 64 bytes is that of a message by a public key of 32 bytes."""
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = times(s, base_point())
    right = added(r, times(int.from_bytes(digest, "little") % ORDER, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# SM2 with SM3 (GB/T 32918.2, .5; GB/T 32905), verification alone
FIELD = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
CURVE_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
BASE = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
NUMBER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SIGNER = b"1234567812345678"
Flat = tuple[int, int] | None


def turned(word: int, by: int) -> int:
    """Return 32 bits turned to the left."""
    by %= 32
    return (word << by | word >> (32 - by)) & 0xFFFFFFFF


def sm3(message: bytes) -> bytes:
    """Return the SM3 digest of a message; not every OpenSSL has it."""
    start = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"
    state = [int(start[at : at + 8], 16) for at in range(0, 64, 8)]
    padded = message + b"\x80" + bytes((55 - len(message)) % 64)
    padded += (8 * len(message)).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        state = [a ^ b for a, b in zip(state, pressed(state, padded[at : at + 64]), strict=True)]
    return b"".join(word.to_bytes(4, "big") for word in state)


def pressed(state: list[int], block: bytes) -> list[int]:
    """Return what one block of 64 bytes makes of a state."""
    w = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ turned(w[j - 3], 15)
        w.append(x ^ turned(x, 15) ^ turned(x, 23) ^ turned(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        s1 = turned((turned(a, 12) + e + turned(constant, j)) & 0xFFFFFFFF, 7)
        s2 = s1 ^ turned(a, 12)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        t1, t2 = (ff + d + s2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF, (gg + h + s1 + w[j]) & 0xFFFFFFFF
        a, b, c, d = t1, a, turned(b, 9), c
        e, f, g, h = t2 ^ turned(t2, 9) ^ turned(t2, 17), e, turned(f, 19), g
    return [a, b, c, d, e, f, g, h]


def joined(a: Flat, b: Flat) -> Flat:
    """Return the sum of two points of the curve of SM2; the point at infinity is None."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % FIELD == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, FIELD) % FIELD
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, FIELD) % FIELD
    x = (slope * slope - a[0] - b[0]) % FIELD
    return x, (slope * (a[0] - x) - a[1]) % FIELD


def multiplied(n: int, point: Flat) -> Flat:
    """Return a point added to itself so many times."""
    found: Flat = None
    while n:
        found = joined(found, point) if n & 1 else found
        point, n = joined(point, point), n >> 1
    return found


def signs_sm2(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature, r and s, is that of a message by a public key, x and y."""
    if len(public) != 64 or len(signature) != 64:
        return False
    x, y = halves(public)
    r, s = halves(signature)
    whole = 0 < r < NUMBER and 0 < s < NUMBER and (r + s) % NUMBER != 0
    if not whole or not on_curve(x, y):
        return False
    known = [FIELD - 3, CURVE_B, *BASE]
    who = (8 * len(SIGNER)).to_bytes(2, "big") + SIGNER
    who += b"".join(each.to_bytes(32, "big") for each in known) + public
    digest = int.from_bytes(sm3(sm3(who) + message), "big")
    point = joined(multiplied(s, BASE), multiplied((r + s) % NUMBER, (x, y)))
    return point is not None and (digest + point[0]) % NUMBER == r


def on_curve(x: int, y: int) -> bool:
    """Say whether two numbers are a point of the curve of SM2."""
    return max(x, y) < FIELD and (y * y - x * x * x + 3 * x - CURVE_B) % FIELD == 0


def halves(pair: bytes) -> tuple[int, int]:
    """Return the two numbers of 32 bytes each that were put together."""
    return int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big")


def raw(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def thumbprint(key: Mapping[str, str]) -> str:
    """Return the thumbprint of a key (RFC 7638, RFC 8037): no other has the same id."""
    wanted = {name: key[name] for name in ("crv", "kty", "x", "y") if name in key}
    said = json.dumps(wanted, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()).decode().rstrip("=")


Key = tuple[str, bytes]
VERIFIED_BY = {"Ed25519": signs, "SM2": signs_sm2}


def stated(signed: bytes, keys: Mapping[str, Key]) -> Json:
    """Return what a signed text says (RFC 7515, compact), None where no key has signed it."""
    try:
        header, payload, signature = signed.decode("ascii").split(".")
        told = json.loads(raw(header))
        curve, key = keys[told["kid"]]
        verified = VERIFIED_BY[curve] if told["alg"] == curve else None
        message = f"{header}.{payload}".encode()
        holds = verified is not None and verified(key, message, raw(signature))
        return json.loads(raw(payload)) if holds else None
    except (ValueError, KeyError, TypeError):  # a damaged text fails in many ways
        return None


def keys_of(folder: Path, wanted: str | None) -> dict[str, Key]:
    """Return the public keys of a folder by their ids, or the one that is wanted."""
    try:
        published = json.loads((folder / "keys.json").read_text("utf-8"))["keys"]
        found = {
            thumbprint(each): (each["crv"], raw(each["x"]) + raw(each.get("y", "")))
            for each in published
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Found("checkpoints: their keys cannot be read") from error
    return {kid: key for kid, key in found.items() if wanted in (None, kid)}


def checkpoints(folder: Path, wanted: str | None, noted: Mapping[int, str]) -> Iterator[Json]:
    """Give what each checkpoint says, up to one that is not signed or does not follow."""
    keys = keys_of(folder, wanted)
    previous, number = None, 0
    for number, path in enumerate(sorted(folder.glob("*.jws")), start=1):
        signed = path.read_bytes()
        said = stated(signed, keys)
        if said is None:
            raise Found(f"checkpoint {number}: is not signed by the key")
        if said["number"] != number or said["previous"] != previous:
            raise Found(f"checkpoint {number}: does not follow from the one before it")
        previous = hashlib.sha256(signed).hexdigest()
        if noted.get(number, previous) != previous:
            raise Found(f"checkpoint {number}: is not the one whose digest was noted down")
        yield said
    if beyond := [each for each in noted if each > number]:
        raise Found(f"checkpoint {min(beyond)}: is missing")


class Found(Exception):
    """Something after which nothing that follows can be trusted."""


def digest_of(chain: str, entry: Json, previous: bytes) -> bytes:
    """Return the hash that an entry must have after the one before it."""
    moment = datetime.fromisoformat(entry["recorded_at"]) - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds
    texts = [chain, str(entry["seq"]), str(micros), entry["subject"], entry["unit"]]
    texts += [entry["event"], entry["body"], *([] if entry["rows"] is None else [entry["rows"]])]
    fields = [previous, *(text.encode() for text in texts)]
    return hashlib.sha256(b"".join(len(each).to_bytes(8, "big") + each for each in fields)).digest()


def hashes(path: Path, chain: str) -> tuple[list[str], str | None]:
    """Return the hashes of a chain's entries as far as each follows, and what is wrong then."""
    found: list[str] = []
    previous = START
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                entry = json.loads(line)
                seq, expected = entry["seq"], digest_of(chain, entry, previous)
                follows = (entry["previous"], entry["hash"]) == (previous.hex(), expected.hex())
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
                return found, f"entry {number}: is altered, it is none that the system writes"
            if seq != number:
                return found, f"entry {number}: is missing; entry {seq} stands there"
            if not follows:
                return found, f"entry {number}: is altered, it does not follow from what it says"
            found.append(expected.hex())
            previous = expected
    return found, None


def judged(
    chain: Sequence[str], told: Sequence[tuple[int, str, str]], wrong: str | None
) -> str | None:
    """Return what is wrong with a chain first: in itself, or by who was told of it.

    `told` are numbers, hashes and by what they were told.
    """
    vouched = 0
    for seq, expected, source in sorted(told):
        if seq > len(chain):
            if wrong is None:
                return f"entry {len(chain) + 1}: is missing, the chain was cut; {source} has {seq}"
            break
        if chain[seq - 1] != expected:
            first = f"entry {vouched + 1}" + (f" to {seq}" if vouched + 1 < seq else "")
            return f"{first}: was written anew; {source} has entry {seq} otherwise"
        vouched = seq
    return wrong


def verify(
    folder: Path, wanted: str | None, noted: Mapping[int, str], only: str | None = None
) -> list[str]:
    """Return everything that is wrong with the journals of a folder, or with those of one
    jurisdiction `only`; nothing where they hold."""
    try:
        stated = list(checkpoints(folder / "checkpoints", wanted, noted))
    except Found as error:
        return [str(error)]
    told: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for journal, chain, seq, hashed, source in [*marked(stated), *received(folder / "receipts")]:
        if only is None or is_of(chain, only):
            told.setdefault((journal, chain), []).append((seq, hashed, source))
    found: list[str] = []
    for part, chain in sorted(told.keys() | chains_in(folder)):
        path = folder / "journals" / part / f"{quote(chain, safe='')}.jsonl"
        kept, wrong = hashes(path, chain) if path.exists() else ([], None)
        if fault := judged(kept, told.get((part, chain), []), wrong):
            found.append(f"{part}/{chain}: {fault}")
    return found


def is_of(chain: str, code: str) -> bool:
    """Say whether a chain is a jurisdiction's: its name ends with the code, or is an id of version
    8 that begins with the twelve digits of it as a number of 40 bits."""
    if chain.partition(":")[2] == code:
        return True
    digits = chain.replace("-", "")
    begins = f"{int(code.ljust(12, '0')):010x}"
    return len(digits) == 32 and digits[12] == "8" and digits.startswith(begins)


def remarks(folder: Path, wanted: str | None, noted: Mapping[int, str]) -> list[str]:
    """Return what signed texts say of restores and of clocks. That is no fault; what was lost by a
    restore is."""
    try:
        stated = list(checkpoints(folder / "checkpoints", wanted, noted))
    except Found:
        return []
    found = [*moments(stated, datetime.now(UTC))]
    return found + [taken_back(said) for said in stated if said["kind"] == "restoration"]


def moments(stated: Sequence[Json], now: datetime) -> Iterator[str]:
    """Give the checkpoints by which the clock of whoever signed them was wrong, as far as that can
    be seen: of a moment that is to come, or before an earlier one."""
    newest, of = None, 0
    for said in stated:
        number, told = said["number"], said["made_at"]
        moment = datetime.fromisoformat(told)
        if moment > now:
            yield f"checkpoint {number}: says {told}, which is to come: a clock was ahead"
        elif newest is not None and moment < newest:
            yield (
                f"checkpoint {number}: says {told}, before what checkpoint {of} says: "
                "a clock was wrong"
            )
        if newest is None or moment > newest:
            newest, of = moment, number


def marked(stated: Sequence[Json]) -> Iterator[tuple[str, str, int, str, str]]:
    """Give what checkpoints say of entries: journal, chain, number, hash, and who says so."""
    for said in stated:
        for part, marks in said["heads"].items():
            for chain, seq, hashed in marks:
                yield part, chain, seq, hashed, f"checkpoint {said['number']}"


def received(folder: Path) -> Iterator[tuple[str, str, int, str, str]]:
    """Give what receipts say of entries, likewise."""
    for path in sorted(folder.glob("*.json")):
        given = json.loads(path.read_text("utf-8"))
        for each in given if isinstance(given, list) else [given]:
            by = f"the receipt in {path.name}"
            yield each["journal"], each["chain"], each["seq"], each["hash"], by


def taken_back(said: Json) -> str:
    """Return what a checkpoint says of a restore."""
    who, of = " and ".join(said["by"]), ", ".join(said["of"])
    told = f"{of} went back to checkpoint {said['back_to']}, by {who}: {said['reason']}"
    return f"checkpoint {said['number']}: {told}"


def chains_in(folder: Path) -> set[tuple[str, str]]:
    """Return part and chain of every file of entries."""
    files = (folder / "journals").glob("*/*.jsonl")
    return {(each.parent.name, unquote(each.stem)) for each in files}


def with_values(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, an id of a key with its option: one in 64 begins with a hyphen, and
    would be taken for an option itself."""
    found = list[str]()
    for each in arguments:
        if found and found[-1] == "--key":
            found[-1] += f"={each}"
        else:
            found.append(each)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what is named on the command line, and say what was found."""
    parser = argparse.ArgumentParser(prog="verify_journals.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", help="the id of the key that signs checkpoints")
    parser.add_argument("--digest", action="append", default=[], metavar="NUMBER=SHA256")
    parser.add_argument("--of", metavar="CODE", help="the one jurisdiction that FOLDER is of")
    asked = parser.parse_args(with_values(sys.argv[1:] if arguments is None else arguments))
    noted = {int(n): digest for n, _, digest in (each.partition("=") for each in asked.digest)}
    found = verify(asked.folder, asked.key, noted, asked.of)
    for each in [*remarks(asked.folder, asked.key, noted), *found]:
        print(each)
    if not found:
        print("OK")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
