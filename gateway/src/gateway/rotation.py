"""`python -m gateway.rotation`: make a new signing key; the old ones stay published."""

import sys

from gateway import keys
from gateway.settings import Settings


def main() -> None:
    """Make the key and say its id."""
    settings = Settings()
    kid = keys.create(settings.keys_dir, settings.algorithm)
    sys.stdout.write(f"{kid}\n")


if __name__ == "__main__":
    main()
