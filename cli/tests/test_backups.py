"""Backups of a running system: sealed, held against what they say, and restored."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.checkpoints import read_all
from chassis.suites import named
from kaoping.backups import checking, folders, manifest
from kaoping.backups.faults import BackupFault
from kaoping.backups.making import make
from kaoping.backups.manifest import PARTS, chosen
from kaoping.backups.restoring import Said, restore
from kaoping.backups.sealing import Key, Opener, Sealer, require_apart
from kaoping.system import System

SAID = Said("the disk failed", ("Zhang San", "Li Si"))
PIECE = 1 << 20


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return Key.draw(tmp_path_factory.mktemp("safe") / "backup.key")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with System.temporary() as running:
        yield running


@pytest.fixture(scope="module")
def place(system: System, key: Key, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = system.directory / "evidence/ab/cd"
    folder.mkdir(parents=True)
    (folder / "abcd").write_bytes(os.urandom(3 * PIECE))
    found = tmp_path_factory.mktemp("backups")
    make(found, system.directory, key)
    return found


@pytest.fixture
def backup(place: Path, tmp_path: Path) -> Path:
    """A copy, to be altered."""
    one = chosen(place)
    return Path(shutil.copytree(one, tmp_path / "backups" / one.name))


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    for each in tmp_path.glob("var*"):
        System(each).remove()


def sealed(key: Key, data: bytes, part: str = "evidence") -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key, part)
    for begin in range(0, len(data), 300_000):
        sealer.write(data[begin : begin + 300_000])
    sealer.finish()
    return file.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_what_is_sealed_is_opened_by_its_key_alone(key: Key, tmp_path: Path, size: int) -> None:
    """Planted bug: the key of a part is derived without its name."""
    data = os.urandom(size)
    text = sealed(key, data)
    assert Opener(io.BytesIO(text), key, "evidence").read() == data
    other = Key.draw(tmp_path / "other.key")
    for opened_by, part in ((other, "evidence"), (key, "secrets")):
        with pytest.raises(BackupFault, match="not as it was sealed"):
            Opener(io.BytesIO(text), opened_by, part).read()


@pytest.mark.parametrize("suites", [("sm", "international"), ("international", "sm")])
def test_a_backup_of_one_suite_is_opened_where_the_other_is_set(
    tmp_path: Path, suites: tuple[str, str]
) -> None:
    """Planted bugs: the setting opens, and not the first line; a seal of SM3 is not told apart."""
    secret = os.urandom(32)
    made, opened = (Key(secret, named(each)) for each in suites)
    data = os.urandom(2 * PIECE)
    text = sealed(made, data)
    assert text.startswith(b"kaoping-sealed/2" if suites[0] == "sm" else b"kaoping-sealed/1")
    assert Opener(io.BytesIO(text), opened, "evidence").read() == data
    other = text.replace(b"sealed/2", b"sealed/x").replace(b"sealed/1", b"sealed/2")
    with pytest.raises(BackupFault, match="not as it was sealed"):
        Opener(io.BytesIO(other.replace(b"sealed/x", b"sealed/1")), opened, "evidence").read()
    seal = made.seal_of(b"manifest")
    assert seal.startswith("sm3:") == (suites[0] == "sm")
    assert opened.has_sealed(b"manifest", seal)
    assert not opened.has_sealed(b"manifests", seal)
    assert not Key(bytes(32), opened.suite).has_sealed(b"manifest", seal)


def test_no_piece_is_changed_left_out_exchanged_or_cut_off(key: Key) -> None:
    """Planted bug: a text without any piece is taken for an empty one."""
    text = sealed(key, os.urandom(3 * PIECE))
    head, piece = 17 + 32, PIECE + 16
    first, second, third = (text[head + n * piece : head + (n + 1) * piece] for n in range(3))
    end = text[head + 3 * piece :]
    flipped = bytearray(text)
    flipped[len(text) // 2] ^= 1
    for altered in (
        bytes(flipped),
        text[:head] + second + first + third + end,
        text[:head] + first + third + second + end,
        text[:head] + first + third + end,
        text[:head] + first,
        text[:head],
        text[:20],
        text + b"x",
    ):
        with pytest.raises(BackupFault, match="evidence: it is not as it was sealed"):
            Opener(io.BytesIO(altered), key, "evidence").read()


def test_a_key_is_kept_apart_and_private(tmp_path: Path) -> None:
    """Planted bug: a key that others can read is taken."""
    file = tmp_path / "safe" / "key"
    with pytest.raises(BackupFault, match="--new-key"):
        Key.read(file)
    file.parent.mkdir()
    Key.draw(file)
    with pytest.raises(BackupFault, match="is there already"):
        Key.draw(file)
    with pytest.raises(BackupFault, match="elsewhere than in"):
        require_apart(file, [tmp_path / "backups", tmp_path])
    require_apart(file, [tmp_path / "backups"])
    file.chmod(0o640)
    with pytest.raises(BackupFault, match="chmod 600"):
        Key.read(file)
    file.chmod(0o600)
    file.write_text("c2hvcnQ=")
    with pytest.raises(BackupFault, match="no key of 32 bytes"):
        Key.read(file)


def test_a_backup_tells_nothing_without_its_key(place: Path, system: System, key: Key) -> None:
    """Planted bug: the part with the journals' heads is written as it is."""
    one, secret = chosen(place), system.administrator.secret.encode()
    whole = {each.name: each.read_bytes() for each in one.iterdir()}
    assert sorted(whole) == sorted((*PARTS, "manifest.json"))
    evidence = (system.directory / "evidence/ab/cd/abcd").read_bytes()
    for text in whole.values():
        assert secret not in text
        assert evidence[:64] not in text
        assert b"accounts" not in text  # a chain of the gateway's journal
    about = checking.about(one, key)
    assert set(about["heads"]) == {"gateway", "indicators", "ranking", "scoring", "survey"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (one, place))


