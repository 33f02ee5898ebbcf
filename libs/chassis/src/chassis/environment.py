"""Settings that are read before a service has read its own, by the same spelling of their names."""

import os


def told(name: str) -> str | None:
    """Return what the environment says of a setting, its name in capitals or not; None where it is
    not there.

    Settings of a service are read so, too: what it checked is what it serves by.
    """
    for known, value in os.environ.items():
        if known.upper() == name.upper():
            return value
    return None
