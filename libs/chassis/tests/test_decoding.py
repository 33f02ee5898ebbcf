"""Decoding: linear in the length of the body, and counted before anything is built."""

import json
import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis.decoding import (
    _NOT_SEEN,
    _STRINGS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_VALUES,
    NotJson,
    _sound,
    _step_by_step,
    decode,
)

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
        (
            b"[" + b"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]," * 19_000 + b"1]",
            f"More than {MAX_VALUES:,} values",
        ),
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


def outcome(read, body):
    """Return what a reader makes of a body: the value, digit for digit, or the words of refusal."""
    try:
        value = read(body)
    except NotJson as refusal:
        return refusal.detail_en, refusal.detail_zh
    return repr(value)


NUMBERS = st.sampled_from(
    ["0", "-0", "1.50", "1e5", "0.1", "-1E-7", "1e41", "18446744073709551616", "9" * 40, "9" * 41,
     "01", "NaN", "-Infinity", "1.", "1e400"]
)  # fmt: skip
TEXTS = st.sampled_from(
    ['""', '"a"', '"b"', '"a:b"', '"12:30"', '"\\u0061"', '"\\u003a"', '"\\u0000"', '"\\ud800"',
     '"\\ud83d\\ude00"', '"\\\\u0000"', '"\\"a"', '"时间：十"', '"\x7f"', '"\\n"', '"\t"']
)  # fmt: skip
JSON = st.recursive(
    NUMBERS | TEXTS | st.sampled_from(["null", "true", "false", "[]", "{}", " 1", "\x0b"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(TEXTS, inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f"{key}: {item}" for key, item in pairs) + "}"
        )
    ),
    max_leaves=8,
)


@given(JSON.map(str.encode), st.integers(0, 40), st.sampled_from([b"", b"\xff", b"}", b":", b'"']))
@example(b'{"a":1,"a":":"}', 0, b"")
@example(b'{"a:":1,"a:":2}', 0, b"")
@example(b'[{"a":1},{"a":2,"\\u0061":3}]', 0, b"")
@example(b"\xef\xbb\xbf{}", 0, b"")
def test_the_fast_reader_takes_nothing_that_the_exact_one_refuses_or_reads_otherwise(
    body, at, spoiling
):
    """Planted bugs: count no colons; count those of values only; let `float` pass; let NUL pass."""
    if spoiling:
        body = body[:at] + spoiling + body[at:]
    exact = outcome(_step_by_step, body)
    assert outcome(decode, body) == exact
    try:
        taken = _sound(body)
    except NotJson:
        return
    assert taken is _NOT_SEEN or repr(taken) == exact


def test_usual_bodies_are_read_fast():
    """Otherwise all of the above would hold and nothing be gained.

    Planted bug: count the colons of keys alone.
    """
    row = {"unit": "U", "note": "于 12:30 开始", "value": 1.5, "more": [None, True, {"a": -1}]}
    for body in ({"entries": [row] * 3}, [{"a:b": 1}], {}, {"text": '文 "x" \\ \n'}):
        for ensure_ascii in (False, True):
            raw = json.dumps(body, ensure_ascii=ensure_ascii).encode()
            assert _sound(raw) is not _NOT_SEEN


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("inner", ["1", "[]"])
def test_the_fast_reader_counts_levels_as_the_exact_one_does(depth, opening, closing, inner):
    """Planted bug: `len(self.levels) > MAX_DEPTH + 1`."""
    body = (opening * depth + inner + closing * depth).encode()
    assert outcome(decode, body) == outcome(_step_by_step, body)
    is_deep = depth + (inner == "[]") > MAX_DEPTH
    assert (_sound(body) is _NOT_SEEN) == is_deep


@pytest.mark.parametrize("more", [0, 1])
def test_the_fast_reader_counts_items_and_keys_as_the_exact_one_does(more):
    """Planted bug: hold one limit for both."""
    for body in ([0] * (MAX_ITEMS + more), dict.fromkeys(map(str, range(MAX_KEYS + more)))):
        raw = json.dumps(body).encode()
        assert outcome(decode, raw) == outcome(_step_by_step, raw)
        assert (_sound(raw) is _NOT_SEEN) == bool(more)