def test_a_backup_agrees_with_itself_with_and_without_the_key(place: Path, key: Key) -> None:
    one = chosen(place)
    assert checking.compared(one, None) == checking.compared(one, key)


@pytest.mark.parametrize("part", PARTS)
def test_a_flipped_byte_is_refused_by_the_name_of_its_part(
    backup: Path, var: Path, key: Key, part: str
) -> None:
    """Planted bug: the parts are compared by their sizes."""
    file = backup / part
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 1
    file.write_bytes(text)
    for opened_by in (None, key):
        with pytest.raises(BackupFault, match=f"/{part}: it is not what was backed up"):
            checking.compared(backup, opened_by)
    with pytest.raises(BackupFault, match=f"/{part}: it is not what was backed up"):
        restore(backup, var, key, SAID)
    assert not var.exists()


def test_who_alters_a_part_and_the_manifest_with_it_has_not_the_key(
    backup: Path, var: Path, key: Key
) -> None:
    """Planted bug: the seal of the manifest is not looked at."""
    file = backup / "manifest.json"
    said = json.loads(file.read_text())
    for field, value in (("made_at", "2020-01-01T00:00:00+00:00"), ("revisions", {"scoring": "1"})):
        file.write_text(json.dumps({**said, field: value}))
        checking.compared(backup, None)
        with pytest.raises(BackupFault, match="not as it was written"):
            restore(backup, var, key, SAID)
    file.unlink()
    with pytest.raises(BackupFault, match="no manifest of a backup"):
        manifest.read(backup, key)


def test_another_key_a_newer_version_and_a_missing_part_are_named(
    backup: Path, var: Path, key: Key, tmp_path: Path
) -> None:
    """Planted bug: an unknown revision is met when the databases are started."""
    other = Key.draw(tmp_path / "other.key")
    with pytest.raises(BackupFault, match=f"key {key.name} opens it, and this is {other.name}"):
        restore(backup, var, other, SAID)
    said = manifest.read(backup, key)
    for changed, told in (
        ({"revisions": {**said.revisions, "scoring": "9999"}}, "scoring was at revision 9999"),
        ({"postgres": "99.1"}, "made by PostgreSQL 99.1"),
    ):
        manifest.Manifest(**{**vars(said), **changed}).write(backup, key)
        with pytest.raises(BackupFault, match=told):
            restore(backup, var, key, SAID)
    said.write(backup, key)
    file = backup / "manifest.json"
    file.write_text(file.read_text().replace("kaoping-backup/1", "kaoping-backup/2"))
    with pytest.raises(BackupFault, match="its format is kaoping-backup/2"):
        restore(backup, var, key, SAID)
    said.write(backup, key)
    (backup / "evidence").unlink()
    with pytest.raises(BackupFault, match="evidence: it is missing"):
        restore(backup, var, key, SAID)
    assert not var.exists()


def test_one_person_alone_restores_nothing(place: Path, var: Path, key: Key) -> None:
    """Planted bug: names are compared as they were written."""
    alone = [("A",), ("A", " a "), ("A", "Ａ"), ("A", "A\u200b"), ("A", " ")]
    for reason, by in (*(("why", each) for each in alone), (" ", ("A", "B"))):
        with pytest.raises(BackupFault, match="two people: --by"):
            restore(chosen(place), var, key, Said(reason, by))


