"""Decoding: linear in the length of the body, and counted before anything is built."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decoding import _STRINGS, MAX_DEPTH, MAX_ITEMS, MAX_KEYS, MAX_VALUES, NotJson, decode

N = 4_900_000

# Each is some ten megabytes, and takes less than a second when every step is linear.
HOSTILE = {
    "escaped quotes in a string left open": rb"""b'{"claims":"' + b'\\"' * N""",
    "the same with half an escape at the end": rb"""b'{"a":"' + b'\\"' * N + b"\\" """,
    "backslashes in a string left open": rb"""b'"' + b"\\\\" * N""",
    "backslashes outside of a string": rb"""b"\\" * N * 2""",
    "quotes and nothing else": rb"""b'"' * N * 2""",
    "empty strings": rb"""b"[" + b'"",' * (N // 2)""",
    "empty lists": rb"""b"[" + b"[]," * (N // 2) + b"1]" """,
    "brackets that open": rb"""b"[" * N * 2""",
    "brackets that close": rb"""b"}" * N * 2""",
    "brackets within a string left open": rb"""b'["' + b"[{" * N""",
    "commas": rb"""b"[" + b"," * N * 2""",
    "colons": rb"""b'{"a"' + b":" * N * 2""",
    "a number of millions of digits": rb"""b"[" + b"9" * N * 2 + b"]" """,
    "a fraction of millions of digits": rb"""b"[0." + b"9" * N * 2 + b"]" """,
    "an exponent of millions of digits": rb"""b"[1e" + b"9" * N * 2 + b"]" """,
    "signs": rb"""b"[" + b"-" * N * 2""",
    "white space": rb"""b"[" + b" \n" * N""",
    "escaped halves of pairs": rb"""b'["' + b"\\u0041" * (N // 3) + b"\\ud800" + b'"]' """,
    "bytes that are no UTF-8": rb"""b'["' + b"\xff" * N""",
    "unknown keys": rb"""b"{" + b",".join(b'"%d":0' % i for i in range(N // 6)) + b"}" """,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_hostile_megabytes_are_refused_in_no_time(name):
    """In a process of its own with a limit of many times what it takes, so that it ends.

    Planted bug: `_STRINGS` that must find the end of a string, and the first takes hours.
    """
    program = (
        "from pathlib import Path\n"
        "from chassis.decoding import NotJson, decode\n"
        f"N = {N}\nbody = {HOSTILE[name].decode()}\n"
        "try:\n    decode(body)\nexcept NotJson:\n    print('refused')\n"
        # Not `ru_maxrss`: Linux lets a child begin with the peak of the process that forked it.
        "status = Path('/proc/self/status')\n"
        "lines = status.read_text().splitlines() if status.exists() else ['VmHWM: 0']\n"
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=90, check=True
    )
    said, peak = done.stdout.split()
    assert said == "refused"
    assert int(peak) < 400_000  # KiB


def _outline(body: bytes) -> bytes:
    """Leave strings out byte by byte, as a scanner does that cannot be wrong."""
    kept, inside, escaped = bytearray(), False, False
    for byte in body:
        if not inside:
            inside = byte == ord('"')
            if not inside:
                kept.append(byte)
        elif escaped:
            escaped = False
        elif byte == ord("\\"):
            escaped = True
        elif byte == ord('"'):
            inside = False
    return bytes(kept)


@given(st.lists(st.sampled_from([b'"', b"\\", b"[", b"]", b",", b"a", b"\n", b"\xe4"])))
def test_what_stands_outside_of_strings_is_found_whatever_the_escapes(pieces):
    body = b"".join(pieces)
    assert _STRINGS.sub(b"", body) == _outline(body)


@pytest.mark.parametrize(
    ("body", "cap"),
    [
        (b"[" * 33, f"deeper than {MAX_DEPTH}"),
        (b"[" + b"1," * MAX_ITEMS + b"1]", f"more than {MAX_ITEMS:,} items"),
        (
            b"{" + b",".join(b'"%d":1' % i for i in range(MAX_KEYS + 1)) + b"}",
            f"more than {MAX_KEYS:,} keys",
        ),
        (b"[" + b"[1,1,1,1,1,1,1,1,1,1,1]," * 19_000 + b"1]", f"More than {MAX_VALUES:,} values"),
        (b"[" + b'"",' * 900_000 + b"1]", f"More than {MAX_VALUES:,} values"),
    ],
)
def test_a_body_out_of_measure_is_refused_by_the_name_of_its_cap(body, cap):
    with pytest.raises(NotJson, match=re.escape(cap)) as refused:
        decode(body)
    assert any(digit in refused.value.detail_zh for digit in "0123456789")


def test_what_is_just_within_measure_is_decoded():
    row = b'{"unit":"U","token":"\\"[{,","outcome":"o","answer":1.50,"group":"g"}'
    assert len(decode(b"[" + b",".join([row] * MAX_ITEMS) + b"]")) == MAX_ITEMS
    keys = b"{" + b",".join(b'"%d":1' % i for i in range(MAX_KEYS)) + b"}"
    assert len(decode(keys)) == MAX_KEYS
    assert decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
