"""What stands against a backup or a restore, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

from kaoping.faults import KaopingFault


class BackupFault(KaopingFault):
    """A backup that cannot be made, is not what was made, or cannot be restored here."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@contextmanager
def told_in(*, chinese: bool) -> Iterator[None]:
    """Tell faults of backups in this language."""
    try:
        yield
    except BackupFault as fault:
        raise (BackupFault(fault.zh, fault.zh) if chinese else fault) from None
