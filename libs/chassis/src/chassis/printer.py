"""The process that sets one document: a template and its data come in, a PDF or a PNG goes out.

It imports nothing of ours, so that it starts in little time and holds no secret.
"""

import json
import resource
import sys
from pathlib import Path

NOT_INSTALLED, TOO_LONG, FAILED = 3, 4, 5
"""How it ends where there is no PDF."""

_DOTS = 200.0
"""Dots an inch of a picture."""

LIMITS = {
    resource.RLIMIT_AS: 3 << 30,
    resource.RLIMIT_CPU: 25,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
"""What the system lets it have: bytes of addresses, seconds, bytes of files, of a core dump."""


def main() -> int:
    """Set what stands on the standard input, and say how that ended."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    told = json.load(sys.stdin.buffer)
    try:
        # Here, because neither needs to be installed.
        import pylopdf_fonts_zh_cn as fonts
        import typst
    except ImportError:
        return NOT_INSTALLED
    folder = str(Path(fonts.__file__).parent)
    try:
        content = typst.compile(
            told["template"].encode(),
            # A template reads no file; if it did, it would find fonts.
            root=folder,
            package_path=folder,
            package_cache_path=folder,
            font_paths=[folder],
            ignore_system_fonts=True,
            sys_inputs=told["inputs"],
            timestamp=told["at"],
            format=told["format"],
            ppi=_DOTS if told["format"] == "png" else None,
        )
    except typst.TypstError as error:
        return TOO_LONG if "too many pages" in str(error) else FAILED
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
