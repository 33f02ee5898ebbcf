"""Archives as files: read member by member, whatever somebody has made of them."""

import hashlib
import io
import json
import tarfile
import tracemalloc

import pytest

from scoring.rules.evidence.archives import (
    FORMAT,
    MOST_OF_A_MANIFEST,
    ArchiveBeyondLimits,
    ArchiveDamaged,
    ArchiveOfAnotherVersion,
    Member,
    opened,
)

pytestmark = pytest.mark.rules
TABLES_OF = {FORMAT: ["ledger"]}
HEAD = {"format": FORMAT, "cycle_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "scheme": "a" * 64}


def block(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT)


def tar(*files: tuple[str, bytes]) -> io.BytesIO:
    whole = b"".join(
        block(name, len(content)) + content + bytes(-len(content) % 512) for name, content in files
    )
    return io.BytesIO(whole + bytes(1024))


def listed(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def read(manifest: bytes, *files: tuple[str, bytes]):
    file = tar(("manifest.json", manifest), *files)
    digest = hashlib.sha256(manifest).hexdigest()
    return opened(file, len(file.getvalue()), digest, TABLES_OF)


LEDGER = ("ledger.ndjson", b"{}\n")


def test_a_long_list_of_contents_is_read_without_being_held():
    """Planted bug: read the manifest at once."""
    contents = [(f"evidence/{hashlib.sha256(b'%d' % n).hexdigest()}", b"%d" % n)
                for n in range(3_000)]  # fmt: skip
    told = HEAD | {"files": [listed(*each) for each in (LEDGER, *contents)]}
    manifest = json.dumps(told, indent=2).encode()
    file, digest = tar(("manifest.json", manifest), LEDGER, *contents), hashlib.sha256(manifest)
    size = len(file.getvalue())
    tracemalloc.start()
    archive = opened(file, size, digest.hexdigest(), TABLES_OF)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(manifest) > 500_000
    assert most < len(manifest)
    assert archive.number == 3_000
    found = [(each.name, b"".join(each.pieces(file)), each.digest) for each in archive.contents()]
    assert found == [(name, content, name[9:]) for name, content in contents]


ITEM = json.dumps(listed(*LEDGER))


@pytest.mark.parametrize(
    "files",
    [
        "[" + "[]," * 900_000 + "[]]",
        "[" * 100_000,
        "[{}]",
        f"[{ITEM},]",
        f"[{ITEM}",
        f"[{ITEM}] x",
        f"[{ITEM}], {{}}",
        "[]",
        f'[{ITEM[:-1]}, "more": "{"x" * 5_000}"}}]',
        f"[{ITEM.replace('ledger.ndjson', '../ledger.ndjson')}]",
        f"[{ITEM.replace('ledger.ndjson', 'ud800'.join(['', chr(92)]))}]",
        f"[{ITEM.replace(': 3', ': true')}]",
        f"[{ITEM.replace(': 3', ': ' + '9' * 800)}]",
        f"[{' ' * 200_000}{ITEM}]",
    ],
)
def test_what_no_archive_lists_is_refused(files):
    """Planted bugs: take a name as it comes; read to the end of a list that has none."""
    head = json.dumps(HEAD)[:-1]
    assert read(f'{head}, "files": [{ITEM}]}}'.encode(), LEDGER).number == 0
    with pytest.raises(ArchiveDamaged):
        read(f'{head}, "files": {files}}}'.encode(), LEDGER)


@pytest.mark.parametrize("name", ["scheme", "cycle_id", "format", "files"])
@pytest.mark.parametrize("told", ["\ud800", "x", None, 1, [], "A" * 64])
def test_a_head_that_no_archive_has_is_refused(name, told):
    whole = HEAD | {"files": [listed(*LEDGER)]} | {name: told}
    with pytest.raises((ArchiveDamaged, ArchiveOfAnotherVersion)):
        read(json.dumps(whole).encode(), LEDGER)


def test_no_manifest_or_line_is_read_beyond_its_limit():
    """Planted bug: look at the length of what was read."""
    too_long = block("manifest.json", MOST_OF_A_MANIFEST + 512)

    class Empty(io.BytesIO):
        def seek(self, at, whence=0):
            return super().seek(min(at, 1024), whence)

    with pytest.raises(ArchiveBeyondLimits):
        opened(Empty(too_long + bytes(1024)), MOST_OF_A_MANIFEST + 5_000, "0" * 64, TABLES_OF)

    class Endless(io.BytesIO):
        def __init__(self):
            self.given = 0

        def seek(self, at, whence=0):
            return at

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(ArchiveBeyondLimits):
        next(Member("ledger.ndjson", 0, 1 << 40, "").lines(endless))
    assert endless.given < 20 << 20
