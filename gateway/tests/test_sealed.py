"""What is sealed opens only with its key, for its purpose and for what it belongs to."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.sealed import Sealer, ensured

KEY = bytes(range(32))


def test_what_was_sealed_opens_again_for_the_same_thing_alone() -> None:
    """Planted bug: `about` is not given to the cipher."""
    sealer = Sealer(KEY, "cursors")
    sealed = sealer.seal(b"positions", b"xq08")
    assert sealer.open(sealed, b"xq08") == b"positions"
    assert sealer.open(sealed, b"xq09") is None
    assert Sealer(KEY, "second factors").open(sealed, b"xq08") is None
    assert Sealer(bytes(32), "cursors").open(sealed, b"xq08") is None


def test_what_was_altered_or_spelled_otherwise_does_not_open() -> None:
    """Planted bug: the text is not compared with its one spelling."""
    sealer = Sealer(KEY, "cursors")
    sealed = sealer.seal(b"positions")
    for at in range(len(sealed)):
        for other in ("A", "B", "-", "é", ""):
            if other != sealed[at]:
                assert sealer.open(sealed[:at] + other + sealed[at + 1 :]) is None
    for spelled in ("", "=", sealed + "=", sealed + "\n", " " + sealed, "é", sealed[:10]):
        assert sealer.open(spelled) is None


def test_names_are_the_same_for_a_thing_and_others_for_others() -> None:
    one, other = Sealer(KEY, "events"), Sealer(KEY, "cursors")
    assert one.name(b"a 1") == one.name(b"a 1") != one.name(b"a 2")
    assert one.name(b"a 1") != other.name(b"a 1")


def test_of_several_that_start_at_once_one_makes_the_key(tmp_path: Path) -> None:
    (tmp_path / "sealing.half").write_bytes(b"of somebody who was killed")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(ensured, [tmp_path] * 32))
    assert len(keys) == 1
    assert (tmp_path / "sealing.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "sealing.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="does not hold"):
        ensured(tmp_path)
