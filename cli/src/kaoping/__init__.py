"""The command line: runs the system, and speaks its API as a client."""

import sys

# httpx brings a command of its own wherever rich and click are installed, and imports both for
# it, with Pygments: a third of what a start imports. Python's own way to say that there is none.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
