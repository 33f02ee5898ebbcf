"""What is said of a process by its figures, in both languages."""

import time

from kaoping.status import Told, figures


def told(text: str) -> Told:
    return Told("gateway", figures(text))


def test_what_went_well_long_ago_is_not_said_to_go_well_since() -> None:
    """Planted bug: the Chinese sentence says that it has succeeded since then."""
    at = time.mktime((2026, 1, 2, 3, 4, 0, 0, 0, -1))
    last = told(f'kaoping_last_success_timestamp_seconds{{what="backup"}} {at}')
    assert last.lacks(chinese=False) == ["no backup since 2026-01-02 03:04"]
    assert last.lacks(chinese=True) == ["backup 自 2026-01-02 03:04 起未再成功"]
    never = told('kaoping_last_success_timestamp_seconds{what="backup"} 0')
    assert never.lacks(chinese=True) == ["backup 从未成功"]