def test_what_is_there_is_kept_beside(place: Path, var: Path, system: System, key: Key) -> None:
    """Planted bug: what is replaced is removed; the file rights of keys are not restored."""
    first = restore(chosen(place), var, key, SAID)
    assert (first.back_to, first.of, first.aside) == (0, 0, None)
    [said] = read_all(var / "checkpoints")
    assert (said.kind, said.reason, tuple(said.by)) == ("restoration", SAID.reason, SAID.by)
    for name in ("keys", "evidence", "administrator.secret"):
        for path in [system.directory / name, *(system.directory / name).rglob("*")]:
            ours = var / path.relative_to(system.directory)
            assert ours.stat().st_mode == path.stat().st_mode
            assert path.is_dir() or ours.read_bytes() == path.read_bytes()
    with pytest.raises(BackupFault, match="--replace keeps it aside"):
        restore(chosen(place), var, key, SAID)
    again = restore(chosen(place), var, key, SAID, replace=True)
    assert again.aside is not None
    assert len(read_all(again.aside / "checkpoints")) == 1
    assert len(read_all(var / "checkpoints")) == 2  # the one made since stays in the row
    assert [each.name for each in var.parent.glob("var.restoring*")] == []
    with System(var).alone(), System(again.aside).alone():
        for each in (System(var).postgres, System(again.aside).postgres):
            with each:
                assert each.running


def test_only_the_newest_stay_and_what_was_interrupted_goes(
    backup: Path, system: System, key: Key
) -> None:
    """Planted bug: the oldest stay."""
    place = backup.parent
    for year in (2021, 2022):
        shutil.copytree(backup, place / f"{year}0101T000000Z")
    (place / "20230101T000000Z.partial").mkdir()
    (place / "notes").mkdir()
    made = make(place, system.directory, key, keep=2)
    assert sorted(each.name for each in place.iterdir()) == sorted(
        [backup.name, made.name, "notes"]
    )
    checking.compared(made, key)


# Each command in a process of its own, forked from one that has imported what the first of them
# needs: that takes a second each time.
EACH = """
import json, os, sys
from contextlib import redirect_stderr, suppress
from kaoping.app import main
asked = json.loads(sys.argv[1])
with suppress(SystemExit), open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
    sys.argv[1:] = asked[0]
    main()
for n, arguments in enumerate(asked):
    if not os.fork():
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{n}.{name}", os.O_CREAT | os.O_WRONLY), number)
        sys.argv[1:] = arguments
        sys.exit(main())
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


def test_the_commands_say_what_is_wrong_in_both_languages(tmp_path: Path) -> None:
    """Planted bugs: Chinese is told in English; a backup goes into what `reset` deletes."""
    (tmp_path / "there").mkdir(0o700)
    (tmp_path / "short").write_text("c2hvcnQ=")
    (tmp_path / "short").chmod(0o600)
    asked = (
        (["backup", "b"], "a backup takes a --key"),
        (["backup", "b", "--language", "zh"], "备份须指定 --key"),
        (["backup", "b", "--key", "k", "--language", "zh"], "没有可用的密钥（文件不存在）"),
        (["backup", "b", "--key", "there", "--language", "zh"], "（是文件夹）"),
        (["backup", "b", "--key", "short", "--language", "zh"], "（不是 32 字节的密钥）"),
        (["backup", "var/b", "--key", "k", "--new-key"], "backups elsewhere than in var"),
        (["backup", "var/b", "--key", "k", "--language", "zh"], "备份不得存放在 var 中"),
        (["up", "--archive", "var/b", "--key", "short"], "keep backups elsewhere than in"),
        (["journals", "there", "--gateway", "http://x", "--language", "zh"], "there 已存在"),
        (["up", "--archive", "b"], "an archive takes a --key"),
        (["up", "--archive", "b", "--language", "zh"], "归档须指定 --key"),
        (["backup", "b", "--check"], "there is no backup in b"),
        (["backup", "b", "--key", "b/k", "--new-key"], "keep the key elsewhere"),
        (["backup", "b", "--key", "k", "--new-key"], "there is no system in var"),
    )
    command = [sys.executable, "-c", EACH, json.dumps([arguments for arguments, _ in asked])]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"] * len(asked)
    for n, (_, told) in enumerate(asked):
        assert (tmp_path / f"{n}.out").read_text() == ""
        assert told in (tmp_path / f"{n}.err").read_text()


def test_a_link_is_not_packed(tmp_path: Path) -> None:
    """Planted bug: links are followed."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "outside").write_text("outside")
    (tmp_path / "keys/link").symlink_to(tmp_path / "outside")
    with pytest.raises(BackupFault, match="keys/link: it is neither file nor folder"):
        folders.pack(tmp_path, ["keys"], io.BytesIO())
