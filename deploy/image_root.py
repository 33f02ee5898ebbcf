"""What an image is made of: `python3 deploy/image_root.py FOLDER`, in the stage that builds it.

A list of what is allowed, and nothing else of the image that it was built in: Python with its
standard library, the libraries that it and the packages in /app load, certificates, time zones.
So there is no shell, no compiler, no package manager and no pip in what runs.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

APP = Path("/app")
OWNER = 10001
FOLDERS = (Path("var/lib/kaoping"), Path("var/lib/checkpoints"))
"""Where the gateway keeps its signing keys, and a part what lasts; a volume that is mounted there
takes over the owner."""

ALWAYS = (
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/usr/lib/ssl",
)
NEEDED = ("/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo")
"""Without these nothing is built: schemes name a time zone, and other systems certificates."""

LEFT_OUT = shutil.ignore_patterns(
    *("__pycache__", "site-packages", "dist-packages", "ensurepip", "idlelib", "lib2to3"),
    *("test", "tests", "tkinter", "turtledemo", "turtle.py", "pydoc_data", "config-*", "_test*"),
)
SOURCES = shutil.ignore_patterns("tests", "*.pyi", "*.pyx", "*.pxd", "*.c", "*.h")
"""What packages bring for who builds upon them or tests them."""

LOADED = re.compile(r"(?:=> )?(/\S+) \(0x")


LIBRARY = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))


def python() -> Iterator[Path]:
    """Yield what runs a program: the interpreter, by the name that /app has for it too, and its
    standard library."""
    yield Path(sys.executable).resolve()
    yield Path(sys.executable).parent.joinpath(Path(sys.executable).readlink())
    yield LIBRARY


def loaded_by(trees: Iterable[Path]) -> set[Path]:
    """Return the libraries of the system that what is compiled below `trees` loads."""
    trees = [*trees]
    compiled = {path for tree in trees for path in (tree.rglob("*.so*"), [tree]) for path in path}
    files = [str(path) for path in compiled if path.is_file() and not path.is_symlink()]
    # What is no library at all is told as such on the other channel.
    told = subprocess.run(["ldd", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = {Path(each) for each in LOADED.findall(told.stdout.decode())}
    return {path for path in found if not any(path.is_relative_to(tree) for tree in trees)}


def keep(path: Path, root: Path) -> None:
    """Copy a file or folder to the same place below `root`, with the links that lead to it."""
    place = root / path.relative_to("/")
    if os.path.lexists(place):
        return
    for folder in reversed(path.parents[:-1]):
        _keep_folder(folder, root)
    if path.is_symlink():
        place.symlink_to(path.readlink())
        keep(path.parent.joinpath(path.readlink()).resolve(), root)
    elif path.is_dir():
        shutil.copytree(path, place, symlinks=True, ignore=LEFT_OUT)
    elif path.is_file():
        shutil.copy2(path, place)


def _keep_folder(folder: Path, root: Path) -> None:
    place = root / folder.relative_to("/")
    if os.path.lexists(place):
        return
    if folder.is_symlink():  # such as /lib
        place.symlink_to(folder.readlink())
        folder = folder.resolve()
        place = root / folder.relative_to("/")
    place.mkdir(parents=True, exist_ok=True)


def folders(root: Path) -> None:
    """Make the folders that are written to, with the modes that they need.

    Podman gives a tmpfs the mode that the image has there, whatever the composition says.
    """
    temporary = root / "tmp"
    temporary.mkdir()
    temporary.chmod(0o1777)  # the mode of `mkdir` is less what the builder's mask takes away
    for folder in FOLDERS:
        (root / folder).mkdir(mode=0o700, parents=True)
        os.chown(root / folder, OWNER, OWNER)


def main(root: Path) -> None:
    """Put together in `root` what an image holds."""
    if missing := [path for path in NEEDED if not Path(path).exists()]:
        sys.exit(f"the image to begin from has no {' and no '.join(missing)}")
    root.mkdir()
    trees = [*python()]
    for path in [*trees, *sorted(loaded_by([*trees, APP])), *map(Path, (*NEEDED, *ALWAYS))]:
        if path.exists():
            keep(path, root)
    shutil.copytree(APP, root / APP.relative_to("/"), symlinks=True, ignore=SOURCES)
    folders(root)
    subprocess.run(["ldconfig", "-r", str(root)], check=True)
    # Nobody may write it later: a start would compile all of it again.
    library = root / LIBRARY.relative_to("/")
    where = ["-s", str(root), "-p", "/", str(library)]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *where], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
